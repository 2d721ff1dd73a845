//! Sessions over several servers on one database: a session that ends at one has ended at all. And
//! a change of the signing key, which signs no one out.

use std::time::Duration;

use nix::sys::signal::Signal;
use tonic::{Code, Streaming};
use viva_proto::v1::{self, grade_service_client::GradeServiceClient};
use viva_server::{domain::throttle::RequestLimits, startup::app::AppSettings};

use crate::support::{
    Person, TestServer, in_time, program::Program, reason, scratch::with_database, settings,
};

/// Settings of a server that grades nothing, so that two on one file do not interfere.
fn serves() -> AppSettings {
    AppSettings { worker: None, ..settings() }
}

/// The same person, calling another server.
fn at(server: &TestServer, person: &Person) -> Person {
    Person { channel: server.channel.clone(), session: person.session.clone() }
}

/// Signs in from a client with this name.
async fn sign_in_from(server: &TestServer, name: &str, client: &str) -> Person {
    let message =
        v1::LoginRequest { username: name.into(), password: crate::support::PASSWORD.into() };
    let mut request = tonic::Request::new(message);
    request.metadata_mut().insert("user-agent", client.parse().unwrap());
    let reply = server.auth().login(request).await.unwrap().into_inner();
    Person { channel: server.channel.clone(), session: reply.session.unwrap() }
}

/// Ends a session by its id and returns whether it was the caller's own.
async fn end(person: &Person, session_id: i64) -> Result<bool, (Code, String)> {
    let request = person.ask(v1::EndSessionRequest { session_id });
    match person.auth().end_session(request).await {
        Ok(reply) => Ok(reply.into_inner().was_current),
        Err(status) => Err((status.code(), reason(&status))),
    }
}

/// The code and the reason that a person's next call gets.
async fn next_call(person: &Person) -> (Code, String) {
    match person.auth().get_me(person.ask(v1::GetMeRequest {})).await {
        Ok(_) => (Code::Ok, String::new()),
        Err(status) => (status.code(), reason(&status)),
    }
}

fn ended() -> (Code, String) {
    (Code::Unauthenticated, "TOKEN_INVALID".to_owned())
}

