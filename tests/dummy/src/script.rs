//! Turns a behaviour and a request into the steps of its answer. Pure.
//!
//! [`connection`](crate::connection) performs the steps and knows nothing of behaviours. Those
//! that break an answer off or send nonsense are in [`broken`].

use std::borrow::Cow;
use std::sync::LazyLock;
use std::time::Duration;

use serde_json::{Value, json};

use crate::answered::{self, Answered};
use crate::behaviour::Behaviour;
use crate::broken;
use crate::conversation::Conversation;
use crate::formats::{Answer, At, Block, Event, Format, Kind, Repeated, Wire};
use crate::options::Options;
use crate::planted::Plant;
use crate::reply::{self, Framing, JSON, LAST_CHUNK};

/// One thing to do on the connection.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    Send(Cow<'static, [u8]>),
    /// Sends an event many times, each as a chunk in a write of its own.
    Repeat {
        event: Repeated,
        times: usize,
        pause: Duration,
    },
    Pause(Duration),
    /// Until the client goes.
    Forever,
}

/// The whole answer, and whether the connection may be used again.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Script {
    pub(crate) steps: Vec<Step>,
    pub(crate) close: bool,
}

/// A request as far as its answer depends on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) format: Format,
    pub(crate) stream: bool,
    /// A stream of Gemini as one JSON array.
    pub(crate) array: bool,
    /// OpenAI's chat: usage was asked for.
    pub(crate) usage: bool,
    pub(crate) options: Options,
    pub(crate) head: &'a [u8],
    pub(crate) body: &'a [u8],
}

impl Request<'_> {
    pub(crate) fn wire(&self) -> Wire {
        Wire::new(self.format, self.array)
    }
}

// The benchmark's upstream answers these two all day: built once, sent without a copy.
static OK_WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| canned(false));
static OK_STREAM: LazyLock<Vec<u8>> = LazyLock::new(|| canned(true));

/// The longest text of words that the end of a stream repeats.
const REPEATED_WORDS: usize = 10_000;
const FLOOD_PIECE: usize = 16 << 10;

/// Writes the script for one request.
pub(crate) fn script(behaviour: Behaviour, request: &Request<'_>) -> Script {
    match behaviour {
        Behaviour::Ok | Behaviour::Flaky(_) | Behaviour::FailFirst(_) => good(request),
        Behaviour::SlowFirstByte(wait) => first(Step::Pause(wait), good(request)),
        Behaviour::EarlyHints => first(Step::Send(EARLY_HINTS.into()), good(request)),
        Behaviour::Chunks { count, delay } => chunks(count, delay, request),
        Behaviour::Flood { mebibytes } => flood(mebibytes, request),
        Behaviour::Tokens(tokens) => {
            let answer = Answer::text(crate::formats::GREETING);
            say(Answer { tokens, ..answer }, "", request)
        }
        Behaviour::Echo => say(Answer::text(&describe(request)), "", request),
        Behaviour::EchoText | Behaviour::EchoReasoning | Behaviour::EchoTool | Behaviour::Tool => {
            say(spoken(behaviour, request.body), "", request)
        }
        Behaviour::Talkative => {
            let answer = Answer::text(crate::formats::GREETING);
            say(answer, TALKATIVE_HEADERS, request)
        }
        other => broken::script(other, request),
    }
}

const EARLY_HINTS: &[u8] = b"HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n";
const TALKATIVE_HEADERS: &str = "set-cookie: account=dummy; HttpOnly\r\nserver: dummy/1\r\nopenai-organization: dummy-org\r\n\
     x-ratelimit-remaining-requests: 41\r\nkeep-alive: timeout=9\r\nx-request-id: upstream-7\r\nstrict-transport-security: max-age=1\r\n\
     connection: x-private\r\nx-private: 1\r\nalt-svc: h3=\":1\"\r\n";

fn first(step: Step, mut script: Script) -> Script {
    script.steps.insert(0, step);
    script
}

fn canned(stream: bool) -> Vec<u8> {
    let answered = Answered::of(&Answer::greeting(), Format::OpenAiChat, stream, false);
    let script = answered.script(&Options::default());
    script.steps.iter().flat_map(Step::sent).collect()
}

impl Step {
    /// The bytes that it sends once.
    fn sent(&self) -> Vec<u8> {
        match self {
            Self::Send(bytes) => bytes.to_vec(),
            Self::Repeat { .. } | Self::Pause(_) | Self::Forever => Vec::new(),
        }
    }
}

