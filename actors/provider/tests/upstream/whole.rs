//! Replies that are not streamed, good and bad.

use std::time::Duration;

use nenya_provider::{Answer, ConnectFailure, ProviderError, ReplyLimit};

use crate::{harness::*, proofs};

#[test]
fn reply_is_passed_byte_for_byte_with_its_usage() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        let answer = ask(&peer.upstream()).await.unwrap();
        let Answer::Whole {
            status,
            headers,
            body,
            usage,
            ..
        } = answer
        else {
            panic!()
        };
        assert_eq!((status, body.as_ref()), (200, REPLY.as_bytes()));
        assert_eq!(usage.unwrap().total_tokens, 4);
        assert_eq!(headers.len(), 1, "{headers:?}");
    });
}

#[test]
fn request_is_built_fresh_with_the_upstream_model() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        ask(&peer.upstream()).await.unwrap();
        let request = &peer.requests()[0];
        assert!(
            request
                .head
                .starts_with("POST /v1/chat/completions HTTP/1.1\r\n")
        );
        let body = r#"{"model":"upstream-model","messages":[{"role":"user","content":"hello"}]}"#;
        assert_eq!(request.body, body.as_bytes());
        let mut names: Vec<_> = request
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .map(|(name, _)| name)
            .collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "accept",
                "accept-encoding",
                "authorization",
                "content-length",
                "content-type",
                "date",
                "host",
                "user-agent",
                "x-request-id"
            ]
        );
        assert_eq!(
            request.header("host"),
            Some(format!("127.0.0.1:{}", peer.port).as_str())
        );
        assert_eq!(request.header("accept-encoding"), Some("identity"));
        assert_eq!(request.header("x-request-id"), Some("req-1"));
    });
}

#[test]
fn truncated_bodies_are_errors() {
    let length = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{REPLY}"
    );
    let chunked = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{}",
        chunk(REPLY)
    );
    for answer in [length, chunked] {
        run(async {
            let peer = Peer::answers_once(answer.clone());
            assert_eq!(
                ask(&peer.upstream()).await.unwrap_err(),
                ProviderError::Truncated
            );
        });
    }
}

#[test]
fn body_that_ends_with_the_connection_is_whole() {
    run(async {
        let peer = Peer::answers_once(format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{REPLY}"
        ));
        assert_eq!(whole_body(ask(&peer.upstream()).await.unwrap()), REPLY);
    });
}

#[test]
fn interim_answer_is_not_the_answer() {
    run(async {
        let hints = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n";
        let peer = Peer::answers(format!("{hints}{}", json(REPLY)));
        let upstream = peer.upstream();
        for _ in 0..2 {
            assert_eq!(whole_body(ask(&upstream).await.unwrap()), REPLY);
        }
        assert_eq!(peer.accepted.get(), 1);
    });
}

#[test]
fn html_is_refused_by_its_type() {
    run(async {
        let peer = Peer::answers(with_length("200 OK", "text/html; charset=utf-8", "<html>"));
        let expected = ProviderError::NotJson {
            content_type: "text/html".to_owned(),
        };
        assert_eq!(ask(&peer.upstream()).await.unwrap_err(), expected);
    });
}

#[test]
fn redirect_is_refused_and_not_followed() {
    run(async {
        let elsewhere = Peer::answers(json(REPLY));
        let location = format!("http://127.0.0.1:{}/", elsewhere.port);
        for status in [
            "301 Moved",
            "307 Temporary Redirect",
            "308 Permanent Redirect",
        ] {
            let peer = Peer::answers(format!(
                "HTTP/1.1 {status}\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
            ));
            let error = ask(&peer.upstream()).await.unwrap_err();
            assert!(matches!(error, ProviderError::Redirect { .. }), "{error:?}");
        }
        assert_eq!(elsewhere.accepted.get(), 0);
    });
}

