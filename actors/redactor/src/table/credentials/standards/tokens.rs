//! Tokens and signed addresses that no single vendor owns.

use crate::table::credentials::looks::is_not_printed;
use crate::table::credentials::rows::{example, token, token_anywhere};
use crate::table::row::Rule;

// A header has some hundred bytes, with a chain of certificates some thousand. Without a bound any
// base64 that begins as one would be held back in a stream for as long as it is.
pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "jwt",
        "JSON web token with its signature",
        "RFC 7515 section 3.1; RFC 7519 section 3; not confirmed",
        r"eyJ[A-Za-z0-9_-]{8,16384}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}",
        &[
            example![
                "eyJ",
                "hbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6Ims3UW0yIn0.eyJzdWIiOiJ1c3JfVEd",
                "QeUM5NjUiLCJzY29wZSI6ImFkbWluIiwiZXhwIjoxNzkwMDAwMDAwfQ.l1M7nK9RrBufuNB_",
                "WfR9teTCFtXE9npzjSrh2_k8JoLIsPENZ72d3XQZdP0ayVbPyHEn-ZQyPHVekxbI1MGqSY",
            ],
            example!(
                "Cookie: id=" [
                    "eyJ",
                    "hbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6Ims3UW0yIn0.eyJzdWIiOiJ1c3JfVEd",
                    "QeUM5NjUiLCJzY29wZSI6ImFkbWluIiwiZXhwIjoxNzkwMDAwMDAwfQ.KZXSFiaRfhmPsAmk",
                    "xIajQ9icLvUO_Dhld4pfG0UvjzK",
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
        r"eyJ[A-Za-z0-9_-]{8,16384}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{16,24}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{20,}",
        &[
            example![
                "eyJ",
                "hbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..FKzp24Dw13-rVaOI.0zJ_glHrvxEawJoBn",
                "RB2E_Aks6nR72dDAeEPEhhEd-QYkp5S-L8pvDxv48ENps8YIceTNwEwijKZ_4E6C7TXVbztw",
                "yiUPyfWCnx4Yvq8kz2TF7P7pPlQOYQV.6CXsoQ0wDuVs9X2mYBQn-e",
            ],
            example![
                "eyJ",
                "hbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0.VfxJp9VkCzkLCtxsNK7q1TpcoMlpf3E8wQK",
                "-_BnHw1n2SQmj5C7rj2hdGL6_6DPfuD7fHRjpSRs2Z0msICdxPIh9K1PQRiVNiqnSn6g7-b6",
                "VfwNbxVDfVDQC3c-dxN-N91KRog6Wi9xtYyRCmoJEbI0Nyp2lYSo7FN-SRNQVh1-L8H6C1LR",
                "4j1mWPV0t48etNu16xNI38tLR2o9kldGVIaz6lkAs-Wx4XeHgH17VJGGo70xaxoC-SYYmPCO",
                "K5jslFn6nKogdvo1fGBi0UXfb2XuwGTmzr0O2Ma9EvbecvFHbsRiuDEsEF6us-C9Ufh3KVBu",
                "COWM5ZJfDHUfiZdqq46.qung3ckUHGc2XwQJ4mFA1X.vDRfaT675bOYZxJwDqsPSTvNeQS4t",
                "rfaCbvoyzImHXj03n2oqgwBReBoyeGOApDv60H1D6clfEhrNCO8.3eA-jCf0w-3cJpXI7tA8",
                "MhLOml8wLQ7XbkhCIzoRsVj",
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
            example!["whs", "ec_1+GH1pC9ITq22idFapQlrca3KWkde05Z"],
            example!(
                "STRIPE_WEBHOOK_SECRET=" [
                    "whs",
                    "ec_e7374e6104e7cf6e4b509ebf9e4021c95bbc1c4f7cfa958866a0585a183ee360",
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
        "google-signature-in-url",
        "signature of a signed address (Google Cloud Storage)",
        "docs.cloud.google.com/storage, signed URLs; not confirmed",
        "(?i)x-goog-signature=(?<secret>[0-9a-f]{128,})",
        &[example!(
            "https://storage.googleapis.com/b/o?X-Goog-Signature=" [
                "e01",
                "2a71c38e23261fd5f98d6632b550ad08e7a8be28493a35487b48710fc3b7baaee3486b8a",
                "7c26eb25cdec6a117685282f9521e513a8ed49661a980459cf8f11c50c1c42f4bf858b03",
                "2d59cdbe44297572d31c795ba7525eee1817762783dc43e91fc0577b574e849dce413014",
                "a6994d7250ece104c6cb6d1b98e74e0a07e5dbd8e3b28fdf265f23ff3c7e369e246f9a18",
                "dd612dea9270fab239efdb367e0e53dd2c58e224f72df5e82d614f434a5abcccaaf7dd6a",
                "ea68a6d7d1c055f9712c19df4b125cb21749e53c5a7f2642ba57afaf79f3e8a4f18ef431",
                "4cff2f4b4152962bacdfa92fc0e7c47c7d8a2f252743f23c2e3772ee9d808cac36892644",
                "7cc1e",
            ] ""
        )],
        &["X-Goog-Signature=abc"],
    )
    .floor(3.0),
    token_anywhere(
        "macaroon",
        "macaroon",
        "research.google/pubs/macaroons-cookies-with-contextual-caveats; libmacaroons, version 1; not confirmed",
        "MDAx[A-Za-z0-9]{2}xvY2F0aW9u[A-Za-z0-9_+/-]{40,}={0,2}",
        &[example![
            "MDA",
            "xY2xvY2F0aW9uIGV4YW1wbGUuc2VydmljZQowMDIxaWRlbnRpZmllciBeLyGwf7b1_KOZ_T-",
            "fhS2R_ZnVbn6W-ldlbkXMwArI1zb6UDR9CRv6L8IdkFg6UqhY1BdghfOEIzJDJDc",
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
                "local.DBg-OiYohZiqpz7_CBZr6LrD1qdwbqL5_0cieF1D9dylDxYlSfQEMDGvTn1n8sWF7W",
                "49xMKmHnCfUcikJ4G3lA9T2wNdFYbq6Kfi5qJPogyBizu0joGCJZdL",
            ],
            example![
                "v1.",
                "public.HTpggvmCVGdTkfrp-hJSzUyJt_xeLh-KMtbAlCShypSyaJUCVWROX_vHhQzra7Eyh",
                "Q8wKGMUTRPf-cyuCbb8B5pIDYU-nl9L0Nq4AdI_3EEDLp9KwbXIvZ5Yi5hDLvRmgaMvyaWvP",
                "ZR-TQU_IbKRc8CL019nDQgk.ce_22DtEJaEYFxKAFULZ6Ltk",
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
                "local.xP_7l7L4vvePrk6p0GU7o_B49Hppm0vcVwM51BIcHqwrbj9yTt67LXjeUA8MPV1F0a",
                "0TVyCS6oK6mnbvzgaaMdMOm7vzlRWSCV-MsjYc2wxdzJZDvR7DgVe9",
            ],
            example![
                "v2.",
                "public.9GC7EWhY6GEra4x4mLy-cu5X0C7j2zseI_alDqbvyh_OtHvqvLfjP942MWWVdYpVn",
                "Exlistn7zWEIiLc4in-_UUX5d2jOu8P1GcvW7aRuGuI4TXHj2aF1kiXvyk9d5RTtZOM8Wj3V",
                "Ex0YddmHwMq0f3z4-JE6eFx.b86sdIBiMrvuha8J_hSfs7wz",
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
                "local.wHNSRiijkWkHhSMEnlIUQ7uk5zbD78iDTb2FW4QO_1DUk2zakFYSC6-7qb55eb7u6-",
                "J7hFYAn_yvqyB1g7wsLO2k8Foi9OYOMEz7mbNBO8Cl8VHO2G3xNFYw",
            ],
            example![
                "v3.",
                "public.evHTNITTuYKuutkCpi-RzmM-Tk6PDgHC8FC_EDGWwVshXwYyUHsFoTq8No9xSR7Yt",
                "PqfpsGblxM-jXKnzpOpqETjTDViI7BmDPq4u7Ko4-5_ejpVoOj_VYUiYGr_703Ssqzdrqdtk",
                "JNhKJBtwMNFUNcGR8wANGuu.LaCLaMOEozJF2gRSHxDyEIya",
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
                "local.de3DpGEI0DUNlCRIvMkq6eZKla6-BGiiOISIGQMAiIxros5tYbnF14SWBmUnfSpVm_",
                "5ilUDIG3y_MFr9hWVT2gcGZPhjDkF83jLqueNRtOx5hBIhoyI2ilSw",
            ],
            example![
                "v4.",
                "public.q3UIgnc09mqH1ut3OXsgieDCEkyDoMuIjDv86y7FlB_GnVKySvL-AhU8HdpywQyAL",
                "O49sIsdDQ7RmyVf0n6tkZbYWtJAjxOHtFUhX5HG_s20U5W7voJHp7rfe7XI9wozFrHxMoxW4",
                "O_uNVq9f2XRxbNjRN7fyBZI.owjYY31-z5RjgI9qkXTzTLiR",
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
            example!["k4.", "local.1BQjupe5VlZNyX4lpAuIt_Xl1XsFJU3NWwAFk2_6l3S"],
            example![
                "k4.",
                "secret.Zge2j0oeyQKHQQD7pXMoh5fQzOE6UZyf634dwWjxPr3sNj8MsyJtjzP2dFkswiED_",
                "okA1eEGeL5HLKmWmOJYW8",
            ],
        ],
        &[
            "k4.local.key",
            concat!("k4.pub", "lic.gL_-7Emua6gainEEZQY4IUIyDP0Al-E0Ab7lNFKbP-Q"),
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
                "hbWxwOlJlc3BvbnNlnOmBpprghg76zeaaTmBt4s9g6bzJiIZ93LRe8yQeyFfO2chU87bJAbP",
                "pVXUKfQYbDv7zThUrWs7VdCL6hQOwLjTyLc7tNb7okOoXhrKdVIE4LV27OXcS7VQx6eMXmVf",
                "PkSaVwrhjUK5zckmvz5SOxGu5pkUYHTkHiaybaUVRTgsyu9qk0y9DRQZIK729hQkEODONiPy",
                "R%3D",
            ] "&RelayState=x"
        )],
        &["SAMLResponse=value"],
    )
    .floor(4.0),
];
