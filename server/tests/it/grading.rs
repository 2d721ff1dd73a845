//! Grading answers that belong to no interview.

use std::{collections::HashMap, time::Duration};

use futures::stream::FuturesUnordered;
use nix::sys::signal::Signal;
use tokio_stream::StreamExt;
use tonic::{Code, Status, Streaming};
use tonic_types::StatusExt;
use viva_fake_model::Script;
use viva_proto::v1::{
    self, GraderKind, Scope, grade_answers_response::Outcome,
    grade_service_client::GradeServiceClient,
};
use viva_server::{domain::question::Rubric, evaluation::offline::Standalone};

use crate::{
    api_keys::{create, holder},
    llm::world::{INDEX, INDEX_ANSWER, World, ask, config, evaluated, question},
    support::{
        PASSWORD, Person, TestServer, database, fields, in_time, program::Program, reason, settings,
    },
};

fn rubric() -> Rubric {
    question(INDEX).rubric
}

/// An answer to the question about indexes, with its rubric.
fn request(answer: &str) -> v1::GradeAnswerRequest {
    let rubric = rubric();
    let key_points = rubric.key_points.into_iter().map(|point| v1::RubricPoint {
        point: point.point,
        weight: Some(point.weight),
        phrasings: point.phrasings,
        id: String::new(),
    });
    v1::GradeAnswerRequest {
        question: INDEX.into(),
        reference: rubric.reference,
        key_points: key_points.collect(),
        answer: answer.into(),
        ..v1::GradeAnswerRequest::default()
    }
}

async fn grade(person: &Person, answer: &str) -> Result<v1::Evaluation, Status> {
    let mut client = GradeServiceClient::new(person.channel.clone());
    let reply = client.grade_answer(person.ask(request(answer))).await?;
    Ok(reply.into_inner().evaluation.unwrap())
}

/// A batch of answers with their numbers as ids.
async fn batch(
    person: &Person,
    answers: &[&str],
) -> Result<Streaming<v1::GradeAnswersResponse>, Status> {
    let items = answers.iter().zip(0..).map(|(answer, number): (_, usize)| v1::GradeAnswersItem {
        item_id: number.to_string(),
        request: Some(request(answer)),
    });
    grade_all(person, items.collect()).await
}

async fn grade_all(
    person: &Person,
    items: Vec<v1::GradeAnswersItem>,
) -> Result<Streaming<v1::GradeAnswersResponse>, Status> {
    let mut client = GradeServiceClient::new(person.channel.clone());
    let request = person.ask(v1::GradeAnswersRequest { items, shared: None });
    Ok(client.grade_answers(request).await?.into_inner())
}

/// A person with a key that may only grade.
async fn program(server: &TestServer, name: &str) -> (Person, Person, i64) {
    let owner = server.sign_up(name).await;
    let key = create(&owner, &[Scope::Grade]).await.unwrap();
    (holder(&owner, &key.secret), owner, key.api_key.unwrap().id)
}

/// An evaluation without the fields that differ between runs and graders.
fn comparable(evaluation: v1::Evaluation) -> v1::Evaluation {
    v1::Evaluation { provenance: None, evaluated_at: None, attempts: 0, ..evaluation }
}

#[tokio::test]
async fn the_same_answer_scores_the_same_here_in_an_interview_and_without_a_server() {
    let server = TestServer::start().await;
    let (program, ada, _) = program(&server, "ada").await;
    let interview = ask(&server, &ada, vec![question(INDEX)]).await;
    for answer in [INDEX_ANSWER, "I do not know it.", "An index makes every write faster."] {
        let here = comparable(grade(&program, answer).await.unwrap());
        let there = comparable(evaluated(&ada, &interview, answer).await);
        assert_eq!(here, there);
        let alone = Standalone::new(INDEX.into(), rubric()).grade(answer).unwrap().assessment;
        let alone = match alone {
            Ok(assessment) => v1::Evaluation {
                reference_answer: rubric().reference,
                ..viva_server::grpc::convert::assessment(assessment)
            },
            Err(declined) => viva_server::grpc::convert::declined(declined),
        };
        assert_eq!(here, comparable(alone));
    }
}

