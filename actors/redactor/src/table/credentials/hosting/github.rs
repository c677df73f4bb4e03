//! Tokens of GitHub.

use crate::table::credentials::rows::{assigned, example, token, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "github-token",
        "GitHub personal access token, classic",
        "docs.github.com, about authentication to GitHub, read 22 Nov 2026",
        "ghp_[0-9A-Za-z_]{36,}",
        &[
            example!["gh", "p_tKwWP0CMJ3BAopo9DE5ZuVQQI8JOvLLlVScM"],
            example!(
                "git clone https://"
                ["gh", "p_04XCCKSoCj3wzM2hbXP13fHMNmaWScfGK3Sg"]
                "@github.com/ledger/core.git"
            ),
        ],
        &[
            concat!("gh", "p_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            "ghp_token",
            "ghp_aiYbYedLzXqGedVLf2ew",
        ],
    )
    .floor(3.0),
    token(
        "github-oauth-token",
        "GitHub OAuth access token",
        "docs.github.com, about authentication to GitHub, read 22 Nov 2026",
        "gho_[0-9A-Za-z_]{36,}",
        &[example!["gh", "o_N4EXlzlpUVXmP138f3rIC5GOgoxSQiy3lJJN"]],
        &[
            concat!("gh", "o_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            "gho_token",
            "gho_IclMjIJNc1egHfnacO0r",
        ],
    )
    .floor(3.0),
    token(
        "github-user-token",
        "GitHub App user access token",
        "docs.github.com, about authentication to GitHub, read 22 Nov 2026",
        "ghu_[0-9A-Za-z_]{36,}",
        &[example!["gh", "u_vytt97HJIRKX9F7SHUBGFunvuyOTauvWNwYr"]],
        &[
            concat!("gh", "u_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            "ghu_token",
            "ghu_j7FcStjEmoCkypMEX6S2",
        ],
    )
    .floor(3.0),
    token(
        "github-installation-token",
        "GitHub App installation access token",
        "docs.github.com, about authentication to GitHub, read 22 Nov 2026",
        "ghs_[0-9A-Za-z_]{36,}",
        &[example!["gh", "s_Z3jpyJ637v8w5ezkjjsVQf34xMawE3ERLQ4l"]],
        &[
            concat!("gh", "s_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            "ghs_token",
            "ghs_Gijgn773Hgaqloukq9UJ",
        ],
    )
    .floor(3.0),
    token(
        "github-refresh-token",
        "GitHub App refresh token",
        "docs.github.com, about authentication to GitHub, read 22 Nov 2026",
        "ghr_[0-9A-Za-z_]{36,}",
        &[example![
            "gh",
            "r_wH6DVgeJmUFNfJsddgfpZhYSsdfgSBa4lWugZIlPQ5GPwLvmKgorgmIxwNOk7479y1aU",
            "Cv0lhPCW",
        ]],
        &[
            concat!("gh", "r_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            "ghr_token",
            "ghr_aYDbGss7Yh56wVgGHDiB",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "github-fine-grained-token",
        "GitHub personal access token, fine-grained",
        "docs.github.com, about authentication to GitHub, read 22 Nov 2026",
        "github_pat_[0-9A-Za-z_]{60,}",
        &[example![
            "gi",
            "thub_pat_11Y4KW15GW8YBZP2DEDDV_AjLuVnvi5dF5xL2ex2TKwXXwEDRPB636d1KulDq",
            "cMzIQzy6m5nbqrFq1x9D",
        ]],
        &[
            "github_pat_name",
            concat!(
                "gi",
                "thub_pat_11AAAAAAA0your_token_goes_here_and_is_quite_a_bit_longer_than",
                "_that",
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "github-token-older",
        "GitHub token or client secret without prefix",
        "github.blog, 2021-03-31, on the older character set, read 22 Nov 2026",
        &[
            "github_token",
            "github_secret",
            "github_client_secret",
            "gh_token",
            "github_oauth",
        ],
        "[0-9a-f]{40}",
        &[example!("GITHUB_CLIENT_SECRET=" ["af644d802103b70ace8e", "41449aff0100a9427a96"] "")],
        &[
            concat!("GI", "THUB_SHA=e260f018bf3b3f4ebd1619686e196d4f399fb8ce"),
            "GITHUB_TOKEN=${{ secrets.GITHUB_TOKEN }}",
        ],
    )
    .floor(3.0),
];
