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
            "key-api-kv7zThUrWs7CNTRL-VdCL6hQOwLjTyLc7tNb7okOoXhrKdVIE"
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
            "key-auth-k4LV27OXcS7CNTRL-VQx6eMXmVfPkSaVwrhjUK5zckmvz5SOx"
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
            "key-client-kGu5pkUYHTkCNTRL-HiaybaUVRTgsyu9qk0y9DRQZIK729hQk"
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
            "key-scim-kNmBCyclpS8CNTRL-tiG1PW5nmbW3aR9KYLoKmGsNmV4Pf8dS"
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
            "key-webhook-kITT9EULGNeCNTRL-jGVe9Eumx2aY1DZy5CuC6XKlKJtXYVmR"
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
            ["2LOF89ZdAvyTprKR5Z4n3c34", "Sr5_WYNdyFS44uutmzKvKsZ88"]
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
        &[example!["nb", "p_TPuOuO96cvDOLQaD2ZaJv6mEff6ukWLsOewc"]],
        &["nbp_index", "nbp_RHzNgLlR"],
    )
    .floor(3.0),
    assigned(
        "wireguard-key",
        "WireGuard private or preshared key",
        "wireguard.com/quickstart, wg(8); not confirmed",
        &["private_key", "preshared_key"],
        "[0-9A-Za-z+/]{42}[AEIMQUYcgkosw048]=",
        &[
            example!("PrivateKey = " ["0UTXUj7eHHecMn7Nz/+zsT", "1pPSHnbqEEI9HtVg60HFw="] ""),
            example!("PresharedKey = " ["H6kTECUQ5dFyBTazNOanLo", "bkRqWL3UAEicS0J+GRwFs="] ""),
        ],
        &[
            concat!(
                "PublicKey = NN",
                "X2ROYGwOmMLPeNl1gm2Ex4J/SwhQtOLvqMGJIsp0A="
            ),
            "PrivateKey = <key>",
        ],
    )
    .floor(3.9),
    assigned(
        "zerotier-token",
        "ZeroTier API token",
        "docs.zerotier.com, API tokens; not confirmed",
        &["zerotier"],
        "[0-9A-Za-z]{32}",
        &[example!("ZEROTIER_TOKEN=" ["hFV0JZIhDQeY7m2n", "WAF82Lm5Sr9z62BB"] "")],
        &[
            concat!("ZE", "ROTIER_NETWORK=c1f427a031747567"),
            "ZEROTIER_TOKEN=token",
        ],
    )
    .floor(3.5),
];
