//! Promises about the order of the queue, and about many workers at once.

use std::collections::HashMap;

use futures::{FutureExt, future::join_all};

use super::{
    Promise, promise,
    world::{answer, at, claim, finish, interview, new_answer, user},
};
use crate::{
    domain::{
        id::{AnswerId, UserId},
        sample,
    },
    storage::{
        Store,
        queue::{Outcome, SHARE},
    },
};

/// Enough answers for more than one round.
const MANY: u64 = 3 * SHARE as u64;

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("an answer waits for no more than a share of another account's", |s| {
            not_starved(s).boxed()
        }),
        promise("an account that has had many goes on getting a share", |s| shared(s).boxed()),
        promise("a long queue is worked off in order if nobody else is waiting", |s| {
            alone(s).boxed()
        }),
        promise("what is requested again comes after what was requested before", |s| {
            again(s).boxed()
        }),
        promise("a retry keeps its position in the queue", |s| keeps_its_position(s).boxed()),
        promise("many workers that claim batches at once share the work and leave nothing", |s| {
            batches_at_once(s).boxed()
        }),
        promise("outcomes are written while their interviews are deleted", |s| {
            deleted_meanwhile(s).boxed()
        }),
    ]
}

/// Submits answers of an account, one in each of these seconds.
async fn answers(store: &dyn Store, name: &str, seconds: std::ops::Range<u64>) -> Vec<AnswerId> {
    let user = user(store, name).await;
    more_answers(store, user, seconds).await
}

async fn more_answers(
    store: &dyn Store,
    user: UserId,
    seconds: std::ops::Range<u64>,
) -> Vec<AnswerId> {
    let question = interview(store, user, 1).await.questions[0].id;
    let mut ids = Vec::new();
    for second in seconds {
        let mut new = new_answer(user, question, sample::ANSWER);
        new.submitted_at = at(second);
        ids.push(answer(store, new).await);
    }
    ids
}

/// Works everything off, one at a time like a single worker; returns the order.
async fn work_off(store: &dyn Store, seconds: u64) -> Vec<AnswerId> {
    let mut order = Vec::new();
    while let Some(job) = claim(store, seconds).await {
        finish(store, job.claim, Outcome::Failed("done".into()), seconds).await;
        order.push(job.claim.answer_id);
    }
    order
}

async fn not_starved(store: &dyn Store) {
    answers(store, "ada", 0..MANY).await;
    let bobs = answers(store, "bob", MANY..MANY + 1).await;
    let order = work_off(store, MANY).await;
    let before = order.iter().position(|id| *id == bobs[0]).unwrap();
    assert!(before <= SHARE as usize, "{before} went before");
    assert_eq!(order.len() as u64, MANY + 1);
}

async fn shared(store: &dyn Store) {
    let adas = answers(store, "ada", 0..MANY).await;
    let bobs = answers(store, "bob", MANY..2 * MANY).await;
    let order = work_off(store, 2 * MANY).await;
    let share = SHARE as usize;
    let expected = [&adas[..share], &bobs[..share], &adas[share..2 * share]].concat();
    assert_eq!(order[..3 * share], expected);
}

async fn alone(store: &dyn Store) {
    let ids = answers(store, "ada", 0..MANY).await;
    assert_eq!(work_off(store, MANY).await, ids);
}

async fn again(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let failed = more_answers(store, ada, 0..1).await[0];
    work_off(store, 1).await;
    let newer = more_answers(store, ada, 2..2 + u64::from(SHARE)).await;
    store.retry_evaluation(failed, at(3)).await.unwrap();
    let order = work_off(store, 100).await;
    assert_eq!(order[..newer.len()], newer);
    assert_eq!(order[newer.len()], failed);
}

async fn keeps_its_position(store: &dyn Store) {
    let first = answers(store, "ada", 0..1).await[0];
    let second = answers(store, "bob", 1..2).await[0];
    let taken = claim(store, 1).await.unwrap();
    assert_eq!(taken.claim.answer_id, first);
    let retry = Outcome::Retry { after: std::time::Duration::from_secs(8), fault: "busy".into() };
    finish(store, taken.claim, retry, 2).await;
    assert_eq!(work_off(store, 20).await, [first, second]);
}

async fn batches_at_once(store: &dyn Store) {
    let mut sent = answers(store, "ada", 0..MANY).await;
    sent.extend(answers(store, "bob", 0..MANY).await);
    let mut taken: HashMap<AnswerId, usize> = HashMap::new();
    loop {
        let claims = join_all((0..30).map(|_| store.claim(at(MANY), at(MANY + 9), 3))).await;
        let jobs: Vec<_> = claims.into_iter().flat_map(Result::unwrap).collect();
        if jobs.is_empty() {
            break;
        }
        for job in jobs {
            *taken.entry(job.claim.answer_id).or_default() += 1;
        }
    }
    assert!(taken.values().all(|times| *times == 1), "{taken:?}");
    assert!(sent.iter().all(|id| taken.contains_key(id)) && sent.len() == taken.len());
}

async fn deleted_meanwhile(store: &dyn Store) {
    let ada = user(store, "ada").await;
    for _ in 0..10 {
        let made = interview(store, ada, 10).await;
        // Answered from the last question to the first: transactions in the order of the answers
        // and those in the order of the questions must not deadlock.
        for question in made.questions.iter().rev() {
            answer(store, new_answer(ada, question.id, sample::ANSWER)).await;
        }
        let jobs = store.claim(at(1), at(9), 10).await.unwrap();
        assert_eq!(jobs.len(), 10);
        let outcomes = jobs.iter().map(|job| (job.claim, Outcome::Returned)).collect();
        let (finished, deleted) =
            tokio::join!(store.finish(outcomes, at(2)), store.delete_interview(made.id));
        let written = finished.unwrap();
        assert!(written.iter().all(|one| *one == written[0]), "all or none are left: {written:?}");
        assert!(deleted.unwrap());
        assert_eq!(store.next_due().await.unwrap(), None);
    }
}
