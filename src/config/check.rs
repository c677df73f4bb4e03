//! Checks a tree of values against the schema, and says every mistake at once.
//!
//! Owns the reading of the few schema words that the types lead to: types, choices, fixed words,
//! limits, members, elements, and the forms of texts. What passes here can be turned into the
//! types; deserialising is only the second net. Never prints a value.

use serde_json::{Map, Value};

use super::error::{KeyPath, What};
use super::other_names::other_name;
use super::scalar::{ByteSize, HumanDuration, check_text};
use super::shape::{
    choices, choose, fixed_words, member_node, nearest, section_with_key, type_names,
};

/// Checks `value`, the top of a file, and gives each mistake to `report`.
pub(super) fn check(schema: &Value, value: &Value, report: &mut dyn FnMut(KeyPath, What)) {
    Checker {
        root: schema,
        report,
    }
    .value(schema, value, &KeyPath::default());
}

fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn expected(root: &Value, node: &Value) -> String {
    let names = choices(root, node).into_iter().flat_map(type_names);
    let mut words: Vec<&str> = names.filter(|name| *name != "null").map(article).collect();
    words.dedup();
    let mut text = words.join(" or ");
    if node.get("format").and_then(Value::as_str) == Some(HumanDuration::FORMAT) {
        text.push_str(" such as \"30s\"");
    }
    text
}

fn article(name: &str) -> &'static str {
    match name {
        "object" => "an object",
        "array" => "a list",
        "string" => "a text",
        "boolean" => "true or false",
        "number" => "a number",
        "integer" => "a whole number",
        _ => "another value",
    }
}

struct Checker<'a, 'r> {
    root: &'a Value,
    report: &'r mut dyn FnMut(KeyPath, What),
}

impl Checker<'_, '_> {
    fn value(&mut self, node: &Value, value: &Value, path: &KeyPath) {
        let Some(chosen) = choose(self.root, node, value) else {
            let what = What::WrongType {
                found: found(value),
                expected: expected(self.root, node),
            };
            return (self.report)(path.clone(), what);
        };
        match value {
            Value::Object(members) => self.object(chosen, members, path),
            Value::Array(elements) => self.array(chosen, elements, path),
            Value::String(text) => self.text(chosen, text, path),
            Value::Number(_) => self.number(chosen, value, path),
            _ => {}
        }
    }

