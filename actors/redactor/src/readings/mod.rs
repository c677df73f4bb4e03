//! A text in chunks that is read as it is meant and as it looks.
//!
//! Owns the far reading: it begins where a character stands that might be a disguise, and ends
//! when both readings would go on alike. The near reading has blanks and marks as ASCII that mean
//! the same; a chunk with nothing else is read once. Without any such character a chunk goes the
//! way of any text, and costs a look at its bytes more.
//!
//! Until the first odd character both readings are one: there a copy of the stream becomes the
//! second one. What both have decided is let out, findings of both are joined. So what comes out is
//! what is found in the two readings of the whole text, whatever way it is cut.
//!
//! Called by: running texts (`session/running.rs`).

use std::borrow::Cow;

use crate::error::RedactError;
use crate::fold::{Left, Odd, Odds, Reading, Whole, part, spelt, undecided};
use crate::scan::compiled::Compiled;
use crate::scan::sink::{Replaces, Sink};
use crate::scan::stream::TextStream;

mod apart;
mod record;

use apart::Apart;
use record::{Moved, Notes, Watched};

/// While there are two readings a chunk is taken in steps that end so many bytes behind an odd
/// character: there they soon are one again.
const STEP: usize = 256;

/// No step is longer, however many odd characters there are or however alike the readings.
const MOST_AT_ONCE: usize = 4096;

/// So many odd characters have room without asking for more.
const FEW: usize = 32;

/// See the module's text.
#[derive(Debug, Default)]
pub(crate) struct Readings {
    /// The near reading; the only one while there is no other.
    near: TextStream,
    /// Bytes of the text that the near reading lacks.
    lost: usize,
    /// What stands before the text that comes next.
    left: Left,
    /// The end of what has come, if what follows decides what it looks like.
    undecided: String,
    apart: Option<Box<Apart>>,
}

/// What all steps of a scan need.
#[derive(Clone, Copy)]
struct With<'w> {
    set: &'w Compiled,
    replaces: &'w Replaces,
}

