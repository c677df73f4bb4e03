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
            example!["sk_", "live_7qoGYGFeGK1tQyd1kWtD48cf"],
            example!(
                "STRIPE_SECRET_KEY=" [
                    "sk_",
                    "test_517bQO0occrgVQFeVf7blRoefW6mkWt7DX348XIYbgN9AivYw7XOrlYZaERWw5MlZkY",
                    "incYAShPDzWJtJbpNOhmH91nKK3kSlI3",
                ] ""
            ),
            example!["sk_", "live_81b34a13d7dbecdd8e5e0600e0848c06d4c53a4c"],
        ],
        &[
            "sk_live_key",
            concat!("sk_tes", "t_4eC39HqLyjWDarjtT1zdp7dc"),
            "sk_test_your_secret_key_here",
            concat!("task_l", "ive_84S8tXh1tHnSjOapHaRqUHyR"),
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
            example!["rk_", "live_Cad17UFvVDdONDWMeHr4MHJL"],
            example![
                "rk_",
                "test_51lY6OZM8YPktmPD5xia8Ccnb1B1n3UKF3066u2TMqHZBWylMSML3kbILInsaRIyfF6",
                "mmPStZNnivm8ZeFkjqVfzjCvMHsmovIy",
            ],
        ],
        &[
            "rk_live_key",
            concat!("work_l", "ive_Y1mXuL8RRaH3zg7pD7GXYW3Y"),
        ],
    )
    .floor(3.5),
    token(
        "stripe-organisation",
        "Stripe key of an organisation",
        "docs.stripe.com/keys; not confirmed",
        "sk_org_(?:live_|test_)?[A-Z0-9][A-Za-z0-9_]{24,}",
        &[example!["sk_", "org_live_PERAzQkicBewMoZLIEneSNYI4a161qJqecMxayrkU"]],
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
            "ess_token$production$336mtw2910opo34u$a51ee7e4bc3026012304021c82122bf5",
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
        &[example!("BRAINTREE_PRIVATE_KEY=" ["c57", "628e37b4c515412326018ac99fdfa"] "")],
        &[
            "BRAINTREE_PRIVATE_KEY=your-key-here",
            concat!("checks", "um: c57628e37b4c515412326018ac99fdfa"),
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
                "EAQ",
                "OWbPRSJs_fNs9zC4vXF8sEWRTjZvtsKlVbS89wrtnBmbGwCPvGS6niz_lLggmlEoLhln2awO",
                "nwTQz",
            ] ""
        )],
        &[
            "PAYPAL_CLIENT_SECRET=your-key-here",
            concat!(
                "checksum: EAQOWbPRSJs_fNs9zC4vXF8sEWRTjZvtsKlVbS89wrtnBmbGwCPvGS6niz_lLg",
                "gmlEoLhln2awOnwTQz"
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
            "AAnDInzUTuXb4Qwo5a6cKLoSm7q2X8vS3-nSXcZF4gjhhQ0sOARrh-ViVST863hPw6HfYZWy",
            "AdHJ-HV6Q-yrt0JbjgbnSD",
        ]],
        &[
            "A21AA",
            concat!(
                "xA21AAiIIcfPYX3vQTJSzYBBIU_z7AOCognVMOpxqfDYJoPHFE61M99cko_O1qLzqhpSusTs",
                "CmGCgioqvHdZzQmwc3w_i4HgC2"
            ),
        ],
    )
    .floor(4.0),
    token(
        "square",
        "Square access token",
        "developer.squareup.com/docs/build-basics/access-tokens; not confirmed",
        "EAAA[A-Za-z0-9_-]{56,60}",
        &[example!["EAA", "AdQX5G7qhsqNR_-deabQLtkDOMy7lAd8bgHU8nSo-s5S0gBfNBHB5fMy1r_oN"]],
        &[
            "EAAA",
            concat!("xEAAA1", "KG434EEUpn3pl8F-bxUfPvZhNhqZmQgEG6sxyAiEJPW9QjwnEZ15foUHSz7"),
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
            example!["sq0", "atp-L8SJX663tHDLG6wJoBhFTT"],
            example!["sq0", "csp-nRaLJtVa2MzVZvub3A6EeJbrSo4acTOffmKBTWhU_GU"],
        ],
        &["sq0atp-x", "sq0idp-2IfeRxL1MxXM_Gyb9nAuuS"],
    )
    .floor(3.8),
    token(
        "adyen",
        "Adyen API key",
        "docs.adyen.com/development-resources/api-credentials; not confirmed",
        r#"AQE[A-Za-z0-9+/=]{40,}-[A-Za-z0-9+/=]{30,}-[^\s"\'\\`<>]{8,}"#,
        &[example![
            "AQE",
            "iXwcMHRUmH7IJX/nGEQ9Eep4Yktl+znQQV/BbuH2ug4nhcyvrWfjgvcZ6fyuw3qwBUqQ64Hj",
            "Exa==-YnRh3T6LiVJqFoVs1hqkn728qDO97lguI/KWBJyNKKa=-fPx1%X6OM{[Xl8YC3",
        ]],
        &["AQE", "AQE-your-api-key"],
    )
    .floor(4.5),
    token_anywhere(
        "razorpay",
        "Razorpay key, its number",
        "razorpay.com/docs/api/authentication; not confirmed",
        "rzp_(?:live|test)_[A-Za-z0-9]{14}",
        &[example!["rzp", "_live_ihRswSa3PL8abi"]],
        &["rzp_live_key", "rzp_test_xxxxxxxxxxxxxx"],
    )
    .floor(3.3),
    assigned(
        "razorpay-secret",
        "Razorpay key, its secret",
        "razorpay.com/docs/api/authentication; not confirmed",
        &["razorpay_key_secret", "razorpay_secret", "rzp_secret"],
        "[A-Za-z0-9]{24}",
        &[example!("RAZORPAY_KEY_SECRET=" ["aBt", "1vhxs7llmld2PoqYT1gYR"] "")],
        &[
            "RAZORPAY_KEY_SECRET=your-key-here",
            "checksum: aBt1vhxs7llmld2PoqYT1gYR",
        ],
    )
    .floor(3.3),
    token(
        "checkout-sandbox",
        "Checkout.com secret key for tests",
        "checkout.com/docs; not confirmed",
        "sk_sbox_[a-z2-7]{26}[a-z2-7*#$=]",
        &[example!["sk_", "sbox_5sei33ejzegsmf3pbfp65dm4sez"]],
        &[
            "sk_sbox_your_key",
            concat!("task_s", "box_rtch226vz5l4ybhdtjcdayqlvp7"),
        ],
    )
    .floor(3.3),
    token(
        "checkout",
        "Checkout.com secret key",
        "checkout.com/docs; not confirmed",
        "sk_[a-z2-7]{26}[a-z2-7*#$=]",
        &[example!["sk_", "cpzxapiqw7rrrracbcn4wghnewk"]],
        &[
            concat!("sk_abc", "defghijklmnopqrstuvwxyza"),
            concat!("task_t", "g2qzwh6jpwdr4yxdyyfrjfpxr7"),
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
            example!["FLW", "SECK_TEST-8d3a1b2b21b2511d7f1d013dcab9db46-X"],
            example!["FLW", "SECK-99524ef5fc4e9bfce795ccd4f2551fb0-X"],
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
        &[example!["liv", "e_dCWGmjx0sthptlCItloOz1ddjuKgs9kyqCPWlenB"]],
        &[
            concat!("live_v", "iew_component_with_a_rather_long_name_x"),
            concat!("alive_", "L0wIk1EWtrAtFfAb2yIIrIKi2fP6rFaY6QagCNRP"),
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
            example!["liv", "e_ZhBWd0tLS4JRWV83VQxyjOw7gtlT8r"],
            example!["tes", "t_pnbDw6SICClU2rAsJ3Np1Gf7DwYdn3"],
        ],
        &[
            concat!("test_t", "hatEverythingWorksAsExpected"),
            concat!("latest", "_NHflWbjcpDLUAgUKhtvscbp3WxQCxD"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token(
        "mollie-access",
        "Mollie access token of an organisation",
        "docs.mollie.com/reference/authentication; not confirmed",
        "access_[A-Za-z0-9]{30,}",
        &[example!["acc", "ess_IcBy6FKjQhOkp9C8FynhBOW8ANZtZEkv3ZQU8oqQ"]],
        &[
            "access_token",
            concat!("access", "_controlPolicyForEverything"),
            concat!("xacces", "s_Os2JrRyVWY6EkdXV4eJWtAanpMBXOhd4qKK7EN2x"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    assigned(
        "wise",
        "Wise API token",
        "docs.wise.com; not confirmed",
        &["wise_api_token", "wise_token", "wise_api_key", "transferwise"],
        uuid!(),
        &[example!("WISE_API_TOKEN=" ["f53", "4348a-1470-47d1-a9bd-fbf003f1923c"] "")],
        &[
            "WISE_API_TOKEN=your-key-here",
            concat!("checks", "um: f534348a-1470-47d1-a9bd-fbf003f1923c"),
        ],
    ),
    token_anywhere(
        "klarna",
        "Klarna API key",
        "docs.klarna.com; not confirmed",
        "klarna_(?:live|test)_api_[A-Za-z0-9+/=_!?#*()-]{30,}",
        &[example![
            "kla",
            "rna_live_api_Qe8RO-wwQQ_qN2hAHhY0HPcDPOc_29eU0NKJALXF3zhxS_VnZ-htpOFch1e",
            "IwcQUFId54wijdORf9ScG",
        ]],
        &["klarna_your-key-here", "klarna_short1"],
    )
    .floor(4.0),
    token_anywhere(
        "xendit",
        "Xendit key",
        "docs.xendit.co; not confirmed",
        "xnd_(?:production|development)_[A-Za-z0-9]{30,}",
        &[example!["xnd", "_production_QiD9LA8HB4F5FJqvIA19FLwHbJjLm7xARBgn2cM6JoosOgHOBR"]],
        &["xnd_your-key-here", "xnd_short1"],
    )
    .floor(3.8),
    token_anywhere(
        "midtrans",
        "Midtrans server key",
        "docs.midtrans.com; not confirmed",
        "Mid-server-[A-Za-z0-9_-]{20,}",
        &[example!("SB-" ["Mid", "-server-WJkjZiCqovzPk-S1VEZob7PS"] "")],
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
            "_USR-1542147807321840-416304-5e279c71a695d761a86f7ab98f5077fc-633908155",
        ]],
        &["APP_USR-123", "TEST-2026-11-22"],
    )
    .floor(3.0),
    token(
        "pagarme",
        "Pagar.me key",
        "docs.pagar.me; not confirmed",
        "ak_(?:live|test)_[A-Za-z0-9]{30}",
        &[example!["ak_", "live_ybT7MO5SiU73xumTZn0CHTCN7xteLn"]],
        &[
            "ak_test_your_key",
            concat!("break_", "test_ZJMk6gHrXprD25QRQqE7HqXLMffFtZ"),
        ],
    )
    .floor(3.8),
    token_anywhere(
        "paddle",
        "Paddle API key",
        "developer.paddle.com/api-reference/about/authentication, read 22 Nov 2026",
        "pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}",
        &[
            example!["pdl", "_live_apikey_01lpqz2c2rkfwo38f8ll0iylai_9JS64XVQ2bHQ6buUd48ZSM_To2"],
            example!["pdl", "_sdbx_apikey_01m535yq6i3tt6133z4e4pp7ay_B0nM1dhNm1digzfqq44ElE_6Ob"],
        ],
        &["pdl_your-key-here", "pdl_short1"],
    )
    .floor(4.0),
    token(
        "polar",
        "Polar access token",
        "docs.polar.sh; not confirmed",
        "polar_[a-z]{2,4}_[A-Za-z0-9_-]{30,}",
        &[example!["pol", "ar_oat_CQsZhhDFPJXsTylru9LEM76CHuh2DC6ObL7BwcxczD8"]],
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
        &[example!("CHARGEBEE_API_KEY=" ["liv", "e_JBbpYSROcy7lJUszCe6UmWik3qxEZh0n"] "")],
        &[
            "CHARGEBEE_API_KEY=your-key-here",
            concat!("checks", "um: live_JBbpYSROcy7lJUszCe6UmWik3qxEZh0n"),
        ],
    )
    .floor(3.3)
    .checked(has_digit),
];
