//! Images, documents, sound and video of a request: bytes with the name of their format, or a place
//! in S3. Nothing is fetched.

use super::write_parts::{Pen, citing, list};
use crate::canonical::error::FormatError;
use crate::canonical::media::sniffed;
use crate::canonical::mimes::name_of;
use crate::canonical::parts::{Media, MediaKind, MediaSource, Part};
use crate::canonical::side::Side;
use crate::canonical::text::Text;

type Result<T = ()> = std::result::Result<T, FormatError>;

const IMAGES: &[&str] = &["png", "jpeg", "gif", "webp"];
const DOCUMENTS: &[&str] = &[
    "pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md",
];
const SOUNDS: &[&str] = &[
    "mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv", "mka", "x-aac", "m4a", "mpeg",
    "mpga", "pcm", "webm",
];
const VIDEOS: &[&str] = &[
    "mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp",
];
/// Longest name of a document.
const LONGEST_NAME: usize = 200;

pub(super) fn block(pen: &mut Pen<'_, '_>, part: &Part<'_>, media: &Media<'_>) -> Result {
    if media
        .detail
        .as_ref()
        .is_some_and(|detail| !detail.is("auto"))
    {
        pen.notes.note("detail", part.origin)?;
    }
    let (kind, known) = match media.kind {
        MediaKind::Image => ("image", IMAGES),
        MediaKind::Document => ("document", DOCUMENTS),
        MediaKind::Audio => ("audio", SOUNDS),
        MediaKind::Video => ("video", VIDEOS),
    };
    reachable(pen, part, media)?;
    pen.out.open().key(kind).open();
    format(pen, part, media, known)?;
    if media.kind == MediaKind::Document {
        let name = document_name(pen, media);
        pen.out.key("name").plain(&name);
    }
    pen.out.key("source").open();
    source(pen, part, media)?;
    let side = Side::of(&part.extras, pen.own);
    side.write(&mut pen.out, "source.", &["source.s3Location."]);
    pen.out.close();
    if media.kind == MediaKind::Document {
        pen.out.maybe_text("context", media.context.as_ref());
        citing(pen, part, media.citations);
    }
    side.write(&mut pen.out, "", &["source.", "citations."]);
    pen.out.close().close();
    Ok(())
}

/// The service fetches from S3 alone.
fn reachable(pen: &Pen<'_, '_>, part: &Part<'_>, media: &Media<'_>) -> Result {
    let in_s3 = |place: &Text<'_>| pen.own || place.decoded().starts_with("s3://");
    match &media.source {
        MediaSource::Url(place) if !in_s3(place) => Err(pen.notes.refuse("url", part.origin)),
        MediaSource::FileId(id) if !in_s3(id) => Err(pen.notes.refuse("file_id", part.origin)),
        _ => Ok(()),
    }
}

/// A document of text or of parts needs no format; anything else does.
fn format(
    pen: &mut Pen<'_, '_>,
    part: &Part<'_>,
    media: &Media<'_>,
    known: &[&'static str],
) -> Result {
    if pen.own {
        pen.out.maybe_text("format", media.coding.as_ref());
        return Ok(());
    }
    if matches!(media.source, MediaSource::Parts(_)) {
        return Ok(());
    }
    let told = media.mime.as_ref().or(media.coding.as_ref());
    let told = told.map(Text::decoded).unwrap_or_default();
    let first = match &media.source {
        MediaSource::Base64(data) => sniffed(data).and_then(name_of),
        MediaSource::Text(_) => Some("txt"),
        _ => None,
    };
    let named = media.name.as_ref().map(Text::decoded).unwrap_or_default();
    let ending = named.rsplit('.').next().unwrap_or_default();
    let candidates = [name_of(&told).unwrap_or(&told), ending, first.unwrap_or("")];
    let fitting = candidates
        .iter()
        .find_map(|name| known.iter().find(|known| known.eq_ignore_ascii_case(name)));
    match fitting {
        Some(format) => {
            pen.out.key("format").plain(format);
            Ok(())
        }
        None => Err(pen.notes.refuse("media_type", part.origin)),
    }
}

/// The title without a known ending, in the letters that are allowed, unlike every name before.
fn document_name(pen: &mut Pen<'_, '_>, media: &Media<'_>) -> String {
    let title = media.name.as_ref().map(Text::decoded).unwrap_or_default();
    if pen.own {
        return title.into_owned();
    }
    let title = match title.rsplit_once('.') {
        Some((bare, ending)) if DOCUMENTS.contains(&ending) => bare,
        _ => &title,
    };
    let plain = |char: char| {
        let allowed = char.is_ascii_alphanumeric() || matches!(char, '-' | '(' | ')' | '[' | ']');
        if allowed { char } else { ' ' }
    };
    let spelt: String = title.chars().map(plain).collect();
    let words: Vec<&str> = spelt.split_whitespace().collect();
    let name: String = words.join(" ").chars().take(LONGEST_NAME - 8).collect();
    let name = match name.trim() {
        "" => "document".to_owned(),
        name => name.to_owned(),
    };
    let same = pen.names.iter().filter(|before| **before == name).count();
    pen.names.push(name.clone());
    match same {
        0 => name,
        again => format!("{name} ({})", again + 1),
    }
}

fn source(pen: &mut Pen<'_, '_>, part: &Part<'_>, media: &Media<'_>) -> Result {
    match &media.source {
        MediaSource::Base64(data) => {
            pen.out.key("bytes").text(data);
        }
        MediaSource::Url(place) | MediaSource::FileId(place) => {
            pen.out.key("s3Location").open().key("uri").text(place);
            let side = Side::of(&part.extras, pen.own);
            side.write(&mut pen.out, "source.s3Location.", &[]);
            pen.out.close();
        }
        MediaSource::Text(text) => {
            pen.out.key("text").text(text);
        }
        MediaSource::Parts(parts) => {
            let only_text = parts
                .iter()
                .all(|part| matches!(part.kind, crate::canonical::parts::PartKind::Text(_)));
            if !only_text && !pen.own {
                return Err(pen.notes.refuse("document.content", part.origin));
            }
            pen.out.key("content").open_list();
            list(pen, parts)?;
            pen.out.close_list();
        }
    }
    Ok(())
}
