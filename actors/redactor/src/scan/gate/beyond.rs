//! Marks the characters beyond ASCII that may count as something else, 64 bytes at a time: with
//! vectors where the processor has them.
//!
//! Owns: which bytes such characters begin with. Marks are too many and never too few; what a
//! character is, and whether it counts where it stands, `fold` says. All that a mark depends on is
//! one character and, for letters of other scripts, whether ASCII letters stand near it.
//!
//! Called by: the search for odd characters (`fold/odds.rs`).

#![cfg_attr(
    target_arch = "x86_64",
    expect(
        clippy::missing_safety_doc,
        reason = "functions for AVX2 are safe to call from one another"
    )
)]

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    __m256i, _mm256_and_si256, _mm256_andnot_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
    _mm256_cmpgt_epi8, _mm256_or_si256, _mm256_set1_epi8, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_srli_epi16,
};

#[cfg(target_arch = "x86_64")]
use super::avx2::{STEP, bits, load, load_half};

/// A bit for each byte of a block, the lowest one of the first number for the first byte.
pub(crate) type Marks = [u64; WINDOWS];

const WINDOWS: usize = 8;
/// Bytes of one number. A word of other letters that ends in ASCII counts if it is shorter.
const WINDOW: usize = 64;
/// Bytes that are read before and behind those of a window.
const BEFORE: usize = 2;
const READ: usize = BEFORE + WINDOW + 2;

/// What one window has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Window {
    /// Characters that may count wherever they stand.
    alone: u64,
    /// All characters beyond ASCII.
    all: u64,
    /// Whether one may count for what stands beside it, in this window or the one before.
    is_mixed: bool,
    /// Whether there are letters of other scripts.
    has_scripts: bool,
}

/// The marks of the block at `from`.
pub(super) fn marks(text: &[u8], from: usize) -> Marks {
    of_windows(text, from, by_bytes)
}

/// The same for a processor that has AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
pub(super) fn marks_by_vectors(text: &[u8], from: usize) -> Marks {
    let block = text.get(from..).and_then(<[u8]>::first_chunk);
    if block.is_some_and(|block| is_ascii(block)) {
        return [0; WINDOWS];
    }
    of_windows(text, from, |bytes| by_vectors(bytes))
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn is_ascii(block: &[u8; WINDOW * WINDOWS]) -> bool {
    let (parts, _) = block.as_chunks();
    let none = _mm256_setzero_si256();
    let all = parts
        .iter()
        .fold(none, |all, part| _mm256_or_si256(all, load(part)));
    bits(all) == 0
}

#[inline(always)]
fn of_windows(text: &[u8], from: usize, window: impl Fn(&[u8; READ]) -> Window) -> Marks {
    let mut marks = [0; WINDOWS];
    let (mut before, mut at) = (Window::default(), from);
    let mut places = marks.iter_mut();
    let mut last: Option<&mut u64> = None;
    while at < text.len() {
        let place = places.next();
        // Behind the block is only looked for what makes letters at its end count.
        if place.is_none() && !before.has_scripts {
            break;
        }
        let own = read(text, at, &window);
        if let Some(last) = last.filter(|_| own.is_mixed) {
            *last = before.all;
        }
        let Some(place) = place else {
            break;
        };
        *place = if own.is_mixed { own.all } else { own.alone };
        (last, before) = (Some(place), own);
        at += WINDOW;
    }
    marks
}

/// What the window at `at` has; zeros stand where there is no text.
#[inline(always)]
fn read(text: &[u8], at: usize, window: impl Fn(&[u8; READ]) -> Window) -> Window {
    let start = at.checked_sub(BEFORE).and_then(|start| text.get(start..));
    let padded;
    window(match start.and_then(<[u8]>::first_chunk) {
        Some(bytes) => bytes,
        None => {
            padded = pad(text, at);
            &padded
        }
    })
}

/// The bytes around the window at `at`, with zeros where there are none.
fn pad(text: &[u8], at: usize) -> [u8; READ] {
    let mut padded = [0; READ];
    let missing = BEFORE.saturating_sub(at);
    let rest = text.get(at.saturating_sub(BEFORE)..).unwrap_or_default();
    let places = padded.get_mut(missing..).unwrap_or_default();
    let length = rest.len().min(places.len());
    if let Some((to, from)) = places.get_mut(..length).zip(rest.get(..length)) {
        to.copy_from_slice(from);
    }
    padded
}

/// As [`by_bytes`].
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn by_vectors(bytes: &[u8; READ]) -> Window {
    let first = half_by_vectors(bytes, 0);
    let second = half_by_vectors(bytes, STEP);
    Window {
        alone: first.alone | second.alone << STEP,
        all: first.all | second.all << STEP,
        is_mixed: first.is_mixed || second.is_mixed,
        has_scripts: first.has_scripts || second.has_scripts,
    }
}

/// What 32 bytes of a window have.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn half_by_vectors(bytes: &[u8; READ], at: usize) -> Window {
    let from = |further: usize| {
        let bytes = bytes.get(at + further..).and_then(<[u8]>::first_chunk);
        bytes.map_or(_mm256_setzero_si256(), |bytes| load(bytes))
    };
    let (second, x) = (from(0), from(BEFORE));
    if bits(_mm256_or_si256(second, x)) == 0 {
        return Window::default();
    }
    let (y, z) = (from(BEFORE + 1), from(BEFORE + 2));
    let none = _mm256_setzero_si256();
    let in_two = _mm256_cmpeq_epi8(TWO.of_vectors([x, y]), none);
    let in_three = _mm256_cmpeq_epi8(THREE.of_vectors([x, y, z]), none);
    let alone = !bits(_mm256_and_si256(in_two, in_three));
    // Bytes that are not ASCII are negative; those that go on with a character are the least.
    let all = bits(x) & bits(_mm256_cmpgt_epi8(x, one(LAST_OF_MANY)));
    let mut window = Window {
        alone: u64::from(alone),
        all: u64::from(all),
        ..Window::default()
    };
    window.look_beside([second, from(1), x, y]);
    window
}

