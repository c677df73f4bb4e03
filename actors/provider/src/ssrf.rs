//! Which addresses may be called: pure rules over addresses and names.
//!
//! Checked by `connector.rs` on every resolved address of every new connection, so that neither a
//! name that points inward, nor one that changes between check and use, nor an unusual spelling of
//! an address gets through.
//!
//! # Source
//! IANA special-purpose address registries (RFC 6890 and its updates); metadata addresses from
//! the documentation of AWS, Azure, Google Cloud, Oracle Cloud and Alibaba Cloud.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ipnet::{Ipv4Net, Ipv6Net};

/// Why an address or a name is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressClass {
    /// 127/8, `::1`, `localhost`.
    Loopback,
    /// RFC 1918, RFC 4193, and names of private networks.
    Private,
    /// 100.64/10, shared by carriers and some clouds.
    Shared,
    /// 169.254/16, `fe80::/10`.
    LinkLocal,
    /// Where a cloud hands out credentials of the machine.
    Metadata,
    /// `0.0.0.0/8`, `::`.
    Unspecified,
    /// 224/4, `ff00::/8`.
    Multicast,
    /// Documentation, benchmarks, protocol assignments, future use, tunnels.
    Reserved,
}

impl AddressClass {
    /// Tells whether `danger_allow_private_addresses` lifts the refusal.
    fn can_be_lifted(self) -> bool {
        matches!(self, Self::Loopback | Self::Private | Self::Shared)
    }
}

impl fmt::Display for AddressClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loopback => "loopback",
            Self::Private => "private network",
            Self::Shared => "shared address space",
            Self::LinkLocal => "link-local",
            Self::Metadata => "cloud metadata",
            Self::Unspecified => "unspecified",
            Self::Multicast => "multicast",
            Self::Reserved => "reserved",
        })
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(first: u16, second: u16, third: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, third, 0, 0, 0, 0, 0), length)
}

/// Single addresses come first: they lie inside networks that can be lifted.
const REFUSED_V4: [(Ipv4Net, AddressClass); 19] = [
    (v4(169, 254, 169, 254, 32), AddressClass::Metadata),
    (v4(169, 254, 170, 2, 32), AddressClass::Metadata),
    (v4(100, 100, 100, 200, 32), AddressClass::Metadata),
    (v4(168, 63, 129, 16, 32), AddressClass::Metadata),
    (v4(0, 0, 0, 0, 8), AddressClass::Unspecified),
    (v4(127, 0, 0, 0, 8), AddressClass::Loopback),
    (v4(10, 0, 0, 0, 8), AddressClass::Private),
    (v4(172, 16, 0, 0, 12), AddressClass::Private),
    (v4(192, 168, 0, 0, 16), AddressClass::Private),
    (v4(100, 64, 0, 0, 10), AddressClass::Shared),
    (v4(169, 254, 0, 0, 16), AddressClass::LinkLocal),
    (v4(192, 0, 0, 0, 24), AddressClass::Reserved),
    (v4(192, 0, 2, 0, 24), AddressClass::Reserved),
    (v4(192, 88, 99, 0, 24), AddressClass::Reserved),
    (v4(198, 18, 0, 0, 15), AddressClass::Reserved),
    (v4(198, 51, 100, 0, 24), AddressClass::Reserved),
    (v4(203, 0, 113, 0, 24), AddressClass::Reserved),
    (v4(224, 0, 0, 0, 4), AddressClass::Multicast),
    (v4(240, 0, 0, 0, 4), AddressClass::Reserved),
];

const METADATA_V6: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x254),
];

const REFUSED_V6: [(Ipv6Net, AddressClass); 7] = [
    (v6(0xfc00, 0, 0, 7), AddressClass::Private),
    (v6(0xfe80, 0, 0, 10), AddressClass::LinkLocal),
    (v6(0xff00, 0, 0, 8), AddressClass::Multicast),
    // Protocol assignments: Teredo (2001::/32), ORCHID, benchmarking.
    (v6(0x2001, 0, 0, 23), AddressClass::Reserved),
    (v6(0x2001, 0x0db8, 0, 32), AddressClass::Reserved),
    (v6(0x3fff, 0, 0, 20), AddressClass::Reserved),
    (v6(0x5f00, 0, 0, 16), AddressClass::Reserved),
];

