//! The address that failures are counted against.
//!
//! Owns: the canonical form of an address, the key it is counted under, and the rule by which a
//! trusted proxy's word is taken for who the client is. It never does name lookups and never reads
//! a socket: the edge passes in the peer and the header values.
//!
//! Who may be believed is decided hop by hop, from the right: the rightmost entry was written by
//! the peer, the one before it by the hop that the peer named, and so on. The first hop that is not
//! one of our proxies is the client, and whatever stands to the left of it was written by the
//! client and means nothing. Reading from the left, as is often done, lets every client choose the
//! address that it is blocked under. The entries themselves are parsed in [`crate::forwarded`].

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};

use crate::forwarded::{forwarded_hops, listed_hops};

/// The address of a client, in canonical form: an IPv4 address is never written as IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// Takes the address at the other end of the socket as the client.
    pub fn direct(peer: IpAddr) -> Self {
        Self(peer.to_canonical())
    }

    /// The canonical address.
    pub fn ip(&self) -> IpAddr {
        self.0
    }

    /// What failures of this client are counted under.
    ///
    /// # Security
    /// An IPv6 subscriber holds at least a /64 and can take a new address for each attempt, so
    /// the whole /64 counts as one client.
    ///
    /// # Source
    /// RFC 4291 section 2.5.4: interface identifiers are 64 bits long.
    pub fn key(&self) -> AddressKey {
        match self.0 {
            IpAddr::V4(address) => AddressKey::V4(address.to_bits()),
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, g, h, ..] = address.octets();
                AddressKey::V6(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
            }
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One IPv4 address, or the upper half of an IPv6 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AddressKey {
    /// A single IPv4 address.
    V4(u32),
    /// The /64 that an IPv6 address lies in.
    V6(u64),
}

impl fmt::Display for AddressKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::V4(bits) => Ipv4Addr::from_bits(bits).fmt(f),
            Self::V6(prefix) => {
                let network = Ipv6Addr::from_bits(u128::from(prefix) << 64);
                write!(f, "{network}/64")
            }
        }
    }
}

/// Which header the trusted proxies write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProxyHeader {
    /// `X-Forwarded-For` where there is one, else `Forwarded`.
    ///
    /// # Security
    /// Safe behind proxies that append to `X-Forwarded-For`, which nearly all do: they pass a
    /// client's own `Forwarded` on untouched, so it is not looked at. Behind a proxy that writes
    /// `Forwarded` only, choose [`ProxyHeader::Forwarded`].
    #[default]
    Either,
    /// Only `X-Forwarded-For`.
    XForwardedFor,
    /// Only `Forwarded` (RFC 7239).
    Forwarded,
}

/// The networks whose word about the client is taken.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    header: ProxyHeader,
}

impl TrustedProxies {
    /// Trusts hops within these networks; none of them means that headers are never read.
    pub fn new(networks: Vec<IpNet>) -> Self {
        let networks = networks.into_iter().map(canonical_network).collect();
        Self {
            networks,
            header: ProxyHeader::default(),
        }
    }

    /// Reads only the header that the proxies are known to write.
    #[must_use]
    pub fn reading(mut self, header: ProxyHeader) -> Self {
        self.header = header;
        self
    }

    /// Names the client: the peer, or the first untrusted hop that trusted proxies report.
    ///
    /// The values are given in the order in which they came. An entry that is no address
    /// (`unknown`, an obfuscated name, an empty or broken one) ends the walk, and the last proxy
    /// that was reached counts as the client: what stands further left could be anything.
    pub fn client_of(
        &self,
        peer: IpAddr,
        forwarded: &[&str],
        x_forwarded_for: &[&str],
    ) -> ClientAddress {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return ClientAddress(peer);
        }
        match self.header {
            ProxyHeader::XForwardedFor => self.walk(peer, listed_hops(x_forwarded_for)),
            ProxyHeader::Forwarded => self.walk(peer, forwarded_hops(forwarded)),
            ProxyHeader::Either if x_forwarded_for.is_empty() => {
                self.walk(peer, forwarded_hops(forwarded))
            }
            ProxyHeader::Either => self.walk(peer, listed_hops(x_forwarded_for)),
        }
    }

    /// Says whether the address belongs to a trusted proxy.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks
            .iter()
            .any(|network| network.contains(&address))
    }

    fn walk(&self, peer: IpAddr, hops: impl Iterator<Item = Option<IpAddr>>) -> ClientAddress {
        let mut reached = peer;
        for hop in hops {
            let Some(hop) = hop else { break };
            reached = hop.to_canonical();
            if !self.trusts(reached) {
                break;
            }
        }
        ClientAddress(reached)
    }
}

