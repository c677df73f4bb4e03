//! A text in chunks: what may be let go, what was found, what must wait.
//!
//! Owns: the bytes of a text that are not out yet, and the few before them that looks may read.
//! Little of it is kept in the value itself; the heap is used only while there is more, or while
//! a look is open.

use std::fmt;
use std::ops::Range;

use super::compiled::Compiled;
use super::family::{KEPT_CONTEXT, RuleNumber};
use super::scanner::{Place, Scan, Waiting};
use super::sink::{Replaces, Sink, Stop};
use crate::error::RedactError;

/// Bytes that a stream holds back at most.
pub(crate) const MOST_HELD: usize = 1 << 20;

/// Bytes that are kept at most, with what is out but still needed.
const MOST_KEPT: usize = 4 * MOST_HELD;

/// Bytes that are kept without the heap.
pub(crate) const INLINE: usize = 80;

/// A chunk that fits in here with what is kept is scanned without the heap.
const SMALL: usize = 256;

/// A text so long is not moved for the sake of a few bytes.
const MOVABLE: usize = 4096;

/// A text in chunks.
///
/// However it is cut, what the sinks get is the same after adjacent kept pieces are joined.
#[derive(Clone, Default)]
pub(crate) struct TextStream {
    place: Place,
    /// Bytes of the text before those that are kept.
    gone: usize,
    kept: Kept,
    /// If there is one, what is kept is in here.
    pending: Option<Box<Pending>>,
    /// Too much had to be held: nothing more comes out of this text.
    has_failed: bool,
}

/// Takes what stands before a text.
struct Nowhere;

impl Sink for Nowhere {
    fn keep(&mut self, _text: &str) -> Result<(), Stop> {
        Ok(())
    }

    fn found(&mut self, _rules: &[RuleNumber], _text: &str) -> Result<(), Stop> {
        Ok(())
    }

    fn observed(&mut self, _rule: RuleNumber, _range: Range<usize>) {}
}

/// The kept bytes of a stream that waits for nothing.
#[derive(Clone)]
struct Kept {
    length: u8,
    bytes: [u8; INLINE],
}

/// What a stream has on the heap.
#[derive(Debug, Clone, Default)]
struct Pending {
    text: String,
    waiting: Waiting,
    /// The text is not searched for bytes to drop before it is so long.
    trim_at: usize,
}

/// Scans a text that is there as a whole: as a stream of one chunk does, without a copy.
pub(crate) fn scan_whole(
    set: &Compiled,
    replaces: &Replaces,
    text: &str,
    sink: &mut dyn Sink,
) -> Result<(), RedactError> {
    let scan = Scan {
        set,
        replaces,
        text,
        gone: 0,
        complete: true,
    };
    let mut waiting = Waiting::default();
    match scan.run(&mut Place::default(), &mut waiting, sink) {
        Err(Stop) if waiting.gave_up => Err(RedactError::GaveUp),
        Ok(()) | Err(Stop) => Ok(()),
    }
}

/// The same for a text that `before` stands before: looks may read that, and nothing of it goes out.
pub(crate) fn scan_whole_after(
    set: &Compiled,
    replaces: &Replaces,
    before: &str,
    text: &str,
    sink: &mut dyn Sink,
) -> Result<(), RedactError> {
    let text = [before, text].concat();
    let scan = Scan {
        set,
        replaces,
        text: &text,
        gone: 0,
        complete: true,
    };
    let (mut place, mut waiting) = (Place::behind(before.len()), Waiting::default());
    match scan.run(&mut place, &mut waiting, sink) {
        Err(Stop) if waiting.gave_up => Err(RedactError::GaveUp),
        Ok(()) | Err(Stop) => Ok(()),
    }
}

impl TextStream {
    /// Takes the next chunk, and lets out all that is decided.
    ///
    /// If the sink says stop, the stream forgets its text.
    ///
    /// # Errors
    /// [`RedactError::TooLong`] if more than 1 MiB would have to be held, and from then on.
    pub(crate) fn push(
        &mut self,
        set: &Compiled,
        replaces: &Replaces,
        chunk: &str,
        sink: &mut dyn Sink,
    ) -> Result<(), RedactError> {
        self.refuse_failed()?;
        if chunk.is_empty() {
            return Ok(());
        }
        let length = self.kept.bytes().len() + chunk.len();
        if self.pending.is_none() && length <= SMALL {
            return self.push_small(set, replaces, chunk, sink);
        }
        let mut pending = self.take_pending()?;
        pending.text.push_str(chunk);
        self.run(set, replaces, pending, false, sink)
    }

