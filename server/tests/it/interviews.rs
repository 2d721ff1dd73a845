//! Creating, previewing, listing and deleting interviews.

use std::collections::HashSet;

use tonic::{Code, Status};
use viva_proto::v1::{self, Level};

use crate::support::{Person, TestServer, fields, reason};

async fn create(
    person: &Person,
    change: impl FnOnce(&mut v1::CreateInterviewRequest),
) -> Result<v1::CreateInterviewResponse, Status> {
    let mut request = v1::CreateInterviewRequest {
        role: "Rust backend engineer".into(),
        num_questions: 3,
        ..Default::default()
    };
    change(&mut request);
    Ok(person.interviews().create_interview(person.ask(request)).await?.into_inner())
}

async fn list(person: &Person, page_size: i32, page_token: &str) -> v1::ListInterviewsResponse {
    let request = v1::ListInterviewsRequest { page_size, page_token: page_token.into() };
    person.interviews().list_interviews(person.ask(request)).await.unwrap().into_inner()
}

#[tokio::test]
async fn an_interview_comes_with_its_questions_in_order_and_is_kept() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = ada.create("Rust backend engineer", 5).await;
    assert_eq!(made.questions.iter().map(|q| q.order).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert!(made.questions.iter().all(|q| !q.text.is_empty() && !q.topic.is_empty()));
    assert_eq!(made.level(), v1::Level::Mid);
    assert_eq!(made.language, "en");
    let request = v1::GetInterviewRequest { interview_id: made.id };
    let kept = ada.interviews().get_interview(ada.ask(request)).await.unwrap().into_inner();
    assert_eq!(kept.interview.unwrap(), made);
}

#[tokio::test]
async fn one_key_creates_one_interview_and_a_different_request_under_it_is_refused() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let under = |key: &'static str, count: i32| {
        let ada = ada.clone();
        async move {
            create(&ada, |r| {
                r.idempotency_key = key.into();
                r.num_questions = count;
            })
            .await
        }
    };
    let (one, other) = tokio::join!(under("k", 3), under("k", 3));
    assert_eq!(one.unwrap().interview, other.unwrap().interview);
    let error = under("k", 4).await.unwrap_err();
    assert_eq!(
        (error.code(), reason(&error).as_str()),
        (Code::AlreadyExists, "IDEMPOTENCY_KEY_REUSED")
    );
    assert_eq!(list(&ada, 0, "").await.interviews.len(), 1);
    let bob = server.sign_up("bob").await;
    assert!(create(&bob, |r| r.idempotency_key = "k".into()).await.is_ok());
}

#[tokio::test]
async fn pages_list_every_interview_once_newest_first() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(ada.create("Data engineer", 1).await.id);
    }
    made.reverse();
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page = list(&ada, 3, &token).await;
        assert!(page.interviews.iter().all(|interview| interview.questions.is_empty()));
        assert!(page.interviews.iter().all(|i| i.progress.unwrap().questions == 1));
        seen.extend(page.interviews.into_iter().map(|interview| interview.id));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, made);
    assert_eq!(list(&ada, 1000, "").await.interviews.len(), 7);
}

#[tokio::test]
async fn a_template_sets_role_level_and_topics() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let request = ada.ask(v1::ListTemplatesRequest::default());
    let templates = ada.interviews().list_templates(request).await.unwrap().into_inner().templates;
    let template = templates.iter().find(|template| template.id == "topic-databases").unwrap();
    assert!(template.available_questions >= 5);
    let made = create(&ada, |r| {
        r.role = String::new();
        r.template_id = template.id.clone();
    })
    .await
    .unwrap()
    .interview
    .unwrap();
    assert_eq!(made.role, template.role);
    assert!(made.questions.iter().all(|question| question.topic == "databases"));
    let error = create(&ada, |r| r.template_id = "no-such".into()).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::NotFound, "Template not found"));
}

/// The topics of an interview's questions in their order.
fn topics(interview: &v1::Interview) -> Vec<&str> {
    interview.questions.iter().map(|question| question.topic.as_str()).collect()
}

