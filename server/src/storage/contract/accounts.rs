//! Promises about accounts.

use std::time::Duration;

use futures::{FutureExt, future::join_all};

use super::{
    Promise, promise,
    world::{
        START, at, claimed, finish, new_answer, new_interview, new_user, proven, queued, token,
        user,
    },
};
use crate::{
    domain::{
        api_key::{Bearer, KeyHolder, Scope, Scopes},
        id::{ApiKeyId, SessionId, UserId},
    },
    storage::{
        Store, StoreError,
        accounts::{Credentials, Registered, Rotation},
        calls::{Checked, OwnAccount},
        queue::Outcome,
    },
};

/// More sessions than these tests open.
pub(super) const MANY: u32 = 1000;

/// How long a lost reply to a refresh can be replaced.
const GRACE: Duration = Duration::from_secs(30);

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("an account comes back as it was stored", |s| comes_back(s).boxed()),
        promise("a name or address belongs to one account", |s| unique(s).boxed()),
        promise("of many calls that want the same name at once, one gets it", |s| race(s).boxed()),
        promise("an impossible name belongs to nobody", |s| no_name(s).boxed()),
        promise("a session lives until it is ended", |s| session(s).boxed()),
        promise("a refresh token used again after its successor was used ends its session", |s| {
            rotation(s).boxed()
        }),
        promise("a lost reply to a refresh is replaced, and the lost token stops working", |s| {
            lost_reply(s).boxed()
        }),
        promise("a lost reply is replaced only for a short time", |s| late_reply(s).boxed()),
        promise("a refresh token used many times at once leaves one that works", |s| {
            shown_at_once(s).boxed()
        }),
        promise("an old password opens no session", |s| old_password(s).boxed()),
        promise("an expired token is refused", |s| expired(s).boxed()),
        promise("sessions whose tokens have expired are forgotten", |s| forgotten(s).boxed()),
        promise("an account is deleted with everything that belongs to it", |s| deleted(s).boxed()),
        promise("what is added to an account while it is deleted is deleted or refused", |s| {
            deleted_under(s).boxed()
        }),
        promise("an account that does not exist gets no session", |s| nobody(s).boxed()),
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
    assert!(
        store.credentials("ＡＤＡ").await.unwrap().is_some_and(|known| known.user_id == made.id)
    );
    assert!(store.credentials("ada\u{200b}").await.unwrap().is_none());
    let caller = Bearer::Key(KeyHolder {
        user_id: made.id,
        key_id: ApiKeyId::new(1),
        scopes: Scopes::of([Scope::Read]),
    });
    let own = OwnAccount { user: made, shares_name: false };
    assert_eq!(store.account_of(caller).await.unwrap(), Checked::Live(Some(own)));
    assert_eq!(store.user(UserId::new(4711)).await.unwrap(), None);
}

async fn unique(store: &dyn Store) {
    user(store, "ada").await;
    let again = store.create_user(new_user("ada")).await.unwrap();
    assert_eq!(again, Registered::UsernameTaken);
    let mut other = new_user("other");
    other.email = "ADA@Corpus.example".into();
    assert_eq!(store.create_user(other).await.unwrap(), Registered::EmailTaken);
    assert_eq!(store.create_user(new_user("ADA")).await.unwrap(), Registered::UsernameTaken);
    user(store, "José").await;
    let mut other = new_user("other");
    other.email = "JOSE\u{301}@corpus.example".into();
    assert_eq!(store.create_user(other).await.unwrap(), Registered::EmailTaken);
}

async fn race(store: &dyn Store) {
    let wishes = (0..20).map(|at| {
        let mut new = new_user("ada");
        // Half of them want the name, the others the address.
        if at % 2 == 0 {
            new.email = format!("ada{at}@corpus.example");
            new.username = ["ada", "Ada", "ADA", "ａｄａ", "aDa"][at / 2 % 5].to_owned();
        } else {
            new.username = format!("ada{at}");
        }
        store.create_user(new)
    });
    let registered: Vec<_> = join_all(wishes).await.into_iter().map(Result::unwrap).collect();
    let names = registered.iter().filter(|r| **r == Registered::UsernameTaken).count();
    let addresses = registered.iter().filter(|r| **r == Registered::EmailTaken).count();
    assert_eq!((names, addresses), (9, 9), "one got the name and one the address");
}

