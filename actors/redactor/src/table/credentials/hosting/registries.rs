//! Registries of packages and containers.

use crate::table::credentials::checksums;
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
        &[
            "jfrog_token",
            "jfrog_api",
            "jfrog_password",
            "artifactory_password",
            "artifactory_token",
            "artifactory_api",
        ],
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
    token_anywhere(
        "packagist-read-token",
        "Private Packagist read-only organization token",
        "packagist.com/docs, Composer authentication, read 22 Nov 2026",
        "packagist_ort_[0-9a-f]{68}",
        &[example![
            "pa",
            "ckagist_ort_18174ee2bd1669ff7194d8a6068b8c1206977974ae8fabff8b7f4c5544",
            "bebde6fec7",
        ]],
        &[
            concat!(
                "pa",
                "ckagist_ort_8385dbdd2d910c863d6e735f8072e95bf95d69aaa4e695de2d500cc7e5",
                "4e00000000",
            ),
            "packagist_ort_token",
        ],
    )
    .floor(3.0)
    .checked(checksums::is_packagist),
    token_anywhere(
        "packagist-update-token",
        "Private Packagist organization token",
        "packagist.com/docs, Composer authentication, read 22 Nov 2026",
        "packagist_out_[0-9a-f]{68}",
        &[example![
            "pa",
            "ckagist_out_446b4d51995034e66ee4ebd9da548acfe39432263e1e6384379e3a2aa4",
            "520133d131",
        ]],
        &[
            concat!(
                "pa",
                "ckagist_out_3017f09298ee7756fa86a849f4af1f8f53072a6b1d0c7c256f62d4c6c5",
                "9200000000",
            ),
            "packagist_out_token",
        ],
    )
    .floor(3.0)
    .checked(checksums::is_packagist),
    token_anywhere(
        "packagist-user-token",
        "Private Packagist user token",
        "packagist.com/docs, Composer authentication, read 22 Nov 2026",
        "packagist_uut_[0-9a-f]{68}",
        &[example![
            "pa",
            "ckagist_uut_e9373680dbe8d6702bba49a258b2bc1ea355307fd3e17ea0617db70050",
            "8a41b11558",
        ]],
        &[
            concat!(
                "pa",
                "ckagist_uut_d9728c71fd5d9528f5b6a3cfcfea8f9bebdbc6da8113fcfbbe04c2d43d",
                "bb00000000",
            ),
            "packagist_uut_token",
        ],
    )
    .floor(3.0)
    .checked(checksums::is_packagist),
    assigned(
        "quay-robot-token",
        "Quay robot account token",
        "docs.quay.io, robot accounts; not confirmed",
        &["quay_password", "quay_token", "quay_robot"],
        "[0-9A-Z]{64}",
        &[example!(
            "QUAY_PASSWORD="
            ["IFVVN3LQ0KD0NYBEK6G4H23QTSZW25QI", "9W50JZNRO7NBZHA9LEQ1T6V2SKKILBYS"]
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
            "OJARS_89865jcasn3199zmue5sgcy45y3c24g4virod8avrja0bc9n4y78u1c01k8t"
        ]],
        &["CLOJARS_PASSWORD", "CLOJARS_sp3m9hzbpzmo"],
    )
    .floor(3.0),
    assigned(
        "hex-api-key",
        "Hex API key",
        "hex.pm/docs, API keys; not confirmed",
        &["hex_api_key", "hexpm"],
        "[0-9a-f]{32}",
        &[example!("HEX_API_KEY=" ["8040eb77fb355703", "7ebf6fc9cb2232bb"] "")],
        &["HEX_HOME=/var/hex", "HEX_API_KEY=key"],
    )
    .floor(3.0),
    assigned(
        "packagecloud-token",
        "packagecloud token",
        "packagecloud.io/docs; not confirmed",
        &["packagecloud_token", "packagecloud_api"],
        "[0-9a-f]{48}",
        &[example!(
            "PACKAGECLOUD_TOKEN="
            ["e9ef615f76d87a7cd94268c7", "bf1b94ab63080136af7889e8"]
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
        &["cloudsmith_api", "cloudsmith_key", "cloudsmith_token"],
        "[0-9a-f]{40}",
        &[example!("CLOUDSMITH_API_KEY=" ["af073d569ac14cecaa95", "21b4dfcfa7ae018e889a"] "")],
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
            "rm:PUxFKM9zFHt3==.TzkUUP7CWm=.CsyWXYlIut1p7syElOFvjYc3d7OYds"
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
            "rm-8AyQMAf2K9gp==.p3aZLeQChZ=.mZsA6JEPbyJr6MY4j6OMUND2OcRjVX"
        ]],
        &["perm-read.write.all", "perm-space"],
    )
    .floor(3.0),
];
