//! What looks like a secret and is none.

use super::digits;
use super::encode::{base64, base64_for_urls};
use super::person;
use super::piece::{Class, Piece};
use super::random::Random;
use super::styles;

/// Digests, ids, numbers: a value by its kind. `None` if there is no such kind.
pub(super) fn value(kind: &str, random: &mut Random) -> Option<Piece> {
    let text = match kind {
        "uuid" => random.uuid(),
        "sha1" => random.hex(40),
        "sha256" => random.hex(64),
        "md5" => random.hex(32),
        "short" => random.hex(8),
        "digest" => format!("sha256:{}", random.hex(64)),
        "trace" => format!("00-{}-{}-01", random.hex(32), random.hex(16)),
        "integrity" => format!("sha512-{}", base64(&random.bytes(64))),
        "gosum" => format!("h1:{}", base64(&random.bytes(32))),
        "etag" => format!("W/\"{}\"", base64_for_urls(&random.bytes(20))),
        "image" => format!("data:image/png;base64,{}", base64(&image(random))),
        "font" => format!(
            "url(data:font/woff2;base64,{})",
            base64(&[b"wOF2".to_vec(), random.bytes(600)].concat())
        ),
        "minified" => minified(random),
        "epoch" => random
            .between(1_600_000_000_000, 1_800_000_000_000)
            .to_string(),
        "date" => format!(
            "20{}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            random.between(20, 26),
            random.between(1, 12),
            random.between(1, 28),
            random.between(0, 23),
            random.between(0, 59),
            random.between(0, 59)
        ),
        "ver" => format!(
            "{}.{}.{}",
            random.between(0, 20),
            random.between(0, 40),
            random.between(0, 30)
        ),
        "order" => format!(
            "{}-{}-{}",
            random.pick(&["ORD", "INV", "PO"]),
            random.between(2020, 2026),
            random.digits(8)
        ),
        "num" => {
            let count = random.between(5, 9);
            random.digits(count)
        }
        "long" => number_of_no_card(random),
        "small" => random.between(1, 900).to_string(),
        "colour" => format!("#{}", random.hex(6)),
        "badcard" => person::no_card(random),
        "badiban" => person::no_iban(random),
        "request" => format!(
            "req_{}",
            random.text("abcdefghijklmnopqrstuvwxyz0123456789", 24)
        ),
        "arn" => format!(
            "arn:aws:iam::{}:role/{}",
            random.digits(12),
            random.pick(&["deploy", "reader", "ci-runner"])
        ),
        "pod" => format!(
            "{}-{}-{}",
            random.pick(&["api", "worker", "web"]),
            random.hex(10),
            random.text("bcdfghjklmnpqrstvwxz2456789", 5)
        ),
        "ulid" => format!("01{}", random.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 24)),
        "css" => format!(
            ".{}_{} {{ color: #{}; }}",
            random.pick(&["btn", "card", "nav"]),
            random.text("abcdefghijklmnop0123456789", 8),
            random.hex(6)
        ),
        "i18n" => random
            .pick(&[
                "Passwort vergessen?",
                "Enter your password",
                "Mot de passe oublié ?",
                "Your API key has expired",
                "Contraseña incorrecta",
            ])
            .to_owned(),
        "placeholder" => random
            .pick(&[
                "<your-api-key>",
                "YOUR_API_KEY",
                "xxxxxxxxxxxxxxxx",
                "********",
                "${SECRET}",
                "{{ secret }}",
                "REPLACE_ME",
                "<redacted>",
            ])
            .to_owned(),
        "publishable" => return Some(publishable(random)),
        _ => return None,
    };
    Some(Piece::negative(kind, text))
}

/// A tracking number. One that passes Luhn could be a card, and nobody could tell.
fn number_of_no_card(random: &mut Random) -> String {
    let body = random.digits(18);
    format!("{body}{}", (digits::luhn(&body) + 3) % 10)
}

