//! How connections are made, and what is sent on each of them.

use std::time::Duration;

use reqwest::{Client, Url, header::HeaderValue, redirect};
use secrecy::{ExposeSecret, SecretString};

use super::{SetupError, transport};

/// How long opening a connection may take, within the deadline of the whole call.
const LONGEST_CONNECT: Duration = Duration::from_secs(10);

/// How long an idle connection is kept. Servers commonly close theirs after a minute or so, and a
/// request sent just then is lost.
const IDLE: Duration = Duration::from_secs(30);

/// The header that carries the key, marked as sensitive so that nothing prints it.
pub(super) fn authorization(key: &SecretString) -> Result<HeaderValue, SetupError> {
    let key = key.expose_secret();
    // A header allows other characters too, but no endpoint accepts them: they are copying
    // mistakes.
    if key.trim() != key || !key.is_ascii() {
        return Err(SetupError::Key);
    }
    let value = HeaderValue::from_str(&format!("Bearer {key}"));
    let mut value = value.map_err(|_| SetupError::Key)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The HTTP client for an address.
pub(super) fn http_client(url: &Url, timeout: Duration) -> Result<Client, SetupError> {
    // An error means that it is already installed, and the program has no other.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut client = Client::builder()
        .user_agent(concat!("viva/", env!("CARGO_PKG_VERSION")))
        // Only the configured address is called: a proxy or a redirect would carry the key and the
        // answer elsewhere.
        .no_proxy()
        .redirect(redirect::Policy::none())
        .connect_timeout(LONGEST_CONNECT.min(timeout))
        .pool_idle_timeout(IDLE);
    if url.scheme() == "http" {
        // No certificate is ever checked then, so the machine need not have any.
        client = client.tls_certs_only([]);
    }
    client.build().map_err(|error| SetupError::Tls(transport::root_cause(&error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_with_the_key_is_marked_so_that_nothing_prints_it() {
        let header = authorization(&"sk-hush".into()).unwrap();
        assert_eq!(header.as_bytes(), b"Bearer sk-hush");
        assert!(header.is_sensitive() && !format!("{header:?}").contains("hush"));
    }
}