    fn object(&mut self, node: &Value, members: &Map<String, Value>, path: &KeyPath) {
        for (name, member) in members {
            let below = path.key(name);
            match member_node(node, name) {
                Some(_) if member.is_null() => {}
                Some(node) => self.value(node, member, &below),
                None => (self.report)(below, unknown_key(self.root, node, name)),
            }
        }
        for key in node
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if members.get(key).is_none_or(Value::is_null) {
                (self.report)(
                    path.clone(),
                    What::MissingKey {
                        key: key.to_owned(),
                    },
                );
            }
        }
    }

    fn array(&mut self, node: &Value, elements: &[Value], path: &KeyPath) {
        self.count(
            node,
            ("minItems", "maxItems"),
            "number of entries",
            elements.len(),
            path,
        );
        let Some(below) = node.get("items") else {
            return;
        };
        for (index, element) in elements.iter().enumerate() {
            self.value(below, element, &path.index(index));
        }
    }

    fn text(&mut self, node: &Value, text: &str, path: &KeyPath) {
        let allowed = fixed_words(node);
        if !allowed.is_empty() {
            if !text.is_empty() && !allowed.iter().any(|word| word == text) {
                let nearest = nearest(text, allowed.iter().map(String::as_str));
                (self.report)(path.clone(), What::NotOneOf { allowed, nearest });
            }
            return;
        }
        self.count(
            node,
            ("minLength", "maxLength"),
            "length",
            text.chars().count(),
            path,
        );
        let format = node.get("format").and_then(Value::as_str).unwrap_or("");
        match check_text(format, text) {
            Err(what) => (self.report)(path.clone(), what),
            Ok(()) => self.text_limits(node, text, path),
        }
    }

    fn count(
        &mut self,
        node: &Value,
        words: (&str, &str),
        measure: &'static str,
        count: usize,
        path: &KeyPath,
    ) {
        let least = node.get(words.0).and_then(Value::as_u64);
        let most = node.get(words.1).and_then(Value::as_u64);
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        if least.is_some_and(|least| count < least) || most.is_some_and(|most| count > most) {
            let (least, most) = (least.map(|n| n.to_string()), most.map(|n| n.to_string()));
            (self.report)(
                path.clone(),
                What::OutOfRange {
                    measure,
                    least,
                    most,
                },
            );
        }
    }

    fn number(&mut self, node: &Value, value: &Value, path: &KeyPath) {
        let (least, most) = (node.get("minimum"), node.get("maximum"));
        let number = value.as_f64().unwrap_or(f64::NAN);
        let below = least
            .and_then(Value::as_f64)
            .is_some_and(|least| number < least);
        let above = most
            .and_then(Value::as_f64)
            .is_some_and(|most| number > most);
        if below || above {
            let (least, most) = (least.map(Value::to_string), most.map(Value::to_string));
            return (self.report)(
                path.clone(),
                What::OutOfRange {
                    measure: "value",
                    least,
                    most,
                },
            );
        }
        if node.get("format").and_then(Value::as_str) == Some(ByteSize::FORMAT) {
            // Less than nothing is as far below the limit as nothing.
            let below = value.as_i64().filter(|number| *number < 0).map(|_| 0);
            self.size_limits(node, value.as_u64().or(below), path);
        }
    }

    fn text_limits(&mut self, node: &Value, text: &str, path: &KeyPath) {
        match node.get("format").and_then(Value::as_str) {
            Some(HumanDuration::FORMAT) => {
                let time = |text: &str| text.parse::<HumanDuration>().ok();
                self.limits(node, time(text), &time, path);
            }
            Some(ByteSize::FORMAT) => {
                self.size_limits(node, text.parse().ok().map(ByteSize::get), path)
            }
            _ => {}
        }
    }

    fn size_limits(&mut self, node: &Value, bytes: Option<u64>, path: &KeyPath) {
        let size = |text: &str| text.parse::<ByteSize>().ok();
        self.limits(node, bytes.map(ByteSize::bytes), &size, path);
    }

    fn limits<T: PartialOrd>(
        &mut self,
        node: &Value,
        value: Option<T>,
        parse: &dyn Fn(&str) -> Option<T>,
        path: &KeyPath,
    ) {
        let Some(value) = value else { return };
        let limit = |word: &str| node.get(word).and_then(Value::as_str);
        let (least, most) = (limit("x-minimum"), limit("x-maximum"));
        let below = least.and_then(parse).is_some_and(|least| value < least);
        let above = most.and_then(parse).is_some_and(|most| value > most);
        if below || above {
            let (least, most) = (least.map(str::to_owned), most.map(str::to_owned));
            (self.report)(
                path.clone(),
                What::OutOfRange {
                    measure: "value",
                    least,
                    most,
                },
            );
        }
    }
}

