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
                "k_ma_prod_7414070cd33e40edfd53598a759a4ef1_917b4d85",
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
                "ct_prod_Emdqy7HYtenZWgxf9DWqBHjHqVqQGYlSehfZkhFKffvgbY4wLLQF",
                "KTQ8ZFVu",
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
            "cury_production_wma_GRD591SKbSO9Wi2Gsde5jxgUath5WKbju01SLegx",
            "bCsH_yrucrem"
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
                "sona_production_43081a28-3872-ff89-2ff6-8b7165b95236",
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
        &[example!("PROOF_API_KEY=" ["prf", "_xnZhJpr94feshPG68rVNp5hk"] "")],
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
                    "_live_us.91GamfvogR4.9AiKb6r5aLdxRj1BOz8ETZ3EMHM1LIlm",
                ] ""
            ),
            example![
                "api",
                "_sandbox.kwwYBEqR8Wz.tIdCJ7IKnZEG8MBV1r3YRg7lYAaWoi6F"
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
            "p_sec_LyZEeN5pvaPSDz6pvcYDIhNu4mlW4tiLtOnH7hke0BnMBtag"
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
                "key_ff216088cc482d264e1686311c2356fb820764d282eaa53ebc64f3e0",
                "ddb5b9ac",
            ] ""
        )],
        &[
            "apikey_header",
            concat!(
                "my_api",
                "key_c575fbf5ab8fbf28d73f5da4352d274dad192618db2f4de9d09ba74b",
                "126db5b4"
            ),
        ],
    )
    .floor(3.2),
    token_anywhere(
        "samsara",
        "Samsara API token",
        "developers.samsara.com; form in betterleaks of 23 Jul 2026",
        "samsara_api_[0-9A-Za-z]{26,}",
        &[example!["sam", "sara_api_nUTOvPFb12pD4WrNXprLkIzxsIQS"]],
        &["samsara_api_token"],
    )
    .floor(3.8),
    token(
        "ebay",
        "eBay Cert ID: the secret of an application",
        "developer.ebay.com, keysets; form in betterleaks of 23 Jul 2026",
        "(?:PRD-|SBX-)[0-9a-f]{8,12}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4,12}",
        &[example!("EBAY_CERT_ID=" ["PRD", "-299f3f6f19ee-700b-9c70-fa04-e9b8"] "")],
        &["PRD-1042", "SBX-cafe"],
    )
    .floor(2.8),
    token_anywhere(
        "robinhood",
        "Robinhood crypto API key",
        "docs.robinhood.com; form in trufflehog of 21 Aug 2026",
        concat!("rh-api-", uuid!()),
        &[example!("x-api-key: " ["rh-", "api-85c9e988-11a4-b06b-6ca2-7e616bdc055f"] "")],
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
                "1x1_fe09d6b56ee73e1fc3a6cc6bce4aaba1103472aa9cb34b131f0a063c",
                "fd83367d",
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
            "4810_204315_bd0eb0a901affc2fc06a572eefecc988"
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
            "tm_smUQEpcOhXla69W1T8kyWZzvhVsEDcRzRcewpNB2"
        ]],
        &["shltm_key", concat!("shltm", "_YkU7KrGAYA")],
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
                    "60375abe5d7e022c89bc29530802d150502ff49d",
                ] ""
            ),
            example!(
                "consumer_key: '" [
                    "ck_",
                    "525399cf584b396fa1bda26c81c7886642ccce4b",
                ] "'"
            ),
        ],
        &["WC_CONSUMER_SECRET=cs_xxxx", "consumer_key: ck_live"],
    )
    .floor(3.0),
];
