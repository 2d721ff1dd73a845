//! Promises about counting calls to the language model.

use std::time::Duration;

use futures::{FutureExt, future::join_all};

use super::{
    Promise, promise,
    world::{START, interview, proven, user},
};
use crate::{
    domain::spending::{Payer, SpendingCaps},
    storage::{Store, spending::Charge},
};

const CAPS: SpendingCaps = SpendingCaps { per_interview: 3, per_user_and_day: 5, per_day: None };

/// The same with a cap over all accounts.
const TOGETHER: SpendingCaps = SpendingCaps { per_day: Some(7), ..CAPS };

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("an interview has its calls and no more", |s| per_interview(s).boxed()),
        promise("an account's calls are renewed each day", |s| per_day(s).boxed()),
        promise("an account's calls today can be read", |s| read(s).boxed()),
        promise("many calls at once do not exceed a cap", |s| at_once(s).boxed()),
        promise("a call that is taken back can be made again", |s| refunded(s).boxed()),
        promise("the calls of all accounts together are renewed each day", |s| {
            all_per_day(s).boxed()
        }),
        promise("many accounts at once do not exceed their common cap", |s| all_at_once(s).boxed()),
        promise("a call beyond the common cap is charged to nobody", |s| all_refused(s).boxed()),
        promise("calls are remembered if an account is deleted or a cap is set later", |s| {
            all_deleted(s).boxed()
        }),
        promise("deleting an interview returns no call", |s| deleted(s).boxed()),
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
    // A refused call is not counted: two of the day's five are left.
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

async fn read(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let payer = Payer { user_id: ada, interview_id: None };
    let calls = async |user_id, seconds| {
        store.calls_of_day(user_id, START.after(Duration::from_secs(seconds))).await.unwrap()
    };
    assert_eq!(calls(ada, 0).await, 0);
    charge(store, payer, 0).await;
    charge(store, payer, 60).await;
    assert_eq!((calls(ada, 60).await, calls(bob, 60).await), (2, 0));
    assert_eq!(calls(ada, 24 * 60 * 60).await, 0, "another day");
    store.refund_call(payer, START).await.unwrap();
    assert_eq!(calls(ada, 60).await, 1);
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
        assert_eq!(
            charge(store, payer, 0).await,
            Charge::Charged,
            "a refund without a call returns nothing"
        );
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

async fn charge_together(store: &dyn Store, payer: Payer, seconds: u64) -> Charge {
    let now = START.after(Duration::from_secs(seconds));
    store.charge_call(payer, now, TOGETHER).await.unwrap()
}

async fn all_per_day(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let payer = |user_id| Payer { user_id, interview_id: None };
    for _ in 0..5 {
        assert_eq!(charge_together(store, payer(ada), 0).await, Charge::Charged);
    }
    assert_eq!(
        charge_together(store, payer(ada), 0).await,
        Charge::DaySpent,
        "her own comes first"
    );
    for _ in 0..2 {
        assert_eq!(charge_together(store, payer(bob), 0).await, Charge::Charged);
    }
    assert_eq!(charge_together(store, payer(bob), 0).await, Charge::AllSpent);
    store.refund_call(payer(ada), START).await.unwrap();
    assert_eq!(charge_together(store, payer(bob), 0).await, Charge::Charged, "it was returned");
    assert_eq!(charge_together(store, payer(bob), 0).await, Charge::AllSpent);
    assert_eq!(charge_together(store, payer(bob), 24 * 60 * 60).await, Charge::Charged);
}

async fn all_at_once(store: &dyn Store) {
    let mut payers = Vec::new();
    for name in ["ada", "bob", "eve", "joe"] {
        let user_id = user(store, name).await;
        let interview_id = Some(interview(store, user_id, 1).await.id);
        payers.push(Payer { user_id, interview_id });
    }
    let charges = (0..32).map(|at| charge_together(store, payers[at % 4], 0));
    let charges = join_all(charges).await;
    assert_eq!(charges.iter().filter(|charge| **charge == Charge::Charged).count(), 7);
    // A refused call costs its interview and account nothing: 12 and 20 in all, less seven.
    let mut left = 0;
    for payer in payers {
        while charge(store, payer, 0).await == Charge::Charged {
            left += 1;
        }
    }
    assert_eq!(left, 4 * 3 - 7);
}

async fn all_refused(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let interview_id = Some(interview(store, bob, 1).await.id);
    let (hers, his) =
        (Payer { user_id: ada, interview_id: None }, Payer { user_id: bob, interview_id });
    for _ in 0..5 {
        assert_eq!(charge_together(store, hers, 0).await, Charge::Charged);
    }
    let spent = SpendingCaps { per_day: Some(5), ..CAPS };
    assert_eq!(store.charge_call(his, START, spent).await.unwrap(), Charge::AllSpent);
    for _ in 0..3 {
        assert_eq!(charge(store, his, 0).await, Charge::Charged);
    }
    assert_eq!(charge(store, his, 0).await, Charge::InterviewSpent);
    // With a cap of 0, which no setting allows, no call is made at all.
    let none = SpendingCaps { per_day: Some(0), ..CAPS };
    let day = START.after(Duration::from_hours(24));
    assert_eq!(store.charge_call(his, day, none).await.unwrap(), Charge::AllSpent);
}

async fn all_deleted(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let payer = |user_id| Payer { user_id, interview_id: None };
    for _ in 0..5 {
        assert_eq!(charge(store, payer(ada), 0).await, Charge::Charged, "no cap, and counted");
    }
    assert!(store.delete_account(proven(ada)).await.unwrap());
    let again = user(store, "ada").await;
    for _ in 0..2 {
        assert_eq!(charge_together(store, payer(again), 0).await, Charge::Charged);
    }
    assert_eq!(charge_together(store, payer(again), 0).await, Charge::AllSpent);
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
