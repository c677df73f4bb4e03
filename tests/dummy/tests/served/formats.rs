//! Every path is answered in its format.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::harness::{Answer, Dummy, body, chat};

/// Each format: its folder, a path and the words that ask for a stream, both with the model put in.
const FORMATS: [(&str, &str, &str); 7] = [
    (
        "openai-chat",
        "/openai/v1/chat/completions",
        r#"{"model":"MODEL","stream":true}"#,
    ),
    (
        "openai-responses",
        "/v1/responses",
        r#"{"model":"MODEL","stream":true}"#,
    ),
    (
        "anthropic",
        "/anthropic/v1/messages",
        r#"{"model":"MODEL","stream":true}"#,
    ),
    (
        "gemini",
        "/v1beta/models/MODEL:streamGenerateContent?alt=sse",
        "{}",
    ),
    ("cohere", "/v2/chat", r#"{"model":"MODEL","stream":true}"#),
    ("bedrock-converse", "/model/MODEL/converse-stream", "{}"),
    ("ollama", "/api/chat", r#"{"model":"MODEL"}"#),
];

fn golden(file: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../actors/wire/tests/golden");
    fs::read(folder.join(file)).expect("a golden file")
}

fn stream(dummy: &Dummy, format: usize, model: &str) -> Answer {
    let (_, path, words) = FORMATS[format];
    dummy.ask(
        "POST",
        &path.replace("MODEL", model),
        "",
        &words.replace("MODEL", model),
    )
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.chunks().0.concat()).into_owned()
}

#[test]
fn golden_streams_come_in_every_format() {
    let dummy = Dummy::start();
    for (format, (label, ..)) in FORMATS.iter().enumerate() {
        let end = match *label {
            "bedrock-converse" => "bin",
            "ollama" => "ndjson",
            _ => "sse",
        };
        let expected = golden(&format!("{label}/tools-parallel.stream.{end}"));
        let answer = stream(&dummy, format, "golden-tools-parallel");
        assert_eq!(answer.chunks().0.concat(), expected, "{label}");
        let bytes = stream(&dummy, format, "golden-tools-parallel+chunks=1");
        let (chunks, whole) = bytes.chunks();
        assert_eq!((chunks.len(), whole), (expected.len(), true), "{label}");
        let cut = stream(&dummy, format, "golden-tools-parallel+cut=33");
        assert_eq!(cut.chunks().0.concat(), expected[..33], "{label}");
        assert!(!cut.chunks().1, "{label}");
    }
}

#[test]
fn golden_errors_come_with_their_status_and_headers() {
    let answer = stream(&Dummy::start(), 2, "golden-error-529");
    assert!(
        answer.head().starts_with("HTTP/1.1 529 "),
        "{}",
        answer.head()
    );
    assert!(answer.head().contains("x-should-retry: true\r\n"));
    assert_eq!(answer.body(), golden("anthropic/error-529.response.json"));
}

#[test]
fn a_case_that_is_not_there_is_no_answer() {
    let dummy = Dummy::start();
    for model in ["golden-nothing", "ok+nothing=1"] {
        let answer = stream(&dummy, 0, model);
        assert!(answer.head().starts_with("HTTP/1.1 501 "), "{model}");
    }
}

#[test]
fn every_format_greets_and_breaks_off() {
    let dummy = Dummy::start();
    for (format, (label, ..)) in FORMATS.iter().enumerate() {
        let greeting = text(&stream(&dummy, format, "ok"));
        assert!(
            greeting.contains("Hello ") && greeting.contains("dummy."),
            "{label}"
        );
        let answer = stream(&dummy, format, "cut-after-2");
        assert_eq!(text(&answer).matches("word ").count(), 2, "{label}");
        assert!(!answer.chunks().1, "{label}");
        let failed = text(&stream(&dummy, format, "error-event"));
        assert!(
            failed.contains("the dummy was asked for"),
            "{label}: {failed}"
        );
    }
}

#[test]
fn a_header_can_name_the_model() {
    let dummy = Dummy::start();
    let answer = dummy.ask(
        "POST",
        "/v2/chat",
        "x-dummy-model: golden-plain\r\n",
        r#"{"model":"x"}"#,
    );
    assert_eq!(answer.body(), golden("cohere/plain.response.json"));
}

#[test]
fn the_last_text_comes_back_in_parts() {
    let dummy = Dummy::start();
    let body = r#"{"model":"echo-text+parts=2","stream":true,"messages":[{"role":"user","content":"abcde"}]}"#;
    let answer = dummy.ask("POST", "/v1/messages", "", body);
    for part in ["\"ab\"", "\"cd\"", "\"e\""] {
        assert!(text(&answer).contains(part), "{}", text(&answer));
    }
}

#[test]
fn tokens_are_counted_and_answers_are_kept() {
    let dummy = Dummy::start();
    for (path, expected) in [
        ("/v1/messages/count_tokens", json!({"input_tokens": 9})),
        ("/model/m/count-tokens", json!({"inputTokens": 9})),
    ] {
        let answer = dummy.ask("POST", path, "", "{}");
        let counted: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(counted, expected, "{path}");
    }
    assert_eq!(dummy.page("/v1/responses/resp_7")["id"], "resp_7");
}

#[test]
fn what_was_asked_is_told_to_the_byte() {
    let dummy = Dummy::start();
    dummy.ask(
        "POST",
        "/v1/messages?beta=true",
        "X-Api-Key: k\r\n",
        r#"{ "model":"ok", "n":1.0 }"#,
    );
    let asked = dummy.page("/_asked");
    assert_eq!(asked[0]["target"], "/v1/messages?beta=true");
    assert_eq!(asked[0]["body"], r#"{ "model":"ok", "n":1.0 }"#);
    let headers = asked[0]["headers"].as_array().unwrap();
    assert!(headers.contains(&json!(["X-Api-Key", "k"])), "{headers:?}");
}

#[test]
fn lists_of_models_are_as_a_test_describes_them() {
    let dummy = Dummy::start();
    let described = dummy.ask("POST", "/_models", "", r#"{"count":3,"page":2}"#);
    assert!(described.head().starts_with("HTTP/1.1 200 "));
    let page = dummy.page("/v1beta/models");
    assert_eq!(page["models"].as_array().map(Vec::len), Some(2));
    let token = page["nextPageToken"].as_str().unwrap();
    let last = dummy.page(&format!("/v1beta/models?pageToken={token}"));
    assert_eq!(last["models"][0]["name"], "models/model-2");
    assert_eq!(dummy.page("/api/tags")["models"][2]["name"], "model-2");
    let refused = dummy.ask("POST", "/_models", "", "[]");
    assert!(refused.head().starts_with("HTTP/1.1 400 "));
}

#[test]
fn a_chat_without_a_path_of_its_own_is_openais() {
    let dummy = Dummy::start();
    let answer = dummy.all_bytes("ok", false);
    let known: Value = serde_json::from_str(body(&answer)).unwrap();
    let mut connection = dummy.connect();
    let elsewhere = String::from_utf8(chat("ok", false, "connection: close\r\n")).unwrap();
    write!(
        connection,
        "{}",
        elsewhere.replace("/v1/chat/completions", "/x")
    )
    .unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let unknown: Value = serde_json::from_str(body(&answer)).unwrap();
    assert_eq!(known, unknown);
    dummy.until_seen("both", |seen| seen["requests"] == 2);
}
