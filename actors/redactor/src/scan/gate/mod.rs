//! Finds triggers: the one pass over every byte, with vectors where the processor has them.
//!
//! Owns: where triggers stand, and which end of a text may still become one. Never takes a look.
//! The search guesses at places ([`avx512`], [`avx2`]) or does not even do that ([`scalar`]); here each
//! guess is compared byte by byte, so all find the same.
//!
//! Called by: the scanner, once per text or chunk.

use super::classes::ByteSet;
use super::edge::is_held;
use super::family::{Trigger, TriggerText};
use super::lanes::Lanes;
use super::words::Fingerprints;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
pub(crate) mod beyond;
#[cfg(target_arch = "x86_64")]
mod guesses;
mod literals;
mod scalar;
#[cfg(target_arch = "x86_64")]
mod shorts;
mod sieve;
mod special;
mod spread;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod vectors;
mod windows;

use literals::{LONGEST_LITERAL, Literals};
use sieve::Sieve;
use special::{LONGEST_SPECIAL, SPECIALS, Special, Verdict};
#[cfg(target_arch = "x86_64")]
use vectors::Vectors;

/// How many bytes at the beginning of `text` are of a set, which may be a few more than `most`.
///
/// # Errors
/// So many bytes are, and the rest is for who asks: the processor does not see many at once, or
/// there are only a few left.
#[cfg(target_arch = "x86_64")]
#[inline]
pub(crate) fn span(set: &ByteSet, text: &[u8], most: usize) -> Result<usize, usize> {
    avx2::span(set, text, most)
}

/// The same for other processors: nothing is known.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
pub(crate) fn span(_set: &ByteSet, _text: &[u8], _most: usize) -> Result<usize, usize> {
    Err(0)
}

/// The lanes of at most 64 bytes; nothing if the processor does not see many bytes at once.
#[inline]
pub(crate) fn lanes(text: &[u8]) -> Option<Lanes> {
    #[cfg(target_arch = "x86_64")]
    return avx2::lanes(text);
    #[cfg(not(target_arch = "x86_64"))]
    return None;
}

/// Marks for the 512 bytes of a text at `from`: where characters begin that may count as others.
#[inline]
pub(crate) fn beyond(text: &[u8], from: usize) -> beyond::Marks {
    #[cfg(target_arch = "x86_64")]
    if let Some(marks) = avx2::beyond(text, from) {
        return marks;
    }
    beyond::marks(text, from)
}

/// Whether one of these words may begin in `text`, or seven bytes follow each other as in an
/// alphabet or are the same; it may say so when neither is. Nothing if the text is short, or if
/// the processor does not see many bytes at once.
#[inline]
pub(crate) fn suspects(words: &Fingerprints, text: &[u8]) -> Option<bool> {
    #[cfg(target_arch = "x86_64")]
    return avx2::suspects(words, text);
    #[cfg(not(target_arch = "x86_64"))]
    return None;
}

/// How many bytes of a text come at least once, twice and three times, by their six lower bits:
/// never more than do. Nothing if the text has fewer than eight.
#[inline]
pub(crate) fn times(text: &[u8]) -> Option<[u32; 3]> {
    spread::times(text)
}

/// Who asked for a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asker {
    /// The number of a family in its set.
    pub(crate) family: u16,
    /// What the family wants to be told.
    pub(crate) payload: u16,
}

/// All triggers of a rule set.
#[derive(Debug)]
pub(crate) struct Gate {
    sieve: Box<Sieve>,
    literals: Literals,
    specials: [Wanted; SPECIALS.len()],
    /// What special triggers that somebody wants begin with.
    special_firsts: ByteSet,
    #[cfg(target_arch = "x86_64")]
    vectors: Option<Vectors>,
}

/// Who wants a special trigger.
#[derive(Debug, Default)]
struct Wanted {
    askers: Vec<Asker>,
    is_replaced: bool,
}

