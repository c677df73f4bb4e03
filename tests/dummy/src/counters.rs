//! What the dummy saw, for tests to ask about at `/_seen`.

use std::collections::HashMap;

use serde_json::json;

use crate::record::{Record, keep};

/// Counts since the start or the last `/_reset`.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    requests: u64,
    connections: u64,
    connections_open: u64,
    listings: u64,
    open: u64,
    closed_early: u64,
    redirects_followed: u64,
    last_head: Vec<u8>,
    last_body: Vec<u8>,
    authorization: Vec<u8>,
    by_model: HashMap<String, u64>,
    record: Record,
}

impl Counters {
    pub(crate) fn connected(&mut self) {
        self.connections += 1;
        self.connections_open += 1;
    }

    pub(crate) fn disconnected(&mut self) {
        self.connections_open = self.connections_open.saturating_sub(1);
    }

    /// A list of models: what probes and discovery do, so kept apart from real requests.
    pub(crate) fn listed(&mut self) {
        self.listings += 1;
    }

    pub(crate) fn redirected(&mut self) {
        self.redirects_followed += 1;
    }

    /// Takes note of a request and returns how often its model was asked, this time included.
    pub(crate) fn began(&mut self, model: &str, head: &[u8], authorization: &[u8]) -> u64 {
        self.requests += 1;
        self.open += 1;
        keep(&mut self.last_head, head);
        keep(&mut self.authorization, authorization);
        // A key is cloned once per model and not once per request.
        if let Some(count) = self.by_model.get_mut(model) {
            *count += 1;
            return *count;
        }
        self.by_model.insert(model.to_owned(), 1);
        1
    }

    pub(crate) fn received(&mut self, head: &[u8], body: &[u8]) {
        keep(&mut self.last_body, body);
        self.record.note(head, body);
    }

    /// The last requests, for `/_asked`.
    pub(crate) fn asked(&self) -> String {
        self.record.render()
    }

    pub(crate) fn ended(&mut self, client_left: bool) {
        self.open = self.open.saturating_sub(1);
        self.closed_early += u64::from(client_left);
    }

    /// Forgets everything but what is open now.
    pub(crate) fn reset(&mut self) {
        *self = Self {
            open: self.open,
            connections_open: self.connections_open,
            ..Self::default()
        };
    }

    pub(crate) fn render(&self) -> String {
        json!({
            "requests": self.requests,
            "connections": self.connections,
            "connections_open": self.connections_open,
            "listings": self.listings,
            "open": self.open,
            "closed_early": self.closed_early,
            "redirects_followed": self.redirects_followed,
            "authorization": String::from_utf8_lossy(&self.authorization),
            "last_head": String::from_utf8_lossy(&self.last_head),
            "last_body": String::from_utf8_lossy(&self.last_body),
            "by_model": self.by_model,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_in_all_and_by_model() {
        let mut counters = Counters::default();
        assert_eq!(counters.began("a", b"head", b""), 1);
        assert_eq!(counters.began("b", b"head", b""), 1);
        assert_eq!(counters.began("a", b"last", b"Bearer x"), 2);
        counters.received(b"GET / HTTP/1.1", b"body");
        counters.ended(false);
        counters.ended(true);
        let seen: serde_json::Value = serde_json::from_str(&counters.render()).unwrap();
        assert_eq!(seen["requests"], 3);
        assert_eq!(seen["open"], 1);
        assert_eq!(seen["closed_early"], 1);
        assert_eq!(seen["by_model"]["a"], 2);
        assert_eq!(seen["last_head"], "last");
        assert_eq!(seen["last_body"], "body");
        assert_eq!(seen["authorization"], "Bearer x");
    }

    #[test]
    fn a_reset_keeps_what_is_still_open() {
        let mut counters = Counters::default();
        counters.began("a", b"", b"");
        counters.reset();
        let seen: serde_json::Value = serde_json::from_str(&counters.render()).unwrap();
        assert_eq!((&seen["requests"], &seen["open"]), (&json!(0), &json!(1)));
    }
}
