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
            example!["shp", "at_2271a8e52488a47140f4a6a4e4fe0e33"],
            example!["shp", "ca_669b5bbc11598f948c78c9b4129195e8"],
            example!("X-Shopify-Access-Token: " ["shp", "pa_8b3d6a0edf408ab65980a36ca0f2d33a"] ""),
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
        &[example!["shp", "ss_794fa1271894b532eb4c0a1fa2c0ab67"]],
        &["shpss_your-key-here", "shpss_short1"],
    )
    .floor(3.0),
    token_anywhere(
        "shopify-theme",
        "Shopify password for themes",
        "shopify.dev/docs/storefronts/themes; not confirmed",
        "shptka_[A-Fa-f0-9]{32}",
        &[example!["shp", "tka_f28a7c3b4168c93d1ab45717c63a05a0"]],
        &["shptka_your-key-here", "shptka_short1"],
    )
    .floor(3.0),
    token_anywhere(
        "amazon-mws",
        "Amazon MWS token",
        "developer-docs.amazon.com; not confirmed",
        concat!(r"amzn\.mws\.", uuid!()),
        &[example![
            "amz",
            "n.mws.20271adc-fb94-40f3-a8fe-c2ec204b4d62"
        ]],
        &["amzn.mws.your-key-here", "amzn.mws.short1"],
    )
    .floor(2.8),
    token_anywhere(
        "amazon-login-secret",
        "Amazon secret of an app (Login with Amazon, Selling Partner)",
        "developer-docs.amazon.com/sp-api; not confirmed",
        r"amzn1\.oa2-cs\.v1\.[0-9a-f]{64}",
        &[example![
            "amz",
            "n1.oa2-cs.v1.4290bbb09406009fb488f15a0e9921503e883840d6daef9382a435efd1d",
            "22a09",
        ]],
        &[
            "amzn1.oa2-cs.v1.secret",
            concat!(
                "amzn1.",
                "application-oa2-client.cace8b867ad62f7d60e29790afa19f93"
            ),
        ],
    )
    .floor(3.0),
    token(
        "amazon-login-token",
        "Amazon token of a user (Login with Amazon, Selling Partner)",
        "developer-docs.amazon.com/sp-api; not confirmed",
        r"Atz(?:a|r)\|[A-Za-z0-9_=/+-]{60,}",
        &[
            example![
                "Atz",
                "r|HbJsHv4zwS1TpocagCh-dLn5mZCBjIpRsWWSV8_BucXGkkH1ufHoR3ccFOhA_Q-_PxJaWY",
                "iq_YOUB9CelySUuZzxk9tgm7DSWouxkl4h_I0M_s2Ye8zBZ_Co0zwfSIWxa7grWvqskW3mJ8",
                "5kIzw4_Fe7300K-ZbqZHXx-fIbQZCjVDCxRxnbKH3lir2Fx5pnI2NZjIxO",
            ],
            example![
                "Atz",
                "a|uii3OSvU_8F6VKjyFAZMTWFqb71AkC88jOK3sTJPwuSzmdAd8k2Rv182EisIe83PiFnnVg",
                "vN1rLbugAufQAoCy9VnstNF20Qv4LaS3zrdMkGtoHY4RLdWwqu-RJuoeTD0N7sLMZvNpT6de",
                "GhZE6t6zwq8CVjrCmTu5WqncYsIIME7BiWwHYDYU88DiTId3LCf4nrVU7B",
            ],
        ],
        &["Atzr|token", "Atza|IwEBIExample"],
    )
    .floor(4.0),
    assigned(
        "etsy",
        "Etsy key",
        "developers.etsy.com; not confirmed",
        &["etsy_api_key", "etsy_keystring", "etsy_shared_secret"],
        "[a-z0-9]{10,24}",
        &[example!("ETSY_API_KEY=" ["181", "zec1dwzaqvn3gz1bgikgs"] "")],
        &[
            "ETSY_API_KEY=your-key-here",
            "checksum: 181zec1dwzaqvn3gz1bgikgs",
        ],
    )
    .floor(3.0)
    .checked(has_digit),
    token(
        "lob",
        "Lob API key",
        "docs.lob.com; not confirmed",
        "(?:live|test)_[0-9a-f]{35}",
        &[example!["liv", "e_4426b2c2752ecc8c1b469811e1c9caf0d6a"]],
        &[
            "live_data",
            concat!("alive_", "de506ee747d7d3e270b4d186db115ae02c6"),
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
                "K9pStsWC3n7kD47gnz5ZFYZ9NoQFCTSEfbYbXfWTWJf3m44x9MkoImy"
            ],
            example![
                "EZT",
                "KC0LiZzm3HWuHRfIhZNO3jDNx2AzW9DmMfthVFtDmADKYTFkX8aTs50"
            ],
        ],
        &[
            "EZAK",
            concat!(
                "xEZAK5",
                "jPfEwqmyt45TMOsUTJLllzcZHdqp9mqBjz3DHy8C5vlpMCi8w733i"
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
            example!["shi", "ppo_live_5fef9c5426b53cabfe33f86482bf9253d050dec2"],
            example!(
                "ShippoToken " [
                    "shi",
                    "ppo_test_9ffabd51ca982768510c6826b3a2b0eeaa78a57d",
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
            "fel_live_JNz4YLM7hHP_bp8-w1juW72rtJjbvamFo1AH6hf1QtN"
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
            "ess-production-00f5ec4f-b2e4-4811-af56-8ec52a8e627e"
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
        &[example!("PLAID_SECRET=" ["f2e", "bd2cf9b980fa06b5f8e399a1a2a"] "")],
        &[
            "PLAID_SECRET=your-key-here",
            concat!("checks", "um: f2ebd2cf9b980fa06b5f8e399a1a2a"),
        ],
    )
    .floor(2.9),
    assigned(
        "finicity",
        "Finicity key or secret",
        "developer.mastercard.com/open-finance-us; not confirmed",
        &["finicity"],
        "[A-Za-z0-9]{20,32}",
        &[example!("FINICITY_APP_KEY=" ["613", "fcdf9726bef5e7f321a6d78ecc555"] "")],
        &[
            "FINICITY_APP_KEY=your-key-here",
            concat!("checks", "um: 613fcdf9726bef5e7f321a6d78ecc555"),
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
                "i2o",
                "44iE5Ptdt938TZF6QEQbXei3npM9SJrnxwfcp",
            ] ""
        )],
        &[
            "QUICKBOOKS_CLIENT_SECRET=your-key-here",
            concat!("checks", "um: i2o44iE5Ptdt938TZF6QEQbXei3npM9SJrnxwfcp"),
        ],
    )
    .floor(3.8),
    assigned(
        "freshbooks",
        "FreshBooks secret or token",
        "freshbooks.com/api; not confirmed",
        &["freshbooks"],
        "[0-9a-f]{64}",
        &[example!(
            "FRESHBOOKS_CLIENT_SECRET=" [
                "4c1",
                "06a7b4c921e2c088195273ec45c16d8e59238b26273f7074078ebce8ac4c6",
            ] ""
        )],
        &[
            "FRESHBOOKS_CLIENT_SECRET=your-key-here",
            concat!(
                "checks",
                "um: 4c106a7b4c921e2c088195273ec45c16d8e59238b26273f7074078ebce8ac4c6"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "taxjar",
        "TaxJar API token",
        "developers.taxjar.com; not confirmed",
        &["taxjar"],
        "[0-9a-f]{32}",
        &[example!("TAXJAR_API_KEY=" ["d47", "601181a30c6fd46d294d9e0fc1172"] "")],
        &[
            "TAXJAR_API_KEY=your-key-here",
            concat!("checks", "um: d47601181a30c6fd46d294d9e0fc1172"),
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
                "NH4",
                "7QjsIWxdXMVQ6ur/V8kDLiqIbzzMx3QKQtfKP5tTaWxWbEEalTpwM83zsAaEwTzFuAiRWQtn",
                "NV2pE4dsP5H==",
            ] ""
        )],
        &[
            "COINBASE_API_SECRET=your-key-here",
            concat!(
                "checksum: NH47QjsIWxdXMVQ6ur/V8kDLiqIbzzMx3QKQtfKP5tTaWxWbEEalTpwM83zsAa",
                "EwTzFuAiRWQtnNV2pE4dsP5H=="
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
                    "8az",
                    "8C4Lq3YX47kVkTYjqkGuiVHb1MHKYSidOqaM5q9dzb9hArEHQ4pLHAboSm47d",
                ] ""
            ),
            example!(
                r#"binanceApiKey: ""# [
                    "5s8",
                    "SyGuotHUUeGbqj49Vu3Bpt44NsNiJqOTYze96lccHt9yghrnhcwOZUzNE1Jtw",
                ] r#"""#
            ),
        ],
        &[
            "BINANCE_API_SECRET=your-key-here",
            concat!(
                "checks",
                "um: 8az8C4Lq3YX47kVkTYjqkGuiVHb1MHKYSidOqaM5q9dzb9hArEHQ4pLHAboSm47d"
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
                "NiF",
                "gipb2p7Qg7wFmW+UMCXutagK6VIlYzx63N+NCXq5DFODbqqI563qUN/ZDThuuQyyqv+BFIqo",
                "uksbra3NgYt==",
            ] ""
        )],
        &[
            "KRAKEN_PRIVATE_KEY=your-key-here",
            concat!(
                "checksum: NiFgipb2p7Qg7wFmW+UMCXutagK6VIlYzx63N+NCXq5DFODbqqI563qUN/ZDTh",
                "uuQyyqv+BFIqouksbra3NgYt=="
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
        &[example!("BYBIT_API_SECRET=" ["XUZ", "Vxu91DjpquRcg64aJdgAY3eqGGmjQwmTA"] "")],
        &[
            "BYBIT_API_SECRET=your-key-here",
            concat!("checks", "um: XUZVxu91DjpquRcg64aJdgAY3eqGGmjQwmTA"),
        ],
    )
    .floor(3.0)
    .checked(has_digit),
];
