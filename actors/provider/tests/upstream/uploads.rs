//! Bodies that stream to a provider, and answers that come before their end.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::Method;
use nenya_provider::{Answer, CallEndpoint, EndpointBody, ProviderError, Upstream};
use redactor::{
    Broken, FilePolicy, FormBody, FormRules, Incoming, Redacted, RedactionConfig, RedactorHandle,
    RuleSet, Upload, Who,
};
use wire::{JsonLimits, multipart::FormReader};

use crate::harness::*;

const HEAD: &str = "--b0\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
const END: &str = "\r\n--b0--\r\n";

/// A form whose file has these pieces; its length is known if nothing is looked for in it.
fn form(enabled: bool, length: u64, pieces: Incoming) -> Redacted<Upload> {
    let config = RedactionConfig {
        enabled,
        ..RedactionConfig::default()
    };
    let redactor = RedactorHandle::detached(RuleSet::compile(&config).unwrap());
    let framed = stream::iter([Ok(Bytes::from(HEAD))])
        .chain(pieces)
        .chain(stream::iter([Ok(Bytes::from(END))]));
    let body = FormBody {
        reader: FormReader::new("multipart/form-data; boundary=b0").unwrap(),
        taken: Vec::new(),
        rest: Box::pin(framed),
        length: Some((HEAD.len() + END.len()) as u64 + length),
    };
    let rules = FormRules {
        files: FilePolicy::Redact,
        fragment: false,
        model: None,
        json: JsonLimits::default(),
        longest_text: 1 << 20,
    };
    let who = Who {
        key_id: "somebody",
        agent: None,
    };
    redactor.redact_form(body, rules, who).0
}

/// `count` pieces of 16 KiB, no text.
fn pieces(count: u64) -> Incoming {
    let piece = Bytes::from(vec![0; 16 << 10]);
    Box::pin(stream::iter((0..count).map(move |_| Ok(piece.clone()))))
}

async fn upload(upstream: &Upstream, form: Redacted<Upload>) -> Result<Answer, ProviderError> {
    let query = crate::proofs::redacted_query("a=b").await;
    let call = CallEndpoint {
        method: &Method::POST,
        endpoint: "/files",
        query: Some(&query),
        headers: &[],
        body: EndpointBody::Streamed(form),
        longest_reply: 1 << 20,
        request_id: "req-9",
        trace: &[],
    };
    upstream.call_endpoint(call).await
}

async fn text_of(answer: Answer) -> String {
    let Answer::Raw { mut body, .. } = answer else {
        panic!("{answer:?}")
    };
    let (text, end) = drain(&mut body).await;
    end.unwrap();
    text
}

#[test]
fn upload_of_known_length_keeps_it_and_the_base_path() {
    run(async {
        let peer = Peer::answers(json("{\"id\":\"file-1\"}"));
        let upstream = peer.upstream();
        for _ in 0..2 {
            let answer = upload(&upstream, form(false, 20 * (16 << 10), pieces(20))).await;
            assert_eq!(text_of(answer.unwrap()).await, "{\"id\":\"file-1\"}");
        }
        let request = &peer.requests()[1];
        assert!(request.head.starts_with("POST /v1/files?a=b HTTP/1.1\r\n"));
        assert_eq!(request.header("transfer-encoding"), None);
        assert_eq!(request.body.len(), HEAD.len() + END.len() + 20 * (16 << 10));
        assert_eq!(peer.accepted.get(), 1, "the connection is used again");
    });
}

#[test]
fn upload_that_may_change_goes_in_chunks_and_carries_the_key() {
    run(async {
        let peer = Peer::new(|mut conn| async move {
            let head = conn.head().await.unwrap();
            assert!(head.contains("transfer-encoding: chunked\r\n"), "{head}");
            assert!(!head.contains("content-length"), "{head}");
            assert!(head.contains(KEY));
            conn.until_sent(b"0\r\n\r\n").await;
            conn.send(json("{}")).await;
            conn.until_closed().await;
        });
        let upstream = peer.upstream();
        let answer = upload(&upstream, form(true, 0, pieces(30))).await.unwrap();
        assert_eq!(text_of(answer).await, "{}");
    });
}

