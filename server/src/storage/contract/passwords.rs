//! Promises about changed passwords, and about the number of sessions.

use futures::{FutureExt, future::join_all};

use super::{
    Promise,
    accounts::{MANY, rotate},
    api_keys::{key, new},
    promise,
    world::{START, at, proven, token, user},
};
use crate::{
    domain::id::UserId,
    storage::{
        Store,
        accounts::{Credentials, Rotation},
    },
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("an account's sessions are ended together, except one", |s| {
            end_sessions(s).boxed()
        }),
        promise("an account has no more sessions than allowed, and keeps those in use", |s| {
            most_sessions(s).boxed()
        }),
        promise("many sign-ins at once open no more sessions than allowed", |s| {
            most_at_once(s).boxed()
        }),
        promise("a new password ends the sessions that the old one opened", |s| change(s).boxed()),
        promise("of many changes of a password at once, one succeeds", |s| {
            change_at_once(s).boxed()
        }),
        promise("no session outlives the password that opened it", |s| change_and_open(s).boxed()),
        promise("a new password revokes API keys on request", |s| change_and_keys(s).boxed()),
        promise("another hash of the same password changes nothing else", |s| {
            another_hash(s).boxed()
        }),
        promise("another hash never replaces a new password", |s| another_hash_at_once(s).boxed()),
    ]
}

async fn end_sessions(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let open = |who, byte| store.open_session(proven(who), token(byte, at(100)), START, MANY);
    let mine = [open(ada, 1).await, open(ada, 2).await, open(ada, 3).await];
    let mine = mine.map(|id| id.unwrap().unwrap());
    let his = open(bob, 4).await.unwrap().unwrap();
    store.end_sessions(ada, Some(mine[1]), at(1)).await.unwrap();
    let mut live = Vec::new();
    for id in mine {
        live.push(store.live_session(id).await.unwrap().is_some());
    }
    assert_eq!(live, [false, true, false]);
    store.end_sessions(ada, None, at(2)).await.unwrap();
    assert_eq!(store.live_session(mine[1]).await.unwrap(), None);
    assert_eq!(store.live_session(his).await.unwrap(), Some(bob));
}

async fn most_sessions(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let open = async |who, byte, seconds| {
        let opened = store.open_session(proven(who), token(byte, at(1000)), at(seconds), 3).await;
        opened.unwrap().unwrap()
    };
    let his = open(bob, 1, 0).await;
    let first = open(ada, 2, 1).await;
    let second = open(ada, 3, 2).await;
    let third = open(ada, 4, 3).await;
    // The first was opened before the others, but was used last.
    assert!(matches!(rotate(store, 2, 5, 4).await, Rotation::Rotated(_)));
    let fourth = open(ada, 6, 5).await;
    let live = async |id| store.live_session(id).await.unwrap().is_some();
    assert!(!live(second).await, "used longest ago");
    assert!(live(first).await && live(third).await && live(fourth).await && live(his).await);
    let more = store.open_session(proven(ada), token(7, at(1000)), at(6), 1).await;
    assert!(live(more.unwrap().unwrap()).await, "the new one always works");
    assert!(!live(first).await && !live(third).await && !live(fourth).await && live(his).await);
    assert_eq!(rotate(store, 5, 8, 7).await, Rotation::Refused, "its tokens have ended as well");
}

async fn most_at_once(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let opens = (1..=20).map(|n| store.open_session(proven(ada), token(n, at(100)), START, 5));
    let mut live = 0;
    for id in join_all(opens).await {
        live += u32::from(store.live_session(id.unwrap().unwrap()).await.unwrap().is_some());
    }
    assert_eq!(live, 5);
}

async fn change(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let open = |proven, byte| store.open_session(proven, token(byte, at(100)), START, MANY);
    let here = open(proven(ada), 1).await.unwrap().unwrap();
    let there = open(proven(ada), 2).await.unwrap().unwrap();
    let changed =
        store.change_password(proven(ada), "$new".into(), here, false, at(1)).await.unwrap();
    assert_eq!(changed, Some(0));
    assert_eq!(store.live_session(here).await.unwrap(), Some(ada));
    assert_eq!(store.live_session(there).await.unwrap(), None);
    assert_eq!(open(proven(ada), 3).await.unwrap(), None, "the old password opens nothing");
    let new = store.credentials("ada").await.unwrap().unwrap();
    assert_eq!(new.hashed_password, "$new");
    let again =
        store.change_password(proven(ada), "$other".into(), there, true, at(2)).await.unwrap();
    assert_eq!(again, None, "nor does it change anything");
    assert_eq!(store.live_session(here).await.unwrap(), Some(ada));
    assert!(open(new, 4).await.unwrap().is_some());
}

