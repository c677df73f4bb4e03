use proptest::prelude::*;

use super::*;
use crate::config::ProviderKind;

fn spec(quirks: &[Quirk]) -> ProviderSpec {
    let url = "https://a.example/v1/chat/completions".parse().unwrap();
    ProviderSpec {
        quirks: quirks.to_vec(),
        ..ProviderSpec::new("p", ProviderKind::Http, url)
    }
}

fn call(model: &str) -> Call<'_> {
    Call {
        format: ApiFormat::OpenAiChat,
        model,
        cache_salt: None,
        cache_key: None,
        effort: None,
        thinking: ThinkingForm::Effort,
    }
}

fn adapted(spec: &ProviderSpec, call: Call<'_>, body: &'static str) -> (String, Vec<&'static str>) {
    let Adapted { body, notes, lost } = spec.adapt(call, Bytes::from_static(body.as_bytes()));
    assert!(lost.is_empty(), "{lost:?}");
    (String::from_utf8(body.to_vec()).unwrap(), notes)
}

const ALL: [Quirk; 8] = [
    Quirk::MaxTokens,
    Quirk::MaxCompletionTokens,
    Quirk::NoStreamOptions,
    Quirk::ReasoningContent,
    Quirk::ThoughtSignatures,
    Quirk::CacheSalt,
    Quirk::BothVersions,
    Quirk::CallsWithoutIndex,
];

#[test]
fn request_that_needs_nothing_keeps_its_bytes() {
    let body =
        r#" {"model": "m", "n":1.0e0, "messages":[{"role":"user","content":"max_tokens"}]} "#;
    assert_eq!(
        adapted(&spec(&ALL), call("m"), body),
        (body.to_owned(), vec![])
    );
    for broken in ["", "[1]", "\"x\"", r#"{"messages":[{"role":"assistant""#] {
        let (out, _) = adapted(&spec(&[Quirk::NoStreamOptions]), call("m"), broken);
        assert_eq!(out, broken);
    }
}

