//! Annotations of a text.
//!
//! # Source
//! `openai` 3.54.0, `response_output_text.py` (17 November 2026). Places in the answer are counted
//! in characters.

use super::fields::Fields;
use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::parts::{Citation, Weight};
use crate::canonical::raw::{self, Raw};
use crate::canonical::text::Text;

/// # Errors
/// Fields of other types than the documents say.
pub(super) fn read_citation(raw: Raw<'_>) -> Result<Citation<'_>, FormatError> {
    let mut fields = Fields::of(raw)?;
    let place = |fields: &mut Fields<'_>, name: &str| fields.take(name).and_then(raw::count);
    let (start, end) = (
        place(&mut fields, "start_index"),
        place(&mut fields, "end_index"),
    );
    let at = place(&mut fields, "index");
    let title = match fields.text("title")? {
        Some(title) => Some(title),
        None => fields.text("filename")?,
    };
    let citation = Citation {
        url: fields.text("url")?,
        title,
        id: fields.text("file_id")?,
        span: start.zip(end).or_else(|| at.map(|at| (at, at))),
        origin: Some(raw),
        ..Citation::default()
    };
    let extras = fields.rest("annotations.", weigh);
    Ok(Citation { extras, ..citation })
}

fn weigh(name: &str, raw: Raw<'_>) -> Weight {
    const KNOWN: [&str; 4] = [
        "\"url_citation\"",
        "\"file_citation\"",
        "\"container_file_citation\"",
        "\"file_path\"",
    ];
    match name {
        "type" if KNOWN.contains(&raw.get()) => Weight::Nothing,
        "container_id" => Weight::Hint,
        _ => Weight::Unknown,
    }
}

/// Writes a citation of any format; `length` is that of its text, which it is about as a whole if
/// it names no place. One without an address, id, title or document cannot be said: `false`.
pub(super) fn write_citation(
    out: &mut Out,
    citation: &Citation<'_>,
    own: bool,
    length: u64,
) -> bool {
    if let (true, Some(origin)) = (own, citation.origin) {
        out.raw(origin);
        return true;
    }
    let (start, end) = citation.span.unwrap_or((0, length));
    if let Some(url) = &citation.url {
        out.open().key("type").plain("url_citation");
        out.key("url").text(url).key("title");
        out.text(citation.title.as_ref().unwrap_or(url));
        out.key("start_index").number(start);
        out.key("end_index").number(end).close();
        return true;
    }
    // A title is text, which is no id: in the field of one nobody would look for secrets.
    let about = citation.quoted.is_some() || citation.title.is_some();
    let made = citation
        .document
        .map(|number| format!("document_{number}"))
        .or_else(|| about.then(|| "document".to_owned()))
        .map(Text::plain);
    let Some(id) = citation.id.as_ref().or(made.as_ref()) else {
        return false;
    };
    out.open().key("type").plain("file_citation");
    out.key("file_id").text(id).key("filename");
    out.text(citation.title.as_ref().unwrap_or(id));
    out.key("index").number(end).close();
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_never_told_as_an_id() {
        let of_document = Citation {
            document: Some(2),
            ..Citation::default()
        };
        for (citation, id) in [
            (of_document, "document_2"),
            (Citation::default(), "document"),
        ] {
            let title = Some(Text::plain("a title"));
            let mut out = Out::default();
            assert!(write_citation(
                &mut out,
                &Citation { title, ..citation },
                false,
                7
            ));
            let expected = format!(
                r#"{{"type":"file_citation","file_id":"{id}","filename":"a title","index":7}}"#
            );
            assert_eq!(out.as_text(), expected);
        }
    }
}
