//! Times as RFC 3339 writes them, as seconds since 1970.
//!
//! Pure. Own code because the usual small parsers take only `Z`, and keys are also given with an
//! offset.

const DAY: i64 = 86_400;

/// Reads a time such as `2027-01-31T12:00:00Z` or `2027-01-31T13:00:00.5+01:00`.
///
/// Fractions of a second are dropped. A leap second counts as the second after it. `None` for
/// anything else, and for times before 1970.
///
/// # Source
/// RFC 3339 section 5.6; days by the civil calendar, whose 400 years have 146,097 days.
pub(crate) fn seconds(text: &str) -> Option<u64> {
    let (date, rest) = text.as_bytes().split_at_checked(10)?;
    let [b'T' | b't' | b' ', rest @ ..] = rest else {
        return None;
    };
    let (time, rest) = rest.split_at_checked(8)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = date else {
        return None;
    };
    let day = day_number(
        number(&[*y1, *y2, *y3, *y4])?,
        number(&[*m1, *m2])?,
        number(&[*d1, *d2])?,
    )?;
    let [h1, h2, b':', n1, n2, b':', s1, s2] = time else {
        return None;
    };
    let second = number(&[*s1, *s2]).filter(|second| *second <= 60)?;
    let clock = hour_and_minute(&[*h1, *h2], &[*n1, *n2])? + second;
    let offset = offset(after_fraction(rest)?)?;
    u64::try_from(day * DAY + clock - offset).ok()
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |value, digit| {
        digit
            .is_ascii_digit()
            .then(|| value * 10 + i64::from(digit - b'0'))
    })
}

fn hour_and_minute(hour: &[u8], minute: &[u8]) -> Option<i64> {
    let hour = number(hour).filter(|hour| *hour < 24)?;
    let minute = number(minute).filter(|minute| *minute < 60)?;
    Some(hour * 3600 + minute * 60)
}

/// Days since 1970-01-01, with the year taken to begin in March so that the leap day comes last.
fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn after_fraction(rest: &[u8]) -> Option<&[u8]> {
    let [b'.', digits @ ..] = rest else {
        return Some(rest);
    };
    let end = digits.iter().position(|byte| !byte.is_ascii_digit())?;
    if end == 0 { None } else { digits.get(end..) }
}

fn offset(text: &[u8]) -> Option<i64> {
    match text {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let ahead = hour_and_minute(&[*h1, *h2], &[*m1, *m2])?;
            Some(if *sign == b'+' { ahead } else { -ahead })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times_are_read() {
        let known = [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T23:59:59Z", 951_868_799),
            ("2026-11-22T12:34:56Z", 1_795_350_896),
            ("2026-11-22t13:34:56.789+01:00", 1_795_350_896),
            ("2026-11-22 04:04:56-08:30", 1_795_350_896),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
        ];
        for (text, expected) in known {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        let wrong = [
            "",
            "never",
            "2026-11-22",
            "2026-11-22T12:34:56",
            "2026-11-22T12:34Z",
            "2026-13-01T00:00:00Z",
            "2027-02-29T00:00:00Z",
            "2100-02-29T00:00:00Z",
            "2026-11-31T00:00:00Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T12:60:00Z",
            "2026-11-22T12:34:61Z",
            "2026-11-22T12:34:56.Z",
            "2026-11-22T12:34:56+0100",
            "2026-11-22T12:34:56+24:00",
            "2026-11-22T12:34:56Z ",
            "+026-11-22T12:34:56Z",
            "1969-12-31T23:59:59Z",
            "2026-11-22T12:34:56\u{e9}",
        ];
        for text in wrong {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_of_a_century_follows_the_one_before() {
        let mut expected = 0;
        for year in 1970..2070 {
            for month in 1..=12 {
                for day in 1..=days_in(year, month) {
                    assert_eq!(day_number(year, month, day), Some(expected));
                    expected += 1;
                }
            }
        }
    }
}
