//! Social networks, music and video: tokens and secrets of apps.

use crate::table::credentials::looks::{has_digit, is_mixed_case};
use crate::table::credentials::rows::{assigned, example, token, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "facebook",
        "Facebook access token of a user, a page or an app",
        "developers.facebook.com/docs/facebook-login/guides/access-tokens; not confirmed",
        "EAA[A-Za-z0-9]{90,}",
        &[example![
            "EAA",
            "SRYphKRGHimmfvAizypq68Ydk0WQCUkWVWym8fu7NBPhHfZj1FrQFVdSzNdHooSvWKw4tQiQ",
            "bQSimt0MBp9UcLi9s2aAiLUs1gxHV6Y01jT0vK0lXDXtZbQTwnrZF7YgnGmfC48YsDLGJnFo",
            "DUfhUv1DKfzkgSzpQDEzI3VL2YwWfXhPbrybZD",
        ]],
        &[
            "EAAB",
            concat!(
                "EAAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
        ],
    )
    .floor(4.0),
    assigned(
        "facebook-app-secret",
        "Facebook secret of an app",
        "developers.facebook.com; not confirmed",
        &[
            "facebook_app_secret",
            "facebook_secret",
            "fb_app_secret",
            "facebook_client_secret",
            "instagram_app_secret",
            "meta_app_secret",
            "whatsapp_app_secret",
        ],
        "[0-9a-f]{32}",
        &[example!("FACEBOOK_APP_SECRET=" ["1c4", "a62ee248f1f438fc42f02716bae07"] "")],
        &[
            "FACEBOOK_APP_SECRET=your-key-here",
            concat!("checks", "um: 1c4a62ee248f1f438fc42f02716bae07"),
        ],
    )
    .floor(3.0),
    token(
        "instagram",
        "Instagram or Threads access token",
        "developers.facebook.com/docs/instagram-platform; not confirmed",
        "(?:IG(?:Q|AA)|THAA)[A-Za-z0-9_-]{80,}",
        &[
            example![
                "IGQ",
                "VJ9095CG0vh1honwuZ6OLxionbgOD0I2BZah9wVmE4qseatYol8EfF39AxWSePS8MVQkmC4Z",
                "d9zvmRipROT8hBy7fY4gjoRYW7bqAqeuIqRWLPuQoVtyw9PX3NzG6DW_-6VXSlpAs3NYjAZD",
            ],
            example![
                "IGA",
                "AAIvK5Nm5vr6yqiOLTftN4qOHUAEpERnQfbYeBSD6MRVTPnHwW2tRqu2eSY0rT64SXhFZeXH",
                "16J1SfCfBDh1xoAvBVzLlxjDVGYt3hTyo2ihPzwpXr39hpuKsaGfKKkUmopvkfvXuSEYPZD",
            ],
        ],
        &[
            "IGQVJ...",
            concat!(
                "xIGQVJob73aOeJ-_Fbe54fpOFeW1nXDkJT95pINhxLtdWEEXMJEKjO7R7RjJtVnVrg-Gb_1T",
                "8iKESJYeGuFxmGnM5cnXVdHM6RvsAlLHfSBbtH4M1E9y1UtSBxDcMsxg5L5_2piDicfi07Vf",
                "OHZD"
            ),
        ],
    )
    .floor(4.0),
    token(
        "twitter-bearer",
        "X (Twitter) bearer token of an app",
        "docs.x.com; not confirmed",
        "AAAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{70,}",
        &[example![
            "AAA",
            "AAAAAAAAAAAAAAAAAA8KhT5on2AAAAysnnc9fklGUrs3qD9xwUpPskfMoV8u%3DJJMDlFARO",
            "6lVblsTbzvwH01f5uTN4C9diJ1Mdk7XSL6ISpefbd",
        ]],
        &[
            concat!("AAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAA"),
            concat!(
                "iAAAAAAAAAAAAAAAAAAAAAEkMQOJ333Brz4xx7e8ZkecyOVBKdZHBqQrDc4Zhy6mKkUVDbLm",
                "hOMKMGoLzIpnxBQXBSGyesf46HrCcYJ0TBJn1OWt"
            ),
        ],
    )
    .floor(4.0)
    .checked(is_mixed_case),
    assigned(
        "twitter",
        "X (Twitter) secret of an app or of a user",
        "docs.x.com; not confirmed",
        &[
            "twitter_api_secret",
            "twitter_consumer_secret",
            "twitter_access_secret",
            "twitter_access_token",
            "twitter_token_secret",
            "x_api_secret",
            "x_access_token_secret",
        ],
        "[A-Za-z0-9-]{45,70}",
        &[
            example!(
                "TWITTER_API_SECRET=" [
                    "MN8",
                    "udSZNeMj0NmJshUUbJCdQNIM5HPTlU36d9qkgvZescO4Ux3",
                ] ""
            ),
            example!(
                "TWITTER_ACCESS_TOKEN_SECRET=" [
                    "0ER",
                    "NUA0sHKsljMyAfG8rggR34SVEPuCYZapjJTdo1vQHQ",
                ] ""
            ),
            example!(
                "TWITTER_ACCESS_TOKEN=" [
                    "893",
                    "8098423983889405-iOdEJSe0wVPBaoPgRl3K8yywsKuQKkjOsnKf56IB",
                ] ""
            ),
        ],
        &[
            "TWITTER_API_SECRET=your-key-here",
            concat!(
                "checks",
                "um: MN8udSZNeMj0NmJshUUbJCdQNIM5HPTlU36d9qkgvZescO4Ux3"
            ),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token_anywhere(
        "linkedin",
        "LinkedIn secret of an app",
        "learn.microsoft.com/linkedin; not confirmed",
        r"WPL_AP[0-9]\.[A-Za-z0-9]{16}\.[A-Za-z0-9+/]{6}==",
        &[example!["WPL", "_AP1.LEFZkfiSVVdIEws9.hLSpcV=="]],
        &["WPL_AP1.your.secret"],
    )
    .floor(3.8),
    assigned(
        "linkedin-legacy",
        "LinkedIn secret of an app, the older form",
        "learn.microsoft.com/linkedin; not confirmed",
        &["linkedin_client_secret", "linkedin_secret"],
        "[A-Za-z0-9]{16}",
        &[example!("LINKEDIN_CLIENT_SECRET=" ["7Kx", "881g7DB7KCLxf"] "")],
        &[
            "LINKEDIN_CLIENT_SECRET=your-key-here",
            "checksum: 7Kx881g7DB7KCLxf",
        ],
    )
    .floor(3.0)
    .checked(is_mixed_case),
    assigned(
        "reddit",
        "Reddit secret of an app",
        "github.com/reddit-archive/reddit/wiki/OAuth2; not confirmed",
        &["reddit_client_secret", "reddit_secret"],
        "[A-Za-z0-9_-]{27,30}",
        &[example!("REDDIT_CLIENT_SECRET=" ["dIM", "IxuHPyca2Vubs1CFQevUr3kKvwl"] "")],
        &[
            "REDDIT_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: dIMIxuHPyca2Vubs1CFQevUr3kKvwl"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token(
        "twitch-chat",
        "Twitch token for the chat",
        "dev.twitch.tv/docs; not confirmed",
        "oauth:(?<secret>[a-z0-9]{30})",
        &[example!("PASS oauth:" ["nfm", "1yq2piub0ra72ezjtbzr30136yz"] "")],
        &[
            "oauth:your_token",
            concat!("oauth:", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
    )
    .floor(3.5)
    .checked(has_digit),
    assigned(
        "twitch",
        "Twitch secret or token",
        "dev.twitch.tv/docs; not confirmed",
        &[
            "twitch_client_secret",
            "twitch_secret",
            "twitch_token",
            "twitch_access_token",
        ],
        "[a-z0-9]{30}",
        &[example!("TWITCH_CLIENT_SECRET=" ["1wn", "bwf5bvw01bkz7ynw22kk9c2toru"] "")],
        &[
            "TWITCH_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: 1wnbwf5bvw01bkz7ynw22kk9c2toru"),
        ],
    )
    .floor(3.5)
    .checked(has_digit),
    assigned(
        "spotify",
        "Spotify secret of an app",
        "developer.spotify.com; not confirmed",
        &["spotify_client_secret", "spotify_secret"],
        "[0-9a-f]{32}",
        &[example!("SPOTIFY_CLIENT_SECRET=" ["399", "5af287848302eae4676889ef8735d"] "")],
        &[
            "SPOTIFY_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: 3995af287848302eae4676889ef8735d"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "vk",
        "VK access token",
        "dev.vk.com; not confirmed",
        r"vk1\.a\.[A-Za-z0-9_-]{80,}",
        &[example![
            "vk1",
            ".a.RR3awEDEh7slx6jrkBSvf-gbpRqiD8CbkEej5zfZJtVMry0auQsu-Bc_adb4VI5GpSaac",
            "rWUv-cyvHt4RUkb73BIS5lAphrrVz1VyytW1L_Tfi0afrK8H8oxfxXcW4EROXtS16SdifYpG",
            "EJj_bpk7viyDf57u9dUj53YFEaUop9xgdSeMN_Cerh4Ni_Paw",
        ]],
        &["vk1.a.your-key-here", "vk1.a.short1"],
    )
    .floor(4.0),
    token(
        "intercom",
        "Intercom access token",
        "developers.intercom.com; not confirmed",
        "dG9rO[A-Za-z0-9+/]{50,}={0,2}",
        &[example![
            "dG9",
            "rOF7zcRZX7wRGbDPQOAHRhO+F1FHhOEkn+B6Iap/vmSXPUg1Lf8SZD6P="
        ]],
        &[
            "dG9rOg==",
            "xdG9rOuT6I4q7g/579d3sH21ODJgVuXQ/Xmnji7bLTv22SpA7CgIh0Gwv9rv=",
        ],
    )
    .floor(4.0),
];
