//! Replies in the Chat Completions format, for the built-in echo provider.
//!
//! Owns the shape of a whole reply and of each kind of chunk. Chunks come as complete events,
//! ready to be sent. Never adds anything that real providers do not send.
//!
//! # Source
//! OpenAI API reference, "The chat completion object" and "The chat completion chunk object",
//! as the project's facts list them (22 Nov 2026).

use bytes::Bytes;

use crate::escape::escape_json;
use crate::sse::data_event;
use crate::usage::Usage;

/// What all chunks of one reply share.
#[derive(Debug, Clone, Copy)]
pub struct ReplyHead<'a> {
    /// Identifier of the reply, as in `chatcmpl-..`.
    pub id: &'a str,
    /// When it was made.
    ///
    /// # Units
    /// Seconds since 1970.
    pub created: u64,
    /// The model that answers.
    pub model: &'a str,
}

/// A whole reply with one choice.
pub fn completion(head: &ReplyHead<'_>, text: &str, usage: Usage) -> Bytes {
    let mut out = Vec::with_capacity(text.len() + 512);
    start(&mut out, head, "chat.completion");
    out.extend_from_slice(
        b",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"",
    );
    escape_json(text, &mut out);
    out.extend_from_slice(
        b"\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":",
    );
    push_usage(&mut out, usage);
    out.push(b'}');
    Bytes::from(out)
}

/// The first chunk: who speaks.
pub fn chunk_role(head: &ReplyHead<'_>) -> Bytes {
    chunk(
        head,
        |out| out.extend_from_slice(b"{\"role\":\"assistant\",\"content\":\"\"}"),
        None,
    )
}

/// A chunk with a piece of text.
pub fn chunk_text(head: &ReplyHead<'_>, text: &str) -> Bytes {
    let delta = |out: &mut Vec<u8>| {
        out.extend_from_slice(b"{\"content\":\"");
        escape_json(text, out);
        out.extend_from_slice(b"\"}");
    };
    chunk(head, delta, None)
}

/// The chunk that ends the choice, with its reason (`stop`, `length`).
pub fn chunk_finish(head: &ReplyHead<'_>, reason: &str) -> Bytes {
    chunk(head, |out| out.extend_from_slice(b"{}"), Some(reason))
}

/// The chunk that carries the usage and has no choice.
pub fn chunk_usage(head: &ReplyHead<'_>, usage: Usage) -> Bytes {
    let mut out = Vec::with_capacity(384);
    start(&mut out, head, "chat.completion.chunk");
    out.extend_from_slice(b",\"choices\":[],\"usage\":");
    push_usage(&mut out, usage);
    out.push(b'}');
    data_event(out)
}

fn chunk(head: &ReplyHead<'_>, delta: impl FnOnce(&mut Vec<u8>), reason: Option<&str>) -> Bytes {
    let mut out = Vec::with_capacity(256);
    start(&mut out, head, "chat.completion.chunk");
    out.extend_from_slice(b",\"choices\":[{\"index\":0,\"delta\":");
    delta(&mut out);
    out.extend_from_slice(b",\"logprobs\":null,\"finish_reason\":");
    match reason {
        Some(reason) => push_string(&mut out, reason),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b"}]}");
    data_event(out)
}

fn start(out: &mut Vec<u8>, head: &ReplyHead<'_>, object: &str) {
    out.extend_from_slice(b"{\"id\":");
    push_string(out, head.id);
    out.extend_from_slice(b",\"object\":");
    push_string(out, object);
    out.extend_from_slice(format!(",\"created\":{},\"model\":", head.created).as_bytes());
    push_string(out, head.model);
}

fn push_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    escape_json(text, out);
    out.push(b'"');
}

fn push_usage(out: &mut Vec<u8>, usage: Usage) {
    let record = format!(
        "{{\"prompt_tokens\":{},\"completion_tokens\":{},\"total_tokens\":{},\
         \"prompt_tokens_details\":{{\"cached_tokens\":{}}},\
         \"completion_tokens_details\":{{\"reasoning_tokens\":{}}}}}",
        usage.prompt_tokens,
        usage.completion_tokens,
        usage.total_tokens,
        usage.cached_tokens,
        usage.reasoning_tokens
    );
    out.extend_from_slice(record.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const HEAD: ReplyHead<'_> = ReplyHead {
        id: "chatcmpl-1",
        created: 7,
        model: "echo\"1",
    };

    fn event(bytes: &Bytes) -> Value {
        let data = bytes
            .strip_prefix(b"data: ")
            .unwrap()
            .strip_suffix(b"\n\n")
            .unwrap();
        serde_json::from_slice(data).unwrap()
    }

    #[test]
    fn whole_replies_are_valid_and_carry_text_and_usage() {
        let usage = Usage {
            prompt_tokens: 1,
            completion_tokens: 2,
            total_tokens: 3,
            ..Usage::default()
        };
        let body = completion(&HEAD, "a \"b\"\n\u{1}", usage);
        let reply: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(reply["choices"][0]["message"]["content"], "a \"b\"\n\u{1}");
        assert_eq!(reply["model"], "echo\"1");
        assert_eq!(Usage::from_reply(&body), Some(usage));
    }

    #[test]
    fn chunks_are_events() {
        assert_eq!(
            event(&chunk_role(&HEAD))["choices"][0]["delta"]["role"],
            "assistant"
        );
        assert_eq!(
            event(&chunk_text(&HEAD, "x\n"))["choices"][0]["delta"]["content"],
            "x\n"
        );
        assert_eq!(
            event(&chunk_finish(&HEAD, "stop"))["choices"][0]["finish_reason"],
            "stop"
        );
        assert_eq!(
            event(&chunk_usage(&HEAD, Usage::default()))["usage"]["total_tokens"],
            0
        );
    }
}