/// Stripe lets it be seen by everybody; some still want it reported.
fn publishable(random: &mut Random) -> Piece {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let key = format!("pk_live_51{}", random.text(LETTERS, 97));
    Piece::labelled(Class::Either, "publishable-key", key)
}

fn image(random: &mut Random) -> Vec<u8> {
    let count = random.between(300, 1200);
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(),
        random.bytes(count),
    ]
    .concat()
}

fn minified(random: &mut Random) -> String {
    let mut code = String::from("!function(e,t){\"use strict\";");
    for _ in 0..random.between(8, 20) {
        let [a, b, c] = [(); 3].map(|()| random.text("abcdefghijklmnopqrstuvwxyz", 1));
        code.push_str(&match random.below(4) {
            0 => format!(
                "var {a}=function({b}){{return {b}.{c}&&{b}.{c}({})}};",
                random.below(999)
            ),
            1 => format!(
                "for(var {a}=0;{a}<{b}.length;{a}++){c}[{a}]^={};",
                random.below(65_536)
            ),
            2 => format!("{a}.token={b}.nextToken(),{a}.password=null,{c}.key=\"{b}{c}\";"),
            _ => format!(
                "if({a}!=={b}&&\"{c}\"in t)throw Error({});",
                random.below(500)
            ),
        });
    }
    code + "}(window,document);"
}

/// Documentation's own examples: of a real format, but nobody's secret.
pub(super) fn of_documentation(random: &mut Random) -> Piece {
    let text = random.pick(&[
        concat!("AKIA", "IOSFODNN7EXAMPLE"),
        concat!("wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYEXAMPLEKEY"),
        concat!("sk_test_", "4eC39HqLyjWDarjtT1zdp7dc"),
        concat!(
            "xoxb-",
            "123456789012-1234567890123-XXXXXXXXXXXXXXXXXXXXXXXX"
        ),
        concat!("4242 4242 ", "4242 4242"),
        concat!("GB82 WEST ", "1234 5698 7654 32"),
        concat!(
            "SG.",
            "xxxxxxxxxxxxxxxxxxxxxx.yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
        ),
        "user@example.com",
    ]);
    Piece::labelled(Class::Either, "documentation", text)
}

/// Names of variables that hold nothing secret, with the kind of their value.
const HARMLESS: &[(&str, &str)] = &[
    ("COMMIT_SHA", "sha1"),
    ("BUILD_ID", "uuid"),
    ("REQUEST_ID", "uuid"),
    ("FILE_CHECKSUM", "sha256"),
    ("CONTENT_MD5", "md5"),
    ("IMAGE_DIGEST", "digest"),
    ("TENANT_ID", "uuid"),
    ("CLIENT_ID", "uuid"),
    ("MAX_TOKENS", "small"),
    ("TOKEN_LIMIT", "small"),
    ("PASSWORD_MIN_LENGTH", "small"),
    ("CACHE_VERSION", "ver"),
    ("RELEASE", "ver"),
    ("CREATED_AT", "date"),
    ("LAST_SEEN", "epoch"),
    ("ORDER_NUMBER", "order"),
    ("PRIMARY_COLOR", "colour"),
    ("TRACE_PARENT", "trace"),
    ("ETAG", "etag"),
    ("API_KEY", "placeholder"),
    ("DB_PASSWORD", "placeholder"),
    ("CUSTOMER_NO", "num"),
    ("SNOWFLAKE", "long"),
    ("ROLE_ARN", "arn"),
    ("POD_NAME", "pod"),
    ("EVENT_ID", "ulid"),
    ("LOGO", "image"),
    ("STRIPE_PUBLISHABLE_KEY", "publishable"),
    ("PASSWORD_HINT", "i18n"),
    ("SESSION_KEY_PREFIX", "short"),
    ("TOKENIZER_SHA", "sha256"),
    ("TREE_HASH", "sha1"),
    ("DEVICE_ID", "uuid"),
];

