//! Delivery networks and what protects them.

use crate::table::credentials::rows::{assigned, example, token, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "cloudflare-user-token",
        "Cloudflare user API token",
        "developers.cloudflare.com, token formats, read 22 Nov 2026",
        "cfut_[0-9A-Za-z_-]{40,}",
        &[example![
            "cf",
            "ut_lEnyfAexTqhkIC62ZtuIITEQwEjDsvd7bh2ycdWwIU7kEc8f"
        ]],
        &[
            "cfut_token",
            "cfut_DXHr0hHwRuZJ",
            concat!("sc", "fut_xDsrNBzOwV5gUh9BoLbsqNEEuBZ8epLlolB0ctrGmrEzocWD"),
        ],
    )
    .floor(3.0),
    token(
        "cloudflare-account-token",
        "Cloudflare account API token",
        "developers.cloudflare.com, token formats, read 22 Nov 2026",
        "cfat_[0-9A-Za-z_-]{40,}",
        &[example![
            "cf",
            "at_M3oLBT1qwwJaB4GtV0P15mMXWnhnpz2O6H6ftTaKPfqLv5f8"
        ]],
        &["cfat_token", "cfat_nlteu8Dxv0xG"],
    )
    .floor(3.0),
    token(
        "cloudflare-global-key",
        "Cloudflare global API key",
        "developers.cloudflare.com, token formats, read 22 Nov 2026",
        "cfk_[0-9A-Za-z_-]{40,}",
        &[example![
            "cf",
            "k_eTYgwmaxXOI5GH6WO98WOeUjX8uc7GBSdY8LY0C7drBz5Cb8"
        ]],
        &["cfk_param", "cfk_Gtd5i8XGgThS"],
    )
    .floor(3.0),
    assigned(
        "cloudflare-token-older",
        "Cloudflare API token without prefix",
        "developers.cloudflare.com, create API token; not confirmed",
        &[
            "cloudflare_api_token",
            "cf_api_token",
            "cloudflare_token",
            "cf_token",
        ],
        "[0-9A-Za-z_-]{40}",
        &[
            example!("CLOUDFLARE_API_TOKEN=" ["auPtoLtd0N5h70bGYZTl", "B9tAeztIAe2a--5Y_8RW"] ""),
            example!("cf_api_token: " ["rZw9NzbZzG4sXuPmIMdX", "8frrxMooV2XiiG5TZPgS"] ""),
        ],
        &[
            concat!("CL", "OUDFLARE_ZONE_ID=12e5deba2690b1557ac892767df4e74e"),
            "CLOUDFLARE_API_TOKEN=<token>",
        ],
    )
    .floor(3.8),
    assigned(
        "cloudflare-global-key-older",
        "Cloudflare global API key without prefix",
        "developers.cloudflare.com, global API key; not confirmed",
        &[
            "cloudflare_api_key",
            "cf_api_key",
            "x_auth_key",
            "cloudflare_key",
            "global_api_key",
        ],
        "[0-9a-f]{37}",
        &[
            example!("X-Auth-Key: " ["cc593316d24855d31e", "c1c063ab5ad68c16ec7"] ""),
            example!("CF_API_KEY=\"" ["1a420adc4c0750d36c", "14a29d4ef6edb15ba57"] "\""),
        ],
        &[
            "X-Auth-Email: ops@ledger.test",
            concat!("X-Auth-Key: 6d", "14a79457069668a6d25658685a065d"),
        ],
    )
    .floor(3.0),
    token(
        "cloudflare-origin-ca-key",
        "Cloudflare Origin CA key",
        "developers.cloudflare.com, Origin CA keys; not confirmed",
        r"v1\.0-[0-9a-f]{24}-[0-9a-f]{140,}",
        &[example![
            "v1",
            ".0-09f402ebcf7c7a1942c66f50-6038f3251b543bdfaee082e1fbcf77fe33df5d4445",
            "db348ab734a83f82a2bc1a15fe54c455ef3d7e532d2ea30ec320cfe01113d333f27524",
            "951bb53db0b52401e01a95c58131db2401",
        ]],
        &[
            "v1.0-rc1",
            concat!("v1.0-", "1650040f5e18f2a2a1ba9aed-dirty"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "cloudflare-tunnel-token",
        "Cloudflare tunnel token",
        "developers.cloudflare.com, tunnel tokens; not confirmed",
        "eyJhIjoi[0-9A-Za-z+/]{100,}={0,2}",
        &[example!(
            "cloudflared service install "
            [
                "ey",
                "JhIjoiTT+ACS/h0pLa8WIl8VeVZRTwcqwgYIn2w8n7ZbdII9EqLNXTSj46vKCkhwh2bl+M",
                "fOEwdC/9ToTxjo89yCRWhFD1TWnRlMAMuquby4SyrWonVMjLypSkZf/VSuH1n4TXF8f+f9",
                "CBGD1iqFVdcZmmms=",
            ]
            ""
        )],
        &["eyJhIjoiYiJ9", "eyJhIjoi..."],
    )
    .floor(3.5),
    assigned(
        "cloudflare-r2-secret",
        "Cloudflare R2 secret access key",
        "developers.cloudflare.com/r2, authentication; not confirmed",
        &["r2_secret"],
        "[0-9a-f]{64}",
        &[example!(
            "R2_SECRET_ACCESS_KEY="
            ["d147f7855146566c6f370b1620cecf28", "7f29c159e12071183f2205722659e03d"]
            ""
        )],
        &["R2_BUCKET=ledger", "R2_SECRET_ACCESS_KEY=secret"],
    )
    .floor(3.0),
    assigned(
        "fastly-api-token",
        "Fastly API token",
        "fastly.com/documentation, API authentication; not confirmed",
        &["fastly_api", "fastly_key", "fastly_token"],
        "[0-9A-Za-z_-]{32}",
        &[
            example!("FASTLY_API_TOKEN=" ["qQSJxa8TwvrBe1p7", "YMcFpzBuwHgVntOf"] ""),
            example!("Fastly-Key: " ["p1F2S6W13J7x7aAb", "c5aIrHYdB3qYvoRr"] ""),
        ],
        &[
            concat!("FA", "STLY_SERVICE_ID=zCad17UFvVDdONDWMeHr4M"),
            "FASTLY_API_TOKEN=token",
        ],
    )
    .floor(3.5),
    token(
        "akamai-token",
        "Akamai EdgeGrid client or access token",
        "techdocs.akamai.com, authenticate with EdgeGrid; not confirmed",
        "akab-[0-9a-z]{16}-[0-9a-z]{16}",
        &[example!("access_token = " ["ak", "ab-79lktm3xia2cnb1n-5uq71ylkb88nsa8y"] "")],
        &["akab-access-token-xxx", "akab-f5mmtniv"],
    )
    .floor(3.0),
    assigned(
        "akamai-client-secret",
        "Akamai EdgeGrid client secret",
        "techdocs.akamai.com, authenticate with EdgeGrid; not confirmed",
        &["client_secret", "akamai_secret", "edgegrid_secret"],
        "[0-9A-Za-z+/]{43}=",
        &[example!("client_secret = " ["zi/vtHlZs4QKyCRXE90Yur", "e2jSC9AjaHGjeVaXIu67z="] "")],
        &[
            "akamai_host = akab-x.luna.akamaiapis.net",
            "client_secret = secret=",
        ],
    )
    .floor(3.5),
];
