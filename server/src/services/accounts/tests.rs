//! What cannot be seen from outside: how much is hashed, and what is counted when.

use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};
use futures::future::join_all;

use super::*;
use crate::{
    auth::signing_key::SigningKey,
    domain::{
        account::{Email, Username},
        clock::SystemClock,
        throttle::Rate,
    },
    storage::sqlite::{SqliteOptions, SqliteStore},
};

const PASSWORD: &str = "correct horse 42";

/// The accounts of a new database with Ada, who has a password, and the owner, who has none.
async fn accounts(limits: DoorLimits) -> (tempfile::TempDir, Accounts) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("viva.db");
    let options = SqliteOptions { path, query_timeout: Duration::from_secs(5) };
    let store = Arc::new(SqliteStore::open(options).await.unwrap());
    let tokens = Arc::new(AccessTokens::new(&SigningKey::for_tests("k"), LOST_REPLY));
    let passwords = Passwords::new().unwrap();
    let clock = Arc::new(SystemClock);
    let accounts = Accounts::new(store, clock, passwords, tokens, LOST_REPLY, limits);
    let ada = Registration {
        username: Username::parse("ada").unwrap(),
        email: Email::parse("ada@corpus.example").unwrap(),
        password: Password::parse(PASSWORD).unwrap(),
    };
    accounts.register(ada, None).await.unwrap();
    accounts.open_owner_session().await.unwrap();
    (folder, accounts)
}

