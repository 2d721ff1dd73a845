//! The language model's key is in no log, whatever happens and at any log level.

use std::process::Stdio;

use viva_fake_model::{Case, FakeModel, Script};
use viva_proto::v1::{self, EvaluationStatus};

use super::world::KEY;
use crate::support::{PASSWORD, Person, program};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpora/llm-responses");

/// Registers, creates an interview and answers it; returns the evaluation once it has ended.
async fn practise(channel: tonic::transport::Channel, name: &str) -> v1::Evaluation {
    let mut auth = v1::auth_service_client::AuthServiceClient::new(channel.clone());
    let request = v1::RegisterRequest {
        username: name.into(),
        email: format!("{name}@corpus.example"),
        password: PASSWORD.into(),
    };
    auth.register(request).await.unwrap();
    let request = v1::LoginRequest { username: name.into(), password: PASSWORD.into() };
    let session = auth.login(request).await.unwrap().into_inner().session.unwrap();
    let person = Person { channel, session };
    let interview = person.create("Backend engineer", 1).await;
    person.submit(&interview, 0, "An answer with nothing secret in it.").await.unwrap();
    person.settled(interview.id).await[0].evaluation.clone().unwrap()
}

#[tokio::test]
async fn the_models_key_is_in_no_line_of_a_trace_log() {
    let home = tempfile::tempdir().unwrap();
    let echo = Case::load(format!("{CORPUS}/39-err-401-echo.json")).unwrap();
    let script = vec![Script::honest(), Script::honest(), Script::Replay(echo)];
    let model = FakeModel::start(Script::Sequence(script)).await.unwrap();
    let url = model.url();
    let settings = [
        ("LLM_API_URL", url.as_str()),
        ("LLM_API_KEY", KEY),
        ("LLM_MODEL", "corpus-1"),
        ("RUST_LOG", "trace"),
    ];
    let program = program::Program::serve(home.path(), &settings);
    let good = practise(program.channel().await, "ada").await;
    assert_eq!(good.status(), EvaluationStatus::Completed, "{}", good.failure_reason);
    let bad = practise(program.channel().await, "bob").await;
    assert_eq!(bad.status(), EvaluationStatus::Failed);
    assert!(bad.failure_reason.contains("LLM_API_KEY"), "{}", bad.failure_reason);
    assert!(!bad.failure_reason.contains(KEY), "{}", bad.failure_reason);
    assert_eq!(model.requests()[0].key(), Some(KEY), "the key was in use");
    program.signal(nix::sys::signal::Signal::SIGTERM);
    let (_, log) = program.wait_with_log();
    assert!(log.contains("TRACE") && log.lines().count() > 500, "{} lines", log.lines().count());
    assert!(!log.contains(KEY), "the key is in the log");
}

#[test]
fn the_key_is_masked_where_settings_are_printed() {
    let home = tempfile::tempdir().unwrap();
    let done = program::command(home.path(), &["check-config"])
        .env("LLM_API_URL", "http://127.0.0.1:9/v1/chat/completions?key=also-secret")
        .env("LLM_MODEL", "corpus-1")
        .env("LLM_API_KEY", KEY)
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    let printed = String::from_utf8(done.stdout).unwrap();
    assert!(printed.contains("LLM_API_KEY = ***") && printed.contains("LLM_MODEL = corpus-1"));
    assert!(!printed.contains(KEY) && !printed.contains("also-secret"), "{printed}");
}
