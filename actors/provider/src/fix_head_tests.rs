//! What awc would read, for good answers, bad ones, and any cut into pieces.

use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use super::*;

/// Sends a request through, lets the peer answer in pieces of `step` bytes and close, and
/// gives what awc would read.
async fn answered(request: &[u8], answer: &[u8], step: usize) -> (Vec<u8>, io::Result<()>) {
    let (ours, mut theirs) = duplex(1 << 20);
    let mut fixed = FixHead::new(ours);
    fixed.write_all(request).await.unwrap();
    let answer = answer.to_vec();
    let peer = async move {
        for piece in answer.chunks(step) {
            theirs.write_all(piece).await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    let reader = read_all(&mut fixed);
    tokio::join!(peer, reader).1
}

async fn read_all(fixed: &mut FixHead<DuplexStream>) -> (Vec<u8>, io::Result<()>) {
    let mut seen = Vec::new();
    let result = fixed.read_to_end(&mut seen).await.map(|_| ());
    (seen, result)
}

fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

const GET: &[u8] = b"GET / HTTP/1.1\r\n\r\n";

#[test]
fn interim_heads_are_dropped() {
    let answer = b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";
    let (seen, _) = run(answered(GET, answer, 7));
    assert!(seen.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert!(seen.ends_with(b"hi"));
}

#[test]
fn malformed_head_is_judged_by_itself_however_it_is_cut() {
    for answer in [
        b"HTTP/1.\n\n103 x\n\nrest".as_slice(),
        b"HTTP/1.1\n\n10",
        b"HTTP/1.1 +10\n\nrest",
        b"HTTP/1.1 10\n\n3rest",
        b"HTTP/1.\n 103\n\nrest",
    ] {
        for step in [1, 8, 10, 64] {
            assert_eq!(run(answered(GET, answer, step)).0, answer, "{step}");
        }
    }
}

#[test]
fn body_that_ends_with_the_connection_is_whole() {
    let (seen, result) = run(answered(GET, b"HTTP/1.1 200 OK\r\nx: y\r\n\r\nbody", 3));
    assert!(result.is_ok());
    assert_eq!(
        seen,
        b"HTTP/1.0 200 OK\r\nconnection: close\r\nx: y\r\n\r\nbody"
    );
}

#[test]
fn body_that_is_cut_off_is_an_error() {
    for head in ["content-length: 10", "Transfer-Encoding: chunked"] {
        let answer = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\nhalf");
        let (seen, result) = run(answered(GET, answer.as_bytes(), 5));
        assert_eq!(
            result.unwrap_err().kind(),
            io::ErrorKind::UnexpectedEof,
            "{head}"
        );
        assert_eq!(seen, answer.as_bytes());
    }
}

#[test]
fn answer_to_head_is_not_read_to_the_end_of_the_connection() {
    let (seen, result) = run(answered(
        b"HEAD / HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        64,
    ));
    assert_eq!(seen, b"HTTP/1.1 200 OK\r\n\r\n");
    assert!(result.is_err(), "the end that follows belongs to no body");
}

#[test]
fn connection_that_ends_before_the_head_is_an_error() {
    let (seen, result) = run(answered(GET, b"HTTP/1.1 20", 64));
    assert!(seen.is_empty());
    assert_eq!(result.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
}

#[test]
fn endless_head_is_refused() {
    let answer = [b"HTTP/1.1 200 OK\r\nx: ".to_vec(), vec![b'a'; LONGEST_HEAD]].concat();
    let (_, result) = run(answered(GET, &answer, 4096));
    assert_eq!(result.unwrap_err().kind(), io::ErrorKind::InvalidData);
}

#[test]
fn endless_interim_heads_are_refused() {
    let answer = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(LONGEST_HEAD / 20);
    let (_, result) = run(answered(GET, &answer, 4096));
    assert_eq!(result.unwrap_err().kind(), io::ErrorKind::InvalidData);
}

#[test]
fn refusal_is_read_while_the_upload_is_stuck() {
    run(async {
        let (ours, mut theirs) = duplex(64);
        let mut fixed = FixHead::new(ours);
        let answer = b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n";
        theirs.write_all(answer).await.unwrap();
        fixed
            .write_all(&[b"POST / HTTP/1.1\r\n\r\n".as_slice(), &[b'x'; 4096]].concat())
            .await
            .unwrap();
        let mut seen = [0; 256];
        let length = fixed.read(&mut seen).await.unwrap();
        assert!(seen[..length].starts_with(b"HTTP/1.1 413 Too Large\r\nconnection: close\r\n"));
        let again = fixed.write(b"POST / HTTP/1.1\r\n\r\n").await;
        assert_eq!(again.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    });
}

#[test]
fn early_success_does_not_stop_the_upload() {
    run(async {
        let (ours, mut theirs) = duplex(64);
        let mut fixed = FixHead::new(ours);
        theirs
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            .await
            .unwrap();
        let mut got = Vec::new();
        let upload = [b"POST / HTTP/1.1\r\n\r\n".as_slice(), &[b'x'; 4096]].concat();
        let write = async {
            fixed.write_all(&upload).await.unwrap();
            fixed.flush().await.unwrap();
            drop(fixed);
        };
        tokio::join!(write, async { theirs.read_to_end(&mut got).await.unwrap() });
        assert_eq!(got, upload);
    });
}

#[test]
fn second_request_on_the_connection_is_fixed_too() {
    run(async {
        let (ours, mut theirs) = duplex(4096);
        let mut fixed = FixHead::new(ours);
        for status in ["200 OK", "201 Created"] {
            fixed.write_all(GET).await.unwrap();
            let answer =
                format!("HTTP/1.1 102 P\r\n\r\nHTTP/1.1 {status}\r\ncontent-length: 2\r\n\r\nhi");
            theirs.write_all(answer.as_bytes()).await.unwrap();
            let mut seen = Vec::new();
            while !seen.ends_with(b"hi") {
                fixed.read_buf(&mut seen).await.unwrap();
            }
            assert!(seen.starts_with(format!("HTTP/1.1 {status}").as_bytes()));
        }
    });
}

proptest! {
    #[test]
    fn pieces_do_not_change_what_is_read(step in 1_usize..80, hints in 0_usize..3, body: Vec<u8>) {
        let mut answer = b"HTTP/1.1 103 E\r\nlink: </a>\r\n\r\n".repeat(hints);
        let rest = [format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes(), body].concat();
        answer.extend_from_slice(&rest);
        let (seen, _) = run(answered(GET, &answer, step));
        prop_assert_eq!(seen, rest);
    }

    #[test]
    fn no_answer_panics(answer: Vec<u8>, step in 1_usize..64) {
        let (seen, _) = run(answered(GET, &answer, step));
        prop_assert!(seen.len() <= answer.len() + 64);
    }
}
