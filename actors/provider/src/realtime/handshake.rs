//! The opening of a WebSocket as bytes: the request, and whether the answer agrees to it. Pure.
//!
//! Strict in what it takes: one value of each header, the digest of this very key, no extension,
//! and no subprotocol that was not offered.
//!
//! # Source
//! RFC 6455 section 4.1.

use actix_http::ws::hash_key;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{
    HeaderMap,
    header::{
        HeaderName, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
        SEC_WEBSOCKET_VERSION,
    },
};

use super::SUBPROTOCOL;
use crate::fix_head::status_of;

pub(super) const SEC_ACCEPT: HeaderName = SEC_WEBSOCKET_ACCEPT;
pub(super) const SEC_KEY: HeaderName = SEC_WEBSOCKET_KEY;
pub(super) const SEC_PROTOCOL: HeaderName = SEC_WEBSOCKET_PROTOCOL;
pub(super) const SEC_VERSION: HeaderName = SEC_WEBSOCKET_VERSION;

/// A key for one handshake; `None` if the system gives no randomness.
pub(super) fn new_key() -> Option<String> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).ok()?;
    Some(BASE64_STANDARD.encode(random))
}

/// The head of the request.
pub(super) fn request(path_and_query: &str, headers: &HeaderMap) -> Vec<u8> {
    let mut out = format!("GET {path_and_query} HTTP/1.1\r\n").into_bytes();
    for (name, value) in headers {
        out.extend_from_slice(name.as_str().as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"\r\n");
    out
}

/// The head of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AnswerHead {
    pub(super) status: u16,
    /// Names in lower case.
    lines: Vec<(String, String)>,
}

impl AnswerHead {
    /// Reads a whole head; `None` if it is none.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let status = status_of(bytes)?;
        let text = std::str::from_utf8(bytes).ok()?;
        let lines = text.lines().skip(1).take_while(|line| !line.is_empty());
        let lines = lines.map(|line| {
            let (name, value) = line.split_once(':')?;
            let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"';
            let named = !name.is_empty() && name.bytes().all(plain);
            named.then(|| (name.to_ascii_lowercase(), value.trim().to_owned()))
        });
        let lines = lines.collect::<Option<Vec<_>>>()?;
        Some(Self { status, lines })
    }

    pub(super) fn is_interim(&self) -> bool {
        (100..200).contains(&self.status) && self.status != 101
    }

    /// The one value of a header; `None` if there are several.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let mut all = self.all(name);
        let first = all.next()?;
        all.next().is_none().then_some(first)
    }

    fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let named = self.lines.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    pub(super) fn length(&self) -> Option<usize> {
        self.value("content-length")?.parse().ok()
    }

    pub(super) fn is_chunked(&self) -> bool {
        let coding = self.value("transfer-encoding");
        coding.is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"))
    }

    /// Whether it agrees to the handshake with this key.
    pub(super) fn agrees_to(&self, key: &str, subprotocol: bool) -> bool {
        let upgrades = self
            .value("upgrade")
            .is_some_and(|to| to.eq_ignore_ascii_case("websocket"));
        let options = self.all("connection").flat_map(|value| value.split(','));
        let mut options = options.map(str::trim);
        let connected = options.any(|option| option.eq_ignore_ascii_case("upgrade"));
        let digest = hash_key(key.as_bytes());
        let accepted =
            self.value(SEC_ACCEPT.as_str()).map(str::as_bytes) == Some(digest.as_slice());
        let plain = self.all("sec-websocket-extensions").all(str::is_empty);
        let mut chosen = self.all(SEC_PROTOCOL.as_str());
        let spoken = match (chosen.next(), chosen.next()) {
            (None, _) => true,
            (Some(one), None) => subprotocol && one == SUBPROTOCOL,
            _ => false,
        };
        upgrades && connected && accepted && plain && spoken
    }
}

/// A chunked body without its frame, as far as it is well-formed.
pub(super) fn without_chunks(mut body: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(body.len());
    while let Some(line) = memchr::memmem::find(body, b"\r\n") {
        let size = body
            .get(..line)
            .and_then(|size| std::str::from_utf8(size).ok());
        let size = size.and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
        let start = line + 2;
        let Some(chunk) = size.and_then(|size| body.get(start..start.checked_add(size)?)) else {
            break;
        };
        if chunk.is_empty() {
            break;
        }
        out.extend_from_slice(chunk);
        body = body.get(start + chunk.len() + 2..).unwrap_or_default();
    }
    Bytes::from(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From RFC 6455 section 1.3.
    const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
    const ACCEPT: &str = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    fn agrees(lines: &[&str], subprotocol: bool) -> bool {
        let head = format!("HTTP/1.1 101 Switching\r\n{}\r\n\r\n", lines.join("\r\n"));
        AnswerHead::parse(head.as_bytes())
            .unwrap()
            .agrees_to(KEY, subprotocol)
    }

    #[test]
    fn a_handshake_is_agreed_to_by_all_of_its_lines() {
        let good = [
            "Upgrade: WebSocket",
            "Connection: keep-alive, Upgrade",
            ACCEPT,
        ];
        assert!(agrees(&good, false));
        for left_out in 0..good.len() {
            let some = good.iter().enumerate().filter(|(at, _)| *at != left_out);
            let some: Vec<_> = some.map(|(_, line)| *line).collect();
            assert!(!agrees(&some, false), "{some:?}");
        }
        let and = |line| [good[0], good[1], good[2], line];
        assert!(!agrees(&and("Upgrade: h2c"), false), "two protocols");
        assert!(!agrees(
            &and("Sec-WebSocket-Extensions: permessage-deflate"),
            false
        ));
        assert!(
            !agrees(&and("Sec-WebSocket-Protocol: realtime"), false),
            "not offered"
        );
        assert!(agrees(&and("Sec-WebSocket-Protocol: realtime"), true));
        assert!(!agrees(&and("Sec-WebSocket-Protocol: other"), true));
        let other = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOO=";
        assert!(!agrees(&[good[0], good[1], other], false));
    }

    #[test]
    fn what_is_no_head_is_none() {
        for bytes in [
            &b"HTTP/1.1 20"[..],
            b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n folded: x\r\n\r\n",
            b"HTTP/1.1 200 OK\r\na: \xff\r\n\r\n",
            b"ICY 200 OK\r\n\r\n",
        ] {
            assert_eq!(AnswerHead::parse(bytes), None, "{bytes:?}");
        }
        let head = AnswerHead::parse(b"HTTP/1.1 429 No\r\nRetry-After: 7\r\n\r\n").unwrap();
        assert_eq!((head.status, head.value("retry-after")), (429, Some("7")));
    }

    #[test]
    fn chunks_are_taken_out_of_their_frame() {
        assert_eq!(
            &*without_chunks(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
            b"abcde"
        );
        assert_eq!(
            &*without_chunks(b"3\r\nabc\r\nffffffffffffffff\r\nde"),
            b"abc"
        );
        assert_eq!(&*without_chunks(b"x\r\nabc"), b"");
    }

    #[test]
    fn keys_are_new_and_of_sixteen_bytes() {
        let (one, other) = (new_key().unwrap(), new_key().unwrap());
        assert_ne!(one, other);
        assert_eq!(BASE64_STANDARD.decode(one).unwrap().len(), 16);
    }
}
