//! The server inside another process.

use std::{fs, os::unix::fs::PermissionsExt};

use viva_proto::v1;
use viva_server::embedded::{Embedded, EmbeddedOptions};

use crate::support::{Person, program::Program, reason};

async fn start(folder: &std::path::Path) -> Embedded {
    Embedded::start(EmbeddedOptions { data_dir: folder.join("viva"), model: None, bank_dir: None })
        .await
        .unwrap()
}

async fn owner(embedded: &Embedded) -> Person {
    let access_token = embedded.access_token().await.unwrap();
    let session = v1::Session { access_token, ..Default::default() };
    Person { channel: embedded.channel(), session }
}

#[tokio::test]
async fn the_owner_practises_without_signing_in_and_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let embedded = start(folder.path()).await;
    let me = owner(&embedded).await;
    let interview = me.create("Rust backend engineer", 2).await;
    me.submit(&interview, 0, "Ownership moves by default, so nothing is freed twice.")
        .await
        .unwrap();
    assert_eq!(me.settled(interview.id).await.len(), 1);
    embedded.shutdown().await;

    let embedded = start(folder.path()).await;
    let me = owner(&embedded).await;
    let report = me.report(interview.id).await.unwrap();
    assert!(report.overall_score.is_some());
    embedded.shutdown().await;
}

#[tokio::test]
async fn only_its_owner_can_read_the_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let embedded = start(folder.path()).await;
    embedded.access_token().await.unwrap();
    let mode =
        |path: &str| fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("viva"), 0o700);
    assert_eq!(mode("viva/secret_key"), 0o600);
    embedded.shutdown().await;
}

#[tokio::test]
async fn two_servers_on_one_folder_see_each_others_work() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = tokio::join!(start(folder.path()), start(folder.path()));
    let (here, there) = (owner(&one).await, owner(&other).await);
    let interview = here.create("Data engineer", 3).await;
    let request = there.ask(v1::WatchInterviewRequest { interview_id: interview.id, follow: true });
    let mut seen = there.answers().watch_interview(request).await.unwrap().into_inner();
    let mut ids = Vec::new();
    for (at, person) in [&here, &there, &here].into_iter().enumerate() {
        ids.push(
            person.submit(&interview, at, "Measure first, then change one thing.").await.unwrap(),
        );
    }
    let mut completed = std::collections::HashSet::new();
    while completed.len() < 3 {
        let answer = seen.message().await.unwrap().unwrap().answer.unwrap();
        if answer.evaluation.unwrap().status() == v1::EvaluationStatus::Completed {
            completed.insert(answer.id);
        }
    }
    assert_eq!(completed, ids.into_iter().collect());
    one.shutdown().await;
    other.shutdown().await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_created_is_named_in_the_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("viva"), "a file").unwrap();
    let options =
        EmbeddedOptions { data_dir: folder.path().join("viva"), model: None, bank_dir: None };
    let error = Embedded::start(options).await.err().unwrap().to_string();
    assert!(error.contains(&folder.path().join("viva").display().to_string()), "{error}");
}

#[tokio::test]
async fn the_owner_may_delete_everything_without_a_password_and_start_again() {
    let folder = tempfile::tempdir().unwrap();
    let embedded = start(folder.path()).await;
    let me = owner(&embedded).await;
    let interview = me.create("Data engineer", 1).await;
    let with = |password: &str| v1::DeleteAccountRequest { password: password.into() };
    let wrong = me.auth().delete_account(me.ask(with("guess"))).await.unwrap_err();
    assert_eq!(crate::support::reason(&wrong), "INVALID_CREDENTIALS");
    let change = v1::ChangePasswordRequest { new_password: "x".repeat(9), ..Default::default() };
    me.auth().change_password(me.ask(change)).await.unwrap_err();
    me.auth().delete_account(me.ask(with(""))).await.unwrap();
    let me = owner(&embedded).await;
    let list = me.ask(v1::ListInterviewsRequest::default());
    let list = me.interviews().list_interviews(list).await.unwrap().into_inner();
    assert_eq!(list.interviews, []);
    assert_eq!(me.report(interview.id).await.unwrap_err().message(), "Interview not found");
    embedded.shutdown().await;
}

