//! Stores of secrets, and keys of encryption tools.

use crate::table::credentials::harmless;
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "vault-service-token",
        "HashiCorp Vault service token",
        "developer.hashicorp.com/vault, tokens, read 22 Nov 2026",
        r"hvs\.[0-9A-Za-z_-]{24,}",
        &[
            example!["hv", "s.zWGsK1f9geB0tsBJ5i8ObI9d"],
            example!(
                "X-Vault-Token: "
                [
                    "hv",
                    "s.CAESOqncNPOAazORz-DadPFR5QB7InYvgNh-KZXSFiaRfhmPsAmkxIajQ9icLvUO_Dhl",
                    "d4pfG0UvjzKVGMArAULPmFo-lv",
                ]
                ""
            ),
        ],
        &["hvs.token", "hvs.IzpsmhBM", "xhvs.LNCol5AHBF3iP2xPaZ7u1T9r"],
    )
    .floor(3.0),
    token(
        "vault-batch-token",
        "HashiCorp Vault batch token",
        "developer.hashicorp.com/vault, tokens, read 22 Nov 2026",
        r"hvb\.[0-9A-Za-z_-]{24,}",
        &[example![
            "hv",
            "b.AAAAAQ0zJ_glHrvxEawJoBnRB2E_Aks6nR72dDAeEPEhhEd-QYkp5S-L8pvDxv48ENps",
            "8YIceTNwEwijKZ_4E6C7TXVbztwyiUPyfWCnx4Yvq8kz2TF7P7pPlQOYQV6CXsoQ0wDuVs",
            "9X2mYBQn",
        ]],
        &["hvb.token", "hvb.30UFVc5x", "xhvb.c58lLrVhU3ExfomfsoWjlMjt"],
    )
    .floor(3.0),
    token(
        "vault-recovery-token",
        "HashiCorp Vault recovery token",
        "developer.hashicorp.com/vault, tokens, read 22 Nov 2026",
        r"hvr\.[0-9A-Za-z_-]{24,}",
        &[example!["hv", "r.sXRDiAwhXTYbNhtfJ8hcMBSZ"]],
        &["hvr.token", "hvr.0pElvsFO", "xhvr.FngKO0ql4KA7g9GUBwvUH0ge"],
    )
    .floor(3.0),
    assigned(
        "vault-token-older",
        "HashiCorp Vault token of before 1.10",
        "developer.hashicorp.com/vault, tokens, read 22 Nov 2026",
        &["vault", "root_token", "client_token"],
        r"[sbr]\.[0-9A-Za-z]{24}",
        &[
            example!("VAULT_TOKEN=" ["s.LQXRNMC3P2o", "5ZDieBIdb4RqR"] ""),
            example!("\"client_token\": \"" ["s.3Ps9ZDFDRou", "ckY0oDIWcq8Kv"] "\""),
        ],
        &[
            "client_token = s.getAuthenticationTokenVal",
            "VAULT_TOKEN=s.token",
        ],
    )
    .floor(3.5)
    .checked(harmless::has_digit),
    assigned(
        "consul-token",
        "HashiCorp Consul ACL token",
        "developer.hashicorp.com/consul, tokens; not confirmed",
        &["consul_http_token", "consul_token"],
        uuid!(),
        &[
            example!("CONSUL_HTTP_TOKEN=" ["23ba4dcd-3487-05a8", "-1f9d-aaa2b9243b3e"] ""),
            example!("X-Consul-Token: " ["1ef0eb15-905b-71b7", "-a7d0-f059f9fd9a31"] ""),
        ],
        &[
            concat!("CO", "NSUL_NODE_ID=ec2f54c6-a733-8708-d963-d2cb3e79fba9"),
            "CONSUL_HTTP_TOKEN=anonymous",
        ],
    )
    .floor(3.0),
    assigned(
        "nomad-token",
        "HashiCorp Nomad ACL token",
        "developer.hashicorp.com/nomad, ACL tokens; not confirmed",
        &["nomad_token"],
        uuid!(),
        &[example!("NOMAD_TOKEN=" ["ab1df9f8-e7d9-ae2d", "-3cab-d4ef1495de59"] "")],
        &[
            concat!("NO", "MAD_ALLOC_ID=8df49ad3-f220-8b80-6e22-64fc5ec1818d"),
            "NOMAD_TOKEN=token",
        ],
    )
    .floor(3.0),
    token(
        "doppler-token",
        "Doppler personal token",
        "nango.dev/docs, Doppler, read 22 Nov 2026",
        r"dp\.pt\.[0-9A-Za-z]{40,}",
        &[example![
            "dp",
            ".pt.DSZxYrWq59qMPG7hIKJGX6DAY5lalShoISFGwZzzKgu"
        ]],
        &[
            "dp.pt.token",
            "dp.pt.Vo3usCHSHeLj",
            concat!("adp.pt.fp", "SgD5QgWsJI4h6dSXGIbkPUMhAcYqneA2VxWKMKyca"),
        ],
    )
    .floor(3.5),
    token(
        "doppler-cli-token",
        "Doppler CLI token",
        "docs.doppler.com, auth token formats; not confirmed",
        r"dp\.ct\.[0-9A-Za-z]{40,}",
        &[example![
            "dp",
            ".ct.2ByNklqPNwIgm7iRAuBWtaEp9YkaS9Lc8bW0Nkpqa9P"
        ]],
        &[
            "dp.ct.token",
            "dp.ct.jNXv8e2koKNp",
            concat!("adp.ct.UK", "jIpQpD5kjVFoPEXxM7IOOT4cd7BVGsR2XQxnLkX27"),
        ],
    )
    .floor(3.5),
    token(
        "doppler-service-account-token",
        "Doppler service account token",
        "nango.dev/docs, Doppler, read 22 Nov 2026",
        r"dp\.sa\.[0-9A-Za-z]{40,}",
        &[example![
            "dp",
            ".sa.Oo7u0yWtCzZrMWH8Uc9NToqxc18Gezb55RiZiCDikgd"
        ]],
        &[
            "dp.sa.token",
            "dp.sa.Bb2fx1qqGb2M",
            concat!("adp.sa.VK", "78BZylvMrNHQSGCRgJ5Xp2nAykoNvc0a32YwDD7Ca"),
        ],
    )
    .floor(3.5),
    token(
        "doppler-scim-token",
        "Doppler SCIM token",
        "docs.doppler.com, auth token formats; not confirmed",
        r"dp\.scim\.[0-9A-Za-z]{40,}",
        &[example![
            "dp",
            ".scim.uzR0JzUWlWrTloijuKQwwLJZLW2k3Otc1PN9K2UvwJM"
        ]],
        &[
            "dp.scim.token",
            "dp.scim.C8jiH2caoakK",
            concat!("adp.scim.4I", "hYTMmMmQrHI83WV1gqyJJeABgYM1BhidlnvcJn2hm"),
        ],
    )
    .floor(3.5),
    token(
        "doppler-audit-token",
        "Doppler audit token",
        "docs.doppler.com, auth token formats; not confirmed",
        r"dp\.audit\.[0-9A-Za-z]{40,}",
        &[example![
            "dp",
            ".audit.XcPq5OOJ6WNuQ0n8hokGJDAq9OAXoQJD61bfcJpdi2J"
        ]],
        &[
            "dp.audit.token",
            "dp.audit.to8LuHEUB4cV",
            concat!("adp.audit.8X", "RnRFeG9ocGNAXlFBbQrKQhy3rDjnEt6d1UsugfElY"),
        ],
    )
    .floor(3.5),
    token(
        "doppler-service-token",
        "Doppler service token without its config",
        "docs.doppler.com, auth token formats; not confirmed",
        r"dp\.st\.[0-9A-Za-z]{40,}",
        &[example![
            "dp",
            ".st.9svD1GyZ65aV4fdorO8JmW2hQHOvjxOeAQFqqAKNJh4"
        ]],
        &[
            "dp.st.token",
            "dp.st.oVEJrwJK5iBB",
            concat!("adp.st.PI", "eRVbV13LpHah247vfSLibaI3Bsy5fbW0cAMWOC05z"),
        ],
    )
    .floor(3.5),
    token(
        "doppler-config-token",
        "Doppler service token with its config",
        "nango.dev/docs, Doppler, read 22 Nov 2026",
        r"dp\.st\.[0-9a-z_-]{2,35}\.[0-9A-Za-z]{40,}",
        &[example![
            "dp",
            ".st.prd_eu.CNpQgo8jCXZ3JncRVaiQD8p6y5Em5DjxlaUsD3VxFJX"
        ]],
        &["dp.st.dev.token", "dp.st.prd.ZG4tMIlxx62U"],
    )
    .floor(3.5),
    assigned(
        "infisical-token",
        "Infisical service token",
        "infisical.com/docs, service tokens; not confirmed",
        &["infisical", "service_token"],
        r"st\.[0-9a-f]{24}\.[0-9a-f]{32}\.[0-9a-f]{32}",
        &[example!(
            "INFISICAL_TOKEN="
            [
                "st.c1c4f7cfa958866a0585a183.ee360e012a71c38e23",
                "261fd5f98d6632.b550ad08e7a8be28493a35487b48710f",
            ]
            ""
        )],
        &[
            "INFISICAL_TOKEN=st.token",
            concat!(
                "IN",
                "FISICAL_PROJECT_ID=c3b7baae-e348-6b8a-7c26-eb25cdec6a11"
            ),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "onepassword-service-account-token",
        "1Password service account token",
        "developer.1password.com, service accounts; not confirmed",
        "ops_eyJ[0-9A-Za-z+/_-]{100,}={0,3}",
        &[example!(
            "OP_SERVICE_ACCOUNT_TOKEN="
            [
                "op",
                "s_eyJDzIxjJk-Muif5ufmOJ41sKyBeOKIctxKZ-G_feZwcWgYqj_rV_GwIVamk2uMZ2V6q",
                "rkLExFl1nfYDMuVQEuix644eGhFDyiEGn2Wso7Lh-YdvDCUvFs6IrM3W6rfocgrPALKt0D",
                "kxa4X7haqXzZTz0hTKJ5Cq7aQbE4w0T0I4mTlG_08jBv9kp__nZC4oyL5jqA_MPhG23zgj",
                "27PKlCd-RTipM6_0VpBD7d4wm11iWuG7iis9Dj0-v5Gl2zgt_rotPxPSXYWQP-D13AR7Pz",
                "HQz0E1gXdxv_NFhjWfM2-qTglvZUjgDrL5wnXuQF-kAtlTRxEO_R8FL8n6HQs-hH48smgr",
                "W--i-rSqeukMAiSRX1_RLk-Yb4CYsFZE1JPk_iwlEro8lpZj7oDCk66",
            ]
            ""
        )],
        &["ops_eyJ...", "ops_eyJ19tA7qaryuXYzhmH6rte"],
    )
    .floor(3.5),
    token(
        "onepassword-secret-key",
        "1Password Secret Key",
        "support.1password.com, Secret Key; not confirmed",
        "A3-[0-9A-Z]{6}-[0-9A-Z]{6}-?[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}",
        &[example!["A3", "-MIIP7Y-YC3OND-58UEZ-HDZEI-7HM35-7ONZI"]],
        &[
            concat!("A3", "-XXXXXX-XXXXXX-XXXXX-XXXXX-XXXXX-XXXXX"),
            "A3-paper and A4-paper",
        ],
    )
    .floor(3.0),
    assigned(
        "bitwarden-access-token",
        "Bitwarden Secrets Manager access token",
        "bitwarden.com/help, access tokens; not confirmed",
        &["bws_access_token", "bitwarden"],
        concat!(r"0\.", uuid!(), r"\.[0-9A-Za-z]{30}:[0-9A-Za-z+/]{22}=="),
        &[example!(
            "BWS_ACCESS_TOKEN="
            [
                "0.e947d405-049e-fd02-17d7-f06275c2b1a7.Pt6oqkw3",
                "45gNWAgLX6EjypYPZ7DS7W:W49xMKmHnCfUcikJ4G3lA9==",
            ]
            ""
        )],
        &[
            "BWS_ACCESS_TOKEN=0.token",
            "BWS_SERVER_URL=https://vault.ledger.test",
        ],
    )
    .floor(3.5),
    assigned(
        "bitwarden-client-secret",
        "Bitwarden personal API key",
        "bitwarden.com/help, personal API key; not confirmed",
        &["bw_clientsecret"],
        "[0-9A-Za-z]{30}",
        &[example!("BW_CLIENTSECRET=" ["w5BL9l3tbp414za", "iDGXsceC47irOuh"] "")],
        &[
            concat!("BW_CLIENTID=user.16", "6265d2-3878-c098-b311-537b80b2143f"),
            "BW_CLIENTSECRET=secret",
        ],
    )
    .floor(3.5),
    token_anywhere(
        "age-secret-key",
        "age identity",
        "age-encryption.org, age-keygen(1), read 22 Nov 2026",
        "AGE-SECRET-KEY-1[0-9A-Z]{49,}",
        &[example![
            "AG",
            "E-SECRET-KEY-14KQEREKAZD3L4ZLMA0F6GQ4E8QE0KRGRSPNSZCJ4PE90XHE4PYDLJMRQ",
            "PN",
        ]],
        &[
            "AGE-SECRET-KEY-1...",
            concat!("AG", "E-SECRET-KEY-13Z2ECG00YFW8KGTRZ76Y"),
        ],
    )
    .floor(3.5),
    token_anywhere(
        "age-post-quantum-secret-key",
        "age identity, post-quantum",
        "age-encryption.org, age-keygen(1); not confirmed",
        "AGE-SECRET-KEY-PQ-1[0-9A-Z]{58,}",
        &[example![
            "AG",
            "E-SECRET-KEY-PQ-1LUM9WF2KZVHHGL8YLD0SKCTWT5W4GLCP740MCE0SCNTPZQPRZK0LP",
            "2YGLU",
        ]],
        &[
            "AGE-SECRET-KEY-PQ-1...",
            concat!("AG", "E-SECRET-KEY-PQ-1UY7GP4623ZVVGAHK0HTH"),
        ],
    )
    .floor(3.5),
];
