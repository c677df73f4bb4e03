//! Nothing of a stream is lost in silence: each leaf of each event of each golden stream is changed
//! and taken away in turn, and each event is taken away and doubled.
//!
//! What is compared is what a client reads: events by name and document, without those that only
//! show that the connection lives, and without the numbers that Responses gives its events.

use std::cell::OnceCell;

use nenya_wire::{ApiFormat, ReplyTranslator, Shown, Unframer, sse, write_stream_failure};
use serde_json::{Value, json};

use crate::event::{Event, Wire, varied_alike, without, without_events};
use crate::leaves::{ancestors, leaves, removed, varied};
use crate::outcome::{Outcome, asked};
use crate::{exempt, exempt_event, exempt_stream, golden, is_only_noted, pairs};

/// What came out, and what of it a client reads.
struct Heard {
    raw: Vec<u8>,
    understood: OnceCell<Value>,
    notes: Vec<String>,
    /// Why it does not come to its end.
    torn: Option<String>,
}

impl Heard {
    fn of(wire: &Wire, from: ApiFormat, to: ApiFormat) -> Self {
        let mut translator = ReplyTranslator::new(from, to, &asked());
        let (mut raw, mut torn) = (Vec::new(), None);
        for event in &wire.events {
            match translator.push(event.clone()) {
                Ok(out) => raw.extend_from_slice(&out),
                Err(error) => torn = torn.or(Some(error.to_string())),
            }
        }
        match translator.end() {
            Ok(out) => raw.extend_from_slice(&out),
            Err(error) => torn = torn.or(Some(error.to_string())),
        }
        let progress = translator.progress();
        if let Some(failure) = progress
            .failure
            .as_ref()
            .filter(|_| !progress.failure_shown)
        {
            let end = write_stream_failure(failure, to, &asked(), &Shown::default());
            raw.extend_from_slice(&end);
        } else if !progress.done {
            torn = torn.or(Some("no end".to_owned()));
        }
        let notes = translator.notes().to_vec();
        Self {
            raw,
            understood: OnceCell::new(),
            notes,
            torn,
        }
    }

    fn understood(&self) -> &Value {
        self.understood.get_or_init(|| understood(&self.raw))
    }

    fn outcome(&self) -> Outcome {
        match &self.torn {
            Some(why) => Outcome::Refused(why.clone()),
            None => Outcome::Told {
                body: self.understood().clone(),
                notes: self.notes.clone(),
            },
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        let same = self.notes == other.notes && self.torn == other.torn;
        same && (self.raw == other.raw || self.understood() == other.understood())
    }
}

/// The events of a stream as a client reads them.
fn understood(raw: &[u8]) -> Value {
    let all = sse::events(raw).filter_map(|event| {
        let data = event.data?;
        let mut document: Value = match serde_json::from_slice(&data) {
            Ok(document) => document,
            Err(_) => json!(String::from_utf8_lossy(&data)),
        };
        if let Some(members) = document.as_object_mut() {
            members.shift_remove("sequence_number");
        }
        let kind = document["type"].as_str().unwrap_or_default();
        let alive = matches!(kind, "ping" | "keepalive");
        let name = String::from_utf8_lossy(event.name);
        (!alive).then(|| json!([name, document]))
    });
    all.collect()
}

/// One stream from one format to another.
struct Way<'a> {
    from: ApiFormat,
    to: ApiFormat,
    events: &'a [Event],
    wire: &'a Wire,
    base: Heard,
}

impl<'a> Way<'a> {
    fn new(from: ApiFormat, to: ApiFormat, events: &'a [Event], wire: &'a Wire) -> Self {
        Self {
            from,
            to,
            events,
            wire,
            base: Heard::of(wire, from, to),
        }
    }

    fn heard(&self, wire: &Wire) -> Heard {
        Heard::of(wire, self.from, self.to)
    }

    fn tells(&self, wire: &Wire) -> bool {
        !self.heard(wire).is_like(&self.base)
    }

    fn tells_events(&self, events: &[Event]) -> bool {
        self.tells(&Wire::of(events, self.from))
    }

