//! The address of a provider's chat route, parsed strictly and without a lookup.
//!
//! Owns the spelling rules: one form per address, so that a check here and a check at connect
//! time see the same host. Never resolves a name; what a name leads to is checked by the provider
//! when it connects.

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::What;
use super::scalar::{parse_port, written_as_text};

/// The host of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// A name, in lower case.
    Name(String),
    /// An address that was written out, in canonical form.
    Ip(IpAddr),
}

impl fmt::Display for Host {
    /// Without the brackets that IPv6 has in a URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Ip(address) => address.fmt(f),
        }
    }
}

/// How open the network behind a host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// This machine.
    Loopback,
    /// A written-out address that is not on the public internet.
    Private,
    /// A written-out public address.
    Public,
    /// A name: known only when it is resolved.
    Unknown,
}

/// A provider's chat URL, such as `https://api.openai.com/v1/chat/completions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatUrl {
    text: String,
    encrypted: bool,
    host: Host,
    port: u16,
    path: String,
}

written_as_text!(
    ChatUrl,
    "upstream-url",
    "a URL such as \"https://api.example.com/v1/chat/completions\""
);

impl ChatUrl {
    /// The URL as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is `https`.
    #[must_use]
    pub const fn encrypted(&self) -> bool {
        self.encrypted
    }

    /// The host.
    #[must_use]
    pub const fn host(&self) -> &Host {
        &self.host
    }

    /// The port, also where it was not written.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The path with its query, from the first slash.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path without its query.
    #[must_use]
    pub fn route(&self) -> &str {
        self.path
            .split_once('?')
            .map_or(self.path.as_str(), |(route, _)| route)
    }

    /// Scheme, host and port, as they begin the address.
    pub(super) fn origin(&self) -> &str {
        self.text
            .find("://")
            .and_then(|at| {
                self.text
                    .get(at + 3..)?
                    .find(['/', '?'])
                    .map(|end| at + 3 + end)
            })
            .and_then(|end| self.text.get(..end))
            .unwrap_or(&self.text)
    }

    /// How open the network behind the host is, as far as the text says.
    #[must_use]
    pub fn reach(&self) -> Reach {
        match &self.host {
            Host::Name(name) if name == "localhost" || name.ends_with(".localhost") => {
                Reach::Loopback
            }
            Host::Name(_) => Reach::Unknown,
            Host::Ip(address) if address.is_loopback() => Reach::Loopback,
            Host::Ip(address) if is_private(*address) => Reach::Private,
            Host::Ip(_) => Reach::Public,
        }
    }
}

/// The networks that are plainly not public. The full list is the provider's, at connect time.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            let carrier_grade = a == 100 && (64..128).contains(&b);
            v4.is_private()
                || v4.is_link_local()
                || v4.is_unspecified()
                || a == 0
                || a >= 224
                || carrier_grade
        }
        IpAddr::V6(v6) => {
            v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
        }
    }
}

impl fmt::Display for ChatUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for ChatUrl {
    type Err = What;

    fn from_str(text: &str) -> Result<Self, What> {
        parse(text).ok_or(What::Malformed {
            expected: "a URL such as \"https://api.example.com/v1/chat/completions\" (http or https, no user name, no fragment)",
        })
    }
}

/// Longest URL in bytes: the provider's parser counts in 16 bits and keeps one number for itself.
const LONGEST: usize = u16::MAX as usize - 1;

/// Whether a byte may stand in a URL here. What the provider refuses must be refused, since only
/// here the place of the URL is known.
fn is_taken(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"#\\\"<>`".contains(&byte)
}

fn parse(text: &str) -> Option<ChatUrl> {
    if text.len() > LONGEST || !text.bytes().all(is_taken) {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    let encrypted = match scheme {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(authority_end);
    if !(path.is_empty() || path.starts_with('/'))
        || path.replace("{model}", "").contains(['{', '}'])
    {
        return None;
    }
    let (host, port) = parse_authority(authority)?;
    let port = match port {
        Some(0) => return None,
        Some(port) => port,
        None if encrypted => 443,
        None => 80,
    };
    let path = if path.is_empty() {
        "/".to_owned()
    } else {
        path.to_owned()
    };
    Some(ChatUrl {
        text: text.to_owned(),
        encrypted,
        host,
        port,
        path,
    })
}

fn parse_authority(authority: &str) -> Option<(Host, Option<u16>)> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        let address: std::net::Ipv6Addr = address.parse().ok()?;
        let port = match port.strip_prefix(':') {
            Some(port) => Some(parse_port(port)?),
            None if port.is_empty() => None,
            None => return None,
        };
        return Some((Host::Ip(IpAddr::V6(address).to_canonical()), port));
    }
    match authority.split_once(':') {
        Some((host, port)) => Some((parse_host(host)?, Some(parse_port(port)?))),
        None => Some((parse_host(authority)?, None)),
    }
}

