//! What a forwarded answer goes through, by its content type.
//!
//! Owns the choice: events, lines and frames of JSON and text as they come, JSON as a whole,
//! everything else untouched.
//! An answer that cannot be read, since it is encoded, is not passed on where replies are checked.

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use bytes::Bytes;
use provider::ReplyHeaders;
use redactor::{Findings, Passed, RedactError, ReplyRedactor};

use super::proxy_frames::Framed;
use crate::http::error::ApiError;
use crate::http::event_gate::EventGate;
use crate::http::relay::LONGEST_EVENT;

/// Streams of Bedrock.
const AWS_FRAMES: &str = "application/vnd.amazon.eventstream";

/// How an answer is checked.
pub(super) enum Check {
    /// As it comes.
    OnTheWay(Cleaner),
    /// When it is whole: JSON.
    Whole(Box<ReplyRedactor>),
    /// Not at all, though it should be: it is compressed.
    Impossible,
    /// Not by its type, which is none of text.
    Unknown(Box<ReplyRedactor>),
}

/// Cleans pieces of an answer.
pub(super) enum Cleaner {
    /// Passes everything.
    Nothing,
    /// Server-sent events.
    Events(Box<(EventGate, ReplyRedactor)>),
    /// Lines of JSON, or frames of AWS.
    Framed(Box<Framed>),
    /// Text without a format.
    Text(Box<ReplyRedactor>),
}

/// Chooses by the answer's headers.
pub(super) fn check(reply: Option<ReplyRedactor>, headers: &ReplyHeaders) -> Check {
    let Some(redactor) = reply else {
        return Check::OnTheWay(Cleaner::Nothing);
    };
    let full = header(headers, &CONTENT_TYPE);
    let kind = full.split(';').next().unwrap_or_default().trim().to_owned();
    let json = kind == "application/json" || kind.ends_with("+json");
    // Without a type it could be text.
    let text = kind.is_empty()
        || kind.starts_with("text/")
        || kind.ends_with("ndjson")
        || kind.ends_with("jsonl");
    let frames = kind == AWS_FRAMES;
    if !json && !text && !frames {
        return Check::Unknown(Box::new(redactor));
    }
    if is_encoded(headers) || !is_utf8(&full) {
        return Check::Impossible;
    }
    if json {
        return Check::Whole(Box::new(redactor));
    }
    Check::OnTheWay(match kind.as_str() {
        "text/event-stream" => Cleaner::Events(Box::new((EventGate::default(), redactor))),
        AWS_FRAMES => Cleaner::Framed(Box::new(Framed::frames(redactor))),
        _ if kind.ends_with("ndjson") => Cleaner::Framed(Box::new(Framed::lines(redactor))),
        _ => Cleaner::Text(Box::new(redactor)),
    })
}

/// Whether a content type says, or leaves open, that it is UTF-8; nothing else can be read.
fn is_utf8(content_type: &str) -> bool {
    let parameters = content_type.split(';').skip(1);
    let mut charsets = parameters.filter_map(|parameter| parameter.trim().strip_prefix("charset="));
    charsets.all(|charset| matches!(charset.trim_matches('"'), "utf-8" | "utf8" | "us-ascii"))
}

fn header(headers: &ReplyHeaders, wanted: &HeaderName) -> String {
    let mut named = headers.iter().filter(|(name, _)| name == wanted);
    let value = named.next().and_then(|(_, value)| value.to_str().ok());
    value.unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether an answer says that its bytes are not what they stand for.
pub(super) fn is_encoded(headers: &ReplyHeaders) -> bool {
    !matches!(header(headers, &CONTENT_ENCODING).as_str(), "" | "identity")
}

impl Cleaner {
    /// Takes a piece and gives what may go.
    pub(super) fn push(&mut self, piece: Bytes) -> Passed {
        match self {
            Self::Nothing => Passed::All(piece),
            Self::Events(both) => {
                let (gate, redactor) = &mut **both;
                let whole = gate.push(piece);
                if gate.held() > LONGEST_EVENT {
                    return Passed::UpTo(Bytes::new(), RedactError::TooLong);
                }
                redactor.events(whole)
            }
            Self::Framed(framed) => framed.push(piece),
            Self::Text(redactor) => redactor.text(&piece),
        }
    }

    /// Nothing follows.
    pub(super) fn finish(&mut self) -> Passed {
        match self {
            Self::Nothing => Passed::All(Bytes::new()),
            Self::Events(both) => {
                let (gate, redactor) = &mut **both;
                let torn = gate.finish().unwrap_or_default();
                match redactor.events(torn) {
                    Passed::All(last) => ended(last, redactor.finish()),
                    stopped @ Passed::UpTo(..) => stopped,
                }
            }
            Self::Framed(framed) => framed.finish(),
            Self::Text(redactor) => ended(Bytes::new(), redactor.finish()),
        }
    }

    /// Nothing came for a while: what is held back and is part of no secret yet.
    pub(super) fn stalled(&mut self) -> Option<Bytes> {
        match self {
            Self::Events(both) => both.1.stalled(),
            Self::Framed(framed) => framed.stalled(),
            Self::Nothing | Self::Text(_) => None,
        }
    }

    /// Whether events are held back.
    pub(super) fn holds(&self) -> bool {
        match self {
            Self::Events(both) => both.1.holds(),
            Self::Framed(framed) => framed.holds(),
            Self::Nothing | Self::Text(_) => false,
        }
    }

    /// What was found so far.
    pub(super) fn findings(&self) -> Option<&Findings> {
        match self {
            Self::Nothing => None,
            Self::Events(both) => Some(both.1.findings()),
            Self::Framed(framed) => Some(framed.findings()),
            Self::Text(redactor) => Some(redactor.findings()),
        }
    }

    /// The event that ends an answer which may not go on.
    pub(super) fn last_event(&self, told: &ApiError, request_id: &str) -> Option<Bytes> {
        let body = told.body(request_id);
        match self {
            Self::Events(_) => Some(error_event(&body)),
            Self::Framed(framed) => framed.last(&body),
            Self::Nothing | Self::Text(_) => None,
        }
    }
}

fn error_event(body: &[u8]) -> Bytes {
    Bytes::from([b"event: error\ndata: ".as_slice(), body, b"\n\n"].concat())
}

pub(super) fn ended(last: Bytes, rest: Result<Bytes, RedactError>) -> Passed {
    match rest {
        Ok(rest) => Passed::All(Bytes::from([last, rest].concat())),
        Err(error) => Passed::UpTo(last, error),
    }
}
