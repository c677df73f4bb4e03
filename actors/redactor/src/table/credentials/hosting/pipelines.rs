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
            "IPAT_bVblbJrUJYPvOAIt33p3fV_8c71fd5d9528f5b6a3cfcfea8f9bebdbc6da8113"
        ]],
        &[
            "CCIPAT_token",
            concat!("CC", "IPAT_H0EPyExLZwCbPjzfHAj9XI_3dbb42aa"),
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
            "IPRJ_nDlXqAk6dAnVLyQbe4kNSG_3f3ee899cbef84bfd4c68760c30528d9ae955450"
        ]],
        &[
            "CCIPRJ_token",
            concat!("CC", "IPRJ_yWsIJIGFjcasnDBP5WJ6Jz_6a2f931c"),
        ],
    )
    .floor(3.0),
    assigned(
        "circleci-token-older",
        "CircleCI API token without prefix",
        "circleci.com/changelog, new format for API access tokens, read 22 Nov 2026",
        &["circle_token", "circleci"],
        "[0-9a-f]{40}",
        &[
            example!("Circle-Token: " ["ffce1ef3fa48710a840d", "016fcad1dd5997e63c07"] ""),
            example!("CIRCLECI_API_TOKEN=" ["c678040eb77fb3557037", "ebf6fc9cb2232bbe9ef6"] ""),
        ],
        &[
            concat!("CI", "RCLE_SHA1=15f76d87a7cd94268c7bf1b94ab63080136af788"),
            "CIRCLE_TOKEN=token",
        ],
    )
    .floor(3.0),
    assigned(
        "travis-token",
        "Travis CI access token",
        "docs.travis-ci.com, API authentication; not confirmed",
        &["travis_token", "travis_api", "travis_access"],
        "[0-9A-Za-z_-]{22}",
        &[example!("TRAVIS_TOKEN=" ["N6JR-aEo1xy", "LPZgsY5WPRN"] "")],
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
            "ua_521b4dfcfa7ae018e889abfcf9c5e6e9c5a979cf"
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
            "aa_x_QsfghL1X0kmEFai4pzK09dWIt6etX2tZIIM4uxM7j0Pk1O3cYQF"
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
            "aj_tyYKkwspbejK8yXsTG1g8TE47WQ_xaheTR5rg24Y5pkEleFqEnPXjjiQAoytIfYh-Qr",
            "5jmsub",
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
            "ar_V9y5M-lOzRp0Y1tTIvbwNyfIndAbzcclZIySNQkmMaT5ryQiXkdRo"
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
            "ct_64NeuYbXYdnRNG3IoI8INE8W6eBD_CnP1vBgPMlMSup0FA3zmno20"
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
            "pt_0STwLpFcu5yxAgbYDQ7I2OarrBiptJrtOxFPyTY4eDfkgYgv9HutpUdq-gMJfCakFoj",
            "LACYQ3",
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
            "pat_HBdOP9sXHGdJOa9CHGg6mHHL20ITD7rLVmV6ZSWskA5L4g0VyJQ0r"
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
            "ps_r5zbeJFIpXIS3lyU9NP2_ZR6Sv3TxDqE61aEqV0hHW5z_mzQNNVXX"
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
            example!("DRONE_TOKEN=" ["CqJaTB2aFuX4lCOH", "tNVGjdaAplnyz1hf"] ""),
            example!("DRONE_RPC_SECRET=" ["2d08c61e3d378f8f", "e96de04a3c543a3c"] ""),
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
        &["jenkins"],
        "11[0-9a-f]{32}",
        &[example!("JENKINS_TOKEN=" ["110b6fdf636618036", "0a10bef1f3cd9a16e"] "")],
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
            "J0eXAiOiAiVENWMiJ9.8NJAAUKKENm4aB_Fa9IniPPV2dmNSP-vNE_z.HHYDWZW5lu4qSt",
            "-cETpWyJFFnIPoqAbef4jCppNYkkQrZOo1",
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
            "t.DtFxEf4IQtH9t7hZDS-ggD.1f5c231f8e1839bf7cd63089.nSFyThQtbZMExSDN1Rjt",
        ]],
        &[
            "pat.account.key.secret",
            "spat.3J9IsZ0CBQbPNzFRuwzrJB.1bdc54fa1b60f871d81cd9cc.On9tjpsKaurmsICSqUOA",
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
            "t.5ytx5cKc_a_o8AT61w95_d.9da98ad4e51b230dd20b775f.esJvzQxdCgUDs7Pgjs6b",
        ]],
        &["sat.account.key.secret", "sat. xll9y5B_ngAr9IfU64bvTa"],
    )
    .floor(3.5),
    token(
        "octopus-api-key",
        "Octopus Deploy API key",
        "octopus.com/docs, create an API key; not confirmed",
        "API-[0-9A-Z]{25,}",
        &[example!["AP", "I-53XAAH4VIYWFV74KBO94X7721M"]],
        &[
            "API-GATEWAY",
            "API-DOCUMENTATION",
            concat!("RE", "STAPI-A0Z0FVTORE6KKAFZ6LIQNW579X"),
        ],
    )
    .floor(3.5),
    assigned(
        "semaphore-token",
        "Semaphore API token",
        "docs.semaphoreci.com, API; not confirmed",
        &["semaphore_api", "semaphore_token"],
        "[0-9A-Za-z_-]{20,40}",
        &[example!("SEMAPHORE_API_TOKEN=" ["bkD9avyVW6fx", "vcLvnXqVa34Y"] "")],
        &["SEMAPHORE_PROJECT=ledger", "SEMAPHORE_API_TOKEN=token"],
    )
    .floor(3.5),
    assigned(
        "codecov-token",
        "Codecov upload token",
        "docs.codecov.com, tokens; not confirmed",
        &["codecov"],
        uuid!(),
        &[example!("CODECOV_TOKEN=" ["24a81d8e-4e9e-10a4", "-769b-73bb644f9708"] "")],
        &["CODECOV_FLAG=unit", "CODECOV_TOKEN=token"],
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
            ["3aab8ec0d34247ae5ff415e5.091", "71e1866cb3674fc1c52898576c8c8"]
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
        &[example!["v2", ".yqoj5k7xe0o6eoch5n1h"]],
        &[
            "v2.0.0-beta",
            "v2.documentationoverview",
            "ipv2.5tzu1pj7ira6bptv6j1q",
        ],
    )
    .floor(3.0)
    .checked(harmless::is_mixed),
    token(
        "infracost-api-key",
        "Infracost API key",
        "infracost.io/docs; not confirmed",
        "ico-[0-9A-Za-z]{27,}",
        &[example!["ic", "o-h8hCG1lggtuA2seCSqBCoJ7qWOqmb0GA"]],
        &[
            "ico-arrow-down",
            "ico-MqHQVyQn",
            concat!("si", "co-4wh18K91fNP8qCDy4Z7yFAsBXoiw2AOb"),
        ],
    )
    .floor(3.5),
];
