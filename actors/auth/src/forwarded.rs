//! Reading `X-Forwarded-For` and `Forwarded` (RFC 7239) from the right.
//!
//! Owns: the grammar of both headers, as far as addresses go. It decides nothing about trust; that
//! is [`crate::client_address`], its only caller.
//!
//! Both readers go from the last byte to the first. That is not for speed: a header line is one
//! string that client and proxies wrote in turn, and a reader that starts at the client's end can
//! be led astray by it (one open quote on the left swallows what the proxy added on the right).
//! From the right, everything up to the proxy's last comma is well-formed because the proxy wrote
//! it, and the walk ends before it reaches what the client wrote.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The hops of `X-Forwarded-For`, the nearest first; `None` for an entry that is no address.
pub(crate) fn listed_hops<'h>(values: &'h [&'h str]) -> impl Iterator<Item = Option<IpAddr>> + 'h {
    values
        .iter()
        .rev()
        .flat_map(|value| value.rsplit(','))
        .map(listed_address)
}

/// The hops of `Forwarded`, the nearest first; `None` for an element without one plain address.
pub(crate) fn forwarded_hops<'h>(
    values: &'h [&'h str],
) -> impl Iterator<Item = Option<IpAddr>> + 'h {
    values
        .iter()
        .rev()
        .flat_map(|value| RightToLeft {
            rest: Some(value),
            at: b',',
        })
        .map(element)
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`, also quoted.
fn listed_address(entry: &str) -> Option<IpAddr> {
    let entry = trim(entry);
    let bare = entry
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(entry);
    node(bare)
}

/// One element of `Forwarded`: pairs parted by `;`, exactly one of which must be `for`.
fn element(text: &str) -> Option<IpAddr> {
    let mut found = None;
    for pair in (RightToLeft {
        rest: Some(text),
        at: b';',
    }) {
        if trim(pair).is_empty() {
            continue;
        }
        let (name, value) = pair.split_once('=')?;
        if !trim(name).eq_ignore_ascii_case("for") {
            continue;
        }
        if found.is_some() {
            return None;
        }
        found = Some(node(&unquoted(trim(value))?)?);
    }
    found
}

/// A token as it is, or a quoted string with its escapes taken out.
fn unquoted(value: &str) -> Option<String> {
    let Some(inner) = value.strip_prefix('"') else {
        return (!value.contains(['"', '\\'])).then(|| value.to_owned());
    };
    let inner = inner.strip_suffix('"')?;
    let mut plain = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return None,
            '\\' => plain.push(characters.next()?),
            other => plain.push(other),
        }
    }
    Some(plain)
}

/// The address of a node; its port is checked and dropped, since clients change it at will.
///
/// `unknown` and obfuscated names (`_hidden`) are valid nodes and no addresses. IPv6 without
/// brackets is not valid in `Forwarded`, but proxies write it; a port cannot follow it then.
fn node(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address);
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (address, after) = rest.split_once(']')?;
        let address = address.parse::<Ipv6Addr>().ok()?;
        let port = after
            .strip_prefix(':')
            .or(after.is_empty().then_some("0"))?;
        return is_port(port).then_some(IpAddr::V6(address));
    }
    let (address, port) = text.split_once(':')?;
    let address = address.parse::<Ipv4Addr>().ok()?;
    is_port(port).then_some(IpAddr::V4(address))
}

/// A number up to 65535, or an obfuscated port such as `_p1`.
fn is_port(text: &str) -> bool {
    match text.strip_prefix('_') {
        Some(name) => {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            !name.is_empty() && name.bytes().all(allowed)
        }
        None => text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok(),
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// The parts of a string from the last to the first, not split inside quotes.
struct RightToLeft<'h> {
    rest: Option<&'h str>,
    at: u8,
}

impl<'h> Iterator for RightToLeft<'h> {
    type Item = &'h str;

    fn next(&mut self) -> Option<&'h str> {
        let rest = self.rest?;
        let cut = last_outside_quotes(rest.as_bytes(), self.at).and_then(|at| {
            let (left, right) = rest.split_at_checked(at)?;
            Some((left, right.get(1..)?))
        });
        match cut {
            Some((left, right)) => {
                self.rest = Some(left);
                Some(right)
            }
            None => self.rest.take(),
        }
    }
}

/// Finds the last separator that is not within a quoted string, counting quotes from the right.
///
/// A quote after an odd number of backslashes is escaped and so belongs to the string. Without
/// this a proxy that writes the client's `Host` into a quoted pair could be made to end it early.
fn last_outside_quotes(bytes: &[u8], separator: u8) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in bytes.iter().enumerate().rev() {
        if *byte == b'"' {
            let before = bytes.get(..at).unwrap_or_default();
            let backslashes = before
                .iter()
                .rev()
                .take_while(|byte| **byte == b'\\')
                .count();
            quoted ^= backslashes % 2 == 0;
        } else if *byte == separator && !quoted {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hops(value: &str) -> Vec<Option<String>> {
        forwarded_hops(&[value])
            .map(|hop| hop.map(|ip| ip.to_string()))
            .collect()
    }

    fn listed(value: &str) -> Option<String> {
        listed_address(value).map(|ip| ip.to_string())
    }

    #[test]
    fn ports_and_brackets_are_taken_off() {
        assert_eq!(listed(" 192.0.2.1 ").as_deref(), Some("192.0.2.1"));
        assert_eq!(listed("192.0.2.1:4711").as_deref(), Some("192.0.2.1"));
        assert_eq!(listed("2001:db8::1").as_deref(), Some("2001:db8::1"));
        assert_eq!(listed("[2001:db8::1]").as_deref(), Some("2001:db8::1"));
        assert_eq!(listed("[2001:db8::1]:443").as_deref(), Some("2001:db8::1"));
        assert_eq!(
            listed("\"[2001:db8::1]:443\"").as_deref(),
            Some("2001:db8::1")
        );
    }

    #[test]
    fn what_is_not_an_address_is_none() {
        for bad in [
            "",
            " ",
            "unknown",
            "_x",
            "192.0.2",
            "192.0.2.1:",
            "192.0.2.1:99999",
            "192.0.2.1:+1",
            "192.0.2.01",
            "[2001:db8::1",
            "[2001:db8::1]x",
            "[192.0.2.1]",
            "localhost",
            "1",
            "::1:x",
            "\"192.0.2.1",
            "192.0.2.1 192.0.2.2",
            "[fe80::1%eth0]:1",
        ] {
            assert_eq!(listed(bad), None, "{bad}");
        }
    }

    #[test]
    fn forwarded_elements_come_from_the_right() {
        let seen =
            hops("for=192.0.2.43, for=\"[2001:db8:cafe::17]:4711\" ; proto=http;by=203.0.113.43");
        assert_eq!(
            seen,
            [
                Some("2001:db8:cafe::17".to_owned()),
                Some("192.0.2.43".to_owned())
            ]
        );
    }

    #[test]
    fn name_of_the_pair_is_matched_in_any_case() {
        assert_eq!(hops("FOR=192.0.2.43"), [Some("192.0.2.43".to_owned())]);
        assert_eq!(hops("for=192.0.2.43;"), [Some("192.0.2.43".to_owned())]);
        assert_eq!(
            hops("proto=http; For=\"192.0.2.43:_port\""),
            [Some("192.0.2.43".to_owned())]
        );
    }

    #[test]
    fn nodes_without_an_address_are_none() {
        for bad in [
            "for=unknown",
            "for=_mdn",
            "for=\"_gazonk\"",
            "by=192.0.2.1",
            "",
            "for",
            "for=",
            "for=1.1.1.1;for=2.2.2.2",
            "for=\"1.1.1.1",
            "for=1.1.1.1\"",
            "for=\"1.1\"1.1\"",
        ] {
            assert!(hops(bad).iter().all(Option::is_none), "{bad}");
        }
    }

    #[test]
    fn open_quote_on_the_left_does_not_swallow_the_proxys_element() {
        let seen = hops("for=\"6.6.6.6, for=198.51.100.4");
        assert_eq!(seen.first().unwrap().as_deref(), Some("198.51.100.4"));
    }

    #[test]
    fn commas_and_quotes_inside_a_quoted_host_do_not_split() {
        let seen = hops(r#"for=198.51.100.4;host="a\", for=6.6.6.6;x=\"b""#);
        assert_eq!(seen, [Some("198.51.100.4".to_owned())]);
        let seen = hops(r#"for=198.51.100.4;host="a,b;for=6.6.6.6""#);
        assert_eq!(seen, [Some("198.51.100.4".to_owned())]);
    }

    #[test]
    fn escapes_in_a_quoted_address_are_taken_out() {
        assert_eq!(hops(r#"for="19\2.0.2.1""#), [Some("192.0.2.1".to_owned())]);
        assert_eq!(hops(r#"for="192.0.2.1\""#), [None]);
    }

    proptest! {
        #[test]
        fn whatever_a_client_sends_the_proxys_own_element_is_read_first(
            junk in "[ -~]{0,60}",
            octets in any::<[u8; 4]>(),
        ) {
            let address = IpAddr::from(octets);
            let line = format!("{junk}, for={address};proto=https");
            prop_assert_eq!(forwarded_hops(&[&line]).next(), Some(Some(address)));
            let line = format!("{junk}, {address}");
            prop_assert_eq!(listed_hops(&[&line]).next(), Some(Some(address)));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,80}") {
            let _hops: Vec<_> = forwarded_hops(&[&text]).chain(listed_hops(&[&text])).collect();
        }
    }
}
