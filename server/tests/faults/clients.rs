//! Clients that misbehave, and clients that come back: F25, F26, F27, F28, F29.

use std::sync::Arc;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use viva_proto::v1::{self, EvaluationStatus};
use viva_testing::{
    flood::{Flood, reset_rapidly},
    http2::{ENHANCE_YOUR_CALM, PREFACE, frame},
};

use crate::support::{
    in_time,
    ledger::Ledger,
    people::{Person, insist, practise},
    program::{Deployment, Plan},
    scale,
    state::Reader,
};

async fn connect(plan: &Plan) -> TcpStream {
    TcpStream::connect(("127.0.0.1", plan.port)).await.unwrap()
}

/// An honest client is served as usual.
async fn honest_client_is_served(deployment: &Deployment, plan: &Plan, name: &str) {
    let ledger = Ledger::new(deployment.folder.path());
    let ada = Person::sign_up(&[plan.url()], name).await;
    let question = ada.questions("honest").await[0];
    let text = "An honest answer in the midst of it.";
    ada.submit(question, text, &format!("honest {name}"), &ledger).await;
    let reader = Reader::open(deployment).await;
    reader.check(&ledger, &[]).await;
}

/// F25: clients that never begin, that send a byte now and then, and that never read.
async fn slow_clients(deployment: Deployment) {
    let plan = Plan::serve(&deployment);
    let program = plan.start();
    // The first answer makes the grader load its weights.
    honest_client_is_served(&deployment, &plan, "bob").await;
    let before = program.memory_mib();
    let mut slow = Vec::new();
    for _ in 0..20 {
        slow.push(connect(&plan).await);
        let mut dripping = connect(&plan).await;
        dripping.write_all(&PREFACE[..5]).await.unwrap();
        slow.push(dripping);
        let mut silent = connect(&plan).await;
        silent.write_all(PREFACE).await.unwrap();
        silent.write_all(&frame(4, 0, 0, &[])).await.unwrap();
        slow.push(silent);
    }
    honest_client_is_served(&deployment, &plan, "ada").await;
    assert!(program.memory_mib() < before + 64, "{} MiB", program.memory_mib());
    // Connections that never began are closed in time; F14 shows that they do not delay a shutdown.
    in_time("their end", slow[0].read(&mut [0; 1])).await.unwrap();
}

/// F26: more connections than the server takes, half of them idle, half sending.
async fn too_many_connections(deployment: Deployment) {
    let plan = Plan::serve(&deployment);
    let program = plan.start();
    let ledger = Arc::new(Ledger::new(deployment.folder.path()));
    practise(&[plan.url()], 1, 1, &ledger).await;
    let mut open = Vec::new();
    for at in 0..scale(1500, 10_000) {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", plan.port)).await {
            if at % 2 == 0 {
                let _ = stream.write_all(PREFACE).await;
            }
            open.push(stream);
        }
        // This process has a limit on file descriptors, too.
        if open.len() > 900 {
            open.drain(..100);
        }
    }
    drop(open);
    honest_client_is_served(&deployment, &plan, "bob").await;
    assert!(!program.log().contains("Too many open files"), "descriptors ran out");
    Reader::open(&deployment).await.check(&ledger, &[]).await;
}

/// F27: rapid resets, which end their connection, and floods of pings and settings.
async fn floods(deployment: Deployment) {
    let plan = Plan::serve(&deployment);
    let program = plan.start();
    honest_client_is_served(&deployment, &plan, "ada").await;
    let before = program.memory_mib();
    let address = ("127.0.0.1", plan.port);
    let path = "/viva.v1.InterviewService/ListInterviews";
    // Other clients are served meanwhile.
    let (goodbye, ()) = tokio::join!(
        reset_rapidly(address, path),
        honest_client_is_served(&deployment, &plan, "bob")
    );
    assert_eq!(goodbye, Some(ENHANCE_YOUR_CALM), "the connection is not ended with GOAWAY");
    for flood in Flood::ALL {
        flood.run(address, path, scale(20_000, 200_000)).await;
        assert!(program.memory_mib() < before + 64, "{} MiB", program.memory_mib());
    }
    honest_client_is_served(&deployment, &plan, "carl").await;
}

