//! The search for triggers with 256-bit vectors: guesses at where they may stand, 32 bytes at a
//! time.
//!
//! Literals: the sieve says where, and only the instructions are chosen here. Special triggers:
//! one lookup gives the kinds of each byte, and the rest is arithmetic on 32 bits, one per byte.
//! Guesses are too many and never too few.

#![allow(
    unsafe_code,
    reason = "vectors are loaded and stored, and a function for AVX2 is called"
)]
#![expect(
    clippy::missing_safety_doc,
    reason = "functions for AVX2 are safe to call from one another; the one call from outside says why it may"
)]

use std::arch::x86_64::{
    __m128i, __m256i, _mm_loadu_si128, _mm256_and_si256, _mm256_broadcastsi128_si256,
    _mm256_castpd_si256, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8, _mm256_loadu_si256,
    _mm256_maddubs_epi16, _mm256_movemask_epi8, _mm256_or_si256, _mm256_packs_epi16,
    _mm256_packs_epi32, _mm256_set_pd, _mm256_set1_epi8, _mm256_set1_epi16, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_slli_epi16, _mm256_sllv_epi32, _mm256_srli_epi16,
    _mm256_storeu_si256, _mm256_sub_epi8, _mm256_testz_si256, _mm256_unpackhi_epi16,
    _mm256_unpacklo_epi16, _mm256_xor_si256,
};

use super::super::classes::ByteSet;
use super::super::lanes::Lanes;
use super::super::words::Fingerprints;
use super::Search;
use super::beyond::{Marks, marks_by_vectors};
use super::guesses::{Guesses, PAGE};
use super::sieve::{BLOCK, LOW, READ, Sieve, WINDOW};
use super::special::{SPECIALS, Special};

/// Bytes at a time.
pub(super) const STEP: usize = 32;
/// Bytes behind a step that are read: triggers that begin at its last byte go on there.
const BEHIND: usize = WINDOW;

/// What is wanted; there is one only on a processor that has AVX2.
#[derive(Debug)]
pub(super) struct Filter {
    wants_specials: bool,
}

impl Filter {
    pub(super) fn new(wants: impl Fn(Special) -> bool) -> Option<Self> {
        let has_vectors = is_x86_feature_detected!("avx2");
        // Every processor with the first has the others; the compiler must be told, though.
        let counts_bits = is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("popcnt");
        (has_vectors && counts_bits && is_x86_feature_detected!("bmi2")).then(|| Self {
            wants_specials: SPECIALS.into_iter().any(&wants),
        })
    }

    /// Judges all guesses from `from` on.
    pub(super) fn search(
        &self,
        sieve: &Sieve,
        text: &[u8],
        from: usize,
        search: &mut Search<'_, '_>,
    ) {
        // SAFETY: `new` is the only way to a filter, and it asks the processor for all features.
        unsafe { guess(self, sieve, text, from, search) }
    }
}

/// As [`super::span`].
#[inline]
pub(super) fn span(set: &ByteSet, text: &[u8], most: usize) -> Result<usize, usize> {
    if text.len() < STEP || !is_x86_feature_detected!("avx2") {
        return Err(0);
    }
    // SAFETY: the processor was asked above.
    unsafe { span_of(set, text, most) }
}

