//! Where calls come from: addresses as they are counted, and networks.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// The bits of an IPv6 address that name a subscriber's network; the rest is theirs to choose.
const SUBSCRIBER_BITS: u8 = 64;

/// The bits of the networks by which those are counted together who are too many to be told apart.
const AREA_BITS_V4: u8 = 16;
const AREA_BITS_V6: u8 = 48;

/// The bits by which an IPv6 address says that it is an IPv4 address.
const MAPPED_BITS: u8 = 96;

/// Where a call comes from, as far as it is told apart: an IPv4 address, or an IPv6 network of 64
/// bits. Whoever has one address of such a network has all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Origin(IpAddr);

impl Origin {
    /// The origin of an address.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => {
                let network = address.to_bits() & mask(128, SUBSCRIBER_BITS);
                Self(IpAddr::V6(Ipv6Addr::from_bits(network)))
            }
            address @ IpAddr::V4(_) => Self(address),
        }
    }

    /// The network that it lies in, as wide as providers give them to one customer or area.
    pub fn network(&self) -> Network {
        match self.0 {
            IpAddr::V4(address) => {
                let base = u32::try_from(u128::from(address.to_bits()) & mask(32, AREA_BITS_V4));
                // The mask leaves 32 bits of an address that has no more.
                let base = Ipv4Addr::from_bits(base.unwrap_or_default());
                Network { base: base.into(), bits: AREA_BITS_V4 }
            }
            IpAddr::V6(address) => {
                let base = Ipv6Addr::from_bits(address.to_bits() & mask(128, AREA_BITS_V6));
                Network { base: base.into(), bits: AREA_BITS_V6 }
            }
        }
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

/// A network: an address and how many of its first bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

impl Network {
    /// Reads `10.0.0.0/8`, `fd00::/8`, or an address that is a network of its own. An IPv4 network may
    /// be written as IPv6 (`::ffff:10.0.0.0/104`), as some tools do; one that would hold more than
    /// all of IPv4 is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (base, bits) = match text.split_once('/') {
            Some((base, bits)) => (base, Some(bits)),
            None => (text, None),
        };
        let base: IpAddr = base.parse().ok()?;
        let whole = if base.is_ipv4() { 32 } else { 128 };
        let bits: u8 = match bits {
            Some(bits) if bits.bytes().all(|b| b.is_ascii_digit()) => bits.parse().ok()?,
            Some(_) => return None,
            None => whole,
        };
        if bits > whole {
            return None;
        }
        match base.to_canonical() {
            // It was written as IPv6, whose first 96 bits say so.
            v4 @ IpAddr::V4(_) if whole == 128 => {
                Some(Self { base: v4, bits: bits.checked_sub(MAPPED_BITS)? })
            }
            base => Some(Self { base, bits }),
        }
    }

    /// Whether the address is in it. An IPv4 address counts as itself however it is written.
    pub fn contains(self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let differ = u128::from(base.to_bits() ^ address.to_bits());
                differ & mask(32, self.bits) == 0
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                (base.to_bits() ^ address.to_bits()) & mask(128, self.bits) == 0
            }
            _ => false,
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}

/// The first `bits` of `whole` bits.
fn mask(whole: u8, bits: u8) -> u128 {
    // Shifting all of them away is no shift that the processor knows.
    let rest = u128::MAX.checked_shr(u32::from(128 - (whole - bits))).unwrap_or(0);
    !rest
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
    fn an_origin_lies_in_the_network_of_its_provider() {
        for (text, network) in [
            ("203.0.113.7", "203.0.0.0/16"),
            ("255.255.255.255", "255.255.0.0/16"),
            ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ] {
            assert_eq!(Origin::of(address(text)).network().to_string(), network);
        }
    }

    #[test]
    fn a_network_holds_the_addresses_that_begin_as_it_does() {
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
    fn what_is_no_network_is_refused() {
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
