//! Properties 1 to 4.

use std::time::Duration;

use proptest::{prelude::*, prop_assert, prop_assert_eq};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tonic::{Code, Request};
use viva_proto::v1;
use viva_server::{
    auth::{access_token::AccessTokens, signing_key::SigningKey},
    domain::{
        account::{Password, Username},
        clock::{Clock, SystemClock},
        identity::{self, username_key},
    },
};

use super::holds;
use crate::support::{PASSWORD, Person, SECRET, TestServer, with_token};

fn username() -> impl Strategy<Value = String> {
    let letters = "[a-zA-Z0-9à-öø-ÿа-яА-Яα-ωぁ-ゖ一-龥._-]{4,40}";
    letters.prop_filter("no name", |name| Username::parse(name).is_ok())
}

fn password() -> impl Strategy<Value = String> {
    let signs = "[\\pL\\pM\\pN\\pP\\pS ]{8,64}";
    signs.prop_filter("no password", |password| Password::parse(password).is_ok())
}

async fn register(server: &TestServer, username: &str, password: &str) -> i64 {
    let email = format!("p{}@corpus.example", fastrand());
    let request =
        v1::RegisterRequest { username: username.into(), email, password: password.into() };
    server.auth().register(request).await.unwrap().into_inner().user_id
}

/// A number that is unique in a run.
fn fastrand() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

#[test]
fn property_1_valid_credentials_produce_valid_jwt_tokens() {
    holds(
        (username(), password()),
        |_| Box::pin(async {}),
        |server, (), (username, password)| {
            Box::pin(async move {
                // Two cases may draw the same name.
                let username = format!("{}{username}", fastrand());
                let user_id = register(server, &username, &password).await;
                let person = server.sign_in(&username, &password).await;
                prop_assert!(person.is_ok(), "{person:?}");
                let token = person.unwrap().session.access_token;
                let key = SigningKey::parse(SECRET).unwrap();
                let tokens = AccessTokens::new(&key, Duration::from_secs(1));
                let caller = tokens.verify(&token, SystemClock.now());
                prop_assert_eq!(caller.map(|caller| caller.user_id.get()), Ok(user_id));
                Ok(())
            })
        },
    );
}

#[test]
fn property_2_invalid_credentials_are_rejected() {
    let near = prop_oneof![
        Just(("ada".to_owned(), "correct horse 4".to_owned())),
        Just(("ada".to_owned(), "correct horse 42 ".to_owned())),
        Just(("adá".to_owned(), PASSWORD.to_owned())),
        Just((String::new(), String::new())),
        (Just("ada".to_owned()), ".{0,150}"),
        (".{0,80}", Just(PASSWORD.to_owned())),
        (".{0,80}", ".{0,150}"),
    ];
    holds(
        near.prop_filter("the right credentials", |(name, word)| {
            username_key(name.trim()) != "ada"
                || identity::password(word) != Ok(PASSWORD.to_owned())
        }),
        |server| {
            Box::pin(async move {
                server.sign_up("ada").await;
            })
        },
        |server, (), (username, password)| {
            Box::pin(async move {
                let refused = server.sign_in(&username, &password).await;
                prop_assert!(refused.is_err());
                let error = refused.err().unwrap();
                prop_assert_eq!(error.code(), Code::Unauthenticated);
                prop_assert_eq!(error.message(), "Invalid username or password");
                Ok(())
            })
        },
    );
}

/// Calls a protected RPC by its number and returns the code of the reply.
async fn call(server: &TestServer, rpc: usize, token: Option<&str>) -> Code {
    fn request<T>(message: T, token: Option<&str>) -> Request<T> {
        match token {
            Some(token) => with_token(message, token),
            None => Request::new(message),
        }
    }
    let person = Person { channel: server.channel.clone(), session: v1::Session::default() };
    let outcome = match rpc {
        0 => person.auth().get_me(request(v1::GetMeRequest {}, token)).await.err(),
        1 => {
            let message = v1::ListInterviewsRequest::default();
            person.interviews().list_interviews(request(message, token)).await.err()
        }
        2 => {
            let message = v1::CreateInterviewRequest::default();
            person.interviews().create_interview(request(message, token)).await.err()
        }
        3 => {
            let message = v1::SubmitAnswerRequest::default();
            person.answers().submit_answer(request(message, token)).await.err()
        }
        4 => {
            let message = v1::WatchInterviewRequest::default();
            person.answers().watch_interview(request(message, token)).await.err()
        }
        5 => {
            let message = v1::GetReportRequest::default();
            person.reports().get_report(request(message, token)).await.err()
        }
        _ => {
            let message = v1::ListTemplatesRequest::default();
            person.interviews().list_templates(request(message, token)).await.err()
        }
    };
    outcome.map_or(Code::Ok, |status| status.code())
}

#[derive(Debug, Clone)]
enum Token {
    Valid,
    Missing,
    Tampered(usize),
    Text(String),
}

#[test]
fn property_3_jwt_token_validation_on_protected_endpoints() {
    let token = prop_oneof![
        Just(Token::Valid),
        Just(Token::Missing),
        any::<usize>().prop_map(Token::Tampered),
        "[ -~]{0,120}".prop_map(Token::Text),
    ];
    holds(
        (0usize..7, token),
        |server| Box::pin(async move { server.sign_up("ada").await }),
        |server, ada, (rpc, token)| {
            Box::pin(async move {
                let valid = &ada.session.access_token;
                let (text, works) = match token {
                    Token::Valid => (Some(valid.clone()), true),
                    Token::Missing => (None, false),
                    Token::Tampered(at) => {
                        let mut bytes = valid.clone().into_bytes();
                        // The last character of a base64 part may hold unused bits.
                        let at = at % (bytes.len() - 1);
                        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
                        let text = String::from_utf8(bytes).unwrap();
                        let same = decoded(&text) == decoded(valid);
                        (Some(text), same)
                    }
                    Token::Text(text) => (Some(text), false),
                };
                let code = call(server, rpc, text.as_deref()).await;
                prop_assert_eq!(code != Code::Unauthenticated, works, "rpc {}: {:?}", rpc, code);
                Ok(())
            })
        },
    );
}

/// The decoded bytes of a token's parts.
fn decoded(token: &str) -> Option<Vec<Vec<u8>>> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).ok()).collect()
}

#[test]
fn property_4_password_hashing_security() {
    holds(
        password(),
        |_| Box::pin(async {}),
        |server, (), password| {
            Box::pin(async move {
                let mut hashes = Vec::new();
                for _ in 0..2 {
                    let username = format!("user-{}", fastrand());
                    let id = register(server, &username, &password).await;
                    hashes.push(stored_hash(server, id).await);
                }
                prop_assert!(hashes.iter().all(|hash| hash.starts_with("$argon2id$")));
                prop_assert!(hashes.iter().all(|hash| !hash.contains(&password)));
                prop_assert!(hashes[0] != hashes[1]);
                Ok(())
            })
        },
    );
}

async fn stored_hash(server: &TestServer, user_id: i64) -> String {
    let file = server.folder.path().join("viva.db");
    let options = SqliteConnectOptions::new().filename(file);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query_scalar("SELECT hashed_password FROM users WHERE id = $1")
        .bind(user_id)
        .fetch_one(&mut database)
        .await
        .unwrap()
}
