//! Turns a behaviour and a request into the steps of its answer. Pure.
//!
//! [`connection`](crate::connection) performs the steps and knows nothing of behaviours.

use std::borrow::Cow;
use std::sync::LazyLock;
use std::time::Duration;

use serde_json::{Value, json};

use crate::asked::Asked;
use crate::behaviour::Behaviour;
use crate::reply::{self, DONE, EVENTS, Framing, GREETING, JSON, LAST_CHUNK};

/// One thing to do on the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Send(Cow<'static, [u8]>),
    /// Sends the same bytes many times, each in a write of its own.
    Repeat {
        bytes: Vec<u8>,
        times: usize,
        pause: Duration,
    },
    Pause(Duration),
    /// Until the client goes.
    Forever,
}

/// The whole answer, and whether the connection may be used again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Script {
    pub(crate) steps: Vec<Step>,
    pub(crate) close: bool,
}

/// The request as the `echo` behaviour tells it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Received<'a> {
    pub(crate) head: &'a [u8],
    pub(crate) body: &'a [u8],
}

const GREETING_TOKENS: u64 = 5;
const GREETING_PARTS: [&str; 3] = ["Hello ", "from ", "the dummy."];

// The benchmark's upstream answers these two all day: built once, sent without a copy.
static OK_WHOLE: LazyLock<Vec<u8>> =
    LazyLock::new(|| reply::whole(200, JSON, &reply::completion(GREETING, GREETING_TOKENS), ""));
static OK_STREAM: LazyLock<Vec<u8>> = LazyLock::new(|| Stream::of(&GREETING_PARTS, None).chunked());

/// Writes the script for one request.
pub(crate) fn script(behaviour: Behaviour, asked: &Asked, received: Received<'_>) -> Script {
    match behaviour {
        Behaviour::SlowFirstByte(wait) => {
            let mut script = good(asked);
            script.steps.insert(0, Step::Pause(wait));
            script
        }
        Behaviour::EarlyHints => {
            let mut script = good(asked);
            script.steps.insert(
                0,
                Step::Send(b"HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n".into()),
            );
            script
        }
        Behaviour::Stall => closing(vec![Step::Forever]),
        Behaviour::StallAfter(count) => stall_after(count, asked),
        Behaviour::Chunks { count, delay } => chunks(count, delay, asked),
        Behaviour::Flood { mebibytes } => flood(mebibytes, asked),
        Behaviour::Tokens(tokens) => answer(GREETING, tokens, "", asked),
        Behaviour::Echo => answer(&describe(received), GREETING_TOKENS, "", asked),
        Behaviour::Talkative => answer(GREETING, GREETING_TOKENS, TALKATIVE_HEADERS, asked),
        Behaviour::CloseDelimited => close_delimited(asked),
        Behaviour::Cut
        | Behaviour::CutLength
        | Behaviour::CutAfter(_)
        | Behaviour::HangUp
        | Behaviour::LieLength
        | Behaviour::ShortLength => broken_off(behaviour, asked),
        Behaviour::EmptyStream | Behaviour::NoDone | Behaviour::ErrorEvent => odd_stream(behaviour),
        Behaviour::Status(_)
        | Behaviour::Early413
        | Behaviour::Html
        | Behaviour::BadJson
        | Behaviour::Empty
        | Behaviour::Redirect => odd_whole(behaviour),
        Behaviour::Ok | Behaviour::Flaky(_) | Behaviour::FailFirst(_) => good(asked),
    }
}

const TALKATIVE_HEADERS: &str = "set-cookie: account=dummy; HttpOnly\r\nserver: dummy/1\r\nopenai-organization: dummy-org\r\n\
     x-ratelimit-remaining-requests: 41\r\nkeep-alive: timeout=9\r\nx-request-id: upstream-7\r\nstrict-transport-security: max-age=1\r\n\
     connection: x-private\r\nx-private: 1\r\nalt-svc: h3=\":1\"\r\n";

fn once(bytes: Vec<u8>) -> Script {
    Script {
        steps: vec![Step::Send(bytes.into())],
        close: false,
    }
}

fn closing(steps: Vec<Step>) -> Script {
    Script { steps, close: true }
}

fn good(asked: &Asked) -> Script {
    let canned: &'static [u8] = match (asked.stream, asked.usage) {
        (false, _) => &OK_WHOLE,
        (true, false) => &OK_STREAM,
        (true, true) => return answer(GREETING, GREETING_TOKENS, "", asked),
    };
    Script {
        steps: vec![Step::Send(canned.into())],
        close: false,
    }
}

