//! Messages of a request, and the message of a reply.

use crate::canonical::error::FormatError;
use crate::canonical::parts::{
    Call, CallInput, Citation, Extras, Media, MediaKind, MediaSource, Part, PartKind, Thought,
    ToolResult, Weight,
};
use crate::canonical::raw::{
    Kind, Raw, count, each_item, each_member, is_null, items, kind, member, text,
};
use crate::canonical::request::{Role, Turn};
use crate::canonical::text::Text;

use super::documents;
use super::side::{LIST, PLAN, keep};

type Result<T> = std::result::Result<T, FormatError>;

/// Mark of a document of a tool's result.
pub(super) const RESULT_DOCUMENT: &str = "document";

/// A message of a request.
///
/// # Errors
/// A role that is none; a member of another type than the format says.
pub(super) fn read<'a>(raw: Raw<'a>) -> Result<Turn<'a>> {
    let mut role = None;
    let mut parts = Parts::default();
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "role" => role = Some(read_role(value)?),
            _ => parts.take(key, value)?,
        }
        Ok(())
    })?;
    let role = role.ok_or_else(|| FormatError::missing_in("role", raw))?;
    let mut turn = Turn::new(role, Vec::new());
    turn.origin = Some(raw);
    if role == Role::Tool {
        let result = parts.result();
        turn.parts
            .push(Part::new(PartKind::Result(result)).from(raw));
        turn.extras = parts.extras;
        return Ok(turn);
    }
    if let Some(id) = parts.call_id {
        keep(&mut parts.extras, "tool_call_id", id, Weight::Unknown);
    }
    turn.extras = std::mem::take(&mut parts.extras);
    turn.parts = parts.ordered()?;
    Ok(turn)
}

fn read_role(raw: Raw<'_>) -> Result<Role> {
    Ok(match text(raw)?.decoded().as_ref() {
        "system" => Role::System,
        "developer" => Role::Developer,
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "tool" => Role::Tool,
        _ => return Err(FormatError::expected("a role", raw)),
    })
}

/// What a message is made of, before it is put in order.
#[derive(Default)]
pub(super) struct Parts<'a> {
    content: Vec<Part<'a>>,
    plan: Option<Raw<'a>>,
    calls: Vec<Part<'a>>,
    citations: Option<Raw<'a>>,
    call_id: Option<Raw<'a>>,
    pub(super) extras: Extras<'a>,
}

impl<'a> Parts<'a> {
    /// Takes a member of the message.
    ///
    /// # Errors
    /// A value of another type than the format says.
    pub(super) fn take(&mut self, key: &str, value: Raw<'a>) -> Result<()> {
        match key {
            "content" => self.content(value)?,
            "tool_plan" => {
                text(value)?;
                self.plan = Some(value);
            }
            "tool_calls" => each_item(value, |call| {
                self.calls.push(read_call(call)?);
                Ok(())
            })?,
            "citations" => self.citations = Some(value),
            "tool_call_id" => {
                text(value)?;
                self.call_id = Some(value);
            }
            _ => keep(&mut self.extras, key, value, Weight::Unknown),
        }
        Ok(())
    }

    fn content(&mut self, raw: Raw<'a>) -> Result<()> {
        if let Some(said) = Text::of_raw(raw) {
            self.content.push(Part::text(said).from(raw));
            return Ok(());
        }
        each_item(raw, |item| {
            self.content.push(read_item(item)?);
            Ok(())
        })?;
        let text = |part: &Part<'_>| matches!(part.kind, PartKind::Text(_));
        if self.content.is_empty() || (self.content.len() == 1 && self.content.iter().all(text)) {
            keep(&mut self.extras, LIST, raw, Weight::Nothing);
        }
        Ok(())
    }

    /// Content, then the plan, then the calls; citations are given to the texts they are of.
    ///
    /// # Errors
    /// Citations that are none.
    pub(super) fn ordered(self) -> Result<Vec<Part<'a>>> {
        let mut parts = self.content;
        let plan = parts.len();
        if let Some(raw) = self.plan {
            let mut part = Part::text(text(raw)?).from(raw);
            keep(&mut part.extras, PLAN, raw, Weight::Nothing);
            parts.push(part);
        }
        if let Some(citations) = self.citations {
            attach(&mut parts, plan, citations)?;
        }
        parts.extend(self.calls);
        Ok(parts)
    }

    fn result(&mut self) -> ToolResult<'a> {
        ToolResult {
            id: self.call_id.and_then(Text::of_raw),
            name: None,
            content: std::mem::take(&mut self.content),
            structured: None,
            failed: None,
            custom: false,
        }
    }
}

fn read_item<'a>(raw: Raw<'a>) -> Result<Part<'a>> {
    let type_ = member(raw, "type").map(text).transpose()?;
    let type_ = type_.map(|type_| type_.decoded().into_owned());
    let (field, name) = match type_.as_deref() {
        Some("text") => ("text", "text"),
        Some("thinking") => ("thinking", "thinking"),
        Some("image_url") => ("image_url", "image_url"),
        Some("document") => ("document", "document"),
        _ => return Ok(Part::new(PartKind::Other(raw)).from(raw)),
    };
    let value = member(raw, field).ok_or_else(|| FormatError::missing_in(name, raw))?;
    let mut part = match field {
        "text" => Part::text(text(value)?),
        "thinking" => Part::new(PartKind::Thinking(Thought {
            texts: vec![text(value)?],
            ..Thought::default()
        })),
        "image_url" => read_image(value)?,
        _ => documents::read(value, RESULT_DOCUMENT)?,
    };
    each_member(raw, |key, value| {
        if key != "type" && key != field {
            keep(&mut part.extras, key, value, Weight::Unknown);
        }
        Ok(())
    })?;
    Ok(part.from(raw))
}

