//! Marks on questions: a mark is shown with its question, is private, and affects new interviews.

use std::collections::HashSet;

use tonic::{Code, Status};
use viva_proto::v1::{
    self, CreateInterviewRequest, CreateInterviewResponse, ListQuestionMarksRequest,
    ListQuestionMarksResponse, QuestionMark, QuestionWish, SetQuestionMarkRequest,
};

use crate::support::{Person, TestServer, reason};

async fn set(person: &Person, request: SetQuestionMarkRequest) -> Result<QuestionMark, Status> {
    let reply = person.interviews().set_question_mark(person.ask(request)).await?;
    Ok(reply.into_inner().mark.unwrap())
}

/// Stars a question of this person.
pub(crate) async fn star(person: &Person, question_id: i64) -> QuestionMark {
    let starred = Some(true);
    set(person, SetQuestionMarkRequest { question_id, starred, ..Default::default() })
        .await
        .unwrap()
}

async fn note(person: &Person, question_id: i64, note: &str) -> QuestionMark {
    let note = Some(note.to_owned());
    set(person, SetQuestionMarkRequest { question_id, note, ..Default::default() }).await.unwrap()
}

/// Sets the wish for a question of this person.
pub(crate) async fn wish(
    person: &Person,
    question_id: i64,
    wish: QuestionWish,
) -> Result<QuestionMark, Status> {
    let wish = Some(wish.into());
    set(person, SetQuestionMarkRequest { question_id, wish, ..Default::default() }).await
}

async fn list(person: &Person, page_size: i32, page_token: &str) -> ListQuestionMarksResponse {
    let request = ListQuestionMarksRequest { page_size, page_token: page_token.into() };
    person.interviews().list_question_marks(person.ask(request)).await.unwrap().into_inner()
}

async fn rust(person: &Person, count: i32) -> CreateInterviewResponse {
    let request = CreateInterviewRequest {
        role: "Rust developer".into(),
        num_questions: count,
        topics: vec!["rust".into()],
        ..Default::default()
    };
    person.interviews().create_interview(person.ask(request)).await.unwrap().into_inner()
}

fn texts(interview: &v1::Interview) -> HashSet<String> {
    interview.questions.iter().map(|question| question.text.clone()).collect()
}

async fn remove(person: &Person, interview_id: i64) {
    let request = v1::DeleteInterviewRequest { interview_id };
    person.interviews().delete_interview(person.ask(request)).await.unwrap();
}

#[tokio::test]
async fn a_mark_is_seen_with_the_question_in_interview_report_and_list() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = ada.create("Backend engineer", 2).await;
    let id = made.questions[0].id;
    star(&ada, id).await;
    let mark = note(&ada, id, "Ask *why*.\n ").await;
    assert_eq!((mark.note.as_str(), mark.starred), ("Ask *why*.\n ", true));
    assert!(mark.changed_at.is_some());
    let request = ada.ask(v1::GetInterviewRequest { interview_id: made.id });
    let shown = ada.interviews().get_interview(request).await.unwrap().into_inner();
    let marks: Vec<_> =
        shown.interview.unwrap().questions.into_iter().map(|question| question.mark).collect();
    assert_eq!(marks, [Some(mark.clone()), None]);
    let report = ada.report(made.id).await.unwrap();
    assert_eq!(report.questions[0].question.as_ref().unwrap().mark, Some(mark.clone()));
    let [marked] = list(&ada, 0, "").await.questions.try_into().unwrap();
    assert_eq!((marked.interview_id, marked.question_id), (made.id, id));
    assert_eq!((&marked.text, &marked.topic), (&made.questions[0].text, &made.questions[0].topic));
    assert_eq!((marked.level(), marked.source()), (v1::Level::Mid, v1::QuestionSource::Bank));
    assert_eq!(marked.mark, Some(mark));
}

#[tokio::test]
async fn an_exported_report_has_no_marks_and_an_exported_account_has_all() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = ada.create("Backend engineer", 1).await;
    note(&ada, made.questions[0].id, "Canary of Ada").await;
    for format in [v1::ReportFormat::Markdown, v1::ReportFormat::Json] {
        let request = v1::ExportReportRequest { interview_id: made.id, format: format.into() };
        let file = ada.reports().export_report(ada.ask(request)).await.unwrap().into_inner();
        let text = String::from_utf8(file.content).unwrap();
        assert!(!text.contains("Canary") && !text.contains("changed_at"), "{text}");
    }
    remove(&ada, made.id).await;
    let request = ada.ask(v1::ExportAccountRequest {});
    let mut stream = ada.auth().export_account(request).await.unwrap().into_inner();
    let mut document = Vec::new();
    while let Some(piece) = stream.message().await.unwrap() {
        document.extend(piece.chunk);
    }
    let read: serde_json::Value = serde_json::from_slice(&document).unwrap();
    let kept = &read["question_marks"][0];
    assert_eq!((&kept["note"], &kept["wish"]), (&"Canary of Ada".into(), &"none".into()));
    assert_eq!(kept["text"], made.questions[0].text.as_str());
    assert!(kept["bank_id"].is_string() && kept["interview_id"].is_null(), "{kept}");
}

