//! Those who send mail.

use crate::table::credentials::looks::is_mixed_case;
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "sendgrid",
        "SendGrid API key",
        "twilio.com/docs/sendgrid/ui/account-and-settings/api-keys, read 22 Nov 2026",
        r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}",
        &[
            example![
                "SG.",
                "bDPQOAHRhO-F1FHhOEkn-B.6Iap_vmSXPUg1Lf8SZD6PhqOdPZMrb2fqs5h3cSZtYU"
            ],
            example!(
                "SENDGRID_API_KEY=" [
                    "SG.",
                    "Cr-D-011HZ4Yxv16c0ThPj.lvqreH-kHUEQwJooBquRYGrgPYOgN7ApMNqrua-8VVd",
                ] ""
            ),
        ],
        &[
            "SG.1 and MSG.",
            concat!(
                "SG.xxx",
                "xxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
        ],
    )
    .floor(4.0),
    token(
        "mailgun",
        "Mailgun API key",
        "documentation.mailgun.com; not confirmed",
        "key-[0-9a-f]{32}",
        &[example!["key", "-8c8532dd7203a3dee86ccbfac88ea38f"]],
        &[
            concat!("key-3a", "x6xnjp29jd6fds4gc373sgvjxteol0"),
            "key-your-api-key",
            concat!("monkey", "-f34eb6bb6919e59ad2c068c40f3a54f7"),
        ],
    )
    .floor(3.0),
    assigned(
        "mailgun-signing",
        "Mailgun API key of today, or key for signatures",
        "documentation.mailgun.com; not confirmed",
        &["mailgun"],
        "[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}",
        &[example!(
            "MAILGUN_API_KEY=" [
                "607",
                "8c3630190854162b2ce3f90758b76-9483260f-7d39fc99",
            ] ""
        )],
        &[
            "MAILGUN_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: 6078c3630190854162b2ce3f90758b76-9483260f-7d39fc99"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "mailchimp",
        "Mailchimp API key",
        "volcengine.com/article/2870233 (not the vendor), read 22 Nov 2026",
        &["mailchimp"],
        "[0-9a-f]{32}-us[0-9]{1,2}",
        &[example!("MAILCHIMP_API_KEY=" ["a01", "5fe7f4ed8e688114f83e65c88f6b1-us12"] "")],
        &[
            "MAILCHIMP_API_KEY=your-key-here",
            concat!("checks", "um: a015fe7f4ed8e688114f83e65c88f6b1-us12"),
        ],
    )
    .floor(3.0),
    token(
        "mandrill",
        "Mailchimp Transactional API key",
        "mailchimp.com/developer/transactional; not confirmed",
        "md-[A-Za-z0-9_-]{22}",
        &[example!["md-", "Jumm6dSZpi6Hee3-UBvSgX"]],
        &["md-content-wrapper-left-x", "amd-oCcocrcblwgUfhkN4qnaFH"],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    assigned(
        "postmark",
        "Postmark token of a server or an account",
        "postmarkapp.com/developer; not confirmed",
        &["postmark"],
        uuid!(),
        &[
            example!("POSTMARK_SERVER_TOKEN=" ["83f", "ac16f-2c16-4d52-a850-b35b042aa6ad"] ""),
            example!("X-Postmark-Server-Token: " ["92f", "729ac-6b04-4475-aaab-8233102e85e8"] ""),
        ],
        &[
            "POSTMARK_SERVER_TOKEN=your-key-here",
            concat!("checks", "um: 83fac16f-2c16-4d52-a850-b35b042aa6ad"),
        ],
    ),
    token(
        "resend",
        "Resend API key",
        "resend.com/docs/api-reference, read 22 Nov 2026",
        "re_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,}",
        &[
            example!["re_", "F2IcAgqP_JUJnYzsF8Ibn3NHmuLuQ9oK7"],
            example!("RESEND_API_KEY=" ["re_", "CIbQ3xxU_xJOIX3Q29fVf2A7j5KUfO57T"] ""),
        ],
        &[
            "re_123456789",
            "re_xxxxxxxxx",
            concat!("core_d", "XNlKx32_v9ns7g2r84U89w3AejDVv0VA"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token_anywhere(
        "brevo",
        "Brevo API key",
        "developers.brevo.com; not confirmed",
        "xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}",
        &[example![
            "xke",
            "ysib-2da486e762587fa00eeb238ac66473670cda36e55f5b7e1af23a1bd97d5e7910-0W",
            "49OoEIfrrTAKv2",
        ]],
        &["xkeysib-your-key-here", "xkeysib-short1"],
    )
    .floor(3.5),
    token_anywhere(
        "brevo-smtp",
        "Brevo password for SMTP",
        "developers.brevo.com; not confirmed",
        "xsmtpsib-[0-9a-f]{64}-[A-Za-z0-9]{16}",
        &[example![
            "xsm",
            "tpsib-3096074296f2821b8e4741b422f2fbbb5ad7b02e7f4187046fefaab7e3d9c964-D",
            "7OPHjkcfhyMVxyY",
        ]],
        &["xsmtpsib-your-key-here", "xsmtpsib-short1"],
    )
    .floor(3.5),
    assigned(
        "sparkpost",
        "SparkPost API key",
        "developers.sparkpost.com; not confirmed",
        &["sparkpost"],
        "[0-9a-f]{40}",
        &[example!("SPARKPOST_API_KEY=" ["c73", "96eebcef0c3f162cc9ac8497109dbe321d680"] "")],
        &[
            "SPARKPOST_API_KEY=your-key-here",
            concat!("checks", "um: c7396eebcef0c3f162cc9ac8497109dbe321d680"),
        ],
    )
    .floor(3.0),
    assigned(
        "mailjet",
        "Mailjet key or secret",
        "dev.mailjet.com; not confirmed",
        &["mailjet", "mj_apikey"],
        "[0-9a-f]{32}",
        &[
            example!("MJ_APIKEY_PRIVATE=" ["814", "8f6de1647cb504c22b8e8772bc29f"] ""),
            example!("MAILJET_SECRET_KEY=" ["4be", "c5aeddcf93ea0fac9a04d05e7af18"] ""),
        ],
        &[
            "MJ_APIKEY_PRIVATE=your-key-here",
            concat!("checks", "um: 8148f6de1647cb504c22b8e8772bc29f"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "mailersend",
        "MailerSend token",
        "developers.mailersend.com; not confirmed",
        r"mlsn\.[0-9a-f]{64}",
        &[example![
            "mls",
            "n.efd7e76bdf3b46bedab2891b0027eb3605dbc2b19efb20912bf7126d57e0ff50"
        ]],
        &["mlsn.your-key-here", "mlsn.short1"],
    )
    .floor(3.0),
    assigned(
        "elastic-email",
        "Elastic Email API key",
        "elasticemail.com/developers; not confirmed",
        &["elastic_email"],
        "[0-9A-F]{96}",
        &[example!(
            "ELASTIC_EMAIL_API_KEY=" [
                "EB2",
                "E20DD766FA00B25514018FEBE22959AAFAC491FDC0A495A9996692A2788B5E06BA7F0C47",
                "E03753BFD65B38272084E",
            ] ""
        )],
        &[
            "ELASTIC_EMAIL_API_KEY=your-key-here",
            concat!(
                "checksum: EB2E20DD766FA00B25514018FEBE22959AAFAC491FDC0A495A9996692A2788",
                "B5E06BA7F0C47E03753BFD65B38272084E"
            ),
        ],
    )
    .floor(3.0),
    token(
        "klaviyo",
        "Klaviyo private key",
        "developers.klaviyo.com; not confirmed",
        "pk_[0-9a-f]{34}",
        &[example!["pk_", "8ab678f902350bb3292df8b95f6c2d2b83"]],
        &[
            "pk_your_key",
            concat!("spk_a3", "8982674c9a67375c6335b38c5f6f07c5"),
        ],
    )
    .floor(3.0),
    assigned(
        "customer-io",
        "Customer.io key",
        "docs.customer.io; not confirmed",
        &["customer_io"],
        "[0-9a-f]{20,}",
        &[example!("CUSTOMERIO_API_KEY=" ["5e9", "afbf4e9a103c11b5f"] "")],
        &[
            "CUSTOMERIO_API_KEY=your-key-here",
            "checksum: 5e9afbf4e9a103c11b5f",
        ],
    )
    .floor(2.8),
    token(
        "courier",
        "Courier key",
        "courier.com/docs; not confirmed",
        "(?:dk|pk)_(?:prod|test)_[A-Z0-9]{28}",
        &[example!["pk_", "prod_CF37RH7WU9X3SR1ZWGH1OBSQ44U1"]],
        &[
            "pk_test_your_key",
            concat!("xpk_pr", "od_GFASZY5ZS97651FLLA7RQJSKXROZ"),
        ],
    )
    .floor(3.5),
    assigned(
        "knock",
        "Knock secret key",
        "docs.knock.app; not confirmed",
        &["knock_api_key", "knock_secret_key", "knock_secret_api_key"],
        "sk_[A-Za-z0-9_-]{30,}",
        &[example!("KNOCK_API_KEY=" ["sk_", "jExDw2eNJzJ8YCf7C2GSTa3MzBoAFYkMalHQkAxMiP6"] "")],
        &[
            "KNOCK_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: sk_jExDw2eNJzJ8YCf7C2GSTa3MzBoAFYkMalHQkAxMiP6"
            ),
        ],
    )
    .floor(4.0),
    assigned(
        "iterable",
        "Iterable API key",
        "support.iterable.com; not confirmed",
        &["iterable_api_key"],
        "[0-9a-f]{32}",
        &[example!("ITERABLE_API_KEY=" ["bab", "23b60b24a1d1e18dce09143305a43"] "")],
        &[
            "ITERABLE_API_KEY=your-key-here",
            concat!("checks", "um: bab23b60b24a1d1e18dce09143305a43"),
        ],
    )
    .floor(3.0),
    assigned(
        "braze",
        "Braze API key",
        "braze.com/docs; not confirmed",
        &["braze_api_key", "braze_rest_api_key"],
        uuid!(),
        &[example!("BRAZE_API_KEY=" ["940", "d9e1e-d08c-4cb2-a6f4-6164861d0ffe"] "")],
        &[
            "BRAZE_API_KEY=your-key-here",
            concat!("checks", "um: 940d9e1e-d08c-4cb2-a6f4-6164861d0ffe"),
        ],
    ),
];
