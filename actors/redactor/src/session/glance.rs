//! Short texts, looked at together before any of them is scanned.
//!
//! Owns one question: in which of them anything is found. They are written behind each other, each
//! after the key that it is the value of, and searched for triggers once: a scan of each for itself
//! costs more than such a text is long, and most have no trigger. Nothing is found without one, so
//! looks are taken only in the others, each as if it stood alone; and only those in which one finds
//! something are scanned, as they always are.
//!
//! Why one search finds what many would: before and after each text stands a byte that belongs to no
//! trigger, and that says to every trigger what the beginning and the end of a text say.
//!
//! Called by: `texts.rs`. Never notes or replaces anything: it says which texts are worth it.

use std::convert::Infallible;
use std::ops::Range;

use wire::{Fragment, FragmentSink, Respelling, TextKind, TextSpan};

use super::texts::{Texts, is_packed};
use crate::fold::is_odd;
use crate::scan::gate::Asker;
use crate::scan::sink::Replaces;
use crate::scan::walk::VALUE;
use crate::side::{Side, tells};

/// The longest spelling of a text that is taken, in bytes: a longer one is worth a scan of its own.
const SHORT: usize = 1024;

/// The texts are searched when so many bytes of them have come.
const MOST: usize = 8192;

/// Texts for which there is room at once.
const ROOM: usize = 64;

/// Short texts that wait to be searched.
pub(super) struct Glance<'s> {
    side: &'s Side,
    text: Vec<u8>,
    strings: Vec<Short>,
    /// In order.
    triggers: Vec<(usize, Asker)>,
}

/// One of them, or a string in one that is JSON.
#[derive(Debug, Clone, Copy)]
struct Short {
    /// Where it begins, key and all.
    at: usize,
    /// Where it begins itself.
    text_at: usize,
    /// The number of the text.
    number: usize,
    /// Whether something may be found if its key is known, and if not.
    after_key: bool,
    alone: bool,
    /// Whether it, or its key, may have an odd character.
    odd: bool,
}

impl Short {
    fn new(at: usize, text_at: usize, number: usize) -> Self {
        Self {
            at,
            text_at,
            number,
            after_key: false,
            alone: false,
            odd: false,
        }
    }

    /// Something of this one stands at `at`.
    fn suspect_at(&mut self, at: usize) {
        self.after_key |= at < self.text_at;
        self.alone |= at >= self.text_at;
    }
}

impl<'s> Glance<'s> {
    pub(super) fn new(side: &'s Side) -> Self {
        Self {
            side,
            text: Vec::new(),
            strings: Vec::new(),
            triggers: Vec::new(),
        }
    }

    /// Whether this text may wait for others.
    pub(super) fn takes(&self, span: &TextSpan) -> bool {
        span.end - span.start <= SHORT && !is_packed(span) && !self.side.compiled().sweeps()
    }

    /// Whether it is time to search.
    pub(super) fn is_full(&self) -> bool {
        self.text.len() >= MOST
    }

    /// Adds a text.
    pub(super) fn add(&mut self, texts: &impl Texts, number: usize, span: &TextSpan) {
        if self.strings.is_empty() {
            self.strings.reserve(ROOM.min(texts.spans().len()));
            self.text.reserve(texts.body().len().min(MOST + SHORT));
        }
        if span.kind == TextKind::Json {
            let text = texts.text(number);
            let mut inside = Inside(self, number);
            let mut fragment = Fragment::new();
            let pushed = fragment.push(&text, &mut inside);
            let finished = fragment.finish(&mut inside);
            let (Ok(()), Ok(())) = (pushed, finished);
            return;
        }
        let body = texts.body();
        if let Some(key) = span.plain_key(body) {
            self.add_member(body, key, number, span);
            return;
        }
        let key = span.spelt_key(body).unwrap_or_default();
        match key.contains(&b'\\') {
            true => self.begin(&texts.key(number).unwrap_or_default(), number),
            false => self.begin_with(key, number),
        }
        span.append_to(body, &mut self.text);
    }

    /// Adds a text whose key stands before it, without escapes: what is to be searched mostly
    /// stands so in the document.
    fn add_member(&mut self, body: &[u8], key: &[u8], number: usize, span: &TextSpan) {
        let tells = tells(key);
        let before = if tells { key.len() + BEFORE_MEMBER } else { 0 };
        let start = span.start.saturating_sub(before);
        let written = body.get(start..span.end).filter(|_| !span.escaped);
        let is_close =
            |written: &&[u8]| !tells || written.get(1 + key.len()..before) == Some(b"\":\"");
        let Some(written) = written.filter(is_close) else {
            self.begin_with(key, number);
            span.append_to(body, &mut self.text);
            return;
        };
        let at = self.text.len();
        self.text.push(VALUE);
        self.text.extend_from_slice(written);
        let text_at = at + 1 + before;
        if let Some(quote) = self.text.get_mut(text_at - 1) {
            *quote = VALUE;
        }
        self.strings.push(Short::new(at, text_at, number));
    }

    fn begin(&mut self, key: &str, number: usize) {
        self.begin_with(key.as_bytes(), number);
    }

    /// Writes what stands before a text.
    fn begin_with(&mut self, key: &[u8], number: usize) {
        let at = self.text.len();
        self.text.push(VALUE);
        if tells(key) {
            self.text.push(b'"');
            self.text.extend_from_slice(key);
            self.text.extend_from_slice(BEHIND_KEY);
        }
        let short = Short::new(at, self.text.len(), number);
        self.strings.push(short);
    }

