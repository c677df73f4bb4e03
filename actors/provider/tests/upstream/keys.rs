//! The key arrives where it belongs, and its placeholder never does.

use std::sync::Arc;

use nenya_provider::{AuthStyle, ProviderError, Upstream, tls_config};

use crate::{harness::*, proofs::Keys};

fn as_text(request: &Request) -> String {
    format!("{}{}", request.head, String::from_utf8_lossy(&request.body))
}

#[test]
fn key_arrives_in_each_style_and_the_placeholder_never() {
    for (auth, lines) in [
        (
            AuthStyle::Bearer,
            vec![("authorization", format!("Bearer {KEY}"))],
        ),
        (
            AuthStyle::BearerXGoog,
            vec![
                ("authorization", format!("Bearer {KEY}")),
                ("x-goog-api-key", KEY.to_owned()),
            ],
        ),
        (
            AuthStyle::Anthropic,
            vec![
                ("x-api-key", KEY.to_owned()),
                ("anthropic-version", "2023-06-01".to_owned()),
            ],
        ),
        (AuthStyle::Azure, vec![("api-key", KEY.to_owned())]),
    ] {
        run(async {
            let peer = Peer::answers(json(REPLY));
            let upstream = peer.upstream_with(|spec| spec.auth = auth);
            for _ in 0..2 {
                ask(&upstream).await.unwrap();
            }
            for request in peer.requests() {
                for (name, value) in &lines {
                    assert_eq!(request.header(name), Some(value.as_str()));
                }
                assert!(!as_text(&request).contains("placeholder"));
            }
        });
    }
}

#[test]
fn provider_without_authentication_gets_no_key() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        let upstream = peer.upstream_with(|spec| spec.auth = AuthStyle::None);
        ask(&upstream).await.unwrap();
        let text = as_text(&peer.requests()[0]);
        assert!(
            !text.contains(KEY) && !text.contains("placeholder"),
            "{text}"
        );
    });
}

#[test]
fn rotated_key_is_used_from_the_next_request_on_the_same_connection() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        let keys = Arc::new(Keys::with(NAME, "sk-first-key-0123456789"));
        let spec = peer.spec();
        let tls = tls_config(&spec).unwrap();
        let upstream = Upstream::new(Arc::new(spec), keys.clone(), tls, runtime::Aside::new(1));
        ask(&upstream).await.unwrap();
        keys.replace(NAME, "sk-second-and-longer-key-0123456789");
        ask(&upstream).await.unwrap();
        let seen: Vec<_> = peer
            .requests()
            .iter()
            .map(|request| request.header("authorization").unwrap().to_owned())
            .collect();
        assert_eq!(
            seen,
            [
                "Bearer sk-first-key-0123456789",
                "Bearer sk-second-and-longer-key-0123456789"
            ]
        );
        assert_eq!(peer.accepted.get(), 1);
    });
}

#[test]
fn provider_without_a_key_costs_no_connection() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        let spec = peer.spec();
        let tls = tls_config(&spec).unwrap();
        let upstream = Upstream::new(
            Arc::new(spec),
            Arc::new(Keys::none()),
            tls,
            runtime::Aside::new(1),
        );
        assert_eq!(
            ask(&upstream).await.unwrap_err(),
            ProviderError::NotConfigured
        );
        assert_eq!(peer.accepted.get(), 0);
    });
}

#[test]
fn key_survives_a_large_prompt() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        let text = "y".repeat(300_000);
        let body = format!(r#"{{"model":"m","messages":[{{"role":"user","content":"{text}"}}]}}"#);
        ask_with(&peer.upstream(), &body).await.unwrap();
        let request = &peer.requests()[0];
        assert_eq!(
            request.header("authorization"),
            Some(format!("Bearer {KEY}").as_str())
        );
        assert_eq!(request.body.len(), body.len() - 1 + "upstream-model".len());
    });
}