fn unknown_key(root: &Value, node: &Value, name: &str) -> What {
    let known = node.get("properties").and_then(Value::as_object);
    let nearest = nearest(
        name,
        known.into_iter().flat_map(Map::keys).map(String::as_str),
    );
    let nearest = nearest.or_else(|| other_name(root, known?, name));
    let belongs = if nearest.is_some() {
        None
    } else {
        section_with_key(root, name)
    };
    What::UnknownKey { nearest, belongs }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::schema::made_from_types;
    use serde_json::json;

    fn mistakes(value: &Value) -> Vec<String> {
        let mut lines = Vec::new();
        check(&made_from_types(), value, &mut |path, what| {
            lines.push(format!("{path}: {what}"))
        });
        lines
    }

    fn mistake(value: &Value) -> String {
        let lines = mistakes(value);
        assert_eq!(lines.len(), 1, "{lines:?}");
        lines.concat()
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        assert_eq!(
            mistake(&json!({"server": {"listen_adr": "x"}})),
            "server.listen_adr: unknown key; did you mean `listen_addr`?"
        );
        assert_eq!(
            mistake(&json!({"server": {"port": 8080}})),
            "server.port: unknown key; did you mean `listen_addr`?"
        );
        assert_eq!(
            mistake(&json!({"listen": ":8080"})),
            "listen: unknown key; did you mean `server.listen_addr`?"
        );
        assert_eq!(
            mistake(&json!({"Server": {}})),
            "Server: unknown key; did you mean `server`?"
        );
        assert_eq!(
            mistake(&json!({"providers": {"openai": {"timeout-seconds": 1}}})),
            "providers.openai.timeout-seconds: unknown key; did you mean `timeout_seconds`?"
        );
    }

    #[test]
    fn a_key_in_the_wrong_section_names_the_right_one() {
        assert_eq!(
            mistake(&json!({"context": {"auto_context_skip": true}})),
            "context.auto_context_skip: unknown key; it belongs in `governance`"
        );
        assert_eq!(mistake(&json!({"zzz": 1})), "zzz: unknown key");
    }

    #[test]
    fn a_wrong_type_says_what_was_found_and_what_was_expected() {
        let cases = [
            (
                json!({"server": 5}),
                "server: found a number, expected an object",
            ),
            (
                json!({"server": {"workers": "4"}}),
                "server.workers: found a text, expected a whole number",
            ),
            (
                json!({"server": {"workers": 1.5}}),
                "server.workers: found a number with a fraction, expected a whole number",
            ),
            (
                json!({"server": {"behind_proxy": "yes"}}),
                "server.behind_proxy: found a text, expected true or false",
            ),
            (
                json!({"server": {"header_timeout": 5}}),
                "server.header_timeout: found a number, expected a text such as \"30s\"",
            ),
            (
                json!({"server": {"max_stream_bytes": true}}),
                "server.max_stream_bytes: found a boolean, expected a whole number or a text",
            ),
            (
                json!({"agents": []}),
                "agents: found a list, expected an object",
            ),
            (
                json!({"agents": {"a": {"models": [1]}}}),
                "agents.a.models[0]: found a number, expected a text or an object",
            ),
            (
                json!({"server": {"trusted_proxies": [null]}}),
                "server.trusted_proxies[0]: found null, expected a text",
            ),
            (
                json!({"bouncer": {"engine": 1}}),
                "bouncer.engine: found a number, expected a text or an object",
            ),
        ];
        for (value, message) in cases {
            assert_eq!(mistake(&value), message);
        }
    }

    #[test]
    fn limits_are_checked_for_numbers_times_sizes_and_lengths() {
        let cases = [
            (
                json!({"server": {"workers": -1}}),
                "server.workers: value must be from 0 to 1024",
            ),
            (
                json!({"server": {"workers": 1025}}),
                "server.workers: value must be from 0 to 1024",
            ),
            (
                json!({"server": {"header_timeout": "1h"}}),
                "server.header_timeout: value must be from 1s to 5m",
            ),
            (
                json!({"server": {"max_stream_bytes": 1}}),
                "server.max_stream_bytes: value must be from 1 KiB to 1 GiB",
            ),
            (
                json!({"server": {"max_stream_bytes": "2 GiB"}}),
                "server.max_stream_bytes: value must be from 1 KiB to 1 GiB",
            ),
            (
                json!({"server": {"user_agent": ""}}),
                "server.user_agent: length must be from 1 to 256",
            ),
            (
                json!({"governance": {"retryable_status_codes": []}}),
                "governance.retryable_status_codes: number of entries must be from 1 to 100",
            ),
            (
                json!({"governance": {"retryable_status_codes": [200]}}),
                "governance.retryable_status_codes[0]: value must be from 400 to 599",
            ),
            (
                json!({"providers": {"p": {"breaker": {"cooldown": "0s"}}}}),
                "providers.p.breaker.cooldown: value must be from 1s to 10m",
            ),
            (
                json!({"limits": {"keys": {"k": {"concurrent_requests": 2_000_000}}}}),
                "limits.keys.k.concurrent_requests: value must be from 0 to 1000000",
            ),
        ];
        for (value, message) in cases {
            assert_eq!(mistake(&value), message);
        }
    }

    #[test]
    fn fixed_words_are_listed_and_the_value_is_not_repeated() {
        let message = mistake(&json!({"server": {"log_level": "INFO"}}));
        assert_eq!(
            message,
            "server.log_level: found a text that is none of `debug`, `info`, `warn`, `error`; did you mean `info`?"
        );
        let message = mistake(&json!({"providers": {"p": {"auth_style": "sk-secret"}}}));
        assert!(!message.contains("sk-secret"), "{message}");
    }

    #[test]
    fn texts_must_have_their_form() {
        let bad = [
            json!({"server": {"listen_addr": "8080"}}),
            json!({"server": {"header_timeout": "5"}}),
            json!({"server": {"trusted_proxies": ["10.0.0.0/99"]}}),
            json!({"providers": {"p": {"url": "example.com"}}}),
            json!({"bouncer": {"redact_patterns": ["(a"]}}),
            json!({"governance": {"blocked_execution_patterns": ["(a"]}}),
            json!({"providers": {"p": {"allowed_models": ["[z-a]"]}}}),
        ];
        for value in bad {
            mistake(&value);
        }
    }

    #[test]
    fn a_key_that_must_be_there_is_named() {
        assert_eq!(
            mistake(&json!({"server": {"tls": {"cert_file": "c"}}})),
            "server.tls: the key `key_file` is missing"
        );
    }

    #[test]
    fn all_mistakes_are_said_at_once() {
        let lines = mistakes(&json!({"server": {"workers": -1, "x": 1}, "zzz": 1}));
        assert_eq!(lines.len(), 3, "{lines:?}");
    }
}
