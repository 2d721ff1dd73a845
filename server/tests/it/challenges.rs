//! Challenging a point that the evaluation missed, and saying whether one was made.

use tonic::{Code, Status};
use viva_proto::v1::{
    self, AssessPointRequest, ChallengePointRequest, ChallengePointResponse, SelfAssessment,
};

use crate::{
    own_account::export,
    real_mode::real,
    support::{Person, TestServer, fields, reason},
};

const BEGINNING: &str = "I would measure it first and then decide.";

pub(crate) async fn challenge(
    person: &Person,
    answer_id: i64,
    point_number: i32,
    words: &str,
) -> Result<ChallengePointResponse, Status> {
    let request = ChallengePointRequest { answer_id, point_number, words: words.into() };
    Ok(person.answers().challenge_point(person.ask(request)).await?.into_inner())
}

async fn assess(
    person: &Person,
    answer_id: i64,
    point_number: i32,
    said: SelfAssessment,
) -> Result<v1::Answer, Status> {
    let self_assessment = said.into();
    let request = AssessPointRequest { answer_id, point_number, self_assessment };
    let reply = person.answers().assess_point(person.ask(request)).await?.into_inner();
    Ok(reply.answer.unwrap())
}

fn points(answer: &v1::Answer) -> Vec<v1::KeyPointResult> {
    answer.evaluation.clone().unwrap().key_points
}

/// An answer that makes the first point of its question in words that the first reading overlooks.
async fn overlooked(person: &Person) -> (v1::Interview, v1::Answer, String) {
    let made = person.create("Backend engineer", 1).await;
    person.submit(&made, 0, BEGINNING).await.unwrap();
    let point = points(&person.settled(made.id).await[0])[0].point.clone();
    let text = format!("{BEGINNING}\n[overlook]\n{point}");
    person.submit(&made, 0, &text).await.unwrap();
    let answer = person.settled(made.id).await.remove(0);
    assert!(points(&answer)[0].coverage() <= 0.0);
    (made, answer, point)
}

async fn file(person: &Person, interview_id: i64) -> String {
    let request = person.ask(v1::ExportReportRequest { interview_id, format: 1 });
    let file = person.reports().export_report(request).await.unwrap().into_inner();
    String::from_utf8(file.content).unwrap()
}

#[tokio::test]
async fn an_upheld_challenge_shows_both_readings_and_the_score_follows() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let (made, before, point) = overlooked(&ada).await;
    let refused = challenge(&ada, before.id, 1, BEGINNING).await.unwrap();
    assert!(!refused.challenge.clone().unwrap().upheld, "{refused:?}");
    assert_eq!(
        refused.answer.unwrap().evaluation.unwrap().scores,
        before.evaluation.clone().unwrap().scores
    );

    let upheld = challenge(&ada, before.id, 1, &point.replace(' ', "  ")).await.unwrap();
    let kept = upheld.challenge.clone().unwrap();
    assert!(kept.upheld && kept.completeness_after > kept.completeness_before, "{kept:?}");
    assert!(point.contains(&kept.words), "the answer's own words");
    let (first, second) = (kept.first.clone().unwrap(), kept.second.clone().unwrap());
    assert_eq!((first.coverage(), first.evidence.as_str()), (0.0, ""));
    assert!(second.coverage() > 0.0 && before.answer_text.contains(&second.evidence));
    let after = upheld.answer.clone().unwrap();
    assert_eq!(after.answer_text, before.answer_text);
    assert_eq!(points(&after)[0].challenges.len(), 2);
    assert_eq!(points(&after)[1..], points(&before)[1..]);
    let (was, is) = (before.evaluation.unwrap().scores.unwrap(), after.evaluation.clone().unwrap());
    assert_eq!(is.scores.unwrap().correctness, was.correctness);
    assert!(is.provenance.unwrap().note.contains("You challenged a point: completeness rose"));

    // Everything that shows a score shows the new one.
    assert_eq!(ada.status(before.id).await.unwrap(), after);
    let report = ada.report(made.id).await.unwrap();
    assert_eq!(report.questions[0].answer.clone().unwrap(), after);
    let listed = ada.ask(v1::ListInterviewsRequest::default());
    let listed = ada.interviews().list_interviews(listed).await.unwrap().into_inner();
    assert_eq!(listed.interviews[0].progress.unwrap().overall_score, report.overall_score);
    let again = challenge(&ada, before.id, 1, &point).await.unwrap();
    assert_eq!(again.challenge, upheld.challenge, "the same words return what is stored");
    let markdown = file(&ada, made.id).await;
    assert!(markdown.contains("Completeness rose from"), "{markdown}");
    let (document, _) = export(&ada).await;
    assert!(document.contains("\"upheld\":true"), "{document}");
}

