//! The running texts of one streamed reply.
//!
//! Owns: which event's text goes to which running text, and that held text comes out before what
//! follows it: in the event that ends it if that event carries the same text, else in an extra
//! event before it, made from the last one that carried it.

use bytes::Bytes;
use wire::{EventTexts, Flow, Slot, SlotKey, TextKind, only_slot, sse};

use super::running::{Beginning, Running, rewrite_json};
use crate::error::RedactError;
use crate::side::Side;
use crate::treat::treatment::Treatment;

/// Running texts at once; a stream with more is no reply of a model.
const MOST: usize = 4096;

/// Room for a text on its way that is kept; more is given back.
const ROOM: usize = 1024;

/// Bytes held back in all texts together, with the events that carried them.
const MOST_HELD: usize = 8 << 20;

/// A text that goes on from event to event.
#[derive(Debug)]
struct RunningSlot {
    key: SlotKey,
    running: Running,
    template: Option<Template>,
}

/// The last event that carried a text of which something is held back.
struct Template {
    data: Bytes,
    slot: Slot,
    /// What goes into its `event:` line, where it has one.
    name: Option<String>,
    place: String,
}

/// The running texts of one reply.
#[derive(Debug, Default)]
pub(crate) struct RunningSlots {
    all: Vec<RunningSlot>,
    /// For a text on its way; kept so that a chunk allocates nothing.
    text: String,
}

/// An event on its way.
pub(crate) struct Event<'e> {
    name: &'e [u8],
    data: &'e [u8],
    texts: &'e EventTexts,
    new: Vec<(usize, String)>,
    before: Vec<(Option<String>, Bytes)>,
}

impl<'e> Event<'e> {
    pub(crate) fn new(name: &'e [u8], data: &'e [u8], texts: &'e EventTexts) -> Self {
        Self {
            name,
            data,
            texts,
            new: Vec::new(),
            before: Vec::new(),
        }
    }

    /// Whether it cannot pass as it came.
    pub(crate) fn changed(&self) -> bool {
        !self.new.is_empty() || !self.before.is_empty()
    }

    /// Events that go before it: their names, where they have one, and data.
    pub(crate) fn before(&self) -> &[(Option<String>, Bytes)] {
        &self.before
    }

    /// Its data with what is to stand in it.
    pub(crate) fn data(&self) -> Bytes {
        self.texts.with_slots(self.data, &self.new)
    }

    /// The name of an event that carries one of its texts only.
    fn name(&self) -> Option<String> {
        let own = String::from_utf8_lossy(self.name);
        let name = self.texts.only_slot_name().unwrap_or(&own);
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn set(&mut self, number: usize, text: &str, new: &str) {
        if new != text {
            self.new.push((number, new.to_owned()));
        }
    }

    /// Adds to the text of this number.
    fn append(&mut self, number: usize, more: &str) {
        match self.new.iter_mut().find(|(known, _)| *known == number) {
            Some((_, text)) => text.push_str(more),
            None => {
                let text = self.texts.text(self.data, number);
                self.new.push((number, text.into_owned() + more));
            }
        }
    }
}

impl RunningSlots {
    /// Bytes held back, in all texts together.
    pub(crate) fn held(&self) -> usize {
        self.all.iter().map(|slot| slot.running.held()).sum()
    }

    /// Takes one event.
    ///
    /// # Errors
    /// Why the reply must be ended; the events before it in `event` may still go.
    pub(crate) fn step(
        &mut self,
        event: &mut Event<'_>,
        side: &Side,
        treatment: &mut Treatment<'_>,
    ) -> Result<(), RedactError> {
        let texts = event.texts;
        for (number, slot) in texts.slots().iter().enumerate() {
            let text = texts.text(event.data, number);
            let stepped = match slot.flow {
                Flow::Whole => whole(number, slot, &text, event, side, treatment),
                Flow::Delta => self.delta(number, slot, &text, event, side, treatment),
            };
            let place = || side.shown(texts.place(event.data, number));
            treatment.findings.placed(place);
            stepped.map_err(|error| error.at_place(place))?;
        }
        self.end(event, side, treatment)?;
        if self.text.capacity() > ROOM {
            self.text = String::new();
        }
        let kept = self.all.iter().map(RunningSlot::kept).sum::<usize>();
        if kept > MOST_HELD {
            return Err(RedactError::TooLong);
        }
        Ok(())
    }

    fn delta(
        &mut self,
        number: usize,
        slot: &Slot,
        text: &str,
        event: &mut Event<'_>,
        side: &Side,
        treatment: &mut Treatment<'_>,
    ) -> Result<(), RedactError> {
        let index = self.index(slot)?;
        let Some(running) = self.all.get_mut(index) else {
            return Ok(());
        };
        self.text.clear();
        let pushed = running.running.push(side, treatment, text, &mut self.text);
        if pushed.is_err() && !self.text.is_empty() {
            // What stood before the reason to stop may go, and nothing else of the event.
            let data = only_slot(event.data, slot, &self.text);
            event.before.push((event.name(), data));
        }
        pushed?;
        event.set(number, text, &self.text);
        running.template = (running.running.held() > 0).then(|| Template {
            data: Bytes::copy_from_slice(event.data),
            slot: *slot,
            name: event.name(),
            place: side.shown(event.texts.place(event.data, number)),
        });
        Ok(())
    }

