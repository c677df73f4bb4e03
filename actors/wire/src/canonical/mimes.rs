//! What media are, by the names that formats have for them.

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
}
