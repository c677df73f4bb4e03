//! Percent-encoding, as queries and the heads of forms have it.
//!
//! Owns which bytes are written as they are: letters, digits and `-._~` (RFC 3986 section 2.3).

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What it stands for; what is no UTF-8 then reads as U+FFFD.
pub(crate) fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// The same, of a text whose bytes are characters of Latin-1.
pub(crate) fn decoded_latin1(text: &str) -> String {
    percent_decode_str(text).map(char::from).collect()
}

/// Spelt so that every reader reads it as it is.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}
