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
            example!["xox", "b-387011644856-1482910401609-LM8JIKl4RbkaeEEisBUjfbqp"],
            example!(
                "SLACK_BOT_TOKEN=" [
                    "xox",
                    "b-389418768475-132696571849-0X1gFWWK6dJNXWefG5GgUFBP",
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
            "p-291219894467-928482514397-9505651983640-c7886642ccce4b59fc3a145bdbee34",
            "8c",
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
                "a-2-980857932672-663921897534-685206584215-89e659000342b67f105473d827c64",
                "c3d",
            ],
            example![
                "xox",
                "r-135202683890-338405487860-269177786397-d38a3278a975345f01a644d936b913f",
                "1",
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
                "e-1-2omLTNRAGhZqAqU0k4PfPlUbJSHrSej1yvmNzniGTnru5LraCj9CFKbXLgJrGm1oGN6L",
                "V7t8VuULJ6ePgT6SNsOwm8jnEWsydA51WzjZBPERt0SZqiyzPYjjizwCDL1r8VCCbQSsrWSK",
                "kPPv8r",
            ],
            example![
                "xox",
                "e.xoxp-1-bPPG6FPhv3PplAfbhIwiJfESvOa614q29ECd40JmkfddDo4zC9BqCHNWFXMr7F8",
                "nJKw9aW0AmZPQZB0P17dfUGYEThfpjj7vV3u8YeExMutF7E9alRs3b9VcosFvDW4y4iMN5MY",
                "9hDbvrvw9iVwQHJTb2CcUsE4MWSlIXV",
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
            "c-264069375179-555091136498-6540178102075-4b539824f420561d61f1a23f62f53a",
            "893fc5f76a5ab3df799cf7491fd96d7c96",
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
                "d-6rOZHl95f2oF3U9cWH8r0vm5uLWmdI61a3N73XLq%2BBxR1OMaisFcl0yHHjLBxW3pLSTj",
                "kdQWbiMFmd9fq%2FbEDk8OwEvGi0kIaeE5xHuaKcv8WcF2%3D",
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
            "p-1-ALBCQ7O0GXR-4275660290028-69c5a7a2a4ddd2d9e0707b6afcdc68255d2484b255",
            "e19b3c92edf3d5f2a15f40",
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
                    "T1H",
                    "DMJGUCNR/B3SX74SB3UG/EpNshqQQrIThUKuWXHn3U8tm",
                ] ""
            ),
            example!(
                "hooks.slack.com/triggers/" [
                    "TYO",
                    "UC87MOUS/7430622322587/01b74b4b4f61d33f0582ee935badca36",
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
        r"(?:M(?:T|j|z)|N(?:D|T|j|z)|O(?:D|T))(?:[AEIMQ]|[UYcgk])[A-Za-z0-9]{19,25}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,45}",
        &[
            example![
                "MTI",
                "Jp0JbsQ6BkqnfgmuvIkTOG0.MeAO22.RsgpFcfgsOuIaP1-8BmlUo0sJ6-1Zb8JFfKAlx",
            ],
            example!(
                r#"client.login(""# [
                    "NzU",
                    "HstjGzyJErL9rbt4Fd44T.Qe1dOs.B1rWSaZug0iLynqn3FpadU0x-Ao",
                ] r#"")"#
            ),
        ],
        &[
            "MTIzNDU2.abc.def",
            concat!(
                "xMTIyV",
                "68Dobmlt0hRKeaEEtwIpW.DRBzIw.QwJUBNWQyTWLymFHyduYKrbs3KJtF5Gs5yw5bg"
            ),
        ],
    )
    .floor(4.0)
    .checked(is_mixed_case),
    token(
        "discord-mfa",
        "Discord token of a user with two factors",
        "docs.discord.com; not confirmed",
        r"mfa\.[A-Za-z0-9_-]{80,}",
        &[example![
            "mfa",
            ".nHRoLMAvTl_qi29TBif7PIgkmffY1YyCJpLH6p4sLxv49fWHpu9FmuxJrQWYUuv2o4yU1le",
            "wV_A5zUsZQ1oq",
        ]],
        &[
            "mfa.enabled",
            concat!(
                "xmfa.BAgCehjIBiaqx9vSDH2dL86rXMAsgzWin72RywvphcVe9GqY_oK4dXMiZ-4Cb35NU0M",
                "_vuOUKSUNOK_u3p2w"
            ),
        ],
    )
    .floor(4.0),
    token_anywhere(
        "discord-webhook",
        "Discord address that posts",
        "docs.rs/twilight-util, webhook::parse (not the vendor), read 22 Nov 2026",
        r"discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{16,20}/(?<secret>[A-Za-z0-9_-]{60,})",
        &[
            example!(
                "https://discord.com/api/webhooks/939823419466784955/" [
                    "kNk",
                    "TuarqUqGdMbUVyPvfaMJFj7YkALzqUYCUJZLeRRc2TQpNPtF58zm9E56CdD-06mel",
                ] ""
            ),
            example!(
                "https://discordapp.com/api/v10/webhooks/9722458999804977637/" [
                    "XWo",
                    "LJN8q3jdYc5n7ec2DwvU_GVydt2MvOe2QSAiaQOmelnQboMeRWO5VzvnBgQaNmHLK",
                ] ""
            ),
        ],
        &[
            "https://discord.com/api/webhooks/123",
            "https://discord.com/api/webhooks/259942891214118113/your-token",
        ],
    )
    .floor(4.0),
    assigned(
        "discord-client-secret",
        "Discord secret of an application",
        "docs.discord.com/developers/topics/oauth2; not confirmed",
        &["discord_client_secret", "discord_secret"],
        "[A-Za-z0-9_-]{32}",
        &[example!("DISCORD_CLIENT_SECRET=" ["bqI", "I7jEWoJA_PMBPzr-GpG4KjpqbF5Xd"] "")],
        &[
            "DISCORD_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: bqII7jEWoJA_PMBPzr-GpG4KjpqbF5Xd"),
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
            example!("5110391926:" ["AA1", "pbRxv70LZC0hargXYzp50StMrh49Cs64"] ""),
            example!(
                "TELEGRAM_BOT_TOKEN=7448946286:" [
                    "AA4",
                    "K4W6Iqa0sDLu6XZcMclws9xVTFD35Vei",
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
        &["telegram_api_hash", "tg_api_hash"],
        "[0-9a-f]{32}",
        &[example!("TELEGRAM_API_HASH=" ["f87", "ca2ba5286c797f6c130613f442617"] "")],
        &[
            "TELEGRAM_API_HASH=your-key-here",
            concat!("checks", "um: f87ca2ba5286c797f6c130613f442617"),
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
                "9ce",
                "4ac95-44a9-4bdb-ab2f-f2891dfb8c3e@4bb1563d-a266-40ae-ac7a-4517180bea14/I",
                "ncomingWebhook/13cce0693de27e4a8728a1ba1b6eae97/1dba2a8c-e39c-445a-ab1f-",
                "c8683da593c1",
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
        &[example!("MATTERMOST_TOKEN=" ["mae", "gtn3fba82p3clqvpec1lg3b"] "")],
        &[
            "MATTERMOST_TOKEN=your-key-here",
            "checksum: maegtn3fba82p3clqvpec1lg3b",
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
            "https://chat.googleapis.com/v1/spaces/AAAAHFqq9ng/messages?key=" [
                "AIz",
                "aLfhxKEVaKItUnJU4WaSNwvnOsL-QHW16M_O&token=FmhXcoI-goZe8EpTYArE1ivxMqAOj",
                "ax2V9vqwokFLvL",
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
        &[example!("ZOOM_CLIENT_SECRET=" ["7Ze", "gj5GjBT6T82ha8d5GBxGHsPNWDyot"] "")],
        &[
            "ZOOM_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: 7Zegj5GjBT6T82ha8d5GBxGHsPNWDyot"),
        ],
    )
    .floor(3.8),
    assigned(
        "line",
        "LINE secret of a channel",
        "developers.line.biz; not confirmed",
        &["line_channel_secret", "line_secret"],
        "[0-9a-f]{32}",
        &[example!("LINE_CHANNEL_SECRET=" ["8c6", "7fc9351df3492864af7c52fffedc9"] "")],
        &[
            "LINE_CHANNEL_SECRET=your-key-here",
            concat!("checks", "um: 8c67fc9351df3492864af7c52fffedc9"),
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
                "g0s",
                "CdGxEW7zyuqSaUOa2+AI4hJy5WZlyOx4W6LJyI4rQUbcZbMK3CI/0y0gTpsTN8sN3MeYvCsH",
                "MAA6Ne1BkmK+o4FHytXv3WKjfkS7O5M+zekdc0Us8gbDFe1YwDlMxd9qQTvqIkHLJurHND4v",
                "O4RdKKGFgdF78Vhp6bFx3Uib=",
            ] ""
        )],
        &[
            "LINE_CHANNEL_ACCESS_TOKEN=your-key-here",
            concat!(
                "checksum: g0sCdGxEW7zyuqSaUOa2+AI4hJy5WZlyOx4W6LJyI4rQUbcZbMK3CI/0y0gTps",
                "TN8sN3MeYvCsHMAA6Ne1BkmK+o4FHytXv3WKjfkS7O5M+zekdc0Us8gbDFe1YwDlMxd9qQTv",
                "qIkHLJurHND4vO4RdKKGFgdF78Vhp6bFx3Uib="
            ),
        ],
    )
    .floor(4.0),
    token(
        "matrix",
        "Matrix access token of a Synapse server",
        "github.com/element-hq/synapse, access tokens; not confirmed",
        "syt_[A-Za-z0-9+/=_-]{30,}",
        &[example!["syt", "_jgiudSn1Pz7D_LOJYqwQLpazVnaudTWaQ_0lPJqF"]],
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
                "2ed",
                "ad848b8aad2c43e6331bba729aa142d87a84cf6d128e2879bc6d5edec9ca9",
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
                "2dd",
                "c3176-24ff-4048-a273-bdb8f4b5818d",
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
                "d0a",
                "4fd0d-23a7-4d2f-a877-e08f0e29324f",
            ] ""
        )],
        &["https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY"],
    ),
    token(
        "ntfy",
        "ntfy access token",
        "docs.ntfy.sh; not confirmed",
        "tk_[a-z0-9]{29}",
        &[example!["tk_", "iuvpglfzv4hxs9zcodt07dalr33ab"]],
        &[
            "tk_toolkit_widget",
            concat!("stk_8a", "boa0lytgjptk96vx58l1o2rvhtw"),
        ],
    )
    .floor(3.5)
    .checked(has_digit),
    assigned(
        "pushover",
        "Pushover token",
        "pushover.net/api; not confirmed",
        &["pushover_token", "pushover_user", "pushover_api", "pushover_app"],
        "[a-z0-9]{30}",
        &[example!("PUSHOVER_TOKEN=" ["6au", "nb4pan3lpj12zyl82d5kcxiw64r"] "")],
        &[
            "PUSHOVER_TOKEN=your-key-here",
            concat!("checks", "um: 6aunb4pan3lpj12zyl82d5kcxiw64r"),
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
        &[example!("PUSHBULLET_TOKEN=" ["o.y", "u0UnIWg7dGsghWuMSS5FjMKMXv0KXQ4"] "")],
        &[
            "PUSHBULLET_TOKEN=your-key-here",
            concat!("checks", "um: o.yu0UnIWg7dGsghWuMSS5FjMKMXv0KXQ4"),
        ],
    )
    .floor(3.8),
];
