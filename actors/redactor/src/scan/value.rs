//! A value that is to be judged, with what can be said of its bytes in one look at each.
//!
//! Owns: the kinds of bytes that judges ask for. Most questions about a value are answered by
//! what it has not, and so without reading it again.
//!
//! Called by: the families of values without a format, and their judges in `plausible.rs` and
//! `placeholder.rs`.

use super::classes::ByteSet;
use super::lanes::{LANES, Lanes};
use super::wordy::is_wordy_of;

/// A value, and which kinds of bytes are in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value<'t> {
    pub(crate) bytes: &'t [u8],
    kinds: u16,
    /// Of its first bytes.
    lanes: Lanes,
}

/// Kinds of bytes, as many of them as one wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind(u16);

impl Kind {
    pub(crate) const LOWER: Self = Self(1);
    pub(crate) const UPPER: Self = Self(1 << 1);
    pub(crate) const DIGIT: Self = Self(1 << 2);
    /// No ASCII letter and no digit.
    pub(crate) const SYMBOL: Self = Self(1 << 3);
    /// What no machine writes keys with.
    pub(crate) const NO_KEY: Self = Self(1 << 4);
    pub(crate) const SPACE: Self = Self(1 << 5);
    pub(crate) const SLASH: Self = Self(1 << 6);
    pub(crate) const AT: Self = Self(1 << 7);
    pub(crate) const DOT: Self = Self(1 << 8);
    pub(crate) const BACKSLASH: Self = Self(1 << 9);
    /// What each mark of a variable has: `${`, `{{`, `%(`.
    pub(crate) const MARK: Self = Self(1 << 10);
    /// What each sign of code has: `->`, `::`, `()`.
    pub(crate) const SIGN: Self = Self(1 << 11);
    /// What stands in code and in no password of letters and digits.
    pub(crate) const CODE: Self = Self(1 << 12);
    /// What joins the parts of a key by which a text is looked up: `.`, `|`, `:`.
    pub(crate) const JOINT: Self = Self(1 << 13);
}

/// What machines write keys with.
const KEY: ByteSet = ByteSet::range(b'!', b'~').and(ByteSet::of(b"(){}[]|<>\"'`,;").not());

/// The kinds of each byte.
static KINDS: [u16; 256] = kinds();

impl<'t> Value<'t> {
    #[inline]
    pub(crate) fn of(bytes: &'t [u8]) -> Self {
        let lanes = Lanes::of(bytes);
        let kinds = plain_kinds(bytes, lanes).unwrap_or_else(|| {
            let kinds = bytes.iter().map(|byte| KINDS.get(usize::from(*byte)));
            kinds.fold(0, |all, kinds| all | kinds.copied().unwrap_or(0))
        });
        Self {
            bytes,
            kinds,
            lanes,
        }
    }

    /// Whether it is made of words.
    pub(crate) fn is_wordy(self) -> bool {
        is_wordy_of(self.bytes, self.lanes)
    }

    /// Whether there is a byte of this kind.
    #[inline]
    pub(crate) fn has(self, kind: Kind) -> bool {
        self.kinds & kind.0 != 0
    }

    /// How many of small letters, capitals, digits and others there are.
    pub(crate) fn variety(self) -> usize {
        let four = Kind::LOWER.0 | Kind::UPPER.0 | Kind::DIGIT.0 | Kind::SYMBOL.0;
        (self.kinds & four).count_ones() as usize
    }

    pub(crate) fn has_letter(self) -> bool {
        self.has(Kind::LOWER) || self.has(Kind::UPPER)
    }

    /// How many digits there are.
    pub(crate) fn digits(self) -> usize {
        self.bytes
            .iter()
            .filter(|byte| byte.is_ascii_digit())
            .count()
    }
}

/// The kinds of a short value of nothing but letters and digits, as most that are random are.
#[inline]
fn plain_kinds(bytes: &[u8], lanes: Lanes) -> Option<u16> {
    if bytes.len() > LANES {
        return None;
    }
    let Lanes {
        digit,
        lower,
        upper,
    } = lanes;
    let is_plain = digit | lower | upper == u64::MAX >> (LANES - bytes.len()).min(LANES - 1);
    let kind = |lane: u64, kind: Kind| if lane == 0 { 0 } else { kind.0 };
    let kinds = kind(digit, Kind::DIGIT) | kind(lower, Kind::LOWER) | kind(upper, Kind::UPPER);
    is_plain.then_some(kinds)
}

#[expect(
    clippy::indexing_slicing,
    reason = "a table by bytes; `get` is not const"
)]
const fn kinds() -> [u16; 256] {
    let mut kinds = [0; 256];
    let mut byte = u8::MAX;
    loop {
        kinds[byte as usize] = kinds_of(byte);
        if byte == 0 {
            return kinds;
        }
        byte -= 1;
    }
}

const fn kinds_of(byte: u8) -> u16 {
    let in_key = if KEY.has(byte) { 0 } else { Kind::NO_KEY.0 };
    let letter_or_digit = match byte {
        b'a'..=b'z' => Kind::LOWER.0,
        b'A'..=b'Z' => Kind::UPPER.0,
        b'0'..=b'9' => Kind::DIGIT.0,
        _ => Kind::SYMBOL.0,
    };
    let own = match byte {
        b' ' => Kind::SPACE.0,
        b'/' => Kind::SLASH.0 | Kind::CODE.0,
        b'@' => Kind::AT.0,
        b'.' => Kind::DOT.0 | Kind::CODE.0 | Kind::JOINT.0,
        b'\\' => Kind::BACKSLASH.0,
        b'{' | b'}' | b'%' => Kind::MARK.0,
        b'(' => Kind::MARK.0 | Kind::CODE.0,
        b'>' => Kind::SIGN.0 | Kind::CODE.0,
        b':' => Kind::SIGN.0 | Kind::CODE.0 | Kind::JOINT.0,
        b')' | b'&' => Kind::SIGN.0,
        b'|' => Kind::SIGN.0 | Kind::JOINT.0,
        b'[' => Kind::SIGN.0 | Kind::CODE.0,
        _ => 0,
    };
    in_key | letter_or_digit | own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_the_kinds_of_its_bytes() {
        let value = Value::of(b"aB3/+");
        assert!(value.has(Kind::LOWER) && value.has(Kind::UPPER) && value.has(Kind::DIGIT));
        assert!(value.has(Kind::SLASH) && value.has(Kind::CODE) && !value.has(Kind::AT));
        assert_eq!(value.variety(), 4);
        assert!(!value.has(Kind::NO_KEY));
        assert!(Value::of("é".as_bytes()).has(Kind::NO_KEY));
        assert_eq!(Value::of(b"").variety(), 0);
        assert_eq!(Value::of(b"a1").kinds, Kind::LOWER.0 | Kind::DIGIT.0);
        assert_eq!(Value::of(b"a12").digits(), 2);
    }
}
