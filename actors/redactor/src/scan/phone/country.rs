//! Country codes and how long the numbers behind them are.

use std::ops::RangeInclusive;

/// Lengths of national numbers, without the country code and the 0 before it.
///
/// # Source
/// Country codes: ITU-T E.164, list of assigned country codes. Lengths: the national numbering
/// plans that ITU-T publishes; where a plan has many lengths, the range of them.
const LENGTHS: &[(&[u8], RangeInclusive<usize>)] = &[
    (b"1", 10..=10),
    (b"7", 10..=10),
    (b"20", 8..=10),
    (b"27", 9..=9),
    (b"30", 10..=10),
    (b"31", 9..=9),
    (b"32", 8..=9),
    (b"33", 9..=9),
    (b"34", 9..=9),
    (b"36", 8..=9),
    (b"39", 6..=11),
    (b"40", 9..=9),
    (b"41", 9..=9),
    (b"43", 7..=13),
    (b"44", 9..=10),
    (b"45", 8..=8),
    (b"46", 7..=10),
    (b"47", 8..=8),
    (b"48", 9..=9),
    (b"49", 7..=12),
    (b"51", 8..=9),
    (b"52", 10..=11),
    (b"53", 8..=8),
    (b"54", 10..=11),
    (b"55", 10..=11),
    (b"56", 9..=9),
    (b"57", 8..=10),
    (b"58", 10..=10),
    (b"60", 8..=10),
    (b"61", 9..=9),
    (b"62", 8..=12),
    (b"63", 8..=10),
    (b"64", 8..=10),
    (b"65", 8..=8),
    (b"66", 8..=9),
    (b"81", 9..=10),
    (b"82", 8..=10),
    (b"84", 9..=10),
    (b"86", 9..=11),
    (b"90", 10..=10),
    (b"91", 10..=10),
    (b"92", 9..=10),
    (b"93", 9..=9),
    (b"94", 9..=9),
    (b"95", 8..=10),
    (b"98", 10..=10),
    (b"351", 9..=9),
    (b"353", 7..=9),
    (b"358", 6..=12),
    (b"370", 8..=8),
    (b"371", 8..=8),
    (b"372", 7..=8),
    (b"380", 9..=9),
    (b"420", 9..=9),
    (b"421", 9..=9),
    (b"852", 8..=8),
    (b"886", 8..=9),
    (b"966", 8..=9),
    (b"971", 8..=9),
    (b"972", 8..=9),
];

/// Lengths for the codes of three digits that are not in the list.
const OTHER: RangeInclusive<usize> = 7..=12;

/// The lengths of the country whose code `digits` begin with, and the digits after it.
pub(super) fn national_lengths(digits: &[u8]) -> Option<(RangeInclusive<usize>, &[u8])> {
    let of_list = |(code, lengths): &(&[u8], RangeInclusive<usize>)| {
        digits
            .strip_prefix(*code)
            .map(|national| (lengths.clone(), national))
    };
    LENGTHS.iter().find_map(of_list).or_else(|| {
        let (code, national) = digits.split_at_checked(3)?;
        is_of_three_digits(code).then_some((OTHER, national))
    })
}

fn is_of_three_digits(code: &[u8]) -> bool {
    matches!(
        code,
        [b'2', b'1'..=b'6' | b'9', _]
            | [b'3', b'5' | b'7' | b'8', _]
            | [b'4', b'2', _]
            | [b'5', b'0' | b'9', _]
            | [b'6', b'7'..=b'9', _]
            | [b'8', b'0' | b'5' | b'7' | b'8', _]
            | [b'9', b'6' | b'7', _]
            | [b'9', b'9', b'2'..=b'6' | b'8']
    )
}
