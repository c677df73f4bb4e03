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
            example!["hv", "s.y7wv3JNRC4Xe9EbyvYtWrSX3"],
            example!(
                "X-Vault-Token: "
                [
                    "hv",
                    "s.CAESaeRViH5ugtnSgV9WPKqI2OLKwMMLVn_9SejQYui6Ilm4fUxQUcZRsLiYKPq4h5Ol",
                    "jr2X-erQLwYJPVfSKkjpW7RAmp",
                ]
                ""
            ),
        ],
        &["hvs.token", "hvs.tatszF0U", "xhvs.gws5tvzeNMYrihOW8a4Rel5M"],
    )
    .floor(3.0),
    token(
        "vault-batch-token",
        "HashiCorp Vault batch token",
        "developer.hashicorp.com/vault, tokens, read 22 Nov 2026",
        r"hvb\.[0-9A-Za-z_-]{24,}",
        &[example![
            "hv",
            "b.AAAAAQ7G7EA41jg7ml3ayo2c37Iq2Ug93tTdE99gNgjAsZ9_v8VY_MpG-MBEwmzgmgiB",
            "yTeVCJlVLG67euMHixujhb1ZW_RU_ZQ6Fh3ebNIgq5tXDPgRp34jmrPcWzVU7jFIcZB-bk",
            "FQWU6BVR",
        ]],
        &["hvb.token", "hvb.uTGPyC96", "xhvb.5Xl6feTPw9p6wM7MEFUGLYut"],
    )
    .floor(3.0),
    token(
        "vault-recovery-token",
        "HashiCorp Vault recovery token",
        "developer.hashicorp.com/vault, tokens, read 22 Nov 2026",
        r"hvr\.[0-9A-Za-z_-]{24,}",
        &[example!["hv", "r.F4ShtqfMsFtAnM4P3Op3sF2k"]],
        &["hvr.token", "hvr.KmY7GYHn", "xhvr.LTi5zybzR83ANgFkgpYbdFf6"],
    )
    .floor(3.0),
    assigned(
        "vault-token-older",
        "HashiCorp Vault token of before 1.10",
        "developer.hashicorp.com/vault, tokens, read 22 Nov 2026",
        &["vault", "root_token", "client_token"],
        r"[sbr]\.[0-9A-Za-z]{24}",
        &[
            example!("VAULT_TOKEN=" ["s.ETXTqUePg3i", "NeNgfAtDgs6E8"] ""),
            example!("\"client_token\": \"" ["s.vink2ckLRtP", "nNFIRycvWJE9j"] "\""),
        ],
        &[
            "client_token = s.getAuthenticationTokenVal",
            "VAULT_TOKEN=s.token",
        ],
    )
    .floor(3.5)
    .checked(harmless::is_mixed),
    assigned(
        "consul-token",
        "HashiCorp Consul ACL token",
        "developer.hashicorp.com/consul, tokens; not confirmed",
        &["consul_http_token", "consul_token"],
        uuid!(),
        &[
            example!("CONSUL_HTTP_TOKEN=" ["1b774c7f-3362-b41d", "-f2f8-3984a79ced0d"] ""),
            example!("X-Consul-Token: " ["cac0ad06-b0a6-873f", "-ca6a-8b12508d984b"] ""),
        ],
        &[
            concat!("CO", "NSUL_NODE_ID=c9232d99-d401-a430-9aa6-06aa6f700a7a"),
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
        &[example!("NOMAD_TOKEN=" ["ea6e83c5-191f-9ccb", "-720a-113a46325802"] "")],
        &[
            concat!("NO", "MAD_ALLOC_ID=af2095ba-f712-0e31-8db5-269b89646b9a"),
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
            ".pt.67gphFf4kIzpsmhBMLNCol5AHBF3iP2xPaZ7u1T9rOA"
        ]],
        &[
            "dp.pt.token",
            "dp.pt.Rm5SrHFd7fqi",
            concat!("adp.pt.8k", "MlLpR6alrhnI56gvnZ2BpFnfjZGLDgv40SX1DB7ZX"),
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
            ".ct.1boPncpRupdYdRU7pLIb4FvW55zSQKfhRCwFsEhSPII"
        ]],
        &[
            "dp.ct.token",
            "dp.ct.4kZNV8Y4olYJ",
            concat!("adp.ct.k9", "XLICE92MpL2t0hI3YjEJzr4bc2PK2w3tl02plK3e9"),
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
            ".sa.YSeRsUzLF8WPK1C9pVJRDo0Dw5Jyx5KaWmTYjHlmex2"
        ]],
        &[
            "dp.sa.token",
            "dp.sa.Qu6mcy0ogl5H",
            concat!("adp.sa.Cz", "6kViEfX5mBwLpI8DJIO6PuPDRhu7HI5VSO9fTv9PV"),
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
            ".scim.9SGuz86vKMx169Do7Kyj9h4Zv0AlG0MoRR8M06kxTIj"
        ]],
        &[
            "dp.scim.token",
            "dp.scim.EH8y4UR2BGHX",
            concat!("adp.scim.gI", "znYKvg30UFVc5xc58lLrVhU3ExfomfsoWjlMjtsXR"),
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
            ".audit.DiAwhXTYbNhtfJ8hcMBSZ0pElvsFOFngKO0ql4KA7g9"
        ]],
        &[
            "dp.audit.token",
            "dp.audit.GUBwvUH0geLQ",
            concat!("adp.audit.XR", "NMC3P2o5ZDieBIdb4RqR3Ps9ZDFDRouckY0oDIWcq"),
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
            ".st.8KvGReLH45GThw1v2jBIzAN9VgKTjroSblLXVUurdEs"
        ]],
        &[
            "dp.st.token",
            "dp.st.AuvRvexP5Mt9",
            concat!("adp.st.NP", "LeigJwgDdQDP6FaDURxRK9WcXltalxoc7x7oKMYvo"),
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
            ".st.prd_eu.0BXbF6ZR7UWblNRtG2S7UFtEAsWvHhdZUO6DyeEJlWK"
        ]],
        &["dp.st.dev.token", "dp.st.prd.jzm3GvogLGhV"],
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
                "st.8708d963d2cb3e79fba9ab1d.f9f8e7d9ae2d3cabd4",
                "ef1495de598df4.9ad3f2208b806e2264fc5ec1818deb88",
            ]
            ""
        )],
        &[
            "INFISICAL_TOKEN=st.token",
            concat!(
                "IN",
                "FISICAL_PROJECT_ID=83ed5053-7fbc-c3a7-a9e2-4273e3931053"
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
                "s_eyJ1fGBi0UXfb2XuwGTmzr0O2Ma9EvbecvFHbsRiuDEsEF6us-C9Ufh3KVBuCOWM5ZJf",
                "DHUfiZdqq46qung3ckUHGc2XwQJ4mFA1XvDRfaT675bOYZxJwDqsPSTvNeQS4trfaCbvoy",
                "zImHXj03n2oqgwBReBoyeGOApDv60H1D6clfEhrNCO83eA-jCf0w-3cJpXI7tA8MhLOml8",
                "wLQ7XbkhCIzoRsVj1-GH1pC9ITq22idFapQlrca3KWkde05Z4EnCs5Bfbq7EX8y7tVxaK6",
                "V-K5rdkhZNxVUYeWt_EX9QLwIGAyRawHvOhGm56oBb5cglPFhXmH4inlzh-0w-MJ2yAniS",
                "vxdP3aG5EOGS6iGtKoOpwqJCTsGEha-YpSDTRQ77msHBTGPCWjz4Ukx",
            ]
            ""
        )],
        &["ops_eyJ...", "ops_eyJ1yBCymITvT8H3ddMomr5"],
    )
    .floor(3.5),
    token(
        "onepassword-secret-key",
        "1Password Secret Key",
        "support.1password.com, Secret Key; not confirmed",
        "A3-[0-9A-Z]{6}-[0-9A-Z]{6}-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}",
        &[example!["A3", "-9LERF5-TKEC2K-CG9UR-20JSM-NCUSR-BJLSZ"]],
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
                "0.f8f11c50-c1c4-2f4b-f858-b032d59cdbe4.ifOsp7Zl",
                "pVfAgczotk91GxvX1Tpk2S:ix644eGhFDyiEGn2Wso7Lh==",
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
        &[example!("BW_CLIENTSECRET=" ["9UFz3b4MkoHoxSW", "kLG7ZpjWTDrGLit"] "")],
        &[
            concat!("BW_CLIENTID=user.dc", "e41301-4a69-94d7-250e-ce104c6cb6d1"),
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
            "E-SECRET-KEY-1QLKWG9X0P0HWDUQUKW7Q6JZUY5FCY68ZZ7TGW8ELW59FZMN4JVVE45VX",
            "NL",
        ]],
        &[
            "AGE-SECRET-KEY-1...",
            concat!("AG", "E-SECRET-KEY-16G2ZPQ58MXZUR8FGX2WD"),
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
            "E-SECRET-KEY-PQ-17UU5SCJX55AYG5UZCWJ6VE4AZ98ANDNQSTSPNZGUVFPXNEJPEUHU4",
            "S2DCZ",
        ]],
        &[
            "AGE-SECRET-KEY-PQ-1...",
            concat!("AG", "E-SECRET-KEY-PQ-1MH45S3MVZ9Q46CTR54G9"),
        ],
    )
    .floor(3.5),
];
