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
        &[example!("root:" ["$1$", "hfQQ9NGS$w8jCD9LSlPXAS8RJXu1GRX"] ":19000:0:99999")],
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
                "cpkjuYrAWpTL0v$KG57Uq8Jr7SonfvVQYs6ksogadzvx3T3fsx5UPG0DiY",
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
            "b5asrep$23$svc@corp.test:038f13c1f73bc647d255946a205dbf54$89",
            "66e91d6239f3e7864c5dc9212beae9f61200db4f10771dc572950f4ab548",
            "289854897e5aea09987107efb13e075db20434a16ce8b70c60a1058f2eda",
            "d848b8"
        ]],
        &["$krb5asrep$23", "$krb5tgs$"],
    )
    .floor(3.0),
    token_anywhere(
        "phpass",
        "hash of a password, phpass of WordPress and phpBB",
        "openwall.com/phpass; not confirmed",
        r"(?:\$P\$|\$H\$)[./0-9A-Za-z]{31}",
        &[example!("'" ["$P$", "BUriuVaEYp9IwHcMhGg0oHD7WX0UP4F"] "'")],
        &["$P$B", "$H$9"],
    )
    .floor(3.5)
    .checked(is_not_printed),
    token_anywhere(
        "drupal-hash",
        "hash of a password, SHA-512 of Drupal",
        "drupal.org, PhpassHashedPassword; not confirmed",
        r"\$S\$[./0-9A-Za-z]{52}",
        &[example!("'" ["$S$", "D36wTUVDJFbR2wyOv8VR6IlZwfNboCFiqRd7F4QPSWlYMrnvgbLs"] "'")],
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
            "kdf2-sha256$29000$ca0dmYwSYqUpwTFbtqkphb$ZHD9Pq38kNrh1EJh9nk",
            "fvfqBJRlypFpms5PHzWaWRey"
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
            r"\$(?:scrypt\$ln=[0-9]{1,2},r=[0-9]{1,3},p=[0-9]{1,3}|7)\$[./",
            r"0-9A-Za-z+=]{16,}\$[./0-9A-Za-z+=]{40,}"
        ),
        &[example![
            "$sc",
            "rypt$ln=16,r=8,p=1$IWLRC3Qjm1bxyaBUJegmas$jBsa2Ep2HVtsPbwwE7",
            "35eormRPO65lmqydBQelw6BcE"
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
                "ypt:32768:8:1$2SwHFx6J31qfI5zk$aa7352caf3b9c1719d1058ee000a6",
                "0f706e574decc5e1f51b4bf8ca631933af4a734662ad4cc7815e5c62ad32",
                "4f8f1c177ab940469d71490d493b4a5e90b68f3"
            ],
            example![
                "pbk",
                "df2:sha256:600000$NgMFc48ySdlgjNfO$e23ae2c53c7efcb2308c01c4a",
                "62ee248f1f438fc42f02716bae07fdfe78d51d1"
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
                "335",
                "5cea9523301a7d8d6c01f5b37e441",
            ] ":::"
        )],
        &[
            "aad3b435b51404eeaad3b435b51404ee",
            "aad3b435b51404eeaad3b435b51404ee:short",
        ],
    )
    .floor(3.0),
];
