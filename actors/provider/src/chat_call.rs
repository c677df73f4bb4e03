//! A client's request on its way out: as it came, or in the words of the provider's API.
//!
//! Owns the choice between the two, and the few facts about models that the words depend on. Pure;
//! sends nothing. Called by `http_upstream.rs` and the echo provider.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use wire::{ApiFormat, Asked, ChatRequest, Effort, Target, ThinkingForm};

use crate::{
    client::CompleteChat, config::ProviderSpec, error::ProviderError, reply_stream::Languages,
};

/// What is sent, and how the reply is to be read.
pub(crate) struct ChatCall {
    pub(crate) body: Bytes,
    /// Fields that had no place.
    pub(crate) notes: Vec<String>,
    pub(crate) languages: Languages,
}

impl ChatCall {
    /// Puts the request of `call` into this format of a provider.
    ///
    /// # Errors
    /// [`ProviderError::Unconvertible`], naming the field.
    pub(crate) fn new(
        call: &CompleteChat<'_>,
        format: ApiFormat,
        spec: &ProviderSpec,
    ) -> Result<Self, ProviderError> {
        let request = call.prompt.get();
        let languages = Languages {
            from: format,
            to: request.format(),
            asked: asked(call, &spec.name),
        };
        let passes = request.format() == format && !wire::carries_foreign_seals(request);
        let (body, notes) = if passes {
            let body = request.with_model(call.model);
            (asking_for_usage(body, request, spec), Vec::new())
        } else {
            converted(call, format, spec)?
        };
        Ok(Self {
            body,
            notes,
            languages,
        })
    }
}

/// The body of a Chat Completions stream with a request for its usage, if the client says nothing
/// about it; the edge takes the extra chunk out again. Without it nobody knows what was spent.
fn asking_for_usage(body: Bytes, request: &ChatRequest, spec: &ProviderSpec) -> Bytes {
    let chat = request.format() == ApiFormat::OpenAiChat && request.stream();
    if !chat || request.has_stream_options() || !spec.takes_stream_options() {
        return body;
    }
    let Some(open) = body.iter().position(|byte| *byte == b'{') else {
        return body;
    };
    let (before, after) = body.split_at(open + 1);
    [before, USAGE_WANTED, after].concat().into()
}

/// A chat request has other members, so a comma may follow.
const USAGE_WANTED: &[u8] = br#""stream_options":{"include_usage":true},"#;

fn converted(
    call: &CompleteChat<'_>,
    format: ApiFormat,
    spec: &ProviderSpec,
) -> Result<(Bytes, Vec<String>), ProviderError> {
    let target = target(call, spec);
    let converted = wire::convert_request(call.prompt.get(), format, &target, call.strict);
    let converted = converted.map_err(ProviderError::Unconvertible)?;
    Ok((converted.body, converted.notes))
}

/// The effort that is put into a request whose own words pass; a conversion has put it in already.
pub(crate) fn effort_beside(call: &CompleteChat<'_>, format: ApiFormat) -> Option<Effort> {
    let request = call.prompt.get();
    let passes = request.format() == format;
    call.effort
        .filter(|_| passes && !wire::chooses_effort(request))
}

/// Who a request is written for.
pub(crate) fn target<'a>(call: &CompleteChat<'a>, spec: &'a ProviderSpec) -> Target<'a> {
    Target {
        model: call.model,
        provider: &spec.name,
        max_output: call.max_output,
        takes_sampling: takes_sampling(call.model),
        thinking: thinking_form(call.model),
        wants_usage: spec.takes_stream_options(),
        effort: call.effort,
        seals: call.ties.seals.as_deref(),
    }
}

fn asked(call: &CompleteChat<'_>, provider: &str) -> Asked {
    let request = call.prompt.get();
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    Asked {
        model: request.model().to_owned(),
        provider: provider.to_owned(),
        include_usage: request.wants_usage(),
        now: now.unwrap_or_default().as_secs(),
        request_id: call.request_id.to_owned(),
        seals: call.ties.seals.clone(),
    }
}

/// Whether a model takes sampling parameters other than the defaults.
///
/// # Source
/// Claude docs, "Migrating to API version 2026-10-21": models after 4.6 refuse them; read
/// 22 Nov 2026. Models that are not Anthropic's are not judged here.
fn takes_sampling(model: &str) -> bool {
    claude_version(model).is_none_or(|version| version <= (4, 6))
}

/// How a model is told to think.
///
/// # Source
/// Claude docs, "Adaptive thinking": budgets up to 4.6, effort from 4.7 on; Gemini API docs,
/// "Thinking": budgets up to 2.5, levels from 3 on; read 22 Nov 2026.
pub(crate) fn thinking_form(model: &str) -> ThinkingForm {
    let claude_by_budget = claude_version(model).is_some_and(|version| version <= (4, 6));
    let gemini_by_budget = ["gemini-1", "gemini-2"]
        .iter()
        .any(|old| model.contains(old));
    if claude_by_budget || gemini_by_budget {
        ThinkingForm::Budget
    } else {
        ThinkingForm::Effort
    }
}

/// Generation and version of a Claude model, from names such as `claude-opus-4-6-20260205`,
/// `us.anthropic.claude-sonnet-4-5-v1:0` and `claude-3-7-sonnet`.
fn claude_version(model: &str) -> Option<(u32, u32)> {
    let (_, name) = model.split_once("claude-")?;
    let mut numbers = name
        .split(['-', '@', ':'])
        .skip_while(|word| word.parse::<u32>().is_err())
        .map_while(|word| word.parse::<u32>().ok().filter(|number| *number < 100));
    let generation = numbers.next()?;
    Some((generation, numbers.next().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_every_spelling() {
        for (model, version) in [
            ("claude-opus-4-6-20260205", Some((4, 6))),
            ("us.anthropic.claude-sonnet-4-5-v1:0", Some((4, 5))),
            ("claude-3-7-sonnet-20250219", Some((3, 7))),
            ("claude-opus-5", Some((5, 0))),
            ("claude-sonnet-4@20250514", Some((4, 0))),
            ("gpt-5", None),
        ] {
            assert_eq!(claude_version(model), version, "{model}");
        }
    }

    #[test]
    fn older_models_think_by_budget_and_newer_ones_by_effort() {
        assert_eq!(thinking_form("claude-opus-4-6"), ThinkingForm::Budget);
        assert_eq!(thinking_form("claude-opus-4-7"), ThinkingForm::Effort);
        assert_eq!(thinking_form("gemini-2.5-flash"), ThinkingForm::Budget);
        assert_eq!(thinking_form("gemini-3-pro"), ThinkingForm::Effort);
        assert!(takes_sampling("gpt-5") && !takes_sampling("claude-opus-4-7"));
    }
}
