//! Finding the way through a document that the scanner has taken.
//!
//! Owns: where a value ends, and the path that leads to an offset. It checks nothing, keeps no
//! more than one entry per open container, and is asked rarely: about a finding, or an event that
//! must be written anew.

use std::ops::Range;

use crate::escape;
use crate::named::{self, Named};
use crate::scanner::plain_run;

/// Longest key that a path shows, in bytes.
const SHOWN_KEY: usize = 64;

/// The first byte from `at` on that is no white space.
pub(crate) fn skip_space(body: &[u8], at: usize) -> usize {
    let rest = body.get(at..).unwrap_or_default();
    let space = |byte: &&u8| matches!(byte, b' ' | b'\n' | b'\t' | b'\r');
    at + rest.iter().take_while(space).count()
}

/// The end of the string whose opening quote stands at `at`, closing quote included.
pub(crate) fn skip_string(body: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    loop {
        at += plain_run(body.get(at..).unwrap_or_default());
        match body.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return body.len(),
        }
    }
}

/// The end of the value that begins at `at`.
pub(crate) fn skip_value(body: &[u8], at: usize) -> usize {
    let (mut at, mut depth) = (at, 0_usize);
    while let Some(byte) = body.get(at) {
        match byte {
            b'"' => at = skip_string(body, at),
            b'{' | b'[' => {
                depth += 1;
                at += 1;
                continue;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            b',' | b':' | b' ' | b'\n' | b'\t' | b'\r' => {
                at += 1;
                continue;
            }
            _ => at += word_len(body.get(at..).unwrap_or_default()),
        }
        if depth == 0 {
            return at;
        }
    }
    body.len()
}

/// Length of the number or word at the start; never 0, so that walking always ends.
fn word_len(bytes: &[u8]) -> usize {
    let inside = |byte: &&u8| !matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\t' | b'\r');
    bytes.iter().take_while(inside).count().max(1)
}

/// The value of the member whose key ends (quote included) at `key_end`.
pub(crate) fn value_after(body: &[u8], key_end: usize) -> Range<usize> {
    let colon = skip_space(body, key_end);
    let start = skip_space(body, colon + 1);
    start..skip_value(body, start)
}

/// The key of the string whose inside begins at `start`, in quotes and all; also if it is the first
/// of a list under that key. For a value that is named elsewhere (see [`named`]) its
/// name. `None` if it has none.
pub(crate) fn key_before(body: &[u8], start: usize) -> Option<Range<usize>> {
    let key = own_key_before(body, start)?;
    if !named::is_value(body.get(key.start + 1..key.end - 1)?) {
        return Some(key);
    }
    match named::named(body, key.start) {
        Named::By(name) => Some(name),
        Named::In(object) => own_key_before(body, object + 1).or(Some(key)),
        Named::Not => Some(key),
    }
}

fn own_key_before(body: &[u8], start: usize) -> Option<Range<usize>> {
    let mut at = before_space(body, start.checked_sub(1)?);
    while body.get(at.checked_sub(1)?) == Some(&b'[') {
        at = before_space(body, at - 1);
    }
    if body.get(at.checked_sub(1)?) != Some(&b':') {
        return None;
    }
    string_before(body, before_space(body, at - 1))
}

/// The string that ends before `end`, in its quotes.
///
/// Read backwards: before its opening quote stands no backslash, before every other quote in it an
/// odd number of them.
pub(crate) fn string_before(body: &[u8], end: usize) -> Option<Range<usize>> {
    let mut open = end
        .checked_sub(1)
        .filter(|at| body.get(*at) == Some(&b'"'))?;
    loop {
        open = memchr::memrchr(b'"', body.get(..open)?)?;
        let before = body.get(..open).unwrap_or_default().iter().rev();
        if before.take_while(|byte| **byte == b'\\').count() % 2 == 0 {
            return Some(open..end);
        }
    }
}

/// The end of what stands before the white space that ends at `at`.
pub(crate) fn before_space(body: &[u8], at: usize) -> usize {
    let space = |byte: &&u8| matches!(byte, b' ' | b'\n' | b'\t' | b'\r');
    let before = body.get(..at).unwrap_or_default().iter().rev();
    at - before.take_while(space).count()
}

/// A member of an object, or an element of an array, as [`Items`] finds it.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// The key with its quotes; empty in an array.
    pub(crate) key: Range<usize>,
    pub(crate) value: Range<usize>,
}

impl Item {
    /// The key, decoded; `None` in an array.
    pub(crate) fn name(&self, body: &[u8]) -> Option<String> {
        let raw = body.get(self.key.start + 1..self.key.end.checked_sub(1)?)?;
        Some(String::from_utf8_lossy(&escape::decode_key(raw)).into_owned())
    }
}

/// The items of one container.
#[derive(Debug)]
pub(crate) struct Items<'b> {
    body: &'b [u8],
    at: usize,
    object: bool,
}

