//! The bytes of good answers: heads, whole completions, stream events. Pure.

use serde_json::{Value, json};

pub(crate) const JSON: &str = "application/json";
pub(crate) const EVENTS: &str = "text/event-stream; charset=utf-8";
pub(crate) const GREETING: &str = "Hello from the dummy.";
pub(crate) const DONE: &str = "[DONE]";

/// How the client learns where a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    Length(usize),
    Chunked,
    Close,
}

/// A response head with its blank line; `extra` is whole lines.
pub(crate) fn head(status: u16, content_type: &str, framing: Framing, extra: &str) -> Vec<u8> {
    let framing = match framing {
        Framing::Length(length) => format!("content-length: {length}\r\n"),
        Framing::Chunked => "transfer-encoding: chunked\r\n".to_owned(),
        Framing::Close => "connection: close\r\n".to_owned(),
    };
    format!(
        "HTTP/1.1 {status} {}\r\ncontent-type: {content_type}\r\n{framing}{extra}\r\n",
        reason(status)
    )
    .into_bytes()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        413 => "Content Too Large",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "As Asked",
    }
}

/// A whole answer: head and body with its length.
pub(crate) fn whole(status: u16, content_type: &str, body: &[u8], extra: &str) -> Vec<u8> {
    let mut bytes = head(status, content_type, Framing::Length(body.len()), extra);
    bytes.extend_from_slice(body);
    bytes
}

/// One chunk of a chunked body.
pub(crate) fn chunk(data: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{:x}\r\n", data.len()).into_bytes();
    bytes.extend_from_slice(data);
    bytes.extend_from_slice(b"\r\n");
    bytes
}

/// The end of a chunked body.
pub(crate) const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// One event of a stream, without chunk framing.
pub(crate) fn event(data: &str) -> Vec<u8> {
    format!("data: {data}\n\n").into_bytes()
}

/// The JSON of a whole completion.
pub(crate) fn completion(content: &str, completion_tokens: u64) -> Vec<u8> {
    json!({
        "id": "chatcmpl-dummy",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "dummy",
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": content},
            "logprobs": null,
            "finish_reason": "stop",
        }],
        "usage": usage(completion_tokens),
    })
    .to_string()
    .into_bytes()
}

pub(crate) fn usage(completion_tokens: u64) -> Value {
    json!({"prompt_tokens": 9, "completion_tokens": completion_tokens, "total_tokens": 9 + completion_tokens})
}

/// The JSON of one stream chunk; `delta` and `finish` as in OpenAI's format.
pub(crate) fn chunk_json(delta: &Value, finish: &Value) -> String {
    stream_object(
        &json!([{"index": 0, "delta": delta, "finish_reason": finish}]),
        None,
    )
}

/// The chunk behind the last one, if the request asked for usage: no choices, only counts.
pub(crate) fn usage_json(completion_tokens: u64) -> String {
    stream_object(&json!([]), Some(usage(completion_tokens)))
}

fn stream_object(choices: &Value, usage: Option<Value>) -> String {
    let mut object = json!({
        "id": "chatcmpl-dummy",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": "dummy",
        "choices": choices,
    });
    if let (Some(fields), Some(usage)) = (object.as_object_mut(), usage) {
        fields.insert("usage".to_owned(), usage);
    }
    object.to_string()
}

/// An error as OpenAI words it.
pub(crate) fn error_json(status: u16) -> String {
    json!({"error": {
        "message": format!("the dummy was asked for {status}"),
        "type": "dummy_error",
        "param": null,
        "code": format!("dummy_{status}"),
    }})
    .to_string()
}

pub(crate) fn model_list() -> Vec<u8> {
    let models = ["ok", "echo"].map(
        |id| json!({"id": id, "object": "model", "created": 1_700_000_000, "owned_by": "dummy"}),
    );
    whole(
        200,
        JSON,
        json!({"object": "list", "data": models})
            .to_string()
            .as_bytes(),
        "",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_answer_states_its_length() {
        assert_eq!(
            whole(404, "text/plain", b"abc", "x: y\r\n"),
            b"HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: 3\r\nx: y\r\n\r\nabc"
        );
    }

    #[test]
    fn chunks_and_events_are_framed() {
        assert_eq!(chunk(&event("{}")), b"a\r\ndata: {}\n\n\r\n");
    }

    #[test]
    fn the_usage_chunk_has_no_choices() {
        let chunk: Value = serde_json::from_str(&usage_json(4)).unwrap();
        assert_eq!(chunk["choices"], json!([]));
        assert_eq!(chunk["usage"]["total_tokens"], 13);
    }
}
