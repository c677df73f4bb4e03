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
                "hqOdPZMrb2fqs5h3cSZtYU.Cr-D-011HZ4Yxv16c0ThPjlvqreH-kHUEQwJooBquRY"
            ],
            example!(
                "SENDGRID_API_KEY=" [
                    "SG.",
                    "GrgPYOgN7ApMNqrua-8VVd.JXHuni01CicoRn264JBYZU_QYJH4QoJ9AbDJYoAobeK",
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
        &[example!["key", "-0854162b2ce3f90758b769483260f7d3"]],
        &[
            concat!("key-3a", "x6xnjp29jd6fds4gc373sgvjxteol0"),
            "key-your-api-key",
            concat!("monkey", "-13d9dac7dd98ca46a0a53753b050b3d9"),
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
                "9fc",
                "99a015fe7f4ed8e688114f83e65c8-8f6b1853-3e0bc32e",
            ] ""
        )],
        &[
            "MAILGUN_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: 9fc99a015fe7f4ed8e688114f83e65c8-8f6b1853-3e0bc32e"
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
        &[example!("MAILCHIMP_API_KEY=" ["811", "dfb65b1c83fac16f2c16d52850b35-us12"] "")],
        &[
            "MAILCHIMP_API_KEY=your-key-here",
            concat!("checks", "um: 811dfb65b1c83fac16f2c16d52850b35-us12"),
        ],
    )
    .floor(3.0),
    token(
        "mandrill",
        "Mailchimp Transactional API key",
        "mailchimp.com/developer/transactional; not confirmed",
        "md-[A-Za-z0-9_-]{22}",
        &[example!["md-", "SariQRyQ1Lk-EjNPYzSdqs"]],
        &["md-content-wrapper-left-x", "amd-Y0lpTPbcgSvR7v76bHLKzl"],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    assigned(
        "postmark",
        "Postmark token of a server or an account",
        "postmarkapp.com/developer; not confirmed",
        &[
            "postmark_server_token",
            "postmark_account_token",
            "postmark_api",
            "postmark_token",
        ],
        uuid!(),
        &[
            example!("POSTMARK_SERVER_TOKEN=" ["75a", "ab823-3102-4e85-ae8f-1d386c9f066a"] ""),
            example!("X-Postmark-Server-Token: " ["a7e", "0bbb2-2d42-42da-a486-e762587fa00e"] ""),
        ],
        &[
            "POSTMARK_SERVER_TOKEN=your-key-here",
            concat!("checks", "um: 75aab823-3102-4e85-ae8f-1d386c9f066a"),
        ],
    ),
    token(
        "resend",
        "Resend API key",
        "resend.com/docs/api-reference, read 22 Nov 2026",
        "re_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,}",
        &[
            example!["re_", "6Cwf7hqK_VuLzNm4mjHKOohmXpPb9zAuN"],
            example!("RESEND_API_KEY=" ["re_", "hYRmC6Ql_kUFlwpDcvFfhu2dxJZ2XBJto"] ""),
        ],
        &[
            "re_123456789",
            "re_xxxxxxxxx",
            concat!("core_C", "zxbaqAX_VdFtqrUEcdso12fg65eJ1ckQ"),
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
            "ysib-d5e79107f288da3096074296f2821b8e4741b422f2fbbb5ad7b02e7f4187046f-C1",
            "Ev1vOHWwo8C3hG",
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
            "tpsib-d9c964e45123cbcc7396eebcef0c3f162cc9ac8497109dbe321d6808148f6de1-n",
            "ipyU0w2kQbj6zQf",
        ]],
        &["xsmtpsib-your-key-here", "xsmtpsib-short1"],
    )
    .floor(3.5),
    assigned(
        "sparkpost",
        "SparkPost API key",
        "developers.sparkpost.com; not confirmed",
        &["sparkpost_api", "sparkpost_key"],
        "[0-9a-f]{40}",
        &[example!("SPARKPOST_API_KEY=" ["2b8", "e8772bc29f4bec5aeddcf93ea0fac9a04d05e"] "")],
        &[
            "SPARKPOST_API_KEY=your-key-here",
            concat!("checks", "um: 2b8e8772bc29f4bec5aeddcf93ea0fac9a04d05e"),
        ],
    )
    .floor(3.0),
    assigned(
        "mailjet",
        "Mailjet key or secret",
        "dev.mailjet.com; not confirmed",
        &["mailjet_api", "mailjet_secret", "mailjet_key", "mj_apikey"],
        "[0-9a-f]{32}",
        &[
            example!("MJ_APIKEY_PRIVATE=" ["7af", "18efd7e76bdf3b46bedab2891b002"] ""),
            example!("MAILJET_SECRET_KEY=" ["7eb", "3605dbc2b19efb20912bf7126d57e"] ""),
        ],
        &[
            "MJ_APIKEY_PRIVATE=your-key-here",
            concat!("checks", "um: 7af18efd7e76bdf3b46bedab2891b002"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "mailersend",
        "MailerSend token",
        "developers.mailersend.com; not confirmed",
        r"mlsn\.[0-9A-Za-z]{30,}",
        &[example![
            "mls",
            "n.0ff50eb2e20dd766fa00b25514018febe22959aafac491fdc0a495a9996692a2"
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
                "788",
                "B5E06BA7F0C47E03753BFD65B38272084E8AB678F902350BB3292DF8B95F6C2D2B835E9A",
                "FBF4E9A103C11B5F12E83",
            ] ""
        )],
        &[
            "ELASTIC_EMAIL_API_KEY=your-key-here",
            concat!(
                "checksum: 788B5E06BA7F0C47E03753BFD65B38272084E8AB678F902350BB3292DF8B95",
                "F6C2D2B835E9AFBF4E9A103C11B5F12E83"
            ),
        ],
    )
    .floor(3.0),
    token(
        "klaviyo",
        "Klaviyo private key",
        "developers.klaviyo.com; not confirmed",
        "pk_[0-9a-f]{34}",
        &[example!["pk_", "babe98dcb33d7098ffad27575d19868fc7"]],
        &[
            "pk_your_key",
            concat!("spk_6e", "435fca5119b5391a3fdc474e9899fda0"),
        ],
    )
    .floor(3.0),
    assigned(
        "customer-io",
        "Customer.io key",
        "docs.customer.io; not confirmed",
        &[
            "customer_io_api",
            "customer_io_key",
            "customer_io_secret",
            "customer_io_track",
        ],
        "[0-9a-f]{20,}",
        &[example!("CUSTOMERIO_API_KEY=" ["1e7", "d8bb0d966367c2902"] "")],
        &[
            "CUSTOMERIO_API_KEY=your-key-here",
            "checksum: 1e7d8bb0d966367c2902",
        ],
    )
    .floor(2.8),
    token(
        "courier",
        "Courier key",
        "courier.com/docs; not confirmed",
        "(?:dk|pk)_(?:prod|test)_[A-Z0-9]{28}",
        &[example!["pk_", "prod_QVFNLTEU3XVX6EGWMAX867EJUC61"]],
        &[
            "pk_test_your_key",
            concat!("xpk_pr", "od_B1RL4B6B5AVQB8OJPCLHLK425XG3"),
        ],
    )
    .floor(3.5),
    assigned(
        "knock",
        "Knock secret key",
        "docs.knock.app; not confirmed",
        &["knock_api_key", "knock_secret_key", "knock_secret_api_key"],
        "sk_[A-Za-z0-9_-]{30,}",
        &[example!("KNOCK_API_KEY=" ["sk_", "g5gI2Z5dNhrmpauPtoLtd0N5h70bGYZTlB9tAeztIAe"] "")],
        &[
            "KNOCK_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: sk_g5gI2Z5dNhrmpauPtoLtd0N5h70bGYZTlB9tAeztIAe"
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
        &[example!("ITERABLE_API_KEY=" ["d0f", "fecffac4c5f960c68e4c5a3890cf1"] "")],
        &[
            "ITERABLE_API_KEY=your-key-here",
            concat!("checks", "um: d0ffecffac4c5f960c68e4c5a3890cf1"),
        ],
    )
    .floor(3.0),
    assigned(
        "braze",
        "Braze API key",
        "braze.com/docs; not confirmed",
        &["braze_api_key", "braze_rest_api_key"],
        uuid!(),
        &[example!("BRAZE_API_KEY=" ["445", "933bd-c228-4ebc-aa1b-12e5deba2690"] "")],
        &[
            "BRAZE_API_KEY=your-key-here",
            concat!("checks", "um: 445933bd-c228-4ebc-aa1b-12e5deba2690"),
        ],
    ),
];
