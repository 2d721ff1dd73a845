//! Credentials: passwords, access tokens, refresh tokens, API keys, signing keys, and the keys by
//! which attempts are counted. The services decide what a credential allows.

pub mod access_token;
pub mod api_key;
mod hs256;
pub mod password;
pub mod refresh_token;
pub mod signing_key;
pub mod throttle;
