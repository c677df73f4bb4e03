//! Triggers that are literals: which of them stands at a place, and which one the end of a text
//! may be the beginning of.

use std::collections::HashMap;

use super::super::family::{Trigger, TriggerText};
use super::Asker;
use super::sieve::Windows;
use super::windows::{ByWindow, Slots, four};

/// The most bytes of a literal that count; what follows is for the look.
pub(super) const LONGEST_LITERAL: usize = 24;

/// A literal, and who asked for it.
#[derive(Debug, Clone)]
pub(super) struct Literal {
    pub(super) text: Box<[u8]>,
    pub(super) any_case: bool,
    is_replaced: bool,
    askers: Vec<Asker>,
}

/// A literal as it is compared: all of it at once, as texts full of secrets need many.
#[derive(Debug)]
pub(super) struct Known {
    bytes: [u64; WORDS],
    /// The bits that count: all of its bytes, but that which tells small letters from capitals
    /// where letter case does not matter.
    counting: [u64; WORDS],
    pub(super) len: u8,
    is_replaced: bool,
    /// Where among all askers its own begin and end.
    pub(super) askers: (u16, u16),
}

/// Words that a literal is compared in.
const WORDS: usize = LONGEST_LITERAL / 8;

/// All literals of a set.
#[derive(Debug)]
pub(super) struct Literals {
    all: Vec<Known>,
    askers: Vec<Asker>,
    /// By the bytes that the search looks for.
    windows: ByWindow,
    /// By the first two bytes.
    heads: Slots<Head, 1024>,
    has_pairs: bool,
    /// For two bytes: bit `n` is set if a literal of more than `n + 2` bytes has them at `n`.
    chain: Box<[u32; 1024]>,
    /// By the first byte: whether a literal begins with it, and one that is replaced.
    firsts: Box<[(bool, bool)]>,
}

/// The end of a text that may be the beginning of a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Beginning {
    pub(super) at: usize,
    pub(super) is_replaced: bool,
}

impl Literals {
    /// Collects the literals among `wanted`; equal ones become one.
    pub(super) fn collect(wanted: &[(u16, Trigger)]) -> Vec<Literal> {
        let mut all: Vec<Literal> = Vec::new();
        let mut places = HashMap::new();
        for (family, trigger) in wanted {
            let (text, any_case) = match &trigger.what {
                TriggerText::Exact(text) => (text.as_bytes(), false),
                TriggerText::AnyCase(text) => (text.as_bytes(), true),
                _ => continue,
            };
            let text = text.get(..LONGEST_LITERAL).unwrap_or(text);
            let asker = Asker {
                family: *family,
                payload: trigger.payload,
            };
            let place = *places.entry((text, any_case)).or_insert(all.len());
            if let Some(known) = all.get_mut(place) {
                known.askers.push(asker);
                known.is_replaced |= trigger.is_replaced;
            } else {
                all.push(Literal {
                    text: text.into(),
                    any_case,
                    is_replaced: trigger.is_replaced,
                    askers: vec![asker],
                });
            }
        }
        all
    }

    /// `windows` says for each literal at which of its bytes the search looks for it.
    pub(super) fn new(all: Vec<Literal>, windows: &[Windows]) -> Self {
        let known = known(&all);
        let windows = ByWindow::new(&all, &known, windows);
        let heads = all.iter().enumerate();
        let heads = heads.filter_map(|(number, literal)| Head::new(literal, number));
        let heads = Slots::new(heads.collect());
        Self {
            windows,
            heads,
            has_pairs: all.iter().any(|literal| literal.text.len() == 2),
            chain: chain_of(&all),
            firsts: firsts_of(&all),
            askers: all.iter().flat_map(|one| one.askers.clone()).collect(),
            all: known,
        }
    }

    /// Says which literals of five bytes and more are known by the bytes at `window`, where they
    /// begin and end, and who asked for them.
    #[inline(always)]
    pub(super) fn each_long(
        &self,
        text: &[u8],
        window: usize,
        mut found: impl FnMut(usize, usize, &[Asker]),
    ) {
        self.windows.each_long(text, window, &mut |entry, at| {
            if entry.is_all || self.stands_at(entry.literal, text, at) {
                let end = at + usize::from(entry.len);
                found(at, end, self.askers(entry.askers));
            }
        });
    }

