//! Documents in base64 that are text.
//!
//! Owns: which strings of a request a converter may unpack and send on as text
//! (`canonical::base64::text_in` is what it asks, too), and how they are put together again with
//! another text in them. Their types are not asked for: what a document is called decides nothing.
//!
//! Called by: the collector of texts, to mark them, and the redactor, to read them.

use super::{Place, TextKind, TextSpan};
use crate::canonical::base64;
use crate::scanner::Text;
use crate::zones::Zone;

/// The text in a string that is base64, also behind `data:...;base64,`; `None` if it is none.
pub fn unpacked(value: &str) -> Option<String> {
    base64::text_in(split(value).1)
}

/// The same string with another text in it.
#[must_use]
pub fn repacked(value: &str, text: &str) -> String {
    split(value).0.to_owned() + &base64::encoded(text.as_bytes())
}

/// What stands before the base64, and the base64.
fn split(value: &str) -> (&str, &str) {
    const MARK: &str = ";base64,";
    let mark = value.find(MARK).filter(|_| value.starts_with("data:"));
    value.split_at(mark.map_or(0, |at| at + MARK.len()))
}

/// Whether strings at this place may be text in base64.
#[inline]
pub(super) fn may_hold(place: Place) -> bool {
    matches!(place.zone, Zone::Media | Zone::Data | Zone::Url)
}

/// The span of a string of a request at such a place, if it is text in base64; else the one that it
/// has.
pub(super) fn marked(text: &Text<'_>, span: Option<TextSpan>) -> Option<TextSpan> {
    if text.raw().is_empty() || unpacked(&text.decoded()).is_none() {
        return span;
    }
    let kind = match span {
        Some(_) => TextKind::PlainOrBase64,
        None => TextKind::Base64,
    };
    Some(TextSpan {
        start: text.start(),
        end: text.start() + text.raw().len(),
        escaped: text.escaped(),
        kind,
        ..TextSpan::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_out_and_goes_back_in() {
        for (value, text, changed) in [
            ("aGVsbG8=", "hello", "Ynll"),
            (
                "data:text/plain;base64,aGVsbG8",
                "hello",
                "data:text/plain;base64,Ynll",
            ),
        ] {
            assert_eq!(unpacked(value).as_deref(), Some(text));
            assert_eq!(repacked(value, "bye"), changed);
        }
    }

    #[test]
    fn media_and_addresses_are_no_text_in_base64() {
        for value in [
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB",
            "data:image/png;base64,iVBORw0KGgo",
            "https://example.com/;base64,aGVsbG8=",
            "hello world",
        ] {
            assert_eq!(unpacked(value), None, "{value}");
        }
    }
}