/// F28: a watch that is opened and cancelled a thousand times on one connection.
async fn cancelled_watches(deployment: Deployment) {
    let plan = Plan::serve(&deployment);
    let program = plan.start();
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    let question = ada.questions("watched").await[0];
    let watch = || v1::WatchInterviewRequest { interview_id: question.interview_id, follow: true };
    let before = program.memory_mib();
    for _ in 0..scale(1000, 10_000) {
        let stream = ada.answers().watch_interview(ada.ask(watch())).await.unwrap();
        drop(stream);
    }
    assert!(program.memory_mib() < before + 64, "{} MiB", program.memory_mib());
    let (ledger, text) =
        (Ledger::new(deployment.folder.path()), "Still here on the same connection.");
    ada.submit(question, text, "still", &ledger).await;
    Reader::open(&deployment).await.check(&ledger, &[]).await;
}

/// F29: a watch across kill -9: reopened, it begins with the current state and misses nothing.
async fn watch_across_kills(deployment: Deployment) {
    let plan = Plan::serve(&deployment);
    let mut program = plan.start();
    let ledger = Ledger::new(deployment.folder.path());
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    for round in 0..scale(3, 30) {
        let questions = ada.questions(&format!("round {round}")).await;
        for (at, question) in questions.iter().enumerate() {
            ada.submit(*question, "Answers under watch.", &format!("{round}-{at}"), &ledger).await;
        }
        program.kill();
        program = plan.start();
        let interview_id = questions[0].interview_id;
        let request = v1::WatchInterviewRequest { interview_id, follow: false };
        let mut seen = std::collections::HashMap::new();
        let open = async |_: usize| ada.answers().watch_interview(ada.ask(request)).await;
        let mut stream = insist("watch", open).await.into_inner();
        let watching = async {
            while let Some(message) = stream.message().await.unwrap() {
                let answer = message.answer.unwrap();
                seen.insert(answer.question_id, answer.evaluation.unwrap().status());
            }
        };
        in_time("the watch", watching).await;
        assert_eq!(seen.len(), questions.len());
        assert!(seen.values().all(|status| *status == EvaluationStatus::Completed), "{seen:?}");
    }
    Reader::open(&deployment).await.check(&ledger, &[]).await;
    drop(program);
}

#[tokio::test]
async fn f25_sqlite_slow_clients_harm_no_others() {
    slow_clients(Deployment::sqlite()).await;
}

#[tokio::test]
async fn f26_sqlite_too_many_connections_are_turned_away_and_the_rest_are_served() {
    too_many_connections(Deployment::sqlite()).await;
}

#[tokio::test]
async fn f27_sqlite_rapid_resets_end_their_connection_and_floods_harm_no_others() {
    floods(Deployment::sqlite()).await;
}

#[tokio::test]
async fn f28_sqlite_cancelled_watches_leave_nothing_behind_and_keep_their_connection() {
    cancelled_watches(Deployment::sqlite()).await;
}

#[tokio::test]
async fn f29_sqlite_a_watch_that_was_cut_off_misses_nothing() {
    watch_across_kills(Deployment::sqlite()).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f25_postgres_slow_clients_harm_no_others() {
    slow_clients(Deployment::postgres().await).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f26_postgres_too_many_connections_are_turned_away_and_the_rest_are_served() {
    too_many_connections(Deployment::postgres().await).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f27_postgres_rapid_resets_end_their_connection_and_floods_harm_no_others() {
    floods(Deployment::postgres().await).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f28_postgres_cancelled_watches_leave_nothing_behind_and_keep_their_connection() {
    cancelled_watches(Deployment::postgres().await).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f29_postgres_a_watch_that_was_cut_off_misses_nothing() {
    watch_across_kills(Deployment::postgres().await).await;
}
