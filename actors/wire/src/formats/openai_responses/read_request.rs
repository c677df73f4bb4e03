//! A request, read.
//!
//! Owns which fields are hints and which change the answer. `strict` of a tool is left open where
//! the request does not say: the API then tries strictness and falls back, which no other has.

use super::fields::Fields;
use super::read_items::{Item, ItemReader, SHORT};
use super::read_tools::{read_tool_choice, read_tools};
use crate::canonical::effort::Effort;
use crate::canonical::error::FormatError;
use crate::canonical::parts::{Extra, Part, PartKind, Weight};
use crate::canonical::raw::{self, Kind, Raw};
use crate::canonical::request::{
    Logprobs, OutputShape, Request, Role, Thinking, ThinkingMode, Turn,
};
use crate::format::ApiFormat;
use crate::formats::Source;

type Result<T> = std::result::Result<T, FormatError>;

/// The turn was the field `instructions`.
pub(super) const INSTRUCTIONS: &str = "(instructions)";
/// The turn was all of `input`, as a string.
pub(super) const WHOLE_INPUT: &str = "(input)";
/// The user stood under `user`, not under `safety_identifier`.
pub(super) const PLAIN_USER: &str = "(user)";

/// # Errors
/// A field of another type than the documents say.
pub(super) fn read_request<'a>(source: &Source<'a>) -> Result<Request<'a>> {
    let mut fields = Fields::of(source.body)?;
    let mut request = Request::new(ApiFormat::OpenAiResponses);
    request.stream = source.stream;
    fields.take("model");
    fields.take("stream");
    read_turns(&mut fields, &mut request)?;
    request.tools = read_tools(&mut fields)?;
    read_tool_choice(&mut fields, &mut request)?;
    request.parallel_calls = fields.boolean("parallel_tool_calls")?;
    read_thinking(&mut fields, &mut request)?;
    read_text(&mut fields, &mut request)?;
    read_numbers(&mut fields, &mut request)?;
    read_user(&mut fields, &mut request)?;
    request.extras.extend(fields.rest("", weigh));
    Ok(request)
}

fn read_turns<'a>(fields: &mut Fields<'a>, request: &mut Request<'a>) -> Result<()> {
    if let Some(raw) = fields.take("instructions") {
        let turn = marked_turn(Role::System, raw, INSTRUCTIONS)?;
        request.turns.push(turn);
    }
    let Some(input) = fields.take("input") else {
        return Ok(());
    };
    if raw::kind(input) == Kind::Text {
        let turn = marked_turn(Role::User, input, WHOLE_INPUT)?;
        request.turns.push(turn);
        return Ok(());
    }
    let reader = ItemReader { provider: None };
    raw::each_item(input, |item| {
        add(&mut request.turns, reader.item(item)?);
        Ok(())
    })
}

fn marked_turn<'a>(role: Role, raw: Raw<'a>, marker: &'static str) -> Result<Turn<'a>> {
    let part = Part::text(raw::text(raw)?).from(raw);
    let mut turn = Turn::new(role, vec![part]);
    turn.origin = Some(raw);
    turn.extras.push(Extra::new(marker, raw, Weight::Nothing));
    turn.extras.push(Extra::new(SHORT, raw, Weight::Nothing));
    Ok(turn)
}

/// Items that follow each other and come from one side are one turn.
fn add<'a>(turns: &mut Vec<Turn<'a>>, item: Item<'a>) {
    let (role, parts) = match item {
        Item::Turn(turn) => return turns.push(turn),
        Item::Said(parts) => (Role::Assistant, parts),
        Item::Result(part) => (Role::Tool, vec![part]),
    };
    match turns.last_mut() {
        Some(last) if last.role == role && !last.parts.is_empty() => {
            for part in parts {
                if let Some(part) = sealing(&mut last.parts, part) {
                    last.parts.push(part);
                }
            }
        }
        _ => turns.push(Turn::new(role, parts)),
    }
}

/// Gives the seal of a call back to it, which travelled in an item behind it; else the part.
fn sealing<'a>(before: &mut [Part<'a>], part: Part<'a>) -> Option<Part<'a>> {
    let PartKind::Thinking(thought) = &part.kind else {
        return Some(part);
    };
    let seal = thought.seal.as_ref().filter(|_| thought.redacted);
    let Some(seal) = seal.filter(|seal| seal.format == ApiFormat::Gemini) else {
        return Some(part);
    };
    match before.last_mut().map(|last| &mut last.kind) {
        Some(PartKind::Call(call)) if call.seal.is_none() => {
            call.seal = Some(seal.clone());
            None
        }
        _ => Some(part),
    }
}

fn read_thinking<'a>(fields: &mut Fields<'a>, request: &mut Request<'a>) -> Result<()> {
    let Some(raw) = fields.take("reasoning") else {
        return Ok(());
    };
    let mut inner = Fields::of(raw)?;
    let mut thinking = Thinking {
        summary: inner.text("summary")?,
        ..Thinking::default()
    };
    if let Some(raw) = inner.take("effort") {
        match Effort::of_word(&raw::text(raw)?.decoded()) {
            Some(effort) => {
                thinking.effort = Some(effort);
                thinking.mode = Some(match effort {
                    Effort::None => ThinkingMode::Off,
                    _ => ThinkingMode::On,
                });
            }
            None => {
                let extra = Extra::new("reasoning.effort", raw, Weight::Meaning);
                request.extras.push(extra);
            }
        }
    }
    request.thinking = thinking;
    request
        .extras
        .extend(inner.rest("reasoning.", |name, _| match name {
            "context" | "generate_summary" | "mode" => Weight::Hint,
            _ => Weight::Unknown,
        }));
    Ok(())
}

