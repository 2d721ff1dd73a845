//! Killing the process at any moment between an acknowledged submit and the end of its evaluation
//! loses nothing.

use std::{collections::HashMap, path::Path, time::Duration};

use nix::sys::signal::Signal;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use viva_proto::v1::{self, EvaluationStatus};

use crate::support::{PASSWORD, Person, program::Program};

/// How many processes are killed.
const KILLS: u64 = 50;

/// How long a process lives at most after it has acknowledged an answer: several times as long as
/// grading takes, so that some die before, some during and some after it.
const LONGEST_LIFE: Duration = Duration::from_secs(1);

/// Why an evaluation fails during which five processes died.
const GIVEN_UP: &str = "The grader stopped 5 times without a result.";

/// A dead process's lease expires after this.
const ENVIRONMENT: [(&str, &str); 1] = [("EVALUATION_LEASE_SECONDS", "1")];

async fn register(program: &Program) -> v1::Session {
    let mut auth = v1::auth_service_client::AuthServiceClient::new(program.channel().await);
    let registration = v1::RegisterRequest {
        username: "ada".into(),
        email: "ada@corpus.example".into(),
        password: PASSWORD.into(),
    };
    auth.register(registration).await.unwrap();
    let login = v1::LoginRequest { username: "ada".into(), password: PASSWORD.into() };
    auth.login(login).await.unwrap().into_inner().session.unwrap()
}

/// Evaluations that the dead process left unfinished.
async fn unfinished(home: &Path) -> i64 {
    let file = home.join(".local/share/viva/viva.db");
    let options = SqliteConnectOptions::new().filename(file);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query_scalar("SELECT count(*) FROM evaluations WHERE status = 'pending'")
        .fetch_one(&mut database)
        .await
        .unwrap()
}

#[tokio::test]
async fn kill_9_at_fifty_random_moments_loses_no_acknowledged_answer() {
    let home = tempfile::tempdir().unwrap();
    let first = Program::serve(home.path(), &ENVIRONMENT);
    let session = register(&first).await;
    drop(first);
    let mut dice = StdRng::seed_from_u64(20_261_123);
    let mut acknowledged: HashMap<i64, String> = HashMap::new();
    let mut interviews = Vec::new();
    let mut kills_before_the_end = 0;
    for round in 0..KILLS {
        let program = Program::serve(home.path(), &ENVIRONMENT);
        let ada = Person { channel: program.channel().await, session: session.clone() };
        let interview = ada.create("Backend engineer", 3).await;
        for question in 0..dice.random_range(1..=3) {
            let text = format!("Round {round}: measure first.");
            let id = ada.submit(&interview, question, &text).await.unwrap();
            acknowledged.insert(id, text);
        }
        interviews.push(interview.id);
        // The random moment is the experiment; the sleep does not wait for anything. Every fifth
        // process dies as soon as it has acknowledged.
        let life = if round % 5 == 0 { 0.0 } else { dice.random::<f64>() };
        tokio::time::sleep(LONGEST_LIFE.mul_f64(life)).await;
        program.signal(Signal::SIGKILL);
        assert!(!program.wait().success());
        kills_before_the_end += i64::from(unfinished(home.path()).await > 0);
    }
    assert!(kills_before_the_end > 0, "no kill came before the end of an evaluation");

    let program = Program::serve(home.path(), &ENVIRONMENT);
    let ada = Person { channel: program.channel().await, session };
    for interview in &interviews {
        // This only watches; it does not request an evaluation.
        ada.settled(*interview).await;
    }
    // An evaluation during which five processes died fails with a reason and can be retried.
    for id in acknowledged.keys() {
        let evaluation = ada.status(*id).await.unwrap().evaluation.unwrap();
        if evaluation.status() == EvaluationStatus::Failed {
            assert_eq!(evaluation.failure_reason, GIVEN_UP);
            let again = ada.ask(v1::RetryEvaluationRequest { answer_id: *id });
            ada.answers().retry_evaluation(again).await.unwrap();
        }
    }
    for interview in interviews {
        ada.settled(interview).await;
    }
    for (id, text) in acknowledged {
        let answer = ada.status(id).await.unwrap();
        assert_eq!(answer.answer_text, text);
        let evaluation = answer.evaluation.unwrap();
        assert_eq!(evaluation.status(), EvaluationStatus::Completed, "{evaluation:?}");
    }
}
