//! Access tokens: short-lived JWTs that name an account and a session. Only the store knows whether
//! the session is still open.

use std::time::Duration;

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use serde::{Deserialize, Serialize};

use super::{hs256, signing_key::Keyring};
use crate::domain::{
    account::Caller,
    clock::Timestamp,
    id::{SessionId, UserId},
};

const ISSUER: &str = "viva";
const AUDIENCE: &str = "viva";

/// The header's `typ`, which distinguishes an access token from any other token signed with the
/// same key (RFC 9068, section 2.1).
const KIND: &str = "at+jwt";

/// More bytes than any token that this server signs; a longer one is not decoded.
const MAX_BYTES: usize = 2048;

/// How many seconds the clock of another process may be ahead. A token's end has no such tolerance:
/// a token that has expired by the verifier's clock is simply renewed.
const CLOCKS_DIFFER: i64 = 60;

/// Signs and verifies access tokens.
pub struct AccessTokens {
    signing: EncodingKey,
    header: Header,
    /// The keys with their ids, as in the headers of tokens; the one that signs comes first.
    verifying: Vec<(String, DecodingKey)>,
    validation: Validation,
    lifetime: Duration,
}

/// A signed token and its expiry.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// The token, for the `authorization` metadata.
    pub token: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// What is wrong with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// It was valid, but has expired.
    Expired,
    /// It is not a token of this server.
    Invalid,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: i64,
    iat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    exp: i64,
}

impl AccessTokens {
    /// Signs and verifies with these keys tokens that work for `lifetime`.
    pub fn new(keys: impl Into<Keyring>, lifetime: Duration) -> Self {
        hs256::install();
        let keys = keys.into();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library would read the machine's clock; `verify` checks it by `now`.
        validation.validate_exp = false;
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(KIND.to_owned());
        header.kid = Some(keys.current.id());
        let all = std::iter::once(&keys.current).chain(&keys.previous);
        let verifying = all.map(|key| (key.id(), DecodingKey::from_secret(key.bytes()))).collect();
        let signing = EncodingKey::from_secret(keys.current.bytes());
        Self { signing, header, verifying, validation, lifetime }
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
            nbf: None,
            exp: expires_at.seconds(),
        };
        let token = encode(&self.header, &claims, &self.signing)?;
        Ok(AccessToken { token, expires_at })
    }

    /// Returns the caller that the token names, if this server signed it and it has not expired.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Caller, TokenFault> {
        let claims = self.believed(token).ok_or(TokenFault::Invalid)?;
        let latest = now.seconds().saturating_add(CLOCKS_DIFFER);
        if claims.iat > latest || claims.nbf.is_some_and(|nbf| nbf > latest) {
            return Err(TokenFault::Invalid);
        }
        let user_id = claims.sub.parse().map_err(|_| TokenFault::Invalid)?;
        if claims.exp <= now.seconds() {
            return Err(TokenFault::Expired);
        }
        Ok(Caller { user_id: UserId::new(user_id), session_id: SessionId::new(claims.sid) })
    }

    /// Returns the claims of a token that one of the keys has signed, even if it has expired.
    fn believed(&self, token: &str) -> Option<Claims> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let header = decode_header(token).ok()?;
        // A critical header that is not understood must be refused (RFC 7515, 4.1.11).
        if header.typ.as_deref() != Some(KIND) || header.crit.is_some() {
            return None;
        }
        let key = match header.kid {
            Some(id) => self.verifying.iter().find(|(known, _)| *known == id),
            // Signed before keys had ids.
            None => self.verifying.first(),
        };
        let data = decode::<Claims>(token, &key?.1, &self.validation).ok()?;
        Some(data.claims)
    }
}

#[cfg(test)]
mod tests;
