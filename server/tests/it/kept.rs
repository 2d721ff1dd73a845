//! A server opens what an earlier version has written (`tests/kept`) and continues with it.

use std::{fs, path::PathBuf};

use sqlx::Executor as _;
use viva_proto::v1::{self, EvaluationStatus};

use crate::support::{
    PASSWORD, Person, TestServer, program::command, reason, scratch, settings, with_token,
};

/// The account's name and password as they were typed then, and as another keyboard sends them.
const NAME: &str = "Jose\u{301} Mari\u{301}a";
const TYPED: &str = "pa\u{308}ssword \u{a0} 42";
const ELSEWHERE: &str = "pässword   42";

fn kept(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/kept").join(name)
}

async fn interviews(person: &Person) -> Vec<v1::Interview> {
    let request = person.ask(v1::ListInterviewsRequest::default());
    person.interviews().list_interviews(request).await.unwrap().into_inner().interviews
}

/// The accounts sign in as before, the waiting answer is evaluated, and the API key works.
async fn goes_on(server: &TestServer, key: &str) {
    for password in [TYPED, TYPED, ELSEWHERE] {
        server.sign_in(NAME, password).await.unwrap();
    }
    let jose = server.sign_in(NAME, TYPED).await.unwrap();
    let mine = interviews(&jose).await;
    assert_eq!(mine.len(), 1);
    jose.settled(mine[0].id).await;
    for question in jose.report(mine[0].id).await.unwrap().questions {
        let evaluation = question.answer.unwrap().evaluation.unwrap();
        assert_eq!(evaluation.status(), EvaluationStatus::Completed, "{evaluation:?}");
    }
    let request = with_token(v1::ListInterviewsRequest::default(), key);
    let by_key = jose.interviews().list_interviews(request).await.unwrap().into_inner();
    assert_eq!(by_key.interviews, interviews(&jose).await);
    for name in ["ada", "Ada"] {
        let person = server.sign_in(name, PASSWORD).await.unwrap();
        let me = person.auth().get_me(person.ask(v1::GetMeRequest {})).await.unwrap().into_inner();
        assert_eq!(me.user.unwrap().username, name);
        assert!(me.notice.contains(&format!("exactly “{name}”")), "{}", me.notice);
        assert_eq!(interviews(&person).await, []);
    }
    assert_eq!(reason(&server.sign_in("ADA", PASSWORD).await.unwrap_err()), "INVALID_CREDENTIALS");
    server.sign_up("bob").await;
}

#[tokio::test]
async fn an_earlier_versions_file_is_opened_and_everything_in_it_works() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("viva.db");
    fs::copy(kept("viva.db"), &file).unwrap();
    let server = TestServer::start_at(&file, settings()).await;
    let key = "viva_nKGa9ste_wwp4svLapnPwhphniZ6X48FgYaK6vwUvHqJUnwzjyWGYLe9aZv";
    goes_on(&server, key).await;
    let tokens = server.accounts.open_owner_session().await.unwrap();
    let session = viva_server::grpc::convert::session(tokens);
    let owner = Person { channel: server.channel.clone(), session };
    let mut scores = Vec::new();
    for interview in interviews(&owner).await {
        let report = owner.report(interview.id).await.unwrap();
        let thousandths = (report.overall_score.unwrap() * 1000.0).round();
        scores.push((report.role, thousandths));
    }
    scores.sort_by(|one, other| one.0.cmp(&other.0));
    let expected = [("Backend engineer".to_owned(), 500.0), ("Rust engineer".to_owned(), 2750.0)];
    assert_eq!(scores, expected, "the scores are unchanged");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn an_earlier_versions_postgres_database_is_opened_and_everything_in_it_works() {
    scratch::with_database(async |url| {
        let dump: &'static str = fs::read_to_string(kept("postgres.sql")).unwrap().leak();
        scratch::connect(&url).await.execute(sqlx::raw_sql(dump)).await.unwrap();
        let server = TestServer::start_on(&url, settings()).await;
        let key = "viva_FFgjabeV_tW38rQvNAryyayR6zJCeZeFyUeZsS6fG3Q3S1z9ejG7Wnxw8YZ";
        goes_on(&server, key).await;
        server.stop().await;
    })
    .await;
}

#[test]
fn an_earlier_versions_settings_file_with_every_setting_is_read() {
    let home = tempfile::tempdir().unwrap();
    let file = kept("every-setting.toml");
    let arguments = ["--config", file.to_str().unwrap(), "check-config"];
    let ran = command(home.path(), &arguments).current_dir(home.path()).output().unwrap();
    let said = String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap();
    assert!(ran.status.success(), "{said}");
    for line in ["DATABASE_TIMEOUT_SECONDS = 6", "REGISTRATION = closed", "LLM_MAX_ATTEMPTS = 4"] {
        assert!(said.contains(line), "{said}");
    }
}
