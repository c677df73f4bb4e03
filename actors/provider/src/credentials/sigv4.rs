//! AWS Signature Version 4 over a request with its whole body.
//!
//! Owns the canonical form of a request and the chain of keyed hashes. Reads the secret where it
//! lies and wipes every key that is derived from it; gives out the signature and nothing else.
//!
//! # Source
//! AWS, "Create a signed AWS API request" (Signature Version 4), read 2026-11-22, and the vectors
//! of the published test suite, see the tests.

use std::{fmt::Write, time::SystemTime};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

/// The service of Amazon Bedrock, on both of its hosts.
pub const BEDROCK: &str = "bedrock";
const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// Longest secret access key: AWS's have 40 characters.
const LONGEST_SECRET: usize = 128;

/// The parts of `ACCESS:SECRET[:SESSION]`.
#[derive(Clone, Copy)]
pub struct AwsKey<'k> {
    access: &'k str,
    secret: &'k [u8],
    session: Option<&'k [u8]>,
}

impl<'k> AwsKey<'k> {
    /// Takes a key apart without copying it.
    pub fn parse(key: &'k [u8]) -> Option<Self> {
        let mut parts = key.splitn(3, |byte| *byte == b':');
        let (access, secret) = (parts.next()?, parts.next()?);
        let access = std::str::from_utf8(access).ok()?;
        let plain = !access.is_empty() && access.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let usable = plain && (1..=LONGEST_SECRET).contains(&secret.len());
        usable.then_some(Self {
            access,
            secret,
            session: parts.next().filter(|session| !session.is_empty()),
        })
    }

    /// Where the session token is in the whole key.
    pub fn session_span(key: &'k [u8]) -> Option<std::ops::Range<usize>> {
        let session = Self::parse(key)?.session?;
        Some(key.len() - session.len()..key.len())
    }
}

impl std::fmt::Debug for AwsKey<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// What is signed.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'r> {
    /// `POST`
    pub method: &'r str,
    /// Path as it is sent, percent-encoded.
    pub path: &'r str,
    /// Query as it is sent, without `?`.
    pub query: &'r str,
    /// `host` header.
    pub host: &'r str,
    /// Further headers to sign, names in lower case and in order, values trimmed.
    pub headers: &'r [(&'r str, &'r str)],
    /// The body.
    pub body: &'r [u8],
}

/// Where and when a signature holds.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'r> {
    /// `us-east-1`
    pub region: &'r str,
    /// `bedrock`
    pub service: &'r str,
    /// Time of signing.
    pub time: SystemTime,
}

/// The headers that a signed request gets. The session token is not among them: it is a secret,
/// and is put in where the head goes out.
#[derive(Debug, PartialEq, Eq)]
pub struct Signature {
    /// `authorization`
    pub authorization: String,
    /// `x-amz-date`
    pub date: String,
}

/// Signs a request.
///
/// # Security
/// The signature lets its reader repeat this one request for some minutes; the key cannot be
/// found from it.
pub fn sign(key: AwsKey<'_>, request: Signed<'_>, scope: Scope<'_>) -> Option<Signature> {
    let date = amz_date(scope.time)?;
    let day = date.get(..8)?;
    let (canonical, names) = canonical_hash(key, request, &date)?;
    let scope_text = format!("{day}/{}/{}/aws4_request", scope.region, scope.service);
    let to_sign = format!("{ALGORITHM}\n{date}\n{scope_text}\n{}", hex(&canonical));
    let signing = signing_key(key.secret, day, scope)?;
    let signature = keyed(&*signing, to_sign.as_bytes())?;
    let authorization = format!(
        "{ALGORITHM} Credential={}/{scope_text}, SignedHeaders={names}, Signature={}",
        key.access,
        hex(&*signature)
    );
    Some(Signature {
        authorization,
        date,
    })
}

/// The region in a host of Amazon's: `bedrock-runtime.us-east-1.amazonaws.com`.
pub fn region_of_host(host: &str) -> Option<&str> {
    let mut labels = host.split('.');
    labels.next().filter(|label| label.starts_with("bedrock"))?;
    labels.next().filter(|region| region.contains('-'))
}

