//! Private keys that have lost their armour: one line of base64.

use crate::table::credentials::looks::is_not_printed;
use crate::table::credentials::rows::{assigned, example, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "private-key-der",
        "private key without armour: PKCS #8 or PKCS #1 in base64",
        "RFC 5958 section 2; RFC 8017 appendix A.1.2; RFC 8410 section 7; not confirmed",
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
                    "EvQIBADANBgkqhkiG9w0BAQEFAASCxaDlviW9HJWTehJmqT2zbTCzZKg42O1",
                    "JQTqq2NxN6dkTCwganNFGSzwxf6xouHcPQM3kJ5YrnK9bYSE7CFWdikUkj5x",
                    "cTfMgC1h83F42BBpa6X3J1eDjAOj7PuiCaZLOFujT5kzinL1B0zeIVvWKIRF",
                    "QS3R9jlK3IhQTOcKUqmcVpBSiS7QPDBhPdpwyejXDy9qoHdAPLkb3XEAJGIU",
                    "DsN1pZ7dl",
                ] ""
            ),
            example!(
                "" [
                    "MIG",
                    "HAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgojyQ0WqlPAZ6vNA",
                    "UDtwAq0LpjQfmEc3pbUa5RIQXnuQUriuVaEYp9IwHcMhGg0oHD7WX0UP4F36",
                    "wTUVDJFbR2wyOv8VR6IlZwfNboCFiqRd7F4QPSWlYMrnvgbLsca0dmYwSYqU",
                    "p",
                ] ""
            ),
        ],
        &[
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
            concat!(
                "MIIBIj",
                "ANBgkqhkiG9w0BAQEFAAOCAQ8AwTFbtqkphbZHD9Pq38kNrh1EJh9nkfvfqB",
                "JRlypFpms5PHzWaWReyIWLRC3Qjm1bxyaBUJegmasjBsa2Ep2HVtsPbw"
            ),
        ],
    )
    .floor(4.5)
    .checked(is_not_printed),
    token_anywhere(
        "private-key-ed25519",
        "private key without armour: Ed25519 or X25519 in PKCS #8",
        "RFC 8410 section 7; not confirmed",
        concat!(
            "(?:MC4CAQAwBQYDK2VwBCIE|MC4CAQAwBQYDK2VuBCIE|MFECAQEwBQYDK2V",
            "wBCIE)[0-9A-Za-z+/]{43,}={0,2}"
        ),
        &[example!(
            "sc_app.key.acc-1." [
                "MC4",
                "CAQAwBQYDK2VwBCIEwE735eormRPO65lmqydBQelw6BcE2SwHFx6J31qfI5z",
                "k",
            ] ""
        )],
        &[
            "MC4CAQAwBQYDK2VwBCIE",
            concat!(
                "MCowBQ",
                "YDK2VwAyEAUVnP554zGLFZVe9lHwsXSwmyjZCODyxkx0owTahDp5A"
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
            "pfx_certificate",
            "p12_certificate",
        ],
        "MII[0-9A-Za-z+/]{400,}={0,2}",
        &[example!(
            "CERT_PFX_BASE64=" [
                "MII",
                "KEQIBAzCCLRddoABugyAU1N44mBePnApNd1LtPJkbcltZk709YL3qicDfKCX",
                "IWgzeRYU0uNiwG7DgSGHwUmss5fJmkmxV0kxq4sryPHkrghIMMFVaIZYPQ68",
                "yDK0wqcuKwvwYM8FU7nbpHhFzJ1fRqfvDsZnDhOOsVwkW4TqIqBqsIMT0mbP",
                "9uClI9S2AaIluS1GXhv6y01Jt0Vk0LxdxTzBqtWNRzf7yGNgMFc48ySdlgjN",
                "fOduFHuV1dkFZKGsZPqdeZi3vl2yWwFxHpBRYBtCZskJVMyE9w1d4drEJ3Q4",
                "fDf5IHnoQlelYJxEeBEh39pPjiCM7X6w6Vi6wdBPi6etk8vkae0or9wcOltQ",
                "vaKDhaD8HmGkLzKZd0USu03LtkEHxvGkADm9nUkOnaRbNZADheLh2XG1PcIJ",
                "0CA12gJZwt7HiFePCPbse0NLYz2W7",
            ] ""
        )],
        &[
            "CERT_PFX_BASE64=MIIK",
            concat!(
                "certif",
                "icate: MIICUWq8ezq7TX9VixFjwGOqcZBezMso1K5qGkVEHVy4qqooU54We",
                "D3zN7rn4MdCvsll4Zcl9DEHV0qxZ0ktYldoqA4INmIvCKR9IwV3YsSUKVHsu",
                "XJ89nMgLey1UYu3bi11TgMQqidO8zhYffd7XYvWFksH3uNvJpslzbToZp3Ew",
                "NaiVk5nM5VR6YQIoltFTn4QohuaePerNqFByEbsd6mrvtpNhWw2TrQU2Esy0",
                "Rt64sxHfzExh16j1sFcFbdH1XOaVbvZlLXJdvgyT3HtYO2IHpZWPxR39HPUk",
                "SAgFkkKuMOPVKFVxUseyp8kHt5ON2YSNNC9FKLguRS3Qd9XWuPpSKFmOv8Uj",
                "jmdLfaro6LvBLStBZVWh01F5Utn4c9DIj1mDK7xsl6isPEFBDmn8UDsznEmJ",
                "0nMjSHuuBjcDqnim5hptLu36D9QKGV"
            ),
        ],
    )
    .floor(4.0)
    .checked(is_not_printed),
];