fn read_image(raw: Raw<'_>) -> Result<Part<'_>> {
    let (mut source, mut mime, mut detail) = (None, None, None);
    let mut extras = Vec::new();
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "url" => (mime, source) = taken_apart(text(value)?),
            "detail" => detail = Some(text(value)?),
            _ => keep(
                &mut extras,
                &format!("image_url.{key}"),
                value,
                Weight::Unknown,
            ),
        }
        Ok(())
    })?;
    let source = source.ok_or_else(|| FormatError::missing_in("url", raw))?;
    let mut media = Media::new(MediaKind::Image, source);
    (media.mime, media.detail) = (mime, detail);
    let mut part = Part::new(PartKind::Media(media));
    part.extras = extras;
    Ok(part)
}

/// Type and bytes of a `data:` address; any other address is kept.
fn taken_apart(url: Text<'_>) -> (Option<Text<'_>>, Option<MediaSource<'_>>) {
    let whole = url.decoded();
    let data = whole.strip_prefix("data:");
    let data = data.and_then(|data| data.split_once(";base64,"));
    let owned = |piece: &str| Text::plain(piece.to_owned());
    match data {
        Some((mime, bytes)) => (Some(owned(mime)), Some(MediaSource::Base64(owned(bytes)))),
        None => (None, Some(MediaSource::Url(url.clone()))),
    }
}

/// A call, of a request or a reply.
///
/// # Errors
/// No name.
fn read_call(raw: Raw<'_>) -> Result<Part<'_>> {
    let (mut id, mut name, mut input) = (None, None, CallInput::Spelt(Text::plain("")));
    let mut extras = Vec::new();
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "id" => id = Some(text(value)?),
            "type" => keep(&mut extras, "type", value, Weight::Nothing),
            "function" => each_member(value, |key, value| {
                match key {
                    _ if is_null(value) => {}
                    "name" => name = Some(text(value)?),
                    "arguments" => input = CallInput::Spelt(text(value)?),
                    _ => keep(
                        &mut extras,
                        &format!("function.{key}"),
                        value,
                        Weight::Unknown,
                    ),
                }
                Ok(())
            })?,
            _ => keep(&mut extras, key, value, Weight::Unknown),
        }
        Ok(())
    })?;
    let call = Call {
        id,
        name: name.ok_or_else(|| FormatError::missing_in("name", raw))?,
        input,
        seal: None,
    };
    let mut part = Part::new(PartKind::Call(call)).from(raw);
    part.extras = extras;
    Ok(part)
}

/// Gives each citation to its part: the plan's to the one at `plan`, others by their index.
fn attach<'a>(parts: &mut [Part<'a>], plan: usize, raw: Raw<'a>) -> Result<()> {
    for citation in items(raw)? {
        let type_ = member(citation, "type").and_then(Text::of_raw);
        let planned = type_.is_some_and(|type_| type_.is("PLAN"));
        let index = member(citation, "content_index").and_then(count);
        let index = index.and_then(|index| usize::try_from(index).ok());
        let at = if planned { plan } else { index.unwrap_or(0) };
        let last = parts.len().saturating_sub(1);
        if let Some(part) = parts.get_mut(at.min(last)) {
            part.citations.extend(read_citation(citation)?);
        }
    }
    Ok(())
}

/// A citation for each of its sources.
///
/// # Errors
/// A value that is no object.
pub(super) fn read_citation(raw: Raw<'_>) -> Result<Vec<Citation<'_>>> {
    if kind(raw) != Kind::Object {
        return Err(FormatError::expected("an object", raw));
    }
    let number = |name| member(raw, name).and_then(count);
    let blank = Citation {
        span: number("start").zip(number("end")),
        origin: Some(raw),
        ..Citation::default()
    };
    let sources = member(raw, "sources").filter(|sources| !is_null(sources));
    let sources = sources.map(items).transpose()?.unwrap_or_default();
    if sources.is_empty() {
        return Ok(vec![blank]);
    }
    let of_source = |source| {
        let said = |name| member(source, name).and_then(Text::of_raw);
        let document = member(source, "document");
        let told = |name| {
            document
                .and_then(|document| member(document, name))
                .and_then(Text::of_raw)
        };
        let id = said("id");
        Citation {
            document: id.as_ref().and_then(place_in_request),
            id,
            title: told("title"),
            url: told("url"),
            quoted: told("snippet").or_else(|| told("text")),
            ..blank.clone()
        }
    };
    Ok(sources.into_iter().map(of_source).collect())
}

/// Documents without an id are named by their number: `doc:0`.
fn place_in_request(id: &Text<'_>) -> Option<u64> {
    id.decoded().strip_prefix("doc:")?.parse().ok()
}
