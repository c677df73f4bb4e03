//! Communities, games, forms and what keeps robots out of them.

use crate::table::credentials::looks::{has_digit, is_mixed_case};
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "lichess",
        "Lichess personal access token",
        "lichess.org/api; form in betterleaks of 23 Jul 2026",
        "lip_[0-9A-Za-z]{16,}",
        &[example!("Bearer " ["lip", "_bz5MCeg6v57D4iwUEHeu"] "")],
        &["lip_gloss", concat!("clip_N", "Fs2eK5mj4HguUQgs8yT")],
    )
    .floor(3.4)
    .checked(is_mixed_case),
    token_anywhere(
        "riot-games",
        "Riot Games API key",
        "developer.riotgames.com; form in kingfisher of 20 Jun 2025",
        "RGAPI-[0-9A-Za-z_-]{36}",
        &[example!("X-Riot-Token: " ["RGA", "PI-3fc5f76a-5ab3-df79-9cf7-491fd96d7c96"] "")],
        &["RGAPI-your-key", "RGAPI-xxxxxxxx"],
    )
    .floor(2.8),
    token(
        "twitch-stream-key",
        "Twitch stream key",
        "help.twitch.tv, stream key; form in titus of 10 Apr 2026",
        "live_[0-9]{8,12}_[0-9A-Za-z]{30,36}",
        &[example!(
            "rtmp://live.twitch.tv/app/" [
                "liv",
                "e_126031192_6RozhL95F2Of3u9Cwh8R0VM5UlwMDi",
            ] ""
        )],
        &["live_20260101_recording", "live_126031192"],
    )
    .floor(3.8),
    token(
        "pinterest",
        "Pinterest access or refresh token",
        "developers.pinterest.com; form in betterleaks of 23 Jul 2026",
        "(?:pina_|pinr_)[0-9A-Za-z_-]{32,}",
        &[example!(
            r#""access_token": ""# [
                "pin",
                "a_61A3n73xlQbXr1omAISfCL0YhhJlbXw3PlstJKDqwBImfMD9FQBedK8oWe",
                "VgI0KiAEe5XhUAkCV8wCf2",
            ] r#"""#
        )],
        &[
            "pina_colada",
            concat!("spina_", "sL2BC95QhpO4aGXRxSpKeVab5DJomBCv76JrqxiN"),
        ],
    )
    .floor(3.8)
    .checked(has_digit),
    token_anywhere(
        "kakao",
        "Kakao admin key",
        "developers.kakao.com, REST API: header; not confirmed",
        "KakaoAK (?<secret>[0-9a-f]{32})",
        &[example!("Authorization: KakaoAK " ["9c5", "a7a2a4ddd2d9e0707b6afcdc68255"] "")],
        &["Authorization: KakaoAK ${APP_ADMIN_KEY}", "KakaoAK key"],
    )
    .floor(3.0),
    token_anywhere(
        "gcnotify",
        "GC Notify API key",
        "documentation.notification.canada.ca; form in betterleaks of 23 Jul 2026",
        concat!("gcntfy-[0-9a-z_]{1,64}-", uuid!(), "-", uuid!()),
        &[example!(
            "Authorization: ApiKey-v1 " [
                "gcn",
                "tfy-shop-d2484b25-5e19-b3c9-2edf-3d5f2a15f40d-31643a16-8e9b-",
                "f90e-a3f7-93883a696c7a",
            ] ""
        )],
        &["gcntfy-key"],
    )
    .floor(3.0),
    token(
        "meta-quest",
        "Oculus (Meta Quest) access token",
        "developers.meta.com/horizon; docs.github.com, Oculus; not confirmed",
        r"OC\|[0-9]{10,20}\|[0-9A-Za-z]{20,}",
        &[example![
            "OC|",
            "1489203341088335|9f870c44744af01b74b4b4f61d33f058"
        ]],
        &[
            "OC|1489203341",
            concat!("DOC|14", "8920334155|2ee935badca36709d586236aa52da413"),
        ],
    )
    .floor(3.2),
    token_anywhere(
        "intra42",
        "42 intranet client secret",
        "api.intra.42.fr; form in titus of 10 Apr 2026",
        "s-s4t2(?:ud|af)-[0-9a-f]{64}",
        &[example![
            "s-s",
            "4t2ud-70114a580adff632b3d48efdc0f8719625994ccf8809f12196d4cb",
            "0c51d29634"
        ]],
        &["s-s4t2ud-secret"],
    )
    .floor(3.2),
    token(
        "canva",
        "Canva client secret",
        "canva.dev/docs; form in betterleaks of 23 Jul 2026",
        "cnvc[a-z][0-9A-Za-z_-]{48,}",
        &[example!(
            "CANVA_CLIENT_SECRET=" [
                "cnv",
                "caGbyPtHAlBnXu3a8LnfNHnhGQutnwmVzHSTustNKwWF25uxphfIE",
            ] ""
        )],
        &["cnvca_secret", concat!("cnvca", "oy1bezWNECtw")],
    )
    .floor(4.0),
    assigned(
        "bluesky",
        "Bluesky app password",
        "docs.bsky.app; bsky.app, app passwords; not confirmed",
        &[
            "bsky_app_password",
            "bsky_password",
            "bluesky_app_password",
            "bluesky_password",
        ],
        "[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}",
        &[
            example!("BSKY_APP_PASSWORD=" ["5ur", "d-fgcc-z2zm-orhs"] ""),
            example!("bluesky_password: " ["q5h", "4-jslk-46cy-qhk6"] ""),
        ],
        &[
            "BSKY_APP_PASSWORD=xxxx-xxxx-xxxx-xxxx",
            concat!("bluesk", "y_app: pgkl-rivy"),
        ],
    )
    .floor(2.8),
    token(
        "livechat",
        "LiveChat personal access token",
        "platform.text.com/docs, agent authorization; not confirmed",
        "(?:dal:|fra:)[0-9A-Za-z_-]{20,}",
        &[example!("LIVECHAT_PAT=" ["dal", ":oyZnnXKmKbHcMXaFoCr4L7Xl36fw"] "")],
        &[
            "dal:makhani",
            concat!("vandal", ":n4kNcMjXJrZVujaHlIk42Nor1nqw"),
        ],
    )
    .floor(3.6)
    .checked(is_mixed_case),
    token(
        "wakatime",
        "WakaTime API key",
        "wakatime.com/developers; form in titus of 10 Apr 2026",
        "waka_[0-9A-Za-z_-]{32,}",
        &[example!("api_key = " ["wak", "a_57828cde-8bb2-92b5-044b-48090bb6a510"] "")],
        &["waka_api_key", "waka_time"],
    )
    .floor(3.0)
    .checked(has_digit),
    token_anywhere(
        "workato",
        "Workato developer API token",
        "docs.workato.com; form in betterleaks of 23 Jul 2026",
        r"wrka[a-z]{0,2}-eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{40,}",
        &[example![
            "wrk",
            "aus-eyJykTlRskPEd96ZFwN9SMkrIX6lZOXRu.sZwSl35jCV5VBhjbW83VrH",
            "lTs620Uo8JPczze0tM8GeP4ohoc0d9xOB6Otfai2twd9Gq16CFmdJLTVuiyn",
            "ny5ulj3DS0ldfYz9OvdYqYHSRw0TeI6bhgEBjZ.nBcwGd8n48CBjb11OpLKg",
            "X0fQXMBJrkrb0h7nThkKUCz8tbVWN2uvsEAVUnGCFGVAHyTCVYpiUljmczXs",
            "4M4gm"
        ]],
        &["wrka-eyJ"],
    )
    .floor(4.0),
    token_anywhere(
        "teamwork",
        "Teamwork API token",
        "apidocs.teamwork.com; form in kingfisher of 20 Jun 2025",
        r"tkn\.v1_[0-9A-Za-z+/]{60,}={0,2}",
        &[example!(
            "Bearer " [
                "tkn",
                ".v1_KsG5N5DmVzpnsAzhiT4tGQSS1AIRR1dEPYHRg7s1qNxfoUTNUyMIrf9Q",
                "HrQ0cSEHIymArvr=",
            ] ""
        )],
        &["tkn.v1_token"],
    )
    .floor(4.0),
    token(
        "ionic",
        "Ionic personal access token",
        "ionic.io/docs; form in titus of 10 Apr 2026",
        "ion_[0-9A-Za-z]{42}",
        &[example!("IONIC_TOKEN=" ["ion", "_zPcYhBVHF9zBNmFkw8oKbaHAV4LyvKdg9108qtaSrZ"] "")],
        &[
            "ion_channel",
            concat!("sessio", "n_OaDhwAIy7oDYZtMjH7cimaWJTIDceo7vOJdcTThlpw"),
        ],
    )
    .floor(3.8)
    .checked(has_digit),
    token(
        "notion-refresh-token",
        "Notion OAuth refresh token",
        "developers.notion.com; form in titus of 10 Apr 2026",
        "nrt_[0-9A-Za-z_]{40,}",
        &[example!(
            r#""refresh_token":""# [
                "nrt",
                "_QZpIjYci3Sc96yY91kdpRIAa59JhrnOsSKznldYxZvBzTjBF",
            ] r#"""#
        )],
        &[
            "nrt_token",
            concat!(
                "curren",
                "t_gglzL4Je0LXsnqWppPOibtchy8XChE8et2gvQOm0YUnEXUhz"
            ),
        ],
    )
    .floor(3.8)
    .checked(has_digit),
    assigned(
        "hcaptcha",
        "hCaptcha secret key",
        "docs.hcaptcha.com: prefix; not confirmed",
        &["hcaptcha_secret", "hcaptcha_private_key"],
        "(?:ES_[0-9a-f]{32}|0x[0-9A-Fa-f]{40})",
        &[
            example!("HCAPTCHA_SECRET=" ["ES_", "5286c797f6c130613f4426179ce4ac95"] ""),
            example!(
                "hcaptcha_secret_key: " [
                    "0x4",
                    "4a9bdbb2ff2891dfb8c3e4bb1563da2660aec7a",
                ] ""
            ),
        ],
        &[
            "HCAPTCHA_SECRET=ES_xxxx",
            concat!(
                "hcaptc",
                "ha_site_key: 4517180b-ea14-13cc-e069-3de27e4a8728"
            ),
        ],
    )
    .floor(3.0),
    token(
        "turnstile",
        "Cloudflare Turnstile secret key",
        "developers.cloudflare.com/turnstile; not confirmed",
        "0x4AAAAAA[0-9A-Za-z_-]{24,}",
        &[example!("TURNSTILE_SECRET_KEY=" ["0x4", "AAAAAAstUpCWVCXMdUdxSODaqWpwr7VF"] "")],
        &["0x4AAAAAADabcdef", concat!("0x4AAA", "AAAVQ4Z0wjd3HTq5Y")],
    )
    .floor(3.0)
    .checked(has_digit),
    assigned(
        "recaptcha",
        "reCAPTCHA secret key",
        "developers.google.com/recaptcha; not confirmed",
        &[
            "recaptcha_secret",
            "recaptcha_private_key",
            "captcha_secret",
            "recaptcha_server_key",
        ],
        "6L[0-9A-Za-z_-]{38}",
        &[example!("RECAPTCHA_SECRET_KEY=" ["6Lc", "JK5VWAAAAAkxDfoYQNQkzHbyorUKSG4wYjDMA"] "")],
        &[
            "RECAPTCHA_SECRET_KEY=6Lxxxx",
            concat!(
                "RECAPT",
                "CHA_SITE_KEY=6LcEG8TNAAAAAd3675FB9nAic8P4t29dCLQlV9Pu"
            ),
        ],
    )
    .floor(3.8),
];