/// The error that ends a stream.
async fn last_word<T>(stream: &mut Streaming<T>) -> (Code, String) {
    let reading = async {
        loop {
            match stream.message().await {
                Ok(Some(_)) => {}
                Ok(None) => break (Code::Ok, String::new()),
                Err(status) => break (status.code(), reason(&status)),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("the stream does not end")
}

/// Makes the account's export larger than what a client buffers without reading.
async fn fill(person: &Person) {
    let request = v1::CreateInterviewRequest {
        role: "Backend engineer".into(),
        num_questions: 1,
        job_description: "\u{20ac}".repeat(20_000),
        ..<_>::default()
    };
    for _ in 0..10 {
        person.interviews().create_interview(person.ask(request.clone())).await.unwrap();
    }
}

/// Starts an export of the account.
async fn export(server: &TestServer, person: &Person) -> Streaming<v1::ExportAccountResponse> {
    let channel = server.narrow().await;
    let narrow = Person { channel, session: person.session.clone() };
    let request = narrow.ask(v1::ExportAccountRequest {});
    narrow.auth().export_account(request).await.unwrap().into_inner()
}

/// Opens a watch, a batch and the maximum of two exports at `server`, calls `end` to end the
/// session elsewhere, and checks that calls and all the streams end.
async fn ends_everywhere(server: &TestServer, person: &Person, end: impl AsyncFnOnce()) {
    let here = at(server, person);
    fill(&here).await;
    let mut exports = [export(server, &here).await, export(server, &here).await];
    let answer = v1::GradeAnswerRequest {
        question: "Why?".into(),
        reference: "So.".into(),
        answer: "[hang] here".into(),
        ..<_>::default()
    };
    let item = v1::GradeAnswersItem { item_id: "1".into(), request: Some(answer) };
    let request = here.ask(v1::GradeAnswersRequest { items: vec![item; 10], shared: None });
    let mut client = GradeServiceClient::new(here.channel.clone());
    let mut batch = client.grade_answers(request).await.unwrap().into_inner();
    let interview = here.create("Backend engineer", 1).await;
    let request = here.ask(v1::WatchInterviewRequest { interview_id: interview.id, follow: true });
    let mut watch = here.answers().watch_interview(request).await.unwrap().into_inner();
    assert_eq!(next_call(&here).await.0, Code::Ok);
    end().await;
    assert_eq!(next_call(&here).await, ended(), "the next call is refused");
    assert_eq!(last_word(&mut watch).await, ended());
    assert_eq!(
        last_word(&mut batch).await,
        ended(),
        "the batch ends while its answers are being graded"
    );
    for export in &mut exports {
        assert_eq!(last_word(export).await, ended());
    }
    let request = v1::RefreshRequest { refresh_token: person.session.refresh_token.clone() };
    assert_eq!(here.auth().refresh(request).await.unwrap_err().code(), Code::Unauthenticated);
}

async fn signing_out(one: &TestServer, other: &TestServer) {
    let ada = one.sign_up("ada").await;
    let elsewhere = one.sign_in("ada", crate::support::PASSWORD).await.unwrap();
    ends_everywhere(other, &ada, async || {
        ada.auth().logout(ada.ask(v1::LogoutRequest::default())).await.unwrap();
    })
    .await;
    assert_eq!(next_call(&at(other, &elsewhere)).await.0, Code::Ok, "the other session works");
}

/// Unread exports make room for others when their session ends.
async fn unread_exports(one: &TestServer, other: &TestServer) {
    let (ada, elsewhere) = (one.sign_up("una").await, one.sign_in("una", crate::support::PASSWORD));
    let elsewhere = at(other, &elsewhere.await.unwrap());
    fill(&at(other, &ada)).await;
    let unread = [export(other, &ada).await, export(other, &ada).await];
    let third = async || {
        let request = elsewhere.ask(v1::ExportAccountRequest {});
        elsewhere.auth().export_account(request).await.map_err(|status| reason(&status))
    };
    assert_eq!(third().await.err().as_deref(), Some("RATE_LIMITED"));
    ada.auth().logout(ada.ask(v1::LogoutRequest::default())).await.unwrap();
    in_time(async || third().await.is_ok()).await;
    drop(unread);
}

/// A session ended by its id at one server has ended at the other.
async fn one_by_one(one: &TestServer, other: &TestServer) {
    let ada = one.sign_up("ida").await;
    let phone = sign_in_from(one, "ida", "Mozilla/5.0 (Android 15) Firefox/140.0").await;
    let tablet = sign_in_from(other, "ida", "viva/0.1.0 (tablet)").await;
    let of_phone = phone.current_session().await;
    assert_eq!(of_phone.client, "Firefox on Android");
    assert_eq!(tablet.current_session().await.client, "viva/0.1.0 (tablet)");
    let clients: Vec<_> = ada.sessions().await.into_iter().map(|session| session.client).collect();
    assert_eq!(clients.len(), 3);
    assert_eq!(end(&ada, of_phone.id).await, Ok(false));
    assert_eq!(next_call(&at(other, &phone)).await, ended());
    let request = v1::RefreshRequest { refresh_token: phone.session.refresh_token.clone() };
    assert_eq!(reason(&other.auth().refresh(request).await.unwrap_err()), "SESSION_ENDED");
    let gone = Err((Code::NotFound, "SESSION_NOT_FOUND".to_owned()));
    assert_eq!(end(&at(other, &ada), of_phone.id).await, gone, "it has ended already");
    assert_eq!(tablet.sessions().await.len(), 2);

    let request = tablet.ask(v1::EndOtherSessionsRequest {});
    tablet.auth().end_other_sessions(request).await.unwrap();
    assert_eq!(next_call(&ada).await, ended());
    let own = tablet.current_session().await.id;
    assert_eq!(end(&tablet, own).await, Ok(true), "ending your own session signs you out");
    assert_eq!(next_call(&at(one, &tablet)).await, ended());
}

async fn deleting(one: &TestServer, other: &TestServer) {
    let ada = one.sign_up("eve").await;
    ends_everywhere(other, &ada, async || {
        let request = v1::DeleteAccountRequest { password: crate::support::PASSWORD.into() };
        ada.auth().delete_account(ada.ask(request)).await.unwrap();
    })
    .await;
    let refused = other.sign_in("eve", crate::support::PASSWORD).await.unwrap_err();
    assert_eq!(reason(&refused), "INVALID_CREDENTIALS");
}

#[tokio::test]
async fn an_account_deleted_at_one_server_is_gone_at_another() {
    let one = TestServer::start_with(serves()).await;
    let other = one.start_beside(serves(), RequestLimits::default()).await;
    deleting(&one, &other).await;
}

#[tokio::test]
async fn a_session_ended_by_its_id_at_one_server_has_ended_at_another() {
    let one = TestServer::start_with(serves()).await;
    let other = one.start_beside(serves(), RequestLimits::default()).await;
    one_by_one(&one, &other).await;
}

#[tokio::test]
async fn a_sessions_last_use_is_when_its_tokens_were_renewed() {
    let server = TestServer::start_with(serves()).await;
    let ada = server.sign_up("ada").await;
    let before = ada.current_session().await;
    assert_eq!(before.signed_in_at, before.last_used_at);
    let request = v1::RefreshRequest { refresh_token: ada.session.refresh_token.clone() };
    let renewed = server.auth().refresh(request).await.unwrap().into_inner().session.unwrap();
    let after = Person { session: renewed, ..ada }.current_session().await;
    let nanos = |at: Option<prost_types::Timestamp>| at.map(|at| (at.seconds, at.nanos));
    assert_eq!(after.id, before.id);
    assert_eq!(after.signed_in_at, before.signed_in_at);
    assert!(nanos(after.last_used_at) > nanos(before.last_used_at));
}

#[tokio::test]
async fn signing_out_at_one_server_ends_calls_and_streams_at_another() {
    let one = TestServer::start_with(serves()).await;
    let other = one.start_beside(serves(), RequestLimits::default()).await;
    signing_out(&one, &other).await;
    unread_exports(&one, &other).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn on_postgres_a_session_ended_at_one_server_ends_calls_and_streams_at_another() {
    with_database(async |url| {
        let one = TestServer::start_on(&url, serves()).await;
        let other = TestServer::start_on(&url, serves()).await;
        signing_out(&one, &other).await;
        unread_exports(&one, &other).await;
        deleting(&other, &one).await;
        one_by_one(&one, &other).await;
        one.stop().await;
        other.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_new_key_signs_no_one_out_while_the_previous_one_is_set() {
    const OLD: &str = "the key of last year, at least 32 bytes";
    const NEW: &str = "the key of this year, at least 32 bytes";
    let home = tempfile::tempdir().unwrap();
    let program = Program::serve(home.path(), &[("SECRET_KEY", OLD)]);
    let ada = Person::register(program.channel().await, "ada").await;
    program.signal(Signal::SIGTERM);
    program.ended().await;

    let both = [("SECRET_KEY", NEW), ("SECRET_KEY_PREVIOUS", OLD)];
    let program = Program::serve(home.path(), &both);
    let ada = Person { channel: program.channel().await, ..ada };
    assert_eq!(next_call(&ada).await.0, Code::Ok);
    let request = v1::RefreshRequest { refresh_token: ada.session.refresh_token.clone() };
    let renewed = ada.auth().refresh(request).await.unwrap().into_inner().session.unwrap();
    program.signal(Signal::SIGTERM);
    program.ended().await;

    let program = Program::serve(home.path(), &[("SECRET_KEY", NEW)]);
    let ada = Person { channel: program.channel().await, ..ada };
    assert_eq!(next_call(&ada).await, ended(), "the old key no longer counts");
    let ada = Person { session: renewed, ..ada };
    assert_eq!(next_call(&ada).await.0, Code::Ok);
}
