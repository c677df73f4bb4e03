//! Telephony, and messages pushed to devices and browsers.

use crate::table::credentials::looks::{has_digit, is_mixed_case};
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "twilio",
        "Twilio API key",
        "twilio.com/docs/iam/api-keys; not confirmed",
        "SK[0-9a-f]{32}",
        &[example!["SKc", "ffac4c5f960c68e4c5a3890cf144593"]],
        &[
            concat!("TASKbb", "a8fc76ccfe8db484eb5443288f0afb"),
            concat!("SKxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            concat!("ACe3d3", "b968e90d485f1ec758b86a88d8b9"),
        ],
    )
    .floor(3.0),
    assigned(
        "twilio-auth",
        "Twilio token or secret of an account",
        "twilio.com/docs/iam/api; not confirmed",
        &[
            "twilio_auth_token",
            "twilio_token",
            "twilio_api_secret",
            "twilio_secret",
        ],
        "[A-Za-z0-9]{32}",
        &[
            example!("TWILIO_AUTH_TOKEN=" ["3bd", "c228ebca1b12e5deba2690b1557ac"] ""),
            example!("TWILIO_API_SECRET=" ["Srt", "eoOXXJM7Smo0AFiNDO2ojC7z6MNV4"] ""),
        ],
        &[
            "TWILIO_AUTH_TOKEN=your-key-here",
            concat!("checks", "um: 3bdc228ebca1b12e5deba2690b1557ac"),
        ],
    )
    .floor(3.0),
    assigned(
        "vonage",
        "Vonage secret",
        "developer.vonage.com; not confirmed",
        &[
            "vonage_api_secret",
            "nexmo_api_secret",
            "vonage_secret",
            "nexmo_secret",
        ],
        "[A-Za-z0-9]{16}",
        &[example!("VONAGE_API_SECRET=" ["SyW", "lthK67h4VOV0c"] "")],
        &[
            "VONAGE_API_SECRET=your-key-here",
            "checksum: SyWlthK67h4VOV0c",
        ],
    )
    .floor(3.0)
    .checked(has_digit),
    assigned(
        "messagebird",
        "MessageBird key",
        "developers.messagebird.com; not confirmed",
        &["messagebird"],
        "[A-Za-z0-9_]{25,30}",
        &[example!("MESSAGEBIRD_ACCESS_KEY=" ["mA6", "fjOPrXUlJl8MAYMgH0cCzc"] "")],
        &[
            "MESSAGEBIRD_ACCESS_KEY=your-key-here",
            "checksum: mA6fjOPrXUlJl8MAYMgH0cCzc",
        ],
    )
    .floor(3.5)
    .checked(is_mixed_case),
    assigned(
        "plivo",
        "Plivo token",
        "plivo.com/docs; not confirmed",
        &["plivo_auth_token", "plivo_token"],
        "[A-Za-z0-9]{40,}={0,2}",
        &[example!(
            "PLIVO_AUTH_TOKEN=" [
                "zJZ",
                "HUXaS59mOguwl4vILAmqOyc27n6WCJ3zVoSWcvR4UiHO1XeObGvSB",
            ] ""
        )],
        &[
            "PLIVO_AUTH_TOKEN=your-key-here",
            concat!(
                "checks",
                "um: zJZHUXaS59mOguwl4vILAmqOyc27n6WCJ3zVoSWcvR4UiHO1XeObGvSB"
            ),
        ],
    )
    .floor(3.5),
    token(
        "telnyx",
        "Telnyx API key",
        "developers.telnyx.com; not confirmed",
        "KEY[0-9A-F]{32}_[A-Za-z0-9]{22}",
        &[example![
            "KEY",
            "0C4C0750D36C14A29D4EF6EDB15BA576_B4d59jJuosPilo0Ubns81n"
        ]],
        &[
            "KEY_your_key",
            concat!(
                "API_KE",
                "Y03B51D98225F4B4E5AD9428C3951B64E_CS65TlYHfzpzNPLkHIcXaO"
            ),
        ],
    )
    .floor(3.8),
    assigned(
        "infobip",
        "Infobip API key",
        "infobip.com/docs; not confirmed",
        &["infobip"],
        "[0-9a-f]{32}-[0-9a-f-]{36}",
        &[example!(
            "INFOBIP_API_KEY=" [
                "68a",
                "6d25658685a065d09f402ebcf7c7a-1942c66f-5060-438f-a325-1b543bdfaee0",
            ] ""
        )],
        &[
            "INFOBIP_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: 68a6d25658685a065d09f402ebcf7c7a-1942c66f-5060-438f-a325-1b543bdfaee0"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "bandwidth",
        "Bandwidth or Sinch secret",
        "dev.bandwidth.com; developers.sinch.com; not confirmed",
        &[
            "sinch_api_token",
            "sinch_key_secret",
            "bandwidth_api_secret",
        ],
        "[A-Za-z0-9~._-]{32,}",
        &[example!("SINCH_KEY_SECRET=" ["Ji7", "g-VZ9CD85mn09v3qtqu2TorHOTCmtOJ"] "")],
        &[
            "SINCH_KEY_SECRET=your-key-here",
            concat!("checks", "um: Ji7g-VZ9CD85mn09v3qtqu2TorHOTCmtOJ"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token_anywhere(
        "onesignal",
        "OneSignal API key",
        "documentation.onesignal.com; not confirmed",
        "os_v2_(?:app|org)_[a-z0-9]{60,}",
        &[example![
            "os_",
            "v2_app_g6qfvexyduck65kizjkl57h3p4kgf3f5vgb5zgebz75acdcg2ghg6eokfjtlcxwkh",
            "2wawleiac4advtlzkqchc3xfjaddnkaaja7k5dq",
        ]],
        &["os_v2_your-key-here", "os_v2_short1"],
    )
    .floor(3.5),
    assigned(
        "pusher",
        "Pusher secret of an app",
        "pusher.com/docs; not confirmed",
        &["pusher_secret", "pusher_app_secret"],
        "[0-9a-f]{20}",
        &[example!("PUSHER_APP_SECRET=" ["f2a", "2a1ba9aedfef9a319"] "")],
        &[
            "PUSHER_APP_SECRET=your-key-here",
            "checksum: f2a2a1ba9aedfef9a319",
        ],
    )
    .floor(2.8),
    token(
        "pubnub-secret",
        "PubNub secret key",
        "pubnub.com/docs; not confirmed",
        "sec-c-[A-Za-z0-9]{40,}={0,2}",
        &[example![
            "sec",
            "-c-0uuzsO8XGwGRwyxgAca6587WpuxByUJkBGwhQMdto3cgh3GK"
        ]],
        &[
            "sec-c-your-key-here",
            concat!(
                "xsec-c",
                "-0uuzsO8XGwGRwyxgAca6587WpuxByUJkBGwhQMdto3cgh3GK"
            ),
        ],
    )
    .floor(4.0),
    token(
        "pubnub",
        "PubNub key to publish or to subscribe",
        "pubnub.com/docs; not confirmed",
        concat!("(?:sub|pub)-c-", uuid!()),
        &[
            example!["sub", "-c-9fbeedb7-99bb-42ab-a3bd-cdd0c0ead770"],
            example!["pub", "-c-cb5f57b4-495f-41fb-acb4-01ca9f2b3938"],
        ],
        &[
            "sub-c-demo",
            concat!("xsub-c", "-19b2907f-3070-4bb9-af3f-be7bc7756fe6"),
        ],
    )
    .floor(2.8),
    assigned(
        "ably",
        "Ably API key",
        "ably.com/docs/auth; not confirmed",
        &["ably_api_key", "ably_key"],
        r"[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{6}:[A-Za-z0-9_-]{43}",
        &[example!(
            "ABLY_API_KEY=" [
                "6-m",
                "4Vv.mC5Epy:kHwmMeyJqH_jLN6uKw7cGKr0lErUCoaGupcNqKDhPkc",
            ] ""
        )],
        &[
            "ABLY_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: 6-m4Vv.mC5Epy:kHwmMeyJqH_jLN6uKw7cGKr0lErUCoaGupcNqKDhPkc"
            ),
        ],
    )
    .floor(4.0),
    assigned(
        "sendbird",
        "Sendbird token",
        "sendbird.com/docs; not confirmed",
        &["sendbird"],
        "[0-9a-f]{40}",
        &[example!("SENDBIRD_API_TOKEN=" ["bbf", "67bf1d390fc82fb1bcab50451c83d5f3ec008"] "")],
        &[
            "SENDBIRD_API_TOKEN=your-key-here",
            concat!("checks", "um: bbf67bf1d390fc82fb1bcab50451c83d5f3ec008"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "firebase-messaging",
        "Firebase server key, or token of a device",
        "firebase.google.com/docs/cloud-messaging; not confirmed",
        ":(?<secret>APA91b[A-Za-z0-9_-]{100,})",
        &[example!(
            "AAAAI9EqLNX:" [
                "APA",
                "91bTSj46vKCkhwh2bl-MfOEwdC_9ToTxjo89yCRWhFD1TWnRlMAMuquby4SyrWonVMjLypSk",
                "Zf_VSuH1n4TXF8f-f9CBGD1iqFVdcZmmms0hrF8EJxwfrAuyzWB-mCdUgyjdY4X8i",
            ] ""
        )],
        &["AAAA1234567:APA91bShort"],
    )
    .floor(4.0),
];
