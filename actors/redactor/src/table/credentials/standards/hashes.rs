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
                "$12$STW/ULSQu.1kRQrS5hRTQ.p8u7TPHAe2DVvOS/KzZrADbHAj.JxJS"
            ],
            example![
                "$2y",
                "$10$s3PDjq/CGfKYCUWwTXCG/yt6nh6m4p39elskQ0CLFQ0E0lzDJqa/X"
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
            "gon2id$v=19$m=65536,t=3,p=4$VKmftEfCcY03vjLchd8Ozu$NmtrIVi26s4FSnmE/J2sw",
            "pCxGzvgvbdSD7S4Ut8pZyH",
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
                "DzAx4g4gmQORdvdv$jDtRw0QKjDyk3mtDBlCdaEtDZIb7QWbTBZO6nQF9WWu7uYt7nxS7PvC",
                "e25Qjkaqk5Zmv0EXcysdb3tFwKnrPld",
            ],
            example![
                "$6$",
                "rounds=5000$91WUP6Uyu2DygiOG$SMwsFXQ4U8bd9svTOMKQZZj53Xvnr75LKwQNpBe/tNw",
                "qmMksfgMDtytbOpZSUy60FHIO5VnbD1ukchyIyPw.za",
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
            "m3sQRzFsOBempM0q$wueXhvbIvYfEy8DQ4qcOx8uuRpwLF2.KM/RbGZuTPdq"
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
            "j9T$SeuZOKRAFM44vbDLLkXuhr$I48LprjVDEhaJ8Hw/yb0yCTfJLh1CrFflPOAoXBjNC7",
        ]],
        &["$y$j9T$"],
    )
    .floor(4.0),
    token_anywhere(
        "apr1",
        "hash of a password in a file of Apache",
        "httpd.apache.org/docs/2.4/misc/password_encryptions.html; not confirmed",
        r"\$apr1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}",
        &[example!("admin:" ["$ap", "r1$T8nkFagN$KLD/Wbt5JQJs2qooFaI.gd"] "")],
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
            "df2_sha256$870000$xCkfRmWtuyq6gn3B2ZWpbe$Z9odGXMTdkE8JeAWX8MprqOTaNUX3dt",
            "TsJu4YASIwNS=",
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
            "AM-SHA-256$4096:qeXvLb5rdbLo2u0ChOxss9==$E52VeZPglI4ocl5ZcEv/HMmdLAZD/6J",
            "M2Zw4y7WVN78=:V5m/zHDBI6guh1uvG8xc3JFfle/Radkhy9KIhZo1ZwJ=",
        ]],
        &["SCRAM-SHA-256$4096:salt"],
    )
    .floor(4.0),
    token_anywhere(
        "ldap-hash",
        "hash of a password in a directory",
        "RFC 2307 section 5.3; not confirmed",
        r"\{SSHA(?:256|512)?\}[A-Za-z0-9+/]{24,}={0,2}",
        &[example!("userPassword: " ["{SS", "HA}rX9ljNtM6UYeO8WNmsp8/CBbl0CIVzbT9rKDxN=="] "")],
        &["{SSHA}hash"],
    )
    .floor(3.8),
];
