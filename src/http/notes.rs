//! Tells the client what had no place in the other side's format.
//!
//! Owns the header `x-nenya-notes`. A field's name may be the client's own text, so only plain
//! names are shown, and not many of them.

use actix_web::http::header::{HeaderName, HeaderValue};

use super::exchange::Exchange;

/// Names of fields, separated by commas.
pub const HEADER: HeaderName = HeaderName::from_static("x-nenya-notes");

/// Most names that are shown; more than that is no hint any more.
const MOST: usize = 32;
/// Longest name that is shown.
const LONGEST: usize = 64;

/// The header's value, if there is something to tell.
#[must_use]
pub fn header(exchange: &Exchange) -> Option<HeaderValue> {
    let notes = exchange.notes.borrow();
    let shown: Vec<&str> = notes.iter().map(|note| shown(note)).take(MOST).collect();
    if shown.is_empty() {
        return None;
    }
    HeaderValue::from_str(&shown.join(", ")).ok()
}

fn shown(note: &str) -> &str {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.[]".contains(&byte);
    let fits = (1..=LONGEST).contains(&note.len()) && note.bytes().all(plain);
    if fits { note } else { "?" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_shown() {
        assert_eq!(shown("messages[1].name"), "messages[1].name");
        assert_eq!(shown("a, b: c\r\n"), "?");
        assert_eq!(shown(""), "?");
    }
}
