//! Promises about accounts.

use futures::{FutureExt, future::join_all};

use super::{
    Promise, promise,
    world::{START, at, new_user, token, user},
};
use crate::{
    domain::id::{SessionId, UserId},
    storage::{
        Store,
        accounts::{Registered, Rotation},
    },
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("an account comes back as it was kept", |s| comes_back(s).boxed()),
        promise("a name or address belongs to one account", |s| unique(s).boxed()),
        promise("of many who want one name at once one gets it", |s| race(s).boxed()),
        promise("a name that cannot be is nobody's", |s| no_name(s).boxed()),
        promise("a session lives until it is ended", |s| session(s).boxed()),
        promise("a refresh token works once", |s| rotation(s).boxed()),
        promise("a refresh token that many show at once works once", |s| shown_at_once(s).boxed()),
        promise("a token past its time is refused", |s| expired(s).boxed()),
        promise("sessions whose tokens ran out are forgotten", |s| forgotten(s).boxed()),
        promise("nobody gets no session", |s| nobody(s).boxed()),
    ]
}

async fn comes_back(store: &dyn Store) {
    let Registered::User(made) = store.create_user(new_user("ada")).await.unwrap() else {
        panic!()
    };
    assert_eq!(made.created_at, START);
    assert_eq!(store.user(made.id).await.unwrap().as_ref(), Some(&made));
    let credentials = store.credentials("ada").await.unwrap().unwrap();
    assert_eq!(
        (credentials.user_id, credentials.hashed_password.as_str()),
        (made.id, "$argon2id$")
    );
    assert!(store.credentials("Ada").await.unwrap().is_none());
    assert_eq!(store.user(UserId::new(4711)).await.unwrap(), None);
}

async fn unique(store: &dyn Store) {
    user(store, "ada").await;
    let again = store.create_user(new_user("ada")).await.unwrap();
    assert_eq!(again, Registered::UsernameTaken);
    let mut other = new_user("other");
    other.email = "ADA@Corpus.example".into();
    assert_eq!(store.create_user(other).await.unwrap(), Registered::EmailTaken);
}

async fn race(store: &dyn Store) {
    let wishes = (0..20).map(|at| {
        let mut new = new_user("ada");
        // Half of them want the name, the others the address.
        if at % 2 == 0 {
            new.email = format!("ada{at}@corpus.example");
        } else {
            new.username = format!("ada{at}");
        }
        store.create_user(new)
    });
    let registered: Vec<_> = join_all(wishes).await.into_iter().map(Result::unwrap).collect();
    let names = registered.iter().filter(|r| **r == Registered::UsernameTaken).count();
    let addresses = registered.iter().filter(|r| **r == Registered::EmailTaken).count();
    assert_eq!((names, addresses), (9, 9), "one has got the name and one the address");
}

async fn no_name(store: &dyn Store) {
    user(store, "ada").await;
    assert!(store.credentials("ada\0").await.unwrap().is_none());
}

async fn session(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let open = |byte| store.open_session(ada, token(byte, at(100)), START);
    let (one, other) = (open(1).await.unwrap().unwrap(), open(2).await.unwrap().unwrap());
    assert_eq!(store.live_session(one).await.unwrap(), Some(ada));
    store.end_session(one, at(1)).await.unwrap();
    store.end_session(one, at(2)).await.unwrap();
    assert_eq!(store.live_session(one).await.unwrap(), None);
    assert_eq!(store.live_session(other).await.unwrap(), Some(ada));
    let refused = store.rotate_refresh_token([1; 32], token(3, at(100)), at(3)).await.unwrap();
    assert_eq!(refused, Rotation::Refused);
}

async fn rotation(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let id = store.open_session(ada, token(1, at(100)), START).await.unwrap().unwrap();
    let rotate = |old, new| store.rotate_refresh_token([old; 32], token(new, at(100)), at(1));
    let Rotation::Rotated(session) = rotate(1, 2).await.unwrap() else { panic!() };
    assert_eq!((session.id, session.user_id), (id, ada));
    assert_eq!(rotate(9, 3).await.unwrap(), Rotation::Refused);
    assert_eq!(rotate(1, 4).await.unwrap(), Rotation::Reused);
    assert_eq!(store.live_session(id).await.unwrap(), None, "reuse ends the session");
    assert_eq!(rotate(2, 5).await.unwrap(), Rotation::Refused, "the newest is dead too");
}

async fn shown_at_once(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let id = store.open_session(ada, token(0, at(100)), START).await.unwrap().unwrap();
    let shows = (1..=20).map(|new| store.rotate_refresh_token([0; 32], token(new, at(100)), at(1)));
    let rotations: Vec<_> = join_all(shows).await.into_iter().map(Result::unwrap).collect();
    let worked = rotations.iter().filter(|r| matches!(r, Rotation::Rotated(_))).count();
    assert_eq!(worked, 1);
    assert!(rotations.contains(&Rotation::Reused));
    assert_eq!(store.live_session(id).await.unwrap(), None, "reuse ends the session");
}

async fn expired(store: &dyn Store) {
    let ada = user(store, "ada").await;
    store.open_session(ada, token(1, at(10)), START).await.unwrap();
    let late = store.rotate_refresh_token([1; 32], token(2, at(100)), at(10)).await.unwrap();
    assert_eq!(late, Rotation::Refused);
}

async fn forgotten(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let old = store.open_session(ada, token(1, at(10)), START).await.unwrap().unwrap();
    let new = store.open_session(ada, token(2, at(100)), START).await.unwrap().unwrap();
    assert_eq!(store.forget_old_sessions(at(10)).await.unwrap(), 1);
    assert_eq!(store.live_session(old).await.unwrap(), None);
    assert_eq!(store.live_session(new).await.unwrap(), Some(ada));
}

async fn nobody(store: &dyn Store) {
    let gone = store.open_session(UserId::new(4711), token(1, at(10)), START).await.unwrap();
    assert_eq!(gone, None);
    assert_eq!(store.live_session(SessionId::new(4711)).await.unwrap(), None);
}