#[tokio::test]
async fn grading_stores_nothing() {
    let server = TestServer::start().await;
    let (program, ..) = program(&server, "ada").await;
    grade(&program, INDEX_ANSWER).await.unwrap();
    let mut replies = batch(&program, &["one", "two"]).await.unwrap();
    while replies.next().await.transpose().unwrap().is_some() {}
    let file = server.folder.path().join("viva.db");
    for table in [
        "SELECT count(*) FROM interviews",
        "SELECT count(*) FROM answers",
        "SELECT count(*) FROM evaluations",
    ] {
        assert_eq!(database::number(&file, table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn graded_text_is_in_no_log() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::serve(home.path(), &[("RUST_LOG", "trace")]);
    let ada = Person::register(program.channel().await, "ada").await;
    grade(&ada, "canary-answer measures first").await.unwrap();
    let mut replies = batch(&ada, &["canary-answer", "canary-answer"]).await.unwrap();
    while replies.next().await.transpose().unwrap().is_some() {}
    program.signal(Signal::SIGTERM);
    let (_, log) = program.ended().await;
    assert!(log.contains("GradeService/GradeAnswer"), "{log}");
    for text in ["canary-answer", INDEX, &rubric().reference] {
        assert_eq!(log.lines().find(|line| line.contains(text)), None, "{text}");
    }
}

#[tokio::test]
async fn each_item_of_a_batch_is_reported_once_and_a_bad_one_fails_no_other() {
    let server = TestServer::start().await;
    let (program, ..) = program(&server, "ada").await;
    let answers = [INDEX_ANSWER, "[fail] this", "[retry] this", "[panic] here", ""];
    let mut items: Vec<_> = answers
        .iter()
        .cycle()
        .take(50)
        .zip(0..)
        .map(|(answer, number): (_, usize)| v1::GradeAnswersItem {
            item_id: number.to_string(),
            request: Some(request(answer)),
        })
        .collect();
    let bad = v1::GradeAnswerRequest { question: " ".into(), ..request("so") };
    items.push(v1::GradeAnswersItem { item_id: "bad".into(), request: Some(bad) });
    items.push(v1::GradeAnswersItem { item_id: "none".into(), request: None });
    let mut replies = grade_all(&program, items).await.unwrap();
    let mut told = HashMap::new();
    while let Some(reply) = replies.next().await.transpose().unwrap() {
        assert!(
            told.insert(reply.item_id, reply.outcome.unwrap()).is_none(),
            "an item is reported once"
        );
    }
    assert_eq!(told.len(), 52);
    let error = |id: &str| match &told[id] {
        Outcome::Error(error) => error.clone(),
        Outcome::Evaluation(evaluation) => panic!("{evaluation:?}"),
    };
    for number in 0..50 {
        let id = number.to_string();
        match number % 5 {
            0 => assert!(matches!(&told[&id], Outcome::Evaluation(e) if e.scores.is_some())),
            4 => assert!(
                matches!(&told[&id], Outcome::Evaluation(e) if e.failure_code() == v1::FailureCode::NotAnAnswer)
            ),
            2 => {
                let error = error(&id);
                assert_eq!((error.code, error.reason.as_str()), (14, "GRADER_BUSY"));
                assert_eq!(error.message, "The model is busy.");
                assert_eq!(error.retry_after.unwrap().seconds, 1);
            }
            _ => assert_eq!((error(&id).code, &*error(&id).reason), (9, "GRADING_FAILED")),
        }
    }
    let bad = error("bad");
    assert_eq!((bad.code, bad.reason.as_str()), (3, "VALIDATION_FAILED"));
    assert_eq!(bad.violations[0].field, "question");
    assert_eq!(bad.violations[0].path, "items[50].request.question");
    assert_eq!(error("none").violations[0].field, "request");
    assert_eq!(error("none").violations[0].path, "items[51].request");
}

#[tokio::test]
async fn a_single_answers_error_is_the_calls_with_its_reason_and_when_to_retry() {
    let server = TestServer::start().await;
    let (program, ..) = program(&server, "ada").await;
    let busy = grade(&program, "[retry] this").await.unwrap_err();
    assert_eq!((busy.code(), busy.message()), (Code::Unavailable, "The model is busy."));
    assert!(busy.get_details_retry_info().unwrap().retry_delay.is_some());
    let failed = grade(&program, "[fail] this").await.unwrap_err();
    assert_eq!(
        (failed.code(), reason(&failed)),
        (Code::FailedPrecondition, "GRADING_FAILED".into())
    );
    let mut client = GradeServiceClient::new(program.channel.clone());
    let nothing = program.ask(v1::GradeAnswerRequest::default());
    assert_eq!(fields(&client.grade_answer(nothing).await.unwrap_err()), ["question", "reference"]);
    for count in [0, 1001] {
        let error = batch(&program, &vec!["x"; count]).await.unwrap_err();
        assert_eq!(fields(&error), ["items"], "{count}");
    }
}

#[tokio::test]
async fn results_are_sent_while_other_answers_are_being_graded() {
    let server = TestServer::start().await;
    let (program, ..) = program(&server, "ada").await;
    let mut replies = batch(&program, &["[hang] here", "one", "two", "three"]).await.unwrap();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(replies.next().await.unwrap().unwrap().item_id);
    }
    ids.sort();
    assert_eq!(ids, ["1", "2", "3"]);
    server.grader.let_go();
    assert_eq!(replies.next().await.unwrap().unwrap().item_id, "0");
    assert!(replies.next().await.is_none());
}

#[tokio::test]
async fn a_batch_takes_a_few_turns_of_its_own_account_and_none_of_anothers() {
    let server = TestServer::start().await;
    let (ada, ..) = program(&server, "ada").await;
    let (bob, ..) = program(&server, "bob").await;
    let _replies = batch(&ada, &["[hang] here"; 100]).await.unwrap();
    server.grader.has_begun(4).await;
    assert!(grade(&bob, "one").await.is_ok());
    assert_eq!(server.grader.begun().len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_delays_no_other_and_learns_of_an_early_end() {
    let server = TestServer::start().await;
    let (ada, ..) = program(&server, "ada").await;
    let (bob, ..) = program(&server, "bob").await;
    let mut unread = batch(&ada, &[INDEX_ANSWER; 1000]).await.unwrap();
    // The replies fill the connection's window long before all answers are graded.
    for number in 0..100 {
        let graded = tokio::time::timeout(Duration::from_secs(20), grade(&bob, "one")).await;
        graded.unwrap_or_else(|_| panic!("{number}: grading is stuck")).unwrap();
    }
    let begun = server.grader.begun().len() - 100;
    assert!(begun < 1000, "{begun}: the window took all replies, so nothing was held up");
    let rest = async {
        loop {
            match unread.next().await {
                Some(Ok(_)) => {}
                end => break end.map(|end| reason(&end.unwrap_err())),
            }
        }
    };
    let (end, _folder) = tokio::join!(rest, server.stop());
    assert_eq!(end.as_deref(), Some("SHUTTING_DOWN"), "an early end looks like one");
}

#[tokio::test]
async fn cancelling_a_batch_stops_the_work() {
    let server = TestServer::start().await;
    let (ada, ..) = program(&server, "ada").await;
    let replies = batch(&ada, &["[hang] here"; 100]).await.unwrap();
    server.grader.has_begun(4).await;
    drop(replies);
    // The batch held all of the account's turns; this call needs one of them.
    grade(&ada, "one").await.unwrap();
    assert_eq!(server.grader.begun().len(), 5);
}

#[tokio::test]
async fn an_account_may_run_four_batches_at_once_and_start_another_when_one_ends() {
    let server = TestServer::start().await;
    let (ada, ..) = program(&server, "ada").await;
    let (bob, ..) = program(&server, "bob").await;
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(batch(&ada, &["[hang] here"; 10]).await.unwrap());
    }
    let refused = batch(&ada, &["one"]).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::ResourceExhausted, "RATE_LIMITED".into())
    );
    assert!(refused.get_details_retry_info().unwrap().retry_delay.is_some());
    assert!(batch(&bob, &["one"]).await.is_ok());
    open.pop();
    in_time(async || batch(&ada, &["one"]).await.is_ok()).await;
}

#[tokio::test]
async fn an_account_may_grade_32_single_answers_at_once_and_must_retry_others_later() {
    let server = TestServer::start().await;
    let (ada, ..) = program(&server, "ada").await;
    let (bob, ..) = program(&server, "bob").await;
    let mut calls: FuturesUnordered<_> = (0..33).map(|_| grade(&ada, "[hang] here")).collect();
    let refused = calls.next().await.unwrap().unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::ResourceExhausted, "RATE_LIMITED".into())
    );
    assert!(refused.get_details_retry_info().unwrap().retry_delay.is_some());
    assert!(grade(&bob, "one").await.is_ok());
    // Abandoned calls make room, running or waiting.
    drop(calls);
    in_time(async || grade(&ada, "one more").await.is_ok()).await;
}

