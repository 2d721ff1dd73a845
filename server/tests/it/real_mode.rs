//! Real mode: a clock, no feedback before the end, and an interviewer who follows up unasked.

use serde_json::{Value, json};
use tonic::{Code, Status, Streaming};
use viva_proto::v1::{
    self, CreateInterviewRequest, EndInterviewRequest, EvaluationStatus, InterviewMode,
    WatchInterviewResponse,
};
use viva_server::questions::bank::Bank;

use crate::{
    follow_ups::follow_up,
    own_account,
    search::search,
    support::{Person, TestServer, database, in_time, reason},
};

/// A valid answer to any question, though not a good one.
const WEAK: &str = "I would measure it first, and say why.";

fn request(count: i32) -> CreateInterviewRequest {
    CreateInterviewRequest {
        role: "Backend engineer".into(),
        num_questions: count,
        topics: vec!["concurrency".into()],
        level: v1::Level::Junior.into(),
        mode: InterviewMode::Real.into(),
        minutes: 30,
        question_minutes: 5,
        ..Default::default()
    }
}

async fn create(person: &Person, request: CreateInterviewRequest) -> v1::Interview {
    let reply = person.interviews().create_interview(person.ask(request)).await.unwrap();
    reply.into_inner().interview.unwrap()
}

pub(crate) async fn real(person: &Person, count: i32) -> v1::Interview {
    create(person, request(count)).await
}

async fn read(person: &Person, interview_id: i64) -> v1::Interview {
    let request = person.ask(v1::GetInterviewRequest { interview_id });
    let reply = person.interviews().get_interview(request).await.unwrap();
    reply.into_inner().interview.unwrap()
}

async fn end(person: &Person, interview_id: i64) -> Result<v1::Interview, Status> {
    let request = person.ask(EndInterviewRequest { interview_id });
    let reply = person.interviews().end_interview(request).await?;
    Ok(reply.into_inner().interview.unwrap())
}

/// Makes the time of every interview on this server run out.
async fn time_is_up(server: &TestServer) {
    let file = server.folder.path().join("viva.db");
    database::run(&file, "UPDATE interviews SET ends_at = created_at").await;
}

/// Waits for this many finished evaluations, in the database, because no call shows them.
async fn graded(server: &TestServer, count: i64) {
    let file = server.folder.path().join("viva.db");
    in_time(async || database::number(&file, GRADED).await == count).await;
}

const GRADED: &str = "SELECT count(*) FROM evaluations WHERE status = 'completed'";

async fn watch(person: &Person, interview_id: i64) -> Streaming<WatchInterviewResponse> {
    let request = person.ask(v1::WatchInterviewRequest { interview_id, follow: true });
    person.answers().watch_interview(request).await.unwrap().into_inner()
}

/// The errors of all calls that would reveal something about an evaluation.
async fn refusals(person: &Person, question_id: i64) -> Vec<String> {
    let hint = v1::GetHintRequest { question_id, number: 0 };
    let hint = person.interviews().get_hint(person.ask(hint)).await.unwrap_err();
    let reveal = v1::RevealQuestionRequest { question_id };
    let reveal = person.interviews().reveal_question(person.ask(reveal)).await.unwrap_err();
    let rubric = v1::GetRubricRequest { question_id };
    let rubric = person.reports().get_rubric(person.ask(rubric)).await.unwrap_err();
    let compare = v1::CompareAttemptsRequest { question_id, ..Default::default() };
    let compare = person.reports().compare_attempts(person.ask(compare)).await.unwrap_err();
    let follow = follow_up(person, question_id).await.unwrap_err();
    let all = [hint, reveal, rubric, compare, follow];
    assert!(all.iter().all(|refused| refused.code() == Code::FailedPrecondition), "{all:?}");
    all.iter().map(reason).collect()
}

fn is_silent(answer: &v1::Answer) -> bool {
    let expected = v1::Evaluation {
        status: EvaluationStatus::Pending.into(),
        withheld: true,
        ..Default::default()
    };
    answer.evaluation == Some(expected)
}

