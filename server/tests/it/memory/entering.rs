//! How points enter the memory: from evaluations, once, and only those that the bank can ask about.

use std::{collections::HashSet, path::Path};

use futures::future::join_all;
use viva_proto::v1::{self, ReviewMode, SubmitReviewRequest};
use viva_server::{
    domain::{
        clock::{Clock, SystemClock},
        interview::Level,
        question::{KeyPoint, NewQuestion, QuestionOrigin, Rubric},
        throttle::RequestLimits,
        timing::Conditions,
    },
    questions::bank::Bank,
    storage::interviews::NewInterview,
};

use super::{EMPTY_HANDED, due, list, missed, overview, server, submit};
use crate::{
    real_mode::real,
    support::{
        PASSWORD, Person, TestServer, database::number, in_time, program::Program, settings,
    },
};

#[tokio::test]
async fn an_evaluation_is_entered_once_however_many_calls_read_at_once() {
    let server = TestServer::start().await;
    let beside = server.start_beside(settings(), RequestLimits::default()).await;
    let ada = server.sign_up("ada").await;
    let there = Person { channel: beside.channel.clone(), session: ada.session.clone() };
    missed(&ada, 2).await;
    let looks = (0..12).map(|at| overview(if at % 2 == 0 { &ada } else { &there }));
    let seen: HashSet<_> =
        join_all(looks).await.into_iter().map(|memory| memory.counts.unwrap().points).collect();
    assert_eq!(seen.len(), 1, "{seen:?}");
    let drill = list(&ada, ReviewMode::Drill, false).await.reviews;
    assert!(drill.iter().all(|review| review.ratings == 1), "{drill:?}");
}

/// Starts a server that will die at this point, and signs in an account with something to remember.
async fn ends_at(home: &Path, point: &str) -> (Program, Person) {
    let program = Program::serve(home, &[("VIVA_FAIL_POINT", point)]);
    let channel = program.channel().await;
    let mut auth = v1::auth_service_client::AuthServiceClient::new(channel.clone());
    let login = v1::LoginRequest { username: "ada".into(), password: PASSWORD.into() };
    let session = auth.login(login).await.unwrap().into_inner().session.unwrap();
    (program, Person { channel, session })
}

#[tokio::test]
async fn a_process_that_dies_enters_points_and_reviews_completely_or_not_at_all() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::serve(home.path(), &[]);
    let ada = Person::register(program.channel().await, "ada").await;
    missed(&ada, 1).await;
    drop(program);
    let (dying, ada) = ends_at(home.path(), "points remembered").await;
    let request = ada.ask(v1::GetMemoryRequest::default());
    ada.memory().get_memory(request).await.unwrap_err();
    assert!(!dying.wait().success());
    let (dying, ada) = ends_at(home.path(), "review written").await;
    let drill = list(&ada, ReviewMode::Drill, false).await.reviews;
    assert!(drill.len() > 2 && drill.iter().all(|review| review.ratings == 1), "{drill:?}");
    let request = SubmitReviewRequest {
        point_id: drill[0].point_id,
        idempotency_key: "once".into(),
        ..Default::default()
    };
    submit(&ada, request.clone()).await.unwrap_err();
    assert!(!dying.wait().success());
    let (_program, ada) = ends_at(home.path(), "no such point").await;
    assert_eq!(
        overview(&ada).await.counts.unwrap().done_today,
        0,
        "no part of the review is stored"
    );
    for _ in 0..2 {
        submit(&ada, request.clone()).await.unwrap();
    }
    let drill = list(&ada, ReviewMode::Drill, false).await.reviews;
    let point = drill.iter().find(|review| review.point_id == request.point_id).unwrap();
    assert_eq!(point.ratings, 2);
}

/// The reference answer to a question of the bank, and its number of points.
fn reference(question: &v1::Question) -> (String, usize) {
    let bank = Bank::built_in().unwrap();
    let (_, known) = bank.questions().find(|(_, known)| known.text == question.text).unwrap();
    (known.rubric.reference.clone(), known.rubric.key_points.len())
}

