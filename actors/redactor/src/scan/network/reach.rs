//! Which addresses are worth a finding.
//!
//! Addresses that say nothing about anybody (the machine itself, no address, masks, multicast)
//! are none. Private ones are a rule of their own. Addresses that are set aside for documentation
//! count as public: they stand where a real one would.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address of version 4 is one of the public network.
///
/// # Source
/// IANA IPv4 Special-Purpose Address Registry; RFC 1918, RFC 6598, RFC 3927, RFC 5771.
pub(crate) fn is_public_v4(found: &[u8]) -> bool {
    parse_v4(found).is_some_and(|address| !is_of_nobody(address) && !is_inside(address))
}

/// Whether an address of version 4 is one of a private network or of a link.
pub(crate) fn is_private_v4(found: &[u8]) -> bool {
    parse_v4(found).is_some_and(is_inside)
}

/// Whether an address of version 6 is one of the public network.
///
/// # Source
/// IANA IPv6 Special-Purpose Address Registry; RFC 4291 sections 2.4 and 2.5.
pub(crate) fn is_public_v6(found: &[u8]) -> bool {
    let Some(address) = parse_v6(found) else {
        return false;
    };
    match (address.to_ipv4_mapped(), address.segments()) {
        (Some(mapped), _) => !is_of_nobody(mapped) && !is_inside(mapped),
        (_, [0x2000..=0x3fff, ..] | [0x64, 0xff9b, ..]) => true,
        _ => false,
    }
}

/// Whether an address of version 6 is one of a private network or of a link.
pub(crate) fn is_private_v6(found: &[u8]) -> bool {
    parse_v6(found).is_some_and(|address| {
        let is_mapped = address.to_ipv4_mapped().is_some_and(is_inside);
        is_mapped || matches!(address.segments(), [0xfc00..=0xfdff | 0xfe80..=0xfebf, ..])
    })
}

/// Whether a hardware address is one of a device: not all zeros, nor everybody's.
pub(crate) fn is_device(found: &[u8]) -> bool {
    let digits = || found.iter().filter(|byte| byte.is_ascii_hexdigit());
    !digits().all(|digit| *digit == b'0') && !digits().all(|digit| matches!(digit, b'f' | b'F'))
}

fn is_of_nobody(address: Ipv4Addr) -> bool {
    matches!(address.octets(), [0 | 127 | 224..=255, ..])
}

fn is_inside(address: Ipv4Addr) -> bool {
    let is_carrier_shared = matches!(address.octets(), [100, 64..=127, ..]);
    address.is_private() || address.is_link_local() || is_carrier_shared
}

fn parse_v4(found: &[u8]) -> Option<Ipv4Addr> {
    match std::str::from_utf8(found).ok()?.parse().ok()? {
        IpAddr::V4(address) => Some(address),
        IpAddr::V6(_) => None,
    }
}

fn parse_v6(found: &[u8]) -> Option<Ipv6Addr> {
    std::str::from_utf8(found).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_is_public_or_private_or_of_nobody() {
        let rows = [
            ("8.8.8.8", true, false),
            ("203.0.113.7", true, false),
            ("192.168.1.10", false, true),
            ("172.16.0.1", false, true),
            ("172.32.0.1", true, false),
            ("169.254.1.1", false, true),
            ("127.0.0.1", false, false),
            ("0.0.0.0", false, false),
            ("255.255.255.0", false, false),
        ];
        for (address, public, private) in rows {
            assert_eq!(is_public_v4(address.as_bytes()), public, "{address}");
            assert_eq!(is_private_v4(address.as_bytes()), private, "{address}");
        }
        let rows = [
            ("2001:db8::1", true, false),
            ("::ffff:8.8.8.8", true, false),
            ("fe80::1", false, true),
            ("fd12:3456::1", false, true),
            ("::1", false, false),
            ("::", false, false),
            ("a::b", false, false),
            ("ff02::1", false, false),
        ];
        for (address, public, private) in rows {
            assert_eq!(is_public_v6(address.as_bytes()), public, "{address}");
            assert_eq!(is_private_v6(address.as_bytes()), private, "{address}");
        }
    }
}
