//! The metrics page of a real server: what is on it, and what never is.

use std::collections::BTreeSet;

use futures::StreamExt;
use tonic::{Code, body::Body, transport::Channel};
use tower::ServiceExt;
use viva_fake_model::{Case, FakeModel, Script};
use viva_proto::v1::{self, EvaluationStatus};

use crate::{
    connect::http::{post, send},
    support::{
        Person,
        page::{get, is, scrape, value, wait_for},
        program::Program,
    },
};

const REFUSED: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpora/llm-responses/39-err-401-echo.json");

/// Texts that must not be anywhere on the page.
const KEY: &str = "sk-corpus-key-that-nobody-may-see-0002";
const ANSWER: &str = "Canaryanswer: I would measure first and then change one thing.";
const ROLE: &str = "Canaryrole engineer";

/// All values that labels may have, except for the rpcs and the bounds of buckets.
const WORDS: [&str; 22] = [
    "OK",
    "INVALID_ARGUMENT",
    "UNAUTHENTICATED",
    "UNIMPLEMENTED",
    "offline",
    "model",
    "completed",
    "failed",
    "retried",
    "returned",
    "replied",
    "busy",
    "broken",
    "prompt",
    "completion",
    "due",
    "waiting",
    "running",
    "used",
    "idle",
    "writer",
    "readers",
];

pub(crate) fn serve(home: &std::path::Path, environment: &[(&str, &str)]) -> Program {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
    Program::start(home, &arguments, environment)
}

/// Every label on the page with its value.
fn labels(page: &str) -> BTreeSet<(String, String)> {
    let series = page.lines().filter(|line| !line.starts_with('#'));
    let groups = series.filter_map(|line| Some(line.split_once('{')?.1.split_once('}')?.0));
    let pairs = groups.flat_map(|group| group.split(','));
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), value.trim_matches('"').to_owned())
        })
        .collect()
}

fn assert_labels_are_of_the_few(page: &str) {
    for (name, value) in labels(page) {
        let known = match name.as_str() {
            "rpc" => {
                let of_ours = ["viva.v1.", "grpc.health.v1.", "grpc.reflection."];
                value == "other" || of_ours.iter().any(|package| value.starts_with(package))
            }
            "le" => value == "+Inf" || value.parse::<f64>().is_ok(),
            "version" => value == env!("CARGO_PKG_VERSION"),
            _ => WORDS.contains(&value.as_str()),
        };
        assert!(known, "{name} is {value}");
    }
}

