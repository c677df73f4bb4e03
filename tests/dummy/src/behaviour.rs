//! Model names and the behaviour that each asks for, in every format. Pure.
//!
//! Options may follow a name ([`options`](crate::options)); those that cut and slow an answer count
//! for good answers, echoes, tools and golden files.
//!
//! | model | what the client gets |
//! |---|---|
//! | `ok`, and any name not listed | a good answer, whole or streamed |
//! | `slow-first-byte-<ms>` | nothing for so long, then as `ok` |
//! | `stall` | nothing at all, for ever |
//! | `stall-after-<n>` | the head and `n` stream chunks (whole: `n` bytes), then nothing |
//! | `cut` | chunked body that ends in the middle with the connection |
//! | `cut-length` | the same with a `Content-Length` |
//! | `cut-after-<n>` | `n` stream chunks, then the connection closes |
//! | `hang-up` | the connection closes before any byte |
//! | `lie-length` | a whole body, a larger `Content-Length`, then the connection closes |
//! | `short-length` | a `Content-Length` smaller than the body |
//! | `flood`, `flood-<MiB>` | a well-formed answer of 256 or so many MiB |
//! | `status-<code>` | that status and an `error` object; 429 and 503 with `retry-after: 7` |
//! | `html` | 200 and a web page |
//! | `bad-json` | 200 and JSON that breaks off, with a correct length |
//! | `empty` | 200, JSON, no body |
//! | `empty-stream` | 200, event stream without an event |
//! | `redirect` | 302 to `/_redirected` |
//! | `no-done` | a stream that ends without its last events |
//! | `error-event` | two chunks, then an error in the words of the format |
//! | `close-delimited` | as `ok`, with neither length nor chunks: the end is the close |
//! | `early-413` | 413 as soon as the model name has arrived, the rest is not read |
//! | `continue-103` | `103 Early Hints`, then as `ok` |
//! | `chunks-<n>` | a stream of `n` chunks |
//! | `delay-<ms>-chunks-<n>` | the same with a pause before each |
//! | `flaky-<n>` | every `n`-th request fails with 500 |
//! | `fail-<n>` | the first `n` requests fail with 500 |
//! | `tokens-<n>` | as `ok`, reporting `n` completion tokens |
//! | `echo` | what it received, as JSON text in the answer |
//! | `echo-text`, `echo-reasoning` | the last text of the request, as text, or as reasoning and text |
//! | `echo-tool` | a call of the first tool offered, with the last text as its argument `text` |
//! | `tool` | a call of the first tool offered, with the JSON object in the last text as arguments; the tool's result comes back as text |
//! | `golden-<case>` | what stands in the golden files (`golden.rs`) |
//! | `planted-<name>` | what a test has planted under this name (`planted.rs`) |
//! | `talkative` | as `ok`, with response headers that a gateway should keep to itself |

use std::time::Duration;

/// What the dummy does with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Ok,
    SlowFirstByte(Duration),
    Stall,
    StallAfter(usize),
    Cut,
    CutLength,
    CutAfter(usize),
    HangUp,
    LieLength,
    ShortLength,
    Flood { mebibytes: usize },
    Status(u16),
    Html,
    BadJson,
    Empty,
    EmptyStream,
    Redirect,
    NoDone,
    ErrorEvent,
    CloseDelimited,
    Early413,
    EarlyHints,
    Chunks { count: usize, delay: Duration },
    Flaky(u64),
    FailFirst(u64),
    Tokens(u64),
    Echo,
    EchoText,
    EchoReasoning,
    EchoTool,
    Tool,
    Talkative,
}

const FLOOD_MEBIBYTES: usize = 256;

impl Behaviour {
    /// Reads a model name; a name that asks for nothing special is answered well.
    pub(crate) fn of_model(model: &str) -> Self {
        Self::plain(model)
            .or_else(|| Self::with_number(model))
            .unwrap_or(Self::Ok)
    }

    fn plain(model: &str) -> Option<Self> {
        Some(match model {
            "ok" => Self::Ok,
            "stall" => Self::Stall,
            "cut" => Self::Cut,
            "cut-length" => Self::CutLength,
            "hang-up" => Self::HangUp,
            "lie-length" => Self::LieLength,
            "short-length" => Self::ShortLength,
            "flood" => Self::Flood {
                mebibytes: FLOOD_MEBIBYTES,
            },
            "html" => Self::Html,
            "bad-json" => Self::BadJson,
            "empty" => Self::Empty,
            "empty-stream" => Self::EmptyStream,
            "redirect" => Self::Redirect,
            "no-done" => Self::NoDone,
            "error-event" => Self::ErrorEvent,
            "close-delimited" => Self::CloseDelimited,
            "early-413" => Self::Early413,
            "continue-103" => Self::EarlyHints,
            "echo" => Self::Echo,
            "echo-text" => Self::EchoText,
            "echo-reasoning" => Self::EchoReasoning,
            "echo-tool" => Self::EchoTool,
            "tool" => Self::Tool,
            "talkative" => Self::Talkative,
            _ => return None,
        })
    }

