//! Tells the client what had no place in the other side's format.
//!
//! Owns the header `x-nenya-notes` and how the same stands in the log. What a stream leaves out is
//! known when its header is gone: `wire` writes it into the stream, as a comment.

use actix_web::http::header::{HeaderName, HeaderValue};

use super::exchange::Exchange;

/// Names of fields, separated by commas.
pub const HEADER: HeaderName = HeaderName::from_static("x-nenya-notes");

/// The header's value, if there is something to tell.
#[must_use]
pub fn header(exchange: &Exchange) -> Option<HeaderValue> {
    let shown = wire::shown_notes(&exchange.notes.borrow());
    let told = (!shown.is_empty()).then_some(shown)?;
    HeaderValue::from_str(&told).ok()
}

/// The names as the log has them: a field may be called what the client likes, so whatever could
/// be more than a name is left out.
#[must_use]
pub fn logged(exchange: &Exchange) -> String {
    let notes = exchange.notes.borrow();
    let safe: Vec<String> = notes.iter().map(|note| nameless(note).to_owned()).collect();
    wire::shown_notes(&safe)
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

#[cfg(test)]
mod tests {
    use super::*;

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
