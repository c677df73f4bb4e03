//! Mail addresses and phone numbers.

use crate::table::row::{Action, Class, How, Rule, Special};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        id: "email",
        what: "mail address; those of example domains too",
        class: Class::Pii,
        source: "RFC 5321 sections 4.1.2 and 4.5.3.1 (without quoted mailboxes), RFC 6531; \
                 not confirmed",
        how: How::Special(Special::Mail),
        pattern: r"[A-Za-z0-9_+\x{c0}-\x{7ff}][A-Za-z0-9._%+'\x{c0}-\x{7ff}-]{0,63}@(?:[A-Za-z0-9\x{80}-\x{10ffff}-]{1,63}\.){1,9}(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]+|[\x{80}-\x{10ffff}]+)",
        entropy: 0.0,
        check: None,
        action: Action::Redact,
        examples: &[
            (
                "write to jane.doe+x@mail.example.com!",
                "jane.doe+x@mail.example.com",
            ),
            ("<mailto:o'brien@example.co.uk>", "o'brien@example.co.uk"),
            ("请联系li.wei@example.cn。谢谢", "li.wei@example.cn"),
            ("grüße an jörg@münchen.example", "jörg@münchen.example"),
            (r"To: \njane@example.org\n", "jane@example.org"),
            ("who=noreply@example.com&x=1", "noreply@example.com"),
            ("see...jane@example.net...", "jane@example.net"),
        ],
        near_misses: &[
            "git clone git@github.com:owner/repo.git",
            "ssh root@host and jane@localhost",
            "@app.route('/') def f(): pass",
            "npm i @scope/pkg@1.2.3 lodash@4.17.21-beta.next",
            "uses: actions/checkout@v4.1.x",
            "icon@2x.png and logo@3x.webp",
            "systemctl status getty@tty1.service",
            "this@MainActivity.applicationContext",
            "postgres://app:hunter2@db.example.com/prod",
            "a @ b.com, x@, @y.com",
        ],
    },
    Rule {
        id: "phone",
        what: "phone number with country code, or after a word such as `phone`",
        class: Class::Pii,
        source: "ITU-T E.164 section 6.1 and list of assigned country codes; NANP; not confirmed",
        how: How::Special(Special::Phone),
        pattern: r"(?:\+|00)?[0-9() ./-]{8,30}",
        entropy: 0.0,
        check: None,
        action: Action::Redact,
        examples: &[
            ("ring +1 (415) 555-0132 now", "+1 (415) 555-0132"),
            ("+44 (0)20 7946 0958", "+44 (0)20 7946 0958"),
            ("mobil: +49 171 2345678.", "+49 171 2345678"),
            ("+14155550132 is it", "+14155550132"),
            ("aus dem Ausland 0049 30 1234567", "0049 30 1234567"),
            ("phone: (415) 555-0132", "(415) 555-0132"),
            ("call me at 415-555-0132 or later", "415-555-0132"),
            ("Tel. 030 12345678", "030 12345678"),
            ("\"mobilePhone\": \"07700 900123\"", "07700 900123"),
        ],
        near_misses: &[
            "x = a+100 - b; y = 1+15551234567",
            "@@ -1,7 +10,12 @@ fn main",
            "at 2026-11-22T10:00:00+0200 or +02:00",
            "+1 111 555 0132 and +999 12345678",
            "build 415-555-0132 of the part",
            "call it on 2026-11-22 or 22.11.2026 10:30",
            "call(100, 200, 300)",
            "version 0012.1 at 10:00 49 30 1234567",
        ],
    },
];
