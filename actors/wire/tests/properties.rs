//! Properties of the crate as its users see it.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::convert::Infallible;

use bytes::Bytes;
use nenya_wire::scanner::{Listener, Text, Value as Scanned, scan};
use nenya_wire::{
    ChatRequest, JsonLimits, JsonTexts, WireError, event_texts, json_string, only_slot,
    reply_texts, request_texts, rewrite_json_texts,
};
use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::Value;

const NO_LIMITS: JsonLimits = JsonLimits {
    max_depth: u32::MAX,
    max_values: u32::MAX,
};

/// Takes everything that the grammar takes, duplicates included.
struct Grammar;

impl<'a> Listener<'a> for Grammar {
    type Context = ();
    const UNIQUE_KEYS: bool = false;

    fn root(&mut self) {}

    fn member(&mut self, (): (), _key: &Text<'a>) -> Result<(), WireError> {
        Ok(())
    }

    fn value(&mut self, (): (), value: Scanned<'a>) -> Result<(), WireError> {
        if let Scanned::Text(text) = value {
            assert_eq!(text.decoded().len(), text.decoded_len());
        }
        Ok(())
    }
}

fn scanner_takes(body: &[u8]) -> bool {
    scan(body, &NO_LIMITS, &mut Grammar).is_ok()
}

