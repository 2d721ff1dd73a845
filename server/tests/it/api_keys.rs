//! API keys: creating and revoking them, calling with them, and what is stored of them.

use std::{fs, time::Duration};

use nix::sys::signal::Signal;
use serde_json::Value;
use tonic::{Code, Status};
use tonic_types::StatusExt;
use viva_proto::v1::{self, Scope};
use viva_server::{
    auth::api_key,
    domain::{
        api_key::{ApiKeyDraft, Scope as Allowed, Scopes},
        clock::Timestamp,
    },
    services::api_keys::MOST_KEYS,
    storage::api_keys::{KeyCreation, NewApiKey},
};

use crate::support::{
    Person, TestServer, fields, program::Program, reason, scratch::with_database, settings,
};

/// Requests a key.
pub(crate) async fn create(
    owner: &Person,
    scopes: &[Scope],
) -> Result<v1::CreateApiKeyResponse, Status> {
    let request = v1::CreateApiKeyRequest {
        name: "nightly run".into(),
        expires_at: None,
        scopes: scopes.iter().map(|scope| i32::from(*scope)).collect(),
    };
    Ok(owner.auth().create_api_key(owner.ask(request)).await?.into_inner())
}

/// A caller with this secret.
pub(crate) fn holder(owner: &Person, secret: &str) -> Person {
    let session = v1::Session { access_token: secret.to_owned(), ..v1::Session::default() };
    Person { channel: owner.channel.clone(), session }
}

/// Creates a key of this person with these scopes; returns it as a caller, with its id.
async fn key(owner: &Person, scopes: &[Scope]) -> (Person, i64) {
    let made = create(owner, scopes).await.unwrap();
    (holder(owner, &made.secret), made.api_key.unwrap().id)
}

async fn list(owner: &Person) -> Result<Vec<v1::ApiKey>, Status> {
    let reply = owner.auth().list_api_keys(owner.ask(v1::ListApiKeysRequest::default())).await?;
    Ok(reply.into_inner().api_keys)
}

async fn revoke(owner: &Person, api_key_id: i64) -> Result<(), Status> {
    let request = owner.ask(v1::RevokeApiKeyRequest { api_key_id });
    owner.auth().revoke_api_key(request).await.map(drop)
}

async fn me(person: &Person) -> Result<v1::User, Status> {
    let reply = person.auth().get_me(person.ask(v1::GetMeRequest {})).await?;
    Ok(reply.into_inner().user.unwrap())
}

fn told(error: &Status) -> (Code, String) {
    (error.code(), reason(error))
}

#[tokio::test]
async fn a_key_calls_for_its_owner_and_its_secret_is_shown_once() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = create(&ada, &[]).await.unwrap();
    let api_key = made.api_key.unwrap();
    assert!(made.secret.starts_with(&api_key.prefix), "the prefix tells keys apart");
    assert_eq!(api_key.scopes().collect::<Vec<_>>(), [Scope::Read, Scope::Practise, Scope::Grade]);
    let program = holder(&ada, &made.secret);
    assert_eq!(me(&program).await.unwrap().username, "ada");
    let interview = program.create("Backend engineer", 1).await;
    program.submit(&interview, 0, "I would measure first.").await.unwrap();
    program.settled(interview.id).await;
    assert_eq!(ada.report(interview.id).await.unwrap().questions.len(), 1);
    let listed = list(&ada).await.unwrap();
    assert_eq!(
        (listed.len(), listed[0].id, listed[0].name.as_str()),
        (1, api_key.id, "nightly run")
    );
}

#[tokio::test]
async fn the_database_holds_only_the_hash_of_a_key() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = create(&ada, &[]).await.unwrap();
    let mut kept = Vec::new();
    for file in fs::read_dir(server.folder.path()).unwrap() {
        kept.extend(fs::read(file.unwrap().path()).unwrap());
    }
    let contains = |text: &str| kept.windows(text.len()).any(|bytes| bytes == text.as_bytes());
    let (prefix, secret) = made.secret.rsplit_once('_').unwrap();
    assert!(contains(prefix) && !contains(&secret[..16]) && !contains(&secret[34..]));
}

