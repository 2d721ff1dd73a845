//! The database goes away and comes back, and clients hang up: F06, F07, F09.

use std::{sync::Arc, time::Duration};

use tonic::Code;
use viva_fake_model::{FakeModel, Script};
use viva_proto::v1;
use viva_testing::proxy::Proxy;

use crate::support::{
    in_time,
    ledger::Ledger,
    people::{Person, practise},
    program::{Database, Deployment, Plan},
    scale,
    state::Reader,
};

/// A proxy in front of the place's database, and the URL that goes through it.
async fn by_proxy(deployment: &Deployment) -> (Proxy, String) {
    let Database::Postgres(url) = &deployment.database else { panic!("a file has no network") };
    Proxy::before_url(url).await
}

/// F06: the database restarts under load, again and again. Meanwhile callers get a clear error;
/// afterwards the server works without a restart.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f06_postgres_a_database_that_goes_away_comes_back_without_a_restart() {
    let deployment = Deployment::postgres().await;
    let (proxy, url) = by_proxy(&deployment).await;
    let plan = Plan::serve(&deployment).on(&url);
    let mut program = plan.start();
    let (ledger, reader) =
        (Arc::new(Ledger::new(deployment.folder.path())), Reader::open(&deployment).await);
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    let question = ada.questions("away").await[0];
    let answers = scale(200, 2000);
    let people = tokio::spawn({
        let (urls, ledger) = (vec![plan.url()], Arc::clone(&ledger));
        async move { practise(&urls, 4, answers, &ledger).await }
    });
    let mut told = 0;
    for _ in 0..scale(3, 20) {
        proxy.cut();
        for _ in 0..10 {
            let request = v1::GetInterviewRequest { interview_id: question.interview_id };
            if let Err(status) = ada.interviews().get_interview(ada.ask(request)).await
                && status.code() == Code::Unavailable
            {
                assert_eq!(status.message(), "Database temporarily unavailable");
                told += 1;
            }
        }
        proxy.mend();
        in_time("new acknowledgements", ledger.has((ledger.len() + 5).min(answers))).await;
    }
    assert!(told > 0, "no caller got the error");
    let done = in_time("the people", people).await;
    assert!(done.is_ok(), "{}", program.log());
    reader.check(&ledger, &[]).await;
    assert!(!program.has_ended(), "the server ended");
}

/// F07: the database is away while the queue is full. The server makes no model call whose result
/// it could not store, does not spin, and does not grow in memory.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f07_postgres_while_the_database_is_away_no_work_is_wasted() {
    let deployment = Deployment::postgres().await;
    let (proxy, url) = by_proxy(&deployment).await;
    let model =
        FakeModel::start(Script::Honest { delay: Duration::from_millis(200) }).await.unwrap();
    let plan = Plan::serve(&deployment)
        .on(&url)
        .with("LLM_API_URL", &model.url())
        .with("LLM_MODEL", "fault-1")
        .with("LLM_CONCURRENCY", "2");
    let program = plan.start();
    let (ledger, reader) =
        (Arc::new(Ledger::new(deployment.folder.path())), Reader::open(&deployment).await);
    let urls = [plan.url()];
    in_time("the people", practise(&urls, 2, scale(60, 500), &ledger)).await;
    proxy.cut();
    // After the first failed claim, no further evaluation can become a call.
    in_time("a failed claim", program.writes("the evaluation queue cannot be read")).await;
    in_time("the calls under way", model.wait_until_idle()).await;
    let (calls, memory, used) = (model.calls(), program.memory_mib(), program.processor_seconds());
    let away = scale(3, 600);
    // The wait is the experiment: nothing may happen during it.
    tokio::time::sleep(Duration::from_secs(away)).await;
    assert_eq!(model.calls(), calls, "the model was called in vain");
    assert!(program.memory_mib() < memory + 32, "{} MiB", program.memory_mib());
    // The processor time counts in whole seconds and the machine is busy with other things as well.
    let share = (program.processor_seconds() - used) / f64::from(u32::try_from(away).unwrap());
    assert!(share < 0.25, "{share} of a processor");
    proxy.mend();
    reader.check(&ledger, &[]).await;
}

/// F09: clients hang up at random moments of their submits. Every acknowledged answer is stored,
/// and no transaction stays open.
async fn hung_up(deployment: Deployment) {
    let plan = Plan::serve(&deployment).with("DATABASE_POOL_SIZE", "2");
    let _program = plan.start();
    let (ledger, reader) = (Ledger::new(deployment.folder.path()), Reader::open(&deployment).await);
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    let mut questions = Vec::new();
    // How long a submit takes on this machine at the moment: half of the clients should hang up.
    let mut usual = Duration::from_millis(15);
    for at in 0..scale(300, 20_000) {
        if questions.is_empty() {
            questions = ada.questions(&format!("hung up {at}")).await;
        }
        let question = questions.pop().unwrap();
        let (text, key) = (format!("Somebody may hang up on answer {at}."), format!("hung {at}"));
        let request = v1::SubmitAnswerRequest {
            interview_id: question.interview_id,
            question_id: question.question_id,
            answer_text: text.clone(),
            idempotency_key: key.clone(),
            duration_ms: 0,
        };
        let patience = usual.mul_f64(2.0 * rand::random::<f64>());
        let mut answers = ada.answers();
        let submit = answers.submit_answer(ada.ask(request));
        if let Ok(Ok(reply)) = tokio::time::timeout(patience, submit).await {
            ledger.acknowledge(reply.into_inner().answer_id, &text, &key);
            usual = usual.mul_f64(0.97);
        } else {
            usual = usual.mul_f64(1.03);
        }
    }
    assert!(ledger.len() > 20, "nearly every client hung up");
    reader.check(&ledger, &[]).await;
    reader.no_transaction_is_open().await;
}

#[tokio::test]
async fn f09_sqlite_acknowledged_answers_of_clients_that_hang_up_are_stored() {
    hung_up(Deployment::sqlite()).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f09_postgres_acknowledged_answers_of_clients_that_hang_up_are_stored() {
    hung_up(Deployment::postgres().await).await;
}
