//! Items of input and output: the same in requests and in replies.
//!
//! Owns what an item becomes. Items that the model made are gathered in one turn, since other
//! formats have one message where this one has many items; markers on their parts say where an
//! item began, so that the writer of this format can take the turn apart again.

use super::fields::Fields;
use super::media::{read_file, read_image};
use super::read_citation::read_citation;
use crate::canonical::error::FormatError;
use crate::canonical::parts::{
    CacheMark, Call, CallInput, Extra, Extras, Part, PartKind, Thought, ToolResult, Weight,
};
use crate::canonical::raw::{self, Raw};
use crate::canonical::request::{Role, Turn};
use crate::canonical::seal::Seal;
use crate::canonical::text::Text;
use crate::format::ApiFormat;

type Result<T> = std::result::Result<T, FormatError>;

/// The part begins a message item; further fields of the item have the name `message.` and theirs.
pub(super) const MESSAGE: &str = "(message)";
/// Before the names of a message item's fields on the item's first part.
pub(super) const OF_MESSAGE: &str = "message.";
/// The part is an item of its own.
pub(super) const ITEM: &str = "(item)";
/// Content was a string, not a list.
pub(super) const SHORT: &str = "(short)";
/// The thought's texts stood under `content`, not under `summary`.
pub(super) const RAW_THOUGHT: &str = "(content)";

