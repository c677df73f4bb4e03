//! Lines, columns and UTF-16 units, as bytes.

use std::ops::Range;

/// The bytes of a line, counted from 1, without its end.
pub(super) fn line_of(text: &str, number: usize) -> Option<Range<usize>> {
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if at + 1 == number {
            return Some(start..start + line.trim_end_matches(['\n', '\r']).len());
        }
        start += line.len();
    }
    None
}

/// Where a value stands: in its line nearest to a column, else nearest to the line, since a tool
/// that reads YAML or JSON first may count lines in another way. A value that stands nowhere, as
/// when a tool has unescaped it, is the whole line. Both are in the tool's favour.
pub(super) fn value_in(text: &str, line: Range<usize>, value: &str, near: usize) -> Range<usize> {
    if value.is_empty() {
        return line;
    }
    let inside = text.get(line.clone()).unwrap_or_default();
    let nearest = |text: &str, near: usize| {
        let places = text.match_indices(value).map(|(at, _)| at);
        places.min_by_key(|at| at.abs_diff(near))
    };
    let in_line = nearest(inside, near).map(|at| line.start + at);
    let place = in_line.or_else(|| nearest(text, line.start));
    place.map_or(line, |at| at..at + value.len())
}

/// The byte of a place that is counted in UTF-16 units, as JavaScript does.
pub(super) fn byte_of_utf16(text: &str, unit: usize) -> usize {
    let mut units = 0;
    for (at, letter) in text.char_indices() {
        if units >= unit {
            return at;
        }
        units += letter.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_one() {
        assert_eq!(line_of("ab\r\ncd\n", 1), Some(0..2));
        assert_eq!(line_of("ab\r\ncd\n", 2), Some(4..6));
        assert_eq!(line_of("ab\n", 3), None);
    }

    #[test]
    fn of_two_values_the_one_near_the_column_is_meant() {
        assert_eq!(value_in("key key", 0..7, "key", 4), 4..7);
        assert_eq!(value_in("key key", 0..7, "key", 0), 0..3);
        assert_eq!(value_in("key key", 0..7, "other", 0), 0..7);
        assert_eq!(value_in("a\nkey\nb\nc\nkey", 0..1, "key", 0), 2..5);
    }

    #[test]
    fn a_letter_of_two_units_has_four_bytes() {
        assert_eq!(byte_of_utf16("a😀b", 3), 5);
        assert_eq!(byte_of_utf16("a", 9), 1);
    }
}
