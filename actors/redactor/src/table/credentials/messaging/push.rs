//! Telephony, and messages pushed to devices and browsers.

use crate::table::credentials::looks::{has_digit, is_mixed_case};
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "twilio",
        "Twilio API key",
        "github.com/gtwohig-twilio/api-snippets, api-auth (not the vendor), read 22 Nov 2026",
        "SK(?:[0-7]|[89a-f])[0-9a-f]{31}",
        &[example!["SKb", "1557ac892767df4e74ecc593316d248"]],
        &[
            concat!("TASK84", "d41838093f679a0f120d7f76a9aa4b"),
            concat!("SKxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            concat!("ACdfd1", "17336b76586c09a7c6fe986b93c9"),
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
            example!("TWILIO_AUTH_TOKEN=" ["55d", "31ec1c063ab5ad68c16ec71a420ad"] ""),
            example!("TWILIO_API_SECRET=" ["zjy", "1Gb7pUkaAgnzXcL2jUuPetGAiCTHF"] ""),
        ],
        &[
            "TWILIO_AUTH_TOKEN=your-key-here",
            concat!("checks", "um: 55d31ec1c063ab5ad68c16ec71a420ad"),
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
        &[example!("VONAGE_API_SECRET=" ["GY2", "nJCBxWd96lwu0"] "")],
        &[
            "VONAGE_API_SECRET=your-key-here",
            "checksum: GY2nJCBxWd96lwu0",
        ],
    )
    .floor(3.0)
    .checked(has_digit),
    assigned(
        "messagebird",
        "MessageBird key",
        "developers.messagebird.com; not confirmed",
        &[
            "messagebird_access_key",
            "messagebird_api",
            "messagebird_key",
        ],
        "[A-Za-z0-9_]{25,30}",
        &[example!("MESSAGEBIRD_ACCESS_KEY=" ["JVW", "k5omB4d59jJuosPilo0Ubn"] "")],
        &[
            "MESSAGEBIRD_ACCESS_KEY=your-key-here",
            "checksum: JVWk5omB4d59jJuosPilo0Ubn",
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
                "s81",
                "nV5mMU7q8YOG77um7HARP28f0lmlqK5UNK4RnqkubmLM7lX06BT44",
            ] ""
        )],
        &[
            "PLIVO_AUTH_TOKEN=your-key-here",
            concat!(
                "checks",
                "um: s81nV5mMU7q8YOG77um7HARP28f0lmlqK5UNK4RnqkubmLM7lX06BT44"
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
            "009F402EBCF7C7A1942C66F506038F32_QTkOd6wlihS91w3AF3v32C"
        ]],
        &[
            "KEY_your_key",
            concat!(
                "API_KE",
                "Y0DFEE7C92A44CCB79A3E90923CE88AA4_0heC4f92MgvqzMC6oDmHFT"
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
                "e08",
                "2e1fbcf77fe33df5d4445db348ab7-34a83f82-a2bc-41a1-a5fe-54c455ef3d7e",
            ] ""
        )],
        &[
            "INFOBIP_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: e082e1fbcf77fe33df5d4445db348ab7-34a83f82-a2bc-41a1-a5fe-54c455ef3d7e"
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
        &[example!("SINCH_KEY_SECRET=" ["vnl", "3l7Qnd6ZnicZ-7aegem0mpm8iCvktNx"] "")],
        &[
            "SINCH_KEY_SECRET=your-key-here",
            concat!("checks", "um: vnl3l7Qnd6ZnicZ-7aegem0mpm8iCvktNx"),
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
            "v2_app_cxwkh2wawleiac4advtlzkqchc3xfjaddnkaaja7k5dq6evfvdwutv42746suhdsu",
            "uzswwyxg2capux3yk3whdtocghs6w552wotswxe",
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
        &[example!("PUSHER_APP_SECRET=" ["ab3", "bdcdd0c0ead770cb5"] "")],
        &[
            "PUSHER_APP_SECRET=your-key-here",
            "checksum: ab3bdcdd0c0ead770cb5",
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
            "-c-E5lo9x1PTjjtKk1FcJEwKyWQKw5Tjac9zuZtW7ENeOx1Zh8H"
        ]],
        &[
            "sec-c-your-key-here",
            concat!(
                "xsec-c",
                "-E5lo9x1PTjjtKk1FcJEwKyWQKw5Tjac9zuZtW7ENeOx1Zh8H"
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
            example!["sub", "-c-938ef3eb-537e-4736-a285-3916848f299e"],
            example!["pub", "-c-595e0894-d274-4b73-a085-3094971a20bb"],
        ],
        &[
            "sub-c-demo",
            concat!("xsub-c", "-e0787abe-0d9d-4e9a-a0ca-6c5fe5b3ef14"),
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
                "0pL",
                "a8W.Il8VeV:MfOEwdC_9ToTxjo89yCRWhFD1TWnRlMAMuquby4SyrW",
            ] ""
        )],
        &[
            "ABLY_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: 0pLa8W.Il8VeV:MfOEwdC_9ToTxjo89yCRWhFD1TWnRlMAMuquby4SyrW"
            ),
        ],
    )
    .floor(4.0),
    assigned(
        "sendbird",
        "Sendbird token",
        "sendbird.com/docs; not confirmed",
        &["sendbird_api", "sendbird_token", "sendbird_master"],
        "[0-9a-f]{40}",
        &[example!("SENDBIRD_API_TOKEN=" ["33b", "92963b2c1fbb58d3ebc7f1f1f7687d247b00c"] "")],
        &[
            "SENDBIRD_API_TOKEN=your-key-here",
            concat!("checks", "um: 33b92963b2c1fbb58d3ebc7f1f1f7687d247b00c"),
        ],
    )
    .floor(3.0),
];
