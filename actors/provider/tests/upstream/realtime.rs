//! The opening of realtime sessions, against peers that agree, refuse and lie.

use actix_http::ws::hash_key;
use bytes::Bytes;
use nenya_provider::{
    AuthStyle, OpenRealtime, ProviderError, ProviderSpec, Realtime, RealtimeFrame, Upstream,
};
use wire::websocket::{FrameKind, Message, frame};

use crate::{harness::*, proofs::Keys};

async fn open(upstream: &Upstream) -> Result<Realtime, ProviderError> {
    let call = OpenRealtime {
        model: Some("m"),
        query: None,
        headers: &[],
        subprotocol: false,
        request_id: "r",
        trace: &[],
    };
    upstream.open_realtime(call).await
}

/// The head that agrees to a handshake.
fn agreed(request: &Request) -> String {
    let key = request.header("sec-websocket-key").unwrap();
    let digest = String::from_utf8(hash_key(key.as_bytes()).to_vec()).unwrap();
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {digest}\r\n\r\n"
    )
}

fn text(text: &str) -> Bytes {
    frame(FrameKind::Text, text.as_bytes(), None)
}

#[test]
fn a_session_opens_behind_an_interim_head_and_with_its_first_message() {
    run(async {
        let peer = Peer::new(|mut conn| async move {
            let request = conn.request().await.unwrap();
            let mut answer = b"HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n".to_vec();
            answer.extend(agreed(&request).into_bytes());
            answer.extend_from_slice(&text("hello"));
            conn.send(answer).await;
            conn.until_closed().await;
        });
        let mut session = open(&peer.upstream()).await.unwrap();
        let said = session.reader.next().await.unwrap();
        assert_eq!(said, Message::Text(Bytes::from_static(b"hello")));
        session.writer.load(RealtimeFrame::ping().unwrap());
        session.writer.write().await.unwrap();
        let [request] = peer.requests().try_into().unwrap();
        assert!(
            request
                .head
                .starts_with("GET /v1/realtime?model=m HTTP/1.1\r\n")
        );
        let bearer = format!("Bearer {KEY}");
        assert_eq!(request.header("authorization"), Some(bearer.as_str()));
        assert_eq!(request.header("sec-websocket-version"), Some("13"));
        assert_eq!(request.header("sec-websocket-extensions"), None);
    });
}

#[test]
fn an_answer_that_does_not_agree_to_this_handshake_is_none() {
    run(async {
        let other = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
        for answer in [other, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"] {
            let peer = Peer::answers(answer);
            let refused = open(&peer.upstream()).await.unwrap_err();
            assert_eq!(refused, ProviderError::Protocol, "{answer}");
        }
        let cut = Peer::answers_once("HTTP/1.1 101 Switching");
        let refused = open(&cut.upstream()).await.unwrap_err();
        assert_eq!(refused, ProviderError::Truncated);
    });
}

#[test]
fn a_refusal_says_what_the_provider_said_chunked_or_not() {
    run(async {
        let body = r#"{"error":{"message":"no such model","code":"model_not_found"}}"#;
        let chunked = format!(
            "HTTP/1.1 404 No\r\ntransfer-encoding: chunked\r\nretry-after: 3\r\n\r\n{}0\r\n\r\n",
            chunk(body)
        );
        let plain = with_length("404 No", "application/json", body);
        for answer in [chunked, plain] {
            let peer = Peer::answers(answer);
            let refused = open(&peer.upstream()).await.unwrap_err();
            let ProviderError::Status { status, body, .. } = refused else {
                panic!("{refused:?}")
            };
            assert_eq!(
                (status, body.unwrap().message.as_str()),
                (404, "no such model")
            );
        }
    });
}

#[test]
fn a_refused_account_rests_and_the_next_is_asked() {
    run(async {
        const FIRST: &str = "sk-key-of-the-first-0123456789";
        const SECOND: &str = "sk-key-of-the-second-0123456789";
        let peer = Peer::new(|mut conn| async move {
            let request = conn.request().await.unwrap();
            let answer = match request.header("authorization").unwrap().ends_with(FIRST) {
                true => with_length("429 No", "application/json", "{}"),
                false => agreed(&request),
            };
            conn.send(answer).await;
            conn.until_closed().await;
        });
        let mut spec: ProviderSpec = peer.spec();
        spec.accounts = vec!["a".to_owned(), "b".to_owned()];
        let keys = Keys::of(&[("p/a", FIRST), ("p/b", SECOND)]);
        let upstream = upstream_with_keys(spec, keys);
        open(&upstream).await.unwrap();
        open(&upstream).await.unwrap();
        assert_eq!(peer.requests().len(), 3, "the first one rests");
    });
}

#[test]
fn nothing_is_asked_where_no_session_can_be() {
    run(async {
        let peer = Peer::answers(json("{}"));
        let inside = peer.upstream_with(|spec| spec.danger_allow_private_addresses = false);
        let refused = open(&inside).await.unwrap_err();
        assert!(
            matches!(refused, ProviderError::AddressRefused { .. }),
            "{refused:?}"
        );
        let messages = format!("http://127.0.0.1:{}/v1/messages", peer.port);
        let other = peer.upstream_with(|spec| {
            spec.url = messages.parse().unwrap();
            spec.format = spec.url.format().unwrap();
        });
        assert_eq!(open(&other).await.unwrap_err(), ProviderError::NotOffered);
        let signed = peer.upstream_with(|spec| spec.auth = AuthStyle::SigV4);
        assert_eq!(open(&signed).await.unwrap_err(), ProviderError::NotOffered);
        let keyless = upstream_with_keys(peer.spec(), Keys::of(&[]));
        assert_eq!(
            open(&keyless).await.unwrap_err(),
            ProviderError::NotConfigured
        );
        let slow = Peer::new(|mut conn| async move { conn.until_closed().await });
        let slow = slow.upstream_with(|spec| spec.first_byte_timeout = SHORT);
        assert_eq!(
            open(&slow).await.unwrap_err(),
            ProviderError::FirstByteTimeout
        );
        assert!(peer.requests().is_empty());
    });
}
