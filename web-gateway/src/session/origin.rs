//! Whether a request comes from the gateway's own page.

use http::{HeaderName, header, request::Parts, uri::Authority};

use crate::hosts;

/// The header in which a browser says how a request's site relates to the page's.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The page that a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    /// Whether the browser loaded it over TLS, or should use only TLS.
    pub(super) is_secure: bool,
    /// The port in its address, unless it is the scheme's default.
    pub(super) port: Option<u16>,
}

/// The origin and the host of a request that may be the page's own although they differ: a proxy on the way has
/// replaced the browser's host. Over plain HTTP, browsers do not say which site a request comes from.
pub(super) fn changed_on_the_way(head: &Parts) -> Option<(String, String)> {
    let says_own = match head.headers.get(FETCH_SITE) {
        Some(site) => site == "same-origin",
        None => head.headers.get(header::ORIGIN)?.as_bytes().starts_with(b"http://"),
    };
    let origin = head.headers.get(header::ORIGIN)?.to_str().ok()?;
    let host = hosts::of(head)?;
    let differs = origin.split_once("://").is_some_and(|(_, origin)| origin != host.as_str());
    (says_own && differs).then(|| (origin.to_owned(), host.to_string()))
}

/// The gateway's own page; `None` if the request comes from another site, or does not say.
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
    fn the_pages_own_origin_is_accepted() {
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
        assert_eq!(page(&far, false), Some(true), "its cookie is for TLS only");
    }

    #[test]
    fn a_host_that_a_proxy_has_changed_is_distinguished_from_another_site() {
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
        let (plain, null) = (("origin", "http://viva.lan"), ("origin", "null"));
        assert!(changed(&[host, plain]).is_some(), "browsers do not say more over plain HTTP");
        assert_eq!(changed(&[host, plain, ("sec-fetch-site", "cross-site")]), None);
        assert_eq!(changed(&[host, null]), None);
        assert_eq!(changed(&[host, ("origin", "http://127.0.0.1:8080"), own]), None);
    }

    #[test]
    fn another_origin_is_refused_and_so_is_a_request_that_does_not_say() {
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
