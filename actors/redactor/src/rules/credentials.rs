//! Rules of the preset `credentials`.
//!
//! Formats with a prefix of their own need no boundary before it: text inside of text (JSON in
//! the arguments of a tool) writes a line break as `\n`, and then a letter stands before the key.
//! Short prefixes need one, and `edge!` counts such an escape as one.

use super::row::{edge, in_context, token};
use crate::rule::{Reach, Rule};

pub(super) const RULES: &[Rule] = &[
    // --- model providers ---------------------------------------------------------------------
    token(
        ("anthropic", "Anthropic API key"),
        &["sk-ant-"],
        (r"sk-ant-[A-Za-z0-9_-]+", 27),
        concat!("sk-", "ant-api03-0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0u-AAAA"),
        "sk-ant-api03-...",
        "platform.claude.com/docs, API overview, read 22 Nov 2026",
    ),
    token(
        (
            "openai-project",
            "OpenAI project, service account or admin key",
        ),
        &["sk-proj-", "sk-svcacct-", "sk-admin-"],
        (r"sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]+", 28),
        concat!("sk-", "proj-aB1cD2eF3gH4iJ5kL6mN7oP8_qR9sT0uV1wX2"),
        "sk-proj-your-key",
        "platform.openai.com/docs, API keys, read 22 Nov 2026",
    ),
    token(
        ("openrouter", "OpenRouter API key"),
        &["sk-or-v1-"],
        (r"sk-or-v1-[0-9a-f]+", 49),
        concat!(
            "sk-or-",
            "v1-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        ),
        "sk-or-v1-xxxx",
        "openrouter.ai/docs, authentication, read 22 Nov 2026",
    ),
    Rule {
        reach: Reach::Secret,
        ..token(
            (
                "sk-key",
                "older OpenAI key; also DeepSeek, Moonshot, DashScope",
            ),
            &["sk-"],
            (edge!("sk-[A-Za-z0-9]+"), 35),
            concat!("sk-", "aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4cD5eF6"),
            "task-aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2 and sk-learn",
            "platform.openai.com/docs; api-docs.deepseek.com, read 22 Nov 2026",
        )
    },
    token(
        ("google-api", "Google API key (Gemini, Maps, Firebase)"),
        &["aiza"],
        ("AIza[0-9A-Za-z_-]+", 39),
        concat!("AI", "zaSyA1bC2dE3fG4hI5jK6lM7nO8pQ9rS0tU1v"),
        "AIzaShort",
        "cloud.google.com/docs/authentication/api-keys, read 22 Nov 2026",
    ),
    token(
        ("google-oauth", "Google OAuth access token"),
        &["ya29."],
        (r"ya29\.[0-9A-Za-z_-]+", 15),
        concat!("ya", "29.a0AfH6SMBx-0123456789_abcdef"),
        "ya29.x",
        "developers.google.com/identity/protocols/oauth2, read 22 Nov 2026",
    ),
    token(
        ("google-client-secret", "Google OAuth client secret"),
        &["gocspx-"],
        ("GOCSPX-[A-Za-z0-9_-]+", 35),
        concat!("GOC", "SPX-0aB1cD2eF3gH4iJ5kL6mN7oP8qR9"),
        "GOCSPX-short",
        "developers.google.com/identity/protocols/oauth2, read 22 Nov 2026",
    ),
    Rule {
        reach: Reach::Secret,
        ..token(
            ("groq", "Groq API key"),
            &["gsk_"],
            (edge!("gsk_[A-Za-z0-9]+"), 44),
            concat!(
                "gs",
                "k_aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4cD5eF6gH7i"
            ),
            "gsk_test",
            "console.groq.com/docs, read 22 Nov 2026",
        )
    },
    Rule {
        reach: Reach::Secret,
        ..token(
            ("xai", "xAI API key"),
            &["xai-"],
            (edge!("xai-[A-Za-z0-9]+"), 64),
            concat!(
                "xa",
                "i-aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4cD5eF6gH7iaB1cD2eF3gH4iJ5kL6mN7oP8"
            ),
            "xai-grok-4",
            "docs.x.ai, read 22 Nov 2026",
        )
    },
    token(
        ("perplexity", "Perplexity API key"),
        &["pplx-"],
        ("pplx-[A-Za-z0-9]+", 45),
        concat!("pp", "lx-aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4cD5eF6"),
        "pplx-70b-online",
        "docs.perplexity.ai, read 22 Nov 2026",
    ),
    Rule {
        reach: Reach::Secret,
        ..token(
            ("hugging-face", "Hugging Face token"),
            &["hf_"],
            (edge!("hf_[A-Za-z0-9]+"), 33),
            concat!("hf", "_aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH"),
            "hf_hub_download(repo)",
            "huggingface.co/docs/hub/security-tokens, read 22 Nov 2026",
        )
    },
    Rule {
        reach: Reach::Secret,
        ..token(
            ("replicate", "Replicate token"),
            &["r8_"],
            (edge!("r8_[A-Za-z0-9]+"), 40),
            concat!("r", "8_aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2y"),
            "r8_register",
            "replicate.com/docs/topics/security, read 22 Nov 2026",
        )
    },
    token(
        ("nvidia", "NVIDIA API key"),
        &["nvapi-"],
        ("nvapi-[A-Za-z0-9_-]+", 46),
        concat!(
            "nv",
            "api-aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4cD5eF6gH7iaB1cD2eF3gH4"
        ),
        "nvapi-key",
        "docs.api.nvidia.com, read 22 Nov 2026",
    ),
    Rule {
        reach: Reach::Secret,
        ..token(
            ("cerebras", "Cerebras API key"),
            &["csk-"],
            (edge!("csk-[A-Za-z0-9]+"), 44),
            concat!("cs", "k-a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9t0u1v2w3x4"),
            "csk-demo",
            "inference-docs.cerebras.ai, read 22 Nov 2026",
        )
    },
    // --- clouds --------------------------------------------------------------------------------
    token(
        ("aws-access-key", "AWS access key id"),
        &["akia", "asia", "abia", "acca"],
        ("A(?:KIA|SIA|BIA|CCA)[0-9A-Z]+", 20),
        concat!("AK", "IAIOSFODNN7EXAMPLE"),
        "AKIA-2026 in ASIA PACIFIC",
        "docs.aws.amazon.com/IAM, unique identifiers, read 22 Nov 2026",
    ),
    in_context(
        ("aws-assignment", "AWS key in an assignment"),
        &["aws_"],
        (
            r#"(?i)aws_(?:access_key_id|secret_access_key|session_token)\\*["']?[ \t]*[:=][ \t]*\\*["']?(?<secret>[^\s"'\\,;$<{%\[][^\s"'\\,;]*)"#,
            10,
        ),
        (
            concat!(
                "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/",
                "bPxRfiCYEXAMPLEKEY"
            ),
            concat!("wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY"),
        ),
        "aws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}",
        "docs.aws.amazon.com/cli, configuration and credential file settings, read 22 Nov 2026",
    ),
    in_context(
        (
            "azure-account-key",
            "Azure storage or service bus key in a connection string",
        ),
        &["accountkey=", "sharedaccesskey="],
        (
            r"(?i)(?:Account|SharedAccess)Key=(?<secret>[A-Za-z0-9+/]+={0,2})",
            40,
        ),
        (
            concat!(
                "AccountKey=",
                "aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4cD5eF6gH7iJ8k=;EndpointSuffix="
            ),
            "aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4cD5eF6gH7iJ8k=",
        ),
        "AccountKey=<key>;EndpointSuffix=core.windows.net",
        "learn.microsoft.com/azure/storage, connection strings, read 22 Nov 2026",
    ),
    in_context(
        ("azure-sas", "Azure shared access signature"),
        &["sig="],
        ("[?&]sig=(?<secret>[A-Za-z0-9%+/]+=?)", 40),
        (
            "https://x.blob.core.windows.net/c?sv=2024&sig=aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3%2BaB4c%3D",
            "aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3%2BaB4c%3D",
        ),
        "https://example.com/?sig=short",
        "learn.microsoft.com/azure/storage, SAS overview, read 22 Nov 2026",
    ),
    token(
        ("digitalocean", "DigitalOcean token"),
        &["dop_v1_", "doo_v1_", "dor_v1_"],
        ("do[opr]_v1_[a-f0-9]+", 71),
        concat!(
            "do",
            "p_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        ),
        "dop_v1_token",
        "docs.digitalocean.com/reference/api, read 22 Nov 2026",
    ),
    token(
        ("databricks", "Databricks token"),
        &["dapi"],
        ("dapi[a-f0-9]+", 36),
        concat!("da", "pi0123456789abcdef0123456789abcdef"),
        "dapi-docs",
        "docs.databricks.com/dev-tools/auth, read 22 Nov 2026",
    ),
    token(
        ("hashicorp-vault", "HashiCorp Vault token"),
        &["hvs.", "hvb.", "hvr."],
        (r"hv[sbr]\.[A-Za-z0-9_-]+", 28),
        concat!("hv", "s.CAESIJ0aB1cD2eF3gH4iJ5kL6mN7oP8"),
        "hvs.token",
        "developer.hashicorp.com/vault/docs/concepts/tokens, read 22 Nov 2026",
    ),
    // --- source hosting and packages -------------------------------------------------------------
    token(
        ("github", "GitHub token"),
        &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
        ("gh[pousr]_[A-Za-z0-9]+", 40),
        concat!("gh", "p_aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2"),
        "ghp_token",
        "docs.github.com, about authentication to GitHub, read 22 Nov 2026",
    ),
    token(
        ("github-fine-grained", "GitHub fine-grained token"),
        &["github_pat_"],
        ("github_pat_[A-Za-z0-9_]+", 47),
        concat!(
            "github",
            "_pat_11ABCDEFG0aB1cD2eF3gH4_iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4cD5eF6gH7iJ8kL9mN0oP1qR2sT3uV4wX5"
        ),
        "github_pat_name",
        "docs.github.com, about authentication to GitHub, read 22 Nov 2026",
    ),
    token(
        ("gitlab", "GitLab token"),
        &[
            "glpat-", "glptt-", "gldt-", "glrt-", "glcbt-", "glft-", "glsoat-", "glagent-",
        ],
        (
            "gl(?:pat|ptt|dt|rt|cbt|ft|soat|agent|imt|oas)-[A-Za-z0-9_.-]+",
            25,
        ),
        concat!("gl", "pat-aB1cD2eF3gH4iJ5kL6mN"),
        "glpat-short",
        "docs.gitlab.com/security/tokens, read 22 Nov 2026",
    ),
    token(
        ("atlassian", "Atlassian token"),
        &["atatt3", "atbb"],
        ("AT(?:ATT3[A-Za-z0-9_=-]+|BB[A-Za-z0-9]+)", 36),
        concat!(
            "ATA",
            "TT3xFfGF0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4cD5eF6gH7iJ8k"
        ),
        "ATATT3 and ATBB",
        "support.atlassian.com, manage API tokens, read 22 Nov 2026",
    ),
    token(
        ("npm", "npm token"),
        &["npm_"],
        ("npm_[A-Za-z0-9]+", 40),
        concat!("np", "m_aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2"),
        "npm_config_registry",
        "docs.npmjs.com, about access tokens, read 22 Nov 2026",
    ),
    token(
        ("pypi", "PyPI token"),
        &["pypi-ageichlwas5vcmc"],
        ("pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]+", 70),
        concat!(
            "py",
            "pi-AgEIcHlwaS5vcmcCJDdhYmNkZWYwLTEyMzQtNTY3OC05YWJjLWRlZjAxMjM0NTY3OAACKlszLCJh"
        ),
        "pypi-attestations",
        "pypi.org/help, API tokens, read 22 Nov 2026",
    ),
    token(
        ("docker", "Docker Hub token"),
        &["dckr_pat_"],
        ("dckr_(?:pat|oat)_[A-Za-z0-9_-]+", 36),
        concat!("dc", "kr_pat_aB1cD2eF3gH4iJ5kL6mN7oP8qR9"),
        "dckr_pat_x",
        "docs.docker.com/security/access-tokens, read 22 Nov 2026",
    ),
    // --- chat --------------------------------------------------------------------------------------
    token(
        ("slack", "Slack token"),
        &[
            "xoxb-", "xoxp-", "xoxa-", "xoxe-", "xoxo-", "xoxr-", "xoxs-", "xapp-",
        ],
        ("x(?:ox[abeoprs]|app)-[A-Za-z0-9-]+", 15),
        concat!(
            "xo",
            "xb-123456789012-1234567890123-aB1cD2eF3gH4iJ5kL6mN7oP8"
        ),
        "xoxb-...",
        "docs.slack.dev/authentication/tokens, read 22 Nov 2026",
    ),
    token(
        ("slack-webhook", "Slack webhook"),
        &["hooks.slack.com"],
        (
            r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_+-]+",
            55,
        ),
        concat!(
            "hooks.slack.com",
            "/services/T00000000/B00000000/aB1cD2eF3gH4iJ5kL6mN7oP8"
        ),
        "https://hooks.slack.com/services/",
        "docs.slack.dev, incoming webhooks, read 22 Nov 2026",
    ),
    token(
        ("discord-webhook", "Discord webhook"),
        &["discord.com/api/webhooks", "discordapp.com/api/webhooks"],
        (
            r"discord(?:app)?\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]+",
            103,
        ),
        concat!(
            "discord.com",
            "/api/webhooks/123456789012345678/aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4cD5eF6gH7iJ8kL9mN0oP1qR2sT3"
        ),
        "https://discord.com/api/webhooks/123",
        "discord.com/developers/docs/resources/webhook, read 22 Nov 2026",
    ),
    Rule {
        reach: Reach::Secret,
        ..token(
            ("telegram-bot", "Telegram bot token"),
            &[":aa"],
            (edge!("[0-9]+:AA[A-Za-z0-9_-]+"), 44),
            concat!("1234567890", ":AAaB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1"),
            "12:34:56 and 12345678:AABB",
            "core.telegram.org/bots/api, authorizing your bot, read 22 Nov 2026",
        )
    },
    // --- payment, mail, telephony --------------------------------------------------------------------
    token(
        ("stripe", "Stripe secret or restricted key"),
        &["sk_live_", "rk_live_", "sk_test_", "rk_test_"],
        ("[sr]k_(?:live|test)_[A-Za-z0-9]+", 24),
        concat!("sk", "_live_aB1cD2eF3gH4iJ5kL6mN7oP8"),
        "sk_live_key",
        "docs.stripe.com/keys, read 22 Nov 2026",
    ),
    token(
        ("stripe-webhook", "Stripe webhook secret"),
        &["whsec_"],
        ("whsec_[A-Za-z0-9+/]+={0,2}", 30),
        concat!("wh", "sec_aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV"),
        "whsec_secret",
        "docs.stripe.com/webhooks, read 22 Nov 2026",
    ),
    token(
        ("square", "Square token"),
        &["sq0atp-", "sq0csp-"],
        ("sq0[a-z]{3}-[A-Za-z0-9_-]+", 29),
        concat!("sq", "0atp-aB1cD2eF3gH4iJ5kL6mN7o"),
        "sq0atp-x",
        "developer.squareup.com/docs, access tokens, read 22 Nov 2026",
    ),
    token(
        ("shopify", "Shopify token"),
        &["shpat_", "shpca_", "shppa_", "shpss_"],
        ("shp(?:at|ca|pa|ss)_[a-fA-F0-9]+", 38),
        concat!("sh", "pat_0123456789abcdef0123456789abcdef"),
        "shpat_token",
        "shopify.dev/docs/apps/build/authentication, read 22 Nov 2026",
    ),
    Rule {
        reach: Reach::Secret,
        ..token(
            ("sendgrid", "SendGrid key"),
            &["sg."],
            (edge!(r"SG\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"), 69),
            concat!(
                "SG",
                ".aB1cD2eF3gH4iJ5kL6mN7o.aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4c"
            ),
            "SG.1 and MSG.",
            "twilio.com/docs/sendgrid, API keys, read 22 Nov 2026",
        )
    },
    Rule {
        reach: Reach::Secret,
        ..token(
            ("twilio", "Twilio API key"),
            &["sk"],
            (edge!("SK[0-9a-f]+"), 34),
            concat!("S", "K0123456789abcdef0123456789abcdef"),
            "TASK0123456789abcdef0123456789abcdef",
            "twilio.com/docs/iam/api-keys, read 22 Nov 2026",
        )
    },
    // --- operations ------------------------------------------------------------------------------------
    token(
        ("grafana", "Grafana token"),
        &["glsa_", "glc_"],
        (
            "gl(?:sa_[A-Za-z0-9]+_[0-9a-fA-F]+|c_[A-Za-z0-9+/]+={0,2})",
            36,
        ),
        concat!("gl", "sa_aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV_0123abcd"),
        "glsa_x and glc_y",
        "grafana.com/docs, service accounts, read 22 Nov 2026",
    ),
    token(
        ("sentry", "Sentry organisation token"),
        &["sntrys_"],
        ("sntrys_[A-Za-z0-9+/=_]+", 57),
        concat!(
            "sn",
            "trys_eyJpYXQiOjE3MDAwMDAwMDAuMCwidXJsIjoiaHR0cHM6Ly9zZW50cnkuaW8ifQ=="
        ),
        "sntrys_token",
        "docs.sentry.io/account/auth-tokens, read 22 Nov 2026",
    ),
    token(
        ("linear", "Linear API key"),
        &["lin_api_"],
        ("lin_(?:api|oauth)_[A-Za-z0-9]+", 40),
        concat!("li", "n_api_aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3a"),
        "lin_api_key",
        "linear.app/developers, read 22 Nov 2026",
    ),
    token(
        ("notion", "Notion token"),
        &["ntn_"],
        ("ntn_[A-Za-z0-9]+", 44),
        concat!("nt", "n_123456789012aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0u"),
        "ntn_id",
        "developers.notion.com, authorization, read 22 Nov 2026",
    ),
    token(
        ("age", "age secret key"),
        &["age-secret-key-1"],
        ("AGE-SECRET-KEY-1[0-9A-Z]+", 74),
        concat!(
            "AGE-SECRET-",
            "KEY-1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQQPZRY9X8GF2TVDW0S3JN54KH"
        ),
        "AGE-SECRET-KEY-1",
        "age-encryption.org/v1, read 22 Nov 2026",
    ),
    // --- structures --------------------------------------------------------------------------------------
    Rule {
        reach: Reach::Armour,
        ..token(
            ("private-key", "private key in PEM armour, with its body"),
            &["private key"],
            (
                r"-----BEGIN[ \t]+(?:[A-Z0-9]+[ \t]+){0,4}PRIVATE[ \t]+KEY(?:[ \t]+BLOCK)?[ \t]*-----",
                27,
            ),
            concat!(
                "-----BEGIN OPENSSH PRIV",
                "ATE KEY-----\n",
                "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n",
                "QyNTUxOQAAACB=\n-----END OPENSSH PRIVATE KEY-----",
            ),
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----",
            "RFC 7468; openssh PROTOCOL.key",
        )
    },
    Rule {
        reach: Reach::Secret,
        ..token(
            ("jwt", "JSON web token"),
            &["eyj"],
            (
                edge!(r"eyJ[A-Za-z0-9]+\.eyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?"),
                27,
            ),
            concat!(
                "ey",
                "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
            ),
            "eyJ and eyJhbGciOiJIUzI1NiJ9",
            "RFC 7519; header and claims are JSON objects, so both parts begin with eyJ",
        )
    },
    in_context(
        ("url-password", "password in a URL"),
        &["://"],
        (r#"://[^\s/:@"'<>\\]*:(?<secret>[^\s/@"'<>\\]+)@"#, 3),
        ("postgres://app:s3cr3t-pw@db.example:5432/x", "s3cr3t-pw"),
        "http://localhost:8080/a@b postgres://user:${PASSWORD}@host/",
        "RFC 3986 section 3.2.1",
    ),
    in_context(
        ("authorization", "credentials of an Authorization header"),
        &["authorization"],
        (
            r#"(?i)authorization\\*["']?[ \t]*[:=][ \t]*\\*["']?(?:bearer|basic|token)[ \t]+(?<secret>[A-Za-z0-9._~+/=-]+)"#,
            16,
        ),
        (
            "Authorization: Bearer 0aB1cD2eF3gH4iJ5kL6m",
            "0aB1cD2eF3gH4iJ5kL6m",
        ),
        "Authorization: Bearer $TOKEN",
        "RFC 9110 section 11.6.2; RFC 6750; RFC 7617",
    ),
    in_context(
        ("assignment", "password, secret or token in quotes"),
        &[
            "password",
            "passwd",
            "pwd",
            "secret",
            "token",
            "aws_access_key_id",
        ],
        (
            r#"(?i)(?:passw(?:or)?d|pwd|secret|token|aws_access_key_id|aws_secret_access_key)\\*["']?[ \t\r\n]*[:=]*[ \t\r\n:=]\\*["'](?<secret>(?:[^"'\\\n]|\\[^"'\n])+)"#,
            6,
        ),
        (r#""password": "correct horse""#, "correct horse"),
        r#"token: "${TOKEN}", password: "", secret="<secret>""#,
        "preset of the system that this one replaces",
    ),
    in_context(
        ("hex-key", "32 hexadecimal digits before a colon"),
        &[":"],
        (r"(?:^|[^0-9A-Za-z_]|\\[bfnrt])(?<secret>[a-f0-9]{32}):", 32),
        (
            "0123456789abcdef0123456789abcdef:x",
            "0123456789abcdef0123456789abcdef",
        ),
        "0123456789abcdef0123456789abcde: and 0123456789abcdef0123456789abcdef",
        "preset of the system that this one replaces",
    ),
];