/// A good answer with a text, a token count and headers of its own.
fn answer(text: &str, tokens: u64, extra: &str, asked: &Asked) -> Script {
    if asked.stream {
        let usage = asked.usage.then_some(tokens);
        return once(
            Stream {
                extra,
                ..Stream::of(&[text], usage)
            }
            .chunked(),
        );
    }
    once(reply::whole(
        200,
        JSON,
        &reply::completion(text, tokens),
        extra,
    ))
}

/// The parts of a stream; events are built when it is known how they are framed.
struct Stream<'a> {
    parts: &'a [&'a str],
    usage: Option<u64>,
    extra: &'a str,
}

impl<'a> Stream<'a> {
    fn of(parts: &'a [&'a str], usage: Option<u64>) -> Self {
        Self {
            parts,
            usage,
            extra: "",
        }
    }

    fn events(&self) -> Vec<Vec<u8>> {
        let mut events = vec![role_event()];
        events.extend(self.parts.iter().map(|part| text_event(part)));
        events.extend(closing_events(self.usage));
        events
    }

    fn chunked(&self) -> Vec<u8> {
        let mut bytes = reply::head(200, EVENTS, Framing::Chunked, self.extra);
        for event in self.events() {
            bytes.extend(reply::chunk(&event));
        }
        bytes.extend_from_slice(LAST_CHUNK);
        bytes
    }
}

fn role_event() -> Vec<u8> {
    reply::event(&reply::chunk_json(
        &json!({"role": "assistant", "content": ""}),
        &Value::Null,
    ))
}

fn text_event(text: &str) -> Vec<u8> {
    reply::event(&reply::chunk_json(&json!({"content": text}), &Value::Null))
}

fn closing_events(usage: Option<u64>) -> Vec<Vec<u8>> {
    let finish = reply::event(&reply::chunk_json(&json!({}), &json!("stop")));
    let usage = usage.map(|tokens| reply::event(&reply::usage_json(tokens)));
    [Some(finish), usage, Some(reply::event(DONE))]
        .into_iter()
        .flatten()
        .collect()
}

/// The head of a chunked stream and its first event.
fn stream_opening() -> Vec<u8> {
    let mut bytes = reply::head(200, EVENTS, Framing::Chunked, "");
    bytes.extend(reply::chunk(&role_event()));
    bytes
}

/// What ends a chunked stream well.
fn stream_closing(usage: Option<u64>) -> Vec<u8> {
    let mut bytes = closing_events(usage)
        .iter()
        .flat_map(|event| reply::chunk(event))
        .collect::<Vec<u8>>();
    bytes.extend_from_slice(LAST_CHUNK);
    bytes
}

fn chunks(count: usize, delay: Duration, asked: &Asked) -> Script {
    let tokens = u64::try_from(count).unwrap_or(u64::MAX);
    if !asked.stream {
        let mut script = answer(&"word ".repeat(count), tokens, "", asked);
        script.steps.insert(0, Step::Pause(delay));
        return script;
    }
    let words = Step::Repeat {
        bytes: reply::chunk(&text_event("word ")),
        times: count,
        pause: delay,
    };
    let closing = stream_closing(asked.usage.then_some(tokens));
    Script {
        steps: vec![
            Step::Send(stream_opening().into()),
            words,
            Step::Send(closing.into()),
        ],
        close: false,
    }
}

fn stall_after(count: usize, asked: &Asked) -> Script {
    if asked.stream {
        let words = Step::Repeat {
            bytes: reply::chunk(&text_event("word ")),
            times: count,
            pause: Duration::ZERO,
        };
        let head = reply::head(200, EVENTS, Framing::Chunked, "");
        return closing(vec![Step::Send(head.into()), words, Step::Forever]);
    }
    let body = reply::completion(GREETING, GREETING_TOKENS);
    let mut bytes = reply::head(200, JSON, Framing::Length(body.len()), "");
    // Never all of it: then it would be no stall.
    bytes.extend(body.iter().take(count.min(body.len() - 1)));
    closing(vec![Step::Send(bytes.into()), Step::Forever])
}

