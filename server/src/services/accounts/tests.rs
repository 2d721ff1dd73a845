//! Tests of what clients cannot see: how much is hashed, and when attempts are counted.

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
async fn accounts(limits: SignInRates) -> (tempfile::TempDir, Accounts) {
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

fn client() -> ClientLabel {
    ClientLabel::default()
}

fn origin(text: &str) -> Origin {
    Origin::of(text.parse().unwrap())
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_get_the_same_error_after_the_same_hashing() {
    let (_folder, accounts) = accounts(SignInRates::OFF).await;
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
        let refused = accounts.login(name, password, None, client()).await.err();
        assert!(matches!(refused, Some(ServiceError::InvalidCredentials)), "{name:?}: {refused:?}");
        assert_eq!(accounts.hashing().runs - before, 1, "{name:?} with {password:?}");
    }
    let before = accounts.hashing().runs;
    accounts.login(" ada ", PASSWORD, None, client()).await.unwrap();
    assert_eq!(accounts.hashing().runs - before, 1);
}

#[tokio::test]
async fn a_password_over_the_limit_is_refused_without_hashing() {
    let one = Some(Rate { attempts: 1, refill: Duration::from_hours(1) });
    let limits = SignInRates { account: one, registrations: one, ..SignInRates::OFF };
    let (_folder, accounts) = accounts(limits).await;
    let here = Some(origin("192.0.2.1"));
    accounts.login("ada", "wrong", here, client()).await.err().unwrap();
    let before = accounts.hashing().runs;
    for _ in 0..5 {
        let refused = accounts.login("ada", PASSWORD, here, client()).await.err().unwrap();
        let ServiceError::RateLimited(Limit::Passwords, wait) = refused else {
            panic!("{refused:?}")
        };
        assert!(wait > Duration::from_mins(59), "{wait:?}");
    }
    assert_eq!(accounts.hashing().runs, before);
    accounts.login("ada", PASSWORD, Some(origin("192.0.2.2")), client()).await.unwrap();
}

#[tokio::test]
async fn a_right_password_returns_its_attempt() {
    let two = Some(Rate { attempts: 2, refill: Duration::from_hours(1) });
    let limits = SignInRates { account: two, origin: two, ..SignInRates::OFF };
    let (_folder, accounts) = accounts(limits).await;
    let here = Some(origin("2001:db8::1"));
    for _ in 0..5 {
        accounts.login("ada", PASSWORD, here, client()).await.unwrap();
    }
    accounts.login("ada", "wrong", here, client()).await.err().unwrap();
    accounts.login("ada", PASSWORD, Some(origin("2001:db8::2")), client()).await.unwrap();
    accounts.login("bob", "wrong", here, client()).await.err().unwrap();
    let spent = accounts.login("eve", "wrong", here, client()).await.err().unwrap();
    assert!(
        matches!(spent, ServiceError::RateLimited(..)),
        "the address has used up its two attempts: {spent:?}"
    );
}

/// Stores an account whose password was hashed by an earlier version, with a quarter of the work;
/// returns the hash.
async fn keep_weak(accounts: &Accounts, name: &str) -> String {
    let params = Params::new(19 * 512, 1, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
    let user = crate::storage::accounts::NewUser {
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
async fn a_weak_hash_is_upgraded_at_sign_in_and_all_sessions_stay_open() {
    let (_folder, accounts) = accounts(SignInRates::OFF).await;
    let old = keep_weak(&accounts, "bob").await;
    let ada = hash_of(&accounts, "ada").await;
    accounts.login("bob", "wrong", None, client()).await.err().unwrap();
    assert_eq!(hash_of(&accounts, "bob").await, old, "a wrong password changes nothing");
    let first = accounts.login("bob", PASSWORD, None, client()).await.unwrap();
    let new = hash_of(&accounts, "bob").await;
    assert!(new.contains("$m=19456,t=2,p=1$"), "{new}");
    let before = accounts.hashing().runs;
    accounts.login("bob", PASSWORD, None, client()).await.unwrap();
    accounts.login("ada", PASSWORD, None, client()).await.unwrap();
    assert_eq!(accounts.hashing().runs - before, 2, "no hash is upgraded twice");
    assert_eq!((hash_of(&accounts, "bob").await, hash_of(&accounts, "ada").await), (new, ada));
    accounts.authenticate(&first.access.token).await.unwrap();
}

#[tokio::test]
async fn a_wrong_password_takes_the_same_work_whatever_the_strength_of_the_hash() {
    let (_folder, accounts) = accounts(SignInRates::OFF).await;
    keep_weak(&accounts, "bob").await;
    let mut work = Vec::new();
    for name in ["ada", "bob", "owner", "nobody"] {
        let before = accounts.hashing().work;
        accounts.login(name, "wrong", None, client()).await.err().unwrap();
        work.push(accounts.hashing().work - before);
    }
    assert_eq!(work, [2 * 19 * 1024; 4]);
}

#[tokio::test]
async fn concurrent_first_sign_ins_all_succeed_and_a_new_password_wins_over_an_upgraded_hash() {
    const NEW: &str = "another horse 43";
    let (_folder, accounts) = accounts(SignInRates::OFF).await;
    keep_weak(&accounts, "bob").await;
    let logins = join_all((0..6).map(|_| accounts.login("bob", PASSWORD, None, client()))).await;
    assert!(logins.iter().all(Result::is_ok), "an upgraded hash is of the same password");
    assert_eq!(accounts.login("bob", "wrong", None, client()).await.err().map(|_| ()), Some(()));

    let other = keep_eve(&accounts).await;
    let caller = accounts.authenticate(&other.access.token).await.unwrap();
    let new = Password::parse(NEW).unwrap();
    let (changed, _) = futures::join!(
        accounts.change_password(caller, PASSWORD, &new, false, None),
        join_all((0..4).map(|_| accounts.login("eve", PASSWORD, None, client())))
    );
    changed.unwrap();
    accounts.login("eve", PASSWORD, None, client()).await.err().unwrap();
    accounts.login("eve", NEW, None, client()).await.unwrap();
}

/// Stores Eve with a weak hash, and opens a session that has not upgraded it.
async fn keep_eve(accounts: &Accounts) -> SessionTokens {
    let weak = keep_weak(accounts, "eve").await;
    let known = accounts.store.credentials("eve").await.unwrap().unwrap();
    assert_eq!(known.hashed_password, weak);
    accounts.open_session(known, 9, Vec::new(), client()).await.unwrap().unwrap()
}

#[tokio::test]
async fn right_passwords_are_counted_too_and_refused_before_hashing() {
    let three = Some(Rate { attempts: 3, refill: Duration::from_hours(1) });
    let limits = SignInRates { sign_ins: three, ..SignInRates::OFF };
    let (_folder, accounts) = accounts(limits).await;
    let here = Some(origin("192.0.2.1"));
    for _ in 0..3 {
        accounts.login("ada", PASSWORD, here, client()).await.unwrap();
    }
    let before = accounts.hashing().runs;
    let spent = accounts.login("ada", PASSWORD, here, client()).await.err().unwrap();
    assert!(matches!(spent, ServiceError::RateLimited(..)), "{spent:?}");
    assert_eq!(accounts.hashing().runs, before);
    accounts.login("ada", PASSWORD, Some(origin("192.0.2.2")), client()).await.unwrap();
    let wrong = accounts.login("bob", "wrong", here, client()).await.err().unwrap();
    assert!(matches!(wrong, ServiceError::InvalidCredentials), "another account: {wrong:?}");
}
