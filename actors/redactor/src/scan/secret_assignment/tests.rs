use super::*;
use crate::scan::probe::Probe;
use crate::table::credentials;

/// Texts, each with the value that must go.
const FOUND: &[(&str, &str)] = &[
    ("ADMIN_PASSWORD=Dragon763#", "Dragon763#"),
    ("I set DB_PASSWORD to letmein715@ and", "letmein715@"),
    ("user=a&password=football_fF2Go4&x=y", "football_fF2Go4"),
    (
        "apiKey: process.env.API_KEY ?? '0123456789abcdef01'",
        "0123456789abcdef01",
    ),
    ("password = \"correct horse\"", "correct horse"),
    ("\"password\": \"hunter2!\",", "hunter2!"),
    ("{\\\"password\\\": \\\"hunter2!\\\"}", "hunter2!"),
    ("password: 'it''s'; passwd='Tr0ub4dor&3'", "Tr0ub4dor&3"),
    (
        "pwd = \"say \\\"friend\\\" twice\"",
        "say \\\"friend\\\" twice",
    ),
    ("DB_PASSWORD=s3cr3tpassw0rd\n", "s3cr3tpassw0rd"),
    ("export PGPASSWORD='sunshine'", "sunshine"),
    ("MYSQL_PWD=sunshine\nX=1", "sunshine"),
    ("api_key: aB1cD2eF3gH4iJ5kL6mN", "aB1cD2eF3gH4iJ5kL6mN"),
    ("apiKey: \"aB1cD2eF3gH4iJ5kL6mN\"", "aB1cD2eF3gH4iJ5kL6mN"),
    (
        "const clientSecret: string = 'xK9pQ2mZ7wR4'",
        "xK9pQ2mZ7wR4",
    ),
    ("--token=aB1cD2eF3gH4iJ5k", "aB1cD2eF3gH4iJ5k"),
    ("tool --api-key aB1cD2eF3gH4iJ5k go", "aB1cD2eF3gH4iJ5k"),
    (
        "X-Api-Key: 3f2504e0-4f89-11d3-9a0c-0305e82c3301\r\n",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    ),
    ("<password>Tr0ub4dor</password>", "Tr0ub4dor"),
    ("token is aB1cD2eF3gH4iJ5k.", "aB1cD2eF3gH4iJ5k"),
    (
        "SECRET_KEY_BASE=0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef",
    ),
    (
        "\"auths\": {\"x\": {\"auth\": \"dXNlcjpQYXNzdzByZDE=\"}}",
        "dXNlcjpQYXNzdzByZDE=",
    ),
    ("ALTER ROLE app WITH PASSWORD 'n3w-pw-77';", "n3w-pw-77"),
    ("define('DB_PASSWORD', 'b3tter-pw');", "b3tter-pw"),
    ("?access_token=aB1cD2eF3gH4iJ5k&x=1", "aB1cD2eF3gH4iJ5k"),
    (
        "MAILGUN_KEY=aB1cD2eF3gH4iJ5kL6mN7o",
        "aB1cD2eF3gH4iJ5kL6mN7o",
    ),
    ("password: str = \"Tr0ub4dor&3\"", "Tr0ub4dor&3"),
    ("db_password: |-\n  hunter-Vio1et-92\n", "hunter-Vio1et-92"),
    ("passwords:\n  - hunter-Vio1et-92\n", "hunter-Vio1et-92"),
    ("password: !!str hunter-Vio1et-92\n", "hunter-Vio1et-92"),
    (
        "variable \"db_password\" {\n  type = string\n  default = \"hunter-Vio1et-92\"",
        "hunter-Vio1et-92",
    ),
    ("ENV DB_PASSWORD hunter-Vio1et-92", "hunter-Vio1et-92"),
    (
        "{\"name\":\"password\",\"type\":\"text\",\"value\":\"hunter-Vio1et-92\"}",
        "hunter-Vio1et-92",
    ),
    ("[\"--password\", \"hunter-Vio1et-92\"]", "hunter-Vio1et-92"),
    (
        "{\"ParameterKey\":\"DBPassword\",\"ParameterValue\":\"hunter-Vio1et-92\"}",
        "hunter-Vio1et-92",
    ),
    (
        "<wsse:Password Type=\"x#PasswordText\">hunter-Vio1et-92</wsse:Password>",
        "hunter-Vio1et-92",
    ),
    (
        "<entry key=\"db.password\">hunter-Vio1et-92</entry>",
        "hunter-Vio1et-92",
    ),
    (
        "<key>Password</key>\n<string>hunter-Vio1et-92</string>",
        "hunter-Vio1et-92",
    ),
    (
        "<password><![CDATA[hunter-Vio1et-92]]></password>",
        "hunter-Vio1et-92",
    ),
    (
        "<Password>\n  hunter-Vio1et-92\n</Password>",
        "hunter-Vio1et-92",
    ),
    ("| **Password** | `hunter-Vio1et-92` |", "hunter-Vio1et-92"),
    ("| password | hunter-Vio1et-92 |", "hunter-Vio1et-92"),
    ("- **Password:** hunter-Vio1et-92", "hunter-Vio1et-92"),
    ("Password: **hunter-Vio1et-92**", "hunter-Vio1et-92"),
    ("Password:\n```\nhunter-Vio1et-92\n```", "hunter-Vio1et-92"),
    (
        "the password for the server is hunter-Vio1et-92",
        "hunter-Vio1et-92",
    ),
    (
        "Incorrect API key provided: q8Zk2mXw9LrT4vBn8s.",
        "q8Zk2mXw9LrT4vBn8s",
    ),
    (
        "the token `q8Zk2mXw9LrT4vBn8s` is old",
        "q8Zk2mXw9LrT4vBn8s",
    ),
    ("password -> hunter-Vio1et-92", "hunter-Vio1et-92"),
    ("password → hunter-Vio1et-92", "hunter-Vio1et-92"),
    (".setPassword(\"hunter-Vio1et-92\")", "hunter-Vio1et-92"),
    ("Das Passwort lautet hunter-Vio1et-92", "hunter-Vio1et-92"),
    ("mi contraseña es hunter-Vio1et-92", "hunter-Vio1et-92"),
    ("пароль: hunter-Vio1et-92", "hunter-Vio1et-92"),
    ("密码是hunter-Vio1et-92", "hunter-Vio1et-92"),
    ("API密钥：q8Zk2mXw9LrT4vBn8s", "q8Zk2mXw9LrT4vBn8s"),
    ("requirepass hunter-Vio1et-92\n", "hunter-Vio1et-92"),
];

