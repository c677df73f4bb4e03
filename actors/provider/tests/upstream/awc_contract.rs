//! What awc does by itself with answers that `fix_head.rs` cures.
//!
//! If one of these fails after an upgrade, awc has changed: look whether its part of the cure can
//! go, and change the test.

use awc::{
    Client,
    error::{PayloadError, SendRequestError},
};
use bytes::Bytes;

use crate::harness::*;

async fn plain_awc(answer: &str) -> Result<(u16, Result<Bytes, PayloadError>), SendRequestError> {
    let peer = Peer::answers_once(answer);
    let url = format!("http://127.0.0.1:{}/", peer.port);
    let mut response = Client::default().get(url).send().await?;
    Ok((response.status().as_u16(), response.body().await))
}

#[test]
fn cut_off_bodies_are_taken_as_complete() {
    for framing in [
        "content-length: 500\r\n\r\nhalf",
        "transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ] {
        run(async {
            let (_, body) = plain_awc(&format!("HTTP/1.1 200 OK\r\n{framing}"))
                .await
                .unwrap();
            assert_eq!(body.unwrap(), "half", "{framing}");
        });
    }
}

#[test]
fn body_that_ends_with_the_connection_is_lost() {
    run(async {
        let (_, body) = plain_awc("HTTP/1.1 200 OK\r\n\r\nbody").await.unwrap();
        assert_eq!(body.unwrap(), "");
    });
}

#[test]
fn interim_answer_is_taken_for_the_answer() {
    run(async {
        let answer = "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        assert_eq!(plain_awc(answer).await.unwrap().0, 103);
    });
}
