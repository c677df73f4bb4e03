//! Where a document has values, and documents that differ from a golden one in a single one of
//! them, by which the tests of all formats show that nothing is dropped.

use serde_json::Value;

/// Each document that differs from `whole` in one leaf or lacks one member, with the place of the
/// difference, as in `/messages/0/content -`.
pub(crate) fn perturbed(whole: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for place in places(whole) {
        if let Some(other) = changed(whole, &place) {
            all.push((place.clone(), other));
        }
        if let Some(other) = removed(whole, &place) {
            all.push((format!("{place} -"), other));
        }
    }
    all
}

/// JSON pointers of all values but the document itself, each before what is inside of it.
pub(crate) fn places(whole: &Value) -> Vec<String> {
    let mut places = Vec::new();
    collect("", whole, &mut places);
    places
}

fn collect(path: &str, value: &Value, places: &mut Vec<String>) {
    if !path.is_empty() {
        places.push(path.to_owned());
    }
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                collect(&format!("{path}/{key}"), member, places);
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                collect(&format!("{path}/{number}"), item, places);
            }
        }
        _ => {}
    }
}

/// The document with another value of the same type at this place, if a leaf is there.
pub(crate) fn changed(whole: &Value, place: &str) -> Option<Value> {
    let mut other = whole.clone();
    let leaf = other.pointer_mut(place)?;
    *leaf = match leaf {
        Value::String(text) => Value::String(format!("{text}x")),
        Value::Number(number) if number.is_f64() => (number.as_f64().unwrap_or(0.0) + 0.5).into(),
        Value::Number(number) => (number.as_i64().unwrap_or(0) ^ 1).into(),
        Value::Bool(value) => Value::Bool(!*value),
        _ => return None,
    };
    Some(other)
}

/// The document without this member, if it says something: what is `null` means the same as what
/// is absent.
pub(crate) fn removed(whole: &Value, place: &str) -> Option<Value> {
    let (parent, key) = place.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    let mut other = whole.clone();
    let members = other.pointer_mut(parent)?.as_object_mut()?;
    let member = members.shift_remove(&key)?;
    (!member.is_null()).then_some(other)
}
