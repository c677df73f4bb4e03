//! Tokens of GitLab.

use crate::table::credentials::rows::{example, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "gitlab-token",
        "GitLab personal, project, group or impersonation token",
        "docs.gitlab.com, GitLab token overview, read 22 Nov 2026",
        "glpat-[0-9A-Za-z_-]{20,}",
        &[example!["gl", "pat-63tHDLG6wJoBhFTTnRaL"]],
        &[
            concat!(
                "gl",
                "pat-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            "glpat-your-token",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-routable-token",
        "GitLab personal access token, routable",
        "docs.gitlab.com, GitLab token overview; not confirmed for this form",
        r"glpat-[0-9A-Za-z_-]{27,}\.[0-9a-z]{2}\.[0-9a-z]{9}",
        &[example![
            "gl",
            "pat-JtVa2MzVZvub3A6EeJbrSo4acTOffmKBTWhU.01.958qx53w8"
        ]],
        &[
            concat!("gl", "pat-xxxxxxxxxxxxxxxxxxxxxxxxxxx.01.xxxxxxxxx"),
            "glpat-AiyvKJmN.01.e8v4dvr7x",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-deploy-token",
        "GitLab deploy token",
        "docs.gitlab.com, GitLab token overview, read 22 Nov 2026",
        "gldt-[0-9A-Za-z_-]{20,}",
        &[example!["gl", "dt-1ib8I1VzYejleu8qfuK1"]],
        &[
            concat!(
                "gl",
                "dt-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
            "gldt-token",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-runner-token",
        "GitLab runner authentication token",
        "docs.gitlab.com, GitLab token overview, read 22 Nov 2026",
        "glrt-[0-9A-Za-z_-]{20,}",
        &[example!["gl", "rt-9zg3rimQiNyFT4NdXHYb"]],
        &[
            concat!(
                "gl",
                "rt-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
            "glrt-token",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-runner-registered-token",
        "GitLab runner authentication token made by registration",
        "docs.gitlab.com, GitLab token overview, read 22 Nov 2026",
        "glrtr-[0-9A-Za-z_-]{20,}",
        &[example!["gl", "rtr-iXwcMHRUmH7IJX_nGEQ9"]],
        &[
            concat!(
                "gl",
                "rtr-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            "glrtr-token",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-routable-runner-token",
        "GitLab runner authentication token, routable",
        "docs.gitlab.com, GitLab token overview; not confirmed for this form",
        r"glrt-t[0-9]_[0-9A-Za-z_-]{27,}\.[0-9a-z]{2}\.[0-9a-z]{9}",
        &[example![
            "gl",
            "rt-t1_Eep4Yktl-znQQV_BbuH2ug4nhcyvrWfjgvcZ.01.3cmkl1i7l"
        ]],
        &[
            concat!("gl", "rt-t1_xxxxxxxxxxxxxxxxxxxxxxxxxxx.01.xxxxxxxxx"),
            "glrt-t1_Q8JKZ6Zn",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-job-token",
        "GitLab CI/CD job token",
        "docs.gitlab.com, GitLab token overview, read 22 Nov 2026",
        "glcbt-[0-9A-Za-z]{1,5}_[0-9A-Za-z_-]{20,}",
        &[example!["gl", "cbt-9x_qQ64HjExaYnRh3T6LiVJ"]],
        &[concat!("gl", "cbt-64_xxxxxxxxxxxxxxxxxxxxxx"), "glcbt-job"],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-trigger-token",
        "GitLab pipeline trigger token",
        "docs.gitlab.com, GitLab token overview, read 22 Nov 2026",
        "glptt-[0-9A-Za-z_-]{20,}",
        &[example![
            "gl",
            "ptt-473b4d1423edf47afe2158f9c68699902b5e439b"
        ]],
        &[
            concat!(
                "gl",
                "ptt-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            "glptt-token",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-feed-token",
        "GitLab feed token",
        "docs.gitlab.com, GitLab token overview, read 22 Nov 2026",
        "glft-[0-9A-Za-z_-]{20,}",
        &[example!["gl", "ft-abcra3MRoULxxyxhDHn6"]],
        &[
            concat!(
                "gl",
                "ft-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
            "glft-token",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-incoming-mail-token",
        "GitLab incoming mail token",
        "docs.gitlab.com, GitLab token overview, read 22 Nov 2026",
        "glimt-[0-9A-Za-z_-]{20,}",
        &[example!["gl", "imt-Liq22itZimKzl2FclF97gz5Li"]],
        &[
            concat!(
                "gl",
                "imt-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            "glimt-token",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-agent-token",
        "GitLab agent for Kubernetes token",
        "docs.gitlab.com, GitLab token overview, read 22 Nov 2026",
        "glagent-[0-9A-Za-z_-]{40,}",
        &[example![
            "gl",
            "agent-ZeFYVaErHS-IIJIbfcfA4TmoBiSvI1mOgSlVifViuhf1D-f3df"
        ]],
        &[
            concat!(
                "gl",
                "agent-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                "xx",
            ),
            "glagent-config",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-oauth-secret",
        "GitLab OAuth application secret",
        "docs.gitlab.com, GitLab token overview, read 22 Nov 2026",
        "gloas-[0-9A-Za-z_-]{40,}",
        &[example![
            "gl",
            "oas-o0WPTL0SsyNMwls5-v_Xr4KS9W4DKwWX1q9ixxg-VadCWGmjx0sthptlCItloOz1"
        ]],
        &[
            concat!(
                "gl",
                "oas-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            "gloas-token",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-scim-token",
        "GitLab SCIM token",
        "docs.gitlab.com, GitLab token overview, read 22 Nov 2026",
        "glsoat-[0-9A-Za-z_-]{20,}",
        &[example!["gl", "soat-ddjuKgs9kyqCPWlenBo2"]],
        &[
            concat!(
                "gl",
                "soat-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                "x",
            ),
            "glsoat-token",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-workspace-token",
        "GitLab workspace token",
        "docs.gitlab.com, GitLab token overview, read 22 Nov 2026",
        "glwt-[0-9A-Za-z_-]{20,}",
        &[example!["gl", "wt-hNVXsTmMwJEAc7T54wI1"]],
        &[
            concat!(
                "gl",
                "wt-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
            "glwt-token",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-feature-flag-token",
        "GitLab feature flags client token",
        "docs.gitlab.com, GitLab token overview, read 22 Nov 2026",
        "glffct-[0-9A-Za-z_-]{20,}",
        &[example!["gl", "ffct-KFk6SgBf3W-sovF5_WBo"]],
        &[
            concat!(
                "gl",
                "ffct-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                "x",
            ),
            "glffct-token",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-registration-token",
        "GitLab runner registration token",
        "docs.gitlab.com, runner registration tokens; not confirmed",
        "GR1348941[0-9A-Za-z_-]{20,}",
        &[example!("--registration-token " ["GR", "134894130N9vQCG_vorptIRerFa"] "")],
        &["GR1348941", concat!("GR", "1348941xxxxxxxxxxxxxxxxxxxx")],
    )
    .floor(3.0),
    token_anywhere(
        "gitlab-session-cookie",
        "GitLab session cookie",
        "docs.gitlab.com, GitLab token overview, read 22 Nov 2026",
        "_gitlab_session=(?<secret>[0-9a-f]{32})",
        &[example!(
            "Cookie: _gitlab_session="
            ["7d19bdfbf003f192", "3ca1faaf55aaf49d"]
            "; locale=en"
        )],
        &["_gitlab_session=deleted", "_gitlab_session=1681cd8a"],
    )
    .floor(3.0),
];
