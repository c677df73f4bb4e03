//! Streams that say too much, leave something out, or break off: what the client gets of them, and
//! what they cost.

use std::net::Shutdown;

use serde_json::{Value, json};

use crate::harness::departing;
use crate::harness::{Dummy, Gateway, Reply, Request, Setup, USER};

const EVENTS: &str = "text/event-stream";

/// A provider of every format, named for it.
fn scene() -> (Dummy, Gateway) {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/providers", departing::providers(dummy.address()))
        .config("/agents", json!({}))
        .secrets("/provider_keys", departing::provider_keys())
        .start();
    (dummy, gateway)
}

fn post(gateway: &Gateway, path: &str, body: &Value) -> Reply {
    let request = Request::new("POST", path).key(USER);
    gateway.send(&request.body(body.to_string()))
}

fn chat(gateway: &Gateway, model: &str) -> Reply {
    let said = json!([{"role": "user", "content": "a question of some length"}]);
    let body = json!({"model": model, "stream": true, "messages": said});
    post(gateway, "/v1/chat/completions", &body)
}

fn respond(gateway: &Gateway, model: &str) -> Reply {
    let body = json!({"model": model, "stream": true, "input": "hello"});
    post(gateway, "/v1/responses", &body)
}

/// The documents of a stream of events; a comment and `[DONE]` are none.
fn documents(reply: &Reply) -> Vec<Value> {
    let text = reply.text();
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    data.filter_map(|data| serde_json::from_str(data).ok())
        .collect()
}

/// The line of the log that has this text, as soon as it is written.
fn record(gateway: &Gateway, text: &str) -> Value {
    gateway.until_logged(text);
    let log = gateway.log();
    let line = log.lines().find(|line| line.contains(text)).unwrap();
    serde_json::from_str(line).unwrap()
}

#[test]
fn nothing_follows_the_final_event_of_a_stream_that_passes() {
    let (dummy, gateway) = scene();
    let said =
        "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}\n\n";
    let spent = "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7}}\n\n";
    let done = "data: [DONE]\n\n";
    let all = [
        [said, spent, done, said].concat(),
        done.to_owned(),
        "data: {\"id\":\"c\",\"cho".to_owned(),
    ];
    dummy.plant("more", EVENTS, &all.map(Value::from));
    let reply = chat(&gateway, "openai-chat/planted-more");
    assert_eq!(reply.text(), [said, done].concat());
    let record = record(&gateway, "events after the end");
    assert_eq!(record["prompt_tokens"], 5, "{record}");
    assert_eq!(record["completion_tokens"], 2, "{record}");
    assert_eq!(record["tokens_estimated"], false, "{record}");
}

#[test]
fn a_response_that_breaks_off_fails_under_its_own_id_and_counts_on() {
    let (_dummy, gateway) = scene();
    for provider in ["openai-responses", "openai-chat", "anthropic"] {
        for model in ["cut-after-3", "error-event"] {
            let reply = respond(&gateway, &format!("{provider}/{model}"));
            let context = format!("{provider}/{model}: {}", reply.text());
            let all = documents(&reply);
            let numbers: Vec<_> = all
                .iter()
                .map(|event| event["sequence_number"].as_u64().unwrap())
                .collect();
            assert!(numbers.is_sorted_by(|a, b| a < b), "{context}");
            let (first, last) = (all.first().unwrap(), all.last().unwrap());
            assert_eq!(first["type"], "response.created", "{context}");
            assert_eq!(last["type"], "response.failed", "{context}");
            assert_eq!(last["response"]["status"], "failed", "{context}");
            assert_eq!(last["response"]["id"], first["response"]["id"], "{context}");
            let errors = all.iter().filter(|event| event["type"] == "error");
            assert!(errors.count() <= 1, "{context}");
        }
    }
}

#[test]
fn a_stream_without_its_end_is_broken_whatever_the_provider_speaks() {
    let (_dummy, gateway) = scene();
    for provider in [
        "openai-chat",
        "openai-responses",
        "anthropic",
        "gemini",
        "cohere",
        "bedrock-converse",
        "ollama",
    ] {
        let reply = chat(&gateway, &format!("{provider}/no-done"));
        assert_eq!(reply.status, 200, "{provider}");
        let record = record(&gateway, &format!("\"provider\":\"{provider}\""));
        assert_eq!(record["error_code"], "stream_interrupted", "{record}");
        assert_eq!(record["ending"], "broken", "{record}");
    }
}

