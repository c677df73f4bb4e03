//! Reads a request.

use super::node::{self, inside, keep_spelling};
use super::{OWN, Outcome, read_message, read_tools};
use crate::canonical::effort::Effort;
use crate::canonical::error::FormatError;
use crate::canonical::parts::{Extra, Extras, Weight};
use crate::canonical::raw::{self, Kind, Raw};
use crate::canonical::request::{Logprobs, Request, ThinkingMode, Voice};
use crate::canonical::text::Text;
use crate::formats::Source;

/// Fields that only OpenAI-like APIs have, with what it means to leave them out.
const KNOWN: [(&str, Weight); 17] = [
    ("prediction", Weight::Hint),
    ("store", Weight::Hint),
    ("prompt_cache_options", Weight::Hint),
    ("prompt_cache_retention", Weight::Hint),
    ("cache_salt", Weight::Hint),
    ("min_p", Weight::Hint),
    ("top_a", Weight::Hint),
    ("typical_p", Weight::Hint),
    ("repetition_penalty", Weight::Hint),
    ("web_search_options", Weight::Meaning),
    ("moderation", Weight::Meaning),
    ("plugins", Weight::Meaning),
    ("guided_json", Weight::Meaning),
    ("guided_grammar", Weight::Meaning),
    ("guided_regex", Weight::Meaning),
    ("structured_outputs", Weight::Meaning),
    ("stream_options", Weight::Nothing),
];

pub(super) fn read<'a>(source: &Source<'a>) -> Outcome<Request<'a>> {
    let mut request = Request::new(OWN);
    request.stream = source.stream;
    let mut asked = false;
    raw::each_member(source.body, |key, value| {
        asked |= key == "messages";
        if raw::is_null(value) {
            return Ok(());
        }
        member(&mut request, key, value)
    })?;
    if !asked {
        return Err(FormatError::missing_in("messages", source.body));
    }
    user(&mut request)?;
    Ok(request)
}

fn member<'a>(request: &mut Request<'a>, key: &str, value: Raw<'a>) -> Outcome {
    let extras = &mut request.extras;
    match key {
        "model" => {}
        "messages" => request.turns = read_message::turns(value)?,
        "tools" => request.tools.append(&mut read_tools::tools(value)?),
        "functions" => request.tools.append(&mut read_tools::functions(value)?),
        "tool_choice" => request.tool_choice = read_tools::choice(value, extras)?,
        "function_call" => request.tool_choice = read_tools::legacy_choice(value, extras)?,
        "parallel_tool_calls" => request.parallel_calls = Some(raw::boolean(value)?),
        "response_format" => request.output = read_tools::output(value, extras)?,
        "max_completion_tokens" | "max_tokens" => limit(request, key, value)?,
        "n" => request.candidates = raw::maybe_number(value)?,
        "stop" => stop(request, value)?,
        "logprobs" => logprobs(request).wanted = raw::boolean(value)?,
        "top_logprobs" => logprobs(request).top = raw::maybe_number(value)?,
        "logit_bias" => request.logit_bias = Some(object(value)?),
        "metadata" => request.metadata = Some(object(value)?),
        "modalities" => request.modalities = texts(value)?,
        "audio" => audio(request, value)?,
        "verbosity" => request.verbosity = Some(raw::text(value)?),
        "prompt_cache_key" => request.cache_key = Some(raw::text(value)?),
        "user" | "safety_identifier" => extras.push(Extra::new(
            key.to_owned(),
            raw::text(value).map(|_| value)?,
            Weight::Nothing,
        )),
        "service_tier" => request.tier = Some(raw::text(value)?),
        "stream" => {
            raw::boolean(value)?;
            keep_spelling(extras, "stream", value);
        }
        "reasoning_effort" => effort(request, value)?,
        "thinking" => switch(request, value)?,
        "reasoning" => reasoning(request, value)?,
        "extra_body" => extra_body(request, value)?,
        _ => return sampling(request, key, value),
    }
    Ok(())
}

