//! Tokens and signed addresses that no single vendor owns.

use crate::table::credentials::looks::is_not_printed;
use crate::table::credentials::rows::{example, token, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "jwt",
        "JSON web token with its signature",
        "RFC 7515 section 3.1; RFC 7519 section 3; not confirmed",
        r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}",
        &[
            example![
                "eyJ",
                "hbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6Ims3UW0yIn0.eyJzdWIiOiJ1c3JfR3d",
                "aenpLZ3UiLCJzY29wZSI6ImFkbWluIiwiZXhwIjoxNzkwMDAwMDAwfQ.6us-C9Ufh3KVBuCO",
                "WM5ZJfDHUfiZdqq46qung3ckUHGc2XwQJ4mFA1XvDRfaT675bOYZxJwDqsPSTvNeQS4trf",
            ],
            example!(
                "Cookie: id=" [
                    "eyJ",
                    "hbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6Ims3UW0yIn0.eyJzdWIiOiJ1c3JfR3d",
                    "aenpLZ3UiLCJzY29wZSI6ImFkbWluIiwiZXhwIjoxNzkwMDAwMDAwfQ.aCbvoyzImHXj03n2",
                    "oqgwBReBoyeGOApDv60H1D6clfE",
                ] "; Secure"
            ),
        ],
        &[
            "eyJ and eyJhbGciOiJIUzI1NiJ9",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0",
        ],
    )
    .floor(4.0)
    .checked(is_not_printed),
    token_anywhere(
        "jwe",
        "JSON web token, encrypted",
        "RFC 7516 section 3.1; not confirmed",
        r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{16,24}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{20,}",
        &[
            example![
                "eyJ",
                "hbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..3cJpXI7tA8MhLOml.8wLQ7XbkhCIzoRsVj",
                "1-GH1pC9ITq22idFapQlrca3KWkde05Z4EnCs5Bfbq7EX8y7tVxaK6V-K5rdkhZNxVUYeWt_",
                "EX9QLwIGAyRawHvOhGm56oBb5cglPFh.XmH4inlzh-0w-MJ2yAniSv",
            ],
            example![
                "eyJ",
                "hbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0.xdP3aG5EOGS6iGtKoOpwqJCTsGEha-YpSDT",
                "RQ77msHBTGPCWjz4UkxX35XyQghDzIxjJk-Muif5ufmOJ41sKyBeOKIctxKZ-G_feZwcWgYq",
                "j_rV_GwIVamk2uMZ2V6qrkLExFl1nfYDMuVQEuix644eGhFDyiEGn2Wso7Lh-YdvDCUvFs6I",
                "rM3W6rfocgrPALKt0Dkxa4X7haqXzZTz0hTKJ5Cq7aQbE4w0T0I4mTlG_08jBv9kp__nZC4o",
                "yL5jqA_MPhG23zgj27PKlCd-RTipM6_0VpBD7d4wm11iWuG7iis9Dj0-v5Gl2zgt_rotPxPS",
                "XYWQP-D13AR7PzHQz0E.1gXdxv_NFhjWfM2-qTglvZ.iwlEro8lpZj7oDCk66N0HaIXOZpyI",
                "MiyrrFXWf6DBg-OiYohZiqpz7_CBZr6LrD1qdwbqL5_0cieF1D9.dylDxYlSfQEMDGvTn1n8",
                "sWF7W49xMKmHnCfUcikJ4G3",
            ],
        ],
        &["eyJhbGciOiJkaXIifQ..iv.text.tag"],
    )
    .floor(4.0),
    token_anywhere(
        "webhook-secret",
        "secret for the signatures of webhooks (Stripe, Clerk, Resend, Svix, OpenAI)",
        "docs.rs/rocket-webhook, StandardWebhook, after standardwebhooks.com, read 22 Nov 2026",
        "whsec_[A-Za-z0-9+/]{24,}={0,2}",
        &[
            example!["whs", "ec_lA9T2wNdFYbq6Kfi5qJPogyBizu0joGC"],
            example!(
                "STRIPE_WEBHOOK_SECRET=" [
                    "whs",
                    "ec_8c098b311537b80b2143f18b6b684f5191f9940627b163b608b7bcaacf581a64",
                ] ""
            ),
        ],
        &[
            "whsec_secret",
            concat!("whsec_", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
    )
    .floor(3.3),
    token_anywhere(
        "aws-session-in-url",
        "AWS session token in a signed address",
        "docs.aws.amazon.com/AmazonS3, query string authentication; not confirmed",
        "(?i)x-amz-security-token=(?<secret>[A-Za-z0-9%+/=_-]{60,})",
        &[example!(
            "https://b.s3.amazonaws.com/k?X-Amz-Security-Token=" [
                "IQo",
                "Jb3JpZ2luX2VjaWD4178S9pm3dMv2ElsqHtSx7wvuLHGXc5FbmkoaaEnChOrMoz1x52VFgfE",
                "LsA3RKtLL4iQSCn69SHbrFBpposVhEslaRyr8kzCzeV49C2U9dLNo2VsGkVJOvgdJWatkmYa",
                "yk97uzU9vTF7wvxXFra6svbE4o8SsAGQ7Y9AEIgo94v9HMQ4X2Rd9GfbKS7JcJ5ZTFOB6%2F",
                "BIVojO3pT0raYpzplsnpxsz0DsjflKYV7MXOOuFD%3D",
            ] "&X-Amz-Expires=300"
        )],
        &["?X-Amz-Security-Token=TOKEN&X-Amz-Expires=300"],
    )
    .floor(4.0),
    token_anywhere(
        "aws-signature-in-url",
        "signature of a signed address (AWS, and stores like S3)",
        "docs.aws.amazon.com/AmazonS3, query string authentication; not confirmed",
        "(?i)x-amz-signature=(?<secret>[0-9a-f]{64})",
        &[example!(
            "https://b.s3.amazonaws.com/k?X-Amz-Signature=" [
                "985",
                "5907909a73687d1ab8576786001d73878d7b927a85924e1c920ef6822a8b8",
            ] ""
        )],
        &["X-Amz-Signature=abc"],
    )
    .floor(3.0),
    token_anywhere(
        "google-signature-in-url",
        "signature of a signed address (Google Cloud Storage)",
        "docs.cloud.google.com/storage, signed URLs; not confirmed",
        "(?i)x-goog-signature=(?<secret>[0-9a-f]{128,})",
        &[example!(
            "https://storage.googleapis.com/b/o?X-Goog-Signature=" [
                "8a9",
                "6285434e4c037debc63b31b3b3fe22b788d6f974f1cbbd108ca12727fd294519a4a5e168",
                "1368d22b54db8130df348d54dac41217772673958275fe6e726f83b96b59f61bf80365a6",
                "69aef48407aea36b1d3e42c0cc48625a847b1ce88f4ddbece53883e411ec8f5367485935",
                "ceaf59b4f1dca5092a9e166c80eb7fdc77d2dd8078a9eca7f352ccddf6ea218f42cb6b92",
                "ad6a2531eb2c96ce236584fc2dc478bd9c5672dfe2dbc11d2d316a98aa7e3c931e1a6a7e",
                "bc61ede05c25a4d492f9468426ad07245277f326d17819e8993c3a8ccf66d778333c2006",
                "d9930c42c2cf2130d0720eac3891e3b4c190757381f1b26250b834c156acba75540c0039",
                "ca85c",
            ] ""
        )],
        &["X-Goog-Signature=abc"],
    )
    .floor(3.0),
    token(
        "google-refresh",
        "Google OAuth refresh token",
        "developers.google.com/identity/protocols/oauth2; not confirmed",
        "1//0[A-Za-z0-9_-]{40,}",
        &[example![
            "1//",
            "06ov97qXz34WexFNrAzdbCzLzlg8iti8PyUa6W5O5wNz-h1QWFIAeJgW-OOMyYQLPPfQ7a7a",
            "Ry9lkPuLiTfYnw0UTXUj7eHHecM",
        ]],
        &[
            "1//0 and http://0.example",
            concat!(
                "11//00BWA_zWWDY-JVaU91rDrehGcKb492YOJmlV7jRaWn-BcwU7jyHR7APvPJt3Ol2H15K2",
                "Z18UN2bp_WQuTAYSYpCswDWJXcQhdpc"
            ),
        ],
    )
    .floor(4.0),
    token_anywhere(
        "macaroon",
        "macaroon",
        "research.google/pubs/macaroons-cookies-with-contextual-caveats; libmacaroons, version 1; not confirmed",
        "MDAx[A-Za-z0-9]{2}xvY2F0aW9u[A-Za-z0-9_+/-]{40,}={0,2}",
        &[example![
            "MDA",
            "xY2xvY2F0aW9uIGV4YW1wbGUuc2VydmljZQowMDIxaWRlbnRpZmllciBxo5DkJEgtfTfrNpA",
            "6GQ5VONQUgWwh0LvHFAfYxVJag7QzZ0fQoNiaA_d7VgcTCVZ9hAZIrSJQdnlLe30",
        ]],
        &["MDAxY2xvY2F0aW9uIA=="],
    )
    .floor(4.0),
    token(
        "paseto-v1",
        "PASETO, version 1",
        "github.com/paseto-standard/paseto-spec, read 22 Nov 2026",
        r"v1\.(?:local|public)\.[A-Za-z0-9_-]{40,}(?:\.[A-Za-z0-9_-]+)?",
        &[
            example![
                "v1.",
                "local.n7Nz_-zsT1pPSHnbqEEI9HtVg60HFZH6kTECUQ5dFyBTazNOanLobkRqWL3UAEicS0",
                "J-GRwFUNNX2ROYGwOmMLPeNl1gm2Ex4J_SwhQtOLvqMGJIsp0bp-o7",
            ],
            example![
                "v1.",
                "public.jyB1-zJY22Ze-siDRcmfDrFwyDPx_ICeBGB-eOUkSKbDnNJUl-L6wPekwOB7OlYmV",
                "tQKypxG_uLyoJaiN13xWzWzVe8GNBxoxLo6JK5OjvDbxgPTao5PkBaxL7kAgbBQjvlzPD-6F",
                "PYOdBnAr5hBAiZ8qCweDnCK.JTmng7MapLv0YojSRScyPK4q",
            ],
        ],
        &["v1.local.token", "v1.public.api"],
    )
    .floor(4.0),
    token(
        "paseto-v2",
        "PASETO, version 2",
        "github.com/paseto-standard/paseto-spec; github.com/o1egl/paseto, read 22 Nov 2026",
        r"v2\.(?:local|public)\.[A-Za-z0-9_-]{40,}(?:\.[A-Za-z0-9_-]+)?",
        &[
            example![
                "v2.",
                "local.UuR3TJ95ff0sfyfAQJtb1fPNxcVKjGhtffDzyQywpzkEAVvJ2HCn3lWst-Bj0tAi8G",
                "vFFBQjKmNXdcMc8fJ0EnGOxEqW8b1FK4fGncA9lVPp5kDINInP9aGf",
            ],
            example![
                "v2.",
                "public.NRWvSqemwXMwfqEsIEtCHvrkmGS6EK0ElPKf2cLAhIBTIEo3JU1l84V_I1aBiwK3g",
                "BUrGjBs4Jdyd-KNLikHO2wx5AnIoJ35zeONE0LUy2j8rx5jGOlmYmHZAIkBbqNOgLCasYcmF",
                "KRhNC-WdIvsPGeVX7CqbGVl.m-kXOzyLaztKNkx-4bhZkuWw",
            ],
        ],
        &["v2.local.token", "v2.public.api"],
    )
    .floor(4.0),
    token(
        "paseto-v3",
        "PASETO, version 3",
        "github.com/paseto-standard/paseto-spec, read 22 Nov 2026",
        r"v3\.(?:local|public)\.[A-Za-z0-9_-]{40,}(?:\.[A-Za-z0-9_-]+)?",
        &[
            example![
                "v3.",
                "local.SOQmqymrQDD746ndCwWwiCFEoZTKAMwHx4_TdoxTJzEdCVJn8c4QtSzPwLakSWWqvp",
                "1OUJm_lBLmWmp6QkqjCAMmQ2A72sdZlLFvWrU9vbKx_w7XMtEYDq03",
            ],
            example![
                "v3.",
                "public.SUVm_yjbxIcOPI-iX2wro1E9ptGvOg0kl2lpp5dw8xXQHJdJb0BIu8mxPrKYv6r5D",
                "7rk1yHQK30X8U8eIcD5QDwlukhUl02LhLn53mNBrKRRgHkd3hdjHGvjm-bCk84iI9XNWaoi6",
                "ak_-wEf1FpjyC2HAl1tXhDC.RXgE-qo3OPM4156R-S6HBU_z",
            ],
        ],
        &["v3.local.token", "v3.public.api"],
    )
    .floor(4.0),
    token(
        "paseto-v4",
        "PASETO, version 4",
        "github.com/paseto-standard/paseto-spec, read 22 Nov 2026",
        r"v4\.(?:local|public)\.[A-Za-z0-9_-]{40,}(?:\.[A-Za-z0-9_-]+)?",
        &[
            example![
                "v4.",
                "local.UTHfNtapAP81Hv9NbXZ5PxyKrez8fHqzfSy1L-2YR22Yj7pWBHU9CxhXEG23lXyv-l",
                "wROVBMENoH8c6Mf7CaQl9o7qJuLMwHbquqC797nD13Wvv5uSqFAH_g",
            ],
            example![
                "v4.",
                "public.pcAfp-m5iuMBfwCJhY6xV2VTO8qLYoDtynR1grK7-QphFl9HVxapVw2E9n9K-_LYE",
                "XHpXSLXR9aa0QcmCeFHGJ5J3QnGSMMkwVB4xonOtSQD_YqDAxjqEJfLEZrvUiirr1HZu0JAY",
                "jCxr3YRNAiwP-xfGr2T6ReZ.RbReENbu0KMW1CrqIhj6WqCM",
            ],
        ],
        &["v4.local.token", "v4.public.api"],
    )
    .floor(4.0),
    token(
        "paserk",
        "PASERK: a secret key for PASETO",
        "paseto-standard/paserk; not confirmed",
        r"k4\.(?:local|secret)\.[A-Za-z0-9_-]{40,}",
        &[
            example!["k4.", "local.nx5NijAY8C4QHDrrA3czU83UbYViXhJ_jqxIDJKURxv"],
            example![
                "k4.",
                "secret.OBLjL88EFD0lt0GX5ZWtAWIDW3mjITPfpfVUgOZ3sNY8lOHFZKkEsL4ixUa_Q0MYH",
                "xTFcWPi7D-iftW5eZqNsm",
            ],
        ],
        &[
            "k4.local.key",
            concat!("k4.pub", "lic.Ngegx_pbiuFuBVjx9FXS6knjI0qVO5RPLdnn6ykhn-9"),
        ],
    )
    .floor(4.0),
    token_anywhere(
        "saml-response",
        "SAML response of a sign-in",
        "SAML 2.0 bindings, section 3.5; not confirmed",
        "SAMLResponse=(?<secret>[A-Za-z0-9%+/=]{100,})",
        &[example!(
            "SAMLResponse=" [
                "PHN",
                "hbWxwOlJlc3BvbnNlmyYgZ3UlnQYu1BaZSoE0iOEScJuG2TfVORol4arT9Dzh4j3gdrHHZbT",
                "S01ksbOQsITjqEoMnW3E47fge3D6EjrDIPP2rpZHscs1qLUhnWdzVKsD1eEDqd9jXMAvlFod",
                "iC8wOUJKjhllhDUr19Vo1jPoZK7TIKHBKBbifd1kQCft9WOn92l87Uo18nZXL38Ho5uvd8Ch",
                "h%3D",
            ] "&RelayState=x"
        )],
        &["SAMLResponse=value"],
    )
    .floor(4.0),
];