#[tokio::test]
async fn a_revoked_key_ends_its_batch() {
    let server = TestServer::start().await;
    let (ada, owner, key) = program(&server, "ada").await;
    let mut replies = batch(&ada, &["[hang] here"; 10]).await.unwrap();
    server.grader.has_begun(4).await;
    let request = owner.ask(v1::RevokeApiKeyRequest { api_key_id: key });
    owner.auth().revoke_api_key(request).await.unwrap();
    // None of the calls under way finishes, and the batch ends nevertheless.
    let error = replies.next().await.unwrap().unwrap_err();
    assert_eq!((error.code(), reason(&error)), (Code::Unauthenticated, "TOKEN_INVALID".into()));
    assert_eq!(server.grader.begun().len(), 4);
}

#[tokio::test]
async fn a_stopping_server_ends_every_batch() {
    let server = TestServer::start().await;
    let (ada, ..) = program(&server, "ada").await;
    let mut replies = batch(&ada, &["[hang] here"; 10]).await.unwrap();
    server.grader.has_begun(4).await;
    let (ended, _folder) = tokio::join!(replies.next(), server.stop());
    let error = ended.unwrap().unwrap_err();
    assert_eq!((error.code(), reason(&error)), (Code::Unavailable, "SHUTTING_DOWN".into()));
}

