use super::*;

/// Each line is one name in several spellings.
const SAME: [&[&str]; 14] = [
    &["ada", "Ada", "ADA", "ａｄａ", "ＡＤＡ"],
    &["José", "Jose\u{301}", "JOSÉ", "jOSE\u{301}"],
    &["ÅSA", "åsa", "\u{212b}sa", "A\u{30a}sa"],
    &["ДМИТРИЙ", "дмитрий", "Дмитрии\u{306}"],
    &["ΣΊΣΥΦΟΣ", "σίσυφοσ"],
    &["\u{10a0}\u{10a0}\u{10a0}", "\u{2d00}\u{2d00}\u{2d00}"],
    &["\u{1c90}\u{1c90}\u{1c90}", "\u{10d0}\u{10d0}\u{10d0}"],
    &["straße", "STRAẞE"],
    &["ISTANBUL", "istanbul"],
    &["ｶﾀｶﾅ", "カタカナ"],
    &["ＵＳＥＲ１２３", "user123"],
    &["Vi\u{1ec7}t", "vie\u{323}\u{302}t", "VI\u{1eb8}\u{302}T", "Vie\u{302}\u{323}t"],
    &["한글이", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}\u{110b}\u{1175}"],
    &["\u{958}\u{932}\u{92e}", "\u{915}\u{93c}\u{932}\u{92e}"],
];

/// Names that look alike or are related but differ.
const DIFFERENT: [(&str, &str); 6] = [
    // RFC 8265, section 3.5: the final sigma is a different letter.
    ("σίσυφοσ", "σίσυφος"),
    ("straße", "strasse"),
    ("istanbul", "ıstanbul"),
    ("istanbul", "İstanbul"),
    // Cyrillic; PRECIS does not forbid mixing scripts.
    ("ada", "аdа"),
    ("ada", "αda"),
];

#[test]
fn every_spelling_of_a_name_has_the_same_form() {
    for spellings in SAME {
        let forms: Vec<_> = spellings.iter().map(|name| username(name).unwrap()).collect();
        assert!(forms.windows(2).all(|pair| pair[0] == pair[1]), "{spellings:?}: {forms:?}");
        assert_eq!(username(&forms[0]).as_ref(), Ok(&forms[0]), "a form is its own form");
    }
    for (one, other) in DIFFERENT {
        assert_ne!(username(one).unwrap(), username(other).unwrap(), "{one} and {other}");
    }
}

#[test]
fn a_character_that_no_name_may_have_is_refused_and_named() {
    for (name, refused) in [
        ("ad\u{200b}a", '\u{200b}'),
        ("\u{202e}ada", '\u{202e}'),
        ("a\u{ad}da", '\u{ad}'),
        ("ada\u{fe0f}", '\u{fe0f}'),
        ("ada\u{2060}", '\u{2060}'),
        ("\u{34f}ada", '\u{34f}'),
        ("ada\u{180e}", '\u{180e}'),
        ("ada\u{115f}", '\u{115f}'),
        ("\u{3164}\u{3164}\u{3164}", '\u{3164}'),
        ("\u{2800}\u{2800}\u{2800}", '\u{2800}'),
        ("ada\u{feff}", '\u{feff}'),
        ("ada\u{e0061}", '\u{e0061}'),
        ("\u{200e}ada", '\u{200e}'),
        ("\u{2066}ada\u{2069}", '\u{2066}'),
        ("a\u{200d}da", '\u{200d}'),
        ("\u{200d}ada", '\u{200d}'),
        ("ada lovelace", ' '),
        ("ada\u{3000}b", ' '),
        ("ada\u{a0}b", '\u{a0}'),
        ("ﬁnn", 'ﬁ'),
        ("①ada", '①'),
        ("𝒶𝒹𝒶", '𝒶'),
        ("ada²", '²'),
        ("Ⅷth", 'Ⅷ'),
        ("ªda", 'ª'),
        ("™xy", '™'),
        ("ada\u{7}", '\u{7}'),
        ("👩\u{200d}💻x", '👩'),
        ("🦀🦀🦀", '🦀'),
        ("ﷺﷺﷺ", 'ﷺ'),
    ] {
        assert_eq!(username(name), Err(PrecisError::Character(refused)), "{name:?}");
        assert_eq!(username_key(name), name, "it matches only itself");
    }
    assert_eq!(username(""), Err(PrecisError::Empty));
    assert_eq!(username(&"a".repeat(1_000_000)), Err(PrecisError::TooLong));
}

