//! Google Cloud and Google accounts.

use crate::table::credentials::rows::{assigned, example, token, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "google-api-key",
        "Google API key: Maps, Gemini, Firebase",
        "cloud.google.com/docs/authentication/api-keys; not confirmed",
        "AIza[0-9A-Za-z_-]{35,}",
        &[
            example!["AI", "zaX0_Raa2UHigsTppPUhAesaX6LTLs68YnTjT"],
            example!("?key=" ["AI", "zaSyQ3hyB3TKk2i8DDqcG18BIq3P5vUBnZjK5"] "&libraries=places"),
        ],
        &[
            "AIza...",
            "AIzaSyShort",
            concat!("xA", "IzaTQ1CEL0n4bmbt3AE0yR64W5PTEZWxnbyzaI"),
        ],
    )
    .floor(3.0),
    token(
        "google-access-token",
        "Google OAuth access token",
        "developers.google.com/identity/protocols/oauth2; not confirmed",
        r"ya29\.[0-9A-Za-z_-]{30,}",
        &[
            example![
                "ya",
                "29.a02U_dDUiD6TCUiDKJ2CUDYpgcRPzN7mpnUaw6Ke9ZkUFmFk4Rmyg3ozlBg_o2ZV_2_",
                "ep6ELoTaaF2xlIttBU4av6UpbVxm2irj9Xsip3AdZ3PSIS4_DHSSzEi04hFjPl1nG2b0TP",
                "LaGM0P6FxvCcj0V",
            ],
            example!(
                "Authorization: Bearer "
                [
                    "ya",
                    "29.a0Z54OMFtfsaCdZ3pm5qb7093umvMIQEuLQt7-gMfEVt2Ivi7pX9ZT_gScppRGnXL9_",
                    "Zku_-2XxxGluMGZkRnJhKv2KCTn69P0Su2K",
                ]
                ""
            ),
        ],
        &[
            "ya29.access",
            concat!("maya29.lE", "GXBcSh5i8gaIS4qOcUu3ergqpOeEErsLfEE9mq"),
        ],
    )
    .floor(3.0),
    token(
        "google-service-account-token",
        "Google OAuth access token of a service account",
        "developers.google.com/identity/protocols/oauth2; not confirmed",
        r"ya29\.c\.[0-9A-Za-z_-]{30,}",
        &[example![
            "ya",
            "29.c.b0SDeBvTNxknzZs_9EnRBm0-Ibu21x6IdDiMZjzpywqWdjISr7fsqvZjnycRWIXa1",
            "SkwYi9A1EKh5WhqBTxDo8dyc0-9lfAaHIXYqJl0kzr5gBIyofgXkpuz_VIjbCBq3lGi5RO",
            "xo7VZyq-p4b11UxUMOZXuFw-U-vRVI_T_jH2Fn-v1Osoul3",
        ]],
        &["ya29.c.", "ya29.c.token"],
    )
    .floor(3.0),
    token(
        "google-refresh-token",
        "Google OAuth refresh token",
        "developers.google.com/identity/protocols/oauth2; not confirmed",
        "1//0[0-9A-Za-z_-]{38,}",
        &[
            example![
                "1/",
                "/0lDq1P1gKiBhH2Ti8q37K3dLTQDsVhly2SuSrPMCEk3gSAVxqqGKiLL-p8B-h"
            ],
            example!(
                "\"refresh_token\": \""
                [
                    "1/",
                    "/0gK44CcbVLZEc8Pcs6KSIIxYK5MHIhhPqSczTBWOjF5ygBU0Ybvx_95bL1AVwz46Dp4e_",
                    "WnQAZWASX5sPQTPfhdnsFkQQLYUosV",
                ]
                "\""
            ),
        ],
        &["1//0", "see 1//0gShort"],
    )
    .floor(3.0),
    token(
        "google-authorization-code",
        "Google OAuth authorization code",
        "developers.google.com/identity/protocols/oauth2; not confirmed",
        "4/0A[0-9A-Za-z_-]{40,}",
        &[example![
            "4/",
            "0Ahpe-bQaypX80IomyF1bCa9p98wV77883m2ahrwpIYH4hLce4IgT3d5VcPNbgO-_Xi_Yd",
            "AO",
        ]],
        &["4/0AX4XfWh", "page 4/0A4"],
    )
    .floor(3.0),
    token_anywhere(
        "google-client-secret",
        "Google OAuth client secret",
        "developers.google.com/identity/protocols/oauth2; not confirmed",
        "GOCSPX-[0-9A-Za-z_-]{28,}",
        &[
            example!["GO", "CSPX-uEj77-5WWNJIOGj4CV1SMTYQig5J"],
            example!("\"client_secret\":\"" ["GO", "CSPX-J48AdWPvmaWbzdoEwRS7x3E7bkjW"] "\""),
        ],
        &[
            concat!("GO", "CSPX-your-client-secret-goes-here"),
            "GOCSPX-short",
        ],
    )
    .floor(3.0),
    assigned(
        "google-client-secret-older",
        "Google OAuth client secret of before 2021",
        "developers.google.com/identity/protocols/oauth2; not confirmed",
        &[
            "google_client_secret",
            "google_secret",
            "google_oauth_secret",
        ],
        "[0-9A-Za-z_-]{24}",
        &[example!("GOOGLE_CLIENT_SECRET=" ["HNVYiLwmbIai", "0fxdvai99rK3"] "")],
        &[
            concat!("GO", "OGLE_CLIENT_SECRET=changeme"),
            "google_client_id: 123456",
            "google_oauth_client_name = ledger-production-web-01",
        ],
    )
    .floor(3.5),
    token(
        "google-storage-hmac-id",
        "Google Cloud Storage HMAC key id",
        "cloud.google.com/storage, HMAC keys; not confirmed",
        "GOOG1E[A-Z0-9]{55}",
        &[example![
            "GO",
            "OG1EKT4ZGV6DIKX1W23GJRZ9D7V5OL15J11NJH73VPS06XID0U7TIEWRT2N"
        ]],
        &["GOOG1E_ACCESS_ID", "GOOG1EKTBBAGIEWNP64CA8LI7O"],
    )
    .floor(3.0),
    token_anywhere(
        "firebase-messaging-key",
        "Firebase Cloud Messaging server key or device token",
        "firebase.google.com/docs/cloud-messaging; not confirmed",
        ":APA91b[0-9A-Za-z_-]{130,}",
        &[example!(
            "AAAA{w7}"
            [
                ":A",
                "PA91bm3HiEYBsZo2lDRqcsYyaADIbOK5Zbw0o5942y60oGQniEHQLFxnrv_aeQAtt1NnAU",
                "Neo9gDz0pG0GvkxcIjtXQzZAqAIOJa5t5_cnIyDMOinLTytB9KWg0Zt28MHrXZttqYS47",
            ]
            ""
        )],
        &["AAAAabc:APA91b...", ":APA91bL1r8VCCbQSsrWSKkPPv8"],
    )
    .floor(3.5),
];