#[cfg(target_arch = "x86_64")]
impl Window {
    /// Notes whether letters of other scripts, or marks, stand beside ASCII; `x` is in the middle.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn look_beside(&mut self, [second, first, x, y]: [__m256i; 4]) {
        let script = |bytes: __m256i| between(bytes, FIRST_SCRIPT, LAST_SCRIPT);
        let (scripts, before) = (script(x), script(second));
        let rare = _mm256_cmpeq_epi8(x, one(RARE));
        if bits(_mm256_or_si256(_mm256_or_si256(scripts, before), rare)) == 0 {
            return;
        }
        let word = |bytes: __m256i| {
            let letter = _mm256_cmpgt_epi8(bytes, one(b'@' - 1));
            _mm256_or_si256(letter, between(bytes, b'0', b'9'))
        };
        let rare = _mm256_andnot_si256(_mm256_cmpgt_epi8(y, one(VIETNAMESE - 1)), rare);
        let behind = _mm256_and_si256(word(first), _mm256_or_si256(scripts, rare));
        self.is_mixed = bits(_mm256_or_si256(behind, _mm256_and_si256(before, word(x)))) != 0;
        self.has_scripts = bits(scripts) != 0;
    }
}

/// Bytes of a range that does not go over the end of ASCII.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn between(bytes: __m256i, first: u8, last: u8) -> __m256i {
    let is_behind = _mm256_cmpgt_epi8(bytes, one(first - 1));
    _mm256_and_si256(is_behind, _mm256_cmpgt_epi8(one(last + 1), bytes))
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn one(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte.cast_signed())
}

