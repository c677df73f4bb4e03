//! Events of OpenAI's Realtime API, as far as a gateway has to know them.
//!
//! Owns: what an event is called, the model that a client's session names, and the errors that we
//! tell in its words. What a provider's event costs says `cost`, where its texts stand say `events`
//! and `texts`.
//!
//! # Source
//! OpenAI API reference, "Realtime client events" and "Realtime server events", read 22 Nov 2026;
//! the names of the beta (`response.text.delta` and the like) have the same shape.

mod cost;

use std::borrow::Cow;
use std::ops::Range;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use crate::escape::json_string;
use crate::walk;
pub use cost::{Count, ProviderEvent, ReplyId, Step};

/// What a client's event says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventHead {
    /// `type`; empty if there is none.
    pub kind: String,
    /// `event_id`, by which an error names the event.
    pub event_id: Option<String>,
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    event_id: Option<Cow<'a, str>>,
}

impl EventHead {
    /// Reads an event; `None` if it is no JSON object, or one of these fields is no string or
    /// stands there twice.
    pub fn of(data: &[u8]) -> Option<Self> {
        let head: Head<'_> = serde_json::from_slice(data).ok()?;
        data.trim_ascii_start().starts_with(b"{").then(|| Self {
            kind: head.kind.unwrap_or_default().into_owned(),
            event_id: head.event_id.map(Cow::into_owned),
        })
    }

    /// Whether it holds a piece of sound and no text.
    pub fn brings_sound(&self) -> bool {
        self.kind == "input_audio_buffer.append"
    }

    /// Whether it changes the session, and so may name a model.
    pub fn sets_up_session(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "session.update" | "transcription_session.update"
        )
    }
}

/// Whether an event says how much of a rate the account has left: the account is not the client's.
pub fn tells_of_account(kind: &str) -> bool {
    kind == "rate_limits.updated"
}

/// What the client reads instead of what a provider says of the operator's account.
const ACCOUNT_FAILS: &str = "The provider is limiting requests.";

/// A provider's event without what it says of the account that pays: an error, or a response that
/// failed, for a quota, a rate or a bill. `None` if it says nothing of the kind.
pub fn without_account(data: &[u8]) -> Option<Bytes> {
    memchr::memmem::find(data, b"\"error\"")?;
    let mut event: Value = serde_json::from_slice(data).ok()?;
    let place = match event.get("type")?.as_str()? {
        "error" => "/error",
        "response.done" => "/response/status_details/error",
        _ => return None,
    };
    let error = event.pointer_mut(place)?.as_object_mut()?;
    let words = ["type", "code"].map(|key| error.get(key).and_then(Value::as_str));
    let blames = |word: &str| ACCOUNT_WORDS.iter().any(|known| word.contains(known));
    if !words.into_iter().flatten().any(blames) {
        return None;
    }
    error.insert("message".to_owned(), ACCOUNT_FAILS.into());
    serde_json::to_vec(&event).ok().map(Bytes::from)
}

/// Parts of `type` and `code` that are about an account.
///
/// # Source
/// OpenAI, "Error codes", read 22 Nov 2026.
const ACCOUNT_WORDS: [&str; 6] = [
    "quota",
    "rate_limit",
    "billing",
    "organization",
    "authentication",
    "api_key",
];

/// A client's event with this model wherever its session names one; `None` if it names none.
///
/// Expects what [`EventHead::of`] has taken.
pub fn with_session_model(data: &[u8], model: &str) -> Option<Bytes> {
    let (mut out, mut copied) = (Vec::with_capacity(data.len() + model.len()), 0);
    for place in session_models(data) {
        out.extend_from_slice(data.get(copied..place.start)?);
        out.extend_from_slice(json_string(model).as_bytes());
        copied = place.end;
    }
    if copied == 0 {
        return None;
    }
    out.extend_from_slice(data.get(copied..)?);
    Some(Bytes::from(out))
}

/// Models that a client's session has its sound transcribed by.
///
/// Expects what [`EventHead::of`] has taken.
pub fn transcription_models(data: &[u8]) -> Vec<String> {
    let way = ["session", "audio", "input", "transcription", "model"];
    let way_of_the_beta = ["session", "input_audio_transcription", "model"];
    let both = [way.as_slice(), &way_of_the_beta];
    let places = both.into_iter().flat_map(|way| {
        let start = vec![walk::skip_space(data, 0)];
        way.iter().fold(start, |places, key| {
            let items = places.into_iter().flat_map(|at| walk::items(data, at));
            let named = items.filter(|item| item.name(data).as_deref() == Some(key));
            named.map(|item| item.value.start).collect()
        })
    });
    let texts = places.filter_map(|at| {
        let mut text = serde_json::Deserializer::from_slice(data.get(at..)?).into_iter::<String>();
        text.next()?.ok()
    });
    texts.collect()
}

fn session_models(data: &[u8]) -> Vec<Range<usize>> {
    let named =
        |wanted: &'static str| move |item: &walk::Item| item.name(data).as_deref() == Some(wanted);
    let sessions = walk::items(data, walk::skip_space(data, 0)).filter(named("session"));
    let models = sessions.flat_map(|session| walk::items(data, session.value.start));
    models
        .filter(named("model"))
        .map(|item| item.value)
        .collect()
}