/// serde_json reads skipped strings without looking at their encoding, so that is asked first.
fn serde_takes(body: &[u8]) -> bool {
    std::str::from_utf8(body).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[ -~]{0,90}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            proptest::collection::vec((any::<String>(), inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn spelling(document: &Value, pretty: bool) -> String {
    let spelt = if pretty {
        serde_json::to_string_pretty(document)
    } else {
        serde_json::to_string(document)
    };
    spelt.unwrap()
}

/// What a mutation puts in: pieces that matter to the grammar.
fn patch() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::sample::select(vec![
            "\"", "\\", "\\u", "\\ud800", "{", "}", "[", "]", ",", ":", "0", "-", ".", "e", "1e5",
            "true", "nul", " ", "\n", "\u{0}", "\u{1f}", "é", "\\n", "\\/", "00", "\t",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..3),
    ]
}

fn mutated(mut body: Vec<u8>, mutations: Vec<(prop::sample::Index, usize, Vec<u8>)>) -> Vec<u8> {
    for (at, removed, patch) in mutations {
        let from = at.index(body.len() + 1);
        let to = (from + removed).min(body.len());
        body.splice(from..to, patch);
    }
    body
}

/// A chat request with a known text in some places.
fn chat() -> impl Strategy<Value = (String, Vec<String>)> {
    let message = (any::<String>(), any::<String>(), document(), any::<bool>());
    (
        any::<String>(),
        proptest::collection::vec(message, 0..5),
        any::<bool>(),
    )
        .prop_map(|(model, messages, first)| {
            let (mut bodies, mut texts) = (Vec::new(), Vec::new());
            for (content, part, unknown, array) in messages {
                let content = if array {
                    format!("[{{\"type\":\"text\", \"text\":{}}}]", json_string(&part))
                } else {
                    json_string(&content)
                };
                texts.push(content.clone());
                bodies.push(format!(
                    "{{\"role\":\"user\",\"content\": {content},\"x\":[1.10,{unknown}]}}"
                ));
            }
            let model = json_string(&format!("m{model}"));
            let messages = bodies.join(" ,");
            let body = if first {
                format!("{{\"model\":{model},\"messages\":[{messages}]}}")
            } else {
                format!("{{\"messages\":[{messages}] , \"model\" : {model}, \"z\":1E2}}")
            };
            (body, texts)
        })
}

fn limits() -> JsonLimits {
    JsonLimits::default()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn valid_documents_are_taken(document in document(), pretty in any::<bool>()) {
        prop_assert!(scanner_takes(spelling(&document, pretty).as_bytes()));
    }

    #[test]
    fn scanner_takes_exactly_what_serde_json_takes(
        document in document(),
        pretty in any::<bool>(),
        mutations in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..4, patch()), 1..4),
    ) {
        let body = mutated(spelling(&document, pretty).into_bytes(), mutations);
        prop_assert_eq!(scanner_takes(&body), serde_takes(&body), "{}", String::from_utf8_lossy(&body));
    }

    #[test]
    fn random_bytes_are_judged_alike(body in proptest::collection::vec(patch(), 0..12)) {
        let body = body.concat();
        prop_assert_eq!(scanner_takes(&body), serde_takes(&body), "{}", String::from_utf8_lossy(&body));
    }

    #[test]
    fn replaced_texts_read_back_and_the_rest_keeps_its_bytes((body, _) in chat(), text in any::<String>(), every in 1_usize..4) {
        let request = ChatRequest::parse(Bytes::from(body.clone()), &limits()).unwrap();
        let mut number = 0;
        let rewritten = request.rewrite_texts::<Infallible>(&mut |_| {
            number += 1;
            Ok((number % every == 0).then(|| text.clone()))
        }).unwrap();
        let Some(rewritten) = rewritten else { return Ok(()) };
        let again = ChatRequest::parse(rewritten.body().clone(), &limits()).unwrap();
        prop_assert_eq!(again.model(), request.model());
        prop_assert_eq!(rewritten.with_model("other"), again.with_model("other"));
        // With all texts cut out, old and new are the same bytes.
        let skeleton = |request: &ChatRequest| {
            let mut rest = Vec::new();
            let mut from = 0;
            for span in request.texts() {
                rest.extend_from_slice(&request.body()[from..span.start]);
                from = span.end;
            }
            rest.extend_from_slice(&request.body()[from..]);
            rest
        };
        prop_assert_eq!(skeleton(&request), skeleton(&rewritten));
    }

    #[test]
    fn model_splice_changes_the_model_only((body, texts) in chat(), model in "[a-z/\"é]{1,20}") {
        let request = ChatRequest::parse(Bytes::from(body), &limits()).unwrap();
        let spliced = request.with_model(&model);
        let again = ChatRequest::parse(spliced.clone(), &limits()).unwrap();
        prop_assert_eq!(again.model(), model);
        let spliced = String::from_utf8(spliced.to_vec()).unwrap();
        for text in texts {
            prop_assert!(spliced.contains(&text));
        }
        prop_assert_eq!(again.with_model(request.model()), request.with_model(request.model()));
    }

    #[test]
    fn nothing_panics_on_any_bytes(body in proptest::collection::vec(patch(), 0..40)) {
        let body = Bytes::from(body.concat());
        drop(ChatRequest::parse(body.clone(), &limits()).map(|request| request.last_user_text()));
        drop(rewrite_json_texts::<Infallible>(&body, &limits(), &mut |_| Ok(Some("x".into()))));
        let _ = (nenya_wire::Usage::from_reply(&body), nenya_wire::ErrorBody::parse(&body));
        let _ = (nenya_wire::field_str(&body, "model"), nenya_wire::is_json_object(&body));
    }

    #[test]
    fn chosen_texts_change_and_nothing_else(
        document in document(), pretty in any::<bool>(),
        picks in proptest::collection::vec((any::<prop::sample::Index>(), any::<String>()), 0..6),
    ) {
        let body = spelling(&document, pretty);
        let texts = request_texts(body.as_bytes(), &NO_LIMITS).unwrap();
        let count = texts.texts().len();
        let chosen: Vec<(usize, String)> = if count == 0 { Vec::new() } else {
            picks.into_iter().map(|(pick, text)| (pick.index(count), text)).collect()
        };
        let edited = texts.with_texts(&chosen);
        let rest = |texts: &JsonTexts<'_>, body: &[u8]| {
            let (mut rest, mut from) = (Vec::new(), 0);
            for span in texts.texts() {
                rest.extend_from_slice(&body[from..span.start]);
                from = span.end;
            }
            rest.extend_from_slice(&body[from..]);
            rest
        };
        let again = request_texts(&edited, &NO_LIMITS).unwrap();
        // A text that became empty, or looks like an image now, is no longer listed.
        if again.texts().len() == count {
            prop_assert_eq!(rest(&texts, body.as_bytes()), rest(&again, &edited));
            for number in 0..count {
                let last = chosen.iter().rev().find(|(chosen, _)| *chosen == number);
                let wanted = last.map_or_else(|| texts.text(number), |(_, text)| text.as_str().into());
                prop_assert_eq!(again.text(number), wanted);
            }
        }
        prop_assert!(serde_json::from_slice::<Value>(&edited).is_ok());
        let request = ChatRequest::parse(Bytes::from(format!("{{\"model\":\"m\",\"messages\":[{body}]}}")), &NO_LIMITS).unwrap();
        prop_assert_eq!(request.texts().len(), count);
        for number in 0..count {
            prop_assert_eq!(request.text(number), texts.text(number));
            prop_assert!(!request.place(number).is_empty());
        }
    }

    #[test]
    fn replies_and_events_of_any_bytes_do_no_harm(body in proptest::collection::vec(patch(), 0..40)) {
        let body = body.concat();
        if let Ok(texts) = reply_texts(&body, &limits()) {
            let all: Vec<_> = (0..texts.texts().len()).map(|number| (number, texts.place(number))).collect();
            drop(texts.with_texts(&all));
        }
        if let Ok(event) = event_texts(&body) {
            for slot in event.slots() {
                drop(only_slot(&body, slot, "x"));
            }
        }
    }
}
