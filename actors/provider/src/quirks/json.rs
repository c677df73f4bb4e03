//! Finding and changing members of a request without reading all of it.
//!
//! Owns the walk over a document that the edge has already taken as valid, and the list of changes
//! to it. Every byte that is not changed stays as it was. Checks nothing: of a broken document it
//! finds less, and never reads beyond it.

use std::ops::Range;

use bytes::Bytes;

/// A member of an object: where its key (quotes included) and its value are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) key: Range<usize>,
    pub(super) value: Range<usize>,
}

/// The members of the object that begins at `at`; nothing if there is none.
pub(super) fn members(body: &[u8], at: usize) -> Vec<Member> {
    let mut found = Vec::new();
    let Some(mut at) = opened(body, at, b'{') else {
        return found;
    };
    while body.get(at) == Some(&b'"') {
        let key = at..string_end(body, at);
        let colon = space_end(body, key.end);
        let start = space_end(body, colon + 1);
        let end = value_end(body, start);
        if body.get(colon) != Some(&b':') || end <= start {
            break;
        }
        found.push(Member {
            key,
            value: start..end,
        });
        at = after_comma(body, end);
    }
    found
}

/// The elements of the array that begins at `at`; nothing if there is none.
pub(super) fn elements(body: &[u8], at: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let Some(mut at) = opened(body, at, b'[') else {
        return found;
    };
    while body.get(at).is_some_and(|byte| *byte != b']') {
        let end = value_end(body, at);
        if end <= at {
            break;
        }
        found.push(at..end);
        at = after_comma(body, end);
    }
    found
}

/// The member of this name. Keys are compared as they are spelt: names of APIs need no escapes.
pub(super) fn member(body: &[u8], object: usize, name: &str) -> Option<Member> {
    members(body, object)
        .into_iter()
        .find(|member| text(body, &member.key) == Some(name))
}

/// A string without its quotes, if it has no escapes.
pub(super) fn text<'b>(body: &'b [u8], at: &Range<usize>) -> Option<&'b str> {
    let inner = body
        .get(at.clone())?
        .strip_prefix(b"\"")?
        .strip_suffix(b"\"")?;
    let plain = !inner.contains(&b'\\');
    std::str::from_utf8(inner).ok().filter(|_| plain)
}

/// Where the document's own value begins.
pub(super) fn start(body: &[u8]) -> usize {
    space_end(body, 0)
}

/// Changes to a document, none of which overlaps another.
#[derive(Debug, Default)]
pub(super) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Puts text in the place of some bytes.
    pub(super) fn replace(&mut self, at: Range<usize>, with: impl Into<String>) {
        self.0.push((at, with.into()));
    }

    /// Adds a member at the beginning of the object at `object`.
    pub(super) fn insert(&mut self, body: &[u8], object: usize, member: &str) {
        let inside = object + 1;
        let empty = body.get(space_end(body, inside)) == Some(&b'}');
        let comma = if empty { "" } else { "," };
        self.replace(inside..inside, format!("{member}{comma}"));
    }

    /// Removes a member with the comma that belongs to it.
    pub(super) fn remove(&mut self, body: &[u8], member: &Member) {
        let next = space_end(body, member.value.end);
        if body.get(next) == Some(&b',') {
            let end = space_end(body, next + 1);
            return self.replace(member.key.start..end, "");
        }
        let before = body.get(..member.key.start).unwrap_or_default();
        let kept = before.trim_ascii_end();
        let start = kept
            .strip_suffix(b",")
            .map_or(member.key.start, |kept| kept.trim_ascii_end().len());
        self.replace(start..member.value.end, "");
    }

    /// The changed document; the same one if there is no change.
    pub(super) fn apply(mut self, body: &Bytes) -> Bytes {
        if self.0.is_empty() {
            return body.clone();
        }
        self.0.sort_by_key(|(at, _)| (at.start, at.end));
        let grown: usize = self.0.iter().map(|(_, with)| with.len()).sum();
        let mut out = Vec::with_capacity(body.len() + grown);
        let mut from = 0;
        for (at, with) in &self.0 {
            out.extend_from_slice(body.get(from..at.start).unwrap_or_default());
            out.extend_from_slice(with.as_bytes());
            from = at.end.max(from);
        }
        out.extend_from_slice(body.get(from..).unwrap_or_default());
        out.into()
    }
}

