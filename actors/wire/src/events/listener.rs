//! Hears one event and notes its texts.
//!
//! Owns the order of things: an index may stand after the text that it numbers, and a type after
//! everything, so slots are noted as they come and numbered when that is known.

use super::few::Few;
use super::key::{Class, End, SlotKey, name_number};
use super::kinds::Kind;
use super::steps::{Step, step};
use super::{EventTexts, Flow, Slot};
use crate::error::WireError;
use crate::scanner::{Listener, Text, Value};
use crate::texts::{self, Chain, TextKind, repeats_text};
use crate::zones::{is_base64, is_media};

/// The part of a key whose number comes from the event itself, at the end.
const PENDING: u32 = u32::MAX;

/// What is known of a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    step: Step,
    text: texts::Place,
    /// Number of the name of the running text, where names tell them apart.
    name: u32,
}

/// A [`Place`] in two words. The scanner stores it and loads it at once, and the fields one by one,
/// of four sizes, cost a tenth of the whole scan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packed(u64, u64);

impl Place {
    #[inline]
    fn packed(self) -> Packed {
        let low = u64::from(self.text.packed()) << 8 | u64::from(self.step.number());
        Packed(low, u64::from(self.name))
    }

    #[inline]
    fn unpacked(Packed(low, name): Packed) -> Self {
        let [step, ..] = low.to_le_bytes();
        Self {
            step: Step::of(step),
            text: texts::Place::unpacked((low >> 8) as u32),
            name: name as u32,
        }
    }
}

/// The first slot and the first end of a thing that may get its number late.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    slot: usize,
    end: usize,
}

pub(super) struct EventListener {
    slots: Few<Slot, 4>,
    ends: Few<End, 2>,
    repeats: Few<usize, 2>,
    chain: Chain,
    kind: Kind,
    /// Number of the event: content block, output item.
    index: Option<u32>,
    /// The number of the response, where events of several come mixed.
    response: u32,
    mixed: bool,
    part_index: u32,
    /// Whether the number is that of a block of Bedrock, and whether something is said of it.
    block_numbered: bool,
    block_said: bool,
    item: u32,
    choices: u32,
    choice: u32,
    choice_from: Mark,
    calls: u32,
    call: u32,
    call_numbered: bool,
    call_from: usize,
    part_from: usize,
    /// 1 while a part of Gemini is known to be a thought.
    thought: u32,
    details: u32,
    detail: u32,
    detail_from: usize,
}

impl EventListener {
    #[inline]
    pub(super) fn new() -> Self {
        Self {
            slots: Few::new(),
            ends: Few::new(),
            repeats: Few::new(),
            chain: Chain::default(),
            kind: Kind::None,
            index: None,
            response: 0,
            mixed: false,
            part_index: 0,
            block_numbered: false,
            block_said: false,
            item: 0,
            choices: 0,
            choice: 0,
            choice_from: Mark::default(),
            calls: 0,
            call: 0,
            call_numbered: false,
            call_from: 0,
            part_from: 0,
            thought: 0,
            details: 0,
            detail: 0,
            detail_from: 0,
        }
    }

    /// For a stream in which events of several responses come mixed.
    pub(super) fn mixed() -> Self {
        Self {
            mixed: true,
            ..Self::new()
        }
    }

    #[inline]
    fn place(&mut self, object: Place, key: &Text<'_>, name: &str) -> Place {
        if repeats_text(name) {
            self.repeats.push(key.start() + key.raw().len() + 1);
        }
        let step = step(object.step, name);
        Place {
            step,
            text: self.chain.member(object.text, name.as_bytes()),
            name: named(object, step, name),
        }
    }

    /// For keys with escapes, which nobody writes.
    #[cold]
    fn spelt_place(&mut self, object: Place, key: &Text<'_>) -> Place {
        self.place(object, key, &key.decoded())
    }

    fn mark(&self) -> Mark {
        Mark {
            slot: self.slots.len(),
            end: self.ends.len(),
        }
    }

    fn text(&mut self, place: Place, text: &Text<'_>) {
        self.facts(place, text);
        let Some(mut span) = self.chain.span(place.text, text) else {
            return;
        };
        let (class, part) = match place.step {
            Step::DeltaText | Step::LineText | Step::BlockText => (Class::Text, place.name),
            Step::CallJson | Step::CallText => (Class::Call, self.call_part(place)),
            Step::PartText => (Class::Text, self.thought),
            Step::DetailText => (Class::Text, detail_part(self.detail)),
            Step::BlockJson => (Class::Call, 0),
            Step::TopDelta => (Class::Text, PENDING),
            _ => (Class::Other, 0),
        };
        let flow = if class == Class::Other {
            Flow::Whole
        } else {
            Flow::Delta
        };
        if matches!(place.step, Step::CallJson | Step::BlockJson) {
            span.kind = TextKind::Json;
        }
        if flow == Flow::Delta {
            // The key says it, also from event to event.
            span.joins = false;
        }
        self.slots.push(Slot {
            span,
            key: SlotKey::new(class, self.choice, part),
            flow,
        });
    }