/// The hash of the canonical request, and the list of signed headers.
fn canonical_hash(key: AwsKey<'_>, request: Signed<'_>, date: &str) -> Option<(Vec<u8>, String)> {
    let mut headers: Vec<(&str, &[u8])> = request
        .headers
        .iter()
        .map(|(name, value)| (*name, value.as_bytes()))
        .collect();
    headers.push(("host", request.host.as_bytes()));
    headers.push(("x-amz-date", date.as_bytes()));
    headers.extend(key.session.map(|session| ("x-amz-security-token", session)));
    headers.sort_unstable_by_key(|(name, _)| *name);
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    // Hashed piece by piece, so that the token is in no text of ours.
    let mut hash = Sha256::new();
    let mut line = |parts: &[&[u8]]| parts.iter().for_each(|part| hash.update(part));
    line(&[
        request.method.as_bytes(),
        b"\n",
        canonical_path(request.path).as_bytes(),
        b"\n",
    ]);
    line(&[canonical_query(request.query).as_bytes(), b"\n"]);
    for (name, value) in &headers {
        line(&[name.as_bytes(), b":", value, b"\n"]);
    }
    let body = hex(&Sha256::digest(request.body));
    line(&[b"\n", names.as_bytes(), b"\n", body.as_bytes()]);
    Some((hash.finalize().to_vec(), names))
}

/// Each segment is escaped once more than it is on the wire, as all services but S3 want it.
fn canonical_path(path: &str) -> String {
    if path.is_empty() {
        return "/".to_owned();
    }
    escaped(path, b"/-._~")
}

/// Parameters in the order of their names. They are escaped already where they come from.
fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(&str, &str)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name, b"%-._~"), escaped(value, b"%-._~")))
        .collect();
    pairs.join("&")
}

fn escaped(text: &str, left: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || left.contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a text does not fail.
            write!(out, "%{byte:02X}").ok();
        }
    }
    out
}

type Key = Zeroizing<[u8; 32]>;

fn signing_key(secret: &[u8], day: &str, scope: Scope<'_>) -> Option<Key> {
    let mut first = Zeroizing::new([0_u8; LONGEST_SECRET + 4]);
    let length = secret.len() + 4;
    let (prefix, rest) = first.get_mut(..length)?.split_at_mut_checked(4)?;
    prefix.copy_from_slice(b"AWS4");
    rest.copy_from_slice(secret);
    let dated = keyed(first.get(..length)?, day.as_bytes())?;
    let regional = keyed(&*dated, scope.region.as_bytes())?;
    let of_service = keyed(&*regional, scope.service.as_bytes())?;
    keyed(&*of_service, b"aws4_request")
}

fn keyed(key: &[u8], text: &[u8]) -> Option<Key> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(text);
    let mut result = mac.finalize().into_bytes();
    let mut out = Zeroizing::new([0_u8; 32]);
    out.copy_from_slice(&result);
    result.as_mut_slice().zeroize();
    Some(out)
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").ok();
    }
    text
}

/// `20150830T123600Z`
fn amz_date(time: SystemTime) -> Option<String> {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    Some(format!(
        "{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z"
    ))
}

