//! The texts of a part's head: names of fields and files, and whatever else a client wrote there.
//!
//! Owns where they stand, how each is spelt, and the head with others in their place. What is not
//! replaced stays as it came.
//!
//! # Source
//! RFC 7578 section 4.2 (names of files, percent-encoded ones too) and 4.8 (other header fields of
//! a part must be ignored, so one that may not pass is left out); RFC 8187 section 3.2
//! (`filename*`); read 22 Nov 2026.

use std::borrow::Cow;
use std::ops::Range;

use bytes::Bytes;

use super::FormError;
use super::head::PartHead;
use crate::percent;

/// What a text of a head is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadPart {
    /// The name of the field.
    FieldName,
    /// The name of the file, in either spelling.
    FileName,
    /// Another parameter.
    Parameter,
    /// A header field, as `name: value`. It cannot be replaced, only left out.
    Line,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// With or without quotes.
    Plain,
    /// `charset'language'percent-encoded`.
    Utf8,
    /// The same in ISO-8859-1.
    Latin1,
    /// A whole line with its end.
    Line,
}

/// One text of a head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadText {
    /// What it is.
    pub part: HeadPart,
    pub(super) spelling: Spelling,
    /// Of a value with its quotes, of a line with its end.
    pub(super) range: Range<usize>,
}

impl HeadText {
    /// The value of a parameter of `content-disposition`, which stands at `range`.
    pub(super) fn of_parameter(
        name: &str,
        value: &str,
        range: Range<usize>,
    ) -> Result<Self, FormError> {
        let part = match name {
            "name" => HeadPart::FieldName,
            "filename" | "filename*" => HeadPart::FileName,
            _ => HeadPart::Parameter,
        };
        let spelling = match name {
            "filename*" => extended(value)?.0,
            // Some readers put pieces together, and some take `name*` for the name.
            _ if name.contains('*') => return Err(FormError::Head),
            _ => Spelling::Plain,
        };
        Ok(Self {
            part,
            spelling,
            range,
        })
    }

    pub(super) fn of_line(range: Range<usize>) -> Self {
        Self {
            part: HeadPart::Line,
            spelling: Spelling::Line,
            range,
        }
    }
}

impl PartHead {
    /// The head with its blank line, as it came.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.raw
    }

    /// The texts that stand in it, in order.
    #[must_use]
    pub fn texts(&self) -> &[HeadText] {
        &self.texts
    }

    /// One of them, as its reader understands it.
    #[must_use]
    pub fn text(&self, text: &HeadText) -> String {
        let raw = self.raw.get(text.range.clone()).unwrap_or_default();
        let raw = std::str::from_utf8(raw).unwrap_or_default();
        match text.spelling {
            Spelling::Plain => unquoted(raw),
            Spelling::Line => raw.trim_end().to_owned(),
            Spelling::Utf8 | Spelling::Latin1 => {
                extended(raw.trim_matches('"')).map_or_else(|_| raw.to_owned(), decoded_value)
            }
        }
    }

    /// The same text, read by somebody who decodes `%41` in it; `None` if that is no other text.
    #[must_use]
    pub fn percent_decoded(text: &str) -> Option<String> {
        let decoded = percent::decoded(text);
        (decoded != text).then(|| decoded.into_owned())
    }

    /// Spells a text so that both readers, who decodes `%41` and who does not, are safe with it.
    #[must_use]
    pub fn percent_encoded(text: &str) -> String {
        percent::encoded(text)
    }

    /// The head with some texts replaced, by number and in order; lines are left out instead.
    #[must_use]
    pub fn with_texts(&self, changed: &[(usize, String)]) -> Bytes {
        let mut out = Vec::with_capacity(self.raw.len());
        let mut copied = 0;
        for (number, text) in changed {
            let Some(known) = self.texts.get(*number) else {
                continue;
            };
            out.extend_from_slice(self.raw.get(copied..known.range.start).unwrap_or_default());
            out.extend_from_slice(written(known.spelling, text).as_bytes());
            copied = known.range.end;
        }
        out.extend_from_slice(self.raw.get(copied..).unwrap_or_default());
        Bytes::from(out)
    }
}

/// Charset and percent-encoded value of an extended parameter.
fn extended(value: &str) -> Result<(Spelling, &str), FormError> {
    let mut parts = value.splitn(3, '\'');
    let charset = parts.next().unwrap_or_default();
    let value = parts.nth(1).ok_or(FormError::Head)?;
    let known = [
        ("utf-8", Spelling::Utf8),
        ("us-ascii", Spelling::Utf8),
        ("iso-8859-1", Spelling::Latin1),
    ];
    let known = known
        .into_iter()
        .find(|(name, _)| charset.eq_ignore_ascii_case(name));
    known
        .map(|(_, spelling)| (spelling, value))
        .ok_or(FormError::Encoded)
}

