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
        &[example!["ntn", "_59787273791f0XU8dvmA2XorRDGK43zMM5yllli2o44iE5"]],
        &[
            "ntn_id",
            concat!("xntn_M", "Mw47pLe9g82Ho1kOJNVOZocUeYDTfq0q8xoty0nSUvpFK"),
        ],
    )
    .floor(4.0),
    token(
        "notion-legacy",
        "Notion token, the older form",
        "developers.notion.com/guides/get-started/authorization; not confirmed",
        "secret_[A-Za-z0-9]{43}",
        &[example!["sec", "ret_Ptdt938TZF6QEQbXei3npM9SJrnxwfcpXiLY86zU261"]],
        &[
            "secret_key_base",
            concat!("my_sec", "ret_PVpwSi5NXDCJN5luHU6ngkCj1FeB2im1L8NEB5OKjQz"),
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
            "Y8danvowi74zGX.921e2c088195273ec45c16d8e59238b26273f7074078ebce8ac4c6d47",
            "601181a",
        ]],
        &[
            "path.to.file",
            concat!(
                "spatyIkckfplRoQXy9.4ab403f10fb8205f6e43d085886fbd3b15eb166d10ad0272d701d",
                "fced00fe428"
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
        &[example!("AIRTABLE_API_KEY=" ["key", "gbGy6PH0nF1VAi"] "")],
        &[
            "AIRTABLE_API_KEY=your-key-here",
            "checksum: keygbGy6PH0nF1VAi",
        ],
    )
    .floor(3.3),
    token_anywhere(
        "linear",
        "Linear API key or access token",
        "docs.sim.ai/integrations/linear-service-account (not the vendor), read 22 Nov 2026",
        "lin_(?:api|oauth|wh)_[A-Za-z0-9]{32,}",
        &[
            example!["lin", "_api_mAePMtKjOAsCaESz7cT8cXoetXq4CKDLv2ejZJr7"],
            example![
                "lin",
                "_oauth_c50c9bae54fbf27924806695da9a419ae4b0c5c07702b359fd646075b67562ac",
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
                    "2/5",
                    "214569913702574/8920409406016478:7d07619ca792084ad79948c25119c338",
                ] ""
            ),
            example!(
                "ASANA_TOKEN=" [
                    "1/3",
                    "105697845413091:30d3ea1e573cfb97c54019eb82c65ed9",
                ] ""
            ),
        ],
        &[
            "ASANA_ACCESS_TOKEN=your-key-here",
            concat!(
                "checks",
                "um: 2/5214569913702574/8920409406016478:7d07619ca792084ad79948c25119c338"
            ),
        ],
    )
    .floor(3.0),
    token(
        "trello-token",
        "Trello token",
        "developer.atlassian.com/cloud/trello; not confirmed",
        "ATTA[0-9A-Za-z]{60,}",
        &[example![
            "ATT",
            "Af97c4e77a70448eed4b9fc7b155a6645f67843524040d91c4bae478a13013d2864B6DC7",
            "0",
        ]],
        &[
            "ATTACHMENT",
            concat!(
                "xATTAe",
                "6c0652536f308825b526ee27c472a09b967f9879d49197ac7eae9acc57c97db0A756C7A"
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
        &[example!("TRELLO_API_KEY=" ["beb", "6de1ef0a78f499a18174ee2bd1669"] "")],
        &[
            "TRELLO_API_KEY=your-key-here",
            concat!("checks", "um: beb6de1ef0a78f499a18174ee2bd1669"),
        ],
    )
    .floor(3.0),
    token(
        "clickup",
        "ClickUp API token",
        "rdrr.io, clickrup, cu-pat (not the vendor), read 22 Nov 2026",
        "pk_[0-9]{5,12}_[A-Z0-9]{32}",
        &[example!["pk_", "79739088_SI0RU687NA9NQXRYDEBMS9OOSO8IV3R4"]],
        &[
            "pk_12345_TOKEN",
            concat!("apk_71", "275988_N8XWMTCS82KTV0EZBNQYJA5HVKJ74O0B"),
        ],
    )
    .floor(3.5),
    token(
        "figma",
        "Figma token",
        "figma.com/developers/api; not confirmed",
        "(?:figd_|figo_|figp_|figr_|figu_)[A-Za-z0-9_-]{36,}",
        &[example!["fig", "d_JcCl6KxV_Lv1ANOROr6ANu16j2wdbWYE6xq7ttzU"]],
        &[
            "figd_your_token",
            concat!("config", "_FHXhlJdwEm12k6axFbQhwVQAKmIS0js7Q0LVrG0G"),
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
                "s1vhKKwbpt7zz56t6V3N0PwtIRY-5nNsnilBp4f4BoGrmCM7nPjQOqxjndhE-aKlMH45DEvB",
                "_OIyRIsK8rO-f9J_xobCjRyTe3aWEYlvz8Bk2tZzXxMi4MpFmyHd1V5G3zDakVV",
            ],
            example![
                "sl.",
                "u.PrMRlwIUlSZh5PmvxpcE-1m7eE4PdAgE3SCddxcIQ0NElGYCf-2u0KwkI-uUAOmZ8Y86OH",
                "8NS7T3SZy2QHhfm9W8US4dtZk1tn2TSrkQQA6wG1ug0BXcjvm9o47HMLZS5_HqS-1sYAIDAd",
                "ZobwiG3NQ4LuuqwcXL-sebKB72ZyOi_KmfX8-W",
            ],
        ],
        &[
            "sl.your-token",
            concat!(
                "ssl.TR8_ktWTYvfR1NjBMVZR28JZtgbOZaVBk-JXdENwkTUQI_WEzXY_7G2TtGs7SxsrmlGJ",
                "8bR9T6p3nTMyI7Nb0qIw_f7YFxGSJzPGH3HTMqXtCiObQ6rp5zTEWO4fEEtPWpgCpMn"
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
        &[example!("DROPBOX_APP_SECRET=" ["3c2", "4g4virod8avr"] "")],
        &[
            "DROPBOX_APP_SECRET=your-key-here",
            "checksum: 3c24g4virod8avr",
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
        &[example!("BOX_CLIENT_SECRET=" ["Qja", "Abc9JNn7EyHIuBcA8WBXkIN1tspDm"] "")],
        &[
            "BOX_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: QjaAbc9JNn7EyHIuBcA8WBXkIN1tspDm"),
        ],
    )
    .floor(3.5),
    token(
        "typeform",
        "Typeform access token",
        "typeform.com/developers; not confirmed",
        "tfp_[A-Za-z0-9_.=-]{40,}",
        &[example!["tfp", "_pYdFYyCIcqc5SDE8SnuuEaoF5S_z_XMWSjjpjSS5M49Bgv9Fy1IDOEZ3Krj"]],
        &[
            "tfp_token",
            concat!("xtfp_V", "_k912mnrB14R9HIspVYnv6gKUiKdE9naCbVUN8o_V7FVYEFwz_6BGVG6Pc"),
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
        &[example!("JOTFORM_API_KEY=" ["68c", "7bf1b94ab63080136af7889e8af07"] "")],
        &[
            "JOTFORM_API_KEY=your-key-here",
            concat!("checks", "um: 68c7bf1b94ab63080136af7889e8af07"),
        ],
    )
    .floor(3.0),
    token(
        "zoho",
        "Zoho access or refresh token",
        "zoho.com/accounts/protocol/oauth; not confirmed",
        r"1000\.[0-9a-f]{32}\.[0-9a-f]{32}",
        &[example!["100", "0.3d569ac14cecaa9521b4dfcfa7ae018e.889abfcf9c5e6e9c5a979cf5fa41119d"]],
        &[
            "1000.00",
            concat!("1.1000", ".be931ce2ec337022cd4666284b2cd69b"),
        ],
    )
    .floor(3.0),
    assigned(
        "zoho-secret",
        "Zoho secret of an app",
        "zoho.com/accounts/protocol/oauth; not confirmed",
        &["zoho_client_secret"],
        "[0-9a-f]{42}",
        &[example!("ZOHO_CLIENT_SECRET=" ["cd2", "37702e369df0c84e14cd4c889e559e2da2dad0c"] "")],
        &[
            "ZOHO_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: cd237702e369df0c84e14cd4c889e559e2da2dad0c"),
        ],
    )
    .floor(3.0),
    assigned(
        "todoist",
        "token of Todoist, Pipedrive, PandaDoc or Toggl",
        "developer.todoist.com; developers.pipedrive.com; not confirmed",
        &["todoist_api", "todoist_token", "pipedrive_api", "pipedrive_token", "pandadoc_api"],
        "[0-9a-f]{40}",
        &[example!("TODOIST_API_TOKEN=" ["a7f", "08c538cb45fa9102becb3f4137a5c062c17f3"] "")],
        &[
            "TODOIST_API_TOKEN=your-key-here",
            concat!("checks", "um: a7f08c538cb45fa9102becb3f4137a5c062c17f3"),
        ],
    )
    .floor(3.0),
    assigned(
        "smartsheet",
        "Smartsheet access token",
        "smartsheet.redoc.ly; not confirmed",
        &["smartsheet"],
        "[A-Za-z0-9]{37}",
        &[example!("SMARTSHEET_ACCESS_TOKEN=" ["FnV", "BuCKqN8Mgp3NJEOBUvk9USBsTVsp4va9Qb"] "")],
        &[
            "SMARTSHEET_ACCESS_TOKEN=your-key-here",
            concat!("checks", "um: FnVBuCKqN8Mgp3NJEOBUvk9USBsTVsp4va9Qb"),
        ],
    )
    .floor(3.8),
    assigned(
        "shortcut",
        "Shortcut API token",
        "developer.shortcut.com; not confirmed",
        &["shortcut_api_token", "shortcut_token"],
        uuid!(),
        &[example!("SHORTCUT_API_TOKEN=" ["82f", "d11ad-26ac-4071-a446-c925430129f6"] "")],
        &[
            "SHORTCUT_API_TOKEN=your-key-here",
            concat!("checks", "um: 82fd11ad-26ac-4071-a446-c925430129f6"),
        ],
    ),
    token(
        "frame-io",
        "Frame.io token",
        "developer.frame.io; not confirmed",
        "fio-u-[A-Za-z0-9_=-]{60,}",
        &[example!["fio", "-u-XsTG1g8TE47WQ_xaheTR5rg24Y5pkEleFqEnPXjjiQAoytIfYh-Qr5jmsubV9y5M"]],
        &[
            "fio-u-your-key-here",
            concat!("xfio-u", "-XsTG1g8TE47WQ_xaheTR5rg24Y5pkEleFqEnPXjjiQAoytIfYh-Qr5jmsubV9y5M"),
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
            "e_95f7um98vh0z0jwrkal8tmcrgbn7ambbfz7rmwtvfgtaw2imveyfbvh32tck9za9yz8bgv",
        ]],
        &["rdme_your-key-here", "rdme_short1"],
    )
    .floor(3.5),
    token_anywhere(
        "n8n",
        "n8n API key, the older form",
        "docs.n8n.io/api/authentication; not confirmed",
        "n8n_api_[0-9a-f]{40,}",
        &[example![
            "n8n",
            "_api_98d838f897fce167f73ad561a929b53d76d6333dddbb593705e65610c7ae8da0446",
            "234844a57a6bc",
        ]],
        &["n8n_api_your-key-here", "n8n_api_short1"],
    )
    .floor(3.0),
    token_anywhere(
        "zapier-webhook",
        "Zapier address that takes data",
        "help.zapier.com, webhooks; not confirmed",
        r"hooks\.zapier\.com/hooks/(?:catch|standard)/(?<secret>[0-9]{4,}/[A-Za-z0-9]{5,})",
        &[example!("https://hooks.zapier.com/hooks/catch/" ["703", "0910/zdk4qkj"] "/")],
        &["https://hooks.zapier.com/hooks/catch/"],
    ),
    token_anywhere(
        "make-webhook",
        "Make address that takes data",
        "help.make.com, webhooks; not confirmed",
        r"hook\.(?:eu|us)[0-9]\.make\.com/(?<secret>[a-z0-9]{32})",
        &[example!("https://hook.eu2.make.com/" ["hxb", "9i5dtrcoafphe9snozv1qnbuu4jyq"] "")],
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
                "GdJ",
                "Oa9CHGg6mHHL20ITD7rLVmV6ZSWskA5L4g0VyJQ0",
            ] ""
        )],
        &["https://maker.ifttt.com/trigger/event/with/key/your-key-of-this-service"],
    )
    .floor(3.5)
    .checked(is_mixed_case),
];
