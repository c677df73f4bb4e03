//! Content blocks, of requests and of replies.

use super::citations;
use super::read_settings::{add, cache_mark};
use crate::canonical::error::FormatError;
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

/// A string, which is one text, or a list of blocks.
pub(super) fn content<'a>(raw: Raw<'a>, maker: Maker<'a>) -> Result<Vec<Part<'a>>> {
    match kind(raw) {
        Kind::Text => Ok(vec![Part::text(text(raw)?).from(raw)]),
        Kind::Array => {
            let mut parts = Vec::new();
            each_item(raw, |item| {
                parts.push(block(item, maker)?);
                Ok(())
            })?;
            Ok(parts)
        }
        _ => Err(FormatError::expected("a string or an array", raw)),
    }
}

/// One block.
pub(super) fn block<'a>(raw: Raw<'a>, maker: Maker<'a>) -> Result<Part<'a>> {
    if kind(raw) != Kind::Object {
        return Err(FormatError::expected("an object", raw));
    }
    let kind = member(raw, "type").ok_or_else(|| FormatError::missing_in("type", raw))?;
    match &*text(kind)?.decoded() {
        "text" => text_block(raw),
        "image" => media(raw, MediaKind::Image, maker),
        "document" => media(raw, MediaKind::Document, maker),
        "search_result" => search_result(raw, maker),
        "tool_use" => tool_use(raw),
        "tool_result" => tool_result(raw, maker),
        "thinking" => thinking(raw, maker),
        "redacted_thinking" => redacted(raw, maker),
        _ => Ok(Part::new(PartKind::Other(raw)).from(raw)),
    }
}

pub(super) fn seal<'a>(value: Text<'a>, maker: Maker<'a>) -> Seal<'a> {
    match maker.provider {
        Some(provider) => Seal::fresh(ApiFormat::Anthropic, provider, value),
        None => Seal::carried(ApiFormat::Anthropic, value),
    }
}

/// A member that the block's kind does not know.
fn other<'a>(part: &mut Part<'a>, key: &str, raw: Raw<'a>) -> Result<()> {
    match key {
        "type" => {}
        _ if is_null(raw) => {}
        "cache_control" => part.cache = cache_mark(raw, &mut part.extras)?,
        _ => add(&mut part.extras, key, raw, weight_of(key, raw)),
    }
    Ok(())
}

fn weight_of(key: &str, raw: Raw<'_>) -> Weight {
    match key {
        "caller" if member(raw, "type").is_some_and(|kind| kind.get() == r#""direct""#) => {
            Weight::Nothing
        }
        "caller" | "toolset_name" | "transformations" => Weight::Hint,
        _ => Weight::Unknown,
    }
}

fn empty<'a>(raw: Raw<'a>) -> Part<'a> {
    Part::text(Text::plain("")).from(raw)
}

fn text_block<'a>(raw: Raw<'a>) -> Result<Part<'a>> {
    let (mut part, mut said) = (empty(raw), None);
    each_member(raw, |key, value| {
        match key {
            "text" => said = Some(text(value)?),
            "citations" if is_null(value) => {}
            "citations" => each_item(value, |item| {
                part.citations.push(citations::read(item)?);
                Ok(())
            })?,
            _ => other(&mut part, key, value)?,
        }
        Ok(())
    })?;
    part.kind = PartKind::Text(said.ok_or_else(|| FormatError::missing_in("text", raw))?);
    Ok(part)
}

fn media<'a>(raw: Raw<'a>, kind: MediaKind, maker: Maker<'a>) -> Result<Part<'a>> {
    let mut part = empty(raw);
    let mut media = Media::new(kind, MediaSource::Text(Text::plain("")));
    let mut from = None;
    each_member(raw, |key, value| {
        match (key, kind) {
            ("source", _) => from = Some(value),
            ("title", MediaKind::Document) => media.name = maybe_text(value)?,
            ("context", MediaKind::Document) => media.context = maybe_text(value)?,
            ("citations", MediaKind::Document) => {
                media.citations = enabled(value, &mut part.extras)?;
            }
            _ => other(&mut part, key, value)?,
        }
        Ok(())
    })?;
    let from = from.ok_or_else(|| FormatError::missing_in("source", raw))?;
    let Some(source) = source(from, &mut media, &mut part.extras, maker)? else {
        return Ok(Part::new(PartKind::Other(raw)).from(raw));
    };
    media.source = source;
    part.kind = PartKind::Media(media);
    Ok(part)
}