#[tokio::test]
async fn a_ready_made_interview_follows_its_order_and_describes_itself() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let request = ada.ask(v1::ListTemplatesRequest::default());
    let templates = ada.interviews().list_templates(request).await.unwrap().into_inner().templates;
    let ready_made: Vec<_> = templates.iter().filter(|one| !one.parts.is_empty()).collect();
    assert!(ready_made.len() >= 24);
    for template in &ready_made {
        let minutes: i32 = template.parts.iter().map(|part| part.minutes).sum();
        assert!(template.minutes >= minutes && minutes > 0, "{}", template.id);
        assert!(!template.description.is_empty(), "{}", template.id);
    }
    let template = ready_made.iter().find(|one| one.id == "onsite-backend-senior").unwrap();
    let wanted: Vec<_> = template.parts.iter().map(|part| part.topic.as_str()).collect();
    let from_template = |count: i32| {
        move |r: &mut v1::CreateInterviewRequest| {
            r.role = String::new();
            r.num_questions = count;
            r.template_id = "onsite-backend-senior".into();
        }
    };
    let made = create(&ada, from_template(0)).await.unwrap();
    let interview = made.interview.unwrap();
    assert_eq!((topics(&interview), made.notice.as_str()), (wanted.clone(), ""));
    assert_eq!((interview.role.as_str(), interview.level()), ("Backend engineer", Level::Senior));
    let short = create(&ada, from_template(2)).await.unwrap().interview.unwrap();
    assert_eq!(topics(&short), wanted[..2]);
    let long = create(&ada, from_template(7)).await.unwrap().interview.unwrap();
    assert_eq!(topics(&long)[6], wanted[0], "the order starts again");
    let other = create(&ada, |r| {
        from_template(0)(r);
        r.topics = vec!["sql".into()];
    });
    let other = other.await.unwrap().interview.unwrap();
    assert_eq!(topics(&other), ["sql"; 5], "explicit topics replace the template's");
    let error = create(&ada, |r| r.num_questions = 0).await.unwrap_err();
    assert_eq!(fields(&error), ["num_questions"], "nothing else supplies a number");
}

/// A change that makes a request invalid.
type Change<'a> = &'a dyn Fn(&mut v1::CreateInterviewRequest);

#[tokio::test]
async fn a_custom_order_is_followed_and_checked() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let part = |topic: &str, level: Level| v1::TemplatePart {
        topic: topic.into(),
        level: level.into(),
        minutes: 10,
    };
    let parts = vec![
        part("sql", Level::Staff),
        part("Operating systems", Level::Unspecified),
        part("sql", Level::Junior),
    ];
    let made = create(&ada, |r| {
        r.num_questions = 0;
        r.parts = parts.clone();
    });
    let made = made.await.unwrap();
    assert_eq!(topics(&made.interview.unwrap()), ["sql", "operating-systems", "sql"]);
    assert_eq!(made.notice, "");
    let wrong: [(&str, Change<'_>); 5] = [
        ("parts[0].topic", &|r| r.parts[0].topic = " ".into()),
        ("parts[1].minutes", &|r| r.parts[1].minutes = 481),
        ("parts[1].level", &|r| r.parts[1].level = 77),
        ("parts", &|r| r.parts = vec![part("sql", Level::Mid); 11]),
        ("parts", &|r| r.topics = vec!["rust".into()]),
    ];
    for (field, spoil) in wrong {
        let error = create(&ada, |r| {
            r.parts = parts.clone();
            spoil(r);
        });
        assert_eq!(fields(&error.await.unwrap_err()), [field]);
    }
}

#[tokio::test]
async fn the_notice_says_what_could_not_be_done_as_requested() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let made = create(&ada, |r| r.language = "de".into()).await.unwrap();
    assert!(made.notice.contains("in English"), "{}", made.notice);
    assert_eq!(made.interview.unwrap().language, "en");
    assert_eq!(create(&ada, |_| {}).await.unwrap().notice, "");
}

#[tokio::test]
async fn no_question_repeats_while_others_are_left() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let mut seen = HashSet::new();
    for _ in 0..8 {
        for question in ada.create("Backend engineer", 10).await.questions {
            assert!(seen.insert(question.text.clone()), "{} came twice", question.text);
        }
    }
}

#[tokio::test]
async fn a_deleted_interview_is_gone_with_its_answers() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 2).await;
    let answer = ada.submit(&interview, 0, "A plain answer that is kept.").await.unwrap();
    let delete = || ada.ask(v1::DeleteInterviewRequest { interview_id: interview.id });
    let bob = server.sign_up("bob").await;
    let request = bob.ask(v1::DeleteInterviewRequest { interview_id: interview.id });
    let denied = bob.interviews().delete_interview(request).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
    ada.interviews().delete_interview(delete()).await.unwrap();
    let again = ada.interviews().delete_interview(delete()).await.unwrap_err();
    assert_eq!(again.message(), "Interview not found");
    assert_eq!(ada.status(answer).await.unwrap_err().message(), "Answer not found");
    assert_eq!(ada.report(interview.id).await.unwrap_err().message(), "Interview not found");
}

async fn preview(
    person: &Person,
    change: impl FnOnce(&mut v1::CreateInterviewRequest),
) -> Result<v1::PreviewInterviewResponse, Status> {
    let mut interview = v1::CreateInterviewRequest {
        role: "Rust engineer".into(),
        num_questions: 5,
        ..Default::default()
    };
    change(&mut interview);
    let request = v1::PreviewInterviewRequest { interview: Some(interview) };
    Ok(person.interviews().preview_interview(person.ask(request)).await?.into_inner())
}

