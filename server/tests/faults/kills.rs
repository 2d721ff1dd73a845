//! Processes that die: F01 to F05.

use std::sync::Arc;

use nix::sys::signal::Signal;
use viva_fake_model::{FakeModel, Script};

use crate::support::{
    POINTS, in_time,
    ledger::Ledger,
    people::{Person, practise},
    program::{Deployment, Plan},
    scale,
    state::Reader,
};

/// F01: kill -9 at random moments of a run, followed by an immediate restart.
async fn killed_at_random(deployment: Deployment) {
    let (kills, answers) = scale((12, 400), (50, 2000));
    let plan = Plan::serve(&deployment);
    let mut program = plan.start();
    let ledger = Arc::new(Ledger::new(deployment.folder.path()));
    let reader = Reader::open(&deployment).await;
    let urls = vec![plan.url()];
    let people = tokio::spawn({
        let ledger = Arc::clone(&ledger);
        async move { practise(&urls, 8, answers, &ledger).await }
    });
    let mut before = Vec::new();
    // Eight people write in parallel, so when one is acknowledged, the others are at any point.
    for moment in moments(kills, answers) {
        in_time("the moment of a kill", ledger.has(moment)).await;
        program.kill();
        before = reader.stored().await;
        program = plan.start();
    }
    in_time("the people", people).await.unwrap();
    reader.check(&ledger, &before).await;
    drop(program);
}

/// How many answers have been acknowledged at each kill: ascending, and never more than are submitted.
fn moments(kills: usize, answers: usize) -> Vec<usize> {
    let mut moments: Vec<usize> = (0..kills).map(|_| rand::random_range(1..=answers)).collect();
    moments.sort_unstable();
    moments
}

