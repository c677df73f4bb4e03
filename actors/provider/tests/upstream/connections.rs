//! Which connections are made, used again and closed.

use std::time::Duration;

use nenya_provider::ProviderError;

use crate::harness::*;

#[test]
fn two_requests_share_one_connection() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        let upstream = peer.upstream();
        for _ in 0..2 {
            ask(&upstream).await.unwrap();
        }
        assert_eq!((peer.accepted.get(), peer.requests().len()), (1, 2));
    });
}

#[test]
fn stream_that_was_read_to_its_end_leaves_its_connection_for_the_next() {
    run(async {
        let peer = Peer::answers(stream(&format!("{EVENT}{DONE}")));
        let upstream = peer.upstream();
        for _ in 0..3 {
            let mut stream = ask_streamed(&upstream).await.unwrap();
            drain(&mut stream).await.1.unwrap();
        }
        assert_eq!((peer.accepted.get(), peer.requests().len()), (1, 3));
    });
}

#[test]
fn error_answer_leaves_its_connection_for_the_next() {
    run(async {
        let peer = Peer::answers(with_length(
            "429 Slow",
            "application/json",
            r#"{"error":"x"}"#,
        ));
        let upstream = peer.upstream();
        for _ in 0..2 {
            ask(&upstream).await.unwrap_err();
        }
        assert_eq!(peer.accepted.get(), 1);
    });
}

#[test]
fn connection_that_the_provider_closed_is_not_used_again() {
    run(async {
        let peer = Peer::answers_once(json(REPLY));
        let upstream = peer.upstream();
        for round in 1..=20 {
            ask(&upstream).await.unwrap();
            assert_eq!(peer.accepted.get(), round);
            until(|| peer.ended.get() == round).await;
        }
    });
}

#[test]
fn two_providers_on_one_host_share_no_connection() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        let (one, other) = (peer.upstream(), peer.upstream());
        ask(&one).await.unwrap();
        ask(&other).await.unwrap();
        assert_eq!(peer.accepted.get(), 2);
    });
}

#[test]
fn dropped_call_closes_the_connection_in_every_phase() {
    for phase in ["upload", "head", "body"] {
        run(async {
            let peer = Peer::new(move |mut conn| async move {
                conn.head().await;
                if phase == "body" {
                    conn.send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{").await;
                }
                conn.until_closed().await;
            });
            let upstream = peer.upstream();
            let call = tokio::time::timeout(SHORT, ask(&upstream));
            assert!(call.await.is_err(), "{phase}");
            tokio::time::timeout(Duration::from_secs(1), until(|| peer.closed.get() == 1))
                .await
                .expect(phase);
        });
    }
}

#[test]
fn dropped_stream_closes_the_connection_at_once() {
    run(async {
        let peer = Peer::new(|mut conn| async move {
            conn.request().await;
            conn.send(format!("{STREAM_HEAD}{}", chunk(EVENT))).await;
            conn.until_closed().await;
        });
        let stream = ask_streamed(&peer.upstream()).await.unwrap();
        assert_eq!(peer.closed.get(), 0);
        drop(stream);
        tokio::time::timeout(Duration::from_secs(1), until(|| peer.closed.get() == 1))
            .await
            .unwrap();
    });
}

#[test]
fn private_address_is_refused_in_every_spelling_before_a_connection() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        for host in [
            "127.0.0.1",
            "localhost",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "2130706433",
            "0x7f000001",
            "127.1",
            "0.0.0.0",
            "a.localhost",
        ] {
            let mut spec = peer.spec();
            spec.url = format!("http://{host}:{}/v1/chat/completions", peer.port)
                .parse()
                .unwrap();
            spec.danger_allow_private_addresses = false;
            let error = ask(&upstream_of(spec)).await.unwrap_err();
            assert!(
                matches!(error, ProviderError::AddressRefused { .. }),
                "{host}: {error:?}"
            );
        }
        assert_eq!(peer.accepted.get(), 0);
    });
}

#[test]
fn metadata_address_is_refused_even_with_the_flag() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        for host in [
            "169.254.169.254",
            "[fd00:ec2::254]",
            "metadata.google.internal",
            "[::ffff:169.254.169.254]",
        ] {
            let mut spec = peer.spec();
            spec.url = format!("http://{host}:{}/", peer.port).parse().unwrap();
            let error = ask(&upstream_of(spec)).await.unwrap_err();
            assert!(
                matches!(error, ProviderError::AddressRefused { .. }),
                "{host}: {error:?}"
            );
        }
    });
}

#[test]
fn mapped_spelling_connects_to_the_address_that_was_checked() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        let mut spec = peer.spec();
        spec.url = format!("http://[::ffff:127.0.0.1]:{}/", peer.port)
            .parse()
            .unwrap();
        ask(&upstream_of(spec)).await.unwrap();
        assert_eq!(peer.accepted.get(), 1);
    });
}
