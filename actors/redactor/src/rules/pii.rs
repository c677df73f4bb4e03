//! Rules of the preset `pii`: structured personal data only, checked where it has a check.

use super::checks;
use crate::rule::{Class, Reach, Rule};

/// A number that stands alone, with no letter or digit on either side.
macro_rules! apart {
    ($number:literal) => {
        concat!(
            "(?:^|[^0-9A-Za-z_])(?<secret>",
            $number,
            ")(?:[^0-9A-Za-z_]|$)"
        )
    };
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "email",
        what: "mail address",
        class: Class::Pii,
        keywords: &["@"],
        pattern: r"@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}",
        least: 1,
        reach: Reach::Mailbox,
        check: None,
        example: (
            "write to jane.doe+x@mail.example.com!",
            "jane.doe+x@mail.example.com",
        ),
        near_miss: "pip install git+ssh @example, see @param name and a @ b.com",
        source: "RFC 5321 section 4.1.2 (Dot-string and Domain), without quoted forms",
    },
    Rule {
        id: "us-ssn",
        what: "US social security number",
        class: Class::Pii,
        keywords: &["-"],
        pattern: apart!("[0-9]{3}-[0-9]{2}-[0-9]{4}"),
        least: 1,
        reach: Reach::Secret,
        check: Some(checks::social_security_number),
        example: ("his SSN is 219-09-9999.", "219-09-9999"),
        near_miss: "part 000-12-3456 of 2026-11-22",
        source: "ssa.gov, Social Security Number Randomization",
    },
    Rule {
        id: "payment-card",
        what: "payment card number",
        class: Class::Pii,
        keywords: &[],
        pattern: apart!(
            r"(?:[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}|3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5})"
        ),
        least: 1,
        reach: Reach::Secret,
        check: Some(checks::luhn),
        example: ("card 4111-1111 1111 1111 exp", "4111-1111 1111 1111"),
        near_miss: "order 4111-1111 1111 1112",
        source: "ISO/IEC 7812-1",
    },
    Rule {
        id: "phone",
        what: "phone number with country code",
        class: Class::Pii,
        keywords: &["+"],
        pattern: apart!(
            r"\+[1-9][0-9]{0,2}[ .-]?(?:\([0-9]{1,4}\)[ .-]?)?[0-9]{1,4}(?:[ .-]?[0-9]{2,4}){1,4}"
        ),
        least: 1,
        reach: Reach::Secret,
        check: Some(checks::phone),
        example: ("call +1 (555) 010-4477 now", "+1 (555) 010-4477"),
        near_miss: "x = a+100 - b",
        source: "ITU-T E.164",
    },
];