#[test]
fn a_name_may_have_a_joiner_where_its_script_needs_one() {
    for name in ["क\u{94d}\u{200d}ष", "نامه\u{200c}ای"] {
        assert!(username(name).is_ok(), "{name:?}");
    }
}

#[test]
fn a_name_with_an_ambiguous_direction_is_refused() {
    for good in ["עדה", "אבג1", "علي٣"] {
        assert!(username(good).is_ok(), "{good}");
    }
    for bad in ["אבגada", "adaאבג", "1אבג"] {
        assert_eq!(username(bad), Err(PrecisError::Direction), "{bad}");
    }
    assert!(username("علي٣3").is_err(), "digits of two kinds");
}

#[test]
fn letters_newer_than_the_table_are_letters() {
    // Adlam, of Unicode 9, with its two cases.
    assert_eq!(username("\u{1e900}\u{1e901}\u{1e902}").unwrap(), "\u{1e922}\u{1e923}\u{1e924}");
    assert!(is_newer_sign('🦀') && !is_newer_letter('🦀'));
    assert!(!is_newer_sign('\u{e0080}') && !is_newer_letter('\u{180f}'));
}

#[test]
fn an_address_is_the_same_in_either_case_and_either_encoding() {
    for (one, other) in [
        ("ÅSA@EXAMPLE.ORG", "åsa@example.org"),
        ("x@BÜCHER.example", "x@bücher.example"),
        ("jose\u{301}@x.org", "JOSÉ@x.org"),
        ("ДМИТРИЙ@x.org", "дмитрий@x.org"),
        ("STRASSE@x.org", "straße@x.org"),
        ("ΣΊΣΥΦΟΣ@x.org", "σίσυφος@x.org"),
        ("I@x.org", "i@X.ORG"),
    ] {
        assert_eq!(email_key(one), email_key(other));
    }
    for (one, other) in [
        ("a+tag@x.org", "a@x.org"),
        ("ı@x.org", "i@x.org"),
        ("x@xn--bcher-kva.example", "x@bücher.example"),
    ] {
        assert_ne!(email_key(one), email_key(other));
    }
}

#[test]
fn a_password_is_the_same_however_its_accents_and_spaces_are_encoded() {
    for (one, other) in [
        ("Pässwörter1", "Pa\u{308}sswo\u{308}rter1"),
        ("pass\u{a0}word 1", "pass word 1"),
        ("pass\u{3000}word\u{2009}1", "pass word 1"),
        ("ế unlock", "e\u{302}\u{301} unlock"),
    ] {
        assert_eq!(password(one).unwrap(), password(other).unwrap());
    }
    for (one, other) in [
        ("ｐａｓｓword", "password"),
        ("Password", "password"),
        (" password", "password"),
        ("password ", "password"),
        ("ﬁnn and ada", "finn and ada"),
    ] {
        assert_ne!(password(one).unwrap(), password(other).unwrap());
    }
    assert_eq!(password("correct 🦀 battery").unwrap(), "correct 🦀 battery");
    for (bad, refused) in [
        ("pass\tword", '\t'),
        ("pass\u{200b}word", '\u{200b}'),
        ("❤\u{fe0f}password", '\u{fe0f}'),
        ("👨\u{200d}👩\u{200d}👧 family", '\u{200d}'),
        ("pass\u{e000}word", '\u{e000}'),
    ] {
        assert_eq!(password(bad), Err(PrecisError::Character(refused)), "{bad:?}");
    }
    // Its length is checked first, so a million characters cost nothing.
    assert_eq!(password(&"\u{94d}\u{200c}".repeat(500_000)), Err(PrecisError::TooLong));
}
