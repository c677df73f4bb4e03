//! A text in chunks that is read as it is written and as it looks.
//!
//! Owns the second reading: it begins where a character stands that nobody sees or that only looks
//! like ASCII, and ends when both readings would go on alike. Without such a character a chunk
//! goes the way of any text, and costs a look at its bytes more.
//!
//! Until the first odd character both readings are one: there a copy of the stream becomes the
//! second one. What both have decided is let out, findings of both are joined. So what comes out is
//! what is found in the whole text and in the whole folded text, whatever way it is cut.
//!
//! Called by: running texts (`session/running.rs`).

use std::fmt;
use std::ops::Range;

use crate::error::RedactError;
use crate::fold::{Places, first_odd};
use crate::groups::{Group, Merging, Reading};
use crate::scan::compiled::Compiled;
use crate::scan::family::RuleNumber;
use crate::scan::sink::{Replaces, Sink, Stop};
use crate::scan::stream::{MOST_HELD, TextStream};

/// While there are two readings a chunk is taken in steps of so many bytes: behind an odd
/// character they soon are one again.
const STEP: usize = 512;

/// Changes between kinds of characters that are remembered in what is held back.
const MOST_PLACES: usize = MOST_HELD / 8;

/// Text that is held is not moved for less.
const MOVABLE: usize = 4096;

/// Room for text that is kept when it is empty.
const ROOM: usize = 1024;

/// See the module's text.
#[derive(Debug, Default)]
pub(crate) struct Readings {
    /// The text as it is written; the only one while there is no other.
    written: TextStream,
    apart: Option<Box<Apart>>,
}

/// The second reading, and what both have not decided.
struct Apart {
    folded: TextStream,
    places: Places,
    /// Text as it is written; what is before `out` has gone.
    text: String,
    out: usize,
    /// Where `text` begins in the whole text.
    start: usize,
    written_to: usize,
    folded_to: usize,
    merging: Merging,
}

/// What all steps of a scan need.
#[derive(Clone, Copy)]
struct With<'w> {
    set: &'w Compiled,
    replaces: &'w Replaces,
}

impl Readings {
    /// Takes the next chunk, and lets out all that is decided. As [`TextStream::push`].
    ///
    /// # Errors
    /// [`RedactError::TooLong`] if too much would have to be held, and from then on.
    #[inline]
    pub(crate) fn push(
        &mut self,
        set: &Compiled,
        replaces: &Replaces,
        chunk: &str,
        sink: &mut dyn Sink,
    ) -> Result<(), RedactError> {
        if self.apart.is_none() && first_odd(chunk).is_none() {
            return self.written.push(set, replaces, chunk, sink);
        }
        self.push_odd(With { set, replaces }, chunk, sink)
    }

    /// As [`TextStream::follow`].
    ///
    /// # Errors
    /// As [`Self::push`].
    pub(crate) fn follow(
        &mut self,
        set: &Compiled,
        replaces: &Replaces,
        before: &str,
    ) -> Result<(), RedactError> {
        self.written.follow(set, replaces, before)
    }

    /// The text ends here: everything is let out, and another text may begin.
    ///
    /// # Errors
    /// As [`Self::push`]; another text may begin all the same.
    pub(crate) fn finish(
        &mut self,
        set: &Compiled,
        replaces: &Replaces,
        sink: &mut dyn Sink,
    ) -> Result<(), RedactError> {
        let mut text = std::mem::take(self);
        let Some(apart) = &mut text.apart else {
            return text.written.finish(set, replaces, sink);
        };
        let mut record = Record::written(&mut apart.written_to, &mut apart.merging.written);
        text.written.finish(set, replaces, &mut record)?;
        let (reading, places) = (&mut apart.merging.folded, &apart.places);
        let mut record = Record::folded(&mut apart.folded_to, reading, places);
        apart.folded.finish(set, replaces, &mut record)?;
        // All is out, or no more is wanted.
        apart.let_out(sink).or(Ok(()))
    }