#[tokio::test]
async fn other_accounts_sessions_and_keys_on_the_same_files_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::serve(home.path(), &[]);
    let mallory = Person::register(program.channel().await, "mallory").await;
    let request = v1::CreateApiKeyRequest { name: "for later".into(), ..Default::default() };
    let key = mallory.auth().create_api_key(mallory.ask(request)).await.unwrap().into_inner();
    drop(program);
    let data_dir = home.path().join(".local/share/viva");
    let options = EmbeddedOptions { data_dir, model: None, bank_dir: None };
    let embedded = Embedded::start(options).await.unwrap();
    let access_token = key.secret;
    let session = v1::Session { access_token, ..Default::default() };
    let with_key = Person { channel: embedded.channel(), session };
    let with_session = Person { channel: embedded.channel(), session: mallory.session };
    for person in [&with_session, &with_key] {
        let list = person.ask(v1::ListInterviewsRequest::default());
        let refused = person.interviews().list_interviews(list).await.unwrap_err();
        assert_eq!(reason(&refused), "TOKEN_INVALID");
    }
    let me = owner(&embedded).await;
    me.create("Data engineer", 1).await;
    for person in [&with_session, &with_key] {
        let list = person.ask(v1::ListInterviewsRequest::default());
        let refused = person.interviews().list_interviews(list).await.unwrap_err();
        assert_eq!(reason(&refused), "TOKEN_INVALID");
    }
    embedded.shutdown().await;
}

/// A question file on a topic that the built-in bank does not have.
fn own_topic(level: &str) -> String {
    let reference = "word ".repeat(60);
    let point = "[[question.key_points]]\npoint = \"A qubit is in both states until it is read.\"\nweight = 1\n";
    format!(
        "topic = \"quantum\"\ntitle = \"Quantum computing\"\nroles = [\"Quantum engineer\"]\n[[question]]\n\
         id = \"quantum-qubit\"\nlevel = \"{level}\"\nquestion = \"What is a qubit?\"\n\
         reference = \"{reference}\"\n{point}{point}"
    )
}

#[tokio::test]
async fn questions_come_from_a_custom_folder_and_outlive_it() {
    let folder = tempfile::tempdir().unwrap();
    let bank = folder.path().join("bank");
    fs::create_dir(&bank).unwrap();
    fs::write(bank.join("quantum.toml"), own_topic("mid")).unwrap();
    let options =
        |bank_dir| EmbeddedOptions { data_dir: folder.path().join("viva"), model: None, bank_dir };
    let embedded = Embedded::start(options(Some(bank.clone()))).await.unwrap();
    let me = owner(&embedded).await;
    let interview = me.create("Quantum engineer", 1).await;
    assert_eq!(interview.questions[0].text, "What is a qubit?");
    let request = me.ask(v1::ListTemplatesRequest::default());
    let templates = me.interviews().list_templates(request).await.unwrap().into_inner().templates;
    assert!(templates.iter().any(|template| template.id == "topic-quantum"));
    embedded.shutdown().await;

    let embedded = Embedded::start(options(None)).await.unwrap();
    let me = owner(&embedded).await;
    let answer = "A qubit is in both states until it is read.";
    me.submit(&interview, 0, answer).await.unwrap();
    let evaluation = me.settled(interview.id).await.remove(0).evaluation.unwrap();
    let points: Vec<_> = evaluation.key_points.iter().map(|point| point.point.as_str()).collect();
    assert_eq!(points, [answer; 2], "graded by the rubric that it was asked with");
    embedded.shutdown().await;

    fs::write(bank.join("quantum.toml"), own_topic("boss")).unwrap();
    let error = Embedded::start(options(Some(bank))).await.err().unwrap().to_string();
    let fault = "quantum.toml: quantum-qubit: level: must be junior, mid, senior or staff";
    assert!(error.contains(fault), "{error}");
}
