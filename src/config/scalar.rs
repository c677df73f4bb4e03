//! Single values as people write them: times, sizes, listening addresses, networks, patterns.
//!
//! Each type parses once and is valid from then on. [`check_text`] is the same parsing by the
//! name that the schema gives the form, so that a mistake is reported with its place before
//! anything is built. Never prints a value that failed to parse.

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::What;
use super::url::ChatUrl;

/// Checks `text` against the form that the schema calls `format`; unknown forms pass.
pub(super) fn check_text(format: &str, text: &str) -> Result<(), What> {
    match format {
        HumanDuration::FORMAT => text.parse::<HumanDuration>().map(drop),
        ByteSize::FORMAT => text.parse::<ByteSize>().map(drop),
        Listen::FORMAT => text.parse::<Listen>().map(drop),
        Cidr::FORMAT => text.parse::<Cidr>().map(drop),
        ChatUrl::FORMAT => text.parse::<ChatUrl>().map(drop),
        Pattern::FORMAT => text.parse::<Pattern>().map(drop),
        _ => Ok(()),
    }
}

/// Gives a type that is written as text its serde and schema parts.
macro_rules! written_as_text {
    ($type:ty, $format:literal, $expected:literal) => {
        impl $type {
            /// The name of this form in the schema.
            pub(super) const FORMAT: &'static str = $format;
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(|_| de::Error::custom(concat!("expected ", $expected)))
            }
        }

        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "format": $format })
            }
        }
    };
}
pub(super) use written_as_text;

/// A time such as `"30s"`, `"1m 30s"` or `"250ms"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HumanDuration(Duration);

written_as_text!(
    HumanDuration,
    "human-duration",
    "a time such as \"30s\" or \"1m 30s\""
);

impl HumanDuration {
    /// A time of so many whole seconds.
    #[must_use]
    pub const fn secs(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// The time itself.
    #[must_use]
    pub const fn get(self) -> Duration {
        self.0
    }
}

impl fmt::Display for HumanDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_duration(self.0).fmt(f)
    }
}

impl FromStr for HumanDuration {
    type Err = What;

    fn from_str(text: &str) -> Result<Self, What> {
        let bad = What::Malformed {
            expected: "a time with its unit, such as \"30s\", \"1m 30s\" or \"250ms\"",
        };
        humantime::parse_duration(text).map(Self).map_err(|_| bad)
    }
}

/// A number of bytes: a plain number, or text such as `"10 MiB"` (1024) or `"50 MB"` (1000).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(u64);

impl ByteSize {
    /// The name of this form in the schema.
    pub(super) const FORMAT: &'static str = "byte-size";

    /// So many bytes.
    #[must_use]
    pub const fn bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// So many times 1024 times 1024 bytes.
    #[must_use]
    pub const fn mebibytes(count: u64) -> Self {
        Self(count * 1024 * 1024)
    }

    /// The number of bytes.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

const SIZE_UNITS: [(&str, u64); 7] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("B", 1),
];

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = |unit: u64| self.0 > 0 && self.0.is_multiple_of(unit);
        let fitting = SIZE_UNITS.iter().find(|(_, unit)| whole(*unit));
        let (name, unit) = fitting.copied().unwrap_or(("B", 1));
        write!(f, "{} {name}", self.0 / unit)
    }
}

impl FromStr for ByteSize {
    type Err = What;

    fn from_str(text: &str) -> Result<Self, What> {
        let bad = What::Malformed {
            expected: "a number of bytes, or a text such as \"10 MiB\" or \"512 KiB\"",
        };
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let unit = match unit.trim_start_matches(' ') {
            "" => 1,
            name => match SIZE_UNITS
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
            {
                Some((_, unit)) => *unit,
                None => return Err(bad),
            },
        };
        let bytes = number
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(unit));
        bytes.map(Self).ok_or(bad)
    }
}

impl Serialize for ByteSize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ByteSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = ByteSize;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of bytes")
            }

            fn visit_u64<E: de::Error>(self, bytes: u64) -> Result<ByteSize, E> {
                Ok(ByteSize(bytes))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ByteSize, E> {
                text.parse()
                    .map_err(|_| E::custom("expected a number of bytes"))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for ByteSize {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ByteSize".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["integer", "string"], "format": "byte-size" })
    }
}

/// An address to listen on: `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, or `:8080` for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listen {
    /// Every address of the machine, both IPv6 and IPv4.
    All {
        /// The port; 0 lets the system choose one.
        port: u16,
    },
    /// One address.
    One(SocketAddr),
}

written_as_text!(
    Listen,
    "listen-address",
    "an address with a port such as \"127.0.0.1:8080\""
);

impl Listen {
    /// The loopback address with this port.
    #[must_use]
    pub const fn loopback(port: u16) -> Self {
        Self::One(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))
    }

    /// The address to bind. All addresses are `[::]`, which on Linux takes IPv4 as well.
    #[must_use]
    pub const fn socket_addr(self) -> SocketAddr {
        match self {
            Self::All { port } => SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), port),
            Self::One(address) => address,
        }
    }

    /// Whether only programs on this machine can connect.
    #[must_use]
    pub fn is_loopback(self) -> bool {
        match self {
            Self::All { .. } => false,
            Self::One(address) => address.ip().to_canonical().is_loopback(),
        }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All { port } => write!(f, ":{port}"),
            Self::One(address) => address.fmt(f),
        }
    }
}