#[tokio::test]
async fn feedback_is_withheld_until_the_end_and_complete_afterwards() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = real(&ada, 2).await;
    assert!(made.feedback_withheld && made.mode() == InterviewMode::Real);
    let id = ada.submit(&made, 0, WEAK).await.unwrap();
    graded(&server, 1).await;
    assert!(is_silent(&ada.status(id).await.unwrap()));
    let mut watching = watch(&ada, made.id).await;
    let first = watching.message().await.unwrap().unwrap();
    assert!(is_silent(first.answer.as_ref().unwrap()));
    let report = ada.report(made.id).await.unwrap();
    assert!(report.feedback_withheld && report.improvements.is_empty());
    assert_eq!((report.overall_score, report.average_scores), (None, None));
    assert!(is_silent(report.questions[0].answer.as_ref().unwrap()));
    let asked = read(&ada, made.id).await;
    assert_eq!(asked.progress.unwrap().overall_score, None);
    let lists = ada.ask(v1::ListInterviewsRequest::default());
    let listed = ada.interviews().list_interviews(lists).await.unwrap().into_inner();
    assert!(listed.interviews[0].feedback_withheld);
    assert_eq!(listed.interviews[0].progress.unwrap().overall_score, None);
    let history = ada.ask(v1::GetProgressRequest::default());
    let history = ada.reports().get_progress(history).await.unwrap().into_inner();
    assert!(history.points.is_empty() && history.topics.is_empty(), "{history:?}");
    assert_eq!(refusals(&ada, made.questions[0].id).await, ["FEEDBACK_WITHHELD"; 5]);
    assert_eq!(search(&ada, WEAK).await[0].score, None);
    let file = v1::ExportReportRequest { interview_id: made.id, format: 1 };
    let file = ada.reports().export_report(ada.ask(file)).await.unwrap().into_inner();
    let file = String::from_utf8(file.content).unwrap();
    assert!(file.contains("Scores and feedback come once the interview has ended."), "{file}");
    assert!(!file.contains("Points of a good answer"), "{file}");

    let ended = end(&ada, made.id).await.unwrap();
    assert!(search(&ada, WEAK).await[0].score.is_some());
    assert!(!ended.feedback_withheld && ended.progress.unwrap().overall_score.is_some());
    let told = ada.status(id).await.unwrap().evaluation.unwrap();
    assert!(told.status() == EvaluationStatus::Completed && !told.reference_answer.is_empty());
    let watched = loop {
        let message = watching.message().await.unwrap().unwrap();
        if !is_silent(message.answer.as_ref().unwrap()) {
            break message.answer.unwrap();
        }
    };
    assert_eq!(watched.evaluation, Some(told));
    let report = ada.report(made.id).await.unwrap();
    assert!(report.overall_score.is_some() && !report.feedback_withheld);
    assert!(follow_up(&ada, made.questions[0].id).await.is_ok());
}

/// The account's only interview, as the account's export has it.
async fn exported(person: &Person) -> Value {
    let (document, _) = own_account::export(person).await;
    serde_json::from_str::<Value>(&document).unwrap()["interviews"][0].take()
}

#[tokio::test]
async fn the_export_of_an_account_withholds_feedback_until_the_end_too() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = real(&ada, 2).await;
    ada.submit(&made, 0, WEAK).await.unwrap();
    graded(&server, 1).await;
    let before = exported(&ada).await;
    let answer = &before["questions"][0]["answers"][0];
    assert_eq!((answer["text"].as_str(), &before["overall_score"]), (Some(WEAK), &Value::Null));
    assert_eq!(answer["evaluation"], json!({ "status": "withheld", "attempts": 0 }));
    for question in before["questions"].as_array().unwrap() {
        assert_eq!(question["rubric"], Value::Null, "{question}");
    }
    end(&ada, made.id).await.unwrap();
    let after = exported(&ada).await;
    let asked = &after["questions"][0];
    assert!(after["overall_score"].is_f64() && asked["rubric"]["reference"].is_string());
    assert!(asked["answers"][0]["evaluation"]["scores"].is_object(), "{asked}");
}