/// F02: the process exits at each point of a submit and of its evaluation; the client retries under
/// its key with the next server.
async fn ended_at(deployment: Deployment, point: &str) {
    let plan = Plan::serve(&deployment);
    let (ledger, reader) = (Ledger::new(deployment.folder.path()), {
        plan.start().kill();
        Reader::open(&deployment).await
    });
    let mut program = plan.clone().with("VIVA_FAIL_POINT", point).start();
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    let question = ada.questions("fail points").await[0];
    let submit = ada.submit(question, "An answer that meets its end on the way.", point, &ledger);
    let restart = async {
        in_time(point, program.ended()).await;
        plan.start()
    };
    let (_, _program) = in_time(point, async { tokio::join!(submit, restart) }).await;
    let stored = reader.check(&ledger, &[]).await;
    assert_eq!(stored.len(), 1, "I7 at {point}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f02_sqlite_an_exit_at_any_point_leaves_nothing_half_written() {
    for point in POINTS {
        ended_at(Deployment::sqlite(), point).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f02_postgres_an_exit_at_any_point_leaves_nothing_half_written() {
    for point in POINTS {
        ended_at(Deployment::postgres().await, point).await;
    }
}

/// F03: two servers on one database; one is killed half-way and restarted.
async fn one_of_two_is_killed(deployment: Deployment) {
    let (one, other) = (Plan::serve(&deployment), Plan::serve(&deployment));
    let (_first, second) = (one.start(), other.start());
    let ledger = Arc::new(Ledger::new(deployment.folder.path()));
    let reader = Reader::open(&deployment).await;
    let (urls, answers) = (vec![one.url(), other.url()], scale(240, 10_000));
    let people = tokio::spawn({
        let ledger = Arc::clone(&ledger);
        async move { practise(&urls, 8, answers, &ledger).await }
    });
    in_time("half of the answers", ledger.has(answers / 2)).await;
    second.kill();
    let before = reader.stored().await;
    let _second = other.start();
    in_time("the people", people).await.unwrap();
    let stored = reader.check(&ledger, &before).await;
    assert!(stored.len() >= answers);
}

/// F04: a process is stopped while it holds evaluations. Another completes them, and then the
/// stopped one continues with its own results.
async fn stopped_past_its_lease(deployment: Deployment) {
    let model = FakeModel::start(Script::honest()).await.unwrap();
    let with_model = |plan: Plan| {
        plan.with("LLM_API_URL", &model.url())
            .with("LLM_MODEL", "fault-1")
            .with("RUST_LOG", "debug")
            // The other process must not stall for as long, or the evaluations are claimed again.
            .with("EVALUATION_LEASE_SECONDS", "6")
    };
    let sleeper = with_model(Plan::serve(&deployment));
    let mut program = sleeper.start();
    let (ledger, reader) = (Ledger::new(deployment.folder.path()), Reader::open(&deployment).await);
    let ada = Person::sign_up(&[sleeper.url()], "ada").await;
    let questions = ada.questions("late").await;
    let asked = model.calls();
    // Only the sleeper gets these replies, and they are held back for now.
    model.set(Script::Fixed(LATE.to_owned()));
    model.hold();
    for (at, question) in questions.iter().enumerate() {
        let text = format!("Answer {at} is evaluated twice and counts once.");
        ada.submit(*question, &text, &format!("late {at}"), &ledger).await;
    }
    in_time("its calls", model.wait_for_calls(asked + questions.len())).await;
    program.stop();
    // Stopped in the middle of a write, such as a lease renewal, it would keep the file locked.
    while !reader.takes_writes().await {
        program.signal(Signal::SIGCONT);
        program.stop();
    }
    model.set(Script::honest());
    model.release();
    let other = with_model(Plan::worker(&deployment)).start();
    let before = reader.settled().await;
    assert!(before.iter().all(|answer| answer.attempts == 2), "another took them over: {before:?}");
    program.signal(Signal::SIGCONT);
    // It drains, so it writes what it has.
    program.signal(Signal::SIGTERM);
    in_time("its end", program.ended()).await;
    assert_eq!(reader.check(&ledger, &before).await, before, "the late server wrote something");
    drop(other);
}

/// An evaluation that finds nothing in the answer.
const LATE: &str = r#"{"scores":{"correctness":0,"completeness":0,"quality":0,"communication":0},
    "key_points":[],"mistakes":[],"feedback":"Too late.","suggestions":[]}"#;

/// Two servers without workers and two workers on one database; one of each is killed half-way and
/// restarted.
async fn one_of_each_is_killed(deployment: Deployment) {
    let servers = [Plan::serve_alone(&deployment), Plan::serve_alone(&deployment)];
    let workers = [Plan::worker(&deployment), Plan::worker(&deployment)];
    let (_server, server) = (servers[0].start(), servers[1].start());
    let (_worker, worker) = (workers[0].start(), workers[1].start());
    let ledger = Arc::new(Ledger::new(deployment.folder.path()));
    let reader = Reader::open(&deployment).await;
    let (urls, answers) = (servers.each_ref().map(Plan::url).to_vec(), scale(240, 10_000));
    let people = tokio::spawn({
        let ledger = Arc::clone(&ledger);
        async move { practise(&urls, 8, answers, &ledger).await }
    });
    in_time("half of the answers", ledger.has(answers / 2)).await;
    server.kill();
    worker.kill();
    let before = reader.stored().await;
    let _again = (servers[1].start(), workers[1].start());
    in_time("the people", people).await.unwrap();
    let stored = reader.check(&ledger, &before).await;
    assert!(stored.len() >= answers);
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f03_postgres_of_two_servers_and_two_workers_one_each_may_be_killed() {
    one_of_each_is_killed(Deployment::postgres().await).await;
}

#[tokio::test]
async fn f01_sqlite_a_server_that_is_killed_at_any_moment_loses_nothing() {
    killed_at_random(Deployment::sqlite()).await;
}

/// F05 asks whether a second process may use the same SQLite file: it may.
#[tokio::test]
async fn f03_f05_sqlite_two_servers_share_a_file_and_one_may_be_killed() {
    one_of_two_is_killed(Deployment::sqlite()).await;
}

#[tokio::test]
async fn f04_sqlite_a_server_that_wakes_late_writes_nothing() {
    stopped_past_its_lease(Deployment::sqlite()).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f01_postgres_a_server_that_is_killed_at_any_moment_loses_nothing() {
    killed_at_random(Deployment::postgres().await).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f03_postgres_two_servers_share_a_queue_and_one_may_be_killed() {
    one_of_two_is_killed(Deployment::postgres().await).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f04_postgres_a_server_that_wakes_late_writes_nothing() {
    stopped_past_its_lease(Deployment::postgres().await).await;
}