/// The window whose bytes these are, and those around it.
fn by_bytes(bytes: &[u8; READ]) -> Window {
    let mut window = Window::default();
    if bytes.is_ascii() {
        return window;
    }
    let fives = bytes.windows(READ - WINDOW + 1).enumerate();
    for (at, five) in fives {
        let [second, first, x, y, z] = *five else {
            continue;
        };
        let bit = |is_so: bool| u64::from(is_so) << at;
        window.all |= bit(x > LAST_OF_MANY);
        window.alone |= bit(TWO.has([x, y]) || THREE.has([x, y, z]));
        window.has_scripts |= is_script(x);
        window.is_mixed |= is_word(first)
            && (is_script(x) || x == RARE && (0x80..VIETNAMESE).contains(&y))
            || is_script(second) && is_word(x);
    }
    window
}

/// A letter of another script may begin with this byte, or a mark of one.
fn is_script(byte: u8) -> bool {
    (FIRST_SCRIPT..=LAST_SCRIPT).contains(&byte)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'@'..=0x7f).contains(&byte)
}

/// U+037A and U+037F, which look like ASCII, begin with this one.
const FIRST_SCRIPT: u8 = 0xcd;
const LAST_SCRIPT: u8 = 0xd9;
/// The last byte of those that are not the first one of a character.
const LAST_OF_MANY: u8 = 0xbf;
/// Some marks that only count behind ASCII begin with this byte.
const RARE: u8 = 0xe1;
/// Behind it: letters from there on are Vietnamese or Greek, and no marks.
const VIETNAMESE: u8 = 0xba;

/// Kinds of characters by their first bytes: each kind has a bit, and a character is of it if all
/// halves of these bytes have the bit.
struct Kinds<const BYTES: usize> {
    low: [[u8; 16]; BYTES],
    high: [[u8; 16]; BYTES],
}

/// For one byte of a kind: which upper halves it may have, and which lower ones.
type Halves = (u16, u16);

impl<const BYTES: usize> Kinds<BYTES> {
    #[expect(
        clippy::indexing_slicing,
        reason = "known when it is compiled; `get` is not const"
    )]
    const fn of<const KINDS: usize>(kinds: [[Halves; BYTES]; KINDS]) -> Self {
        let mut all = Self {
            low: [[0; 16]; BYTES],
            high: [[0; 16]; BYTES],
        };
        let mut at = 0;
        while at < KINDS * BYTES * 16 {
            let (kind, byte, half) = (at / 16 / BYTES, at / 16 % BYTES, at % 16);
            let (high, low) = kinds[kind][byte];
            all.high[byte][half] |= ((high >> half & 1) as u8) << kind;
            all.low[byte][half] |= ((low >> half & 1) as u8) << kind;
            at += 1;
        }
        all
    }

    fn has(&self, bytes: [u8; BYTES]) -> bool {
        let rows = bytes.iter().zip(self.low.iter().zip(&self.high));
        rows.fold(u8::MAX, |kinds, (byte, (low, high))| {
            let half = |row: &[u8; 16], half: u8| row.get(usize::from(half)).copied();
            let low = half(low, byte & 15).unwrap_or_default();
            kinds & low & half(high, byte >> 4).unwrap_or_default()
        }) != 0
    }

    /// The bits of the kinds of characters whose first bytes, second bytes and so on these are.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    #[target_feature(enable = "avx2")]
    fn of_vectors(&self, bytes: [__m256i; BYTES]) -> __m256i {
        let halves = _mm256_set1_epi8(15);
        let rows = bytes.iter().zip(self.low.iter().zip(&self.high));
        let mut kinds = _mm256_set1_epi8(-1);
        for (byte, (low, high)) in rows {
            let upper = _mm256_and_si256(_mm256_srli_epi16(*byte, 4), halves);
            let low = _mm256_shuffle_epi8(
                _mm256_broadcastsi128_si256(load_half(low)),
                _mm256_and_si256(*byte, halves),
            );
            let high = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(load_half(high)), upper);
            kinds = _mm256_and_si256(kinds, _mm256_and_si256(low, high));
        }
        kinds
    }
}