fn sampling<'a>(request: &mut Request<'a>, key: &str, value: Raw<'a>) -> Outcome {
    let sampling = &mut request.sampling;
    let field = match key {
        "temperature" => &mut sampling.temperature,
        "top_p" => &mut sampling.top_p,
        "top_k" => &mut sampling.top_k,
        "presence_penalty" => &mut sampling.presence_penalty,
        "frequency_penalty" => &mut sampling.frequency_penalty,
        "seed" => &mut sampling.seed,
        _ => {
            let known = KNOWN.iter().find(|(name, _)| *name == key);
            let weight = known.map_or(Weight::Unknown, |(_, weight)| *weight);
            request
                .extras
                .push(Extra::new(key.to_owned(), value, weight));
            return Ok(());
        }
    };
    *field = raw::maybe_number(value)?;
    Ok(())
}

/// `max_tokens` is the older name; if both are there, the newer one holds.
fn limit<'a>(request: &mut Request<'a>, key: &str, value: Raw<'a>) -> Outcome {
    let number = raw::maybe_number(value)?;
    if key == "max_tokens" {
        keep_spelling(&mut request.extras, "max_tokens", value);
        request.max_output = request.max_output.or(number);
    } else {
        request.max_output = number;
    }
    Ok(())
}

fn stop<'a>(request: &mut Request<'a>, value: Raw<'a>) -> Outcome {
    if raw::kind(value) == Kind::Text {
        keep_spelling(&mut request.extras, "stop", value);
        request.stop = vec![raw::text(value)?];
    } else {
        request.stop = texts(value)?;
    }
    Ok(())
}

fn logprobs<'r, 'a>(request: &'r mut Request<'a>) -> &'r mut Logprobs<'a> {
    request.logprobs.get_or_insert_default()
}

fn audio<'a>(request: &mut Request<'a>, value: Raw<'a>) -> Outcome {
    let mut voice = Voice::default();
    raw::each_member(value, |key, inner| {
        match key {
            "voice" if raw::kind(inner) == Kind::Text => voice.voice = Some(raw::text(inner)?),
            "format" => voice.coding = Some(raw::text(inner)?),
            // A voice of one's own is an object with an id at this provider.
            _ => request
                .extras
                .push(inside("audio.", key, inner, Weight::Meaning)),
        }
        Ok(())
    })?;
    request.voice = Some(voice);
    Ok(())
}

/// `safety_identifier` took the place of `user`; the newer one holds.
fn user(request: &mut Request<'_>) -> Outcome {
    let found = |name| node::find(&request.extras, name);
    let (newer, older) = (found("safety_identifier"), found("user"));
    request.user = newer.or(older).map(raw::text).transpose()?;
    if newer.is_some() {
        let mut extras = request.extras.iter_mut();
        if let Some(older) = extras.find(|extra| extra.field == "user") {
            older.weight = Weight::Hint;
        }
    }
    Ok(())
}

fn effort<'a>(request: &mut Request<'a>, value: Raw<'a>) -> Outcome {
    let word = raw::text(value)?.decoded().into_owned();
    request.thinking.effort = Effort::of_word(&word);
    if request.thinking.effort == Some(Effort::None) {
        request.thinking.mode = Some(ThinkingMode::Off);
    }
    let known = request.thinking.effort.is_some();
    let weight = if known {
        Weight::Nothing
    } else {
        Weight::Meaning
    };
    request
        .extras
        .push(Extra::new("reasoning_effort", value, weight));
    Ok(())
}

/// DeepSeek's, Z.AI's and others' `thinking: {type}`.
fn switch<'a>(request: &mut Request<'a>, value: Raw<'a>) -> Outcome {
    keep_spelling(&mut request.extras, "thinking", value);
    raw::each_member(value, |key, inner| {
        let known = match key {
            "type" => mode_of(&raw::text(inner)?).map(|mode| request.thinking.mode = Some(mode)),
            "budget_tokens" => {
                request.thinking.budget = raw::maybe_number(inner)?;
                Some(())
            }
            _ => None,
        };
        if known.is_none() {
            unknown(&mut request.extras, "thinking.", key, inner);
        }
        Ok(())
    })
}

