//! Laying one file over another.
//!
//! Owns one rule for all sections, so that no key can be forgotten: objects are merged key by
//! key, everything else is replaced, whatever the value (`false`, `0` and `null` included; `null`
//! means as if the key were not written at all). Entries that have names of their own (agents,
//! providers, tool servers, limits of single keys) are replaced whole, since half an agent from
//! one file and half from another is nobody's agent.

use serde_json::Value;

use super::document::Document;
use super::error::{KeyPath, Step};

/// Lays `later` over `base`.
pub(super) fn lay_over(base: &mut Document, later: Document) {
    merge(&mut base.value, later.value, &KeyPath::default());
    base.places.extend(later.places);
}

fn merge(base: &mut Value, later: Value, path: &KeyPath) {
    match (base, later) {
        (Value::Object(base), Value::Object(later)) => {
            let whole = entries_have_names(path);
            for (name, value) in later {
                match base.get_mut(&name) {
                    Some(known) if !whole => merge(known, value, &path.key(&name)),
                    _ => {
                        base.insert(name, value);
                    }
                }
            }
        }
        (base, later) => *base = later,
    }
}

fn entries_have_names(path: &KeyPath) -> bool {
    let steps: Vec<&str> = path.0.iter().map(step_name).collect();
    matches!(
        steps.as_slice(),
        ["agents" | "providers" | "mcp_servers"] | ["limits", "keys"]
    )
}

fn step_name(step: &Step) -> &str {
    match step {
        Step::Key(name) => name,
        Step::Index(_) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn merged(files: &[Value]) -> Value {
        let mut base = Document::empty();
        for file in files {
            lay_over(
                &mut base,
                Document {
                    value: file.clone(),
                    ..Document::empty()
                },
            );
        }
        base.value
    }

    #[test]
    fn sections_are_merged_key_by_key() {
        let files = [
            json!({"server": {"log_level": "info", "workers": 2}}),
            json!({"server": {"log_level": "warn"}}),
        ];
        assert_eq!(
            merged(&files),
            json!({"server": {"log_level": "warn", "workers": 2}})
        );
    }

    #[test]
    fn false_zero_and_null_win_as_any_value() {
        let files = [
            json!({"bouncer": {"enabled": true, "redact_output": true}, "server": {"workers": 4, "tls": {"cert_file": "a"}}}),
            json!({"bouncer": {"enabled": false, "redact_output": null}, "server": {"workers": 0, "tls": null}}),
        ];
        let expected = json!({"bouncer": {"enabled": false, "redact_output": null}, "server": {"workers": 0, "tls": null}});
        assert_eq!(merged(&files), expected);
    }

    #[test]
    fn lists_are_replaced() {
        let files = [
            json!({"server": {"trusted_proxies": ["a", "b"]}}),
            json!({"server": {"trusted_proxies": ["c"]}}),
        ];
        assert_eq!(
            merged(&files),
            json!({"server": {"trusted_proxies": ["c"]}})
        );
    }

    #[test]
    fn named_entries_are_replaced_whole_and_others_stay() {
        for section in ["agents", "providers", "mcp_servers"] {
            let files = [
                json!({section: {"a": {"x": 1, "y": 2}, "b": {"x": 1}}}),
                json!({section: {"a": {"x": 3}, "c": {}}}),
            ];
            assert_eq!(
                merged(&files),
                json!({section: {"a": {"x": 3}, "b": {"x": 1}, "c": {}}})
            );
        }
        let files = [
            json!({"limits": {"keys": {"k": {"x": 1, "y": 2}}}}),
            json!({"limits": {"keys": {"k": {"x": 3}}}}),
        ];
        assert_eq!(merged(&files), json!({"limits": {"keys": {"k": {"x": 3}}}}));
    }

    #[test]
    fn nested_objects_of_a_section_are_merged() {
        let files = [
            json!({"limits": {"per_key": {"requests_per_minute": 1, "concurrent_requests": 2}}}),
            json!({"limits": {"per_key": {"requests_per_minute": 9}}}),
        ];
        let expected =
            json!({"limits": {"per_key": {"requests_per_minute": 9, "concurrent_requests": 2}}});
        assert_eq!(merged(&files), expected);
    }
}
