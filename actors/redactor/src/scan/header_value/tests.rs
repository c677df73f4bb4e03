use super::*;
use crate::scan::probe::Probe;
use crate::table::credentials;

fn probe() -> Probe {
    Probe::new(build, credentials::generic())
}

const FOUND: &[(&str, &str)] = &[
    ("docker login x.example -u app -p T5dv-Pa#\n", "T5dv-Pa#"),
    ("docker login -u 'app' -p 'T5dv-Pa#'", "T5dv-Pa#"),
    (
        "Authorization: Bearer 0aB1cD2eF3gH4iJ5kL6m\r\n",
        "0aB1cD2eF3gH4iJ5kL6m",
    ),
    (
        "\"Authorization\": \"Bearer 0aB1cD2eF3gH4iJ5kL6m\"",
        "0aB1cD2eF3gH4iJ5kL6m",
    ),
    (
        "curl -H 'Authorization: Basic dXNlcjpQYXNzdzByZDE='",
        "dXNlcjpQYXNzdzByZDE=",
    ),
    (
        "Proxy-Authorization: Basic dXNlcjpQYXNzdzByZDE=",
        "dXNlcjpQYXNzdzByZDE=",
    ),
    ("authorization=token 0aB1cD2eF3gH", "0aB1cD2eF3gH"),
    (
        "setHeader(\"Authorization\", \"Bearer 0aB1cD2eF3gH4iJ5\")",
        "0aB1cD2eF3gH4iJ5",
    ),
    (
        "{\\\"authorization\\\":\\\"Bearer 0aB1cD2eF3gH4iJ5\\\"}",
        "0aB1cD2eF3gH4iJ5",
    ),
    (
        "Authorization: 0aB1cD2eF3gH4iJ5kL6m",
        "0aB1cD2eF3gH4iJ5kL6m",
    ),
    (
        "Authorization: Digest username=\"a\", response=\"0123456789abcdef0123456789abcdef\"",
        "0123456789abcdef0123456789abcdef",
    ),
    (
        "Authorization: Zoho-oauthtoken 0aB1cD2eF3gH4iJ5kL6m",
        "0aB1cD2eF3gH4iJ5kL6m",
    ),
    (
        "Authorization: GoogleLogin auth=0aB1cD2eF3gH4iJ5kL6m",
        "0aB1cD2eF3gH4iJ5kL6m",
    ),
    ("curl -uadmin:Tr0ub4dor https://x.example", "Tr0ub4dor"),
    ("curl --user=admin:Tr0ub4dor https://x.example", "Tr0ub4dor"),
    ("Cookie: cf_clearance=aB1cD2eF3gH4iJ5k", "aB1cD2eF3gH4iJ5k"),
    ("send Bearer 0aB1cD2eF3gH4iJ5kL6m.", "0aB1cD2eF3gH4iJ5kL6m"),
    (
        "Cookie: theme=dark; sessionid=aB1cD2eF3gH4iJ5k; x=y",
        "aB1cD2eF3gH4iJ5k",
    ),
    (
        "Set-Cookie: connect.sid=s%3AaB1cD2eF3gH4iJ5k; Path=/",
        "s%3AaB1cD2eF3gH4iJ5k",
    ),
    ("curl -u admin:Tr0ub4dor https://x.example", "Tr0ub4dor"),
    (
        "curl --user 'admin:correct horse' https://x.example",
        "correct horse",
    ),
    (
        "machine x.example login me password s3cr3t-pw\n",
        "s3cr3t-pw",
    ),
    (
        "machine x.example\n  login me\n  password s3cr3t-pw",
        "s3cr3t-pw",
    ),
    (
        "//r.example/:_authToken=aB1cD2eF3gH4iJ5k\n",
        "aB1cD2eF3gH4iJ5k",
    ),
];

const LEFT: &[&str] = &[
    "docker login -u app -p $PASSWORD",
    "tool -u app -p 8080",
    "journalctl -u nenya -p warning",
    "Authorization: Bearer $TOKEN",
    "Authorization: Bearer <token>",
    "Authorization: Bearer YOUR_ACCESS_TOKEN",
    "\"Authorization\": \"Bearer \" + token",
    "Authorization: Bearer ${token}",
    "Authorization: Bearer authentication",
    "WWW-Authenticate: Basic realm=\"x\"",
    "The bearer of this document is entitled",
    "bearer authentication-is-described-here",
    "Cookie: theme=dark; lang=en",
    "cookie: session=open",
    "Set-Cookie: session=; Max-Age=0",
    "docker run -u 1000:1000 image",
    "git push -u origin main",
    "curl -u user:password https://x.example",
    "curl -u $USER:$PASSWORD https://x.example",
    "machine learning and login names",
    "//r.example/:_authToken=${NPM_TOKEN}",
    "f'machine {host}{path} login {self.user} password {self.password}'",
    "self._proxy_auth = proxy_auth",
    "_auth = proxy_auth",
    "authorization: required",
];

#[test]
fn credentials_in_headers_and_files_are_found() {
    for (text, secret) in FOUND {
        assert_eq!(probe().found(text), [*secret], "{text}");
    }
}

#[test]
fn what_is_no_credential_stays() {
    for text in LEFT {
        assert_eq!(probe().found(text), [""; 0], "{text}");
    }
}

#[test]
fn only_the_value_is_held() {
    let text = "Authorization: Bearer 0aB1";
    assert_eq!(probe().holds(text), Some(22));
    assert_eq!(probe().holds("the bearer of "), None);
}

#[test]
fn two_cookies_are_two_findings() {
    let text = "Cookie: sid=aB1cD2eF3gH4iJ5k; token=0123456789abcdef01; x=y";
    assert_eq!(
        probe().found(text),
        ["aB1cD2eF3gH4iJ5k", "0123456789abcdef01"]
    );
    probe().check_prefixes(text);
}

#[test]
fn answers_on_prefixes_never_contradict() {
    let texts = FOUND.iter().map(|(text, _)| *text);
    for text in texts.chain(LEFT.iter().copied()) {
        probe().check_prefixes(text);
    }
}
