//! Registering, signing in, staying signed in and signing out.

use tonic::Code;
use viva_proto::v1;
use viva_server::{domain::clock::Timestamp, storage::accounts::NewRefreshToken};

use crate::support::{PASSWORD, Person, TestServer, database::number, fields, reason, with_token};

async fn refresh(server: &TestServer, token: &str) -> Result<v1::Session, tonic::Status> {
    let request = v1::RefreshRequest { refresh_token: token.into() };
    Ok(server.auth().refresh(request).await?.into_inner().session.unwrap())
}

async fn me(person: &Person) -> Result<v1::User, tonic::Status> {
    let reply = person.auth().get_me(person.ask(v1::GetMeRequest {})).await?;
    Ok(reply.into_inner().user.unwrap())
}

#[tokio::test]
async fn a_registered_user_can_sign_in_and_is_known() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let user = me(&ada).await.unwrap();
    assert_eq!((user.username.as_str(), user.email.as_str()), ("ada", "ada@corpus.example"));
    assert_eq!(ada.session.token_type, "Bearer");
    assert!(user.created_at.is_some() && ada.session.access_token_expires_at.is_some());
}

#[tokio::test]
async fn a_name_and_an_address_belong_to_one_account() {
    let server = TestServer::start().await;
    server.sign_up("ada").await;
    let register = |username: &str, email: &str| {
        let request = v1::RegisterRequest {
            username: username.into(),
            email: email.into(),
            password: PASSWORD.into(),
        };
        let mut auth = server.auth();
        async move { auth.register(request).await.unwrap_err() }
    };
    let name = register("ada", "other@corpus.example").await;
    assert_eq!((name.code(), reason(&name).as_str()), (Code::AlreadyExists, "USERNAME_TAKEN"));
    let address = register("other", "ADA@corpus.example").await;
    assert_eq!((address.code(), reason(&address).as_str()), (Code::AlreadyExists, "EMAIL_TAKEN"));
}

#[tokio::test]
async fn everything_wrong_with_a_registration_is_reported_together() {
    let server = TestServer::start().await;
    let request =
        v1::RegisterRequest { username: "a".into(), email: "x".into(), password: "short".into() };
    let error = server.auth().register(request).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::InvalidArgument, "Invalid request"));
    assert_eq!(fields(&error), ["username", "email", "password"]);
}

#[tokio::test]
async fn a_refresh_token_works_once_and_using_it_again_ends_the_session() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let first = refresh(&server, &ada.session.refresh_token).await.unwrap();
    let next = refresh(&server, &first.refresh_token).await.unwrap();
    let error = refresh(&server, &ada.session.refresh_token).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::Unauthenticated, "Session has ended"));
    let newest = refresh(&server, &next.refresh_token).await.unwrap_err();
    assert_eq!(reason(&newest), "SESSION_ENDED");
    let person = Person { session: next, ..ada };
    assert_eq!(reason(&me(&person).await.unwrap_err()), "TOKEN_INVALID");
}

#[tokio::test]
async fn a_refresh_whose_reply_was_lost_may_be_retried_and_the_lost_token_is_dead() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let lost = refresh(&server, &ada.session.refresh_token).await.unwrap();
    let session = refresh(&server, &ada.session.refresh_token).await.unwrap();
    assert_ne!(lost.refresh_token, session.refresh_token);
    let newest = refresh(&server, &session.refresh_token).await.unwrap();
    let person = Person { session: newest, ..ada };
    assert!(me(&person).await.is_ok(), "the session continues");
    let stolen = refresh(&server, &lost.refresh_token).await.unwrap_err();
    assert_eq!(reason(&stolen), "SESSION_ENDED");
    assert_eq!(
        reason(&me(&person).await.unwrap_err()),
        "TOKEN_INVALID",
        "its use ends the session"
    );
}

#[tokio::test]
async fn two_refreshes_at_once_leave_one_working_token() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let token = &ada.session.refresh_token;
    let (one, other) = tokio::join!(refresh(&server, token), refresh(&server, token));
    let file = server.folder.path().join("viva.db");
    let living = "SELECT count(*) FROM refresh_tokens JOIN sessions ON sessions.id = session_id
                  WHERE used_at IS NULL AND ended_at IS NULL";
    assert_eq!(number(&file, living).await, 1, "one of the two tokens works");
    let (one, other) = (one.unwrap(), other.unwrap());
    let one = refresh(&server, &one.refresh_token).await;
    let other = refresh(&server, &other.refresh_token).await;
    assert!(one.is_err() || other.is_err());
    assert_eq!(number(&file, living).await, 0, "the other token ends the session");
}

#[tokio::test]
async fn signing_out_immediately_ends_the_sessions_tokens_and_no_other_session() {
    let server = TestServer::start().await;
    let here = server.sign_up("ada").await;
    let there = server.sign_in("ada", PASSWORD).await.unwrap();
    here.auth().logout(here.ask(v1::LogoutRequest::default())).await.unwrap();
    let error = me(&here).await.unwrap_err();
    let told = (error.code(), error.message());
    assert_eq!(told, (Code::Unauthenticated, "The session of this access token has ended"));
    assert!(refresh(&server, &here.session.refresh_token).await.is_err());
    assert!(me(&there).await.is_ok());
}

#[tokio::test]
async fn a_refresh_token_is_not_an_access_token() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let request = with_token(v1::GetMeRequest {}, &ada.session.refresh_token);
    let error = server.auth().get_me(request).await.unwrap_err();
    assert_eq!(reason(&error), "TOKEN_INVALID");
}

#[tokio::test]
async fn an_expired_session_is_deleted_when_the_server_starts() {
    let server = TestServer::start().await;
    server.sign_up("ada").await;
    let proven = server.store.credentials("ada").await.unwrap().unwrap();
    let ada = proven.user_id;
    let long_ago = Timestamp::from_micros(1);
    let token = NewRefreshToken { hash: [1; 32], expires_at: long_ago };
    let old = server.store.open_session(proven, token, long_ago, 9).await.unwrap().unwrap();
    assert_eq!(server.store.live_session(old).await.unwrap(), Some(ada));
    let folder = server.stop().await;
    let server = TestServer::start_in(folder, crate::support::settings()).await;
    let forgotten = async {
        while server.store.live_session(old).await.unwrap().is_some() {
            tokio::task::yield_now().await;
        }
    };
    let bound = std::time::Duration::from_secs(20);
    tokio::time::timeout(bound, forgotten).await.expect("the session is not deleted");
}