    /// The same of those of three and four bytes at `at`, where they begin.
    #[inline(always)]
    pub(super) fn each_short(
        &self,
        text: &[u8],
        at: usize,
        mut found: impl FnMut(usize, usize, &[Asker]),
    ) {
        self.windows.each_short(text, at, &mut |entry, at| {
            if entry.is_all || self.stands_at(entry.literal, text, at) {
                let end = at + usize::from(entry.len);
                found(at, end, self.askers(entry.askers));
            }
        });
    }

    /// Whether there are literals of two bytes, which [`Self::each_short`] leaves out.
    #[inline]
    pub(super) fn has_pairs(&self) -> bool {
        self.has_pairs
    }

    #[inline]
    fn stands_at(&self, literal: u16, text: &[u8], at: usize) -> bool {
        let literal = self.all.get(usize::from(literal));
        literal.is_some_and(|literal| literal.stands_at(text, at))
    }

    /// Says who asked for the literals of two bytes that stand at `at`.
    #[cold]
    pub(super) fn pairs(&self, text: &[u8], at: usize, found: &mut dyn FnMut(&[Asker])) {
        for head in self.heads.of(four(text, at) & TWO) {
            if let Some(literal) = self.literal(head)
                && literal.len == 2
                && literal.stands_at(text, at)
            {
                found(self.askers(literal.askers));
            }
        }
    }

    #[inline]
    fn askers(&self, (first, last): (u16, u16)) -> &[Asker] {
        let askers = self.askers.get(usize::from(first)..usize::from(last));
        askers.unwrap_or_default()
    }

    #[inline]
    fn literal(&self, head: &Head) -> Option<&Known> {
        self.all.get(usize::from(head.literal))
    }

    /// The ends of a text that are beginnings of literals, the longest one first.
    pub(super) fn each_beginning(
        &self,
        text: &[u8],
        from: usize,
        found: &mut dyn FnMut(Beginning),
    ) {
        let tail = text.len().saturating_sub(LONGEST_LITERAL - 1).max(from);
        let tail = text.get(tail..).unwrap_or_default();
        let mut live = 0_u32;
        for pair in tail.windows(2) {
            live = ((live << 1) | 1) & self.chain.get(pair_number(pair)).copied().unwrap_or(0);
        }
        while live != 0 {
            let bit = 31 - live.leading_zeros();
            live &= !(1 << bit);
            self.beginning_of(text, bit as usize + 2, found);
        }
        if let Some(last) = text.last()
            && let Some((true, is_replaced)) = self.firsts.get(usize::from(*last)).copied()
        {
            let at = text.len() - 1;
            found(Beginning { at, is_replaced });
        }
    }

    fn beginning_of(&self, text: &[u8], bytes: usize, found: &mut dyn FnMut(Beginning)) {
        let Some(at) = text.len().checked_sub(bytes) else {
            return;
        };
        let end = text.get(at..).unwrap_or_default();
        let literals = self.heads.of(four(end, 0) & TWO).iter();
        let literals = literals.filter_map(|head| self.literal(head));
        let mut begun = literals
            .filter(|literal| literal.is_begun_by(end))
            .peekable();
        if begun.peek().is_some() {
            let is_replaced = begun.any(|literal| literal.is_replaced);
            found(Beginning { at, is_replaced });
        }
    }
}

fn known(all: &[Literal]) -> Vec<Known> {
    let mut first = 0_u16;
    let known = |literal: &Literal| {
        let counting = words(&literal.counting(), 0);
        let bytes = words(&literal.text, 0);
        let count = u16::try_from(literal.askers.len()).unwrap_or(0);
        first = first.saturating_add(count);
        Known {
            bytes: std::array::from_fn(|n| both(&bytes, &counting, n)),
            counting,
            len: u8::try_from(literal.text.len()).unwrap_or(u8::MAX),
            is_replaced: literal.is_replaced,
            askers: (first.saturating_sub(count), first),
        }
    };
    all.iter().map(known).collect()
}

