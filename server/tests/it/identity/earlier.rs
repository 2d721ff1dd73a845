//! Accounts from versions that compared names by their bytes.

use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};

use super::{Database, assert_reason, register, shown, some_address, who};

/// The hash of a password as earlier versions made it: of the bytes that were sent.
pub(super) fn hash(password: &str) -> String {
    // Cheap ones: another test is about their cost.
    let params = Params::new(64, 1, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password(password.as_bytes()).unwrap().to_string()
}

/// Names that were different accounts, or that are invalid by today's rules.
const NAMES: [&str; 8] =
    ["ada", "Ada", "ＡＤＡ", "jos\u{e9}", "jose\u{301}", "x\u{200b}yz", "ﬁnn", "Ada Lovelace"];

/// The password of one of these accounts, different from every other's in any form.
fn password(name: &str) -> String {
    format!("the password of {}", name.escape_unicode())
}

async fn go_on(database: &Database) {
    database.serve().await.stop().await;
    for name in NAMES {
        database.keep(name, &some_address(), &hash(&password(name))).await;
    }
    database.keep("åsa", "åsa@example.org", &hash(&password("åsa"))).await;
    database.keep("asa", "ÅSA@example.org", &hash(&password("asa"))).await;
    // Two servers start together on these accounts: the second one finds nothing left to do.
    let (server, other) = tokio::join!(database.serve(), database.serve());
    other.stop().await;
    for name in NAMES.into_iter().chain(["åsa", "asa"]) {
        assert_eq!(shown(&server, name, &password(name)).await, name, "{name:?}");
        for other in NAMES.into_iter().filter(|other| *other != name) {
            let refused = server.sign_in(name, &password(other)).await.unwrap_err();
            assert_reason(&refused, "INVALID_CREDENTIALS", name);
        }
    }
    for (spelling, owner) in [("ADA", "ada"), ("aDa", "Ada"), ("JOSÉ", "jos\u{e9}")] {
        let refused = server.sign_in(spelling, &password(owner)).await.unwrap_err();
        assert_reason(&refused, "INVALID_CREDENTIALS", "a third spelling belongs to neither");
        let taken = register(&server, spelling, &some_address()).await.unwrap_err();
        assert_reason(&taken, "USERNAME_TAKEN", spelling);
    }
    assert_eq!(shown(&server, "ÅSA", &password("åsa")).await, "åsa", "only the address clashes");
    let taken = register(&server, "another", "Åsa@EXAMPLE.org").await.unwrap_err();
    assert_reason(&taken, "EMAIL_TAKEN", "Åsa@EXAMPLE.org");
    server.stop().await;
}

on_both!(
    go_on,
    earlier_accounts_sign_in_as_before_and_clashing_ones_are_not_merged,
    on_postgres_earlier_accounts_sign_in_as_before_and_clashing_ones_are_not_merged
);

async fn told(database: &Database) {
    database.serve().await.stop().await;
    for name in ["ada", "Ada", "bob"] {
        database.keep(name, &some_address(), &hash(&password(name))).await;
    }
    let server = database.serve().await;
    let notice =
        async |name: &str| who(&server.sign_in(name, &password(name)).await.unwrap()).await.notice;
    assert!(notice("Ada").await.contains("Sign in with exactly “Ada”"), "{}", notice("Ada").await);
    assert_eq!(notice("bob").await, "");
    // Once one of the two is deleted, the other gets no notice and any spelling is its own.
    let ada = server.sign_in("ada", &password("ada")).await.unwrap();
    let request = ada.ask(viva_proto::v1::DeleteAccountRequest { password: password("ada") });
    ada.auth().delete_account(request).await.unwrap();
    assert_eq!(notice("Ada").await, "");
    assert_eq!(shown(&server, "ADA", &password("Ada")).await, "Ada");
    let taken = register(&server, "ada", &some_address()).await.unwrap_err();
    assert_reason(&taken, "USERNAME_TAKEN", "the name still belongs to Ada");
    server.stop().await;
}

on_both!(
    told,
    accounts_that_share_a_name_get_a_notice_when_signed_in,
    on_postgres_accounts_that_share_a_name_get_a_notice_when_signed_in
);