fn mode_of(word: &Text<'_>) -> Option<ThinkingMode> {
    match word.decoded().as_ref() {
        "enabled" => Some(ThinkingMode::On),
        "disabled" => Some(ThinkingMode::Off),
        "auto" | "adaptive" => Some(ThinkingMode::Adaptive),
        _ => None,
    }
}

/// OpenRouter's `reasoning: {effort, max_tokens, exclude, enabled}`.
fn reasoning<'a>(request: &mut Request<'a>, value: Raw<'a>) -> Outcome {
    keep_spelling(&mut request.extras, "reasoning", value);
    raw::each_member(value, |key, inner| {
        if raw::is_null(inner) {
            return Ok(());
        }
        let thinking = &mut request.thinking;
        match key {
            "effort" => thinking.effort = Effort::of_word(&raw::text(inner)?.decoded()),
            "max_tokens" => thinking.budget = raw::maybe_number(inner)?,
            "enabled" => thinking.mode = Some(switched(raw::boolean(inner)?)),
            "exclude" => thinking.summary = raw::boolean(inner)?.then(|| Text::plain("none")),
            "summary" => thinking.summary = Some(raw::text(inner)?),
            _ => unknown(&mut request.extras, "reasoning.", key, inner),
        }
        Ok(())
    })
}

fn switched(on: bool) -> ThinkingMode {
    if on {
        ThinkingMode::On
    } else {
        ThinkingMode::Off
    }
}

/// Gemini's `extra_body: {google: {thinking_config}}`; its names come in both spellings.
fn extra_body<'a>(request: &mut Request<'a>, value: Raw<'a>) -> Outcome {
    keep_spelling(&mut request.extras, "extra_body", value);
    raw::each_member(value, |key, inner| {
        if key == "google" {
            return google(request, inner);
        }
        unknown(&mut request.extras, "extra_body.", key, inner);
        Ok(())
    })
}

fn google<'a>(request: &mut Request<'a>, value: Raw<'a>) -> Outcome {
    raw::each_member(value, |key, inner| match key {
        "thinking_config" | "thinkingConfig" => {
            raw::each_member(inner, |key, value| thinking_config(request, key, value))
        }
        "cached_content" | "cachedContent" => {
            let extra = inside("extra_body.google.", key, inner, Weight::Meaning);
            request.extras.push(extra);
            Ok(())
        }
        _ => {
            unknown(&mut request.extras, "extra_body.google.", key, inner);
            Ok(())
        }
    })
}

fn thinking_config<'a>(request: &mut Request<'a>, key: &str, value: Raw<'a>) -> Outcome {
    let thinking = &mut request.thinking;
    match key {
        "thinking_level" | "thinkingLevel" => {
            thinking.effort = Effort::of_word(&raw::text(value)?.decoded());
        }
        "thinking_budget" | "thinkingBudget" => thinking.budget = raw::maybe_number(value)?,
        "include_thoughts" | "includeThoughts" => {
            let word = if raw::boolean(value)? { "auto" } else { "none" };
            thinking.summary = Some(Text::plain(word));
        }
        _ => unknown(&mut request.extras, "extra_body.google.", key, value),
    }
    Ok(())
}

fn unknown<'a>(extras: &mut Extras<'a>, inner: &str, key: &str, value: Raw<'a>) {
    extras.push(inside(inner, key, value, Weight::Unknown));
}

fn object(value: Raw<'_>) -> Outcome<Raw<'_>> {
    if raw::kind(value) == Kind::Object {
        Ok(value)
    } else {
        Err(FormatError::expected("an object", value))
    }
}

fn texts(value: Raw<'_>) -> Outcome<Vec<Text<'_>>> {
    let mut all = Vec::new();
    raw::each_item(value, |item| {
        all.push(raw::text(item)?);
        Ok(())
    })?;
    Ok(all)
}