    /// Lets go of what is held only because it may become the beginning of something. As
    /// [`TextStream::stall`].
    ///
    /// # Errors
    /// As [`Self::push`].
    pub(crate) fn stall(
        &mut self,
        set: &Compiled,
        replaces: &Replaces,
        sink: &mut dyn Sink,
    ) -> Result<(), RedactError> {
        let Some(apart) = &mut self.apart else {
            return self.written.stall(set, replaces, sink);
        };
        let mut record = Record::written(&mut apart.written_to, &mut apart.merging.written);
        self.written.stall(set, replaces, &mut record)?;
        let (reading, places) = (&mut apart.merging.folded, &apart.places);
        let mut record = Record::folded(&mut apart.folded_to, reading, places);
        apart.folded.stall(set, replaces, &mut record)?;
        self.settle(sink);
        Ok(())
    }

    /// Bytes that have come and are not out.
    pub(crate) fn held(&self) -> usize {
        let apart = self.apart.as_ref();
        apart.map_or_else(|| self.written.held(), |apart| apart.held())
    }

    #[cold]
    fn push_odd(
        &mut self,
        with: With<'_>,
        chunk: &str,
        sink: &mut dyn Sink,
    ) -> Result<(), RedactError> {
        let mut sink = Watched::new(sink);
        let mut rest = chunk;
        while !rest.is_empty() && !sink.stopped {
            let length = match self.apart {
                None => first_odd(rest).unwrap_or(rest.len()),
                Some(_) => rest.floor_char_boundary(STEP),
            };
            let Some((piece, more)) = rest.split_at_checked(length) else {
                return Err(RedactError::Panicked);
            };
            self.step(with, piece, &mut sink)?;
            let is_odd = self.apart.is_none() && first_odd(more) == Some(0);
            if is_odd && !sink.stopped {
                self.part();
            }
            rest = more;
        }
        Ok(())
    }

    fn step(
        &mut self,
        with: With<'_>,
        piece: &str,
        sink: &mut Watched<'_>,
    ) -> Result<(), RedactError> {
        let Some(apart) = &mut self.apart else {
            return self.written.push(with.set, with.replaces, piece, sink);
        };
        let read = apart.read(&mut self.written, with, piece);
        self.fail_on(read)?;
        self.settle(sink);
        let is_too_long = self.apart.as_ref().is_some_and(|apart| apart.is_too_long());
        self.fail_on(if is_too_long {
            Err(RedactError::TooLong)
        } else {
            Ok(())
        })
    }

    /// After an error nothing more comes out of this text.
    fn fail_on(&mut self, read: Result<(), RedactError>) -> Result<(), RedactError> {
        if read.is_err() {
            *self = Self {
                written: TextStream::failed(),
                apart: None,
            };
        }
        read
    }

    /// From here on there are two readings.
    fn part(&mut self) {
        let held = self.written.held_text();
        let released = self.written.released();
        let mut places = Places::same_up_to(released);
        places.push_same(held.len());
        self.apart = Some(Box::new(Apart {
            folded: self.written.clone(),
            places,
            text: held.to_owned(),
            out: 0,
            start: released,
            written_to: released,
            folded_to: released,
            merging: Merging::default(),
        }));
    }

    /// Lets out what both readings have decided; if they are one again, forgets the second.
    fn settle(&mut self, sink: &mut dyn Sink) {
        let Some(apart) = &mut self.apart else {
            return;
        };
        if apart.let_out(sink).is_err() {
            *self = Self::default();
        } else if apart.is_as(&self.written) {
            self.apart = None;
        }
    }
}

impl Apart {
    fn read(
        &mut self,
        written: &mut TextStream,
        with: With<'_>,
        piece: &str,
    ) -> Result<(), RedactError> {
        self.text.push_str(piece);
        let mut looks = String::with_capacity(piece.len());
        self.places.push(piece, &mut looks);
        let mut record = Record::written(&mut self.written_to, &mut self.merging.written);
        written.push(with.set, with.replaces, piece, &mut record)?;
        let reading = &mut self.merging.folded;
        let mut record = Record::folded(&mut self.folded_to, reading, &self.places);
        let folded = &mut self.folded;
        folded.push(with.set, with.replaces, &looks, &mut record)
    }

    fn held(&self) -> usize {
        self.text.len() - self.out
    }

