//! `inlineData` and `fileData`, read and written.

use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{Extra, Extras, Media, MediaKind, MediaSource, Weight};
use crate::canonical::raw::{Raw, each_member, text};
use crate::canonical::text::Text;

use super::base64;
use super::words::{named, write_inner};

/// Where files of the Gemini API live; `files/{id}` is the short form.
const FILES: &str = "https://generativelanguage.googleapis.com/v1beta/files/";

/// The kind that a MIME type is.
pub(super) fn kind_of(mime: &str) -> MediaKind {
    match mime.split('/').next() {
        Some("image") => MediaKind::Image,
        Some("audio") => MediaKind::Audio,
        Some("video") => MediaKind::Video,
        _ => MediaKind::Document,
    }
}

/// What `inlineData` or `fileData` holds.
pub(super) fn read<'a>(
    member: &'static str,
    raw: Raw<'a>,
    extras: &mut Extras<'a>,
) -> Result<Media<'a>, FormatError> {
    let (mut mime, mut source, mut name) = (None, None, None);
    each_member(raw, |key, value| {
        match named(key, value, raw)?.as_ref() {
            "mimeType" => mime = Some(text(value)?),
            "data" => source = Some(MediaSource::Base64(base64::standard(text(value)?))),
            "fileUri" => source = Some(address(text(value)?)),
            "displayName" => name = Some(text(value)?),
            _ => extras.push(Extra::new(
                format!("{member}.{key}"),
                value,
                Weight::Unknown,
            )),
        }
        Ok(())
    })?;
    let source = source.ok_or_else(|| FormatError::missing_in("data", raw))?;
    let kind = mime.as_ref().map(|mime| kind_of(&mime.decoded()));
    let kind = kind.unwrap_or_else(|| guessed_kind(&source));
    let mut media = Media::new(kind, source);
    (media.mime, media.name) = (mime, name);
    Ok(media)
}

fn address(uri: Text<'_>) -> MediaSource<'_> {
    if is_file(&uri.decoded()) {
        MediaSource::FileId(uri)
    } else {
        MediaSource::Url(uri)
    }
}

fn is_file(uri: &str) -> bool {
    uri.starts_with("files/")
        || (uri.starts_with("https://generativelanguage.googleapis.com/")
            && uri.contains("/files/"))
}

fn guessed_kind(source: &MediaSource<'_>) -> MediaKind {
    match source {
        MediaSource::Url(uri) => {
            let uri = uri.decoded();
            let video = uri.contains("youtube.com/") || uri.contains("youtu.be/");
            match mime_of_name(&uri) {
                Some(mime) => kind_of(mime),
                None if video => MediaKind::Video,
                None => MediaKind::Document,
            }
        }
        _ => MediaKind::Document,
    }
}

/// The MIME type that the end of an address or file name stands for.
fn mime_of_name(name: &str) -> Option<&'static str> {
    let path = name.split(['?', '#']).next()?;
    let end = path.rsplit('/').next()?.rsplit_once('.')?.1;
    Some(match end.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "heic" => "image/heic",
        "heif" => "image/heif",
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        "md" => "text/markdown",
        "csv" => "text/csv",
        "html" => "text/html",
        "wav" => "audio/wav",
        "mp3" => "audio/mp3",
        "flac" => "audio/flac",
        "ogg" => "audio/ogg",
        "aac" => "audio/aac",
        "mp4" => "video/mp4",
        "mov" => "video/mov",
        "webm" => "video/webm",
        _ => return None,
    })
}

/// Writes the member that holds these media, without the braces of the part. `own` are the part's
/// extras if it was read from this format.
///
/// # Errors
/// A file of another provider, or an address that Google cannot fetch.
pub(super) fn write(
    out: &mut Out,
    media: &Media<'_>,
    own: Option<&Extras<'_>>,
    at: Option<Raw<'_>>,
    notes: &Notes,
) -> Result<(), FormatError> {
    match &media.source {
        MediaSource::Base64(data) => {
            out.key("inlineData").open();
            let otherwise = sniffed(&data.decoded()).or(default_mime(media.kind));
            write_mime(out, media, otherwise.filter(|_| own.is_none()));
            out.key("data").text(data);
            write_end(out, media, own, "inlineData");
        }
        MediaSource::Url(uri) if fetchable(&uri.decoded()) => {
            write_address(out, media, own, &uri.decoded());
        }
        MediaSource::FileId(id) if is_file(&id.decoded()) => {
            write_address(out, media, own, &full(&id.decoded()));
        }
        MediaSource::Url(_) => return Err(notes.refuse("url", at)),
        _ => return Err(notes.refuse("file_id", at)),
    }
    Ok(())
}

fn fetchable(uri: &str) -> bool {
    ["https://", "http://", "gs://"]
        .iter()
        .any(|scheme| uri.starts_with(scheme))
}

fn full(id: &str) -> String {
    match id.strip_prefix("files/") {
        Some(short) => format!("{FILES}{short}"),
        None => id.to_owned(),
    }
}

fn write_address(out: &mut Out, media: &Media<'_>, own: Option<&Extras<'_>>, uri: &str) {
    out.key("fileData").open();
    write_mime(out, media, mime_of_name(uri).filter(|_| own.is_none()));
    out.key("fileUri").plain(uri);
    write_end(out, media, own, "fileData");
}

/// `displayName` is known to Vertex only: names from other formats do not go there.
fn write_end(out: &mut Out, media: &Media<'_>, own: Option<&Extras<'_>>, member: &str) {
    if let Some(extras) = own {
        out.maybe_text("displayName", media.name.as_ref());
        write_inner(out, extras, member);
    }
    out.close();
}

fn write_mime(out: &mut Out, media: &Media<'_>, otherwise: Option<&str>) {
    let coding = media.coding.as_ref().map(|coding| coding.decoded());
    let coded = coding.map(|coding| match media.kind {
        MediaKind::Video => format!("video/{coding}"),
        _ => format!("audio/{coding}"),
    });
    match (&media.mime, coded.as_deref().or(otherwise)) {
        (Some(mime), _) => out.key("mimeType").text(mime),
        (None, Some(mime)) => out.key("mimeType").plain(mime),
        (None, None) => out,
    };
}

/// The MIME type that the base64 of the first bytes tells.
fn sniffed(data: &str) -> Option<&'static str> {
    let heads = [
        ("iVBORw0KGgo", "image/png"),
        ("/9j/", "image/jpeg"),
        ("R0lGOD", "image/gif"),
        ("JVBERi0", "application/pdf"),
    ];
    let found = heads.iter().find(|(head, _)| data.starts_with(head));
    found.map(|(_, mime)| *mime)
}

fn default_mime(kind: MediaKind) -> Option<&'static str> {
    Some(match kind {
        MediaKind::Image => "image/png",
        MediaKind::Document => "application/pdf",
        MediaKind::Audio => "audio/wav",
        MediaKind::Video => "video/mp4",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_tell_what_they_hold() {
        assert_eq!(mime_of_name("https://a.b/c.PNG?x=1.pdf"), Some("image/png"));
        assert_eq!(mime_of_name("https://a.b/c"), None);
        assert_eq!(full("files/a"), format!("{FILES}a"));
        assert!(is_file(&full("files/a")) && !is_file("https://a.b/files/a"));
    }
}
