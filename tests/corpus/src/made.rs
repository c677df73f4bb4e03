//! Credentials that take more than a shape: checksums, JWTs, keys with bodies, connection strings.

use super::encode::{base62, base64, base64_for_urls, base64_lines, crc32};
use super::random::Random;
use super::shape::{Made, make};
use super::words::Words;

const ALPHANUMERIC: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The part of a shape that `<name>` stands for. `before` is what has been made so far.
pub(super) fn part(name: &str, before: &str, random: &mut Random) -> Made {
    match name.split_once(':') {
        Some(("url", scheme)) => url(scheme, random),
        _ => match name {
            "uuid" => Made::whole(random.uuid()),
            "crc62" => Made::whole(with_crc(random)),
            "crc16" => Made::whole(format!("{:08X}", crc32(before.as_bytes()))),
            "grafana" => Made::whole(grafana(random)),
            "jwt" => Made::whole(jwt(random)),
            "jwt-service" => Made::whole(service_jwt(random)),
            "ado" => ado(random),
            "jdbc" => jdbc(random),
            "azure-storage" => azure_storage(random),
            "service-bus" => service_bus(random),
            "sas" => shared_access(random),
            _ => Made::whole(String::new()),
        },
    }
}

/// Thirty letters and their CRC, as GitHub and npm have it.
fn with_crc(random: &mut Random) -> String {
    let entropy = random.text(ALPHANUMERIC, 30);
    let sum = base62(crc32(entropy.as_bytes()));
    entropy + &sum
}

/// # Source
/// The CRC is over prefix and secret, in hex, lowest byte first (Grafana, package `satokengen`).
fn grafana(random: &mut Random) -> String {
    let key = format!("glsa_{}", random.text(ALPHANUMERIC, 32));
    let sum = crc32(key.as_bytes()).swap_bytes();
    format!("{key}_{sum:08x}")
}

fn signed(header: &str, claims: &str, random: &mut Random) -> String {
    let [header, claims] = [header, claims].map(|json| base64_for_urls(json.as_bytes()));
    format!("{header}.{claims}.{}", base64_for_urls(&random.bytes(32)))
}

fn jwt(random: &mut Random) -> String {
    let header = random.pick(&[
        r#"{"alg":"HS256","typ":"JWT"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"2024-11"}"#,
        r#"{"alg":"ES256","typ":"at+jwt"}"#,
    ]);
    let (subject, issued) = (random.uuid(), random.between(1_700_000_000, 1_790_000_000));
    let claims = format!(
        r#"{{"sub":"{subject}","iat":{issued},"exp":{},"scope":"read write","jti":"{}"}}"#,
        issued + 3600,
        random.hex(16)
    );
    signed(header, &claims, random)
}

