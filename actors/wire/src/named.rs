//! Values whose name is no key of theirs: `{"name": "PATH", "value": "..."}`, and
//! `{"path": {"value": "..."}}`.
//!
//! Owns which keys say nothing but that a value comes, and which say that a name does; and the way
//! from such a value back to its name, in a document or while one is read. The name must stand
//! before the value, with nothing but plain members between them.
//!
//! Called by: `walk` (whole documents), `fragment` (JSON that comes in pieces).

use std::ops::Range;

use crate::walk::{before_space, string_before};

/// Keys of values that are named elsewhere, in any letter case.
const VALUES: &[&[u8]] = &[b"value", b"val", b"parametervalue"];

/// Keys of names.
const NAMES: &[&[u8]] = &[
    b"name",
    b"key",
    b"variable",
    b"header",
    b"field",
    b"parameterkey",
];

/// The longest spelling of a name, in bytes.
const LONGEST: usize = 64;

/// Most members between a value and its name.
const MEMBERS: usize = 8;

/// Whether a value under this key is named elsewhere.
pub(crate) fn is_value(key: &[u8]) -> bool {
    VALUES.iter().any(|known| key.eq_ignore_ascii_case(known))
}

fn is_name(key: &[u8]) -> bool {
    NAMES.iter().any(|known| key.eq_ignore_ascii_case(known))
}

/// Where the name stands of the value whose key begins at `at`, opening quote included.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// In these quotes, under a key of names.
    By(Range<usize>),
    /// It has none; the object that it is in begins here.
    In(usize),
    /// Unknown.
    Not,
}

/// See [`Named`].
pub(crate) fn named(body: &[u8], at: usize) -> Named {
    let mut at = at;
    for _ in 0..MEMBERS {
        let end = before_space(body, at);
        match end.checked_sub(1).and_then(|at| body.get(at)) {
            Some(b'{') => return Named::In(end - 1),
            Some(b',') => {}
            _ => return Named::Not,
        }
        let Some(member) = member_before(body, end - 1) else {
            return Named::Not;
        };
        let key = body.get(member.key.start + 1..member.key.end - 1);
        let length = member.value.len().saturating_sub(2);
        if member.is_string && (1..=LONGEST).contains(&length) && key.is_some_and(is_name) {
            return Named::By(member.value);
        }
        at = member.key.start;
    }
    Named::Not
}

/// A member whose value is a string, a number or a word; with its quotes.
struct Member {
    key: Range<usize>,
    value: Range<usize>,
    is_string: bool,
}

/// The one that ends before `at`.
fn member_before(body: &[u8], at: usize) -> Option<Member> {
    let end = before_space(body, at);
    let is_string = body.get(end.checked_sub(1)?) == Some(&b'"');
    let value = match is_string {
        true => string_before(body, end)?,
        false => {
            let plain = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
            let before = body.get(..end)?.iter().rev();
            end - before.take(LONGEST).take_while(plain).count()..end
        }
    };
    let colon = before_space(body, value.start).checked_sub(1)?;
    if value.is_empty() || body.get(colon) != Some(&b':') {
        return None;
    }
    let key = string_before(body, before_space(body, colon))?;
    Some(Member {
        key,
        value,
        is_string,
    })
}

/// The last name in the object that is being read.
#[derive(Debug, Default)]
pub(crate) struct LastName {
    name: String,
    is_open: bool,
}

impl LastName {
    /// Structure passes: where brackets are, another object is.
    pub(crate) fn structure(&mut self, text: &str) {
        let bracket = |byte: &u8| matches!(byte, b'{' | b'}' | b'[' | b']');
        if !self.name.is_empty() && text.as_bytes().iter().any(bracket) {
            self.name.clear();
        }
    }

    /// The value of a key begins.
    #[inline]
    pub(crate) fn open(&mut self, key: &str) {
        self.is_open = is_name(key.as_bytes());
        if self.is_open {
            self.name.clear();
        }
    }

    /// More of that value.
    #[inline]
    pub(crate) fn text(&mut self, decoded: &str) {
        if !self.is_open {
            return;
        }
        self.name.push_str(decoded);
        if self.name.len() > LONGEST {
            (self.name, self.is_open) = (String::new(), false);
        }
    }

    /// The name, if there is one.
    pub(crate) fn known(&self) -> Option<&str> {
        (!self.name.is_empty()).then_some(self.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_value_is_found_before_it() {
        let body = r#"{"name" : "A\"B" , "n":1.5e-3, "x":true,"t":"\\" , "value":"v"}"#;
        let at = body.find("\"value\"").unwrap();
        let Named::By(range) = named(body.as_bytes(), at) else {
            panic!("none");
        };
        assert_eq!(body.get(range), Some(r#""A\"B""#));
    }

    #[test]
    fn without_a_name_the_object_is_found() {
        let body = r#"{"a":{"t":"x", "value":"v"}}"#;
        let at = body.find("\"value\"").unwrap();
        assert_eq!(named(body.as_bytes(), at), Named::In(5));
    }

    #[test]
    fn other_objects_and_lists_are_not_looked_into() {
        for body in [
            r#"{"name":"a","x":{},"value":"v"}"#,
            r#"{"name":"a","x":["b"],"value":"v"}"#,
            r#"["name","value":"v"#,
            r#""value""#,
        ] {
            let at = body.find("\"value\"").unwrap();
            assert_eq!(named(body.as_bytes(), at), Named::Not, "{body}");
        }
    }

    #[test]
    fn the_last_name_of_an_object_is_remembered_up_to_a_length() {
        let mut names = LastName::default();
        names.open("key");
        names.text("DB_");
        names.text("PASSWORD");
        names.structure("\", \"value\": ");
        names.open("value");
        names.text("x");
        assert_eq!(names.known(), Some("DB_PASSWORD"));
        names.structure("\"}, {");
        assert_eq!(names.known(), None);
        names.open("name");
        names.text(&"n".repeat(65));
        names.text("n");
        assert_eq!(names.known(), None);
    }
}