/// A piece of a text that begins at `start` in it, and the odd characters in it.
#[derive(Clone, Copy)]
struct Piece<'t> {
    text: &'t str,
    start: usize,
    odds: &'t [Odd],
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
        let with = With { set, replaces };
        if self.apart.is_some() || !self.undecided.is_empty() || !chunk.is_ascii() {
            return self.push_odd(with, chunk, sink);
        }
        self.left = chunk
            .as_bytes()
            .last()
            .map_or(self.left, |last| Left::of(*last));
        self.push_near(with, chunk, sink)
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
        self.left = Left::default().behind(before);
        self.near.follow(set, replaces, before)
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
        let with = With { set, replaces };
        let mut sink = Watched::new(sink);
        text.decide(with, &mut sink)?;
        if sink.stopped {
            return Ok(());
        }
        match &mut text.apart {
            Some(apart) => apart.finish(&mut text.near, with, &mut sink),
            None => {
                let mut sink = Moved::new(&mut sink, text.lost);
                text.near.finish(set, replaces, &mut sink)
            }
        }
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
        let with = With { set, replaces };
        let mut sink = Watched::new(sink);
        self.decide(with, &mut sink)?;
        if sink.stopped {
            return Ok(());
        }
        let Some(apart) = &mut self.apart else {
            let mut sink = Moved::new(&mut sink, self.lost);
            return self.near.stall(set, replaces, &mut sink);
        };
        apart.stall(&mut self.near, with)?;
        self.settle(&mut sink);
        Ok(())
    }

    /// Bytes that have come and are not out.
    pub(crate) fn held(&self) -> usize {
        let apart = self.apart.as_ref();
        let held = apart.map_or_else(|| self.near.held(), |apart| apart.held());
        held + self.undecided.len()
    }

    #[inline]
    fn push_near(
        &mut self,
        with: With<'_>,
        text: &str,
        sink: &mut dyn Sink,
    ) -> Result<(), RedactError> {
        if self.lost == 0 {
            return self.near.push(with.set, with.replaces, text, sink);
        }
        let mut sink = Moved::new(sink, self.lost);
        self.near.push(with.set, with.replaces, text, &mut sink)
    }

    fn push_odd(
        &mut self,
        with: With<'_>,
        chunk: &str,
        sink: &mut dyn Sink,
    ) -> Result<(), RedactError> {
        let before = std::mem::take(&mut self.undecided);
        if !before.is_empty() {
            return self.push_decided_part(with, &(before + chunk), sink);
        }
        self.push_decided_part(with, chunk, sink)
    }

    /// Takes all of a text but what follows decides about.
    fn push_decided_part(
        &mut self,
        with: With<'_>,
        text: &str,
        sink: &mut dyn Sink,
    ) -> Result<(), RedactError> {
        let Some((text, more)) = text.split_at_checked(undecided(text, self.left)) else {
            return Err(RedactError::Panicked);
        };
        if self.apart.is_none() && more.is_empty() && text.len() <= MOST_AT_ONCE {
            match part(text, self.left, with.set.reads_all_letters()) {
                (Whole::Written, left) => {
                    self.left = left;
                    return self.push_near(with, text, sink);
                }
                (Whole::Near(near), left) if self.near.held() == 0 => {
                    let before = std::mem::replace(&mut self.left, left);
                    let read = self.read_once(with, text, before, &near, sink);
                    return read.inspect_err(|_| self.fail());
                }
                (Whole::Near(_) | Whole::Twice, _) => {}
            }
        }
        let odds = self.odds(with, text);
        let mut sink = Watched::new(sink);
        self.push_decided(with, text, &odds, &mut sink)?;
        match sink.stopped {
            true => *self = Self::default(),
            false => self.undecided.push_str(more),
        }
        Ok(())
    }

    /// What has come is all that decides what the end of it looks like.
    fn decide(&mut self, with: With<'_>, sink: &mut Watched<'_>) -> Result<(), RedactError> {
        if self.undecided.is_empty() {
            return Ok(());
        }
        let text = std::mem::take(&mut self.undecided);
        let odds = self.odds(with, &text);
        self.push_decided(with, &text, &odds, sink)
    }

    /// The odd characters of the text that comes next.
    fn odds(&mut self, with: With<'_>, text: &str) -> Vec<Odd> {
        let mut odds = Odds::new(text, self.left, with.set.reads_all_letters());
        let all = collected(&mut odds);
        self.left = odds.left();
        all
    }

    fn push_decided(
        &mut self,
        with: With<'_>,
        text: &str,
        odds: &[Odd],
        sink: &mut Watched<'_>,
    ) -> Result<(), RedactError> {
        let (mut start, mut odds) = (0, odds);
        while start < text.len() && !sink.stopped {
            let end = text.floor_char_boundary(self.next_end(start, text.len(), odds));
            let own = odds.partition_point(|odd| odd.at < end);
            let Some((own, rest)) = odds.split_at_checked(own) else {
                return Err(RedactError::Panicked);
            };
            let piece = Piece {
                text: text.get(start..end).unwrap_or_default(),
                start,
                odds: own,
            };
            self.step(with, piece, sink)?;
            (start, odds) = (end, rest);
        }
        Ok(())
    }

    /// Where the next step of a text of this length ends.
    fn next_end(&self, start: usize, length: usize, odds: &[Odd]) -> usize {
        let is_far = |odd: &Odd| odd.at == start && !odd.is_near;
        let is_twice = self.apart.is_some() || odds.first().is_some_and(is_far);
        let step = length.min(end_of_step(start, odds, is_twice));
        match odds.first() {
            _ if self.apart.is_some() => step,
            None => length,
            Some(odd) if odd.at > start && self.near.held() > 0 => odd.at,
            Some(odd) if odd.at >= step => odd.at,
            Some(_) => step,
        }
    }

    fn step(
        &mut self,
        with: With<'_>,
        piece: Piece<'_>,
        sink: &mut Watched<'_>,
    ) -> Result<(), RedactError> {
        let read = match self.apart {
            None if piece.odds.is_empty() => return self.push_near(with, piece.text, sink),
            None if self.near.held() == 0 => self.try_step(with, piece, sink),
            _ => self.step_apart(with, piece, sink),
        };
        read.inspect_err(|_| self.fail())
    }

    /// Nothing more comes out of this text.
    fn fail(&mut self) {
        *self = Self {
            near: TextStream::failed(),
            ..Self::default()
        };
    }

    /// Takes a text whose readings are both this one; nothing is held, and often nothing will be.
    fn read_once(
        &mut self,
        with: With<'_>,
        text: &str,
        before: Left,
        near: &str,
        sink: &mut dyn Sink,
    ) -> Result<(), RedactError> {
        let start = self.near.released();
        let mut notes = Notes::from(start);
        notes.read(&mut self.near, with, near)?;
        if notes.is_empty() && self.near.held() == 0 {
            self.lost = start + self.lost + text.len() - self.near.released();
            if sink.keep(text).is_err() {
                *self = Self::default();
            }
            return Ok(());
        }
        let odds: Vec<Odd> = Odds::new(text, before, with.set.reads_all_letters()).collect();
        let piece = Piece {
            text,
            start: 0,
            odds: &odds,
        };
        self.part_with(piece, start, notes, None, sink);
        Ok(())
    }

    /// Nothing is held, and often nothing will be.
    fn try_step(
        &mut self,
        with: With<'_>,
        piece: Piece<'_>,
        sink: &mut Watched<'_>,
    ) -> Result<(), RedactError> {
        let start = self.near.released();
        let mut far = piece.has_far().then(|| self.near.clone());
        let (mut near_notes, mut far_notes) = (Notes::from(start), Notes::from(start));
        near_notes.read(&mut self.near, with, &piece.spelt(Reading::Near))?;
        if let Some(far) = &mut far {
            far_notes.read(far, with, &piece.spelt(Reading::Far))?;
        }
        let is_one = far.as_ref().is_none_or(|far| self.near.goes_on_like(far));
        let is_quiet = near_notes.is_empty() && far_notes.is_empty() && self.near.held() == 0;
        if is_one && is_quiet {
            self.lost = start + self.lost + piece.text.len() - self.near.released();
            // After stop the stream is asked nothing more.
            return sink.keep(piece.text).or(Ok(()));
        }
        let far = far.map(|far| (far, far_notes));
        self.part_with(piece, start, near_notes, far, sink);
        Ok(())
    }

    /// From here on the text is kept as it is written; `start` is how far its near reading was.
    fn part_with(
        &mut self,
        piece: Piece<'_>,
        start: usize,
        near_notes: Notes,
        far: Option<(TextStream, Notes)>,
        sink: &mut dyn Sink,
    ) {
        let mut apart = Apart::new(start + self.lost, start, "");
        apart.begin(piece, near_notes, far);
        self.apart = Some(Box::new(apart));
        self.settle(sink);
    }

    fn step_apart(
        &mut self,
        with: With<'_>,
        piece: Piece<'_>,
        sink: &mut Watched<'_>,
    ) -> Result<(), RedactError> {
        let (near, lost) = (&mut self.near, self.lost);
        let apart = self.apart.get_or_insert_with(|| {
            let start = near.released();
            Box::new(Apart::new(start + lost, start, near.held_text()))
        });
        apart.read(near, with, piece)?;
        self.settle(sink);
        match self.apart.as_ref().is_some_and(|apart| apart.is_too_long()) {
            true => Err(RedactError::TooLong),
            false => Ok(()),
        }
    }

    /// Lets out what both readings have decided; if they are one again, forgets the second.
    fn settle(&mut self, sink: &mut dyn Sink) {
        let Some(apart) = &mut self.apart else {
            return;
        };
        if apart.let_out(sink).is_err() {
            *self = Self::default();
        } else if apart.join(&self.near) {
            self.lost = apart.lost();
            self.apart = None;
        }
    }
}

