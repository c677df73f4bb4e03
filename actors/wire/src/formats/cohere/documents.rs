//! Documents: of a request and of a tool's result; read from text or a map, written as a map.

use crate::canonical::base64::decoded_text;
use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::parts::{
    Media, MediaKind, MediaSource, Part, PartKind, SearchResult, Weight, are_text,
};
use crate::canonical::raw::{Kind, Raw, each_member, kind, member};
use crate::canonical::text::Text;

use super::side::{DOCUMENTS, keep};

type Result<T> = std::result::Result<T, FormatError>;

/// A document: a string, or `{id, data}` with a string or a map of strings. `mark` keeps its value.
///
/// # Errors
/// A value that is none of these.
pub(super) fn read<'a>(raw: Raw<'a>, mark: &str) -> Result<Part<'a>> {
    let mut media = match kind(raw) {
        Kind::Text => Media::new(MediaKind::Document, MediaSource::Text(plain(raw))),
        Kind::Object => read_record(raw),
        _ => return Err(FormatError::expected("a string or an object", raw)),
    };
    media.mime = Some(Text::plain("text/plain"));
    let mut part = Part::new(PartKind::Media(media)).from(raw);
    keep(&mut part.extras, mark, raw, Weight::Nothing);
    if let (Some(id), true) = (unsaid_id(raw), mark == DOCUMENTS) {
        keep(&mut part.extras, "documents[].id", id, Weight::Hint);
    }
    Ok(part)
}

/// The id of a document that has a title too, which is told instead of it.
fn unsaid_id(raw: Raw<'_>) -> Option<Raw<'_>> {
    member(member(raw, "data")?, "title")?;
    member(raw, "id")
}

fn plain(raw: Raw<'_>) -> Text<'_> {
    Text::of_raw(raw).unwrap_or_else(|| Text::plain(raw.get()))
}

fn read_record(raw: Raw<'_>) -> Media<'_> {
    let id = member(raw, "id").and_then(Text::of_raw);
    let data = member(raw, "data");
    let title = data
        .and_then(|data| member(data, "title"))
        .and_then(Text::of_raw);
    let said = data.map_or_else(|| plain(raw), text_of);
    let mut media = Media::new(MediaKind::Document, MediaSource::Text(said));
    media.name = title.or(id);
    media
}

/// The one field beside the title if it is text, else the whole map as JSON.
fn text_of(data: Raw<'_>) -> Text<'_> {
    let mut fields = Vec::new();
    let walked = each_member(data, |key, value| {
        if key != "title" {
            fields.push(value);
        }
        Ok(())
    });
    match (walked, fields.as_slice()) {
        (Ok(()), [only]) => plain(only),
        _ => plain(data),
    }
}

/// Whether a part is a document that is text, and so can be written as one.
pub(super) fn is_document(part: &Part<'_>) -> bool {
    match &part.kind {
        PartKind::SearchResult(_) => true,
        PartKind::Media(media) => {
            let text = match &media.source {
                MediaSource::Text(_) => true,
                MediaSource::Parts(parts) => are_text(parts),
                source => decoded(media, source).is_some(),
            };
            media.kind == MediaKind::Document && text
        }
        _ => false,
    }
}

/// The text of a file that is plain text.
fn decoded(media: &Media<'_>, source: &MediaSource<'_>) -> Option<String> {
    let mime = media.mime.as_ref()?.decoded();
    match source {
        MediaSource::Base64(data) if mime.starts_with("text/") => decoded_text(data),
        _ => None,
    }
}

/// Writes a document's map, as the value of `data`.
pub(super) fn write_data(out: &mut Out, part: &Part<'_>) {
    out.open();
    match &part.kind {
        PartKind::SearchResult(found) => write_found(out, found),
        PartKind::Media(media) => {
            out.maybe_text("title", media.name.as_ref());
            out.maybe_text("context", media.context.as_ref());
            out.key("snippet").plain(&said(part));
        }
        _ => {}
    }
    out.close();
}

fn write_found(out: &mut Out, found: &SearchResult<'_>) {
    out.key("title").text(&found.title);
    out.key("url").text(&found.source);
    out.key("snippet").plain(&joined(&found.content));
}

/// All text of a part, with what stands over it.
pub(super) fn said(part: &Part<'_>) -> String {
    match &part.kind {
        PartKind::Text(said) | PartKind::Refusal(said) => said.decoded().into_owned(),
        PartKind::SearchResult(found) => {
            let (title, source) = (found.title.decoded(), found.source.decoded());
            format!("{title}\n{source}\n\n{}", joined(&found.content))
        }
        PartKind::Media(media) => match &media.source {
            MediaSource::Text(said) => said.decoded().into_owned(),
            MediaSource::Parts(parts) => joined(parts),
            source => decoded(media, source).unwrap_or_default(),
        },
        _ => String::new(),
    }
}

/// All text of some parts, with a blank line between them.
pub(super) fn joined(parts: &[Part<'_>]) -> String {
    let texts = parts.iter().map(said).filter(|said| !said.is_empty());
    texts.collect::<Vec<_>>().join("\n\n")
}
