//! Citations: what stands in `citationsContent`, and how one of another format is said.

use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::parts::{Citation, Extra, Place, PlaceUnit, SEARCH_RESULT, Weight};
use crate::canonical::raw::{Raw, count, each_member, items, maybe_text, member, text};

type Result<T = ()> = std::result::Result<T, FormatError>;

/// Reads one. What it says beside the canonical value is in its spelling, which stays with it.
pub(super) fn read<'a>(raw: Raw<'a>) -> Result<Citation<'a>> {
    let mut citation = Citation {
        origin: Some(raw),
        ..Citation::default()
    };
    each_member(raw, |key, value| {
        match key {
            "title" => citation.title = maybe_text(value)?,
            "source" => citation.url = maybe_text(value)?,
            "sourceContent" => citation.quoted = quoted(value)?,
            "location" => each_member(value, |kind, place| located(&mut citation, kind, place))?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(citation)
}

fn quoted<'a>(raw: Raw<'a>) -> Result<Option<crate::canonical::text::Text<'a>>> {
    let all = items(raw)?;
    let first = all.first().and_then(|item| member(item, "text"));
    first.map(text).transpose()
}

fn located<'a>(citation: &mut Citation<'a>, kind: &str, raw: Raw<'a>) -> Result {
    let unit = match kind {
        "web" => {
            citation.url = member(raw, "url").map(text).transpose()?;
            return Ok(());
        }
        "documentChar" => PlaceUnit::Characters,
        "documentPage" => PlaceUnit::Pages,
        _ => PlaceUnit::Blocks,
    };
    if let Some(index) = member(raw, "searchResultIndex") {
        let index = Extra::new(SEARCH_RESULT, index, Weight::Nothing);
        citation.extras.push(index);
    }
    let number = |name: &str| member(raw, name).and_then(count);
    citation.document = number("documentIndex");
    if let (Some(start), Some(end)) = (number("start"), number("end")) {
        citation.place = Some(Place { unit, start, end });
    }
    Ok(())
}

/// Writes one of another format; `false` if it has no place here.
pub(super) fn write(citation: &Citation<'_>, out: &mut Out) -> bool {
    if citation.url.is_none() && citation.document.is_none() {
        return false;
    }
    out.open();
    out.maybe_text("title", citation.title.as_ref());
    if let Some(quoted) = &citation.quoted {
        out.key("sourceContent").open_list().open();
        out.key("text").text(quoted).close().close_list();
    }
    let found = citation.search_result();
    if found.is_some() {
        out.maybe_text("source", citation.url.as_ref());
    }
    out.key("location").open();
    match (citation.document, citation.place, &citation.url) {
        (None, Some(place), _) if found.is_some() => {
            out.key("searchResultLocation").open();
            out.key("searchResultIndex").number(found.unwrap_or(0));
            out.key("start").number(place.start);
            out.key("end").number(place.end).close();
        }
        (Some(document), Some(place), _) => {
            out.key(match place.unit {
                PlaceUnit::Characters => "documentChar",
                PlaceUnit::Pages => "documentPage",
                PlaceUnit::Blocks => "documentChunk",
            });
            out.open().key("documentIndex").number(document);
            out.key("start").number(place.start);
            out.key("end").number(place.end).close();
        }
        (_, _, Some(url)) => {
            out.key("web").open().key("url").text(url).close();
        }
        (Some(document), ..) => {
            out.key("documentChunk").open();
            out.key("documentIndex").number(document).close();
        }
        (None, _, None) => {}
    }
    out.close().close();
    true
}