/// A byte is of the set if its row has the bit of its other half.
#[target_feature(enable = "avx2")]
fn span_of(set: &ByteSet, text: &[u8], most: usize) -> Result<usize, usize> {
    let [ascii, others] = set.halves().each_ref().map(|rows| twice_of(rows));
    let mut known = 0;
    while known < most
        && let Some(bytes) = text.get(known..).and_then(<[u8]>::first_chunk)
    {
        let bytes = load(bytes);
        let high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
        let bit = _mm256_shuffle_epi8(load(&BITS), high);
        // A lookup gives nothing for a byte with the highest bit.
        let other = _mm256_xor_si256(bytes, _mm256_set1_epi8(i8::MIN));
        let row = _mm256_or_si256(
            _mm256_shuffle_epi8(ascii, bytes),
            _mm256_shuffle_epi8(others, other),
        );
        let is_in = _mm256_cmpeq_epi8(_mm256_and_si256(row, bit), bit);
        let out = !_mm256_movemask_epi8(is_in).cast_unsigned();
        if out != 0 {
            return Ok(known + out.trailing_zeros() as usize);
        }
        known += STEP;
    }
    if known < most { Err(known) } else { Ok(known) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn twice_of(half: &[u8; 16]) -> __m256i {
    _mm256_broadcastsi128_si256(load_half(half))
}

/// The bit for the upper half of a byte, within one half of a row.
const BITS: [u8; STEP] = twice([1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128]);

/// Bytes that a look for suspects reads, and by how much it goes on: a row of eight that are too
/// orderly is in one look.
const LOOK: usize = STEP + 2;
const LOOK_STEP: usize = 24;

/// As [`super::suspects`].
#[inline]
pub(super) fn suspects(words: &Fingerprints, text: &[u8]) -> Option<bool> {
    let last = text.last_chunk::<LOOK>()?;
    if !is_x86_feature_detected!("avx2") {
        return None;
    }
    // SAFETY: the processor was asked above.
    Some(unsafe { suspects_in(words, text, last) })
}

#[target_feature(enable = "avx2")]
fn suspects_in(words: &Fingerprints, text: &[u8], last: &[u8; LOOK]) -> bool {
    let mut rest = text;
    while rest.len() > LOOK
        && let Some(bytes) = rest.first_chunk()
    {
        if is_suspect(words, bytes) {
            return true;
        }
        rest = rest.get(LOOK_STEP..).unwrap_or_default();
    }
    is_suspect(words, last)
}

#[inline]
#[target_feature(enable = "avx2")]
fn is_suspect(words: &Fingerprints, bytes: &[u8; LOOK]) -> bool {
    let [first, second, third] = [0, 1, 2].map(|at| {
        let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk);
        bytes.map_or(_mm256_setzero_si256(), |bytes| load(bytes))
    });
    let begin = _mm256_and_si256(
        _mm256_and_si256(begins(words, 0, first), begins(words, 1, second)),
        begins(words, 2, third),
    );
    let step = _mm256_sub_epi8(second, first);
    let is = |by: u8| _mm256_cmpeq_epi8(step, _mm256_set1_epi8(by.cast_signed()));
    let near = _mm256_or_si256(_mm256_or_si256(is(0), is(1)), is(b'0'.wrapping_sub(b'9')));
    // One less than there must be: the last of all is not in here.
    let two = bits(near) & bits(near) >> 1;
    let six = two & two >> 2 & two >> 4;
    _mm256_testz_si256(begin, begin) == 0 || six != 0
}

/// The words that may have such bytes at a place.
#[inline]
#[target_feature(enable = "avx2")]
fn begins(words: &Fingerprints, place: usize, bytes: __m256i) -> __m256i {
    let high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
    let table = |tables: &[[u8; 16]; 3]| {
        let table = tables.get(place);
        table.map_or(_mm256_setzero_si256(), |table| twice_of(table))
    };
    _mm256_and_si256(
        _mm256_shuffle_epi8(table(&words.low), bytes),
        _mm256_shuffle_epi8(table(&words.high), high),
    )
}

/// As [`super::beyond()`].
#[inline]
pub(super) fn beyond(text: &[u8], from: usize) -> Option<Marks> {
    if !is_x86_feature_detected!("avx2") {
        return None;
    }
    // SAFETY: the processor was asked above.
    Some(unsafe { marks_by_vectors(text, from) })
}

/// As [`super::lanes`].
#[inline]
pub(super) fn lanes(text: &[u8]) -> Option<Lanes> {
    if !is_x86_feature_detected!("avx2") {
        return None;
    }
    // SAFETY: the processor was asked above.
    Some(unsafe { lanes_of(text) })
}

/// The first and the last 32 bytes, which may be partly the same.
#[target_feature(enable = "avx2")]
fn lanes_of(text: &[u8]) -> Lanes {
    let Some((first, last)) = text.first_chunk().zip(text.last_chunk()) else {
        let mut padded = [0; STEP];
        if let Some(to) = padded.get_mut(..text.len()) {
            to.copy_from_slice(text);
        }
        return step_lanes(&padded, 0);
    };
    let (first, last) = (step_lanes(first, 0), step_lanes(last, text.len() - STEP));
    Lanes {
        digit: first.digit | last.digit,
        lower: first.lower | last.lower,
        upper: first.upper | last.upper,
    }
}

/// Those of 32 bytes, of which the first is at `at`.
#[inline]
#[target_feature(enable = "avx2")]
fn step_lanes(bytes: &[u8; STEP], at: usize) -> Lanes {
    let bytes = load(bytes);
    let all = |byte: u8| _mm256_set1_epi8(byte.cast_signed());
    // Bytes that are not ASCII are negative, so no range of these has them.
    let between = |first: u8, last: u8| {
        let is_behind = _mm256_cmpgt_epi8(bytes, all(first - 1));
        let is_before = _mm256_cmpgt_epi8(all(last + 1), bytes);
        u64::from(bits(_mm256_and_si256(is_behind, is_before))) << at
    };
    Lanes {
        digit: between(b'0', b'9'),
        lower: between(b'a', b'z'),
        upper: between(b'A', b'Z'),
    }
}

#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn guess(filter: &Filter, sieve: &Sieve, text: &[u8], from: usize, search: &mut Search<'_, '_>) {
    let mut guesses = Guesses::default();
    let mut page = from;
    while page < text.len() {
        let end = text.len().min(page + PAGE);
        for at in (page..end).step_by(BLOCK) {
            let mut padded = [0; READ];
            let bytes = text.get(at..).and_then(<[u8]>::first_chunk::<READ>);
            let bytes = bytes.unwrap_or_else(|| pad(&mut padded, text, at));
            let valid = u64::MAX >> BLOCK.saturating_sub(text.len() - at);
            guesses.add(windows(sieve, bytes) & valid, at - page);
            let specials = both(filter, bytes, text, at) & valid;
            judge(specials, at, Search::special_by_byte, search);
        }
        let rest = text.get(page..).unwrap_or_default();
        for place in guesses.settle(rest, |eight| sieve.are_likely(eight)) {
            search.literal(page + usize::from(*place), place.is_multiple_of(2));
        }
        page = end;
    }
}

