//! Sets of bytes, with small numbers by which a scan remembers where their runs end.

use std::fmt;
use std::num::NonZeroU16;

use super::assignment::LastWay;
use super::family::RuleNumber;

/// A set of bytes, by their halves: bit `h` of row `l` is for the byte `16 * h + l`.
///
/// Bytes of 0x80 and above are parts of characters that are not ASCII.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(align(64))]
pub(crate) struct ByteSet {
    rows: [u16; ROWS],
    /// The same as vectors look many bytes up at once: the lower and the upper bits of each row.
    halves: [[u8; ROWS]; 2],
}

const ROWS: usize = 16;

#[expect(
    clippy::indexing_slicing,
    reason = "sixteen rows by half a byte; `get` is not const"
)]
impl ByteSet {
    const NONE: Self = Self::of_rows([0; ROWS]);

    #[expect(clippy::cast_possible_truncation, reason = "each half has its part")]
    const fn of_rows(rows: [u16; ROWS]) -> Self {
        let mut halves = [[0; ROWS]; 2];
        let mut row = 0;
        while row < ROWS {
            halves[0][row] = rows[row] as u8;
            halves[1][row] = (rows[row] >> 8) as u8;
            row += 1;
        }
        Self { rows, halves }
    }

    /// The set of these bytes.
    pub(crate) const fn of(bytes: &[u8]) -> Self {
        let mut set = Self::NONE;
        let mut at = 0;
        while at < bytes.len() {
            set = set.with(bytes[at]);
            at += 1;
        }
        set
    }

    /// The bytes from `first` to `last`, both included.
    pub(crate) const fn range(first: u8, last: u8) -> Self {
        let mut set = Self::NONE;
        let mut byte = first;
        while byte < last {
            set = set.with(byte);
            byte += 1;
        }
        set.with(last)
    }

    pub(crate) const fn with(mut self, byte: u8) -> Self {
        let low = (byte & 15) as usize;
        self.rows[low] |= 1 << (byte >> 4);
        self.halves[(byte >> 7) as usize][low] |= 1 << (byte >> 4 & 7);
        self
    }

    pub(crate) const fn or(mut self, other: Self) -> Self {
        let mut row = 0;
        while row < ROWS {
            self.rows[row] |= other.rows[row];
            row += 1;
        }
        Self::of_rows(self.rows)
    }

    pub(crate) const fn not(mut self) -> Self {
        let mut row = 0;
        while row < ROWS {
            self.rows[row] = !self.rows[row];
            row += 1;
        }
        Self::of_rows(self.rows)
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        self.not().or(other.not()).not()
    }

    #[inline]
    pub(crate) const fn has(&self, byte: u8) -> bool {
        self.rows[(byte & 15) as usize] >> (byte >> 4) & 1 != 0
    }

    /// Its byte, if there is only one.
    pub(crate) fn only(&self) -> Option<u8> {
        let mut rows = (0_u8..).zip(self.rows).filter(|(_, row)| *row != 0);
        let (low, row) = rows.next()?;
        let high = u8::try_from(row.trailing_zeros()).ok()?;
        (row.is_power_of_two() && rows.next().is_none()).then_some(high << 4 | low)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        let mut row = 0;
        while row < ROWS {
            if self.rows[row] != 0 {
                return false;
            }
            row += 1;
        }
        true
    }
}

impl ByteSet {
    /// The lower and the upper halves of the rows, as vectors have them.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn halves(&self) -> &[[u8; ROWS]; 2] {
        &self.halves
    }

    /// How many bytes at the beginning of `text` are of the set; at most `most`.
    #[inline]
    pub(crate) fn span(&self, text: &[u8], most: usize) -> usize {
        match text.first() {
            Some(first) if self.has(*first) => self.span_on(text, most),
            _ => 0,
        }
    }

    fn span_on(&self, text: &[u8], most: usize) -> usize {
        let known = match super::gate::span(self, text, most) {
            Ok(span) => return span.min(most),
            Err(known) => known,
        };
        let rest = text.get(known..).unwrap_or_default().iter();
        let rest = rest.take(most.saturating_sub(known));
        known + rest.take_while(|byte| self.has(**byte)).count()
    }
}

impl fmt::Debug for ByteSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count: u32 = self.rows.iter().map(|row| row.count_ones()).sum();
        write!(f, "ByteSet({count} bytes)")
    }
}

