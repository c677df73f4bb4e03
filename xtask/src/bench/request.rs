//! The requests of the benchmark: what an SDK sends, with a body of exactly the size asked for.

use std::net::SocketAddr;

use serde_json::{Value, json};

/// The client's key, known to nenya and passed on by nginx.
pub(super) const CLIENT_TOKEN: &str = "nk-bench-0123456789abcdef0123456789abcdef01234567";

const PROSE: &str = "The harbour master wrote \"two ships at noon\" and went on with the ledger.\nNobody asked for the third one; it came in the evening, with lights on and an odd flag. ";

/// A chat request as it goes over the wire: head and body in one write.
pub(super) fn chat(address: SocketAddr, model: &str, stream: bool, body_bytes: usize) -> Vec<u8> {
    chat_at(address, "/v1/chat/completions", model, stream, body_bytes)
}

/// The same at another path.
pub(super) fn chat_at(
    address: SocketAddr,
    path: &str,
    model: &str,
    stream: bool,
    body_bytes: usize,
) -> Vec<u8> {
    let body = body(model, stream, body_bytes);
    let mut bytes = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\naccept: application/json\r\n\
         accept-encoding: identity\r\nuser-agent: bench/1\r\ncontent-type: application/json\r\n\
         authorization: Bearer {CLIENT_TOKEN}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body.as_bytes());
    bytes
}

/// A conversation of prose with quotes and line ends in it, as prompts have; nothing to redact.
fn body(model: &str, stream: bool, size: usize) -> String {
    let mut question = String::new();
    loop {
        let missing = size.saturating_sub(conversation(model, stream, &question).to_string().len());
        if missing == 0 {
            return conversation(model, stream, &question).to_string();
        }
        if missing > PROSE.len() + 8 {
            question.push_str(PROSE);
        } else {
            question.extend(std::iter::repeat_n('.', missing));
        }
    }
}

fn conversation(model: &str, stream: bool, question: &str) -> Value {
    json!({
        "model": model,
        "messages": [
            {"role": "system", "content": "You are the clerk of a small harbour. Answer in one paragraph."},
            {"role": "user", "content": PROSE},
            {"role": "assistant", "content": "Noted. Which ship came third?"},
            {"role": "user", "content": question},
        ],
        "temperature": 0.7,
        "max_tokens": 512,
        "stream": stream,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_exactly_the_size_asked_for_whatever_the_model_is_called() {
        for (model, size) in [
            ("a", 2048),
            ("delay-1-chunks-200", 2048),
            ("bench", 2049),
            ("b", 4096),
        ] {
            let body = body(model, true, size);
            assert_eq!(body.len(), size, "{model}");
            let parsed: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(parsed["model"], model);
        }
    }

    #[test]
    fn a_request_states_the_length_of_its_body() {
        let request = chat(([127, 0, 0, 1], 80).into(), "ok", false, 2048);
        let text = String::from_utf8(request).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with("content-length: 2048"));
        assert_eq!(body.len(), 2048);
    }
}