#[test]
fn a_stream_that_breaks_off_is_charged_for_what_came() {
    let (_dummy, gateway) = scene();
    for (number, provider) in ["openai-chat", "gemini", "ollama", "anthropic"]
        .iter()
        .enumerate()
    {
        let reply = chat(&gateway, &format!("{provider}/cut-after-40"));
        assert_eq!(
            reply.text().matches("word ").count(),
            40,
            "{}",
            reply.text()
        );
        let name = format!(
            "nenya_tokens_estimated_total{{agent=\"\",direction=\"output\",provider=\"{provider}\"}}"
        );
        gateway.until_logged(&format!("\"provider\":\"{provider}\""));
        // 200 bytes of text; where the provider told a count at the beginning, the rest.
        assert!(gateway.metric(&name) >= 40.0, "{provider}: {number}");
        let record = record(&gateway, &format!("\"provider\":\"{provider}\""));
        assert_eq!(record["tokens_estimated"], true, "{record}");
        assert!(record["completion_tokens"].as_u64() >= Some(50), "{record}");
        assert!(record["prompt_tokens"].as_u64() > Some(0), "{record}");
    }
}

#[test]
fn a_client_that_leaves_is_charged_for_what_came() {
    let (dummy, gateway) = scene();
    let mut connection = gateway.client().connect().unwrap();
    let request = Request::to_model("openai-chat/stall-after-60", true).key(USER);
    connection.write(&request.bytes()).unwrap();
    connection.head().unwrap();
    for _ in 0..60 {
        connection.event().unwrap().unwrap();
    }
    connection.socket().shutdown(Shutdown::Both).unwrap();
    dummy.until("open", 0);
    let record = record(&gateway, "\"tokens_estimated\":true");
    assert_eq!(record["ending"], "client_gone", "{record}");
    assert!(record["completion_tokens"].as_u64() >= Some(60), "{record}");
}

#[test]
fn what_a_stream_leaves_out_is_told_before_its_end_in_the_log_and_in_a_metric() {
    let (_dummy, gateway) = scene();
    let reply = chat(&gateway, "anthropic/golden-citations");
    let text = reply.text();
    let (_, told) = text.split_once(": nenya-notes: ").unwrap();
    let (told, behind) = told.split_once("\n\n").unwrap();
    assert_eq!(behind.matches("data: ").count(), 1, "{text}");
    assert!(behind.contains("data: [DONE]"), "{text}");
    assert!(told.split(", ").any(|note| note == "citations"), "{told}");
    let record = record(&gateway, "\"provider\":\"anthropic\"");
    let logged = record["notes"].as_str().unwrap();
    assert!(logged.contains("citations"), "{logged}");
    let name = "nenya_format_notes_total{format=\"openai-chat\",provider=\"anthropic\"}";
    gateway.until_metric(name, 1.0);
}

#[test]
fn clients_that_would_read_a_comment_as_data_get_none() {
    let (_dummy, gateway) = scene();
    let contents = json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}]});
    for method in ["streamGenerateContent?alt=sse", "streamGenerateContent"] {
        let path = format!("/v1beta/models/anthropic/golden-usage-full:{method}");
        let reply = post(&gateway, &path, &contents);
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert!(!reply.text().contains("nenya-notes"), "{}", reply.text());
    }
    let record = record(&gateway, "\"provider\":\"anthropic\"");
    assert!(record["notes"].as_str() > Some(""), "{record}");
}

#[test]
fn a_sentence_in_the_place_of_a_reply_is_a_failure_of_the_provider() {
    let (dummy, gateway) = scene();
    let sentence = json!("{\"message\":\"the model is not ready\"}");
    dummy.plant("sentence", "application/json", &[sentence]);
    let event = json!("data: {\"message\":\"the model is not ready\"}\n\n");
    dummy.plant("event", EVENTS, &[event]);
    let said = json!([{"role": "user", "content": "hello"}]);
    let blocks = json!({"messages": [{"role": "user", "content": [{"text": "hello"}]}]});
    for (path, body) in [
        (
            "/v2/chat",
            json!({"model": "cohere/planted-sentence", "messages": said}),
        ),
        (
            "/v2/chat",
            json!({"model": "cohere/planted-sentence", "stream": true, "messages": said}),
        ),
        (
            "/v2/chat",
            json!({"model": "cohere/planted-event", "stream": true, "messages": said}),
        ),
        (
            "/v1/chat/completions",
            json!({"model": "cohere/planted-event", "stream": true, "messages": said}),
        ),
        (
            "/model/bedrock-converse%2Fplanted-sentence/converse",
            blocks.clone(),
        ),
        (
            "/model/bedrock-converse%2Fplanted-sentence/converse-stream",
            blocks,
        ),
    ] {
        let reply = post(&gateway, path, &body);
        assert_eq!(reply.status, 502, "{path} {body}: {}", reply.text());
    }
}

