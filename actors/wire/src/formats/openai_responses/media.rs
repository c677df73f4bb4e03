//! Images and files: `data:` addresses taken apart and put together.

use std::borrow::Cow;

use super::fields::Fields;
use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::parts::{Media, MediaKind, MediaSource};
use crate::canonical::text::Text;

type Result<T> = std::result::Result<T, FormatError>;

/// `input_image`.
pub(super) fn read_image<'a>(fields: &mut Fields<'a>) -> Result<Media<'a>> {
    let address = fields.text("image_url")?;
    let source = match address {
        Some(address) => source_of(address),
        None => (MediaSource::FileId(fields.needed_text("file_id")?), None),
    };
    let mut media = Media::new(MediaKind::Image, source.0);
    media.mime = source.1;
    media.detail = fields.text("detail")?;
    Ok(media)
}

/// `input_file`.
pub(super) fn read_file<'a>(fields: &mut Fields<'a>) -> Result<Media<'a>> {
    let source = match (fields.text("file_data")?, fields.peek("file_url")) {
        (Some(data), _) => match source_of(data) {
            (MediaSource::Url(bare), _) => (MediaSource::Base64(bare), None),
            data => data,
        },
        (None, Some(_)) => (MediaSource::Url(fields.needed_text("file_url")?), None),
        (None, None) => (MediaSource::FileId(fields.needed_text("file_id")?), None),
    };
    let mut media = Media::new(MediaKind::Document, source.0);
    media.mime = source.1;
    media.name = fields.text("filename")?;
    media.detail = fields.text("detail")?;
    Ok(media)
}

/// What an address is: data with their type, or a place.
fn source_of(address: Text<'_>) -> (MediaSource<'_>, Option<Text<'_>>) {
    match split_data(&address) {
        Some((mime, data)) => (MediaSource::Base64(data), Some(mime)),
        None => (MediaSource::Url(address), None),
    }
}

fn split_data<'a>(address: &Text<'a>) -> Option<(Text<'a>, Text<'a>)> {
    let Text::Spelt(Cow::Borrowed(spelt)) = address else {
        return None;
    };
    let (mime, data) = spelt.strip_prefix("data:")?.split_once(";base64,")?;
    let text = |part| Text::Spelt(Cow::Borrowed(part));
    Some((text(mime), text(data)))
}

/// A `data:` address as a value.
pub(super) fn write_data(out: &mut Out, mime: &Text<'_>, data: &Text<'_>) {
    let whole = [
        Text::plain("data:"),
        mime.borrowed(),
        Text::plain(";base64,"),
        data.borrowed(),
    ];
    out.text(&Text::joined(whole, ""));
}

/// The type of image data, told by their first bytes where the format does not say (Ollama).
pub(super) fn image_mime(data: &Text<'_>) -> Text<'static> {
    const HEADS: [(&str, &str); 4] = [
        ("iVBOR", "image/png"),
        ("/9j/", "image/jpeg"),
        ("R0lGOD", "image/gif"),
        ("UklGR", "image/webp"),
    ];
    let head = data.decoded();
    let known = HEADS.iter().find(|(start, _)| head.starts_with(start));
    Text::plain(known.map_or("image/png", |(_, mime)| *mime))
}

/// A file name for data that have none; the API wants one.
pub(super) fn file_name(mime: &Text<'_>) -> &'static str {
    match mime.decoded().as_ref() {
        "application/pdf" => "document.pdf",
        "text/csv" => "document.csv",
        "text/html" => "document.html",
        "text/markdown" => "document.md",
        "application/json" => "document.json",
        _ => "document.txt",
    }
}
