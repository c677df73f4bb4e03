//! Gemini's `generateContent`. Calls are never cut; every chunk tells the usage.

use serde_json::{Value, json};

use super::{Answer, At, Block, Dialect, Event, INPUT_TOKENS, Kind, SIGNATURE, complaint};

#[derive(Debug)]
pub(super) struct Gemini;

impl Dialect for Gemini {
    fn whole(&self, answer: &Answer) -> Value {
        let parts = answer.blocks.iter().enumerate();
        let parts = parts.map(|(at, block)| part(at, block, &block.text()));
        chunk(&parts.collect::<Vec<Value>>(), true, answer.tokens)
    }

    fn start(&self) -> Vec<Event> {
        Vec::new()
    }

    fn open(&self, _: At, _: &Block) -> Vec<Event> {
        Vec::new()
    }

    fn part(&self, at: At, block: &Block, text: &str) -> Vec<Event> {
        if matches!(block.kind, Kind::Call(_)) {
            return Vec::new();
        }
        Event::unnamed(chunk(&[part(at.block, block, text)], false, 1))
    }

    fn close(&self, at: At, block: &Block) -> Vec<Event> {
        if !matches!(block.kind, Kind::Call(_)) {
            return Vec::new();
        }
        let call = part(at.block, block, &block.text());
        Event::unnamed(chunk(&[call], false, 1))
    }

    fn end(&self, answer: &Answer) -> Vec<Event> {
        Event::unnamed(chunk(&[json!({"text": ""})], true, answer.tokens))
    }

    fn failure(&self, status: u16) -> Value {
        let word = match status {
            400 => "INVALID_ARGUMENT",
            401 => "UNAUTHENTICATED",
            403 => "PERMISSION_DENIED",
            404 => "NOT_FOUND",
            429 => "RESOURCE_EXHAUSTED",
            503 => "UNAVAILABLE",
            504 => "DEADLINE_EXCEEDED",
            _ => "INTERNAL",
        };
        json!({"error": {"code": status, "message": complaint(status), "status": word}})
    }

    fn fault(&self) -> Event {
        Event {
            name: "",
            data: self.failure(503),
        }
    }

    fn count(&self) -> Value {
        json!({
            "totalTokens": INPUT_TOKENS,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": INPUT_TOKENS}],
        })
    }
}

fn part(at: usize, block: &Block, text: &str) -> Value {
    match &block.kind {
        Kind::Text => json!({"text": text}),
        Kind::Reasoning => json!({"text": text, "thought": true}),
        Kind::Call(name) => json!({
            "functionCall": {"id": format!("call_dummy_{at}"), "name": name, "args": block.arguments()},
            "thoughtSignature": SIGNATURE,
        }),
    }
}

fn chunk(parts: &[Value], last: bool, tokens: u64) -> Value {
    let mut candidate = json!({"content": {"parts": parts, "role": "model"}, "index": 0});
    if let (Some(fields), true) = (candidate.as_object_mut(), last) {
        fields.insert("finishReason".to_owned(), json!("STOP"));
    }
    json!({
        "candidates": [candidate],
        "usageMetadata": {
            "promptTokenCount": INPUT_TOKENS,
            "candidatesTokenCount": tokens,
            "totalTokenCount": INPUT_TOKENS + tokens,
        },
        "modelVersion": "dummy",
        "responseId": "dummy",
    })
}