    /// Whether the outcome tells of this leaf by itself: it changes with the leaf, or lacks
    /// something without it.
    fn tells_leaf_alone(&self, at: usize, path: &str) -> bool {
        let event = &self.events[at];
        let with = |document: Value| {
            let other = event.with(document).bytes(self.from);
            self.heard(&self.wire.with(at, other))
        };
        if !with(varied(&event.document, path)).is_like(&self.base) {
            return true;
        }
        let less = with(removed(&event.document, path));
        less.torn.is_none() && !less.is_like(&self.base)
    }

    /// Whether it is told, alone or wherever the stream says it, or noted with what it stands in.
    fn tells_leaf(&self, at: usize, path: &str) -> bool {
        self.tells_leaf_alone(at, path)
            || varied_alike(self.events, at, path).is_some_and(|other| self.tells_events(&other))
            || self.notes_leaf(at, path)
    }

    /// Whether an event says something that no other does.
    fn says_something(&self, at: usize, case: &str) -> bool {
        let event = &self.events[at];
        let all = leaves(&event.document);
        all.iter().any(|path| {
            let place = place(event, path);
            !is_frame(event, path)
                && !exempt_stream::leaf(self.from, self.to, case, &place)
                && varied_alike(self.events, at, path).is_none()
                && self.tells_leaf_alone(at, path)
        })
    }

    fn notes_leaf(&self, at: usize, path: &str) -> bool {
        let base = self.base.outcome();
        let noted = |less: &Vec<Event>| {
            let heard = self.heard(&Wire::of(less, self.from));
            is_only_noted(&base, &heard.outcome())
        };
        without_events(self.events, at, path).iter().any(noted)
            || ancestors(path).any(|around| without(self.events, at, around).iter().any(noted))
    }
}

/// What was looked at, and what was lost.
#[derive(Default)]
struct Tally {
    looked_at: usize,
    lost: Vec<String>,
}

impl Tally {
    fn lose(&mut self, case: &str, way: &Way<'_>, at: usize, place: &str) {
        self.lost
            .push(format!("{} -> {}: {case}: {at}: {place}", way.from, way.to));
    }
}

