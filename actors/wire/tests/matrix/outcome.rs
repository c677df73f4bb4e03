//! What a conversion comes to.

use bytes::Bytes;
use nenya_wire::{ApiFormat, Asked, ChatRequest, JsonLimits, Target, ThinkingForm};
use serde_json::Value;

use crate::leaves::removed;

/// See the module's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The other document, and what was left out with a word.
    Told { body: Value, notes: Vec<String> },
    /// The place, or the field, that the other format cannot say.
    Refused(String),
}

fn target() -> Target<'static> {
    Target {
        model: "upstream-model",
        provider: "upstream",
        max_output: Some(8192),
        takes_sampling: true,
        thinking: ThinkingForm::Effort,
        wants_usage: false,
        effort: None,
        seals: None,
    }
}

fn parsed(document: &Value, from: ApiFormat) -> Result<ChatRequest, String> {
    let body = Bytes::from(serde_json::to_vec(document).unwrap());
    let request = ChatRequest::parse_as(from, body, &JsonLimits::default());
    let request = request.map_err(|error| error.to_string())?;
    Ok(match from {
        ApiFormat::Gemini | ApiFormat::Bedrock => request.addressed("model", false).unwrap(),
        _ => request,
    })
}

/// The other document as it was written, if it could be.
pub(crate) fn converted(document: &Value, from: ApiFormat, to: ApiFormat) -> Option<Bytes> {
    let request = parsed(document, from).ok()?;
    let written = nenya_wire::convert_request(&request, to, &target(), false).ok()?;
    Some(written.body)
}

pub(crate) fn request_outcome(document: &Value, from: ApiFormat, to: ApiFormat) -> Outcome {
    let request = match parsed(document, from) {
        Ok(request) => request,
        Err(error) => return Outcome::Refused(error),
    };
    match nenya_wire::convert_request(&request, to, &target(), false) {
        Ok(converted) => Outcome::Told {
            body: serde_json::from_slice(&converted.body).expect("a writer writes JSON"),
            notes: converted.notes,
        },
        Err(why) => Outcome::Refused(if why.path.is_empty() {
            why.field
        } else {
            why.path
        }),
    }
}

/// The document without what the other format refuses, so that all else can be looked at. `None`
/// if nothing that means anything is left.
pub(crate) fn acceptable_request(document: Value, from: ApiFormat, to: ApiFormat) -> Option<Value> {
    let mut document = document;
    for _ in 0..16 {
        match request_outcome(&document, from, to) {
            Outcome::Told { .. } => return Some(document),
            Outcome::Refused(place) => {
                let pointer = pointer(&place);
                document.pointer(&pointer).filter(|_| !pointer.is_empty())?;
                document = removed(&document, &pointer);
            }
        }
    }
    None
}

/// `messages[2].content` as a JSON pointer.
fn pointer(place: &str) -> String {
    let dotted = place.replace('[', ".").replace(']', "");
    let names = dotted.split('.').filter(|name| !name.is_empty());
    names.map(|name| format!("/{name}")).collect()
}

/// A client that asked for everything.
pub(crate) fn asked() -> Asked {
    Asked {
        model: "asked-model".to_owned(),
        provider: "upstream".to_owned(),
        include_usage: true,
        now: 1_795_305_600,
        request_id: "req-1".to_owned(),
        seals: None,
    }
}

pub(crate) fn reply_outcome(document: &Value, from: ApiFormat, to: ApiFormat) -> Outcome {
    let body = serde_json::to_vec(document).unwrap();
    match nenya_wire::convert_reply(&body, from, to, &asked()) {
        Ok((converted, _)) => Outcome::Told {
            body: serde_json::from_slice(&converted.body).expect("a writer writes JSON"),
            notes: converted.notes,
        },
        Err(why) => Outcome::Refused(why.to_string()),
    }
}