/// The bytes from `at` on, and zeros behind the end of the text.
#[inline]
pub(super) fn pad<'p>(padded: &'p mut [u8; READ], text: &[u8], at: usize) -> &'p [u8; READ] {
    let rest = text.get(at..).unwrap_or_default();
    if let Some(to) = padded.get_mut(..rest.len()) {
        to.copy_from_slice(rest);
    }
    padded
}

/// The places among 64 where a literal may have its window, or one byte before it; even ones only.
///
/// A number of the table belongs to the two bytes in the middle of four: its halves, one for the
/// byte before those and one for the byte after, have the highest bit where that byte would take
/// them if they may be the window of a literal.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
pub(super) fn windows(sieve: &Sieve, bytes: &[u8; READ]) -> u64 {
    let [first, second] = [0, STEP].map(|at| {
        let from = |at: usize| {
            let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk);
            bytes.map_or(_mm256_setzero_si256(), |bytes| load(bytes))
        };
        sixteen_windows(sieve, [from(at), from(at + 1), from(at + 3)])
    });
    let mask = u64::from(first) | u64::from(second) << STEP;
    mask & mask >> 1 & EVEN
}

/// Two bits for each of 16 windows, of which the vectors begin with the first, the second and the
/// last byte: whether the byte before the middle may stand there, and whether that after it may.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn sixteen_windows(sieve: &Sieve, [before, middle, after]: [__m256i; 3]) -> u32 {
    let mut middles = [0; STEP / 2];
    store(&mut middles, numbers(middle));
    let low = _mm256_set1_epi16(i16::from(LOW));
    let (before, after) = (_mm256_and_si256(before, low), _mm256_and_si256(after, low));
    let nothing = _mm256_setzero_si256();
    let sides = [
        _mm256_unpacklo_epi16(before, after),
        _mm256_unpackhi_epi16(before, after),
    ];
    let [first, third] = sides.map(|sides| _mm256_unpacklo_epi16(sides, nothing));
    let [second, fourth] = sides.map(|sides| _mm256_unpackhi_epi16(sides, nothing));
    // Each has two windows of the first eight and two of the others, and so packing them puts all
    // in order.
    let shifts = [(0, first), (2, second), (4, third), (6, fourth)];
    let [a, b, c, d] = shifts.map(|(at, shift)| {
        let entry = |at: usize| {
            let middle = middles.get(at).copied().unwrap_or(0);
            f64::from_bits(sieve.entry(middle))
        };
        let entries = _mm256_set_pd(entry(at + 9), entry(at + 8), entry(at + 1), entry(at));
        _mm256_sllv_epi32(_mm256_castpd_si256(entries), shift)
    });
    bits(_mm256_packs_epi16(
        _mm256_packs_epi32(a, b),
        _mm256_packs_epi32(c, d),
    ))
}

/// One bit of two.
const EVEN: u64 = 0x5555_5555_5555_5555;