#[tokio::test]
async fn only_its_owner_ends_an_interview_once_and_only_in_real_mode() {
    let server = TestServer::start().await;
    let (ada, bob) = (server.sign_up("ada").await, server.sign_up("bob").await);
    let made = real(&ada, 2).await;
    let ended = end(&ada, made.id).await.unwrap();
    assert!(ended.clock.unwrap().ended_at.is_some() && ended.clock.unwrap().remaining_ms.is_none());
    assert_eq!(end(&ada, made.id).await.unwrap().clock, ended.clock, "the first end counts");
    assert_eq!(reason(&end(&bob, made.id).await.unwrap_err()), "ACCESS_DENIED");
    assert_eq!(reason(&end(&ada, 4711).await.unwrap_err()), "INTERVIEW_NOT_FOUND");
    let study = ada.create("Backend engineer", 1).await;
    assert_eq!(study.mode(), InterviewMode::Study);
    assert_eq!(study.clock, Some(v1::InterviewClock::default()));
    assert_eq!(reason(&end(&ada, study.id).await.unwrap_err()), "NOT_IN_REAL_MODE");
}

#[tokio::test]
async fn the_answer_to_the_last_question_ends_the_interview_and_a_later_one_is_late() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = real(&ada, 1).await;
    let request = v1::SubmitAnswerRequest {
        interview_id: made.id,
        question_id: made.questions[0].id,
        answer_text: WEAK.into(),
        duration_ms: 312_000,
        ..Default::default()
    };
    ada.answers().submit_answer(ada.ask(request)).await.unwrap();
    let ended = read(&ada, made.id).await;
    assert!(!ended.feedback_withheld && ended.clock.unwrap().ended_at.is_some());
    let settled = ada.settled(made.id).await;
    assert_eq!((settled[0].late, settled[0].duration_ms), (false, 312_000));
    let report = ada.report(made.id).await.unwrap();
    let answer = report.questions[0].answer.clone().unwrap();
    assert_eq!((answer.late, answer.duration_ms), (false, 312_000));
    let file = v1::ExportReportRequest { interview_id: made.id, format: 1 };
    let file = ada.reports().export_report(ada.ask(file)).await.unwrap().into_inner();
    let file = String::from_utf8(file.content).unwrap();
    let time = "Time taken: 5 min 12 s. That is 12 s more than the 5 minutes for a question.";
    assert!(file.contains(time) && file.contains("real mode, 30 minutes"), "{file}");
    let again = ada.submit(&made, 0, "I would measure it first, and again.").await.unwrap();
    ada.settled(made.id).await;
    let again = ada.status(again).await.unwrap();
    assert!(again.late && again.evaluation.unwrap().status() == EvaluationStatus::Completed);
}

#[tokio::test]
async fn an_answer_after_the_time_is_up_is_stored_evaluated_and_marked_as_late() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = real(&ada, 2).await;
    let clock = made.clock.unwrap();
    let left = clock.remaining_ms.unwrap();
    assert!((29 * 60_000..=30 * 60_000).contains(&left), "{left}");
    let left = clock.question_remaining_ms.unwrap();
    assert!((4 * 60_000..=5 * 60_000).contains(&left), "{left}");
    time_is_up(&server).await;
    let over = read(&ada, made.id).await;
    let clock = over.clock.unwrap();
    assert!(!over.feedback_withheld && clock.ended_at == clock.ends_at);
    let late = ada.submit(&made, 0, WEAK).await.unwrap();
    ada.settled(made.id).await;
    let late = ada.status(late).await.unwrap();
    assert!(late.late && late.evaluation.unwrap().scores.is_some());
    assert_eq!(end(&ada, made.id).await.unwrap().clock, Some(clock), "it had ended by itself");
}