#[tokio::test]
async fn an_unwanted_question_does_not_come_until_nothing_else_fits() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let first = rust(&ada, 10).await.interview.unwrap();
    for question in &first.questions {
        wish(&ada, question.id, QuestionWish::NotAgain).await.unwrap();
    }
    // The interview that asked them is gone, so only the marks remember them.
    remove(&ada, first.id).await;
    for _ in 0..5 {
        let again = rust(&ada, 4).await;
        assert!(texts(again.interview.as_ref().unwrap()).is_disjoint(&texts(&first)));
        assert!(!again.notice.contains("not again"), "{}", again.notice);
    }
    let all = rust(&ada, 10).await;
    assert!(all.notice.contains("are questions that you marked “not again”"), "{}", all.notice);
    // Another account is not affected.
    let bob = server.sign_up("bob").await;
    assert_eq!(rust(&bob, 10).await.notice, "");
}

#[tokio::test]
async fn a_question_wanted_soon_comes_once_in_the_next_fitting_interview() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let first = rust(&ada, 2).await.interview.unwrap();
    let wanted = &first.questions[0];
    star(&ada, wanted.id).await;
    wish(&ada, wanted.id, QuestionWish::AgainSoon).await.unwrap();
    let other = ada.create("Frontend engineer", 3).await;
    assert!(!texts(&other).contains(&wanted.text));
    let second = rust(&ada, 1).await;
    let [again] = second.interview.unwrap().questions.try_into().unwrap();
    assert_eq!((again.text.as_str(), second.notice.as_str()), (wanted.text.as_str(), ""));
    let mark = again.mark.unwrap();
    assert_eq!((mark.starred, mark.wish()), (true, QuestionWish::Unspecified));
    let third = rust(&ada, 5).await.interview.unwrap();
    assert!(!texts(&third).contains(&wanted.text));
}

#[tokio::test]
async fn pages_list_every_mark_once_and_a_mark_without_a_question_can_be_changed() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = rust(&ada, 5).await.interview.unwrap();
    let mut marks = Vec::new();
    for question in &made.questions {
        marks.push(star(&ada, question.id).await.id);
    }
    marks.reverse();
    remove(&ada, made.id).await;
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page = list(&ada, 2, &token).await;
        assert!(page.questions.iter().all(|marked| marked.question_id == 0));
        seen.extend(page.questions.into_iter().map(|marked| marked.mark.unwrap().id));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, marks);
    let mark_id = marks[0];
    for _ in 0..2 {
        let starred = Some(false);
        let request = SetQuestionMarkRequest { mark_id, starred, ..Default::default() };
        assert!(!set(&ada, request).await.unwrap().starred, "a second time changes nothing");
    }
    assert_eq!(list(&ada, 0, "").await.questions.len(), 4);
}

#[tokio::test]
async fn a_question_of_another_account_or_a_missing_one_cannot_be_marked() {
    let server = TestServer::start().await;
    let (ada, bob) = (server.sign_up("ada").await, server.sign_up("bob").await);
    let question_id = ada.create("Backend engineer", 1).await.questions[0].id;
    let mark_id = star(&ada, question_id).await.id;
    let starred = Some(false);
    let by = |question_id, mark_id| SetQuestionMarkRequest {
        question_id,
        mark_id,
        starred,
        ..Default::default()
    };
    for request in [by(question_id, 0), by(0, mark_id)] {
        let error = set(&bob, request).await.unwrap_err();
        assert_eq!(
            (error.code(), reason(&error).as_str()),
            (Code::PermissionDenied, "ACCESS_DENIED")
        );
    }
    for (request, why) in [(by(4711, 0), "QUESTION_NOT_FOUND"), (by(0, 4711), "MARK_NOT_FOUND")] {
        let error = set(&ada, request).await.unwrap_err();
        assert_eq!((error.code(), reason(&error).as_str()), (Code::NotFound, why));
    }
    assert!(list(&bob, 0, "").await.questions.is_empty());
    assert!(list(&ada, 0, "").await.questions[0].mark.as_ref().unwrap().starred);
}
