//! Content blocks, of requests and of replies: objects whose only key is their type.

use super::citations;
use super::read_settings::{add, cache_mark};
use crate::canonical::base64::decoded_text;
use crate::canonical::error::FormatError;
use crate::canonical::mimes::mime_of;
use crate::canonical::parts::{
    Call, CallInput, Extras, Media, MediaKind, MediaSource, Part, PartKind, SearchResult, Thought,
    ToolResult, Weight,
};
use crate::canonical::raw::{
    Kind, Raw, boolean, each_item, each_member, is_null, kind, maybe_text, member, text,
};
use crate::canonical::seal::Seal;
use crate::canonical::text::Text;
use crate::format::ApiFormat;

type Result<T> = std::result::Result<T, FormatError>;

/// Who made the opaque values, and how deep the content stands in other content.
#[derive(Debug, Clone, Copy)]
pub(super) struct Maker<'a> {
    /// A provider that answers; `None` for what a client sends back.
    provider: Option<&'a str>,
    depth: u8,
}

/// A result may hold a document, which may hold parts; nothing goes deeper.
const DEEPEST: u8 = 4;

impl<'a> Maker<'a> {
    /// What a client sends.
    pub(super) const CLIENT: Self = Self {
        provider: None,
        depth: 0,
    };

    /// What a provider answers.
    pub(super) fn provider(provider: &'a str) -> Self {
        Self {
            provider: Some(provider),
            depth: 0,
        }
    }

    fn inside(self, raw: Raw<'_>) -> Result<Self> {
        if self.depth == DEEPEST {
            return Err(FormatError::expected("content that is less deep", raw));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}

/// A list of blocks. A cache mark belongs to the block before it.
pub(super) fn blocks<'a>(raw: Raw<'a>, maker: Maker<'a>) -> Result<Vec<Part<'a>>> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    each_item(raw, |item| {
        let mark = member(item, "cachePoint").map(cache_mark).transpose()?;
        match (parts.last_mut(), mark.flatten()) {
            (Some(before), Some(mark)) if before.cache.is_none() => before.cache = Some(mark),
            _ => parts.push(block(item, maker)?),
        }
        Ok(())
    })?;
    Ok(parts)
}

fn block<'a>(raw: Raw<'a>, maker: Maker<'a>) -> Result<Part<'a>> {
    let mut found = Vec::new();
    each_member(raw, |key, value| {
        found.push((key.to_owned(), value));
        Ok(())
    })?;
    let [(kind, value)] = found.as_slice() else {
        return match found.is_empty() {
            true => Err(FormatError::expected("a content block", raw)),
            false => Ok(other(raw)),
        };
    };
    let part = of_kind(kind, value, maker)?;
    Ok(part.unwrap_or_else(|| other(raw)).from(raw))
}

fn other<'a>(raw: Raw<'a>) -> Part<'a> {
    Part::new(PartKind::Other(raw))
}

/// `None` if it is of a kind that only this format has.
fn of_kind<'a>(kind: &str, raw: Raw<'a>, maker: Maker<'a>) -> Result<Option<Part<'a>>> {
    let part = match kind {
        "text" => Part::text(text(raw)?),
        "image" => media(raw, MediaKind::Image, maker)?,
        "document" => media(raw, MediaKind::Document, maker)?,
        "audio" => media(raw, MediaKind::Audio, maker)?,
        "video" => media(raw, MediaKind::Video, maker)?,
        // Tools that the service runs have a type.
        "toolUse" | "toolResult" if member(raw, "type").is_some() => return Ok(None),
        "toolUse" => tool_use(raw)?,
        "toolResult" => tool_result(raw, maker)?,
        "searchResult" => search_result(raw, maker)?,
        "reasoningContent" => return reasoning(raw, maker),
        "citationsContent" => cited(raw)?,
        _ => return Ok(None),
    };
    Ok(Some(part))
}