fn flood(mebibytes: usize, asked: &Asked) -> Script {
    let text = "a".repeat(16 << 10);
    let times = mebibytes << 6;
    if asked.stream {
        let bytes = reply::chunk(&text_event(&text));
        let steps = vec![
            Step::Send(stream_opening().into()),
            Step::Repeat {
                bytes,
                times,
                pause: Duration::ZERO,
            },
            Step::Send(stream_closing(None).into()),
        ];
        return Script {
            steps,
            close: false,
        };
    }
    let mut opening = reply::head(200, JSON, Framing::Chunked, "");
    opening.extend(reply::chunk(br#"{"id":"chatcmpl-dummy","object":"chat.completion","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":""#));
    let mut closing = reply::chunk(br#""}}]}"#);
    closing.extend_from_slice(LAST_CHUNK);
    let bytes = reply::chunk(text.as_bytes());
    let repeat = Step::Repeat {
        bytes,
        times,
        pause: Duration::ZERO,
    };
    Script {
        steps: vec![
            Step::Send(opening.into()),
            repeat,
            Step::Send(closing.into()),
        ],
        close: false,
    }
}

fn close_delimited(asked: &Asked) -> Script {
    let (kind, body) = if asked.stream {
        (
            EVENTS,
            Stream::of(&GREETING_PARTS, asked.usage.then_some(GREETING_TOKENS))
                .events()
                .concat(),
        )
    } else {
        (JSON, reply::completion(GREETING, GREETING_TOKENS))
    };
    let mut bytes = reply::head(200, kind, Framing::Close, "");
    bytes.extend(body);
    closing(vec![Step::Send(bytes.into())])
}

fn broken_off(behaviour: Behaviour, asked: &Asked) -> Script {
    let body = reply::completion(GREETING, GREETING_TOKENS);
    let half = body.get(..body.len() / 2).unwrap_or_default();
    let with_length = |length: usize, sent: &[u8]| {
        let mut bytes = reply::head(200, JSON, Framing::Length(length), "");
        bytes.extend_from_slice(sent);
        closing(vec![Step::Send(bytes.into())])
    };
    match behaviour {
        Behaviour::CutLength => with_length(body.len(), half),
        Behaviour::LieLength => with_length(body.len() + 100, &body),
        Behaviour::ShortLength => with_length(body.len() / 2, &body),
        Behaviour::Cut if asked.stream => cut_stream(1),
        Behaviour::CutAfter(count) => cut_stream(count),
        Behaviour::Cut => {
            let mut bytes = reply::head(200, JSON, Framing::Chunked, "");
            bytes.extend(reply::chunk(half));
            closing(vec![Step::Send(bytes.into())])
        }
        _ => closing(Vec::new()),
    }
}

fn cut_stream(count: usize) -> Script {
    let words = Step::Repeat {
        bytes: reply::chunk(&text_event("word ")),
        times: count,
        pause: Duration::ZERO,
    };
    let head = reply::head(200, EVENTS, Framing::Chunked, "");
    closing(vec![Step::Send(head.into()), words])
}

fn odd_stream(behaviour: Behaviour) -> Script {
    let events = match behaviour {
        Behaviour::ErrorEvent => vec![
            text_event("one "),
            text_event("two "),
            reply::event(&reply::error_json(500)),
        ],
        Behaviour::NoDone => vec![role_event(), text_event("one "), text_event("two ")],
        _ => Vec::new(),
    };
    let mut bytes = reply::head(200, EVENTS, Framing::Chunked, "");
    bytes.extend(events.iter().flat_map(|event| reply::chunk(event)));
    bytes.extend_from_slice(LAST_CHUNK);
    once(bytes)
}

fn odd_whole(behaviour: Behaviour) -> Script {
    let bytes = match behaviour {
        Behaviour::Html => reply::whole(
            200,
            "text/html",
            b"<!doctype html><title>Dummy</title><p>Not an API.",
            "",
        ),
        Behaviour::BadJson => {
            reply::whole(200, JSON, br#"{"id":"chatcmpl-dummy","choices":[{"#, "")
        }
        Behaviour::Redirect => reply::whole(302, "text/plain", b"", "location: /_redirected\r\n"),
        Behaviour::Status(status @ (429 | 503)) => failure(status, "retry-after: 7\r\n"),
        Behaviour::Status(status) => failure(status, ""),
        Behaviour::Early413 => {
            return Script {
                close: true,
                ..once(failure(413, "connection: close\r\n"))
            };
        }
        _ => reply::whole(200, JSON, b"", ""),
    };
    once(bytes)
}

fn failure(status: u16, extra: &str) -> Vec<u8> {
    reply::whole(status, JSON, reply::error_json(status).as_bytes(), extra)
}

/// The request as JSON text: request line, headers by lower-case name, body.
fn describe(received: Received<'_>) -> String {
    let head = String::from_utf8_lossy(received.head);
    let mut lines = head.lines();
    let request = lines.next().unwrap_or_default().to_owned();
    let headers: serde_json::Map<String, Value> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().into()))
        .collect();
    json!({"request": request, "headers": headers, "body": String::from_utf8_lossy(received.body)})
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: Asked = Asked {
        model: None,
        stream: true,
        usage: false,
    };
    const WHOLE: Asked = Asked {
        model: None,
        stream: false,
        usage: false,
    };

    fn text(behaviour: Behaviour, asked: &Asked) -> String {
        let script = script(behaviour, asked, Received::default());
        let sent = script.steps.iter().map(|step| match step {
            Step::Send(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            Step::Repeat { bytes, times, .. } => String::from_utf8(bytes.repeat(*times)).unwrap(),
            Step::Pause(wait) => format!("<{}ms>", wait.as_millis()),
            Step::Forever => "<forever>".to_owned(),
        });
        sent.collect()
    }

    #[test]
    fn a_good_stream_ends_with_done_and_reports_usage_only_if_asked() {
        let plain = text(Behaviour::Ok, &STREAM);
        assert!(plain.ends_with("data: [DONE]\n\n\r\n0\r\n\r\n"), "{plain}");
        assert!(!plain.contains("usage"));
        let with_usage = text(
            Behaviour::Ok,
            &Asked {
                usage: true,
                ..STREAM
            },
        );
        assert!(
            with_usage.contains(r#""completion_tokens":5"#),
            "{with_usage}"
        );
    }

    #[test]
    fn a_number_of_chunks_is_sent_with_its_pauses() {
        let delayed = script(
            Behaviour::Chunks {
                count: 3,
                delay: Duration::from_millis(5),
            },
            &STREAM,
            Received::default(),
        );
        assert!(delayed.steps.iter().any(
            |step| matches!(step, Step::Repeat { times: 3, pause, .. } if pause.as_millis() == 5)
        ));
        assert!(!delayed.close);
    }

    #[test]
    fn a_stall_never_ends_and_never_sends_all() {
        assert_eq!(text(Behaviour::Stall, &WHOLE), "<forever>");
        assert!(text(Behaviour::StallAfter(2), &STREAM).ends_with("<forever>"));
        assert!(!text(Behaviour::StallAfter(9999), &WHOLE).contains("}}<forever>"));
    }

    #[test]
    fn lengths_lie_in_both_directions() {
        let stated = |text: String| -> usize {
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ").map(str::to_owned))
                .unwrap();
            line.parse().unwrap()
        };
        let sent = |text: &str| text.split_once("\r\n\r\n").unwrap().1.len();
        let long = text(Behaviour::LieLength, &WHOLE);
        assert_eq!(stated(long.clone()), sent(&long) + 100);
        let short = text(Behaviour::ShortLength, &WHOLE);
        assert!(stated(short.clone()) < sent(&short));
        let cut = text(Behaviour::CutLength, &WHOLE);
        assert!(stated(cut.clone()) > sent(&cut));
    }

    #[test]
    fn only_429_and_503_say_when_to_come_back() {
        assert!(text(Behaviour::Status(429), &WHOLE).contains("retry-after: 7"));
        assert!(text(Behaviour::Status(503), &WHOLE).contains("retry-after: 7"));
        assert!(!text(Behaviour::Status(500), &WHOLE).contains("retry-after"));
    }

    #[test]
    fn an_echo_tells_request_headers_and_body() {
        let received = Received {
            head: b"POST /x HTTP/1.1\r\nX-Test: a:b\r\n\r\n",
            body: b"{\"a\":1}",
        };
        let told: Value = serde_json::from_str(&describe(received)).unwrap();
        assert_eq!(told["request"], "POST /x HTTP/1.1");
        assert_eq!(told["headers"]["x-test"], "a:b");
        assert_eq!(told["body"], "{\"a\":1}");
    }

    #[test]
    fn a_flood_is_as_large_as_it_was_asked_to_be() {
        for asked in [STREAM, WHOLE] {
            let length = text(Behaviour::Flood { mebibytes: 1 }, &asked).len();
            assert!((1 << 20..1 << 21).contains(&length), "{length}");
        }
    }

    #[test]
    fn a_connection_that_misbehaved_is_not_used_again() {
        for behaviour in [
            Behaviour::Cut,
            Behaviour::CutLength,
            Behaviour::HangUp,
            Behaviour::LieLength,
            Behaviour::CloseDelimited,
            Behaviour::Early413,
        ] {
            assert!(
                script(behaviour, &WHOLE, Received::default()).close,
                "{behaviour:?}"
            );
        }
        assert!(!script(Behaviour::Status(500), &WHOLE, Received::default()).close);
    }
}