    /// Searches, and forgets all of them; says the numbers of those in which something is found.
    pub(super) fn found(&mut self, replaces: &Replaces) -> Vec<usize> {
        if self.strings.is_empty() {
            return Vec::new();
        }
        let mut numbers = Vec::new();
        if self.search() {
            let found = self.strings.iter().enumerate();
            let found = found.filter(|(place, short)| self.has_any(*place, short, replaces));
            numbers.extend(found.map(|(_, short)| short.number));
            numbers.dedup();
        }
        self.text.clear();
        self.strings.clear();
        self.triggers.clear();
        numbers
    }

    /// Notes where triggers and odd characters stand; says whether there are any.
    fn search(&mut self) -> bool {
        let mut any = self.search_odd();
        let (text, triggers) = (&self.text, &mut self.triggers);
        let compiled = self.side.compiled();
        compiled.each_trigger(text, &mut |at, asker| {
            if triggers.is_empty() {
                triggers.reserve(ROOM);
            }
            triggers.push((at, asker));
        });
        triggers.sort_unstable();
        for (at, _) in &*triggers {
            any = true;
            let later = self.strings.partition_point(|short| short.at <= *at);
            let short = later.checked_sub(1).and_then(|at| self.strings.get_mut(at));
            short.into_iter().for_each(|short| short.suspect_at(*at));
        }
        any
    }

    /// Notes which of them have odd characters, in the text itself or in its key.
    fn search_odd(&mut self) -> bool {
        if self.text.is_ascii() {
            return false;
        }
        let wide = self.side.compiled().reads_all_letters();
        let (text, mut end, mut any) = (&self.text, self.text.len(), false);
        for short in self.strings.iter_mut().rev() {
            let part = |range: Range<usize>| text.get(range).unwrap_or_default();
            let own = std::str::from_utf8(part(short.text_at..end));
            // They are whole texts, so there is always one.
            let is_suspect = !part(short.at..short.text_at).is_ascii()
                || own.map_or(true, |own| is_odd(own, wide));
            let has_key = short.at + 1 < short.text_at;
            (short.alone, short.after_key) = (is_suspect, is_suspect && has_key);
            short.odd = is_suspect;
            any |= is_suspect;
            end = short.at;
        }
        any
    }

    /// Whether anything is found in one of them, as if it stood alone.
    fn has_any(&self, place: usize, short: &Short, replaces: &Replaces) -> bool {
        if !(short.after_key || short.alone) {
            return false;
        }
        let end = self.strings.get(place + 1).map(|next| next.at);
        let end = end.unwrap_or(self.text.len());
        // Where no look is taken at the key, nothing is read before the text.
        let start = match short.after_key {
            true => short.at + 1,
            false => short.text_at,
        };
        let before = short.text_at - start;
        let text = self.written(start..end);
        let parts = text.and_then(|text| text.split_at_checked(before));
        match (text, parts) {
            (Some(text), _) if !short.odd => self.is_found_in(text, start, before),
            (_, Some((before, text))) => self.is_found_odd(before, text, replaces),
            _ => true,
        }
    }

    /// The same where a text stands as it is read, which begins at `start`.
    fn is_found_in(&self, text: &str, start: usize, before: usize) -> bool {
        let first = self.triggers.partition_point(|(at, _)| *at < start);
        let triggers = self.triggers.get(first..).unwrap_or_default().iter();
        let own = triggers.take_while(|(at, _)| *at < start + text.len());
        let own = own.map(|(at, asker)| (at - start, *asker));
        self.side.compiled().finds_any(text, before, own)
    }

    /// The same where odd characters may be read in two ways.
    fn is_found_odd(&self, before: &str, text: &str, replaces: &Replaces) -> bool {
        let key = before.strip_prefix('"').unwrap_or_default();
        let end = key.len().saturating_sub(BEHIND_KEY.len());
        let key = key.get(..end).unwrap_or_default();
        let groups = self.side.groups_of_value(key, text, replaces);
        groups.map_or(true, |groups| !groups.is_empty())
    }

    fn written(&self, range: Range<usize>) -> Option<&str> {
        std::str::from_utf8(self.text.get(range)?).ok()
    }
}

/// What stands between a key and its value.
const BEHIND_KEY: &[u8] = &[b'"', b':', VALUE];

/// Quotes and colon of a key and the quote of its value, where nothing else is between them.
const BEFORE_MEMBER: usize = 4;

/// Takes the strings in JSON.
struct Inside<'g, 's>(&'g mut Glance<'s>, usize);

impl FragmentSink for Inside<'_, '_> {
    type Error = Infallible;

    fn raw(&mut self, _text: &str) -> Result<(), Infallible> {
        Ok(())
    }

    fn open(&mut self, key: &str) -> Result<(), Infallible> {
        self.0.begin(key, self.1);
        Ok(())
    }

    fn text(&mut self, decoded: &str, _spelling: &mut Respelling) -> Result<(), Infallible> {
        self.0.text.extend_from_slice(decoded.as_bytes());
        Ok(())
    }

    fn close(&mut self, _spelling: &mut Respelling) -> Result<(), Infallible> {
        Ok(())
    }
}

#[cfg(test)]
#[path = "glance_tests.rs"]
mod tests;
