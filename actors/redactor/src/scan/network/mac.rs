//! Hardware addresses (EUI-48) as they are written: six groups of two with `:` or `-` between
//! them, or three of four with dots.

use super::Read;
use crate::scan::apart;
use crate::scan::view::View;

/// The most bytes of an address, and so of the beginning of one.
const LONGEST: usize = 17;

/// How an address is written.
#[derive(Debug, Clone, Copy)]
struct Style {
    separator: u8,
    /// Hexadecimal digits of a group.
    group: usize,
    groups: usize,
}

impl Style {
    const COLONS: Self = Self {
        separator: b':',
        group: 2,
        groups: 6,
    };
    const DASHES: Self = Self {
        separator: b'-',
        group: 2,
        groups: 6,
    };
    const DOTS: Self = Self {
        separator: b'.',
        group: 4,
        groups: 3,
    };

    const fn length(self) -> usize {
        self.groups * (self.group + 1) - 1
    }

    /// Whether `byte` may stand at this place of an address.
    fn fits(self, place: usize, byte: u8) -> bool {
        match place % (self.group + 1) == self.group {
            true => byte == self.separator,
            false => byte.is_ascii_hexdigit(),
        }
    }
}

/// Reads the address with colons that begins at `at`.
pub(super) fn read_with_colons(at: usize, view: &View<'_>) -> Read {
    read(at, Style::COLONS, view)
}

/// Reads the address with dashes or dots that has the digit at `at` as the first of a group; if
/// it is not in the first group, no group before it begins with a digit.
#[inline]
pub(super) fn read_at_digit(at: usize, view: &View<'_>) -> Read {
    for style in [Style::DASHES, Style::DOTS] {
        let after = view.byte(at + style.group);
        let before = view.before(at);
        let is_near = after == Some(style.separator) || before == Some(style.separator);
        let is_cut = at + style.group >= view.text.len() && !view.complete;
        if !is_near && !is_cut {
            continue;
        }
        let found = begin(at, style, view).map(|begin| read(begin, style, view));
        if let Some(found) = found.filter(|found| *found != Read::No) {
            return found;
        }
    }
    Read::No
}

/// Where the address begins of which the group at `at` is the first that begins with a digit.
fn begin(at: usize, style: Style, view: &View<'_>) -> Option<usize> {
    let mut begin = at;
    for _ in 1..style.groups {
        if view.before(begin) != Some(style.separator) {
            break;
        }
        let Some(earlier) = begin.checked_sub(style.group + 1) else {
            break;
        };
        let group = view.text.get(earlier..begin - 1)?;
        if !group.iter().all(u8::is_ascii_hexdigit) || !apart::begins_word(view, earlier) {
            break;
        }
        if group.first().is_some_and(u8::is_ascii_digit) {
            return None;
        }
        begin = earlier;
    }
    Some(begin)
}

fn read(at: usize, style: Style, view: &View<'_>) -> Read {
    if view.before(at) == Some(style.separator) || !apart::begins_word(view, at) {
        return Read::No;
    }
    for place in 0..style.length() {
        match view.byte(at + place) {
            None if !view.complete => return Read::Open(at),
            Some(byte) if style.fits(place, byte) => {}
            _ => return Read::No,
        }
    }
    let end = at + style.length();
    match (view.byte(end), view.byte(end + 1)) {
        (None, _) if !view.complete => Read::Open(at),
        (Some(byte), _) if byte.is_ascii_alphanumeric() || byte == b'_' => Read::No,
        (Some(byte), None) if byte == style.separator && !view.complete => Read::Open(at),
        (Some(byte), Some(next)) if byte == style.separator && next.is_ascii_hexdigit() => Read::No,
        _ => Read::Address(at..end),
    }
}

/// Where an address with dashes or dots begins that the text ends in the middle of, if none of
/// its groups begins with a digit so far.
pub(super) fn tail(view: &View<'_>) -> Option<usize> {
    let end = view.text.len();
    let first = end.saturating_sub(LONGEST);
    let is_beginning = |begin: &usize| {
        [Style::DASHES, Style::DOTS].iter().any(|style| {
            let text = view.text.get(*begin..).unwrap_or_default();
            let fits = |(place, byte): (usize, &u8)| style.fits(place, *byte);
            text.iter().enumerate().all(fits)
        })
    };
    (first..end).find(|begin| apart::begins_word(view, *begin) && is_beginning(begin))
}
