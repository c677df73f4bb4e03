//! Google service accounts: from the key file to a signed request for a token.
//!
//! The vault has the key file in base64 (`base64 -w0 key.json`), since a key of the vault is one
//! word. Owns reading it and signing the assertion; the exchange is `token.rs`.
//!
//! # Source
//! Google, "Using OAuth 2.0 for Server to Server Applications" (HTTP/REST), read 2026-11-22.

use std::{fmt, time::SystemTime};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use wire::{field_str, json_string};
use zeroize::Zeroizing;

use crate::upstream_url::UpstreamUrl;

/// What may be done with the token: everything of Google Cloud that the account may.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";
/// How long an assertion holds; Google takes at most an hour.
const HOLDS: u64 = 3600;

/// A service account, read from its key file.
pub struct ServiceAccount {
    email: String,
    key_id: Option<String>,
    token_uri: String,
    /// The private key in PEM.
    private_key: Zeroizing<String>,
}

/// A request for a token.
pub struct TokenRequest {
    /// Where it is sent.
    pub url: UpstreamUrl,
    /// The form that is sent. It is worth a token for an hour.
    pub form: Zeroizing<String>,
}

impl ServiceAccount {
    /// Reads a key of the vault. `None` if it is no key file of a service account.
    pub fn parse(key: &[u8]) -> Option<Self> {
        let document = Zeroizing::new(STANDARD.decode(key).ok()?);
        if field_str(&document, "type")? != "service_account" {
            return None;
        }
        Some(Self {
            email: field_str(&document, "client_email")?,
            key_id: field_str(&document, "private_key_id"),
            token_uri: field_str(&document, "token_uri")?,
            private_key: Zeroizing::new(field_str(&document, "private_key")?),
        })
    }

    /// Signs a request for a token.
    ///
    /// # Security
    /// The key that ring makes of the private key is freed without being wiped; it lives for
    /// this call only, once an hour.
    pub fn request(&self, now: SystemTime) -> Option<TokenRequest> {
        let assertion = Zeroizing::new(self.assertion(now)?);
        let form = format!(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={}",
            *assertion
        );
        Some(TokenRequest {
            url: self.token_uri.parse().ok()?,
            form: Zeroizing::new(form),
        })
    }

    fn assertion(&self, now: SystemTime) -> Option<String> {
        let issued = now.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
        let key_id = self
            .key_id
            .as_ref()
            .map_or_else(String::new, |id| format!(r#","kid":{}"#, json_string(id)));
        let header = format!(r#"{{"alg":"RS256","typ":"JWT"{key_id}}}"#);
        let claims = format!(
            r#"{{"iss":{},"scope":"{SCOPE}","aud":{},"iat":{issued},"exp":{}}}"#,
            json_string(&self.email),
            json_string(&self.token_uri),
            issued + HOLDS
        );
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let signature = self.signature(signed.as_bytes())?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn signature(&self, text: &[u8]) -> Option<Vec<u8>> {
        let lines = self
            .private_key
            .lines()
            .filter(|line| !line.starts_with("-----"));
        let joined = Zeroizing::new(lines.map(str::trim).collect::<String>());
        let der = Zeroizing::new(STANDARD.decode(&*joined).ok()?);
        let pair = RsaKeyPair::from_pkcs8(&der).ok()?;
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            text,
            &mut signature,
        )
        .ok()?;
        Some(signature)
    }
}

impl fmt::Debug for ServiceAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceAccount").finish_non_exhaustive()
    }
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

    use super::*;

    /// Made for this test; opens nothing.
    const KEY: &[u8] = include_bytes!("../../tests/upstream/certificates/service-account.pk8");
    const PUBLIC: &[u8] = include_bytes!("../../tests/upstream/certificates/service-account.pub");

    pub(crate) fn key_file(token_uri: &str) -> String {
        let words = ["PRIVATE", "KEY"].join(" ");
        let pem = format!(
            "-----BEGIN {words}-----\n{}\n-----END {words}-----\n",
            STANDARD.encode(KEY)
        );
        let document = serde_json::json!({
            "type": "service_account",
            "client_email": "robot@p.iam.gserviceaccount.com",
            "private_key_id": "k1",
            "private_key": pem,
            "token_uri": token_uri,
        });
        STANDARD.encode(document.to_string())
    }

    fn json(part: &str) -> serde_json::Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    #[test]
    fn assertion_is_signed_and_says_who_asks_for_what() {
        let uri = "https://oauth2.googleapis.com/token";
        let account = ServiceAccount::parse(key_file(uri).as_bytes()).unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let request = account.request(now).unwrap();
        assert_eq!(request.url, uri.parse().unwrap());
        let (form, assertion) = request.form.split_once("&assertion=").unwrap();
        assert_eq!(
            form,
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
        );
        let parts: Vec<&str> = assertion.split('.').collect();
        let [header, claims, signature] = parts[..] else {
            panic!("three parts")
        };
        assert_eq!(
            json(header),
            serde_json::json!({"alg": "RS256", "typ": "JWT", "kid": "k1"})
        );
        assert_eq!(
            json(claims),
            serde_json::json!({
                "iss": "robot@p.iam.gserviceaccount.com", "scope": SCOPE, "aud": uri,
                "iat": 1_800_000_000_u64, "exp": 1_800_003_600_u64,
            })
        );
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, PUBLIC)
            .verify(
                format!("{header}.{claims}").as_bytes(),
                &URL_SAFE_NO_PAD.decode(signature).unwrap(),
            )
            .unwrap();
    }

    #[test]
    fn what_is_no_key_file_is_refused() {
        for key in [
            "",
            "sk-abc",
            "e30=",
            &STANDARD.encode(r#"{"type":"authorized_user"}"#),
        ] {
            assert!(ServiceAccount::parse(key.as_bytes()).is_none(), "{key}");
        }
        let file = key_file("not a url");
        let account = ServiceAccount::parse(file.as_bytes()).unwrap();
        assert!(account.request(SystemTime::now()).is_none());
        assert_eq!(format!("{account:?}"), "ServiceAccount { .. }");
    }
}
