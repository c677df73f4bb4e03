//! A text while its readings differ from it, or from each other.
//!
//! Owns the text that is not out, as it is written, and what its readings have found in it.

use std::fmt;

use super::record::Notes;
use super::{Piece, With};
use crate::error::RedactError;
use crate::fold::{Places, Reading};
use crate::groups::{Found, Merging};
use crate::scan::sink::{Sink, Stop};
use crate::scan::stream::{INLINE, MOST_HELD, TextStream};

/// Changes between kinds of characters that are remembered in what is held back.
const MOST_PLACES: usize = MOST_HELD / 8;

/// Text that is held is not moved for less.
const MOVABLE: usize = 4096;

/// Room for text that is kept when it is empty.
const ROOM: usize = 1024;

/// See the module's text.
pub(super) struct Apart {
    near: Way,
    /// None while both readings are one.
    far: Option<Far>,
    /// Text as it is written; what is before `out` has gone.
    text: String,
    out: usize,
    /// Where `text` begins in the whole text.
    start: usize,
    merging: Merging,
}

/// The far reading.
struct Far {
    stream: TextStream,
    way: Way,
}

/// How far a reading has come.
#[derive(Clone)]
struct Way {
    places: Places,
    /// What is before it is decided, in this reading.
    to: usize,
}

impl Apart {
    /// For a text of which so many bytes are out, and so many of its near reading; `held` are not,
    /// and are the same in both.
    pub(super) fn new(written: usize, near: usize, held: &str) -> Self {
        let mut places = Places::after(written, near);
        places.push_same(held.len());
        Self {
            near: Way { places, to: near },
            far: None,
            text: held.to_owned(),
            out: 0,
            start: written,
            merging: Merging::default(),
        }
    }

    /// Takes what both readings have said of the first piece, if there are two.
    pub(super) fn begin(
        &mut self,
        piece: Piece<'_>,
        near_notes: Notes,
        far: Option<(TextStream, Notes)>,
    ) {
        let (stream, far_notes) = far.unzip();
        self.far = stream.map(|stream| self.part(stream));
        self.add(piece);
        self.near.note(near_notes, &mut self.merging.near);
        if let Some((far, notes)) = self.far.as_mut().zip(far_notes) {
            far.way.note(notes, &mut self.merging.far);
        }
    }

    /// Reads on, in both readings.
    pub(super) fn read(
        &mut self,
        near: &mut TextStream,
        with: With<'_>,
        piece: Piece<'_>,
    ) -> Result<(), RedactError> {
        if self.far.is_none() && piece.has_far() {
            self.far = Some(self.part(near.clone()));
        }
        self.add(piece);
        self.go_on(near, |stream, reading, notes| {
            stream.push(with.set, with.replaces, &piece.spelt(reading), notes)
        })
    }

    /// As [`TextStream::stall`], for both readings.
    pub(super) fn stall(
        &mut self,
        near: &mut TextStream,
        with: With<'_>,
    ) -> Result<(), RedactError> {
        self.go_on(near, |stream, _, notes| {
            stream.stall(with.set, with.replaces, notes)
        })
    }

    /// As [`TextStream::finish`], for both readings.
    pub(super) fn finish(
        &mut self,
        near: &mut TextStream,
        with: With<'_>,
        sink: &mut dyn Sink,
    ) -> Result<(), RedactError> {
        self.go_on(near, |stream, _, notes| {
            stream.finish(with.set, with.replaces, notes)
        })?;
        // All is out, or no more is wanted.
        self.let_out(sink).or(Ok(()))
    }

    pub(super) fn held(&self) -> usize {
        self.text.len() - self.out
    }

    /// Bytes of the text that the near reading lacks.
    pub(super) fn lost(&self) -> usize {
        self.near.places.lost()
    }

    pub(super) fn let_out(&mut self, sink: &mut dyn Sink) -> Result<(), Stop> {
        let known = self.known();
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

    /// Makes one reading of two that go on alike; says whether it is the text as it is written.
    pub(super) fn join(&mut self, near: &TextStream) -> bool {
        if !self.merging.is_empty() {
            return false;
        }
        if let Some(far) = &self.far {
            if self.may_have_told(near) || !near.goes_on_like(&far.stream) {
                return false;
            }
            self.far = None;
        }
        self.held() == near.held()
    }

    pub(super) fn is_too_long(&self) -> bool {
        let far = self.far.as_ref().map_or(0, |far| far.way.places.len());
        self.held() > MOST_HELD || self.near.places.len().max(far) > MOST_PLACES
    }

    /// The far reading, from here on.
    fn part(&self, stream: TextStream) -> Far {
        let way = self.near.clone();
        Far { stream, way }
    }

    fn add(&mut self, piece: Piece<'_>) {
        self.text.push_str(piece.text);
        self.near.add(piece, Reading::Near);
        if let Some(far) = &mut self.far {
            far.way.add(piece, Reading::Far);
        }
    }

    fn go_on(
        &mut self,
        near: &mut TextStream,
        act: impl Fn(&mut TextStream, Reading, &mut Notes) -> Result<(), RedactError>,
    ) -> Result<(), RedactError> {
        let mut notes = Notes::from(self.near.to);
        act(near, Reading::Near, &mut notes)?;
        self.near.note(notes, &mut self.merging.near);
        if let Some(far) = &mut self.far {
            let mut notes = Notes::from(far.way.to);
            act(&mut far.stream, Reading::Far, &mut notes)?;
            far.way.note(notes, &mut self.merging.far);
        }
        Ok(())
    }

    /// How far all readings have decided.
    fn known(&self) -> usize {
        let near = self.near.known();
        let far = self.far.as_ref().map(|far| far.way.known());
        far.map_or(near, |far| far.min(near))
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
        self.near.forget();
        if let Some(far) = &mut self.far {
            far.way.forget();
        }
        if self.text.len() > MOVABLE && self.out < self.text.len() / 2 {
            return;
        }
        self.text.drain(..self.out);
        self.start += std::mem::take(&mut self.out);
        self.text.shrink_to(ROOM.max(4 * self.text.len()));
    }

    /// Whether the far reading may still find what the near one has told already: in the few bytes
    /// that looks to come may read.
    fn may_have_told(&self, near: &TextStream) -> bool {
        // A byte that is kept stands for three at most.
        let lost = self.lost().saturating_sub(2 * INLINE);
        self.merging.may_have_told(near.kept_from() + lost)
    }
}

impl Way {
    fn add(&mut self, piece: Piece<'_>, reading: Reading) {
        let Piece { text, start, odds } = piece;
        self.places.push(text, start, odds, reading);
    }

    fn note(&mut self, notes: Notes, found: &mut Found) {
        self.to = notes.to;
        notes.move_to(found, &self.places);
    }

    /// How far the text is decided.
    fn known(&self) -> usize {
        self.places.known_to(self.to)
    }

    fn forget(&mut self) {
        self.places.forget_before(self.to);
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