/// The only part of IPv6 that is assigned to hosts on the internet.
const GLOBAL_UNICAST: Ipv6Net = v6(0x2000, 0, 0, 3);
const SIX_TO_FOUR: Ipv6Net = v6(0x2002, 0, 0, 16);
const NAT64: Ipv6Net = v6(0x0064, 0xff9b, 0, 96);

/// Tells whether an address may be called.
pub fn allowed(address: IpAddr, private_ok: bool) -> bool {
    check(address, private_ok).is_ok()
}

/// Checks an address in its canonical form, also the IPv4 address inside an IPv6 one.
///
/// # Errors
/// The class for which it is refused.
pub fn check(address: IpAddr, private_ok: bool) -> Result<(), AddressClass> {
    let class = match address.to_canonical() {
        IpAddr::V4(address) => class_of_v4(address),
        IpAddr::V6(address) => class_of_v6(address),
    };
    refuse_unless_lifted(class, private_ok)
}

/// Checks a host name as it stands in the URL, before it is resolved.
///
/// # Errors
/// The class for which it is refused.
pub fn check_name(host: &str, private_ok: bool) -> Result<(), AddressClass> {
    refuse_unless_lifted(class_of_name(host), private_ok)
}

fn refuse_unless_lifted(class: Option<AddressClass>, private_ok: bool) -> Result<(), AddressClass> {
    match class {
        Some(class) if !(private_ok && class.can_be_lifted()) => Err(class),
        _ => Ok(()),
    }
}

fn class_of_v4(address: Ipv4Addr) -> Option<AddressClass> {
    REFUSED_V4
        .iter()
        .find(|(net, _)| net.contains(&address))
        .map(|(_, class)| *class)
}

fn class_of_v6(address: Ipv6Addr) -> Option<AddressClass> {
    if address.is_unspecified() {
        return Some(AddressClass::Unspecified);
    }
    if address.is_loopback() {
        return Some(AddressClass::Loopback);
    }
    if METADATA_V6.contains(&address) {
        return Some(AddressClass::Metadata);
    }
    if let Some(embedded) = embedded_v4(address) {
        return class_of_v4(embedded);
    }
    let listed = REFUSED_V6.iter().find(|(net, _)| net.contains(&address));
    match listed {
        Some((_, class)) => Some(*class),
        None if GLOBAL_UNICAST.contains(&address) => None,
        None => Some(AddressClass::Reserved),
    }
}

/// The IPv4 host that a translated or tunnelled IPv6 address leads to.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let from = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    if SIX_TO_FOUR.contains(&address) {
        return Some(from(b, c));
    }
    let v4_compatible = [a, b, c, d, e, f] == [0; 6];
    (v4_compatible || NAT64.contains(&address)).then(|| from(g, h))
}