/// What the first two bytes tell.
static TWO: Kinds<2> = Kinds::of([
    // Blanks that do not break, raised letters, hyphens that nobody sees.
    [half(0xc, &[2]), half(0xa, &[0, 0xa, 0xd])],
    [half(0xc, &[2]), half(0xb, &[2, 3, 9, 0xa])],
    // Raised and lowered signs, marks around a letter, letters and signs in circles.
    [half(0xe, &[2]), half(0x8, &[1, 2, 3, 4, 5, 8])],
    [half(0xe, &[2]), (1 << 0x9 | 1 << 0xb, set(&[1, 2, 3]))],
    // Raised letters.
    [half(0xe, &[1]), half(0xb, &[4, 5, 6, 7])],
    // Letters of mathematics and of old computers, tags.
    [
        half(0xf, &[0, 3]),
        (1 << 0x9 | 1 << 0xa, set(&[0, 0xb, 0xc, 0xd])),
    ],
    // Forms of marks, full width.
    [half(0xe, &[0xf]), (u16::MAX, u16::MAX)],
    // Modifiers and marks.
    [half(0xc, &[0xa, 0xb, 0xc, 0xd]), (u16::MAX, u16::MAX)],
]);

/// What the first three bytes tell.
static THREE: Kinds<3> = Kinds::of([
    // Blanks and what nobody sees; hyphens; a dot, what turns the direction, a narrow blank.
    [half(0xe, &[2]), half(0x8, &[0]), (1 << 0x8, u16::MAX)],
    [half(0xe, &[2]), half(0x8, &[0]), half(0x9, &[0, 1, 2, 3])],
    [
        half(0xe, &[2]),
        half(0x8, &[0]),
        half(0xa, &[4, 0xa, 0xb, 0xc, 0xd, 0xe, 0xf]),
    ],
    // The wide blank.
    [half(0xe, &[3]), half(0x8, &[0]), half(0x8, &[0])],
    // Letters in squares, digits of old computers.
    [half(0xf, &[0]), half(0x9, &[0xf]), half(0x8, &[4, 5])],
    [half(0xf, &[0]), half(0x9, &[0xf]), half(0xa, &[0xf])],
]);

/// A byte with this upper half and one of these lower ones.
const fn half(high: u8, lows: &[u8]) -> Halves {
    (1 << high, set(lows))
}

#[expect(clippy::indexing_slicing, reason = "`get` is not const")]
const fn set(halves: &[u8]) -> u16 {
    let (mut all, mut at) = (0, 0);
    while at < halves.len() {
        all |= 1 << halves[at];
        at += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts() -> impl Strategy<Value = Vec<u8>> {
        let firsts = prop::sample::select(vec![
            b'a', b'0', b'=', 0xc2, 0xc3, 0xcc, 0xcd, 0xce, 0xd0, 0xd9, 0xe1, 0xe2, 0xe3, 0xef,
            0xf0, 0xf3,
        ]);
        let further = prop::sample::select(vec![
            0x80, 0x84, 0x93, 0x94, 0x9f, 0xa0, 0xa4, 0xaf, 0xb4, 0xb9, 0xba, 0xbf, b'z', b' ',
        ]);
        let byte = prop_oneof![2 => firsts, 2 => further, 1 => any::<u8>(), 2 => Just(b' ')];
        prop::collection::vec(byte, 0..700)
    }

    proptest! {
        #[test]
        fn all_processors_mark_the_same(text in texts(), from in 0_usize..9) {
            let from = (from * WINDOW).min(text.len());
            prop_assert_eq!(super::super::beyond(&text, from), marks(&text, from));
        }
    }

    #[test]
    fn letters_beside_ascii_are_marked_before_the_end_of_a_window_and_of_a_block() {
        for windows in [1, WINDOWS] {
            let start = WINDOW * windows - 6;
            for beside in ["\u{430}\u{430}\u{430}a", "\u{430}\u{430}\u{37f}a"] {
                let text = [" ".repeat(start).as_str(), beside].concat();
                let text = text.as_bytes();
                for marks in [marks(text, 0), super::super::beyond(text, 0)] {
                    let last = marks.get(windows - 1).copied();
                    assert_eq!(last, Some(0b01_0101 << (WINDOW - 6)), "{windows} {beside}");
                }
            }
        }
    }
}
