//! What a sign-in costs the server, which must not reveal whether a name exists, and how many at
//! once affect other callers.

use std::{collections::BTreeMap, path::Path, time::Duration};

use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};
use nix::sys::signal::Signal;
use serde_json::Value;
use tonic::{Code, Request, transport::Channel};
use tonic_types::StatusExt;
use viva_proto::v1::{self, auth_service_client::AuthServiceClient};
use viva_server::{
    auth::password::{MOST_PERMITS, RETRY_AFTER},
    domain::{
        clock::{Clock, SystemClock, Timestamp},
        origin::Network,
        throttle::RequestLimits,
    },
    services::accounts::MOST_SESSIONS,
    startup::app::AppSettings,
    storage::accounts::{NewRefreshToken, NewUser},
};

use crate::support::{
    PASSWORD, Person, TestServer,
    database::{number, run},
    in_time,
    program::Program,
    reason, settings, sign_in_rates,
};

/// A server on a network that trusts the caller's address from a proxy.
async fn server() -> TestServer {
    let trusted_proxies = vec![Network::parse("127.0.0.0/8").unwrap()];
    let limits = RequestLimits { trusted_proxies, ..RequestLimits::default() };
    // A busy machine takes a while to check two hundred passwords.
    let request_timeout = Duration::from_mins(5);
    let settings = AppSettings { sign_in_limits: sign_in_rates(), request_timeout, ..settings() };
    TestServer::start_limited(settings, limits).await
}

/// A login that a proxy forwards from this address.
fn login(name: &str, password: &str, address: &str) -> Request<v1::LoginRequest> {
    let request = v1::LoginRequest { username: name.into(), password: password.into() };
    let mut request = Request::new(request);
    request.metadata_mut().insert("x-forwarded-for", address.parse().unwrap());
    request
}

/// The hash of the usual password by argon2 with this memory and number of passes.
fn hash(memory: u32, passes: u32) -> String {
    let params = Params::new(memory, passes, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password(PASSWORD.as_bytes()).unwrap().to_string()
}

async fn keep(server: &TestServer, name: &str, hashed_password: &str) {
    let user = NewUser {
        username: name.to_owned(),
        email: format!("{name}@corpus.example"),
        hashed_password: hashed_password.to_owned(),
        created_at: SystemClock.now(),
    };
    server.store.create_user(user).await.unwrap();
}

#[tokio::test]
async fn every_refusal_costs_one_run_of_argon2_with_the_current_parameters() {
    let server = server().await;
    server.sign_up("ada").await;
    // The owner of an embedded server has no password.
    server.accounts.open_owner_session().await.unwrap();
    let mut costs = Vec::new();
    for (name, password) in [
        ("ada", "wrong"),
        ("nobody", "wrong"),
        ("nobody", PASSWORD),
        ("owner", "wrong"),
        ("owner", ""),
        ("nobody\0", ""),
        // As long as a request may be: refused like any other and not held meanwhile.
        (&"n".repeat(500_000), &"p".repeat(500_000)),
    ] {
        let before = server.accounts.hashing();
        let refused = server.auth().login(login(name, password, "192.0.2.1")).await.unwrap_err();
        let told = (refused.code(), refused.message().to_owned(), reason(&refused));
        let words = ("Invalid username or password".to_owned(), "INVALID_CREDENTIALS".to_owned());
        assert_eq!(told, (Code::Unauthenticated, words.0, words.1), "{name:.20?}");
        let after = server.accounts.hashing();
        costs.push((after.runs - before.runs, after.work - before.work));
    }
    assert_eq!(costs, [(1, 2 * 19 * 1024); 7]);
}

#[tokio::test]
async fn an_earlier_versions_hash_is_replaced_at_the_next_sign_in() {
    let server = server().await;
    keep(&server, "ada", &hash(8 * 1024, 1)).await;
    let before = server.accounts.hashing().work;
    server.auth().login(login("ada", "wrong", "192.0.2.1")).await.unwrap_err();
    assert_eq!(server.accounts.hashing().work - before, 2 * 19 * 1024, "as much as any other");
    let first = server.sign_in("ada", PASSWORD).await.unwrap();
    let kept = server.store.credentials("ada").await.unwrap().unwrap().hashed_password;
    assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    first.auth().get_me(first.ask(v1::GetMeRequest {})).await.unwrap();
    server.sign_in("ada", PASSWORD).await.unwrap();
    server.sign_in("ada", "wrong").await.unwrap_err();
}

/// The statements about accounts and attempts that five wrong passwords for this name cost, with
/// their counts, from the real program's log; the server's own periodic work is left out.
async fn statements(home: &Path, name: &str) -> BTreeMap<String, usize> {
    let program = Program::serve(home, &[("RUST_LOG", "viva_server=info,sqlx::query=debug")]);
    let mut auth = AuthServiceClient::new(program.channel().await);
    for _ in 0..5 {
        let request = v1::LoginRequest { username: name.into(), password: "wrong".into() };
        assert_eq!(reason(&auth.login(request).await.unwrap_err()), "INVALID_CREDENTIALS");
    }
    program.signal(Signal::SIGTERM);
    let (_, log) = program.ended().await;
    let mut made = BTreeMap::new();
    for line in log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let Some(summary) = line["summary"].as_str() else { continue };
        let statement = line["db.statement"].as_str().filter(|text| !text.is_empty());
        let words: Vec<_> = statement.unwrap_or(summary).split_whitespace().collect();
        let text = words.join(" ");
        let is_own = text.starts_with("SELECT 1 FROM users")
            || text.starts_with("SELECT EXISTS (SELECT 1 FROM users")
            || text.contains("_clash <> 0")
            || text.contains("DELETE FROM");
        if !is_own && (text.contains("users") || text.contains("throttles")) {
            *made.entry(text).or_default() += 1;
        }
    }
    made
}

