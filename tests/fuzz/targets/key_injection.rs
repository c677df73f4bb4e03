//! `provider::key_injection`: the key is in the auth lines of a head and nowhere else.
#![no_main]

use std::rc::Rc;

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use nenya_fuzz::{Peer, send};
use provider::key_injection::{Exposed, KeyInjection};

const PLACEHOLDER: &str = "nenya-placeholder-0123456789abcdef";
const KEY: &str = "sk-the-key-that-only-heads-may-hold";
const AUTH_LINES: [&str; 4] = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];

struct TestKey;

impl Exposed for TestKey {
    fn expose(&self) -> &[u8] {
        KEY.as_bytes()
    }
}

#[derive(Debug, Arbitrary)]
enum Piece<'a> {
    Placeholder,
    /// Something that could pass for a head.
    Head,
    Bytes(&'a [u8]),
}

#[derive(Debug, Arbitrary)]
enum Name<'a> {
    Auth(u8),
    Other(&'a str),
}

#[derive(Debug, Arbitrary)]
struct Line<'a> {
    name: Name<'a>,
    value: Vec<Piece<'a>>,
}

#[derive(Debug, Arbitrary)]
struct Request<'a> {
    path: Vec<Piece<'a>>,
    lines: Vec<Line<'a>>,
    body: Vec<Piece<'a>>,
}

#[derive(Debug, Arbitrary)]
struct Connection<'a> {
    requests: Vec<Request<'a>>,
    offers: &'a [u8],
    takes: &'a [u8],
    raw: &'a [u8],
}

fn bytes_of(pieces: &[Piece<'_>]) -> Vec<u8> {
    let bytes = pieces.iter().map(|piece| match piece {
        Piece::Placeholder => PLACEHOLDER.as_bytes().to_vec(),
        Piece::Head => {
            format!("\r\n\r\nPOST / HTTP/1.1\r\nauthorization: Bearer {PLACEHOLDER}\r\n\r\n").into()
        }
        Piece::Bytes(bytes) => bytes.to_vec(),
    });
    bytes.collect::<Vec<_>>().concat()
}

fn without(mut bytes: Vec<u8>, unwanted: &[u8]) -> Vec<u8> {
    bytes.retain(|byte| !unwanted.contains(byte));
    bytes
}

/// What awc writes, and what must be on the wire for it.
fn written_and_expected(request: &Request<'_>) -> (Vec<u8>, Vec<u8>) {
    let path = without(bytes_of(&request.path), b"\r\n");
    let mut written = [b"POST /".as_slice(), &path, b" HTTP/1.1\r\n"].concat();
    let mut expected = written.clone();
    for line in &request.lines {
        let name = match line.name {
            Name::Auth(number) => AUTH_LINES[usize::from(number) % AUTH_LINES.len()].to_owned(),
            Name::Other(name) => name.replace(['\r', '\n', ':'], ""),
        };
        let framing = ["content-length", "transfer-encoding"];
        if framing.iter().any(|other| name.eq_ignore_ascii_case(other)) {
            continue;
        }
        let value = without(bytes_of(&line.value), b"\r\n");
        let is_auth = AUTH_LINES
            .iter()
            .any(|auth| name.eq_ignore_ascii_case(auth));
        let sent = if is_auth {
            with_key(&value)
        } else {
            value.clone()
        };
        for (out, value) in [(&mut written, &value), (&mut expected, &sent)] {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b": ");
            out.extend_from_slice(value);
            out.extend_from_slice(b"\r\n");
        }
    }
    let body = bytes_of(&request.body);
    for out in [&mut written, &mut expected] {
        out.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
        out.extend_from_slice(&body);
    }
    (written, expected)
}

fn with_key(value: &[u8]) -> Vec<u8> {
    let (mut rest, mut out) = (value, Vec::new());
    while let Some(byte) = rest.first() {
        if let Some(after) = rest.strip_prefix(PLACEHOLDER.as_bytes()) {
            out.extend_from_slice(KEY.as_bytes());
            rest = after;
        } else {
            out.push(*byte);
            rest = &rest[1..];
        }
    }
    out
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

fuzz_target!(|connection: Connection<'_>| {
    let mut wire = Peer::new(&[], &[], connection.takes);
    let mut injection = KeyInjection::new(&mut wire, PLACEHOLDER, Rc::new(|| Some(TestKey)));
    let mut all = Vec::new();
    for request in &connection.requests {
        let (written, expected) = written_and_expected(request);
        send(&mut injection, &written, connection.offers).expect("a request of ours is sent");
        all.extend(expected);
    }
    drop(injection);
    assert!(
        wire.wire == all,
        "the wire has something else than it should"
    );

    // Bytes that are no request: refused or sent, but the key is only where it was asked for.
    let mut wire = Peer::new(&[], &[], connection.takes);
    let mut injection = KeyInjection::new(&mut wire, PLACEHOLDER, Rc::new(|| Some(TestKey)));
    let _ = send(&mut injection, connection.raw, connection.offers);
    drop(injection);
    assert!(
        holds(connection.raw, PLACEHOLDER) || holds(connection.raw, KEY) || !holds(&wire.wire, KEY)
    );
});
