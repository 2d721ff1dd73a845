//! The people and keys that make the calls, and the things that the calls name.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use serde_json::Value;
use tonic::Status;
use viva_proto::v1::{self, Scope};
use viva_server::{
    auth::{access_token::AccessTokens, api_key, signing_key::SigningKey},
    domain::{
        api_key::{ApiKeyDraft, Scope as Allowed, Scopes},
        clock::{Clock, SystemClock, Timestamp},
        id::UserId,
    },
    services::api_keys::MOST_KEYS,
    storage::api_keys::{KeyCreation, NewApiKey},
};

use super::table::{Row, Things};
use crate::{
    api_keys::create,
    bad_requests::raw,
    memory,
    real_mode::real,
    support::{PASSWORD, Person, SECRET, TestServer, database},
};

/// A server and its callers. Everything that the calls name belongs to Ada.
pub(super) struct World {
    server: TestServer,
    ada: Person,
    /// Ada's keys with one scope each: to read, to practise, to grade.
    pub(super) keys: [String; 3],
    pub(super) expired_key: String,
    pub(super) revoked_key: String,
    /// The token and the key of an account that was deleted after they were created.
    pub(super) deleted: [String; 2],
    names: AtomicUsize,
}

impl World {
    pub(super) async fn new() -> Self {
        let server = TestServer::start().await;
        let (ada, _) = (server.sign_up("ada").await, server.sign_up("bob").await);
        let mut keys = Vec::new();
        for scope in [Scope::Read, Scope::Practise, Scope::Grade] {
            keys.push(create(&ada, &[scope]).await.unwrap().secret);
        }
        let revoked = create(&ada, &[]).await.unwrap();
        revoke(&ada, revoked.api_key.unwrap().id).await;
        let expired_key = expired_key(&server, &ada).await;
        let deleted = deleted(&server).await;
        Self {
            server,
            ada,
            keys: keys.try_into().unwrap(),
            expired_key,
            revoked_key: revoked.secret,
            deleted,
            names: AtomicUsize::default(),
        }
    }

    /// Calls the RPC; a stream is read to its first message.
    pub(super) async fn call(
        &self,
        row: &Row,
        message: &Value,
        credential: Option<&str>,
    ) -> Result<(), Status> {
        let method = format!("viva.v1.{}", row.rpc);
        let authorization = credential.map(|credential| format!("Bearer {credential}"));
        raw::call(&self.server.channel, &method, message, authorization.as_deref()).await
    }

    /// A valid request about things that no other call has used.
    pub(super) async fn fill(&self, row: &Row) -> Value {
        let number = self.names.fetch_add(1, Ordering::Relaxed);
        let mut things = Things {
            interview: 0,
            question: 0,
            answer: 0,
            api_key: 0,
            point: 0,
            session: 0,
            refresh_token: String::new(),
            name: format!("somebody-{number}"),
        };
        if row.rpc == "AuthService/Refresh" {
            let session = self.server.sign_in("bob", PASSWORD).await.unwrap().session;
            things.refresh_token = session.refresh_token;
        } else if row.rpc == "AuthService/RevokeApiKey" {
            let made = create(&self.ada, &[]).await.unwrap();
            things.api_key = made.api_key.unwrap().id;
        } else if row.is_of_a_point() {
            things.point = memory::a_point(&self.ada).await;
        } else if row.rpc == "AuthService/EndSession" {
            let ada = self.server.sign_in("ada", PASSWORD).await.unwrap();
            things.session = ada.current_session().await.id;
        } else if row.is_of_an_account {
            let interview = self.ada.create("Backend engineer", 1).await;
            things.interview = interview.id;
            things.question = interview.questions[0].id;
            things.answer = self.ada.submit(&interview, 0, "[fail] this one").await.unwrap();
            self.ada.settled(interview.id).await;
            if row.rpc == "InterviewService/EndInterview" {
                things.interview = real(&self.ada, 1).await.id;
            }
            // How many evaluated answers an RPC needs.
            let evaluated = match row.rpc {
                "ReportService/GetRubric"
                | "InterviewService/AddFollowUp"
                | "AnswerService/ChallengePoint"
                | "AnswerService/AssessPoint" => 1,
                "ReportService/CompareAttempts" => 2,
                _ => 0,
            };
            for _ in 0..evaluated {
                let answer = self.ada.submit(&interview, 0, "I would measure first.").await;
                things.answer = answer.unwrap();
                self.ada.settled(interview.id).await;
            }
        }
        (row.fill)(&things)
    }

    /// A token of this person in a separate session, which the call may end.
    async fn token_of(&self, name: &str) -> String {
        self.server.sign_in(name, PASSWORD).await.unwrap().session.access_token
    }

    /// A token of this person, or of a new account if the call makes its caller unusable.
    pub(super) async fn token_for(&self, row: &Row, name: &str) -> String {
        if !row.spends_its_caller() {
            return self.token_of(name).await;
        }
        let number = self.names.fetch_add(1, Ordering::Relaxed);
        self.server.sign_up(&format!("{name}-{number}")).await.session.access_token
    }

    /// Ada's claims, signed by the server's key an hour ago.
    pub(super) fn expired_token(&self) -> String {
        let key = SigningKey::parse(SECRET).unwrap();
        let tokens = AccessTokens::new(&key, Duration::from_secs(1));
        let now = SystemClock.now();
        let caller = tokens.verify(&self.ada.session.access_token, now).unwrap();
        tokens.sign(caller, now.before(Duration::from_hours(1))).unwrap().token
    }
}

async fn deleted(server: &TestServer) -> [String; 2] {
    let gone = server.sign_up("carol").await;
    let key = create(&gone, &[]).await.unwrap().secret;
    let file = server.folder.path().join("viva.db");
    database::delete(&file, "DELETE FROM users WHERE username = 'carol'").await;
    [gone.session.access_token, key]
}

async fn revoke(owner: &Person, api_key_id: i64) {
    let request = owner.ask(v1::RevokeApiKeyRequest { api_key_id });
    owner.auth().revoke_api_key(request).await.unwrap();
}

/// An expired key with every scope, inserted directly into the store.
async fn expired_key(server: &TestServer, owner: &Person) -> String {
    let me = owner.auth().get_me(owner.ask(v1::GetMeRequest {})).await.unwrap();
    let issued = api_key::generate();
    let new = NewApiKey {
        user_id: UserId::new(me.into_inner().user.unwrap().id),
        draft: ApiKeyDraft {
            name: "old".into(),
            scopes: Scopes::of(Allowed::ALL),
            expires_at: Some(Timestamp::from_micros(2)),
        },
        prefix: issued.prefix,
        hash: issued.hash,
        created_at: Timestamp::from_micros(1),
    };
    let made = server.store.create_api_key(new, MOST_KEYS).await.unwrap();
    assert!(matches!(made, KeyCreation::Created(_)));
    issued.secret
}
