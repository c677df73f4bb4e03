//! Clouds, databases and gateways whose keys have got a prefix lately.

use crate::table::credentials::looks::{has_digit, is_mixed_case};
use crate::table::credentials::rows::{example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "google-bound-key",
        "Google API key bound to a service account: Gemini, Vertex AI",
        "cloud.google.com/docs/authentication/api-keys; form in betterleaks of 23 Jul 2026",
        r"AQ\.Ab8RN6[0-9A-Za-z_-]{40,}",
        &[example!(
            "GEMINI_API_KEY=" [
                "AQ.",
                "Ab8RN6Ac3B9lGZi4TZUjOKXpxsuumrTRPkNRXR8je12aBBytdb",
            ] ""
        )],
        &["AQ.Ab8RN6", concat!("AQ.Ab8", "RN6a34APMyZ0Cdy")],
    )
    .floor(4.0),
    token(
        "aws-appsync-key",
        "AWS AppSync API key",
        "docs.aws.amazon.com/appsync; form in titus of 10 Apr 2026",
        "da2-[0-9a-z]{26}",
        &[example!("x-api-key: " ["da2", "-xk4z8ktgrl9b9jqwvulj3iv68s"] "")],
        &[
            "da2-your-api-key",
            concat!("coda2-", "3zm6g2jpyx2ydufkh6j7qf5d1y"),
        ],
    )
    .floor(3.2)
    .checked(has_digit),
    token(
        "token-in-base64",
        "token with a prefix of its own, encoded in base64 as in a Secret of Kubernetes",
        "RFC 4648 section 4; docs.github.com, secret scanning patterns with base64",
        concat!(
            "(?:QUl6YVN5|QUtJQ|Z2hwX|Z2l0aHViX3BhdF|Z2xwYXQt|c2stYW50L|c2",
            "stcHJvai|eG94Yi0|eG94cC0|bnBtX|c2tfbGl2ZV|c2tfdGVzd|aGZfd|ZG",
            "9wX3Yx|ZHAuc3Qu|U0cu|cHlwaS1B|c2hwYXRf)[0-9A-Za-z+/]{20,}={0",
            ",2}"
        ),
        &[
            example![
                "Z2h",
                "wX2dpNzhpVWFtdTZ3U0c1RThaR2FTZ25kY0JZb1hqbWlNbExRTA=="
            ],
            example!(
                "token: " [
                    "c2s",
                    "tcHJvai1JdDg4OTVsb2o3cDQxTE83RlVvWDNnQzJHTVJTQ0tRQ09hR2Vmd3F",
                    "5UG9MOGU0MDV3bzhYNkJTQzVsbkRQb0c1WHlnNEFLcGI0UUlvOVVETGd5YkJ",
                    "0V3B0QTMyYjNoSGZvSmxO",
                ] ""
            ),
        ],
        &["Z2hwX3Rva2Vu", "U0cuYmFzZTY0"],
    )
    .floor(3.5)
    .checked(has_digit),
    token(
        "vercel-app-token",
        "Vercel access or refresh token of an app or an integration",
        "vercel.com/docs; form in betterleaks of 23 Jul 2026",
        "(?:vca_|vci_|vcr_)[0-9A-Za-z_-]{40,}",
        &[
            example![
                "vca",
                "_hIpwKUgCX2VxLY5dgcpFmagWLlOzvpyy7lRQ7PnhOc3o9a9QOosXwBvT"
            ],
            example!(
                r#""refresh_token": ""# [
                    "vcr",
                    "_JCWwqd8LbR7XUD1gNsWkWKhR8cILI8PJMOOx22lByI878uxjSdctB7t7",
                ] r#"""#
            ),
        ],
        &["vca_token", concat!("vci_Al", "cGKOC3IlcC6pNorE0b")],
    )
    .floor(4.0)
    .checked(has_digit),
    token_anywhere(
        "salad-cloud",
        "SaladCloud API key",
        "docs.salad.com; form in trufflehog of 21 Aug 2026",
        "salad_cloud_[0-9A-Za-z_]{24,}",
        &[example!(
            "SALAD_API_KEY=" [
                "sal",
                "ad_cloud_user_UPkZ5PDoDSJMwKIoLDFsM9ccC4d5zDO5f8Nyo2GQ4wG4uX",
                "KP",
            ] ""
        )],
        &["salad_cloud_organization_name_here"],
    )
    .floor(3.8)
    .checked(has_digit),
    token_anywhere(
        "fleetbase",
        "Fleetbase API key",
        "docs.fleetbase.io; form in titus of 10 Apr 2026",
        "flb_(?:live|test)_[0-9A-Za-z]{20,}",
        &[example!["flb", "_live_S3hVtK5MHHEnMLPpmiHL"]],
        &["flb_live_key", "flb_test_data"],
    )
    .floor(3.5),
    token(
        "tigris",
        "Tigris secret access key",
        "tigrisdata.com/docs, access keys; not confirmed",
        "tsec_[0-9A-Za-z+_-]{40,}",
        &[example!(
            "AWS_SECRET_ACCESS_KEY=" [
                "tse",
                "c_rHpOZxUznzqgcSscWevEv6SbCk64930Xg64xqSctD1J0pEQ7mpbH8UHP",
            ] ""
        )],
        &["tsec_your_secret", concat!("tsec_", "8Lbw9MqLdis8")],
    )
    .floor(4.0),
    token_anywhere(
        "datastax-astra",
        "DataStax Astra application token",
        "docs.datastax.com/en/astra; form in betterleaks of 23 Jul 2026",
        "AstraCS:[0-9A-Za-z:_-]{40,}",
        &[example!(
            "ASTRA_DB_APPLICATION_TOKEN=" [
                "Ast",
                "raCS:7PUHEWbbfcMcv6zIR62ZeycC:28bf73dc8abd1e274685eb62373313",
                "019058805be9ceda33c16cafb2d9e7816b",
            ] ""
        )],
        &["AstraCS:your-token", "AstraCS:..."],
    )
    .floor(4.0),
    token(
        "confluent-secret-newer",
        "Confluent Cloud API secret with a prefix",
        "docs.confluent.io/cloud; form in titus of 10 Apr 2026",
        "cflt[0-9A-Za-z+/]{60}",
        &[example!(
            "CONFLUENT_CLOUD_API_SECRET=" [
                "cfl",
                "trJ598xRUsLq7dsaOtbWhHXJaBozNi9WHIdQCY3wUbVmo9HCakrjIkDtIH4p",
                "Z",
            ] ""
        )],
        &["cflt", concat!("cfltUD", "gtMcu8XF4jjHGZauPS")],
    )
    .floor(4.2)
    .checked(has_digit),
    token(
        "elastic-cloud-key-newer",
        "Elastic Cloud API key",
        "elastic.co/docs, cloud API keys; form in betterleaks of 23 Jul 2026",
        "essu_[0-9A-Za-z+/_-]{60,}={0,2}",
        &[example!(
            "EC_API_KEY=" [
                "ess",
                "u_sk8wwTOZxKl6kOMUYQgX5YAb0T4xYp8QU5ZtLOLKMMVnt0XnPh37pcHewn",
                "NQOvDTMJmAGqRjkBxYBlV3==",
            ] ""
        )],
        &["essu_your_key", concat!("essu_", "X9Cx7MOMBogs")],
    )
    .floor(4.0),
    token(
        "cloudsmith-api-key-newer",
        "Cloudsmith API key with a prefix",
        "docs.cloudsmith.com; form in betterleaks of 23 Jul 2026",
        "csa_[0-9a-f]{30}[0-9A-Za-z]{6}",
        &[example!["csa", "_b9d08ce1d5dad84b5ab6f428e7d1c8PXyAAj"]],
        &[
            "csa_token",
            concat!("mcsa_c", "018d7354324ff71800142c8a60d9f72533e"),
        ],
    )
    .floor(3.2),
    token_anywhere(
        "defined-networking",
        "Defined Networking API token",
        "docs.defined.net; form in titus of 10 Apr 2026",
        "dnkey-[0-9A-Z]{26}-[0-9A-Z]{52}",
        &[example![
            "dnk",
            "ey-4CTLJDCH2NVNNOQVSRDFDUIBBZ-X87Z5ZAYIKX7I7SU7P1X9CZJ9KBII7",
            "OK55ZVZPSI2MRLZ8NB6CXT"
        ]],
        &[
            "dnkey-token",
            concat!("dnkey-", "BDLWZ135U1XJN1ICK7T7EV00JP"),
        ],
    )
    .floor(4.0),
    token_anywhere(
        "docker-swarm-unlock-key",
        "key that unlocks a Docker swarm",
        "docs.docker.com/engine/swarm, lock your swarm; form in betterleaks of 23 Jul 2026",
        "SWMKEY-1-[0-9A-Za-z+/]{40,}",
        &[example!(
            "docker swarm unlock: " [
                "SWM",
                "KEY-1-FiLljD8uCImns0NZ7D8Ja5mPci54Iph6nIKpHiDQQNN",
            ] ""
        )],
        &["SWMKEY-1-your-key"],
    )
    .floor(4.0),
    token(
        "unkey",
        "Unkey root key",
        "unkey.com/docs; form in betterleaks of 23 Jul 2026",
        "unkey_[0-9A-Za-z]{20,}",
        &[example!("UNKEY_ROOT_KEY=" ["unk", "ey_4Qhm8FEQUvAOGZKqESD3eZdX"] "")],
        &[
            "unkey_root_key",
            concat!("funkey", "_GeicM3vWE3S1LAfJtGEgmFoM"),
        ],
    )
    .floor(3.6)
    .checked(has_digit),
    token_anywhere(
        "zuplo",
        "Zuplo consumer API key",
        "zuplo.com/docs; form in betterleaks of 23 Jul 2026",
        "zpka_[0-9a-z]{32}_[0-9a-f]{8}",
        &[example![
            "zpk",
            "a_b6pqadw382ayxipx8lpugf0kus7pbtto_8d2ab7be"
        ]],
        &["zpka_key", concat!("zpka_", "jywolwx389uj")],
    )
    .floor(3.5),
    token(
        "settlemint",
        "SettleMint access token",
        "console.settlemint.com/documentation; form in betterleaks of 23 Jul 2026",
        "(?:sm_pat_|sm_aat_|sm_sat_)[0-9A-Za-z]{16,}",
        &[example!("SETTLEMINT_ACCESS_TOKEN=" ["sm_", "pat_Fp7dfggX4x6GyLHE"] "")],
        &["sm_pat_your_token", concat!("csm_pa", "t_CF7rbbreDWoW6nCB")],
    )
    .floor(3.2)
    .checked(has_digit),
    token(
        "logicmonitor",
        "LogicMonitor bearer token or access key",
        "logicmonitor.com/support, API tokens: prefix; not confirmed",
        "(?:lma_|lmb_)[0-9A-Za-z+/=_-]{40,}",
        &[example!(
            "Bearer: " [
                "lmb",
                "_X8kR8gOqoBfKSPDBo6o8pM8dE7EMWhgCu4gmxipfpqXFMxbbeshhaA2HqmP",
                "vkkT6Zd0s2HmHmoj8nqbw",
            ] ""
        )],
        &[
            "lma_token",
            concat!(
                "film_W",
                "QPPDggse7gOBcetaSIf3BjjfkeLj3z5TIw8Sz8K2sus8qIBLusGiDy5iiEC"
            ),
        ],
    )
    .floor(4.0)
    .checked(is_mixed_case),
    token(
        "thunderstore",
        "Thunderstore API token",
        "thunderstore.io; form in betterleaks of 23 Jul 2026",
        "tss_[0-9A-Za-z_-]{20,}",
        &[example!("TCLI_AUTH_TOKEN=" ["tss", "_kvhxNDysHaQWUn5G7RDNX1I93nv0XUlx6VZhCthv"] "")],
        &[
            "tss_frame_descriptor_type",
            concat!("qtss_N", "JDDbEV6kddt6TPWL6cgKyaTIwOVE5mq"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token(
        "ubidots",
        "Ubidots token",
        "docs.ubidots.com; form in kingfisher of 20 Jun 2025",
        "(?:BBFF-|BBUS-)[0-9A-Za-z]{30,}",
        &[example!("X-Auth-Token: " ["BBF", "F-1EMFcWjiF4s9sN2U0sWn2EU9VXjgD7"] "")],
        &[
            "BBFF-1",
            concat!("ABBFF-", "FDegbna7XVaO1y4mGyZc6SlMNuAX52"),
        ],
    )
    .floor(3.8)
    .checked(has_digit),
    token(
        "newrelic-rest-key",
        "New Relic REST API key",
        "docs.newrelic.com, API keys; form in titus of 10 Apr 2026",
        "NRRA-[0-9a-f]{42}",
        &[example!(
            r#"curl -H "X-Api-Key:"# [
                "NRR",
                "A-4d34ac2da0340b8af8ac8be8615ce36299d5d01cf0",
            ] r#"""#
        )],
        &["NRRA-key", concat!("NRRA-", "d3ad7ef18634")],
    )
    .floor(3.2),
    token_anywhere(
        "pixie-key",
        "Pixie API or deploy key",
        "docs.px.dev; form in titus of 10 Apr 2026",
        concat!("(?:px-api-|px-dep-)", uuid!()),
        &[example!("PX_DEPLOY_KEY=" ["px-", "dep-778b0443-b40a-ed52-295a-bb46e07a428b"] "")],
        &["px-api-key", "px-dep-1234"],
    )
    .floor(2.8),
    token_anywhere(
        "cfx",
        "Cfx.re server key",
        "docs.fivem.net, sv_licenseKey; not confirmed",
        "cfxk_[0-9A-Za-z]{20}_[0-9A-Za-z]{5,}",
        &[example!(r#"sv_licenseKey ""# ["cfx", "k_3fomV80RB81dlmCXUm1r_uRaSjv"] r#"""#)],
        &["cfxk_key", concat!("cfxk_", "jODH6eGtrh")],
    )
    .floor(3.5),
    token_anywhere(
        "convex-deploy-key",
        "Convex deploy key, its random part",
        "docs.convex.dev, deploy keys; not confirmed",
        r"\|(?<secret>eyJ2MiI6[0-9A-Za-z+/_-]{40,}={0,2})",
        &[example!(
            r#"CONVEX_DEPLOY_KEY="prod:happy-otter-512|"# [
                "eyJ",
                "2MiI6sRCldbbUWhVVlWaumGk4ZAzrdXuUBlj3BizStGdJlX7ERdJhXOjvP4O",
                "d==",
            ] r#"""#
        )],
        &["dev:happy-otter-512", "|eyJ2MiI6"],
    )
    .floor(3.8),
    token(
        "tinybird",
        "Tinybird token",
        "tinybird.co/docs, auth tokens; not confirmed",
        r"p\.eyJ[0-9A-Za-z_-]{30,}\.[0-9A-Za-z_-]{20,}",
        &[example!(
            "TB_TOKEN=" [
                "p.e",
                "yJKgt08H2z6zf6S1ODnyF0Q0qlT3L8IS6oQNXmZd0U1S4Dq1V5xySsgP9oJQ",
                "khMRLygCzRURYHWMVH8Cj6ozJjzqUcpL.kWBqxfwi4OPQklJCbJKCBZYBMir",
                "6gKDFMTOunJEGorp",
            ] ""
        )],
        &[
            "p.eyJ",
            concat!(
                "http.e",
                "yJig12pcd4K3wO7gcRcR2U15b2x2oYo63GnZ7GItRs.OSM0qP6JVDpFabkzo",
                "W1XWzO8bWTwfV"
            ),
        ],
    )
    .floor(4.0),
    token(
        "turbopuffer",
        "turbopuffer API key",
        "turbopuffer.com/docs/auth; not confirmed",
        "tpuf_[0-9A-Za-z]{30,}",
        &[example!("TURBOPUFFER_API_KEY=" ["tpu", "f_u1hwlqQaJT2Gig21pJnLNFp4mEL3Cm7G"] "")],
        &["tpuf_key", concat!("tpuf_", "CO7nzfwGtU")],
    )
    .floor(4.0),
    token(
        "liveblocks",
        "Liveblocks secret key",
        "liveblocks.io/docs, authentication; not confirmed",
        "(?:sk_dev_|sk_prod_)[0-9A-Za-z_-]{40,}",
        &[example!(
            r#"LIVEBLOCKS_SECRET_KEY=""# [
                "sk_",
                "prod_oUq2bZuMLJTYn255aRxyLt8neAMcp0o2SSlg7aYaEhahgsiLsI5ZewC",
                "5fROr4ba2",
            ] r#"""#
        )],
        &["sk_prod_your_key", "sk_dev_..."],
    )
    .floor(4.2)
    .checked(has_digit),
];
