//! Removing what means "as if not written" from a merged tree.
//!
//! Owns that rule: `null`, and an empty text where only fixed words may stand. It runs after the
//! files are laid over each other, since a `null` of a later file must first win.

use serde_json::Value;

use super::shape::{choose, fixed_words, member_node};

/// Removes what means "as if not written": `null` members, and empty words where only fixed
/// words may stand (the file format writes `"strategy": ""` for the default).
pub(super) fn settle(schema: &Value, value: &mut Value) {
    settle_node(schema, schema, value);
}

fn settle_node(root: &Value, node: &Value, value: &mut Value) {
    let Some(node) = choose(root, node, value) else {
        return;
    };
    match value {
        Value::Object(members) => {
            members.retain(|name, member| {
                let empty_word = || {
                    member_node(node, name).is_some_and(|node| is_empty_word(root, node, member))
                };
                !(member.is_null() || empty_word())
            });
            for (name, member) in members {
                if let Some(below) = member_node(node, name) {
                    settle_node(root, below, member);
                }
            }
        }
        Value::Array(elements) => {
            let Some(below) = node.get("items") else {
                return;
            };
            elements
                .iter_mut()
                .for_each(|element| settle_node(root, below, element));
        }
        _ => {}
    }
}

fn is_empty_word(root: &Value, node: &Value, value: &Value) -> bool {
    value.as_str() == Some("")
        && choose(root, node, value).is_some_and(|node| !fixed_words(node).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::check::check;
    use crate::config::schema::made_from_types;
    use serde_json::json;

    #[test]
    fn null_and_empty_words_mean_not_written() {
        let mut value = json!({
            "server": {"log_level": "", "tls": null, "user_agent": "x"},
            "agents": {"a": {"strategy": "", "models": [{"provider": "p", "model": null, "format": ""}]}, "b": null},
            "local_engine": null
        });
        check(&made_from_types(), &value, &mut |path, what| {
            panic!("{path}: {what}")
        });
        settle(&made_from_types(), &mut value);
        let expected = json!({
            "server": {"user_agent": "x"},
            "agents": {"a": {"models": [{"provider": "p"}]}}
        });
        assert_eq!(value, expected);
    }
}
