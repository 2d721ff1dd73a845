//! Promises about calls to the language model that are counted.

use std::time::Duration;

use futures::{FutureExt, future::join_all};

use super::{
    Promise, promise,
    world::{START, interview, user},
};
use crate::{
    domain::spending::{Payer, SpendingCaps},
    storage::{Store, spending::Charge},
};

const CAPS: SpendingCaps = SpendingCaps { per_interview: 3, per_user_and_day: 5 };

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("an interview has its calls and no more", |s| per_interview(s).boxed()),
        promise("an account has its calls anew each day", |s| per_day(s).boxed()),
        promise("many at once do not get past a cap", |s| at_once(s).boxed()),
        promise("a call that is taken back can be made again", |s| refunded(s).boxed()),
        promise("a deleted interview gives no call back", |s| deleted(s).boxed()),
    ]
}

async fn charge(store: &dyn Store, payer: Payer, seconds: u64) -> Charge {
    let now = START.after(Duration::from_secs(seconds));
    store.charge_call(payer, now, CAPS).await.unwrap()
}

async fn per_interview(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let (one, two) = (interview(store, ada, 1).await.id, interview(store, ada, 1).await.id);
    let for_one = Payer { user_id: ada, interview_id: Some(one) };
    for _ in 0..3 {
        assert_eq!(charge(store, for_one, 0).await, Charge::Charged);
    }
    assert_eq!(charge(store, for_one, 0).await, Charge::InterviewSpent);
    // What was refused counts for nobody: two of the day's five are left.
    let for_two = Payer { interview_id: Some(two), ..for_one };
    assert_eq!(charge(store, for_two, 0).await, Charge::Charged);
    assert_eq!(charge(store, for_two, 0).await, Charge::Charged);
    assert_eq!(charge(store, for_two, 0).await, Charge::DaySpent);
}

async fn per_day(store: &dyn Store) {
    const DAY: u64 = 24 * 60 * 60;
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let payer = |user_id| Payer { user_id, interview_id: None };
    for _ in 0..5 {
        assert_eq!(charge(store, payer(ada), 0).await, Charge::Charged);
    }
    assert_eq!(charge(store, payer(ada), 60).await, Charge::DaySpent);
    assert_eq!(charge(store, payer(bob), 60).await, Charge::Charged);
    assert_eq!(charge(store, payer(ada), DAY).await, Charge::Charged);
}

async fn at_once(store: &dyn Store) {
    let payer = Payer { user_id: user(store, "ada").await, interview_id: None };
    let charges = join_all((0..20).map(|_| charge(store, payer, 0))).await;
    assert_eq!(charges.iter().filter(|charge| **charge == Charge::Charged).count(), 5);
}

async fn refunded(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let interview_id = Some(interview(store, ada, 1).await.id);
    let payer = Payer { user_id: ada, interview_id };
    store.refund_call(payer, START).await.unwrap();
    for _ in 0..3 {
        assert_eq!(charge(store, payer, 0).await, Charge::Charged, "a refund of nothing is none");
    }
    assert_eq!(charge(store, payer, 0).await, Charge::InterviewSpent);
    store.refund_call(payer, START).await.unwrap();
    assert_eq!(charge(store, payer, 0).await, Charge::Charged);
    assert_eq!(charge(store, payer, 0).await, Charge::InterviewSpent);
    let other = Payer { interview_id: None, ..payer };
    assert_eq!(charge(store, other, 0).await, Charge::Charged);
    assert_eq!(charge(store, other, 0).await, Charge::Charged);
    assert_eq!(charge(store, other, 0).await, Charge::DaySpent);
}

async fn deleted(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 1).await.id;
    let payer = Payer { user_id: ada, interview_id: Some(made) };
    for _ in 0..3 {
        assert_eq!(charge(store, payer, 0).await, Charge::Charged);
    }
    assert!(store.delete_interview(made).await.unwrap());
    assert_eq!(charge(store, payer, 0).await, Charge::InterviewSpent);
    let next = Payer { interview_id: Some(interview(store, ada, 1).await.id), ..payer };
    assert_eq!(charge(store, next, 0).await, Charge::Charged);
    assert_eq!(charge(store, next, 0).await, Charge::Charged);
    assert_eq!(charge(store, next, 0).await, Charge::DaySpent);
}
