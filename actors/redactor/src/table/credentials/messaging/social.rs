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
            "KXQ4SRYphKRGHimmfvAizypq68Ydk0WQCUkWVWym8fu7NBPhHfZj1FrQFVdSzNdHooSvWKw4",
            "tQiQbQSimt0MBp9UcLi9s2aAiLUs1gxHV6Y01jT0vK0lXDXtZbQTwnrZF7YgnGmfC48YsDLG",
            "JnFoDUfhUv1DKfzkgSzpQDEzI3VL2YwWfXhPZD",
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
        &[example!("FACEBOOK_APP_SECRET=" ["08c", "01c4a62ee248f1f438fc42f02716b"] "")],
        &[
            "FACEBOOK_APP_SECRET=your-key-here",
            concat!("checks", "um: 08c01c4a62ee248f1f438fc42f02716b"),
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
                "VJQ6dE9095CG0vh1honwuZ6OLxionbgOD0I2BZah9wVmE4qseatYol8EfF39AxWSePS8MVQk",
                "mC4Zd9zvmRipROT8hBy7fY4gjoRYW7bqAqeuIqRWLPuQoVtyw9PX3NzG6DW_-6VXSlpAs3ZD",
            ],
            example![
                "IGA",
                "AtOzP3eWnAIvK5Nm5vr6yqiOLTftN4qOHUAEpERnQfbYeBSD6MRVTPnHwW2tRqu2eSY0rT64",
                "SXhFZeXH16J1SfCfBDh1xoAvBVzLlxjDVGYt3hTyo2ihPzwpXr39hpuKsaGfKKkUmopvkZD",
            ],
        ],
        &[
            "IGQVJ...",
            concat!(
                "xIGQVJQF_vaD52VpD64teWSRM1ZkdhFTr74wPAmv5t-i2qy82sY7TmlTmL3OuIgY9TOO9YP2",
                "8AjtRPjqZK_EAozb_Da6f5YJr0a_mpkNphcV6LOnynzK8570UdExXuevkFwCXsPTqbn-ec9V",
                "JiZD"
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
            "AAAAAAAAAAAAAAAAAAfvXuSEYPAAAA8KhT5on2ysnnc9fklGUrs3qD9xwUpP%3DskfMoV8uJ",
            "JMDlFARO6lVblsTbzvwH01f5uTN4C9diJ1Mdk7XSL",
        ]],
        &[
            concat!("AAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAA"),
            concat!(
                "iAAAAAAAAAAAAAAAAAAAAAaaERDjTerJfhfNKZIXpqBByhzrDEOxhz4VPNMxJQeTURWOMPbw",
                "Vc2aaECblElp5ZfXH1VMbAd8uSgT3EL06O9GE4Ia"
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
                    "6IS",
                    "pefbdMN8udSZNeMj0NmJshUUbJCdQNIM5HPTlU36d9qkgvZ",
                ] ""
            ),
            example!(
                "TWITTER_ACCESS_TOKEN_SECRET=" [
                    "esc",
                    "O4Ux30ERNUA0sHKsljMyAfG8rggR34SVEPuCYZapjJ",
                ] ""
            ),
            example!(
                "TWITTER_ACCESS_TOKEN=" [
                    "940",
                    "5207815603129665-sKuQKkjOsnKf56IBLEFZkfiSVVdIEws9hLSpcV7K",
                ] ""
            ),
        ],
        &[
            "TWITTER_API_SECRET=your-key-here",
            concat!(
                "checks",
                "um: 6ISpefbdMN8udSZNeMj0NmJshUUbJCdQNIM5HPTlU36d9qkgvZ"
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
        &[example!["WPL", "_AP1.x881g7DB7KCLxfHb.SQrtrQ=="]],
        &["WPL_AP1.your.secret"],
    )
    .floor(3.8),
    assigned(
        "linkedin-legacy",
        "LinkedIn secret of an app, the older form",
        "learn.microsoft.com/linkedin; not confirmed",
        &["linkedin_client_secret", "linkedin_secret"],
        "[A-Za-z0-9]{16}",
        &[example!("LINKEDIN_CLIENT_SECRET=" ["lkq", "uHmLba1PUBUxW"] "")],
        &[
            "LINKEDIN_CLIENT_SECRET=your-key-here",
            "checksum: lkquHmLba1PUBUxW",
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
        &[example!("REDDIT_CLIENT_SECRET=" ["ubs", "1CFQevUr3kKvwlBlz3WG4FqOc1I"] "")],
        &[
            "REDDIT_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: ubs1CFQevUr3kKvwlBlz3WG4FqOc1I"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token(
        "twitch-chat",
        "Twitch token for the chat",
        "dev.twitch.tv/docs; not confirmed",
        "oauth:(?<secret>[a-z0-9]{30})",
        &[example!("PASS oauth:" ["a72", "ezjtbzr30136yz1wnbwf5bvw01b"] "")],
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
        &[example!("TWITCH_CLIENT_SECRET=" ["kz7", "ynw22kk9c2toru7hss8kv5eqoqj"] "")],
        &[
            "TWITCH_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: kz7ynw22kk9c2toru7hss8kv5eqoqj"),
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
        &[example!("SPOTIFY_CLIENT_SECRET=" ["830", "2eae4676889ef8735daad057771e4"] "")],
        &[
            "SPOTIFY_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: 8302eae4676889ef8735daad057771e4"),
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
            ".a.lx6jrkBSvf-gbpRqiD8CbkEej5zfZJtVMry0auQsu-Bc_adb4VI5GpSaacrWUv-cyvHt4",
            "RUkb73BIS5lAphrrVz1VyytW1L_Tfi0afrK8H8oxfxXcW4EROXtS16SdifYpGEJj_bpk7viy",
            "Df57u9dUj53YFEaUop9xgdSeMN_Cerh4Ni_Paw_eOAn0zfOzK",
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
            "rOwMIKuQh83Nz0bQ3s+8Emjh4esuodNraxG1m4NKPssaIF7zcRZX7wRG="
        ]],
        &[
            "dG9rOg==",
            concat!(
                "xdG9rO",
                "76lEXsFlRaLULBC+KIFM0qLeKEQXC7O4MOYWvEZMF3UdOExBYCOzFO="
            ),
        ],
    )
    .floor(4.0),
];