/// Looks at each stream in each other format, all formats at a time. A stream that the other format
/// refuses says nothing.
fn tallied(each: fn(&str, &Way<'_>, &mut Tally)) -> Tally {
    let one = |from: ApiFormat| {
        let mut tally = Tally::default();
        for (case, events) in golden::streams(from) {
            let wire = Wire::of(&events, from);
            for (_, to) in pairs().filter(|(one, _)| *one == from) {
                let way = Way::new(from, to, &events, &wire);
                assert_eq!(
                    way.base.torn.is_some(),
                    exempt::is_no_answer(to, &case) && case == "tools-custom",
                    "{from} -> {to}: {case}"
                );
                if way.base.torn.is_none() {
                    each(&case, &way, &mut tally);
                }
            }
        }
        tally
    };
    let mut all = Tally::default();
    std::thread::scope(|scope| {
        let running = ApiFormat::ALL.map(|from| scope.spawn(move || one(from)));
        for thread in running {
            let tally = thread.join().unwrap();
            all.looked_at += tally.looked_at;
            all.lost.extend(tally.lost);
        }
    });
    all
}

fn check(tally: &Tally, least: usize) {
    let lost = &tally.lost;
    assert!(lost.is_empty(), "{} lost:\n{}", lost.len(), lost.join("\n"));
    assert!(tally.looked_at > least, "{}", tally.looked_at);
}

/// A place in a stream by the kind of event, where there are kinds.
fn place(event: &Event, path: &str) -> String {
    let kind = event.kind();
    let slash = if kind.is_empty() { "" } else { "/" };
    format!("{slash}{kind}{path}")
}

/// Whether a leaf says where something belongs, or nothing at all.
fn is_frame(event: &Event, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let place = [
        "index",
        "output_index",
        "content_index",
        "contentBlockIndex",
    ];
    let leaf = event.document.pointer(path).unwrap();
    let empty = ["", "[]", "{}"].contains(&leaf.to_string().trim_matches('"'));
    path == "/type" || place.contains(&name) || empty
}

/// Whether an event has a piece of a text or of a call's input, where events have no type.
fn is_piece(event: &Event) -> bool {
    const PIECES: [&str; 9] = [
        "/delta/content",
        "/delta/refusal",
        "/delta/reasoning",
        "/delta/reasoning_content",
        "/function/arguments",
        "/custom/input",
        "/text",
        "/message/content",
        "/message/thinking",
    ];
    let all = leaves(&event.document);
    all.iter().any(|path| {
        let said = event.document.pointer(path).is_some_and(|leaf| leaf != "");
        said && PIECES.iter().any(|piece| path.ends_with(piece))
    })
}

/// The type of an event; where the format has none, whether it has a piece.
fn kind(event: &Event) -> String {
    match event.kind() {
        none if none.is_empty() && is_piece(event) => "/piece".to_owned(),
        _ => place(event, ""),
    }
}

#[test]
fn nothing_of_a_stream_is_lost_in_silence() {
    let leaves = tallied(|case, way, tally| {
        for (at, event) in way.events.iter().enumerate() {
            for path in leaves(&event.document) {
                let place = place(event, &path);
                tally.looked_at += 1;
                let exempt = exempt_stream::leaf(way.from, way.to, case, &place);
                if !exempt && !way.tells_leaf(at, &path) {
                    tally.lose(case, way, at, &place);
                }
            }
        }
    });
    check(&leaves, 80_000);
}

#[test]
fn no_event_of_a_stream_is_lost_or_doubled_in_silence() {
    let events = tallied(|case, way, tally| {
        for (at, event) in way.events.iter().enumerate() {
            tally.looked_at += 1;
            for (what, wire) in [
                ("without", way.wire.without(at)),
                ("doubled", way.wire.doubled(at)),
            ] {
                let place = format!("{what}{}", kind(event));
                let exempt = exempt_event::is_listed(way.from, way.to, case, &place);
                if !exempt && !way.tells(&wire) && way.says_something(at, case) {
                    tally.lose(case, way, at, &place);
                }
            }
        }
    });
    check(&events, 10_000);
}

#[test]
fn every_exemption_of_streams_is_needed() {
    let mut places = Vec::new();
    for from in ApiFormat::ALL {
        for (case, events) in golden::streams(from) {
            for event in &events {
                let own = leaves(&event.document).into_iter();
                let own = own.map(|path| place(event, &path));
                let whole = ["without", "doubled"].map(|what| format!("{what}{}", kind(event)));
                places.extend(own.chain(whole).map(|place| (from, case.clone(), place)));
            }
        }
    }
    let unused = exempt_stream::unused(&places);
    assert!(unused.is_empty(), "{}", unused.join("\n"));
}

#[test]
fn a_stream_between_equal_formats_passes_whatever_it_says() {
    let mut looked_at = 0;
    for format in ApiFormat::ALL {
        for (case, events) in golden::streams(format) {
            let wire = Wire::of(&events, format);
            for (at, event) in events.iter().enumerate() {
                for path in leaves(&event.document) {
                    let other = event.with(varied(&event.document, &path)).bytes(format);
                    looked_at += 1;
                    assert!(
                        passes(&wire.with(at, other), format),
                        "{format}: {case}: {at}: {path}"
                    );
                }
            }
        }
    }
    assert!(looked_at > 10_000, "{looked_at}");
}

/// Whether all comes out as it came in, up to the final event.
fn passes(wire: &Wire, format: ApiFormat) -> bool {
    let mut translator = ReplyTranslator::new(format, format, &asked());
    let mut out = Vec::new();
    for event in &wire.events {
        out.extend_from_slice(&translator.push(event.clone()).unwrap());
    }
    out.extend_from_slice(&translator.end().unwrap());
    let events = as_events(wire, format);
    let over = translator.is_over() && events.starts_with(&out);
    translator.notes().is_empty() && (over || events == out)
}

/// In the gateway all streams are events; frames and lines are made of them at the last step.
fn as_events(wire: &Wire, format: ApiFormat) -> Vec<u8> {
    let whole = wire.events.concat();
    match Unframer::of(format) {
        Some(mut unframer) => unframer.push(&whole).unwrap().into(),
        None => whole,
    }
}
