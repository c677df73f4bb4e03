//! What media are, by their first bytes and by the names that formats have for them.
//!
//! Owns a decoder of base64 for documents that are text: a format that takes text as text and no
//! bytes must be given it so. Never looks further into media.

use super::text::Text;

/// MIME types and the short names that Bedrock, OpenAI's audio and file names have for them.
const NAMES: [(&str, &str); 33] = [
    ("png", "image/png"),
    ("jpeg", "image/jpeg"),
    ("jpeg", "image/jpg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("pdf", "application/pdf"),
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ("xls", "application/vnd.ms-excel"),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("html", "text/html"),
    ("txt", "text/plain"),
    ("md", "text/markdown"),
    ("wav", "audio/wav"),
    ("wav", "audio/x-wav"),
    ("mp3", "audio/mpeg"),
    ("mp3", "audio/mp3"),
    ("opus", "audio/opus"),
    ("aac", "audio/aac"),
    ("flac", "audio/flac"),
    ("ogg", "audio/ogg"),
    ("m4a", "audio/mp4"),
    ("mka", "audio/x-matroska"),
    ("pcm", "audio/pcm"),
    ("mp4", "video/mp4"),
    ("mov", "video/quicktime"),
    ("mkv", "video/x-matroska"),
    ("webm", "video/webm"),
    ("flv", "video/x-flv"),
    ("mpeg", "video/mpeg"),
    ("wmv", "video/x-ms-wmv"),
    ("three_gp", "video/3gpp"),
];

/// The short name of a MIME type.
pub(crate) fn name_of(mime: &str) -> Option<&'static str> {
    let bare = mime.split(';').next().unwrap_or(mime).trim();
    let found = NAMES
        .iter()
        .find(|(_, known)| bare.eq_ignore_ascii_case(known));
    found.map(|(name, _)| *name)
}

/// The MIME type of a short name.
pub(crate) fn mime_of(name: &str) -> Option<&'static str> {
    let found = NAMES
        .iter()
        .find(|(known, _)| name.eq_ignore_ascii_case(known));
    found.map(|(_, mime)| *mime)
}

/// The MIME type of media whose format does not say it, by the first letters of their base64.
pub(crate) fn sniffed(base64: &str) -> Option<&'static str> {
    const HEADS: [(&str, &str); 5] = [
        ("iVBORw0KGgo", "image/png"),
        ("/9j/", "image/jpeg"),
        ("R0lGOD", "image/gif"),
        ("UklGR", "image/webp"),
        ("JVBERi", "application/pdf"),
    ];
    let found = HEADS.iter().find(|(head, _)| base64.starts_with(head));
    found.map(|(_, mime)| *mime)
}

/// The text that base64 stands for, if it is UTF-8.
pub(crate) fn decoded_text(base64: &Text<'_>) -> Option<String> {
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for letter in base64.decoded().bytes() {
        let Some(value) = value_of(letter) else {
            if letter == b'=' || letter.is_ascii_whitespace() {
                continue;
            }
            return None;
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}

fn value_of(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_types_lead_to_each_other() {
        assert_eq!(name_of("image/PNG"), Some("png"));
        assert_eq!(name_of("text/plain; charset=utf-8"), Some("txt"));
        assert_eq!(mime_of("docx").and_then(name_of), Some("docx"));
        assert_eq!(name_of("image/tiff"), None);
    }

    #[test]
    fn base64_of_text_is_text_again() {
        assert_eq!(decoded_text(&Text::plain("aMOp")).as_deref(), Some("hé"));
        assert_eq!(decoded_text(&Text::plain("aGk=")).as_deref(), Some("hi"));
        assert_eq!(decoded_text(&Text::plain("/w==")), None);
        assert_eq!(decoded_text(&Text::plain("a!")), None);
    }
}
