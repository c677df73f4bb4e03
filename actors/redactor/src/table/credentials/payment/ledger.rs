//! Banks, checks of persons, shops and freight.

use crate::table::credentials::looks::{has_digit, is_mixed_case};
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "cashfree",
        "Cashfree secret key",
        "cashfree.com/docs; not confirmed",
        "cfsk_ma_(?:prod|test)_[0-9a-f]{32}_[0-9a-f]{8}",
        &[example!(
            "x-client-secret: " [
                "cfs",
                "k_ma_prod_ee700b9c70fa04e9b885c9e98811a4b0_6b6ca27e",
            ] ""
        )],
        &["cfsk_ma_test_key"],
    )
    .floor(3.2),
    token_anywhere(
        "asaas",
        "Asaas API key",
        "docs.asaas.com; form in betterleaks of 23 Jul 2026",
        r"\$aact_[0-9A-Za-z:=_-]{20,}",
        &[example!(
            "access_token: " [
                "$aa",
                "ct_prod_yMuhDwNXxnwwza3kZAw0kKhLfewrcAuS3aNXi3rL2McudO8Hucvj",
                "C2h1fk1Y",
            ] ""
        )],
        &["$aact_prod_key", "$aact_"],
    )
    .floor(3.8)
    .checked(has_digit),
    token_anywhere(
        "mercury",
        "Mercury API token",
        "docs.mercury.com; form in betterleaks of 23 Jul 2026",
        "mercury_production_[0-9A-Za-z_]{40,}",
        &[example![
            "mer",
            "cury_production_wma_Gm7gVNZ11vYg6pN8rhv5WY8c72xJsU3VloWU39Cv",
            "DtBG_yrucrem"
        ]],
        &["mercury_production_line"],
    )
    .floor(4.0),
    token_anywhere(
        "persona",
        "Persona API key",
        "docs.withpersona.com; form in betterleaks of 23 Jul 2026",
        "persona_(?:production|sandbox)_[0-9a-z_-]{20,}",
        &[example!(
            "PERSONA_API_KEY=" [
                "per",
                "sona_production_472aa9cb-34b1-31f0-a063-cfd83367d070",
            ] ""
        )],
        &["persona_production_environment", "persona_sandbox_mode"],
    )
    .floor(3.0)
    .checked(has_digit),
    token(
        "proof",
        "Proof (Notarize) API key",
        "dev.proof.com; form in betterleaks of 23 Jul 2026",
        "prf_[0-9A-Za-z_]{20,}",
        &[example!("PROOF_API_KEY=" ["prf", "_eHejsieulLXvnddepjv683e1"] "")],
        &["prf_counter", "prf_cli_name"],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token(
        "onfido",
        "Onfido API token",
        "documentation.onfido.com; form in betterleaks of 23 Jul 2026",
        r"(?:api_live|api_sandbox)(?:_us|_ca)?\.[0-9A-Za-z_-]{11,}(?:\.[0-9A-Za-z_-]{20,})?",
        &[
            example!(
                "Authorization: Token token=" [
                    "api",
                    "_live_us.b1Gb7uk5ADl.yI95L5HRZQcDn7Sv06BCyscqR63DWu31",
                ] ""
            ),
            example![
                "api",
                "_sandbox.bB0cXBvUqTm.iADmUffYEjgfZ2B2NUjKPEddsfczYYT9"
            ],
        ],
        &["api_live.example", "api_live.get"],
    )
    .floor(3.5)
    .checked(has_digit),
    token_anywhere(
        "ramp",
        "Ramp client secret",
        "docs.ramp.com; form in betterleaks of 23 Jul 2026",
        "ramp_sec_[0-9A-Za-z]{40,}",
        &[example![
            "ram",
            "p_sec_s17RRsmUQEpcOhXla69W1T8kyWZzvhVsEDcRzRcewpNB2YkU"
        ]],
        &["ramp_sec_per_step"],
    )
    .floor(4.0),
    token(
        "rainforest",
        "Rainforest Pay API key",
        "docs.rainforestpay.com; form in betterleaks of 23 Jul 2026",
        "apikey_[0-9a-f]{64}",
        &[example!(
            "Authorization: " [
                "api",
                "key_530c060375abe5d7e022c89bc29530802d150502ff49d42087783ed9",
                "eb1e4349",
            ] ""
        )],
        &[
            "apikey_header",
            concat!(
                "my_api",
                "key_c3a145bdbee348c1af75df4dd643ea79db41da942b89e659000342b6",
                "7f105473"
            ),
        ],
    )
    .floor(3.2),
    token_anywhere(
        "samsara",
        "Samsara API token",
        "developers.samsara.com; form in betterleaks of 23 Jul 2026",
        "samsara_api_[0-9A-Za-z]{26,}",
        &[example!["sam", "sara_api_b0Q1EPvZ4vgyNJZHbF9O8pVw0I7B"]],
        &["samsara_api_token"],
    )
    .floor(3.8),
    token(
        "ebay",
        "eBay Cert ID: the secret of an application",
        "developer.ebay.com, keysets; form in betterleaks of 23 Jul 2026",
        "(?:PRD-|SBX-)[0-9a-f]{8,12}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4,12}",
        &[example!("EBAY_CERT_ID=" ["PRD", "-4c606780a9ec-05d3-efed-6ed3-8a32"] "")],
        &["PRD-1042", "SBX-cafe"],
    )
    .floor(2.8),
    token_anywhere(
        "robinhood",
        "Robinhood crypto API key",
        "docs.robinhood.com; form in trufflehog of 21 Aug 2026",
        concat!("rh-api-", uuid!()),
        &[example!("x-api-key: " ["rh-", "api-78a97534-5f01-a644-d936-b913f176d38d"] "")],
        &["rh-api-key", "rh-api-version"],
    )
    .floor(2.8),
    token(
        "recharge",
        "Recharge API token",
        "developer.rechargepayments.com; form in trufflehog of 21 Aug 2026",
        "sk_[0-9]{1,3}x[0-9]{1,3}_[0-9a-f]{64}",
        &[example!(
            "X-Recharge-Access-Token: " [
                "sk_",
                "1x1_85250824ca6c6468a80e4ef038679a239b646f9c1dc4df984cc444cb",
                "ee8ee098",
            ] ""
        )],
        &["sk_1x1_conv", "sk_2x2"],
    )
    .floor(3.2),
    token(
        "ticket-tailor",
        "Ticket Tailor API key",
        "developers.tickettailor.com; form in kingfisher of 20 Jun 2025",
        "sk_[0-9]{2,7}_[0-9]{4,8}_[0-9a-f]{32}",
        &[example![
            "sk_",
            "4810_204315_5a80f3a75d203b42fa08fe165211e7ce"
        ]],
        &["sk_1_2", "sk_4810_204315"],
    )
    .floor(3.0),
    token_anywhere(
        "flexport",
        "Flexport API token",
        "developers.flexport.com; form in kingfisher of 20 Jun 2025",
        "shltm_[0-9A-Za-z_-]{40}",
        &[example![
            "shl",
            "tm_9bQchnwfxmR7f8NjkW9Aw0aMzpqzb0p17DFugyet"
        ]],
        &["shltm_key", concat!("shltm", "_HFPJJ7Vv3U")],
    )
    .floor(4.0),
    assigned(
        "woocommerce",
        "WooCommerce consumer key or secret",
        "woocommerce.github.io/woocommerce-rest-api-docs, authentication; not confirmed",
        &[
            "consumer_secret",
            "consumer_key",
            "wc_key",
            "wc_secret",
            "woocommerce",
        ],
        "c[ks]_[0-9a-f]{40}",
        &[
            example!(
                "WC_CONSUMER_SECRET=" [
                    "cs_",
                    "2fba9ff0590179faec43e0a8ab4b0e19f55d91d6",
                ] ""
            ),
            example!(
                "consumer_key: '" [
                    "ck_",
                    "eb2eaaa1236d9ca803f3051ea4b539824f420561",
                ] "'"
            ),
        ],
        &["WC_CONSUMER_SECRET=cs_xxxx", "consumer_key: ck_live"],
    )
    .floor(3.0),
];
