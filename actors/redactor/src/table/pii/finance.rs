//! Cards and bank accounts.

use crate::checks::{bank, card};
use crate::table::row::{Action, Check, Class, How, NumberShape, Rule, Special};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        id: "payment-card",
        what: "payment card number of 13 to 19 digits",
        class: Class::Pii,
        source: "ISO/IEC 7812-1 annex B; number ranges of the networks; not confirmed",
        how: How::Special(Special::Number(NumberShape {
            layouts: &[
                "ddddddddddddd",
                "dddddddddddddd",
                "ddddddddddddddd",
                "dddddddddddddddd",
                "dddddddddddddddddd",
                "ddddddddddddddddddd",
                "dddd dddd dddd dddd",
                "dddd-dddd-dddd-dddd",
                "dddd dddddd ddddd",
                "dddd-dddddd-ddddd",
                "dddd dddddd dddd",
                "dddd-dddddd-dddd",
                "dddd dddd dddd dddd ddd",
                "dddd-dddd-dddd-dddd-ddd",
                "dddd.dddd.dddd.dddd",
            ],
            loose: &[],
            context: &[],
        })),
        pattern: r"\d{4}[-. ]?\d{4,6}[-. ]?\d{4,5}[-. ]?\d{0,4}[- ]?\d{0,3}",
        entropy: 0.0,
        check: Some(Check(card::card)),
        action: Action::Redact,
        examples: &[
            (
                concat!("card 4539 4267", " 4572 0119 12/27 123"),
                concat!("4539 4267", " 4572 0119"),
            ),
            (
                concat!("pan=54124893", "20321140;"),
                concat!("54124893", "20321140"),
            ),
            (
                concat!("amex 3714 2134", "80 28399"),
                concat!("3714 2134", "80 28399"),
            ),
            (
                concat!("371421", "348028399."),
                concat!("371421", "348028399"),
            ),
            (
                concat!("10:4539-4267", "-4572-0119"),
                concat!("4539-4267", "-4572-0119"),
            ),
            (
                concat!("6205818510", "530253995"),
                concat!("6205818510", "530253995"),
            ),
        ],
        near_misses: &[
            "order 4539 4267 4572 0118",
            "45394267457201190 and 0.4539426745720119",
            "1763805047123 1763805047123456 1763805047123456789",
            "a4539426745720119 id-4539426745720119 x/4539426745720119",
            "0000 0000 0000 0000",
        ],
    },
    Rule {
        id: "iban",
        what: "international bank account number",
        class: Class::Pii,
        source: "ISO 13616-1; lengths of the SWIFT IBAN registry, release 100; not confirmed",
        how: How::Special(Special::Iban),
        pattern: r"[A-Z]{2}\d{2}(?: ?[0-9A-Z]{1,4}){3,8}",
        entropy: 0.0,
        check: Some(Check(bank::iban)),
        action: Action::Redact,
        examples: &[
            (
                "pay DE34 3704 0044 0987 6543 21 today",
                "DE34 3704 0044 0987 6543 21",
            ),
            ("iban:GB89NWBK60161398765432,", "GB89NWBK60161398765432"),
            (
                "FR72 2004 1010 0509 8765 4M02 606",
                "FR72 2004 1010 0509 8765 4M02 606",
            ),
        ],
        near_misses: &[
            "pay DE34 3704 0044 0987 6543 22 today",
            "GB89NWBK601613987654321 and XGB89NWBK60161398765432",
            "AB12 CDEF and US64 0000 1111",
        ],
    },
];