fn media<'a>(raw: Raw<'a>, kind: MediaKind, maker: Maker<'a>) -> Result<Part<'a>> {
    let mut media = Media::new(kind, MediaSource::Text(Text::plain("")));
    let (mut extras, mut from) = (Vec::new(), None);
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "format" => media.coding = Some(text(value)?),
            "name" => media.name = Some(text(value)?),
            "context" => media.context = Some(text(value)?),
            "citations" => media.citations = enabled(value, &mut extras)?,
            "source" => from = Some(value),
            "error" => add(&mut extras, key, value, Weight::Hint),
            _ => add(&mut extras, key, value, Weight::Unknown),
        }
        Ok(())
    })?;
    let mime = media.coding.as_ref();
    media.mime = mime
        .and_then(|coding| mime_of(&coding.decoded()))
        .map(Text::plain);
    let from = from.ok_or_else(|| FormatError::missing_in("source", raw))?;
    media.source = source(from, &mut extras, maker)?;
    let mut part = Part::new(PartKind::Media(media));
    part.extras = extras;
    Ok(part)
}

fn source<'a>(raw: Raw<'a>, extras: &mut Extras<'a>, maker: Maker<'a>) -> Result<MediaSource<'a>> {
    let mut found = None;
    each_member(raw, |key, value| {
        match key {
            "bytes" => found = Some(MediaSource::Base64(text(value)?)),
            "text" => found = Some(MediaSource::Text(text(value)?)),
            "content" => found = Some(MediaSource::Parts(blocks(value, maker.inside(value)?)?)),
            "s3Location" => found = Some(MediaSource::Url(s3(value, extras)?)),
            _ => add(extras, &format!("source.{key}"), value, Weight::Unknown),
        }
        Ok(())
    })?;
    found.ok_or_else(|| FormatError::expected("a source", raw))
}

fn s3<'a>(raw: Raw<'a>, extras: &mut Extras<'a>) -> Result<Text<'a>> {
    let mut uri = None;
    each_member(raw, |key, value| {
        match key {
            "uri" => uri = Some(text(value)?),
            _ => add(
                extras,
                &format!("source.s3Location.{key}"),
                value,
                Weight::Hint,
            ),
        }
        Ok(())
    })?;
    uri.ok_or_else(|| FormatError::missing_in("uri", raw))
}

fn enabled<'a>(raw: Raw<'a>, extras: &mut Extras<'a>) -> Result<Option<bool>> {
    let mut enabled = None;
    each_member(raw, |key, value| {
        match key {
            "enabled" if !is_null(value) => enabled = Some(boolean(value)?),
            _ => add(extras, &format!("citations.{key}"), value, Weight::Unknown),
        }
        Ok(())
    })?;
    Ok(enabled)
}

fn search_result<'a>(raw: Raw<'a>, maker: Maker<'a>) -> Result<Part<'a>> {
    let (mut source, mut title, mut content, mut citations) = (None, None, None, None);
    let mut extras = Vec::new();
    each_member(raw, |key, value| {
        match key {
            "source" => source = Some(text(value)?),
            "title" => title = Some(text(value)?),
            "content" => content = Some(blocks(value, maker.inside(value)?)?),
            "citations" if !is_null(value) => citations = enabled(value, &mut extras)?,
            _ => add(&mut extras, key, value, Weight::Unknown),
        }
        Ok(())
    })?;
    let mut part = Part::new(PartKind::SearchResult(SearchResult {
        source: source.ok_or_else(|| FormatError::missing_in("source", raw))?,
        title: title.ok_or_else(|| FormatError::missing_in("title", raw))?,
        content: content.ok_or_else(|| FormatError::missing_in("content", raw))?,
        citations,
    }));
    part.extras = extras;
    Ok(part)
}

fn tool_use<'a>(raw: Raw<'a>) -> Result<Part<'a>> {
    let (mut id, mut name, mut input, mut extras) = (None, None, None, Vec::new());
    each_member(raw, |key, value| {
        match key {
            "toolUseId" => id = Some(text(value)?),
            "name" => name = Some(text(value)?),
            "input" => input = Some(value),
            _ => add(&mut extras, key, value, Weight::Unknown),
        }
        Ok(())
    })?;
    let mut part = Part::new(PartKind::Call(Call {
        id: Some(id.ok_or_else(|| FormatError::missing_in("toolUseId", raw))?),
        name: name.ok_or_else(|| FormatError::missing_in("name", raw))?,
        input: CallInput::Object(input.ok_or_else(|| FormatError::missing_in("input", raw))?),
        seal: None,
    }));
    part.extras = extras;
    Ok(part)
}