#[tokio::test]
async fn every_refusal_costs_the_same_statements() {
    let home = || tempfile::tempdir().unwrap();
    let (known, unknown, without) = (home(), home(), home());
    for (home, name) in [(&known, "ada"), (&unknown, "bob"), (&without, "ada")] {
        let program = Program::serve(home.path(), &[]);
        Person::register(program.channel().await, name).await;
        program.signal(Signal::SIGTERM);
        program.ended().await;
        let file = crate::support::database::file(home.path());
        // The setup's own sign-ins left rows of attempts, which would change the statements.
        run(&file, "DELETE FROM throttles").await;
    }
    let file = crate::support::database::file(without.path());
    run(&file, "UPDATE users SET hashed_password = ''").await;
    let of_known = statements(known.path(), "ada").await;
    assert!(of_known.values().all(|times| times % 5 == 0) && of_known.len() > 2, "{of_known:#?}");
    assert_eq!(statements(unknown.path(), "ada").await, of_known);
    assert_eq!(statements(without.path(), "ada").await, of_known);
}

/// How many sign-ins run together, and how many start together: their attempts are counted one
/// after the other, and no write may wait longer than a query may take.
const MANY: usize = 200;
const WAVE: usize = 25;

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_sign_ins_at_once_succeed_while_other_calls_are_served() {
    let server = server().await;
    let ada = server.sign_up("ada").await;
    let hash = hash(19 * 1024, 2);
    for at in 0..MANY {
        keep(&server, &format!("person{at}"), &hash).await;
    }
    let file = server.folder.path().join("viva.db");
    // Budgets that are full again may be deleted at any time.
    let spent = "SELECT count(*) FROM throttles WHERE full_at > 1000000 * (unixepoch() + 60)";
    let tries = async || number(&file, spent).await;
    let others = Channel::from_shared(server.url.clone()).unwrap().connect().await.unwrap();

    let before = (server.accounts.hashing().runs, tries().await);
    let pause = server.accounts.pause_hashing().await.unwrap();
    let mut waiting = Vec::new();
    for at in 0..MANY {
        let mut auth = AuthServiceClient::new(others.clone());
        let request = login(&format!("person{at}"), PASSWORD, &format!("192.0.2.{at}"));
        waiting.push(tokio::spawn(async move { auth.login(request).await }));
        if (at + 1) % WAVE == 0 {
            // Three budgets each: two of the account (wrong passwords, all), and the address's.
            let known = i64::try_from(3 * (at + 1)).unwrap() + before.1;
            in_time(async || tries().await == known).await;
        }
    }
    // All of them have been counted and wait for a hashing slot.
    for _ in 0..10 {
        ada.auth().get_me(ada.ask(v1::GetMeRequest {})).await.unwrap();
    }
    let interview = ada.create("Backend engineer", 1).await;
    ada.submit(&interview, 0, "I would measure first.").await.unwrap();
    ada.settled(interview.id).await;
    assert_eq!(server.accounts.hashing().runs, before.0, "no one has signed in meanwhile");
    assert!(waiting.iter().all(|login| !login.is_finished()));
    drop(pause);
    for login in waiting {
        login.await.unwrap().unwrap();
    }
    let figures = server.accounts.hashing();
    assert_eq!(figures.runs - before.0, MANY as u64);
    assert!(figures.most_at_once <= figures.slots, "{figures:?}");
}