#[tokio::test]
async fn a_challenge_that_cannot_be_decided_is_refused_with_its_reason() {
    let server = TestServer::start().await;
    let (ada, bob) = (server.sign_up("ada").await, server.sign_up("bob").await);
    let (made, answer, point) = overlooked(&ada).await;
    let id = answer.id;
    let refused =
        async |number: i32, words: &str| challenge(&ada, id, number, words).await.unwrap_err();
    assert_eq!(fields(&refused(1, "never said at all").await), ["words"]);
    assert_eq!(fields(&refused(99, BEGINNING).await), ["point_number"]);
    assert_eq!(fields(&refused(0, "\0").await), ["point_number", "words"]);
    assert_eq!(reason(&challenge(&ada, 4711, 1, "it").await.unwrap_err()), "ANSWER_NOT_FOUND");
    assert_eq!(reason(&challenge(&bob, id, 1, "it").await.unwrap_err()), "ACCESS_DENIED");

    // Some other words each time, as somebody would try them.
    let words =
        ["I would measure", "measure it first", "and then decide", "first and then", "it first"];
    for words in words {
        assert!(!challenge(&ada, id, 1, words).await.unwrap().challenge.unwrap().upheld, "{words}");
    }
    let full = refused(1, &point).await;
    assert_eq!(
        (full.code(), reason(&full).as_str()),
        (Code::FailedPrecondition, "CHALLENGE_LIMIT")
    );
    let known = challenge(&ada, id, 1, "it first").await.unwrap();
    assert!(known.challenge.is_some(), "a stored one can still be read");

    let failed = ada.submit(&made, 0, "[fail] this one").await.unwrap();
    ada.settled(made.id).await;
    assert_eq!(reason(&challenge(&ada, failed, 1, "this one").await.unwrap_err()), "NO_EVALUATION");
    let exam = real(&ada, 2).await;
    let held = ada.submit(&exam, 0, BEGINNING).await.unwrap();
    assert_eq!(
        reason(&challenge(&ada, held, 1, BEGINNING).await.unwrap_err()),
        "FEEDBACK_WITHHELD"
    );
    let said = assess(&ada, held, 1, SelfAssessment::Yes).await.unwrap_err();
    assert_eq!(reason(&said), "FEEDBACK_WITHHELD");
}

#[tokio::test]
async fn a_point_that_was_made_is_neither_challenged_nor_asked_about() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let (made, answer, _) = overlooked(&ada).await;
    let sure = assess(&ada, answer.id, 1, SelfAssessment::Yes).await.unwrap_err();
    assert_eq!(reason(&sure), "POINT_CERTAIN", "a missed point is challenged");
    let reference = answer.evaluation.unwrap().reference_answer;
    ada.submit(&made, 0, &reference).await.unwrap();
    let full = ada.settled(made.id).await.remove(0);
    let place = points(&full).iter().position(|found| found.coverage() > 0.99).unwrap();
    let number = i32::try_from(place + 1).unwrap();
    let words: Vec<&str> = reference.split_whitespace().take(4).collect();
    let refused = challenge(&ada, full.id, number, &words.join(" ")).await.unwrap_err();
    assert_eq!(reason(&refused), "POINT_MADE");
}

#[tokio::test]
async fn what_you_say_about_an_uncertain_point_is_shown_as_yours_and_changes_no_score() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = ada.create("Backend engineer", 1).await;
    let id = ada.submit(&made, 0, BEGINNING).await.unwrap();
    ada.settled(made.id).await;
    // Makes the grader unsure, whichever question was drawn.
    let file = server.folder.path().join("viva.db");
    let unsure = "UPDATE evaluations SET details = json_set(details,
        '$.key_points[0].coverage', 1.0, '$.key_points[0].confidence', 0.6,
        '$.key_points[0].evidence', 'measure it first')";
    crate::support::database::run(&file, unsure).await;
    let before = ada.status(id).await.unwrap();
    for said in [SelfAssessment::Yes, SelfAssessment::No, SelfAssessment::Partly] {
        let after = assess(&ada, id, 1, said).await.unwrap();
        assert_eq!(points(&after)[0].self_assessment(), said);
        assert_eq!(
            after.evaluation.clone().unwrap().scores,
            before.evaluation.clone().unwrap().scores
        );
        assert_eq!(ada.status(id).await.unwrap(), after);
    }
    assert!(self::file(&ada, made.id).await.contains("You say that you made it: partly."));
    assert!(export(&ada).await.0.contains("\"self_assessment\":\"partly\""));
    let back = assess(&ada, id, 1, SelfAssessment::Unspecified).await.unwrap();
    assert_eq!(back, before);
    let request = AssessPointRequest { answer_id: id, point_number: 0, self_assessment: 77 };
    let wrong = ada.answers().assess_point(ada.ask(request)).await.unwrap_err();
    assert_eq!(fields(&wrong), ["point_number", "self_assessment"]);
}