#[tokio::test]
async fn a_language_model_grades_at_the_cost_of_the_callers_account() {
    let caps = [("LLM_CALLS_PER_USER_AND_DAY", "1")];
    let world = World::with_settings(Script::honest(), &caps, settings()).await;
    let graded = grade(&world.ada, INDEX_ANSWER).await.unwrap();
    assert_eq!(graded.grader.unwrap().kind(), GraderKind::Model);
    assert_eq!(graded.provenance.unwrap().model_calls, 1);
    let error = grade(&world.ada, "It is sorted, so rows are found fast.").await.unwrap_err();
    assert_eq!(
        (error.code(), reason(&error).as_str()),
        (Code::ResourceExhausted, "MODEL_CALLS_SPENT")
    );
    let wait = error.get_details_retry_info().unwrap().retry_delay.unwrap();
    assert!(wait <= Duration::from_hours(24) + Duration::from_secs(1), "{wait:?}");
    // A library that retries by itself must not hold the call until midnight.
    if wait > Duration::from_mins(10) {
        assert_eq!(error.metadata().get("grpc-retry-pushback-ms").unwrap(), "-1");
    }
    let renews_at = &error.get_details_error_info().unwrap().metadata["renews_at"];
    let (midnight, _) = renews_at.split_once('.').unwrap();
    assert!(midnight.ends_with("T00:00:00") && error.message().contains(midnight), "{error:?}");
    assert!(!error.message().contains("LLM_"), "settings are the operator's: {error:?}");
    let items = vec![v1::GradeAnswersItem {
        item_id: "1".into(),
        request: Some(request("It is sorted, so rows are found fast.")),
    }];
    let item = grade_all(&world.ada, items).await.unwrap().next().await.unwrap().unwrap();
    let Some(Outcome::Error(item)) = item.outcome else { panic!("{item:?}") };
    assert_eq!((item.code, item.reason.as_str()), (8, "MODEL_CALLS_SPENT"));
    assert!(item.retry_after.is_some(), "{item:?}");
    assert_eq!(world.model.calls(), 1);
    let bob = world.server.sign_up("bob").await;
    assert!(grade(&bob, "It is sorted, so rows are found fast.").await.is_ok());
}

#[tokio::test]
async fn grading_one_answer_may_take_as_long_as_the_model_may() {
    let world = World::with(Script::honest()).await;
    let config = config(&world.model.url(), &[]);
    let mut hurried = settings();
    hurried.request_timeout = Duration::ZERO;
    let ada = world.ada;
    let folder = world.server.stop().await;
    let server = TestServer::start_full(folder, hurried, Some(&config)).await;
    let ada = Person { channel: server.channel.clone(), ..ada };
    // Hashing a password and writing an account take some time on any machine.
    let somebody = v1::RegisterRequest {
        username: "hurried".into(),
        email: "hurried@corpus.example".into(),
        password: PASSWORD.into(),
    };
    let error = ada.auth().register(somebody).await.unwrap_err();
    assert_eq!(error.code(), Code::DeadlineExceeded, "other calls have no time");
    assert!(grade(&ada, INDEX_ANSWER).await.is_ok());
}
