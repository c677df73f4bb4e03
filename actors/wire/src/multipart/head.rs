//! The head of one part, and the boundary in a content type.
//!
//! Owns the parameters of `content-disposition` and `content-type`. Where a value could be read in
//! two ways (two names, an escape in a name, another charset) it is refused and not interpreted.

use std::fmt;
use std::ops::Range;

use bytes::Bytes;

use super::FormError;
use super::texts::HeadText;

const DISPOSITION: &str = "content-disposition";

/// Longest field name; the longest known one has some 30 bytes.
const LONGEST_NAME: usize = 128;

/// What the head of a part says.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PartHead {
    /// The field's name.
    pub name: String,
    /// The file's name; `Some` says that the part is a file.
    pub filename: Option<String>,
    /// The part's own content type, in lower case and without parameters.
    pub content_type: Option<String>,
    pub(super) raw: Bytes,
    pub(super) texts: Vec<HeadText>,
}

impl PartHead {
    /// Whether the part is a file and not a field.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.filename.is_some()
    }

    /// Reads a head with its blank line.
    pub(super) fn parse(raw: Bytes) -> Result<Self, FormError> {
        let head = std::str::from_utf8(&raw).map_err(|_| FormError::Head)?;
        let text = head.strip_suffix("\r\n\r\n").ok_or(FormError::Head)?;
        let (mut part, mut disposed, mut at) = (Self::default(), false, 0);
        for line in text.split("\r\n") {
            if line.contains(['\r', '\n', '\0']) {
                return Err(FormError::Head);
            }
            let (name, value) = line.split_once(':').ok_or(FormError::Head)?;
            let end = at + line.len() + 2;
            if !name.eq_ignore_ascii_case(DISPOSITION) {
                part.line(name, value)?;
                part.texts.push(HeadText::of_line(at..end));
            } else if std::mem::replace(&mut disposed, true) {
                return Err(FormError::Head);
            } else {
                part.disposition(value, at + name.len() + 1)?;
            }
            at = end;
        }
        if !disposed {
            return Err(FormError::Head);
        }
        part.raw = raw;
        Ok(part)
    }

    fn line(&mut self, name: &str, value: &str) -> Result<(), FormError> {
        match name.to_ascii_lowercase().as_str() {
            "content-type" if self.content_type.is_some() => Err(FormError::Head),
            "content-type" => {
                self.content_type = Some(media_type(value)?);
                Ok(())
            }
            "content-transfer-encoding" if !is_plain_encoding(value) => Err(FormError::Encoded),
            _ => Ok(()),
        }
    }

    /// Reads the value of `content-disposition`, which stands at `at`.
    fn disposition(&mut self, value: &str, at: usize) -> Result<(), FormError> {
        let (kind, rest) = value.split_once(';').ok_or(FormError::Head)?;
        if !kind.trim().eq_ignore_ascii_case("form-data") {
            return Err(FormError::Head);
        }
        let at = at + kind.len() + 1;
        let mut named = false;
        for parameter in parameters(rest) {
            let Parameter { name, value, range } = parameter?;
            let range = at + range.start..at + range.end;
            self.texts
                .push(HeadText::of_parameter(&name, &value, range)?);
            match name.as_str() {
                "name" if named || !is_plain_name(&value) => return Err(FormError::Head),
                "name" => {
                    named = true;
                    self.name = value;
                }
                // The one of RFC 5987 is for another reader than ours; that it is a file counts.
                "filename" | "filename*" => {
                    self.filename.get_or_insert(value);
                }
                _ => {}
            }
        }
        // A field of this name changes how all others are to be read.
        if !named || self.name == "_charset_" {
            return Err(FormError::Head);
        }
        Ok(())
    }
}

impl fmt::Debug for PartHead {
    /// A file's name is the client's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartHead")
            .field("name", &self.name)
            .field("is_file", &self.is_file())
            .finish_non_exhaustive()
    }
}

/// The boundary of a `multipart/form-data` content type.
pub(super) fn boundary_of(content_type: &str) -> Option<String> {
    let (kind, rest) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let mut found = None;
    for parameter in parameters(rest) {
        let Parameter { name, value, .. } = parameter.ok()?;
        if name == "boundary" && found.replace(value).is_some() {
            return None;
        }
    }
    found
}

/// Names that a reader on the other side might decode further are refused.
fn is_plain_name(name: &str) -> bool {
    let odd = |letter: char| letter.is_control() || matches!(letter, '\\' | '%' | '"');
    (1..=LONGEST_NAME).contains(&name.len()) && !name.contains(odd)
}

fn is_plain_encoding(value: &str) -> bool {
    let value = value.trim();
    let plain = ["7bit", "8bit", "binary"];
    plain.iter().any(|known| value.eq_ignore_ascii_case(known))
}

fn media_type(value: &str) -> Result<String, FormError> {
    let (kind, rest) = value.split_once(';').unwrap_or((value, ""));
    for parameter in parameters(rest) {
        let Parameter { name, value, .. } = parameter?;
        let known = ["utf-8", "utf8", "us-ascii"];
        if name == "charset" && !known.iter().any(|set| value.eq_ignore_ascii_case(set)) {
            return Err(FormError::Encoded);
        }
    }
    Ok(kind.trim().to_ascii_lowercase())
}

/// One parameter of a header field.
struct Parameter {
    /// In lower case.
    name: String,
    value: String,
    /// Where the value stands, with its quotes.
    range: Range<usize>,
}

/// `name=value` and `name="value"`, divided by `;`. A backslash inside of quotes escapes a quote or
/// a backslash and stays itself before anything else, as browsers and clients write it.
fn parameters(text: &str) -> impl Iterator<Item = Result<Parameter, FormError>> {
    let text = text.trim_end();
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', ';']);
        if rest.is_empty() {
            return None;
        }
        let taken = parameter(rest, text.len() - rest.len());
        rest = taken.as_ref().map_or("", |(_, rest)| *rest);
        Some(taken.map(|(parameter, _)| parameter))
    })
}

/// The first parameter of `text`, which stands at `at`, and what follows it.
fn parameter(text: &str, at: usize) -> Result<(Parameter, &str), FormError> {
    let (name, value) = text.split_once('=').ok_or(FormError::Head)?;
    let name = name.trim().to_ascii_lowercase();
    let value = value.trim_start();
    let start = at + text.len() - value.len();
    let (length, value, rest) = match value.strip_prefix('"') {
        Some(quoted) => in_quotes(quoted)?,
        None => {
            let (value, rest) = value.split_once(';').unwrap_or((value, ""));
            let value = value.trim_end();
            (value.len(), value.to_owned(), rest)
        }
    };
    let range = start..start + length;
    Ok((Parameter { name, value, range }, rest))
}

/// The length of a value with its quotes, the value, and what follows it; the first quote is gone.
fn in_quotes(quoted: &str) -> Result<(usize, String, &str), FormError> {
    let mut value = String::new();
    let mut letters = quoted.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => {
                let rest = quoted.get(at + 1..).unwrap_or_default().trim_start();
                if !rest.is_empty() && !rest.starts_with(';') {
                    return Err(FormError::Head);
                }
                return Ok((at + 2, value, rest));
            }
            '\\' => {
                value.push('\\');
                if letters.next_if(|(_, next)| *next == '"').is_some() {
                    value.push('"');
                } else {
                    letters.next_if(|(_, next)| *next == '\\');
                }
            }
            other => value.push(other),
        }
    }
    Err(FormError::Head)
}
