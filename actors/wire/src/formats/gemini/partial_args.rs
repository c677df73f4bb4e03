//! Arguments of a call that come in pieces, each with its path (Vertex: `partialArgs`).
//!
//! Owns the tree that the pieces are put into, within bounds: paths are made by strangers.

use crate::canonical::error::FormatError;
use crate::canonical::raw::{Raw, boolean, each_member, is_null, maybe_number, text};
use crate::canonical::text::Text;
use crate::escape::escape_json;

use super::words::camel;

type Result<T> = std::result::Result<T, FormatError>;

/// Most bytes of all arguments of a call, the tree's own memory counted in.
const MOST_BYTES: usize = 1 << 20;

/// Most levels of a path.
const MOST_LEVELS: usize = 64;

/// What a place in the tree costs at least.
const NODE: usize = 64;

/// The arguments so far.
#[derive(Debug, Default)]
pub(super) struct Args {
    root: Node,
    size: usize,
}

#[derive(Debug, Default)]
enum Node {
    #[default]
    Unset,
    /// A value as it was spelt.
    Json(String),
    /// What stands between the quotes of a string.
    Text(Vec<u8>),
    Object(Vec<(String, Self)>),
    Array(Vec<Self>),
}

/// One step of a path.
#[derive(Debug, PartialEq)]
enum Level {
    Key(String),
    Index(usize),
}

/// A value of a piece.
enum Value<'a> {
    Text(Text<'a>),
    Json(&'a str),
}

impl Args {
    /// Takes one piece: a new value, or more of a string.
    ///
    /// # Errors
    /// A path that is none; more than the bounds allow.
    pub(super) fn take(&mut self, piece: Raw<'_>) -> Result<()> {
        let (mut path, mut value) = (None, None);
        each_member(piece, |key, member| {
            match camel(key).as_ref() {
                "nullValue" => value = Some(Value::Json("null")),
                _ if is_null(member) => {}
                "jsonPath" => path = Some(text(member)?),
                "stringValue" => value = Some(Value::Text(text(member)?)),
                "numberValue" => value = maybe_number(member)?.map(|raw| Value::Json(raw.get())),
                "boolValue" => {
                    boolean(member)?;
                    value = Some(Value::Json(member.get()));
                }
                _ => {}
            }
            Ok(())
        })?;
        let path = path.ok_or_else(|| FormatError::missing_in("jsonPath", piece))?;
        let levels = levels(&path.decoded());
        let levels = levels.ok_or_else(|| FormatError::expected("a path as in `$.a[0]`", piece))?;
        match value {
            Some(value) => self.put(levels, value),
            None => Ok(()),
        }
    }

    fn put(&mut self, levels: Vec<Level>, value: Value<'_>) -> Result<()> {
        let before = self.size;
        let size = &mut self.size;
        let mut node = &mut self.root;
        for level in levels {
            node = node.at(level, size)?;
        }
        match value {
            Value::Json(json) => {
                *size += json.len();
                *node = Node::Json(json.to_owned());
            }
            Value::Text(said) => {
                if !matches!(node, Node::Text(_)) {
                    *node = Node::Text(Vec::new());
                }
                if let Node::Text(whole) = node {
                    let length = whole.len();
                    said.write_inside(whole);
                    *size += whole.len() - length;
                }
            }
        }
        debug_assert!(self.size >= before);
        within(self.size)
    }

    /// The JSON text of the arguments.
    pub(super) fn json(&self) -> String {
        let mut out = Vec::new();
        match &self.root {
            Node::Unset => out.extend_from_slice(b"{}"),
            root => root.write(&mut out),
        }
        String::from_utf8(out).unwrap_or_default()
    }
}

fn within(size: usize) -> Result<()> {
    if size > MOST_BYTES {
        return Err(FormatError::too_much_held());
    }
    Ok(())
}

impl Node {
    /// The place one level deeper, made if it is new.
    fn at(&mut self, level: Level, size: &mut usize) -> Result<&mut Self> {
        match level {
            Level::Key(key) => self.member(key, size),
            Level::Index(index) => self.element(index, size),
        }
    }

    fn member(&mut self, key: String, size: &mut usize) -> Result<&mut Self> {
        if !matches!(self, Self::Object(_)) {
            *self = Self::Object(Vec::new());
        }
        let Self::Object(members) = self else {
            return Err(FormatError::too_much_held());
        };
        let at = members.iter().position(|(name, _)| *name == key);
        let at = at.unwrap_or(members.len());
        if at == members.len() {
            *size += NODE + key.len();
            within(*size)?;
            members.push((key, Self::Unset));
        }
        let found = members.get_mut(at).map(|(_, node)| node);
        found.ok_or_else(FormatError::too_much_held)
    }

    fn element(&mut self, index: usize, size: &mut usize) -> Result<&mut Self> {
        if !matches!(self, Self::Array(_)) {
            *self = Self::Array(Vec::new());
        }
        let Self::Array(elements) = self else {
            return Err(FormatError::too_much_held());
        };
        let more = index.saturating_add(1).saturating_sub(elements.len());
        *size = size.saturating_add(more.saturating_mul(NODE));
        within(*size)?;
        if more > 0 {
            elements.resize_with(index + 1, Self::default);
        }
        elements
            .get_mut(index)
            .ok_or_else(FormatError::too_much_held)
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Unset => out.extend_from_slice(b"null"),
            Self::Json(json) => out.extend_from_slice(json.as_bytes()),
            Self::Text(inside) => write_quoted(inside, out),
            Self::Object(members) => {
                out.push(b'{');
                for (number, (key, node)) in members.iter().enumerate() {
                    comma(number, out);
                    out.push(b'"');
                    escape_json(key, out);
                    out.extend_from_slice(b"\":");
                    node.write(out);
                }
                out.push(b'}');
            }
            Self::Array(elements) => {
                out.push(b'[');
                for (number, node) in elements.iter().enumerate() {
                    comma(number, out);
                    node.write(out);
                }
                out.push(b']');
            }
        }
    }
}

