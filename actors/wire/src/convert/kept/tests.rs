//! What a client's format cannot carry comes back to the provider all the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde_json::{Value, json};

use super::super::{ReplyTranslator, convert_reply, convert_request};
use super::{BlockDigest, SealMemory};
use crate::chat_request::ChatRequest;
use crate::format::ApiFormat::{self, Anthropic, Cohere, Gemini, Ollama, OpenAiChat};
use crate::formats::{Asked, Target, golden};
use crate::scanner::JsonLimits;

const CLIENTS: [ApiFormat; 3] = [Cohere, Ollama, OpenAiChat];

#[derive(Debug, Default)]
struct Memory(Mutex<HashMap<BlockDigest, Vec<u8>>>);

impl SealMemory for Memory {
    fn is_empty(&self) -> bool {
        self.0.lock().unwrap().is_empty()
    }

    fn keep(&self, block: BlockDigest, sealed: &[u8]) {
        self.0.lock().unwrap().insert(block, sealed.to_vec());
    }

    fn find(&self, block: &BlockDigest) -> Option<Vec<u8>> {
        self.0.lock().unwrap().get(block).cloned()
    }
}

fn asked(provider: &str, memory: &Arc<Memory>) -> Asked {
    let memory: Arc<dyn SealMemory> = memory.clone();
    Asked {
        provider: provider.to_owned(),
        seals: Some(memory),
        ..golden::asked()
    }
}

/// The message of the assistant that a client of this format takes from a whole reply, without
/// what such clients drop.
fn message(client: ApiFormat, reply: &Value) -> Value {
    let message = match client {
        OpenAiChat => reply.pointer("/choices/0/message"),
        _ => reply.get("message"),
    };
    let mut message = message.expect("a message").clone();
    for name in ["reasoning_content", "reasoning", "reasoning_details"] {
        message.as_object_mut().unwrap().remove(name);
    }
    for call in message["tool_calls"].as_array_mut().into_iter().flatten() {
        let call = call.as_object_mut().unwrap();
        call.remove("extra_content");
        if client == Ollama {
            call.remove("id");
        }
    }
    message
}

fn second_turn(client: ApiFormat, said: Value) -> ChatRequest {
    let id = said.pointer("/tool_calls/0/id").cloned();
    let mut turns = vec![json!({"role": "user", "content": "weather?"}), said];
    if turns[1]
        .get("tool_calls")
        .is_some_and(|calls| !calls.is_null())
    {
        let result = match client {
            Ollama => json!({"role": "tool", "tool_name": "weather", "content": "sunny"}),
            _ => json!({"role": "tool", "tool_call_id": id, "content": "sunny"}),
        };
        turns.push(result);
    } else {
        turns.push(json!({"role": "user", "content": "and tomorrow?"}));
    }
    let body = json!({"model": "m", "messages": turns}).to_string();
    ChatRequest::parse_as(client, body.into(), &JsonLimits::default()).unwrap()
}

fn sent(request: &ChatRequest, to: ApiFormat, provider: &str, memory: &Memory) -> String {
    let target = Target {
        provider,
        seals: Some(memory),
        ..golden::target()
    };
    let written = convert_request(request, to, &target, false).unwrap();
    String::from_utf8(written.body.to_vec()).unwrap()
}

fn gemini_reply() -> Value {
    json!({"candidates": [{"index": 0, "finishReason": "STOP", "content": {"role": "model", "parts": [
        {"functionCall": {"name": "weather", "args": {"city": "Brno", "days": 2}},
         "thoughtSignature": "c2lnbmVkLWNhbGw="},
    ]}}]})
}

fn anthropic_reply() -> Value {
    json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "stop_reason": "tool_use",
        "stop_sequence": null, "usage": {"input_tokens": 1, "output_tokens": 2}, "content": [
        {"type": "thinking", "thinking": "The city first.", "signature": "sealed-thought"},
        {"type": "redacted_thinking", "data": "sealed-away"},
        {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Brno", "days": 2}},
    ]})
}

fn gemini_stream() -> String {
    format!("data: {}\n\n", gemini_reply())
}