fn decoded_value((spelling, value): (Spelling, &str)) -> String {
    match spelling {
        Spelling::Latin1 => percent::decoded_latin1(value),
        _ => percent::decoded(value).into_owned(),
    }
}

/// A value without its quotes and escapes.
fn unquoted(raw: &str) -> String {
    let Some(inner) = raw.strip_prefix('"') else {
        return raw.to_owned();
    };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut value = String::with_capacity(inner.len());
    let mut letters = inner.chars().peekable();
    while let Some(letter) = letters.next() {
        let escaped = letters.next_if(|next| letter == '\\' && matches!(next, '"' | '\\'));
        value.push(escaped.unwrap_or(letter));
    }
    value
}

fn written(spelling: Spelling, text: &str) -> Cow<'static, str> {
    match spelling {
        Spelling::Line => Cow::Borrowed(""),
        Spelling::Utf8 | Spelling::Latin1 => {
            Cow::Owned(format!("UTF-8''{}", percent::encoded(text)))
        }
        Spelling::Plain => Cow::Owned(quoted(text)),
    }
}

/// Quotes and backslashes escaped, and nothing that could end the line.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => quoted.push('_'),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::super::{FormReader, Piece};
    use super::*;

    fn head(lines: &str) -> Result<PartHead, FormError> {
        let mut reader = FormReader::new("multipart/form-data; boundary=b0").unwrap();
        let mut pieces = Vec::new();
        let form = format!("--b0\r\n{lines}\r\n\r\nx\r\n--b0--");
        reader.push(Bytes::from(form), &mut pieces)?;
        let found = pieces.into_iter().find_map(|piece| match piece {
            Piece::Part(head) => Some(head),
            _ => None,
        });
        Ok(found.unwrap())
    }

    fn texts(head: &PartHead) -> Vec<(HeadPart, String)> {
        let texts = head.texts().iter();
        texts.map(|text| (text.part, head.text(text))).collect()
    }

    const LINES: &str = "Content-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\\.txt\" ; filename*=utf-8'en'%e2%82%ac%20b.txt; size=7\r\nContent-Type: text/plain; charset=utf-8\r\nX-Note: hello";

    #[test]
    fn names_parameters_and_lines_are_texts() {
        let head = head(LINES).unwrap();
        let expected = [
            (HeadPart::FieldName, "file"),
            (HeadPart::FileName, "a \"b\\.txt"),
            (HeadPart::FileName, "\u{20ac} b.txt"),
            (HeadPart::Parameter, "7"),
            (HeadPart::Line, "Content-Type: text/plain; charset=utf-8"),
            (HeadPart::Line, "X-Note: hello"),
        ];
        assert_eq!(
            texts(&head),
            expected.map(|(part, text)| (part, text.to_owned()))
        );
        assert_eq!(head.bytes(), format!("{LINES}\r\n\r\n").as_bytes());
        assert_eq!(head.with_texts(&[]), head.bytes());
    }

    #[test]
    fn a_head_with_other_texts_is_read_as_it_was_meant() {
        let old = head(LINES).unwrap();
        let odd = "[\"x\\\"] \u{e9}%41; y";
        let changed: Vec<(usize, String)> = (1..=5).map(|at| (at, odd.to_owned())).collect();
        let new = old.with_texts(&changed);
        let new = std::str::from_utf8(&new).unwrap();
        let new = head(new.strip_suffix("\r\n\r\n").unwrap()).unwrap();
        assert_eq!(new.name, "file");
        let file_name = || (HeadPart::FileName, odd.to_owned());
        assert_eq!(
            texts(&new),
            [
                (HeadPart::FieldName, "file".to_owned()),
                file_name(),
                file_name(),
                (HeadPart::Parameter, odd.to_owned()),
            ]
        );
        let broken = old.with_texts(&[(1, "a\r\nb: c\0".to_owned())]);
        assert!(broken.windows(12).any(|seen| seen == b"\"a__b: c_\" ;"));
    }

    #[test]
    fn latin_letters_are_read_by_their_charset() {
        let head =
            head("content-disposition: form-data; name=a; filename*=ISO-8859-1''caf%e9").unwrap();
        assert_eq!(
            texts(&head).last(),
            Some(&(HeadPart::FileName, "caf\u{e9}".to_owned()))
        );
    }

    #[test]
    fn names_that_come_in_pieces_or_in_other_charsets_are_refused() {
        let one = |more: &str| head(&format!("content-disposition: form-data; name=a; {more}"));
        for (more, error) in [
            ("filename*0=a; filename*1=b", FormError::Head),
            ("name*=utf-8''b", FormError::Head),
            ("filename*=b", FormError::Head),
            ("filename*=utf-16''%41", FormError::Encoded),
        ] {
            assert_eq!(one(more).err(), Some(error), "{more}");
        }
    }
}