    fn with_number(model: &str) -> Option<Self> {
        if let Some(rest) = model.strip_prefix("delay-") {
            let (delay, count) = rest.split_once("-chunks-")?;
            return Some(Self::Chunks {
                count: count.parse().ok()?,
                delay: millis(delay)?,
            });
        }
        let (name, number) = model.rsplit_once('-')?;
        Some(match name {
            "slow-first-byte" => Self::SlowFirstByte(millis(number)?),
            "stall-after" => Self::StallAfter(number.parse().ok()?),
            "cut-after" => Self::CutAfter(number.parse().ok()?),
            "flood" => Self::Flood {
                mebibytes: number.parse().ok()?,
            },
            "status" => Self::Status(
                number
                    .parse()
                    .ok()
                    .filter(|code| (200..1000).contains(code))?,
            ),
            "chunks" => Self::Chunks {
                count: number.parse().ok()?,
                delay: Duration::ZERO,
            },
            "flaky" => Self::Flaky(number.parse().ok().filter(|&every: &u64| every > 0)?),
            "fail" => Self::FailFirst(number.parse().ok()?),
            "tokens" => Self::Tokens(number.parse().ok()?),
            _ => return None,
        })
    }

    /// Behaviours that depend on how often the model was asked become plain ones.
    pub(crate) fn on_request(self, number: u64) -> Self {
        let fails = match self {
            Self::Flaky(every) => number.is_multiple_of(every),
            Self::FailFirst(count) => number <= count,
            other => return other,
        };
        if fails { Self::Status(500) } else { Self::Ok }
    }
}

fn millis(number: &str) -> Option<Duration> {
    number.parse().ok().map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_table_is_understood() {
        let table = [
            ("ok", Behaviour::Ok),
            (
                "slow-first-byte-250",
                Behaviour::SlowFirstByte(Duration::from_millis(250)),
            ),
            ("stall", Behaviour::Stall),
            ("stall-after-3", Behaviour::StallAfter(3)),
            ("cut", Behaviour::Cut),
            ("cut-length", Behaviour::CutLength),
            ("cut-after-2", Behaviour::CutAfter(2)),
            ("hang-up", Behaviour::HangUp),
            ("lie-length", Behaviour::LieLength),
            ("short-length", Behaviour::ShortLength),
            ("flood", Behaviour::Flood { mebibytes: 256 }),
            ("flood-4", Behaviour::Flood { mebibytes: 4 }),
            ("status-429", Behaviour::Status(429)),
            ("html", Behaviour::Html),
            ("bad-json", Behaviour::BadJson),
            ("empty", Behaviour::Empty),
            ("empty-stream", Behaviour::EmptyStream),
            ("redirect", Behaviour::Redirect),
            ("no-done", Behaviour::NoDone),
            ("error-event", Behaviour::ErrorEvent),
            ("close-delimited", Behaviour::CloseDelimited),
            ("early-413", Behaviour::Early413),
            ("continue-103", Behaviour::EarlyHints),
            (
                "chunks-7",
                Behaviour::Chunks {
                    count: 7,
                    delay: Duration::ZERO,
                },
            ),
            (
                "delay-20-chunks-5",
                Behaviour::Chunks {
                    count: 5,
                    delay: Duration::from_millis(20),
                },
            ),
            ("flaky-3", Behaviour::Flaky(3)),
            ("fail-2", Behaviour::FailFirst(2)),
            ("tokens-99", Behaviour::Tokens(99)),
            ("echo", Behaviour::Echo),
            ("echo-text", Behaviour::EchoText),
            ("tool", Behaviour::Tool),
            ("talkative", Behaviour::Talkative),
        ];
        for (model, behaviour) in table {
            assert_eq!(Behaviour::of_model(model), behaviour, "{model}");
        }
    }

    #[test]
    fn names_that_ask_for_nothing_are_answered_well() {
        for model in [
            "gpt-4o",
            "",
            "status-",
            "status-7",
            "status-x",
            "flaky-0",
            "chunks--1",
            "delay-1-chunk-2",
        ] {
            assert_eq!(Behaviour::of_model(model), Behaviour::Ok, "{model}");
        }
    }

    #[test]
    fn a_flaky_model_fails_on_every_nth_request() {
        let outcomes: Vec<Behaviour> = (1..=4)
            .map(|number| Behaviour::Flaky(2).on_request(number))
            .collect();
        assert_eq!(
            outcomes,
            [
                Behaviour::Ok,
                Behaviour::Status(500),
                Behaviour::Ok,
                Behaviour::Status(500)
            ]
        );
    }

    #[test]
    fn a_failing_model_recovers_after_its_count() {
        let outcomes: Vec<Behaviour> = (1..=3)
            .map(|number| Behaviour::FailFirst(2).on_request(number))
            .collect();
        assert_eq!(
            outcomes,
            [
                Behaviour::Status(500),
                Behaviour::Status(500),
                Behaviour::Ok
            ]
        );
    }
}
