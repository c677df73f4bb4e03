//! A request, written.
//!
//! Owns what this API has no field for: noted if it is a hint, refused if not. What the client's
//! format keeps by default is kept here by saying so: `store` is off and `strict` is off unless
//! the client wanted them, since this API has both on.

use super::read_items::SHORT;
use super::read_request::{INSTRUCTIONS, PLAIN_USER, WHOLE_INPUT};
use super::tiers::tier_word;
use super::write_items::{Aim, ItemWriter, write_extras};
use super::write_tools::{write_tool_choice, write_tools};
use crate::canonical::effort::Effort;
use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{Extra, PartKind};
use crate::canonical::raw;
use crate::canonical::request::{OutputShape, Request, Role, ThinkingMode, Turn};
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::Target;

type Result<T> = std::result::Result<T, FormatError>;

/// Fields that mean the same in Chat Completions.
const SHARED: [&str; 4] = [
    "store",
    "prompt_cache_options",
    "prompt_cache_retention",
    "moderation",
];

/// Longest end user's id that the API takes (OpenAI's reference of `safety_identifier`, read
/// 22 November 2026).
const LONGEST_USER: usize = 64;

/// # Errors
/// What the API cannot hold and may not be left out.
pub(super) fn write_request(
    request: &Request<'_>,
    target: &Target<'_>,
    notes: &mut Notes,
) -> Result<Vec<u8>> {
    let own = request.from == ApiFormat::OpenAiResponses;
    let mut out = Out::default();
    out.open().key("model").plain(target.model);
    write_turns(&mut out, request, target, notes)?;
    write_tools(&mut out, request, notes)?;
    write_tool_choice(&mut out, request);
    out.maybe_boolean("parallel_tool_calls", request.parallel_calls);
    write_thinking(&mut out, request);
    write_text(&mut out, request)?;
    write_numbers(&mut out, request, notes)?;
    write_rest(&mut out, request, notes)?;
    if own {
        write_extras_of(&mut out, &request.extras, "");
    } else {
        write_defaults(&mut out, request);
    }
    if request.stream {
        out.key("stream").boolean(true);
    }
    out.close();
    Ok(out.into_bytes())
}

fn write_turns(
    out: &mut Out,
    request: &Request<'_>,
    target: &Target<'_>,
    notes: &mut Notes,
) -> Result<()> {
    let own = request.from == ApiFormat::OpenAiResponses;
    let mut turns = &request.turns[..];
    if let Some((first, later)) = turns.split_first()
        && let Some(text) = instructions(first, own)
    {
        out.key("instructions").text(text);
        turns = later;
    }
    match turns {
        [] if own => return Ok(()),
        [only] if has(&only.extras, WHOLE_INPUT) => {
            if let Some(text) = only_text(only) {
                out.key("input").text(text);
            }
            return Ok(());
        }
        [.., last] if last.role == Role::Assistant && !own => {
            return Err(notes.refuse("prefill", last.origin));
        }
        _ => {}
    }
    out.key("input").open_list();
    let provider = target.provider;
    let mut items = ItemWriter {
        out,
        notes,
        own,
        aim: Aim::Upstream { provider },
        count: 0,
        answers: false,
    };
    turns
        .iter()
        .try_for_each(|turn| write_turn(&mut items, turn))?;
    out.close_list();
    Ok(())
}

/// The text of the first turn, if it can be the field `instructions`.
fn instructions<'t>(turn: &'t Turn<'_>, own: bool) -> Option<&'t Text<'t>> {
    let plain = turn.role == Role::System && turn.name.is_none();
    let fits = if own {
        has(&turn.extras, INSTRUCTIONS)
    } else {
        plain && turn.parts.iter().all(|part| part.cache.is_none())
    };
    fits.then(|| only_text(turn)).flatten()
}

