//! Replays the corpus of bad requests: each row's call must give the result that the row expects,
//! and after each one the server must still answer a good request.

mod expect;
mod fixture;
mod lock;
pub(crate) mod raw;

use std::time::{Duration, Instant};

use crate::support::QUERY_TIMEOUT;
use expect::{faults, rows};
use fixture::Fixture;

#[tokio::test]
async fn every_row_of_the_corpus_gives_the_result_it_expects() {
    let mut wrong = Vec::new();
    for row in rows().iter().filter(|row| row["env"].is_null()) {
        let fixture = Fixture::new().await;
        let began = Instant::now();
        let outcome = fixture.send(row).await;
        let took = began.elapsed();
        let mut found = faults(row, &outcome, took);
        if !fixture.answers_the_next_good_request().await {
            found.push("the next good request fails".into());
        }
        wrong.extend(found.into_iter().map(|fault| format!("{}: {fault}", row["name"])));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn with_the_database_down_calls_say_that_it_is_unavailable() {
    let fixture = Fixture::new().await;
    fixture.server.store.close().await;
    for row in rows().iter().filter(|row| row["env"] == "db_down") {
        let found = faults(row, &fixture.send(row).await, Duration::ZERO);
        assert!(found.is_empty(), "{}: {found:?}", row["name"]);
    }
}

#[tokio::test]
async fn with_a_blocked_database_calls_time_out_and_then_the_server_recovers() {
    let fixture = Fixture::new().await;
    let database = fixture.server.folder.path().join("viva.db");
    // Not on the test's own thread: the server shares it and may be in the middle of a write, and
    // would then hold its lock forever.
    let lock = tokio::task::spawn_blocking(move || lock::hold(&database)).await.unwrap();
    for row in rows().iter().filter(|row| row["env"] == "db_slow") {
        let began = Instant::now();
        let found = faults(row, &fixture.send(row).await, Duration::ZERO);
        assert!(found.is_empty(), "{}: {found:?}", row["name"]);
        assert!(began.elapsed() >= QUERY_TIMEOUT / 2, "the call waited for the lock");
    }
    drop(lock);
    while !fixture.answers_the_next_good_request().await {}
}

#[test]
fn the_corpus_has_rows_of_every_environment() {
    for env in ["db_down", "db_slow"] {
        assert!(rows().iter().any(|row| row["env"] == env));
    }
    assert!(rows().iter().filter(|row| row["env"].is_null()).count() >= 40);
}