/// `[0-9]`
pub(crate) const DIGIT: ByteSet = ByteSet::range(b'0', b'9');
/// `[A-Za-z]`
pub(crate) const LETTER: ByteSet = ByteSet::range(b'a', b'z').or(ByteSet::range(b'A', b'Z'));
/// `[0-9A-Za-z]`
pub(crate) const ALNUM: ByteSet = DIGIT.or(LETTER);
/// `[0-9A-Za-z_]`
pub(crate) const WORD: ByteSet = ALNUM.with(b'_');

/// A set of bytes that a family has registered: the scan remembers where its last run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClassId(NonZeroU16);

impl ClassId {
    #[inline]
    fn number(self) -> usize {
        usize::from(self.0.get() - 1)
    }
}

/// The byte sets of a rule set; equal ones share a number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Classes {
    long: Vec<ByteSet>,
    short: Vec<ByteSet>,
}

/// A set of bytes whose runs nobody remembers; smaller than the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SetId(u16);

impl Classes {
    /// Registers a set, once per rule set, when a family is built.
    pub(crate) fn intern(&mut self, set: ByteSet) -> ClassId {
        // Numbers begin with one, so that none takes no more room.
        ClassId(NonZeroU16::MIN.saturating_add(number_of(&mut self.long, set)))
    }

    /// Registers a set whose runs are short.
    pub(crate) fn share(&mut self, set: ByteSet) -> SetId {
        SetId(number_of(&mut self.short, set))
    }

    #[inline]
    pub(crate) fn shared(&self, set: SetId) -> &ByteSet {
        self.short.get(usize::from(set.0)).unwrap_or(&EMPTY)
    }

    #[inline]
    pub(crate) fn set(&self, class: ClassId) -> &ByteSet {
        self.long.get(class.number()).unwrap_or(&EMPTY)
    }
}

static EMPTY: ByteSet = ByteSet::NONE;

fn number_of(sets: &mut Vec<ByteSet>, set: ByteSet) -> u16 {
    let known = sets.iter().position(|other| *other == set);
    let at = known.unwrap_or_else(|| {
        sets.push(set);
        sets.len() - 1
    });
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// Where the last long run of each class was, so that no run is walked twice; and the last way from
/// a name to its value, for the same reason.
///
/// Without it a text such as `eyJeyJeyJ...` would be walked to its end from each `eyJ`.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    /// By class.
    ends: Vec<(usize, usize)>,
    /// The way that was read last.
    pub(crate) way: LastWay,
    /// What was found last and is replaced, by a rule that covers others or that yields.
    pub(crate) covered: Covered,
}

/// A stretch that is replaced: a rule that says less need not judge it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Covered {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The rule that found it, if it yields to others itself.
    pub(crate) rule: Option<RuleNumber>,
}

impl Covered {
    /// Whether a rule that yields has nothing to add about these bytes.
    #[inline]
    pub(crate) fn is_all_of(&self, rule: RuleNumber, start: usize, end: usize) -> bool {
        let is_known = self.rule.is_none_or(|own| own == rule);
        self.start <= start && end <= self.end && is_known
    }
}

/// Shorter runs are cheaper to walk again than to remember.
pub(crate) const LONG: usize = 128;

impl Runs {
    /// The end of the longest stretch of bytes of `class`, which are those of `set`, that begins at
    /// `at`.
    #[inline]
    pub(crate) fn end(&mut self, class: ClassId, set: &ByteSet, text: &[u8], at: usize) -> usize {
        let rest = text.get(at..).unwrap_or_default();
        let short = set.span(rest, LONG);
        if short < LONG {
            return at + short;
        }
        self.end_beyond(class, set, text, at, short)
    }

    /// The same if so many bytes from there on are known to be of the class.
    #[cold]
    pub(crate) fn end_beyond(
        &mut self,
        class: ClassId,
        set: &ByteSet,
        text: &[u8],
        at: usize,
        known: usize,
    ) -> usize {
        let mut end = at + known;
        let number = class.number();
        if self.ends.len() <= number {
            self.ends.resize(number + 1, (0, 0));
        }
        let Some(memory) = self.ends.get_mut(number) else {
            return end;
        };
        // What is remembered may have grown since: the text of a stream does.
        if memory.0 <= at && end <= memory.1 {
            end = memory.1;
        }
        end += set.span(text.get(end..).unwrap_or_default(), usize::MAX);
        let begins_inside = memory.0 <= at && at <= memory.1;
        *memory = (if begins_inside { memory.0 } else { at }, end);
        end
    }

    /// Forgets the first `gone` bytes of the text: they have been let go.
    pub(crate) fn shift(&mut self, gone: usize) {
        self.way = LastWay::default();
        self.covered = Covered::default();
        for (start, end) in &mut self.ends {
            *start = start.saturating_sub(gone);
            *end = end.saturating_sub(gone);
        }
    }
}
