//! Promises about the figures for an operator.

use std::time::Duration;

use futures::FutureExt;

use super::{
    Promise, promise,
    world::{START, at, claim, claimed, finish, queued},
};
use crate::{
    domain::sample,
    storage::{Store, figures::QueueFigures, queue::Outcome},
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("the queue's figures follow an evaluation through it", |s| followed(s).boxed()),
        promise("an evaluation whose lease has expired is due again", |s| run_out(s).boxed()),
    ]
}

async fn followed(store: &dyn Store) {
    let none = QueueFigures::default();
    assert_eq!(store.queue(at(1)).await.unwrap(), none);
    queued(store, "ada").await;
    queued(store, "bob").await;
    let both = QueueFigures { due: 2, oldest_due: Some(START), ..none };
    assert_eq!(store.queue(at(1)).await.unwrap(), both);
    let job = claim(store, 1).await.unwrap();
    let one_runs = QueueFigures { due: 1, running: 1, oldest_due: Some(START), ..none };
    assert_eq!(store.queue(at(1)).await.unwrap(), one_runs);
    let later =
        Outcome::Retry { after: Duration::from_secs(98), fault: "The model is busy.".into() };
    assert!(finish(store, job.claim, later, 2).await);
    let one_waits = QueueFigures { due: 1, waiting: 1, oldest_due: Some(START), ..none };
    assert_eq!(store.queue(at(2)).await.unwrap(), one_waits);
    assert_eq!(store.queue(at(100)).await.unwrap().due, 2, "its time has come");
    let job = claim(store, 3).await.unwrap();
    let done = Outcome::Completed(Box::new(sample::assessment()));
    assert!(finish(store, job.claim, done, 4).await);
    assert_eq!(store.queue(at(5)).await.unwrap(), QueueFigures { waiting: 1, ..none });
}

async fn run_out(store: &dyn Store) {
    queued(store, "ada").await;
    claimed(store, 1).await;
    let running = store.queue(at(2)).await.unwrap();
    assert_eq!((running.running, running.due), (1, 0));
    let after = store.queue(at(1).after(Duration::from_hours(1))).await.unwrap();
    assert_eq!((after.running, after.due, after.oldest_due), (0, 1, Some(START)));
}
