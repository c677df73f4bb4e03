//! The schema of the configuration, as it is published and as it is checked against.
//!
//! Owns the small corrections to what schemars makes of the types: titles and the defaults of
//! whole sections go, marks for missing features come. Never adds a key that the types lack.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::Config;
use super::unsupported_keys::{CREDENTIAL_REMEDY, CREDENTIALS, RULES};

/// The schema for `--print-config-schema`.
pub(super) fn published() -> Value {
    let mut schema = made_from_types();
    for rule in RULES {
        let word = if rule.is_partly_there() {
            PARTLY
        } else {
            ABSENT
        };
        mark(&mut schema, rule.path, word, &rule.remedy());
    }
    for path in CREDENTIALS {
        mark(&mut schema, path, ABSENT, CREDENTIAL_REMEDY);
    }
    schema
}

/// Marks a key whose feature is missing; the value says what to do instead.
pub(super) const ABSENT: &str = "x-not-in-this-version";

/// Marks a key of whose values some are refused; the value says which to use.
pub(super) const PARTLY: &str = "x-partly-in-this-version";

/// The schema that files are checked against.
pub(super) fn made_from_types() -> Value {
    let generator = SchemaSettings::draft2020_12()
        .for_deserialize()
        .into_generator();
    let mut schema = generator.into_root_schema_for::<Config>().to_value();
    tidy(&mut schema);
    if let Some(top) = schema.as_object_mut() {
        top.insert("title".to_owned(), json!("nenya configuration"));
    }
    schema
}

/// Removes defaults of whole sections: each key has its own.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("default").is_some_and(Value::is_object) && members.contains_key("$ref")
            {
                members.remove("default");
            }
            members.values_mut().for_each(tidy);
        }
        Value::Array(elements) => elements.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn mark(schema: &mut Value, path: &str, word: &str, remedy: &str) {
    let Some(pointer) = pointer_to(schema, path) else {
        return;
    };
    if let Some(key) = schema.pointer_mut(&pointer).and_then(Value::as_object_mut) {
        key.insert(word.to_owned(), json!(remedy));
    }
}

/// The JSON pointer of the definition of the key at `path` (`*` for any name, `[]` for elements).
pub(super) fn pointer_to(schema: &Value, path: &str) -> Option<String> {
    let mut pointer = String::new();
    for step in path.split('.') {
        pointer = follow(schema, pointer)?;
        let next = match step {
            "*" => format!("{pointer}/additionalProperties"),
            "[]" => format!("{pointer}/items"),
            key => format!("{pointer}/properties/{key}"),
        };
        schema.pointer(&next)?;
        pointer = next;
    }
    Some(pointer)
}

/// Goes through references and choices to the definition with the members.
fn follow(schema: &Value, mut pointer: String) -> Option<String> {
    for _ in 0..8 {
        let node = schema.pointer(&pointer)?;
        if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            pointer = reference.strip_prefix('#')?.to_owned();
        } else if let Some(choices) = node.get("anyOf").and_then(Value::as_array) {
            let structured =
                |choice: &Value| choice.get("$ref").is_some() || choice.get("properties").is_some();
            let position = choices.iter().position(structured)?;
            pointer = format!("{pointer}/anyOf/{position}");
        } else {
            return Some(pointer);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each_reference(node: &Value, visit: &mut dyn FnMut(&str)) {
        match node {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    visit(reference);
                }
                members
                    .values()
                    .for_each(|member| each_reference(member, visit));
            }
            Value::Array(elements) => elements
                .iter()
                .for_each(|element| each_reference(element, visit)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let schema = published();
        let mut count = 0;
        each_reference(&schema, &mut |reference| {
            count += 1;
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(schema.pointer(pointer).is_some(), "{reference}");
        });
        assert!(count > 15, "{count}");
    }

    #[test]
    fn only_words_stand_beside_a_reference() {
        fn visit(node: &Value) {
            let Some(members) = node.as_object() else {
                return;
            };
            if members.contains_key("$ref") {
                let extra = members
                    .keys()
                    .filter(|key| !["$ref", "description"].contains(&key.as_str()));
                assert_eq!(extra.count(), 0, "{node}");
            }
            members.values().for_each(visit);
        }
        visit(&made_from_types());
    }

    #[test]
    fn every_object_refuses_unknown_keys_or_is_a_map() {
        fn visit(node: &Value, path: &str) {
            let Some(members) = node.as_object() else {
                return;
            };
            if members.contains_key("properties") {
                assert_eq!(
                    members.get("additionalProperties"),
                    Some(&json!(false)),
                    "{path}"
                );
            }
            for (name, member) in members {
                visit(member, &format!("{path}/{name}"));
            }
        }
        visit(&published(), "#");
    }

    #[test]
    fn every_key_has_a_description() {
        fn visit(node: &Value, path: &str) {
            let Some(members) = node.as_object() else {
                return;
            };
            if let Some(keys) = members.get("properties").and_then(Value::as_object) {
                for (name, key) in keys {
                    assert!(key.get("description").is_some(), "{path}/{name}");
                }
            }
            for (name, member) in members {
                visit(member, &format!("{path}/{name}"));
            }
        }
        visit(&published(), "#");
    }

    #[test]
    fn numbers_have_limits() {
        let schema = published();
        let rpm = pointer_to(&schema, "limits.keys.*.requests_per_minute").unwrap();
        assert_eq!(
            schema.pointer(&rpm).unwrap()["maximum"],
            json!(1_000_000_000)
        );
        let body = pointer_to(&schema, "server.max_body_bytes").unwrap();
        assert_eq!(schema.pointer(&body).unwrap()["default"], json!(10_485_760));
    }
}
