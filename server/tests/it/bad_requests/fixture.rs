//! The people and things that the corpus names.

use std::{collections::HashMap, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use tonic::Status;
use viva_proto::v1;
use viva_server::{
    auth::{access_token::AccessTokens, signing_key::SigningKey},
    domain::{
        account::Caller,
        clock::{Clock, SystemClock, Timestamp},
        id::{SessionId, UserId},
    },
};

use super::raw;
use crate::support::{Person, SECRET, TestServer};

/// A server with everything in it, and the values of the corpus's `$NAMES`.
pub(crate) struct Fixture {
    pub(crate) server: TestServer,
    ada: Person,
    bob: Person,
    values: HashMap<&'static str, Value>,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        let server = TestServer::start().await;
        let ada = server.sign_up("corpus_ada").await;
        // The corpus uses the address ada@corpus.example, which is not that of corpus_ada.
        let bob = server.sign_up("corpus_bob").await;
        let taken = v1::RegisterRequest {
            username: "corpus_twin".into(),
            email: "ada@corpus.example".into(),
            password: crate::support::PASSWORD.into(),
        };
        server.auth().register(taken).await.unwrap();
        let mut values = HashMap::new();
        let mine = ada.create("Backend engineer", 4).await;
        values.insert("$MY_INTERVIEW", json!(mine.id.to_string()));
        values.insert("$MY_QUESTION", json!(mine.questions[0].id.to_string()));
        let done = ada.submit(&mine, 0, "A plain answer that is long enough.").await.unwrap();
        ada.settled(mine.id).await;
        values.insert("$MY_ANSWER", json!(done.to_string()));
        values.insert("$MISSING_ID", json!("4711471147"));
        let rotated = ada.session.refresh_token.clone();
        values.insert("$ROTATED_REFRESH", json!(rotated));
        let mut session = ada.session.clone();
        // Twice, so that the server knows that the first reply arrived.
        for _ in 0..2 {
            let request = v1::RefreshRequest { refresh_token: session.refresh_token };
            let reply = server.auth().refresh(request).await.unwrap().into_inner();
            session = reply.session.unwrap();
        }
        let ada = Person { session, ..ada };
        let own = ada.current_session().await;
        values.insert("$MY_SESSION", json!(own.id.to_string()));
        Self { server, ada, bob, values }
    }

    /// Sends a row's request as its `auth` says.
    pub(crate) async fn send(&self, row: &Value) -> Result<(), Status> {
        let (method, message, authorization) = self.request(row);
        raw::call(&self.server.channel, method, &message, authorization.as_deref()).await
    }

    /// A row's method, its message, and the credential that its `auth` names.
    pub(crate) fn request<'a>(&self, row: &'a Value) -> (&'a str, Value, Option<String>) {
        let authorization = self.authorization(row["auth"].as_str().unwrap());
        let message = self.expand(&row["request"]);
        (row["method"].as_str().unwrap(), message, authorization)
    }

    pub(crate) async fn answers_the_next_good_request(&self) -> bool {
        let request = self.bob.ask(v1::GetMeRequest {});
        self.bob.auth().get_me(request).await.is_ok()
    }

    fn authorization(&self, kind: &str) -> Option<String> {
        let token = match kind {
            "none" => return None,
            "garbage" => "not.a.token".to_owned(),
            "valid" => self.ada.session.access_token.clone(),
            "other_user" => self.bob.session.access_token.clone(),
            "expired" => self.signed(SECRET, SystemClock.now().micros() - 3_600_000_000),
            "wrong_key" => self.signed(&SECRET.replace('a', "b"), SystemClock.now().micros()),
            "alg_none" => self.without_signature(),
            other => panic!("no auth {other} in the fixture"),
        };
        Some(format!("Bearer {token}"))
    }

    /// Ada's claims, signed with this key as if one second before `expires_at`.
    fn signed(&self, secret: &str, expires_at: i64) -> String {
        let key = SigningKey::parse(SECRET).unwrap();
        let second = Duration::from_secs(1);
        let caller = AccessTokens::new(&key, second)
            .verify(&self.ada.session.access_token, SystemClock.now())
            .unwrap();
        let caller = Caller {
            user_id: UserId::new(caller.user_id.get()),
            session_id: SessionId::new(caller.session_id.get()),
        };
        let tokens = AccessTokens::new(&SigningKey::parse(secret).unwrap(), second);
        tokens.sign(caller, Timestamp::from_micros(expires_at - 1_000_000)).unwrap().token
    }

    /// Ada's claims under `{"alg":"none"}` with an empty signature.
    fn without_signature(&self) -> String {
        let claims = self.ada.session.access_token.split('.').nth(1).unwrap();
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"at+jwt"}"#);
        format!("{header}.{claims}.")
    }

    /// A value with the corpus's macros and names replaced.
    fn expand(&self, value: &Value) -> Value {
        match value {
            Value::String(name) if name.starts_with('$') => {
                self.values.get(name.as_str()).unwrap_or_else(|| panic!("no {name}")).clone()
            }
            Value::Object(fields) if fields.contains_key("$repeat") => repeated(fields),
            Value::Object(fields) => {
                let expanded = fields.iter().map(|(key, value)| (key.clone(), self.expand(value)));
                Value::Object(expanded.collect())
            }
            other => other.clone(),
        }
    }
}

/// `{"$repeat": [s, n], "$before": a, "$then": b}` is a + s x n + b.
fn repeated(fields: &Map<String, Value>) -> Value {
    let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
    let unit = fields["$repeat"][0].as_str().unwrap();
    let times = usize::try_from(fields["$repeat"][1].as_u64().unwrap()).unwrap();
    Value::String(format!("{}{}{}", text("$before"), unit.repeat(times), text("$then")))
}
