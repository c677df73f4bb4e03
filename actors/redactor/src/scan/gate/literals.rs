//! Triggers that are literals: which of them stands at a place, and which one the end of a text
//! may be the beginning of.

use std::collections::HashMap;

use super::super::family::{Trigger, TriggerText};
use super::Asker;
use super::sieve::Windows;

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
struct Known {
    bytes: [u64; WORDS],
    /// The bits that count: all of its bytes, but that which tells small letters from capitals
    /// where letter case does not matter.
    counting: [u64; WORDS],
    len: u8,
    is_replaced: bool,
    /// Where among all askers its own begin and end.
    askers: (u16, u16),
}

/// Words that a literal is compared in.
const WORDS: usize = LONGEST_LITERAL / 8;

/// All literals of a set.
#[derive(Debug)]
pub(super) struct Literals {
    all: Vec<Known>,
    askers: Vec<Asker>,
    /// By the three bytes that the search looks for.
    windows: Slots<Window>,
    /// By the first two bytes.
    heads: Slots<Head>,
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
        let long = all.iter().zip(windows).zip(&known).enumerate();
        let long = long.filter(|(_, ((literal, _), _))| literal.text.len() > 2);
        let windows = long.flat_map(|(number, ((literal, windows), known))| {
            let entry = |back, is_at_even| {
                let window = Window::new(literal, known, number, back)?;
                let key = four(literal.text.get(usize::from(back)..)?, 0) & THREE;
                Some((
                    key,
                    Window {
                        is_at_even,
                        ..window
                    },
                ))
            };
            match *windows {
                Windows::Either([one, other]) => [entry(one, true), entry(other, true)],
                Windows::Beginning => [entry(0, false), None],
            }
        });
        let windows = Slots::new(12, windows.flatten().collect());
        let heads = all.iter().enumerate();
        let heads = heads.filter_map(|(number, literal)| Head::new(literal, number));
        let heads = Slots::new(10, heads.collect());
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

    /// Says which literals are known by the bytes at `window`, and where they begin.
    ///
    /// `is_even` if so many bytes are between there and the beginning of the search.
    #[inline]
    pub(super) fn each_by(
        &self,
        text: &[u8],
        window: usize,
        is_even: bool,
        found: &mut impl FnMut(usize, usize, Asker),
    ) {
        let around = Around::of(text, window);
        for entry in self.windows.of(around.key()) {
            if around.is(entry) && (is_even || !entry.is_at_even) {
                self.report_window(entry, text, window, found);
            }
        }
        if self.has_pairs {
            self.pairs(text, window, found);
        }
    }

    #[inline]
    fn report_window(
        &self,
        entry: &Window,
        text: &[u8],
        window: usize,
        found: &mut impl FnMut(usize, usize, Asker),
    ) {
        if let Some(at) = window.checked_sub(usize::from(entry.back))
            && (entry.is_all || self.stands_at(entry.literal, text, at))
        {
            let end = at + usize::from(entry.len);
            self.report(entry.askers, at, end, found);
        }
    }

    #[inline]
    fn stands_at(&self, literal: u16, text: &[u8], at: usize) -> bool {
        let literal = self.all.get(usize::from(literal));
        literal.is_some_and(|literal| literal.stands_at(text, at))
    }

    #[cold]
    fn pairs(&self, text: &[u8], at: usize, found: &mut impl FnMut(usize, usize, Asker)) {
        for head in self.heads.of(four(text, at) & TWO) {
            if let Some(literal) = self.literal(head)
                && literal.len == 2
                && literal.stands_at(text, at)
            {
                self.report(literal.askers, at, at + 2, found);
            }
        }
    }

