//! Tests that would take minutes through the network.

use std::sync::Arc;

use super::*;
use crate::{
    auth::{access_token::AccessTokens, password::Passwords, signing_key::SigningKey},
    domain::{
        clock::{Clock, SystemClock},
        interview::Level,
        question::{NewQuestion, QuestionOrigin, Rubric},
        throttle::SignInRates,
        timing::Conditions,
    },
    storage::{
        InterviewStore,
        interviews::NewInterview,
        sqlite::{SqliteOptions, SqliteStore},
    },
};

/// An interview that is a dozen chunks long.
fn long_interview(caller: Caller) -> NewInterview {
    let question = NewQuestion {
        text: "Why?".into(),
        topic: "sql".into(),
        origin: QuestionOrigin::Model,
        bank_id: None,
        rubric: Rubric::default(),
    };
    NewInterview {
        user_id: caller.user_id,
        role: "Backend engineer".into(),
        level: Level::Mid,
        language: "en".into(),
        job_description: "x".repeat(12 * CHUNK_BYTES),
        created_at: SystemClock.now(),
        questions: vec![question],
        model_calls: 0,
        request: None,
        conditions: Conditions::default(),
    }
}

#[tokio::test]
async fn a_stalled_reader_loses_its_slot_and_gets_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("viva.db");
    let options = SqliteOptions { path, query_timeout: Duration::from_secs(5) };
    let store = Arc::new(SqliteStore::open(options).await.unwrap());
    let tokens = Arc::new(AccessTokens::new(&SigningKey::for_tests("k"), LONGEST));
    let (clock, passwords) = (Arc::new(SystemClock), Passwords::new().unwrap());
    let accounts =
        Accounts::new(store.clone(), clock, passwords, tokens, LONGEST, SignInRates::OFF);
    let session = accounts.open_owner_session().await.unwrap();
    let caller = accounts.authenticate(&session.access.token).await.unwrap();
    store.create_interview(long_interview(caller)).await.unwrap();
    let mut stalled = Vec::new();
    for _ in 0..MOST_AT_ONCE {
        stalled.push(accounts.export_to(caller, Duration::from_millis(1)).await.unwrap());
    }
    // Each gives up on its reader after a moment and releases its slot. Only when all have done so
    // can the same number start again.
    let mut again = Vec::new();
    while again.len() < MOST_AT_ONCE {
        match accounts.export(caller).await {
            Ok(reading) => again.push(reading),
            Err(ServiceError::RateLimited(..)) => tokio::task::yield_now().await,
            Err(error) => panic!("{error:?}"),
        }
    }
    for mut reading in again {
        let mut bytes = 0;
        while let Some(chunk) = reading.recv().await {
            bytes += chunk.unwrap().len();
        }
        assert!(bytes > 12 * CHUNK_BYTES, "a reader that reads gets all of it");
    }
    for mut reading in stalled {
        // The chunks written before the end are still delivered.
        for _ in 0..BUFFER {
            assert!(reading.recv().await.unwrap().is_ok());
        }
        let end = reading.recv().await.unwrap().map(|chunk| chunk.len());
        assert!(matches!(end, Err(ServiceError::Timeout(_))), "{end:?}");
        assert!(reading.recv().await.is_none());
    }
}