#[tokio::test]
async fn a_preview_says_what_an_interview_will_contain_and_stores_nothing() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let first = preview(&ada, |_| {}).await.unwrap();
    assert_eq!((first.source(), first.level()), (v1::QuestionSource::Bank, v1::Level::Mid));
    assert_eq!(first.topics[0].topic, "rust");
    assert!(first.topics.iter().all(|topic| topic.level_questions <= topic.fitting_questions));
    let sum: i32 = first.topics.iter().map(|topic| topic.fitting_questions).sum();
    assert_eq!((first.fitting_questions, first.new_questions), (sum, sum));
    assert!(
        first.summary.starts_with(&format!("{sum} questions fit: Rust, ")),
        "{}",
        first.summary
    );
    assert_eq!(first.notice, "");
    assert!(list(&ada, 0, "").await.interviews.is_empty());
    ada.create("Rust engineer", 5).await;
    let second = preview(&ada, |_| {}).await.unwrap();
    assert_eq!((second.fitting_questions, second.new_questions), (sum, sum - 5));
    let bob = server.sign_up("bob").await;
    assert_eq!(preview(&bob, |_| {}).await.unwrap().new_questions, sum);
}

#[tokio::test]
async fn a_preview_has_the_same_notice_as_the_interview() {
    type Change = fn(&mut v1::CreateInterviewRequest);
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let cases: [(Change, &str); 7] = [
        (|r| r.role = "registered nurse".into(), "nothing for the role registered nurse"),
        (|r| r.role = "Haskell developer".into(), "nothing on Haskell"),
        (|r| r.topics = vec!["basket weaving".into()], "nothing on basket weaving"),
        (|r| r.job_description = "We bake bread.".into(), "job advert names no topic"),
        (|r| r.language = "de".into(), "is in English"),
        (
            |r| {
                r.role = "Senior Rust engineer".into();
                r.level = v1::Level::Junior.into();
            },
            "The role says senior; the questions are for the level you chose, junior.",
        ),
        (
            |r| {
                r.topics = vec!["rust".into()];
                r.level = v1::Level::Staff.into();
                r.num_questions = 10;
            },
            "no more near the level staff",
        ),
    ];
    for (change, expected) in cases {
        let previewed = preview(&ada, change).await.unwrap();
        assert!(previewed.notice.contains(expected), "{}", previewed.notice);
    }
    for (at, (change, _)) in cases.into_iter().enumerate() {
        // A new account each time: earlier interviews change which questions come.
        let person = server.sign_up(&format!("person{at}")).await;
        let previewed = preview(&person, change).await.unwrap();
        let made = create(&person, |request| {
            request.role = "Rust engineer".into();
            request.num_questions = 5;
            change(request);
        })
        .await
        .unwrap();
        assert_eq!(previewed.notice, made.notice);
        assert_eq!(previewed.level(), made.interview.unwrap().level());
    }
}

#[tokio::test]
async fn the_level_is_the_one_that_the_role_names_unless_another_is_chosen() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    for (role, expected) in [
        ("Senior Rust engineer", v1::Level::Senior),
        ("Werkstudent Softwareentwicklung", v1::Level::Junior),
        ("Staff nurse", v1::Level::Mid),
    ] {
        let made = create(&ada, |request| request.role = role.into()).await.unwrap();
        assert_eq!(made.interview.unwrap().level(), expected, "{role}");
        let previewed = preview(&ada, |request| request.role = role.into()).await.unwrap();
        assert_eq!(previewed.level(), expected, "{role}");
        let is_named = previewed.role_level() != v1::Level::Unspecified;
        assert_eq!(is_named, role != "Staff nurse", "{role}");
    }
    let made = create(&ada, |request| {
        request.role = "Senior Rust engineer".into();
        request.level = v1::Level::Mid.into();
    });
    let made = made.await.unwrap();
    assert!(made.notice.contains("The role says senior"), "{}", made.notice);
    assert_eq!(made.interview.unwrap().level(), v1::Level::Mid);
}

#[tokio::test]
async fn a_preview_reports_the_same_errors_as_creating() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let error = preview(&ada, |request| request.role = " \u{200b}".into()).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    let error = preview(&ada, |request| request.template_id = "no-such".into()).await.unwrap_err();
    assert_eq!(reason(&error), "TEMPLATE_NOT_FOUND");
    let empty = v1::PreviewInterviewRequest { interview: None };
    let error = ada.interviews().preview_interview(ada.ask(empty)).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
}
