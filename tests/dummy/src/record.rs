//! The last requests as they came, for tests to read at `/_asked`.
//!
//! ```json
//! [{"method": "POST", "target": "/v1/messages?beta=true", "headers": [["host", "x"]], "body": "{}"}]
//! ```
//!
//! Oldest first. Names of headers as they were spelled; a body that is no text is a list of bytes.

use std::collections::VecDeque;

use serde_json::{Value, json};

/// How many requests are kept.
const KEPT: usize = 64;
/// Longer bodies are kept up to here.
const KEPT_BYTES: usize = 1 << 20;

/// The last requests. Their buffers are used again, so that noting one costs two copies.
#[derive(Debug, Default)]
pub(crate) struct Record(VecDeque<Asked>);

#[derive(Debug, Default)]
struct Asked {
    head: Vec<u8>,
    body: Vec<u8>,
}

impl Record {
    pub(crate) fn note(&mut self, head: &[u8], body: &[u8]) {
        let mut asked = match self.0.len() {
            KEPT => self.0.pop_front().unwrap_or_default(),
            _ => Asked::default(),
        };
        keep(&mut asked.head, head);
        keep(&mut asked.body, body);
        self.0.push_back(asked);
    }

    pub(crate) fn render(&self) -> String {
        let asked: Vec<Value> = self.0.iter().map(Asked::render).collect();
        Value::from(asked).to_string()
    }
}

impl Asked {
    fn render(&self) -> Value {
        let head = String::from_utf8_lossy(&self.head);
        let mut lines = head.split("\r\n").filter(|line| !line.is_empty());
        let mut words = lines.next().unwrap_or_default().split(' ');
        let headers: Vec<[&str; 2]> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| [name, value.trim()])
            .collect();
        let body = match std::str::from_utf8(&self.body) {
            Ok(text) => Value::from(text),
            Err(_) => Value::from(self.body.clone()),
        };
        json!({"method": words.next(), "target": words.next(), "headers": headers, "body": body})
    }
}

/// Fills a buffer again.
pub(crate) fn keep(slot: &mut Vec<u8>, bytes: &[u8]) {
    slot.clear();
    slot.extend_from_slice(bytes.get(..KEPT_BYTES).unwrap_or(bytes));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_kept_as_it_came() {
        let mut record = Record::default();
        record.note(b"POST /a?b HTTP/1.1\r\nX-Key:  k\r\n\r\n", b"{ }");
        record.note(b"POST /c HTTP/1.1\r\n\r\n", &[255]);
        let asked: Value = serde_json::from_str(&record.render()).unwrap();
        let first =
            json!({"method": "POST", "target": "/a?b", "headers": [["X-Key", "k"]], "body": "{ }"});
        assert_eq!(asked[0], first);
        assert_eq!(asked[1]["body"], json!([255]));
    }

    #[test]
    fn only_the_last_requests_are_kept() {
        let mut record = Record::default();
        for number in 0..KEPT + 3 {
            record.note(format!("GET /{number} HTTP/1.1\r\n\r\n").as_bytes(), b"");
        }
        let asked: Value = serde_json::from_str(&record.render()).unwrap();
        assert_eq!(asked.as_array().map(Vec::len), Some(KEPT));
        assert_eq!(asked[0]["target"], "/3");
    }
}
