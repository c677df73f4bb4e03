//! What single providers want otherwise than the API that they speak.
//!
//! Owns small changes to a request that is complete in the provider's format, each of which is a
//! pure function over its bytes. What a provider needs is named by its [`Quirk`]s, which stand in
//! its description; this file knows no provider by name. Nothing of the client's is dropped in
//! silence: what is renamed or left out is told in [`Adapted::notes`], and what meant something in
//! [`Adapted::lost`].
//!
//! Called once per request, after conversion and before signing.

mod effort;
mod json;
mod messages;
mod output_limit;
mod tool_index;
mod top_level;
pub(crate) mod version;

use std::cell::OnceCell;

use bytes::Bytes;
use http::HeaderValue;
use wire::{ApiFormat, Effort, ThinkingForm};

pub(crate) use tool_index::WithIndexes;

use crate::config::ProviderSpec;

/// One thing that a provider wants otherwise.
///
/// # Source
/// Beside each; all read on 2026-11-22.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quirk {
    /// Knows the output limit of a chat only as `max_tokens`. Mistral's API refuses other names,
    /// Ollama's and Z.AI's pass over them.
    MaxTokens,
    /// Its reasoning models know the limit only as `max_completion_tokens`. OpenAI, "Reasoning
    /// models": `max_tokens` is refused with `unsupported_parameter`.
    MaxCompletionTokens,
    /// Refuses `stream_options` and tells the usage of a stream without it. Mistral, Cohere's
    /// compatible API.
    NoStreamOptions,
    /// Wants `reasoning_content` in each assistant message that calls tools while it thinks, be it
    /// empty. DeepSeek, "Thinking mode", tool calls: 400 without it.
    ReasoningContent,
    /// Wants a thought signature with the first call of each assistant message. Gemini 3,
    /// "Thought signatures": 400 without one; calls of another model are marked by a fixed word.
    ThoughtSignatures,
    /// Takes `cache_salt`, which keeps prompt caches of clients apart. vLLM, "Automatic prefix
    /// caching".
    CacheSalt,
    /// Serves both versions of Anthropic's API. Claude docs, "Versions".
    BothVersions,
    /// Leaves out the index of calls in streams of Chat Completions, and sends each call whole.
    /// Gemini's compatible API.
    CallsWithoutIndex,
}

/// Whether models think, for providers whose chat has a `thinking` object.
///
/// # Source
/// Z.AI, "Thinking mode" (`type`, `clear_thinking`); DeepSeek and Moonshot have `type` alone. Read
/// 2026-11-22.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Thinking {
    /// `type`: `enabled` or `disabled`.
    pub enabled: Option<bool>,
    /// `clear_thinking`: whether reasoning of earlier turns is left out.
    pub clear: Option<bool>,
}

/// What is known of a request beside its body.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The API that the body is in.
    pub format: ApiFormat,
    /// Model, as the provider calls it.
    pub model: &'a str,
    /// What keeps this client's prompt cache apart, if the operator set it.
    pub cache_salt: Option<&'a str>,
    /// By what the provider finds the prompt cache of this client, if the operator wishes so.
    pub cache_key: Option<&'a str>,
    /// How hard to think, where the client's own words pass and say nothing about it.
    pub effort: Option<Effort>,
    /// How the model is told to think.
    pub thinking: ThinkingForm,
}

/// A request as the provider wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adapted {
    /// The body; the same bytes if nothing was to be changed.
    pub body: Bytes,
    /// What of the client's was renamed or left out, for `x-nenya-notes`.
    pub notes: Vec<&'static str>,
    /// Fields of the client's that were left out and meant something; they belong into the notes
    /// too, and are refused where the operator is strict.
    pub lost: Vec<String>,
}