    #[inline]
    fn report(
        &self,
        (first, last): (u16, u16),
        at: usize,
        end: usize,
        found: &mut impl FnMut(usize, usize, Asker),
    ) {
        let askers = self.askers.get(usize::from(first)..usize::from(last));
        for asker in askers.unwrap_or_default() {
            found(at, end, *asker);
        }
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
    fn counting(&self) -> Vec<u8> {
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

const THREE: u32 = 0x00FF_FFFF;
const TWO: u32 = 0x0000_FFFF;

/// Four bytes from `at` on with the bit set that tells small letters from capitals; zeros after
/// the end count as such bytes, too.
#[inline(always)]
fn four(text: &[u8], at: usize) -> u32 {
    let rest = text.get(at..).unwrap_or_default();
    let bytes = rest.first_chunk::<4>().copied().unwrap_or_else(|| {
        let mut bytes = [0; 4];
        bytes
            .iter_mut()
            .zip(rest)
            .for_each(|(to, from)| *to = *from);
        bytes
    });
    u32::from_le_bytes(bytes) | 0x2020_2020
}

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

/// Bytes at both sides of the beginning of a window, in one number each; letters small.
#[derive(Debug, Clone, Copy)]
struct Around {
    before: u64,
    behind: u64,
}

/// Half of [`Around`].
const SIDE: usize = 8;

impl Around {
    #[inline]
    fn of(text: &[u8], window: usize) -> Self {
        let from = window.checked_sub(SIDE);
        let bytes = from.and_then(|from| text.get(from..)?.first_chunk::<{ 2 * SIDE }>());
        let bytes = bytes.copied();
        Self::read(bytes.unwrap_or_else(|| padded(text, window)))
    }

    #[inline]
    fn read(bytes: [u8; 2 * SIDE]) -> Self {
        let bytes = u128::from_le_bytes(bytes);
        Self {
            before: bytes as u64,
            behind: (bytes >> 64) as u64,
        }
    }

    /// The first three bytes of the window.
    #[inline]
    fn key(self) -> u32 {
        (self.behind as u32 | 0x2020_2020) & THREE
    }

    #[inline]
    fn is(self, window: &Window) -> bool {
        let Window {
            bytes, counting, ..
        } = window;
        let before = (self.before ^ bytes.before) & counting.before;
        let behind = (self.behind ^ bytes.behind) & counting.behind;
        before | behind == 0
    }
}

/// The bytes around a window near an end of the text, and zeros where there are none.
#[cold]
fn padded(text: &[u8], window: usize) -> [u8; 2 * SIDE] {
    let mut bytes = [0; 2 * SIDE];
    let missing = SIDE.saturating_sub(window);
    let rest = text.get(window.saturating_sub(SIDE)..).unwrap_or_default();
    let there = bytes.iter_mut().skip(missing).zip(rest);
    there.for_each(|(to, from)| *to = *from);
    bytes
}

/// Literals by a hash of some of their bytes.
#[derive(Debug)]
struct Slots<T> {
    shift: u32,
    /// Where in `entries` each slot begins, and after the last one their end.
    starts: Box<[u16]>,
    entries: Box<[T]>,
}

/// A literal by two of its bytes.
#[derive(Debug, Clone, Copy)]
struct Head {
    literal: u16,
}

/// A literal by the bytes around its window, with all that is said when it is found: texts full
/// of secrets need many, and each comes from far.
#[derive(Debug, Clone, Copy)]
struct Window {
    bytes: Around,
    /// The bits of them that count.
    counting: Around,
    askers: (u16, u16),
    literal: u16,
    len: u8,
    /// How many of its bytes stand before the window.
    back: u8,
    /// Whether these bytes are looked for at even places only.
    is_at_even: bool,
    /// Whether the literal has no other bytes.
    is_all: bool,
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

impl Window {
    fn new(literal: &Literal, known: &Known, number: usize, back: u8) -> Option<Self> {
        let window = usize::from(back);
        let counting = padded(&literal.counting(), window);
        let bytes = u128::from_le_bytes(padded(&literal.text, window));
        let bytes = bytes & u128::from_le_bytes(counting);
        Some(Self {
            bytes: Around::read(bytes.to_le_bytes()),
            counting: Around::read(counting),
            askers: known.askers,
            literal: u16::try_from(number).ok()?,
            len: known.len,
            back,
            is_at_even: false,
            is_all: window <= SIDE && literal.text.len() <= window + SIDE,
        })
    }
}

impl<T> Slots<T> {
    /// Entries by their keys.
    fn new(bits: u32, mut entries: Vec<(u32, T)>) -> Self {
        let shift = 32 - bits;
        entries.sort_by_key(|(key, _)| (slot(*key, shift), *key));
        let mut start = 0;
        let places = entries.iter().map(|(key, _)| slot(*key, shift));
        let mut places = places.peekable();
        let starts = (0..=1_usize << bits).map(|number| {
            while places.next_if(|place| *place < number).is_some() {
                start += 1;
            }
            u16::try_from(start).unwrap_or(u16::MAX)
        });
        let starts = starts.collect();
        Self {
            shift,
            starts,
            entries: entries.into_iter().map(|(_, entry)| entry).collect(),
        }
    }

    #[inline]
    fn of(&self, key: u32) -> &[T] {
        let number = slot(key, self.shift);
        let bounds = self.starts.get(number..number + 2);
        let Some([start, end]) = bounds else {
            return &[];
        };
        let entries = self.entries.get(usize::from(*start)..usize::from(*end));
        entries.unwrap_or_default()
    }
}

#[inline]
fn slot(key: u32, shift: u32) -> usize {
    (key.wrapping_mul(0x9E37_79B1) >> shift) as usize
}