fn read_text<'a>(fields: &mut Fields<'a>, request: &mut Request<'a>) -> Result<()> {
    let Some(raw) = fields.take("text") else {
        return Ok(());
    };
    let mut inner = Fields::of(raw)?;
    request.verbosity = inner.text("verbosity")?;
    if let Some(format) = inner.take("format") {
        read_shape(format, request)?;
    }
    request
        .extras
        .extend(inner.rest("text.", |_, _| Weight::Unknown));
    Ok(())
}

fn read_shape<'a>(format: Raw<'a>, request: &mut Request<'a>) -> Result<()> {
    let mut fields = Fields::of(format)?;
    let kind = fields.needed_text("type")?;
    match kind.decoded().as_ref() {
        "json_schema" => {
            let schema = fields
                .take("schema")
                .ok_or_else(|| FormatError::missing_in("schema", format))?;
            request.output = Some(OutputShape::Schema {
                schema,
                name: fields.text("name")?,
                description: fields.text("description")?,
                strict: fields.boolean("strict")?,
            });
        }
        "json_object" => request.output = Some(OutputShape::Json),
        other => {
            let weight = match other {
                "text" => Weight::Nothing,
                _ => Weight::Meaning,
            };
            let extra = Extra::new("text.format", format, weight);
            request.extras.push(extra);
            return Ok(());
        }
    }
    request
        .extras
        .extend(fields.rest("text.format.", |_, _| Weight::Unknown));
    Ok(())
}

fn read_numbers<'a>(fields: &mut Fields<'a>, request: &mut Request<'a>) -> Result<()> {
    request.max_output = fields.number("max_output_tokens")?;
    let sampling = &mut request.sampling;
    sampling.temperature = fields.number("temperature")?;
    sampling.top_p = fields.number("top_p")?;
    sampling.presence_penalty = fields.number("presence_penalty")?;
    sampling.frequency_penalty = fields.number("frequency_penalty")?;
    request.metadata = fields.take("metadata");
    request.tier = fields.text("service_tier")?;
    request.cache_key = fields.text("prompt_cache_key")?;
    let include = fields.take("include");
    let (wanted, weight) = include
        .map(read_include)
        .transpose()?
        .unwrap_or((false, Weight::Nothing));
    request
        .extras
        .extend(include.map(|raw| Extra::new("include", raw, weight)));
    let top = fields.number("top_logprobs")?;
    if wanted || top.is_some() {
        request.logprobs = Some(Logprobs { wanted, top });
    }
    Ok(())
}

/// Whether log probabilities are wanted, and what the rest of the list matters.
fn read_include(include: Raw<'_>) -> Result<(bool, Weight)> {
    let (mut wanted, mut weight) = (false, Weight::Nothing);
    raw::each_item(include, |item| {
        match raw::text(item)?.decoded().as_ref() {
            "message.output_text.logprobs" => wanted = true,
            "reasoning.encrypted_content" => {}
            _ => weight = Weight::Hint,
        }
        Ok(())
    })?;
    Ok((wanted, weight))
}

fn read_user<'a>(fields: &mut Fields<'a>, request: &mut Request<'a>) -> Result<()> {
    let identifier = fields.text("safety_identifier")?;
    match (identifier, fields.take("user")) {
        (Some(identifier), user) => {
            request.user = Some(identifier);
            let user = user.map(|raw| Extra::new("user", raw, Weight::Hint));
            request.extras.extend(user);
        }
        (None, Some(raw)) => {
            request.user = Some(raw::text(raw)?);
            let marker = Extra::new(PLAIN_USER, raw, Weight::Nothing);
            request.extras.push(marker);
        }
        (None, None) => {}
    }
    Ok(())
}

/// How much a field that only this API has matters elsewhere.
///
/// `store` asks for a copy at the provider and is the default: the answer is the same without.
fn weigh(name: &str, raw: Raw<'_>) -> Weight {
    match (name, raw.get()) {
        ("store" | "background", "false")
        | ("truncation", "\"disabled\"")
        | ("stream_options", _) => Weight::Nothing,
        ("prompt_cache_options", _) if raw::member(raw, "prewarm").is_some() => Weight::Meaning,
        (
            "store"
            | "truncation"
            | "prompt_cache_options"
            | "prompt_cache_retention"
            | "max_tool_calls"
            | "context_management"
            | "image"
            | "background_options"
            | "personality",
            _,
        ) => Weight::Hint,
        (
            "previous_response_id"
            | "conversation"
            | "background"
            | "prompt"
            | "moderation"
            | "access_programs",
            _,
        ) => Weight::Meaning,
        _ => Weight::Unknown,
    }
}