/// Writes `::ffff:10.0.0.0/104` as `10.0.0.0/8`, since addresses are compared in that form.
fn canonical_network(network: IpNet) -> IpNet {
    let IpNet::V6(v6) = network else {
        return network;
    };
    let mapped = v6
        .addr()
        .to_ipv4_mapped()
        .zip(v6.prefix_len().checked_sub(96));
    mapped
        .and_then(|(address, prefix)| Ipv4Net::new(address, prefix).ok())
        .map_or(network, IpNet::V4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn proxies(networks: &[&str]) -> TrustedProxies {
        TrustedProxies::new(
            networks
                .iter()
                .map(|network| network.parse().unwrap())
                .collect(),
        )
    }

    fn key(text: &str) -> AddressKey {
        ClientAddress::direct(ip(text)).key()
    }

    #[test]
    fn mapped_ipv4_counts_as_the_same_client_as_plain_ipv4() {
        assert_eq!(key("::ffff:192.0.2.7"), key("192.0.2.7"));
        assert_eq!(
            ClientAddress::direct(ip("::ffff:192.0.2.7")).to_string(),
            "192.0.2.7"
        );
    }

    #[test]
    fn ipv6_counts_by_slash_64_and_ipv4_by_address() {
        assert_eq!(key("2001:db8:0:1::1"), key("2001:db8:0:1:ffff::2"));
        assert_ne!(key("2001:db8:0:1::1"), key("2001:db8:0:2::1"));
        assert_ne!(key("192.0.2.7"), key("192.0.2.8"));
        assert_eq!(key("2001:db8:0:1::1").to_string(), "2001:db8:0:1::/64");
        assert_eq!(key("192.0.2.7").to_string(), "192.0.2.7");
    }

    #[test]
    fn headers_of_an_untrusted_peer_are_not_read() {
        let client =
            proxies(&["10.0.0.0/8"]).client_of(ip("203.0.113.9"), &["for=1.1.1.1"], &["1.1.1.1"]);
        assert_eq!(client.ip(), ip("203.0.113.9"));
    }

    #[test]
    fn without_trusted_proxies_no_header_is_read() {
        let client = TrustedProxies::default().client_of(ip("127.0.0.1"), &[], &["1.1.1.1"]);
        assert_eq!(client.ip(), ip("127.0.0.1"));
    }

    #[test]
    fn first_untrusted_hop_from_the_right_is_the_client() {
        let client = proxies(&["10.0.0.0/8"]).client_of(
            ip("10.0.0.1"),
            &[],
            &["6.6.6.6, 198.51.100.4", "10.0.0.2"],
        );
        assert_eq!(client.ip(), ip("198.51.100.4"));
    }

    #[test]
    fn chain_of_proxies_only_yields_the_leftmost() {
        let client =
            proxies(&["10.0.0.0/8"]).client_of(ip("10.0.0.1"), &[], &["10.0.0.3, 10.0.0.2"]);
        assert_eq!(client.ip(), ip("10.0.0.3"));
    }

    #[test]
    fn bad_entry_stops_the_walk_at_the_proxy_that_passed_it_on() {
        for bad in [
            "unknown",
            "_hidden",
            "",
            "1.2.3",
            "300.1.1.1",
            "host.example",
            "fe80::1%eth0",
        ] {
            let header = format!("6.6.6.6, {bad}, 10.0.0.2");
            let client = proxies(&["10.0.0.0/8"]).client_of(ip("10.0.0.1"), &[], &[&header]);
            assert_eq!(client.ip(), ip("10.0.0.2"), "{bad}");
        }
    }

    #[test]
    fn forwarded_of_a_client_is_ignored_where_the_proxy_writes_x_forwarded_for() {
        let client =
            proxies(&["10.0.0.0/8"]).client_of(ip("10.0.0.1"), &["for=6.6.6.6"], &["198.51.100.4"]);
        assert_eq!(client.ip(), ip("198.51.100.4"));
    }

    #[test]
    fn chosen_header_is_the_only_one_read() {
        let both = |header| {
            proxies(&["10.0.0.0/8"]).reading(header).client_of(
                ip("10.0.0.1"),
                &["for=198.51.100.1"],
                &["198.51.100.2"],
            )
        };
        assert_eq!(both(ProxyHeader::Forwarded).ip(), ip("198.51.100.1"));
        assert_eq!(both(ProxyHeader::XForwardedFor).ip(), ip("198.51.100.2"));
    }

    #[test]
    fn forwarded_chain_is_walked_through_trusted_proxies() {
        let client = proxies(&["10.0.0.0/8", "2001:db8:aaaa::/48"]).client_of(
            ip("::ffff:10.0.0.1"),
            &[
                "for=6.6.6.6, for=\"[2001:db8::17]:4711\";proto=https",
                "For=\"[2001:db8:aaaa::2]\"",
            ],
            &[],
        );
        assert_eq!(client.ip(), ip("2001:db8::17"));
    }

    #[test]
    fn trusted_network_written_as_mapped_ipv6_covers_ipv4() {
        let proxies = proxies(&["::ffff:10.0.0.0/104"]);
        assert!(proxies.trusts(ip("10.9.9.9")));
        assert!(proxies.trusts(ip("::ffff:10.9.9.9")));
        assert!(!proxies.trusts(ip("11.0.0.1")));
    }
}