/// Takes a dotted quad or a name. Numbers in other spellings (`2130706433`, `0x7f.1`, `127.1`)
/// are addresses to some resolvers and names to others, so they are neither here.
fn parse_host(host: &str) -> Option<Host> {
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return Some(Host::Ip(IpAddr::V4(address)));
    }
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let last = name.rsplit('.').next()?;
    let number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    if number || name.len() > 253 || !name.split('.').all(is_label) {
        return None;
    }
    Some(Host::Name(name))
}

fn is_label(label: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=63).contains(&label.len()) && label.bytes().all(allowed) && !label.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> ChatUrl {
        text.parse().unwrap_or_else(|_| panic!("{text} must parse"))
    }

    #[test]
    fn scheme_host_port_and_path_come_apart() {
        let plain = url("https://API.example.com/v1/chat/completions?api-version=1");
        assert_eq!(plain.host(), &Host::Name("api.example.com".to_owned()));
        assert_eq!((plain.encrypted(), plain.port()), (true, 443));
        assert_eq!(plain.path(), "/v1/chat/completions?api-version=1");
        assert_eq!(plain.route(), "/v1/chat/completions");
        assert_eq!(url("http://[::1]:81").port(), 81);
    }

    #[test]
    fn what_is_taken_here_can_be_called_as_it_is_understood() {
        let paths = (0x21..0x7f)
            .map(char::from)
            .flat_map(|byte| ["", "?"].map(|query| format!("https://a.example/x{query}{byte}")));
        let hosts = [
            "http://A.",
            "http://a_b.:81/",
            "http://[::ffff:9.9.9.9]/",
            "http://[0::1]",
        ];
        let long = ["a".repeat(LONGEST), "a".repeat(LONGEST - 20)]
            .map(|path| format!("https://a.example/{path}"));
        for text in paths.chain(hosts.map(str::to_owned)).chain(long) {
            let Ok(taken) = text.parse::<ChatUrl>() else {
                continue;
            };
            let called: provider::UpstreamUrl = text.parse().unwrap();
            assert_eq!(called.host(), taken.host().to_string());
            assert_eq!(called.path(), taken.path());
        }
    }

    #[test]
    fn reach_follows_the_canonical_address() {
        let cases = [
            ("http://127.0.0.1/", Reach::Loopback),
            ("http://[::1]/", Reach::Loopback),
            ("http://[::ffff:127.0.0.1]/", Reach::Loopback),
            ("http://localhost:1/", Reach::Loopback),
            ("http://10.0.0.1/", Reach::Private),
            ("http://169.254.169.254/", Reach::Private),
            ("http://100.64.0.1/", Reach::Private),
            ("http://[fd00::1]/", Reach::Private),
            ("http://[::ffff:10.0.0.1]/", Reach::Private),
            ("http://9.9.9.9/", Reach::Public),
            ("http://example.com/", Reach::Unknown),
        ];
        for (text, reach) in cases {
            assert_eq!(url(text).reach(), reach, "{text}");
        }
    }

    #[test]
    fn ambiguous_and_foreign_addresses_are_refused() {
        let bad = [
            "",
            "example.com/v1",
            "ftp://example.com/",
            "https://",
            "https:///v1",
            "https://user:pw@example.com/",
            "https://example.com/#x",
            "https://2130706433/",
            "https://127.1/",
            "https://0x7f000001/",
            "https://exa mple.com/",
            "https://example.com/`",
            "https://example.com/?`",
            "https://example.com:0/",
            "https://example.com:http/",
            "https://[::1/",
            "https://[::1]x/",
            "https://example.com?x=1",
            "https://-x.com/",
            "https://a..b/",
            "https://exämple.com/",
        ];
        for text in bad {
            assert!(text.parse::<ChatUrl>().is_err(), "{text}");
        }
    }
}
