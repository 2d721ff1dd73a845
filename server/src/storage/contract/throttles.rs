//! Promises about budgets of attempts.

use std::time::Duration;

use futures::{FutureExt, future::join_all};

use super::{
    Promise, promise,
    world::{START, at},
};
use crate::{
    domain::throttle::Rate,
    storage::{Store, throttles::LimitedAttempt},
};

/// Three attempts, of which one comes back every ten seconds.
const RATE: Rate = Rate { attempts: 3, refill: Duration::from_secs(10) };

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("a budget runs out and refills", |s| runs_out(s).boxed()),
        promise("many calls at once do not get more attempts than there are", |s| {
            at_once(s).boxed()
        }),
        promise("a call that learnt the time before others cannot exceed a budget", |s| {
            overtaken(s).boxed()
        }),
        promise("either all of several budgets give an attempt or none does", |s| {
            all_or_none(s).boxed()
        }),
        promise("an attempt that is returned can be used again", |s| given_back(s).boxed()),
        promise("looking takes nothing", |s| looking(s).boxed()),
        promise("only a full budget is forgotten", |s| forgotten(s).boxed()),
        promise("a clock that was set back locks nobody out", |s| set_back(s).boxed()),
    ]
}

fn one(byte: u8) -> LimitedAttempt {
    LimitedAttempt { key: [byte; 32], rate: RATE }
}

async fn take(store: &dyn Store, byte: u8, seconds: u64) -> Option<u64> {
    let wait = store.take(vec![one(byte)], at(seconds)).await.unwrap();
    wait.map(|wait| wait.as_secs())
}

async fn runs_out(store: &dyn Store) {
    for _ in 0..3 {
        assert_eq!(take(store, 1, 0).await, None);
    }
    assert_eq!(take(store, 1, 0).await, Some(10));
    assert_eq!(take(store, 1, 4).await, Some(6), "a refused attempt costs nothing");
    assert_eq!(take(store, 2, 4).await, None, "another budget");
    assert_eq!(take(store, 1, 10).await, None);
    assert_eq!(take(store, 1, 10).await, Some(10));
    for _ in 0..3 {
        assert_eq!(take(store, 1, 1000).await, None, "and never more than a full one");
    }
    assert_eq!(take(store, 1, 1000).await, Some(10));
}

async fn at_once(store: &dyn Store) {
    let takes = join_all((0..20).map(|_| take(store, 1, 0))).await;
    assert_eq!(takes.iter().filter(|wait| wait.is_none()).count(), 3, "{takes:?}");
}

async fn overtaken(store: &dyn Store) {
    for _ in 0..3 {
        assert_eq!(take(store, 1, 1).await, None);
    }
    assert_eq!(take(store, 1, 0).await, Some(11));
}

async fn all_or_none(store: &dyn Store) {
    for _ in 0..3 {
        assert_eq!(take(store, 5, 0).await, None);
    }
    // Whichever budget is read first.
    for other in [1, 9] {
        let wait = store.take(vec![one(other), one(5)], START).await.unwrap();
        assert_eq!(wait, Some(Duration::from_secs(10)));
        for _ in 0..3 {
            assert_eq!(take(store, other, 0).await, None, "nothing of it was taken");
        }
    }
    // Even if the budget runs out between the read and the write.
    let both = || store.take(vec![one(20), one(21)], START);
    let takes = join_all((0..20).map(|_| both())).await;
    assert_eq!(takes.iter().filter(|wait| wait.as_ref().unwrap().is_none()).count(), 3);
    assert_eq!(take(store, 20, 9).await, Some(1));
    assert_eq!(take(store, 21, 9).await, Some(1));
}

async fn given_back(store: &dyn Store) {
    for _ in 0..10 {
        assert_eq!(take(store, 1, 0).await, None);
        store.give_back(vec![one(1)]).await.unwrap();
    }
    store.give_back(vec![one(2)]).await.unwrap();
    for _ in 0..3 {
        assert_eq!(take(store, 2, 0).await, None);
    }
    assert_eq!(take(store, 2, 0).await, Some(10), "a return without an attempt adds nothing");
}

async fn looking(store: &dyn Store) {
    for _ in 0..3 {
        assert_eq!(store.wait_for(&[one(1)], START).await.unwrap(), None);
        assert_eq!(take(store, 1, 0).await, None);
    }
    for _ in 0..2 {
        let wait = store.wait_for(&[one(2), one(1)], at(1)).await.unwrap();
        assert_eq!(wait, Some(Duration::from_secs(9)));
    }
    assert_eq!(store.take(vec![], START).await.unwrap(), None);
}

async fn forgotten(store: &dyn Store) {
    take(store, 1, 0).await;
    for _ in 0..3 {
        take(store, 2, 0).await;
    }
    assert_eq!(store.forget_full(at(9)).await.unwrap(), 0);
    assert_eq!(store.forget_full(at(10)).await.unwrap(), 1);
    assert_eq!(take(store, 2, 9).await, Some(1), "that one is remembered");
}

async fn set_back(store: &dyn Store) {
    for _ in 0..3 {
        assert_eq!(take(store, 1, 4000).await, None);
    }
    for _ in 0..3 {
        assert_eq!(take(store, 1, 0).await, None);
    }
    assert_eq!(take(store, 1, 0).await, Some(10), "from then on it counts");
}