impl FromStr for Listen {
    type Err = What;

    fn from_str(text: &str) -> Result<Self, What> {
        let bad = What::Malformed {
            expected: "an address with a port, such as \"127.0.0.1:8080\", \"[::1]:8080\" or \":8080\" (names other than localhost are not looked up)",
        };
        if let Some(port) = text.strip_prefix(':') {
            return parse_port(port).map(|port| Self::All { port }).ok_or(bad);
        }
        if let Some(port) = text.strip_prefix("localhost:") {
            return parse_port(port).map(Self::loopback).ok_or(bad);
        }
        text.parse().map(Self::One).map_err(|_| bad)
    }
}

/// A port in digits only; `str::parse` alone would also take a plus sign.
pub(super) fn parse_port(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// A network such as `10.0.0.0/8`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr(IpNet);

written_as_text!(
    Cidr,
    "cidr",
    "a network such as \"10.0.0.0/8\" or an address"
);

impl Cidr {
    /// The network itself.
    #[must_use]
    pub const fn net(self) -> IpNet {
        self.0
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Cidr {
    type Err = What;

    fn from_str(text: &str) -> Result<Self, What> {
        let single = || text.parse::<IpAddr>().ok().map(IpNet::from);
        let network = text.parse::<IpNet>().ok().or_else(single);
        network.map(Self).ok_or(What::Malformed {
            expected: "a network such as \"10.0.0.0/8\", or an address",
        })
    }
}

/// A regular expression, known to compile (look-around included).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

written_as_text!(Pattern, "pattern-text", "a regular expression");

impl Pattern {
    /// The text of the expression.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Pattern {
    type Err = What;

    fn from_str(text: &str) -> Result<Self, What> {
        match fancy_regex::Regex::new(text) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(error) => Err(What::BadPattern {
                reason: pattern_fault(&error),
            }),
        }
    }
}

/// The last line of the compiler's message: the lines before it repeat the pattern.
fn pattern_fault(error: &fancy_regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().map(str::trim).rfind(|line| !line.is_empty());
    last.unwrap_or("it does not compile").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Option<u64> {
        text.parse::<ByteSize>().ok().map(ByteSize::get)
    }

    #[test]
    fn sizes_are_read_with_and_without_a_unit() {
        assert_eq!(bytes("512"), Some(512));
        assert_eq!(bytes("10 MiB"), Some(10 << 20));
        assert_eq!(bytes("10mib"), Some(10 << 20));
        assert_eq!(bytes("50 MB"), Some(50_000_000));
        for bad in ["", "MiB", "-1", "1.5 MiB", "10 Mib/s", "99999999999 GiB"] {
            assert_eq!(bytes(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_size_is_written_as_it_can_be_read_again() {
        for size in [0, 1, 999, 1024, 1500, 10 << 20, 50_000_000, (10 << 20) + 1] {
            let text = ByteSize::bytes(size).to_string();
            assert_eq!(bytes(&text), Some(size), "{text}");
        }
    }

    #[test]
    fn times_need_a_unit() {
        assert_eq!(
            "1m 30s".parse::<HumanDuration>().unwrap().get(),
            Duration::from_secs(90)
        );
        assert!("30".parse::<HumanDuration>().is_err());
        assert!("".parse::<HumanDuration>().is_err());
    }

    #[test]
    fn a_bare_port_means_all_addresses_and_is_not_loopback() {
        let all: Listen = ":8080".parse().unwrap();
        assert_eq!(all, Listen::All { port: 8080 });
        assert!(!all.is_loopback());
        assert!(!"0.0.0.0:80".parse::<Listen>().unwrap().is_loopback());
    }

    #[test]
    fn every_spelling_of_loopback_is_loopback() {
        for text in [
            "127.0.0.1:1",
            "127.9.9.9:1",
            "[::1]:1",
            "[::ffff:127.0.0.1]:1",
            "localhost:1",
        ] {
            assert!(text.parse::<Listen>().unwrap().is_loopback(), "{text}");
        }
    }

    #[test]
    fn listening_addresses_are_not_looked_up() {
        for bad in [
            "example.com:80",
            "127.0.0.1",
            "::1:80:",
            ":http",
            ":+80",
            ":65536",
            "",
        ] {
            assert!(bad.parse::<Listen>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_network_may_be_a_single_address() {
        assert_eq!(
            "10.0.0.1".parse::<Cidr>().unwrap().to_string(),
            "10.0.0.1/32"
        );
        assert_eq!("fd00::/8".parse::<Cidr>().unwrap().to_string(), "fd00::/8");
        assert!("10.0.0.0/33".parse::<Cidr>().is_err());
    }

    #[test]
    fn a_bad_pattern_says_why_on_one_line() {
        let Err(What::BadPattern { reason }) = "a(b".parse::<Pattern>() else {
            panic!("must be refused")
        };
        assert!(!reason.is_empty() && !reason.contains('\n'), "{reason}");
        assert!("(?<!x)secret".parse::<Pattern>().is_ok());
    }
}
