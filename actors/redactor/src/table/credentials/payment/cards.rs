//! Those who take payments.

use crate::table::credentials::looks::{has_digit, is_mixed_case, is_not_printed};
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "stripe",
        "Stripe secret key; Clerk, Paystack and others write theirs the same way",
        "stripe.com/docs/development/get-started, read 22 Nov 2026",
        "sk_(?:live|test|prod)_[A-Za-z0-9]{20,}",
        &[
            example!["sk_", "live_ggQg0jLUAUdHRIi2pEprllc0"],
            example!(
                "STRIPE_SECRET_KEY=" [
                    "sk_",
                    "test_518ViQXWKnTUk8mm9SyLnQFMg7XobGxQT4YdmTebTQZzCYXN89GyEJe7qoGYGFeGK1t",
                    "Qyd1kWtD48cf7bQO0occrgVQFeVf7blR",
                ] ""
            ),
            example!["sk_", "live_722659e03d4ab850fb55461d3ec9073665581b34"],
        ],
        &[
            "sk_live_key",
            concat!("sk_tes", "t_4eC39HqLyjWDarjtT1zdp7dc"),
            "sk_test_your_secret_key_here",
            concat!("task_l", "ive_vXcjJZs5edernGA2SYixtlJt"),
        ],
    )
    .floor(3.5)
    .checked(is_not_printed),
    token(
        "stripe-restricted",
        "Stripe restricted key",
        "docs.stripe.com/keys; not confirmed",
        "rk_(?:live|test|prod)_[A-Za-z0-9]{20,}",
        &[
            example!["rk_", "live_2u8c56hA4pBw6D75yABrO3ZQ"],
            example![
                "rk_",
                "test_51KVDl8HVDan0RaVb8C37ariqz8JN6bn4JK47SBRXi2HYz5ZTVkhvizCad17UFvVDdO",
                "NDWMeHr4MHJLlY6OZM8YPktmPD5xia8C",
            ],
        ],
        &[
            "rk_live_key",
            concat!("work_l", "ive_FwgksbxnMSl1MNOsy6TZe1tl"),
        ],
    )
    .floor(3.5),
    token(
        "stripe-organisation",
        "Stripe key of an organisation",
        "docs.stripe.com/keys; not confirmed",
        "sk_org_(?:live_|test_)?[A-Z0-9][A-Za-z0-9_]{24,}",
        &[example!["sk_", "org_live_Cnb1B1n3UKF3066u2TMqHZBWylMSML3kbILInsaRI"]],
        &["sk_org_your_key"],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token_anywhere(
        "paypal-braintree",
        "Braintree access token",
        "developer.paypal.com/braintree/docs; not confirmed",
        r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}",
        &[example![
            "acc",
            "ess_token$production$yf5mmtnivme5kjqf$c4ea967ac7fdc541d2b7f6208821b0c8",
        ]],
        &["access_token$production$id$key"],
    )
    .floor(3.5),
    assigned(
        "braintree",
        "Braintree private key",
        "developer.paypal.com/braintree/docs; not confirmed",
        &["braintree_private_key", "bt_private_key"],
        "[0-9a-f]{32}",
        &[example!("BRAINTREE_PRIVATE_KEY=" ["5ee", "69bedd777efaa51ee7e4bc3026012"] "")],
        &[
            "BRAINTREE_PRIVATE_KEY=your-key-here",
            concat!("checks", "um: 5ee69bedd777efaa51ee7e4bc3026012"),
        ],
    )
    .floor(3.0),
    assigned(
        "paypal",
        "PayPal secret of an app",
        "developer.paypal.com/api/rest; not confirmed",
        &["paypal_client_secret", "paypal_secret"],
        "[A-Za-z0-9_-]{60,}",
        &[example!(
            "PAYPAL_CLIENT_SECRET=" [
                "Emb",
                "qdjgZGjgljT8wZwEzlI5mDUqWxewsfimlAafIQXNM_3-OAQOWbPRSJs_fNs9zC4vXF8sEWRT",
                "jZvts",
            ] ""
        )],
        &[
            "PAYPAL_CLIENT_SECRET=your-key-here",
            concat!(
                "checksum: EmbqdjgZGjgljT8wZwEzlI5mDUqWxewsfimlAafIQXNM_3-OAQOWbPRSJs_fNs",
                "9zC4vXF8sEWRTjZvts"
            ),
        ],
    )
    .floor(4.0),
    token(
        "paypal-token",
        "PayPal access token",
        "developer.paypal.com/api/rest; not confirmed",
        "A21AA[A-Za-z0-9_-]{60,}",
        &[example![
            "A21",
            "AAKlVbS89wrtnBmbGwCPvGS6niz_lLggmlEoLhln2awOnwTQznDInzUTuXb4Qwo5a6cKLoSm",
            "7q2X8vS3-nSXcZF4gjhhQ0",
        ]],
        &[
            "A21AA",
            concat!(
                "xA21AAcGJiYJixHaeloGjRinyCz_WCXEqVBhcar35seFkVrqMgN53pJahUfQxZYJ_QCunjmE",
                "ru-zTH7TW1jmdGPuQDeNOBvo85"
            ),
        ],
    )
    .floor(4.0),
    token(
        "square",
        "Square access token",
        "developer.squareup.com/docs/build-basics/access-tokens; not confirmed",
        "EAAA[A-Za-z0-9_-]{56,60}",
        &[example!["EAA", "A6wJoBhFTTnRaLJtVa2MzVZvub3A6EeJbrSo4acTOffmKBTWhU_GU_6S1qXRy"]],
        &[
            "EAAA",
            concat!("xEAAAR", "56Pqxvu3sjX0YY6ppJaMQmb-ppDI1H2qYYgNjYareVJW_1ww4Np3t6IMv0H"),
        ],
    )
    .floor(4.0)
    .checked(is_mixed_case),
    token_anywhere(
        "square-legacy",
        "Square access token or secret, the older form",
        "developer.squareup.com/docs/build-basics/access-tokens; not confirmed",
        "sq0(?:atp|csp)-[A-Za-z0-9_-]{22,}",
        &[
            example!["sq0", "atp-iQ8gQJU1ib8I1VzYejleu8"],
            example!["sq0", "csp-qfuK19zg3rimQiNyFT4NdXHYbRXlRrJMrOHvDPnpDMc"],
        ],
        &["sq0atp-x", "sq0idp-6a_PY627u7dg9MP4h1f4c2"],
    )
    .floor(3.8),
    token(
        "adyen",
        "Adyen API key",
        "docs.adyen.com/development-resources/api-credentials; not confirmed",
        r#"AQE[A-Za-z0-9+/=]{40,}-[A-Za-z0-9+/=]{30,}-[^\s"\'\\`<>]{8,}"#,
        &[example![
            "AQE",
            "PUiXwcMHRUmH7IJX/nGEQ9Eep4Yktl+znQQV/BbuH2ug4nhcyvrWfjgvcZ6fyuw3qwBUqQ64",
            "HjE==-xaYnRh3T6LiVJqFoVs1hqkn728qDO97lguI/KWBJyNK=-VsQ6%afPx{[1X6OMX",
        ]],
        &["AQE", "AQE-your-api-key"],
    )
    .floor(4.5),
    token_anywhere(
        "razorpay",
        "Razorpay key, its number",
        "razorpay.com/docs/api/authentication; not confirmed",
        "rzp_(?:live|test)_[A-Za-z0-9]{14}",
        &[example!["rzp", "_live_l8YC3ihRswSa3P"]],
        &["rzp_live_key", "rzp_test_xxxxxxxxxxxxxx"],
    )
    .floor(3.3),
    assigned(
        "razorpay-secret",
        "Razorpay key, its secret",
        "razorpay.com/docs/api/authentication; not confirmed",
        &["razorpay_key_secret", "razorpay_secret", "rzp_secret"],
        "[A-Za-z0-9]{24}",
        &[example!("RAZORPAY_KEY_SECRET=" ["L8a", "biaBt1vhxs7llmld2PoqY"] "")],
        &[
            "RAZORPAY_KEY_SECRET=your-key-here",
            "checksum: L8abiaBt1vhxs7llmld2PoqY",
        ],
    )
    .floor(3.3),
    token(
        "checkout-sandbox",
        "Checkout.com secret key for tests",
        "checkout.com/docs; not confirmed",
        "sk_sbox_[a-z2-7]{26}[a-z2-7*#$=]",
        &[example!["sk_", "sbox_g5sei33ejzegsmf3pbfp65dm4se"]],
        &[
            "sk_sbox_your_key",
            concat!("task_s", "box_c2azrqu52rpki7mdql5e6a3b64k"),
        ],
    )
    .floor(3.3),
    token(
        "checkout",
        "Checkout.com secret key",
        "checkout.com/docs; not confirmed",
        "sk_[a-z2-7]{26}[a-z2-7*#$=]",
        &[example!["sk_", "zcpzxapiqw7rrrracbcn4wghnew"]],
        &[
            concat!("sk_abc", "defghijklmnopqrstuvwxyza"),
            concat!("task_l", "3trlevmynfvnsysmxw2j75ycm4"),
        ],
    )
    .floor(3.3)
    .checked(has_digit),
    token_anywhere(
        "flutterwave",
        "Flutterwave secret key",
        "developer.flutterwave.com/docs/integration-guides/authentication (form of the public key), read 22 Nov 2026",
        "FLWSECK(?:_TEST)?-[A-Za-z0-9-]{12,}",
        &[
            example!["FLW", "SECK_TEST-58d3a1b2b21b2511d7f1d013dcab9db4-X"],
            example!["FLW", "SECK-699524ef5fc4e9bfce795ccd4f2551fb-X"],
        ],
        &["FLWSECK_TEST-SANDBOXDEMOKEY-X", "FLWSECK-your-key-here-X"],
    )
    .floor(3.3)
    .checked(has_digit),
    token(
        "gocardless",
        "GoCardless access token",
        "developer.gocardless.com; not confirmed",
        "(?:live|sandbox)_[A-Za-z0-9_-]{40}",
        &[example!["liv", "e_adCWGmjx0sthptlCItloOz1ddjuKgs9kyqCPWlen"]],
        &[
            concat!("live_v", "iew_component_with_a_rather_long_name_x"),
            concat!("alive_", "edlQZ6Z7OG0FLaI8mnQRzEeF4tDaaxJgQ0hHz-Ut"),
        ],
    )
    .floor(4.0)
    .checked(is_mixed_case),
    token(
        "mollie",
        "Mollie API key",
        "docs.mollie.com/reference/authentication; not confirmed",
        "(?:live|test)_[A-Za-z0-9]{30}",
        &[
            example!["liv", "e_4nZhBWd0tLS4JRWV83VQxyjOw7gtlT"],
            example!["tes", "t_8rpnbDw6SICClU2rAsJ3Np1Gf7DwYd"],
        ],
        &[
            concat!("test_t", "hatEverythingWorksAsExpected"),
            concat!("latest", "_bQKm7WzGfrirOWFbg3CfhCsdmxU7Gj"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token(
        "mollie-access",
        "Mollie access token of an organisation",
        "docs.mollie.com/reference/authentication; not confirmed",
        "access_[A-Za-z0-9]{30,}",
        &[example!["acc", "ess_n3IcBy6FKjQhOkp9C8FynhBOW8ANZtZEkv3ZQU8o"]],
        &[
            "access_token",
            concat!("access", "_controlPolicyForEverything"),
            concat!("xacces", "s_N91Ee0Z59uJmTn9Fo4VYxQexkYDeZLFnRHlcSwfm"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    assigned(
        "wise",
        "Wise API token",
        "docs.wise.com; not confirmed",
        &["wise_api_token", "wise_token", "wise_api_key", "transferwise_api", "transferwise_token"],
        uuid!(),
        &[example!("WISE_API_TOKEN=" ["8f5", "34348-a147-407d-a19b-dfbf003f1923"] "")],
        &[
            "WISE_API_TOKEN=your-key-here",
            concat!("checks", "um: 8f534348-a147-407d-a19b-dfbf003f1923"),
        ],
    ),
    token_anywhere(
        "klarna",
        "Klarna API key",
        "docs.klarna.com; not confirmed",
        "klarna_(?:live|test)_api_[A-Za-z0-9+/=_!?#*()-]{30,}",
        &[example![
            "kla",
            "rna_live_api_XQe8RO-wwQQ_qN2hAHhY0HPcDPOc_29eU0NKJALXF3zhxS_VnZ-htpOFch1",
            "eIwcQUFId54wijdORf9Sc",
        ]],
        &["klarna_your-key-here", "klarna_short1"],
    )
    .floor(4.0),
    token_anywhere(
        "xendit",
        "Xendit key",
        "docs.xendit.co; not confirmed",
        "xnd_(?:production|development)_[A-Za-z0-9]{30,}",
        &[example!["xnd", "_production_NqQiD9LA8HB4F5FJqvIA19FLwHbJjLm7xARBgn2cM6JoosOgHO"]],
        &["xnd_your-key-here", "xnd_short1"],
    )
    .floor(3.8),
    token_anywhere(
        "midtrans",
        "Midtrans server key",
        "docs.midtrans.com; not confirmed",
        "Mid-server-[A-Za-z0-9_-]{15,}",
        &[example!("SB-" ["Mid", "-server-2WJkjZiCqovzPk-S1VEZob7P"] "")],
        &[
            "SB-Mid-server-your-server-key",
            concat!("Mid-se", "rver-side-rendering-of-pages"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token(
        "mercado-pago",
        "Mercado Pago access token",
        "mercadopago.com/developers; not confirmed",
        "(?:APP_USR|TEST)-[0-9]{10,}-[0-9]{6}-[0-9a-f]{32}-[0-9]{6,}",
        &[example![
            "APP",
            "_USR-5154214780732184-427134-c71a695d761a86f7ab98f5077fc0470d-788633908",
        ]],
        &["APP_USR-123", "TEST-2026-11-22"],
    )
    .floor(3.0),
    token(
        "pagarme",
        "Pagar.me key",
        "docs.pagar.me; not confirmed",
        "ak_(?:live|test)_[A-Za-z0-9]{30}",
        &[example!["ak_", "live_h2wxybT7MO5SiU73xumTZn0CHTCN7x"]],
        &[
            "ak_test_your_key",
            concat!("break_", "test_tTmK6BB7UsJk1VDpiJnfe1LX02JTQ7"),
        ],
    )
    .floor(3.8),
    token_anywhere(
        "paddle",
        "Paddle API key",
        "developer.paddle.com/api-reference/about/authentication, read 22 Nov 2026",
        "pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}",
        &[
            example!["pdl", "_live_apikey_01tenlpqz2c2rkfwo38f8ll0iy_laTi9JS64XVQ2bHQ6buUd4_8ZS"],
            example!["pdl", "_sdbx_apikey_01om535yq6i3tt6133z4e4pp7a_QyB0nM1dhNm1digzfqq44E_lE6"],
        ],
        &["pdl_your-key-here", "pdl_short1"],
    )
    .floor(4.0),
    token(
        "polar",
        "Polar access token",
        "docs.polar.sh; not confirmed",
        "polar_[a-z]{2,4}_[A-Za-z0-9_-]{30,}",
        &[example!["pol", "ar_oat_ObCQsZhhDFPJXsTylru9LEM76CHuh2DC6ObL7Bwcxcz"]],
        &["polar_bear_photo", "polar_oat_your-token"],
    )
    .floor(4.0)
    .checked(is_mixed_case),
    assigned(
        "chargebee",
        "Chargebee or Recurly key",
        "apidocs.chargebee.com; recurly.com/developers; not confirmed",
        &["chargebee_api_key", "chargebee_key", "recurly_api_key", "recurly_private_key"],
        "[A-Za-z0-9_]{32,}",
        &[example!("CHARGEBEE_API_KEY=" ["liv", "e_D8JBbpYSROcy7lJUszCe6UmWik3qxEZh"] "")],
        &[
            "CHARGEBEE_API_KEY=your-key-here",
            concat!("checks", "um: live_D8JBbpYSROcy7lJUszCe6UmWik3qxEZh"),
        ],
    )
    .floor(3.3)
    .checked(has_digit),
];
