//! Access tokens: short-lived JWTs that name an account and a session. Whether the session still
//! lives, only the store can tell.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use super::{hs256, signing_key::SigningKey};
use crate::domain::{
    account::Caller,
    clock::Timestamp,
    id::{SessionId, UserId},
};

const ISSUER: &str = "viva";
const AUDIENCE: &str = "viva";

/// The header's `typ`, which tells an access token from any other token under the same key
/// (RFC 9068, section 2.1).
const KIND: &str = "at+jwt";

/// Longer than any token that this server signs; a longer one is not looked at.
const MAX_BYTES: usize = 2048;

/// Signs and verifies access tokens.
pub struct AccessTokens {
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    lifetime: Duration,
}

/// A signed token and the moment it stops working.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// For the authorization metadata.
    pub token: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// What is wrong with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// It was good, and its time has passed.
    Expired,
    /// It is not a token of ours.
    Invalid,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: i64,
    iat: i64,
    exp: i64,
}

impl AccessTokens {
    /// Tokens under that key which work for `lifetime`.
    pub fn new(key: &SigningKey, lifetime: Duration) -> Self {
        hs256::install();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library would ask the machine's clock; `verify` asks ours.
        validation.validate_exp = false;
        Self {
            signing: EncodingKey::from_secret(key.bytes()),
            verifying: DecodingKey::from_secret(key.bytes()),
            validation,
            lifetime,
        }
    }

    /// Signs a token for the caller.
    pub fn sign(
        &self,
        caller: Caller,
        now: Timestamp,
    ) -> Result<AccessToken, jsonwebtoken::errors::Error> {
        let expires_at = now.after(self.lifetime);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: caller.user_id.to_string(),
            sid: caller.session_id.get(),
            iat: now.seconds(),
            exp: expires_at.seconds(),
        };
        let header = Header { typ: Some(KIND.to_owned()), ..Header::new(Algorithm::HS256) };
        let token = encode(&header, &claims, &self.signing)?;
        Ok(AccessToken { token, expires_at })
    }

    /// Whom the token names, if it is one of ours and its time has not passed.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Caller, TokenFault> {
        if token.len() > MAX_BYTES {
            return Err(TokenFault::Invalid);
        }
        let data = decode::<Claims>(token, &self.verifying, &self.validation)
            .map_err(|_| TokenFault::Invalid)?;
        if data.header.typ.as_deref() != Some(KIND) {
            return Err(TokenFault::Invalid);
        }
        let user_id = data.claims.sub.parse().map_err(|_| TokenFault::Invalid)?;
        if data.claims.exp <= now.seconds() {
            return Err(TokenFault::Expired);
        }
        Ok(Caller { user_id: UserId::new(user_id), session_id: SessionId::new(data.claims.sid) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLER: Caller = Caller { user_id: UserId::new(7), session_id: SessionId::new(9) };
    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn tokens(secret: &str) -> AccessTokens {
        AccessTokens::new(&SigningKey::for_tests(secret), Duration::from_secs(60))
    }

    fn signed(header: &Header, claims: &serde_json::Value) -> String {
        hs256::install();
        let key = SigningKey::for_tests("ours");
        encode(header, claims, &EncodingKey::from_secret(key.bytes())).unwrap()
    }

    fn header(kind: &str) -> Header {
        Header { typ: Some(kind.to_owned()), ..Header::new(Algorithm::HS256) }
    }

    fn claims() -> serde_json::Value {
        let exp = NOW.seconds() + 60;
        serde_json::json!({
            "iss": "viva", "aud": "viva", "sub": "7", "sid": 9, "iat": NOW.seconds(), "exp": exp,
        })
    }

    #[test]
    fn a_token_names_its_caller_until_its_time_has_passed() {
        let tokens = tokens("ours");
        let token = tokens.sign(CALLER, NOW).unwrap();
        assert_eq!(tokens.verify(&token.token, NOW), Ok(CALLER));
        let last = NOW.after(Duration::from_secs(59));
        assert_eq!(tokens.verify(&token.token, last), Ok(CALLER));
        assert_eq!(tokens.verify(&token.token, token.expires_at), Err(TokenFault::Expired));
    }

    #[test]
    fn a_token_of_another_key_is_invalid_even_when_expired() {
        let token = tokens("theirs").sign(CALLER, NOW).unwrap();
        assert_eq!(tokens("ours").verify(&token.token, NOW), Err(TokenFault::Invalid));
        assert_eq!(tokens("ours").verify(&token.token, token.expires_at), Err(TokenFault::Invalid));
    }

    #[test]
    fn a_token_of_another_kind_issuer_or_audience_is_invalid() {
        let tokens = tokens("ours");
        assert_eq!(tokens.verify(&signed(&header(KIND), &claims()), NOW), Ok(CALLER));
        assert_eq!(
            tokens.verify(&signed(&header("JWT"), &claims()), NOW),
            Err(TokenFault::Invalid)
        );
        for claim in ["iss", "aud", "sub", "exp", "sid"] {
            let mut without = claims();
            without.as_object_mut().unwrap().remove(claim);
            let token = signed(&header(KIND), &without);
            assert_eq!(tokens.verify(&token, NOW), Err(TokenFault::Invalid), "{claim}");
        }
        for claim in ["iss", "aud", "sub"] {
            let mut other = claims();
            other[claim] = "somebody else".into();
            let token = signed(&header(KIND), &other);
            assert_eq!(tokens.verify(&token, NOW), Err(TokenFault::Invalid), "{claim}");
        }
    }

    #[test]
    fn no_text_at_all_is_a_token() {
        let tokens = tokens("ours");
        for text in ["", ".", "..", "not.a.token", &"a".repeat(9000)] {
            assert_eq!(tokens.verify(text, NOW), Err(TokenFault::Invalid), "{text}");
        }
    }
}
