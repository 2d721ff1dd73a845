//! What is forwarded from a browser's request to the server. The page's cookies never are.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use tonic::metadata::MetadataMap;
use viva_runtime::request_id;

/// The headers that a call may send to the server. The rest stay between browser and gateway.
pub(crate) const ALLOWED: [HeaderName; 5] = [
    header::AUTHORIZATION,
    HeaderName::from_static("grpc-timeout"),
    request_id::HEADER,
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("tracestate"),
];

/// The addresses that the call came through, one for each hop.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address that a connection comes from; `None` means from inside this process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) Option<SocketAddr>);

/// The headers to forward, with the browser's name (to tell sessions apart), the peer's address as
/// the last hop, and an id that identifies the call in both logs.
pub(crate) fn headers(from: &HeaderMap, peer: Peer) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in ALLOWED {
        if let Some(value) = from.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    if let Some(browser) = from.get(header::USER_AGENT) {
        headers.insert(header::USER_AGENT, browser.clone());
    }
    headers.insert(request_id::HEADER, request_id::of(from));
    if let Some(chain) = forwarded_for(from, peer) {
        headers.insert(FORWARDED_FOR, chain);
    }
    headers
}

/// The same for a call that the gateway makes itself on a browser's behalf.
pub(crate) fn metadata(from: &HeaderMap, peer: Peer) -> MetadataMap {
    MetadataMap::from_headers(headers(from, peer))
}

fn forwarded_for(from: &HeaderMap, peer: Peer) -> Option<HeaderValue> {
    let values = from.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    let peer = peer.0.map(|peer| canonical(peer.ip()).to_string());
    let chain: Vec<String> = values.map(ToOwned::to_owned).chain(peer).collect();
    HeaderValue::from_str(&chain.join(", ")).ok().filter(|chain| !chain.is_empty())
}

/// An IPv4 address as such, even if it arrived through a dual-stack socket.
fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_and_deadlines_are_forwarded_and_cookies_are_not() {
        let mut from = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer x"),
            ("grpc-timeout", "1S"),
            ("cookie", "viva_refresh=secret"),
            ("x-request-id", "mine"),
            ("x-forwarded-for", "203.0.113.9"),
            ("x-secret", "y"),
        ] {
            from.insert(name, HeaderValue::from_static(value));
        }
        let peer = Peer(Some("[::ffff:192.0.2.1]:4".parse().unwrap()));
        let headers = headers(&from, peer);
        assert_eq!(headers["authorization"], "Bearer x");
        assert_eq!(headers["grpc-timeout"], "1S");
        assert_eq!(headers["x-request-id"], "mine");
        assert_eq!(headers["x-forwarded-for"], "203.0.113.9, 192.0.2.1");
        assert_eq!(headers.len(), 4, "{headers:?}");
    }

    #[test]
    fn every_call_has_an_id() {
        assert!(!headers(&HeaderMap::new(), Peer(None))["x-request-id"].is_empty());
    }
}
