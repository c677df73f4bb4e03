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

/// A leaf and what it stands in, from the inside out; not the document itself.
pub(crate) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let whole = (!path.is_empty()).then_some(path);
    std::iter::successors(whole, |path| {
        let (around, _) = path.rsplit_once('/')?;
        (!around.is_empty()).then_some(around)
    })
}

/// The document without what stands at this place, in whatever element of the lists on the way.
pub(crate) fn removed_alike(document: &Value, path: &str) -> Value {
    let mut other = document.clone();
    let names: Vec<&str> = path.split('/').skip(1).collect();
    take_alike(&mut other, &names);
    other
}

fn take_alike(value: &mut Value, names: &[&str]) {
    let Some((name, deeper)) = names.split_first() else {
        return;
    };
    match value {
        Value::Array(items) if deeper.is_empty() => items.clear(),
        Value::Array(items) => items.iter_mut().for_each(|item| take_alike(item, deeper)),
        Value::Object(members) => {
            let name = name.replace("~1", "/").replace("~0", "~");
            if deeper.is_empty() {
                members.shift_remove(&name);
            } else if let Some(member) = members.get_mut(&name) {
                take_alike(member, deeper);
            }
        }
        _ => {}
    }
}

/// The document without any member of the name that this place has.
pub(crate) fn removed_by_name(document: &Value, path: &str) -> Value {
    let (_, name) = path.rsplit_once('/').unwrap();
    let mut other = document.clone();
    take_named(&mut other, &name.replace("~1", "/").replace("~0", "~"));
    other
}

/// An element of a list that had this member only goes with it.
fn take_named(value: &mut Value, name: &str) {
    match value {
        Value::Array(items) => {
            items.retain(|item| {
                item.as_object()
                    .is_none_or(|object| object.len() != 1 || !object.contains_key(name))
            });
            items.iter_mut().for_each(|item| take_named(item, name));
        }
        Value::Object(members) => {
            members.shift_remove(name);
            members
                .values_mut()
                .for_each(|member| take_named(member, name));
        }
        _ => {}
    }
}

/// A type of media that is another, and as well known.
fn other_media(text: &str) -> Option<&'static str> {
    Some(match text {
        "image/png" => "image/jpeg",
        "png" => "jpeg",
        "application/pdf" => "text/csv",
        "pdf" => "csv",
        "text/plain" => "text/markdown",
        "txt" => "md",
        "wav" => "mp3",
        "mp3" => "wav",
        _ => return None,
    })
}

/// The document with another value at this leaf.
pub(crate) fn varied(document: &Value, path: &str) -> Value {
    let mut other = document.clone();
    let leaf = other.pointer_mut(path).unwrap();
    *leaf = match &*leaf {
        Value::String(text) => match other_media(text) {
            Some(other) => json!(other),
            None => json!(format!("{text}x")),
        },
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
