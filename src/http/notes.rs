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

/// The names as the log has them: a field may be called what the client likes, so whatever could
/// be more than a name is left out.
#[must_use]
pub fn logged(exchange: &Exchange) -> String {
    let notes = exchange.notes.borrow();
    let shown: Vec<&str> = notes
        .iter()
        .map(|note| nameless(shown(note)))
        .take(MOST)
        .collect();
    shown.join(", ")
}

/// Keys and numbers of accounts have digits and dashes, fields have none outside of brackets.
fn nameless(note: &str) -> &str {
    let mut inside = false;
    let plain = note.bytes().all(|byte| {
        inside = byte == b'[' || inside && byte != b']';
        inside || !(byte.is_ascii_digit() || byte == b'-')
    });
    if plain { note } else { "?" }
}

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
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.[] ".contains(&byte);
    let fits = (1..=LONGEST).contains(&note.len()) && note.bytes().all(plain);
    if fits { note } else { "?" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_shown() {
        assert_eq!(shown("messages[1].name"), "messages[1].name");
        assert_eq!(
            shown("order of text and images"),
            "order of text and images"
        );
        assert_eq!(shown("a, b: c\r\n"), "?");
        assert_eq!(shown(""), "?");
    }

    #[test]
    fn the_log_has_names_of_fields_and_nothing_that_could_be_a_key() {
        for name in [
            "messages[12].name",
            "usage.cached_tokens",
            "topK",
            "content[]",
        ] {
            assert_eq!(nameless(name), name);
        }
        for text in [concat!("sk", "-a"), "tool_4711", "a[b]1"] {
            assert_eq!(nameless(text), "?");
        }
    }
}
