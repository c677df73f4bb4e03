//! Requests that are passed as they are.

use http::{
    Method,
    header::{HeaderName, HeaderValue},
};
use nenya_provider::{Answer, Forward, ProviderError, ProviderSpec, Upstream};

use crate::{harness::*, proofs};

async fn forward(
    upstream: &Upstream,
    method: Method,
    path: &str,
    body: &str,
) -> Result<Answer, ProviderError> {
    let headers: Vec<(HeaderName, HeaderValue)> = [
        ("content-type", "multipart/form-data; boundary=x"),
        ("accept", "*/*"),
        ("authorization", "Bearer the-clients-own"),
        ("cookie", "a=b"),
        ("connection", "close, idempotency-key"),
        ("idempotency-key", "1"),
        ("openai-beta", "assistants=v2"),
        ("x-forwarded-for", "203.0.113.7"),
    ]
    .map(|(name, value)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    })
    .into();
    let body = proofs::redacted_bytes(body.as_bytes()).await;
    let query = proofs::redacted_query("limit=2&after=a%20b").await;
    let call = Forward {
        method: &method,
        path,
        query: Some(&query),
        headers: &headers,
        body: &body,
        request_id: "req-9",
        trace: &[],
    };
    upstream.forward(call).await
}

async fn raw(answer: Answer) -> (u16, Vec<String>, String) {
    let Answer::Raw {
        status,
        headers,
        mut body,
    } = answer
    else {
        panic!("{answer:?}")
    };
    let mut names: Vec<_> = headers.iter().map(|(name, _)| name.to_string()).collect();
    names.sort();
    let (text, end) = drain(&mut body).await;
    end.unwrap();
    (status, names, text)
}

#[test]
fn method_path_query_and_body_arrive_as_they_were() {
    run(async {
        let peer = Peer::answers(json("{}"));
        let answer = forward(
            &peer.upstream(),
            Method::PATCH,
            "/v1/files/a%2Fb",
            "some body",
        )
        .await
        .unwrap();
        assert_eq!(raw(answer).await.0, 200);
        let request = &peer.requests()[0];
        assert!(
            request
                .head
                .starts_with("PATCH /v1/files/a%2Fb?limit=2&after=a%20b HTTP/1.1\r\n")
        );
        assert_eq!(request.body, b"some body");
        assert_eq!(
            request.header("authorization"),
            Some(format!("Bearer {KEY}").as_str())
        );
        assert_eq!(
            request.header("content-type"),
            Some("multipart/form-data; boundary=x")
        );
        assert_eq!(request.header("openai-beta"), Some("assistants=v2"));
        for dropped in ["cookie", "x-forwarded-for", "idempotency-key", "connection"] {
            assert_eq!(request.header(dropped), None, "{dropped}");
        }
    });
}

#[test]
fn request_without_a_body_has_no_length() {
    run(async {
        let peer = Peer::answers(json("{}"));
        forward(&peer.upstream(), Method::GET, "/v1/models", "")
            .await
            .unwrap();
        let request = &peer.requests()[0];
        assert_eq!(request.header("content-length"), None);
        assert_eq!(request.header("transfer-encoding"), None);
    });
}

#[test]
fn answer_is_passed_whatever_its_status_without_account_headers() {
    run(async {
        let peer = Peer::answers(
            "HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\nset-cookie: a=b\r\nopenai-organization: o\r\nretry-after: 3\r\nx-ratelimit-limit-requests: 9\r\ncontent-length: 4\r\n\r\ngone",
        );
        let answer = forward(&peer.upstream(), Method::GET, "/x", "")
            .await
            .unwrap();
        let (status, headers, body) = raw(answer).await;
        assert_eq!((status, body.as_str()), (404, "gone"));
        assert_eq!(headers, ["content-type", "retry-after"]);
    });
}

#[test]
fn redirect_is_refused() {
    run(async {
        let peer = Peer::answers(
            "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n",
        );
        let error = forward(&peer.upstream(), Method::GET, "/x", "")
            .await
            .unwrap_err();
        assert_eq!(error, ProviderError::Redirect { status: 302 });
    });
}

#[test]
fn head_request_is_answered_without_a_body() {
    run(async {
        let peer = Peer::answers(
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 1000\r\n\r\n",
        );
        let upstream = peer.upstream();
        for _ in 0..2 {
            let answer = forward(&upstream, Method::HEAD, "/x", "").await.unwrap();
            assert_eq!(raw(answer).await.2, "");
        }
        assert_eq!(peer.accepted.get(), 1);
    });
}

#[test]
fn body_is_streamed_and_a_cut_is_an_error() {
    run(async {
        let peer = Peer::answers_once(format!("{STREAM_HEAD}{}", chunk(EVENT)));
        let answer = forward(&peer.upstream(), Method::POST, "/v1/responses", "{}")
            .await
            .unwrap();
        let Answer::Raw { mut body, .. } = answer else {
            panic!()
        };
        assert_eq!(
            drain(&mut body).await,
            (EVENT.to_owned(), Err(ProviderError::Truncated))
        );
    });
}

#[test]
fn silence_and_length_are_bounded() {
    run(async {
        let peer = Peer::new(|mut conn| async move {
            conn.request().await;
            conn.send(format!("{STREAM_HEAD}{}", chunk(&EVENT.repeat(100))))
                .await;
            conn.until_closed().await;
        });
        let upstream = peer.upstream_with(|spec| spec.idle_timeout = SHORT);
        let Answer::Raw { mut body, .. } = forward(&upstream, Method::GET, "/x", "").await.unwrap()
        else {
            panic!()
        };
        assert_eq!(
            drain(&mut body).await.1,
            Err(ProviderError::Stalled { idle: SHORT })
        );
        let upstream = peer.upstream_with(|spec| spec.max_stream_bytes = 100);
        let Answer::Raw { mut body, .. } = forward(&upstream, Method::GET, "/x", "").await.unwrap()
        else {
            panic!()
        };
        assert!(matches!(
            drain(&mut body).await.1,
            Err(ProviderError::TooLarge { limit: 100, .. })
        ));
    });
}

#[test]
fn path_cannot_leave_the_host_or_the_request_line() {
    run(async {
        let peer = Peer::answers(json("{}"));
        let upstream = peer.upstream();
        for path in [
            "x",
            "http://evil.example/",
            "/a b",
            "/a\r\nx: y",
            "",
            "/a#b",
            "/\\evil",
        ] {
            let error = forward(&upstream, Method::GET, path, "").await.unwrap_err();
            assert_eq!(error, ProviderError::BadPath, "{path:?}");
        }
        forward(&upstream, Method::GET, "//evil.example/x", "")
            .await
            .unwrap();
        assert!(peer.requests()[0].head.starts_with("GET //evil.example/x?"));
    });
}

#[test]
fn echo_provider_forwards_nothing() {
    run(async {
        let upstream = upstream_of(ProviderSpec::echo("echo"));
        let error = forward(&upstream, Method::GET, "/x", "").await.unwrap_err();
        assert_eq!(error, ProviderError::NotConfigured);
    });
}