/// How many more callers there are than permits.
const TOO_MANY: usize = 88;

#[tokio::test(flavor = "multi_thread")]
async fn of_a_burst_of_registrations_and_sign_ins_a_limited_number_waits_and_the_rest_is_refused() {
    let request_timeout = Duration::from_mins(5);
    // Only the number of permits limits them.
    let server = TestServer::start_with(AppSettings { request_timeout, ..settings() }).await;
    let ada = server.sign_up("ada").await;
    let before = server.accounts.hashing().runs;
    let pause = server.accounts.pause_hashing().await.unwrap();
    let (sender, mut refused) = tokio::sync::mpsc::unbounded_channel();
    let mut waiting = tokio::task::JoinSet::new();
    let mut connection = None;
    for at in 0..MOST_PERMITS + TOO_MANY {
        if at % 100 == 0 {
            let dial = Channel::from_shared(server.url.clone()).unwrap();
            connection = Some(dial.connect().await.unwrap());
        }
        let mut auth = AuthServiceClient::new(connection.clone().unwrap());
        let sender = sender.clone();
        waiting.spawn(async move {
            let (name, password) = (format!("person{at}"), PASSWORD.to_owned());
            let status = if at % 2 == 0 {
                let email = format!("{name}@corpus.example");
                let request = v1::RegisterRequest { username: name, email, password };
                auth.register(request).await.unwrap_err()
            } else {
                let request = v1::LoginRequest { username: name, password };
                auth.login(request).await.unwrap_err()
            };
            sender.send(status).unwrap();
        });
    }
    for _ in 0..TOO_MANY {
        let status = refused.recv().await.unwrap();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::ResourceExhausted, "RATE_LIMITED")
        );
        assert!(status.get_error_details().retry_info().unwrap().retry_delay >= Some(RETRY_AFTER));
    }
    ada.auth().get_me(ada.ask(v1::GetMeRequest {})).await.unwrap();
    assert_eq!(waiting.len() - TOO_MANY, MOST_PERMITS, "the others wait");
    assert_eq!(server.accounts.hashing().runs, before);
    // They hang up: their permits are free, and their passwords are not hashed any more.
    waiting.shutdown().await;
    drop(connection);
    in_time(async || server.accounts.permits_left() == MOST_PERMITS).await;
    drop(pause);
    server.sign_in("ada", PASSWORD).await.unwrap();
    assert_eq!(server.accounts.hashing().runs, before + 1);
}

#[tokio::test]
async fn the_hundred_and_first_session_ends_the_least_recently_used() {
    let server = TestServer::start().await;
    let first = server.sign_up("ada").await;
    let oldest = server.sign_in("ada", PASSWORD).await.unwrap();
    let request = v1::RefreshRequest { refresh_token: first.session.refresh_token.clone() };
    let session = server.auth().refresh(request).await.unwrap().into_inner().session.unwrap();
    let first = Person { session, ..first };
    let proven = server.store.credentials("ada").await.unwrap().unwrap();
    let expires_at = Timestamp::from_micros(i64::MAX / 2);
    for at in 2..MOST_SESSIONS {
        let token = NewRefreshToken { hash: [u8::try_from(at).unwrap(); 32], expires_at };
        let now = SystemClock.now();
        server.store.open_session(proven.clone(), token, now, MOST_SESSIONS).await.unwrap();
    }
    let is_in = async |who: &Person| who.auth().get_me(who.ask(v1::GetMeRequest {})).await.is_ok();
    assert!(is_in(&first).await && is_in(&oldest).await, "a hundred sessions work");
    let newest = server.sign_in("ada", PASSWORD).await.unwrap();
    assert!(is_in(&first).await && is_in(&newest).await);
    assert!(!is_in(&oldest).await);
    let file = server.folder.path().join("viva.db");
    let live = number(&file, "SELECT count(*) FROM sessions WHERE ended_at IS NULL").await;
    assert_eq!(live, i64::from(MOST_SESSIONS));
}