/// What an item is to a conversation.
#[derive(Debug)]
pub(super) enum Item<'a> {
    /// A message of somebody else than the model.
    Turn(Turn<'a>),
    /// What the model said, thought or called.
    Said(Vec<Part<'a>>),
    /// What a tool gave back.
    Result(Part<'a>),
}

/// Reads items; `provider` is who made them, if they come fresh from one.
#[derive(Debug, Clone, Copy)]
pub(super) struct ItemReader<'a> {
    pub(super) provider: Option<&'a str>,
}

impl<'a> ItemReader<'a> {
    /// # Errors
    /// An item of a known type whose fields have other types than its documents say.
    pub(super) fn item(self, raw: Raw<'a>) -> Result<Item<'a>> {
        let mut fields = Fields::of(raw)?;
        let kind = fields.take("type");
        let Some(kind) = kind else {
            let message = fields.peek("role").is_some();
            return if message {
                read_message(fields, None)
            } else {
                Ok(own_item(raw, ""))
            };
        };
        match raw::text(kind)?.decoded().as_ref() {
            "message" => read_message(fields, Some(kind)),
            "function_call" => Ok(said(read_call(fields, false)?)),
            "custom_tool_call" => Ok(said(read_call(fields, true)?)),
            "reasoning" => Ok(said(self.reasoning(fields)?)),
            "function_call_output" => read_result(fields, false),
            "custom_tool_call_output" => read_result(fields, true),
            other => Ok(own_item(raw, other)),
        }
    }

    fn reasoning(self, mut fields: Fields<'a>) -> Result<Part<'a>> {
        let whole = fields.whole;
        let (summary, content) = (fields.take("summary"), fields.take("content"));
        let sealed = fields.text("encrypted_content")?;
        let mut thought = Thought {
            id: fields.text("id")?,
            ..Thought::default()
        };
        let mut extras = fields.rest("", weigh_item);
        let mut texts = texts_of(summary, "summary_text")?;
        if let Some(content) = content {
            extras.push(Extra::new(RAW_THOUGHT, content, Weight::Nothing));
            let summary = summary.map(|raw| Extra::new("summary", raw, summary_weight(&texts)));
            extras.extend(summary);
            texts = texts_of(Some(content), "reasoning_text")?;
        }
        thought.redacted = texts.is_empty() && sealed.is_some();
        thought.texts = texts;
        thought.seal = sealed
            .filter(|sealed| !sealed.is_empty())
            .map(|value| self.seal(value));
        let mut part = Part::new(PartKind::Thinking(thought)).from(whole);
        part.extras = extras;
        Ok(part)
    }

    fn seal(self, value: Text<'a>) -> Seal<'a> {
        match self.provider {
            Some(provider) => Seal::fresh(ApiFormat::OpenAiResponses, provider, value),
            None => Seal::carried(ApiFormat::OpenAiResponses, value),
        }
    }
}

fn summary_weight(texts: &[Text<'_>]) -> Weight {
    if texts.is_empty() {
        Weight::Nothing
    } else {
        Weight::Hint
    }
}

/// Texts of a summary or of open reasoning.
///
/// # Errors
/// Parts of another type: there is nothing to read them as.
fn texts_of<'a>(list: Option<Raw<'a>>, kind: &'static str) -> Result<Vec<Text<'a>>> {
    let mut texts = Vec::new();
    let Some(list) = list else { return Ok(texts) };
    raw::each_item(list, |item| {
        let mut fields = Fields::of(item)?;
        let is_known = fields.text("type")?.is_some_and(|own| own.is(kind));
        let text = fields.needed_text("text")?;
        if !is_known || !fields.is_empty() {
            return Err(FormatError::expected("a text of the reasoning", item));
        }
        texts.push(text);
        Ok(())
    })?;
    Ok(texts)
}

fn said(part: Part<'_>) -> Item<'_> {
    Item::Said(vec![part])
}

/// An item that no other format knows.
fn own_item<'a>(raw: Raw<'a>, kind: &str) -> Item<'a> {
    let mut part = Part::new(PartKind::Other(raw)).from(raw);
    part.extras.push(Extra::new(ITEM, raw, Weight::Nothing));
    let from_client = kind.ends_with("_output")
        || matches!(
            kind,
            "mcp_approval_response" | "compaction_trigger" | "additional_tools"
        );
    if from_client {
        Item::Turn(Turn::new(Role::User, vec![part]))
    } else {
        said(part)
    }
}

fn read_message<'a>(mut fields: Fields<'a>, kind: Option<Raw<'a>>) -> Result<Item<'a>> {
    let whole = fields.whole;
    let role = fields
        .take("role")
        .ok_or_else(|| FormatError::missing_in("role", whole))?;
    let role = read_role(role)?;
    let content = fields
        .take("content")
        .ok_or_else(|| FormatError::missing_in("content", whole))?;
    let (parts, short) = read_content(content, role)?;
    let said = role == Role::Assistant && !parts.is_empty();
    let mut extras = fields.rest(if said { OF_MESSAGE } else { "" }, |name, raw| {
        weigh_item(name, raw)
    });
    let typed = if said { "message.type" } else { "type" };
    extras.extend(kind.map(|kind| Extra::new(typed, kind, Weight::Nothing)));
    extras.extend(short);
    if said {
        extras.push(Extra::new(MESSAGE, whole, Weight::Nothing));
        return Ok(Item::Said(with_extras(parts, extras)));
    }
    let mut turn = Turn::new(role, parts);
    turn.origin = Some(whole);
    turn.extras = extras;
    Ok(Item::Turn(turn))
}

fn with_extras<'a>(mut parts: Vec<Part<'a>>, extras: Extras<'a>) -> Vec<Part<'a>> {
    if let Some(first) = parts.first_mut() {
        first.extras.extend(extras);
    }
    parts
}

fn read_role(raw: Raw<'_>) -> Result<Role> {
    match raw::text(raw)?.decoded().as_ref() {
        "user" => Ok(Role::User),
        "assistant" => Ok(Role::Assistant),
        "system" => Ok(Role::System),
        "developer" => Ok(Role::Developer),
        _ => Err(FormatError::expected(
            "`user`, `assistant`, `system` or `developer`",
            raw,
        )),
    }
}

/// The parts of a message or of a result, and the marker of the short form.
pub(super) fn read_content<'a>(
    content: Raw<'a>,
    role: Role,
) -> Result<(Vec<Part<'a>>, Option<Extra<'a>>)> {
    if let Some(text) = Text::of_raw(content) {
        let marker = Extra::new(SHORT, content, Weight::Nothing);
        return Ok((vec![Part::text(text).from(content)], Some(marker)));
    }
    let mut parts = Vec::new();
    raw::each_item(content, |item| {
        parts.push(read_part(item, role)?);
        Ok(())
    })?;
    Ok((parts, None))
}

/// # Errors
/// A part of a known type whose fields have other types than its documents say.
pub(super) fn read_part<'a>(raw: Raw<'a>, role: Role) -> Result<Part<'a>> {
    let mut fields = Fields::of(raw)?;
    let Some(kind_raw) = fields.take("type") else {
        return Err(FormatError::missing_in("type", raw));
    };
    let kind = raw::text(kind_raw)?;
    let (kind, usual) = match kind.decoded().as_ref() {
        "input_text" => (text_kind(&mut fields)?, role != Role::Assistant),
        "output_text" => (text_kind(&mut fields)?, role == Role::Assistant),
        "text" => (text_kind(&mut fields)?, false),
        "refusal" => (PartKind::Refusal(fields.needed_text("refusal")?), true),
        "input_image" => (PartKind::Media(read_image(&mut fields)?), true),
        "input_file" => (PartKind::Media(read_file(&mut fields)?), true),
        _ => return Ok(Part::new(PartKind::Other(raw)).from(raw)),
    };
    let mut part = Part::new(kind).from(raw);
    if !usual {
        part.extras
            .push(Extra::new("type", kind_raw, Weight::Nothing));
    }
    read_cache_mark(&mut fields, &mut part)?;
    read_annotations(&mut fields, &mut part)?;
    let logprobs = fields.take("logprobs");
    part.extras
        .extend(logprobs.map(|raw| Extra::new("logprobs", raw, Weight::Nothing)));
    part.extras.extend(fields.rest("", |_, _| Weight::Unknown));
    Ok(part)
}

fn text_kind<'a>(fields: &mut Fields<'a>) -> Result<PartKind<'a>> {
    fields.needed_text("text").map(PartKind::Text)
}

