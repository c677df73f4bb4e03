//! Tunnels, meshes, virtual private networks.

use crate::table::credentials::rows::{assigned, example, token, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "tailscale-api-token",
        "Tailscale API access token",
        "tailscale.com/docs, key prefixes, read 22 Nov 2026",
        "tskey-api-[0-9A-Za-z]{8,}-[0-9A-Za-z]{16,}",
        &[example![
            "ts",
            "key-api-kX77yxeZ68DCNTRL-cqRYq3cbtMgDRtmF0FPmjwAhuKwqgaiV"
        ]],
        &[
            concat!("ts", "key-api-xxxxx-xxxxxxxxxxxxxxxxxxxx"),
            "tskey-api-abc",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "tailscale-auth-key",
        "Tailscale auth key",
        "tailscale.com/docs, key prefixes, read 22 Nov 2026",
        "tskey-auth-[0-9A-Za-z]{8,}-[0-9A-Za-z]{16,}",
        &[example![
            "ts",
            "key-auth-k6Rppr0EqUjCNTRL-9xdDAJVqp21zqU4DKfwXp72oxv1C4Ob2"
        ]],
        &[
            concat!("ts", "key-auth-xxxxx-xxxxxxxxxxxxxxxxxxxx"),
            "tskey-auth-abc",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "tailscale-client-secret",
        "Tailscale OAuth client secret",
        "tailscale.com/docs, key prefixes, read 22 Nov 2026",
        "tskey-client-[0-9A-Za-z]{8,}-[0-9A-Za-z]{16,}",
        &[example![
            "ts",
            "key-client-ktuUaTgsh1MCNTRL-Q420UafRJviy7sBW5xPnP9peV10WbwAr"
        ]],
        &[
            concat!("ts", "key-client-xxxxx-xxxxxxxxxxxxxxxxxxxx"),
            "tskey-client-abc",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "tailscale-scim-key",
        "Tailscale SCIM key",
        "tailscale.com/docs, key prefixes, read 22 Nov 2026",
        "tskey-scim-[0-9A-Za-z]{8,}-[0-9A-Za-z]{16,}",
        &[example![
            "ts",
            "key-scim-kF4Lqvlpx0QCNTRL-K9N6ttyYB4vu3zqlIZugtsuctfAd7H8g"
        ]],
        &[
            concat!("ts", "key-scim-xxxxx-xxxxxxxxxxxxxxxxxxxx"),
            "tskey-scim-abc",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "tailscale-webhook-secret",
        "Tailscale webhook secret",
        "tailscale.com/docs, key prefixes, read 22 Nov 2026",
        "tskey-webhook-[0-9A-Za-z]{8,}-[0-9A-Za-z]{16,}",
        &[example![
            "ts",
            "key-webhook-kB9pHlCrFwlCNTRL-YdvjO7u6KJskGitqr9rj3h2OAZHXQahF"
        ]],
        &[
            concat!("ts", "key-webhook-xxxxx-xxxxxxxxxxxxxxxxxxxx"),
            "tskey-webhook-abc",
        ],
    )
    .floor(3.0),
    assigned(
        "ngrok-token",
        "ngrok authtoken or API key",
        "ngrok.com/docs, authtokens; not confirmed",
        &["ngrok"],
        "[0-9A-Za-z]{20,30}_[0-9A-Za-z]{20,30}",
        &[example!(
            "NGROK_AUTHTOKEN="
            ["2V0JZIhDQeY7m2nWAF82Lm5S", "r9z_62BBMzcFj8eVoQvS61bI7"]
            ""
        )],
        &["NGROK_DOMAIN=ledger.ngrok.app", "NGROK_AUTHTOKEN=token"],
    )
    .floor(3.5),
    token(
        "netbird-token",
        "NetBird access token",
        "docs.netbird.io, API; not confirmed",
        "nbp_[0-9A-Za-z]{30,}",
        &[example!["nb", "p_gcJoiplSmoHu4N909PLlFTrUo4JcLnqn98F6"]],
        &["nbp_index", "nbp_5cuxf5w5"],
    )
    .floor(3.0),
    assigned(
        "wireguard-key",
        "WireGuard private or preshared key",
        "wireguard.com/quickstart, wg(8); not confirmed",
        &["private_key", "preshared_key"],
        "[0-9A-Za-z+/]{42}[AEIMQUYcgkosw048]=",
        &[
            example!("PrivateKey = " ["KbDnNJUl+L6wPekwOB7OlY", "mVtQKypxG/uLyoJaiN13U="] ""),
            example!("PresharedKey = " ["WzWzVe8GNBxoxLo6JK5Ojv", "DbxgPTao5PkBaxL7kAgbY="] ""),
        ],
        &[
            concat!(
                "PublicKey = Qj",
                "vlzPD+6FPYOdBnAr5hBAiZ8qCweDnCKJTmng7Mapk="
            ),
            "PrivateKey = <key>",
        ],
    )
    .floor(3.9),
    assigned(
        "zerotier-token",
        "ZeroTier API token",
        "docs.zerotier.com, API tokens; not confirmed",
        &["zerotier_token", "zerotier_api", "zerotier_central"],
        "[0-9A-Za-z]{32}",
        &[example!("ZEROTIER_TOKEN=" ["J0UkA2PVL6z4T18h", "ew1vwbmusC4ixkXH"] "")],
        &[
            concat!("ZE", "ROTIER_NETWORK=adb8fe11d41616a8"),
            "ZEROTIER_TOKEN=token",
        ],
    )
    .floor(3.5),
];
