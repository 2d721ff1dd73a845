//! What people do with their own account: change the password, sign out everywhere, export
//! everything, delete it.

use std::collections::BTreeMap;

use tonic::{Code, Status};
use viva_proto::v1;
use viva_server::{
    domain::{
        challenge::SelfAssessment,
        clock::{Clock, SystemClock},
        id::{AnswerId, InterviewId},
        spending::{Payer, SpendingCaps},
    },
    startup::app::AppSettings,
    storage::spending::Charge,
};

use crate::{
    api_keys, challenges, marks, memory,
    support::{
        PASSWORD, Person, TestServer,
        database::{self, number},
        fields, in_time, reason,
        scratch::with_database,
        settings, sign_in_rates,
    },
};

const NEW: &str = "another horse 43";

async fn change(person: &Person, current: &str, new: &str) -> Result<(), Status> {
    let request = v1::ChangePasswordRequest {
        current_password: current.into(),
        new_password: new.into(),
        revoke_api_keys: false,
    };
    person.auth().change_password(person.ask(request)).await.map(drop)
}

async fn delete(person: &Person, password: &str) -> Result<(), Status> {
    let request = v1::DeleteAccountRequest { password: password.into() };
    person.auth().delete_account(person.ask(request)).await.map(drop)
}

async fn is_in(person: &Person) -> bool {
    person.auth().get_me(person.ask(v1::GetMeRequest {})).await.is_ok()
}

/// Exports the account; returns the document and the sizes of its pieces.
pub(crate) async fn export(person: &Person) -> (String, Vec<usize>) {
    let request = person.ask(v1::ExportAccountRequest {});
    let mut stream = person.auth().export_account(request).await.unwrap().into_inner();
    let (mut document, mut sizes) = (Vec::new(), Vec::new());
    while let Some(piece) = stream.message().await.unwrap() {
        sizes.push(piece.chunk.len());
        document.extend(piece.chunk);
    }
    (String::from_utf8(document).unwrap(), sizes)
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let server = TestServer::start().await;
    let here = server.sign_up("ada").await;
    let there = server.sign_in("ada", PASSWORD).await.unwrap();
    change(&here, PASSWORD, NEW).await.unwrap();
    assert!(is_in(&here).await);
    assert!(!is_in(&there).await);
    let request = v1::RefreshRequest { refresh_token: there.session.refresh_token.clone() };
    assert!(server.auth().refresh(request).await.is_err());
    let old = server.sign_in("ada", PASSWORD).await.unwrap_err();
    assert_eq!(reason(&old), "INVALID_CREDENTIALS");
    server.sign_in("ada", NEW).await.unwrap();
}

#[tokio::test]
async fn api_keys_outlive_a_new_password_unless_revocation_is_requested() {
    let server = TestServer::start().await;
    let (ada, bob) = (server.sign_up("ada").await, server.sign_up("bob").await);
    let mut keys = Vec::new();
    for owner in [&ada, &ada, &bob] {
        let made = api_keys::create(owner, &[v1::Scope::Read]).await.unwrap();
        keys.push(api_keys::holder(owner, &made.secret));
    }
    let change = async |current: &str, new: &str, revoke_api_keys| {
        let request = v1::ChangePasswordRequest {
            current_password: current.into(),
            new_password: new.into(),
            revoke_api_keys,
        };
        ada.auth().change_password(ada.ask(request)).await
    };
    change("wrong", NEW, true).await.unwrap_err();
    let kept = change(PASSWORD, NEW, false).await.unwrap().into_inner();
    assert_eq!(kept.api_keys, 2);
    assert!(is_in(&keys[0]).await && is_in(&keys[1]).await);
    let kept = change(NEW, PASSWORD, true).await.unwrap().into_inner();
    assert_eq!(kept.api_keys, 0);
    assert!(!is_in(&keys[0]).await && !is_in(&keys[1]).await);
    assert!(is_in(&keys[2]).await && is_in(&ada).await);
}

