//! `wire::ChatRequest`: what is taken is JSON, and an edit changes what it says and nothing else.
#![no_main]

use std::convert::Infallible;

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use wire::{ChatRequest, JsonLimits};

const LIMITS: JsonLimits = JsonLimits {
    max_depth: 128,
    max_values: 1_000_000,
};

fn parse(body: &Bytes) -> Option<ChatRequest> {
    ChatRequest::parse(body.clone(), &LIMITS)
        .inspect_err(|error| assert!(!error.to_string().is_empty()))
        .ok()
}

fn texts(request: &ChatRequest) -> Vec<String> {
    let mut texts = Vec::new();
    let unchanged = request.rewrite_texts::<Infallible>(&mut |text| {
        texts.push(text.to_owned());
        Ok(None)
    });
    assert!(matches!(unchanged, Ok(None)));
    texts
}

fn another_model_changes_only_the_model(request: &ChatRequest) {
    assert_eq!(request.with_model(request.model()), request.body());
    let name = "other \"name\" \\ \u{1f600}\n";
    let other = parse(&request.with_model(name)).expect("a splice keeps the request valid");
    assert_eq!(other.model(), name);
    assert_eq!(texts(&other), texts(request));
    assert_eq!(other.max_tokens(), request.max_tokens());
    assert_eq!(other.stream(), request.stream());
    assert_eq!(other.wants_usage(), request.wants_usage());
}

fn replaced_texts_are_what_is_read_again(request: &ChatRequest) {
    let replacement = |text: &str| (text.len() % 3 != 0).then(|| format!("<\"{text}\\>\u{7}"));
    let edited = request.rewrite_texts::<Infallible>(&mut |text| Ok(replacement(text)));
    let Ok(Some(edited)) = edited else {
        return;
    };
    let expected: Vec<String> = texts(request)
        .into_iter()
        .map(|text| replacement(&text).unwrap_or(text))
        .collect();
    assert_eq!(texts(&edited), expected);
    let again = parse(edited.body()).expect("a rewritten request is still valid");
    assert_eq!(texts(&again), expected);
    assert_eq!(again.text_bytes(), edited.text_bytes());
    assert_eq!(again.last_user_text(), edited.last_user_text());
    assert_eq!(again.model(), request.model());
    assert_eq!(again.with_model("m"), edited.with_model("m"));
}

fuzz_target!(|bytes: &[u8]| {
    let body = Bytes::copy_from_slice(bytes);
    let Some(request) = parse(&body) else {
        return;
    };
    assert!(nenya_fuzz::is_json(bytes));
    assert_eq!(request.body(), &body);
    assert!(request.estimated_tokens() >= 1);
    assert_eq!(
        wire::field_str(bytes, "model").as_deref(),
        Some(request.model())
    );
    another_model_changes_only_the_model(&request);
    replaced_texts_are_what_is_read_again(&request);
});