async fn no_name(store: &dyn Store) {
    user(store, "ada").await;
    assert!(store.credentials("ada\0").await.unwrap().is_none());
}

async fn session(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let open = |byte| store.open_session(proven(ada), token(byte, at(100)), START, MANY);
    let (one, other) = (open(1).await.unwrap().unwrap(), open(2).await.unwrap().unwrap());
    assert_eq!(store.live_session(one).await.unwrap(), Some(ada));
    store.end_session(one, at(1)).await.unwrap();
    store.end_session(one, at(2)).await.unwrap();
    assert_eq!(store.live_session(one).await.unwrap(), None);
    assert_eq!(store.live_session(other).await.unwrap(), Some(ada));
    assert_eq!(rotate(store, 1, 3, 3).await, Rotation::Refused);
}

/// Exchanges the token `old` for `new` at that second.
pub(super) async fn rotate(store: &dyn Store, old: u8, new: u8, seconds: u64) -> Rotation {
    let next = token(new, at(1000));
    store.rotate_refresh_token([old; 32], next, at(seconds), GRACE).await.unwrap()
}

async fn opened(store: &dyn Store) -> SessionId {
    let ada = user(store, "ada").await;
    store.open_session(proven(ada), token(1, at(1000)), START, MANY).await.unwrap().unwrap()
}

async fn rotation(store: &dyn Store) {
    let id = opened(store).await;
    let Rotation::Rotated(session) = rotate(store, 1, 2, 1).await else { panic!() };
    assert_eq!(session.id, id);
    assert_eq!(store.live_session(id).await.unwrap(), Some(session.user_id));
    assert_eq!(rotate(store, 9, 3, 1).await, Rotation::Refused, "unknown");
    assert!(matches!(rotate(store, 2, 3, 2).await, Rotation::Rotated(_)));
    assert_eq!(rotate(store, 1, 4, 3).await, Rotation::Reused, "its successor has been used");
    assert_eq!(store.live_session(id).await.unwrap(), None, "reuse ends the session");
    assert_eq!(rotate(store, 3, 5, 3).await, Rotation::Refused, "the newest is dead too");
}

async fn lost_reply(store: &dyn Store) {
    let id = opened(store).await;
    assert!(matches!(rotate(store, 1, 2, 1).await, Rotation::Rotated(_)));
    assert!(matches!(rotate(store, 1, 3, 15).await, Rotation::Rotated(_)), "2 was lost");
    assert!(matches!(rotate(store, 1, 4, 30).await, Rotation::Rotated(_)), "and so was 3");
    assert!(matches!(rotate(store, 4, 5, 31).await, Rotation::Rotated(_)), "4 has arrived");
    assert!(store.live_session(id).await.unwrap().is_some());
    // Only a thief can have a token that was replaced.
    assert_eq!(rotate(store, 2, 6, 32).await, Rotation::Reused);
    assert_eq!(store.live_session(id).await.unwrap(), None);
    assert_eq!(rotate(store, 5, 7, 33).await, Rotation::Refused);
}

async fn late_reply(store: &dyn Store) {
    let id = opened(store).await;
    assert!(matches!(rotate(store, 1, 2, 1).await, Rotation::Rotated(_)));
    // The grace runs from the first use, and another use does not extend it.
    assert!(matches!(rotate(store, 1, 3, 20).await, Rotation::Rotated(_)));
    assert_eq!(rotate(store, 1, 4, 31).await, Rotation::Reused);
    assert_eq!(store.live_session(id).await.unwrap(), None, "reuse ends the session");
    assert_eq!(rotate(store, 3, 5, 32).await, Rotation::Refused);
}

async fn shown_at_once(store: &dyn Store) {
    let id = opened(store).await;
    let all = join_all((2..=21).map(|new| rotate(store, 1, new, 1))).await;
    assert!(all.iter().all(|r| matches!(r, Rotation::Rotated(_))), "each may be a lost reply's");
    assert!(store.live_session(id).await.unwrap().is_some());
    // One of the twenty works, and the first replaced one that is used ends that one as well.
    let mut worked = 0;
    for new in 2..=21 {
        worked += u32::from(matches!(rotate(store, new, new + 20, 2).await, Rotation::Rotated(_)));
    }
    assert!(worked <= 1, "{worked} of twenty work");
    assert_eq!(store.live_session(id).await.unwrap(), None);
}

