//! Shops, parcels, banks, books and exchanges.

use crate::table::credentials::looks::has_digit;
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "shopify",
        "Shopify access token",
        "shopify.dev/changelog/length-of-the-shopify-access-token-is-increasing, read 22 Nov 2026",
        "shp(?:at|ca|pa|ua)_[A-Fa-f0-9]{32}",
        &[
            example!["shp", "at_62271a8e52488a47140f4a6a4e4fe0e3"],
            example!["shp", "ca_3669b5bbc11598f948c78c9b4129195e"],
            example!("X-Shopify-Access-Token: " ["shp", "pa_88b3d6a0edf408ab65980a36ca0f2d33"] ""),
        ],
        &[
            "shpat_token",
            concat!("shpat_", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "shopify-secret",
        "Shopify secret of an app",
        "shopify.dev/changelog/app-secret-key-length-has-increased, read 22 Nov 2026",
        "shpss_[A-Fa-f0-9]{32}",
        &[example!["shp", "ss_a794fa1271894b532eb4c0a1fa2c0ab6"]],
        &["shpss_your-key-here", "shpss_short1"],
    )
    .floor(3.0),
    token_anywhere(
        "shopify-theme",
        "Shopify password for themes",
        "shopify.dev/docs/storefronts/themes; not confirmed",
        "shptka_[A-Fa-f0-9]{32}",
        &[example!["shp", "tka_7f28a7c3b4168c93d1ab45717c63a05a"]],
        &["shptka_your-key-here", "shptka_short1"],
    )
    .floor(3.0),
    assigned(
        "etsy",
        "Etsy key",
        "developers.etsy.com; not confirmed",
        &["etsy_api_key", "etsy_keystring", "etsy_shared_secret"],
        "[a-z0-9]{10,24}",
        &[example!("ETSY_API_KEY=" ["aeb", "fpcv1y84xtjb5gq53zf83"] "")],
        &[
            "ETSY_API_KEY=your-key-here",
            "checksum: aebfpcv1y84xtjb5gq53zf83",
        ],
    )
    .floor(3.0)
    .checked(has_digit),
    token(
        "lob",
        "Lob API key",
        "docs.lob.com; not confirmed",
        "(?:live|test)_[0-9a-f]{35}",
        &[example!["liv", "e_c204b4d624290bbb09406009fb488f15a0e"]],
        &[
            "live_data",
            concat!("alive_", "e989673b049701837da460c0fe6bbcdd7e9"),
        ],
    )
    .floor(3.0),
    token(
        "easypost",
        "EasyPost API key",
        "docs.easypost.com; not confirmed",
        "EZ(?:AK|TK)[A-Za-z0-9]{54}",
        &[
            example![
                "EZA",
                "KssOfdlbUXgOCU4WXrq0O8hqVH3ZjbBXnTBWu9C5SEtgqKf93uLjgkC"
            ],
            example![
                "EZT",
                "K4FASc75AffuHb0XtqIaQ6rLjqWWR9kCm62lTU6w85Awh3hbKadGWKo"
            ],
        ],
        &[
            "EZAK",
            concat!(
                "xEZAKe",
                "DxJ5UthqvahxVhwuHGaPRpjcONythTNNZv4qOlZH942zkhUhvf28d"
            ),
        ],
    )
    .floor(4.0),
    token_anywhere(
        "shippo",
        "Shippo API token",
        "docs.goshippo.com; not confirmed",
        "shippo_(?:live|test)_[0-9a-f]{40}",
        &[
            example!["shi", "ppo_live_1f093e3c76283a4ccbbff650c8228d5183ad007a"],
            example!(
                "ShippoToken " [
                    "shi",
                    "ppo_test_16faffa580cc24fcab6f7126bb5c652f413e7bc3",
                ] ""
            ),
        ],
        &["shippo_your-key-here", "shippo_short1"],
    )
    .floor(3.0),
    token_anywhere(
        "duffel",
        "Duffel access token",
        "duffel.com/docs; not confirmed",
        "duffel_(?:live|test)_[A-Za-z0-9_-]{40,}",
        &[example![
            "duf",
            "fel_live_uxkl4h_I0M_s2Ye8zBZ_Co0zwfSIWxa7grWvqskW3mJ"
        ]],
        &["duffel_your-key-here", "duffel_short1"],
    )
    .floor(4.0),
    token_anywhere(
        "plaid-access",
        "Plaid access token",
        "plaid.com/docs/quickstart/glossary, read 22 Nov 2026",
        concat!("access-(?:sandbox|development|production)-", uuid!()),
        &[example![
            "acc",
            "ess-production-fe2865ef-71ed-4dd9-afc0-4c8c5f180ac7"
        ]],
        &["access-sandbox-token", "access-production-database"],
    )
    .floor(2.8),
    assigned(
        "plaid",
        "Plaid secret",
        "plaid.com/docs; not confirmed",
        &["plaid_secret", "plaid_secret_key"],
        "[0-9a-f]{30}",
        &[example!("PLAID_SECRET=" ["2b7", "75a53098d224d75e338d9c285a5"] "")],
        &[
            "PLAID_SECRET=your-key-here",
            concat!("checks", "um: 2b775a53098d224d75e338d9c285a5"),
        ],
    )
    .floor(2.9),
    assigned(
        "finicity",
        "Finicity key or secret",
        "developer.mastercard.com/open-finance-us; not confirmed",
        &["finicity_app_key", "finicity_secret", "finicity_partner"],
        "[A-Za-z0-9]{20,32}",
        &[example!("FINICITY_APP_KEY=" ["22d", "ab5bff7eb92676c9bc740ed627ff2"] "")],
        &[
            "FINICITY_APP_KEY=your-key-here",
            concat!("checks", "um: 22dab5bff7eb92676c9bc740ed627ff2"),
        ],
    )
    .floor(3.0)
    .checked(has_digit),
    assigned(
        "intuit",
        "Intuit (QuickBooks) secret of an app",
        "developer.intuit.com; not confirmed",
        &[
            "intuit_client_secret",
            "quickbooks_client_secret",
            "qbo_client_secret",
        ],
        "[A-Za-z0-9]{40}",
        &[example!(
            "QUICKBOOKS_CLIENT_SECRET=" [
                "ZSu",
                "sLLLBYjwr0uYlkXTGwmgbNnRbWSKEf16BvkIA",
            ] ""
        )],
        &[
            "QUICKBOOKS_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: ZSusLLLBYjwr0uYlkXTGwmgbNnRbWSKEf16BvkIA"),
        ],
    )
    .floor(3.8),
    assigned(
        "freshbooks",
        "FreshBooks secret or token",
        "freshbooks.com/api; not confirmed",
        &["freshbooks_client", "freshbooks_token", "freshbooks_secret"],
        "[0-9a-f]{64}",
        &[example!(
            "FRESHBOOKS_CLIENT_SECRET=" [
                "fd7",
                "2481fda2733b159d49051651a6376fb34497dda5e90bd640928438cea90c5",
            ] ""
        )],
        &[
            "FRESHBOOKS_CLIENT_SECRET=your-key-here",
            concat!(
                "checks",
                "um: fd72481fda2733b159d49051651a6376fb34497dda5e90bd640928438cea90c5"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "taxjar",
        "TaxJar API token",
        "developers.taxjar.com; not confirmed",
        &["taxjar_api", "taxjar_token", "taxjar_key"],
        "[0-9a-f]{32}",
        &[example!("TAXJAR_API_KEY=" ["45f", "a8531b7d9e499c593be0181c7e4e6"] "")],
        &[
            "TAXJAR_API_KEY=your-key-here",
            concat!("checks", "um: 45fa8531b7d9e499c593be0181c7e4e6"),
        ],
    )
    .floor(3.0),
    assigned(
        "coinbase",
        "Coinbase key or secret",
        "docs.cdp.coinbase.com; not confirmed",
        &[
            "coinbase_api_secret",
            "coinbase_secret",
            "coinbase_api_key",
            "coinbase_token",
        ],
        "[A-Za-z0-9+/_-]{32,}={0,2}",
        &[example!(
            "COINBASE_API_SECRET=" [
                "wq8",
                "CVjrCmTu5WqncYsIIME7BiWwHYDYU88DiTId3LCf4nrVU7B33Zje3hSZbGQA7mY2dnqunLss",
                "jyTlXjEwj6X==",
            ] ""
        )],
        &[
            "COINBASE_API_SECRET=your-key-here",
            concat!(
                "checksum: wq8CVjrCmTu5WqncYsIIME7BiWwHYDYU88DiTId3LCf4nrVU7B33Zje3hSZbGQ",
                "A7mY2dnqunLssjyTlXjEwj6X=="
            ),
        ],
    )
    .floor(3.8)
    .checked(has_digit),
    assigned(
        "binance",
        "Binance key or secret",
        "developers.binance.com; not confirmed",
        &[
            "binance_api_key",
            "binance_api_secret",
            "binance_secret",
            "binance_key",
        ],
        "[A-Za-z0-9]{64}",
        &[
            example!(
                "BINANCE_API_SECRET=" [
                    "zrZ",
                    "ydwinsqdHdCP9dyZITtyuFaAmTu9pStsWC3n7kD47gnz5ZFYZ9NoQFCTSEfbY",
                ] ""
            ),
            example!(
                r#"binanceApiKey: ""# [
                    "bXf",
                    "WTWJf3m44x9MkoImyC0LiZzm3HWuHRfIhZNO3jDNx2AzW9DmMfthVFtDmADKY",
                ] r#"""#
            ),
        ],
        &[
            "BINANCE_API_SECRET=your-key-here",
            concat!(
                "checks",
                "um: zrZydwinsqdHdCP9dyZITtyuFaAmTu9pStsWC3n7kD47gnz5ZFYZ9NoQFCTSEfbY"
            ),
        ],
    )
    .floor(4.0),
    assigned(
        "kraken",
        "Kraken key or secret",
        "docs.kraken.com/api; not confirmed",
        &[
            "kraken_api_key",
            "kraken_private_key",
            "kraken_secret",
            "kraken_api_secret",
        ],
        "[A-Za-z0-9+/]{54,}={0,2}",
        &[example!(
            "KRAKEN_PRIVATE_KEY=" [
                "z4Y",
                "LM7hHP/bp8+w1juW72rtJjbvamFo1AH6hf1QtNbb9w4Zr8Uk5sGfh/uAI7XxjRG4ylC49k4T",
                "0jW/MSKIb9O==",
            ] ""
        )],
        &[
            "KRAKEN_PRIVATE_KEY=your-key-here",
            concat!(
                "checksum: z4YLM7hHP/bp8+w1juW72rtJjbvamFo1AH6hf1QtNbb9w4Zr8Uk5sGfh/uAI7X",
                "xjRG4ylC49k4T0jW/MSKIb9O=="
            ),
        ],
    )
    .floor(4.0),
    assigned(
        "bybit",
        "secret of Bybit, OKX, KuCoin or Bitfinex",
        "bybit-exchange.github.io/docs; okx.com/docs-v5; not confirmed",
        &[
            "bybit_api_secret",
            "bybit_secret",
            "okx_secret",
            "okx_api_secret",
            "kucoin_secret",
            "kucoin_api_secret",
            "bitfinex_api_secret",
        ],
        "[A-Za-z0-9-]{30,}",
        &[example!("BYBIT_API_SECRET=" ["bn7", "Q1XxlEqHDhXsNTsSWvc4Jv8f0XHLuH3m4"] "")],
        &[
            "BYBIT_API_SECRET=your-key-here",
            concat!("checks", "um: bn7Q1XxlEqHDhXsNTsSWvc4Jv8f0XHLuH3m4"),
        ],
    )
    .floor(3.0)
    .checked(has_digit),
];