/// The greeting.
pub(crate) fn good(request: &Request<'_>) -> Script {
    let plain = request.format == Format::OpenAiChat && request.options == Options::default();
    let canned: &'static [u8] = match (request.stream, request.usage) {
        (false, _) if plain => &OK_WHOLE,
        (true, false) if plain => &OK_STREAM,
        _ => return say(Answer::greeting(), "", request),
    };
    Script {
        steps: vec![Step::Send(canned.into())],
        close: false,
    }
}

/// What a planted part says next.
pub(crate) fn planted(turns: &[Vec<Block>], request: &Request<'_>) -> Script {
    let had = Conversation::of(request.body).turns;
    let answer = Answer {
        blocks: Plant::turn(turns, had),
        ..Answer::text("")
    };
    say(answer, "", request)
}

/// An answer with headers of its own.
fn say(answer: Answer, extra: &str, request: &Request<'_>) -> Script {
    let answer = Answer {
        usage: request.usage,
        ..answered::in_parts(answer, request.options.parts)
    };
    let answered = Answered::of(&answer, request.format, request.stream, request.array);
    let extra = extra.to_owned();
    Answered { extra, ..answered }.script(&request.options)
}

/// What an answer says that depends on the conversation.
fn spoken(behaviour: Behaviour, body: &[u8]) -> Answer {
    let told = Conversation::of(body);
    let call = |arguments: &str| {
        let name = told.tool.clone().unwrap_or_else(|| "no_tool".to_owned());
        Block::new(Kind::Call(name), arguments)
    };
    let blocks = match behaviour {
        Behaviour::EchoReasoning => [Kind::Reasoning, Kind::Text]
            .map(|kind| Block::new(kind, &told.last))
            .to_vec(),
        Behaviour::EchoTool => vec![call(&json!({"text": told.last}).to_string())],
        Behaviour::Tool if !told.is_result => vec![call(told.arguments())],
        _ => return Answer::text(&told.last),
    };
    Answer {
        blocks,
        ..Answer::text("")
    }
}

/// A stream of words in three pieces: what comes before them, one of them, what comes behind.
pub(crate) struct Words {
    pub(crate) before: Vec<u8>,
    pub(crate) word: Repeated,
    pub(crate) behind: Vec<u8>,
}

impl Words {
    /// `text` is what the end of the stream says that was said.
    pub(crate) fn new(word: &str, times: usize, answer: &Answer, request: &Request<'_>) -> Self {
        let (mut wire, at) = (request.wire(), At::default());
        let dialect = wire.dialect();
        let block = Block::new(Kind::Text, "");
        let said = answer.blocks.first().unwrap_or(&block);
        let opening = [dialect.start(), dialect.open(at, said)].concat();
        let before = wire.events(&opening);
        let event = dialect.part(at, &block, word).pop();
        let word = wire.repeated(event.unwrap_or(NOTHING), times);
        let closing = [dialect.close(at, said), dialect.end(answer)].concat();
        let mut behind = wire.events(&closing);
        behind.extend(wire.after());
        let chunked = |pieces: Vec<Vec<u8>>| -> Vec<u8> {
            pieces
                .iter()
                .flat_map(|piece| reply::chunk(piece))
                .collect()
        };
        Self {
            before: chunked(before),
            word,
            behind: [chunked(behind), LAST_CHUNK.to_vec()].concat(),
        }
    }

    pub(crate) fn head(request: &Request<'_>) -> Vec<u8> {
        reply::head(200, request.wire().content_type(), Framing::Chunked, "")
    }

    fn script(self, times: usize, pause: Duration, request: &Request<'_>) -> Script {
        let opening = [Self::head(request), self.before].concat();
        let steps = vec![
            Step::Send(opening.into()),
            Step::Repeat {
                event: self.word,
                times,
                pause,
            },
            Step::Send(self.behind.into()),
        ];
        Script {
            steps,
            close: false,
        }
    }
}

const NOTHING: Event = Event {
    name: "",
    data: Value::Null,
};