fn origin(text: &str) -> Origin {
    Origin::of(text.parse().unwrap())
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_cost_the_same_hashing_and_say_the_same() {
    let (_folder, accounts) = accounts(DoorLimits::OFF).await;
    for (name, password) in [
        ("ada", "wrong"),
        ("nobody", "wrong"),
        ("nobody", ""),
        ("", ""),
        ("owner", ""),
        ("owner", "wrong"),
        ("ada\0", PASSWORD),
        (" ada ", "wrong"),
    ] {
        let before = accounts.hashing().runs;
        let refused = accounts.login(name, password, None).await.err();
        assert!(matches!(refused, Some(ServiceError::InvalidCredentials)), "{name:?}: {refused:?}");
        assert_eq!(accounts.hashing().runs - before, 1, "{name:?} with {password:?}");
    }
    let before = accounts.hashing().runs;
    accounts.login(" ada ", PASSWORD, None).await.unwrap();
    assert_eq!(accounts.hashing().runs - before, 1);
}

#[tokio::test]
async fn what_is_refused_for_its_number_is_not_hashed() {
    let one = Some(Rate { tries: 1, refill: Duration::from_hours(1) });
    let limits = DoorLimits { account: one, registrations: one, ..DoorLimits::OFF };
    let (_folder, accounts) = accounts(limits).await;
    let here = Some(origin("192.0.2.1"));
    accounts.login("ada", "wrong", here).await.err().unwrap();
    let before = accounts.hashing().runs;
    for _ in 0..5 {
        let refused = accounts.login("ada", PASSWORD, here).await.err().unwrap();
        let ServiceError::RateLimited(wait) = refused else { panic!("{refused:?}") };
        assert!(wait > Duration::from_mins(59), "{wait:?}");
    }
    assert_eq!(accounts.hashing().runs, before);
    accounts.login("ada", PASSWORD, Some(origin("192.0.2.2"))).await.unwrap();
}

#[tokio::test]
async fn a_right_password_gives_its_try_back() {
    let two = Some(Rate { tries: 2, refill: Duration::from_hours(1) });
    let limits = DoorLimits { account: two, origin: two, ..DoorLimits::OFF };
    let (_folder, accounts) = accounts(limits).await;
    let here = Some(origin("2001:db8::1"));
    for _ in 0..5 {
        accounts.login("ada", PASSWORD, here).await.unwrap();
    }
    accounts.login("ada", "wrong", here).await.err().unwrap();
    accounts.login("ada", PASSWORD, Some(origin("2001:db8::2"))).await.unwrap();
    accounts.login("bob", "wrong", here).await.err().unwrap();
    let spent = accounts.login("eve", "wrong", here).await.err().unwrap();
    assert!(
        matches!(spent, ServiceError::RateLimited(_)),
        "the address has spent its two: {spent:?}"
    );
}

/// Keeps somebody whose password was hashed by an earlier version, for a quarter of what it costs
/// today; gives the hash.
async fn keep_weak(accounts: &Accounts, name: &str) -> String {
    let params = Params::new(19 * 512, 1, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
    let user = NewUser {
        username: name.into(),
        email: format!("{name}@corpus.example"),
        hashed_password: hash.clone(),
        created_at: accounts.clock.now(),
    };
    accounts.store.create_user(user).await.unwrap();
    hash
}

async fn hash_of(accounts: &Accounts, name: &str) -> String {
    accounts.store.credentials(name).await.unwrap().unwrap().hashed_password
}

#[tokio::test]
async fn a_weak_hash_is_made_anew_when_its_password_is_shown_and_all_sessions_stay() {
    let (_folder, accounts) = accounts(DoorLimits::OFF).await;
    let old = keep_weak(&accounts, "bob").await;
    let ada = hash_of(&accounts, "ada").await;
    accounts.login("bob", "wrong", None).await.err().unwrap();
    assert_eq!(hash_of(&accounts, "bob").await, old, "whoever does not know it changes nothing");
    let first = accounts.login("bob", PASSWORD, None).await.unwrap();
    let new = hash_of(&accounts, "bob").await;
    assert!(new.contains("$m=19456,t=2,p=1$"), "{new}");
    let before = accounts.hashing().runs;
    accounts.login("bob", PASSWORD, None).await.unwrap();
    accounts.login("ada", PASSWORD, None).await.unwrap();
    assert_eq!(accounts.hashing().runs - before, 2, "each is hashed anew once at the most");
    assert_eq!((hash_of(&accounts, "bob").await, hash_of(&accounts, "ada").await), (new, ada));
    accounts.authenticate(&first.access.token).await.unwrap();
}

#[tokio::test]
async fn until_it_is_made_anew_a_weak_hash_takes_a_wrong_password_as_long_as_any_other() {
    let (_folder, accounts) = accounts(DoorLimits::OFF).await;
    keep_weak(&accounts, "bob").await;
    let mut work = Vec::new();
    for name in ["ada", "bob", "owner", "nobody"] {
        let before = accounts.hashing().work;
        accounts.login(name, "wrong", None).await.err().unwrap();
        work.push(accounts.hashing().work - before);
    }
    assert_eq!(work, [2 * 19 * 1024; 4]);
}

#[tokio::test]
async fn many_first_sign_ins_at_once_all_get_in_and_a_new_password_wins_over_a_new_hash() {
    const NEW: &str = "another horse 43";
    let (_folder, accounts) = accounts(DoorLimits::OFF).await;
    keep_weak(&accounts, "bob").await;
    let logins = join_all((0..6).map(|_| accounts.login("bob", PASSWORD, None))).await;
    assert!(logins.iter().all(Result::is_ok), "one hash in another's place is the same password");
    assert_eq!(accounts.login("bob", "wrong", None).await.err().map(|_| ()), Some(()));

    let other = keep_eve(&accounts).await;
    let caller = accounts.authenticate(&other.access.token).await.unwrap();
    let new = Password::parse(NEW).unwrap();
    let (changed, _) = futures::join!(
        accounts.change_password(caller, PASSWORD, &new, false, None),
        join_all((0..4).map(|_| accounts.login("eve", PASSWORD, None)))
    );
    changed.unwrap();
    accounts.login("eve", PASSWORD, None).await.err().unwrap();
    accounts.login("eve", NEW, None).await.unwrap();
}

/// Eve with a weak hash, and a session that has not made it anew.
async fn keep_eve(accounts: &Accounts) -> SessionTokens {
    let weak = keep_weak(accounts, "eve").await;
    let known = accounts.store.credentials("eve").await.unwrap().unwrap();
    assert_eq!(known.hashed_password, weak);
    accounts.open_session(known, 9).await.unwrap().unwrap()
}

#[tokio::test]
async fn right_passwords_are_counted_too_and_end_before_they_are_hashed() {
    let three = Some(Rate { tries: 3, refill: Duration::from_hours(1) });
    let limits = DoorLimits { sign_ins: three, ..DoorLimits::OFF };
    let (_folder, accounts) = accounts(limits).await;
    let here = Some(origin("192.0.2.1"));
    for _ in 0..3 {
        accounts.login("ada", PASSWORD, here).await.unwrap();
    }
    let before = accounts.hashing().runs;
    let spent = accounts.login("ada", PASSWORD, here).await.err().unwrap();
    assert!(matches!(spent, ServiceError::RateLimited(_)), "{spent:?}");
    assert_eq!(accounts.hashing().runs, before);
    accounts.login("ada", PASSWORD, Some(origin("192.0.2.2"))).await.unwrap();
    let wrong = accounts.login("bob", "wrong", here).await.err().unwrap();
    assert!(matches!(wrong, ServiceError::InvalidCredentials), "another account: {wrong:?}");
}
