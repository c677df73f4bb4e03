//! `groundingMetadata` and `citationMetadata`, read and written.
//!
//! Segments of a grounding count the bytes of one part; those of a citation count the bytes of the
//! whole answer (google-genai 3.4.0, 16 Nov 2026).

use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::parts::{Citation, Part, PartKind};
use crate::canonical::raw::{Raw, count, each_item, each_member, items, member};
use crate::canonical::text::Text;

use super::read_settings::each_of;
use super::widths::Widths;

type Result<T> = std::result::Result<T, FormatError>;

/// A citation and where it belongs, in bytes.
pub(super) struct Found<'a> {
    /// Number of the part; `None` if the bytes count through all parts.
    pub(super) part: Option<u64>,
    pub(super) bytes: Option<(u64, u64)>,
    pub(super) citation: Citation<'a>,
}

impl<'a> Found<'a> {
    /// The citation, placed in a text of these widths that starts at the byte `from`.
    pub(super) fn placed(self, widths: &Widths, from: u64) -> Citation<'a> {
        let place = |byte: u64| widths.character_at(byte.saturating_sub(from));
        let span = self
            .bytes
            .and_then(|(start, end)| Some((place(start)?, place(end)?)));
        Citation {
            span,
            ..self.citation
        }
    }
}

/// What a `groundingMetadata` says of the search itself, which no other format has.
pub(super) fn left_out(raw: Raw<'_>) -> impl Iterator<Item = String> {
    let entry = member(raw, "searchEntryPoint");
    let all = [
        (
            "renderedContent",
            entry.and_then(|entry| member(entry, "renderedContent")),
        ),
        ("webSearchQueries", member(raw, "webSearchQueries")),
    ];
    let said = all.into_iter().filter(|(_, value)| value.is_some());
    said.map(|(name, _)| format!("citations.{name}"))
}

/// Every citation of a `groundingMetadata`.
///
/// # Errors
/// Lists that are none.
pub(super) fn of_grounding(raw: Raw<'_>) -> Result<Vec<Found<'_>>> {
    let chunks = member(raw, "groundingChunks").map(items).transpose()?;
    let chunks = chunks.unwrap_or_default();
    let mut found = Vec::new();
    each_of(member(raw, "groundingSupports"), |support| {
        let segment = member(support, "segment");
        let number = |name| {
            segment
                .and_then(|segment| member(segment, name))
                .and_then(count)
        };
        let end = number("endIndex");
        let bytes = end.map(|end| (number("startIndex").unwrap_or(0), end));
        each_of(member(support, "groundingChunkIndices"), |index| {
            let index = count(index).and_then(|index| usize::try_from(index).ok());
            if let Some(chunk) = index.and_then(|index| chunks.get(index)) {
                found.push(Found {
                    part: Some(number("partIndex").unwrap_or(0)),
                    bytes,
                    citation: of_chunk(chunk, support)?,
                });
            }
            Ok(())
        })
    })?;
    Ok(found)
}

fn of_chunk<'a>(chunk: Raw<'a>, support: Raw<'a>) -> Result<Citation<'a>> {
    let mut citation = Citation {
        origin: Some(support),
        ..Citation::default()
    };
    each_member(chunk, |_, source| {
        let said = |name| member(source, name).and_then(Text::of_raw);
        citation.url = said("uri").or_else(|| said("sourceUri"));
        citation.title = said("title").or_else(|| said("documentName"));
        citation.quoted = said("text");
        citation.id = said("placeId");
        Ok(())
    })?;
    Ok(citation)
}

/// Every citation of a `citationMetadata`.
///
/// # Errors
/// Lists that are none.
pub(super) fn of_citations(raw: Raw<'_>) -> Result<Vec<Found<'_>>> {
    let mut found = Vec::new();
    let mut each = |source| {
        let said = |name| member(source, name).and_then(Text::of_raw);
        let number = |name| member(source, name).and_then(count);
        let end = number("endIndex");
        found.push(Found {
            part: None,
            bytes: end.map(|end| (number("startIndex").unwrap_or(0), end)),
            citation: Citation {
                url: said("uri"),
                title: said("title"),
                origin: Some(source),
                ..Citation::default()
            },
        });
        Ok(())
    };
    for name in ["citations", "citationSources"] {
        if let Some(list) = member(raw, name) {
            each_item(list, &mut each)?;
        }
    }
    Ok(found)
}

/// Gives each citation to the text that it is of.
pub(super) fn attach<'a>(parts: &mut [Part<'a>], found: Vec<Found<'a>>) {
    let texts = texts(parts);
    for found in found {
        let home = texts.iter().find(|text| match (found.part, found.bytes) {
            (Some(number), _) => text.number == number,
            (None, Some((start, _))) => start < text.from + text.widths.bytes(),
            (None, None) => true,
        });
        let Some(home) = home.or(texts.first()) else {
            return;
        };
        let from = if found.part.is_some() { 0 } else { home.from };
        let citation = found.placed(&home.widths, from);
        if let Some(part) = parts.get_mut(home.at) {
            part.citations.push(citation);
        }
    }
}