    /// Says what stands before the text that comes next: looks may read it, and nothing of it goes
    /// out. Only where a text begins.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub(crate) fn follow(
        &mut self,
        set: &Compiled,
        replaces: &Replaces,
        before: &str,
    ) -> Result<(), RedactError> {
        let mut pending = self.take_pending()?;
        let Pending { text, waiting, .. } = &mut *pending;
        text.push_str(before);
        let scan = self.scan(set, replaces, text, false);
        if scan.run(&mut self.place, waiting, &mut Nowhere).is_err() {
            let gave_up = waiting.gave_up;
            return self.stop(gave_up);
        }
        scan.precede(&mut self.place, waiting);
        self.settle_pending(set, replaces, pending)
    }

    /// The text ends here: everything is let out, and another text may begin.
    ///
    /// # Errors
    /// [`RedactError::TooLong`] if the text has failed; another one may begin all the same.
    pub(crate) fn finish(
        &mut self,
        set: &Compiled,
        replaces: &Replaces,
        sink: &mut dyn Sink,
    ) -> Result<(), RedactError> {
        let mut text = std::mem::take(self);
        text.refuse_failed()?;
        if text.pending.is_none() && text.held() == 0 {
            return Ok(());
        }
        let pending = text.take_pending()?;
        text.run(set, replaces, pending, true, sink)
    }

    /// Lets go of what is held only because it may become the beginning of something: nobody
    /// should wait for the next chunk with a word in hand.
    ///
    /// What a trigger has been seen of stays. If the text turns out to be what it was held for,
    /// the rest of that is still replaced.
    pub(crate) fn stall(
        &mut self,
        set: &Compiled,
        replaces: &Replaces,
        sink: &mut dyn Sink,
    ) -> Result<(), RedactError> {
        self.refuse_failed()?;
        if self.held() == 0 {
            return Ok(());
        }
        let mut pending = self.take_pending()?;
        let Pending { text, waiting, .. } = &mut *pending;
        let scan = self.scan(set, replaces, text, false);
        let end = text.len();
        if scan.release(&mut self.place, end, waiting, sink).is_err() {
            *self = Self::default();
            return Ok(());
        }
        self.settle_pending(set, replaces, pending)
    }

    /// Bytes that have come and are not out.
    pub(crate) fn held(&self) -> usize {
        self.place.seen - self.place.released
    }

    /// What these bytes are.
    pub(crate) fn held_text(&self) -> &str {
        let kept = match &self.pending {
            Some(pending) => &pending.text,
            None => std::str::from_utf8(self.kept.bytes()).unwrap_or_default(),
        };
        kept.get(self.place.released..).unwrap_or_default()
    }

    /// Bytes of the whole text that are out, and those that stood before it.
    pub(crate) fn released(&self) -> usize {
        self.gone + self.place.released
    }

    /// Where the bytes begin that looks to come may read.
    pub(crate) fn kept_from(&self) -> usize {
        self.gone
    }

    /// Whether both will say the same of whatever comes; it is not searched for long.
    pub(crate) fn goes_on_like(&self, other: &Self) -> bool {
        let is_short = |text: &Self| text.pending.is_none() && !text.has_failed;
        let are_short = is_short(self) && is_short(other);
        are_short && self.kept.bytes() == other.kept.bytes() && self.place == other.place
    }

    /// One that says nothing more than that it has failed.
    pub(crate) fn failed() -> Self {
        Self {
            has_failed: true,
            ..Self::default()
        }
    }

    fn refuse_failed(&self) -> Result<(), RedactError> {
        if self.has_failed {
            return Err(RedactError::TooLong);
        }
        Ok(())
    }

    fn scan<'t>(
        &self,
        set: &'t Compiled,
        replaces: &'t Replaces,
        text: &'t str,
        complete: bool,
    ) -> Scan<'t> {
        Scan {
            set,
            replaces,
            text,
            gone: self.gone,
            complete,
        }
    }

    /// A chunk for which nothing waits, and that is small: on the stack.
    fn push_small(
        &mut self,
        set: &Compiled,
        replaces: &Replaces,
        chunk: &str,
        sink: &mut dyn Sink,
    ) -> Result<(), RedactError> {
        let mut bytes = [0; SMALL];
        let text = join(&mut bytes, self.kept.bytes(), chunk)?;
        let scan = self.scan(set, replaces, text, false);
        let mut waiting = Waiting::default();
        if scan.run(&mut self.place, &mut waiting, sink).is_err() {
            return self.stop(waiting.gave_up);
        }
        let keeps = scan.keeps(&self.place, &waiting);
        let rest = text.get(keeps..).unwrap_or_default();
        if waiting.is_empty() && self.kept.set(rest) {
            self.moved_by(keeps);
            return Ok(());
        }
        let pending = Pending {
            text: text.to_owned(),
            waiting,
            trim_at: 0,
        };
        self.settle_pending(set, replaces, Box::new(pending))
    }

    fn run(
        &mut self,
        set: &Compiled,
        replaces: &Replaces,
        mut pending: Box<Pending>,
        complete: bool,
        sink: &mut dyn Sink,
    ) -> Result<(), RedactError> {
        let Pending { text, waiting, .. } = &mut *pending;
        let scan = self.scan(set, replaces, text, complete);
        if scan.run(&mut self.place, waiting, sink).is_err() {
            let gave_up = waiting.gave_up;
            return self.stop(gave_up);
        }
        self.settle_pending(set, replaces, pending)
    }

    /// The sink wants no more, or a family knows nothing: the text is forgotten.
    fn stop(&mut self, gave_up: bool) -> Result<(), RedactError> {
        *self = Self {
            has_failed: gave_up,
            ..Self::default()
        };
        match gave_up {
            true => Err(RedactError::GaveUp),
            false => Ok(()),
        }
    }

    /// Drops what is not needed any more, and the heap with it if little is left.
    fn settle_pending(
        &mut self,
        set: &Compiled,
        replaces: &Replaces,
        mut pending: Box<Pending>,
    ) -> Result<(), RedactError> {
        self.trim(set, replaces, &mut pending);
        let is_too_long = self.held() > MOST_HELD || pending.text.len() > MOST_KEPT;
        if is_too_long {
            *self = Self::failed();
            return Err(RedactError::TooLong);
        }
        if !(pending.waiting.is_empty() && self.kept.set(&pending.text)) {
            self.kept.length = 0;
            self.pending = Some(pending);
        }
        Ok(())
    }

    /// Drops what is out and not needed, if that is cheap for what it gains.
    fn trim(&mut self, set: &Compiled, replaces: &Replaces, pending: &mut Pending) {
        let length = pending.text.len();
        let is_short = length <= MOVABLE;
        // Without looks that wait there is nothing to search.
        let is_long_enough = length >= pending.trim_at.min(MOST_KEPT) || pending.waiting.is_empty();
        let is_worth_it = is_long_enough && self.place.needs() >= length / 2;
        if !(is_short || is_worth_it) {
            return;
        }
        let scan = self.scan(set, replaces, &pending.text, false);
        let keeps = scan.keeps(&self.place, &pending.waiting);
        if is_short || keeps >= length / 2 {
            pending.drop_before(keeps);
            self.moved_by(keeps);
        } else {
            pending.trim_at = 2 * length;
        }
    }

    fn moved_by(&mut self, gone: usize) {
        self.place.shift(gone);
        self.gone += gone;
    }

    fn take_pending(&mut self) -> Result<Box<Pending>, RedactError> {
        match self.pending.take() {
            Some(pending) => Ok(pending),
            None => Ok(Box::new(Pending {
                text: as_text(self.kept.bytes())?.to_owned(),
                ..Pending::default()
            })),
        }
    }
}