impl ProviderSpec {
    /// Changes a chat request to what this provider wants.
    ///
    /// `body` must be valid JSON in the format of `call`; of anything else nothing is changed.
    /// A field that the client set itself is never overwritten.
    pub fn adapt(&self, call: Call<'_>, body: Bytes) -> Adapted {
        let mut change = Change {
            root: json::start(&body),
            members: OnceCell::new(),
            body,
            edits: json::Edits::default(),
            added: Vec::new(),
            removed: 0,
            notes: Vec::new(),
            lost: Vec::new(),
        };
        effort::with_effort(&mut change, call);
        match call.format {
            ApiFormat::OpenAiChat => self.adapt_chat(call, &mut change),
            ApiFormat::OpenAiResponses => top_level::with_cache_key(&mut change, call.cache_key),
            ApiFormat::Anthropic => self.adapt_messages(&mut change),
            _ => {}
        }
        change.finish()
    }

    /// Tells whether `stream_options` may be sent, so that nobody adds it where it is refused.
    pub fn takes_stream_options(&self) -> bool {
        !self.quirks.contains(&Quirk::NoStreamOptions)
    }

    /// The version of Anthropic's API that a request which we wrote is for; `None` if the operator
    /// has set one for all requests.
    pub(crate) fn anthropic_version(&self, body: &[u8]) -> Option<HeaderValue> {
        let set = |(name, _): &(String, String)| name.eq_ignore_ascii_case("anthropic-version");
        if self.extra_headers.iter().any(set) {
            return None;
        }
        let newer = self.quirks.contains(&Quirk::BothVersions) && !version::needs_older(body);
        Some(HeaderValue::from_static(match newer {
            true => version::NEWER,
            false => version::OLDER,
        }))
    }

    fn adapt_chat(&self, call: Call<'_>, change: &mut Change) {
        for quirk in &self.quirks {
            match quirk {
                Quirk::MaxTokens => output_limit::as_max_tokens(change),
                Quirk::MaxCompletionTokens => {
                    output_limit::as_max_completion_tokens(change, call.model);
                }
                Quirk::NoStreamOptions => top_level::without_stream_options(change),
                Quirk::ReasoningContent => messages::with_reasoning_content(change, call.model),
                Quirk::ThoughtSignatures => messages::with_signatures(change, call.model),
                Quirk::CacheSalt => top_level::with_cache_salt(change, call.cache_salt),
                Quirk::BothVersions | Quirk::CallsWithoutIndex => {}
            }
        }
        top_level::with_cache_key(change, call.cache_key);
        top_level::with_thinking(change, self.thinking);
    }

    /// Vertex AI has the model in the path and its own version in the body.
    fn adapt_messages(&self, change: &mut Change) {
        let raw = self
            .locate(crate::Endpoint::Chat {
                format: ApiFormat::Anthropic,
                model: "m",
                stream: false,
            })
            .is_ok_and(|place| place.path_and_query().ends_with(":rawPredict"));
        if raw {
            top_level::for_vertex(change);
        }
    }
}

/// A request that is being changed.
struct Change {
    body: Bytes,
    /// Where its object begins.
    root: usize,
    /// The members of that object, once somebody has asked for one.
    members: OnceCell<Vec<json::Member>>,
    edits: json::Edits,
    /// Members to be added to the top level, and how many of it were removed.
    added: Vec<String>,
    removed: usize,
    notes: Vec<&'static str>,
    lost: Vec<String>,
}

impl Change {
    fn member(&self, name: &str) -> Option<json::Member> {
        self.members()
            .iter()
            .find(|member| json::text(&self.body, &member.key) == Some(name))
            .cloned()
    }

    fn insert(&mut self, member: impl Into<String>) {
        self.added.push(member.into());
    }

    fn remove(&mut self, member: &json::Member, note: Option<&'static str>) {
        self.edits.remove(&self.body, member);
        self.removed += 1;
        self.notes.extend(note);
    }

    fn finish(mut self) -> Adapted {
        if self.body.get(self.root) == Some(&b'{') && !self.added.is_empty() {
            let left = self.members().len().saturating_sub(self.removed);
            let comma = if left > 0 { "," } else { "" };
            let inside = self.root + 1;
            let added = format!("{}{comma}", self.added.join(","));
            self.edits.replace(inside..inside, added);
        }
        Adapted {
            body: self.edits.apply(&self.body),
            notes: self.notes,
            lost: self.lost,
        }
    }

    fn members(&self) -> &[json::Member] {
        self.members
            .get_or_init(|| json::members(&self.body, self.root))
    }
}

#[cfg(test)]
mod tests;
