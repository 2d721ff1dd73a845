//! Help with a question: hints in steps, and the answer shown to a candidate who does not know it.

use tonic::{Code, Status};
use viva_proto::v1::{
    self, GetHintRequest, GetHintResponse, QuestionWish, RevealQuestionRequest,
    RevealQuestionResponse,
};

use crate::{
    marks::wish,
    support::{Person, TestServer, fields, reason},
};

async fn hint(person: &Person, question_id: i64, number: i32) -> Result<GetHintResponse, Status> {
    let request = person.ask(GetHintRequest { question_id, number });
    Ok(person.interviews().get_hint(request).await?.into_inner())
}

async fn reveal(person: &Person, question_id: i64) -> Result<RevealQuestionResponse, Status> {
    let request = person.ask(RevealQuestionRequest { question_id });
    Ok(person.interviews().reveal_question(request).await?.into_inner())
}

async fn markdown(person: &Person, interview_id: i64) -> String {
    let request = person.ask(v1::ExportReportRequest { interview_id, format: 1 });
    let file = person.reports().export_report(request).await.unwrap().into_inner();
    String::from_utf8(file.content).unwrap()
}

#[tokio::test]
async fn hints_come_in_steps_are_counted_once_and_run_out() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = ada.create("Backend engineer", 1).await;
    let id = made.questions[0].id;
    let first = hint(&ada, id, 0).await.unwrap();
    assert_eq!((first.number, hint(&ada, id, 1).await.unwrap()), (1, first.clone()));
    assert_eq!(reason(&hint(&ada, id, 3).await.unwrap_err()), "NO_MORE_HINTS", "not out of turn");
    for number in 2..=first.available {
        let next = hint(&ada, id, 0).await.unwrap();
        assert_eq!((next.number, next.available), (number, first.available));
        assert_ne!(next.text, first.text);
    }
    let refused = hint(&ada, id, 0).await.unwrap_err();
    let got = (refused.code(), reason(&refused));
    assert_eq!(got, (Code::FailedPrecondition, "NO_MORE_HINTS".to_owned()));
    assert_eq!(hint(&ada, id, 1).await.unwrap(), first, "a given hint can be read again");
    assert_eq!(fields(&hint(&ada, id, -1).await.unwrap_err()), ["number"]);
    assert_eq!(reason(&hint(&ada, 4711, 0).await.unwrap_err()), "QUESTION_NOT_FOUND");
    let report = ada.report(made.id).await.unwrap();
    assert_eq!(report.questions[0].question.clone().unwrap().hints_given, first.available);
    let file = markdown(&ada, made.id).await;
    assert!(file.contains(&format!("Asked for {} hints.", first.available)), "{file}");
}

#[tokio::test]
async fn a_shown_answer_ends_its_question_without_a_score_and_brings_it_back() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = ada.create("Backend engineer", 2).await;
    let id = made.questions[0].id;
    let shown = reveal(&ada, id).await.unwrap();
    assert!(!shown.key_points.is_empty());
    let question = shown.question.clone().unwrap();
    let answer = question.shown.clone().unwrap();
    assert!(!answer.reference.is_empty() && answer.shown_at.is_some());
    assert_eq!(question.mark.clone().unwrap().wish(), QuestionWish::AgainSoon);
    assert_eq!(reveal(&ada, id).await.unwrap().question.unwrap().shown, question.shown);
    let rubric = ada.ask(v1::GetRubricRequest { question_id: id });
    let rubric = ada.reports().get_rubric(rubric).await.unwrap().into_inner();
    assert_eq!(rubric.reference, answer.reference);

    let report = ada.report(made.id).await.unwrap();
    assert_eq!(report.questions[0].question.clone().unwrap().shown, question.shown);
    assert_eq!((report.questions[0].answer.clone(), report.overall_score), (None, None));
    assert!(markdown(&ada, made.id).await.contains("No score: the answer was shown."));

    // An answer given after that is evaluated but counts in no mean.
    ada.submit(&made, 0, &answer.reference).await.unwrap();
    let settled = ada.settled(made.id).await;
    assert!(settled[0].evaluation.clone().unwrap().scores.is_some());
    let report = ada.report(made.id).await.unwrap();
    assert_eq!((report.overall_score, report.average_scores), (None, None));
    let request = ada.ask(v1::ListInterviewsRequest::default());
    let listed = ada.interviews().list_interviews(request).await.unwrap().into_inner();
    let progress = listed.interviews[0].progress.unwrap();
    assert_eq!((progress.shown, progress.evaluated, progress.overall_score), (1, 1, None));
    let request = ada.ask(v1::GetProgressRequest::default());
    let history = ada.reports().get_progress(request).await.unwrap().into_inner();
    assert!(history.points.is_empty() && history.topics.is_empty(), "{history:?}");
}

#[tokio::test]
async fn a_question_whose_answer_was_shown_is_asked_once_in_the_next_fitting_interview() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = ada.create("Backend engineer", 5).await;
    let shown = reveal(&ada, made.questions[2].id).await.unwrap().question.unwrap();
    let texts = |made: &v1::Interview| -> Vec<String> {
        made.questions.iter().map(|question| question.text.clone()).collect()
    };
    let next = ada.create("Backend engineer", 5).await;
    let again: Vec<_> =
        texts(&next).into_iter().filter(|text| texts(&made).contains(text)).collect();
    assert_eq!(again, std::slice::from_ref(&shown.text), "only it is asked again");
    let third = ada.create("Backend engineer", 5).await;
    assert!(!texts(&third).contains(&shown.text), "it comes back only once");
}

#[tokio::test]
async fn an_answered_question_is_not_shown_and_a_shown_one_keeps_the_wish_against_it() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = ada.create("Backend engineer", 2).await;
    ada.submit(&made, 0, "I would measure it first.").await.unwrap();
    let refused = reveal(&ada, made.questions[0].id).await.unwrap_err();
    assert_eq!(reason(&refused), "QUESTION_ANSWERED");
    let unwanted = made.questions[1].id;
    wish(&ada, unwanted, QuestionWish::NotAgain).await.unwrap();
    let shown = reveal(&ada, unwanted).await.unwrap().question.unwrap();
    assert_eq!(shown.mark.unwrap().wish(), QuestionWish::NotAgain);
}