    fn index(&mut self, slot: &Slot) -> Result<usize, RedactError> {
        if let Some(index) = self.all.iter().position(|known| known.key == slot.key) {
            return Ok(index);
        }
        if self.all.len() >= MOST {
            return Err(RedactError::TooLong);
        }
        let running = match slot.span.kind {
            TextKind::Json => Running::json(),
            // No text of an event is read as base64.
            TextKind::Plain | TextKind::Base64 | TextKind::PlainOrBase64 => Running::plain(),
        };
        self.all.push(RunningSlot {
            key: slot.key,
            running,
            template: None,
        });
        Ok(self.all.len() - 1)
    }

    /// Ends the texts that this event ends.
    fn end(
        &mut self,
        event: &mut Event<'_>,
        side: &Side,
        treatment: &mut Treatment<'_>,
    ) -> Result<(), RedactError> {
        let texts = event.texts;
        if texts.ends().is_empty() {
            return Ok(());
        }
        for slot in self.all.iter_mut().filter(|slot| texts.ends_key(slot.key)) {
            self.text.clear();
            slot.finish(side, treatment, &mut self.text)?;
            let template = slot.template.take();
            if self.text.is_empty() {
                continue;
            }
            let own = texts
                .slots()
                .iter()
                .rposition(|own| own.key == slot.key && own.flow == Flow::Delta);
            match (own, template) {
                (Some(number), _) => event.append(number, &self.text),
                (None, Some(template)) => {
                    let data = template.with(&self.text);
                    event.before.push((template.name, data));
                }
                (None, None) => {}
            }
        }
        self.all.retain(|slot| !texts.ends_key(slot.key));
        Ok(())
    }

    /// Nothing follows: all that is held back, as events.
    pub(crate) fn finish(
        &mut self,
        side: &Side,
        treatment: &mut Treatment<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), RedactError> {
        for mut slot in std::mem::take(&mut self.all) {
            self.text.clear();
            slot.finish(side, treatment, &mut self.text)?;
            slot.write(&self.text, out);
        }
        Ok(())
    }

    /// What is held back and is part of no secret yet, as events.
    pub(crate) fn stall(
        &mut self,
        side: &Side,
        treatment: &mut Treatment<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), RedactError> {
        for slot in &mut self.all {
            self.text.clear();
            let stalled = slot.running.stall(side, treatment, &mut self.text);
            let place = || slot.place();
            treatment.findings.placed(place);
            stalled.map_err(|error| error.at_place(place))?;
            slot.write(&self.text, out);
            if slot.running.held() == 0 {
                slot.template = None;
            }
        }
        Ok(())
    }
}

impl RunningSlot {
    fn finish(
        &mut self,
        side: &Side,
        treatment: &mut Treatment<'_>,
        out: &mut String,
    ) -> Result<(), RedactError> {
        let finished = self.running.finish(side, treatment, out);
        let place = || self.place();
        treatment.findings.placed(place);
        finished.map_err(|error| error.at_place(place))
    }

    fn kept(&self) -> usize {
        let template = self.template.as_ref();
        self.running.held() + template.map_or(0, |template| template.data.len())
    }

    fn place(&self) -> String {
        let template = self.template.as_ref();
        template.map_or_else(|| "reply".to_owned(), Template::place)
    }

    fn write(&self, text: &str, out: &mut Vec<u8>) {
        let Some(template) = self.template.as_ref().filter(|_| !text.is_empty()) else {
            return;
        };
        if let Some(name) = &template.name {
            out.extend_from_slice(b"event: ");
            out.extend_from_slice(name.as_bytes());
            out.push(b'\n');
        }
        out.extend_from_slice(&sse::data_event(template.with(text)));
    }
}

impl Template {
    fn with(&self, text: &str) -> Bytes {
        only_slot(&self.data, &self.slot, text)
    }

    fn place(&self) -> String {
        self.place.clone()
    }
}

/// A text that stands in one event only.
fn whole(
    number: usize,
    slot: &Slot,
    text: &str,
    event: &mut Event<'_>,
    side: &Side,
    treatment: &mut Treatment<'_>,
) -> Result<(), RedactError> {
    let new = match slot.span.kind {
        TextKind::Json => rewrite_json(side, treatment, text)?,
        TextKind::Plain | TextKind::Base64 | TextKind::PlainOrBase64 => {
            let key = event.texts.key(event.data, number);
            treatment.in_json = Beginning::of(text).is_json();
            let rewritten = side.rewrite(key.as_deref().unwrap_or_default(), text, treatment);
            treatment.in_json = false;
            rewritten?
        }
    };
    if let Some(new) = new {
        event.set(number, text, &new);
    }
    Ok(())
}

crate::says_no_text!(Template);
