//! Streamed replies, good and bad.

use futures_util::StreamExt;
use nenya_provider::{ProviderError, ReplyLimit};

use crate::harness::*;

/// A peer that sends the head and these chunks, then waits for the client to close.
fn hanging(chunks: &'static [&'static str]) -> Peer {
    Peer::new(move |mut conn| async move {
        conn.request().await;
        conn.send(STREAM_HEAD).await;
        for text in chunks {
            conn.send(chunk(text)).await;
        }
        conn.until_closed().await;
    })
}

#[test]
fn events_pass_untouched_with_what_was_seen() {
    run(async {
        let usage =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\n";
        let text = format!(": ping\n\n{EVENT}{usage}{DONE}");
        let peer = Peer::answers(stream(&text));
        let mut stream = ask_streamed(&peer.upstream()).await.unwrap();
        assert_eq!(drain(&mut stream).await, (text.clone(), Ok(())));
        assert_eq!(stream.usage().unwrap().total_tokens, 7);
        assert_eq!((stream.events(), stream.bytes()), (3, text.len() as u64));
        assert!(stream.saw_done() && stream.at_boundary());
        assert_eq!(
            peer.requests()[0].header("accept"),
            Some("text/event-stream")
        );
    });
}

#[test]
fn each_chunk_is_passed_when_it_comes() {
    run(async {
        let peer = hanging(&[EVENT]);
        let mut stream = ask_streamed(&peer.upstream()).await.unwrap();
        assert_eq!(stream.next().await.unwrap().unwrap(), EVENT);
        drop(stream);
        until(|| peer.closed.get() == 1).await;
    });
}

#[test]
fn silence_before_the_first_event_times_out() {
    run(async {
        let peer = hanging(&[]);
        let upstream = peer.upstream_with(|spec| spec.first_byte_timeout = SHORT);
        assert_eq!(
            ask_streamed(&upstream).await.unwrap_err(),
            ProviderError::FirstByteTimeout
        );
        until(|| peer.closed.get() == 1).await;
    });
}

#[test]
fn silence_in_mid_stream_is_a_stall_and_closes() {
    run(async {
        let peer = hanging(&[EVENT]);
        let upstream = peer.upstream_with(|spec| spec.idle_timeout = SHORT);
        let mut stream = ask_streamed(&upstream).await.unwrap();
        let (seen, end) = drain(&mut stream).await;
        assert_eq!(
            (seen.as_str(), end),
            (EVENT, Err(ProviderError::Stalled { idle: SHORT }))
        );
        until(|| peer.closed.get() == 1).await;
    });
}

#[test]
fn silence_after_done_is_a_good_end() {
    run(async {
        let peer = hanging(&[EVENT, DONE]);
        let mut stream = ask_streamed(&peer.upstream()).await.unwrap();
        assert_eq!(drain(&mut stream).await, (format!("{EVENT}{DONE}"), Ok(())));
    });
}

#[test]
fn stream_without_events_is_empty() {
    run(async {
        let peer = Peer::answers(format!("{STREAM_HEAD}{LAST_CHUNK}"));
        assert_eq!(
            ask_streamed(&peer.upstream()).await.unwrap_err(),
            ProviderError::EmptyStream
        );
    });
}

#[test]
fn stream_that_ends_without_done_is_cut_off() {
    let close_delimited =
        format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n{EVENT}");
    let cut = format!("{STREAM_HEAD}{}", chunk(EVENT));
    for answer in [stream(EVENT), close_delimited, cut] {
        run(async {
            let peer = Peer::answers_once(answer.clone());
            let mut stream = ask_streamed(&peer.upstream()).await.unwrap();
            let end = (EVENT.to_owned(), Err(ProviderError::Truncated));
            assert_eq!(drain(&mut stream).await, end, "{answer}");
            assert!(stream.at_boundary() && !stream.saw_done());
        });
    }
}

#[test]
fn stream_that_ends_with_the_connection_after_done_is_whole() {
    run(async {
        let peer = Peer::answers_once(format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n{EVENT}{DONE}"
        ));
        let mut stream = ask_streamed(&peer.upstream()).await.unwrap();
        assert_eq!(drain(&mut stream).await, (format!("{EVENT}{DONE}"), Ok(())));
    });
}

#[test]
fn stream_cut_inside_an_event_is_not_at_a_boundary() {
    run(async {
        let (half, _) = EVENT.split_at(10);
        let peer = Peer::answers_once(format!("{STREAM_HEAD}{}{}", chunk(EVENT), chunk(half)));
        let mut stream = ask_streamed(&peer.upstream()).await.unwrap();
        assert_eq!(drain(&mut stream).await.1, Err(ProviderError::Truncated));
        assert!(!stream.at_boundary());
    });
}

#[test]
fn error_object_instead_of_a_stream_is_an_error() {
    run(async {
        let peer = Peer::answers(json(r#"{"error":{"message":"busy","code":"529"}}"#));
        let error = ask_streamed(&peer.upstream()).await.unwrap_err();
        let ProviderError::Status {
            status: 529,
            body: Some(body),
            ..
        } = error
        else {
            panic!("{error:?}")
        };
        assert_eq!(body.message, "busy");
        let peer = Peer::answers(json(REPLY));
        let error = ask_streamed(&peer.upstream()).await.unwrap_err();
        assert_eq!(
            error,
            ProviderError::NotJson {
                content_type: "application/json".to_owned()
            }
        );
    });
}

#[test]
fn flood_ends_at_the_bound() {
    run(async {
        let text = EVENT.repeat(2000);
        let peer = Peer::answers(stream(&text));
        let upstream = peer.upstream_with(|spec| spec.max_stream_bytes = 20_000);
        let mut stream = ask_streamed(&upstream).await.unwrap();
        let (seen, end) = drain(&mut stream).await;
        let expected = ProviderError::TooLarge {
            limit: 20_000,
            which: ReplyLimit::Stream,
        };
        assert_eq!(end, Err(expected));
        assert!(seen.len() <= 20_000);
    });
}

#[test]
fn error_status_for_a_stream_is_an_error() {
    run(async {
        let peer = Peer::answers(with_length(
            "500 Oops",
            "application/json",
            r#"{"error":"x"}"#,
        ));
        let error = ask_streamed(&peer.upstream()).await.unwrap_err();
        assert!(matches!(error, ProviderError::Status { status: 500, .. }));
    });
}
