//! What signals do to the real program under load.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{net::TcpStream, task::JoinSet};
use tonic::{Code, Status, Streaming, transport::Channel};
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus,
    health_client::HealthClient,
};
use viva_fake_model::{FakeModel, Script};
use viva_proto::v1;

use crate::support::{
    Person, SECRET,
    database::{file, leased},
    program::{Program, command},
    reason,
    scratch::with_database,
};

const ANSWER: &str = "I would measure first, because guesses mislead.";

/// How long a stopping process may take at most.
const LONGEST: Duration = Duration::from_secs(15);

/// A watch that has begun, on a separate connection.
async fn watch(program: &Program, ada: &Person, id: i64) -> Streaming<v1::WatchInterviewResponse> {
    let ada = Person { channel: program.channel().await, session: ada.session.clone() };
    let request = v1::WatchInterviewRequest { interview_id: id, follow: true };
    let watch = ada.answers().watch_interview(ada.ask(request)).await.unwrap();
    watch.into_inner()
}

/// The error that a watch ends with.
async fn ended(mut watch: Streaming<v1::WatchInterviewResponse>) -> Status {
    loop {
        match watch.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("a watch ended without an error"),
            Err(error) => return error,
        }
    }
}

/// Submits until refused; returns the acknowledged texts by their ids.
async fn submit_on(
    ada: Person,
    who: usize,
    interview: v1::Interview,
) -> (Vec<(i64, String)>, Status) {
    let mut acknowledged = Vec::new();
    for turn in 0.. {
        let text = format!("Client {who}, turn {turn}: {ANSWER}");
        match ada.submit(&interview, turn % 10, &text).await {
            Ok(id) => acknowledged.push((id, text)),
            Err(refused) => return (acknowledged, refused),
        }
    }
    unreachable!("the server refuses in the end")
}

async fn next_health(watch: &mut Streaming<HealthCheckResponse>) -> ServingStatus {
    watch.message().await.unwrap().unwrap().status()
}

async fn health_of(program: &Program) -> Streaming<HealthCheckResponse> {
    let mut client = HealthClient::new(program.channel().await);
    let request = HealthCheckRequest { service: String::new() };
    let mut watch = client.watch(request).await.unwrap().into_inner();
    assert_eq!(next_health(&mut watch).await, ServingStatus::Serving);
    watch
}

/// A server with this model, which may be called a lot.
fn with_model(home: &Path, database: &str, model: &FakeModel) -> Program {
    let url = model.url();
    let settings = [
        ("DATABASE_URL", database),
        ("SECRET_KEY", SECRET),
        ("LLM_API_URL", &url),
        ("LLM_MODEL", "corpus-1"),
        ("LLM_CONCURRENCY", "64"),
    ];
    Program::serve(home, &settings)
}

