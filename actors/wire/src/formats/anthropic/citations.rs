//! Citations: what stands on a text block, and how one of another format is said.

use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::parts::{Citation, Extra, Place, PlaceUnit, SEARCH_RESULT, Weight};
use crate::canonical::raw::{Raw, count, each_member, maybe_text, text};
use crate::canonical::text::Text;

/// Reads one. What it says beside the canonical value is in its spelling, which stays with it.
pub(super) fn read<'a>(raw: Raw<'a>) -> Result<Citation<'a>, FormatError> {
    let mut citation = Citation {
        origin: Some(raw),
        ..Citation::default()
    };
    let (mut kind, mut start, mut end) = (None, None, None);
    each_member(raw, |key, value| {
        match key {
            "type" => kind = Some(text(value)?),
            "cited_text" => citation.quoted = maybe_text(value)?,
            "document_title" | "title" => citation.title = maybe_text(value)?,
            "url" | "source" => citation.url = maybe_text(value)?,
            "file_id" => citation.id = maybe_text(value)?,
            "document_index" => citation.document = count(value),
            "search_result_index" => {
                let index = Extra::new(SEARCH_RESULT, value, Weight::Nothing);
                citation.extras.push(index);
            }
            "start_char_index" | "start_page_number" | "start_block_index" => start = count(value),
            "end_char_index" | "end_page_number" | "end_block_index" => end = count(value),
            _ => {}
        }
        Ok(())
    })?;
    let kind = kind.ok_or_else(|| FormatError::missing_in("type", raw))?;
    let unit = match &*kind.decoded() {
        "char_location" => Some(PlaceUnit::Characters),
        "page_location" => Some(PlaceUnit::Pages),
        "content_block_location" | "search_result_location" => Some(PlaceUnit::Blocks),
        _ => None,
    };
    if let (Some(unit), Some(start), Some(end)) = (unit, start, end) {
        citation.place = Some(Place { unit, start, end });
    }
    Ok(citation)
}

/// Whether one of another format has a place here.
pub(super) fn fits(citation: &Citation<'_>) -> bool {
    citation.url.is_some() || (citation.document.is_some() && citation.place.is_some())
}

/// Writes one of another format; `false` if it has no place here.
pub(super) fn write(citation: &Citation<'_>, out: &mut Out) -> bool {
    match (citation.document, citation.place, &citation.url) {
        (Some(document), Some(place), _) => located(citation, document, place, out),
        (None, Some(place), Some(url)) if citation.search_result().is_some() => {
            found(citation, url, place, out);
        }
        (_, _, Some(url)) => page(citation, url, out),
        _ => return false,
    }
    true
}

fn located(citation: &Citation<'_>, document: u64, place: Place, out: &mut Out) {
    let (kind, start, end) = match place.unit {
        PlaceUnit::Characters => ("char_location", "start_char_index", "end_char_index"),
        PlaceUnit::Pages => ("page_location", "start_page_number", "end_page_number"),
        PlaceUnit::Blocks => (
            "content_block_location",
            "start_block_index",
            "end_block_index",
        ),
    };
    out.open().key("type").plain(kind);
    quoted(citation, out);
    out.key("document_index").number(document);
    nullable("document_title", citation.title.as_ref(), out);
    out.key(start).number(place.start);
    out.key(end).number(place.end).close();
}

fn found(citation: &Citation<'_>, url: &Text<'_>, place: Place, out: &mut Out) {
    out.open().key("type").plain("search_result_location");
    quoted(citation, out);
    out.key("search_result_index")
        .number(citation.search_result().unwrap_or(0));
    out.key("source").text(url);
    nullable("title", citation.title.as_ref(), out);
    out.key("start_block_index").number(place.start);
    out.key("end_block_index").number(place.end).close();
}

fn page(citation: &Citation<'_>, url: &Text<'_>, out: &mut Out) {
    out.open().key("type").plain("web_search_result_location");
    quoted(citation, out);
    out.key("url").text(url);
    nullable("title", citation.title.as_ref(), out);
    out.key("encrypted_index").plain("").close();
}

fn quoted(citation: &Citation<'_>, out: &mut Out) {
    out.key("cited_text");
    match &citation.quoted {
        Some(quoted) => out.text(quoted),
        None => out.plain(""),
    };
}

fn nullable(key: &str, text: Option<&Text<'_>>, out: &mut Out) {
    out.key(key);
    match text {
        Some(text) => out.text(text),
        None => out.null(),
    };
}
