//! A WebSocket client by hand: it sends what no library would send.

use std::io::Write as _;
use std::net::Shutdown;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::http::{Client, Connection, PATIENCE};
use super::{Dummy, Gateway, Reply, Request};

pub(crate) const TEXT: u8 = 1;
pub(crate) const BINARY: u8 = 2;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;
pub(crate) const PONG: u8 = 10;

/// A key and its answer, from RFC 6455 section 1.3.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// What came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    Event(Value),
    Close(u16, String),
    Control(u8, Vec<u8>),
    /// The connection ended.
    Gone,
}

/// A handshake, not sent yet.
pub(crate) fn handshake(target: &str, token: &str) -> Request {
    bare_handshake(target).key(token)
}

/// The same without a key.
pub(crate) fn bare_handshake(target: &str) -> Request {
    Request::new("GET", target)
        .header("upgrade", "websocket")
        .header("connection", "Upgrade")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", KEY)
}

/// An open session.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) connection: Connection,
    pub(crate) answer: Reply,
}

impl Session {
    /// Opens one to a model with this key; it must be agreed to.
    pub(crate) fn open(gateway: &Gateway, model: &str, token: &str) -> Self {
        let request = handshake(&format!("/v1/realtime?model={model}"), token);
        let opened = Self::ask(gateway, &request);
        opened
            .unwrap_or_else(|reply| panic!("{}: {}\n{}", reply.status, reply.text(), gateway.log()))
    }

    /// Sends a handshake; gives the refusal if it is not agreed to.
    pub(crate) fn ask(gateway: &Gateway, request: &Request) -> Result<Self, Reply> {
        Self::ask_by(gateway.client(), gateway, request)
    }

    /// The same by another way to the gateway.
    pub(crate) fn ask_by(
        client: Client,
        gateway: &Gateway,
        request: &Request,
    ) -> Result<Self, Reply> {
        let mut connection = client.connect().expect("a connection");
        connection.write(&request.bytes()).expect("sent");
        let answer = connection
            .reply()
            .unwrap_or_else(|failure| panic!("{failure}\n{}", gateway.log()));
        if answer.status != 101 {
            return Err(answer);
        }
        assert_eq!(answer.header("sec-websocket-accept"), Some(ACCEPT));
        assert_eq!(answer.header("upgrade"), Some("websocket"));
        Ok(Self { connection, answer })
    }

    /// Sends an event.
    pub(crate) fn say(&mut self, event: &Value) {
        self.send(0x80 | TEXT, event.to_string().as_bytes());
    }

    /// Says one text and asks for a response; gives all events until it is done.
    pub(crate) fn ask_for(&mut self, text: &str) -> Vec<Value> {
        self.say(
            &serde_json::json!({"type": "conversation.item.create", "item": {
            "type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}}),
        );
        self.say(&serde_json::json!({"type": "response.create"}));
        self.until("response.done")
    }

    /// Sends a masked frame with this first byte.
    pub(crate) fn send(&mut self, first: u8, payload: &[u8]) {
        let mut bytes = head(first, payload.len(), 0x80);
        bytes.extend([0; 4]);
        bytes.extend_from_slice(payload);
        self.write(&bytes);
    }

    /// Sends bytes; that the other side has gone shows where they are read.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.connection.write(bytes).ok();
    }

    /// Says good-bye.
    pub(crate) fn close(&mut self, code: u16, reason: &str) {
        let payload = [&code.to_be_bytes(), reason.as_bytes()].concat();
        self.send(0x80 | CLOSE, &payload);
    }

    /// What comes next.
    pub(crate) fn next(&mut self) -> Said {
        let Ok(two) = self.connection.exactly(2) else {
            return Said::Gone;
        };
        assert_eq!(two[1] & 0x80, 0, "a server's frame has no mask");
        assert_eq!(two[0] & 0x70, 0, "no extension was agreed on");
        let length = match two[1] {
            126 => self.number(2),
            127 => self.number(8),
            short => usize::from(short),
        };
        let payload = self.connection.exactly(length).expect("a whole frame");
        match two[0] {
            0x81 => Said::Event(serde_json::from_slice(&payload).expect("an event is JSON")),
            0x88 => match payload.split_at_checked(2) {
                Some((code, reason)) => Said::Close(
                    u16::from_be_bytes([code[0], code[1]]),
                    String::from_utf8(reason.to_vec()).expect("text"),
                ),
                None => Said::Close(1005, String::new()),
            },
            first => Said::Control(first & 0x0f, payload),
        }
    }

    fn number(&mut self, bytes: usize) -> usize {
        let bytes = self.connection.exactly(bytes).expect("a length");
        bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte))
    }

