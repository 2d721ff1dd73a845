//! The database fails: F10, F12, F13, F32, F33.

use std::{fs, process::Command, sync::Arc, time::Duration};

use nix::sys::signal::Signal;
use sqlx::{
    AssertSqlSafe, Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions,
};
use tonic::Code;
use viva_proto::v1;

use crate::support::{
    in_time,
    ledger::Ledger,
    people::{Person, practise},
    program::{Deployment, Plan, Program},
    scale,
    state::Reader,
};

/// F10: a statement is blocked by a lock beyond the query timeout.
#[tokio::test]
async fn f10_sqlite_a_write_that_waits_too_long_is_a_timeout_and_the_next_one_works() {
    let deployment = Deployment::sqlite();
    let plan = Plan::serve(&deployment);
    let _program = plan.start();
    let ledger = Arc::new(Ledger::new(deployment.folder.path()));
    practise(&[plan.url()], 1, 1, &ledger).await;
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    let question = ada.questions("blocked").await[0];
    let file = SqliteConnectOptions::new().filename(deployment.folder.path().join("viva.db"));
    let mut other = SqliteConnection::connect_with(&file).await.unwrap();
    let lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let request = v1::SubmitAnswerRequest {
        interview_id: question.interview_id,
        question_id: question.question_id,
        answer_text: "It has to wait for somebody's lock.".into(),
        idempotency_key: "blocked".into(),
        duration_ms: 0,
    };
    let refused = ada.answers().submit_answer(ada.ask(request)).await.unwrap_err();
    assert_eq!((refused.code(), refused.message()), (Code::DeadlineExceeded, "Request timeout"));
    lock.rollback().await.unwrap();
    ada.submit(question, "It has to wait for somebody's lock.", "blocked", &ledger).await;
    Reader::open(&deployment).await.check(&ledger, &[]).await;
}

/// F12: the disk is full. Submits are refused, stored answers stay, and the server continues once
/// there is space again.
async fn full_disk(
    deployment: Deployment,
    fill: impl AsyncFn(&Program),
    empty: impl AsyncFn(&Program),
) {
    let plan = Plan::serve(&deployment);
    let program = plan.start();
    let ledger = Arc::new(Ledger::new(deployment.folder.path()));
    practise(&[plan.url()], 2, scale(20, 200), &ledger).await;
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    let question = ada.questions("full").await[0];
    let reader = Reader::open(&deployment).await;
    reader.check(&ledger, &[]).await;
    fill(&program).await;
    let request = v1::SubmitAnswerRequest {
        interview_id: question.interview_id,
        question_id: question.question_id,
        answer_text: "There is no room for this one. ".repeat(300),
        idempotency_key: "full".into(),
        duration_ms: 0,
    };
    let refused = ada.answers().submit_answer(ada.ask(request)).await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.message()),
        (Code::Unavailable, "Database temporarily unavailable")
    );
    empty(&program).await;
    ada.submit(question, "There is room again.", "room", &ledger).await;
    reader.check(&ledger, &[]).await;
}

#[tokio::test]
async fn f12_sqlite_a_full_disk_refuses_and_loses_nothing() {
    // For a program, a file size limit is like a full disk, and it can be lifted again.
    let fill = async |program: &Program| program.limit_file_size(Some(0));
    full_disk(Deployment::sqlite(), fill, async |program| program.limit_file_size(None)).await;
}

/// Runs a statement as the database's operator would.
async fn operate(url: &str, statement: &str) {
    let mut operator = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut operator).await.unwrap();
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f12_postgres_a_full_disk_refuses_and_loses_nothing() {
    let deployment = Deployment::postgres().await;
    let url = deployment.url();
    // Other tests use the same server and disk, so a trigger raises PostgreSQL's own error for a
    // full disk when an answer is inserted.
    let fill = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
        END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON answers EXECUTE FUNCTION full_disk()";
    let empty = "DROP TRIGGER full_disk ON answers";
    let (fill, empty) =
        (async |_: &_| operate(&url, fill).await, async |_: &_| operate(&url, empty).await);
    full_disk(deployment, fill, empty).await;
}

/// F13: the database is renamed while the server runs, and back again: a clear error meanwhile, no
/// new empty database, and no restart.
#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f13_postgres_a_database_that_is_taken_away_is_an_error_until_it_is_back() {
    let deployment = Deployment::postgres().await;
    let (url, ledger) = (deployment.url(), Arc::new(Ledger::new(deployment.folder.path())));
    let (server, name) = url.rsplit_once('/').unwrap();
    let operator = format!("{server}/postgres");
    let plan = Plan::serve(&deployment);
    let _program = plan.start();
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    let questions = ada.questions("taken away").await;
    ada.submit(questions[0], "This one comes before.", "before", &ledger).await;
    operate(&operator, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
    let cut =
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    operate(&operator, &cut).await;
    operate(&operator, &format!("ALTER DATABASE {name} RENAME TO {name}_away")).await;
    let request = v1::ListInterviewsRequest::default();
    let refused = ada.interviews().list_interviews(ada.ask(request)).await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.message()),
        (Code::Unavailable, "Database temporarily unavailable")
    );
    // This statement would fail if a new database of that name existed.
    operate(&operator, &format!("ALTER DATABASE {name}_away RENAME TO {name}")).await;
    operate(&operator, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await;
    ada.submit(questions[1], "This one comes after.", "after", &ledger).await;
    Reader::open(&deployment).await.check(&ledger, &[]).await;
}

