//! Other forges, and code search.

use crate::table::credentials::rows::{assigned, example, token, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "atlassian-api-token",
        "Atlassian API token",
        "support.atlassian.com, manage API tokens; not confirmed",
        "ATATT3xFfGF0[0-9A-Za-z_=-]{60,}",
        &[example![
            "AT",
            "ATT3xFfGF0cDPOc_29eU0NKJALXF3zhxS_VnZ-htpOFch1eIwcQUFId54wijdORf9ScGq6",
            "13__HQ1-SdtzU03nAfDDKm2WJkjZiCqovzPk-S1VEZob7PSmULvjJ9c4yvmJcLn2zfGx6j",
            "EMZFeRBMx2FzeQJz-EPVNG8xcCC-XbqCd160Fzbo=bbc04ba6",
        ]],
        &["ATATT3xFfGF0...", "ATATT3xFfGF0TZn0CHTCN7xt"],
    )
    .floor(3.5),
    token_anywhere(
        "atlassian-access-token",
        "Bitbucket or Atlassian access token of a repository, project or workspace",
        "support.atlassian.com/bitbucket-cloud, access tokens; not confirmed",
        "ATCTT3xFf[0-9A-Za-z_=-]{60,}",
        &[example![
            "AT",
            "CTT3xFfGN0jBxFGZ4f4JulTD7lwx0qXwbqddOgCz_7_WGq7NN367Z8j8FEbW2AhpzgrnYl",
            "HG8w8c5Lpp6_LXwJP85Op74c3TeUfZ63cFeXwLY4izrvGV9oBkiDgPG7ujsIJOsFgsd_rR",
            "zOq4q97d5mmyyKTxTVXfgvKJ9KsHXC=8c9b4129",
        ]],
        &["ATCTT3xFf...", "ATCTT3xFfL2dVXHYskHCU"],
    )
    .floor(3.5),
    token(
        "bitbucket-app-password",
        "Bitbucket app password",
        "support.atlassian.com/bitbucket-cloud, app passwords; not confirmed",
        "ATBB[0-9A-Za-z]{32,}",
        &[example!["AT", "BBNrrx3TTJg8JAZXnVVu49b3PDAFTj9aq0"]],
        &[
            "ATBB_TOKEN",
            "ATBBuV0NHxm6",
            concat!("XA", "TBBGLZRl08sS8qaX0vhmz2JIJv5XWVbXUXM"),
        ],
    )
    .floor(3.0),
    assigned(
        "atlassian-api-token-older",
        "Atlassian API token without prefix",
        "support.atlassian.com, manage API tokens; not confirmed",
        &[
            "atlassian_api",
            "atlassian_token",
            "jira_api",
            "jira_token",
            "confluence_api",
            "confluence_token",
        ],
        "[0-9A-Za-z]{24}",
        &[example!("JIRA_API_TOKEN=" ["5FeBMhhOIvPV", "1otjYE72vdO3"] "")],
        &[
            "JIRA_PROJECT=LEDGER",
            "JIRA_API_TOKEN=changeme",
            concat!("AT", "LASSIAN_ACCOUNT_ID=5b10ac8d82e05b22cc7d4ef5"),
        ],
    )
    .floor(3.5),
    assigned(
        "gitea-token",
        "Gitea or Forgejo access token",
        "docs.gitea.com, API usage; not confirmed",
        &[
            "gitea_token",
            "gitea_api",
            "gitea_access",
            "forgejo_token",
            "forgejo_api",
            "codeberg_token",
        ],
        "[0-9a-f]{40}",
        &[example!("GITEA_TOKEN=" ["271894b532eb4c0a1fa2", "c0ab67f28a7c3b4168c9"] "")],
        &[
            "GITEA_COMMIT=3d1ab45717c6",
            "FORGEJO_TOKEN=token",
            concat!("GI", "TEA_COMMIT=3f9c1e07ab52d8846f0b7c19e2a4d35f88c6017b"),
        ],
    )
    .floor(3.0),
    token(
        "sourcegraph-token",
        "Sourcegraph access token, or Segment public API token",
        "sourcegraph.com/docs, access tokens; segment.com/docs; not confirmed",
        "sgp_[0-9A-Za-z]{34,}",
        &[example!["sg", "p_3a05a020271adcfb940f38fec2ec204b4d624290"]],
        &[
            "sgp_token",
            "sgp_bbb09406009f",
            concat!("as", "gp_b488f15a0e9921503e883840d6daef9382a435ef"),
        ],
    )
    .floor(3.0),
    token(
        "sourcegraph-instance-token",
        "Sourcegraph access token with its instance",
        "sourcegraph.com/docs, access tokens; not confirmed",
        "sgp_[0-9a-f]{16}_[0-9a-f]{34,}",
        &[example![
            "sg",
            "p_d1d22a09808485e6_5bdb3300171f093e3c76283a4ccbbff650c8228d"
        ]],
        &[
            "sgp_5183ad007a16faff_local",
            concat!("sg", "p_a580cc24fcab6f71_26bb5c65"),
        ],
    )
    .floor(3.0),
    token(
        "sourcegraph-local-token",
        "Sourcegraph access token of a local instance",
        "sourcegraph.com/docs, access tokens; not confirmed",
        "sgp_local_[0-9a-f]{34,}",
        &[example![
            "sg",
            "p_local_2f413e7bc35522e1f8d9f4dc1f66cf73d651b8c5"
        ]],
        &["sgp_local_", "sgp_local_0e14c544"],
    )
    .floor(3.0),
    token(
        "sourcegraph-license-key",
        "Sourcegraph license or Cody gateway key",
        "sourcegraph.com/docs, access tokens; not confirmed",
        "slk_[0-9a-f]{54,}",
        &[example![
            "sl",
            "k_2cd38fe2865ef71eddd9fc04c8c5f180ac72b775a53098d224d75e338d9c285a"
        ]],
        &[
            "slk_key",
            concat!("sl", "k_522dab5bff7eb92676c9bc740ed627ff"),
        ],
    )
    .floor(3.0),
    assigned(
        "phabricator-token",
        "Phabricator Conduit token",
        "phacility.com, Conduit API; not confirmed",
        &["conduit", "phabricator"],
        "(?:api|cli)-[0-9a-z]{28}",
        &[example!("CONDUIT_TOKEN=" ["api-eus1jwrulk6w", "mgbnb4f1vk80841p"] "")],
        &[
            "CONDUIT_URI=https://phab.ledger.test",
            "CONDUIT_TOKEN=api-token",
        ],
    )
    .floor(3.0),
];