/// What the end of a text may still become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfinished {
    /// The first byte of an end that may become a trigger: the next search begins here.
    pub(crate) resume: usize,
    /// The first byte of an end that may become a trigger that is itself replaced.
    pub(crate) holds: usize,
}

/// A literal that cannot be a trigger: its length is not 2 to 24.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoTrigger(pub(crate) Box<str>);

impl Gate {
    /// A gate for these triggers, each with the number of the family that asked for it.
    pub(crate) fn new(wanted: &[(u16, Trigger)]) -> Result<Self, NoTrigger> {
        Self::with_vectors(usize::MAX, wanted)
    }

    /// One that uses vectors of at most so many bits.
    fn with_vectors(most_bits: usize, wanted: &[(u16, Trigger)]) -> Result<Self, NoTrigger> {
        refuse_odd_ones(wanted)?;
        let literals = Literals::collect(wanted);
        let specials = SPECIALS.map(|special| Wanted::of(special, wanted));
        #[cfg(target_arch = "x86_64")]
        let vectors = Vectors::new(
            most_bits,
            |special| is_wanted(&specials, special),
            &literals,
        );
        #[cfg(target_arch = "x86_64")]
        let shortest = vectors.as_ref().map_or(0, Vectors::shortest_in_sieve);
        #[cfg(not(target_arch = "x86_64"))]
        let shortest = most_bits.min(0);
        let (sieve, windows) = Sieve::new(&literals, shortest);
        Ok(Self {
            #[cfg(target_arch = "x86_64")]
            vectors,
            special_firsts: firsts_of(&specials),
            literals: Literals::new(literals, &windows),
            sieve,
            specials,
        })
    }

    /// Says `found` for each trigger that stands at `from` or later and ends after `seen`, with
    /// its first byte; in no order.
    pub(crate) fn each(
        &self,
        text: &[u8],
        from: usize,
        seen: usize,
        found: &mut dyn FnMut(usize, Asker),
    ) {
        let mut search = self.search(text, from, seen, found);
        #[cfg(target_arch = "x86_64")]
        if let Some(vectors) = &self.vectors {
            vectors.search(&self.sieve, text, from, &mut search);
            return;
        }
        scalar::search(text, from, &mut search);
    }

    fn search<'g, 'f>(
        &'g self,
        text: &'g [u8],
        from: usize,
        seen: usize,
        found: &'f mut dyn FnMut(usize, Asker),
    ) -> Search<'g, 'f> {
        Search {
            gate: self,
            text,
            from,
            seen,
            found,
        }
    }

    /// The special triggers that somebody wants and that begin with this byte.
    #[inline]
    fn specials_with(&self, byte: u8) -> impl Iterator<Item = (Special, &Wanted)> {
        let all = SPECIALS.into_iter().zip(&self.specials);
        all.filter(move |(special, wanted)| special.begins_with(byte) && !wanted.askers.is_empty())
    }

    /// What the end of this text may still become.
    /// An end that may become one began at `from` or later.
    pub(crate) fn unfinished(&self, text: &[u8], from: usize) -> Unfinished {
        let mut end = Unfinished {
            resume: text.len(),
            holds: text.len(),
        };
        self.literals.each_beginning(text, from, &mut |beginning| {
            end.add(
                beginning.at,
                beginning.is_replaced && is_held(text, beginning.at),
            );
        });
        let tail = text.len().saturating_sub(LONGEST_SPECIAL - 1).max(from);
        let tail = text.iter().enumerate().skip(tail);
        for (at, byte) in tail.filter(|(_, byte)| self.special_firsts.has(**byte)) {
            for (special, wanted) in self.specials_with(*byte) {
                if special.judge(text, at) == Verdict::Open {
                    end.add(at, wanted.is_replaced);
                }
            }
        }
        end
    }
}

impl Unfinished {
    fn add(&mut self, at: usize, is_replaced: bool) {
        self.resume = self.resume.min(at);
        if is_replaced {
            self.holds = self.holds.min(at);
        }
    }
}