#[test]
fn refusal_in_the_middle_is_heard_and_the_rest_is_not_sent() {
    run(async {
        for enabled in [false, true] {
            let peer = Peer::new(|mut conn| async move {
                conn.head().await;
                conn.send(with_length(
                    "413 Content Too Large",
                    "application/json",
                    r#"{"error":{"message":"too large","type":"invalid_request_error"}}"#,
                ))
                .await;
                // Reads no more, and stays.
                std::future::pending::<()>().await;
            });
            // 1 GiB, which no buffer holds.
            let large = form(enabled, 1 << 30, pieces(1 << 16));
            match upload(&peer.upstream(), large).await {
                Err(ProviderError::Status {
                    status: 413, body, ..
                }) => {
                    assert_eq!(body.unwrap().message, "too large");
                }
                other => panic!("{other:?}"),
            }
        }
    });
}

#[test]
fn peer_that_closes_in_the_middle_is_heard() {
    run(async {
        let peer = Peer::new(|mut conn| async move {
            conn.head().await;
            conn.send("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n")
                .await;
        });
        let large = form(false, 1 << 30, pieces(1 << 16));
        let refused = upload(&peer.upstream(), large).await;
        assert!(
            matches!(
                refused,
                Err(ProviderError::Status { status: 401, .. } | ProviderError::Truncated)
            ),
            "{refused:?}"
        );
    });
}

#[test]
fn client_that_breaks_off_leaves_the_provider_without_a_whole_request() {
    run(async {
        for enabled in [false, true] {
            let peer = Peer::new(|mut conn| async move {
                conn.head().await;
                conn.until_closed().await;
            });
            let broken: Incoming = Box::pin(pieces(3).chain(stream::iter([Err(Broken)])));
            let refused = upload(&peer.upstream(), form(enabled, 1 << 20, broken)).await;
            assert!(
                matches!(refused, Err(ProviderError::BodyBroken)),
                "{refused:?}"
            );
            until(|| peer.closed.get() == 1).await;
        }
    });
}

#[test]
fn upload_that_is_dropped_closes_the_connection_at_once() {
    run(async {
        let peer = Peer::new(|mut conn| async move {
            conn.head().await;
            conn.until_closed().await;
        });
        let upstream = peer.upstream();
        let stalled: Incoming = Box::pin(pieces(3).chain(stream::pending()));
        let sending = upload(&upstream, form(true, 1 << 20, stalled));
        tokio::select! {
            answer = sending => panic!("{answer:?}"),
            () = until(|| peer.accepted.get() == 1) => {}
        }
        until(|| peer.closed.get() == 1).await;
    });
}

#[test]
fn slow_upload_is_no_late_answer_and_a_silent_peer_is() {
    run(async {
        let peer = Peer::answers(json("{}"));
        let upstream = peer.upstream_with(|spec| spec.first_byte_timeout = SHORT);
        let slow: Incoming = Box::pin(pieces(8).then(|piece| async {
            tokio::time::sleep(SHORT / 3).await;
            piece
        }));
        let answer = upload(&upstream, form(false, 8 * (16 << 10), slow)).await;
        assert_eq!(text_of(answer.unwrap()).await, "{}");
        let silent = Peer::new(|mut conn| async move {
            conn.until_closed().await;
        });
        let upstream = silent.upstream_with(|spec| spec.first_byte_timeout = SHORT);
        let began = tokio::time::Instant::now();
        let late = upload(&upstream, form(false, 16 << 10, pieces(1))).await;
        assert!(
            matches!(late, Err(ProviderError::FirstByteTimeout)),
            "{late:?}"
        );
        assert!(began.elapsed() < Duration::from_secs(5));
    });
}

#[test]
fn error_status_is_an_error_and_another_model_is_spliced() {
    run(async {
        let peer = Peer::answers(with_length("404 Not Found", "application/json", "{}"));
        let body = crate::proofs::redacted_bytes(br#"{"input":"x","model":"agent"}"#).await;
        let upstream = peer.upstream();
        let call = CallEndpoint {
            method: &Method::POST,
            endpoint: "/embeddings",
            query: None,
            headers: &[],
            body: EndpointBody::Whole(&body, Some("text-embedding")),
            longest_reply: 1 << 20,
            request_id: "req-9",
            trace: &[],
        };
        let refused = upstream.call_endpoint(call).await;
        assert!(matches!(
            refused,
            Err(ProviderError::Status { status: 404, .. })
        ));
        let request = &peer.requests()[0];
        assert!(request.head.starts_with("POST /v1/embeddings HTTP/1.1\r\n"));
        assert_eq!(request.body, br#"{"input":"x","model":"text-embedding"}"#);
    });
}
