//! The rules of RFC 8725, one by one.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::*;
use crate::auth::{refresh_token, signing_key::SigningKey};

const CALLER: Caller = Caller { user_id: UserId::new(7), session_id: SessionId::new(9) };
const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);
const LIFETIME: Duration = Duration::from_mins(1);

fn key(secret: &str) -> SigningKey {
    SigningKey::for_tests(secret)
}

fn tokens(secret: &str) -> AccessTokens {
    AccessTokens::new(&key(secret), LIFETIME)
}

fn header() -> Value {
    json!({"alg": "HS256", "typ": "at+jwt", "kid": key("ours").id()})
}

fn claims() -> Value {
    let now = NOW.seconds();
    json!({"iss": "viva", "aud": "viva", "sub": "7", "sid": 9, "iat": now, "exp": now + 60})
}

/// Returns the value with one member set or, if `to` is null, removed.
fn with(mut value: Value, member: &str, to: Value) -> Value {
    let members = value.as_object_mut().unwrap();
    if to.is_null() {
        members.remove(member)
    } else {
        members.insert(member.to_owned(), to)
    };
    value
}

/// Makes a token by hand, since no library would make an invalid one.
fn signed(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let said = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(said.as_bytes());
    format!("{said}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

fn ours(header: &Value, claims: &Value) -> String {
    signed(header, claims, key("ours").bytes())
}

/// Returns `token` without its signature.
fn unsigned(token: &str) -> &str {
    &token[..=token.rfind('.').unwrap()]
}

#[test]
fn a_token_that_breaks_a_rule_of_rfc_8725_is_invalid() {
    let good = ours(&header(), &claims());
    let tokens = tokens("ours");
    assert_eq!(
        tokens.verify(&good, NOW),
        Ok(CALLER),
        "each case below differs from this token in one thing"
    );
    let with_header = |member: &str, to: Value| ours(&with(header(), member, to), &claims());
    let with_claim = |member: &str, to: Value| ours(&header(), &with(claims(), member, to));
    let none = |alg: &str| unsigned(&with_header("alg", json!(alg))).to_owned();
    let (head, rest) = good.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    let forged = URL_SAFE_NO_PAD.encode(with(claims(), "sub", json!("8")).to_string());
    let late = NOW.seconds() + 61;
    let cases = [
        // 3.1, 3.2: one algorithm, whatever the token says.
        ("alg none", none("none")),
        ("alg None", none("None")),
        ("alg nOnE with a signature", with_header("alg", json!("nOnE"))),
        ("no alg", with_header("alg", Value::Null)),
        (
            "RS256, signed with our secret as if it were a public key",
            with_header("alg", json!("RS256")),
        ),
        ("ES256", with_header("alg", json!("ES256"))),
        ("HS384", with_header("alg", json!("HS384"))),
        ("HS512", with_header("alg", json!("HS512"))),
        // 3.3, 3.5: signed, and by this server.
        ("another key under our key's id", signed(&header(), &claims(), key("theirs").bytes())),
        ("an empty key", signed(&header(), &claims(), b"")),
        ("an unknown key", with_header("kid", json!("AAAAAAAAAAA"))),
        ("an empty key id", with_header("kid", json!(""))),
        ("a path for a key", with_header("kid", json!("../../dev/null"))),
        ("no signature", unsigned(&good).to_owned()),
        ("no signature and no dot", format!("{head}.{body}")),
        ("a shorter signature", good[..good.len() - 2].to_owned()),
        ("another account's claims", format!("{head}.{forged}.{signature}")),
        ("another header", format!("{}.{rest}", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#))),
        ("an additional part", format!("{good}.{signature}")),
        ("white space", format!(" {good}")),
        ("a line break", format!("{good}\n")),
        // 3.8, 3.9: from our issuer, for our audience, with a subject.
        ("another issuer", with_claim("iss", json!("https://viva.example"))),
        ("no issuer", with_claim("iss", Value::Null)),
        ("another audience", with_claim("aud", json!("viva-web"))),
        ("no audience", with_claim("aud", Value::Null)),
        ("several audiences", with_claim("aud", json!(["viva", "others"]))),
        ("no subject", with_claim("sub", Value::Null)),
        ("a subject that is not a number", with_claim("sub", json!("ada"))),
        ("a subject that is not written as text", with_claim("sub", json!(7))),
        ("no session", with_claim("sid", Value::Null)),
        // 3.10: links in the header are not followed, so the key stays unknown.
        (
            "a key inside the token",
            signed(
                &with(
                    header(),
                    "jwk",
                    json!({"kty": "oct", "k": URL_SAFE_NO_PAD.encode("theirs")}),
                ),
                &claims(),
                b"theirs",
            ),
        ),
        (
            "a key behind an address",
            signed(&with(header(), "jku", json!("http://127.0.0.1:9/keys")), &claims(), b"theirs"),
        ),
        (
            "a certificate behind an address",
            signed(&with(header(), "x5u", json!("http://127.0.0.1:9/x")), &claims(), b"theirs"),
        ),
        // 3.11: of the right type.
        ("another type", with_header("typ", json!("JWT"))),
        ("no type", with_header("typ", Value::Null)),
        ("a refresh token", refresh_token::generate().secret),
        // RFC 7515, 4.1.11: critical headers that are not understood.
        ("a critical header", with_header("crit", json!(["exp"]))),
        ("an empty list of critical headers", with_header("crit", json!([]))),
        // Times.
        ("issued in the future", with_claim("iat", json!(late))),
        ("not valid yet", with_claim("nbf", json!(late))),
        ("no end", with_claim("exp", Value::Null)),
        ("an end that is not a number", with_claim("exp", json!("never"))),
        ("an end out of range", with_claim("exp", json!(1e300))),
        ("no beginning", with_claim("iat", Value::Null)),
        // Texts that are not tokens.
        ("8 KB", with_claim("more", json!("x".repeat(8192)))),
        ("nothing", String::new()),
        ("dots", "..".to_owned()),
        ("words", "not.a.token".to_owned()),
    ];
    for (name, token) in cases {
        assert_eq!(tokens.verify(&token, NOW), Err(TokenFault::Invalid), "{name}: {token}");
    }
}

#[test]
fn links_in_the_header_of_a_valid_token_are_ignored() {
    for (member, value) in [
        ("jku", json!("http://127.0.0.1:9/keys")),
        ("x5u", json!("http://127.0.0.1:9/x")),
        ("jwk", json!({"kty": "oct", "k": "dGhlaXJz"})),
    ] {
        let token = ours(&with(header(), member, value), &claims());
        assert_eq!(tokens("ours").verify(&token, NOW), Ok(CALLER), "{member}");
    }
}

#[test]
fn a_token_expires_to_the_second_and_may_be_issued_a_minute_ahead() {
    let tokens = tokens("ours");
    let token = tokens.sign(CALLER, NOW).unwrap();
    let after = |seconds| NOW.after(Duration::from_secs(seconds));
    assert_eq!(tokens.verify(&token.token, after(59)), Ok(CALLER));
    assert_eq!(token.expires_at, after(60));
    assert_eq!(tokens.verify(&token.token, after(60)), Err(TokenFault::Expired));
    for claim in ["iat", "nbf"] {
        let early = with(claims(), claim, json!(NOW.seconds() + 60));
        assert_eq!(tokens.verify(&ours(&header(), &early), NOW), Ok(CALLER), "{claim}");
    }
}

#[test]
fn a_token_of_another_key_is_invalid_even_when_expired() {
    let token = tokens("theirs").sign(CALLER, NOW).unwrap();
    assert_eq!(tokens("ours").verify(&token.token, token.expires_at), Err(TokenFault::Invalid));
}

#[test]
fn a_token_names_its_key_by_id() {
    let token = tokens("ours").sign(CALLER, NOW).unwrap().token;
    let said = decode_header(&token).unwrap();
    assert_eq!((said.kid, said.typ), (Some(key("ours").id()), Some(KIND.to_owned())));
}

#[test]
fn tokens_of_a_previous_key_are_accepted_while_it_is_on_the_ring() {
    let before = tokens("old").sign(CALLER, NOW).unwrap().token;
    let ring = Keyring { current: key("new"), previous: vec![key("older"), key("old")] };
    let rotated = AccessTokens::new(&ring, LIFETIME);
    assert_eq!(rotated.verify(&before, NOW), Ok(CALLER));
    let after = rotated.sign(CALLER, NOW).unwrap().token;
    assert_eq!(tokens("new").verify(&after, NOW), Ok(CALLER), "the new key signs");
    assert_eq!(tokens("old").verify(&after, NOW), Err(TokenFault::Invalid));
    assert_eq!(tokens("new").verify(&before, NOW), Err(TokenFault::Invalid), "it is off the ring");
}

#[test]
fn a_token_without_a_key_id_is_accepted_only_from_the_current_key() {
    let nameless =
        |secret: &str| signed(&with(header(), "kid", Value::Null), &claims(), key(secret).bytes());
    let ring = Keyring { current: key("ours"), previous: vec![key("old")] };
    let tokens = AccessTokens::new(&ring, LIFETIME);
    assert_eq!(tokens.verify(&nameless("ours"), NOW), Ok(CALLER));
    assert_eq!(tokens.verify(&nameless("old"), NOW), Err(TokenFault::Invalid));
}
