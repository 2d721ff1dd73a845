//! Many calls at once, and interviews that are deleted while they are graded: F30, F31.

use std::{collections::HashSet, sync::Arc};

use futures::future::join_all;
use tonic::Code;
use viva_proto::v1;

use crate::support::{
    ledger::Ledger,
    people::{Person, insist, practise},
    program::{Deployment, Plan},
    scale,
    state::Reader,
};

/// F30: interviews are deleted while their evaluations run.
async fn deleted_under_the_grader(deployment: Deployment) {
    let plan = Plan::serve(&deployment);
    let program = plan.start();
    let reader = Reader::open(&deployment).await;
    let urls = [plan.url()];
    let ada = Person::sign_up(&urls, "ada").await;
    for round in 0..scale(10, 200) {
        let ledger = Ledger::new(deployment.folder.path());
        let questions = ada.questions(&format!("round {round}")).await;
        let submits = questions.iter().enumerate().map(|(at, question)| {
            let (ada, ledger) = (&ada, &ledger);
            async move {
                let text = "An answer that is deleted while it is graded.";
                ada.submit(*question, text, &format!("{round}-{at}"), ledger).await
            }
        });
        join_all(submits).await;
        let request = v1::DeleteInterviewRequest { interview_id: questions[0].interview_id };
        insist("delete", async |_: usize| {
            ada.interviews().delete_interview(ada.ask(request)).await
        })
        .await;
    }
    let left = reader.check(&Ledger::new(deployment.folder.path()), &[]).await;
    assert!(left.is_empty(), "{left:?}");
    assert!(!program.log().contains("a request failed"), "{}", program.log());
}

/// F31: fifty submits race for one idempotency key, and twenty refreshes for one refresh token.
async fn races(deployment: Deployment) {
    let (one, other) = (Plan::serve(&deployment), Plan::serve(&deployment));
    let (_one, _other) = (one.start(), other.start());
    let reader = Reader::open(&deployment).await;
    let urls = [one.url(), other.url()];
    let ada = Person::sign_up(&urls, "ada").await;
    let by_other = Person::sign_up(&[other.url(), one.url()], "bob").await;
    for person in [&ada, &by_other] {
        let ledger = Ledger::new(deployment.folder.path());
        let question = person.questions("races").await[0];
        let text = "The same answer from fifty clients at once.";
        let key = format!("race of {}", person.name);
        let submits = (0..50).map(|_| person.submit(question, text, &key, &ledger));
        let ids: HashSet<i64> = join_all(submits).await.into_iter().collect();
        assert_eq!(ids.len(), 1, "I7");
        reader.check(&ledger, &[]).await;
    }
    let mut auth = ada.auth();
    let login = v1::LoginRequest {
        username: "ada".into(),
        password: crate::support::people::PASSWORD.into(),
    };
    let session = auth.login(login).await.unwrap().into_inner().session.unwrap();
    let refreshes = (0..20).map(|_| {
        let mut auth = ada.auth();
        let request = v1::RefreshRequest { refresh_token: session.refresh_token.clone() };
        async move { auth.refresh(request).await }
    });
    let before = reader.living_refresh_tokens().await;
    let results = join_all(refreshes).await;
    assert!(results.iter().all(Result::is_ok), "each may be the one whose reply was lost");
    let after = reader.living_refresh_tokens().await;
    assert_eq!(after, before, "one of the twenty works, and no session was added");
    let tokens = results.into_iter().map(|reply| reply.unwrap().into_inner().session.unwrap());
    let mut worked = 0;
    for session in tokens {
        let request = v1::RefreshRequest { refresh_token: session.refresh_token };
        match auth.refresh(request).await {
            Ok(_) => worked += 1,
            Err(status) => assert_eq!(status.code(), Code::Unauthenticated),
        }
    }
    assert!(worked <= 1, "{worked} of twenty work");
    let left = reader.living_refresh_tokens().await;
    assert_eq!(left, before - 1, "the first used token has ended the session");
}

#[tokio::test]
async fn f30_sqlite_an_interview_deleted_while_it_is_graded_leaves_nothing_behind() {
    deleted_under_the_grader(Deployment::sqlite()).await;
}

#[tokio::test]
async fn f31_sqlite_of_many_calls_at_once_one_has_an_effect() {
    races(Deployment::sqlite()).await;
}

/// The ledger must be able to fail: it misses a submit that never happened.
#[tokio::test]
#[should_panic(expected = "I1")]
async fn the_ledger_misses_an_answer_that_was_never_stored() {
    let deployment = Deployment::sqlite();
    let plan = Plan::serve(&deployment);
    let _program = plan.start();
    let ledger = Arc::new(Ledger::new(deployment.folder.path()));
    practise(&[plan.url()], 1, 1, &ledger).await;
    ledger.acknowledge(4711, "never sent", "never");
    Reader::open(&deployment).await.check(&ledger, &[]).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f30_postgres_an_interview_deleted_while_it_is_graded_leaves_nothing_behind() {
    deleted_under_the_grader(Deployment::postgres().await).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f31_postgres_of_many_calls_at_once_one_has_an_effect() {
    races(Deployment::postgres().await).await;
}
