//! Names and addresses.

use futures::future::join_all;
use tonic::Code;
use tonic_types::StatusExt as _;
use viva_server::startup::app::AppSettings;

use super::{Database, assert_reason, assert_refused, register, shown, some_address};
use crate::support::{PASSWORD, TestServer, reason, settings, sign_in_rates};

/// Names as they are registered and shown, and other spellings of each.
const NAMES: [(&str, &[&str]); 7] = [
    ("ada", &["Ada", "ADA", "ａｄａ"]),
    ("José", &["Jose\u{301}", "JOSE\u{301}", "josé"]),
    ("ÉLODIE", &["élodie", "e\u{301}lodie"]),
    ("Дмитрий", &["ДМИТРИЙ", "дмитрии\u{306}"]),
    ("straße", &["STRAẞE"]),
    ("カタカナ", &["ｶﾀｶﾅ"]),
    ("istanbul", &["ISTANBUL"]),
];

async fn spellings(database: &Database) {
    let server = database.serve().await;
    for (name, others) in NAMES {
        register(&server, name, &some_address()).await.unwrap();
        for other in others {
            let taken = register(&server, other, &some_address()).await.unwrap_err();
            assert_eq!(taken.code(), Code::AlreadyExists, "{other}");
            assert_reason(&taken, "USERNAME_TAKEN", other);
            assert_eq!(shown(&server, other, PASSWORD).await, name, "by {other}");
        }
        assert_eq!(shown(&server, &format!(" {name} "), PASSWORD).await, name);
    }
    // Each of these is a different name: a letter of another script, a dotless i, ss for ß.
    for own in ["аdа", "ıstanbul", "strasse"] {
        register(&server, own, &some_address()).await.unwrap();
        assert_eq!(shown(&server, own, PASSWORD).await, own);
    }
    server.stop().await;
}

on_both!(
    spellings,
    all_spellings_of_a_name_are_one_account_shown_as_it_was_typed,
    on_postgres_all_spellings_of_a_name_are_one_account
);

async fn no_names(database: &Database) {
    let server = database.serve().await;
    register(&server, "ada", &some_address()).await.unwrap();
    for (name, words) in [
        ("ad\u{200b}a", "U+200B, an invisible character"),
        ("\u{202e}ada", "U+202E"),
        ("\u{200e}ada", "U+200E"),
        ("a\u{ad}da", "U+00AD"),
        ("ada\u{feff}b", "U+FEFF"),
        ("\u{3164}\u{3164}\u{3164}", "invisible character"),
        ("a\u{200d}da", "U+200D"),
        ("ada lovelace", "spaces"),
        ("ada\u{3000}b", "spaces"),
        ("ﬁnn", "“ﬁ” (U+FB01)"),
        ("①ada", "①"),
        ("ada²", "“²” (U+00B2)"),
        ("אבגada", "right-to-left"),
        ("e\u{301}e\u{301}", "3 to 50 characters"),
    ] {
        let refused = register(&server, name, &some_address()).await.unwrap_err();
        assert_refused(&refused, "username", name);
        let told = refused.get_details_bad_request().unwrap().field_violations.remove(0);
        assert!(told.description.contains(words), "{name:?}: {}", told.description);
        let unknown = server.sign_in(name, PASSWORD).await.unwrap_err();
        assert_reason(&unknown, "INVALID_CREDENTIALS", name);
    }
    server.stop().await;
}

on_both!(
    no_names,
    an_invalid_name_is_refused_by_its_character_and_signs_no_one_in,
    on_postgres_an_invalid_name_is_refused_by_its_character
);

async fn addresses(database: &Database) {
    let server = database.serve().await;
    for (at, (address, others)) in [
        ("åsa@example.org", &["ÅSA@EXAMPLE.ORG", "A\u{30a}sa@example.org"][..]),
        ("x@bücher.example", &["x@BÜCHER.example"]),
        ("josé@x.org", &["JOSE\u{301}@x.org"]),
    ]
    .into_iter()
    .enumerate()
    {
        register(&server, &format!("first{at}"), address).await.unwrap();
        for other in others {
            let taken = register(&server, &format!("other{at}"), other).await.unwrap_err();
            assert_reason(&taken, "EMAIL_TAKEN", other);
        }
    }
    register(&server, "tagged", "åsa+tag@example.org").await.unwrap();
    let hidden = register(&server, "hidden", "ad\u{200b}a@x.org").await.unwrap_err();
    assert_refused(&hidden, "email", "a zero-width space");
    server.stop().await;
}

on_both!(
    addresses,
    an_address_belongs_to_one_account_in_any_case_and_encoding,
    on_postgres_an_address_belongs_to_one_account_in_any_case_and_encoding
);

async fn race(database: &Database) {
    let servers = [database.serve().await, database.serve().await];
    let spellings = ["jose", "Jose", "JOSE", "ｊｏｓｅ", "JoSe", "ＪＯＳＥ", "jOSE", "josE"];
    let addresses: Vec<_> = (0..40).map(|_| some_address()).collect();
    let registered =
        join_all(addresses.iter().enumerate().map(|(at, address)| {
            register(&servers[at % 2], spellings[at % spellings.len()], address)
        }))
        .await;
    let refused = registered.iter().filter_map(|reply| reply.as_ref().err());
    let reasons: Vec<_> = refused.map(reason).collect();
    assert_eq!(reasons, vec!["USERNAME_TAKEN"; 39]);
    for server in servers {
        server.stop().await;
    }
}

on_both!(
    race,
    of_many_spellings_at_once_one_is_registered,
    on_postgres_of_many_spellings_at_once_one_is_registered
);

async fn budget(database: &Database) {
    let guarded = AppSettings { sign_in_limits: sign_in_rates(), ..settings() };
    let server: TestServer = database.serve_with(guarded).await;
    register(&server, "Ada", &some_address()).await.unwrap();
    let spellings = ["ada", "Ada", "ADA", "ａｄａ", "aDa"];
    for at in 0..10 {
        let wrong = server.sign_in(spellings[at % 5], "a wrong guess").await.unwrap_err();
        assert_reason(&wrong, "INVALID_CREDENTIALS", spellings[at % 5]);
    }
    for spelling in spellings {
        let spent = server.sign_in(spelling, PASSWORD).await.unwrap_err();
        assert_reason(&spent, "RATE_LIMITED", spelling);
    }
    server.stop().await;
}

on_both!(
    budget,
    ten_wrong_passwords_are_ten_however_the_name_is_spelt,
    on_postgres_ten_wrong_passwords_are_ten_however_the_name_is_spelt
);
