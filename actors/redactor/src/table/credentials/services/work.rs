//! Where people plan, write, draw and keep files.

use crate::table::credentials::looks::{has_digit, is_mixed_case};
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "notion",
        "Notion token",
        "developers.notion.com/guides/get-started/authorization; not confirmed",
        "ntn_[A-Za-z0-9]{40,}",
        &[example!["ntn", "_63058753967dDFaKLu6PorFiHKVSL9Ttt5vMUdQ8WZrUd6"]],
        &[
            "ntn_id",
            concat!("xntn_X", "ljjnte4zOUh7nuHj7HAggnGFpSAK27Fo5tBtYYe0Yl6KH"),
        ],
    )
    .floor(4.0),
    token(
        "notion-legacy",
        "Notion token, the older form",
        "developers.notion.com/guides/get-started/authorization; not confirmed",
        "secret_[A-Za-z0-9]{43}",
        &[example!["sec", "ret_oHN1iDDN0fQwAQ0Qc7MmGm6sF8ZO47MEWp1RKXdZZ3I"]],
        &[
            "secret_key_base",
            concat!("my_sec", "ret_06niCTjqIXYJhiCDmJNvtxufwecC9lghuaMD8EJlgOz"),
        ],
    )
    .floor(4.0),
    token(
        "airtable",
        "Airtable personal access token",
        "airtable.com/developers/web/api/authentication; not confirmed",
        r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}",
        &[example![
            "pat",
            "HsiArSTSYT4uGI.6068b8c1206977974ae8fabff8b7f4c5544be8385dbdd2d910c863d6e",
            "735f807",
        ]],
        &[
            "path.to.file",
            concat!(
                "spatQjBOqw5a25e8JA.2205212ca3ae89fdfea1d0db1fb0bfc9d105cad71c8d17840dd05",
                "7fbfda2ecfc"
            ),
        ],
    )
    .floor(3.5),
    assigned(
        "airtable-legacy",
        "Airtable API key, the older form",
        "airtable.com/developers/web/api/authentication; not confirmed",
        &["airtable"],
        "key[A-Za-z0-9]{14}",
        &[example!("AIRTABLE_API_KEY=" ["key", "fDYsMVlxFsVO48"] "")],
        &[
            "AIRTABLE_API_KEY=your-key-here",
            "checksum: keyfDYsMVlxFsVO48",
        ],
    )
    .floor(3.3),
    token_anywhere(
        "linear",
        "Linear API key or access token",
        "docs.sim.ai/integrations/linear-service-account (not the vendor), read 22 Nov 2026",
        "lin_(?:api|oauth|wh)_[A-Za-z0-9]{32,}",
        &[
            example!["lin", "_api_kLAn5tQ1uU1R3TvuiTD6WntQkAMYDeOZBlb90ay1"],
            example![
                "lin",
                "_oauth_c7e54e446b4d51995034e66ee4ebd9da548acfe39432263e1e6384379e3a2aa4",
            ],
        ],
        &["lin_your-key-here", "lin_short1"],
    )
    .floor(3.3),
    assigned(
        "asana",
        "Asana personal access token",
        "developers.asana.com; not confirmed",
        &["asana_token", "asana_access_token", "asana_pat", "asana_api_key", "asana_personal"],
        "[0-9]/[0-9]{10,}(?:/[0-9]{10,})?:[0-9a-f]{32}",
        &[
            example!(
                "ASANA_ACCESS_TOKEN=" [
                    "2/2",
                    "110909370414498/7733823979543542:9f4af1f8f53072a6b1d0c7c256f62d4c",
                ] ""
            ),
            example!(
                "ASANA_TOKEN=" [
                    "1/3",
                    "682419741319348:0dbe8d6702bba49a258b2bc1ea355307",
                ] ""
            ),
        ],
        &[
            "ASANA_ACCESS_TOKEN=your-key-here",
            concat!(
                "checks",
                "um: 2/2110909370414498/7733823979543542:9f4af1f8f53072a6b1d0c7c256f62d4c"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "jira",
        "Jira or Confluence API token, the older form",
        "support.atlassian.com, manage API tokens; not confirmed",
        &["jira_api_token", "jira_token", "jira_api_key", "confluence_api_token", "confluence_token", "atlassian_api_token", "atlassian_token"],
        "[A-Za-z0-9]{24}",
        &[example!("JIRA_API_TOKEN=" ["6F1", "A8Tg83DcpCub0nPIOd6p1"] "")],
        &[
            "JIRA_API_TOKEN=your-key-here",
            "checksum: 6F1A8Tg83DcpCub0nPIOd6p1",
        ],
    )
    .floor(3.5)
    .checked(is_mixed_case),
    token(
        "trello-token",
        "Trello token",
        "developer.atlassian.com/cloud/trello; not confirmed",
        "ATTA[0-9A-Za-z]{60,}",
        &[example![
            "ATT",
            "Adb700508ad9728c71fd5d9528f5b6a3cfcfea8f9bebdbc6da8113fcfbbe04c2d43DBB42",
            "A",
        ]],
        &[
            "ATTACHMENT",
            concat!(
                "xATTA8",
                "e4a33d0385f3c8c5db6823a1069455adb1e71bccbe99ab81e0e26856173e4a8FF5697FB"
            ),
        ],
    )
    .floor(3.3),
    assigned(
        "trello",
        "Trello key or token, the older form",
        "developer.atlassian.com/cloud/trello; not confirmed",
        &["trello_key", "trello_api_key", "trello_token", "trello_secret"],
        "[0-9a-f]{32,64}",
        &[example!("TRELLO_API_KEY=" ["a6e", "58d51d6c0253f3ee899cbef84bfd4"] "")],
        &[
            "TRELLO_API_KEY=your-key-here",
            concat!("checks", "um: a6e58d51d6c0253f3ee899cbef84bfd4"),
        ],
    )
    .floor(3.0),
    token(
        "clickup",
        "ClickUp API token",
        "rdrr.io, clickrup, cu-pat (not the vendor), read 22 Nov 2026",
        "pk_[0-9]{5,12}_[A-Z0-9]{32}",
        &[example!["pk_", "63438930_ZHA9LEQ1T6V2SKKILBYS89865JCASN31"]],
        &[
            "pk_12345_TOKEN",
            concat!("apk_87", "334081_QYVW11H5RHVY16H5WDQVIXHBGSQKST7T"),
        ],
    )
    .floor(3.5),
    token(
        "figma",
        "Figma token",
        "figma.com/developers/api; not confirmed",
        "figd_[A-Za-z0-9_-]{36,}",
        &[example!["fig", "d_ZyOi_KmfX8-W7e49m9RqIDhbQItb1ceB9XP3e03v"]],
        &[
            "figd_your_token",
            concat!("config", "_nXf4lTv5N0Lgoz0FemKxv_149H3OEEYXxAi_wi6a"),
        ],
    )
    .floor(4.0),
    token(
        "dropbox",
        "Dropbox access token",
        "dropbox.com/developers/documentation; not confirmed",
        r"sl\.[A-Za-z0-9_.-]{130,}",
        &[
            example![
                "sl.",
                "MLF6ypYdFYyCIcqc5SDE8SnuuEaoF5S_z_XMWSjjpjSS5M49Bgv9Fy1IDOEZ3KrjBGWEV-gV",
                "KqOSymaIbgpBP8DHIN6JR-aEo1xyLPZgsY5WPRNxjeUt19X9PDO7cfJ6HHKOU-Z",
            ],
            example![
                "sl.",
                "u.4Y5pkEleFqEnPXjjiQAoytIfYh-Qr5jmsubV9y5M-lOzRp0Y1tTIvbwNyfIndAbzcclZIy",
                "SNQkmMaT5ryQiXkdRo64NeuYbXYdnRNG3IoI8INE8W6eBD_CnP1vBgPMlMSup0FA3zmno200",
                "STwLpFcu5yxAgbYDQ7I2OarrBiptJrtOxFPyTY",
            ],
        ],
        &[
            "sl.your-token",
            concat!(
                "ssl.TO6r_48Pqib8q9Zrrp1IGQ8dOnCJ3Hc4mOn_KkOu9SWd8YUqbdUZBJNcXkz6JMtaP7cs",
                "p1vr2tlQAcJOOLxepxHXQRboFDInKjiAqXXBDL7Tn-7LS1iHOChOSSBjtiy1a5CvcV7"
            ),
        ],
    )
    .floor(4.0)
    .checked(is_mixed_case),
    assigned(
        "dropbox-secret",
        "Dropbox secret of an app",
        "dropbox.com/developers/documentation; not confirmed",
        &["dropbox_app_secret", "dropbox_client_secret", "dropbox_secret"],
        "[a-z0-9]{15}",
        &[example!("DROPBOX_APP_SECRET=" ["2co", "cfdzdk4qkjhx"] "")],
        &[
            "DROPBOX_APP_SECRET=your-key-here",
            "checksum: 2cocfdzdk4qkjhx",
        ],
    )
    .floor(3.0)
    .checked(has_digit),
    assigned(
        "box",
        "Box secret of an app",
        "developer.box.com; not confirmed",
        &["box_client_secret", "box_app_secret", "box_developer_token"],
        "[A-Za-z0-9]{32}",
        &[example!("BOX_CLIENT_SECRET=" ["b3J", "7iRFdtrc721o3TMPZafpLheJPs826"] "")],
        &[
            "BOX_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: b3J7iRFdtrc721o3TMPZafpLheJPs826"),
        ],
    )
    .floor(3.5),
    token(
        "typeform",
        "Typeform access token",
        "typeform.com/developers; not confirmed",
        "tfp_[A-Za-z0-9_.=-]{40,}",
        &[example!["tfp", "_ACYQ3HBdOP9sXHGdJOa9CHGg6mHHL20ITD7rLVmV6ZSWskA5L4g0VyJQ0rr"]],
        &[
            "tfp_token",
            concat!("xtfp_p", "B9WePUN81hGnve4cCdAplWlVX1pVl-vZKET5xd949EVLV_0orzTzadOeWR"),
        ],
    )
    .floor(4.0)
    .checked(is_mixed_case),
    assigned(
        "calendly",
        "Calendly or Jotform key",
        "developer.calendly.com; api.jotform.com; not confirmed",
        &["calendly_api_key", "jotform_api_key"],
        "[A-Za-z0-9]{32,}",
        &[example!("JOTFORM_API_KEY=" ["e60", "18783c8bd26bf9adfcaeb5db5747e"] "")],
        &[
            "JOTFORM_API_KEY=your-key-here",
            concat!("checks", "um: e6018783c8bd26bf9adfcaeb5db5747e"),
        ],
    )
    .floor(3.0),
    token(
        "zoho",
        "Zoho access or refresh token",
        "zoho.com/accounts/protocol/oauth; not confirmed",
        r"1000\.[0-9a-f]{32}\.[0-9a-f]{32}",
        &[example!["100", "0.d074bd18ce6f36a99bcce80d0fa5e941.0d756cc322d08c61e3d378f8fe96de04"]],
        &[
            "1000.00",
            concat!("1.1000", ".7e1688a0d7cc7f90553d30cd23293946"),
        ],
    )
    .floor(3.0),
    assigned(
        "zoho-secret",
        "Zoho secret of an app",
        "zoho.com/accounts/protocol/oauth; not confirmed",
        &["zoho_client_secret"],
        "[0-9a-f]{42}",
        &[example!("ZOHO_CLIENT_SECRET=" ["a3c", "543a3c0b6fdf6366180360a10bef1f3cd9a16ef"] "")],
        &[
            "ZOHO_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: a3c543a3c0b6fdf6366180360a10bef1f3cd9a16ef"),
        ],
    )
    .floor(3.0),
    assigned(
        "todoist",
        "token of Todoist, Pipedrive, PandaDoc or Toggl",
        "developer.todoist.com; developers.pipedrive.com; not confirmed",
        &["todoist", "pipedrive", "pandadoc"],
        "[0-9a-f]{40}",
        &[example!("TODOIST_API_TOKEN=" ["986", "6b99793e06f70f832aabd039baf597f688c7c"] "")],
        &[
            "TODOIST_API_TOKEN=your-key-here",
            concat!("checks", "um: 9866b99793e06f70f832aabd039baf597f688c7c"),
        ],
    )
    .floor(3.0),
    assigned(
        "smartsheet",
        "Smartsheet access token",
        "smartsheet.redoc.ly; not confirmed",
        &["smartsheet"],
        "[A-Za-z0-9]{37}",
        &[example!("SMARTSHEET_ACCESS_TOKEN=" ["5zy", "CfkCi5JWTwWjVRFMbHp40whS8yQMmrIpI1"] "")],
        &[
            "SMARTSHEET_ACCESS_TOKEN=your-key-here",
            concat!("checks", "um: 5zyCfkCi5JWTwWjVRFMbHp40whS8yQMmrIpI1"),
        ],
    )
    .floor(3.8),
    assigned(
        "shortcut",
        "Shortcut API token",
        "developer.shortcut.com; not confirmed",
        &["shortcut_api_token", "shortcut_token"],
        uuid!(),
        &[example!("SHORTCUT_API_TOKEN=" ["738", "a3460-11e2-4733-a9c2-2a4ca3d74757"] "")],
        &[
            "SHORTCUT_API_TOKEN=your-key-here",
            concat!("checks", "um: 738a3460-11e2-4733-a9c2-2a4ca3d74757"),
        ],
    ),
    token(
        "frame-io",
        "Frame.io token",
        "developer.frame.io; not confirmed",
        "fio-u-[A-Za-z0-9_=-]{60,}",
        &[example!["fio", "-u-f4IQtH9t7hZDS-ggDh_vZipg8J7gHpNT8DX2zpbIMA_WoMd9U7tM3J9IsZ0CBQbP"]],
        &[
            "fio-u-your-key-here",
            concat!("xfio-u", "-f4IQtH9t7hZDS-ggDh_vZipg8J7gHpNT8DX2zpbIMA_WoMd9U7tM3J9IsZ0CBQbP"),
        ],
    )
    .floor(4.0),
    token_anywhere(
        "readme",
        "ReadMe API key",
        "docs.readme.com; not confirmed",
        "rdme_[a-z0-9]{60,}",
        &[example![
            "rdm",
            "e_tmpvklmirndx1y67l7i5vdw7mb65rod1qd9z0szyntjpsaurms82q02mjl2bsb5a5h4nw3",
        ]],
        &["rdme_your-key-here", "rdme_short1"],
    )
    .floor(3.5),
    token(
        "prefect",
        "Prefect API key",
        "docs.prefect.io; not confirmed",
        "pn(?:u|b)_[A-Za-z0-9]{36}",
        &[example!["pnu", "_A750lEC8PFbXZs0BRvIMM0sVquBiIRCWk6d3"]],
        &[
            "pnu_key",
            concat!("xpnu_S", "1wCfhQWfkvzY0JDezXsdOUvZxOjeRgbo1K6"),
        ],
    )
    .floor(4.0),
    token_anywhere(
        "n8n",
        "n8n API key, the older form",
        "docs.n8n.io/api/authentication; not confirmed",
        "n8n_api_[0-9a-f]{40,}",
        &[example![
            "n8n",
            "_api_b230dd20b775f29acb1e3e93490522f6e6f3164f81bee05b0feb003fa4cb2af507f",
            "bed60dcd2a978",
        ]],
        &["n8n_api_your-key-here", "n8n_api_short1"],
    )
    .floor(3.0),
    token_anywhere(
        "zapier-webhook",
        "Zapier address that takes data",
        "help.zapier.com, webhooks; not confirmed",
        r"hooks\.zapier\.com/hooks/(?:catch|standard)/(?<secret>[0-9]{4,}/[A-Za-z0-9]{5,})",
        &[example!("https://hooks.zapier.com/hooks/catch/" ["182", "9201/z6liqnw"] "/")],
        &["https://hooks.zapier.com/hooks/catch/"],
    ),
    token_anywhere(
        "make-webhook",
        "Make address that takes data",
        "help.make.com, webhooks; not confirmed",
        r"hook\.(?:eu|us)[0-9]\.make\.com/(?<secret>[a-z0-9]{32})",
        &[example!("https://hook.eu2.make.com/" ["579", "xbk3avyfxvcvnqaeiu9rd1r2j2s2c"] "")],
        &["https://hook.eu1.make.com/yourwebhook"],
    )
    .floor(3.3),
    token_anywhere(
        "ifttt",
        "IFTTT key for webhooks",
        "ifttt.com/maker_webhooks; not confirmed",
        r"maker\.ifttt\.com/trigger/[A-Za-z0-9_-]{1,64}/(?:json/)?with/key/(?<secret>[A-Za-z0-9_-]{20,})",
        &[example!(
            "https://maker.ifttt.com/trigger/door_open/with/key/" [
                "bQq",
                "FyLTDnTTBsr-LDaHpOQVI6Yb0nqkrCP5u99shu5u",
            ] ""
        )],
        &["https://maker.ifttt.com/trigger/event/with/key/your-key-of-this-service"],
    )
    .floor(3.5)
    .checked(is_mixed_case),
];
