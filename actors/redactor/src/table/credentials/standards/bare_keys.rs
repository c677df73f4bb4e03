//! Private keys that have lost their armour: one line of base64.

use crate::table::credentials::looks::is_not_printed;
use crate::table::credentials::rows::{assigned, example, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "private-key-der",
        "private key without armour: PKCS #8 or PKCS #1 in base64",
        "RFC 5958 section 2; RFC 8017 appendix A.1.2; RFC 8410 section 7, read 22 Nov 2026",
        concat!(
            "(?:MIIEvQIBADANBgkqhkiG9w0BAQEFAASC|",
            "MIIEvgIBADANBgkqhkiG9w0BAQEFAASC|",
            "MIIEvAIBADANBgkqhkiG9w0BAQEFAASC|",
            "MIIEwAIBADANBgkqhkiG9w0BAQEFAASC|",
            "MIIJQgIBADANBgkqhkiG9w0BAQEFAASC|",
            "MIIJQwIBADANBgkqhkiG9w0BAQEFAASC|",
            "MIIJQQIBADANBgkqhkiG9w0BAQEFAASC|",
            "MIIJRAIBADANBgkqhkiG9w0BAQEFAASC|",
            "MIIEowIBAAKCAQEA|",
            "MIIEpAIBAAKCAQEA|",
            "MIIEpQIBAAKCAQEA|",
            "MIIEogIBAAKCAQEA|",
            "MIIJKAIBAAKCAgEA|",
            "MIIJKQIBAAKCAgEA|",
            "MIIJJwIBAAKCAgEA|",
            "MIIJKgIBAAKCAgEA|",
            "MIGHAgEAMBMGByqGSM49|",
            "MIGEAgEAMBAGByqGSM49|",
            "MIG2AgEAMBAGByqGSM49)[0-9A-Za-z+/]{60,}={0,2}"
        ),
        &[
            example!(
                "private_key: " [
                    "MII",
                    "EvQIBADANBgkqhkiG9w0BAQEFAASCA12gJZwt7HiFePCPbse0NLYz2W7CUWq",
                    "8ezq7TX9VixFjwGOqcZBezMso1K5qGkVEHVy4qqooU54WeD3zN7rn4MdCvsl",
                    "l4Zcl9DEHV0qxZ0ktYldoqA4INmIvCKR9IwV3YsSUKVHsuXJ89nMgLey1UYu",
                    "3bi11TgMQqidO8zhYffd7XYvWFksH3uNvJpslzbToZp3EwNaiVk5nM5VR6YQ",
                    "IoltFTn4Q",
                ] ""
            ),
            example!(
                "" [
                    "MIG",
                    "HAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgohuaePerNqFByEb",
                    "sd6mrvtpNhWw2TrQU2Esy0Rt64sxHfzExh16j1sFcFbdH1XOaVbvZlLXJdvg",
                    "yT3HtYO2IHpZWPxR39HPUkSAgFkkKuMOPVKFVxUseyp8kHt5ON2YSNNC9FKL",
                    "g",
                ] ""
            ),
        ],
        &[
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
            concat!(
                "MIIBIj",
                "ANBgkqhkiG9w0BAQEFAAOCAQ8AuRS3Qd9XWuPpSKFmOv8UjjmdLfaro6LvBL",
                "StBZVWh01F5Utn4c9DIj1mDK7xsl6isPEFBDmn8UDsznEmJ0nMjSHuuB"
            ),
        ],
    )
    .floor(4.5)
    .checked(is_not_printed),
    token_anywhere(
        "private-key-ed25519",
        "private key without armour: Ed25519 or X25519 in PKCS #8",
        "RFC 8410 section 7, read 22 Nov 2026",
        concat!(
            "(?:MC4CAQAwBQYDK2VwBCIE|MC4CAQAwBQYDK2VuBCIE|MFECAQEwBQYDK2V",
            "wBCIE)[0-9A-Za-z+/]{43,}={0,2}"
        ),
        &[example!(
            "sc_app.key.acc-1." [
                "MC4",
                "CAQAwBQYDK2VwBCIEjcDqnim5hptLu36D9QKGVzESCo4uX30ernua0ShkSLJ",
                "m",
            ] ""
        )],
        &[
            "MC4CAQAwBQYDK2VwBCIE",
            concat!(
                "MCowBQ",
                "YDK2VwAyEAYaFg8RGGr34svepUcyzAPJjtDO1VqhqjmOhAtlriS9K"
            ),
        ],
    )
    .floor(4.0)
    .checked(is_not_printed),
    assigned(
        "secret-box-key",
        "password that is a file of PKCS #12 in base64, assigned to a name",
        "RFC 7292 section 4; docs.github.com, PKCS12; not confirmed",
        &[
            "pfx_base64",
            "p12_base64",
            "pkcs12",
            "pfx_data",
            "p12_data",
            "certificate_pfx",
            "pfx_certificate",
            "certificate_p12",
            "p12_certificate",
        ],
        "MII[0-9A-Za-z+/]{400,}={0,2}",
        &[example!(
            "CERT_PFX_BASE64=" [
                "MII",
                "KEQIBAzCCOl9iO6sijl0S8BXIoDejsE0WvpbAOpGrL3k8YYWSkUqkKJoSNkF",
                "56iblefzKFIsvvDieWS9HlsPCv7kX881G7db7kclXFhBsqRTRqLKQUhMlBA1",
                "pubuXwKjrAJiaOw15PV74CKXIqsbmF4zSKLFNF5tlkMb252YQocPIUBa0R9A",
                "h2cE3Z0JnTBZRdab1dgYnZbpWNB8rmWFfBrrV4Wabm26BtKZhYnNW7ccKu1K",
                "9jCc7ysTO4RzUq4h29HSSiKw6Vq9fE0QO8QJvmgQxjHwAwEcVcvJM6PMRw9y",
                "QScifiQpPi0p3HKbVVbiALPOPxDpodJiF0LdE3kqIiFxNWwK0Co24flD3AkH",
                "VIEjz3OelOjAFPCEcM8qCvZxRJ5XhTIgnMahAKVJkKf4NBfyABAhcXRcQ330",
                "hHWA08ABIY9iXKfB4uw9MsjKQjwJh",
            ] ""
        )],
        &[
            "CERT_PFX_BASE64=MIIK",
            concat!(
                "certif",
                "icate: MIIcVux8X8lrFuvlAdbNRWcw3FN8jH8lDjmII0XMaXMMwJY2aS0of",
                "WC64E6aACI8oSeQeHzzLlqCLYwk5BYcqPVnUY9Jy9WhsasdWuBx2ExCliZnH",
                "o9QPq9RynlEo35fhAHxFdngKEMjOCc2dKelmjxoqB0xXgEitcbZ9lPPAXwgH",
                "HqeLDixBWCTTfOyCIDcTEgfk44UALifCy2pUhNGavMCuUwqMSLTRgS8KVD4q",
                "4eb2T4M6naiiAVbJ1fey5jPGED7cCJtKsHj40BTIALoQapxo4zGx1ocTSUJk",
                "mJAl9RPdp0MoBVZ2YhwdLVQiApO5UVgUNrouipQVwsDUfPaPQuDUvPFo1G89",
                "wsfq5NdR0nwuA1HiuyfK2rGWYUo26unmXDxaSmCeWtlZO2dUkw23yD8ImvUB",
                "qnqUhZTIvAbkjCIvmJ06cDb6q1BW2Z"
            ),
        ],
    )
    .floor(4.0)
    .checked(is_not_printed),
];
