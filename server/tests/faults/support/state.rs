//! What the database holds in the end, and the promises to check in it:
//!
//! - I1: every acknowledged answer is there with its text
//! - I2: every answer has exactly one evaluation, ended or still to be done
//! - I3: no evaluation is without an answer, and none stays leased
//! - I4: no completed evaluation has changed
//! - I5: no evaluation was attempted more often than allowed
//! - I7: one key has made one answer
//! - I8: everything ends by itself
//!
//! I6, that no more model calls are made than needed, is checked in the model experiments.

use std::{collections::HashMap, time::Duration};

use sqlx::{Connection, PgPool, Row, SqliteConnection, SqlitePool, sqlite::SqliteConnectOptions};

use super::{
    ledger::{Ledger, hash},
    patience,
    program::{Database, Deployment},
};

/// How many attempts an evaluation may have, as the programs are configured.
const MOST_ATTEMPTS: i64 = 20;

/// One answer with its evaluation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stored {
    pub(crate) answer_id: i64,
    pub(crate) text_hash: String,
    pub(crate) key: Option<String>,
    pub(crate) evaluations: i64,
    pub(crate) status: String,
    pub(crate) attempts: i64,
    pub(crate) is_leased: bool,
    /// Why the grader declined to judge it.
    pub(crate) refusal: Option<String>,
    /// A hash of everything a completed evaluation says.
    pub(crate) verdict: String,
}

/// Reads the database independently of the programs.
pub(crate) enum Reader {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Reads one row of either database.
fn stored<'r, R: Row>(row: &'r R) -> Stored
where
    &'static str: sqlx::ColumnIndex<R>,
    i64: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    bool: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    String: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    Option<String>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    Stored {
        answer_id: row.get("id"),
        text_hash: hash(&row.get::<String, _>("answer_text")),
        key: row.get("idempotency_key"),
        evaluations: row.get("evaluations"),
        status: row.get("status"),
        attempts: row.get("attempts"),
        is_leased: row.get("is_leased"),
        refusal: row.get("refusal"),
        verdict: hash(&row.get::<String, _>("verdict")),
    }
}

impl Reader {
    pub(crate) async fn open(deployment: &Deployment) -> Self {
        match &deployment.database {
            Database::Sqlite(file) => {
                let options = SqliteConnectOptions::new().filename(file).read_only(true);
                Self::Sqlite(SqlitePool::connect_with(options).await.unwrap())
            }
            Database::Postgres(url) => Self::Postgres(PgPool::connect(url).await.unwrap()),
        }
    }

    /// Closes the connections to the database.
    pub(crate) async fn close(self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// Every answer with its evaluation.
    pub(crate) async fn stored(&self) -> Vec<Stored> {
        const QUERY: &str = "SELECT answers.id, answer_text, idempotency_key,
                (SELECT count(*) FROM evaluations e WHERE e.answer_id = answers.id) AS evaluations,
                status, CAST(attempts AS BIGINT) AS attempts, lease_until IS NOT NULL AS is_leased,
                refusal,
                coalesce(CAST(scores AS TEXT), '') || coalesce(feedback, '')
                    || coalesce(CAST(details AS TEXT), '') AS verdict
             FROM answers JOIN evaluations ON evaluations.answer_id = answers.id
             ORDER BY answers.id";
        match self {
            Self::Sqlite(pool) => {
                let rows = sqlx::query(QUERY).fetch_all(pool).await.unwrap();
                rows.iter().map(stored).collect()
            }
            Self::Postgres(pool) => {
                let rows = sqlx::query(QUERY).fetch_all(pool).await.unwrap();
                rows.iter().map(stored).collect()
            }
        }
    }

    async fn count(&self, query: &'static str) -> i64 {
        match self {
            Self::Sqlite(pool) => sqlx::query_scalar(query).fetch_one(pool).await.unwrap(),
            Self::Postgres(pool) => sqlx::query_scalar(query).fetch_one(pool).await.unwrap(),
        }
    }

    /// The number of unused refresh tokens in sessions that have not ended.
    pub(crate) async fn living_refresh_tokens(&self) -> i64 {
        self.count(
            "SELECT count(*) FROM refresh_tokens JOIN sessions ON sessions.id = session_id
             WHERE used_at IS NULL AND ended_at IS NULL",
        )
        .await
    }

    /// Checks that no database session is idle inside a transaction; a file has no sessions.
    pub(crate) async fn no_transaction_is_open(&self) {
        if matches!(self, Self::Postgres(_)) {
            let open = "SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
            assert_eq!(self.count(open).await, 0, "a transaction is open");
        }
    }

    /// Whether the database accepts writes. A process that is stopped during a write to a SQLite
    /// file keeps all others out until it continues or ends.
    pub(crate) async fn takes_writes(&self) -> bool {
        let Self::Sqlite(pool) = self else { return true };
        let writable = pool.connect_options().as_ref().clone().read_only(false);
        let mut writer = SqliteConnection::connect_with(&writable).await.unwrap();
        let begun = sqlx::query("BEGIN IMMEDIATE").execute(&mut writer).await.is_ok();
        writer.close().await.unwrap();
        begun
    }

    /// Waits until every evaluation has ended: I8.
    pub(crate) async fn settled(&self) -> Vec<Stored> {
        let settled = async {
            loop {
                let stored = self.stored().await;
                if stored.iter().all(|answer| answer.status != "pending") {
                    return stored;
                }
                // SQLite does not notify other processes of a change.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        if let Ok(stored) = tokio::time::timeout(patience(), settled).await {
            return stored;
        }
        let open = self.stored().await.into_iter().filter(|answer| answer.status == "pending");
        panic!("I8: still pending after {:?}: {:?}", patience(), open.collect::<Vec<_>>())
    }

    /// Waits until every evaluation has ended, checks every promise and returns what is stored.
    pub(crate) async fn check(&self, ledger: &Ledger, before: &[Stored]) -> Vec<Stored> {
        let stored = self.settled().await;
        let by_id: HashMap<i64, &Stored> = stored.iter().map(|s| (s.answer_id, s)).collect();
        for entry in ledger.entries() {
            let found = by_id.get(&entry.answer_id);
            let found = found.unwrap_or_else(|| panic!("I1: {entry:?} is lost"));
            assert_eq!(found.text_hash, entry.text_hash, "I1: another text");
            assert_eq!(found.key.as_ref(), Some(&entry.key), "I7: another key");
        }
        let mut keys = HashMap::new();
        for answer in &stored {
            assert_eq!(answer.evaluations, 1, "I2: {answer:?}");
            assert!(!answer.is_leased, "I3: {answer:?}");
            assert!(answer.attempts <= MOST_ATTEMPTS, "I5: {answer:?}");
            if let Some(key) = &answer.key {
                let other = keys.insert(key.clone(), answer.answer_id);
                assert_eq!(other, None, "I7: {key} made two answers");
            }
        }
        let answers = self.count("SELECT count(*) FROM answers").await;
        assert_eq!(
            answers,
            i64::try_from(stored.len()).unwrap(),
            "I2: an answer has no evaluation"
        );
        let orphans = "SELECT count(*) FROM evaluations
                       WHERE answer_id NOT IN (SELECT id FROM answers)";
        assert_eq!(self.count(orphans).await, 0, "I3: an evaluation without an answer");
        for old in before.iter().filter(|old| old.status == "completed") {
            if let Some(now) = by_id.get(&old.answer_id) {
                assert_eq!((&now.verdict, &now.status), (&old.verdict, &old.status), "I4: {old:?}");
            }
        }
        stored
    }
}