/// What an error event of ours says.
#[derive(Debug, Clone, Copy)]
pub struct ErrorEvent<'a> {
    /// The id of this event.
    pub event_id: &'a str,
    /// `invalid_request_error` and the like.
    pub kind: &'a str,
    /// For programs.
    pub code: &'a str,
    /// For people.
    pub message: &'a str,
    /// The field at fault, if one is.
    pub param: Option<&'a str>,
    /// The client's event at fault, if one is.
    pub about: Option<&'a str>,
}

impl ErrorEvent<'_> {
    /// The event as it is sent.
    pub fn to_bytes(&self) -> Bytes {
        let optional = |text: Option<&str>| text.map_or_else(|| "null".into(), json_string);
        let text = format!(
            "{{\"type\":\"error\",\"event_id\":{},\"error\":{{\"type\":{},\"code\":{},\
             \"message\":{},\"param\":{},\"event_id\":{}}}}}",
            json_string(self.event_id),
            json_string(self.kind),
            json_string(self.code),
            json_string(self.message),
            optional(self.param),
            optional(self.about),
        );
        Bytes::from(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_model_of_a_session_is_that_which_was_let_in() {
        let event = br#"{"type":"session.update", "session": {"model" : "dear", "x":{"model":"y"}, "model":7},"model":"z"}"#;
        let named = with_session_model(event, "a\"b").unwrap();
        let expected = r#"{"type":"session.update", "session": {"model" : "a\"b", "x":{"model":"y"}, "model":"a\"b"},"model":"z"}"#;
        assert_eq!(named, expected.as_bytes());
        assert_eq!(
            with_session_model(br#"{"session":{"voice":"m"}}"#, "m"),
            None
        );
        assert_eq!(with_session_model(br#"{"session":"model"}"#, "m"), None);
    }

    #[test]
    fn the_models_that_transcribe_are_found() {
        let event = br#"{"type":"session.update","session":{"audio":{"input":{"transcription":{"language":"en","model":"a\u0062"}}},
            "input_audio_transcription":{"model":"whisper-1"},"model":"m","transcription":{"model":"no"}}}"#;
        assert_eq!(transcription_models(event), ["ab", "whisper-1"]);
        let none = br#"{"session":{"audio":{"input":{"transcription":null}},"input_audio_transcription":{"model":null}}}"#;
        assert!(transcription_models(none).is_empty());
    }

    #[test]
    fn a_key_with_escapes_names_the_model_too() {
        let event = br#"{"s\u0065ssion":{"mod\u0065l":"dear"}}"#;
        let named: Value =
            serde_json::from_slice(&with_session_model(event, "m").unwrap()).unwrap();
        assert_eq!(named, json!({"session": {"model": "m"}}));
    }

    #[test]
    fn heads_are_read_and_what_is_no_event_is_none() {
        let head =
            EventHead::of(br#" {"event_id":"e1","audio":"AAAA","type":"session.update"}"#).unwrap();
        assert_eq!(
            (head.kind.as_str(), head.event_id.as_deref()),
            ("session.update", Some("e1"))
        );
        assert!(head.sets_up_session());
        assert_eq!(EventHead::of(b"{}"), Some(EventHead::default()));
        for nothing in [
            "",
            "[]",
            "1",
            "{\"type\":1}",
            "{\"type\":\"a\",\"type\":\"b\"}",
            "{\"type\":\"a\"",
            "[\"a\",\"b\"]",
        ] {
            assert_eq!(EventHead::of(nothing.as_bytes()), None, "{nothing}");
        }
    }

    #[test]
    fn what_a_provider_says_of_an_account_is_not_the_client_s() {
        let error = br#"{"type":"error","event_id":"e","error":{"type":"insufficient_quota","code":"insufficient_quota","message":"org-123 is out"}}"#;
        let failed = br#"{"type":"response.done","response":{"id":"r","status_details":{"error":{"code":"rate_limit_exceeded","message":"in org-123"}},"usage":{"total_tokens":1}}}"#;
        for event in [error.as_slice(), failed] {
            let told = without_account(event).unwrap();
            let told = std::str::from_utf8(&told).unwrap();
            assert!(
                !told.contains("org-123") && told.contains(ACCOUNT_FAILS),
                "{told}"
            );
        }
        for event in [
            r#"{"type":"error","error":{"type":"invalid_request_error","code":"session_expired","message":"m"}}"#,
            r#"{"type":"response.done","response":{"status_details":null,"text":"\"error\""}}"#,
            r#"{"type":"conversation.item.added","error":{"code":"quota"}}"#,
            r#"{"type":"response.output_text.delta","delta":"error"}"#,
        ] {
            assert_eq!(without_account(event.as_bytes()), None, "{event}");
        }
    }

    #[test]
    fn an_error_is_told_in_the_api_s_words() {
        let event = ErrorEvent {
            event_id: "event_1",
            kind: "invalid_request_error",
            code: "request_blocked",
            message: "no \"x\"",
            param: None,
            about: Some("e1"),
        };
        let told: Value = serde_json::from_slice(&event.to_bytes()).unwrap();
        assert_eq!(
            told,
            json!({"type": "error", "event_id": "event_1", "error": {
                "type": "invalid_request_error", "code": "request_blocked",
                "message": "no \"x\"", "param": null, "event_id": "e1",
            }})
        );
    }
}