    fn let_out(&mut self, sink: &mut dyn Sink) -> Result<(), Stop> {
        let known = self.places.known_to(self.folded_to).min(self.written_to);
        while let Some(group) = self.merging.found(known) {
            self.keep(group.range.start, sink)?;
            let end = self.place(group.range.end);
            let text = self.text.get(self.out..end).unwrap_or_default();
            sink.found(&group.rules, text)?;
            self.out = end;
        }
        let begins = self.merging.next_begins().unwrap_or(known);
        self.keep(known.min(begins), sink)?;
        while let Some(group) = self.merging.observed(known) {
            for rule in group.rules {
                sink.observed(rule, group.range.clone());
            }
        }
        self.forget();
        Ok(())
    }

    fn keep(&mut self, until: usize, sink: &mut dyn Sink) -> Result<(), Stop> {
        let end = self.place(until);
        let text = self.text.get(self.out..end).unwrap_or_default();
        if !text.is_empty() {
            sink.keep(text)?;
            self.out = end;
        }
        Ok(())
    }

    /// A place of the whole text in what there is of it.
    fn place(&self, at: usize) -> usize {
        at.saturating_sub(self.start)
    }

    /// Drops what is out, if that is cheap for what it gains.
    fn forget(&mut self) {
        self.places.forget_before(self.folded_to);
        if self.text.len() > MOVABLE && self.out < self.text.len() / 2 {
            return;
        }
        self.text.drain(..self.out);
        self.start += std::mem::take(&mut self.out);
        self.text.shrink_to(ROOM.max(4 * self.text.len()));
    }

    /// Whether nothing would be lost with this reading.
    fn is_as(&self, written: &TextStream) -> bool {
        let is_decided = self.merging.is_empty() && self.held() == written.held();
        let is_told = is_decided && !self.merging.may_have_told(written.kept_from());
        is_told && written.goes_on_like(&self.folded)
    }

    fn is_too_long(&self) -> bool {
        self.held() > MOST_HELD || self.places.len() > MOST_PLACES
    }
}

/// Notes what one reading says.
struct Record<'r> {
    to: &'r mut usize,
    reading: &'r mut Reading,
    places: Option<&'r Places>,
}

impl<'r> Record<'r> {
    fn written(to: &'r mut usize, reading: &'r mut Reading) -> Self {
        let places = None;
        Self {
            to,
            reading,
            places,
        }
    }

    fn folded(to: &'r mut usize, reading: &'r mut Reading, places: &'r Places) -> Self {
        let places = Some(places);
        Self {
            to,
            reading,
            places,
        }
    }

    fn note(&mut self, replaced: bool, range: Range<usize>, rules: &[RuleNumber]) {
        let length = range.len();
        let range = match self.places {
            Some(places) => places.back(&range),
            None => range,
        };
        let rules = rules.to_vec();
        self.reading.take(replaced, Group { range, rules }, length);
    }
}

impl Sink for Record<'_> {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        *self.to += text.len();
        Ok(())
    }

    fn found(&mut self, rules: &[RuleNumber], text: &str) -> Result<(), Stop> {
        let start = *self.to;
        *self.to += text.len();
        self.note(true, start..*self.to, rules);
        Ok(())
    }

    fn observed(&mut self, rule: RuleNumber, range: Range<usize>) {
        self.note(false, range, &[rule]);
    }
}

/// Knows whether the sink has said stop.
struct Watched<'s> {
    sink: &'s mut dyn Sink,
    stopped: bool,
}

impl<'s> Watched<'s> {
    fn new(sink: &'s mut dyn Sink) -> Self {
        let stopped = false;
        Self { sink, stopped }
    }
}

impl Sink for Watched<'_> {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        let kept = self.sink.keep(text);
        self.stopped |= kept.is_err();
        kept
    }

    fn found(&mut self, rules: &[RuleNumber], text: &str) -> Result<(), Stop> {
        let found = self.sink.found(rules, text);
        self.stopped |= found.is_err();
        found
    }

    fn observed(&mut self, rule: RuleNumber, range: Range<usize>) {
        self.sink.observed(rule, range);
    }
}

impl fmt::Debug for Apart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the text.
        f.debug_struct("Apart")
            .field("held", &self.held())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "readings_tests.rs"]
mod tests;