    /// The next event; pings are answered.
    pub(crate) fn event(&mut self) -> Value {
        loop {
            match self.next() {
                Said::Event(event) => return event,
                Said::Control(PING, payload) => self.send(0x80 | PONG, &payload),
                Said::Control(..) => {}
                other => panic!("{other:?} instead of an event"),
            }
        }
    }

    /// All events up to the first of this type.
    pub(crate) fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut events = Vec::new();
        loop {
            let event = self.event();
            let found = event["type"] == kind;
            events.push(event);
            if found {
                return events;
            }
        }
    }

    /// All that comes until the session is closed: events, then the close; checks that the
    /// connection ends soon after it.
    pub(crate) fn end(&mut self) -> (Vec<Value>, Said) {
        let mut events = Vec::new();
        let close = loop {
            match self.next() {
                Said::Event(event) => events.push(event),
                Said::Control(PING, payload) => self.send(0x80 | PONG, &payload),
                Said::Control(..) => {}
                close => break close,
            }
        };
        if let Said::Close(code, _) = &close {
            self.close(if *code == 1005 { 1000 } else { *code }, "");
            let began = Instant::now();
            assert_eq!(self.next(), Said::Gone);
            assert!(
                began.elapsed() < Duration::from_secs(1),
                "the server closes first"
            );
        }
        (events, close)
    }

    /// Goes without a word.
    pub(crate) fn vanish(self) {
        self.connection.socket().shutdown(Shutdown::Both).ok();
    }

    /// Breaks the connection off, whatever is still on its way.
    pub(crate) fn reset(self) {
        let socket = socket2::SockRef::from(self.connection.socket());
        socket
            .set_linger(Some(Duration::ZERO))
            .expect("a socket that can be reset");
    }

    /// Writes until the other side takes no more for a while; gives how much went.
    pub(crate) fn flood(&mut self, piece: &[u8], most: usize) -> usize {
        let mut socket = self.connection.socket();
        socket
            .set_write_timeout(Some(Duration::from_millis(700)))
            .expect("a time limit");
        let mut sent = 0;
        while sent < most {
            match socket.write(piece) {
                Ok(count) => sent += count,
                Err(_) => break,
            }
        }
        sent
    }
}

/// A frame's head with its mask bit.
pub(crate) fn head(first: u8, length: usize, mask: u8) -> Vec<u8> {
    let mut bytes = vec![first];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(length @ ..126), _) => bytes.push(mask | length),
        (_, Ok(length)) => {
            bytes.push(mask | 126);
            bytes.extend(length.to_be_bytes());
        }
        _ => {
            bytes.push(mask | 127);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes
}

/// All deltas of a kind put together.
pub(crate) fn deltas(events: &[Value], kind: &str) -> String {
    let own = events.iter().filter(|event| event["type"] == kind);
    own.filter_map(|event| event["delta"].as_str()).collect()
}

/// What the provider was told in its sessions, in order, handshakes left out.
pub(crate) fn told(dummy: &Dummy) -> Vec<String> {
    let asked = dummy.asked().into_iter();
    let bodies = asked.filter_map(|asked| asked["body"].as_str().map(str::to_owned));
    bodies.filter(|body| !body.is_empty()).collect()
}

/// Waits until the provider was told this.
pub(crate) fn until_told(dummy: &Dummy, wanted: impl Fn(&str) -> bool) -> Duration {
    let began = Instant::now();
    while !told(dummy).iter().any(|said| wanted(said)) {
        assert!(began.elapsed() < PATIENCE, "{:#?}", told(dummy));
        super::pause();
    }
    began.elapsed()
}