/// A text part: its place in our list, its number in theirs, and where it starts in the answer.
struct TextPart {
    at: usize,
    number: u64,
    from: u64,
    widths: Widths,
}

fn texts(parts: &[Part<'_>]) -> Vec<TextPart> {
    let mut texts = Vec::new();
    let (mut number, mut from) = (0, 0);
    let mut before: Option<&Part<'_>> = None;
    for (at, part) in parts.iter().enumerate() {
        let same = before.is_some_and(|before| match (before.origin, part.origin) {
            (Some(before), Some(origin)) => std::ptr::eq(before, origin),
            _ => false,
        });
        number += u64::from(before.is_some() && !same);
        before = Some(part);
        if let PartKind::Text(said) = &part.kind {
            let widths = Widths::of(said);
            let start = from;
            from += widths.bytes();
            texts.push(TextPart {
                at,
                number,
                from: start,
                widths,
            });
        }
    }
    texts
}

/// A `groundingMetadata` that is being written: sources first, then what rests on them.
#[derive(Debug, Default)]
pub(super) struct Grounding {
    chunks: Out,
    supports: Out,
    count: u64,
}

impl Grounding {
    /// Adds a citation of the part of this number, whose text has these widths.
    pub(super) fn add(&mut self, citation: &Citation<'_>, part: u64, widths: &Widths) {
        let place = citation
            .span
            .and_then(|(start, end)| Some((widths.byte_at(start)?, widths.byte_at(end)?)));
        let (start, end) = place.unwrap_or((0, widths.bytes()));
        write_chunk(&mut self.chunks, citation);
        let out = &mut self.supports;
        out.open().key("segment").open();
        if part > 0 {
            out.key("partIndex").number(part);
        }
        out.key("startIndex").number(start);
        out.key("endIndex").number(end).close();
        out.key("groundingChunkIndices").open_list();
        out.number(self.count).close_list().close();
        self.count += 1;
    }

    /// The object, if there is a citation.
    pub(super) fn write(self, out: &mut Out) {
        if self.count == 0 {
            return;
        }
        out.key("groundingMetadata").open();
        out.key("groundingChunks").open_list();
        out.line(&self.chunks.into_bytes()).close_list();
        out.key("groundingSupports").open_list();
        out.line(&self.supports.into_bytes()).close_list();
        out.close();
    }
}

/// A source with an address is a page of the web, any other a passage that was retrieved.
fn write_chunk(out: &mut Out, citation: &Citation<'_>) {
    let title = citation.title.as_ref().or(citation.id.as_ref());
    out.open();
    if citation.url.is_some() && citation.quoted.is_none() {
        out.key("web").open();
    } else {
        out.key("retrievedContext").open();
    }
    out.maybe_text("uri", citation.url.as_ref());
    match (title, citation.document) {
        (Some(title), _) => _ = out.key("title").text(title),
        (None, Some(number)) => _ = out.key("title").plain(&format!("document {number}")),
        (None, None) => {}
    }
    out.maybe_text("text", citation.quoted.as_ref());
    out.close().close();
}