/// The items of the container at `at`; none if there is no container.
pub(crate) fn items(body: &[u8], at: usize) -> Items<'_> {
    let container = matches!(body.get(at), Some(b'{' | b'['));
    Items {
        body,
        at: if container { at + 1 } else { body.len() },
        object: body.get(at) == Some(&b'{'),
    }
}

impl Iterator for Items<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let mut at = skip_space(self.body, self.at);
        if self.body.get(at) == Some(&b',') {
            at = skip_space(self.body, at + 1);
        }
        if matches!(self.body.get(at)?, b'}' | b']') {
            return None;
        }
        let mut key = at..at;
        let mut value = at..at;
        if self.object {
            key.end = skip_string(self.body, at);
            value = value_after(self.body, key.end);
        } else {
            value.end = skip_value(self.body, at);
        }
        self.at = value.end;
        Some(Item { key, value })
    }
}

/// The path to the value that `offset` lies in, as in `messages[2].content[0].text`.
///
/// # Security
/// Keys come from strangers and paths end in logs: control characters are shown as `?`, and what
/// is longer than 64 bytes is cut.
pub(crate) fn place_of(body: &[u8], offset: usize) -> String {
    let mut path = String::new();
    let mut at = skip_space(body, 0);
    loop {
        let found = items(body, at)
            .enumerate()
            .find(|(_, item)| offset < item.value.end);
        let Some((number, item)) = found.filter(|(_, item)| item.value.start <= offset) else {
            return path;
        };
        match item.name(body) {
            Some(name) => push_name(&name, &mut path),
            None => path.push_str(&format!("[{number}]")),
        }
        at = item.value.start;
    }
}

fn push_name(name: &str, path: &mut String) {
    if !path.is_empty() {
        path.push('.');
    }
    let mut shown = 0;
    for char in name.chars() {
        shown += char.len_utf8();
        if shown > SHOWN_KEY {
            return;
        }
        path.push(if char.is_control() { '?' } else { char });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(body: &str, marker: &str) -> String {
        place_of(body.as_bytes(), body.find(marker).unwrap())
    }

    #[test]
    fn paths_lead_to_the_text() {
        let body =
            r#" { "a" : [ 1 , "]}" , {"b\u0063":[[], {"x":"here"}]} ] , "z":{"q":"there"}} "#;
        assert_eq!(place(body, "here"), "a[2].bc[1].x");
        assert_eq!(place(body, "there"), "z.q");
        assert_eq!(place(body, "]}\""), "a[1]");
        assert_eq!(place("\"alone\"", "alone"), "");
    }

    #[test]
    fn keys_in_paths_are_clean_and_short() {
        let body = format!(r#"{{"a\n\u001b":{{"{}é":"here"}}}}"#, "k".repeat(63));
        assert_eq!(place(&body, "here"), format!("a??.{}", "k".repeat(63)));
    }

    #[test]
    fn keys_are_found_from_their_values() {
        let body = r#"{"a":"v1", "b\"\\\"c" : [ "v2", "v3"], "d":[["v4"]], "":{"e":["v5"]},"f":[{},"v6"]}"#;
        let key = |marker: &str| {
            let at = body.find(marker).unwrap();
            key_before(body.as_bytes(), at).and_then(|range| body.get(range))
        };
        let keys: Vec<_> = ["v1", "v2", "v3", "v4", "v5", "v6"].map(key).into();
        let bc = r#""b\"\\\"c""#;
        let known = [
            Some("\"a\""),
            Some(bc),
            None,
            Some("\"d\""),
            Some("\"e\""),
            None,
        ];
        assert_eq!(keys, known);
        assert_eq!(key_before(b"\"x\"", 1), None);
        assert_eq!(key_before(b"", 0), None);
    }

    #[test]
    fn a_value_that_is_named_elsewhere_has_that_name() {
        let body = r#"{"env":[{"name":"A","value":"v1"},{"value":"v2","key":"B"},
            {"key" : "C", "secret":true, "Value" : ["v3"]}], "d":{"value":"v4"}, "value":"v5"}"#;
        let key = |marker: &str| {
            let at = body.find(marker).unwrap();
            key_before(body.as_bytes(), at).and_then(|range| body.get(range))
        };
        let keys: Vec<_> = ["v1", "v2", "v3", "v4", "v5"].map(key).into();
        let names = ["\"A\"", "\"value\"", "\"C\"", "\"d\"", "\"value\""];
        assert_eq!(keys, names.map(Some));
    }

    #[test]
    fn nothing_walks_forever() {
        for body in [
            "", "{", "[", "{\"", "{\"a\"", "{\"a\":", "]", "}}", "[,", "\"\\",
        ] {
            assert!(place_of(body.as_bytes(), 9).len() < 9);
            assert!(skip_value(body.as_bytes(), 0) <= body.len());
        }
    }
}
