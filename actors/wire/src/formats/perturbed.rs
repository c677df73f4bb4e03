//! Documents that differ from a golden one in a single leaf, by which the tests of all formats
//! show that nothing is dropped.

use serde_json::{Map, Value};

/// Each document that differs from `whole` in one leaf or lacks one member, with the place of the
/// difference, as in `/messages/0/content -`.
pub(crate) fn perturbed(whole: &Value) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    collect("", whole, &mut places);
    let mut all = Vec::new();
    for place in places {
        let mut changed = whole.clone();
        if let Some(leaf) = changed.pointer_mut(&place)
            && change(leaf)
        {
            all.push((place.clone(), changed));
        }
        let mut removed = whole.clone();
        if remove(&mut removed, &place) {
            all.push((format!("{place} -"), removed));
        }
    }
    all
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

fn change(leaf: &mut Value) -> bool {
    *leaf = match leaf {
        Value::String(text) => Value::String(format!("{text}x")),
        Value::Number(number) if number.is_f64() => (number.as_f64().unwrap_or(0.0) + 0.5).into(),
        Value::Number(number) => (number.as_i64().unwrap_or(0) ^ 1).into(),
        Value::Bool(value) => Value::Bool(!*value),
        _ => return false,
    };
    true
}

/// Only members that say something: what is `null` or empty means the same as what is absent.
fn remove(whole: &mut Value, place: &str) -> bool {
    let Some((parent, key)) = place.rsplit_once('/') else {
        return false;
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    let members: Option<&mut Map<String, Value>> =
        whole.pointer_mut(parent).and_then(Value::as_object_mut);
    let removed = members.and_then(|members| members.shift_remove(&key));
    removed.is_some_and(|value| !value.is_null())
}