fn chunks(count: usize, delay: Duration, request: &Request<'_>) -> Script {
    let tokens = u64::try_from(count).unwrap_or(u64::MAX);
    let said = match count {
        0..=REPEATED_WORDS => "word ".repeat(count),
        _ if request.stream => String::new(),
        _ => "word ".repeat(count),
    };
    let answer = Answer {
        tokens,
        usage: request.usage,
        ..Answer::text(&said)
    };
    if !request.stream {
        return first(Step::Pause(delay), say(answer, "", request));
    }
    Words::new("word ", count, &answer, request).script(count, delay, request)
}

fn flood(mebibytes: usize, request: &Request<'_>) -> Script {
    let text = "a".repeat(FLOOD_PIECE);
    let times = (mebibytes << 20) / FLOOD_PIECE;
    if request.stream {
        let words = Words::new(&text, times, &Answer::text(""), request);
        return words.script(times, Duration::ZERO, request);
    }
    // A mark shows where the text stands in the format.
    let whole = request.format.dialect().whole(&Answer::text("<flood>"));
    let whole = whole.to_string();
    let (before, behind) = whole.split_once("<flood>").unwrap_or((&whole, ""));
    let mut opening = reply::head(200, JSON, Framing::Chunked, "");
    opening.extend(reply::chunk(before.as_bytes()));
    let closing = [&reply::chunk(behind.as_bytes()), LAST_CHUNK].concat();
    let steps = vec![
        Step::Send(opening.into()),
        Step::Repeat {
            event: Repeated::Same(text.into_bytes()),
            times,
            pause: Duration::ZERO,
        },
        Step::Send(closing.into()),
    ];
    Script {
        steps,
        close: false,
    }
}

/// The request as JSON text: request line, headers by lower-case name, body.
fn describe(request: &Request<'_>) -> String {
    let head = String::from_utf8_lossy(request.head);
    let mut lines = head.lines();
    let line = lines.next().unwrap_or_default().to_owned();
    let headers: serde_json::Map<String, Value> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().into()))
        .collect();
    let body = String::from_utf8_lossy(request.body);
    json!({"request": line, "headers": headers, "body": body}).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: Request<'_> = Request {
        format: Format::OpenAiChat,
        stream: true,
        array: false,
        usage: false,
        options: Options {
            chunks: None,
            parts: None,
            delay: Duration::ZERO,
            cut: None,
            stall: None,
            lie: 0,
        },
        head: b"",
        body: b"",
    };
    const WHOLE: Request<'_> = Request {
        stream: false,
        ..STREAM
    };

    fn text(behaviour: Behaviour, request: &Request<'_>) -> String {
        let script = script(behaviour, request);
        let sent = script.steps.iter().map(|step| match step {
            Step::Send(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Step::Repeat { event, times, .. } => {
                let chunks = (0..*times).flat_map(|number| reply::chunk(&event.bytes(number)));
                String::from_utf8_lossy(&chunks.collect::<Vec<u8>>()).into_owned()
            }
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
            &Request {
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
        let request = Request {
            head: b"POST /x HTTP/1.1\r\nX-Test: a:b\r\n\r\n",
            body: b"{\"a\":1}",
            ..WHOLE
        };
        let told: Value = serde_json::from_str(&describe(&request)).unwrap();
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
    fn every_format_floods_whole_and_streamed() {
        for format in Format::ALL {
            for request in [Request { format, ..STREAM }, Request { format, ..WHOLE }] {
                let text = text(Behaviour::Flood { mebibytes: 1 }, &request);
                assert_eq!(text.matches('a').count() >> 20, 1, "{format:?}");
            }
        }
    }

    #[test]
    fn a_tool_is_called_first_and_its_result_said_then() {
        let tools = r#"{"tools":[{"name":"look"}],"messages":[{"role":"user","content":"#;
        let asked = format!(r#"{tools}"with {{\"a\":1}}"}}]}}"#);
        let request = |body| Request {
            format: Format::Anthropic,
            body,
            ..WHOLE
        };
        let called = text(Behaviour::Tool, &request(asked.as_bytes()));
        assert!(
            called.contains(r#""name":"look","input":{"a":1}"#),
            "{called}"
        );
        let result = format!(r#"{tools}[{{"type":"tool_result","content":"seen"}}]}}]}}"#);
        let said = text(Behaviour::Tool, &request(result.as_bytes()));
        assert!(said.contains(r#""text":"seen""#), "{said}");
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
            assert!(script(behaviour, &WHOLE).close, "{behaviour:?}");
        }
        assert!(!script(Behaviour::Status(500), &WHOLE).close);
    }
}