    fn call_part(&self, place: Place) -> u32 {
        if place.name == 0 {
            self.call
        } else {
            place.name
        }
    }

    /// What a string says about the event.
    #[inline]
    fn facts(&mut self, place: Place, text: &Text<'_>) {
        let filled = !text.raw().is_empty();
        match place.step {
            Step::Type => self.kind = Kind::of(&text.decoded()),
            Step::ItemId => self.item = name_number(text.raw()),
            Step::ItemOwnId if self.mixed => self.item = name_number(text.raw()),
            Step::ResponseId => self.response = name_number(text.raw()),
            Step::CallId if filled => {
                self.call_begins();
                if !self.call_numbered {
                    self.number_call(name_number(text.raw()));
                }
            }
            Step::CallName if filled => self.call_begins(),
            Step::Finish if filled && !is_no_reason(text.raw()) => {
                self.ends.push(End::Group(self.choice));
            }
            Step::StopReason if filled => self.ends.push(End::Everything),
            Step::BlockType | Step::ItemType
                if text.raw().contains("tool_use") || text.raw().contains("call") =>
            {
                self.ends.push(End::AllTexts);
            }
            _ => {}
        }
    }

    /// What is said in this choice ends; once is enough.
    fn call_begins(&mut self) {
        let end = End::Texts(self.choice);
        if self.ends.as_slice().last() != Some(&end) {
            self.ends.push(end);
        }
    }

    fn number(&mut self, step: Step, spelling: &str) {
        let Ok(number) = spelling.parse::<u32>() else {
            return;
        };
        match step {
            Step::TopIndex => self.index = Some(number),
            Step::BlockIndex => {
                self.index = Some(number);
                self.block_numbered = true;
            }
            Step::PartIndex => self.part_index = number,
            Step::ChoiceIndex => {
                self.choice = number;
                for slot in self.slots.tail_mut(self.choice_from.slot) {
                    slot.key = slot.key.in_group(number);
                }
                for end in self.ends.tail_mut(self.choice_from.end) {
                    *end = end.in_group(number);
                }
            }
            Step::CallIndex => {
                self.call_numbered = true;
                self.number_call(number);
            }
            Step::DetailIndex => {
                self.detail = number;
                for slot in self.slots.tail_mut(self.detail_from) {
                    slot.key = slot.key.with_part(detail_part(number));
                }
            }
            _ => {}
        }
    }

    fn number_call(&mut self, number: u32) {
        self.call = number;
        for slot in self.slots.tail_mut(self.call_from) {
            if slot.key.is_call() {
                slot.key = slot.key.with_part(number);
            }
        }
    }

    /// The present part of Gemini is a thought, whether its text came before or comes after.
    fn thinks(&mut self) {
        self.thought = 1;
        for slot in self.slots.tail_mut(self.part_from) {
            if slot.key.is_text() {
                slot.key = slot.key.with_part(1);
            }
        }
    }

    fn opens(&mut self, place: Place) {
        self.chain.element(place.text);
        match place.step {
            Step::Choice => {
                self.choice = self.choices;
                self.choices += 1;
                self.choice_from = self.mark();
                (self.calls, self.details) = (0, 0);
            }
            Step::Call => {
                self.call = self.calls;
                self.calls += 1;
                self.call_numbered = false;
                self.call_from = self.slots.len();
            }
            Step::Part => {
                self.thought = 0;
                self.part_from = self.slots.len();
            }
            Step::Details => {
                self.detail = self.details;
                self.details += 1;
                self.detail_from = self.slots.len();
            }
            Step::PartCall => self.call_begins(),
            Step::TopDelta => self.block_said = true,
            Step::BlockStart => {
                self.block_said = true;
                self.ends.push(End::AllTexts);
            }
            Step::LineCalls => self.ends.push(End::AllTexts),
            Step::Error => self.ends.push(End::Everything),
            _ => {}
        }
    }

