//! Promises about API keys.

use futures::{FutureExt, future::join_all};

use super::{
    Promise, promise,
    world::{START, at, user},
};
use crate::{
    domain::{
        api_key::{ApiKey, ApiKeyDraft, Scope, Scopes},
        clock::Timestamp,
        id::{ApiKeyId, UserId},
    },
    storage::{
        Store,
        api_keys::{EXPIRED_KEPT, KeyCreation, NewApiKey},
    },
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("an API key comes back as it was stored", |s| comes_back(s).boxed()),
        promise("an account lists its own keys, newest first", |s| listed(s).boxed()),
        promise("a key works until it is revoked or expires", |s| live(s).boxed()),
        promise("two keys never begin with the same characters", |s| prefix(s).boxed()),
        promise("many calls at once do not get more keys than allowed", |s| at_once(s).boxed()),
        promise("an expired key makes room, and few of them are kept", |s| room(s).boxed()),
        promise("a use is recorded once in a while", |s| uses(s).boxed()),
        promise("an account that does not exist gets no key", |s| nobody(s).boxed()),
    ]
}

pub(super) fn new(user_id: UserId, name: &str, expires_at: Option<Timestamp>) -> NewApiKey {
    let scopes = Scopes::of([Scope::Read, Scope::Grade]);
    NewApiKey {
        user_id,
        draft: ApiKeyDraft { name: name.into(), scopes, expires_at },
        prefix: format!("viva_{name}"),
        hash: [7; 32],
        created_at: START,
    }
}

pub(super) async fn key(store: &dyn Store, new: NewApiKey) -> ApiKey {
    match store.create_api_key(new, 20).await.unwrap() {
        KeyCreation::Created(key) => key,
        other => panic!("{other:?}"),
    }
}

async fn comes_back(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = key(store, new(ada, "one", Some(at(100)))).await;
    assert_eq!((made.created_at, made.expires_at, made.last_used_at), (START, Some(at(100)), None));
    assert_eq!(store.api_keys(ada).await.unwrap(), vec![made.clone()]);
    let known = store.known_key("viva_one").await.unwrap().unwrap();
    assert_eq!((known.holder.key_id, known.holder.user_id), (made.id, ada));
    assert_eq!((known.holder.scopes, known.hash), (made.scopes, [7; 32]));
    assert_eq!((known.expires_at, known.last_used_at), (Some(at(100)), None));
    assert!(store.known_key("viva_two").await.unwrap().is_none());
    assert_eq!(store.api_key_owner(made.id).await.unwrap(), Some(ada));
}

async fn listed(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    for name in ["one", "two", "three"] {
        key(store, new(ada, name, None)).await;
    }
    key(store, new(bob, "four", None)).await;
    let names: Vec<_> =
        store.api_keys(ada).await.unwrap().into_iter().map(|key| key.name).collect();
    assert_eq!(names, ["three", "two", "one"]);
}

async fn live(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let (lasting, short) = (
        key(store, new(ada, "lasting", None)).await,
        key(store, new(ada, "short", Some(at(10)))).await,
    );
    assert!(store.is_key_live(short.id, at(9)).await.unwrap());
    assert!(!store.is_key_live(short.id, at(10)).await.unwrap());
    assert!(store.is_key_live(lasting.id, at(1_000_000)).await.unwrap());
    assert!(store.revoke_api_key(lasting.id).await.unwrap());
    assert!(!store.is_key_live(lasting.id, at(1)).await.unwrap());
    assert!(!store.revoke_api_key(lasting.id).await.unwrap(), "it is gone");
    assert!(store.known_key("viva_lasting").await.unwrap().is_none());
    assert_eq!(store.api_key_owner(lasting.id).await.unwrap(), None);
}

async fn prefix(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    key(store, new(ada, "one", None)).await;
    let again = store.create_api_key(new(bob, "one", None), 20).await.unwrap();
    assert_eq!(again, KeyCreation::PrefixTaken);
}

async fn at_once(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let wishes = (0..12).map(|at| store.create_api_key(new(ada, &format!("key{at}"), None), 3));
    let made: Vec<_> = join_all(wishes).await.into_iter().map(Result::unwrap).collect();
    let too_many = made.iter().filter(|made| **made == KeyCreation::TooMany).count();
    assert_eq!((too_many, store.api_keys(ada).await.unwrap().len()), (9, 3));
}

async fn room(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let most = u64::from(EXPIRED_KEPT) + 3;
    for second in 1..=most {
        // Each is created when the previous one has expired.
        let mut new = new(ada, &format!("key{second}"), Some(at(second)));
        new.created_at = at(second - 1);
        let made = store.create_api_key(new, 1).await.unwrap();
        assert!(matches!(made, KeyCreation::Created(_)), "{second} {made:?}");
    }
    let kept = store.api_keys(ada).await.unwrap();
    assert_eq!(kept.len(), EXPIRED_KEPT as usize + 1);
    assert_eq!(kept[0].name, format!("key{most}"), "the newest stay");
}

async fn uses(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let id = key(store, new(ada, "one", None)).await.id;
    let last_used = async || store.api_keys(ada).await.unwrap()[0].last_used_at;
    store.note_key_use(id, at(100), at(40)).await.unwrap();
    assert_eq!(last_used().await, Some(at(100)));
    store.note_key_use(id, at(150), at(90)).await.unwrap();
    assert_eq!(last_used().await, Some(at(100)), "that was recorded already");
    store.note_key_use(id, at(160), at(100)).await.unwrap();
    assert_eq!(last_used().await, Some(at(160)));
    assert_eq!(store.known_key("viva_one").await.unwrap().unwrap().last_used_at, Some(at(160)));
}

async fn nobody(store: &dyn Store) {
    let made = store.create_api_key(new(UserId::new(4711), "one", None), 20).await.unwrap();
    assert_eq!(made, KeyCreation::NoAccount);
    assert!(!store.is_key_live(ApiKeyId::new(4711), START).await.unwrap());
    store.note_key_use(ApiKeyId::new(4711), START, START).await.unwrap();
}
