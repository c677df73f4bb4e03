//! Quality, coverage, errors, test tools.

use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "sonarqube-user-token",
        "SonarQube user token",
        "docs.sonarsource.com, managing tokens; not confirmed",
        "squ_[0-9a-f]{34,}",
        &[example!["sq", "u_a9d1e2ac7934a9c692a42931931875bbf8485ded"]],
        &[
            "squ_token",
            "squ_c70628c2f2e8",
            concat!("as", "qu_2a42afb66c34e853048b7bafffa5409fc14fef4f"),
        ],
    )
    .floor(3.0),
    token(
        "sonarqube-project-token",
        "SonarQube project analysis token",
        "docs.sonarsource.com, managing tokens; not confirmed",
        "sqp_[0-9a-f]{34,}",
        &[example!["sq", "p_51a7e8a978c1fc7478c8960c203d5ab6cac2b0c3"]],
        &[
            "sqp_token",
            "sqp_4402337c307e",
            concat!("as", "qp_9ce5a1565067ac211af882aa4bea09e74467efb1"),
        ],
    )
    .floor(3.0),
    token(
        "sonarqube-global-token",
        "SonarQube global analysis token",
        "docs.sonarsource.com, managing tokens; not confirmed",
        "sqa_[0-9a-f]{34,}",
        &[example!["sq", "a_46309308b9dccc093f470494761fa49d7ae8038d"]],
        &[
            "sqa_token",
            "sqa_ab0dee8392cc",
            concat!("as", "qa_7c0ea9f9b5f5c94f1207d37a302920efa26fec51"),
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
            "sonarcloud",
        ],
        "[0-9a-f]{40}",
        &[
            example!("SONAR_TOKEN=" ["5d338f784642b2fc5f05", "25415a91ede75b3167d9"] ""),
            example!("-Dsonar.login=" ["d0ba512f069e469ec1aa", "96383fd49553543ef7bb"] ""),
        ],
        &[
            concat!(
                "sonar.pr",
                "ojectVersion=cd48264f3fe64d82e6928e746393a65543b13e89"
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
        &[example!("SNYK_TOKEN=" ["2cd3ad37-0e41-abc7", "-42db-8f7521215156"] "")],
        &[
            concat!("SN", "YK_ORG=47f4cd15-68d5-8b1a-0fab-4e04f0ce8c4a"),
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
            "yk_uat.84d30f40.gBnEv3C9LpiXR3ZPeJGFmDpClrPeilFgthJ3oRSZycimFIChy0EeX7",
            "YnhfuT_LTzT66Huz9tXXCCJR7I",
        ]],
        &["snyk_uat.token", "snyk_uat.d2615f98.x"],
    )
    .floor(3.5),
    token(
        "sentry-user-token",
        "Sentry personal auth token",
        "docs.sentry.io, token and credential formats, read 22 Nov 2026",
        "sntryu_[0-9a-f]{54,}",
        &[example![
            "sn",
            "tryu_c77704e646c48af231b83869cda17a05d92e8b1d6e2b9eafd09c4a465f11023f",
        ]],
        &["sntryu_token", "sntryu_22ad005e7c5f"],
    )
    .floor(3.0),
    token(
        "sentry-user-app-token",
        "Sentry user app token",
        "docs.sentry.io, token and credential formats, read 22 Nov 2026",
        "sntrya_[0-9a-f]{54,}",
        &[example![
            "sn",
            "trya_012e975e076776188e0227ec4bfb129acd830c76297e44f90eca5fc9c334ac40",
        ]],
        &["sntrya_token", "sntrya_8d91c96325ba"],
    )
    .floor(3.0),
    token(
        "sentry-integration-token",
        "Sentry integration token",
        "docs.sentry.io, token and credential formats, read 22 Nov 2026",
        "sntryi_[0-9a-f]{54,}",
        &[example![
            "sn",
            "tryi_7badde1345e7cded8a1977e4665e4bf14ec5f4e1104adc13a4bd1c7e571303c3",
        ]],
        &["sntryi_token", "sntryi_d826c05bb83c"],
    )
    .floor(3.0),
    token(
        "sentry-organization-token",
        "Sentry organization auth token",
        "docs.sentry.io, token and credential formats, read 22 Nov 2026",
        "sntrys_[0-9A-Za-z+/=]{40,}_[0-9A-Za-z+/]{36,}",
        &[example![
            "sn",
            "trys_eyJjQn/mQtyjhqtvdPkdfpONj3uzvjR5+RirUcTtmLXrV0kt9NX2jR4bydkhWzEaw",
            "MYheHBKB7pBMjMnueXnK6RHanLMczDe32VPIWvc/5f6OqXQ1LWKuWmJaq/Tcqu4qXm0qE4",
            "XOhupmfn=_tfJq0J85D2XlcJFnwWEsgJkmv828AjnO53T6KTOsqkF",
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
            ["5293a524f3e25c9ab91775907d9fae3d", "157cc8314433e1f4c6d334c0df9185af"]
            ""
        )],
        &[
            concat!(
                "SE",
                "NTRY_RELEASE=f1554f07e52a45450fcfacd3132fe052fea4abf9"
            ),
            "SENTRY_AUTH_TOKEN=token",
        ],
    )
    .floor(3.0),
    assigned(
        "codacy-token",
        "Codacy project or API token",
        "docs.codacy.com, API tokens; not confirmed",
        &["codacy"],
        "[0-9a-f]{32}",
        &[example!("CODACY_PROJECT_TOKEN=" ["6c22c5d23c3dd562", "0122889516f62bd2"] "")],
        &["CODACY_USERNAME=ledger", "CODACY_PROJECT_TOKEN=token"],
    )
    .floor(3.0),
    assigned(
        "coveralls-token",
        "Coveralls repository token",
        "docs.coveralls.io; not confirmed",
        &["coveralls"],
        "[0-9A-Za-z]{32}",
        &[example!("COVERALLS_REPO_TOKEN=" ["YzlUtD6adHMePgug", "FNP41nOjV87YfhzC"] "")],
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
            "AK-5e4531971580bcdd610f7d25-3f7eda5963c1cb0417a41c68a6520db3f2"
        ]],
        &["PMAK-key", concat!("PM", "AK-bd71b02f786c0e480e045705")],
    )
    .floor(3.0),
    token(
        "postman-collection-key",
        "Postman collection access key",
        "learning.postman.com, share collections; not confirmed",
        "PMAT-[0-9A-Z]{22,}",
        &[example!("?access_key=" ["PM", "AT-0176GH4VUCWJNW6IT8ERAWJZ9J"] "")],
        &["PMAT-key", "PMAT-HXXW64EX"],
    )
    .floor(3.0),
    assigned(
        "rollbar-token",
        "Rollbar access token",
        "docs.rollbar.com, access tokens; not confirmed",
        &["rollbar"],
        "[0-9a-f]{32}",
        &[example!("ROLLBAR_ACCESS_TOKEN=" ["0d0309f886fe548d", "199276e0152816bb"] "")],
        &["ROLLBAR_ENV=production", "ROLLBAR_ACCESS_TOKEN=token"],
    )
    .floor(3.0),
    assigned(
        "bugsnag-api-key",
        "Bugsnag API key",
        "docs.bugsnag.com; not confirmed",
        &["bugsnag"],
        "[0-9a-f]{32}",
        &[example!("BUGSNAG_API_KEY=" ["c70e3ea690a79664", "32d162496cea945c"] "")],
        &["BUGSNAG_STAGE=production", "BUGSNAG_API_KEY=key"],
    )
    .floor(3.0),
];