    /// Gives the slots the numbers that only the whole event tells.
    pub(super) fn finish(mut self, data: &[u8]) -> EventTexts {
        let group = self.group();
        let mut later_name = None;
        match self.kind {
            Kind::None if self.block_numbered && self.block_said => self.regroup(group),
            Kind::None if self.block_numbered => self.ends.push(End::Group(group)),
            Kind::None => self.settle(group, Class::Text, 0),
            Kind::Block { later } => {
                later_name = later;
                self.regroup(group);
            }
            Kind::BlockEnd => self.ends.push(End::Group(group)),
            Kind::TextEnd => self.ends.push(End::Texts(group)),
            Kind::CallStart => {
                later_name = Some("tool-call-delta");
                self.regroup(group);
                self.ends.push(End::AllTexts);
            }
            Kind::CallEnd => self.ends.push(End::Calls(group)),
            Kind::Delta {
                base,
                call,
                media,
                arguments,
            } => self.delta(data, group, base, (call, media, arguments)),
            Kind::Done { base, call } => {
                let class = if call { Class::Call } else { Class::Text };
                let part = self.part_of(base);
                self.ends.push(End::Key(SlotKey::new(class, group, part)));
            }
            Kind::PartEnd { whole_item: true } => self.ends.push(End::Group(group)),
            Kind::PartEnd { whole_item: false } => self.ends.push(End::Texts(group)),
            Kind::End => self.ends.push(End::Everything),
        }
        if self.mixed {
            for end in self.ends.tail_mut(0) {
                *end = end.within(group);
            }
        }
        EventTexts {
            slots: self.slots,
            ends: self.ends,
            repeats: self.repeats,
            later_name,
        }
    }

    fn delta(&mut self, data: &[u8], group: u32, base: u32, traits: (bool, bool, bool)) {
        let (call, media, arguments) = traits;
        let class = if call { Class::Call } else { Class::Text };
        let part = self.part_of(base);
        self.settle(group, class, part);
        let key = SlotKey::new(class, group, part);
        if arguments {
            for slot in self.slots.tail_mut(0) {
                if slot.key == key {
                    slot.span.kind = TextKind::Json;
                }
            }
        }
        if media {
            let mixed = self.mixed;
            let sound = |raw: &str| is_media(raw) || mixed && is_base64(raw);
            self.slots
                .retain(|slot| slot.key != key || !sound(slot.span.raw(data)));
        }
    }

    fn group(&self) -> u32 {
        if self.mixed && self.response != 0 {
            return SlotKey::group_number(self.response);
        }
        SlotKey::group_number(self.index.filter(|_| !self.mixed).unwrap_or(self.item))
    }

    fn part_of(&self, base: u32) -> u32 {
        let item = if self.mixed { self.item } else { 0 };
        base.wrapping_add(self.part_index).wrapping_add(item)
    }

    /// Numbers the string that stands directly under `delta`.
    fn settle(&mut self, group: u32, class: Class, part: u32) {
        for slot in self.slots.tail_mut(0) {
            if slot.flow == Flow::Delta && slot.key.part() == PENDING {
                slot.key = SlotKey::new(class, group, part);
            }
        }
    }

    fn regroup(&mut self, group: u32) {
        for slot in self.slots.tail_mut(0) {
            slot.key = slot.key.in_group(group);
        }
    }
}

/// Whether a finish reason says that there is none: some servers write `null` as a string.
fn is_no_reason(reason: &str) -> bool {
    matches!(reason, "FINISH_REASON_UNSPECIFIED" | "null" | "None")
}

/// The part of the key of a reasoning detail with this number.
fn detail_part(number: u32) -> u32 {
    name_number("reasoning_details").wrapping_add(number)
}

impl<'a> Listener<'a> for EventListener {
    type Context = Packed;
    const UNIQUE_KEYS: bool = false;

    #[inline]
    fn root(&mut self) -> Packed {
        let top = Place {
            step: Step::Top,
            text: texts::Place::TOP,
            name: 0,
        };
        top.packed()
    }

    #[inline]
    fn member(&mut self, object: Packed, key: &Text<'a>) -> Result<Packed, WireError> {
        let object = Place::unpacked(object);
        let place = match key.plain() {
            Some(name) => self.place(object, key, name),
            None => self.spelt_place(object, key),
        };
        Ok(place.packed())
    }

    #[inline]
    fn value(&mut self, place: Packed, value: Value<'a>) -> Result<(), WireError> {
        let place = Place::unpacked(place);
        match value {
            Value::Text(text) => self.text(place, &text),
            Value::Number(spelling) => self.number(place.step, spelling),
            Value::Object => self.opens(place),
            Value::Bool(true) => match place.step {
                Step::LineDone => self.ends.push(End::Everything),
                Step::Thought => self.thinks(),
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }
}

/// The number of the name that tells running texts at this step apart.
#[inline]
fn named(object: Place, step: Step, key: &str) -> u32 {
    match step {
        // A text inside of `content` is content.
        Step::DeltaText if object.step == Step::DeltaText && key == "text" => object.name,
        Step::DeltaText | Step::LineText | Step::BlockText | Step::LegacyCall => name_number(key),
        Step::CallName | Step::CallJson if object.step == Step::LegacyCall => object.name,
        _ => 0,
    }
}