/// Year, month and day of a number of days since 1970, in the Gregorian calendar: counted from
/// 1 March of year 0, so that a leap day is the last of its year.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Credentials and time of the published test suite (`aws-sig-v4-test-suite`).
    const ACCESS: &str = "AKIDEXAMPLE";
    const SECRET: &str = concat!("wJalrXUtnFEMI/K7MDENG+", "bPxRfiCYEXAMPLEKEY");

    fn time() -> SystemTime {
        // 2015-08-30T12:36:00Z
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_160)
    }

    fn signed(request: Signed<'_>, session: Option<&str>) -> String {
        let key = AwsKey {
            access: ACCESS,
            secret: SECRET.as_bytes(),
            session: session.map(str::as_bytes),
        };
        let scope = Scope {
            region: "us-east-1",
            service: "service",
            time: time(),
        };
        let signature = sign(key, request, scope).unwrap();
        assert_eq!(signature.date, "20150830T123600Z");
        signature.authorization
    }

    fn request<'r>(method: &'r str, path: &'r str, query: &'r str) -> Signed<'r> {
        Signed {
            method,
            path,
            query,
            host: "example.amazonaws.com",
            headers: &[],
            body: b"",
        }
    }

    #[test]
    fn vectors_of_the_published_suite_are_met() {
        let scope =
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
        for (request, signature) in [
            // get-vanilla
            (
                request("GET", "/", ""),
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            // get-vanilla-query-order-key-case
            (
                request("GET", "/", "Param2=value2&Param1=value1"),
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            ),
            // post-vanilla
            (
                request("POST", "/", ""),
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
            // post-vanilla-query
            (
                request("POST", "/", "Param1=value1"),
                "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
            ),
        ] {
            let expected = format!("{scope}, SignedHeaders=host;x-amz-date, Signature={signature}");
            assert_eq!(signed(request, None), expected, "{request:?}");
        }
    }

    #[test]
    fn body_and_content_type_are_signed() {
        // post-x-www-form-urlencoded
        let request = Signed {
            headers: &[("content-type", "application/x-www-form-urlencoded")],
            body: b"Param1=value1",
            ..request("POST", "/", "")
        };
        let expected = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a";
        assert_eq!(signed(request, None), expected);
    }

    #[test]
    fn path_is_escaped_once_more_than_on_the_wire() {
        assert_eq!(
            canonical_path("/model/a.b-v1%3A0/converse"),
            "/model/a.b-v1%253A0/converse"
        );
    }

    #[test]
    fn session_token_is_signed_and_not_shown() {
        let session = "AQoDYXdzEPT//////////wEXAMPLE";
        let with = signed(request("POST", "/", ""), Some(session));
        assert!(with.contains("SignedHeaders=host;x-amz-date;x-amz-security-token, "));
        assert!(!with.contains(session) && !with.contains(SECRET));
    }

    #[test]
    fn signing_key_is_the_documented_one() {
        // "Deriving a signing key", the example with the service iam.
        let scope = Scope {
            region: "us-east-1",
            service: "iam",
            time: time(),
        };
        let secret = concat!("wJalrXUtnFEMI/K7MDENG+", "bPxRfiCYEXAMPLEKEY");
        let key = signing_key(secret.as_bytes(), "20150830", scope).unwrap();
        assert_eq!(
            hex(&*key),
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"
        );
    }

    #[test]
    fn key_is_taken_apart_where_it_lies() {
        let whole = format!("{ACCESS}:{SECRET}:token:with:colons");
        let key = AwsKey::parse(whole.as_bytes()).unwrap();
        assert_eq!((key.access, key.secret), (ACCESS, SECRET.as_bytes()));
        let span = AwsKey::session_span(whole.as_bytes()).unwrap();
        assert_eq!(whole.get(span), Some("token:with:colons"));
        let short = format!("{ACCESS}:{SECRET}");
        assert_eq!(AwsKey::session_span(short.as_bytes()), None);
        for bad in ["", "AKID", ":secret", "AK ID:secret", "AKID:"] {
            assert!(AwsKey::parse(bad.as_bytes()).is_none(), "{bad}");
        }
        assert_eq!(format!("{key:?}"), "***");
    }

    #[test]
    fn region_is_read_from_amazons_hosts() {
        for (host, region) in [
            ("bedrock-runtime.us-east-1.amazonaws.com", Some("us-east-1")),
            ("bedrock.eu-west-3.amazonaws.com", Some("eu-west-3")),
            ("bedrock-mantle.us-west-2.api.aws", Some("us-west-2")),
            ("api.example.com", None),
            ("bedrock.example", None),
        ] {
            assert_eq!(region_of_host(host), region);
        }
    }

    #[test]
    fn days_become_dates() {
        for (days, date) in [
            (0, (1970, 1, 1)),
            (11_016, (2000, 2, 29)),
            (11_017, (2000, 3, 1)),
            (19_782, (2024, 2, 29)),
            (20_454, (2026, 1, 1)),
        ] {
            assert_eq!(civil(days), date);
        }
    }
}
