//! What a file is, by its first bytes. Names and content types say nothing that can be relied on.
//!
//! Owns the choice between what is read as text and what passes. In doubt it is text: redaction
//! leaves bytes alone that are none, while a text that is taken for binary leaves in clear.

/// Bytes that are looked at.
pub const LOOKED_AT: usize = 4 << 10;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Begins as JSON does.
    Json,
    /// Any other text.
    Text,
    /// UTF-16 or UTF-32.
    OtherCharset,
    /// No text.
    Binary,
}

/// Beginnings of formats that begin with what could be text: audio, images, documents, archives.
///
/// # Source
/// The formats' own specifications; formats that have a zero byte early need no entry.
const MAGIC: [&[u8]; 16] = [
    b"%PDF-",
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"ID3",
    b"OggS",
    b"fLaC",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"\x28\xb5\x2f\xfd",
    b"PAR1",
];

/// Judges the beginning of a file, or all of a short one.
#[must_use]
pub fn kind(beginning: &[u8]) -> Kind {
    let seen = beginning
        .get(..beginning.len().min(LOOKED_AT))
        .unwrap_or_default();
    if has_wide_mark(seen) {
        return Kind::OtherCharset;
    }
    if MAGIC.iter().any(|magic| seen.starts_with(magic)) || is_mpeg_audio(seen) {
        return Kind::Binary;
    }
    if looks_wide(seen) {
        return Kind::OtherCharset;
    }
    if seen.iter().any(|byte| is_never_text(*byte)) {
        return Kind::Binary;
    }
    let text = seen.strip_prefix(b"\xef\xbb\xbf").unwrap_or(seen);
    match text.trim_ascii_start().first() {
        Some(b'{' | b'[') => Kind::Json,
        _ => Kind::Text,
    }
}

/// A frame header of MPEG audio without tags: eleven set bits, then a layer and a bit rate that
/// exist. Text does not begin with that byte in any encoding but UTF-16, whose mark is another.
fn is_mpeg_audio(seen: &[u8]) -> bool {
    match seen {
        [0xff, second, third, ..] => {
            second & 0xe0 == 0xe0 && second & 0x06 != 0 && third & 0xf0 != 0xf0
        }
        _ => false,
    }
}

fn has_wide_mark(seen: &[u8]) -> bool {
    let marks: [&[u8]; 3] = [b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"];
    marks.iter().any(|mark| seen.starts_with(mark))
}

/// Text in UTF-16 or UTF-32 without a mark: mostly a printable byte and one or three zeros in turn.
fn looks_wide(seen: &[u8]) -> bool {
    let printable = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let (pairs, fours) = (seen.as_chunks::<2>().0, seen.as_chunks::<4>().0);
    let wide = |fits: fn(&[u8; 2]) -> Option<&u8>| {
        let letters = pairs.iter().filter_map(fits).filter(|byte| printable(byte));
        letters.count() * 2 > pairs.len()
    };
    let wider = |fits: fn(&[u8; 4]) -> Option<&u8>| {
        let letters = fours.iter().filter_map(fits).filter(|byte| printable(byte));
        letters.count() * 2 > fours.len()
    };
    let in_pairs = || {
        wide(|[letter, zero]| (*zero == 0).then_some(letter))
            || wide(|[zero, letter]| (*zero == 0).then_some(letter))
    };
    let in_fours = || {
        wider(|[letter, zeros @ ..]| (*zeros == [0; 3]).then_some(letter))
            || wider(|[zeros @ .., letter]| (*zeros == [0; 3]).then_some(letter))
    };
    pairs.len() >= 4 && (in_pairs() || in_fours())
}

/// Control bytes that no text has: all but tab, line ends, page breaks, backspace and escape.
fn is_never_text(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, 0x08..=0x0d | 0x1b) || byte == 0x7f
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_text_also_where_it_is_not_utf_8() {
        for (bytes, expected) in [
            (&b"{\"a\":1}\n"[..], Kind::Json),
            (b"\xef\xbb\xbf [1]", Kind::Json),
            (b"name,key\n", Kind::Text),
            (b"caf\xe9 in latin-1", Kind::Text),
            (b"", Kind::Text),
            ("日本語".as_bytes(), Kind::Text),
            (b"\x1b[1mbold", Kind::Text),
        ] {
            assert_eq!(kind(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn files_of_other_kinds_are_binary() {
        for bytes in [
            &b"%PDF-1.7\n1 0 obj"[..],
            b"\x89PNG\r\n\x1a\n",
            b"RIFF$\x08\0\0WAVE",
            b"ID3\x04",
            b"\xff\xfb\x90\x64",
            b"\0\0\0\x18ftypmp42",
            b"\x1a\x45\xdf\xa3",
            b"abc\0def",
        ] {
            assert_eq!(kind(bytes), Kind::Binary, "{bytes:?}");
        }
    }

    #[test]
    fn wide_text_is_not_taken_for_binary() {
        let text = "{\"secret\": \"x\"}";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let wider = |bytes: fn(u32) -> [u8; 4]| text.chars().map(u32::from).flat_map(bytes);
        for bytes in [
            little.clone(),
            big.clone(),
            wider(u32::to_le_bytes).collect(),
            wider(u32::to_be_bytes).collect(),
            [b"\xff\xfe".to_vec(), little].concat(),
            [b"\xfe\xff".to_vec(), big].concat(),
        ] {
            assert_eq!(kind(&bytes), Kind::OtherCharset, "{bytes:?}");
        }
    }
}
