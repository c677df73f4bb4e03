//! Literals by the bytes of their windows: which of them is known by the bytes at a place, and
//! where it begins.
//!
//! By four bytes where there are so many: names begin alike, and each literal that is compared in
//! vain costs as much as reading ten bytes of text.

use super::literals::{Known, Literal};
use super::sieve::Windows;

/// All literals of three bytes and more.
#[derive(Debug)]
pub(super) struct ByWindow {
    /// By four bytes: those of five bytes and more.
    long: Slots<Window, 4096>,
    /// By three bytes: those that have at most one more.
    short: Slots<Window, 1024>,
}

impl ByWindow {
    /// `windows` says for each literal at which of its bytes the search looks for it.
    pub(super) fn new(all: &[Literal], known: &[Known], windows: &[Windows]) -> Self {
        let (mut long, mut short) = (Vec::new(), Vec::new());
        let literals = all.iter().zip(known).zip(windows).enumerate();
        for (number, ((literal, known), windows)) in literals {
            let entry = |back: u8| {
                let key = four(literal.text.get(usize::from(back)..)?, 0);
                Some((key, Window::new(literal, known, number, back)?))
            };
            match (windows, literal.text.len()) {
                (Windows::Either(backs), _) => long.extend(backs.iter().copied().filter_map(entry)),
                (Windows::Beginning, 3 | 4) => {
                    short.extend(entry(0).map(|(key, window)| (key & THREE, window)));
                }
                (Windows::Beginning, _) => {}
            }
        }
        Self {
            long: Slots::new(long),
            short: Slots::new(short),
        }
    }

    /// Says which literals of five bytes and more are known by the bytes at `window`, and where
    /// they may begin.
    #[inline(always)]
    pub(super) fn each_long(
        &self,
        text: &[u8],
        window: usize,
        found: &mut impl FnMut(&Window, usize),
    ) {
        let around = Around::of(text, window);
        for entry in self.long.of(around.four()) {
            if around.is(entry)
                && let Some(at) = window.checked_sub(usize::from(entry.back))
            {
                found(entry, at);
            }
        }
    }

    /// Says which literals of three and four bytes stand at `at`.
    #[inline(always)]
    pub(super) fn each_short(
        &self,
        text: &[u8],
        at: usize,
        found: &mut impl FnMut(&Window, usize),
    ) {
        let around = Around::of(text, at);
        for entry in self.short.of(around.four() & THREE) {
            if around.is(entry) {
                found(entry, at);
            }
        }
    }
}

const THREE: u32 = 0x00FF_FFFF;

/// The bit that tells small letters from capitals, in four bytes.
const SMALL: u32 = 0x2020_2020;

/// Four bytes from `at` on with the bit set that tells small letters from capitals; zeros after
/// the end count as such bytes, too.
#[inline(always)]
pub(super) fn four(text: &[u8], at: usize) -> u32 {
    let rest = text.get(at..).unwrap_or_default();
    let bytes = rest.first_chunk::<4>().copied().unwrap_or_else(|| {
        let mut bytes = [0; 4];
        bytes
            .iter_mut()
            .zip(rest)
            .for_each(|(to, from)| *to = *from);
        bytes
    });
    u32::from_le_bytes(bytes) | SMALL
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

    /// The first four bytes of the window.
    #[inline]
    fn four(self) -> u32 {
        self.behind as u32 | SMALL
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

/// Literals by a hash of some of their bytes; so many slots, a power of two.
#[derive(Debug)]
pub(super) struct Slots<T, const SLOTS: usize> {
    /// Where in `entries` each slot begins.
    starts: Box<[u16; SLOTS]>,
    /// Where the last one ends.
    end: u16,
    entries: Box<[T]>,
}

/// A literal by the bytes around its window, with all that is said when it is found: texts full
/// of secrets need many, and each comes from far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    bytes: Around,
    /// The bits of them that count.
    counting: Around,
    pub(super) askers: (u16, u16),
    pub(super) literal: u16,
    pub(super) len: u8,
    /// How many of its bytes stand before the window.
    back: u8,
    /// Whether the literal has no other bytes.
    pub(super) is_all: bool,
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
            is_all: window <= SIDE && literal.text.len() <= window + SIDE,
        })
    }
}

impl<T, const SLOTS: usize> Slots<T, SLOTS> {
    /// Entries by their keys.
    pub(super) fn new(mut entries: Vec<(u32, T)>) -> Self {
        entries.sort_by_key(|(key, _)| (Self::slot(*key), *key));
        let place = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        let before = |slot| entries.partition_point(|(key, _)| Self::slot(*key) < slot);
        Self {
            starts: Box::new(std::array::from_fn(|slot| place(before(slot)))),
            end: place(entries.len()),
            entries: entries.into_iter().map(|(_, entry)| entry).collect(),
        }
    }

    #[inline(always)]
    fn slot(key: u32) -> usize {
        (key.wrapping_mul(0x9E37_79B1) >> (32 - SLOTS.trailing_zeros())) as usize
    }

    #[inline(always)]
    pub(super) fn of(&self, key: u32) -> &[T] {
        let slot = Self::slot(key);
        let start = self.starts.get(slot).copied().unwrap_or(0);
        let end = self.starts.get(slot + 1).copied().unwrap_or(self.end);
        match self.entries.get(usize::from(start)..usize::from(end)) {
            Some(entries) => entries,
            None => &[],
        }
    }
}
