//! Passwords: which are the same, which are refused, and those that were hashed as typed.

use viva_proto::v1;

use super::{Database, assert_reason, assert_refused, earlier::hash, shown, some_address};
use crate::support::{PASSWORD, TestServer};

async fn register(
    server: &TestServer,
    username: &str,
    password: &str,
) -> Result<(), tonic::Status> {
    let request = v1::RegisterRequest {
        username: username.into(),
        email: some_address(),
        password: password.into(),
    };
    server.auth().register(request).await.map(drop)
}

async fn forms(database: &Database) {
    let server = database.serve().await;
    for (at, (password, same, others)) in [
        ("Pässwörter1", &["Pa\u{308}sswo\u{308}rter1"][..], &["pässwörter1", "Passworter1"][..]),
        ("Pa\u{308}sswo\u{308}rter2", &["Pässwörter2"], &["Pässwörter1"]),
        ("pass\u{a0}word 1", &["pass word 1", "pass\u{3000}word 1"], &["pass  word 1"]),
        ("ｐａｓｓword1", &[], &["password1"]),
        (" password 1 ", &[], &["password 1"]),
        ("correct 🦀 42", &[], &["correct 🐚 42"]),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("person{at}");
        register(&server, &name, password).await.unwrap();
        for right in same.iter().chain([&password]) {
            assert_eq!(shown(&server, &name, right).await, name, "{right:?}");
        }
        for wrong in others {
            let refused = server.sign_in(&name, wrong).await.unwrap_err();
            assert_reason(&refused, "INVALID_CREDENTIALS", wrong);
        }
    }
    let composed = "é".repeat(100);
    register(&server, "longest", &"e\u{301}".repeat(100)).await.unwrap();
    assert_eq!(shown(&server, "longest", &composed).await, "longest");
    for bad in [
        "pass\tword 1",
        "pass\u{200b}word",
        "❤\u{fe0f}password",
        "👨\u{200d}👩\u{200d}👧 family",
        &"e\u{301}".repeat(7),
        &"e\u{301}".repeat(129),
    ] {
        assert_refused(&register(&server, "somebody", bad).await.unwrap_err(), "password", bad);
    }
    server.stop().await;
}

on_both!(
    forms,
    a_password_is_the_same_however_its_accents_and_spaces_are_encoded,
    on_postgres_a_password_is_the_same_however_its_accents_and_spaces_are_encoded
);

/// Passwords that earlier versions hashed as typed, and another way to type each from the first
/// sign-in on.
const EARLIER: [(&str, Option<&str>); 6] = [
    ("Pa\u{308}sswo\u{308}rter1", Some("Pässwörter1")),
    ("pass\u{a0}word 1", Some("pass word 1")),
    ("pass\tword 1", None),
    ("ｐａｓｓword1", None),
    ("password 1 ", None),
    ("👨\u{200d}👩\u{200d}👧 family", None),
];

async fn earlier_ones(database: &Database) {
    let server = database.serve().await;
    for (at, (password, other)) in EARLIER.into_iter().enumerate() {
        let name = format!("person{at}");
        database.keep(&name, &some_address(), &hash(password)).await;
        let refused = server.sign_in(&name, "something else").await.unwrap_err();
        assert_reason(&refused, "INVALID_CREDENTIALS", &name);
        for right in [Some(password), Some(password), other].into_iter().flatten() {
            assert_eq!(shown(&server, &name, right).await, name, "{right:?}");
        }
        let kept = server.store.credentials(&name).await.unwrap().unwrap().hashed_password;
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2"), "hashed again: {kept}");
        let person = server.sign_in(&name, password).await.unwrap();
        let request = v1::ChangePasswordRequest {
            current_password: password.into(),
            new_password: PASSWORD.into(),
            ..v1::ChangePasswordRequest::default()
        };
        person.auth().change_password(person.ask(request)).await.unwrap();
        let request = person.ask(v1::DeleteAccountRequest { password: PASSWORD.into() });
        person.auth().delete_account(request).await.unwrap();
    }
    server.stop().await;
}

on_both!(
    earlier_ones,
    a_password_hashed_as_typed_still_works_and_is_rehashed_in_its_normal_form,
    on_postgres_a_password_hashed_as_typed_still_works_and_is_rehashed_in_its_normal_form
);

#[tokio::test]
async fn how_often_a_refused_password_is_hashed_depends_only_on_the_password() {
    let database = Database::file();
    let server = database.serve().await;
    register(&server, "ada", PASSWORD).await.unwrap();
    register(&server, "zoe", "Pässwörter1").await.unwrap();
    for (password, runs) in [
        ("wrong horse 42", 1),
        ("wro\u{308}ng horse 42", 2),
        ("wrong\u{a0}horse 42", 2),
        ("wrong\thorse 42", 1),
        ("", 1),
    ] {
        for name in ["ada", "ADA", "zoe", "nobody", "no\u{200b}body"] {
            let before = server.accounts.hashing();
            server.sign_in(name, password).await.unwrap_err();
            let after = server.accounts.hashing();
            let cost = (after.runs - before.runs, after.work - before.work);
            assert_eq!(cost, (runs, runs * 2 * 19 * 1024), "{name:?} with {password:?}");
        }
    }
    server.stop().await;
}