#[tokio::test]
async fn a_key_may_do_what_its_scopes_allow_and_a_refusal_names_the_missing_scope() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let (reads, _) = key(&ada, &[Scope::Read]).await;
    let (practises, _) = key(&ada, &[Scope::Practise]).await;
    let interview = practises.create("Backend engineer", 1).await;
    assert!(practises.report(interview.id).await.is_ok(), "a key to practise may read");
    assert!(reads.report(interview.id).await.is_ok());
    let error = reads.submit(&interview, 0, "I would measure first.").await.unwrap_err();
    assert_eq!(told(&error), (Code::PermissionDenied, "SCOPE_MISSING".into()));
    assert_eq!(error.message(), "Access denied");
    let metadata = error.get_details_error_info().unwrap().metadata;
    assert_eq!(metadata["scope"], "SCOPE_PRACTISE");
}

#[tokio::test]
async fn a_revoked_key_is_refused_from_the_next_call_on_and_its_watches_end() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    let (program, id) = key(&ada, &[Scope::Read]).await;
    let (other, _) = key(&ada, &[Scope::Read]).await;
    let request = v1::WatchInterviewRequest { interview_id: interview.id, follow: true };
    let mut watch =
        program.answers().watch_interview(program.ask(request)).await.unwrap().into_inner();
    revoke(&ada, id).await.unwrap();
    let invalid = (Code::Unauthenticated, "TOKEN_INVALID".to_owned());
    assert_eq!(told(&me(&program).await.unwrap_err()), invalid);
    assert_eq!(told(&watch.message().await.unwrap_err()), invalid);
    assert!(me(&other).await.is_ok(), "other keys keep working");
    let again = revoke(&ada, id).await.unwrap_err();
    assert_eq!(told(&again), (Code::NotFound, "API_KEY_NOT_FOUND".into()));
}

/// A key inserted directly into the store, so that it can already have expired.
async fn kept(server: &TestServer, owner: &Person, expires_at: Timestamp) -> Person {
    let issued = api_key::generate();
    let user_id = viva_server::domain::id::UserId::new(me(owner).await.unwrap().id);
    let scopes = Scopes::of([Allowed::Read]);
    let new = NewApiKey {
        user_id,
        draft: ApiKeyDraft { name: "old".into(), scopes, expires_at: Some(expires_at) },
        prefix: issued.prefix,
        hash: issued.hash,
        created_at: Timestamp::from_micros(1),
    };
    let made = server.store.create_api_key(new, MOST_KEYS).await.unwrap();
    assert!(matches!(made, KeyCreation::Created(_)));
    holder(owner, &issued.secret)
}

#[tokio::test]
async fn an_expired_key_is_reported_as_such_and_an_unknown_one_is_not() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let old = kept(&server, &ada, Timestamp::from_micros(2)).await;
    let error = me(&old).await.unwrap_err();
    assert_eq!(told(&error), (Code::Unauthenticated, "TOKEN_EXPIRED".into()));
    assert_eq!(list(&ada).await.unwrap().len(), 1, "its owner still sees it");
    let secret = &old.session.access_token;
    // Unknown keys of the right form; and one with a known beginning but another secret.
    let (unknown, stranger) = (api_key::generate().secret, api_key::generate().secret);
    let spliced = format!("{}{}", &secret[..14], &stranger[14..]);
    for bad in [&unknown, &spliced, &secret[..63], "viva_", &secret.to_lowercase()] {
        let error = me(&holder(&ada, bad)).await.unwrap_err();
        assert_eq!(told(&error), (Code::Unauthenticated, "TOKEN_INVALID".into()), "{bad}");
    }
}

#[tokio::test]
async fn a_key_can_neither_create_nor_list_nor_revoke_keys_nor_sign_anyone_out() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let (program, id) = key(&ada, &[]).await;
    let logout =
        program.auth().logout(program.ask(v1::LogoutRequest::default())).await.unwrap_err();
    for error in [
        create(&program, &[Scope::Read]).await.unwrap_err(),
        list(&program).await.unwrap_err(),
        revoke(&program, id).await.unwrap_err(),
        logout,
    ] {
        assert_eq!(told(&error), (Code::PermissionDenied, "ACCESS_DENIED".into()));
    }
    assert!(me(&ada).await.is_ok() && me(&program).await.is_ok());
}

