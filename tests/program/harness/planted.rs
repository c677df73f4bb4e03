//! Made-up secrets that tests plant, and what is looked at for them.
//!
//! They are put together here, so that scanners of source text leave this file alone.

use serde_json::{Value, json};

use super::gateway::USER;
use super::http::{Reply, Request};

/// An access key id of AWS.
pub(crate) const AWS: &str = concat!("AKI", "AQ7XM4TBN2WKJ5RVD");
/// A token of GitHub.
pub(crate) const GITHUB: &str = concat!("ghp", "_R7kQ2mX9vB4nZ1tL8wY3pC6sD5fG0hJaKqWe");
/// A mail address.
pub(crate) const MAIL: &str = concat!("jana.novak", "@mail.velmora.net");
/// The command that no reply may hold.
pub(crate) const KILL: &str = "sudo rm -rf / --no-preserve-root";

/// A chat request of one text.
pub(crate) fn say(model: &str, text: &str, stream: bool) -> Request {
    let messages = json!([{"role": "user", "content": text}]);
    let body = json!({"model": model, "messages": messages, "stream": stream});
    Request::chat(body.to_string()).key(USER)
}

/// One event of a streamed completion.
pub(crate) fn delta(delta: &Value, finish: &Value) -> Value {
    let choices = json!([{"index": 0, "delta": delta, "finish_reason": finish}]);
    let chunk = json!({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices});
    format!("data: {chunk}\n\n").into()
}

/// A stream that says these texts, one by one, and ends well.
pub(crate) fn stream_of(texts: &[&str]) -> Vec<Value> {
    let mut pieces = vec![delta(
        &json!({"role": "assistant", "content": ""}),
        &Value::Null,
    )];
    let text = |text: &&str| delta(&json!({"content": text}), &Value::Null);
    pieces.extend(texts.iter().map(text));
    pieces.push(delta(&json!({}), &json!("stop")));
    pieces.push("data: [DONE]\n\n".into());
    pieces
}

/// The text in pieces of so many characters.
pub(crate) fn cut(text: &str, size: usize) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters
        .chunks(size)
        .map(|piece| piece.iter().collect())
        .collect()
}

/// A stream that says a text in pieces of so many characters.
pub(crate) fn in_chunks(text: &str, size: usize) -> Vec<Value> {
    let pieces = cut(text, size);
    let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
    stream_of(&pieces)
}

/// A whole completion with this text.
pub(crate) fn completion(text: &str) -> Value {
    let message = json!({"role": "assistant", "content": text});
    let choices = json!([{"index": 0, "message": message, "finish_reason": "stop"}]);
    let usage = json!({"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3});
    json!({"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": choices, "usage": usage})
}

/// The data of all events of a stream, in order.
pub(crate) fn events(reply: &Reply) -> Vec<String> {
    let text = reply.text();
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    data.map(str::to_owned).collect()
}

/// What the member of all deltas at `pointer`, such as `/content`, comes to.
pub(crate) fn joined(reply: &Reply, pointer: &str) -> String {
    let pointer = format!("/choices/0/delta{pointer}");
    let texts = events(reply).into_iter().filter_map(|data| {
        let event: Value = serde_json::from_str(&data).ok()?;
        Some(event.pointer(&pointer)?.as_str()?.to_owned())
    });
    texts.collect()
}

/// The text of an answer, whole or streamed.
pub(crate) fn said(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", reply.text());
    match reply.text().starts_with("data: ") {
        true => joined(reply, "/content"),
        false => reply.content(),
    }
}