async fn sigterm_under_load(database: &str) {
    let home = tempfile::tempdir().unwrap();
    let model = FakeModel::start(Script::honest()).await.unwrap();
    let program = with_model(home.path(), database, &model);
    let ada = Person::register(program.channel().await, "ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    let mut load = JoinSet::new();
    for who in 0..4 {
        let ada = Person { channel: program.channel().await, session: ada.session.clone() };
        let interview = ada.create("Backend engineer", 10).await;
        load.spawn(submit_on(ada, who, interview));
    }
    let mut watches = JoinSet::new();
    for _ in 0..20 {
        watches.spawn(ended(watch(&program, &ada, interview.id).await));
    }
    let mut silent = Vec::new();
    for _ in 0..10 {
        silent.push(TcpStream::connect(&program.address).await.unwrap());
    }
    let mut health = health_of(&program).await;
    let calls = model.calls();
    model.hold();
    model.wait_for_calls(calls + 4).await;
    assert!(leased(database).await > 0, "evaluations are under way");

    let began = Instant::now();
    program.signal(Signal::SIGTERM);
    assert_eq!(next_health(&mut health).await, ServingStatus::NotServing);
    for error in watches.join_all().await {
        assert_eq!((error.code(), reason(&error).as_str()), (Code::Unavailable, "SHUTTING_DOWN"));
    }
    let (status, _) = program.ended().await;
    assert_eq!(status.code(), Some(0));
    assert!(began.elapsed() < LONGEST, "it took {:?}", began.elapsed());
    assert_eq!(leased(database).await, 0);
    drop((silent, health));

    model.release();
    let program = with_model(home.path(), database, &model);
    let ada = Person { channel: program.channel().await, session: ada.session };
    let mut count = 0;
    for (acknowledged, _) in load.join_all().await {
        for (id, text) in acknowledged {
            assert_eq!(ada.status(id).await.unwrap().answer_text, text);
            count += 1;
        }
    }
    assert!(count > 0, "nothing was submitted");
}

#[tokio::test]
async fn sigterm_under_load_ends_everything_in_time_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    sigterm_under_load(&format!("sqlite:{}", folder.path().join("viva.db").display())).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn postgres_sigterm_under_load_ends_everything_in_time_and_loses_nothing() {
    with_database(async |url| sigterm_under_load(&url).await).await;
}

async fn a_second_sigterm(settings: &[(&str, &str)]) {
    let home = tempfile::tempdir().unwrap();
    let program = Program::serve(home.path(), settings);
    // A client that watches health until the end delays the drain.
    let mut health = health_of(&program).await;
    program.signal(Signal::SIGTERM);
    assert_eq!(next_health(&mut health).await, ServingStatus::NotServing);
    let began = Instant::now();
    program.signal(Signal::SIGTERM);
    let (status, _) = program.ended().await;
    assert_eq!(status.code(), Some(1));
    assert!(began.elapsed() < Duration::from_secs(2), "it took {:?}", began.elapsed());
}

#[tokio::test]
async fn a_second_sigterm_ends_the_drain_immediately() {
    a_second_sigterm(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn postgres_a_second_sigterm_ends_the_drain_immediately() {
    with_database(async |url| {
        a_second_sigterm(&[("DATABASE_URL", &url), ("SECRET_KEY", SECRET)]).await;
    })
    .await;
}

#[tokio::test]
async fn sighup_is_ignored_and_logged() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::serve(home.path(), &[]);
    program.signal(Signal::SIGHUP);
    let ada = Person::register(program.channel().await, "ada").await;
    ada.create("Backend engineer", 1).await;
    program.signal(Signal::SIGTERM);
    let (status, log) = program.ended().await;
    assert_eq!(status.code(), Some(0));
    assert!(log.contains("SIGHUP: reading the certificates again"), "{log}");
}

/// Starts a server and reads its log until this message; returns the address in that line. After
/// that the log is not read.
fn serve_until(home: &Path, message: &str) -> (Child, String) {
    let mut process = command(home, &["serve", "--listen", "127.0.0.1:0"])
        .env("LOG_FORMAT", "json")
        .env("RUST_LOG", "debug")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let address = lines.find_map(|line| {
        let line: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        (line["message"] == message).then(|| line["address"].as_str().unwrap().to_owned())
    });
    (process, address.unwrap())
}

#[tokio::test]
async fn a_log_that_is_no_longer_read_stops_no_call() {
    let home = tempfile::tempdir().unwrap();
    let (process, address) = serve_until(home.path(), "serving");
    let ada = Person::register(connect(&address).await, "ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    ada.submit(&interview, 0, ANSWER).await.unwrap();
    assert_eq!(ada.settled(interview.id).await.len(), 1);
    assert_eq!(terminate(process).await, Some(0));
}

async fn connect(address: &str) -> Channel {
    Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap()
}

/// The exit code after SIGTERM.
async fn terminate(mut process: Child) -> Option<i32> {
    kill(Pid::from_raw(i32::try_from(process.id()).unwrap()), Signal::SIGTERM).unwrap();
    tokio::task::spawn_blocking(move || process.wait().unwrap().code()).await.unwrap()
}

#[tokio::test]
async fn sigterm_ends_a_server_that_still_waits_for_its_database() {
    let home = tempfile::tempdir().unwrap();
    let database = file(home.path());
    fs::create_dir_all(database.parent().unwrap()).unwrap();
    // While this lock is held, another process seems to be migrating the schema.
    let lock = fs::File::create(database.with_file_name("viva.db.lock")).unwrap();
    lock.lock().unwrap();
    let (process, address) = serve_until(home.path(), "starting");
    let mut health = HealthClient::new(connect(&address).await);
    let request = HealthCheckRequest { service: String::new() };
    let reply = health.check(request).await.unwrap();
    assert_eq!(reply.into_inner().status(), ServingStatus::NotServing);
    let began = Instant::now();
    assert_eq!(terminate(process).await, Some(0));
    assert!(began.elapsed() < Duration::from_secs(5), "it took {:?}", began.elapsed());
    assert!(!database.exists(), "the server has not begun to create it");
}
