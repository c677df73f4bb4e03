//! An event that says one thing only, made from one that said it among others.
//!
//! Owns what such an event must not repeat: usage, the end of a choice, the beginning of a tool
//! call, other texts. It copies the way from the top to the slot, and beside it only what says
//! which stream and which part of it this is. So nothing that nobody has looked at can come along.

use bytes::Bytes;

use super::Slot;
use super::key::name_number;
use crate::escape::escape_json;
use crate::walk::{self, Item};
use crate::zones::{Zone, is_text, member};

/// A copy of the event with this data that carries only `text` (decoded), as more of the slot's
/// running text.
///
/// For text that was held back and is let go before another event. Where that needs an event of
/// another name, [`EventTexts::only_slot_name`](super::EventTexts::only_slot_name) says it.
pub fn only_slot(data: &[u8], slot: &Slot, text: &str) -> Bytes {
    let mut out = Vec::with_capacity(data.len() + text.len());
    let mut closing: Vec<Vec<u8>> = Vec::new();
    let mut at = walk::skip_space(data, 0);
    let mut under = String::new();
    loop {
        let level = Level {
            data,
            top: closing.is_empty(),
            under: &under,
        };
        let (item, rest) = match data.get(at) {
            Some(b'{') => level.object(at, slot.span.start, &mut out),
            Some(b'[') => level.array(at, slot.span.start, &mut out),
            _ => break,
        };
        closing.push(rest);
        let Some(item) = item else { break };
        at = item.value.start;
        let Some(name) = item.name(data) else {
            continue;
        };
        if name == "content_block" && closing.len() == 1 {
            return block_delta(data, slot, text);
        }
        under = name;
    }
    push_string(text, &mut out);
    out.extend(closing.into_iter().rev().flatten());
    Bytes::from(out)
}

/// Where on the way a container stands.
struct Level<'a> {
    data: &'a [u8],
    top: bool,
    /// The last key on the way.
    under: &'a str,
}

impl Level<'_> {
    /// Writes an object up to the member that `target` lies in; what follows it is given back.
    fn object(&self, at: usize, target: usize, out: &mut Vec<u8>) -> (Option<Item>, Vec<u8>) {
        let (mut way, mut rest) = (None, Vec::new());
        let mut first = true;
        out.push(b'{');
        for item in walk::items(self.data, at) {
            let on_way = way.is_none() && item.value.contains(&target);
            let value = if on_way { None } else { self.kept(&item) };
            if !on_way && value.is_none() {
                continue;
            }
            let out = if way.is_some() { &mut rest } else { &mut *out };
            if !std::mem::take(&mut first) {
                out.push(b',');
            }
            out.extend_from_slice(self.data.get(item.key.clone()).unwrap_or_default());
            out.push(b':');
            match value {
                Some(value) => out.extend_from_slice(value),
                None => way = Some(item),
            }
        }
        rest.push(b'}');
        (way, rest)
    }

    /// Writes an array with only the element that `target` lies in.
    fn array(&self, at: usize, target: usize, out: &mut Vec<u8>) -> (Option<Item>, Vec<u8>) {
        out.push(b'[');
        let way = walk::items(self.data, at).find(|item| item.value.contains(&target));
        (way, vec![b']'])
    }

    /// What is written for a member beside the way; `None` leaves it out.
    fn kept(&self, item: &Item) -> Option<&[u8]> {
        let value = self.data.get(item.value.clone()).unwrap_or_default();
        let name = item.name(self.data)?;
        match name.as_str() {
            "type" if self.top => Some(later_type(value)),
            "type" | "thought" => scalar(value),
            "finish_reason" => Some(b"null"),
            "logprobs" if value.starts_with(b"[") => Some(b"[]"),
            "logprobs" => Some(b"null"),
            "done" if self.top => Some(b"false"),
            // An SDK that adds deltas up would add the role up too.
            "role" if self.under != "delta" => scalar(value),
            "stop_reason" | "done_reason" | "finishReason" | "native_finish_reason" => None,
            name if name == "index" || self.top && is_number_of_event(name) => {
                scalar(value).filter(|value| !value.starts_with(b"\""))
            }
            name if self.top => id(name, value),
            _ => None,
        }
    }
}

fn is_number_of_event(name: &str) -> bool {
    matches!(name, "created" | "sequence_number" | "contentBlockIndex") || name.ends_with("_index")
}

/// A value that is no container and, if a string, one that needs no look.
fn scalar(value: &[u8]) -> Option<&[u8]> {
    match value.first()? {
        b'{' | b'[' => None,
        b'"' => id("type", value),
        _ => Some(value),
    }
}

/// A string that is an identifier.
fn id<'v>(name: &str, value: &'v [u8]) -> Option<&'v [u8]> {
    let raw = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let raw = std::str::from_utf8(raw).ok()?;
    let zone = member(Zone::Open, name.as_bytes());
    (zone == Zone::Id && !is_text(zone, raw)).then_some(value)
}

/// The type of the event that says more where this one begins something.
fn later_type(value: &[u8]) -> &[u8] {
    match value {
        b"\"content-start\"" => b"\"content-delta\"",
        b"\"tool-call-start\"" => b"\"tool-call-delta\"",
        value => scalar(value).unwrap_or(b"null"),
    }
}

/// More of a content block, from the event that began it.
fn block_delta(data: &[u8], slot: &Slot, text: &str) -> Bytes {
    let kind = if slot.key.part() == name_number("thinking") {
        "thinking"
    } else {
        "text"
    };
    let group = slot.key.group();
    let mut out = Vec::with_capacity(data.len() + text.len());
    let head = format!(
        "{{\"type\":\"content_block_delta\",\"index\":{group},\
         \"delta\":{{\"type\":\"{kind}_delta\",\"{kind}\":"
    );
    out.extend_from_slice(head.as_bytes());
    push_string(text, &mut out);
    out.extend_from_slice(b"}}");
    Bytes::from(out)
}

fn push_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    escape_json(text, out);
    out.push(b'"');
}
