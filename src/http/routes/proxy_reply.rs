//! What a forwarded answer goes through, by its content type.
//!
//! Owns the choice: events and text as they come, JSON as a whole, everything else untouched.
//! An answer that cannot be read, since it is encoded, is not passed on where replies are checked.

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use bytes::Bytes;
use provider::ReplyHeaders;
use redactor::{Findings, Passed, RedactError, ReplyRedactor};

use crate::http::error::ApiError;
use crate::http::event_gate::EventGate;

/// How an answer is checked.
pub(super) enum Check {
    /// As it comes.
    OnTheWay(Cleaner),
    /// When it is whole: JSON.
    Whole(ReplyRedactor),
    /// Not at all, though it should be: it is compressed.
    Impossible,
}

/// Cleans pieces of an answer.
pub(super) enum Cleaner {
    /// Passes everything.
    Nothing,
    /// Server-sent events.
    Events(Box<(EventGate, ReplyRedactor)>),
    /// Text without a format.
    Text(Box<ReplyRedactor>),
}

/// Chooses by the answer's headers.
pub(super) fn check(reply: Option<ReplyRedactor>, headers: &ReplyHeaders) -> Check {
    let Some(redactor) = reply else {
        return Check::OnTheWay(Cleaner::Nothing);
    };
    let kind = header(headers, &CONTENT_TYPE);
    let kind = kind.split(';').next().unwrap_or_default().trim().to_owned();
    let encoding = header(headers, &CONTENT_ENCODING);
    let json = kind == "application/json" || kind.ends_with("+json");
    let text = kind.starts_with("text/") || kind.ends_with("ndjson") || kind.ends_with("jsonl");
    if !json && !text {
        return Check::OnTheWay(Cleaner::Nothing);
    }
    if !matches!(encoding.as_str(), "" | "identity") {
        return Check::Impossible;
    }
    if json {
        return Check::Whole(redactor);
    }
    Check::OnTheWay(match kind.as_str() {
        "text/event-stream" => Cleaner::Events(Box::new((EventGate::default(), redactor))),
        _ => Cleaner::Text(Box::new(redactor)),
    })
}

fn header(headers: &ReplyHeaders, wanted: &HeaderName) -> String {
    let mut named = headers.iter().filter(|(name, _)| name == wanted);
    let value = named.next().and_then(|(_, value)| value.to_str().ok());
    value.unwrap_or_default().trim().to_ascii_lowercase()
}

impl Cleaner {
    /// Takes a piece and gives what may go.
    ///
    /// # Errors
    /// Why the answer may not go on.
    pub(super) fn push(&mut self, piece: Bytes) -> Result<Bytes, RedactError> {
        match self {
            Self::Nothing => Ok(piece),
            Self::Events(both) => {
                let (gate, redactor) = &mut **both;
                let whole = gate.push(piece);
                passed(redactor.events(whole))
            }
            Self::Text(redactor) => passed(redactor.text(&piece)),
        }
    }

    /// Nothing follows.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub(super) fn finish(&mut self) -> Result<Bytes, RedactError> {
        match self {
            Self::Nothing => Ok(Bytes::new()),
            Self::Events(both) => {
                let (gate, redactor) = &mut **both;
                let torn = gate.finish().unwrap_or_default();
                let last = passed(redactor.events(torn))?;
                Ok(Bytes::from([last, redactor.finish()?].concat()))
            }
            Self::Text(redactor) => redactor.finish(),
        }
    }

    /// What was found so far.
    pub(super) fn findings(&self) -> Option<&Findings> {
        match self {
            Self::Nothing => None,
            Self::Events(both) => Some(both.1.findings()),
            Self::Text(redactor) => Some(redactor.findings()),
        }
    }

    /// The event that ends an answer which may not go on.
    pub(super) fn last_event(&self, told: &ApiError, request_id: &str) -> Option<Bytes> {
        let Self::Events(_) = self else { return None };
        let body = told.body(request_id);
        Some(Bytes::from(
            [b"event: error\ndata: ".as_slice(), &body, b"\n\n"].concat(),
        ))
    }
}

/// What was let go before the stop is lost with it: the client is told that the answer ended.
fn passed(passed: Passed) -> Result<Bytes, RedactError> {
    match passed {
        Passed::All(bytes) => Ok(bytes),
        Passed::UpTo(_, error) => Err(error),
    }
}