#[test]
fn interleaved_calls_reach_clients_of_chat_one_after_the_other() {
    let (_dummy, gateway) = scene();
    let reply = chat(&gateway, "anthropic/golden-tools-parallel.interleaved");
    let all = documents(&reply);
    let calls = all
        .iter()
        .filter_map(|event| event["choices"][0]["delta"]["tool_calls"][0]["index"].as_u64());
    let calls: Vec<u64> = calls.collect();
    assert!(calls.contains(&1) && calls.is_sorted(), "{calls:?}");
}

#[test]
fn a_request_that_only_talks_of_seals_passes_as_it_is() {
    let (dummy, gateway) = scene();
    let spelt = r#"{"model":"openai-chat/ok",  "messages":[{"role":"user","content":"what is nenya1.gemini.g.x?"}],"x_own":1.50}"#;
    let request = Request::new("POST", "/v1/chat/completions").key(USER);
    assert_eq!(gateway.send(&request.body(spelt)).status, 200);
    assert_eq!(dummy.last_body(), spelt.replace("openai-chat/ok", "ok"));
}

/// A stream of each client's API from this provider's model, as it is on the wire.
fn streams_of(gateway: &Gateway, provider: &str, model: &str) -> Vec<(&'static str, Reply)> {
    let said = json!([{"role": "user", "content": "hello"}]);
    let parts = json!({"contents": [{"role": "user", "parts": [{"text": "hello"}]}]});
    let blocks = json!({"messages": [{"role": "user", "content": [{"text": "hello"}]}]});
    let named = json!({"model": format!("{provider}/{model}"), "stream": true, "max_tokens": 50, "messages": said});
    let method = "streamGenerateContent";
    let gemini = format!("/v1beta/models/{provider}/{model}:{method}");
    let converse = format!("/model/{provider}%2F{model}/converse-stream");
    let asked = [
        (
            "openai-chat",
            "/v1/chat/completions".to_owned(),
            named.clone(),
        ),
        ("anthropic", "/v1/messages".to_owned(), named.clone()),
        ("cohere", "/v2/chat".to_owned(), named.clone()),
        ("ollama", "/api/chat".to_owned(), named),
        ("gemini", format!("{gemini}?alt=sse"), parts.clone()),
        ("gemini-array", gemini, parts),
        ("bedrock-converse", converse, blocks),
    ];
    let sent = asked
        .into_iter()
        .map(|(api, path, body)| (api, post(gateway, &path, &body)));
    sent.collect()
}

/// How the stream of a client's API ends that broke off: the texts that stand once, and the last.
fn end_of(api: &str) -> (&'static str, &'static str) {
    match api {
        "openai-chat" => ("\"error\":{", "data: [DONE]\n\n"),
        "anthropic" => ("event: error\n", "\n\n"),
        "cohere" => ("\"finish_reason\":\"ERROR\"", "data: [DONE]\n\n"),
        "ollama" => ("{\"error\":", "}\n"),
        "gemini" => ("{\"error\":{", "\n\n"),
        "gemini-array" => ("{\"error\":{", "]\n"),
        _ => (":exception-type", ""),
    }
}

#[test]
fn a_stream_that_breaks_off_ends_once_in_the_words_of_every_api() {
    let (_dummy, gateway) = scene();
    for provider in departing::formats() {
        for model in ["cut-after-3", "error-event"] {
            for (api, reply) in streams_of(&gateway, provider, model) {
                let text = String::from_utf8_lossy(&reply.body).into_owned();
                let context = format!("{api} of {provider}/{model}: {text}");
                assert_eq!(reply.status, 200, "{context}");
                let (once, last) = end_of(api);
                assert_eq!(text.matches(once).count(), 1, "{context}");
                assert!(text.ends_with(last), "{context}");
                if api == "gemini-array" {
                    let all: Value = serde_json::from_str(&text).unwrap();
                    assert!(
                        all.as_array().unwrap().last().unwrap()["error"].is_object(),
                        "{context}"
                    );
                }
            }
        }
    }
}