fn write_quoted(inside: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(inside);
    out.push(b'"');
}

fn comma(number: usize, out: &mut Vec<u8>) {
    if number > 0 {
        out.push(b',');
    }
}

/// The levels of a path of RFC 9535 that names one place: `$.a['b c'][0]`.
fn levels(path: &str) -> Option<Vec<Level>> {
    let mut rest = path.strip_prefix('$')?;
    let mut levels = Vec::new();
    while !rest.is_empty() {
        if levels.len() == MOST_LEVELS {
            return None;
        }
        let (level, after) = if let Some(name) = rest.strip_prefix('.') {
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (name, after) = name.split_at_checked(end)?;
            (Level::Key(name.to_owned()), after)
        } else {
            bracketed(rest.strip_prefix('[')?)?
        };
        if level == Level::Key(String::new()) {
            return None;
        }
        levels.push(level);
        rest = after;
    }
    Some(levels)
}

fn bracketed(rest: &str) -> Option<(Level, &str)> {
    for quote in ['\'', '"'] {
        if let Some(name) = rest.strip_prefix(quote) {
            let (name, after) = name.split_once(&format!("{quote}]"))?;
            return Some((Level::Key(name.to_owned()), after));
        }
    }
    let (number, after) = rest.split_once(']')?;
    Some((Level::Index(number.parse().ok()?), after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::raw::parse;

    fn built(pieces: &[&str]) -> Result<String> {
        let mut args = Args::default();
        for piece in pieces {
            args.take(parse(piece).unwrap())?;
        }
        Ok(args.json())
    }

    #[test]
    fn pieces_are_put_together_by_path() {
        let json = built(&[
            r#"{"jsonPath":"$.city","stringValue":"Os","willContinue":true}"#,
            r#"{"jsonPath":"$.list[1].n","numberValue":1.50}"#,
            r#"{"jsonPath":"$.city","stringValue":"lo \ud83d"}"#,
            r#"{"jsonPath":"$.city","stringValue":"\ude42"}"#,
            r#"{"json_path":"$['a b'].c","bool_value":true}"#,
            r#"{"jsonPath":"$.list[0]","nullValue":null}"#,
        ]);
        let wanted = r#"{"city":"Oslo \ud83d\ude42","list":[null,{"n":1.50}],"a b":{"c":true}}"#;
        assert_eq!(json.unwrap(), wanted);
    }

    #[test]
    fn no_pieces_are_an_empty_object() {
        assert_eq!(built(&[]).unwrap(), "{}");
    }

    #[test]
    fn paths_that_are_none_are_refused() {
        for path in [
            "", "city", "$x", "$.", "$[", "$[x]", "$['a]", "$..a", "$[-1]",
        ] {
            let piece = format!(r#"{{"jsonPath":"{path}","boolValue":true}}"#);
            assert!(built(&[&piece]).is_err(), "{path}");
        }
        let deep = format!(r#"{{"jsonPath":"${}","boolValue":true}}"#, ".a".repeat(65));
        assert!(built(&[&deep]).is_err());
    }

    #[test]
    fn a_far_index_costs_no_memory() {
        let piece = r#"{"jsonPath":"$.a[99999999999]","boolValue":true}"#;
        assert!(built(&[piece]).is_err());
        let huge = format!(
            r#"{{"jsonPath":"$.a","stringValue":"{}"}}"#,
            "x".repeat(600_000)
        );
        assert!(built(&[&huge]).is_ok());
        assert!(built(&[&huge, &huge]).is_err());
    }
}