const LEFT: &[&str] = &[
    "getpass(\\\"Password: \\\")\\napi = config.get(\\\"x\\\")",
    "ask(\"Password: \") + ask(\"Name: \")",
    "Use the token to get on",
    "the password to log in",
    "token = getToken()",
    "password = config.password",
    "token: process.env.TOKEN,",
    "this.secret = self.secret",
    "password = args[0]",
    "password: string;",
    "token: Option<String>",
    "token: &str,",
    "password: String,",
    "api_key=${API_KEY}",
    "api_key: {{ api_key }}",
    "password = \"%s\"",
    "secret = $(pass show x)",
    "token = \"xxxxxxxxxxxx\"",
    "password: ********",
    "API_KEY=your-api-key",
    "password=changeme",
    "token: null",
    "token=undefined",
    "password: \"[REDACTED]\"",
    "PASSWORD_FILE=/run/secrets/db",
    "secret: /run/secrets/db_password",
    "token_url = \"https://login.example/oauth/token\"",
    "token: the next token",
    "The token: each one counts",
    "max_tokens = 4096",
    "\"total_tokens\": 123456789",
    "\"secret_name\": \"prod-db-aB1cD2eF3\"",
    "public_key = \"aB1cD2eF3gH4iJ5kL6mN7oP8\"",
    "primary_key: \"user_id1234abc\"",
    "token_type: \"Bearer\"",
    "\"password\": \"Enter your password\"",
    "<input type=\"password\" name=\"pw\" placeholder=\"Password1\">",
    "password_hash = \"$2b$12$aB1cD2eF3gH4iJ5kL6mN7o\"",
    "password = \"$2b$12$aB1cD2eF3gH4iJ5kL6mN7o\"",
    "integrity: sha512-aB1cD2eF3gH4iJ5kL6mN7oP8",
    "tokenHash: sha256:0123456789abcdef0123456789abcdef",
    "key: value",
    "monkey = aB1cD2eF3gH4iJ5kL6mN7oP8",
    "token = new CancellationToken()",
    "secret = \"refresh_token\"",
    "api_key=settings.OPENAI_API_KEY",
    "if (password == confirmPassword) {",
    "password: Password must be at least 8 characters",
    "password = user_password",
    "token = tokens[index]",
    "private_key: server.key",
    "password = \"\"",
    "your password is required.",
    "['user', 'password', 'repository']",
    "Pass `size_of` and pass 'these-2'",
    "user_pass = (self.username + x)",
    "const X_PASSWORD_UI: u32 = 131072u32;",
    "the password SHA256-crypt makes",
    "a token RS256WithKeys signs",
    "[\"X_PRIVATE_KEY\",\n \"TR31_M0_ISO_16609_MAC_KEY\"]",
    "<i>token</i>.dkim.amazonses.com",
    "#include <pwd.h>\n#include <grp.h>",
    "the interface identified by %NL80211_ATTR_IFINDEX.",
    "| token | description of it |",
    "<label for=\"password\">Your Password1</label>",
    ".getPassword(\"hunter-Vio1et-92\")",
    "la clave es importante",
    "the password for the server is required.",
    "secret: |\n  the text of it\n",
    "self.password = cfg.get('password')",
    "username, password = proxy_auth",
    "build(username=auth_info[0], password=auth_info[2])",
    "password = base64.b16encode(x[8:])",
    "pkcs_9_ub_challengePassword = univ.Integer(pkcs_9_ub_pkcs9String)",
    "Client(api_key=_sdk.api_key)",
    "api_key = _sdk.api_key",
    "self, private_key: ed25519.Ed25519PrivateKey, f_priv: X",
    "token: CFDataRef,",
    "pub authKey: FWP_BYTE_BLOB,",
    "pub const X_POLICY_ROOT_KEY: i32 = -1073725121i32;",
    "pub const PPWDATA: u32 = 1073836166;",
    "Step { pass: \"consumer\", next: 1 }",
    "\"clientRequestToken\": \"bcd2f1b8-9a78-44d3-8a7a-4dd07d7cf635\",",
    "\"subject_token\": jwt_token,",
    "Win32_System_PasswordManagement = [\"Win32_System\"]",
    "if parsed_url.password:\n    proxy_url = proxy_url.replace(parsed_url.password, '')",
    "pass: `output[i] = inclusive[i] - input[i]`",
    "credential_redacted: \"abc...wxyz\".into(),",
    "'&password='+pass1+'&x='",
    "\"token\": \"[A-Za-z0-9_-]{20,40}\"",
    "?password=$dbPassword1",
    "password: *default_password",
];

fn probe() -> Probe {
    Probe::new(build, credentials::generic())
}

#[test]
fn assigned_secrets_are_found() {
    for (text, secret) in FOUND {
        assert_eq!(probe().found(text), [*secret], "{text}");
    }
}

#[test]
fn what_only_looks_assigned_is_left_alone() {
    for text in LEFT {
        assert_eq!(probe().found(text), [""; 0], "{text}");
    }
}

#[test]
fn only_the_value_is_held() {
    let holds = |text: &str| probe().holds(text);
    assert_eq!(holds("password = \"correct ho"), Some(12));
    assert_eq!(holds("password = "), Some(11));
    assert_eq!(holds("passenger = \"correct ho"), None);
    // What may come is waited for, and nothing is held.
    assert_eq!(holds("password and "), Some(13));
    assert_eq!(holds("the token exa"), Some(13));
    assert_eq!(holds("API_TOKEN q8Z"), Some(10));
}

#[test]
fn answers_on_prefixes_never_contradict() {
    let texts = FOUND.iter().map(|(text, _)| *text);
    for text in texts.chain(LEFT.iter().copied()) {
        probe().check_prefixes(text);
    }
}
