//! Formats that many share: private keys, addresses with passwords, headers, assignments.

use crate::table::row::{Action, Class, How, Rule, Special};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        id: "assigned-password",
        what: "password assigned to a name that says so",
        class: Class::Credential,
        source: "names as in configuration, code and prose; checked in scan/secret_names.rs, read 22 Nov 2026",
        how: How::Special(Special::SecretAssignment),
        pattern: r#"(?i)pass(?:word|wd|phrase)["']?[ ]{0,8}[:=][ ]{0,8}["']?(?<secret>[^"',; \n]{6,512})"#,
        entropy: 0.0,
        check: None,
        action: Action::Redact,
        examples: &[
            ("password = \"correct horse\"", "correct horse"),
            ("DB_PASSWORD=Tr0ub4dor-and-3", "Tr0ub4dor-and-3"),
            ("{\\\"password\\\": \\\"hunter2!\\\"}", "hunter2!"),
        ],
        near_misses: &[
            "password = config.password",
            "password: ${PASSWORD}",
            "\"password\": \"Enter your password\"",
            "password_length = 12345678",
        ],
    },
    Rule {
        id: "assigned-secret",
        what: "secret, token or key assigned to a name that says so",
        class: Class::Credential,
        source: "names as in configuration, code and prose; checked in scan/secret_names.rs, read 22 Nov 2026",
        how: How::Special(Special::SecretAssignment),
        pattern: r#"(?i)(?:secret|token|api_key)["']?[ ]{0,8}[:=][ ]{0,8}["']?(?<secret>[^"',; \n]{8,512})"#,
        entropy: 0.0,
        check: None,
        action: Action::Redact,
        examples: &[
            (
                concat!("client_secret: \"xK9p", "Q2mZ7wR4tY6u\""),
                concat!("xK9p", "Q2mZ7wR4tY6u"),
            ),
            (
                concat!("API_KEY=aB1cD2eF", "3gH4iJ5kL6mN"),
                concat!("aB1cD2eF", "3gH4iJ5kL6mN"),
            ),
        ],
        near_misses: &[
            "token = getToken()",
            "token: the next token",
            "max_tokens = 4096",
            "public_key = \"aB1cD2eF3gH4iJ5kL6mN7oP8\"",
        ],
    },
];
