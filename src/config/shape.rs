//! Reading the schema: which definition a value follows, and what that definition allows.
//!
//! Owns the few schema words that the types lead to. Pure look-ups; says nothing about a value
//! but its type. Called by the check, by the clean-up of a tree, and by the tables of the
//! documentation.

use serde_json::Value;

/// A definition with its reference followed. Limits never stand beside a reference (a test
/// looks), so nothing is lost.
pub(super) fn resolve<'a>(root: &'a Value, node: &'a Value) -> &'a Value {
    let reference = node
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|text| text.strip_prefix('#'));
    reference
        .and_then(|pointer| root.pointer(pointer))
        .unwrap_or(node)
}

/// The section of the top level that has a key of exactly this name, if only one has.
pub(super) fn section_with_key(root: &Value, key: &str) -> Option<String> {
    let sections = root.get("properties")?.as_object()?;
    let has_key = |node: &Value| {
        let members = resolve(root, node)
            .get("properties")
            .and_then(Value::as_object);
        members.is_some_and(|members| members.contains_key(key))
    };
    let mut found = sections
        .iter()
        .filter(|(_, node)| has_key(node))
        .map(|(name, _)| name.clone());
    let first = found.next()?;
    if found.next().is_some() {
        None
    } else {
        Some(first)
    }
}

/// The definition of a member: its own, or the one for all names.
pub(super) fn member_node<'a>(node: &'a Value, name: &str) -> Option<&'a Value> {
    let own = node.get("properties").and_then(|keys| keys.get(name));
    own.or_else(|| {
        node.get("additionalProperties")
            .filter(|other| other.is_object())
    })
}

/// Follows references and picks the choice that takes values of this type, if one does.
pub(super) fn choose<'a>(root: &'a Value, node: &'a Value, value: &Value) -> Option<&'a Value> {
    choices(root, node)
        .into_iter()
        .find(|choice| takes(choice, value))
}

/// The definitions that a value may follow; a definition without a choice is its only one.
pub(super) fn choices<'a>(root: &'a Value, node: &'a Value) -> Vec<&'a Value> {
    let node = resolve(root, node);
    match node.get("anyOf").and_then(Value::as_array) {
        Some(any) => any
            .iter()
            .flat_map(|choice| choices(root, choice))
            .collect(),
        None => vec![node],
    }
}

pub(super) fn type_names(node: &Value) -> Vec<&str> {
    match node.get("type") {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ if !fixed_words(node).is_empty() => vec!["string"],
        _ => Vec::new(),
    }
}

fn takes(node: &Value, value: &Value) -> bool {
    let names = type_names(node);
    names.is_empty() || names.iter().any(|name| is_of(name, value))
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        _ => false,
    }
}

/// The fixed words of a definition: an `enum`, or a choice of single words with descriptions.
pub(super) fn fixed_words(node: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(words) = node.get("enum").and_then(Value::as_array) {
        return words.iter().filter_map(word).collect();
    }
    let Some(choices) = node.get("oneOf").and_then(Value::as_array) else {
        return Vec::new();
    };
    let words_of = |choice: &Value| match choice.get("const") {
        Some(single) => word(single).into_iter().collect(),
        None => fixed_words(choice),
    };
    choices.iter().flat_map(words_of).collect()
}

/// The candidate that looks most like `name`: letter case and dashes do not count, and at most
/// every third letter may differ.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let plain = |text: &str| text.to_lowercase().replace('-', "_");
    let name = plain(name);
    let scored = candidates.map(|candidate| {
        let distance = strsim::damerau_levenshtein(&name, &plain(candidate));
        (distance, candidate)
    });
    let (distance, candidate) = scored.min_by_key(|(distance, _)| *distance)?;
    let near = distance <= (candidate.chars().count() / 3).max(1);
    if near {
        Some(candidate.to_owned())
    } else {
        None
    }
}
