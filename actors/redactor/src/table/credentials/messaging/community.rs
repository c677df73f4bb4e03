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
        &[example!("Bearer " ["lip", "_KTeZGVvvogDIyKqX44bm"] "")],
        &["lip_gloss", concat!("clip_2", "k8lWcdxGJ9RZr7moywj")],
    )
    .floor(3.4)
    .checked(is_mixed_case),
    token_anywhere(
        "riot-games",
        "Riot Games API key",
        "developer.riotgames.com; form in kingfisher of 20 Jun 2025",
        "RGAPI-[0-9A-Za-z_-]{36}",
        &[example!("X-Riot-Token: " ["RGA", "PI-1af75df4-dd64-3ea7-9db4-1da942b89e65"] "")],
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
                "e_126031192_T1B7Bz5AnGIEWNPgemnC5sp6yAiL6I",
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
                "a_hnOGb0Q1EPvZ4vgyNJZHbF9O8pVw0I7BJ5ZhzMhlANuO2gR5AUwSiciZAL",
                "qapmxHcerchbMm00daHQhv",
            ] r#"""#
        )],
        &[
            "pina_colada",
            concat!("spina_", "viVzGEPQ443VSgPL37GwIKfphACqwVNjvJJarTj4"),
        ],
    )
    .floor(3.8)
    .checked(has_digit),
    token_anywhere(
        "kakao",
        "Kakao admin key",
        "developers.kakao.com, REST API: header; not confirmed",
        "KakaoAK (?<secret>[0-9a-f]{32})",
        &[example!("Authorization: KakaoAK " ["36b", "913f176d38d85250824ca6c6468a8"] "")],
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
                "tfy-shop-0e4ef038-679a-239b-646f-9c1dc4df984c-c444cbee-8ee0-",
                "985a-80f3-a75d203b42fa",
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
            "1489203341047708|65211e7ced8ef8f6b0d6d12f32744aa2"
        ]],
        &[
            "OC|1489203341",
            concat!("DOC|14", "8920334155|fba9ff0590179faec43e0a8ab4b0e19f"),
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
            "4t2ud-55d91d6eb2eaaa1236d9ca803f3051ea4b539824f420561d61f1a2",
            "3f62f53a89"
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
                "ca6H7fZqLfPM1VLVkWGt6a77fOST4Y9rfwzOhJSCpm6xfbTgi774l",
            ] ""
        )],
        &["cnvca_secret", concat!("cnvca", "MibnOp40YTzN")],
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
            example!("BSKY_APP_PASSWORD=" ["rlf", "o-7crv-mumd-aq3x"] ""),
            example!("bluesky_password: " ["ais", "7-clyj-3xpj-kdbi"] ""),
        ],
        &[
            "BSKY_APP_PASSWORD=xxxx-xxxx-xxxx-xxxx",
            concat!("bluesk", "y_app: 7mdf-qb65"),
        ],
    )
    .floor(2.8),
    token(
        "wakatime",
        "WakaTime API key",
        "wakatime.com/developers; form in titus of 10 Apr 2026",
        "waka_[0-9A-Za-z_-]{32,}",
        &[example!("api_key = " ["wak", "a_5bfa4502-fba0-1a1f-5018-7d3b895fadd1"] "")],
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
            "aus-eyJJomBCv76JrqxiNS802o2ZK26Uot039.Orh5UFVjIbjta4bFa7Sdo3",
            "9zzAOhwA4OXM8UeZaZmMQjxgEKxKbE440j4IQJXs4mi1FLKdmCTsX10HvY6u",
            "SEy3odxasmipf9GobxmL9fm0oEUD5L9eIBbHD6.yMm2JGUCN1rlRdStXyheS",
            "8wBdUzw3GePnSHQqqRitHukUwxhN3u8TMY3Oo5t4UxCioh8M6OUSfQyOAvoY",
            "IJ960"
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
                ".v1_OJJUhf4AxDWgOJX3zI8tX1IfMuDbHHfB1gLkRx5Fsqc0n9dgSH4LWUpa",
                "n4kYxhU6HqMjP0j=",
            ] ""
        )],
        &["tkn.v1_token"],
    )
    .floor(4.0),
    assigned(
        "ionic",
        "Ionic personal access token",
        "ionic.io/docs; form in titus of 10 Apr 2026",
        &["ionic_token", "ionic_api", "ionic_access"],
        "ion_[0-9A-Za-z]{42}",
        &[example!("IONIC_TOKEN=" ["ion", "_BSq6bKQNFGMUViKtog0mEao221l71V6gJgDnHsPBCz"] "")],
        &[
            "IONIC_TOKEN=ion_token",
            concat!("sessio", "n_DvpqJU31KwRAyUa44feNGgFyXHpqaJqR9jndftaZAe"),
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
                "_RPCm6pSNFLhSTJgZYjeRl9RBT4fD44tqE1DoSNahIYWAZiwK",
            ] r#"""#
        )],
        &[
            "nrt_token",
            concat!(
                "curren",
                "t_DaEqSMw63G4IGbyPtHAlBnXu3a8LnfNHnhGQutnwmVzHSTus"
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
            example!("HCAPTCHA_SECRET=" ["ES_", "65b2f42dfb621ea812311cdc678398e3"] ""),
            example!(
                "hcaptcha_secret_key: " [
                    "0xe",
                    "4955ef1c835f735584accb55d3e6bd215bf6e6b",
                ] ""
            ),
        ],
        &[
            "HCAPTCHA_SECRET=ES_xxxx",
            concat!(
                "hcaptc",
                "ha_site_key: 4cad3465-7828-cde8-bb29-2b5044b48090"
            ),
        ],
    )
    .floor(3.0),
    token(
        "turnstile",
        "Cloudflare Turnstile secret key",
        "developers.cloudflare.com/turnstile; not confirmed",
        "0x4AAAAAA[0-9A-Za-z_-]{24,}",
        &[example!("TURNSTILE_SECRET_KEY=" ["0x4", "AAAAAAXXMu7U6K7CwoAykTlRskPEd96Z"] "")],
        &["0x4AAAAAADabcdef", concat!("0x4AAA", "AAAFwN9SMkrIX6lZO")],
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
        &[example!("RECAPTCHA_SECRET_KEY=" ["6Lc", "XRusZAAAAAwSl35jCV5VBhjbW83VrHlTs620U"] "")],
        &[
            "RECAPTCHA_SECRET_KEY=6Lxxxx",
            concat!(
                "RECAPT",
                "CHA_SITE_KEY=6Lco8JPcAAAAAzze0tM8GeP4ohoc0d9xOB6Otfai"
            ),
        ],
    )
    .floor(3.8),
];
