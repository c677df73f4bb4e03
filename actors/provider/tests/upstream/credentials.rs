//! Ways to authenticate that are more than one key in one header.

use base64::{Engine, engine::general_purpose::STANDARD};
use nenya_provider::{AuthStyle, ProviderError, ProviderSpec};

use crate::{harness::*, proofs::Keys};

const FIRST: &str = "sk-key-of-the-first-0123456789";
const SECOND: &str = "sk-key-of-the-second-0123456789";
const ACCESS: &str = "AKIDEXAMPLE";
const SECRET: &str = "secret-access-key-of-a-test";
const SESSION: &str = "session-token-of-a-test//==";

fn refusal(status: &str) -> String {
    with_length(status, "application/json", r#"{"error":{"message":"no"}}"#)
}

fn authorizations(peer: &Peer) -> Vec<String> {
    let requests = peer.requests();
    let of = |request: &Request| request.header("authorization").unwrap_or("").to_owned();
    requests.iter().map(of).collect()
}

fn with_accounts(peer: &Peer) -> ProviderSpec {
    let mut spec = peer.spec();
    spec.accounts = vec!["a".to_owned(), "b".to_owned()];
    spec
}

fn two_keys() -> Keys {
    Keys::of(&[("p/a", FIRST), ("p/b", SECOND)])
}

#[test]
fn accounts_are_used_in_turn() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        let upstream = upstream_with_keys(with_accounts(&peer), two_keys());
        for _ in 0..4 {
            ask(&upstream).await.unwrap();
        }
        let [first, second] = [FIRST, SECOND].map(|key| format!("Bearer {key}"));
        let expected = [&first, &second, &first, &second];
        assert_eq!(authorizations(&peer).iter().collect::<Vec<_>>(), expected);
    });
}

#[test]
fn refused_account_rests_and_the_request_goes_on_with_the_next() {
    run(async {
        let peer = Peer::new(|mut conn| async move {
            while let Some(request) = conn.request().await {
                let first = request.header("authorization").unwrap().ends_with(FIRST);
                let answer = if first {
                    refusal("429 Too Many Requests")
                } else {
                    json(REPLY)
                };
                conn.send(answer).await;
            }
        });
        let upstream = upstream_with_keys(with_accounts(&peer), two_keys());
        for _ in 0..3 {
            ask(&upstream).await.unwrap();
        }
        let refused = authorizations(&peer)
            .iter()
            .filter(|value| value.ends_with(FIRST))
            .count();
        assert_eq!((refused, peer.requests().len()), (1, 4));
    });
}

#[test]
fn last_account_that_is_refused_is_told_as_it_is() {
    run(async {
        let peer = Peer::answers(refusal("401 Unauthorized"));
        let upstream = upstream_with_keys(with_accounts(&peer), two_keys());
        for requests in [2, 3] {
            let error = ask(&upstream).await.unwrap_err();
            assert!(matches!(error, ProviderError::Status { status: 401, .. }));
            assert_eq!(peer.requests().len(), requests);
        }
    });
}

#[test]
fn request_is_signed_and_the_secret_stays_here() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        let mut spec = peer.spec();
        spec.auth = AuthStyle::SigV4;
        spec.region = Some("us-east-1".to_owned());
        let key = format!("{ACCESS}:{SECRET}:{SESSION}");
        let upstream = upstream_with_keys(spec, Keys::with(NAME, &key));
        ask(&upstream).await.unwrap();
        let request = peer.requests().remove(0);
        let authorization = request.header("authorization").unwrap();
        let date = request.header("x-amz-date").unwrap();
        let day = date.get(..8).unwrap();
        let scope =
            format!("AWS4-HMAC-SHA256 Credential={ACCESS}/{day}/us-east-1/bedrock/aws4_request, ");
        let headers = "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=";
        assert!(
            authorization.starts_with(&format!("{scope}{headers}")),
            "{authorization}"
        );
        assert_eq!(request.header("x-amz-security-token"), Some(SESSION));
        assert!(!request.head.contains(SECRET) && !request.head.contains("placeholder"));
    });
}

#[test]
fn key_that_is_no_aws_key_costs_no_connection() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        let upstream = peer.upstream_with(|spec| spec.auth = AuthStyle::SigV4);
        assert_eq!(
            ask(&upstream).await.unwrap_err(),
            ProviderError::NotConfigured
        );
        assert!(peer.requests().is_empty());
    });
}

fn key_file(peer: &Peer) -> String {
    let words = ["PRIVATE", "KEY"].join(" ");
    let key = include_bytes!("certificates/service-account.pk8");
    let pem = format!(
        "-----BEGIN {words}-----\n{}\n-----END {words}-----\n",
        STANDARD.encode(key)
    );
    let document = serde_json::json!({
        "type": "service_account",
        "client_email": "robot@p.iam.gserviceaccount.com",
        "private_key": pem,
        "token_uri": peer.spec().url.to_string().replace("/v1/chat/completions", "/token"),
    });
    STANDARD.encode(document.to_string())
}

fn google(status: &'static str) -> Peer {
    Peer::new(move |mut conn| async move {
        while let Some(request) = conn.request().await {
            let token =
                r#"{"access_token":"ya29.made-up","expires_in":3599,"token_type":"Bearer"}"#;
            let answer = match (request.head.starts_with("POST /token "), status) {
                (true, "200 OK") => json(token),
                (true, status) => refusal(status),
                (false, _) => json(REPLY),
            };
            conn.send(answer).await;
        }
    })
}

#[test]
fn service_account_gets_one_token_for_many_requests() {
    run(async {
        let peer = google("200 OK");
        let mut spec = peer.spec();
        spec.auth = AuthStyle::GoogleServiceAccount;
        let upstream = upstream_with_keys(spec, Keys::with(NAME, &key_file(&peer)));
        for _ in 0..3 {
            ask(&upstream).await.unwrap();
        }
        let requests = peer.requests();
        assert_eq!(requests.len(), 4);
        let form = String::from_utf8(requests[0].body.clone()).unwrap();
        assert!(
            form.starts_with("grant_type=urn%3Aietf%3Aparams%3Aoauth"),
            "{form}"
        );
        assert!(requests[0].header("authorization").is_none());
        for request in &requests[1..] {
            assert_eq!(request.header("authorization"), Some("Bearer ya29.made-up"));
        }
    });
}

#[test]
fn refused_service_account_is_not_configured_and_a_broken_endpoint_is_a_failure() {
    for (status, error) in [
        ("400 Bad Request", ProviderError::NotConfigured),
        (
            "503 Service Unavailable",
            ProviderError::Status {
                status: 503,
                retry_after: None,
                body: None,
            },
        ),
    ] {
        run(async {
            let peer = google(status);
            let mut spec = peer.spec();
            spec.auth = AuthStyle::GoogleServiceAccount;
            let upstream = upstream_with_keys(spec, Keys::with(NAME, &key_file(&peer)));
            assert_eq!(ask(&upstream).await.unwrap_err(), error);
            assert_eq!(peer.requests().len(), 1);
        });
    }
}

#[test]
fn token_address_obeys_the_rules_for_addresses() {
    run(async {
        let peer = google("200 OK");
        let mut spec = peer.spec();
        spec.auth = AuthStyle::GoogleServiceAccount;
        spec.danger_allow_private_addresses = false;
        let upstream = upstream_with_keys(spec, Keys::with(NAME, &key_file(&peer)));
        assert_eq!(
            ask(&upstream).await.unwrap_err(),
            ProviderError::NotConfigured
        );
        assert!(peer.requests().is_empty());
    });
}
