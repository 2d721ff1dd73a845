//! Whether a request comes from the gateway's own page.

use http::{HeaderName, header, request::Parts, uri::Authority};

use crate::hosts;

/// What a browser says about where a request comes from, in addition to its origin.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The page that a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    /// Whether the browser loaded it over TLS, or should use only TLS.
    pub(super) is_secure: bool,
    /// The port in its address, unless it is the scheme's default.
    pub(super) port: Option<u16>,
}

/// The origin and the host of a request that the browser says is the page's own although the two
/// differ: a proxy on the way has replaced the browser's host.
pub(super) fn changed_on_the_way(head: &Parts) -> Option<(String, String)> {
    let says_own = head.headers.get(FETCH_SITE).is_some_and(|site| site == "same-origin");
    let origin = head.headers.get(header::ORIGIN)?.to_str().ok()?;
    let host = hosts::of(head)?;
    let differs = origin.split_once("://").is_some_and(|(_, origin)| origin != host.as_str());
    (says_own && differs).then(|| (origin.to_owned(), host.to_string()))
}

/// The gateway's own page; none if the request comes from another site, or does not say.
pub(super) fn of(head: &Parts, by_tls: bool) -> Option<Page> {
    let host = hosts::of(head)?;
    let mut origins = head.headers.get_all(header::ORIGIN).iter();
    let (Some(origin), None) = (origins.next(), origins.next()) else { return None };
    let (scheme, origin) = origin.to_str().ok()?.split_once("://")?;
    let default = match scheme {
        "https" => 443,
        "http" if !by_tls => 80,
        _ => return None,
    };
    let origin = Authority::try_from(origin).ok()?;
    let port = |of: &Authority| of.port_u16().unwrap_or(default);
    let is_own = origin.host().eq_ignore_ascii_case(host.host()) && port(&origin) == port(&host);
    let site = head.headers.get(FETCH_SITE);
    let is_same = site.is_none_or(|site| site == "same-origin");
    // Plain text from another machine means that something is in between: a proxy that speaks TLS
    // to the browser, or nothing we can trust.
    let is_secure = scheme == "https" || !hosts::is_own(&host);
    let port = Some(port(&host)).filter(|port| *port != default);
    (is_own && is_same).then_some(Page { is_secure, port })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(headers: &[(&str, &str)], by_tls: bool) -> Option<bool> {
        let mut request = http::Request::builder().uri("/session/login");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let head = request.body(()).unwrap().into_parts().0;
        of(&head, by_tls).map(|page| page.is_secure)
    }

    #[test]
    fn the_pages_own_origin_is_let_in() {
        let here = [("host", "localhost:8080"), ("origin", "http://localhost:8080")];
        assert_eq!(page(&here, false), Some(false));
        let same = [here[0], here[1], ("sec-fetch-site", "same-origin")];
        assert_eq!(page(&same, false), Some(false));
        let far = [("host", "viva.example"), ("origin", "https://viva.example")];
        assert_eq!(page(&far, false), Some(true));
        assert_eq!(page(&far, true), Some(true));
        let far = [("host", "viva.example:443"), ("origin", "https://viva.example")];
        assert_eq!(page(&far, true), Some(true));
        let far = [("host", "viva.example"), ("origin", "http://viva.example")];
        assert_eq!(page(&far, false), Some(true), "its cookie is for TLS alone");
    }

    #[test]
    fn a_host_that_a_proxy_has_changed_is_told_from_another_site() {
        let changed = |headers: &[(&str, &str)]| {
            let mut request = http::Request::builder().uri("/session/login");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            changed_on_the_way(&request.body(()).unwrap().into_parts().0)
        };
        let (host, origin) = (("host", "127.0.0.1:8080"), ("origin", "https://viva.example"));
        let own = ("sec-fetch-site", "same-origin");
        let both = ("https://viva.example".to_owned(), "127.0.0.1:8080".to_owned());
        assert_eq!(changed(&[host, origin, own]), Some(both));
        assert_eq!(changed(&[host, origin, ("sec-fetch-site", "cross-site")]), None);
        assert_eq!(changed(&[host, origin]), None);
        assert_eq!(changed(&[host, ("origin", "http://127.0.0.1:8080"), own]), None);
    }

    #[test]
    fn another_origin_is_not_and_neither_is_a_request_that_does_not_say() {
        let host = ("host", "localhost:8080");
        for origin in [
            "http://evil.example",
            "http://localhost",
            "http://localhost:8081",
            "https://localhost",
            "http://localhost:8080.evil.example",
            "http://localhost:8080@evil.example",
            "null",
            "",
        ] {
            assert_eq!(page(&[host, ("origin", origin)], false), None, "{origin}");
        }
        assert_eq!(page(&[host], false), None);
        let twice = [host, ("origin", "http://localhost:8080"), ("origin", "http://evil.example")];
        assert_eq!(page(&twice, false), None);
        for site in ["cross-site", "same-site", "none"] {
            let said = [host, ("origin", "http://localhost:8080"), ("sec-fetch-site", site)];
            assert_eq!(page(&said, false), None, "{site}");
        }
        assert_eq!(page(&[host, ("origin", "http://localhost:8080")], true), None);
    }
}