/// F13: the file is replaced or truncated: a clear error at start, and it is left as it is.
#[tokio::test]
async fn f13_sqlite_a_damaged_file_is_an_error_and_not_an_empty_database() {
    let deployment = Deployment::sqlite();
    let plan = Plan::serve(&deployment);
    let mut program = plan.start();
    let ledger = Arc::new(Ledger::new(deployment.folder.path()));
    practise(&[plan.url()], 1, 2, &ledger).await;
    let reader = Reader::open(&deployment).await;
    reader.check(&ledger, &[]).await;
    reader.close().await;
    // With the write-ahead log of a killed server, SQLite would rightly repair the damaged file.
    program.signal(Signal::SIGTERM);
    assert!(program.wait().success());
    let file = deployment.folder.path().join("viva.db");
    let kept = fs::read(&file).unwrap();
    let half = kept.len() / 8192 * 4096;
    let cuts = [
        ("a note", b"Dear diary".to_vec()),
        ("its head", kept[..100].to_vec()),
        ("half of it", kept[..half].to_vec()),
    ];
    for (name, content) in cuts {
        fs::write(&file, &content).unwrap();
        let refused = plan.refused();
        assert!(refused.contains("viva.db"), "{name}: {refused}");
        assert_eq!(fs::read(&file).unwrap(), content, "{name} was touched");
    }
    fs::write(&file, &kept).unwrap();
    let _program = plan.start();
    Reader::open(&deployment).await.check(&ledger, &[]).await;
}

/// F33: a migration is killed half-way, many times: the schema is complete or absent, and the next
/// start completes it.
async fn killed_while_it_migrates(deployment: Deployment, round: u64) {
    let plan = Plan::serve(&deployment);
    let starting = plan.spawn();
    // The moment of the kill is the experiment; the sleep waits for nothing.
    tokio::time::sleep(Duration::from_millis(round % 8 * 10)).await;
    starting.kill();
    let _program = plan.start();
    let ledger = Arc::new(Ledger::new(deployment.folder.path()));
    in_time("practice", practise(&[plan.url()], 1, 1, &ledger)).await;
    Reader::open(&deployment).await.check(&ledger, &[]).await;
}

#[tokio::test]
async fn f33_sqlite_a_killed_migration_is_completed_at_the_next_start() {
    for round in 0..scale(8, 100) {
        killed_while_it_migrates(Deployment::sqlite(), round).await;
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f33_postgres_a_killed_migration_is_completed_at_the_next_start() {
    for round in 0..scale(8, 100) {
        killed_while_it_migrates(Deployment::postgres().await, round).await;
    }
}

/// One of PostgreSQL's programs, which Debian keeps out of PATH.
fn postgres_program(name: &str) -> Command {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut found: Vec<_> =
        versions.map(|version| version.unwrap().path().join("bin").join(name)).collect();
    found.sort();
    Command::new(found.pop().unwrap_or_else(|| name.into()))
}

/// F32: a backup is made under load and restored as docs/operations.md says: every answer
/// acknowledged before it began is there, and pending ones are evaluated.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f32_postgres_a_backup_under_load_restores_whole() {
    let deployment = Deployment::postgres().await;
    let plan = Plan::serve(&deployment);
    let _program = plan.start();
    let before = Arc::new(Ledger::new(deployment.folder.path()));
    practise(&[plan.url()], 4, scale(40, 2000), &before).await;
    let later = tempfile::tempdir().unwrap();
    let during = Arc::new(Ledger::new(later.path()));
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    let writing = tokio::spawn({
        let during = Arc::clone(&during);
        async move {
            for round in 0..scale(10, 100) {
                for (at, question) in ada.questions(&format!("{round}")).await.iter().enumerate() {
                    let key = format!("during {round}-{at}");
                    ada.submit(*question, "Written during the backup.", &key, &during).await;
                }
            }
        }
    });
    let file = deployment.folder.path().join("viva.dump");
    let dump = format!("--dbname={}", deployment.url());
    let done =
        postgres_program("pg_dump").args(["--format=custom", &dump, "--file"]).arg(&file).status();
    assert!(done.unwrap().success(), "pg_dump failed");
    let restored = Deployment::postgres().await;
    let into = format!("--dbname={}", restored.url());
    let done = postgres_program("pg_restore").args(["--no-owner", &into]).arg(&file).status();
    assert!(done.unwrap().success(), "pg_restore failed");
    let plan = Plan::serve(&restored);
    let _restored = plan.start();
    Reader::open(&restored).await.check(&before, &[]).await;
    in_time("the writer", writing).await.unwrap();
}
