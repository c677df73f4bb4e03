//! A client's request on its way out: as it came, or in the words of the provider's API.
//!
//! Owns the choice between the two, and the few facts about models that the words depend on. Pure;
//! sends nothing, and everything that it is told can be carried to another thread. Called by
//! `http_upstream.rs` and the echo provider.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use runtime::Work;
use wire::{
    ApiFormat, Asked, BlockDigest, ChatRequest, Effort, Target, ThinkingForm, Unconvertible,
};

use crate::{
    client::CompleteChat, config::ProviderSpec, error::ProviderError, headers, quirks::Call,
    reply_stream::Languages, ties::Ties,
};

/// What the words of a call depend on.
#[derive(Clone, Copy)]
pub(crate) struct Wording<'a> {
    /// The client's request, after redaction.
    pub(crate) request: &'a ChatRequest,
    model: &'a str,
    request_id: &'a str,
    max_output: Option<u64>,
    effort: Option<Effort>,
    pub(crate) strict: bool,
    ties: &'a Ties,
}

impl<'a> Wording<'a> {
    pub(crate) fn of(call: &CompleteChat<'a>) -> Self {
        Self {
            request: call.prompt.get(),
            model: call.model,
            request_id: call.request_id,
            max_output: call.max_output,
            effort: call.effort,
            strict: call.strict,
            ties: call.ties,
        }
    }

    /// What putting it into this format of a provider takes. An effort is said only where the
    /// client says none, for which all of its request is read.
    pub(crate) fn work(&self, format: ApiFormat) -> Work {
        match self.request.format() == format && self.effort.is_none() {
            true => Work::Reading,
            false => Work::Rewriting,
        }
    }

    /// The same for another thread. The body is shared with it, not copied.
    pub(crate) fn carried(&self) -> Carried {
        Carried {
            request: self.request.clone(),
            model: self.model.to_owned(),
            request_id: self.request_id.to_owned(),
            max_output: self.max_output,
            effort: self.effort,
            strict: self.strict,
            ties: self.ties.clone(),
        }
    }
}

/// A wording that owns what it is about.
pub(crate) struct Carried {
    request: ChatRequest,
    model: String,
    request_id: String,
    max_output: Option<u64>,
    effort: Option<Effort>,
    strict: bool,
    ties: Ties,
}

impl Carried {
    pub(crate) fn wording(&self) -> Wording<'_> {
        Wording {
            request: &self.request,
            model: &self.model,
            request_id: &self.request_id,
            max_output: self.max_output,
            effort: self.effort,
            strict: self.strict,
            ties: &self.ties,
        }
    }
}

/// What is sent, and how the reply is to be read.
pub(crate) struct ChatCall {
    pub(crate) body: Bytes,
    /// Fields that had no place.
    pub(crate) notes: Vec<String>,
    pub(crate) languages: Languages,
    /// Where the request was written by us, the version of Anthropic's API that it is for.
    pub(crate) version: Option<(HeaderName, HeaderValue)>,
}

impl ChatCall {
    /// Puts the request of `call` into this format of a provider.
    ///
    /// # Errors
    /// [`ProviderError::Unconvertible`], naming the field.
    pub(crate) fn new(
        call: &Wording<'_>,
        format: ApiFormat,
        spec: &ProviderSpec,
    ) -> Result<Self, ProviderError> {
        let request = call.request;
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
            version: None,
        })
    }

    /// The same with what this one provider wants otherwise than its API.
    ///
    /// # Errors
    /// As [`ChatCall::new`].
    pub(crate) fn adapted(
        call: &Wording<'_>,
        format: ApiFormat,
        spec: &ProviderSpec,
    ) -> Result<Self, ProviderError> {
        let mut worded = Self::new(call, format, spec)?;
        worded.version = version_for(call.request.format(), format, spec, &worded.body);
        let cache_key = cache_key(call, spec);
        let quirky = Call {
            format,
            model: call.model,
            cache_salt: call.ties.cache_salt.as_deref(),
            cache_key: cache_key.as_deref(),
            effort: effort_beside(call, format),
            thinking: thinking_form(call.model),
        };
        let adapted = spec.adapt(quirky, worded.body);
        if let Some(field) = adapted.lost.first().filter(|_| call.strict) {
            let refused = Unconvertible::not_taken(field.as_str());
            return Err(ProviderError::Unconvertible(refused));
        }
        let notes = adapted.notes.into_iter().map(str::to_owned);
        worded.notes.extend(notes.chain(adapted.lost));
        worded.body = adapted.body;
        Ok(worded)
    }
}

/// Where a request was written by us, the version of Anthropic's API that it is for.
pub(crate) fn version_for(
    client: ApiFormat,
    format: ApiFormat,
    spec: &ProviderSpec,
    body: &[u8],
) -> Option<(HeaderName, HeaderValue)> {
    let ours = format == ApiFormat::Anthropic && client != format;
    let version = ours.then(|| spec.anthropic_version(body)).flatten()?;
    Some((headers::ANTHROPIC_VERSION, version))
}

/// By what the provider finds this client's prompt cache: the same for all requests of one key
/// for one agent or model, and telling neither.
fn cache_key(call: &Wording<'_>, spec: &ProviderSpec) -> Option<String> {
    let client = call.ties.client.as_deref();
    let client = client.filter(|_| spec.prompt_cache_key)?;
    let digest = BlockDigest::of("prompt cache", &[client, call.request.model()]);
    let bytes = digest.as_bytes().iter().take(16);
    Some(bytes.map(|byte| format!("{byte:02x}")).collect())
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
    call: &Wording<'_>,
    format: ApiFormat,
    spec: &ProviderSpec,
) -> Result<(Bytes, Vec<String>), ProviderError> {
    let target = target(call, spec);
    let converted = wire::convert_request(call.request, format, &target, call.strict);
    let converted = converted.map_err(ProviderError::Unconvertible)?;
    Ok((converted.body, converted.notes))
}

/// The effort that is put into a request whose own words pass; a conversion has put it in already.
fn effort_beside(call: &Wording<'_>, format: ApiFormat) -> Option<Effort> {
    let request = call.request;
    let passes = request.format() == format;
    call.effort
        .filter(|_| passes && !wire::chooses_effort(request))
}

/// Who a request is written for.
pub(crate) fn target<'a>(call: &Wording<'a>, spec: &'a ProviderSpec) -> Target<'a> {
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

fn asked(call: &Wording<'_>, provider: &str) -> Asked {
    let request = call.request;
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
fn thinking_form(model: &str) -> ThinkingForm {
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
