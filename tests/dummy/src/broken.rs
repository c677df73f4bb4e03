//! Answers that break off, never come, or are none. Pure.

use std::time::Duration;

use crate::answered::Answered;
use crate::behaviour::Behaviour;
use crate::formats::{Answer, At, Block, Event, Format, Kind};
use crate::options::Options;
use crate::reply::{self, Framing, JSON, LAST_CHUNK};
use crate::script::{Request, Script, Step, Words};

/// Writes the script of a behaviour that does harm.
pub(crate) fn script(behaviour: Behaviour, request: &Request<'_>) -> Script {
    match behaviour {
        Behaviour::Stall => closing(vec![Step::Forever]),
        Behaviour::StallAfter(count) => stall_after(count, request),
        Behaviour::CutAfter(count) if request.stream => cut_stream(count, request),
        Behaviour::Cut if request.stream => cut_stream(1, request),
        Behaviour::Cut | Behaviour::CutAfter(_) => cut_whole(request),
        Behaviour::CutLength => with_length(request, |length| length, |length| length / 2),
        Behaviour::LieLength => with_length(request, |length| length + 100, |length| length),
        Behaviour::ShortLength => with_length(request, |length| length / 2, |length| length),
        Behaviour::CloseDelimited => close_delimited(request),
        Behaviour::EmptyStream | Behaviour::NoDone | Behaviour::ErrorEvent => {
            odd_stream(behaviour, request)
        }
        Behaviour::Status(status) => failure(status, request),
        Behaviour::Early413 => {
            let answered = Answered::failure(request.format, 413);
            closing_answer(Answered {
                extra: "connection: close\r\n".to_owned(),
                ..answered
            })
        }
        Behaviour::Html | Behaviour::BadJson | Behaviour::Empty | Behaviour::Redirect => {
            odd_whole(behaviour, request)
        }
        _ => closing(Vec::new()),
    }
}

fn closing(steps: Vec<Step>) -> Script {
    Script { steps, close: true }
}

fn closing_answer(answered: Answered) -> Script {
    Script {
        close: true,
        ..answered.script(&Options::default())
    }
}

fn body(request: &Request<'_>) -> Vec<u8> {
    let whole = request.format.dialect().whole(&Answer::greeting());
    whole.to_string().into_bytes()
}

/// The head, what comes before the words where a format cannot do without, and some words.
fn words(count: usize, request: &Request<'_>) -> Vec<Step> {
    let words = Words::new("word ", count, &Answer::text(""), request);
    let mut opening = Words::head(request);
    if count > 0 && request.format != Format::OpenAiChat {
        opening.extend(words.before);
    }
    vec![
        Step::Send(opening.into()),
        Step::Repeat {
            event: words.word,
            times: count,
            pause: Duration::ZERO,
        },
    ]
}

fn stall_after(count: usize, request: &Request<'_>) -> Script {
    let mut steps = if request.stream {
        words(count, request)
    } else {
        let body = body(request);
        let mut bytes = reply::head(200, JSON, Framing::Length(body.len()), "");
        // Never all of it: then it would be no stall.
        bytes.extend(body.iter().take(count.min(body.len() - 1)));
        vec![Step::Send(bytes.into())]
    };
    steps.push(Step::Forever);
    closing(steps)
}

fn cut_stream(count: usize, request: &Request<'_>) -> Script {
    closing(words(count, request))
}

fn cut_whole(request: &Request<'_>) -> Script {
    let body = body(request);
    let half = body.get(..body.len() / 2).unwrap_or_default();
    let mut bytes = reply::head(200, JSON, Framing::Chunked, "");
    bytes.extend(reply::chunk(half));
    closing(vec![Step::Send(bytes.into())])
}

fn with_length(
    request: &Request<'_>,
    stated: fn(usize) -> usize,
    sent: fn(usize) -> usize,
) -> Script {
    let body = body(request);
    let mut bytes = reply::head(200, JSON, Framing::Length(stated(body.len())), "");
    bytes.extend(body.iter().take(sent(body.len())));
    closing(vec![Step::Send(bytes.into())])
}

fn close_delimited(request: &Request<'_>) -> Script {
    let answer = Answer {
        usage: request.usage,
        ..Answer::greeting()
    };
    let answered = Answered::of(&answer, request.format, request.stream, request.array);
    let mut bytes = reply::head(200, &answered.kind, Framing::Close, "");
    bytes.extend(answered.pieces.concat());
    closing(vec![Step::Send(bytes.into())])
}

fn odd_stream(behaviour: Behaviour, request: &Request<'_>) -> Script {
    let (mut wire, at) = (request.wire(), At::default());
    let dialect = wire.dialect();
    let block = Block::new(Kind::Text, "");
    let said = ["one ", "two "].map(|word| dialect.part(at, &block, word));
    let opened = [dialect.start(), dialect.open(at, &block)].concat();
    let events: Vec<Event> = match behaviour {
        // OpenAI's first chunk has no news for anybody.
        Behaviour::ErrorEvent if request.format == Format::OpenAiChat => {
            [said.concat(), vec![dialect.fault()]].concat()
        }
        Behaviour::ErrorEvent => [opened, said.concat(), vec![dialect.fault()]].concat(),
        Behaviour::NoDone => [opened, said.concat()].concat(),
        _ => Vec::new(),
    };
    let mut bytes = reply::head(200, wire.content_type(), Framing::Chunked, "");
    let events = wire.events(&events);
    bytes.extend(events.iter().flat_map(|event| reply::chunk(event)));
    bytes.extend_from_slice(LAST_CHUNK);
    Script {
        steps: vec![Step::Send(bytes.into())],
        close: false,
    }
}

fn failure(status: u16, request: &Request<'_>) -> Script {
    let mut answered = Answered::failure(request.format, status);
    if matches!(status, 429 | 503) {
        answered.extra.push_str("retry-after: 7\r\n");
    }
    answered.script(&Options::default())
}

fn odd_whole(behaviour: Behaviour, request: &Request<'_>) -> Script {
    let whole = |body: &[u8]| Answered::whole(200, body.to_vec());
    let of_kind = |kind: &str, answered: Answered| Answered {
        kind: kind.to_owned(),
        ..answered
    };
    let answered = match behaviour {
        Behaviour::Html => of_kind(
            "text/html",
            whole(b"<!doctype html><title>Dummy</title><p>Not an API."),
        ),
        Behaviour::BadJson => {
            let body = body(request);
            whole(body.get(..body.len() / 2).unwrap_or_default())
        }
        Behaviour::Redirect => Answered {
            status: 302,
            extra: "location: /_redirected\r\n".to_owned(),
            ..of_kind("text/plain", whole(b""))
        },
        _ => whole(b""),
    };
    answered.script(&Options::default())
}