fn only_text<'t>(turn: &'t Turn<'_>) -> Option<&'t Text<'t>> {
    match &turn.parts[..] {
        [part] => match &part.kind {
            PartKind::Text(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

fn has(extras: &[Extra<'_>], marker: &str) -> bool {
    extras.iter().any(|extra| extra.field == marker)
}

fn write_turn(items: &mut ItemWriter<'_>, turn: &Turn<'_>) -> Result<()> {
    if turn.name.is_some() {
        items.notes.note("name", turn.origin)?;
    }
    let role = match turn.role {
        Role::Assistant if !turn.parts.is_empty() => return items.said(&turn.parts, &[]),
        Role::Tool => return turn.parts.iter().try_for_each(|part| items.single(part)),
        Role::Assistant => "assistant",
        Role::System => "system",
        Role::Developer => "developer",
        Role::User => "user",
    };
    if let ([part], true) = (&turn.parts[..], items.own)
        && let PartKind::Other(raw) = &part.kind
        && super::write_items::has(part, super::read_items::ITEM)
    {
        items.out.raw(raw);
        return Ok(());
    }
    items.out.open();
    if items.own {
        write_extras(items.out, &turn.extras, "");
    } else {
        items.out.key("type").plain("message");
    }
    items.out.key("role").plain(role).key("content");
    items.content(&turn.parts, has(&turn.extras, SHORT))?;
    items.out.close();
    Ok(())
}

fn write_thinking(out: &mut Out, request: &Request<'_>) {
    let thinking = &request.thinking;
    let own = request.from == ApiFormat::OpenAiResponses;
    let effort = effort(request);
    let extras = request
        .extras
        .iter()
        .any(|extra| own && extra.field.starts_with("reasoning."));
    let summary = thinking
        .summary
        .as_ref()
        .filter(|word| own || !word.is("none"));
    if effort.is_none() && summary.is_none() && !extras {
        return;
    }
    out.key("reasoning").open();
    if let Some(effort) = effort {
        out.key("effort").plain(effort.word());
    }
    if let Some(word) = summary {
        let known = ["auto", "concise", "detailed"]
            .iter()
            .any(|known| word.is(known));
        out.key("summary");
        if known || own {
            out.text(word);
        } else {
            out.plain("auto");
        }
    }
    if own {
        write_extras_of(out, &request.extras, "reasoning.");
    }
    out.close();
}

/// The effort that was asked for, in whatever words.
fn effort(request: &Request<'_>) -> Option<Effort> {
    let thinking = &request.thinking;
    let budget = thinking.budget.and_then(raw::count).map(Effort::of_budget);
    match (thinking.mode, thinking.effort.or(budget)) {
        (Some(ThinkingMode::Off), _) => Some(Effort::None),
        (_, Some(effort)) => Some(effort),
        (Some(ThinkingMode::On), None) => Some(Effort::Medium),
        (Some(ThinkingMode::Adaptive) | None, None) => None,
    }
}

fn write_text(out: &mut Out, request: &Request<'_>) -> Result<()> {
    let own = request.from == ApiFormat::OpenAiResponses;
    let extras = request
        .extras
        .iter()
        .any(|extra| own && extra.field.starts_with("text."));
    if request.output.is_none() && request.verbosity.is_none() && !extras {
        return Ok(());
    }
    out.key("text").open();
    if let Some(shape) = &request.output {
        out.key("format").open();
        write_shape(out, shape, own)?;
        if own {
            write_extras_of(out, &request.extras, "text.format.");
        }
        out.close();
    }
    out.maybe_text("verbosity", request.verbosity.as_ref());
    if own {
        write_extras_of(out, &request.extras, "text.");
    }
    out.close();
    Ok(())
}

fn write_shape(out: &mut Out, shape: &OutputShape<'_>, own: bool) -> Result<()> {
    let (name, description, strict) = match shape {
        OutputShape::Json => {
            out.key("type").plain("json_object");
            return Ok(());
        }
        OutputShape::Schema {
            schema,
            name,
            description,
            strict,
        } => {
            out.key("schema").raw(schema);
            (name, description, *strict)
        }
        OutputShape::SpeltSchema {
            schema,
            name,
            description,
        } => {
            let json = schema.decoded();
            let schema = raw::parse(&json).ok_or_else(FormatError::not_json)?;
            out.key("schema").raw(schema);
            (name, description, None)
        }
    };
    out.key("type").plain("json_schema");
    match name {
        Some(name) => out.key("name").text(name),
        None if own => &mut *out,
        None => out.key("name").plain("answer"),
    };
    out.maybe_text("description", description.as_ref());
    out.maybe_boolean("strict", strict);
    Ok(())
}

fn write_numbers(out: &mut Out, request: &Request<'_>, notes: &mut Notes) -> Result<()> {
    let own = request.from == ApiFormat::OpenAiResponses;
    let sampling = &request.sampling;
    out.maybe_raw("max_output_tokens", request.max_output);
    out.maybe_raw("temperature", sampling.temperature);
    out.maybe_raw("top_p", sampling.top_p);
    if own {
        out.maybe_raw("presence_penalty", sampling.presence_penalty);
        out.maybe_raw("frequency_penalty", sampling.frequency_penalty);
    }
    let hints = [
        ("presence_penalty", sampling.presence_penalty),
        ("frequency_penalty", sampling.frequency_penalty),
    ];
    let own_hints = hints.into_iter().filter(|_| !own);
    let others = [("top_k", sampling.top_k), ("seed", sampling.seed)];
    for (field, value) in own_hints.chain(others) {
        if value.is_some() {
            notes.note(field, value)?;
        }
    }
    let one = |raw: &&raw::Raw<'_>| raw::count(raw) != Some(1);
    if let Some(candidates) = request.candidates.as_ref().filter(one) {
        return Err(notes.refuse("n", Some(candidates)));
    }
    if let Some(bias) = request.logit_bias {
        return Err(notes.refuse("logit_bias", Some(bias)));
    }
    if let Some(logprobs) = &request.logprobs {
        out.maybe_raw("top_logprobs", logprobs.top);
    }
    Ok(())
}

fn write_rest(out: &mut Out, request: &Request<'_>, notes: &mut Notes) -> Result<()> {
    let own = request.from == ApiFormat::OpenAiResponses;
    // The gateway cuts at stop sequences itself, and takes them out of the request if it does.
    if !request.stop.is_empty() {
        return Err(notes.refuse("stop", None));
    }
    let other_kind = |kind: &&Text<'_>| !kind.is("text");
    if request.modalities.iter().any(|kind| other_kind(&kind)) || request.voice.is_some() {
        return Err(notes.refuse("modalities", None));
    }
    if request.cache.is_some() {
        notes.note("cache_control", None)?;
    }
    out.maybe_text("prompt_cache_key", request.cache_key.as_ref());
    out.maybe_raw("metadata", request.metadata);
    write_user(out, request, notes)?;
    match &request.tier {
        Some(tier) if own => {
            out.key("service_tier").text(tier);
        }
        Some(tier) => match tier_word(&tier.decoded()) {
            Some(tier) => {
                out.key("service_tier").plain(tier);
            }
            None => notes.note("service_tier", None)?,
        },
        None => {}
    }
    Ok(())
}

fn write_user(out: &mut Out, request: &Request<'_>, notes: &mut Notes) -> Result<()> {
    let Some(user) = &request.user else {
        return Ok(());
    };
    let own = request.from == ApiFormat::OpenAiResponses;
    if !own && user.decoded().chars().count() > LONGEST_USER {
        return notes.note("user", None);
    }
    let field = if has(&request.extras, PLAIN_USER) {
        "user"
    } else {
        "safety_identifier"
    };
    out.key(field).text(user);
    Ok(())
}

/// What a client of another format takes for granted.
fn write_defaults(out: &mut Out, request: &Request<'_>) {
    let mut include = Vec::new();
    let thinks = !matches!(effort(request), None | Some(Effort::None))
        || request.thinking.mode == Some(ThinkingMode::Adaptive);
    if thinks {
        include.push("reasoning.encrypted_content");
    }
    if request.logprobs.as_ref().is_some_and(|asked| asked.wanted) {
        include.push("message.output_text.logprobs");
    }
    if !include.is_empty() {
        out.key("include").open_list();
        for word in include {
            out.plain(word);
        }
        out.close_list();
    }
    let chat = request.from == ApiFormat::OpenAiChat;
    let shared = |extra: &&Extra<'_>| chat && SHARED.iter().any(|name| extra.field == *name);
    for extra in request.extras.iter().filter(shared) {
        out.key(&extra.field).raw(extra.raw);
        extra.used.set(true);
    }
    if !request
        .extras
        .iter()
        .any(|extra| chat && extra.field == "store")
    {
        out.key("store").boolean(false);
    }
}

/// Writes back the fields of one object: those with this prefix and no further dot behind it.
fn write_extras_of(out: &mut Out, extras: &[Extra<'_>], prefix: &str) {
    const NESTED: [&str; 3] = ["reasoning.", "text.format.", "text."];
    for extra in extras {
        let field: &str = &extra.field;
        let home = NESTED.into_iter().find(|nested| field.starts_with(nested));
        if home.unwrap_or("") == prefix && !field.starts_with('(') {
            let name = field.strip_prefix(prefix).unwrap_or(field);
            out.key(name).raw(extra.raw);
        }
    }
}