#[tokio::test]
async fn calls_evaluations_and_the_model_are_counted_and_no_person_is_named() {
    let home = tempfile::tempdir().unwrap();
    let refused = Case::load(REFUSED).unwrap();
    let script = vec![Script::honest(), Script::honest(), Script::Replay(refused)];
    let model = FakeModel::start(Script::Sequence(script)).await.unwrap();
    let url = model.url();
    let settings = [("LLM_API_URL", url.as_str()), ("LLM_MODEL", "corpus-1"), ("LLM_API_KEY", KEY)];
    let program = serve(home.path(), &settings);
    let metrics = program.metrics.as_str();

    let ada = Person::register(program.channel().await, "canaryada").await;
    let interview = ada.create(ROLE, 1).await;
    ada.submit(&interview, 0, ANSWER).await.unwrap();
    let good = ada.settled(interview.id).await;
    assert_eq!(good[0].evaluation.as_ref().unwrap().status(), EvaluationStatus::Completed);
    let bob = Person::register(program.channel().await, "canarybob").await;
    let another = bob.create(ROLE, 1).await;
    bob.submit(&another, 0, ANSWER).await.unwrap();
    let bad = bob.settled(another.id).await;
    assert_eq!(bad[0].evaluation.as_ref().unwrap().status(), EvaluationStatus::Failed);
    let login = v1::LoginRequest { username: "canaryada".into(), password: "wrong".into() };
    ada.auth().login(login).await.unwrap_err();
    let watch = v1::WatchInterviewRequest { interview_id: interview.id, follow: true };
    let watch = ada.answers().watch_interview(ada.ask(watch)).await.unwrap().into_inner();

    let denied = r#"viva_requests_total{rpc="viva.v1.AuthService/Login",code="UNAUTHENTICATED"}"#;
    wait_for(metrics, denied, is(1.0)).await;
    wait_for(metrics, r#"viva_queue_evaluations{state="due"}"#, is(0.0)).await;
    let idle = r#"viva_database_connections{pool="readers",state="idle"}"#;
    wait_for(metrics, idle, |connections| connections > 0.0).await;
    let page = wait_for(metrics, "viva_watches", is(1.0)).await;
    for (series, wanted) in [
        (r#"viva_requests_total{rpc="viva.v1.AnswerService/SubmitAnswer",code="OK"}"#, 2.0),
        (r#"viva_requests_total{rpc="viva.v1.AnswerService/WatchInterview",code="OK"}"#, 2.0),
        (r#"viva_request_duration_seconds_count{rpc="viva.v1.AuthService/Login"}"#, 3.0),
        (r#"viva_evaluations_total{grader="model",outcome="completed"}"#, 1.0),
        (r#"viva_evaluations_total{grader="model",outcome="failed"}"#, 1.0),
        (r#"viva_evaluation_duration_seconds_count{grader="model"}"#, 2.0),
        (r#"viva_model_calls_total{outcome="replied"}"#, 2.0),
        (r#"viva_model_calls_total{outcome="broken"}"#, 2.0),
        (r#"viva_model_call_duration_seconds_count{outcome="replied"}"#, 2.0),
        ("viva_connections", 2.0),
        ("viva_queue_oldest_due_seconds", 0.0),
        ("viva_database_up", 1.0),
    ] {
        assert_eq!(value(&page, series), Some(wanted), "{series} on\n{page}");
    }
    for series in [
        r#"viva_model_tokens_total{direction="prompt"}"#,
        r#"viva_model_tokens_total{direction="completion"}"#,
    ] {
        assert!(value(&page, series).is_some_and(|number| number > 0.0), "{series} on\n{page}");
    }
    assert!(page.contains("# TYPE viva_request_duration_seconds histogram"), "{page}");
    let described = page.lines().filter(|line| line.starts_with("# HELP viva_")).count();
    let kinds = page.lines().filter(|line| line.starts_with("# TYPE viva_")).count();
    assert_eq!(described, kinds, "each metric says what it means");

    let told = include_str!("../../../docs/operations.md");
    for line in page.lines().filter(|line| line.starts_with("# TYPE ")) {
        let name = line.split(' ').nth(2).unwrap();
        assert!(told.contains(&format!("| `{name}` |")), "{name} is not in docs/operations.md");
    }
    assert_labels_are_of_the_few(&page);
    let token = ada.session.access_token.as_str();
    for secret in [KEY, "Canary", "canary", "measure first", token, "corpus-1"] {
        assert!(!page.contains(secret), "{secret} is on the page");
    }
    drop(watch);
    wait_for(metrics, "viva_watches", is(0.0)).await;
    let went =
        r#"viva_requests_total{rpc="viva.v1.AnswerService/WatchInterview",code="CANCELLED"}"#;
    wait_for(metrics, went, is(1.0)).await;
}

/// Calls a path, whether or not it is an RPC.
async fn call(channel: &Channel, path: String) -> Option<Code> {
    let request = http::Request::post(path)
        .header("content-type", "application/grpc")
        .body(Body::empty())
        .unwrap();
    let reply = channel.clone().oneshot(request).await.unwrap();
    tonic::Status::from_header_map(reply.headers()).map(|status| status.code())
}

#[tokio::test]
async fn requests_that_are_no_calls_are_counted_and_logged_too() {
    let home = tempfile::tempdir().unwrap();
    let program = serve(home.path(), &[("RUST_LOG", "debug")]);
    let id = [("x-request-id", "no-call-1")];
    let plain = post("AuthService/GetMe", "text/plain", &id, "{}");
    assert_eq!(send(&program.address, plain).await.status, 415);
    let series = r#"viva_requests_total{rpc="viva.v1.AuthService/GetMe",code="INVALID_ARGUMENT"}"#;
    let page = wait_for(&program.metrics, series, is(1.0)).await;
    assert_labels_are_of_the_few(&page);
    program.says("no-call-1").await;
}

#[tokio::test]
async fn a_thousand_unknown_paths_are_one_series() {
    let home = tempfile::tempdir().unwrap();
    let program = serve(home.path(), &[]);
    let channel = program.channel().await;
    let paths = (0..1000).map(|n| match n % 3 {
        0 => format!("/viva.v1.AnswerService/Guess{n}"),
        1 => format!("/some.Service{n}/Call"),
        _ => format!("/{n}"),
    });
    let codes: BTreeSet<_> = futures::stream::iter(paths)
        .map(|path| call(&channel, path))
        .buffer_unordered(50)
        .map(|code| code.map(i32::from))
        .collect()
        .await;
    assert_eq!(codes, BTreeSet::from([Some(i32::from(Code::Unimplemented))]));
    let series = r#"viva_requests_total{rpc="other",code="UNIMPLEMENTED"}"#;
    let page = wait_for(&program.metrics, series, is(1000.0)).await;
    assert_labels_are_of_the_few(&page);
    assert!(page.lines().count() < 100, "{page}");
}

#[tokio::test]
async fn the_metrics_address_serves_only_the_page() {
    let home = tempfile::tempdir().unwrap();
    let program = serve(home.path(), &[]);
    let metrics = program.metrics.as_str();
    for (request, status) in [
        ("GET / HTTP/1.1\r\n\r\n", "404 Not Found"),
        ("POST /metrics HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
        ("GET /metrics\r\n\r\n", "400 Bad Request"),
    ] {
        let reply = get(metrics, request).await;
        assert!(reply.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{request}: {reply}");
    }
    assert_ne!(program.address, program.metrics);
    assert!(scrape(metrics).await.contains("viva_build_info"));
    let without = Program::serve(home.path(), &[]);
    assert_eq!(without.metrics, "", "nothing listens without a configured address");
}
