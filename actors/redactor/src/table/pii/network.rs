//! Addresses of machines.

use crate::scan::network::reach;
use crate::table::row::{Action, Check, Class, How, Rule, Special};

const ADDRESS: Rule = Rule {
    id: "",
    what: "",
    class: Class::Pii,
    source: "",
    how: How::Special(Special::Ipv4),
    pattern: "",
    entropy: 0.0,
    check: None,
    action: Action::Redact,
    examples: &[],
    near_misses: &[],
};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        id: "ipv4",
        what: "public IP address, version 4; those for documentation too",
        source: "RFC 791 section 3.2, RFC 6943 section 3.1.1; IANA IPv4 Special-Purpose Address \
                 Registry; not confirmed",
        how: How::Special(Special::Ipv4),
        pattern: r"(?:\d{1,3}\.){3}\d{1,3}",
        check: Some(Check(reach::is_public_v4)),
        examples: &[
            ("from 203.0.113.7:443 to", "203.0.113.7"),
            ("http://8.8.4.4/dns", "8.8.4.4"),
            ("block 198.51.100.0/24.", "198.51.100.0"),
            ("198.51.100.1-198.51.100.9", "198.51.100.1"),
        ],
        near_misses: &[
            "listen on 127.0.0.1:8080 and 0.0.0.0, mask 255.255.255.0",
            "version 1.2.3.4, Version: \"10.20.30.40\", v1.2.3.4 and 1.2.3.4-rc1",
            "Chrome/120.0.6099.1 Safari/5.3.7.36 Edge/12.0.0.9",
            "oid 1.3.6.1.4.1 and 1.2.3.4.5 and 300.1.2.3 and 01.2.3.4",
            "foo==1.2.3.4 bar~=5.6.7.8 baz^1.2.3.4 pkg-1.2.3.4.tgz",
        ],
        ..ADDRESS
    },
    Rule {
        id: "private-ipv4",
        what: "IP address, version 4, of a private network or a link; only counted",
        source: "RFC 1918, RFC 3927, RFC 6598; not confirmed",
        how: How::Special(Special::Ipv4),
        pattern: r"(?:\d{1,3}\.){3}\d{1,3}",
        check: Some(Check(reach::is_private_v4)),
        action: Action::Observe,
        examples: &[
            ("ssh 192.168.1.10", "192.168.1.10"),
            ("gateway 10.20.0.1/16", "10.20.0.1"),
        ],
        near_misses: &["8.8.8.8 is public", "10.20.0 and 10.20.0.1.5"],
        ..ADDRESS
    },
    Rule {
        id: "ipv6",
        what: "public IP address, version 6; those for documentation too",
        source: "RFC 4291 section 2.2, RFC 5952; not confirmed",
        how: How::Special(Special::Ipv6),
        pattern: r"[0-9A-Fa-f:.]{4,45}",
        check: Some(Check(reach::is_public_v6)),
        examples: &[
            ("from 2001:db8::8a2e:370:7334.", "2001:db8::8a2e:370:7334"),
            ("[2606:4700:4700::1111]:443", "2606:4700:4700::1111"),
            (
                "2001:0db8:85a3:0000:0000:8a2e:0370:7334/64",
                "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
            ),
            ("at ::ffff:203.0.113.7 ok", "::ffff:203.0.113.7"),
        ],
        near_misses: &[
            "listen on [::1]:8080 and ::",
            "std::vector, a::b, de::fa and 10:30:00",
            "1:2:3:4:5:6:7 and 2001:db8::1::2",
            "2001:db8::12345 and x2001:db8::1",
        ],
        ..ADDRESS
    },
    Rule {
        id: "private-ipv6",
        what: "IP address, version 6, of a private network or a link; only counted",
        source: "RFC 4193 section 3, RFC 4291 section 2.5.6; not confirmed",
        how: How::Special(Special::Ipv6),
        pattern: r"[0-9A-Fa-f:.]{4,45}",
        check: Some(Check(reach::is_private_v6)),
        action: Action::Observe,
        examples: &[
            (
                "inet6 fe80::1ff:fe23:4567:890a%eth2",
                "fe80::1ff:fe23:4567:890a",
            ),
            ("peer fd12:3456:789a::1", "fd12:3456:789a::1"),
        ],
        near_misses: &["2001:db8::1 is public", "fe80 and fe80:1"],
        ..ADDRESS
    },
    Rule {
        id: "mac-address",
        what: "hardware address (EUI-48)",
        source: "IEEE 802-2014 section 8.2; RFC 7042 section 2.1; not confirmed",
        how: How::Special(Special::Mac),
        pattern: r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2}",
        check: Some(Check(reach::is_device)),
        examples: &[
            ("ether 3c:22:fb:9a:10:7e txqueuelen", "3c:22:fb:9a:10:7e"),
            ("Physical Address: 3C-22-FB-9A-10-7E", "3C-22-FB-9A-10-7E"),
            ("printer FC-AA-0B-9A-10-7E.", "FC-AA-0B-9A-10-7E"),
            ("cisco fb3c.229a.107e", "fb3c.229a.107e"),
        ],
        near_misses: &[
            "00:00:00:00:00:00 and ff:ff:ff:ff:ff:ff",
            "sha1 3c:22:fb:9a:10:7e:01:02:03 and 12-34-56",
            "3c:22:fb:9a:10 and 3c:22:fb:9a:10:7g",
            "1234.5678 and 1234.5678.9abcd and 22-11-2026",
        ],
        ..ADDRESS
    },
];
