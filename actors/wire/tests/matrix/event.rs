//! An event of a golden stream, and a stream with one of them changed, taken away or doubled.

use bytes::Bytes;
use nenya_wire::{ApiFormat, Framer};
use serde_json::Value;

use crate::leaves::{leaves, removed, removed_alike, removed_by_name, varied};

/// One event.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    name: Vec<u8>,
    data: Vec<u8>,
    /// `Null` if the data are no document.
    pub(crate) document: Value,
}

impl Event {
    pub(crate) fn new(name: &[u8], data: &[u8]) -> Self {
        Self {
            name: name.to_vec(),
            data: data.to_vec(),
            document: serde_json::from_slice(data).unwrap_or_default(),
        }
    }

    /// The type that the event gives itself, else its name; `[DONE]` by its letters; empty where
    /// the format has neither.
    pub(crate) fn kind(&self) -> String {
        let own = self.document["type"].as_str();
        // The name that every event has that is not given one.
        let name = Some(self.name.as_slice()).filter(|name| *name != b"message");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match (&self.document, own) {
            (Value::Null, _) => text(&self.data),
            (_, Some(own)) => own.to_owned(),
            (_, None) => name.map(text).unwrap_or_default(),
        }
    }

    pub(crate) fn with(&self, document: Value) -> Self {
        Self {
            name: self.name.clone(),
            data: serde_json::to_vec(&document).unwrap(),
            document,
        }
    }

    /// As it is on the wire.
    pub(crate) fn bytes(&self, format: ApiFormat) -> Bytes {
        let mut event = Vec::new();
        if !self.name.is_empty() {
            event.extend_from_slice(&[b"event: ", self.name.as_slice(), b"\n"].concat());
        }
        for line in self.data.split(|byte| *byte == b'\n') {
            event.extend_from_slice(&[b"data: ", line, b"\n"].concat());
        }
        event.push(b'\n');
        Framer::of(format, false).frame(event.into())
    }
}

/// The events of one stream on the wire, each of which can be put in the place of another.
pub(crate) struct Wire {
    pub(crate) events: Vec<Bytes>,
}

impl Wire {
    pub(crate) fn of(events: &[Event], format: ApiFormat) -> Self {
        let events = events.iter().map(|event| event.bytes(format)).collect();
        Self { events }
    }

    pub(crate) fn with(&self, at: usize, other: Bytes) -> Self {
        let mut events = self.events.clone();
        events[at] = other;
        Self { events }
    }

    pub(crate) fn without(&self, at: usize) -> Self {
        let mut events = self.events.clone();
        events.remove(at);
        Self { events }
    }

    pub(crate) fn doubled(&self, at: usize) -> Self {
        let mut events = self.events.clone();
        events.insert(at, self.events[at].clone());
        Self { events }
    }
}

/// Without numbers of elements.
fn place_of_kind(path: &str) -> Vec<&str> {
    let names = path.split('/').skip(1);
    names
        .map(
            |name| match name.bytes().all(|byte| byte.is_ascii_digit()) {
                true => "*",
                false => name,
            },
        )
        .collect()
}

/// Whether two leaves are of one name, and of what stands around it.
fn is_alike(one: &str, other: &str) -> bool {
    let (one, other) = (place_of_kind(one), place_of_kind(other));
    let end = |names: &[&str]| {
        names
            .iter()
            .rev()
            .take(2)
            .map(|name| (*name).to_owned())
            .collect()
    };
    let (one, other): (Vec<_>, Vec<_>) = (end(&one), end(&other));
    one == other
}

/// The stream with another value at each leaf that says the same as this one; `None` if there is
/// but one.
pub(crate) fn varied_alike(events: &[Event], at: usize, path: &str) -> Option<Vec<Event>> {
    let said = events[at].document.pointer(path);
    let mut copies = 0;
    let mut other = events.to_vec();
    for event in &mut other {
        for alike in leaves(&event.document) {
            if is_alike(&alike, path) && event.document.pointer(&alike) == said {
                copies += 1;
                *event = event.with(varied(&event.document, &alike));
            }
        }
    }
    (copies > 1).then_some(other)
}

/// Streams without what stands at a place of an event: there alone, at all places alike in all
/// events, and by its name.
pub(crate) fn without(events: &[Event], at: usize, path: &str) -> [Vec<Event>; 3] {
    let mut alone = events.to_vec();
    alone[at] = events[at].with(removed(&events[at].document, path));
    let everywhere = |way: fn(&Value, &str) -> Value| {
        let all = events.iter().map(|event| match event.document {
            Value::Null => event.clone(),
            _ => event.with(way(&event.document, path)),
        });
        all.collect()
    };
    [
        alone,
        everywhere(removed_alike),
        everywhere(removed_by_name),
    ]
}

/// Streams without an event, and without all events that have a leaf at such a place.
pub(crate) fn without_events(events: &[Event], at: usize, path: &str) -> [Vec<Event>; 2] {
    let mut alone = events.to_vec();
    alone.remove(at);
    let place = place_of_kind(path);
    let has = |event: &Event| {
        leaves(&event.document)
            .iter()
            .any(|own| place_of_kind(own) == place)
    };
    let others = events.iter().filter(|event| !has(event)).cloned();
    [alone, others.collect()]
}