#[test]
fn output_limit_gets_the_name_that_is_known() {
    let old = spec(&[Quirk::MaxTokens]);
    let (body, notes) = adapted(&old, call("m"), r#"{"max_completion_tokens": 5,"a":1}"#);
    assert_eq!(body, r#"{"max_tokens": 5,"a":1}"#);
    assert_eq!(notes, ["max_completion_tokens sent as max_tokens"]);
    let new = spec(&[Quirk::MaxCompletionTokens]);
    for (model, name) in [
        ("gpt-5.5", "max_completion_tokens"),
        ("o3", "max_completion_tokens"),
        ("openai/gpt-6-sol", "max_completion_tokens"),
        ("gpt-4.1", "max_tokens"),
        ("omni", "max_tokens"),
        ("my-deployment", "max_tokens"),
    ] {
        let (body, _) = adapted(&new, call(model), r#"{"max_tokens":5}"#);
        assert_eq!(body, format!(r#"{{"{name}":5}}"#), "{model}");
    }
    let both = r#"{"max_tokens":5,"max_completion_tokens":6}"#;
    assert_eq!(adapted(&old, call("m"), both).0, both);
}

#[test]
fn stream_options_are_left_out_and_it_is_said() {
    let spec = spec(&[Quirk::NoStreamOptions]);
    let body = r#"{"stream":true, "stream_options":{"include_usage":true}}"#;
    let (body, notes) = adapted(&spec, call("m"), body);
    assert_eq!(
        (body.as_str(), notes),
        (r#"{"stream":true}"#, vec!["stream_options"])
    );
    assert!(!spec.takes_stream_options());
}

#[test]
fn what_else_stream_options_ask_for_is_lost_and_named() {
    let spec = spec(&[Quirk::NoStreamOptions]);
    let lost = |options: &str| {
        let body = format!(r#"{{"stream":true,"stream_options":{options}}}"#);
        let adapted = spec.adapt(call("m"), body.into());
        assert_eq!(adapted.notes.is_empty(), !adapted.lost.is_empty());
        adapted.lost
    };
    let asked = r#"{"include_usage":true, "include_obfuscation":false,"x":null,"x_y":1}"#;
    assert_eq!(
        lost(asked),
        ["stream_options.include_obfuscation", "stream_options.x_y"]
    );
    for nothing in [r#"{"include_usage":false}"#, "{}", "null", "7"] {
        assert!(lost(nothing).is_empty(), "{nothing}");
    }
}

#[test]
fn another_name_is_no_loss() {
    let spec = spec(&[Quirk::MaxTokens, Quirk::MaxCompletionTokens]);
    let body = Bytes::from_static(br#"{"max_completion_tokens":5}"#);
    let adapted = spec.adapt(call("m"), body);
    assert!(adapted.lost.is_empty() && !adapted.notes.is_empty());
}

#[test]
fn assistant_messages_of_deepseek_carry_reasoning_be_it_empty() {
    let spec = spec(&[Quirk::ReasoningContent]);
    let body = r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"assistant","reasoning_content":"r"}]}"#;
    let expected = r#"{"messages":[{"role":"user","content":"a"},{"reasoning_content":"","role":"assistant","content":"b"},{"role":"assistant","reasoning_content":"r"}]}"#;
    assert_eq!(adapted(&spec, call("deepseek-v4-pro"), body).0, expected);
    assert_eq!(adapted(&spec, call("glm-5.3"), body).0, body);
}

#[test]
fn calls_of_another_model_are_marked_for_gemini_and_signatures_stay() {
    let spec = spec(&[Quirk::ThoughtSignatures]);
    let body = r#"{"messages":[{"role":"assistant","tool_calls":[{"id":"a"},{"id":"b"}]},{"role":"assistant","tool_calls":[{"id":"c"},{"id":"d","extra_content":{"google":{"thought_signature":"s"}}}]}]}"#;
    let (out, _) = adapted(&spec, call("gemini-3-pro"), body);
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    let signature = |message: usize, call: usize| {
        let call = &value["messages"][message]["tool_calls"][call];
        call["extra_content"]["google"]["thought_signature"].clone()
    };
    assert_eq!(signature(0, 0), "skip_thought_signature_validator");
    assert!(signature(0, 1).is_null() && signature(1, 0).is_null());
    assert_eq!(signature(1, 1), "s");
    assert_eq!(adapted(&spec, call("gemini-2.5-pro"), body).0, body);
    assert_ne!(adapted(&spec, call("gemini-flash-latest"), body).0, body);
}

#[test]
fn salt_of_the_operator_is_added_and_the_clients_own_stays() {
    let spec = spec(&[Quirk::CacheSalt]);
    let salted = Call {
        cache_salt: Some("a\"b"),
        ..call("m")
    };
    assert_eq!(adapted(&spec, salted, "{}").0, r#"{"cache_salt":"a\"b"}"#);
    let own = r#"{"cache_salt":"mine"}"#;
    assert_eq!(adapted(&spec, salted, own).0, own);
    assert_eq!(adapted(&spec, call("m"), "{}").0, "{}");
}

#[test]
fn wish_about_thinking_is_added_unless_the_client_has_one() {
    let with = |enabled, clear| ProviderSpec {
        thinking: Some(Thinking { enabled, clear }),
        ..spec(&[])
    };
    for (spec, expected) in [
        (
            with(Some(true), Some(false)),
            r#"{"thinking":{"type":"enabled","clear_thinking":false}}"#,
        ),
        (
            with(Some(false), None),
            r#"{"thinking":{"type":"disabled"}}"#,
        ),
        (
            with(None, Some(true)),
            r#"{"thinking":{"type":"enabled","clear_thinking":true}}"#,
        ),
        (with(None, None), "{}"),
    ] {
        assert_eq!(adapted(&spec, call("m"), "{}").0, expected);
        for own in [
            r#"{"thinking":{"type":"disabled"}}"#,
            r#"{"reasoning_effort":"low"}"#,
        ] {
            assert_eq!(adapted(&spec, call("m"), own).0, own);
        }
    }
}

#[test]
fn vertex_gets_its_version_and_no_model() {
    let url = "https://r-aiplatform.googleapis.com/v1/projects/p/locations/r/publishers/anthropic/models/{model}:rawPredict";
    let vertex = ProviderSpec::new("v", ProviderKind::Http, url.parse().unwrap());
    let anthropic = Call {
        format: ApiFormat::Anthropic,
        ..call("claude-x")
    };
    let body = r#"{"model":"claude-x","max_tokens":1}"#;
    assert_eq!(
        adapted(&vertex, anthropic, body).0,
        r#"{"anthropic_version":"vertex-2023-10-16","max_tokens":1}"#
    );
    let direct = "https://api.anthropic.com/v1/messages".parse().unwrap();
    let direct = ProviderSpec::new("a", ProviderKind::Http, direct);
    assert_eq!(adapted(&direct, anthropic, body).0, body);
}

#[test]
fn only_chat_requests_are_changed() {
    let body = r#"{"max_completion_tokens":1,"stream_options":{}}"#;
    let responses = Call {
        format: ApiFormat::OpenAiResponses,
        ..call("gpt-5.5")
    };
    assert_eq!(
        adapted(&spec(&ALL), responses, body),
        (body.to_owned(), vec![])
    );
}

proptest! {
    #[test]
    fn whatever_stands_in_a_request_it_stays_one(
        fields in proptest::sample::subsequence(vec![
            r#""model":"deepseek-x""#,
            r#""stream_options" : {"include_usage":true,"include_obfuscation":true}"#,
            r#""max_tokens":1"#,
            r#""max_completion_tokens":2"#,
            r#""thinking":{"type":"enabled"}"#,
            r#""messages": [ {"role":"assistant"}, {"role":"assistant","tool_calls":[ {} ]}, 7 ]"#,
        ], 0..=6).prop_shuffle(),
        model in proptest::sample::select(vec!["deepseek-x", "gemini-3", "gpt-5", "m"]),
    ) {
        let body = Bytes::from(format!(" {{ {} }}", fields.join(" , ")));
        let spec = ProviderSpec {
            thinking: Some(Thinking { enabled: Some(true), clear: None }),
            ..spec(&ALL)
        };
        let call = Call { cache_salt: Some("s"), ..call(model) };
        let adapted = spec.adapt(call, body.clone());
        let read = |bytes: &Bytes| serde_json::from_slice::<serde_json::Map<String, _>>(bytes);
        let (before, after) = (read(&body).unwrap(), read(&adapted.body));
        let after: serde_json::Map<String, serde_json::Value> = after.unwrap();
        let before: serde_json::Map<String, serde_json::Value> = before;
        for key in before.keys().filter(|key| !after.contains_key(*key)) {
            let mut told = adapted.notes.iter().copied().chain(adapted.lost.iter().map(String::as_str));
            prop_assert!(told.any(|note| note.contains(key)), "{key}");
        }
        let obfuscates = before.contains_key("stream_options");
        prop_assert_eq!(adapted.lost.len(), usize::from(obfuscates), "{:?}", adapted.lost);
    }
}

#[test]
fn a_prompt_cache_is_named_unless_the_client_names_its_own() {
    let spec = spec(&[]);
    let named = Call {
        cache_key: Some("abc"),
        ..call("m")
    };
    assert_eq!(
        adapted(&spec, named, "{}").0,
        r#"{"prompt_cache_key":"abc"}"#
    );
    let own = r#"{"prompt_cache_key":"mine"}"#;
    assert_eq!(adapted(&spec, named, own).0, own);
    let responses = Call {
        format: ApiFormat::OpenAiResponses,
        ..named
    };
    assert_eq!(
        adapted(&spec, responses, r#"{"input":"x"}"#).0,
        r#"{"prompt_cache_key":"abc","input":"x"}"#
    );
    assert_eq!(adapted(&spec, call("m"), "{}").0, "{}");
}

#[test]
fn the_newer_version_is_asked_for_where_it_is_served_and_takes_the_request() {
    let sent = |spec: &ProviderSpec, body: &str| {
        let version = spec.anthropic_version(body.as_bytes());
        version.map(|value| value.to_str().unwrap().to_owned())
    };
    let both = spec(&[Quirk::BothVersions]);
    assert_eq!(sent(&both, "{}").as_deref(), Some("2026-10-21"));
    let sampled = r#"{"temperature":0.5}"#;
    assert_eq!(sent(&both, sampled).as_deref(), Some("2023-06-01"));
    assert_eq!(sent(&spec(&[]), "{}").as_deref(), Some("2023-06-01"));
    let mut set = both;
    set.extra_headers = vec![("Anthropic-Version".into(), "2023-06-01".into())];
    assert_eq!(sent(&set, "{}"), None);
}

#[test]
fn an_effort_is_put_where_each_api_has_it() {
    let spec = spec(&[]);
    let put = |format, thinking, effort, body: &'static str| {
        let call = Call {
            format,
            thinking,
            effort: Some(effort),
            ..call("m")
        };
        adapted(&spec, call, body)
    };
    let by_effort = |format, effort, body| put(format, ThinkingForm::Effort, effort, body).0;
    assert_eq!(
        by_effort(ApiFormat::OpenAiChat, Effort::Max, "{}"),
        r#"{"reasoning_effort":"xhigh"}"#
    );
    assert_eq!(
        by_effort(
            ApiFormat::OpenAiResponses,
            Effort::High,
            r#"{"reasoning":{"summary":"auto"}}"#
        ),
        r#"{"reasoning":{"effort":"high","summary":"auto"}}"#
    );
    assert_eq!(
        by_effort(ApiFormat::Anthropic, Effort::Minimal, "{}"),
        r#"{"thinking":{"type":"adaptive"},"output_config":{"effort":"low"}}"#
    );
    let config = r#"{"generationConfig":{"seed":1}}"#;
    assert_eq!(
        by_effort(ApiFormat::Gemini, Effort::High, config),
        r#"{"generationConfig":{"thinkingConfig":{"thinkingLevel":"HIGH"},"seed":1}}"#
    );
    assert_eq!(
        put(ApiFormat::Gemini, ThinkingForm::Budget, Effort::None, "{}").0,
        r#"{"generationConfig":{"thinkingConfig":{"thinkingBudget":0}}}"#
    );
    let (same, notes) = put(
        ApiFormat::Anthropic,
        ThinkingForm::Budget,
        Effort::High,
        "{}",
    );
    assert_eq!((same.as_str(), notes.len()), ("{}", 1));
}

#[test]
fn a_gemini_model_is_sent_a_level_that_it_takes() {
    let spec = spec(&[]);
    for (model, effort, level) in [
        ("gemini-3-flash-preview", Effort::Minimal, "MINIMAL"),
        ("gemini-3.1-pro-preview", Effort::Minimal, "LOW"),
        ("gemini-3-pro-preview", Effort::Medium, "HIGH"),
        ("gemini-3.8-flash", Effort::None, "LOW"),
    ] {
        let call = Call {
            format: ApiFormat::Gemini,
            effort: Some(effort),
            ..call(model)
        };
        let body =
            format!(r#"{{"generationConfig":{{"thinkingConfig":{{"thinkingLevel":"{level}"}}}}}}"#);
        assert_eq!(adapted(&spec, call, "{}").0, body, "{model}");
    }
}
