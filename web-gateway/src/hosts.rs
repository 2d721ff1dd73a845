//! The host names that the gateway answers to. Another site can point one of its own names at this
//! machine (DNS rebinding), and its page would then share the gateway's origin. So on the loopback
//! address only the machine's own names are accepted, and anywhere those that are configured.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header, uri::Authority};

use crate::gateway::Gateway;

/// A machine's names for itself.
const OWN: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The accepted names.
#[derive(Debug, Clone)]
pub(crate) struct Hosts {
    listed: Vec<String>,
    is_loopback: bool,
}

impl Hosts {
    /// The listed names, plus the machine's own if it listens on the loopback address.
    pub(crate) fn new(listed: &[String], is_loopback: bool) -> Self {
        let listed = listed.iter().map(|name| name.to_ascii_lowercase()).collect();
        Self { listed, is_loopback }
    }

    fn include(&self, host: &Authority) -> bool {
        let name = host.host().to_ascii_lowercase();
        let is_own = OWN.contains(&name.as_str());
        let is_listed =
            self.listed.iter().any(|listed| *listed == name || *listed == host.as_str());
        match (self.is_loopback, self.listed.is_empty()) {
            (true, _) => is_own || is_listed,
            // No names are configured, so any name is accepted.
            (false, true) => true,
            (false, false) => is_listed,
        }
    }
}

/// The host that a request is for, with its port; `None` if it names no host, or two that differ.
pub(crate) fn of(request: &http::request::Parts) -> Option<Authority> {
    let mut named = request.headers.get_all(header::HOST).iter();
    let header = match (named.next(), named.next()) {
        (None, _) => None,
        (Some(host), None) => Some(Authority::try_from(host.as_bytes()).ok()?),
        (Some(_), Some(_)) => return None,
    };
    let host = match (request.uri.authority(), header) {
        (Some(uri), Some(header)) if *uri != header => return None,
        (Some(uri), _) => uri.clone(),
        (None, header) => header?,
    };
    (!host.as_str().contains('@')).then_some(host)
}

/// Whether a host is one of this machine's own names.
pub(crate) fn is_own(host: &Authority) -> bool {
    OWN.contains(&host.host().to_ascii_lowercase().as_str())
}

/// Lets through requests for one of the names. `/healthz` reveals nothing private, and health
/// checks use addresses, so it is always allowed.
pub(crate) async fn guard(
    State(gateway): State<Gateway>,
    request: Request,
    next: Next,
) -> Response {
    let (head, body) = request.into_parts();
    let is_ours = of(&head).is_some_and(|host| gateway.hosts.include(&host));
    if !is_ours && head.uri.path() != "/healthz" {
        let words = "This gateway does not answer to this host name. Its operator can add it to VIVA_WEB_HOSTS.\n";
        return (StatusCode::FORBIDDEN, words).into_response();
    }
    next.run(Request::from_parts(head, body)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &'static str) -> Authority {
        Authority::from_static(text)
    }

    #[test]
    fn on_the_loopback_address_only_the_machines_own_and_listed_names_count() {
        let hosts = Hosts::new(&["Viva.example".into()], true);
        for good in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST", "viva.example"]
        {
            assert!(hosts.include(&host(good)), "{good}");
        }
        for bad in ["evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "0"] {
            assert!(!hosts.include(&host(bad)), "{bad}");
        }
    }

    #[test]
    fn elsewhere_only_listed_names_count_if_any_are_listed() {
        assert!(Hosts::new(&[], false).include(&host("viva.example")));
        let hosts = Hosts::new(&["viva.example".into()], false);
        assert!(hosts.include(&host("viva.example:443")));
        assert!(!hosts.include(&host("evil.example")));
    }

    #[test]
    fn a_request_has_one_host_or_none() {
        let head = |uri: &str, hosts: &[&str]| {
            let mut request = http::Request::builder().uri(uri);
            for host in hosts {
                request = request.header("host", *host);
            }
            of(&request.body(()).unwrap().into_parts().0).map(|host| host.to_string())
        };
        assert_eq!(head("/", &["a:1"]).as_deref(), Some("a:1"));
        assert_eq!(head("http://a:1/", &[]).as_deref(), Some("a:1"));
        assert_eq!(head("http://a:1/", &["b"]), None);
        assert_eq!(head("/", &["a", "b"]), None);
        assert_eq!(head("/", &["u@a"]), None);
        assert_eq!(head("/", &[]), None);
    }
}
