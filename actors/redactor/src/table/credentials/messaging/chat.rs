//! Chat: tokens of bots and users, addresses that post without one.

use crate::table::credentials::looks::{has_digit, is_mixed_case};
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "slack-bot",
        "Slack token of a bot",
        "docs.slack.dev/tools/node-slack-sdk/reference, OAuthV2ExchangeArguments, read 22 Nov 2026",
        "xoxb-[0-9A-Za-z-]{20,}",
        &[
            example!["xox", "b-196764181336-8030717887925-VNDDEPJV683E1B1gB7UK5adL"],
            example!(
                "SLACK_BOT_TOKEN=" [
                    "xox",
                    "b-221464709400-740560750549-IadMuFFyeJGFz2b2nuJkpeDD",
                ] ""
            ),
        ],
        &["xoxb-...", concat!("xoxb-y", "our-token-goes-right-here")],
    )
    .floor(3.0)
    .checked(has_digit),
    token_anywhere(
        "slack-user",
        "Slack token of a user",
        "docs.slack.dev/tools/node-slack-sdk/reference, OAuthV2ExchangeArguments, read 22 Nov 2026",
        "xoxp-[0-9A-Za-z-]{20,}",
        &[example![
            "xox",
            "p-776644495417-385965495685-1074477306952-30c060375abe5d7e022c89bc295308",
            "02",
        ]],
        &["xoxp-...", concat!("xoxp-y", "our-token-goes-right-here")],
    )
    .floor(3.0)
    .checked(has_digit),
    token_anywhere(
        "slack-legacy",
        "Slack token of older kinds",
        "docs.slack.dev/authentication/tokens; not confirmed",
        "xox(?:a|r|o|s)-[0-9A-Za-z-]{20,}",
        &[
            example![
                "xox",
                "a-2-609998892020-177246210433-894187684750-e4349a7b7264dcbe383f1223fd525",
                "399",
            ],
            example![
                "xox",
                "r-679284825143-979505651983-640963443392-2ccce4b59fc3a145bdbee348c1af75d",
                "f",
            ],
        ],
        &[
            "xoxa-2-...",
            concat!("xoxs-y", "our-token-goes-right-here"),
        ],
    )
    .floor(3.0)
    .checked(has_digit),
    token_anywhere(
        "slack-rotating",
        "Slack token of an app with rotation, or of its configuration",
        "docs.slack.dev/authentication/using-token-rotation; not confirmed",
        r"xoxe(?:\.xox(?:b|p))?-[0-9]-[A-Za-z0-9]{60,}",
        &[
            example![
                "xox",
                "e-1-jBBVnLjOhHX9LDWvpsQAGxidAu7SH3ti1ew144Vr8tCTnkt1b7bZ5aNgiewnpGEMNc5S",
                "P6YaIl6iHNogB0q1epVz4VGYnjzhBf9o8PvW0i7bj5zHZmHLanUo2Gr5auWsICIzalQAPMXh",
                "CERCHB",
            ],
            example![
                "xox",
                "e.xoxp-1-mM00DAhqHVVIvZgepq443vsGpl37gWikFPHacQWvnJVjjARtJ4QZgWnUxRt0chE",
                "7Jd2omLTNRAGhZqAqU0k4PfPlUbJSHrSej1yvmNzniGTnru5LraCj9CFKbXLgJrGm1oGN6LV",
                "7t8VuULJ6ePgT6SNsOwm8jnEWsydA51",
            ],
        ],
        &["xoxe.xoxp-1-...", "xoxe-1-short"],
    )
    .floor(4.0),
    token_anywhere(
        "slack-browser",
        "Slack token of the web client",
        "github.com/korotovsky/slack-mcp-server, docs/01-authentication-setup.md (not the vendor), read 22 Nov 2026",
        "xoxc-[0-9A-Za-z-]{20,}",
        &[example![
            "xox",
            "c-626744266222-657794770449-2540871532610-3b42fa08fe165211e7ced8ef8f6b0d",
            "6d12f32744aa2fba9ff0590179faec43e0",
        ]],
        &["xoxc-...", concat!("xoxc-y", "our-token-goes-right-here")],
    )
    .floor(3.0)
    .checked(has_digit),
    token_anywhere(
        "slack-cookie",
        "Slack cookie of the web client",
        "github.com/korotovsky/slack-mcp-server, docs/01-authentication-setup.md (not the vendor), read 22 Nov 2026",
        "xoxd-[0-9A-Za-z%/+=_-]{40,}",
        &[example!(
            "d=" [
                "xox",
                "d-vrvw9iVwQHJTb2CcUsE4MWSlIXVk9AtdAMY4nCwe%2BC39Lvu3X5vcL8eW2hm98BsLGyuq",
                "Z6ahEIhb2kdYC%2FPUuGYjx4Hl8gWI8s0q1ePiQEieakmd%3D",
            ] "; path=/"
        )],
        &["xoxd-...", "xoxd-short"],
    )
    .floor(4.0),
    token_anywhere(
        "slack-app",
        "Slack token at the level of an app",
        "github.com/jeremylongshore/claude-code-plugins-plus-skills, slack-channel (not the vendor), read 22 Nov 2026",
        "xapp-[0-9]-[A-Z0-9]{6,}-[0-9]{6,}-[0-9a-f]{32,}",
        &[example![
            "xap",
            "p-1-A1MC46D8UEH-7317298185484-3fc5f76a5ab3df799cf7491fd96d7c968527f18a6a",
            "6108db049f15c4db745104",
        ]],
        &["xapp-1-...", "xapp-1-A0123-123-abc"],
    )
    .floor(3.0),
    token_anywhere(
        "slack-webhook",
        "Slack address that posts",
        "docs.slack.dev, incoming webhooks; not confirmed",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?<secret>[A-Za-z0-9/_+-]{40,})",
        &[
            example!(
                "https://hooks.slack.com/services/" [
                    "T5M",
                    "DFQB43KW/B4V6IK8AE4X/HuaKcv8WcF2Sl2bc95qHPo4A",
                ] ""
            ),
            example!(
                "hooks.slack.com/triggers/" [
                    "TGX",
                    "RSK4V01D/2900283462538/a2a4ddd2d9e0707b6afcdc68255d2484",
                ] ""
            ),
        ],
        &[
            concat!(
                "https:",
                "//hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
            ),
            "https://hooks.slack.com/services/",
        ],
    )
    .floor(3.5),
    token(
        "discord-bot",
        "Discord token of a bot",
        "hexdocs.pm/nostrum, Nostrum.Token (not the vendor), read 22 Nov 2026",
        r"(?:M(?:T|j|z)|N(?:D|T|j|z)|O(?:D|T))[A-Za-z0-9]{20,26}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,45}",
        &[
            example![
                "MTI",
                "xS4MI1flkDMctSx10hVy6Us.eY3ODX.1_n2x-jPgx8qc3ogzsnOeAI6LU8Kc7Om9FLpGI",
            ],
            example!(
                r#"client.login(""# [
                    "NzU",
                    "IThUKuWXHn3U8tmy3oO5T.4uXcIO.h2pp-dxJl56LoxTP1XPpzEdL3uG",
                ] r#"")"#
            ),
        ],
        &[
            "MTIzNDU2.abc.def",
            concat!(
                "xMTIdZ",
                "Pq0P9lYWDeYLXTEaYRKBb.ECkON7.JmbAKjaNNQZe9GaCp0roWGERkk6w2MIwjQyWAl"
            ),
        ],
    )
    .floor(4.0)
    .checked(is_mixed_case),
    token_anywhere(
        "discord-webhook",
        "Discord address that posts",
        "docs.rs/twilight-util, webhook::parse (not the vendor), read 22 Nov 2026",
        r"discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{16,20}/(?<secret>[A-Za-z0-9_-]{60,})",
        &[
            example!(
                "https://discord.com/api/webhooks/311355828916958280/" [
                    "pFc",
                    "fgsOuIaP1-8BmlUo0sJ6-1Zb8JFfKAlxKNsYX8IJdN-hihLB1rWSaZug0iLynqn3F",
                ] ""
            ),
            example!(
                "https://discordapp.com/api/v10/webhooks/1090956297319814995/" [
                    "oLM",
                    "AvTl_qi29TBif7PIgkmffY1YyCJpLH6p4sLxv49fWHpu9FmuxJrQWYUuv2o4yU1le",
                ] ""
            ),
        ],
        &[
            "https://discord.com/api/webhooks/123",
            "https://discord.com/api/webhooks/740540616400844605/your-token",
        ],
    )
    .floor(4.0),
    assigned(
        "discord-client-secret",
        "Discord secret of an application",
        "docs.discord.com/developers/topics/oauth2; not confirmed",
        &["discord_client_secret", "discord_secret"],
        "[A-Za-z0-9_-]{32}",
        &[example!("DISCORD_CLIENT_SECRET=" ["wV_", "A5zUsZQ1oqAwCIkIW35ITUkNkTuar"] "")],
        &[
            "DISCORD_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: wV_A5zUsZQ1oqAwCIkIW35ITUkNkTuar"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token_anywhere(
        "telegram-bot",
        "Telegram token of a bot",
        "packtpub.com, Deep Reinforcement Learning Hands-On, Telegram bot (not the vendor), read 22 Nov 2026",
        ":(?<secret>AA[A-Za-z0-9_-]{33})",
        &[
            example!("2524049055:" ["AAy", "PvfaMJFj7YkALzqUYCUJZLeRRc2TQpNP"] ""),
            example!(
                "TELEGRAM_BOT_TOKEN=7237731738:" [
                    "AA5",
                    "6CdD-06mel7txMQgL7-XD6XWoLJN8q3j",
                ] ""
            ),
        ],
        &[
            "12:34:56 and 12345678:AABB",
            concat!("110201", "543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"),
            concat!(r#""key":"#, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ],
    )
    .floor(4.0)
    .checked(is_mixed_case),
    assigned(
        "telegram-api-hash",
        "Telegram hash of an application",
        "core.telegram.org/api/obtaining_api_id; not confirmed",
        &["telegram_api_hash", "tg_api_hash", "api_hash"],
        "[0-9a-f]{32}",
        &[example!("TELEGRAM_API_HASH=" ["0c0", "e3e10d755bf8b604d95a1dab620aa"] "")],
        &[
            "TELEGRAM_API_HASH=your-key-here",
            concat!("checks", "um: 0c0e3e10d755bf8b604d95a1dab620aa"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "teams-webhook",
        "Microsoft Teams address that posts",
        "learn.microsoft.com/microsoftteams, incoming webhooks; not confirmed",
        r"webhook\.office\.com/webhookb2/(?<secret>[A-Za-z0-9@/_-]{100,})",
        &[example!(
            "https://acme.webhook.office.com/webhookb2/" [
                "312",
                "3a039-1aca-4eb6-a536-1a0938990488@e27c386f-a96a-464f-a838-e923407ec0a3/I",
                "ncomingWebhook/20625dd30a55ed9c7d1041cc63edb494/1ef74ee9-98c4-4ce9-aece-",
                "840d4795ecc0",
            ] ""
        )],
        &["https://acme.webhook.office.com/webhookb2/id"],
    )
    .floor(3.0),
    assigned(
        "mattermost",
        "Mattermost token",
        "developers.mattermost.com; not confirmed",
        &["mattermost_token", "mattermost_access_token", "mattermost_bot_token", "mattermost_api_token"],
        "[a-z0-9]{26}",
        &[example!("MATTERMOST_TOKEN=" ["t9b", "f66lj4lxwpo8127xc7e46qo"] "")],
        &[
            "MATTERMOST_TOKEN=your-key-here",
            "checksum: t9bf66lj4lxwpo8127xc7e46qo",
        ],
    )
    .floor(3.5)
    .checked(has_digit),
    token_anywhere(
        "google-chat-webhook",
        "Google Chat address that posts",
        "developers.google.com/workspace/chat/quickstart/webhooks; not confirmed",
        r"chat\.googleapis\.com/v1/spaces/[A-Za-z0-9_-]{6,}/messages\?key=(?<secret>[A-Za-z0-9_-]{30,}&token=[A-Za-z0-9_%-]{30,})",
        &[example!(
            "https://chat.googleapis.com/v1/spaces/AAAAM0yuNex/messages?key=" [
                "AIz",
                "aPwiJzWDLC8zYhmczfp-tqjAfDLW5rRXNwts&token=RMT2SUj89kJKf28UHYm5qTTfxAp1Q",
                "jBydR5ZFPrwfDe",
            ] ""
        )],
        &[concat!(
            "https:",
            "//chat.googleapis.com/v1/spaces/AAAA1234567/messages?key=KEY&token=TOKEN"
        )],
    )
    .floor(4.0),
    assigned(
        "zoom",
        "Zoom secret of an app",
        "developers.zoom.us/docs; not confirmed",
        &["zoom_client_secret", "zoom_api_secret", "zoom_secret", "zoom_sdk_secret"],
        "[A-Za-z0-9]{32,40}",
        &[example!("ZOOM_CLIENT_SECRET=" ["raQ", "0w9DvcOjdhGSTzZ8Iz6DGZWb6nt5N"] "")],
        &[
            "ZOOM_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: raQ0w9DvcOjdhGSTzZ8Iz6DGZWb6nt5N"),
        ],
    )
    .floor(3.8),
    assigned(
        "line",
        "LINE secret of a channel",
        "developers.line.biz; not confirmed",
        &["line_channel_secret", "line_secret"],
        "[0-9a-f]{32}",
        &[example!("LINE_CHANNEL_SECRET=" ["3de", "27e4a8728a1ba1b6eae971dba2a8c"] "")],
        &[
            "LINE_CHANNEL_SECRET=your-key-here",
            concat!("checks", "um: 3de27e4a8728a1ba1b6eae971dba2a8c"),
        ],
    )
    .floor(3.0),
    assigned(
        "line-token",
        "LINE access token of a channel",
        "developers.line.biz; not confirmed",
        &["line_channel_access", "line_access_token", "channel_access_token"],
        "[A-Za-z0-9+/]{100,}={0,2}",
        &[example!(
            "LINE_CHANNEL_ACCESS_TOKEN=" [
                "8+7",
                "2ZKg0sCdGxEW7zyuqSaUOa2+AI4hJy5WZlyOx4W6LJyI4rQUbcZbMK3CI/0y0gTpsTN8sN3M",
                "eYvCsHMAA6Ne1BkmK+o4FHytXv3WKjfkS7O5M+zekdc0Us8gbDFe1YwDlMxd9qQTvqIkHLJu",
                "rHND4vO4RdKKGFgdF78Vhp6b=",
            ] ""
        )],
        &[
            "LINE_CHANNEL_ACCESS_TOKEN=your-key-here",
            concat!(
                "checksum: 8+72ZKg0sCdGxEW7zyuqSaUOa2+AI4hJy5WZlyOx4W6LJyI4rQUbcZbMK3CI/0",
                "y0gTpsTN8sN3MeYvCsHMAA6Ne1BkmK+o4FHytXv3WKjfkS7O5M+zekdc0Us8gbDFe1YwDlMx",
                "d9qQTvqIkHLJurHND4vO4RdKKGFgdF78Vhp6b="
            ),
        ],
    )
    .floor(4.0),
    token(
        "matrix",
        "Matrix access token of a Synapse server",
        "github.com/element-hq/synapse, access tokens; not confirmed",
        "syt_[A-Za-z0-9+/=_-]{30,}",
        &[example!["syt", "_plKB3xeajgiu_dSnPzDLOJYqwQLpazVna_udTWaQ"]],
        &[
            "syt_token",
            concat!("syt_yo", "ur_access_token_goes_right_here"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token_anywhere(
        "dingtalk-webhook",
        "DingTalk address that posts",
        "open.dingtalk.com; not confirmed",
        r"oapi\.dingtalk\.com/robot/send\?access_token=(?<secret>[0-9a-f]{64})",
        &[example!(
            "https://oapi.dingtalk.com/robot/send?access_token=" [
                "58f",
                "2edad848b8aad2c43e6331bba729aa142d87a84cf6d128e2879bc6d5edec9",
            ] ""
        )],
        &["https://oapi.dingtalk.com/robot/send?access_token=XXXXXX"],
    )
    .floor(3.0),
    token_anywhere(
        "feishu-webhook",
        "Feishu or Lark address that posts",
        "open.feishu.cn; not confirmed",
        "/open-apis/bot/v2/hook/(?<secret>[0-9A-Za-z-]{30,})",
        &[example!(
            "https://open.feishu.cn/open-apis/bot/v2/hook/" [
                "ca9",
                "2ddc3-1762-44ff-a048-273bdb8f4b58",
            ] ""
        )],
        &["https://open.feishu.cn/open-apis/bot/v2/hook/xxxx"],
    )
    .floor(3.0)
    .checked(has_digit),
    token_anywhere(
        "wecom-webhook",
        "WeCom address that posts",
        "developer.work.weixin.qq.com; not confirmed",
        concat!(r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=(?<secret>", uuid!(), ")"),
        &[example!(
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" [
                "18d",
                "d0a4f-d0d2-43a7-ad2f-877e08f0e293",
            ] ""
        )],
        &["https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY"],
    ),
    token(
        "ntfy",
        "ntfy access token",
        "docs.ntfy.sh; not confirmed",
        "tk_[a-z0-9]{29}",
        &[example!["tk_", "fj5iuvpglfzv4hxs9zcodt07dalr3"]],
        &[
            "tk_toolkit_widget",
            concat!("stk_f7", "vz3z37uq0ps7ar4ggvvmp9cp2jo"),
        ],
    )
    .floor(3.5)
    .checked(has_digit),
    assigned(
        "pushover",
        "Pushover token",
        "pushover.net/api; not confirmed",
        &["pushover"],
        "[a-z0-9]{30}",
        &[example!("PUSHOVER_TOKEN=" ["3ab", "6aunb4pan3lpj12zyl82d5kcxiw"] "")],
        &[
            "PUSHOVER_TOKEN=your-key-here",
            concat!("checks", "um: 3ab6aunb4pan3lpj12zyl82d5kcxiw"),
        ],
    )
    .floor(3.5)
    .checked(has_digit),
    assigned(
        "pushbullet",
        "Pushbullet token",
        "docs.pushbullet.com; not confirmed",
        &["pushbullet"],
        r"o\.[A-Za-z0-9]{32}",
        &[example!("PUSHBULLET_TOKEN=" ["o.G", "ZEryu0UnIWg7dGsghWuMSS5FjMKMXv0"] "")],
        &[
            "PUSHBULLET_TOKEN=your-key-here",
            concat!("checks", "um: o.GZEryu0UnIWg7dGsghWuMSS5FjMKMXv0"),
        ],
    )
    .floor(3.8),
];
