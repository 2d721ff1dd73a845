//! Watching an interview.

use tonic::Code;
use tonic_types::StatusExt;
use viva_proto::v1::{self, EvaluationStatus};

use crate::support::{TestServer, in_time, reason};

fn watch(interview_id: i64, follow: bool) -> v1::WatchInterviewRequest {
    v1::WatchInterviewRequest { interview_id, follow }
}

#[tokio::test]
async fn a_watch_begins_with_the_current_state_and_then_sends_each_change() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 2).await;
    ada.submit(&interview, 0, "An answer that was there before.").await.unwrap();
    ada.settled(interview.id).await;
    let request = ada.ask(watch(interview.id, true));
    let mut stream = ada.answers().watch_interview(request).await.unwrap().into_inner();
    let first = stream.message().await.unwrap().unwrap().answer.unwrap();
    assert_eq!(first.question_id, interview.questions[0].id);
    assert_eq!(first.evaluation.unwrap().status(), EvaluationStatus::Completed);
    let id = ada.submit(&interview, 1, "An answer that comes later.").await.unwrap();
    loop {
        let next = stream.message().await.unwrap().unwrap().answer.unwrap();
        assert_eq!(next.id, id);
        if next.evaluation.unwrap().status() == EvaluationStatus::Completed {
            break;
        }
    }
}

#[tokio::test]
async fn without_follow_a_watch_ends_when_nothing_is_pending() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    let request = ada.ask(watch(interview.id, false));
    let mut stream = ada.answers().watch_interview(request).await.unwrap().into_inner();
    assert!(stream.message().await.unwrap().is_none());
}

#[tokio::test]
async fn a_watch_ends_when_its_session_does() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    let request = ada.ask(watch(interview.id, true));
    let mut stream = ada.answers().watch_interview(request).await.unwrap().into_inner();
    ada.auth().logout(ada.ask(v1::LogoutRequest::default())).await.unwrap();
    let error = stream.message().await.unwrap_err();
    assert_eq!((error.code(), reason(&error).as_str()), (Code::Unauthenticated, "TOKEN_INVALID"));
}

#[tokio::test]
async fn a_watch_of_a_deleted_interview_ends_with_not_found() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    let request = ada.ask(watch(interview.id, true));
    let mut stream = ada.answers().watch_interview(request).await.unwrap().into_inner();
    let request = ada.ask(v1::DeleteInterviewRequest { interview_id: interview.id });
    ada.interviews().delete_interview(request).await.unwrap();
    assert_eq!(stream.message().await.unwrap_err().message(), "Interview not found");
}

#[tokio::test]
async fn a_stopping_server_ends_every_watch_with_unavailable() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    let request = ada.ask(watch(interview.id, true));
    let mut stream = ada.answers().watch_interview(request).await.unwrap().into_inner();
    let (ended, _folder) = tokio::join!(stream.message(), server.stop());
    let error = ended.unwrap_err();
    assert_eq!((error.code(), reason(&error).as_str()), (Code::Unavailable, "SHUTTING_DOWN"));
}

#[tokio::test]
async fn an_account_cannot_watch_the_interview_of_another() {
    let server = TestServer::start().await;
    let (ada, bob) = (server.sign_up("ada").await, server.sign_up("bob").await);
    let interview = ada.create("Backend engineer", 1).await;
    let request = bob.ask(watch(interview.id, true));
    let error = bob.answers().watch_interview(request).await.unwrap_err();
    assert_eq!(error.message(), "Access denied");
}

#[tokio::test]
async fn an_account_may_have_a_hundred_watches_open_and_a_dropped_one_makes_room() {
    let server = TestServer::start().await;
    let (ada, bob) = (server.sign_up("ada").await, server.sign_up("bob").await);
    let mine = ada.create("Backend engineer", 1).await;
    let his = bob.create("Backend engineer", 1).await;
    let open = async || ada.answers().watch_interview(ada.ask(watch(mine.id, true))).await;
    let mut streams = Vec::new();
    for _ in 0..100 {
        streams.push(open().await.unwrap());
    }
    let refused = open().await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::ResourceExhausted, "RATE_LIMITED")
    );
    assert!(refused.get_details_retry_info().unwrap().retry_delay.is_some());
    assert!(bob.answers().watch_interview(bob.ask(watch(his.id, true))).await.is_ok());
    // Nothing is ever sent on it, so the server notices a gone reader only by the stream's end.
    streams.pop();
    in_time(async || open().await.is_ok()).await;
}