/// Where a step ends: a little behind the last odd character that it is for. One that is taken
/// once ends before the readings differ.
fn end_of_step(start: usize, odds: &[Odd], is_twice: bool) -> usize {
    let most = start + MOST_AT_ONCE;
    let mut end = start + STEP;
    for odd in odds {
        match (odd.at < end.min(most), odd.is_near) {
            (true, false) if !is_twice => return odd.at,
            (true, true) if is_twice => {}
            (true, _) => end = odd.at + STEP,
            (false, _) => break,
        }
    }
    end.min(most)
}

/// Most texts have none, and others more than one.
fn collected(odds: &mut Odds<'_>) -> Vec<Odd> {
    let Some(first) = odds.next() else {
        return Vec::new();
    };
    let mut all = Vec::with_capacity(FEW);
    all.push(first);
    all.extend(odds);
    all
}

impl Piece<'_> {
    /// The piece as this reading has it.
    fn spelt(&self, reading: Reading) -> Cow<'_, str> {
        match reading == Reading::Near && self.odds.iter().all(|odd| !odd.is_near) {
            true => Cow::Borrowed(self.text),
            false => Cow::Owned(spelt(self.text, self.start, self.odds, reading)),
        }
    }

    /// Whether the readings of it differ.
    fn has_far(&self) -> bool {
        self.odds.iter().any(|odd| !odd.is_near)
    }
}

#[cfg(test)]
#[path = "readings_tests.rs"]
mod tests;