#[tokio::test]
async fn a_password_is_not_changed_without_the_current_one_or_to_an_invalid_one() {
    let server = TestServer::start().await;
    let here = server.sign_up("ada").await;
    let there = server.sign_in("ada", PASSWORD).await.unwrap();
    let wrong = change(&here, "wrong", NEW).await.unwrap_err();
    assert_eq!(wrong.code(), Code::Unauthenticated);
    assert_eq!(reason(&wrong), "INVALID_CREDENTIALS");
    let short = change(&here, PASSWORD, "short").await.unwrap_err();
    assert_eq!(
        (short.code(), fields(&short)),
        (Code::InvalidArgument, vec!["new_password".into()])
    );
    assert!(is_in(&here).await && is_in(&there).await);
    server.sign_in("ada", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn guessing_the_password_with_a_stolen_session_counts_as_at_sign_in() {
    let settings = AppSettings { sign_in_limits: sign_in_rates(), ..settings() };
    let server = TestServer::start_with(settings).await;
    let ada = server.sign_up("ada").await;
    for at in 0..10 {
        let wrong = match at % 2 {
            0 => change(&ada, "wrong", NEW).await,
            _ => delete(&ada, "wrong").await,
        };
        assert_eq!(reason(&wrong.unwrap_err()), "INVALID_CREDENTIALS");
    }
    for refused in [
        change(&ada, PASSWORD, NEW).await.unwrap_err(),
        delete(&ada, PASSWORD).await.unwrap_err(),
        server.sign_in("ada", PASSWORD).await.unwrap_err(),
    ] {
        assert_eq!(reason(&refused), "RATE_LIMITED");
    }
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_of_the_account_and_no_other() {
    let server = TestServer::start().await;
    let (here, bob) = (server.sign_up("ada").await, server.sign_up("bob").await);
    let there = server.sign_in("ada", PASSWORD).await.unwrap();
    let request = here.ask(v1::LogoutRequest { everywhere: true });
    here.auth().logout(request).await.unwrap();
    assert!(!is_in(&here).await && !is_in(&there).await);
    assert!(is_in(&bob).await);
}

/// The tables that belong to no account: budgets of attempts, the total of all accounts' model
/// calls, and the databases' own.
const NOBODYS: [&str; 4] = ["_sqlx_migrations", "sqlite_sequence", "throttles", "model_days"];

/// The number of rows of each table with account data, if it has any.
async fn rows(database: &str) -> BTreeMap<String, i64> {
    let mut rows = database::rows_of_all(database).await;
    rows.retain(|table, count| *count > 0 && !NOBODYS.contains(&table.as_str()));
    rows
}

/// Gives an account rows in every table, deletes it and checks that nothing is left.
async fn goes_with_everything(server: &TestServer, database: &str) {
    let ada = server.sign_up("ada").await;
    let there = server.sign_in("ada", PASSWORD).await.unwrap();
    let interview = ada.create("Backend engineer", 2).await;
    let answer = ada.submit(&interview, 0, "I would measure first.").await.unwrap();
    ada.settled(interview.id).await;
    assert!(
        challenges::challenge(&ada, answer, 1, "measure first").await.unwrap().challenge.is_some()
    );
    let (id, said) = (AnswerId::new(answer), Some(SelfAssessment::Yes));
    assert!(server.store.keep_self_assessment(id, 0, said, SystemClock.now()).await.unwrap());
    marks::star(&ada, interview.questions[0].id).await;
    let point = memory::a_point(&ada).await;
    memory::answered(&ada, point, "").await;
    let key = api_keys::create(&ada, &[v1::Scope::Read]).await.unwrap();
    let key = api_keys::holder(&ada, &key.secret);
    assert!(is_in(&key).await);
    let user_id = server.store.credentials("ada").await.unwrap().unwrap().user_id;
    let payer = Payer { user_id, interview_id: Some(InterviewId::new(interview.id)) };
    let caps = SpendingCaps { per_interview: 9, per_user_and_day: 9, per_day: Some(9) };
    let charged = server.store.charge_call(payer, SystemClock.now(), caps).await.unwrap();
    assert_eq!(charged, Charge::Charged);
    // One answer is with the grader while its account is deleted.
    let hanging = ada.submit(&interview, 1, "[hang] I would measure first.").await.unwrap();
    server.grader.has(hanging).await;
    for wrong in ["wrong", ""] {
        let refused = delete(&ada, wrong).await.unwrap_err();
        assert_eq!(reason(&refused), "INVALID_CREDENTIALS");
    }
    let mut all: Vec<_> = database::rows_of_all(database).await.into_keys().collect();
    all.retain(|table| !NOBODYS.contains(&table.as_str()));
    let filled: Vec<_> = rows(database).await.into_keys().collect();
    assert_eq!(filled, all, "each table has rows to delete");
    delete(&ada, PASSWORD).await.unwrap();
    assert_eq!(rows(database).await, BTreeMap::new());
    server.grader.let_go();
    assert!(!is_in(&ada).await && !is_in(&there).await && !is_in(&key).await);
    let gone = server.sign_in("ada", PASSWORD).await.unwrap_err();
    assert_eq!(reason(&gone), "INVALID_CREDENTIALS");
    let again = server.sign_up("ada").await;
    assert_eq!(again.report(interview.id).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn deleting_an_account_deletes_everything_that_belongs_to_it() {
    let server = TestServer::start().await;
    let database = format!("sqlite:{}", server.folder.path().join("viva.db").display());
    goes_with_everything(&server, &database).await;
    let folder = server.stop().await;
    let file = folder.path().join("viva.db");
    let left = number(&file, "SELECT count(*) FROM evaluations").await;
    assert_eq!(left, 0, "the late outcome is not stored");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn on_postgres_deleting_an_account_deletes_everything_that_belongs_to_it() {
    with_database(async |url| {
        let server = TestServer::start_on(&url, settings()).await;
        goes_with_everything(&server, &url).await;
        server.stop().await;
        let left = database::rows_of_all(&url).await["evaluations"];
        assert_eq!(left, 0, "the late outcome is not stored");
    })
    .await;
}

#[tokio::test]
async fn an_export_holds_everything_stored_of_an_account_except_its_secrets() {
    let server = TestServer::start().await;
    let (ada, bob) = (server.sign_up("ada").await, server.sign_up("bob").await);
    bob.create("Canary of Bob", 1).await;
    let request = v1::CreateInterviewRequest {
        role: "Backend engineer".into(),
        num_questions: 2,
        job_description: "An advert \u{1f980}.".into(),
        ..Default::default()
    };
    let made = ada.interviews().create_interview(ada.ask(request)).await.unwrap().into_inner();
    let interview = made.interview.unwrap();
    for text in ["I would measure first.", "[fail] I would guess."] {
        ada.submit(&interview, 0, text).await.unwrap();
        ada.settled(interview.id).await;
    }
    let second = ada.create("Data engineer", 1).await;
    let point = memory::a_point(&ada).await;
    let reviewed = memory::answered(&ada, point, "I do not know that one.").await;
    let key = api_keys::create(&ada, &[v1::Scope::Grade]).await.unwrap();
    let (document, _) = export(&ada).await;
    let read: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!((&read["format"], &read["version"]), (&"viva-account".into(), &1.into()));
    assert_eq!(read["account"]["email"], "ada@corpus.example");
    assert_eq!(read["sessions"].as_array().unwrap().len(), 1);
    assert!(read["sessions"][0]["client"].as_str().unwrap().starts_with("tonic/"));
    let kept = &read["api_keys"][0];
    assert_eq!(kept["prefix"], key.api_key.unwrap().prefix);
    assert_eq!(kept["scopes"], serde_json::json!(["grade"]));
    let ids: Vec<_> = read["interviews"].as_array().unwrap().iter().map(|i| &i["id"]).collect();
    assert_eq!(ids[..2], [&serde_json::json!(interview.id), &serde_json::json!(second.id)]);
    let first = &read["interviews"][0];
    assert_eq!(first["job_description"], "An advert \u{1f980}.");
    let question = &first["questions"][0];
    assert_eq!(question["text"], interview.questions[0].text.as_str());
    assert!(question["rubric"]["key_points"][0]["point"].is_string());
    let answers = question["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 2, "not only the latest");
    let said = &answers[0]["evaluation"];
    assert_eq!((&answers[0]["attempt"], &said["status"]), (&1.into(), &"completed".into()));
    assert!(said["scores"]["correctness"].is_number() && said["feedback"].is_string(), "{said}");
    assert_eq!(answers[1]["evaluation"]["status"], "failed");
    assert_eq!(first["questions"][1]["answers"], serde_json::json!([]));
    assert_eq!(read["account"]["time_zone"], serde_json::Value::Null);
    let points = read["memory_points"].as_array().unwrap();
    let kept = points.iter().find(|kept| kept["id"] == point).unwrap();
    assert_eq!((&kept["due_on"], &kept["ratings"]), (&reviewed.due_day.into(), &2.into()));
    let reviews = read["memory_reviews"].as_array().unwrap();
    assert_eq!(reviews.len(), 1);
    assert_eq!(reviews[0]["point_id"], kept["point_id"]);
    assert_eq!(reviews[0]["answer"], "I do not know that one.");
    assert_eq!(reviews[0]["rating"], "again");
    let secrets = [&ada.session.access_token, &ada.session.refresh_token, &key.secret];
    for word in secrets.into_iter().map(String::as_str).chain([PASSWORD, "argon2", "_hash", "Bob"])
    {
        assert!(!document.contains(word), "{word} is in {document}");
    }
}

#[tokio::test]
async fn an_export_larger_than_any_message_comes_in_small_pieces() {
    let server = TestServer::start_with(AppSettings { worker: None, ..settings() }).await;
    let ada = server.sign_up("ada").await;
    // Two bytes per character from an odd offset, so pieces end within characters.
    let text = format!("x{}", "\u{e4}".repeat(19_999));
    for _ in 0..3 {
        let interview = ada.create("Backend engineer", 10).await;
        for question in 0..10 {
            ada.submit(&interview, question, &text).await.unwrap();
        }
    }
    let (document, sizes) = export(&ada).await;
    assert!(document.len() > 1_200_000 && sizes.len() > 10, "{sizes:?}");
    assert!(sizes.iter().all(|size| *size <= 64 * 1024), "{sizes:?}");
    let read: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(read["interviews"][2]["questions"][9]["answers"][0]["text"], text);
}

#[tokio::test]
async fn an_empty_account_has_an_export_too() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let (document, _) = export(&ada).await;
    let read: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(read["interviews"], serde_json::json!([]));
}

#[tokio::test]
async fn an_account_may_run_two_exports_at_once_and_a_dropped_one_makes_room() {
    let server = TestServer::start_with(AppSettings { worker: None, ..settings() }).await;
    let (ada, bob) = (server.sign_up("ada").await, server.sign_up("bob").await);
    // Larger than what a client buffers without reading.
    let text = "\u{20ac}".repeat(20_000);
    for _ in 0..7 {
        let interview = ada.create("Backend engineer", 10).await;
        for question in 0..10 {
            ada.submit(&interview, question, &text).await.unwrap();
        }
    }
    let begin = async || ada.auth().export_account(ada.ask(v1::ExportAccountRequest {})).await;
    let mut unread = vec![begin().await.unwrap(), begin().await.unwrap()];
    let refused = begin().await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::ResourceExhausted, "RATE_LIMITED")
    );
    export(&bob).await;
    unread.pop();
    in_time(async || begin().await.is_ok()).await;
}