fn both(bytes: &[u64; WORDS], counting: &[u64; WORDS], number: usize) -> u64 {
    let [bytes, counting] = [bytes, counting].map(|words| words.get(number).copied());
    bytes.zip(counting).map_or(0, |(bytes, bits)| bytes & bits)
}

/// The bit that tells small letters from capitals.
const FOLD: u8 = 0x20;

/// As many bytes from `at` on as a literal may have, and zeros after the end.
#[inline]
fn words(text: &[u8], at: usize) -> [u64; WORDS] {
    let rest = text.get(at..).unwrap_or_default();
    let mut padded = [0; LONGEST_LITERAL];
    let bytes = rest.first_chunk().unwrap_or_else(|| {
        let taken = padded.iter_mut().zip(rest);
        taken.for_each(|(to, from)| *to = *from);
        &padded
    });
    let (words, _) = bytes.as_chunks();
    let [first, second, third] = *words else {
        return [0; WORDS];
    };
    [first, second, third].map(u64::from_le_bytes)
}

impl Known {
    #[inline]
    fn stands_at(&self, text: &[u8], at: usize) -> bool {
        let differing = words(text, at)
            .into_iter()
            .zip(self.bytes)
            .zip(self.counting);
        let differing = differing.map(|((there, own), counting)| (there ^ own) & counting);
        let is_whole = at + usize::from(self.len) <= text.len();
        is_whole && differing.fold(0, |all, bits| all | bits) == 0
    }

    /// Whether more text could make this literal of `end`.
    fn is_begun_by(&self, end: &[u8]) -> bool {
        let words = self.bytes.iter().zip(&self.counting);
        let own = words.flat_map(|(bytes, counting)| {
            bytes.to_le_bytes().into_iter().zip(counting.to_le_bytes())
        });
        let mut pairs = end.iter().zip(own);
        end.len() < usize::from(self.len)
            && pairs.all(|(there, (own, counting))| there & counting == own)
    }
}

impl Literal {
    /// For each of its bytes the bits that count: all, but that which tells small letters from
    /// capitals where letter case does not matter.
    pub(super) fn counting(&self) -> Vec<u8> {
        let folds = |byte: &u8| self.any_case && byte.is_ascii_alphabetic();
        let counting = self.text.iter();
        counting
            .map(|byte| if folds(byte) { !FOLD } else { u8::MAX })
            .collect()
    }

    /// The bytes that may stand at one of its places.
    pub(super) fn bytes_at(&self, place: usize) -> impl Iterator<Item = u8> + use<> {
        let byte = self.text.get(place).copied();
        let other = byte.filter(|byte| self.any_case && byte.is_ascii_alphabetic());
        byte.into_iter().chain(other.map(|byte| byte ^ 0x20))
    }
}

const TWO: u32 = 0x0000_FFFF;

/// Two bytes as a number below 1024, the same for both cases of a letter.
#[inline]
fn pair_number(pair: &[u8]) -> usize {
    let part = |at: usize| usize::from(pair.get(at).copied().unwrap_or(0) & 31);
    part(0) << 5 | part(1)
}

fn chain_of(all: &[Literal]) -> Box<[u32; 1024]> {
    let mut chain = Box::new([0_u32; 1024]);
    for literal in all {
        let goes_on = literal.text.len().saturating_sub(2);
        for (place, pair) in literal.text.windows(2).take(goes_on).enumerate() {
            if let Some(bits) = chain.get_mut(pair_number(pair)) {
                *bits |= 1 << place;
            }
        }
    }
    chain
}

fn firsts_of(all: &[Literal]) -> Box<[(bool, bool)]> {
    let mut firsts = vec![(false, false); 256];
    for literal in all {
        for byte in literal.bytes_at(0) {
            if let Some((any, is_replaced)) = firsts.get_mut(usize::from(byte)) {
                *any = true;
                *is_replaced |= literal.is_replaced;
            }
        }
    }
    firsts.into()
}

/// A literal by two of its bytes.
#[derive(Debug, Clone, Copy)]
struct Head {
    literal: u16,
}

impl Head {
    fn new(literal: &Literal, number: usize) -> Option<(u32, Self)> {
        let literal_number = u16::try_from(number).ok()?;
        let head = Self {
            literal: literal_number,
        };
        Some((four(&literal.text, 0) & TWO, head))
    }
}
