//! The leaves of a document, and the document with one of them changed or taken away.

use serde_json::{Value, json};

/// JSON pointers of all leaves. Empty objects and lists are leaves.
pub(crate) fn leaves(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk("", document, &mut found);
    found
}

fn walk(path: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                walk(&format!("{path}/{key}"), member, found);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                walk(&format!("{path}/{at}"), item, found);
            }
        }
        // Absent and null are one in most APIs.
        Value::Null => {}
        _ => found.push(path.to_owned()),
    }
}

/// What a leaf stands in, from the inside out; not the document itself.
pub(crate) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        (rest, _) = rest.rsplit_once('/')?;
        (!rest.is_empty()).then_some(rest)
    })
}

/// The document with another value at this leaf.
pub(crate) fn varied(document: &Value, path: &str) -> Value {
    let mut other = document.clone();
    let leaf = other.pointer_mut(path).unwrap();
    *leaf = match &*leaf {
        Value::String(text) => json!(format!("{text}x")),
        Value::Bool(value) => json!(!value),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => json!(whole + 1),
            None => json!(0.125),
        },
        Value::Array(_) => json!(["x"]),
        Value::Object(_) => json!({ "x": "x" }),
        Value::Null => json!("x"),
    };
    other
}

/// The document without this leaf.
pub(crate) fn removed(document: &Value, path: &str) -> Value {
    let mut other = document.clone();
    let (parent, last) = path.rsplit_once('/').unwrap();
    match other.pointer_mut(parent).unwrap() {
        Value::Object(members) => {
            members.shift_remove(&last.replace("~1", "/").replace("~0", "~"));
        }
        Value::Array(items) => {
            items.remove(last.parse::<usize>().unwrap());
        }
        _ => {}
    }
    other
}