async fn expired(store: &dyn Store) {
    let ada = user(store, "ada").await;
    store.open_session(proven(ada), token(1, at(10)), START, MANY).await.unwrap();
    assert_eq!(rotate(store, 1, 2, 10).await, Rotation::Refused);
}

async fn forgotten(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let old =
        store.open_session(proven(ada), token(1, at(10)), START, MANY).await.unwrap().unwrap();
    let new =
        store.open_session(proven(ada), token(2, at(100)), START, MANY).await.unwrap().unwrap();
    assert_eq!(store.forget_old_sessions(at(10)).await.unwrap(), 1);
    assert_eq!(store.live_session(old).await.unwrap(), None);
    assert_eq!(store.live_session(new).await.unwrap(), Some(ada));
}

async fn nobody(store: &dyn Store) {
    let nobody = proven(UserId::new(4711));
    let gone = store.open_session(nobody, token(1, at(10)), START, MANY).await.unwrap();
    assert_eq!(gone, None);
    assert_eq!(store.live_session(SessionId::new(4711)).await.unwrap(), None);
}

async fn old_password(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let old = Credentials { hashed_password: "$argon2id$old".into(), ..proven(ada) };
    assert_eq!(store.open_session(old, token(1, at(10)), START, MANY).await.unwrap(), None);
}

async fn deleted(store: &dyn Store) {
    let (ada, interview, answer) = queued(store, "ada").await;
    let (bob, his, _) = queued(store, "bob").await;
    let session =
        store.open_session(proven(ada), token(1, at(100)), START, MANY).await.unwrap().unwrap();
    let claim = claimed(store, 0).await;
    let other = Credentials { hashed_password: "$other".into(), ..proven(ada) };
    assert!(!store.delete_account(other).await.unwrap(), "not her password");
    assert!(store.delete_account(proven(ada)).await.unwrap());
    assert!(!store.delete_account(proven(ada)).await.unwrap(), "she is gone");
    assert_eq!(store.user(ada).await.unwrap(), None);
    assert_eq!(store.live_session(session).await.unwrap(), None);
    assert_eq!(rotate(store, 1, 2, 1).await, Rotation::Refused);
    assert!(store.interview(interview.id).await.unwrap().is_none());
    assert!(store.answer(answer).await.unwrap().is_none());
    let outcome = Outcome::Failed("too late".into());
    assert!(!finish(store, claim, outcome, 1).await, "its outcome has nowhere to go");
    assert_eq!(store.interview_owner(his.id).await.unwrap(), Some(bob), "nothing of his");
    let again = user(store, "ada").await;
    assert!(again != ada, "the name is free, the number is not");
}

async fn deleted_under(store: &dyn Store) {
    for round in 0..10 {
        let name = format!("ada{round}");
        let (ada, interview, _) = queued(store, &name).await;
        let question = interview.questions[0].id;
        let opens = (0..4)
            .map(|n| store.open_session(proven(ada), token(n + 20 * round, at(100)), START, MANY));
        let text = crate::domain::sample::ANSWER;
        let submits = (0..4).map(|_| store.submit_answer(new_answer(ada, question, text)));
        let creations = (0..4).map(|_| store.create_interview(new_interview(ada, 1)));
        let (gone, opened, submitted, created) = futures::join!(
            store.delete_account(proven(ada)),
            join_all(opens),
            join_all(submits),
            join_all(creations)
        );
        assert!(gone.unwrap());
        assert!(opened.iter().all(Result::is_ok) && submitted.iter().all(Result::is_ok));
        for refused in created.into_iter().filter_map(Result::err) {
            assert!(matches!(refused, StoreError::AccountGone(_)), "{refused:?}");
        }
        assert!(store.interviews(ada, None, 10).await.unwrap().is_empty());
    }
    assert_eq!(store.claim(at(1000), at(1010), 100).await.unwrap().len(), 0);
}