impl Wanted {
    fn of(special: Special, wanted: &[(u16, Trigger)]) -> Self {
        let own = wanted.iter();
        let own = own.filter(|(_, trigger)| Special::of(&trigger.what) == Some(special));
        let mut all = Self::default();
        for (family, trigger) in own {
            all.is_replaced |= trigger.is_replaced;
            all.askers.push(Asker {
                family: *family,
                payload: trigger.payload,
            });
        }
        all
    }
}

#[cfg(target_arch = "x86_64")]
fn is_wanted(specials: &[Wanted], special: Special) -> bool {
    let wanted = specials.get(special as usize);
    wanted.is_some_and(|wanted| !wanted.askers.is_empty())
}

fn firsts_of(specials: &[Wanted]) -> ByteSet {
    let wanted = SPECIALS.into_iter().zip(specials);
    let wanted = wanted.filter(|(_, wanted)| !wanted.askers.is_empty());
    let bytes = wanted
        .flat_map(|(special, _)| (0..=u8::MAX).filter(move |byte| special.begins_with(*byte)));
    bytes.fold(ByteSet::default(), ByteSet::with)
}

fn refuse_odd_ones(wanted: &[(u16, Trigger)]) -> Result<(), NoTrigger> {
    for (_, trigger) in wanted {
        if let TriggerText::Exact(text) | TriggerText::AnyCase(text) = &trigger.what
            && !(2..=LONGEST_LITERAL).contains(&text.len())
        {
            return Err(NoTrigger(text.clone()));
        }
    }
    Ok(())
}

/// A search under way: judges what is guessed.
struct Search<'g, 'f> {
    gate: &'g Gate,
    text: &'g [u8],
    /// A literal that is known by its later bytes may begin before.
    from: usize,
    seen: usize,
    found: &'f mut dyn FnMut(usize, Asker),
}

impl Search<'_, '_> {
    /// A literal may be known by its bytes at `window`; `is_even` if so many bytes are between
    /// there and the beginning of the search.
    #[inline(always)]
    fn literal(&mut self, window: usize, is_even: bool) {
        if is_even {
            self.long(window);
        }
        self.short(window);
    }

    /// A literal of five bytes and more may be known by its bytes at `window`.
    #[inline(always)]
    fn long(&mut self, window: usize) {
        let (gate, text) = (self.gate, self.text);
        gate.literals.each_long(text, window, |at, end, askers| {
            self.say(at, end, askers);
        });
    }

    /// A literal of up to four bytes may stand at `at`.
    #[inline(always)]
    fn short(&mut self, at: usize) {
        let (gate, text) = (self.gate, self.text);
        gate.literals.each_short(text, at, |at, end, askers| {
            self.say(at, end, askers);
        });
        if gate.literals.has_pairs() {
            self.pairs(at);
        }
    }

    #[inline(always)]
    fn say(&mut self, at: usize, end: usize, askers: &[Asker]) {
        if at >= self.from && end > self.seen {
            for asker in askers {
                (self.found)(at, *asker);
            }
        }
    }

    #[cold]
    fn pairs(&mut self, at: usize) {
        let (gate, text) = (self.gate, self.text);
        gate.literals
            .pairs(text, at, &mut |askers| self.say(at, at + 2, askers));
    }

    /// Special triggers may stand at `at`.
    #[inline]
    fn special(&mut self, at: usize) {
        let Some(byte) = self.text.get(at).copied() else {
            return;
        };
        let gate = self.gate;
        for (special, wanted) in gate.specials_with(byte) {
            self.judge(special, wanted, at);
        }
    }

    fn judge(&mut self, special: Special, wanted: &Wanted, at: usize) {
        if let Verdict::Until(end) = special.judge(self.text, at)
            && end > self.seen
        {
            for asker in &wanted.askers {
                (self.found)(at, *asker);
            }
        }
    }
}
