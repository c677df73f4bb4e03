//! Sessions of OpenAI's Realtime API: `GET .../realtime?model=<name>` as a WebSocket.
//!
//! The model's name says what happens, as elsewhere: `ok`, `echo-text`, `echo-tool`, `tokens-<n>`,
//! `flood-<MiB>` (deltas to the first response), and of handshakes `status-<code>`, `flaky-<n>`,
//! `fail-<n>`, `stall`, `hang-up`. Sessions alone have:
//!
//! | model | what the client gets |
//! |---|---|
//! | `audio` | sound, and the last text as its transcript |
//! | `close-<code>` | the first event is answered with a close |
//! | `binary`, `bad-frame`, `large-<KiB>` | after the first event a message of bytes, a frame with reserved bits, a text so long |
//! | `ping` | a ping after the first event; its pong is recorded |
//!
//! Of the options `+parts=<n>` cuts deltas, `+cut=<n>` ends the connection after `n` events without a
//! close, `+stall=<n>` neither says nor hears anything after `n` events.
//!
//! Each message is recorded for `/_asked` as the body of the handshake, and so are `pong ...` and
//! `close <code> <reason>`, or `left` for a client that goes without one.

mod frames;
mod talk;

use serde_json::Value;

use crate::behaviour::Behaviour;
use crate::connection::{Connection, Gone, Next};
use crate::formats::Format;
use crate::options::Options;
use crate::place::decoded;
use crate::reply::{self, JSON};
use crate::request::Head;
use talk::Talk;

/// Bytes of a delta of a flood.
const FLOOD_PIECE: usize = 16 << 10;

/// Whether a request opens a session.
pub(crate) fn is_session(head: &Head, bytes: &[u8]) -> bool {
    let path = head.target_in(bytes).split('?').next().unwrap_or_default();
    path.ends_with("/realtime")
}

/// Answers a handshake, and talks until one side ends it.
pub(crate) async fn serve(
    connection: &mut Connection,
    head: &Head,
    bytes: &[u8],
) -> Result<Next, Gone> {
    let model = model_in(head.target_in(bytes));
    let authorization = bytes.get(head.authorization.clone()).unwrap_or_default();
    let number = {
        let mut counters = connection.stage.counters.borrow_mut();
        let number = counters.began(&model, bytes, authorization);
        counters.received(bytes, b"");
        number
    };
    let (name, options) = Options::split(&model);
    let talked = match (
        Behaviour::of_model(name).on_request(number),
        header(bytes, "sec-websocket-key"),
    ) {
        (Behaviour::Status(status), _) => refuse(connection, status).await,
        (Behaviour::HangUp, _) => Err(Gone),
        (Behaviour::Stall, _) => stall(connection).await,
        (_, None) => refuse(connection, 426).await,
        (behaviour, Some(key)) => {
            let agreed = format!(
                "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nset-cookie: a=b\r\n\
                 {}sec-websocket-accept: {}\r\n\r\n",
                protocol_line(bytes),
                frames::accept(&key)
            );
            connection.send(agreed.as_bytes()).await?;
            let beta =
                header(bytes, "openai-beta").is_some_and(|beta| beta.contains("realtime=v1"));
            let options = options.unwrap_or_default();
            let mut session = Session {
                talk: Talk::new(&model, name, options, beta),
                connection,
                head: bytes,
                name,
                behaviour,
                options,
                sent: 0,
                heard: 0,
            };
            session.talk().await
        }
    };
    let mut counters = connection.stage.counters.borrow_mut();
    counters.ended(talked.is_err());
    drop(counters);
    talked.map(|()| Next::Close)
}

fn protocol_line(bytes: &[u8]) -> &'static str {
    match header(bytes, "sec-websocket-protocol") {
        Some(offered) if offered.contains("realtime") => "sec-websocket-protocol: realtime\r\n",
        _ => "",
    }
}

async fn refuse(connection: &mut Connection, status: u16) -> Result<(), Gone> {
    let error = Format::OpenAiChat.dialect().failure(status).to_string();
    let extra = if matches!(status, 429 | 503) {
        "retry-after: 7\r\n"
    } else {
        ""
    };
    let refusal = reply::whole(status, JSON, error.as_bytes(), extra);
    connection.send(&refusal).await
}