fn tool_result<'a>(raw: Raw<'a>, maker: Maker<'a>) -> Result<Part<'a>> {
    let mut result = ToolResult {
        id: None,
        name: None,
        content: Vec::new(),
        structured: None,
        failed: None,
        custom: false,
    };
    let mut extras = Vec::new();
    each_member(raw, |key, value| {
        match key {
            "toolUseId" => result.id = Some(text(value)?),
            "content" => each_item(value, |item| content_of_result(&mut result, item, maker))?,
            "status" => match value.get() {
                r#""success""# => result.failed = Some(false),
                r#""error""# => result.failed = Some(true),
                _ => add(&mut extras, key, value, Weight::Unknown),
            },
            _ => add(&mut extras, key, value, Weight::Unknown),
        }
        Ok(())
    })?;
    if result.id.is_none() {
        return Err(FormatError::missing_in("toolUseId", raw));
    }
    let mut part = Part::new(PartKind::Result(result));
    part.extras = extras;
    Ok(part)
}

/// JSON is a value of its own if it comes first; later it is text that remembers what it was.
fn content_of_result<'a>(
    result: &mut ToolResult<'a>,
    raw: Raw<'a>,
    maker: Maker<'a>,
) -> Result<()> {
    match member(raw, "json") {
        Some(json) if result.content.is_empty() && result.structured.is_none() => {
            result.structured = Some(json);
        }
        Some(json) => {
            let mut part = Part::text(Text::plain(json.get())).from(raw);
            add(&mut part.extras, "json", json, Weight::Nothing);
            result.content.push(part);
        }
        None => result.content.push(block(raw, maker.inside(raw)?)?),
    }
    Ok(())
}

/// Bytes of our own are base64 of our prefix.
pub(super) fn blob<'a>(value: Text<'a>, maker: Maker<'a>) -> Seal<'a> {
    match (maker.provider, decoded_text(&value)) {
        (Some(_), _) | (None, None) => seal(value, maker),
        (None, Some(inside)) => {
            let carried = Seal::carried(ApiFormat::Bedrock, Text::plain(inside));
            match carried.provider {
                Some(_) => carried,
                None => seal(value, maker),
            }
        }
    }
}

pub(super) fn seal<'a>(value: Text<'a>, maker: Maker<'a>) -> Seal<'a> {
    match maker.provider {
        Some(provider) => Seal::fresh(ApiFormat::Bedrock, provider, value),
        None => Seal::carried(ApiFormat::Bedrock, value),
    }
}

fn reasoning<'a>(raw: Raw<'a>, maker: Maker<'a>) -> Result<Option<Part<'a>>> {
    let mut thought = Thought::default();
    let mut other = false;
    each_member(raw, |key, value| {
        match key {
            "reasoningText" => each_member(value, |key, value| {
                match key {
                    "text" => thought.texts.push(text(value)?),
                    "signature" => {
                        thought.seal = maybe_text(value)?.map(|value| seal(value, maker));
                    }
                    _ => other = true,
                }
                Ok(())
            })?,
            "redactedContent" => {
                thought.seal = Some(blob(text(value)?, maker));
                thought.redacted = true;
            }
            _ => other = true,
        }
        Ok(())
    })?;
    other |= thought.texts.is_empty() != thought.redacted;
    Ok(Some(Part::new(PartKind::Thinking(thought))).filter(|_| !other))
}

/// A text with what it rests on. A block of several texts is kept beside as it is.
fn cited<'a>(raw: Raw<'a>) -> Result<Part<'a>> {
    let (mut texts, mut exact) = (Vec::new(), true);
    let mut part = Part::text(Text::plain(""));
    each_member(raw, |key, value| {
        match key {
            "content" => each_item(value, |item| {
                match member(item, "text") {
                    Some(said) => texts.push(text(said)?),
                    None => exact = false,
                }
                Ok(())
            })?,
            "citations" if kind(value) == Kind::Array => each_item(value, |item| {
                part.citations.push(citations::read(item)?);
                Ok(())
            })?,
            _ => exact = false,
        }
        Ok(())
    })?;
    if texts.len() != 1 || part.citations.is_empty() || !exact {
        add(&mut part.extras, "citationsContent", raw, Weight::Nothing);
    }
    part.kind = PartKind::Text(match texts.pop() {
        Some(only) if texts.is_empty() => only,
        last => {
            texts.extend(last);
            Text::joined(texts, "")
        }
    });
    Ok(part)
}