/// `None` if it is of a kind that no document names.
fn source<'a>(
    raw: Raw<'a>,
    media: &mut Media<'a>,
    extras: &mut Extras<'a>,
    maker: Maker<'a>,
) -> Result<Option<MediaSource<'a>>> {
    let kind = member(raw, "type").ok_or_else(|| FormatError::missing_in("type", raw))?;
    let kind = text(kind)?.decoded().into_owned();
    let field = match &*kind {
        "base64" | "text" => "data",
        "url" => "url",
        "file" => "file_id",
        "content" => "content",
        _ => return Ok(None),
    };
    let mut found = None;
    each_member(raw, |key, value| {
        match key {
            "type" => {}
            _ if key == field => found = Some(value),
            "media_type" if field == "data" => media.mime = maybe_text(value)?,
            _ => add(extras, &format!("source.{key}"), value, Weight::Unknown),
        }
        Ok(())
    })?;
    let found = found.ok_or_else(|| FormatError::missing_in("data", raw))?;
    Ok(Some(match &*kind {
        "base64" => MediaSource::Base64(text(found)?),
        "text" => MediaSource::Text(text(found)?),
        "url" => MediaSource::Url(text(found)?),
        "file" => MediaSource::FileId(text(found)?),
        _ => MediaSource::Parts(content(found, maker.inside(found)?)?),
    }))
}

fn enabled<'a>(raw: Raw<'a>, extras: &mut Extras<'a>) -> Result<Option<bool>> {
    let mut enabled = None;
    if is_null(raw) {
        return Ok(None);
    }
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
    let mut part = empty(raw);
    let (mut source, mut title, mut inside, mut citations) = (None, None, None, None);
    each_member(raw, |key, value| {
        match key {
            "source" => source = Some(text(value)?),
            "title" => title = Some(text(value)?),
            "content" => inside = Some(content(value, maker.inside(value)?)?),
            "citations" => citations = enabled(value, &mut part.extras)?,
            _ => other(&mut part, key, value)?,
        }
        Ok(())
    })?;
    part.kind = PartKind::SearchResult(SearchResult {
        source: source.ok_or_else(|| FormatError::missing_in("source", raw))?,
        title: title.ok_or_else(|| FormatError::missing_in("title", raw))?,
        content: inside.ok_or_else(|| FormatError::missing_in("content", raw))?,
        citations,
    });
    Ok(part)
}

fn tool_use<'a>(raw: Raw<'a>) -> Result<Part<'a>> {
    let mut part = empty(raw);
    let (mut id, mut name, mut input) = (None, None, None);
    each_member(raw, |key, value| {
        match key {
            "id" => id = Some(text(value)?),
            "name" => name = Some(text(value)?),
            "input" if kind(value) == Kind::Object => input = Some(value),
            "input" => return Err(FormatError::expected("an object", value)),
            _ => other(&mut part, key, value)?,
        }
        Ok(())
    })?;
    let input = input.ok_or_else(|| FormatError::missing_in("input", raw))?;
    part.kind = PartKind::Call(Call {
        id: Some(id.ok_or_else(|| FormatError::missing_in("id", raw))?),
        name: name.ok_or_else(|| FormatError::missing_in("name", raw))?,
        input: CallInput::Object(input),
        seal: None,
    });
    Ok(part)
}

fn tool_result<'a>(raw: Raw<'a>, maker: Maker<'a>) -> Result<Part<'a>> {
    let mut part = empty(raw);
    let (mut id, mut failed, mut inside) = (None, None, Vec::new());
    each_member(raw, |key, value| {
        match key {
            "tool_use_id" => id = Some(text(value)?),
            "is_error" if !is_null(value) => failed = Some(boolean(value)?),
            "content" if !is_null(value) => inside = content(value, maker.inside(value)?)?,
            _ => other(&mut part, key, value)?,
        }
        Ok(())
    })?;
    part.kind = PartKind::Result(ToolResult {
        id: Some(id.ok_or_else(|| FormatError::missing_in("tool_use_id", raw))?),
        name: None,
        content: inside,
        structured: None,
        failed,
        custom: false,
    });
    Ok(part)
}

fn thinking<'a>(raw: Raw<'a>, maker: Maker<'a>) -> Result<Part<'a>> {
    let (mut part, mut thought) = (empty(raw), Thought::default());
    each_member(raw, |key, value| {
        match key {
            "thinking" => thought.texts.push(text(value)?),
            "signature" => {
                thought.seal = maybe_text(value)?
                    .filter(|value| !value.is_empty())
                    .map(|value| seal(value, maker));
            }
            _ => other(&mut part, key, value)?,
        }
        Ok(())
    })?;
    if thought.texts.is_empty() {
        return Err(FormatError::missing_in("thinking", raw));
    }
    part.kind = PartKind::Thinking(thought);
    Ok(part)
}

fn redacted<'a>(raw: Raw<'a>, maker: Maker<'a>) -> Result<Part<'a>> {
    let (mut part, mut data) = (empty(raw), None);
    each_member(raw, |key, value| {
        match key {
            "data" => data = Some(text(value)?),
            _ => other(&mut part, key, value)?,
        }
        Ok(())
    })?;
    let data = data.ok_or_else(|| FormatError::missing_in("data", raw))?;
    part.kind = PartKind::Thinking(Thought {
        seal: Some(seal(data, maker)),
        redacted: true,
        ..Thought::default()
    });
    Ok(part)
}