async fn change_at_once(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let here =
        store.open_session(proven(ada), token(1, at(100)), START, MANY).await.unwrap().unwrap();
    let changes =
        (0..10).map(|n| store.change_password(proven(ada), format!("${n}"), here, false, START));
    let changed =
        join_all(changes).await.into_iter().filter(|done| done.as_ref().unwrap().is_some());
    assert_eq!(changed.count(), 1);
}

async fn change_and_open(store: &dyn Store) {
    for round in 0..10 {
        let name = format!("ada{round}");
        let ada = user(store, &name).await;
        let byte = |n: u8| n + 20 * round;
        let first = store.open_session(proven(ada), token(byte(0), at(100)), START, MANY).await;
        let here = first.unwrap().unwrap();
        let change = store.change_password(proven(ada), "$new".into(), here, false, at(1));
        let opens =
            (1..6).map(|n| store.open_session(proven(ada), token(byte(n), at(100)), START, MANY));
        let (changed, opened) = futures::join!(change, join_all(opens));
        assert!(changed.unwrap().is_some());
        for id in opened.into_iter().filter_map(Result::unwrap) {
            assert_eq!(store.live_session(id).await.unwrap(), None, "opened by the old password");
        }
    }
}

async fn change_and_keys(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let first = store.open_session(proven(ada), token(1, at(100)), START, MANY).await;
    let here = first.unwrap().unwrap();
    for (who, prefix, expires) in
        [(ada, "one", None), (ada, "two", Some(50)), (ada, "old", Some(1)), (bob, "his", None)]
    {
        key(store, new(who, prefix, expires.map(at))).await;
    }
    let change = async |from: &str, to: &str, revoke| {
        let proven = Credentials { hashed_password: from.into(), ..proven(ada) };
        store.change_password(proven, to.into(), here, revoke, at(10)).await.unwrap()
    };
    let present = proven(ada).hashed_password;
    assert_eq!(change("$wrong", "$other", true).await, None);
    assert_eq!(change(&present, "$1", false).await, Some(2), "the third one has expired");
    assert_eq!(store.api_keys(ada).await.unwrap().len(), 3);
    assert_eq!(change("$1", "$2", true).await, Some(0));
    assert!(store.api_keys(ada).await.unwrap().is_empty());
    assert_eq!(store.api_keys(bob).await.unwrap().len(), 1);
}

async fn another_hash(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let open = |proven, byte| store.open_session(proven, token(byte, at(100)), START, MANY);
    let here = open(proven(ada), 1).await.unwrap().unwrap();
    assert!(store.replace_hash(proven(ada), "$better".into()).await.unwrap());
    assert_eq!(store.live_session(here).await.unwrap(), Some(ada), "all sessions stay");
    assert!(!store.replace_hash(proven(ada), "$late".into()).await.unwrap(), "it has changed");
    let now = store.credentials("ada").await.unwrap().unwrap();
    assert_eq!(now.hashed_password, "$better");
    assert!(open(now, 2).await.unwrap().is_some());
    assert!(!store.replace_hash(proven(UserId::new(4711)), "$".into()).await.unwrap(), "nobody");
}

async fn another_hash_at_once(store: &dyn Store) {
    for round in 0..10 {
        let name = format!("ada{round}");
        let ada = user(store, &name).await;
        let first = store.open_session(proven(ada), token(round, at(100)), START, MANY).await;
        let here = first.unwrap().unwrap();
        let better = (0..4).map(|n| store.replace_hash(proven(ada), format!("$better{n}")));
        let change = store.change_password(proven(ada), "$new".into(), here, false, at(1));
        let (better, changed) = futures::join!(join_all(better), change);
        let better = better.into_iter().filter(|done| *done.as_ref().unwrap()).count();
        let changed = changed.unwrap().is_some();
        assert_eq!(better + usize::from(changed), 1, "one of them finds the old hash");
        let kept = store.credentials(&name).await.unwrap().unwrap().hashed_password;
        assert_eq!(kept == "$new", changed, "{kept}");
    }
}
