//! Evaluating in a separate process, beside servers without a worker.

use std::{process::Stdio, time::Instant};

use nix::sys::signal::Signal;
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use viva_fake_model::{FakeModel, Script};
use viva_proto::v1::EvaluationStatus;

use crate::support::{
    Person,
    database::{PENDING, file, leased, number},
    page::{is, wait_for},
    program::{Program, command},
};

const ANSWER: &str = "I would measure first, because guesses mislead.";

/// A server without a worker.
fn server(home: &std::path::Path, environment: &[(&str, &str)]) -> Program {
    let arguments =
        ["serve", "--no-worker", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
    Program::start(home, &arguments, environment)
}

#[tokio::test]
async fn answers_at_a_server_without_a_worker_wait_for_one_and_are_evaluated_by_it() {
    let home = tempfile::tempdir().unwrap();
    let server = server(home.path(), &[]);
    let ada = Person::register(server.channel().await, "ada").await;
    let interview = ada.create("Backend engineer", 3).await;
    for question in 0..3 {
        ada.submit(&interview, question, ANSWER).await.unwrap();
    }
    // A worker polls at least once a second, so an answer that is due for three seconds has none.
    let oldest = "viva_queue_oldest_due_seconds";
    let page = wait_for(&server.metrics, oldest, |seconds| seconds > 3.0).await;
    assert!(page.contains("viva_queue_evaluations{state=\"due\"} 3"), "{page}");
    assert!(!page.contains("viva_evaluations_total{"), "{page}");

    let arguments = ["worker", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
    let worker = Program::start(home.path(), &arguments, &[]);
    // The server's watch shows what the other process does.
    let settled = ada.settled(interview.id).await;
    assert_eq!(settled.len(), 3);
    for answer in settled {
        assert_eq!(answer.evaluation.unwrap().status(), EvaluationStatus::Completed);
    }
    let done = r#"viva_evaluations_total{grader="offline",outcome="completed"}"#;
    wait_for(&worker.metrics, done, is(3.0)).await;

    let mut health = HealthClient::new(worker.channel().await);
    let reply = health.check(HealthCheckRequest { service: String::new() }).await.unwrap();
    assert_eq!(reply.into_inner().status().as_str_name(), "SERVING");
    let stranger = Person { channel: worker.channel().await, session: ada.session.clone() };
    let error = stranger.status(1).await.unwrap_err();
    assert_eq!(error.code(), tonic::Code::Unimplemented, "a worker serves nothing else");
    worker.signal(Signal::SIGTERM);
    assert_eq!(worker.ended().await.0.code(), Some(0));
}

#[tokio::test]
async fn sigterm_during_a_model_call_returns_the_job_to_the_queue_uncounted() {
    let home = tempfile::tempdir().unwrap();
    let server = server(home.path(), &[]);
    let ada = Person::register(server.channel().await, "ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    ada.submit(&interview, 0, ANSWER).await.unwrap();
    let model = FakeModel::start(Script::honest()).await.unwrap();
    model.hold();
    let url = model.url();
    let settings = [("LLM_API_URL", url.as_str()), ("LLM_MODEL", "corpus-1")];
    let worker = Program::start(home.path(), &["worker"], &settings);
    assert_eq!(worker.address, "", "a worker does not listen unless asked to");
    model.wait_for_calls(1).await;
    let database = file(home.path());
    let url = format!("sqlite:{}", database.display());
    assert_eq!(leased(&url).await, 1);

    let began = Instant::now();
    worker.signal(Signal::SIGTERM);
    let (ended, _) = worker.ended().await;
    assert_eq!(ended.code(), Some(0));
    assert!(began.elapsed().as_secs() < 10, "it took {:?}", began.elapsed());
    assert_eq!(leased(&url).await, 0);
    assert_eq!(number(&database, PENDING).await, 1);
    assert_eq!(number(&database, "SELECT attempts FROM evaluations").await, 0);

    model.release();
    let _next = Program::start(home.path(), &["worker"], &settings);
    let settled = ada.settled(interview.id).await;
    assert_eq!(settled[0].evaluation.as_ref().unwrap().status(), EvaluationStatus::Completed);
}

#[test]
fn a_worker_that_cannot_open_its_database_says_so_and_exits() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("notes.txt"), "Dear diary").unwrap();
    let url = format!("sqlite:{}", home.path().join("notes.txt").display());
    let done = command(home.path(), &["worker"])
        .env("DATABASE_URL", url)
        .stdout(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(1));
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(said.contains("is not a Viva database"), "{said}");
}
