//! Follow-ups: they ask about what an answer left out or got wrong, and are answered and graded
//! like any other question.

use tonic::{Code, Status};
use viva_proto::v1::{
    self, AddFollowUpRequest, AddFollowUpResponse, CreateInterviewRequest, EvaluationStatus,
    GetRubricRequest, QuestionSource,
};
use viva_server::questions::bank::Bank;

use crate::support::{Person, TestServer, reason};

/// A common mistake about race conditions.
const MISTAKEN: &str = "Adding one to an integer is a single machine operation, so it is always atomic \
     and the loss must have another cause.";

pub(crate) async fn follow_up(
    person: &Person,
    question_id: i64,
) -> Result<AddFollowUpResponse, Status> {
    let request = person.ask(AddFollowUpRequest { question_id });
    Ok(person.interviews().add_follow_up(request).await?.into_inner())
}

async fn junior(person: &Person, count: i32) -> v1::Interview {
    let request = CreateInterviewRequest {
        role: "Backend engineer".into(),
        num_questions: count,
        topics: vec!["concurrency".into()],
        level: v1::Level::Junior.into(),
        ..Default::default()
    };
    let reply = person.interviews().create_interview(person.ask(request)).await.unwrap();
    reply.into_inner().interview.unwrap()
}

async fn read(person: &Person, interview_id: i64) -> v1::Interview {
    let request = person.ask(v1::GetInterviewRequest { interview_id });
    let reply = person.interviews().get_interview(request).await.unwrap();
    reply.into_inner().interview.unwrap()
}

async fn answer(person: &Person, interview: &v1::Interview, at: usize, text: &str) -> v1::Answer {
    let id = person.submit(interview, at, text).await.unwrap();
    person.settled(interview.id).await;
    person.status(id).await.unwrap()
}

async fn points(person: &Person, question_id: i64) -> Vec<String> {
    let request = person.ask(GetRubricRequest { question_id });
    let rubric = person.reports().get_rubric(request).await.unwrap().into_inner();
    rubric.key_points.into_iter().map(|point| point.point).collect()
}

#[tokio::test]
async fn a_follow_up_asks_for_a_missing_point_right_after_its_question_and_is_graded_by_it() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = junior(&ada, 2).await;
    let [first, second] = [made.questions[0].id, made.questions[1].id];
    let answered = answer(&ada, &made, 0, "I would look at how the threads share it.").await;
    let evaluation = answered.evaluation.unwrap();
    assert_eq!(evaluation.status(), EvaluationStatus::Completed, "{evaluation:?}");

    let reply = follow_up(&ada, first).await.unwrap();
    let question = reply.question.unwrap();
    assert_eq!((question.parent_question_id, question.order), (Some(first), 2));
    assert_eq!(question.source(), QuestionSource::FollowUp);
    let bank = Bank::built_in().unwrap();
    let prompts = || {
        bank.questions().flat_map(|(_, known)| known.prompts.iter().zip(&known.rubric.key_points))
    };
    let (_, probed) = prompts()
        .find(|(known, _)| known.prompts.iter().any(|prompt| question.text.ends_with(prompt)))
        .expect("the point's own prompt");
    assert!(
        evaluation
            .key_points
            .iter()
            .any(|found| found.point == probed.point && found.coverage() < 1.0)
    );

    let kept = read(&ada, made.id).await;
    let ids: Vec<_> = kept.questions.iter().map(|question| question.id).collect();
    assert_eq!(ids, [first, question.id, second]);
    assert_eq!(kept.progress.unwrap().questions, 3);
    let graded = answer(&ada, &kept, 1, &probed.point).await.evaluation.unwrap();
    assert_eq!(graded.key_points.len(), 1, "{graded:?}");
    assert_eq!(
        (graded.key_points[0].coverage(), graded.reference_answer),
        (1.0, probed.point.clone())
    );
    assert_eq!(points(&ada, question.id).await, std::slice::from_ref(&probed.point));
    let report = ada.report(made.id).await.unwrap();
    let reported: Vec<_> =
        report.questions.iter().map(|one| one.question.clone().unwrap().id).collect();
    assert_eq!(reported, ids);
    // The answer to the follow-up needs no further question.
    assert_eq!(reason(&follow_up(&ada, question.id).await.unwrap_err()), "NOTHING_TO_FOLLOW_UP");
}

#[tokio::test]
async fn a_follow_up_quotes_what_the_answer_got_wrong() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    // The bank has few concurrency questions for juniors, so the one on races is among them.
    let made = junior(&ada, 4).await;
    let at = made.questions.iter().position(|one| one.text.starts_with("Two threads each add one"));
    let at = at.expect("the question on races is asked");
    let answered = answer(&ada, &made, at, MISTAKEN).await;
    let reply = follow_up(&ada, made.questions[at].id).await.unwrap();
    assert!(answered.answer_text.contains(&reply.quote) && !reply.quote.is_empty(), "{reply:?}");
    let text = reply.question.unwrap().text;
    assert!(text.starts_with("You said: “") && text.contains(&reply.quote), "{text}");
}

#[tokio::test]
async fn a_follow_up_needs_an_evaluated_answer_and_does_not_wait_for_a_pending_one() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = junior(&ada, 1).await;
    let id = made.questions[0].id;
    let refused = follow_up(&ada, id).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::FailedPrecondition, "NO_EVALUATION")
    );
    answer(&ada, &made, 0, "I would measure first.").await;
    // The second attempt is never evaluated; the evaluation of the first is enough.
    let hanging = ada.submit(&made, 0, "[hang] I would measure again.").await.unwrap();
    server.grader.has(hanging).await;
    assert!(follow_up(&ada, id).await.is_ok());
    server.grader.let_go();
    let refused = follow_up(&ada, 4711).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::NotFound, "QUESTION_NOT_FOUND"));
}

#[tokio::test]
async fn an_interview_has_at_most_thirty_questions() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = junior(&ada, 10).await;
    for at in 0..10 {
        answer(&ada, &made, at, "I would measure first.").await;
    }
    let mut refusals = Vec::new();
    for round in 0..6 {
        for question in &made.questions {
            if let Err(status) = follow_up(&ada, question.id).await {
                refusals.push((round, reason(&status)));
            }
        }
    }
    assert!(refusals.iter().any(|(_, reason)| reason == "QUESTION_LIMIT"), "{refusals:?}");
    let kept = read(&ada, made.id).await;
    assert_eq!((kept.questions.len(), kept.progress.unwrap().questions), (30, 30));
}