#[test]
fn what_is_not_one_json_object_is_bad() {
    for body in ["{\"choices\":[", "[]", "{} {}", ""] {
        run(async {
            let peer = Peer::answers(json(body));
            assert_eq!(
                ask(&peer.upstream()).await.unwrap_err(),
                ProviderError::BadJson,
                "{body}"
            );
        });
    }
}

#[test]
fn encoded_body_that_was_not_asked_for_is_refused() {
    run(async {
        let peer = Peer::answers(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}",
        );
        assert_eq!(
            ask(&peer.upstream()).await.unwrap_err(),
            ProviderError::Protocol
        );
    });
}

#[test]
fn provider_that_never_answers_times_out() {
    run(async {
        let peer = Peer::new(|mut conn| async move { conn.until_closed().await });
        let upstream = peer.upstream_with(|spec| spec.first_byte_timeout = SHORT);
        assert_eq!(
            ask(&upstream).await.unwrap_err(),
            ProviderError::FirstByteTimeout
        );
        let upstream = peer.upstream_with(|spec| spec.total_timeout = Some(SHORT));
        assert_eq!(
            ask(&upstream).await.unwrap_err(),
            ProviderError::TotalTimeout
        );
        until(|| peer.closed.get() == 2).await;
    });
}

#[test]
fn provider_that_stops_in_mid_body_is_stalled() {
    run(async {
        let peer = Peer::new(|mut conn| async move {
            conn.request().await;
            conn.send(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{",
            )
            .await;
            conn.until_closed().await;
        });
        let upstream = peer.upstream_with(|spec| spec.idle_timeout = SHORT);
        assert_eq!(
            ask(&upstream).await.unwrap_err(),
            ProviderError::Stalled { idle: SHORT }
        );
        let upstream = peer.upstream_with(|spec| spec.total_timeout = Some(SHORT));
        assert_eq!(
            ask(&upstream).await.unwrap_err(),
            ProviderError::TotalTimeout
        );
        until(|| peer.closed.get() == 2).await;
    });
}

#[test]
fn reply_beyond_its_bound_is_refused_with_and_without_length() {
    let body = format!("{{\"choices\":\"{}\"}}", "x".repeat(100_000));
    let chunked = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{}{LAST_CHUNK}",
        chunk(&body)
    );
    for answer in [json(&body), chunked] {
        run(async {
            let peer = Peer::answers(answer.clone());
            let upstream = peer.upstream_with(|spec| spec.max_reply_bytes = 50_000);
            let expected = ProviderError::TooLarge {
                limit: 50_000,
                which: ReplyLimit::Whole,
            };
            assert_eq!(ask(&upstream).await.unwrap_err(), expected);
            let upstream = peer.upstream_with(|spec| spec.max_reply_bytes = body.len() as u64);
            assert_eq!(whole_body(ask(&upstream).await.unwrap()), body);
        });
    }
}

