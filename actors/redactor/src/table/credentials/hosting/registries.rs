//! Registries of packages and containers.

use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "npm-token",
        "npm access token",
        "docs.npmjs.com, about access tokens; not confirmed",
        "npm_[0-9A-Za-z]{36,}",
        &[
            example!["np", "m_ejrcEGNBuNeOLpggSIxL4P5dNHkGXHtAisak"],
            example!(
                "//registry.npmjs.org/:_authToken="
                ["np", "m_RdnYkcvnhoXmEPxg2jjtpB1AX943WvkCs7JG"]
                ""
            ),
        ],
        &[
            "npm_config_registry",
            concat!("np", "m_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            concat!("pn", "pm_KaJwQB2mO1Li3btfSqjh5Tq19zYIHCvTS25P"),
        ],
    )
    .floor(3.0),
    assigned(
        "npm-token-older",
        "npm access token without prefix",
        "docs.npmjs.com, about access tokens; not confirmed",
        &["_authtoken", "npm_token", "npm_auth_token"],
        uuid!(),
        &[example!(
            "//registry.npmjs.org/:_authToken="
            ["90c545fa-8531-b7d9", "-e499-c593be0181c7"]
            ""
        )],
        &[
            "//registry.npmjs.org/:_authToken=${NPM_TOKEN}",
            concat!("NP", "M_TOKEN=00000000-0000-0000-0000-000000000000"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "pypi-token",
        "PyPI API token",
        "pypi.org/help, API tokens; not confirmed",
        "pypi-AgEIcHlwaS5vcmc[0-9A-Za-z_-]{50,}",
        &[example![
            "py",
            "pi-AgEIcHlwaS5vcmc6t6zwq8CVjrCmTu5WqncYsIIME7BiWwHYDYU88DiTId3LCf4nrVU",
            "7B33Zje3hSZbGQA7mY2dnqunLssjyTlXjEwj6XYJXhTqBLGhg4hXMXP_a0yOFNK5Bu7nAY",
            "_D_48ldckkyVvCyW4qYyPkos6U0Z",
        ]],
        &["pypi-AgEIcHlwaS5vcmc...", "pypi-attestations"],
    )
    .floor(3.5),
    token_anywhere(
        "testpypi-token",
        "TestPyPI API token",
        "test.pypi.org/help, API tokens; not confirmed",
        "pypi-AgENdGVzdC5weXBpLm9yZ[0-9A-Za-z_-]{50,}",
        &[example![
            "py",
            "pi-AgENdGVzdC5weXBpLm9yZ7zlNo-N7y17_vbLw-79NZurlBUuoWOT-6on8IyqJiV9Kjx",
            "o0bxb34XlL9-OS1xgZQLIlCBJxfdXBJlzVpOjUd47RRCJOuE0JNz4YLM7hHP_bp8-w1juW",
            "72rtJjbvamFo1AH6hf1QtNbb9w4Zr8Uk5s",
        ]],
        &[
            "pypi-AgENdGVzdC5weXBpLm9yZ...",
            concat!("py", "pi-AgENdGVzdC5weXBpLm9yZKq8IcdNH"),
        ],
    )
    .floor(3.5),
    token_anywhere(
        "rubygems-api-key",
        "RubyGems API key",
        "guides.rubygems.org, API key scopes, read 22 Nov 2026",
        "rubygems_[0-9a-f]{40,}",
        &[example!(
            ":rubygems_api_key: "
            ["ru", "bygems_f568ec52a8e627ef2ebd2cf9b980fa06b5f8e399a1a2a613"]
            ""
        )],
        &["rubygems_api_key", "rubygems_fcdf9726bef5"],
    )
    .floor(3.0),
    token(
        "crates-io-token",
        "crates.io API token",
        "github.com/rust-lang/crates.io, src/util/token.rs, read 22 Nov 2026",
        "cio[0-9A-Za-z]{32}",
        &[
            example!["ci", "oDp5EMgf0XU8dvmA2XorRDGK43zMM5yll"],
            example!("cargo login " ["ci", "oli2o44iE5Ptdt938TZF6QEQbXei3npM9"] ""),
        ],
        &[
            "ciocolata",
            "cioY86zU261Y8da",
            concat!("sc", "ionvowi74zGX6tfZQcG250De3ybrMKqdtL"),
        ],
    )
    .floor(3.5),
    token(
        "nuget-api-key",
        "NuGet API key",
        "learn.microsoft.com/nuget, scoped API keys; not confirmed",
        "oy2[0-9a-z]{43}",
        &[
            example!["oy", "2leog2zikzc8n18r3ltfhqwfnfog5oboja786p7q2w6y"],
            example!(
                "dotnet nuget push *.nupkg -k "
                ["oy", "22quzjyn19jpnb9d7cqcugb6y7n50im0etj0s2a4zcco"]
                ""
            ),
        ],
        &[
            "oy2 = oy1 + 1",
            "oy2etq23vej9ryl",
            concat!("to", "y2byt9xv3ki5x4foseirammt8l1vsvjcsu2jwa6ylyapp"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "docker-token",
        "Docker Hub personal access token",
        "docs.docker.com/security/access-tokens; not confirmed",
        "dckr_pat_[0-9A-Za-z_-]{27,}",
        &[example!("docker login -u ledger -p " ["dc", "kr_pat_alTpwM83zsAaEwTzFuAiRWQtnNV"] "")],
        &[
            concat!("dc", "kr_pat_xxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            "dckr_pat_token",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "docker-organization-token",
        "Docker Hub organization access token",
        "docs.docker.com/enterprise/security/access-tokens; not confirmed",
        "dckr_oat_[0-9A-Za-z_-]{27,}",
        &[example!["dc", "kr_oat_2pE4dsP5HbY4HuvtGuOrdrgGaGgZcp1J"]],
        &[
            concat!("dc", "kr_oat_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            "dckr_oat_token",
        ],
    )
    .floor(3.0),
    token(
        "artifactory-api-key",
        "JFrog Artifactory API key",
        "jfrog.com/help, user profile; not confirmed",
        "AKCp[0-9A-Za-z]{60,}",
        &[example![
            "AK",
            "Cp8EHQ4pLHAboSm47d5s8SyGuotHUUeGbqj49Vu3Bpt44NsNiJqOTYze96lccHt9yghrnh",
            "c",
        ]],
        &[
            "AKCp...",
            "AKCpwOZUzNE1Jtwt",
            concat!(
                "xA",
                "KCp8eYp2W1XdLeOU6Nh2aTBMhWSUHDILvdVODlp5gPyFUxtHoUyQk5jZadPsDxrfU3zmlD",
                "Bt",
            ),
        ],
    )
    .floor(3.5),
    token(
        "artifactory-reference-token",
        "JFrog reference token",
        "jfrog.com/help, access tokens; not confirmed",
        "cmVmd[0-9A-Za-z]{59,}",
        &[example![
            "cm",
            "VmdGtuOjFtKoyQ52iCo32puoTaLiZiV4Mr672CDBix5Ot3WLW3FNzKGU45owdW"
        ]],
        &[
            "cmVmdA==",
            "cmVmdQMk3XMZIkv5m",
            concat!(
                "ac",
                "mVmdGtuOjWmikFQnpQKQr8GLTi34hkOMR2f171Lja3Ii6RaB5X3KtdzMjXUZVxu"
            ),
        ],
    )
    .floor(3.5),
    assigned(
        "jfrog-token",
        "JFrog token without prefix",
        "jfrog.com/help, access tokens; not confirmed",
        &["jfrog", "artifactory", "xray"],
        "[0-9A-Za-z]{73}",
        &[example!(
            "ARTIFACTORY_PASSWORD="
            ["91DjpquRcg64aJdgAY3eqGGmjQwmTA32zpa8", "XWw5GDwmKBCdDFaKLu6PorFiHKVSL9Ttt5vMU"]
            ""
        )],
        &[
            "ARTIFACTORY_URL=https://ledger.jfrog.io",
            "JFROG_TOKEN=token",
        ],
    )
    .floor(3.8),
    assigned(
        "quay-robot-token",
        "Quay robot account token",
        "docs.quay.io, robot accounts; not confirmed",
        &["quay"],
        "[0-9A-Z]{64}",
        &[example!(
            "QUAY_PASSWORD="
            ["DRDO7I33FW0CM6MS54PD87SI0RU687NA", "9NQXRYDEBMS9OOSO8IV3R4VW565QXP4J"]
            ""
        )],
        &["QUAY_USERNAME=ledger+robot", "QUAY_PASSWORD=SECRET"],
    )
    .floor(3.8),
    token_anywhere(
        "clojars-token",
        "Clojars deploy token",
        "github.com/clojars, deploy tokens; not confirmed",
        "CLOJARS_[0-9a-z]{51,}",
        &[example![
            "CL",
            "OJARS_ykkiix3rhql17w01f1scbyqng06n3ogk5r7bof3slx5sk0ntuvui3ntk03e1"
        ]],
        &["CLOJARS_PASSWORD", "CLOJARS_lbayzp3li3jj"],
    )
    .floor(3.0),
    assigned(
        "hex-api-key",
        "Hex API key",
        "hex.pm/docs, API keys; not confirmed",
        &["hex_api_key", "hexpm"],
        "[0-9a-f]{32}",
        &[example!("HEX_API_KEY=" ["6b4d51995034e66e", "e4ebd9da548acfe3"] "")],
        &["HEX_HOME=/var/hex", "HEX_API_KEY=key"],
    )
    .floor(3.0),
    assigned(
        "packagecloud-token",
        "packagecloud token",
        "packagecloud.io/docs; not confirmed",
        &["packagecloud"],
        "[0-9a-f]{48}",
        &[example!(
            "PACKAGECLOUD_TOKEN="
            ["9432263e1e6384379e3a2aa4", "523017f09298ee7756fa86a8"]
            ""
        )],
        &[
            "PACKAGECLOUD_URL=https://packagecloud.io",
            "PACKAGECLOUD_TOKEN=token",
        ],
    )
    .floor(3.0),
    assigned(
        "cloudsmith-api-key",
        "Cloudsmith API key",
        "help.cloudsmith.io, API key; not confirmed",
        &["cloudsmith"],
        "[0-9a-f]{40}",
        &[example!("CLOUDSMITH_API_KEY=" ["49f4af1f8f53072a6b1d", "0c7c256f62d4c6c592e9"] "")],
        &["CLOUDSMITH_ORG=ledger", "CLOUDSMITH_API_KEY=key"],
    )
    .floor(3.0),
    token(
        "jetbrains-token",
        "JetBrains permanent token",
        "jetbrains.com/help/hub, permanent tokens; not confirmed",
        r"perm:[0-9A-Za-z+/=]{3,}\.[0-9A-Za-z+/=]{3,}\.[0-9A-Za-z]{20,}",
        &[example![
            "pe",
            "rm:P49h6W1P52Zp==.B1Lmoa3fxx=.M3u1GitvflL4GJ8rJx87If5J1wKHM7"
        ]],
        &["perm:read.write.all", "perm:0644"],
    )
    .floor(3.0),
    token(
        "jetbrains-token-newer",
        "JetBrains permanent token, newer",
        "jetbrains.com/help/hub, permanent tokens; not confirmed",
        r"perm-[0-9A-Za-z+/=]{3,}\.[0-9A-Za-z+/=]{3,}\.[0-9A-Za-z]{20,}",
        &[example![
            "pe",
            "rm-SLRzdL2JTCTY==.6YugYkXlhb=.p6F1A8Tg83DcpCub0nPIOd6p1ILBwo"
        ]],
        &["perm-read.write.all", "perm-space"],
    )
    .floor(3.0),
];
