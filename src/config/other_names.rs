//! What keys are called elsewhere: for mistakes that are no misspellings.
//!
//! Owns the few names that other programs give to keys of ours. Pure; never decides whether a key
//! exists. Called by the check for a key that does not.

use serde_json::{Map, Value};

use super::shape::section_with_key;

/// A key of ours, and what people write who know other programs.
const NAMES: &[(&str, &[&str])] = &[
    (
        "listen_addr",
        &[
            "addr",
            "address",
            "bind",
            "bind_addr",
            "bind_address",
            "host",
            "http_port",
            "listen",
            "listen_port",
            "port",
        ],
    ),
    ("log_level", &["level", "verbosity"]),
    (
        "url",
        &["address", "api_base", "api_url", "base_url", "endpoint"],
    ),
];

/// The key that `name` stands for, if exactly one does: one of this object by another name, one of
/// a section of this object, as `section.key`, or one that begins or ends with its words.
pub(super) fn other_name(root: &Value, known: &Map<String, Value>, name: &str) -> Option<String> {
    let name = name.to_lowercase().replace('-', "_");
    let meant = NAMES
        .iter()
        .filter(|(_, others)| others.contains(&name.as_str()))
        .find_map(|(key, _)| reached(root, known, key));
    let starts = |key: &str| {
        key.strip_prefix(&*name)
            .is_some_and(|rest| rest.starts_with('_'))
    };
    let ends = |key: &str| {
        key.strip_suffix(&*name)
            .is_some_and(|rest| rest.ends_with('_'))
    };
    meant
        .or_else(|| only(known, starts))
        .or_else(|| only(known, ends))
}

/// How a key is reached from an object: by its name, or through a section of the top level.
fn reached(root: &Value, known: &Map<String, Value>, key: &str) -> Option<String> {
    if known.contains_key(key) {
        return Some(key.to_owned());
    }
    let section = section_with_key(root, key)?;
    known
        .contains_key(&section)
        .then(|| format!("{section}.{key}"))
}

/// The key that fits, unless several do.
fn only(known: &Map<String, Value>, fits: impl Fn(&str) -> bool) -> Option<String> {
    let mut fitting = known.keys().filter(|key| fits(key));
    let first = fitting.next()?;
    fitting.next().is_none().then(|| first.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::schema::made_from_types;

    fn meant(place: &str, name: &str) -> Option<String> {
        let root = made_from_types();
        let node = root.pointer(place).unwrap();
        let node = super::super::shape::resolve(&root, node);
        let known = node.get("properties").and_then(Value::as_object).unwrap();
        other_name(&root, known, name)
    }

    const TOP: &str = "";
    const SERVER: &str = "/properties/server";
    const PROVIDER: &str = "/properties/providers/additionalProperties";

    #[test]
    fn every_name_of_the_table_leads_to_a_key_that_exists() {
        for (key, others) in NAMES {
            let place = if *key == "url" { PROVIDER } else { SERVER };
            for other in *others {
                assert_eq!(meant(place, other).as_deref(), Some(*key), "{other}");
            }
        }
    }

    #[test]
    fn at_the_top_the_section_is_named_too() {
        for name in ["port", "Listen", "bind-address"] {
            assert_eq!(meant(TOP, name).as_deref(), Some("server.listen_addr"));
        }
        assert_eq!(meant(PROVIDER, "port"), None);
    }

    #[test]
    fn words_of_one_key_name_it_and_those_of_several_do_not() {
        assert_eq!(
            meant(PROVIDER, "timeout").as_deref(),
            Some("timeout_seconds")
        );
        assert_eq!(meant(SERVER, "format").as_deref(), Some("log_format"));
        assert_eq!(meant(SERVER, "max"), None);
        assert_eq!(meant(SERVER, "log"), None);
    }
}