impl Pending {
    fn drop_before(&mut self, keeps: usize) {
        if keeps > 0 {
            self.text.drain(..keeps);
            self.text.shrink_to(MOVABLE.max(4 * self.text.len()));
            self.waiting.shift(keeps);
            self.trim_at = 0;
        }
    }
}

impl Kept {
    /// Whole characters.
    fn bytes(&self) -> &[u8] {
        let bytes = self.bytes.get(..usize::from(self.length));
        bytes.unwrap_or_default()
    }

    /// Keeps this instead, if it fits.
    fn set(&mut self, text: &str) -> bool {
        let place = self.bytes.get_mut(..text.len());
        let Some((place, length)) = place.zip(u8::try_from(text.len()).ok()) else {
            return false;
        };
        place.copy_from_slice(text.as_bytes());
        self.length = length;
        true
    }
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            length: 0,
            bytes: [0; INLINE],
        }
    }
}

impl fmt::Debug for TextStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the text.
        f.debug_struct("TextStream")
            .field("held", &self.held())
            .finish_non_exhaustive()
    }
}

fn join<'b>(bytes: &'b mut [u8; SMALL], kept: &[u8], chunk: &str) -> Result<&'b str, RedactError> {
    let length = kept.len() + chunk.len();
    let both = bytes.get_mut(..length).unwrap_or_default();
    let (first, second) = both.split_at_mut(kept.len().min(both.len()));
    first.copy_from_slice(kept);
    second.copy_from_slice(chunk.as_bytes());
    as_text(both)
}

/// Whole characters were kept and have come, so this cannot fail; if it does, nothing gets out.
fn as_text(bytes: &[u8]) -> Result<&str, RedactError> {
    std::str::from_utf8(bytes).map_err(|_| RedactError::Panicked)
}

const _: () = assert!(size_of::<TextStream>() <= 256 && KEPT_CONTEXT < INLINE / 2);
