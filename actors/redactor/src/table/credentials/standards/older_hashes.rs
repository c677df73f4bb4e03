//! Hashes of passwords that systems of old still write.

use crate::table::credentials::looks::is_not_printed;
use crate::table::credentials::rows::{example, token, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "md5-crypt",
        "hash of a password, MD5 in crypt",
        "crypt(5) of libxcrypt; form in titus of 10 Apr 2026",
        r"\$1\$[./0-9A-Za-z]{2,8}\$[./0-9A-Za-z]{22}",
        &[example!("root:" ["$1$", "2twd9Gq1$6CFmdJLTVuiynny5ulj3DS"] ":19000:0:99999")],
        &["$1$2$3", "costs $1$"],
    )
    .floor(3.5)
    .checked(is_not_printed),
    token_anywhere(
        "cisco-hash",
        "hash of a password, type 8 or 9 of Cisco IOS",
        "cisco.com, password types; form in titus of 10 Apr 2026",
        r"(?:\$8\$|\$9\$)[./0-9A-Za-z]{14}\$[./0-9A-Za-z]{43}",
        &[example!(
            "username admin secret 9 " [
                "$9$",
                "0ldfYz9OvdYqYH$SRw0TeI6bhgEBjZnBcwGd8n48CBjb11OpLKgX0fQXMB",
            ] ""
        )],
        &["$9$short", "$8$ for $9$"],
    )
    .floor(4.0)
    .checked(is_not_printed),
    token_anywhere(
        "kerberos-hash",
        "Kerberos ticket or reply for guessing a password",
        "hashcat.net/wiki, example hashes; form in titus of 10 Apr 2026",
        r"(?:\$krb5asrep|\$krb5tgs|\$krb5pa)\$[0-9]{2}\$[0-9A-Za-z$*@./:_-]{3,256}",
        &[example![
            "$kr",
            "b5asrep$23$svc@corp.test:4d95a1dab620aa3123a0391acaeb6536$1a",
            "0938990488e27c386fa96a64f838e923407ec0a320625dd30a55ed9c7d10",
            "41cc63edb4941ef74ee998c4ce9ece840d4795ecc090254f5bb77deb12f8",
            "7ca2ba"
        ]],
        &["$krb5asrep$23", "$krb5tgs$"],
    )
    .floor(3.0),
    token_anywhere(
        "phpass",
        "hash of a password, phpass of WordPress and phpBB",
        "openwall.com/phpass; not confirmed",
        r"(?:\$P\$|\$H\$)[./0-9A-Za-z]{31}",
        &[example!("'" ["$P$", "Bhz1r7LERMYmyOSnOeg0MZ68DuGBM5C"] "'")],
        &["$P$B", "$H$9"],
    )
    .floor(3.5)
    .checked(is_not_printed),
    token_anywhere(
        "drupal-hash",
        "hash of a password, SHA-512 of Drupal",
        "drupal.org, PhpassHashedPassword; not confirmed",
        r"\$S\$[./0-9A-Za-z]{52}",
        &[example!("'" ["$S$", "DH4f9JIEtNCjOS9rY28cI02pVYxTLJJ27VuTWbW5hXE2emsrjwe3"] "'")],
        &["$S$D", "US$S$"],
    )
    .floor(4.0)
    .checked(is_not_printed),
    token_anywhere(
        "pbkdf2-hash",
        "hash of a password, PBKDF2 of passlib",
        "passlib.readthedocs.io, pbkdf2; not confirmed",
        concat!(
            r"\$pbkdf2(?:-sha1|-sha256|-sha512)?\$[0-9]{3,8}\$[./0-9A-Za-z",
            r"]{8,64}\$[./0-9A-Za-z]{20,}"
        ),
        &[example![
            "$pb",
            "kdf2-sha256$29000$i3zFRhnSCb5uneXQZGzjcy$5IWvxzWCLNHrt99aVEN",
            "syMjBtVcZ4PUlIkLCqOCRAq0"
        ]],
        &["$pbkdf2-sha256$29000$"],
    )
    .floor(4.0)
    .checked(is_not_printed),
    token_anywhere(
        "scrypt-hash",
        "hash of a password, scrypt",
        "passlib.readthedocs.io, scrypt; crypt(5), $7$; not confirmed",
        concat!(
            r"(?:\$scrypt\$ln=[0-9]{1,2},r=[0-9]{1,3},p=[0-9]{1,3}\$|\$7\$)[./",
            r"0-9A-Za-z+=]{16,}\$[./0-9A-Za-z+=]{40,}"
        ),
        &[example![
            "$sc",
            "rypt$ln=16,r=8,p=1$W9dVCoJDHgstZz8iZ6dgzw$B6NT5nGa3doFPdIuUR",
            "rOFRstUpCWVCXMdUdxSODaqWp"
        ]],
        &["$scrypt$ln=16", "$7$x$y"],
    )
    .floor(4.0)
    .checked(is_not_printed),
    token(
        "werkzeug-hash",
        "hash of a password, of Werkzeug and Flask",
        "werkzeug.palletsprojects.com, generate_password_hash; not confirmed",
        concat!(
            "(?:scrypt:[0-9]{4,6}:[0-9]{1,2}:[0-9]{1,2}|pbkdf2:sha(?:1|25",
            r"6|512):[0-9]{4,8})\$[0-9A-Za-z]{6,32}\$[0-9a-f]{40,}"
        ),
        &[
            example![
                "scr",
                "ypt:32768:8:1$wr7VFVQ4Z0wjd3HT$c45ab1fc8683da593c1602396e200",
                "e7e158a721d53e0f8863911597b0984b38bec0b9553a49fa8cde9fa731c0",
                "38f13c1f73bc647d255946a205dbf5453279592"
            ],
            example![
                "pbk",
                "df2:sha256:600000$GJ5gJbt6t82HA8D5$db9ec798c67fc9351df349286",
                "4af7c52fffedc91d470857ce6654b0ba0df68e1"
            ],
        ],
        &["scrypt:32768:8:1", "pbkdf2:sha256:600000"],
    )
    .floor(3.2)
    .checked(is_not_printed),
    token_anywhere(
        "ntlm-hash",
        "hash of a password, NTLM",
        "learn.microsoft.com, NTLM; hashcat.net/wiki; not confirmed",
        "aad3b435b51404eeaad3b435b51404ee:(?<secret>[0-9a-f]{32})",
        &[example!(
            "Administrator:500:aad3b435b51404eeaad3b435b51404ee:" [
                "86e",
                "cc26a5ece9868e4ab00c099d78fd6",
            ] ":::"
        )],
        &[
            "aad3b435b51404eeaad3b435b51404ee",
            "aad3b435b51404eeaad3b435b51404ee:short",
        ],
    )
    .floor(3.0),
];
