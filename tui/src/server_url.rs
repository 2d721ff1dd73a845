//! The address of a remote server: parsed once, so that a value is always valid for dialling.

use std::{
    fmt,
    net::IpAddr,
    path::{Path, PathBuf},
    str::FromStr,
};

use http::{Uri, uri::Scheme};

use crate::local;

/// An `http` or `https` address without path or query, with the certificate authorities to trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerUrl {
    uri: Uri,
    authorities: Option<PathBuf>,
}

/// A text is not the address of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not an http or https address")]
pub(crate) struct NotAServer;

impl ServerUrl {
    /// The address to dial.
    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Whether data sent there leaves this machine as plain text.
    pub(crate) fn is_exposed(&self) -> bool {
        let host = self.uri.host().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let is_here = match bare.parse::<IpAddr>() {
            Ok(address) => address.to_canonical().is_loopback(),
            Err(_) => bare == "localhost" || bare.ends_with(".localhost"),
        };
        self.uri.scheme() == Some(&Scheme::HTTP) && !is_here
    }

    /// The same server, trusting only the authorities in this file.
    pub(crate) fn trusting(self, authorities: Option<PathBuf>) -> Self {
        Self { authorities, ..self }
    }

    /// The file of the authorities, as PEM; `None` means the public ones.
    pub(crate) fn authorities(&self) -> Option<&Path> {
        self.authorities.as_deref()
    }

    /// Host and port, as shown to the user.
    pub(crate) fn label(&self) -> &str {
        // Parsing has checked that there is an authority.
        self.uri.authority().map_or("", |authority| authority.as_str())
    }

    /// The address as a file name; different addresses have different names.
    pub(crate) fn file_stem(&self) -> String {
        let scheme = self.uri.scheme_str().unwrap_or_default();
        // Only these characters of an authority are harmless in a file name; escaping keeps the
        // others distinct.
        let escape = |c: char| match c {
            'a'..='z' | '0'..='9' | '.' | '-' => c.to_string(),
            other => format!("_{:x}", u32::from(other)),
        };
        let host: String = self.label().chars().map(escape).collect();
        format!("{scheme}_{host}")
    }
}

impl FromStr for ServerUrl {
    type Err = NotAServer;

    fn from_str(text: &str) -> Result<Self, NotAServer> {
        let uri: Uri = text.trim().to_lowercase().parse().map_err(|_| NotAServer)?;
        let web = uri.scheme() == Some(&Scheme::HTTP) || uri.scheme() == Some(&Scheme::HTTPS);
        let bare = matches!(uri.path(), "" | "/") && uri.query().is_none();
        let plain = uri.authority().is_some_and(|a| !a.as_str().contains('@'))
            && local::has_sound_port(&uri);
        if web && bare && plain { Ok(Self { uri, authorities: None }) } else { Err(NotAServer) }
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.uri.scheme_str().unwrap_or_default(), self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_without_path_are_servers() {
        let url: ServerUrl = "HTTPS://Viva.example.org:8443/".parse().unwrap();
        assert_eq!(url.to_string(), "https://viva.example.org:8443");
        assert_eq!(url.label(), "viva.example.org:8443");
        for wrong in
            ["", "viva", "ftp://viva", "https://", "https://a/b", "https://u:p@a", "https://u:p"]
        {
            assert_eq!(wrong.parse::<ServerUrl>(), Err(NotAServer), "{wrong}");
        }
    }

    #[test]
    fn data_sent_to_another_machine_without_tls_is_exposed() {
        for (text, exposed) in [
            ("http://viva.example.org", true),
            ("http://192.0.2.7:50051", true),
            ("http://[2001:db8::1]:50051", true),
            ("http://localhost.example.org", true),
            ("http://127.0.0.1.example.org", true),
            ("http://0.0.0.0:50051", true),
            ("https://viva.example.org", false),
            ("http://localhost:50051", false),
            ("http://viva.localhost", false),
            ("http://127.0.0.1:50051", false),
            ("http://127.8.9.10", false),
            ("http://[::1]:50051", false),
            ("http://[::ffff:127.0.0.1]:50051", false),
        ] {
            assert_eq!(text.parse::<ServerUrl>().unwrap().is_exposed(), exposed, "{text}");
        }
    }

    #[test]
    fn a_file_name_contains_no_path_separators() {
        let url: ServerUrl = "http://[::1]:50051".parse().unwrap();
        assert_eq!(url.file_stem(), "http__5b_3a_3a1_5d_3a50051");
    }
}
