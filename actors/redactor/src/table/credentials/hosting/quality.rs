//! Quality, coverage, errors, test tools.

use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "sonarqube-user-token",
        "SonarQube user token",
        "docs.sonarsource.com, managing tokens; not confirmed",
        "squ_[0-9a-f]{34,}",
        &[example!["sq", "u_d370e41abc742db8f752121515647f4cd1568d58"]],
        &[
            "squ_token",
            "squ_b1a0fab4e04f",
            concat!("as", "qu_0ce8c4a84d30f4016375d7f932cadca188737372"),
        ],
    )
    .floor(3.0),
    token(
        "sonarqube-project-token",
        "SonarQube project analysis token",
        "docs.sonarsource.com, managing tokens; not confirmed",
        "sqp_[0-9a-f]{34,}",
        &[example!["sq", "p_4a12271418d3abc602378716d71cec3115bf9b6b"]],
        &[
            "sqp_token",
            "sqp_ee856f4cc778",
            concat!("as", "qp_ae8d2615f98c77704e646c48af231b83869cda17"),
        ],
    )
    .floor(3.0),
    token(
        "sonarqube-global-token",
        "SonarQube global analysis token",
        "docs.sonarsource.com, managing tokens; not confirmed",
        "sqa_[0-9a-f]{34,}",
        &[example!["sq", "a_a05d92e8b1d6e2b9eafd09c4a465f11023f22ad0"]],
        &[
            "sqa_token",
            "sqa_05e7c5f012e9",
            concat!("as", "qa_75e076776188e0227ec4bfb129acd830c76297e4"),
        ],
    )
    .floor(3.0),
    assigned(
        "sonarqube-token-older",
        "SonarQube or SonarCloud token without prefix",
        "docs.sonarsource.com, managing tokens; not confirmed",
        &[
            "sonar_token",
            "sonar_login",
            "sonarqube_token",
            "sonarcloud_token",
            "sonar_auth",
        ],
        "[0-9a-f]{40}",
        &[
            example!("SONAR_TOKEN=" ["4f90eca5fc9c334ac408", "d91c96325ba7badde134"] ""),
            example!("-Dsonar.login=" ["5e7cded8a1977e4665e4", "bf14ec5f4e1104adc13a"] ""),
        ],
        &[
            concat!(
                "sonar.pr",
                "ojectVersion=4bd1c7e571303c3d826c05bb83c2a3f3a4621445"
            ),
            "SONAR_TOKEN=token",
        ],
    )
    .floor(3.0),
    assigned(
        "snyk-token",
        "Snyk API token",
        "docs.snyk.io, API token; not confirmed",
        &["snyk_token", "snyk_api", "snyk_key"],
        uuid!(),
        &[example!("SNYK_TOKEN=" ["0a2013a9-2d56-52ae", "-fa24-b0b439c4bd24"] "")],
        &[
            concat!("SN", "YK_ORG=f9cd2ae0-6021-c670-59c1-18696e369293"),
            "SNYK_TOKEN=token",
        ],
    )
    .floor(3.0),
    token(
        "snyk-access-token",
        "Snyk personal access token",
        "docs.snyk.io, personal access tokens; not confirmed",
        r"snyk_uat\.[0-9A-Za-z]{8}\.[0-9A-Za-z_-]{40,}",
        &[example![
            "sn",
            "yk_uat.51c39ea8.anLMczDe32VPIWvc_5f6OqXQ1LWKuWmJaq_Tcqu4qXm0qE4XOhupmf",
            "ntfJq0J85D2XlcJFnwWEsgJkmv",
        ]],
        &["snyk_uat.token", "snyk_uat.fdf623ae.x"],
    )
    .floor(3.5),
    token(
        "sentry-user-token",
        "Sentry personal auth token",
        "docs.sentry.io, token and credential formats, read 22 Nov 2026",
        "sntryu_[0-9a-f]{54,}",
        &[example![
            "sn",
            "tryu_dbe9ba44275293a524f3e25c9ab91775907d9fae3d157cc8314433e1f4c6d334",
        ]],
        &["sntryu_token", "sntryu_c0df9185aff1"],
    )
    .floor(3.0),
    token(
        "sentry-user-app-token",
        "Sentry user app token",
        "docs.sentry.io, token and credential formats, read 22 Nov 2026",
        "sntrya_[0-9a-f]{54,}",
        &[example![
            "sn",
            "trya_554f07e52a45450fcfacd3132fe052fea4abf96c22c5d23c3dd5620122889516",
        ]],
        &["sntrya_token", "sntrya_f62bd2c59e01"],
    )
    .floor(3.0),
    token(
        "sentry-integration-token",
        "Sentry integration token",
        "docs.sentry.io, token and credential formats, read 22 Nov 2026",
        "sntryi_[0-9a-f]{54,}",
        &[example![
            "sn",
            "tryi_23a3f6423ce5e4531971580bcdd610f7d253f7eda5963c1cb0417a41c68a6520",
        ]],
        &["sntryi_token", "sntryi_db3f2bd71b02"],
    )
    .floor(3.0),
    token(
        "sentry-organization-token",
        "Sentry organization auth token",
        "docs.sentry.io, token and credential formats, read 22 Nov 2026",
        "sntrys_[0-9A-Za-z+/=]{40,}_[0-9A-Za-z+/]{36,}",
        &[example![
            "sn",
            "trys_eyJ9FHBWd4rJd6atxEcwmp8QPfTtBSqNjIbSsZtpVUT8iVd0cmcM9GGz/5utI3eMK",
            "kDy4ahxkJfyUVXEc5p7QBLaODMBBsnk0fzirKAX6QMquZXTQ5i8dWQNJaeRViH5ugtnSgV",
            "9WPKqI2O=_LKwMMLVn/9SejQYui6Ilm4fUxQUcZRsLiYKPq4h5Olj",
        ]],
        &["sntrys_YOUR_TOKEN_HERE", "sntrys_eyJpYXQiO_x"],
    )
    .floor(3.5),
    assigned(
        "sentry-token-older",
        "Sentry auth token without prefix",
        "docs.sentry.io, token and credential formats, read 22 Nov 2026",
        &["sentry_auth", "sentry_token"],
        "[0-9a-f]{64}",
        &[example!(
            "SENTRY_AUTH_TOKEN="
            ["4dcf14a95c8ab1b9223cea6339099cf3", "b99ac2843025e8e76ed21e32d063d0de"]
            ""
        )],
        &[
            concat!(
                "SE",
                "NTRY_RELEASE=84db1fd4b07ff191264cff5fbcf938f967536131"
            ),
            "SENTRY_AUTH_TOKEN=token",
        ],
    )
    .floor(3.0),
    assigned(
        "codacy-token",
        "Codacy project or API token",
        "docs.codacy.com, API tokens; not confirmed",
        &["codacy_project_token", "codacy_api", "codacy_token"],
        "[0-9a-f]{32}",
        &[example!("CODACY_PROJECT_TOKEN=" ["266b1b782b98ee15", "98255210dccfabfc"] "")],
        &["CODACY_USERNAME=ledger", "CODACY_PROJECT_TOKEN=token"],
    )
    .floor(3.0),
    assigned(
        "coveralls-token",
        "Coveralls repository token",
        "docs.coveralls.io; not confirmed",
        &["coveralls_repo_token", "coveralls_token"],
        "[0-9A-Za-z]{32}",
        &[example!("COVERALLS_REPO_TOKEN=" ["vD5pdBca8YGTt3rd", "Ji6CGjyo9WudQvhB"] "")],
        &["COVERALLS_PARALLEL=true", "COVERALLS_REPO_TOKEN=token"],
    )
    .floor(3.5),
    token_anywhere(
        "postman-api-key",
        "Postman API key",
        "learning.postman.com, Postman API authentication; not confirmed",
        "PMAK-[0-9a-f]{24}-[0-9a-f]{28,}",
        &[example![
            "PM",
            "AK-e234a0c6bbe2780c6f027acb-e6baace522b7bffa9f39829f9d679f5664"
        ]],
        &["PMAK-key", concat!("PM", "AK-cc0cd3f53701f2c19535a5d1")],
    )
    .floor(3.0),
    token(
        "postman-collection-key",
        "Postman collection access key",
        "learning.postman.com, share collections; not confirmed",
        "PMAT-[0-9A-Z]{22,}",
        &[example!("?access_key=" ["PM", "AT-01MQ4QEGIEGF0T3GS4VINKCKTN"] "")],
        &["PMAT-key", "PMAT-58YCV94J"],
    )
    .floor(3.0),
    assigned(
        "rollbar-token",
        "Rollbar access token",
        "docs.rollbar.com, access tokens; not confirmed",
        &[
            "rollbar_access",
            "rollbar_token",
            "rollbar_post",
            "rollbar_api",
        ],
        "[0-9a-f]{32}",
        &[example!("ROLLBAR_ACCESS_TOKEN=" ["1b774c7f3362b41d", "f2f83984a79ced0d"] "")],
        &["ROLLBAR_ENV=production", "ROLLBAR_ACCESS_TOKEN=token"],
    )
    .floor(3.0),
    assigned(
        "bugsnag-api-key",
        "Bugsnag API key",
        "docs.bugsnag.com; not confirmed",
        &["bugsnag_api", "bugsnag_key"],
        "[0-9a-f]{32}",
        &[example!("BUGSNAG_API_KEY=" ["cac0ad06b0a6873f", "ca6a8b12508d984b"] "")],
        &["BUGSNAG_STAGE=production", "BUGSNAG_API_KEY=key"],
    )
    .floor(3.0),
];