#[tokio::test]
async fn an_account_cannot_revoke_the_key_of_another() {
    let server = TestServer::start().await;
    let (ada, bob) = (server.sign_up("ada").await, server.sign_up("bob").await);
    let (program, id) = key(&ada, &[]).await;
    let error = revoke(&bob, id).await.unwrap_err();
    assert_eq!(told(&error), (Code::PermissionDenied, "ACCESS_DENIED".into()));
    assert!(list(&bob).await.unwrap().is_empty() && me(&program).await.is_ok());
}

#[tokio::test]
async fn an_account_has_at_most_twenty_working_keys() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    kept(&server, &ada, Timestamp::from_micros(2)).await;
    let mut last = 0;
    for _ in 0..MOST_KEYS {
        last = key(&ada, &[]).await.1;
    }
    let error = create(&ada, &[]).await.unwrap_err();
    assert_eq!(told(&error), (Code::FailedPrecondition, "API_KEY_LIMIT".into()));
    revoke(&ada, last).await.unwrap();
    create(&ada, &[]).await.unwrap();
}

#[tokio::test]
async fn everything_wrong_with_a_new_key_is_reported_together() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let expires_at = Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 });
    let request = v1::CreateApiKeyRequest { name: String::new(), expires_at, scopes: vec![77] };
    let error = ada.auth().create_api_key(ada.ask(request)).await.unwrap_err();
    assert_eq!(fields(&error), ["name", "expires_at", "scopes[0]"]);
}

#[tokio::test]
async fn its_owner_sees_when_a_key_was_last_used() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let (program, _) = key(&ada, &[]).await;
    assert_eq!(list(&ada).await.unwrap()[0].last_used_at, None);
    me(&program).await.unwrap();
    // The time of use is written concurrently with the call.
    let written = async {
        while list(&ada).await.unwrap()[0].last_used_at.is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), written).await.expect("the use is noted");
}

#[tokio::test]
async fn a_key_is_in_no_log_but_its_id_is() {
    let home = tempfile::tempdir().unwrap();
    let settings = [("RUST_LOG", "trace"), ("LOG_FORMAT", "json")];
    let program = Program::serve(home.path(), &settings);
    let ada = Person::register(program.channel().await, "ada").await;
    let made = create(&ada, &[Scope::Read]).await.unwrap();
    let caller = holder(&ada, &made.secret);
    me(&caller).await.unwrap();
    let mistyped = made.secret.replace('_', "_x");
    me(&holder(&ada, &mistyped)).await.unwrap_err();
    create(&caller, &[]).await.unwrap_err();
    revoke(&ada, made.api_key.unwrap().id).await.unwrap();
    me(&caller).await.unwrap_err();
    program.signal(Signal::SIGTERM);
    let (_, log) = program.ended().await;
    assert!(log.contains("an API key was created") && log.contains("an API key was revoked"));
    let secret = &made.secret[14..];
    let line =
        log.lines().find(|line| line.contains(&secret[..20]) || line.contains(&secret[20..]));
    assert_eq!(line, None);
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let denied = lines.filter(|line| line["code"] == "PERMISSION_DENIED").collect::<Vec<_>>();
    assert_eq!(
        (denied.len(), &denied[0]["key_id"], &denied[0]["user_id"]),
        (1, &1.into(), &1.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn on_postgres_a_key_is_revoked_at_every_server_immediately() {
    with_database(async |url| {
        let here = TestServer::start_on(&url, settings()).await;
        let there = TestServer::start_on(&url, settings()).await;
        let ada = here.sign_up("ada").await;
        let interview = ada.create("Backend engineer", 1).await;
        let made = create(&ada, &[Scope::Read]).await.unwrap();
        let away = Person { channel: there.channel.clone(), ..ada.clone() };
        let program = holder(&away, &made.secret);
        let request = v1::WatchInterviewRequest { interview_id: interview.id, follow: true };
        let mut watch =
            program.answers().watch_interview(program.ask(request)).await.unwrap().into_inner();
        revoke(&ada, made.api_key.unwrap().id).await.unwrap();
        let invalid = (Code::Unauthenticated, "TOKEN_INVALID".to_owned());
        assert_eq!(told(&me(&program).await.unwrap_err()), invalid);
        assert_eq!(told(&watch.message().await.unwrap_err()), invalid);
        here.stop().await;
        there.stop().await;
    })
    .await;
}
