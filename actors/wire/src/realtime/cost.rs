//! What a provider's events cost: when a reply begins, how much text comes of it, and what the
//! provider counts when it is over.
//!
//! Keeps nothing between two events; who adds it up is the edge. Called for every event of a
//! provider, so it reads one once and copies nothing of it but its type.
//!
//! # Source
//! OpenAI API reference, "Realtime server events", read 22 Nov 2026: `response.created` and
//! `response.done` hold the response, every delta of one its `response_id`, every delta of a
//! transcription its `item_id`.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::usage::Usage;

/// A reply or a transcription, as long as it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyId {
    hash: u64,
    is_response: bool,
}

impl ReplyId {
    /// By the id as it is spelt, with its quotes or without.
    fn of(id: &str, is_response: bool) -> Self {
        let mut hasher = DefaultHasher::new();
        id.trim_matches('"').hash(&mut hasher);
        Self {
            hash: hasher.finish(),
            is_response,
        }
    }

    fn response(id: &str) -> Self {
        Self::of(id, true)
    }

    fn transcription(id: &str) -> Self {
        Self::of(id, false)
    }

    /// Whether it answers to what was said, and so has a prompt of text.
    pub const fn is_response(self) -> bool {
        self.is_response
    }
}

/// What an event says of the cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Free,
    /// A reply has begun.
    Begun(ReplyId),
    /// So many bytes of its text came, as they are spelt; none if it was sound.
    Came(ReplyId, u64),
    /// It is over.
    Over(ReplyId, Count),
}

/// What a provider counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Tokens.
    Tokens(Usage),
    /// Something else, such as seconds, or that nothing came of it.
    NoTokens,
    /// It did not say.
    Unsaid,
}

/// What is read of a provider's event before it is looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderEvent {
    /// `type`; empty if there is none.
    pub kind: String,
    /// What it says of the cost.
    pub step: Step,
}

#[derive(Deserialize, Default)]
struct Fields<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    response_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    item_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    delta: Option<&'a RawValue>,
    #[serde(borrow, default)]
    usage: Option<&'a RawValue>,
    #[serde(borrow, default)]
    response: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
struct Response<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    usage: Option<&'a RawValue>,
}

const TRANSCRIPTION: &str = "conversation.item.input_audio_transcription.";

impl ProviderEvent {
    /// Reads an event; of what is none nothing is known.
    pub fn of(data: &[u8]) -> Self {
        let fields: Fields<'_> = serde_json::from_slice(data).unwrap_or_default();
        Self {
            step: fields.step(),
            kind: fields.kind.into_owned(),
        }
    }
}

impl Fields<'_> {
    fn step(&self) -> Step {
        match &*self.kind {
            "response.created" => Step::Begun(self.of_response().0),
            "response.done" => {
                let (id, usage) = self.of_response();
                Step::Over(id, count(usage))
            }
            kind => match kind.strip_prefix(TRANSCRIPTION) {
                Some(step) => self.transcription(step),
                None => self.delta_of_response(kind),
            },
        }
    }

    fn of_response(&self) -> (ReplyId, Option<&RawValue>) {
        let response: Response<'_> = serde_json::from_str(spelt(self.response)).unwrap_or_default();
        let id = ReplyId::response(spelt(response.id));
        (id, response.usage)
    }

    fn transcription(&self, step: &str) -> Step {
        let id = ReplyId::transcription(spelt(self.item_id));
        match step {
            "delta" => Step::Came(id, self.text_length()),
            "completed" => Step::Over(id, count(self.usage)),
            "failed" => Step::Over(id, Count::NoTokens),
            _ => Step::Free,
        }
    }

    fn delta_of_response(&self, kind: &str) -> Step {
        let name = kind.strip_prefix("response.");
        let (Some(name), Some(id)) = (
            name.and_then(|name| name.strip_suffix(".delta")),
            self.response_id,
        ) else {
            return Step::Free;
        };
        let length = match name {
            "output_audio" | "audio" => 0,
            _ => self.text_length(),
        };
        Step::Came(ReplyId::response(id.get()), length)
    }

    /// As it is spelt: an escape counts whole.
    fn text_length(&self) -> u64 {
        let text = spelt(self.delta);
        let inside = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        inside.map_or(0, |inside| inside.len() as u64)
    }
}

fn spelt(value: Option<&RawValue>) -> &str {
    value.map(RawValue::get).unwrap_or_default()
}

