//! One configuration file as a tree of JSON values with the place of each.
//!
//! Owns the dialect: JSON with `//` and `/* */` comments; a comma after the last element is
//! allowed, since it cannot be misread; nothing else of JSON5 is. A key that stands twice in an
//! object is a problem, not a race between the two. Never interprets a key.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::{Map, Value};

use super::error::{ConfigError, KeyPath, Place, Problem, What};

/// Where each value stands, by its path.
pub(super) type Places = BTreeMap<KeyPath, Place>;

/// A tree of values, and where they stand.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) value: Value,
    pub(super) places: Places,
}

impl Document {
    /// A tree without anything in it.
    pub(super) fn empty() -> Self {
        Self {
            value: Value::Object(Map::new()),
            places: Places::new(),
        }
    }
}

/// The place of the value at `path`, or of the nearest value around it.
pub(super) fn place_of(places: &Places, path: &KeyPath) -> Option<Place> {
    let mut path = path.clone();
    loop {
        if let Some(place) = places.get(&path) {
            return Some(place.clone());
        }
        path = path.parent()?;
    }
}

const DIALECT: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_loose_object_property_names: false,
    allow_trailing_commas: true,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads `text` into a tree; duplicate keys are added to `problems` and the first one counts.
///
/// # Errors
/// [`ConfigError::Syntax`] where the text is not JSON with comments, nests deeper than 512, or is
/// not an object.
pub(super) fn parse(
    file: &str,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Result<Document, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = Lines::new(file, text);
    let parsed = parse_to_ast(text, &CollectOptions::default(), &DIALECT).map_err(|error| {
        ConfigError::Syntax {
            place: lines.place(error.range().start),
            reason: lower_first(&error.kind().to_string()),
        }
    })?;
    match parsed.value {
        Some(ast::Value::Object(object)) => {
            let mut builder = Builder {
                lines,
                places: Places::new(),
                problems,
            };
            let top = KeyPath::default();
            builder
                .places
                .insert(top.clone(), builder.lines.place(object.range.start));
            let value = builder.object(object, &top);
            Ok(Document {
                value,
                places: builder.places,
            })
        }
        other => {
            let start = other.map_or(0, |value| value.range().start);
            Err(ConfigError::Syntax {
                place: lines.place(start),
                reason: "expected an object in braces".to_owned(),
            })
        }
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

struct Builder<'t, 'p> {
    lines: Lines<'t>,
    places: Places,
    problems: &'p mut Vec<Problem>,
}

impl Builder<'_, '_> {
    fn value(&mut self, node: ast::Value<'_>, path: &KeyPath) -> Value {
        match node {
            ast::Value::Object(object) => self.object(object, path),
            ast::Value::Array(array) => self.array(array, path),
            ast::Value::NumberLit(number) => self.number(number, path),
            scalar => scalar.into(),
        }
    }

    /// The library makes a text of a number that it cannot hold; that must not pass for a text.
    fn number(&mut self, number: ast::NumberLit<'_>, path: &KeyPath) -> Value {
        let place = Some(self.lines.place(number.range.start));
        match Value::from(ast::Value::NumberLit(number)) {
            value if value.is_number() => value,
            _ => {
                let what = What::Malformed {
                    expected: "a number that can be written in 64 bits",
                };
                self.problems.push(Problem {
                    place,
                    path: path.clone(),
                    what,
                });
                Value::Null
            }
        }
    }

    fn object(&mut self, object: ast::Object<'_>, path: &KeyPath) -> Value {
        let mut members = Map::new();
        for property in object.properties {
            let place = self.lines.place(property.range.start);
            let name = property.name.into_string();
            let below = path.key(&name);
            match self.places.entry(below.clone()) {
                Entry::Occupied(first) => {
                    let what = What::DuplicateKey {
                        first: first.get().clone(),
                    };
                    self.problems.push(Problem {
                        place: Some(place),
                        path: below,
                        what,
                    });
                    continue;
                }
                Entry::Vacant(free) => free.insert(place),
            };
            let value = self.value(property.value, &below);
            members.insert(name, value);
        }
        Value::Object(members)
    }

    fn array(&mut self, array: ast::Array<'_>, path: &KeyPath) -> Value {
        let mut elements = Vec::with_capacity(array.elements.len());
        for (index, node) in array.elements.into_iter().enumerate() {
            let below = path.index(index);
            self.places
                .insert(below.clone(), self.lines.place(node.range().start));
            elements.push(self.value(node, &below));
        }
        Value::Array(elements)
    }
}

/// Turns byte offsets into lines and columns.
struct Lines<'t> {
    file: Arc<str>,
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(file: &str, text: &'t str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            file: file.into(),
            text,
            starts: std::iter::once(0).chain(after_breaks).collect(),
        }
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line
            .checked_sub(1)
            .and_then(|index| self.starts.get(index))
            .copied()
            .unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or("");
        Place {
            file: Arc::clone(&self.file),
            line,
            column: before.chars().count() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn syntax_error(text: &str) -> String {
        match parse("c.json", text, &mut Vec::new()) {
            Err(error) => error.to_string(),
            Ok(_) => panic!("{text} must be refused"),
        }
    }

    #[test]
    fn comments_and_a_last_comma_are_read_over() {
        let text = "\u{feff}{ // one\n \"a\": /* two */ [1, 2,],\n}";
        let document = parse("c.json", text, &mut Vec::new()).unwrap();
        assert_eq!(document.value, serde_json::json!({ "a": [1, 2] }));
    }

    #[test]
    fn comment_marks_inside_a_text_stay() {
        let document = parse("c.json", r#"{"u": "https://x/*y*/"}"#, &mut Vec::new()).unwrap();
        assert_eq!(document.value["u"], "https://x/*y*/");
    }

    #[test]
    fn other_liberties_are_refused_with_their_place() {
        let cases = [
            ("{\n  a: 1}", "c.json:2:3: "),
            ("{'a': 1}", "c.json:1:2: "),
            ("{\"a\": 0x10}", "c.json:1:7: "),
            ("{\"a\": 1 \"b\": 2}", "c.json:1:8: expected comma"),
            ("{\"a\": NaN}", "c.json:1:7: "),
            ("{\"a\": 1} {}", "c.json:1:10: "),
            ("{\"a\": 1} x", "c.json:1:10: "),
            ("{\"a\": 1", "c.json:1:"),
            ("[]", "c.json:1:1: expected an object"),
            ("", "c.json:1:1: expected an object"),
            ("/* open", "c.json:1:1: "),
        ];
        for (text, start) in cases {
            let message = syntax_error(text);
            assert!(message.starts_with(start), "{text}: {message}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_crash() {
        let text = format!("{{\"a\": {}", "[".repeat(100_000));
        assert!(syntax_error(&text).contains("nesting"));
    }

    #[test]
    fn a_key_given_twice_names_both_places() {
        let mut problems = Vec::new();
        parse(
            "c.json",
            "{\n\"a\": {\"b\": 1,\n  \"b\": 2}}",
            &mut problems,
        )
        .unwrap();
        let messages: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            messages,
            ["c.json:3:3: a.b: key given twice; it stands first at c.json:2:7"]
        );
    }

    #[test]
    fn a_number_that_is_none_does_not_become_a_text() {
        for text in ["{\"a\": 1e999}", "{\"a\": 01}"] {
            let mut problems = Vec::new();
            let parsed = parse("c.json", text, &mut problems);
            assert!(parsed.is_err() || problems.len() == 1, "{text}");
        }
    }

    #[test]
    fn columns_count_characters() {
        let mut problems = Vec::new();
        parse("c.json", "{\"ä\": 1, \"ä\": 2}", &mut problems).unwrap();
        assert_eq!(
            problems[0].place.as_ref().map(|place| place.column),
            Some(10)
        );
    }

    #[test]
    fn the_place_of_a_value_is_known_through_lists() {
        let document = parse("c.json", "{\"a\": [\n {\"b\": 1}]}", &mut Vec::new()).unwrap();
        let path = KeyPath::of("a").index(0).key("b").key("missing");
        assert_eq!(
            place_of(&document.places, &path).unwrap().to_string(),
            "c.json:2:3"
        );
    }
}
