//! Hashes of passwords: whoever has one may guess at leisure.

use crate::table::credentials::looks::is_not_printed;
use crate::table::credentials::rows::{example, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "bcrypt",
        "hash of a password, bcrypt",
        "crypt(5); not confirmed",
        r"\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{53}",
        &[
            example![
                "$2b",
                "$12$z34WexFNrAzdbCzLzlg8iti8PyUa6W5O5wNz.h1QWFIAeJgW.OOMy"
            ],
            example![
                "$2y",
                "$10$YQLPPfQ7a7aRy9lkPuLiTfYnw0UTXUj7eHHecMn7Nz/.zsT1pPSHn"
            ],
        ],
        &["$2b$12$short", "$2.50"],
    )
    .floor(4.0)
    .checked(is_not_printed),
    token_anywhere(
        "argon2",
        "hash of a password, argon2",
        "npmjs.com/package/phc-argon2, PHC string format, read 22 Nov 2026",
        r"\$argon2[id]{1,2}\$v=[0-9]{1,3}\$[a-z0-9=,]{8,48}\$[A-Za-z0-9+/]{8,}\$[A-Za-z0-9+/]{16,}",
        &[example![
            "$ar",
            "gon2id$v=19$m=65536,t=3,p=4$bqEEI9HtVg60HFZH6kTECU$Q5dFyBTazNOanLobkRqWL",
            "3UAEicS0J+GRwFUNNX2ROY",
        ]],
        &["$argon2id$v=19$m=65536,t=3,p=4$", "argon2id v=19"],
    )
    .floor(4.0),
    token_anywhere(
        "sha512-crypt",
        "hash of a password, SHA-512 in crypt",
        "crypt(5) of libxcrypt; docs.python.org, crypt, read 22 Nov 2026",
        r"\$6\$[./A-Za-z0-9=]{1,24}\$[./A-Za-z0-9$]{80,}",
        &[
            example![
                "$6$",
                "GwOmMLPeNl1gm2Ex$4J/SwhQtOLvqMGJIsp0bp.o7jyB1.zJY22Ze.siDRcmfDrFwyDPx/IC",
                "eBGB.eOUkSKbDnNJUl.L6wPekwOB7Ol",
            ],
            example![
                "$6$",
                "rounds=5000$aiN13xWzWzVe8GNB$xoxLo6JK5OjvDbxgPTao5PkBaxL7kAgbBQjvlzPD.6F",
                "PYOdBnAr5hBAiZ8qCweDnCKJTmng7MapLv0YojSRScy",
            ],
        ],
        &["$6$salt$", "$6 and $60"],
    )
    .floor(4.0),
    token_anywhere(
        "sha256-crypt",
        "hash of a password, SHA-256 in crypt",
        "crypt(5) of libxcrypt; docs.python.org, crypt, read 22 Nov 2026",
        r"\$5\$[./A-Za-z0-9=]{1,24}\$[./A-Za-z0-9$]{40,}",
        &[example![
            "$5$",
            "PK4qUuR3TJ95ff0s$fyfAQJtb1fPNxcVKjGhtffDzyQywpzkEAVvJ2HCn3lW"
        ]],
        &["$5$salt$"],
    )
    .floor(4.0),
    token_anywhere(
        "yescrypt",
        "hash of a password, yescrypt",
        "docs.python.org, crypt; doc.dovecot.org, password schemes, read 22 Nov 2026",
        r"\$y\$[./A-Za-z0-9]{3,}\$[./A-Za-z0-9]{8,}\$[./A-Za-z0-9]{43}",
        &[example![
            "$y$",
            "j9T$st.Bj0tAi8GvFFBQjKmNXd$cMc8fJ0EnGOxEqW8b1FK4fGncA9lVPp5kDINInP9aGf",
        ]],
        &["$y$j9T$"],
    )
    .floor(4.0),
    token_anywhere(
        "apr1",
        "hash of a password in a file of Apache",
        "httpd.apache.org/docs/2.4/misc/password_encryptions.html; not confirmed",
        r"\$apr1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}",
        &[example!("admin:" ["$ap", "r1$iwK3gBUr$GjBs4Jdyd.KNLikHO2wx5A"] "")],
        &["$apr1$"],
    )
    .floor(3.8),
    token_anywhere(
        "django-pbkdf2",
        "hash of a password, PBKDF2 of Django",
        "docs.djangoproject.com, password management; not confirmed",
        r"pbkdf2_sha256\$[0-9]{3,}\$[A-Za-z0-9]{6,}\$[A-Za-z0-9+/]{40,}={0,2}",
        &[example![
            "pbk",
            "df2_sha256$870000$RgrhQ36rBWHCQ0mcKutp5U$0LUy2j8rx5jGOlmYmHZAIkBbqNOgLCa",
            "sYcmFKRhNC+W=",
        ]],
        &["pbkdf2_sha256$870000$"],
    )
    .floor(4.0),
    token_anywhere(
        "scram",
        "hash of a password, SCRAM of PostgreSQL",
        "postgresql.org/docs, pg_authid; RFC 5803; not confirmed",
        r"SCRAM-SHA-256\$[0-9]{4,}:[A-Za-z0-9+/]{16,}={0,2}\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=",
        &[example![
            "SCR",
            "AM-SHA-256$4096:dIvsPGeVX7CqbGVlm+kXOz==$yLaztKNkx+4bhZkuWwSOQmqymrQDD74",
            "6ndCwWwiCFEo=:ZTKAMwHx4/TdoxTJzEdCVJn8c4QtSzPwLakSWWqvp1O=",
        ]],
        &["SCRAM-SHA-256$4096:salt"],
    )
    .floor(4.0),
    token_anywhere(
        "ldap-hash",
        "hash of a password in a directory",
        "RFC 2307 section 5.3; not confirmed",
        r"\{SSHA(?:256|512)?\}[A-Za-z0-9+/]{24,}={0,2}",
        &[example!("userPassword: " ["{SS", "HA}UJm/lBLmWmp6QkqjCAMmQ2A72sdZlLFvWrU9vb=="] "")],
        &["{SSHA}hash"],
    )
    .floor(3.8),
];