fn count(record: Option<&RawValue>) -> Count {
    let Some(record) = record.filter(|record| record.get().starts_with('{')) else {
        return Count::Unsaid;
    };
    Usage::from_record(record).map_or(Count::NoTokens, Count::Tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(data: &str) -> Step {
        ProviderEvent::of(data.as_bytes()).step
    }

    fn counted(data: &str) -> Option<(u64, u64, u64)> {
        match step(data) {
            Step::Over(_, Count::Tokens(usage)) => Some((
                usage.prompt_tokens,
                usage.completion_tokens,
                usage.total_tokens,
            )),
            _ => None,
        }
    }

    #[test]
    fn tokens_are_counted_where_a_reply_or_a_transcription_is_over() {
        let done = r#"{"type":"response.done","event_id":"e","response":{"id":"r","usage":{"total_tokens":253,"input_tokens":132,"output_tokens":121,"input_token_details":{"text_tokens":119}}}}"#;
        assert_eq!(counted(done), Some((132, 121, 253)));
        let heard = r#"{"type":"conversation.item.input_audio_transcription.completed","transcript":"a","usage":{"type":"tokens","total_tokens":22,"input_tokens":13,"output_tokens":9}}"#;
        assert_eq!(counted(heard), Some((13, 9, 22)));
        for nothing in [
            r#"{"type":"response.created","response":{"usage":{"total_tokens":5}}}"#,
            r#"{"type":"response.done","usage":{"total_tokens":5}}"#,
            r#"["usage"]"#,
        ] {
            assert_eq!(counted(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn what_is_not_counted_in_tokens_is_told_from_what_is_not_counted() {
        for (usage, count) in [
            (r#"{"type":"duration","seconds":3}"#, Count::NoTokens),
            ("null", Count::Unsaid),
        ] {
            let heard = format!(
                r#"{{"type":"{TRANSCRIPTION}completed","item_id":"i","transcript":"a","usage":{usage}}}"#
            );
            assert_eq!(
                step(&heard),
                Step::Over(ReplyId::transcription("i"), count),
                "{usage}"
            );
        }
        let failed = format!(r#"{{"type":"{TRANSCRIPTION}failed","item_id":"i","error":{{}}}}"#);
        let nothing = Step::Over(ReplyId::transcription("i"), Count::NoTokens);
        assert_eq!(step(&failed), nothing);
        for response in [
            r#"{"id":"r","usage":null}"#,
            r#"{"id":"r","status":"cancelled"}"#,
        ] {
            let done = format!(r#"{{"type":"response.done","response":{response}}}"#);
            let unsaid = Step::Over(ReplyId::response("r"), Count::Unsaid);
            assert_eq!(step(&done), unsaid, "{response}");
        }
    }

    #[test]
    fn text_is_measured_under_the_reply_that_it_belongs_to() {
        let created = r#"{"type":"response.created","response":{"object":"realtime.response","id":"r1","output":[]}}"#;
        assert_eq!(step(created), Step::Begun(ReplyId::response("r1")));
        for (kind, length) in [
            ("response.output_text", 4),
            ("response.text", 4),
            ("response.output_audio_transcript", 4),
            ("response.function_call_arguments", 4),
            ("response.mcp_call_arguments", 4),
            ("response.output_audio", 0),
            ("response.audio", 0),
        ] {
            let delta = format!(
                r#"{{"type":"{kind}.delta","response_id":"r1","item_id":"i","delta":"a\"b","output_index":0}}"#
            );
            let came = Step::Came(ReplyId::response("r1"), length);
            assert_eq!(step(&delta), came, "{kind}");
        }
        let heard = format!(
            r#"{{"type":"{TRANSCRIPTION}delta","item_id":"r1","content_index":0,"delta":"abc"}}"#
        );
        assert_eq!(step(&heard), Step::Came(ReplyId::transcription("r1"), 3));
        assert_ne!(ReplyId::transcription("r1"), ReplyId::response("r1"));
    }

    #[test]
    fn what_says_nothing_of_the_cost_is_free() {
        for data in [
            "{}",
            "no json",
            r#"{"type":"response.output_text.done","response_id":"r","text":"abc"}"#,
            r#"{"type":"response.output_text.delta","delta":"of no response"}"#,
            r#"{"type":"rate_limits.updated"}"#,
            r#"{"type":"conversation.item.input_audio_transcription.segment","item_id":"i","text":"a"}"#,
        ] {
            assert_eq!(step(data), Step::Free, "{data}");
        }
        let limits = ProviderEvent::of(br#"{"type":"rate_limits.updated","rate_limits":[]}"#);
        assert_eq!(limits.kind, "rate_limits.updated");
    }
}
