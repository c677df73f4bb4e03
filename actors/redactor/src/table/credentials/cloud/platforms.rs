//! Platforms that run an application for you.

use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "digitalocean-token",
        "DigitalOcean personal access token",
        "gitlab.com, security-products/analyzers/secrets merge request 178, read 22 Nov 2026",
        "dop_v1_[0-9a-f]{54,}",
        &[
            example![
                "do",
                "p_v1_cc5e1f51b4bf8ca631933af4a734662ad4cc7815e5c62ad324f8f1c177ab9404",
            ],
            example!(
                "token = \""
                ["do", "p_v1_69d71490d493b4a5e90b68f3662e9e6f7e23ae2c53c7efcb2308c01c4a62ee24"]
                "\""
            ),
        ],
        &[
            "dop_v1_token",
            concat!("do", "p_v1_8f1f438fc42f02716bae07fdfe78d51d"),
            concat!(
                "do",
                "p_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            ),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "digitalocean-oauth-token",
        "DigitalOcean OAuth access token",
        "gitlab.com, security-products/analyzers/secrets merge request 178, read 22 Nov 2026",
        "doo_v1_[0-9a-f]{54,}",
        &[example![
            "do",
            "o_v1_13355cea9523301a7d8d6c01f5b37e44104c32f717df65cb1abf9ba237ec0f65",
        ]],
        &["doo_v1_", "doo_v1_3a23aabf166e"],
    )
    .floor(3.0),
    token_anywhere(
        "digitalocean-refresh-token",
        "DigitalOcean OAuth refresh token",
        "gitlab.com, security-products/analyzers/secrets merge request 178, read 22 Nov 2026",
        "dor_v1_[0-9a-f]{54,}",
        &[example![
            "do",
            "r_v1_1ce123acce04641584ac9a5a3b465facd968e7cffebcb2364d9c26da6a8c8429",
        ]],
        &["dor_v1_", "dor_v1_8df7f6202de6"],
    )
    .floor(3.0),
    assigned(
        "digitalocean-spaces-secret",
        "DigitalOcean Spaces secret key",
        "docs.digitalocean.com, Spaces access keys; not confirmed",
        &["spaces_secret", "do_spaces_key"],
        "[0-9A-Za-z+/]{43}",
        &[example!(
            "SPACES_SECRET_ACCESS_KEY="
            ["TMGOjJp/jk5l27oUC0R2Y", "xUs6MpWCroZTEIpEPLbluz"]
            ""
        )],
        &[
            "SPACES_REGION=fra1",
            concat!("SP", "ACES_SECRET_ACCESS_KEY=secret"),
        ],
    )
    .floor(3.8),
    token(
        "heroku-token",
        "Heroku API key",
        "gitlab.com/gitlab-org/gitlab merge request 248117, on HRKU-, read 22 Nov 2026",
        "HRKU-[0-9A-Za-z_-]{36,}",
        &[
            example![
                "HR",
                "KU-AADERvlRP8oDAXKBAfkvwJLH6USEKukDO7w_0xdwKcZQSkP5hqgvEjkdhPgi"
            ],
            example!["HR", "KU-46930e15-1853-a291-bfd9-954cd2833fae"],
        ],
        &["HRKU-AA...", "HRKU-key"],
    )
    .floor(3.0),
    assigned(
        "heroku-api-key-older",
        "Heroku API key without prefix",
        "devcenter.heroku.com, platform API quickstart, read 22 Nov 2026",
        &["heroku_api", "heroku_key", "heroku_token", "heroku_auth"],
        uuid!(),
        &[example!("HEROKU_API_KEY=" ["07417a70-9577-90b4", "-1f2b-d0735ccb9a54"] "")],
        &[
            concat!("HE", "ROKU_APP_ID=962dff52-41fb-9371-b3ed-eb20898558a6"),
            concat!("HE", "ROKU_API_KEY=01234567-89ab-cdef-0123-456789abcdef"),
        ],
    )
    .floor(3.0),
    token(
        "fly-token",
        "Fly.io access token",
        "fly.io/docs/security/tokens; not confirmed",
        "fm2_[0-9A-Za-z+/]{100,}={0,3}",
        &[example!(
            "FlyV1 "
            [
                "fm",
                "2_ca2Vubs1CFQevUr3kKvwlBlz3WG4FqOc1Ia5iYsMdZI6126WY2SBcSk/dQT02duYXBT4",
                "4uuf5NDJOpLLvR/jHDGtGobi4R4szFzIGK4+HFou2RR3awEDEh7slx6jrkBSvf+gbpRqiD",
                "8CbkEej5zfZJtVMry0auQsu+Bc/adb4VI5GpSaacrWUv+cyvHt4RUkb73BIS5lAphrrVz1",
                "VyytW1L/Tfi0afrK8H8oxfxXcW4EROXt==",
            ]
            ""
        )],
        &["fm2_radio", "fm2_Y9wHSASDwUbX2eXcLIzN"],
    )
    .floor(3.5),
    token(
        "fly-token-root",
        "Fly.io access token, first part",
        "fly.io/docs/security/tokens; not confirmed",
        "fm1r_[0-9A-Za-z+/]{100,}={0,3}",
        &[example![
            "fm",
            "1r_pGEJj/bpk7viyDf57u9dUj53YFEaUop9xgdSeMN/Cerh4Ni/Paw/eOAn0zfOzKwMIKu",
            "Qh83Nz0bQ3s+8Emjh4esuodNraxG1m4NKPssaIF7zcRZX7wRGbDPQOAHRhO+F1FHhOEkn+",
            "B6Iap/vmSXPUg1Lf8SZD6Ph=",
        ]],
        &["fm1r_", "fm1r_8iMVubQNQuHztiVaBKJc"],
    )
    .floor(3.5),
    token(
        "fly-token-authentication",
        "Fly.io access token, authentication part",
        "fly.io/docs/security/tokens; not confirmed",
        "fm1a_[0-9A-Za-z+/]{100,}={0,3}",
        &[example![
            "fm",
            "1a_qs5h3cSZtYUCr+D+011HZ4Yxv16c0ThPjlvqreH+kHUEQwJooBquRYGrgPYOgN7ApMN",
            "qrua+8VVdJXHuni01CicoRn264JBYZU/QYJH4QoJ9AbDJYoAobeKcHuqfzjSlW5p+NcDwI",
            "UDyLtGmlzb8F0mK/ZLMRdfx=",
        ]],
        &["fm1a_", "fm1a_EV8CNS2p4WSE9jC3BrD7"],
    )
    .floor(3.5),
    token(
        "fly-token-personal",
        "Fly.io personal access token",
        "fly.io/docs/security/tokens; not confirmed",
        "fo1_[0-9A-Za-z_-]{43,}",
        &[example![
            "fo",
            "1_yIGghr8Gp4BvYHI_AUeJumm6dSZpi6Hee3-UBvSgXGm"
        ]],
        &[
            "fo1_bar2_baz3",
            concat!("in", "fo1_QPVJkmmhbl4Gx5J-e1nGAZL-dAzPOC4cVVVkk1sll3Q"),
        ],
    )
    .floor(3.5),
    token(
        "render-api-key",
        "Render API key",
        "render.com/docs/api; not confirmed",
        "rnd_[0-9A-Za-z]{28,}",
        &[example!["rn", "d_iq5QnCo9nelqOpE5uPMMaUbM3D6C"]],
        &[
            "rnd_seed",
            concat!("rn", "d_state_of_the_generator_is_kept"),
            concat!("gr", "nd_wf7hqKVuLzNm4mjHKOohmXpPb9zA"),
        ],
    )
    .floor(3.0),
    token(
        "netlify-token",
        "Netlify personal access token",
        "docs.netlify.com, API access; not confirmed",
        "nfp_[0-9A-Za-z]{36,}",
        &[example!["nf", "p_uNhYRmC6QlkUFlwpDcvFfhu2dxJZ2XBJtoKA"]],
        &[
            "nfp_service_interface",
            concat!("un", "fp_YHPl0CpMsPca0W49OoEIfrrTAKv29HShbtTV"),
        ],
    )
    .floor(3.0),
    assigned(
        "netlify-token-older",
        "Netlify access token without prefix",
        "docs.netlify.com, API access; not confirmed",
        &[
            "netlify_auth",
            "netlify_token",
            "netlify_access",
            "netlify_key",
        ],
        "[0-9A-Za-z_-]{40,46}",
        &[example!("NETLIFY_AUTH_TOKEN=" ["BcFrjKB9lHjhTG4rFrfUs", "il9j8TSTxQ2EUbi6F9qfHF"] "")],
        &[
            concat!("NE", "TLIFY_SITE_ID=046fefaa-b7e3-d9c9-64e4-5123cbcc7396"),
            "NETLIFY_AUTH_TOKEN=${{ secrets.NETLIFY_AUTH_TOKEN }}",
        ],
    )
    .floor(3.9),
    token(
        "vercel-token",
        "Vercel personal access token",
        "vercel.com/docs, token formats; not confirmed",
        "vcp_[0-9A-Za-z]{24,}",
        &[example![
            "vc",
            "p_LDC4xJLyDFGbyZQhFLcnTfzysSvzqLjsod9RI5PG6btAYLHPOwDgfdJB"
        ]],
        &[
            "vcp_flag",
            concat!("vc", "p_breakout_setup_of_the_week"),
            concat!(
                "ms",
                "vcp_JmIT7rG8ardi63qFmJRB4DRJdnipyU0w2kQbj6zQf6fx72rD48KH7q2o"
            ),
        ],
    )
    .floor(3.0),
    token(
        "vercel-ai-gateway-key",
        "Vercel AI Gateway key",
        "vercel.com/docs, token formats; not confirmed",
        "vck_[0-9A-Za-z]{24,}",
        &[example![
            "vc",
            "k_Jpfx6RzesVENiKOMwM9DQykuDX7AV0B0zEs2KgDN47ubZEJO5Pu29ytZ"
        ]],
        &["vck_clock", "vck_9u0Mai8A"],
    )
    .floor(3.0),
    assigned(
        "vercel-token-older",
        "Vercel access token without prefix",
        "vercel.com/docs, tokens; not confirmed",
        &["vercel_token", "vercel_api", "vercel_access"],
        "[0-9A-Za-z]{24}",
        &[example!("VERCEL_TOKEN=" ["PLW2b3kCou0E", "ZdqVIM2ONG5H"] "")],
        &[
            concat!("VE", "RCEL_ORG_ID=team_LDFIBp7D547oMnxXX9BVF2hw"),
            "VERCEL_TOKEN=token",
        ],
    )
    .floor(3.5),
    token_anywhere(
        "vercel-blob-token",
        "Vercel Blob read-write token",
        "vercel.com/docs, Blob; not confirmed",
        "vercel_blob_rw_[0-9A-Za-z]{12,}_[0-9A-Za-z]{24,}",
        &[example![
            "ve",
            "rcel_blob_rw_tcxK7aaepDxgTmbl_BxzeMwRPctCExeatc6TewYFpcKfnAU"
        ]],
        &["vercel_blob_rw_token", "vercel_blob_rw_xxx_yyy"],
    )
    .floor(3.0),
    assigned(
        "railway-token",
        "Railway token",
        "docs.railway.com, public API; not confirmed",
        &["railway_token", "railway_api"],
        uuid!(),
        &[example!("RAILWAY_TOKEN=" ["57e0ff50-eb2e-20dd", "-766f-a00b25514018"] "")],
        &[
            concat!(
                "RA",
                "ILWAY_PROJECT_ID=febe2295-9aaf-ac49-1fdc-0a495a999669"
            ),
            "RAILWAY_TOKEN=token",
        ],
    )
    .floor(3.0),
    token(
        "deno-deploy-token",
        "Deno Deploy personal access token",
        "docs.deno.com/deploy, API; not confirmed",
        "ddp_[0-9A-Za-z]{36,}",
        &[example!["dd", "p_fvQe3p4rHqwlDPaWRnUw7ISHu9SoRFaz0joW"]],
        &[
            "ddp_train_epoch",
            "ddp_PJD0Jb8P",
            concat!("ad", "dp_hOolLhxEAZLnHlxKgqeG0GORo68fPaUriDrP"),
        ],
    )
    .floor(3.0),
    token(
        "deno-deploy-organization-token",
        "Deno Deploy organization token",
        "docs.deno.com/deploy, API; not confirmed",
        "ddo_[0-9A-Za-z]{36,}",
        &[example!["dd", "o_OuwJn1Go9q7TFsbMLSfIglSb5ww3h1f2tZ2e"]],
        &["ddo_enabled", "ddo_XAJ6Fqxt"],
    )
    .floor(3.0),
];
