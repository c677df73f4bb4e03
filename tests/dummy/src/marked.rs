//! What became of requests that carry a mark, for tests of clients that leave: `/_marked`.
//!
//! A mark is `departure-<number>` anywhere in a body. `POST /_marked` begins to look for marks,
//! since looking costs time, and forgets those of before; `GET /_marked` tells:
//!
//! ```json
//! {"17": {"began": 2, "ended": 1, "left": 1, "left_at_us": 1795357260123456}}
//! ```
//!
//! `began` counts requests (a retry or another target is one more), `ended` those that were
//! answered to their end, `left` those whose client went before; the time is that of the last of
//! these, in microseconds since 1970 by the machine's clock, which all its processes share.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

const WORD: &[u8] = b"departure-";

/// The fates of all marks since the watch began.
#[derive(Debug, Default)]
pub(crate) struct Marked {
    watched: bool,
    fates: BTreeMap<u64, Fate>,
}

#[derive(Debug, Default)]
struct Fate {
    began: u64,
    ended: u64,
    left: u64,
    left_at_us: u64,
}

impl Marked {
    pub(crate) fn watch(&mut self) {
        *self = Self {
            watched: true,
            fates: BTreeMap::new(),
        };
    }

    /// Takes note of a request, or of what has come of it; gives its mark.
    pub(crate) fn began(&mut self, body: &[u8]) -> Option<u64> {
        let mark = self.watched.then(|| mark_in(body)).flatten()?;
        self.fates.entry(mark).or_default().began += 1;
        Some(mark)
    }

    pub(crate) fn ended(&mut self, mark: Option<u64>, client_left: bool) {
        let Some(fate) = mark.and_then(|mark| self.fates.get_mut(&mark)) else {
            return;
        };
        if client_left {
            fate.left += 1;
            fate.left_at_us = now_us();
        } else {
            fate.ended += 1;
        }
    }

    pub(crate) fn render(&self) -> String {
        let fates = self.fates.iter().map(|(mark, fate)| {
            let told = json!({
                "began": fate.began, "ended": fate.ended,
                "left": fate.left, "left_at_us": fate.left_at_us,
            });
            (mark.to_string(), told)
        });
        Value::from(fates.collect::<Map<String, Value>>()).to_string()
    }
}

fn now_us() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| u64::try_from(now.as_micros()).unwrap_or(u64::MAX))
}

fn mark_in(body: &[u8]) -> Option<u64> {
    let at = body.windows(WORD.len()).position(|part| part == WORD)?;
    let behind = body.get(at + WORD.len()..)?;
    let digits = behind.iter().take_while(|byte| byte.is_ascii_digit());
    let digits: Vec<u8> = digits.copied().collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_end_of_a_marked_request_is_told() {
        let mut marked = Marked::default();
        assert_eq!(marked.began(b"departure-1."), None, "nobody watches");
        marked.watch();
        let before = now_us();
        let mark = marked.began(b"{\"a\":\"departure-17.\"}");
        assert_eq!(mark, Some(17));
        marked.ended(mark, false);
        let again = marked.began(b"departure-17");
        marked.ended(again, true);
        marked.began(b"departure-18");
        marked.ended(None, true);
        let told: Value = serde_json::from_str(&marked.render()).unwrap();
        assert_eq!(
            (&told["17"]["began"], &told["17"]["ended"]),
            (&json!(2), &json!(1))
        );
        assert!(told["17"]["left_at_us"].as_u64().unwrap() >= before);
        assert_eq!(
            told["18"],
            json!({"began": 1, "ended": 0, "left": 0, "left_at_us": 0})
        );
    }

    #[test]
    fn what_is_no_mark_is_none() {
        for body in [&b""[..], b"departure-", b"departure-x", b"departur-1"] {
            assert_eq!(mark_in(body), None);
        }
    }
}
