//! Media types and data addresses.
//!
//! Owns how bytes and their type are put into one address (`data:`, RFC 2397) and taken out again,
//! and how a type is told from the first bytes. Never decodes the bytes.

use std::borrow::Cow;

use super::text::Text;

/// Type and base64 of a `data:` address; `None` for any other address.
pub(crate) fn of_data_url<'a>(url: &Text<'a>) -> Option<(Text<'a>, Text<'a>)> {
    match url {
        Text::Spelt(Cow::Borrowed(spelt)) if !spelt.contains('\\') => {
            let (mime, base64) = split(spelt)?;
            let spelt = |piece| Text::Spelt(Cow::Borrowed(piece));
            Some((spelt(mime), spelt(base64)))
        }
        other => {
            let decoded = other.decoded();
            let (mime, base64) = split(&decoded)?;
            let plain = |piece: &str| Text::plain(piece.to_owned());
            Some((plain(mime), plain(base64)))
        }
    }
}

fn split(url: &str) -> Option<(&str, &str)> {
    url.strip_prefix("data:")?.split_once(";base64,")
}

/// The `data:` address of base64 of this type.
pub(crate) fn data_url<'a>(mime: &Text<'_>, base64: &Text<'_>) -> Text<'a> {
    let pieces = [
        Text::plain("data:"),
        mime.borrowed(),
        Text::plain(";base64,"),
        base64.borrowed(),
    ];
    Text::joined(pieces, "")
}

/// The type of an image, document or sound by the base64 of its first bytes.
pub(crate) fn sniffed(base64: &Text<'_>) -> Option<&'static str> {
    const HEADS: [(&str, &str); 8] = [
        ("iVBORw0KGgo", "image/png"),
        ("/9j/", "image/jpeg"),
        ("R0lGOD", "image/gif"),
        ("UklGR", "image/webp"),
        ("JVBERi0", "application/pdf"),
        ("SUQz", "audio/mpeg"),
        ("//s", "audio/mpeg"),
        ("ZkxhQ", "audio/flac"),
    ];
    let head = base64.decoded();
    // The form after the length tells a WAV file from a WebP image.
    if head.starts_with("UklGR") && head.get(11..15) == Some("XQVZ") {
        return Some("audio/wav");
    }
    let found = HEADS.iter().find(|(start, _)| head.starts_with(start));
    found.map(|(_, mime)| *mime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_address_is_taken_apart_and_put_together() {
        for url in [
            Text::plain("data:image/png;base64,iVBO"),
            Text::Spelt(r"data:image\/png;base64,iVBO".into()),
        ] {
            let (mime, base64) = of_data_url(&url).unwrap();
            assert_eq!(mime, Text::plain("image/png"));
            assert_eq!(data_url(&mime, &base64), url);
        }
        assert!(of_data_url(&Text::plain("https://example.com/a.png")).is_none());
        assert!(of_data_url(&Text::plain("data:text/plain,hello")).is_none());
    }

    #[test]
    fn types_are_told_by_their_first_bytes() {
        let wav = "UklGRkQAAABXQVZFZm10IBAAAAABAAEA";
        let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB";
        assert_eq!(sniffed(&Text::plain(wav)), Some("audio/wav"));
        assert_eq!(sniffed(&Text::plain(png)), Some("image/png"));
        assert_eq!(sniffed(&Text::plain("AAAA")), None);
    }
}