#[test]
fn error_status_carries_the_providers_words_and_its_wait() {
    run(async {
        let body =
            r#"{"error":{"message":"slow down","type":"rate_limit","code":"rate_limit_exceeded"}}"#;
        let length = body.len();
        let peer = Peer::answers(format!(
            "HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        ));
        let upstream = peer.upstream();
        let error = ask(&upstream).await.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert!(error.moves_on(upstream.spec()) && error.counts_for_breaker());
        let ProviderError::Status {
            status: 429,
            body: Some(body),
            ..
        } = error
        else {
            panic!("{error:?}")
        };
        assert_eq!(body.message, "slow down");
    });
}

#[test]
fn error_bodies_are_read_to_a_bound() {
    run(async {
        let peer = Peer::new(|mut conn| async move {
            conn.request().await;
            conn.send("HTTP/1.1 503 Service Unavailable\r\ntransfer-encoding: chunked\r\n\r\n")
                .await;
            let flood = chunk(&"x".repeat(10_000));
            while conn.socket.writable().await.is_ok() {
                if tokio::io::AsyncWriteExt::write_all(&mut conn.socket, flood.as_bytes())
                    .await
                    .is_err()
                {
                    break;
                }
            }
            conn.closed_now();
        });
        let error = ask(&peer.upstream()).await.unwrap_err();
        assert_eq!(
            error,
            ProviderError::Status {
                status: 503,
                retry_after: None,
                body: None
            }
        );
        until(|| peer.closed.get() == 1).await;
    });
}

#[test]
fn error_object_inside_a_success_is_an_error() {
    run(async {
        let peer = Peer::answers(json(r#"{"error":{"message":"no","code":503}}"#));
        let error = ask(&peer.upstream()).await.unwrap_err();
        assert!(
            matches!(error, ProviderError::Status { status: 503, .. }),
            "{error:?}"
        );
    });
}

fn large_prompt() -> String {
    let text = "x".repeat(4 << 20);
    format!(r#"{{"model":"m","messages":[{{"role":"user","content":"{text}"}}]}}"#)
}

#[test]
fn early_refusal_during_the_upload_is_read() {
    run(async {
        let prompt = proofs::redacted_chat(&large_prompt()).await;
        let body = r#"{"error":{"message":"too long"}}"#;
        let answer = with_length("413 Payload Too Large", "application/json", body);
        let peer = Peer::new(move |mut conn| {
            let answer = answer.clone();
            async move {
                conn.head().await;
                conn.send(answer).await;
            }
        });
        let upstream = peer.upstream();
        for _ in 0..20 {
            let error = send(&upstream, &prompt).await.unwrap_err();
            let ProviderError::Status {
                status: 413, body, ..
            } = error
            else {
                panic!("{error:?}")
            };
            assert_eq!(body.unwrap().message, "too long");
        }
    });
}

#[test]
fn early_refusal_is_read_also_if_the_provider_only_stops_reading() {
    run(async {
        let prompt = proofs::redacted_chat(&large_prompt()).await;
        let peer = Peer::new(|mut conn| async move {
            conn.head().await;
            conn.send(with_length(
                "413 Payload Too Large",
                "application/json",
                "{}",
            ))
            .await;
            // Keeps the connection and never reads the rest.
            std::future::pending::<()>().await;
        });
        let upstream = peer.upstream();
        for attempt in 1..=2 {
            let error = send(&upstream, &prompt).await.unwrap_err();
            assert!(
                matches!(error, ProviderError::Status { status: 413, .. }),
                "{error:?}"
            );
            assert_eq!(
                peer.accepted.get(),
                attempt,
                "the connection is not used again"
            );
        }
    });
}

#[test]
fn large_upload_arrives_whole() {
    let prompt = large_prompt();
    run(async {
        let peer = Peer::answers(json(REPLY));
        ask_with(&peer.upstream(), &prompt).await.unwrap();
        let expected = prompt.replacen("\"m\"", "\"upstream-model\"", 1);
        assert!(peer.requests()[0].body == expected.as_bytes());
    });
}

#[test]
fn provider_that_closes_without_an_answer_is_cut_off() {
    run(async {
        let peer = Peer::answers_once("");
        assert_eq!(
            ask(&peer.upstream()).await.unwrap_err(),
            ProviderError::Truncated
        );
    });
}

#[test]
fn port_without_a_listener_cannot_be_connected_to() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        let mut spec = peer.spec();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        spec.url = format!("http://127.0.0.1:{port}/").parse().unwrap();
        let refused = ConnectFailure::Socket(std::io::ErrorKind::ConnectionRefused);
        let expected = ProviderError::Connect { failure: refused };
        assert_eq!(ask(&upstream_of(spec)).await.unwrap_err(), expected);
    });
}

#[test]
fn garbage_is_not_an_answer() {
    for garbage in [
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 999999 X\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        "HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    ] {
        run(async {
            let peer = Peer::answers_once(garbage);
            let error = ask(&peer.upstream()).await.unwrap_err();
            assert!(
                matches!(error, ProviderError::Protocol | ProviderError::Truncated),
                "{error:?}"
            );
        });
    }
}
