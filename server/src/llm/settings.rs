//! The client's settings, and what can be wrong with them.

use std::{fmt, num::NonZeroU32, time::Duration};

use reqwest::Url;
use secrecy::SecretString;

/// Where the language model is and how it is called.
#[derive(Clone)]
pub struct LlmSettings {
    /// The full address of the chat-completions endpoint (`LLM_API_URL`).
    pub url: String,
    /// The key, if the endpoint requires one (`LLM_API_KEY`).
    pub key: Option<SecretString>,
    /// The model's name at the endpoint (`LLM_MODEL`).
    pub model: String,
    /// How long one call may take, from sending to the last byte (`LLM_TIMEOUT_SECONDS`).
    pub timeout: Duration,
    /// The most simultaneous calls; 0 counts as 1.
    pub concurrency: usize,
    /// The most calls per minute; `None`: unlimited.
    pub requests_per_minute: Option<NonZeroU32>,
}

impl fmt::Debug for LlmSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Some endpoints take a key in the address's query, so only the host and port are shown.
        let address = Url::parse(&self.url).map(|url| host_and_port(&url)).unwrap_or_default();
        f.debug_struct("LlmSettings")
            .field("url", &address)
            .field("key", &self.key.as_ref().map(|_| "***"))
            .field("model", &self.model)
            .field("timeout", &self.timeout)
            .field("concurrency", &self.concurrency)
            .field("requests_per_minute", &self.requests_per_minute)
            .finish()
    }
}

/// Why there is no client. Each error names the setting and what it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// The address cannot be called.
    #[error("LLM_API_URL must be {0}")]
    Url(String),
    /// The key cannot be sent. It is not repeated.
    #[error("LLM_API_KEY must be one line of ASCII characters, without spaces at its ends")]
    Key,
    /// There is no model name.
    #[error("LLM_MODEL must be the name of a model at LLM_API_URL")]
    Model,
    /// The machine cannot make encrypted connections.
    #[error(
        "LLM_API_URL begins with https, but this machine has no certificates to check it by ({0}); \
         install its ca-certificates"
    )]
    Tls(String),
}

/// Whether an address can be that of a language model. If not, the error says what is expected, in
/// words that follow "it must be".
pub fn check_url(url: &str) -> Result<(), String> {
    parse_url(url).map(|_| ())
}

pub(super) fn parse_url(url: &str) -> Result<Url, String> {
    let right = "an address such as http://localhost:11434/v1/chat/completions";
    // A password that was not escaped ends the host early, and the rest of it would be called and
    // printed.
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    if rest.find(['/', '?', '#', '\\']).is_some_and(|end| rest[end..].contains('@')) {
        return Err(
            "an address without a user name or password, and with any @ written as %40; a key \
             belongs in LLM_API_KEY"
                .to_owned(),
        );
    }
    let url = Url::parse(url).map_err(|_| right.to_owned())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(right.to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "an address without a user name or password; a key belongs in LLM_API_KEY".to_owned()
        );
    }
    Ok(url)
}

/// The part of an address that people and logs may see: the path and the query may contain secrets.
pub(super) fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_http_with_a_host_and_without_a_password() {
        for good in [
            "http://localhost:11434/v1/chat/completions",
            "https://api.example.com/v1/chat/completions?api-version=1",
            "http://[::1]:8080/v1",
        ] {
            assert_eq!(check_url(good), Ok(()), "{good}");
        }
        for bad in ["", "localhost:11434", "ftp://example.com/", "http://", "/v1", "file:///etc"] {
            let right = check_url(bad).unwrap_err();
            assert!(right.contains("http://localhost:11434/v1/chat/completions"), "{bad}: {right}");
        }
        for bad in [
            "http://ada:secret@example.com/",
            "https://ada@example.com/v1",
            "https://ada:1/secret@example.com/v1",
            "https://ada:1?secret@example.com/v1",
            "https://ada:1#secret@example.com/v1",
        ] {
            let right = check_url(bad).unwrap_err();
            assert!(right.contains("LLM_API_KEY") && !right.contains("ada"), "{right}");
        }
    }

    #[test]
    fn neither_the_key_nor_the_query_is_in_the_debug_form() {
        let settings = LlmSettings {
            url: "https://example.com/v1?key=hush-1".to_owned(),
            key: Some("hush-2".into()),
            model: "m".to_owned(),
            timeout: Duration::from_mins(1),
            concurrency: 1,
            requests_per_minute: None,
        };
        let text = format!("{settings:?}");
        assert!(text.contains("example.com:443") && !text.contains("hush"), "{text}");
    }
}
