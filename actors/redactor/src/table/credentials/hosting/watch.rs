//! What watches over source code, builds and releases: scanners, reviews, flags, jobs.

use crate::table::credentials::looks::{has_digit, is_mixed_case};
use crate::table::credentials::rows::{assigned, example, token, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "aikido-secret",
        "Aikido client secret",
        "aikido.dev; prefix and length in betterleaks of 23 Jul 2026",
        "AIK_SECRET_[0-9A-Za-z]{40,}",
        &[example![
            "AIK",
            "_SECRET_kgPoYqnCDoYzBKbftfOoXTZhQ8stzhe6SVI34Zwh8Xms9bmOxojR",
            "lO8f2NxmZQqD"
        ]],
        &["AIK_SECRET_YOUR_SECRET", "AIK_SECRET_short1"],
    )
    .floor(4.0),
    token_anywhere(
        "aikido-ci-token",
        "Aikido token for CI",
        "aikido.dev; prefix and length in betterleaks of 23 Jul 2026",
        "AIK_CI_[0-9A-Za-z]{20,}",
        &[example!["AIK", "_CI_GcwWdLLjTwr6ZQLikIubkNcFk2VUaIsd"]],
        &[
            "AIK_CI_TOKEN",
            concat!("AIK_CI", "_xxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
    )
    .floor(3.5),
    token(
        "dependency-track",
        "Dependency-Track API key",
        "docs.dependencytrack.org, REST API; prefix and length titus of 10 Apr 2026",
        "odt_[0-9A-Za-z_]{32,}",
        &[
            example!["odt", "_mk2Xty2Xa6BZNbrKIRaGSxoHYL9f6SN2"],
            example!("X-Api-Key: " ["odt", "_3dsP8KvZ_JLIke1qUFHqnb9REOSFHYPNxldN8s9Wp"] ""),
        ],
        &[
            "odt_your_api_key",
            concat!("method", "_nwKplr347a7tpDOe2U6qE1nbpbtRBePV"),
        ],
    )
    .floor(3.8)
    .checked(has_digit),
    token(
        "stackhawk",
        "StackHawk API key",
        "docs.stackhawk.com; form in titus of 10 Apr 2026",
        r"hawk\.[0-9A-Za-z_-]{20}\.[0-9A-Za-z_-]{20}",
        &[example!(
            r#"HAWK_API_KEY=""# [
                "haw",
                "k.PdBNiiaP00ZklmCYkhkI.7m07qBBsTDD8aGDMx2SA",
            ] r#"""#
        )],
        &["hawk.com is a site", "hawk.short.key"],
    )
    .floor(3.8)
    .checked(has_digit),
    token_anywhere(
        "endor-labs",
        "Endor Labs API key or secret",
        "docs.endorlabs.com; form in titus of 10 Apr 2026",
        r"endr\+[0-9A-Za-z-]{16}",
        &[example!("ENDOR_API_CREDENTIALS_SECRET=" ["end", "r+U4Ree7NAw8MhdkW3"] "")],
        &["endr+your-key", concat!("endr+", "Su78e9KCe3Oe")],
    )
    .floor(3.0)
    .checked(has_digit),
    token(
        "nightfall",
        "Nightfall API key",
        "docs.nightfall.ai; form in kingfisher of 20 Jun 2025",
        "NF-[0-9A-Za-z]{32}",
        &[example!("NIGHTFALL_API_KEY=" ["NF-", "jj8x1O9585YmA6fV4NGCvNsoGSr8UqyU"] "")],
        &[
            "NF-1234",
            concat!("CONF-y", "8cSTqtUnZUngRtfHXHAVbtOsO2iEjkF"),
        ],
    )
    .floor(3.8)
    .checked(has_digit),
    token(
        "spectral",
        "SpectralOps token",
        "docs.spectralops.io; form in trufflehog of 21 Aug 2026",
        "spu-[0-9a-z]{32}",
        &[example!("SPECTRAL_DSN=" ["spu", "-j60n8o26qbh3cbhhhpwdmnu4q28jslmb"] "")],
        &[
            concat!("cspu-z", "ew3b6oa0ii87698ytzrb5clph32ur7l"),
            "spu-config",
        ],
    )
    .floor(3.5)
    .checked(has_digit),
    token_anywhere(
        "trufflehog-enterprise",
        "TruffleHog Enterprise key or secret",
        "docs.trufflesecurity.com; form in trufflehog of 21 Aug 2026",
        "thog-(?:key|secret)-[0-9a-f]{16,}",
        &[example!["tho", "g-secret-6fe71a08b99454647de89e806bc52842"]],
        &["thog-key-id", "thog-secret-name"],
    )
    .floor(2.8),
    token(
        "coderabbit",
        "CodeRabbit API key",
        "docs.coderabbit.ai; form in titus of 10 Apr 2026",
        "cr-[0-9a-f]{58}",
        &[example!(
            "CODERABBIT_API_KEY=" [
                "cr-",
                "f9fdd7224e5ebd25b6b5cfb2d98787303e00f3b21ea4ff07fe1e33fbc7",
            ] ""
        )],
        &[
            "cr-0be47793",
            concat!(
                "docr-2",
                "9109a6cb24f350209e6174543265c588f612e60a65d48e4229c948120"
            ),
        ],
    )
    .floor(3.2),
    token_anywhere(
        "mergify",
        "Mergify application key",
        "docs.mergify.com; form in titus of 10 Apr 2026",
        "mergify_application_key_[0-9A-Za-z_-]{40,}",
        &[example![
            "mer",
            "gify_application_key_C7WXzUGDjfSQx2Kc3e3Io6BFToz1Lijmf7rVWvS",
            "2QekBqwas0t1HI0Az"
        ]],
        &["mergify_application_key_name"],
    )
    .floor(4.0),
    token(
        "sonarqube-organization-token",
        "SonarQube Cloud token of an organization",
        "docs.sonarsource.com; form in trufflehog of 21 Aug 2026",
        "sqco_[0-9A-Za-z]{40,}",
        &[example!(
            "SONAR_TOKEN=" [
                "sqc",
                "o_tX35Qp3KgPSgPl2yFX1dXozPL9cMoRKdTqIkOYcVeu9259xXEBxdcCHUv0",
                "d",
            ] ""
        )],
        &["sqco_token", concat!("sqco_U", "nKIXrZ91TZlxIyROKK4")],
    )
    .floor(4.0),
    token(
        "bitbucket-data-center",
        "Bitbucket Data Center HTTP access token",
        "confluence.atlassian.com, HTTP access tokens; form in trufflehog of 21 Aug 2026",
        "BBDC-[0-9A-Za-z+/@_-]{40,}",
        &[example!(
            r#"curl -H "Authorization: Bearer "# [
                "BBD",
                "C-ZPAVhoxpqNBgI9GkvhIJeuFW80mECqEPT5AFs7BVmP3J",
            ] r#"""#
        )],
        &["BBDC-2041", concat!("BBDC-", "FCd8UZHnn3kN")],
    )
    .floor(4.0),
    token_anywhere(
        "open-vsx",
        "Open VSX access token",
        "blogs.eclipse.org, Open VSX, October 2025: prefix; not confirmed",
        "ovsxp_[0-9A-Za-z_-]{32,}",
        &[example!("OVSX_PAT=" ["ovs", "xp_f1a86143-99fa-0bff-5b65-912836ef9394"] "")],
        &[
            "ovsxp_token",
            concat!("ovsxp_", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
    )
    .floor(3.5),
    token(
        "argos",
        "Argos token",
        "argos-ci.com/docs; not confirmed",
        "argos_[0-9a-f]{36,}",
        &[example!("ARGOS_TOKEN=" ["arg", "os_655747d42a655ad912bbf5c4a965e648cb64eee3"] "")],
        &["argos_token", "argos_deadbeef"],
    )
    .floor(3.0),
    token(
        "chromatic",
        "Chromatic project token",
        "chromatic.com/docs; not confirmed",
        "chpt_[0-9a-f]{12,}",
        &[example!("npx chromatic --project-token=" ["chp", "t_82e9f9732773c14"] "")],
        &["chpt_your_token", concat!("chpt", "_b4807279")],
    )
    .floor(2.5),
    token_anywhere(
        "depot",
        "Depot token",
        "depot.dev/docs, authentication; not confirmed",
        "depot_(?:org|project|user)_[0-9a-f]{40,}",
        &[example!(
            "DEPOT_TOKEN=" [
                "dep",
                "ot_org_9da537901b73929a7552bcdf8e76e7d9abfc6cfbf38ea3aba3b78",
                "2033735f154",
            ] ""
        )],
        &["depot_project_id", "depot_org_name"],
    )
    .floor(3.2),
    token_anywhere(
        "inngest",
        "Inngest signing key",
        "inngest.com/docs, signing keys; not confirmed",
        "signkey-(?:prod|test|branch)-[0-9a-f]{32,}",
        &[example!(
            "INNGEST_SIGNING_KEY=" [
                "sig",
                "nkey-prod-36a7b8c57cd7139e0f05cb07947c8f5664027fcc17152272ec",
                "924358a2f15c7c",
            ] ""
        )],
        &["signkey-prod-xxxx", "signkey-test-your-key"],
    )
    .floor(3.2),
    token(
        "trigger-dev",
        "Trigger.dev secret key or token",
        "trigger.dev/docs, API keys; not confirmed",
        "(?:tr_dev_|tr_prod_|tr_stg_|tr_preview_|tr_pat_)[0-9A-Za-z]{20,}",
        &[example!("TRIGGER_SECRET_KEY=" ["tr_", "prod_tsRwG3jB4V7PWoKCCoCh7LS9"] "")],
        &[
            "tr_dev_your_key",
            concat!("str_pr", "od_sUs0KYGSU1UfRx33F1UWVQX6"),
        ],
    )
    .floor(3.5)
    .checked(has_digit),
    token_anywhere(
        "logfire",
        "Pydantic Logfire write or read token",
        "docs.pydantic.dev/logfire; not confirmed",
        "pylf_v[0-9]_[a-z]{2,8}_[0-9A-Za-z]{40,}",
        &[example!(
            "LOGFIRE_TOKEN=" [
                "pyl",
                "f_v1_us_I9WlRVnycsY02iZe88uP6URchpmHQqC3kxfqiwXMbg8",
            ] ""
        )],
        &["pylf_v1_us_token"],
    )
    .floor(4.0),
    token(
        "daytona",
        "Daytona API key",
        "daytona.io/docs, API keys; not confirmed",
        "dtn_[0-9a-f]{40,}",
        &[example!(
            "DAYTONA_API_KEY=" [
                "dtn",
                "_82cd07a079acf1be40892dd05117729f6b666cbdbf504de0965c5dc8a06",
                "b9b6b",
            ] ""
        )],
        &["dtn_your_key", concat!("dtn_3", "b3c4421d5bb")],
    )
    .floor(3.2),
    token(
        "rootly",
        "Rootly API key",
        "docs.rootly.com; form in betterleaks of 23 Jul 2026",
        "rootly_[0-9a-f]{64}",
        &[example![
            "roo",
            "tly_a5dffeaf755be4eaa709aa8053e9e2e6b0860e9dcde53db120346764",
            "08d5fdd2"
        ]],
        &["rootly_api_key", concat!("rootly", "_830763f6d4cd6ac6489a")],
    )
    .floor(3.2),
    assigned(
        "launchable",
        "Launchable workspace token",
        "docs.launchableinc.com; not confirmed",
        &["launchable_token"],
        "v1:[0-9a-z-]{3,64}/[0-9a-z-]{3,64}:[0-9a-f]{32,}",
        &[example!(
            "LAUNCHABLE_TOKEN=" [
                "v1:",
                "acme/shop:844e8cd7747cbaddbf96fb0a3edd6f5b76159fc5",
            ] ""
        )],
        &["LAUNCHABLE_TOKEN=v1:latest", "image: v1:acme/shop:2026"],
    )
    .floor(3.0),
    token(
        "growthbook",
        "GrowthBook secret key",
        "docs.growthbook.io, API; not confirmed",
        concat!(
            "(?:secret_admin_|secret_user_|secret_readonly_|secret_engine",
            "er_|secret_analyst_)[0-9A-Za-z]{20,}"
        ),
        &[example!(
            "Authorization: Basic, user " [
                "sec",
                "ret_admin_sogwN7xR7zvfSioWOIs94ic1JSjHdE1OlqEScjAY5Xr",
            ] ""
        )],
        &["secret_admin_password_file", "secret_user_name"],
    )
    .floor(3.5)
    .checked(has_digit),
    token_anywhere(
        "unleash",
        "Unleash token, its random part",
        "docs.getunleash.io, API tokens; not confirmed",
        r"(?::development\.|:production\.|:staging\.)(?<secret>[0-9a-f]{48,})",
        &[example!(
            "UNLEASH_API_TOKEN=default:production." [
                "9d2",
                "806fdca2b532bd1f1136fdc44b4262b2a62d636a3a98edd0c3b7a",
            ] ""
        )],
        &[
            "default:development.unleash-insecure-api-token",
            "mode:production.min.js",
        ],
    )
    .floor(3.0),
    assigned(
        "flagsmith",
        "Flagsmith server-side key",
        "docs.flagsmith.com, server-side SDKs; not confirmed",
        &["flagsmith"],
        r"ser\.[0-9A-Za-z]{20,}",
        &[example!("FLAGSMITH_ENVIRONMENT_KEY=" ["ser", ".HeTxskhRk24tP7R4mEja9w"] "")],
        &[
            "FLAGSMITH_ENVIRONMENT_KEY=ser.key",
            concat!("parser", ".MwkrNg7jHoI2KXHxzF0f7k"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token_anywhere(
        "configcat",
        "ConfigCat SDK key",
        "configcat.com/docs; form in betterleaks of 23 Jul 2026",
        "configcat-(?:sdk|proxy)-1/[0-9A-Za-z_-]{22}/[0-9A-Za-z_-]{22}",
        &[example![
            "con",
            "figcat-sdk-1/KzIWOwlidPJyBsmdrV0zab/OQKttDNoMrNTNKegDc1nXs"
        ]],
        &["configcat-sdk-1/your-key/here", "configcat-sdk-1/x"],
    )
    .floor(4.0),
    token_anywhere(
        "devcycle",
        "DevCycle SDK key of a server or a device",
        "docs.devcycle.com; form in betterleaks of 23 Jul 2026",
        "dvc_(?:server|mobile)_[0-9A-Za-z_]{20,}",
        &[example!(
            "DEVCYCLE_SERVER_SDK_KEY=" [
                "dvc",
                "_server_bhFfjeHNrvx7oCNJO7zvQt4bkmgoXswx",
            ] ""
        )],
        &["dvc_server_sdk_key_name_here", "dvc_server_token"],
    )
    .floor(3.5)
    .checked(has_digit),
];
