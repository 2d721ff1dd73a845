//! One server, and several, on a PostgreSQL database.

use std::time::Duration;

use tonic::Code;
use viva_proto::v1::{self, EvaluationStatus};
use viva_server::startup::app::AppSettings;

use crate::support::{
    Person, SECRET, TestServer,
    program::{Program, command},
    reason,
    scratch::{self, with_database},
    settings,
};

/// A poll interval so long that only notifications start the worker.
const LONG: Duration = Duration::from_hours(1);

/// Settings of a server that evaluates only when notified.
fn waits_to_be_told() -> AppSettings {
    let mut settings = settings();
    if let Some(worker) = &mut settings.worker {
        worker.poll = LONG;
    }
    settings
}

/// The same person, calling another server.
fn at(server: &TestServer, person: &Person) -> Person {
    Person { channel: server.channel.clone(), session: person.session.clone() }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn an_interview_is_held_from_the_first_question_to_the_report() {
    with_database(async |url| {
        let server = TestServer::start_on(&url, settings()).await;
        let ada = server.sign_up("ada").await;
        let interview = ada.create("Backend engineer", 2).await;
        for (question, text) in
            ["I would measure first.", "[twice] An index, \u{1f980} 語 \u{1b}[2J."]
                .into_iter()
                .enumerate()
        {
            ada.submit(&interview, question, text).await.unwrap();
        }
        for answer in ada.settled(interview.id).await {
            let evaluation = answer.evaluation.unwrap();
            assert_eq!(evaluation.status(), EvaluationStatus::Completed, "{evaluation:?}");
        }
        let failed = ada.submit(&interview, 0, "[fail] this one").await.unwrap();
        ada.settled(interview.id).await;
        let status = ada.status(failed).await.unwrap().evaluation.unwrap();
        assert_eq!(status.status(), EvaluationStatus::Failed);
        let request = ada.ask(v1::RetryEvaluationRequest { answer_id: failed });
        ada.answers().retry_evaluation(request).await.unwrap();
        ada.settled(interview.id).await;
        let report = ada.report(interview.id).await.unwrap();
        assert_eq!(report.questions.len(), 2);
        let again = server.sign_in("ada", crate::support::PASSWORD).await.unwrap();
        let request = again.ask(v1::DeleteInterviewRequest { interview_id: interview.id });
        again.interviews().delete_interview(request).await.unwrap();
        assert_eq!(again.report(interview.id).await.unwrap_err().code(), Code::NotFound);
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_watcher_at_one_server_sees_what_the_worker_of_another_finishes() {
    with_database(async |url| {
        let evaluates = TestServer::start_on(&url, waits_to_be_told()).await;
        let serves = TestServer::start_on(&url, AppSettings { worker: None, ..settings() }).await;
        let ada = at(&serves, &evaluates.sign_up("ada").await);
        let interview = ada.create("Backend engineer", 1).await;
        let request = v1::WatchInterviewRequest { interview_id: interview.id, follow: true };
        let request = ada.ask(request);
        let mut watch = ada.answers().watch_interview(request).await.unwrap().into_inner();
        let id = ada.submit(&interview, 0, "Measure first, then change one thing.").await.unwrap();
        let completed = async {
            loop {
                let answer = watch.message().await.unwrap().unwrap().answer.unwrap();
                assert_eq!(answer.id, id);
                if answer.evaluation.unwrap().status() == EvaluationStatus::Completed {
                    break;
                }
            }
        };
        tokio::time::timeout(LONG / 100, completed).await.expect("the worker is notified");
        let theirs = at(&evaluates, &ada).report(interview.id).await.unwrap();
        assert_eq!(ada.report(interview.id).await.unwrap(), theirs);
        ada.auth().logout(ada.ask(v1::LogoutRequest::default())).await.unwrap();
        let ended = at(&evaluates, &ada).report(interview.id).await.unwrap_err();
        assert_eq!(
            (ended.code(), reason(&ended).as_str()),
            (Code::Unauthenticated, "TOKEN_INVALID")
        );
        serves.stop().await;
        evaluates.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn servers_on_one_database_share_its_queue_and_evaluate_nothing_twice() {
    with_database(async |url| {
        let servers = [
            TestServer::start_on(&url, settings()).await,
            TestServer::start_on(&url, settings()).await,
        ];
        let ada = servers[0].sign_up("ada").await;
        let mut ids = Vec::new();
        for round in 0..4 {
            let here = at(&servers[round % 2], &ada);
            let interview = here.create("Backend engineer", 10).await;
            for question in 0..10 {
                let text = "I would measure first, because guesses mislead.";
                ids.push(here.submit(&interview, question, text).await.unwrap());
            }
            at(&servers[(round + 1) % 2], &ada).settled(interview.id).await;
        }
        let mut begun = [servers[0].grader.begun(), servers[1].grader.begun()].concat();
        begun.sort_unstable();
        assert_eq!(begun, ids, "each was begun once, by one of the two");
        for server in servers {
            server.stop().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn servers_reconnect_to_a_database_that_ended_every_connection() {
    with_database(async |url| {
        let server = TestServer::start_on(&url, settings()).await;
        let ada = server.sign_up("ada").await;
        let interview = ada.create("Backend engineer", 1).await;
        scratch::execute(
            &url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE pid <> pg_backend_pid() AND datname = current_database()",
        )
        .await;
        ada.submit(&interview, 0, "I would measure first.").await.unwrap();
        let settled = ada.settled(interview.id).await;
        let status = settled[0].evaluation.as_ref().unwrap().status();
        assert_eq!(status, EvaluationStatus::Completed);
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn on_postgres_the_program_serves_only_with_a_key_that_all_servers_can_share() {
    with_database(async |url| {
        let home = tempfile::tempdir().unwrap();
        let with_password = url.replacen("postgres@", "postgres:hunter2@", 1);
        let database = ("DATABASE_URL", with_password.as_str());
        let run = |arguments: &[&str]| {
            let done = command(home.path(), arguments).envs([database]).output().unwrap();
            let said = [done.stdout, done.stderr].concat();
            (done.status.code(), String::from_utf8(said).unwrap())
        };
        let (code, said) = run(&["serve"]);
        assert_eq!(code, Some(1));
        assert!(said.contains("SECRET_KEY is not set. PostgreSQL needs one"), "{said}");
        let (code, said) = run(&["migrate"]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("is up to date") && !said.contains("hunter2"), "{said}");
        let (code, said) = run(&["check-config"]);
        assert_eq!(code, Some(0));
        assert!(said.contains("postgres:***@") && !said.contains("hunter2"), "{said}");
        let program = Program::serve(home.path(), &[database, ("SECRET_KEY", SECRET)]);
        let mut auth = v1::auth_service_client::AuthServiceClient::new(program.channel().await);
        let request = v1::LoginRequest { username: "nobody\0".into(), password: "x".into() };
        assert_eq!(auth.login(request).await.unwrap_err().code(), Code::Unauthenticated);
        program.signal(nix::sys::signal::Signal::SIGTERM);
        let (ended, log) =
            tokio::task::spawn_blocking(move || program.wait_with_log()).await.unwrap();
        assert_eq!(ended.code(), Some(0));
        assert!(!log.contains("hunter2"), "{log}");
        assert!(!home.path().join(".local").exists(), "nothing is stored on this machine");
    })
    .await;
}
