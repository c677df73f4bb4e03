//! Every split of every write: the wire has the key where it belongs, and only there.

use std::{cell::Cell, task::Waker};

use proptest::prelude::*;

use super::*;

const PLACEHOLDER: &str = "nenya-placeholder-0123456789abcdef";
const KEY: &[u8] = b"sk-secret-key-of-the-provider";

struct TestKey(Vec<u8>);

impl Exposed for TestKey {
    fn expose(&self) -> &[u8] {
        &self.0
    }
}

/// Takes as many bytes per write as its plan says, 0 meaning "not now".
#[derive(Debug, Default)]
struct Stingy {
    wire: Vec<u8>,
    plan: Vec<usize>,
    turn: usize,
}

impl AsyncWrite for Stingy {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.as_mut()
            .poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let turn = self.turn;
        self.turn += 1;
        let room = if self.plan.is_empty() {
            usize::MAX
        } else {
            self.plan[turn % self.plan.len()]
        };
        if room == 0 {
            return Poll::Pending;
        }
        let bytes: Vec<u8> = parts
            .iter()
            .flat_map(|part| part.iter().copied())
            .take(room)
            .collect();
        self.wire.extend_from_slice(&bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

type Injection = KeyInjection<Stingy, TestKey>;

fn injection(plan: &[usize]) -> Injection {
    let io = Stingy {
        plan: plan.to_vec(),
        ..Stingy::default()
    };
    KeyInjection::new(io, PLACEHOLDER, Rc::new(|| Some(TestKey(KEY.to_vec()))))
}

/// Offers the bytes in pieces as awc does: what is refused is offered again.
fn send(injection: &mut Injection, bytes: &[u8], step: usize) -> io::Result<()> {
    let mut cx = Context::from_waker(Waker::noop());
    let mut left = bytes;
    let mut polls = 0;
    while !left.is_empty() {
        polls += 1;
        assert!(polls < 1_000_000, "no progress");
        let offered = &left[..step.min(left.len())];
        if let Poll::Ready(count) = Pin::new(&mut *injection).poll_write(&mut cx, offered) {
            left = &left[count?..];
        }
    }
    while Pin::new(&mut *injection).poll_flush(&mut cx)?.is_pending() {}
    Ok(())
}

fn request(body: &str) -> String {
    format!(
        "POST /v1/chat/completions HTTP/1.1\r\nauthorization: Bearer {PLACEHOLDER}\r\n\
         x-goog-api-key: {PLACEHOLDER}\r\nx-other: {PLACEHOLDER}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn expected(body: &str) -> Vec<u8> {
    let key = std::str::from_utf8(KEY).unwrap();
    request("")
        .replacen(PLACEHOLDER, key, 2)
        .replace(
            "content-length: 0",
            &format!("content-length: {}", body.len()),
        )
        .into_bytes()
        .into_iter()
        .chain(body.bytes())
        .collect()
}

#[test]
fn key_is_in_both_auth_lines_and_nowhere_else() {
    let mut injection = injection(&[]);
    send(&mut injection, request("{}").as_bytes(), usize::MAX).unwrap();
    assert_eq!(injection.io.wire, expected("{}"));
}

#[test]
fn every_fixed_split_on_both_sides_gives_the_same_wire() {
    let body = format!("{{\"prompt\":\"authorization: Bearer {PLACEHOLDER}\"}}");
    for room in 1..70 {
        for step in [1, 2, 3, 7, 16, 61, 200, 1000] {
            let mut injection = injection(&[room]);
            send(&mut injection, request(&body).as_bytes(), step).unwrap();
            assert_eq!(
                injection.io.wire,
                expected(&body),
                "room {room}, step {step}"
            );
        }
    }
}

#[test]
fn body_that_looks_like_a_head_is_left_alone() {
    let body = format!("\r\n\r\nPOST / HTTP/1.1\r\nauthorization: Bearer {PLACEHOLDER}\r\n\r\n");
    for step in [1, 5, 1000] {
        let mut injection = injection(&[3, 0, 50]);
        send(&mut injection, request(&body).as_bytes(), step).unwrap();
        assert_eq!(injection.io.wire, expected(&body));
    }
}

#[test]
fn head_longer_than_one_write_keeps_its_order() {
    let long = format!(
        "GET /{} HTTP/1.1\r\nx-api-key: {PLACEHOLDER}\r\n\r\n",
        "a".repeat(20_000)
    );
    let mut injection = injection(&[1000]);
    send(&mut injection, long.as_bytes(), 16_384).unwrap();
    let key = std::str::from_utf8(KEY).unwrap();
    assert_eq!(injection.io.wire, long.replace(PLACEHOLDER, key).as_bytes());
}

#[test]
fn each_request_on_a_connection_takes_the_key_of_its_time() {
    let turn = Rc::new(Cell::new(0));
    let seen = Rc::clone(&turn);
    let lease = Rc::new(move || {
        seen.set(seen.get() + 1);
        Some(TestKey(format!("key-{}", seen.get()).into_bytes()))
    });
    let mut injection = KeyInjection::new(Stingy::default(), PLACEHOLDER, lease);
    let request = format!("GET / HTTP/1.1\r\napi-key: {PLACEHOLDER}\r\n\r\n");
    for _ in 0..2 {
        send(&mut injection, request.as_bytes(), usize::MAX).unwrap();
    }
    let wire = String::from_utf8(injection.io.wire).unwrap();
    assert_eq!(
        wire,
        "GET / HTTP/1.1\r\napi-key: key-1\r\n\r\nGET / HTTP/1.1\r\napi-key: key-2\r\n\r\n"
    );
}

#[test]
fn request_without_placeholder_asks_for_no_key() {
    let mut injection: Injection = KeyInjection::new(
        Stingy::default(),
        PLACEHOLDER,
        Rc::new(|| panic!("asked for a key")),
    );
    send(
        &mut injection,
        b"GET / HTTP/1.1\r\nx: y\r\n\r\n",
        usize::MAX,
    )
    .unwrap();
    assert_eq!(injection.io.wire, b"GET / HTTP/1.1\r\nx: y\r\n\r\n");
}

#[test]
fn lease_is_gone_once_the_head_is_out() {
    let mut injection = injection(&[]);
    let head = request("12345");
    send(
        &mut injection,
        &head.as_bytes()[..head.len() - 3],
        usize::MAX,
    )
    .unwrap();
    assert!(injection.outgoing.is_none());
    assert_eq!(injection.phase, Phase::Body { left: 3 });
}

#[test]
fn missing_or_unsendable_key_stops_the_request_before_its_first_byte() {
    for key in [
        None,
        Some(""),
        Some("a\r\nx: y"),
        Some("two words"),
        Some("caf\u{e9}"),
    ] {
        let lease = Rc::new(move || key.map(|key| TestKey(key.as_bytes().to_vec())));
        let mut injection = KeyInjection::new(Stingy::default(), PLACEHOLDER, lease);
        let refused = send(&mut injection, request("{}").as_bytes(), usize::MAX).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
        assert!(injection.io.wire.is_empty());
    }
}

#[test]
fn request_whose_end_cannot_be_counted_is_refused() {
    for line in [
        "transfer-encoding: gzip",
        "transfer-encoding: chunked\r\ncontent-length: 1",
        "content-length: 1\r\ncontent-length: 1",
        "content-length: x",
        "content-length: -1",
    ] {
        let mut injection = injection(&[]);
        let head = format!("POST / HTTP/1.1\r\n{line}\r\n\r\n");
        assert!(
            send(&mut injection, head.as_bytes(), usize::MAX).is_err(),
            "{line}"
        );
        assert!(injection.io.wire.is_empty());
    }
}

#[test]
fn chunked_body_that_looks_like_a_head_is_left_alone_and_the_next_head_is_found() {
    let inside = format!("\r\n\r\nPOST / HTTP/1.1\r\nauthorization: Bearer {PLACEHOLDER}\r\n\r\n");
    let upload = format!(
        "POST / HTTP/1.1\r\nauthorization: Bearer {PLACEHOLDER}\r\ntransfer-encoding: chunked\r\n\r\n{:X}\r\n{inside}\r\n0\r\n\r\n",
        inside.len()
    );
    let both = upload.clone() + &request("{}");
    let key = std::str::from_utf8(KEY).unwrap();
    let expected = [
        upload.replacen(PLACEHOLDER, key, 1).into_bytes(),
        expected("{}"),
    ]
    .concat();
    for plan in [&[][..], &[1, 0], &[3, 50], &[200]] {
        for step in [1, 2, 13, 100, usize::MAX] {
            let mut injection = injection(plan);
            send(&mut injection, both.as_bytes(), step).unwrap();
            assert_eq!(injection.io.wire, expected, "{plan:?} {step}");
        }
    }
}

#[test]
fn placeholder_in_the_request_line_is_left_alone() {
    let mut injection = injection(&[]);
    let head = format!("GET /authorization:{PLACEHOLDER} HTTP/1.1\r\nx: y\r\n\r\n");
    send(&mut injection, head.as_bytes(), usize::MAX).unwrap();
    assert_eq!(injection.io.wire, head.as_bytes());
}

#[test]
fn debug_text_has_no_key() {
    let mut injection = injection(&[1, 0]);
    let mut cx = Context::from_waker(Waker::noop());
    let written = Pin::new(&mut injection).poll_write(&mut cx, request("{}").as_bytes());
    assert!(written.is_ready());
    assert!(injection.outgoing.is_some());
    let text = format!("{injection:?}");
    assert!(!text.contains("sk-secret"));
}

proptest! {
    #[test]
    fn any_split_of_two_requests_gives_the_same_wire(
        plan in proptest::collection::vec(0_usize..90, 1..12),
        step in 1_usize..300,
        bodies in proptest::collection::vec("[a-z\r\n]{0,40}", 2),
        plant in any::<bool>(),
    ) {
        prop_assume!(plan.iter().any(|room| *room > 0));
        let mut injection = injection(&plan);
        let mut wanted = Vec::new();
        for body in &bodies {
            let body = if plant { format!("{body}\r\nx-api-key: {PLACEHOLDER}\r\n\r\n") } else { body.clone() };
            send(&mut injection, request(&body).as_bytes(), step).unwrap();
            wanted.extend(expected(&body));
        }
        prop_assert_eq!(&injection.io.wire, &wanted);
    }
}