#[tokio::test]
async fn a_point_made_at_first_sight_comes_back_later_than_after_a_hint() {
    let (server, clock) = server().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 2).await;
    let [plain, hinted] = [0, 1].map(|at: usize| interview.questions[at].id);
    let hint = ada.ask(v1::GetHintRequest { question_id: hinted, number: 0 });
    ada.interviews().get_hint(hint).await.unwrap();
    let mut points = Vec::new();
    for question in 0..2 {
        let (text, count) = reference(&interview.questions[question]);
        ada.submit(&interview, question, &text).await.unwrap();
        points.push(count);
    }
    ada.settled(interview.id).await;
    overview(&ada).await;
    clock.wait(2);
    let due = due(&ada).await;
    let of = |id| due.iter().filter(|review| review.question_id == id).count();
    // Points that the grader misses in a reference answer are due in either case.
    assert!(of(plain) < points[0] && of(hinted) == points[1], "{points:?}: {due:?}");
}

#[tokio::test]
async fn points_that_no_bank_can_ask_about_never_enter() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let point = KeyPoint {
        point: "A written point that no bank has.".into(),
        weight: 1.0,
        phrasings: Vec::new(),
    };
    let new = NewInterview {
        user_id: server.store.credentials("ada").await.unwrap().unwrap().user_id,
        role: "Backend engineer".into(),
        level: Level::Mid,
        language: "en".into(),
        job_description: String::new(),
        conditions: Conditions::default(),
        created_at: SystemClock.now(),
        questions: vec![NewQuestion {
            text: "Why would somebody measure first?".into(),
            topic: "performance".into(),
            origin: QuestionOrigin::Model,
            bank_id: None,
            rubric: Rubric {
                reference: point.point.clone(),
                key_points: vec![point],
                mistakes: Vec::new(),
            },
        }],
        model_calls: 1,
        request: None,
    };
    server.store.create_interview(new).await.unwrap();
    let request = ada.ask(v1::ListInterviewsRequest::default());
    let listed = ada.interviews().list_interviews(request).await.unwrap().into_inner();
    let request = v1::GetInterviewRequest { interview_id: listed.interviews[0].id };
    let written = ada.interviews().get_interview(ada.ask(request)).await.unwrap().into_inner();
    let written = written.interview.unwrap();
    ada.submit(&written, 0, EMPTY_HANDED).await.unwrap();
    ada.settled(written.id).await;
    assert_eq!(overview(&ada).await.counts.unwrap().points, 0);
}

#[tokio::test]
async fn a_follow_up_rates_the_point_that_it_asks_about() {
    let (server, clock) = server().await;
    let ada = server.sign_up("ada").await;
    let interview = missed(&ada, 1).await;
    let request = ada.ask(v1::AddFollowUpRequest { question_id: interview.questions[0].id });
    let follow_up = ada.interviews().add_follow_up(request).await.unwrap().into_inner();
    let request = ada.ask(v1::GetInterviewRequest { interview_id: interview.id });
    let whole = ada.interviews().get_interview(request).await.unwrap().into_inner();
    ada.submit(&whole.interview.unwrap(), 1, EMPTY_HANDED).await.unwrap();
    in_time(async || {
        ada.settled(interview.id).await.len() == 2
            && overview(&ada).await.counts.unwrap().points > 0
    })
    .await;
    clock.wait(1);
    let reviews = due(&ada).await;
    let twice: Vec<_> = reviews.iter().filter(|review| review.ratings == 2).collect();
    let [point] = &twice[..] else { panic!("{reviews:?}") };
    let question = follow_up.question.unwrap();
    assert_eq!(point.question_id, question.id);
    assert!(!question.text.contains(&point.prompt), "a prompt other than the follow-up's");
}

#[tokio::test]
async fn an_interview_in_real_mode_enters_the_memory_only_after_its_end() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    // Answering the last question would end it.
    let interview = real(&ada, 2).await;
    ada.submit(&interview, 0, EMPTY_HANDED).await.unwrap();
    let file = server.folder.path().join("viva.db");
    let evaluated = "SELECT count(*) FROM evaluations WHERE status = 'completed'";
    in_time(async || number(&file, evaluated).await == 1).await;
    assert_eq!(overview(&ada).await.counts.unwrap().points, 0);
    assert!(list(&ada, ReviewMode::Drill, false).await.reviews.is_empty());
    let end = ada.ask(v1::EndInterviewRequest { interview_id: interview.id });
    ada.interviews().end_interview(end).await.unwrap();
    assert!(overview(&ada).await.counts.unwrap().points > 0);
}