fn service_jwt(random: &mut Random) -> String {
    let reference = random.text("abcdefghijklmnopqrstuvwxyz", 20);
    let claims = format!(
        r#"{{"iss":"supabase","ref":"{reference}","role":"service_role","iat":1700000000,"exp":2015000000}}"#
    );
    signed(r#"{"alg":"HS256","typ":"JWT"}"#, &claims, random)
}

/// A password for the inside of a link: no letter that a link would have to escape.
fn link_password(random: &mut Random) -> String {
    let length = random.between(9, 24);
    random.text(ALPHANUMERIC, length) + random.pick(&["", "!", "-x", "_7", ".q"])
}

fn url(scheme: &str, random: &mut Random) -> Made {
    let host = random.pick(&[
        "db-1.prod.internal",
        "cluster0.k3xq1.example.net",
        "data.eu.internal",
        "pg.svc.local",
    ]);
    let user = random.pick(&["app", "service", "root", "worker", "reader"]);
    let user = if scheme == "redis" {
        random.pick(&["", "default"])
    } else {
        user
    };
    let tail = match scheme {
        "postgresql" => ":5432/main?sslmode=require",
        "mysql" => ":3306/shop",
        "mongodb+srv" => "/orders?retryWrites=true&w=majority",
        "redis" => ":6379/0",
        "amqps" => ":5671/%2f",
        "clickhouse" => ":9440/stats",
        "smtps" => ":465",
        "sftp" => "/backups/daily",
        _ => "/hooks/deploy",
    };
    Made::within(
        &format!("{scheme}://{user}:"),
        &link_password(random),
        &format!("@{host}{tail}"),
    )
}

fn ado(random: &mut Random) -> Made {
    let password = link_password(random);
    Made::within(
        "Server=tcp:sql-1.internal,1433;Initial Catalog=crm;User ID=crm_app;Password=",
        &password,
        ";Encrypt=True;",
    )
}

fn jdbc(random: &mut Random) -> Made {
    let password = link_password(random);
    Made::within(
        "jdbc:mysql://orders-db:3306/orders?user=orders&password=",
        &password,
        "&useSSL=true",
    )
}

fn azure_storage(random: &mut Random) -> Made {
    let key = make("[A-Za-z0-9+/]{76}+ASt[A-Za-z0-9+/]{5}[AQgw]==", random).text;
    Made::within(
        "DefaultEndpointsProtocol=https;AccountName=prodmedia;AccountKey=",
        &key,
        ";EndpointSuffix=core.windows.net",
    )
}

fn service_bus(random: &mut Random) -> Made {
    let key = make(
        "[A-Za-z0-9+/]{33}+ASb[A-Za-z0-9+/]{5}[AEIMQUYcgkosw048]=",
        random,
    )
    .text;
    Made::within(
        "Endpoint=sb://orders.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=",
        &key,
        "",
    )
}

fn shared_access(random: &mut Random) -> Made {
    let signature = random.text(ALPHANUMERIC, 41) + "%3D";
    Made::within(
        "https://prodmedia.blob.core.windows.net/exports?sv=2023-11-03&ss=b&srt=co&sp=rl&se=2027-01-01T00:00:00Z&sig=",
        &signature,
        "",
    )
}

/// A password as people choose them: a word with decoration, or one from a password manager.
pub(super) fn password(random: &mut Random, words: &Words) -> String {
    const SYMBOLS: &str = "!@#%^*-_+=?";
    match random.below(5) {
        0 => format!(
            "{}{}{}",
            random.pick(words.weak),
            random.between(10, 2029),
            random.pick(&["!", "#", "", "@", "$"])
        ),
        1 => format!(
            "{}_{}",
            random.pick(words.weak).to_lowercase(),
            random.text(ALPHANUMERIC, 6)
        ),
        2 => {
            let groups: Vec<String> = (0..4)
                .map(|_| random.text("abcdefghjkmnpqrstuvwxyz23456789", 5))
                .collect();
            groups.join("-")
        }
        _ => {
            let mut letters: Vec<char> = random.text(ALPHANUMERIC, 12).chars().collect();
            letters.extend(random.text(SYMBOLS, 4).chars());
            random.shuffle(&mut letters);
            let rest: String = letters.into_iter().collect();
            random.text("ABCDEFGHKMNPQRSTUVWXYZ", 1) + &rest
        }
    }
}

/// A token of nobody in particular.
pub(super) fn token(random: &mut Random) -> String {
    match random.below(5) {
        0 => random.hex(32),
        1 => random.hex(64),
        2 => base64(&random.bytes(32)),
        3 => random.text(ALPHANUMERIC, 32),
        _ => base64_for_urls(&random.bytes(36)),
    }
}

/// A whole private key with its armour: the kind, and the text.
pub(super) fn private_key(random: &mut Random) -> (&'static str, String) {
    match random.below(5) {
        0 => ("pem-rsa-key", armoured("RSA PRIVATE KEY", &rsa(random))),
        1 => ("pem-ec-key", armoured("EC PRIVATE KEY", &elliptic(random))),
        2 => ("pem-pkcs8-key", armoured("PRIVATE KEY", &pkcs8(random))),
        3 => (
            "openssh-key",
            armoured("OPENSSH PRIVATE KEY", &openssh(random)),
        ),
        _ => {
            let body = base64_lines(&random.bytes(480), 64);
            let sum = random.text(ALPHANUMERIC, 4);
            (
                "pgp-key",
                between("PGP PRIVATE KEY BLOCK", &format!("\n{body}\n={sum}")),
            )
        }
    }
}

/// A certificate or public key: looks like a private one from afar.
pub(super) fn public_key(random: &mut Random) -> (&'static str, String) {
    let body = sequence(&[integer(&random.bytes(256)), integer(&[1, 0, 1])]);
    match random.below(3) {
        0 => (
            "certificate",
            armoured("CERTIFICATE", &sequence(&[random.bytes(700)])),
        ),
        1 => ("public-key", armoured("PUBLIC KEY", &body)),
        _ => {
            let blob = [ssh_string(b"ssh-ed25519"), ssh_string(&random.bytes(32))].concat();
            (
                "ssh-public-key",
                format!("ssh-ed25519 {} deploy", base64(&blob)),
            )
        }
    }
}

fn armoured(what: &str, bytes: &[u8]) -> String {
    between(what, &base64_lines(bytes, 64))
}

fn between(what: &str, body: &str) -> String {
    let line = |end: &str| format!("-----{end} {what}-----");
    format!("{}\n{body}\n{}", line("BEGIN"), line("END"))
}

fn tagged(tag: u8, inside: &[u8]) -> Vec<u8> {
    let [.., high, low] = inside.len().to_be_bytes();
    let length: &[u8] = match (high, low) {
        (0, 0..=127) => &[low],
        (0, _) => &[0x81, low],
        _ => &[0x82, high, low],
    };
    [&[tag], length, inside].concat()
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tagged(0x30, &parts.concat())
}

/// A positive integer: a zero goes before a first byte whose highest bit is set.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let negative = bytes.first().is_some_and(|byte| *byte > 127);
    let sign: &[u8] = if negative { &[0] } else { &[] };
    tagged(2, &[sign, bytes].concat())
}