async fn stall(connection: &mut Connection) -> Result<(), Gone> {
    loop {
        connection.read_some().await?;
    }
}

struct Session<'c> {
    connection: &'c mut Connection,
    head: &'c [u8],
    talk: Talk,
    name: &'c str,
    behaviour: Behaviour,
    options: Options,
    sent: usize,
    heard: usize,
}

impl Session<'_> {
    async fn talk(&mut self) -> Result<(), Gone> {
        let hello = self.talk.hello();
        self.say(&hello).await?;
        loop {
            let Some((opcode, payload)) = frames::take(&mut self.connection.inbox) else {
                if self.connection.read_some().await.is_err() {
                    self.record("left");
                    return Err(Gone);
                }
                continue;
            };
            match opcode {
                frames::TEXT => self.hear(&payload).await?,
                frames::PING => {
                    self.connection
                        .send(&frames::frame(frames::PONG, &payload))
                        .await?
                }
                frames::PONG if !payload.is_empty() => {
                    self.record(&format!("pong {}", String::from_utf8_lossy(&payload)));
                }
                frames::CLOSE => return self.closed(&payload).await,
                _ => {}
            }
        }
    }

    async fn closed(&mut self, payload: &[u8]) -> Result<(), Gone> {
        let code = payload.get(..2).map_or(1005, |code| {
            code.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte))
        });
        let reason = String::from_utf8_lossy(payload.get(2..).unwrap_or_default()).into_owned();
        self.record(format!("close {code} {reason}").trim());
        // It may be the answer to ours, and nobody there any more.
        self.connection
            .send(&frames::frame(frames::CLOSE, payload))
            .await
            .unwrap_or_default();
        Ok(())
    }

    async fn hear(&mut self, payload: &[u8]) -> Result<(), Gone> {
        self.record(&String::from_utf8_lossy(payload));
        self.heard += 1;
        if self.heard == 1 {
            self.begin().await?;
        }
        let event: Value = serde_json::from_slice(payload).unwrap_or_default();
        let asks = event.get("type").and_then(Value::as_str) == Some("response.create");
        if let (Behaviour::Flood { mebibytes }, true) = (self.behaviour, asks) {
            return self.flood(mebibytes).await;
        }
        for answer in self.talk.answer(&event) {
            self.say(&answer).await?;
        }
        Ok(())
    }

    /// What some models do with the first event.
    async fn begin(&mut self) -> Result<(), Gone> {
        let number = |name: &str| self.name.strip_prefix(name)?.parse::<usize>().ok();
        let bytes = match self.name {
            "binary" => frames::frame(frames::BINARY, b"\0\x01"),
            "bad-frame" => vec![0xf1, 0],
            "ping" => frames::frame(frames::PING, b"there?"),
            _ => match (number("close-"), number("large-")) {
                (Some(code), _) => {
                    frames::close(u16::try_from(code).unwrap_or(1000), "said the dummy")
                }
                (_, Some(kib)) => frames::frame(frames::TEXT, &vec![b'x'; kib << 10]),
                _ => return Ok(()),
            },
        };
        self.connection.send(&bytes).await
    }

    async fn flood(&mut self, mebibytes: usize) -> Result<(), Gone> {
        let text = "word ".repeat(FLOOD_PIECE / 5);
        for _ in 0..(mebibytes << 20) / FLOOD_PIECE {
            let event = self.talk.flood(&text);
            self.say(&event).await?;
        }
        Ok(())
    }

    async fn say(&mut self, event: &Value) -> Result<(), Gone> {
        if self.options.stall == Some(self.sent) {
            std::future::pending::<()>().await;
        }
        if self.options.cut == Some(self.sent) {
            return Err(Gone);
        }
        self.sent += 1;
        let frame = frames::frame(frames::TEXT, event.to_string().as_bytes());
        self.connection.send(&frame).await
    }

    fn record(&self, said: &str) {
        let mut counters = self.connection.stage.counters.borrow_mut();
        counters.received(self.head, said.as_bytes());
    }
}

fn model_in(target: &str) -> String {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let named = pairs.find(|(key, _)| matches!(*key, "model" | "deployment"));
    named.map_or_else(String::new, |(_, value)| decoded(value))
}

fn header(bytes: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    let mut values = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
    values.next().map(|(_, value)| value.trim().to_owned())
}