fn opened(body: &[u8], at: usize, bracket: u8) -> Option<usize> {
    (body.get(at) == Some(&bracket)).then(|| space_end(body, at + 1))
}

fn after_comma(body: &[u8], at: usize) -> usize {
    let at = space_end(body, at);
    match body.get(at) {
        Some(b',') => space_end(body, at + 1),
        _ => at,
    }
}

fn space_end(body: &[u8], at: usize) -> usize {
    let rest = body.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count()
}

fn string_end(body: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(next) = memchr::memchr2(b'"', b'\\', body.get(at..).unwrap_or_default()) {
        at += next;
        match body.get(at) {
            Some(b'"') => return at + 1,
            _ => at += 2,
        }
    }
    body.len()
}

fn value_end(body: &[u8], at: usize) -> usize {
    let (mut at, mut depth) = (at, 0_usize);
    while let Some(byte) = body.get(at) {
        match byte {
            b'"' => at = string_end(body, at),
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => {
                depth -= 1;
                at += 1;
            }
            b',' | b':' if depth == 0 => return at,
            byte if byte.is_ascii_whitespace() && depth == 0 => return at,
            _ => {
                at += 1;
                continue;
            }
        }
        if depth == 0 {
            return at;
        }
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: &[u8] = br#" { "a" : 1.50 , "b":[ {"c":"}\"]"} ,"x", -2e3 ],"d":{ } , "e" :true }"#;

    fn part(at: &Range<usize>) -> &'static str {
        std::str::from_utf8(&BODY[at.clone()]).unwrap()
    }

    #[test]
    fn members_and_elements_are_found_as_they_are_spelt() {
        let found = members(BODY, start(BODY));
        let pairs: Vec<_> = found
            .iter()
            .map(|m| (part(&m.key), part(&m.value)))
            .collect();
        assert_eq!(
            pairs,
            [
                ("\"a\"", "1.50"),
                ("\"b\"", r#"[ {"c":"}\"]"} ,"x", -2e3 ]"#),
                ("\"d\"", "{ }"),
                ("\"e\"", "true"),
            ]
        );
        let list = elements(BODY, found[1].value.start);
        let parts: Vec<_> = list.iter().map(part).collect();
        assert_eq!(parts, [r#"{"c":"}\"]"}"#, "\"x\"", "-2e3"]);
        assert!(members(BODY, found[0].value.start).is_empty());
    }

    #[test]
    fn any_member_can_be_removed_and_any_object_take_one_more() {
        for (name, rest) in [("a", "bde"), ("b", "ade"), ("e", "abd")] {
            let body = Bytes::from_static(BODY);
            let mut edits = Edits::default();
            edits.remove(&body, &member(&body, 1, name).unwrap());
            edits.insert(
                &body,
                member(&body, 1, "d").unwrap().value.start,
                r#""n":null"#,
            );
            let out = edits.apply(&body);
            let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
            let keys: String = value.as_object().unwrap().keys().cloned().collect();
            assert_eq!(keys, rest);
            assert_eq!(value["d"], serde_json::json!({"n": null}));
        }
        let body = Bytes::from_static(br#"{"only":1}"#);
        let mut edits = Edits::default();
        edits.remove(&body, &member(&body, 0, "only").unwrap());
        assert_eq!(edits.apply(&body), "{}");
    }

    proptest! {
        #[test]
        fn no_bytes_are_read_beyond_the_end(body in proptest::collection::vec(
            prop_oneof![Just(b'{'), Just(b'}'), Just(b'['), Just(b']'), Just(b'"'), Just(b'\\'),
                Just(b','), Just(b':'), Just(b' '), Just(b'a'), Just(b'1')], 0..60)) {
            for at in 0..=body.len() {
                for member in members(&body, at) {
                    prop_assert!(member.value.end <= body.len());
                }
                for element in elements(&body, at) {
                    prop_assert!(element.end <= body.len());
                }
            }
        }
    }
}
