//! What cannot be seen from outside: how much is hashed, and what is counted when.

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
        let before = accounts.passwords.runs();
        let refused = accounts.login(name, password, None).await.err();
        assert!(matches!(refused, Some(ServiceError::InvalidCredentials)), "{name:?}: {refused:?}");
        assert_eq!(accounts.passwords.runs() - before, 1, "{name:?} with {password:?}");
    }
    let before = accounts.passwords.runs();
    accounts.login(" ada ", PASSWORD, None).await.unwrap();
    assert_eq!(accounts.passwords.runs() - before, 1);
}

#[tokio::test]
async fn what_is_refused_for_its_number_is_not_hashed() {
    let one = Some(Rate { tries: 1, refill: Duration::from_hours(1) });
    let limits = DoorLimits { account: one, registrations: one, ..DoorLimits::OFF };
    let (_folder, accounts) = accounts(limits).await;
    let here = Some(origin("192.0.2.1"));
    accounts.login("ada", "wrong", here).await.err().unwrap();
    let before = accounts.passwords.runs();
    for _ in 0..5 {
        let refused = accounts.login("ada", PASSWORD, here).await.err().unwrap();
        let ServiceError::RateLimited(wait) = refused else { panic!("{refused:?}") };
        assert!(wait > Duration::from_mins(59), "{wait:?}");
    }
    assert_eq!(accounts.passwords.runs(), before);
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