fn read_cache_mark<'a>(fields: &mut Fields<'a>, part: &mut Part<'a>) -> Result<()> {
    let Some(raw) = fields.take("prompt_cache_breakpoint") else {
        return Ok(());
    };
    let mut mark = Fields::of(raw)?;
    let explicit = mark.text("mode")?.is_some_and(|mode| mode.is("explicit"));
    let ttl = mark.text("ttl")?;
    if explicit && mark.is_empty() {
        part.cache = Some(CacheMark { ttl });
    } else {
        let extra = Extra::new("prompt_cache_breakpoint", raw, Weight::Hint);
        part.extras.push(extra);
    }
    Ok(())
}

fn read_annotations<'a>(fields: &mut Fields<'a>, part: &mut Part<'a>) -> Result<()> {
    let Some(list) = fields.take("annotations") else {
        return Ok(());
    };
    raw::each_item(list, |item| {
        part.citations.push(read_citation(item)?);
        Ok(())
    })?;
    if part.citations.is_empty() {
        let none = Extra::new("annotations", list, Weight::Nothing);
        part.extras.push(none);
    }
    Ok(())
}

fn read_call<'a>(mut fields: Fields<'a>, custom: bool) -> Result<Part<'a>> {
    let whole = fields.whole;
    let input = if custom {
        CallInput::Free(fields.needed_text("input")?)
    } else {
        CallInput::Spelt(fields.needed_text("arguments")?)
    };
    let call = Call {
        id: fields.text("call_id")?,
        name: fields.needed_text("name")?,
        input,
        seal: None,
    };
    let mut part = Part::new(PartKind::Call(call)).from(whole);
    part.extras = fields.rest("", weigh_item);
    Ok(part)
}

fn read_result<'a>(mut fields: Fields<'a>, custom: bool) -> Result<Item<'a>> {
    let whole = fields.whole;
    let output = fields
        .take("output")
        .ok_or_else(|| FormatError::missing_in("output", whole))?;
    let (content, short) = read_content(output, Role::Tool)?;
    let failed = failed_of(fields.peek("status"));
    if failed.is_some() {
        fields.take("status");
    }
    let result = ToolResult {
        id: fields.text("call_id")?,
        name: None,
        content,
        structured: None,
        failed,
        custom,
    };
    let mut part = Part::new(PartKind::Result(result)).from(whole);
    part.extras = fields.rest("", weigh_item);
    part.extras.extend(short);
    Ok(Item::Result(part))
}

/// A result that is not complete is the API's only way to say that the tool failed.
fn failed_of(status: Option<Raw<'_>>) -> Option<bool> {
    match status?.get() {
        "\"completed\"" => Some(false),
        "\"incomplete\"" => Some(true),
        _ => None,
    }
}

/// How much a field of an item matters elsewhere.
fn weigh_item(name: &str, raw: Raw<'_>) -> Weight {
    match (name, raw.get()) {
        ("id", _) | ("status", "\"completed\"") | ("async", "false") => Weight::Nothing,
        ("status" | "phase" | "namespace" | "caller" | "name" | "async", _) => Weight::Hint,
        _ => Weight::Unknown,
    }
}
