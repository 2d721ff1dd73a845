//! Sessions over several servers on one database: what ends at one has ended at all. And keys that
//! change without anybody being signed out.

use std::time::Duration;

use nix::sys::signal::Signal;
use tonic::{Code, Streaming};
use viva_proto::v1::{self, grade_service_client::GradeServiceClient};
use viva_server::{app::AppSettings, domain::throttle::RequestLimits};

use crate::support::{
    Person, TestServer, in_time, program::Program, reason, scratch::with_database, settings,
};

/// A server that serves and grades nothing, so that two on one file are not in each other's way.
fn serves() -> AppSettings {
    AppSettings { worker: None, ..settings() }
}

/// The same person at another server.
fn at(server: &TestServer, person: &Person) -> Person {
    Person { channel: server.channel.clone(), session: person.session.clone() }
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

/// What an ended stream says last.
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
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("the stream goes on")
}

/// Makes the account larger than what is taken of an export before anybody reads.
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

/// Begins to export the account.
async fn export(server: &TestServer, person: &Person) -> Streaming<v1::ExportAccountResponse> {
    let channel = server.narrow().await;
    let narrow = Person { channel, session: person.session.clone() };
    let request = narrow.ask(v1::ExportAccountRequest {});
    narrow.auth().export_account(request).await.unwrap().into_inner()
}

/// Opens a watch, a batch and as many exports as there may be at `server`, lets `end` end the session
/// elsewhere, and sees calls and all of these end.
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
    let request = here.ask(v1::GradeAnswersRequest { items: vec![item; 10] });
    let mut client = GradeServiceClient::new(here.channel.clone());
    let mut batch = client.grade_answers(request).await.unwrap().into_inner();
    let interview = here.create("Backend engineer", 1).await;
    let request = here.ask(v1::WatchInterviewRequest { interview_id: interview.id, follow: true });
    let mut watch = here.answers().watch_interview(request).await.unwrap().into_inner();
    assert_eq!(next_call(&here).await.0, Code::Ok);
    end().await;
    assert_eq!(next_call(&here).await, ended(), "the very next call");
    assert_eq!(last_word(&mut watch).await, ended());
    assert_eq!(last_word(&mut batch).await, ended(), "though its answers are still being graded");
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
    assert_eq!(next_call(&at(other, &elsewhere)).await.0, Code::Ok, "another session lives on");
}

/// Exports that nobody reads give their places back when their session ends.
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
async fn signing_out_at_one_server_ends_calls_and_streams_at_another() {
    let one = TestServer::start_with(serves()).await;
    let other = one.start_beside(serves(), RequestLimits::default()).await;
    signing_out(&one, &other).await;
    unread_exports(&one, &other).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn on_postgres_what_ends_at_one_server_ends_calls_and_streams_at_another() {
    with_database(async |url| {
        let one = TestServer::start_on(&url, serves()).await;
        let other = TestServer::start_on(&url, serves()).await;
        signing_out(&one, &other).await;
        unread_exports(&one, &other).await;
        deleting(&other, &one).await;
        one.stop().await;
        other.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_new_key_signs_nobody_out_while_the_one_before_it_is_named() {
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
    assert_eq!(next_call(&ada).await, ended(), "the old key is forgotten");
    let ada = Person { session: renewed, ..ada };
    assert_eq!(next_call(&ada).await.0, Code::Ok);
}