/// RFC 8017 A.1.2, with numbers that are no primes.
fn rsa(random: &mut Random) -> Vec<u8> {
    let mut parts = vec![
        integer(&[0]),
        integer(&random.bytes(256)),
        integer(&[1, 0, 1]),
    ];
    parts.push(integer(&random.bytes(256)));
    parts.extend((0..5).map(|_| integer(&random.bytes(128))));
    sequence(&parts)
}

/// RFC 5915, on the curve P-256.
fn elliptic(random: &mut Random) -> Vec<u8> {
    let curve = tagged(0xa0, &tagged(6, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]));
    let point = [vec![0, 4], random.bytes(64)].concat();
    sequence(&[
        integer(&[1]),
        tagged(4, &random.bytes(32)),
        curve,
        tagged(0xa1, &tagged(3, &point)),
    ])
}

/// RFC 5958 around an RSA key.
fn pkcs8(random: &mut Random) -> Vec<u8> {
    let algorithm = [
        tagged(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]),
        vec![5, 0],
    ];
    sequence(&[integer(&[0]), sequence(&algorithm), tagged(4, &rsa(random))])
}

fn ssh_string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or(0).to_be_bytes();
    [&length, bytes].concat()
}

/// OpenSSH's `PROTOCOL.key`, not encrypted, Ed25519.
fn openssh(random: &mut Random) -> Vec<u8> {
    let (public, seed, check) = (random.bytes(32), random.bytes(32), random.bytes(4));
    let blob = [ssh_string(b"ssh-ed25519"), ssh_string(&public)].concat();
    let both = [seed, public].concat();
    let inside = [
        check.clone(),
        check,
        blob.clone(),
        ssh_string(&both),
        ssh_string(b"ci@build"),
        vec![1, 2, 3],
    ]
    .concat();
    let none = ssh_string(b"none");
    let head = [
        b"openssh-key-v1\0".to_vec(),
        none.clone(),
        none,
        ssh_string(b""),
        vec![0, 0, 0, 1],
    ]
    .concat();
    [head, ssh_string(&blob), ssh_string(&inside)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jwt_holds_json() {
        let token = jwt(&mut Random::new(1));
        assert!(
            token.starts_with("eyJ") && token.split('.').count() == 3,
            "{token}"
        );
    }

    #[test]
    fn a_private_key_begins_as_real_ones_do() {
        let mut random = Random::new(1);
        assert!(base64(&rsa(&mut random)).starts_with("MII"));
        assert!(base64(&pkcs8(&mut random)).starts_with("MII"));
        assert!(base64(&elliptic(&mut random)).starts_with("MHcCAQEEI"));
        assert!(base64(&openssh(&mut random)).starts_with("b3BlbnNzaC1rZXktdjEA"));
    }

    #[test]
    fn github_and_grafana_tokens_end_with_the_sum_of_the_rest() {
        let mut random = Random::new(5);
        let token = with_crc(&mut random);
        let (entropy, sum) = token.split_at(30);
        assert_eq!(base62(crc32(entropy.as_bytes())), sum);
        let token = grafana(&mut random);
        let (key, sum) = token.rsplit_once('_').unwrap();
        let sum = u32::from_str_radix(sum, 16).unwrap().swap_bytes();
        assert_eq!(crc32(key.as_bytes()), sum);
    }
}
