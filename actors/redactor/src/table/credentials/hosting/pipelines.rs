//! Continuous integration and delivery.

use crate::table::credentials::harmless;
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "circleci-token",
        "CircleCI personal API token",
        "circleci.com/changelog, new format for API access tokens, read 22 Nov 2026",
        "CCIPAT_[0-9A-Za-z]{20,24}_[0-9a-f]{34,}",
        &[example![
            "CC",
            "IPAT_0yBjzrrtC1SYkltDLeAufA_ad0ca7f08c538cb45fa9102becb3f4137a5c062c"
        ]],
        &[
            "CCIPAT_token",
            concat!("CC", "IPAT_dM1pFS3gFnVBuCKqN8Mgp3_fda5d997"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "circleci-project-token",
        "CircleCI project API token",
        "circleci.com/changelog, new format for API access tokens, read 22 Nov 2026",
        "CCIPRJ_[0-9A-Za-z]{20,24}_[0-9a-f]{34,}",
        &[example![
            "CC",
            "IPRJ_4va9Qbr3eFBMdcHuTLBeNn_ac071446c925430129f6c4b8d1fb7eecaf5011ba"
        ]],
        &[
            "CCIPRJ_token",
            concat!("CC", "IPRJ_CidL6J6WBCzW58Chf5Wpf6_17473ac2"),
        ],
    )
    .floor(3.0),
    assigned(
        "circleci-token-older",
        "CircleCI API token without prefix",
        "circleci.com/changelog, new format for API access tokens, read 22 Nov 2026",
        &[
            "circle_token",
            "circleci_token",
            "circleci_api",
            "circleci_key",
        ],
        "[0-9a-f]{40}",
        &[
            example!("Circle-Token: " ["22a636481c1fa4e23450", "bf6e9f2a6a3dcd4b8505"] ""),
            example!("CIRCLECI_API_TOKEN=" ["961830606002c86b9a23", "90be46a2c20a3ee915c0"] ""),
        ],
        &[
            concat!("CI", "RCLE_SHA1=cc03a98d838f897fce167f73ad561a929b53d76d"),
            "CIRCLE_TOKEN=token",
            concat!(
                "circleci_revision: 8e",
                "2d41b7c09f6a35d1e84b72f0c3596ad7e1b804"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "travis-token",
        "Travis CI access token",
        "docs.travis-ci.com, API authentication; not confirmed",
        &["travis_token", "travis_api", "travis_access"],
        "[0-9A-Za-z_-]{22}",
        &[example!("TRAVIS_TOKEN=" ["zmno200STwL", "pFcu5yxAgbY"] "")],
        &["TRAVIS_BRANCH=main", "TRAVIS_TOKEN=token"],
    )
    .floor(3.5),
    token(
        "buildkite-token",
        "Buildkite API access token",
        "buildkite.com/docs, token security, read 22 Nov 2026",
        "bkua_[0-9A-Za-z_-]{40,}",
        &[example![
            "bk",
            "ua_7ae8da0446234844a57a6bce17121c15f8543b04"
        ]],
        &[
            "bkua_token",
            concat!(
                "bk",
                "ua_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
        ],
    )
    .floor(3.0),
    token(
        "buildkite-agent-session-token",
        "Buildkite agent session token",
        "buildkite.com/docs, token security, read 22 Nov 2026",
        "bkaa_[0-9A-Za-z_-]{40,}",
        &[example![
            "bk",
            "aa_ZSWskA5L4g0VyJQ0rr5zbeJFIpXIS3lyU9NP2_ZR6Sv3TxDqE61aE"
        ]],
        &[
            "bkaa_token",
            concat!(
                "bk",
                "aa_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
        ],
    )
    .floor(3.0),
    token(
        "buildkite-job-token",
        "Buildkite agent job token",
        "buildkite.com/docs, token security, read 22 Nov 2026",
        "bkaj_[0-9A-Za-z_-]{60,}",
        &[example![
            "bk",
            "aj_qV0hHW5z_mzQNNVXX5Ha3a-Pw5Mtga0FxAWYpkk3cHZye4n1pCG9H_5NB35brOpWvrm",
            "PoYcUz",
        ]],
        &[
            "bkaj_token",
            concat!(
                "bk",
                "aj_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
        ],
    )
    .floor(3.0),
    token(
        "buildkite-registration-token",
        "Buildkite unclustered agent token",
        "buildkite.com/docs, token security, read 22 Nov 2026",
        "bkar_[0-9A-Za-z_-]{40,}",
        &[example![
            "bk",
            "ar_2dmNSP-vNE_zHHYDWZW5lu4qSt-cETpWyJFFnIPoqAbef4jCppNYk"
        ]],
        &[
            "bkar_token",
            concat!(
                "bk",
                "ar_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
        ],
    )
    .floor(3.0),
    token(
        "buildkite-agent-token",
        "Buildkite agent token",
        "buildkite.com/docs, token security, read 22 Nov 2026",
        "bkct_[0-9A-Za-z_-]{40,}",
        &[example![
            "bk",
            "ct_kQrZOo1DtFxEf4IQtH9t7hZDS-ggDh_vZipg8J7gHpNT8DX2zpbIM"
        ]],
        &[
            "bkct_token",
            concat!(
                "bk",
                "ct_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
        ],
    )
    .floor(3.0),
    token(
        "buildkite-registry-token",
        "Buildkite registry token",
        "buildkite.com/docs, token security, read 22 Nov 2026",
        "bkpt_[0-9A-Za-z_-]{60,}",
        &[example![
            "bk",
            "pt_A_WoMd9U7tM3J9IsZ0CBQbPNzFRuwzrJBgU3Wwq-RhTyd_JCg2HgZ1KZWBMtFLbOJzK",
            "5G15yt",
        ]],
        &[
            "bkpt_token",
            concat!(
                "bk",
                "pt_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
        ],
    )
    .floor(3.0),
    token(
        "buildkite-portal-token",
        "Buildkite portal token",
        "buildkite.com/docs, token security, read 22 Nov 2026",
        "bkpat_[0-9A-Za-z_-]{40,}",
        &[example![
            "bk",
            "pat_x5cKc_a_o8AT61w95_dK3RKHO2q5vhVkmc11laVFCx9iKRYUh4m7L"
        ]],
        &[
            "bkpat_token",
            concat!(
                "bk",
                "pat_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
        ],
    )
    .floor(3.0),
    token(
        "buildkite-portal-secret",
        "Buildkite portal secret",
        "buildkite.com/docs, token security, read 22 Nov 2026",
        "bkps_[0-9A-Za-z_-]{40,}",
        &[example![
            "bk",
            "ps_ntLdxll9y5B_ngAr9IfU64bvTa-7Uaap8RqWSlR9vcD8U53ya1Z0l"
        ]],
        &[
            "bkps_token",
            concat!(
                "bk",
                "ps_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "drone-token",
        "Drone CI user token",
        "docs.drone.io, API; not confirmed",
        &["drone_token", "drone_rpc_secret"],
        "[0-9A-Za-z]{32}",
        &[
            example!("DRONE_TOKEN=" ["vtNVSQorXeGkK1ka", "f0Zz80GlYi95qV57"] ""),
            example!("DRONE_RPC_SECRET=" ["6bfb05e0ac2ba1a6", "8024a81d8e4e9e10"] ""),
        ],
        &[
            "DRONE_SERVER=https://drone.ledger.test",
            "DRONE_TOKEN=token",
        ],
    )
    .floor(3.0),
    assigned(
        "jenkins-token",
        "Jenkins API token",
        "jenkins.io/blog, 2018-07-02, new API token system; not confirmed",
        &[
            "jenkins_token",
            "jenkins_api",
            "jenkins_pass",
            "jenkins_auth",
        ],
        "11[0-9a-f]{32}",
        &[example!("JENKINS_TOKEN=" ["11a4769b73bb644f9", "7083aab8ec0d34247"] "")],
        &["JENKINS_URL=https://ci.ledger.test", "JENKINS_TOKEN=11"],
    )
    .floor(3.0),
    token_anywhere(
        "teamcity-token",
        "TeamCity access token",
        "jetbrains.com/help/teamcity, access tokens; not confirmed",
        r"eyJ0eXAiOiAiVENWMiJ9\.[0-9A-Za-z_-]{20,}\.[0-9A-Za-z_-]{20,}",
        &[example![
            "ey",
            "J0eXAiOiAiVENWMiJ9.P5u99shu5ucMfEg5hGyBZSmyDr8ZfXwiHMIw.FzWJWIWHDs-uVj",
            "1DiCeo_B2o-NYP3FtqIbcEMRt2Gpo4xnnM",
        ]],
        &["eyJ0eXAiOiAiVENWMiJ9", "eyJ0eXAiOiAiVENWMiJ9.x.y"],
    )
    .floor(3.5),
    token(
        "harness-token",
        "Harness personal access token",
        "developer.harness.io, API keys; not confirmed",
        r"pat\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z]{24}\.[0-9A-Za-z]{20}",
        &[example![
            "pa",
            "t.O1Lj5G24CGHyc1HWATokH4.eccfd9d74bd0a9d1e2ac7934.g2d7KrZokwwIXEr44Vir",
        ]],
        &[
            "pat.account.key.secret",
            "spat.UAzXpr7HwmbtJVFSP998Qv.409fc14fef4f51a7e8a978c1.SMF4ypjoUTqKyr1T3sma",
        ],
    )
    .floor(3.5),
    token(
        "harness-service-token",
        "Harness service account token",
        "developer.harness.io, API keys; not confirmed",
        r"sat\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z]{24}\.[0-9A-Za-z]{20}",
        &[example![
            "sa",
            "t.Ziap3uQUzYQYkSaXpttdkp.37c307e9ce5a1565067ac211.uHQ3KEJr43q5ISH9Nfuv",
        ]],
        &["sat.account.key.secret", "sat. sS7OaL6CqqyD79TetyndMo"],
    )
    .floor(3.5),
    token(
        "octopus-api-key",
        "Octopus Deploy API key",
        "octopus.com/docs, create an API key; not confirmed",
        "API-[0-9A-Z]{25,}",
        &[example!["AP", "I-ARWT1YZYBS8G4IOA7IS9JPNC4U"]],
        &[
            "API-GATEWAY",
            "API-DOCUMENTATION",
            concat!("RE", "STAPI-IS1OV3QBHR1VXA9023RHS867FY"),
        ],
    )
    .floor(3.5),
    assigned(
        "semaphore-token",
        "Semaphore API token",
        "docs.semaphoreci.com, API; not confirmed",
        &["semaphore_api", "semaphore_token"],
        "[0-9A-Za-z_-]{20,40}",
        &[example!("SEMAPHORE_API_TOKEN=" ["y7RGpO5L5RGz", "ZbULC8vVJsEt"] "")],
        &["SEMAPHORE_PROJECT=ledger", "SEMAPHORE_API_TOKEN=token"],
    )
    .floor(3.5),
    assigned(
        "codecov-token",
        "Codecov upload token",
        "docs.codecov.com, tokens; not confirmed",
        &["codecov_token"],
        uuid!(),
        &[example!("CODECOV_TOKEN=" ["b5f5c94f-1207-d37a", "-3029-20efa26fec51"] "")],
        &[
            "CODECOV_FLAG=unit",
            "CODECOV_TOKEN=token",
            concat!(
                "codecov_report_id: 0e",
                "9b7c41-d8f2-4365-a1c0-92b4e7f86d13"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "codefresh-token",
        "Codefresh API key",
        "codefresh.io/docs, API; not confirmed",
        &["codefresh", "cf_api"],
        r"[0-9a-f]{24}\.[0-9a-f]{32}",
        &[example!(
            "CODEFRESH_API_KEY="
            ["5d338f784642b2fc5f052541.5a9", "1ede75b3167d9d0ba512f069e469e"]
            ""
        )],
        &["CODEFRESH_PIPELINE=ledger", "CODEFRESH_API_KEY=key"],
    )
    .floor(3.0),
    token(
        "appveyor-token",
        "AppVeyor API token",
        "appveyor.com/docs/api; not confirmed",
        r"v2\.[0-9a-z]{20}",
        &[example!["v2", ".9yduutngqh417jsllglj"]],
        &[
            "v2.0.0-beta",
            "v2.documentationoverview",
            "ipv2.g374pwwz1iqenj5h942m",
        ],
    )
    .floor(3.0)
    .checked(harmless::is_mixed),
    token(
        "infracost-api-key",
        "Infracost API key",
        "infracost.io/docs; not confirmed",
        "ico-[0-9A-Za-z]{27,}",
        &[example!["ic", "o-MWM2PjBZrXZGfDntQfPXr6NC9NHI51Mo"]],
        &[
            "ico-arrow-down",
            "ico-jNnh9shv",
            concat!("si", "co-4nLTl4kLWVjhIwd26gC09Qqsey1Bh6Tv"),
        ],
    )
    .floor(3.5),
];
