//! How long it takes to open a database that an older version has filled: 100,000 interviews of
//! five questions, four of which have an evaluated answer.
//!
//!     cargo bench -p viva-server --bench migrate
//!     scripts/with-postgres cargo bench -p viva-server --bench migrate     # PostgreSQL, too
//!
//! The database is filled with copies of what the version in `tests/kept` wrote.

use std::{
    error::Error,
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use viva_server::storage::{
    Lifecycle,
    postgres::{PostgresOptions, PostgresStore, PostgresUrl},
    sqlite::{SqliteOptions, SqliteStore},
};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Statements that copy what is there; both databases read them the same way.
const FILL: [&str; 5] = [
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
     INSERT INTO users (username, email, hashed_password, created_at)
     SELECT 'filled-' || i, 'filled-' || i || '@example.org', '', first.created_at
     FROM n, (SELECT min(created_at) AS created_at FROM users) AS first",
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
     INSERT INTO interviews (user_id, role, level, language, job_description, created_at)
     SELECT id, 'filled', 'senior', 'en', '', created_at
     FROM users, n WHERE username LIKE 'filled-%'",
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)
     INSERT INTO questions (interview_id, question_text, question_order, topic, source, bank_id,
                            reference_answer, rubric)
     SELECT interviews.id, question_text, i, topic, source, bank_id, reference_answer, rubric
     FROM interviews, n, (SELECT * FROM questions ORDER BY id LIMIT 1) AS kept
     WHERE role = 'filled'",
    "INSERT INTO answers (question_id, user_id, answer_text, submitted_at, attempt, duration_ms)
     SELECT questions.id, interviews.user_id, answer_text, submitted_at, 1, 0
     FROM interviews JOIN questions ON questions.interview_id = interviews.id,
          (SELECT answer_text, submitted_at FROM answers ORDER BY id LIMIT 1) AS kept
     WHERE role = 'filled' AND question_order < 5",
    "INSERT INTO evaluations (answer_id, user_id, status, attempts, fence, due_at, stands_at, scores,
                              feedback, suggestions, details, grader_kind, grader_name,
                              grader_version, evaluated_at)
     SELECT answers.id, answers.user_id, kept.status, 1, 1, kept.due_at, kept.stands_at,
            kept.scores, kept.feedback, kept.suggestions, kept.details, kept.grader_kind,
            kept.grader_name, kept.grader_version, kept.evaluated_at
     FROM answers LEFT JOIN evaluations ON evaluations.answer_id = answers.id,
          (SELECT * FROM evaluations WHERE status = 'completed' ORDER BY id LIMIT 1) AS kept
     WHERE evaluations.id IS NULL",
];

/// Counts the copied interviews whose progress was filled in correctly.
const FOUND: &str = "SELECT count(*) FROM interviews
     WHERE role = 'filled' AND question_count = 5 AND CAST(progress AS TEXT) LIKE '%\"4\"%'";

const QUERY_TIMEOUT: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() -> Result<()> {
    sqlite().await?;
    match std::env::var("VIVA_TEST_POSTGRES") {
        Ok(server) => postgres(&server).await,
        Err(_) => Ok(()),
    }
}

fn kept(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/kept").join(name)
}

fn tell(database: &str, size: u64, took: Duration, found: i64) -> Result<()> {
    let mebibytes = size / (1024 * 1024);
    println!("{database}: {mebibytes} MiB, {found} interviews, opened after {took:.1?}");
    if found == 100_000 { Ok(()) } else { Err("some progress is missing".into()) }
}

async fn sqlite() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("viva.db");
    fs::copy(kept("viva.db"), &path)?;
    let address = format!("sqlite:{}", path.display());
    let mut connection = SqliteConnection::connect(&address).await?;
    for fill in FILL {
        connection.execute(fill).await?;
    }
    connection.close().await?;
    let size = fs::metadata(&path)?.len();
    let began = Instant::now();
    let options = SqliteOptions { path, query_timeout: QUERY_TIMEOUT };
    let store = SqliteStore::open(options).await?;
    let took = began.elapsed();
    store.close().await;
    let mut connection = SqliteConnection::connect(&address).await?;
    let found = sqlx::query_scalar(FOUND).fetch_one(&mut connection).await?;
    tell("SQLite", size, took, found)
}

/// Measures in a database of its own on that server, and removes it afterwards.
async fn postgres(server: &str) -> Result<()> {
    const NAME: &str = "viva_migrate_bench";
    let mut operator = PgConnection::connect(server).await?;
    let drop = format!("DROP DATABASE IF EXISTS {NAME} WITH (FORCE)");
    operator.execute(AssertSqlSafe(drop.clone())).await?;
    operator.execute(AssertSqlSafe(format!("CREATE DATABASE {NAME}"))).await?;
    let (host, _) = server.rsplit_once('/').ok_or("no database in the address")?;
    let measured = in_postgres(&format!("{host}/{NAME}")).await;
    operator.execute(AssertSqlSafe(drop)).await?;
    measured
}

async fn in_postgres(url: &str) -> Result<()> {
    let mut connection = PgConnection::connect(url).await?;
    let dump = fs::read_to_string(kept("postgres.sql"))?;
    connection.execute(sqlx::raw_sql(AssertSqlSafe(dump))).await?;
    // The dump leaves its connection without a schema.
    let mut connection = PgConnection::connect(url).await?;
    for fill in FILL {
        connection.execute(fill).await?;
    }
    connection.execute("VACUUM ANALYZE").await?;
    let size: i64 = sqlx::query_scalar("SELECT pg_database_size(current_database())")
        .fetch_one(&mut connection)
        .await?;
    let began = Instant::now();
    let url = PostgresUrl::parse(url).ok_or("no address")?;
    let options = PostgresOptions { url, pool_size: 2, query_timeout: QUERY_TIMEOUT };
    let store = PostgresStore::open(options).await?;
    let took = began.elapsed();
    store.close().await;
    let found = sqlx::query_scalar(FOUND).fetch_one(&mut connection).await?;
    tell("PostgreSQL", u64::try_from(size)?, took, found)
}