fn class_of_name(host: &str) -> Option<AddressClass> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if matches!(
        host.as_str(),
        "metadata.google.internal" | "metadata.goog" | "metadata"
    ) {
        return Some(AddressClass::Metadata);
    }
    if host == "localhost" || host.ends_with(".localhost") {
        return Some(AddressClass::Loopback);
    }
    (host.ends_with(".internal") || host.ends_with(".local")).then_some(AddressClass::Private)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn class(text: &str) -> Option<AddressClass> {
        check(text.parse().unwrap(), false).err()
    }

    #[test]
    fn public_addresses_are_allowed() {
        for text in [
            "8.8.8.8",
            "1.1.1.1",
            "104.18.7.192",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1",
            "2a00::1",
        ] {
            assert_eq!(class(text), None, "{text}");
        }
    }

    #[test]
    fn every_listed_network_is_refused_in_all_spellings() {
        use AddressClass::*;
        for (text, expected) in [
            ("127.0.0.1", Loopback),
            ("127.255.255.254", Loopback),
            ("::1", Loopback),
            ("10.1.2.3", Private),
            ("172.16.0.1", Private),
            ("172.31.255.255", Private),
            ("192.168.1.1", Private),
            ("fc00::1", Private),
            ("fdff::1", Private),
            ("100.64.0.1", Shared),
            ("100.127.255.255", Shared),
            ("169.254.1.1", LinkLocal),
            ("fe80::1", LinkLocal),
            ("febf::1", LinkLocal),
            ("169.254.169.254", Metadata),
            ("fd00:ec2::254", Metadata),
            ("100.100.100.200", Metadata),
            ("168.63.129.16", Metadata),
            ("169.254.170.2", Metadata),
            ("fd20:ce::254", Metadata),
            ("0.0.0.0", Unspecified),
            ("0.1.2.3", Unspecified),
            ("::", Unspecified),
            ("224.0.0.1", Multicast),
            ("239.1.1.1", Multicast),
            ("ff02::1", Multicast),
            ("192.0.0.1", Reserved),
            ("192.0.2.1", Reserved),
            ("198.18.0.1", Reserved),
            ("198.19.255.255", Reserved),
            ("198.51.100.7", Reserved),
            ("203.0.113.9", Reserved),
            ("240.0.0.1", Reserved),
            ("255.255.255.255", Reserved),
            ("2001:db8::1", Reserved),
            ("2001::1", Reserved),
            ("3fff::1", Reserved),
            ("fec0::1", Reserved),
            ("64:ff9b:1::1", Reserved),
            ("100::1", Reserved),
            ("::ffff:127.0.0.1", Loopback),
            ("::ffff:10.0.0.1", Private),
            ("::10.0.0.1", Private),
            ("64:ff9b::7f00:1", Loopback),
            ("64:ff9b::a9fe:a9fe", Metadata),
            ("2002:7f00:1::", Loopback),
            ("2002:c0a8:101::1", Private),
            ("2002:a9fe:a9fe::", Metadata),
        ] {
            assert_eq!(class(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn embedded_public_address_is_allowed() {
        for text in ["64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8"] {
            assert_eq!(class(text), None, "{text}");
        }
    }

    #[test]
    fn danger_flag_lifts_private_networks_only() {
        for text in [
            "127.0.0.1",
            "10.0.0.1",
            "100.64.0.1",
            "fd12::1",
            "::1",
            "::ffff:127.0.0.1",
        ] {
            assert!(allowed(text.parse().unwrap(), true), "{text}");
        }
        for text in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "fd00:ec2::254",
            "169.254.1.1",
            "fe80::1",
            "224.0.0.1",
            "ff02::1",
            "0.0.0.0",
            "::",
            "240.0.0.1",
            "192.0.2.1",
        ] {
            assert!(!allowed(text.parse().unwrap(), true), "{text}");
        }
    }

    #[test]
    fn names_of_this_machine_and_network_are_refused() {
        for host in [
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "db.internal",
            "printer.local",
        ] {
            assert!(check_name(host, false).is_err(), "{host}");
            assert!(check_name(host, true).is_ok(), "{host}");
        }
        for host in [
            "metadata.google.internal",
            "Metadata.Google.Internal.",
            "metadata.goog",
        ] {
            assert!(check_name(host, true).is_err(), "{host}");
        }
        for host in ["api.openai.com", "localhost.example.com", "local"] {
            assert!(check_name(host, false).is_ok(), "{host}");
        }
    }

    proptest! {
        #[test]
        fn mapped_and_translated_spellings_are_judged_as_the_address_itself(bits: u32, private_ok: bool) {
            let plain = Ipv4Addr::from(bits);
            let verdict = allowed(IpAddr::V4(plain), private_ok);
            let [high, low] = [(bits >> 16) as u16, bits as u16];
            let spellings = [
                plain.to_ipv6_mapped(),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
            ];
            for spelling in spellings {
                prop_assert_eq!(allowed(IpAddr::V6(spelling), private_ok), verdict, "{}", spelling);
            }
        }

        #[test]
        fn the_flag_never_refuses_what_was_allowed(bits: u128) {
            let address = IpAddr::V6(Ipv6Addr::from(bits));
            prop_assert!(!allowed(address, false) || allowed(address, true));
        }
    }
}
