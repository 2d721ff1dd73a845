//! Where calls come from: client addresses, grouped for counting, and networks.

use std::{fmt, net::IpAddr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// The bits of an IPv6 address that identify a subscriber, who chooses the rest.
const SUBSCRIBER_BITS: u8 = 64;

/// The prefix lengths of the networks that are counted together when there are too many origins.
const AREA_BITS_V4: u8 = 16;
const AREA_BITS_V6: u8 = 48;

/// The length of the prefix that marks an IPv6 address as a mapped IPv4 address.
const MAPPED_BITS: u8 = 96;

/// Where a call comes from: an IPv4 address, or an IPv6 /64 network, because a client with one
/// address of such a network has all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Origin(IpAddr);

impl Origin {
    /// The origin of an address.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => {
                Self(Ipv6Net::new_assert(address, SUBSCRIBER_BITS).network().into())
            }
            address @ IpAddr::V4(_) => Self(address),
        }
    }

    /// The network that it is in, of the size that providers give to one customer or area.
    pub fn network(&self) -> Network {
        let bits = if self.0.is_ipv4() { AREA_BITS_V4 } else { AREA_BITS_V6 };
        Network(IpNet::new_assert(self.0, bits).trunc())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => write!(f, "{address}"),
            IpAddr::V6(network) => write!(f, "{network}/{SUBSCRIBER_BITS}"),
        }
    }
}

/// A network: an address, and how many of its first bits are the prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(IpNet);

impl Network {
    /// Reads `10.0.0.0/8`, `fd00::/8`, or a single address. An IPv4 network may be written as IPv6
    /// (`::ffff:10.0.0.0/104`), as some tools do, unless it would contain more than all of IPv4.
    pub fn parse(text: &str) -> Option<Self> {
        let single = || text.parse::<IpAddr>().ok().map(IpNet::from);
        let network = text.parse().ok().or_else(single)?;
        match network {
            IpNet::V6(v6) => match v6.addr().to_ipv4_mapped() {
                Some(v4) => {
                    let bits = v6.prefix_len().checked_sub(MAPPED_BITS)?;
                    Ipv4Net::new(v4, bits).ok().map(|v4| Self(v4.into()))
                }
                None => Some(Self(network)),
            },
            IpNet::V4(_) => Some(Self(network)),
        }
    }

    /// Whether the address is in it. An IPv4 address counts as one even if it is written as IPv6.
    pub fn contains(self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_ipv6_address_counts_as_its_network_and_a_mapped_one_as_ipv4() {
        for (text, origin) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ] {
            assert_eq!(Origin::of(address(text)).to_string(), origin, "{text}");
        }
    }

    #[test]
    fn an_origin_is_in_the_network_of_its_provider() {
        for (text, network) in [
            ("203.0.113.7", "203.0.0.0/16"),
            ("255.255.255.255", "255.255.0.0/16"),
            ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ] {
            assert_eq!(Origin::of(address(text)).network().to_string(), network);
        }
    }

    #[test]
    fn a_network_contains_the_addresses_with_its_prefix() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.200.3.4", "11.0.0.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("192.0.2.128/25", "192.0.2.128", "192.0.2.127"),
            ("0.0.0.0/0", "203.0.113.7", "::1"),
            ("::/0", "2001:db8::1", "203.0.113.7"),
            ("fd00::/8", "fdff::1", "fe00::1"),
            ("::1", "::1", "::2"),
            ("10.0.0.0/8", "::ffff:10.1.2.3", "::ffff:11.1.2.3"),
            ("::ffff:10.0.0.0/104", "10.200.3.4", "11.0.0.1"),
            ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("::ffff:0:0/96", "203.0.113.7", "2001:db8::1"),
        ] {
            let read = Network::parse(network).unwrap();
            assert!(read.contains(address(inside)), "{inside} is in {network}");
            assert!(!read.contains(address(outside)), "{outside} is not in {network}");
        }
    }

    #[test]
    fn anything_but_a_network_is_refused() {
        for bad in [
            "",
            "/8",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/+8",
            "10.0.0/8",
            "proxy",
            "::1/",
            "::ffff:10.0.0.0/95",
        ] {
            assert_eq!(Network::parse(bad), None, "{bad}");
        }
    }
}