#[tokio::test]
async fn a_real_interview_always_has_a_time_limit_and_a_study_one_keeps_its_limits_for_the_client()
{
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let minutes =
        async |request: CreateInterviewRequest| create(&ada, request).await.clock.unwrap().minutes;
    assert_eq!(minutes(CreateInterviewRequest { minutes: 0, ..request(3) }).await, 15);
    let none = CreateInterviewRequest { minutes: 0, question_minutes: 0, ..request(3) };
    assert_eq!(minutes(none.clone()).await, 30);
    let part = |minutes| v1::TemplatePart { topic: "sql".into(), level: 0, minutes };
    let parts = vec![part(7), part(0)];
    let of_parts = CreateInterviewRequest { topics: vec![], parts, num_questions: 3, ..none };
    assert_eq!(minutes(of_parts).await, 24);
    let study = CreateInterviewRequest { mode: InterviewMode::Study.into(), ..request(1) };
    let study = create(&ada, study).await;
    let kept = v1::InterviewClock { minutes: 30, question_minutes: 5, ..Default::default() };
    assert_eq!((study.clock, study.feedback_withheld), (Some(kept), false));
}

/// The points of a question of the built-in bank.
fn points(text: &str) -> Vec<String> {
    let bank = Bank::built_in().unwrap();
    let found = bank.questions().find(|(_, known)| known.text == text).unwrap().1;
    found.rubric.key_points.iter().map(|point| point.point.clone()).collect()
}

#[tokio::test]
async fn the_interviewer_follows_up_at_most_twice_and_one_after_the_other() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = real(&ada, 2).await;
    let mut watching = watch(&ada, made.id).await;
    // It makes one point of several, and the missing ones invite the interviewer to ask.
    let text = points(&made.questions[0].text)[0].clone();
    ada.submit(&made, 0, &text).await.unwrap();
    for round in 1..=2_usize {
        let followed = loop {
            let message = watching.message().await.unwrap().unwrap();
            if message.follow_ups.len() == round {
                break message;
            }
        };
        let asked = followed.follow_ups.last().unwrap().clone();
        assert_eq!(followed.answer.unwrap().question_id, made.questions[0].id);
        assert_eq!(asked.parent_question_id, Some(made.questions[0].id));
        let now = read(&ada, made.id).await;
        let at = now.questions.iter().position(|question| question.id == asked.id).unwrap();
        assert_eq!(at, round, "right after its question");
        ada.submit(&now, at, "I would measure it first, and then say why.").await.unwrap();
        graded(&server, i64::try_from(round).unwrap() + 1).await;
    }
    // The second question's answer is the last one, and nothing follows the end.
    let now = read(&ada, made.id).await;
    assert_eq!(now.questions.len(), 4, "{now:?}");
    ada.submit(&now, 3, &points(&made.questions[1].text)[0]).await.unwrap();
    ada.settled(made.id).await;
    let ended = read(&ada, made.id).await;
    assert_eq!((ended.questions.len(), ended.feedback_withheld), (4, false));
}

#[tokio::test]
async fn the_interviewer_moves_on_when_the_candidate_knows_nothing() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = real(&ada, 2).await;
    ada.submit(&made, 0, "I don't know, sorry.").await.unwrap();
    graded(&server, 1).await;
    // In study mode the interviewer never follows up unasked, whatever the answer leaves out.
    let study = CreateInterviewRequest { mode: 0, ..request(2) };
    let study = create(&ada, study).await;
    ada.submit(&study, 0, &points(&study.questions[0].text)[0]).await.unwrap();
    ada.settled(study.id).await;
    ada.submit(&made, 1, WEAK).await.unwrap();
    ada.settled(made.id).await;
    for id in [made.id, study.id] {
        assert_eq!(read(&ada, id).await.questions.len(), 2);
    }
}