/// The number of each two bytes in the table of the sieve.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn numbers(bytes: __m256i) -> __m256i {
    let low = _mm256_and_si256(bytes, _mm256_set1_epi8(LOW.cast_signed()));
    _mm256_maddubs_epi16(low, _mm256_set1_epi16(0x2001))
}

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn load_half(bytes: &[u8; 16]) -> __m128i {
    // SAFETY: 16 bytes are borrowed, which is what is read, and the load asks for no alignment.
    unsafe { _mm_loadu_si128(std::ptr::from_ref(bytes).cast()) }
}

#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn store(numbers: &mut [u16; STEP / 2], vector: __m256i) {
    // SAFETY: 16 numbers of two bytes are borrowed, which is what is written, and the store asks
    // for no alignment.
    unsafe { _mm256_storeu_si256(std::ptr::from_mut(numbers).cast(), vector) }
}

#[inline(always)]
pub(super) fn judge<'g, 'f>(
    mut mask: u64,
    at: usize,
    judge: impl Fn(&mut Search<'g, 'f>, usize),
    search: &mut Search<'g, 'f>,
) {
    while mask != 0 {
        judge(search, at + mask.trailing_zeros() as usize);
        mask &= mask - 1;
    }
}

/// The special triggers that 64 bytes may begin.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
pub(super) fn both(filter: &Filter, bytes: &[u8; READ], text: &[u8], at: usize) -> u64 {
    if !filter.wants_specials {
        return 0;
    }
    let nothing = &[0; STEP + BEHIND];
    let first = bytes.first_chunk().unwrap_or(nothing);
    let first = specials(first, text, at);
    let second = bytes.get(STEP..).and_then(<[u8]>::first_chunk);
    let second = second.unwrap_or(nothing);
    let second = specials(second, text, at + STEP);
    u64::from(first) | u64::from(second) << STEP
}

/// The low and high halves of 32 bytes.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn halves(bytes: &[u8; STEP + BEHIND]) -> (__m256i, __m256i) {
    let half = _mm256_set1_epi8(15);
    let vector = bytes.first_chunk::<STEP>();
    let vector = vector.map_or(_mm256_setzero_si256(), |bytes| load(bytes));
    let low = _mm256_and_si256(vector, half);
    let high = _mm256_and_si256(_mm256_srli_epi16(vector, 4), half);
    (low, high)
}

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn load(bytes: &[u8; STEP]) -> __m256i {
    // SAFETY: 32 bytes are borrowed, which is what is read, and the load asks for no alignment.
    unsafe { _mm256_loadu_si256(std::ptr::from_ref(bytes).cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn bits(vector: __m256i) -> u32 {
    _mm256_movemask_epi8(vector).cast_unsigned()
}

/// Kinds of bytes, one bit each: a byte has those that both of its halves have.
const DIGIT: u8 = 1;
/// Letters of the columns `@A..O` of the ASCII table, in both cases.
const LETTER: u8 = 2;
/// Letters of the columns `P..Z`.
const LATE_LETTER: u8 = 4;
const HEX_LETTER: u8 = 8;
const COLON: u8 = 16;
const AT: u8 = 32;
const BACKSLASH: u8 = 64;
/// What stands between the digits of a number: ` .()-/`.
const BETWEEN: u8 = 128;

const LOW_KINDS: [u8; 32] = twice([
    DIGIT | LATE_LETTER | AT | BETWEEN,
    DIGIT | LETTER | LATE_LETTER | HEX_LETTER,
    DIGIT | LETTER | LATE_LETTER | HEX_LETTER,
    DIGIT | LETTER | LATE_LETTER | HEX_LETTER,
    DIGIT | LETTER | LATE_LETTER | HEX_LETTER,
    DIGIT | LETTER | LATE_LETTER | HEX_LETTER,
    DIGIT | LETTER | LATE_LETTER | HEX_LETTER,
    DIGIT | LETTER | LATE_LETTER,
    DIGIT | LETTER | LATE_LETTER | BETWEEN,
    DIGIT | LETTER | LATE_LETTER | BETWEEN,
    LETTER | LATE_LETTER | COLON,
    LETTER,
    LETTER | BACKSLASH,
    LETTER | BETWEEN,
    LETTER | BETWEEN,
    LETTER | BETWEEN,
]);

const HIGH_KINDS: [u8; 32] = twice([
    0,
    0,
    BETWEEN,
    DIGIT | COLON,
    LETTER | HEX_LETTER | AT,
    LATE_LETTER | BACKSLASH,
    LETTER | HEX_LETTER,
    LATE_LETTER,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
]);

#[expect(
    clippy::indexing_slicing,
    reason = "16 entries twice; `get` is not const"
)]
const fn twice(table: [u8; 16]) -> [u8; 32] {
    let mut both = [0; 32];
    let mut at = 0;
    while at < both.len() {
        both[at] = table[at & 15];
        at += 1;
    }
    both
}

#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn specials(bytes: &[u8; STEP + BEHIND], text: &[u8], at: usize) -> u32 {
    let (low, high) = halves(bytes);
    let low = _mm256_shuffle_epi8(load(&LOW_KINDS), low);
    let kinds = _mm256_and_si256(low, _mm256_shuffle_epi8(load(&HIGH_KINDS), high));
    let beginnings = _mm256_set1_epi8((DIGIT | COLON | AT).cast_signed());
    if _mm256_testz_si256(kinds, beginnings) == 0 || has_digit_or_colon_behind(bytes) {
        some_specials(bytes, kinds, text, at)
    } else {
        0
    }
}

