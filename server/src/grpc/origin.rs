//! Where a call comes from: its peer's address, or the address that a trusted proxy names. A call
//! over a pipe in memory has no address.

use std::net::{IpAddr, SocketAddr};

use http::{Extensions, HeaderMap};
use tonic::{
    Request,
    transport::server::{TcpConnectInfo, TlsConnectInfo},
};

use crate::domain::origin::{Network, Origin};

/// The header to which each proxy appends the address that has connected to it.
const FORWARDED: &str = "x-forwarded-for";

/// The origin of a call, as found by the layer of limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct CallOrigin(pub(super) Option<Origin>);

/// Returns where a handler's call comes from.
pub(super) fn of<T>(request: &Request<T>) -> Option<Origin> {
    request.extensions().get::<CallOrigin>().and_then(|origin| origin.0)
}

/// Returns where a call with these extensions (its peer) and headers comes from.
pub(super) fn find(
    extensions: &Extensions,
    headers: &HeaderMap,
    trusted: &[Network],
) -> Option<Origin> {
    peer(extensions).map(|peer| Origin::of(behind(peer, headers, trusted)))
}

/// Returns the peer if it claims to be a proxy and is not trusted.
pub(super) fn ignored(
    extensions: &Extensions,
    headers: &HeaderMap,
    trusted: &[Network],
) -> Option<IpAddr> {
    let peer = headers.contains_key(FORWARDED).then(|| peer(extensions)).flatten()?;
    (!trusted.iter().any(|network| network.contains(peer))).then_some(peer)
}

fn peer(extensions: &Extensions) -> Option<IpAddr> {
    let tls = || extensions.get::<TlsConnectInfo<TcpConnectInfo>>().map(TlsConnectInfo::get_ref);
    let info = extensions.get::<TcpConnectInfo>().or_else(tls)?;
    info.remote_addr().map(|address| address.ip())
}

/// Returns the last address in the header that is not a trusted proxy's: the client there may have
/// made up everything before it.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address| trusted.iter().any(|network| network.contains(address));
    let mut nearest = peer;
    let values = headers.get_all(FORWARDED).iter().rev();
    let mut way = values.flat_map(|value| value.to_str().unwrap_or("?").rsplit(','));
    while is_trusted(nearest) {
        // Anything else is from a proxy that hides its callers; they then count as the proxy.
        let Some(next) = way.next().and_then(|text| address(text.trim())) else { break };
        nearest = next;
    }
    nearest
}

/// Parses an address as proxies write it: some add a port, and some write IPv6 in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED, value.parse().unwrap());
        }
        let trusted: Vec<_> = trusted.iter().map(|text| Network::parse(text).unwrap()).collect();
        behind(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let anybody = "198.51.100.9";
        assert_eq!(found(anybody, &["203.0.113.1"], &[]), anybody);
        assert_eq!(found(anybody, &["203.0.113.1"], &["10.0.0.0/8"]), anybody);
        assert_eq!(found("10.0.0.1", &["203.0.113.1"], &["10.0.0.0/8"]), "203.0.113.1");
        assert_eq!(found("10.0.0.1", &[], &["10.0.0.0/8"]), "10.0.0.1");
    }

    #[test]
    fn the_last_address_that_is_not_a_trusted_proxys_counts() {
        let proxies = ["10.0.0.0/8", "fd00::/8"];
        for (forwarded, origin) in [
            (&["1.2.3.4, 203.0.113.1"][..], "203.0.113.1"),
            (&["1.2.3.4, 203.0.113.1, 10.0.0.7"], "203.0.113.1"),
            (&["1.2.3.4", "203.0.113.1", "10.0.0.7"], "203.0.113.1"),
            (&["203.0.113.1:4711"], "203.0.113.1"),
            (&["[2001:db8::1]:4711"], "2001:db8::1"),
            (&["[2001:db8::1]"], "2001:db8::1"),
            (&["2001:db8::1,fd00::7"], "2001:db8::1"),
            (&["::ffff:10.0.0.7"], "::ffff:10.0.0.7"),
            // All of them are trusted: a call from inside the network.
            (&["10.0.0.9, 10.0.0.7"], "10.0.0.9"),
        ] {
            assert_eq!(found("10.0.0.1", forwarded, &proxies), origin, "{forwarded:?}");
        }
    }

    #[test]
    fn an_invalid_address_ends_the_search() {
        for forwarded in ["unknown", "", "203.0.113.1, _hidden", "203.0.113.1, ", "1.2.3.4 x"] {
            assert_eq!(found("10.0.0.1", &[forwarded], &["10.0.0.0/8"]), "10.0.0.1", "{forwarded}");
        }
    }
}