/// A line in a style that gives a name a harmless value.
pub(super) fn line(style: &str, random: &mut Random) -> Piece {
    let (name, kind) = HARMLESS
        .get(random.below(HARMLESS.len()))
        .copied()
        .unwrap_or(("BUILD_ID", "uuid"));
    let (before, after) = styles::line(style, name, random);
    let mut value = value(kind, random).unwrap_or_default();
    let opens_quote = before.ends_with('"');
    if opens_quote {
        value.text = value.text.replace('"', "");
    }
    let mut line = Piece::plain(before);
    line.push(value);
    line.push_str(&after);
    line
}

/// Code and prose about passwords that holds none.
pub(super) fn code(style: &str, random: &mut Random) -> Piece {
    let lines: &[&str] = match style {
        "py" => &[
            "password = getpass.getpass(\"Password: \")",
            "token = request.headers.get(\"Authorization\")",
            "secret = os.environ[\"APP_SECRET\"]",
            "def check_password(password: str, hashed: str) -> bool:",
            "api_key = config.get(\"api_key\")",
            "assert user.password != new_password",
            "tokens = tokenizer.encode(text)",
            "secret_key = load_key(path_to_secret_key)",
        ],
        "ts" => &[
            "const token = await getToken();",
            "interface Login { user: string; password: string }",
            "const apiKey = process.env.API_KEY!;",
            "if (!password || password.length < minPasswordLength) throw new Error('password too short');",
            "type Secret = { name: string; value: string };",
            "headers: { Authorization: `Bearer ${accessToken}` },",
        ],
        "go" => &[
            "\ttoken := r.Header.Get(\"Authorization\")",
            "\tpassword := os.Getenv(\"DB_PASSWORD\")",
            "\tif err := bcrypt.CompareHashAndPassword(hash, []byte(password)); err != nil {\n\t\treturn err\n\t}",
            "\tsecretKey, err := vault.Read(ctx, secretPath)",
        ],
        "sh" => &[
            "read -rs -p \"Password: \" PASSWORD",
            "TOKEN=$(cat /run/secrets/token)",
            "export API_KEY=\"$(pass show api/key)\"",
            "PGPASSWORD=\"$DB_PASSWORD\" psql -U app",
            "curl -H \"Authorization: Bearer $TOKEN\" \"$URL\"",
        ],
        "java" => &[
            "    char[] password = console.readPassword(\"Password: \");",
            "    private String passwordHash;",
            "    String token = request.getHeader(\"X-Auth-Token\");",
            "    @Value(\"${spring.datasource.password}\") String password;",
        ],
        "rust" => &[
            "    let token = std::env::var(\"API_TOKEN\")?;",
            "    pub password: SecretString,",
            "    fn verify_password(password: &str, hash: &str) -> Result<bool, Error>;",
            "    let secret_key = SecretKey::random(&mut rng);",
        ],
        "tf" => &[
            "  password = var.db_password",
            "  secret_id = aws_secretsmanager_secret.db.id",
            "  token = data.vault_generic_secret.ci.data[\"token\"]",
            "  access_key = local.access_key",
        ],
        "php" => &[
            "$password = $_POST['password'];",
            "$token = bin2hex(random_bytes(32));",
            "if (password_verify($password, $user->password_hash)) {",
        ],
        "cs" => &[
            "        public string Password { get; set; }",
            "        var token = configuration[\"Auth:Token\"];",
            "        string apiKey = Environment.GetEnvironmentVariable(\"API_KEY\");",
        ],
        "ruby" => &[
            "password = params[:password]",
            "token = SecureRandom.hex(32)",
            "  config.secret_key_base = Rails.application.credentials.secret_key_base",
        ],
        _ => &[
            "The password must have at least 12 characters.",
            "Tokens expire after 3600 seconds.",
            "How do I rotate an API key without downtime?",
            "Please never send passwords by mail.",
            "max_tokens: 4096, temperature: 0.2",
        ],
    };
    Piece::negative("code-about-secrets", random.pick(lines))
}