fn anthropic_stream() -> String {
    let event = |value: Value| {
        format!(
            "event: {}\ndata: {value}\n\n",
            value["type"].as_str().unwrap()
        )
    };
    let block = |index: u64, start: Value, deltas: &[Value]| {
        let mut events =
            event(json!({"type": "content_block_start", "index": index, "content_block": start}));
        for delta in deltas {
            events +=
                &event(json!({"type": "content_block_delta", "index": index, "delta": delta}));
        }
        events + &event(json!({"type": "content_block_stop", "index": index}))
    };
    let message = json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [],
        "stop_reason": null, "stop_sequence": null, "usage": {"input_tokens": 1, "output_tokens": 1}});
    [
        event(json!({"type": "message_start", "message": message})),
        block(
            0,
            json!({"type": "thinking", "thinking": "", "signature": ""}),
            &[
                json!({"type": "thinking_delta", "thinking": "The city"}),
                json!({"type": "thinking_delta", "thinking": " first."}),
                json!({"type": "signature_delta", "signature": "sealed-thought"}),
            ],
        ),
        block(1, json!({"type": "redacted_thinking", "data": "sealed-away"}), &[]),
        block(
            2,
            json!({"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {}}),
            &[
                json!({"type": "input_json_delta", "partial_json": "{\"days\": 2, "}),
                json!({"type": "input_json_delta", "partial_json": "\"city\": \"Brno\"}"}),
            ],
        ),
        event(json!({"type": "message_delta", "delta": {"stop_reason": "tool_use", "stop_sequence": null},
            "usage": {"output_tokens": 2}})),
        event(json!({"type": "message_stop"})),
    ]
    .concat()
}

/// The message that a client of this format gets, and what was kept of it, whole or streamed.
fn first_turn(from: ApiFormat, client: ApiFormat, streamed: bool) -> (Value, Arc<Memory>) {
    let (reply, stream) = match from {
        Gemini => (gemini_reply(), gemini_stream()),
        _ => (anthropic_reply(), anthropic_stream()),
    };
    let memory = Arc::new(Memory::default());
    let asked = asked("home", &memory);
    let (whole, _) = convert_reply(reply.to_string().as_bytes(), from, client, &asked).unwrap();
    assert!(
        !whole.notes.iter().any(|note| note.contains("signature")),
        "{:?}",
        whole.notes
    );
    let message = message(client, &serde_json::from_slice(&whole.body).unwrap());
    if streamed {
        memory.0.lock().unwrap().clear();
        let mut translator = ReplyTranslator::new(from, client, &asked);
        for byte in stream.into_bytes() {
            translator.push(Bytes::from(vec![byte])).unwrap();
        }
        translator.end().unwrap();
        assert!(translator.progress().done);
    }
    (message, memory)
}

#[test]
fn a_signed_call_goes_back_to_gemini_with_its_signature() {
    for (client, streamed) in CLIENTS.into_iter().flat_map(|it| [(it, false), (it, true)]) {
        let (message, memory) = first_turn(Gemini, client, streamed);
        let again = second_turn(client, message);
        let back = sent(&again, Gemini, "home", &memory);
        assert!(
            back.contains(r#""thoughtSignature":"c2lnbmVkLWNhbGw=""#),
            "{client} {streamed}: {back}"
        );
        let elsewhere = sent(&again, Gemini, "elsewhere", &memory);
        assert!(!elsewhere.contains("c2lnbmVkLWNhbGw="), "{elsewhere}");
    }
}

#[test]
fn thinking_goes_back_to_anthropic_whole_and_in_its_place() {
    for (client, streamed) in CLIENTS.into_iter().flat_map(|it| [(it, false), (it, true)]) {
        let (message, memory) = first_turn(Anthropic, client, streamed);
        let back = sent(&second_turn(client, message), Anthropic, "home", &memory);
        let back: Value = serde_json::from_str(&back).unwrap();
        let said = back.pointer("/messages/1/content").unwrap();
        let kinds: Vec<_> = said
            .as_array()
            .unwrap()
            .iter()
            .map(|it| &it["type"])
            .collect();
        assert_eq!(
            kinds,
            ["thinking", "redacted_thinking", "tool_use"],
            "{client} {streamed}"
        );
        assert_eq!(said[0]["signature"], "sealed-thought");
        assert_eq!(said[0]["thinking"], "The city first.");
        assert_eq!(said[1]["data"], "sealed-away");
    }
}

#[test]
fn another_provider_of_the_same_format_gets_neither_thought_nor_seal() {
    let (message, memory) = first_turn(Anthropic, Cohere, false);
    let again = second_turn(Cohere, message);
    for (to, provider) in [(Anthropic, "elsewhere"), (Gemini, "home")] {
        let back = sent(&again, to, provider, &memory);
        assert!(!back.contains("sealed"), "{back}");
    }
}

#[test]
fn without_a_memory_nothing_is_kept_and_the_note_says_so() {
    let reply = anthropic_reply().to_string();
    let (whole, _) = convert_reply(reply.as_bytes(), Anthropic, Cohere, &golden::asked()).unwrap();
    assert!(whole.notes.iter().any(|note| note == "signature"));
}

#[test]
fn what_follows_nothing_is_kept_with_the_last_block() {
    let memory = Arc::new(Memory::default());
    let reply = json!({"candidates": [{"index": 0, "finishReason": "STOP", "content": {"role": "model", "parts": [
        {"text": "Sunny."}, {"text": "", "thoughtSignature": "dGFpbA=="},
    ]}}]});
    let asked = asked("home", &memory);
    let (whole, _) = convert_reply(reply.to_string().as_bytes(), Gemini, Ollama, &asked).unwrap();
    let message = message(Ollama, &serde_json::from_slice(&whole.body).unwrap());
    let back = sent(&second_turn(Ollama, message), Gemini, "home", &memory);
    assert!(back.contains("dGFpbA=="), "{back}");
}

#[test]
fn inputs_are_compared_by_what_they_say() {
    let one = BlockDigest::of_call("f", r#"{"a":1,"b":[true,{"d":null,"c":"x"}]}"#);
    let same = BlockDigest::of_call(
        "f",
        "{ \"b\": [true, {\"c\": \"x\", \"d\": null}], \"a\": 1 }",
    );
    assert_eq!(one, same);
    assert_ne!(one, BlockDigest::of_call("g", r#"{"a":1}"#));
    assert_ne!(
        BlockDigest::of_call("f", "{"),
        BlockDigest::of_call("f", "[")
    );
}