/// Letters at the end of a step are beginnings, too, if the right bytes follow: `0` to `9` and `:`
/// have the same high half.
#[inline]
fn has_digit_or_colon_behind(bytes: &[u8; STEP + BEHIND]) -> bool {
    let behind = bytes.last_chunk::<BEHIND>();
    let behind = behind.map_or(0, |bytes| u32::from_le_bytes(*bytes));
    let high = (behind ^ 0x3030_3030) & 0xF0F0_F0F0;
    high.wrapping_sub(0x0101_0101) & !high & 0x8080_8080 != 0
}

#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn some_specials(bytes: &[u8; STEP + BEHIND], kinds: __m256i, text: &[u8], at: usize) -> u32 {
    let digit = bits(_mm256_slli_epi16(kinds, 7));
    let letter = bits(_mm256_slli_epi16(kinds, 6)) | bits(_mm256_slli_epi16(kinds, 5));
    let hex_letter = bits(_mm256_slli_epi16(kinds, 4));
    let hex = digit | hex_letter;
    let colon = bits(_mm256_slli_epi16(kinds, 3));
    let at_sign = bits(_mm256_slli_epi16(kinds, 2));
    let backslash = bits(_mm256_slli_epi16(kinds, 1));
    let run = digit | bits(kinds);
    let vector = bytes
        .first_chunk::<STEP>()
        .map_or(kinds, |bytes| load(bytes));
    let capital = letter & !bits(_mm256_slli_epi16(vector, 2));

    let before = |count| at.checked_sub(count).and_then(|at| text.get(at));
    let word = digit | letter;
    let after_word = word << 1 | u32::from(before(1).is_some_and(u8::is_ascii_alphanumeric));
    let after_escape = backslash << 2
        | u32::from(before(1) == Some(&b'\\')) << 1
        | u32::from(before(2) == Some(&b'\\'));
    let two = run & next(run, 1);
    let six = two & next(two, 2) & next(two, 4);
    let colon_near = next(colon, 1) | next(colon, 2) | next(colon, 3) | next(colon, 4);

    let is = |byte: u8| {
        bits(_mm256_cmpeq_epi8(
            vector,
            _mm256_set1_epi8(byte.cast_signed()),
        ))
    };
    let (dash, dot) = (is(b'-'), is(b'.'));
    let dashes = next(dash, 2) | back(dash, 1) & back(hex_letter, 3);
    let dots = next(hex, 2) & next(hex, 3) & (next(dot, 4) | back(dot, 1) & back(hex_letter, 5));
    let group = next(hex, 1) & (dashes | dots);

    let begins = !after_word | after_escape;
    let number = digit & begins & (six | group);
    let after_colon = colon << 1;
    let begins_colon = begins & !after_colon;
    let hex_colon = begins_colon & (hex & colon_near | colon & next(colon, 1));
    let code = capital & begins & next(capital, 1) & next(digit, 2) & next(digit, 3);
    number | hex_colon | code | at_sign
}

/// Bit `n` becomes what bit `n + by` was; behind the step everything is possible.
#[inline]
fn next(mask: u32, by: u32) -> u32 {
    mask >> by | !(u32::MAX >> by)
}

/// Bit `n` becomes what bit `n - by` was; before the step everything is possible.
#[inline]
fn back(mask: u32, by: u32) -> u32 {
    mask << by | !(u32::MAX << by)
}
