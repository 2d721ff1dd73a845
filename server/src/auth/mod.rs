//! Credentials: passwords, access tokens, refresh tokens, API keys, the keys that sign, and by what
//! tries are counted. Who may do what
//! with them is the services'.

pub mod access_token;
pub mod api_key;
mod hs256;
pub mod password;
pub mod refresh_token;
pub mod signing_key;
pub mod throttle;
