//! Promises about sessions, as their owner sees them.

use futures::FutureExt;

use super::{
    Promise,
    accounts::{MANY, rotate},
    promise,
    world::{START, at, proven, token, user},
};
use crate::{
    domain::{
        account::{ActiveSession, Caller},
        client_label::ClientLabel,
        clock::Timestamp,
        id::{SessionId, UserId},
    },
    storage::{Store, accounts::Rotation, calls::Checked},
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("an account's sessions are listed, most recently used first", |s| {
            listed(s).boxed()
        }),
        promise("ended and expired sessions are not listed", |s| only_those_that_live(s).boxed()),
    ]
}

/// Signs in from `client`, with a token of `byte` that expires at `until`.
async fn sign_in(
    store: &dyn Store,
    user: UserId,
    (byte, until): (u8, u64),
    client: &str,
) -> SessionId {
    let (token, client) = (token(byte, at(until)), ClientLabel::of(client));
    let opened = store.sign_in(proven(user), token, START, MANY, Vec::new(), client).await;
    opened.unwrap().unwrap()
}

async fn list(store: &dyn Store, caller: Caller, now: Timestamp) -> Vec<ActiveSession> {
    let Checked::Live(sessions) = store.sessions_of(caller, now).await.unwrap() else {
        panic!("the session has ended")
    };
    sessions
}

async fn listed(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let phone = sign_in(store, ada, (1, 100), "phone/2").await;
    // As an older process opens one.
    let older = store.open_session(proven(ada), token(2, at(100)), at(5), MANY).await;
    let older = older.unwrap().unwrap();
    sign_in(store, bob, (3, 100), "phone/2").await;
    assert!(matches!(rotate(store, 1, 4, 9).await, Rotation::Rotated(_)));
    let caller = Caller { user_id: ada, session_id: older };
    let session = |id, client: &str, signed_in_at, last_used_at| ActiveSession {
        id,
        client: client.into(),
        signed_in_at,
        last_used_at,
    };
    let both = [session(phone, "phone/2", START, at(9)), session(older, "", at(5), at(5))];
    assert_eq!(list(store, caller, at(10)).await, both);
}

async fn only_those_that_live(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let mut ids = Vec::new();
    for byte in 0..4 {
        // The first expires before the others.
        ids.push(sign_in(store, ada, (byte, if byte == 0 { 50 } else { 100 }), "x").await);
    }
    store.end_session(ids[1], at(1)).await.unwrap();
    let as_caller = |session_id| Caller { user_id: ada, session_id };
    let ids_at = async |caller, now| -> Vec<SessionId> {
        list(store, caller, at(now)).await.into_iter().map(|session| session.id).collect()
    };
    assert_eq!(ids_at(as_caller(ids[2]), 10).await, [ids[3], ids[2], ids[0]]);
    assert_eq!(ids_at(as_caller(ids[2]), 50).await, [ids[3], ids[2]]);
    assert_eq!(ids_at(as_caller(ids[2]), 100).await, [ids[2]], "the caller's own is always listed");
    let ended = store.sessions_of(as_caller(ids[1]), at(10)).await.unwrap();
    assert_eq!(ended, Checked::Ended);
    let stranger = Caller { user_id: user(store, "bob").await, session_id: ids[2] };
    assert_eq!(store.sessions_of(stranger, at(10)).await.unwrap(), Checked::Ended);
}
