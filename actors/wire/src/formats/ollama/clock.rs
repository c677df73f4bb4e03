//! Times of day as this format spells them (RFC 3339), and as seconds.
//!
//! # Source
//! RFC 3339 section 5.6; days of the civil calendar by counting years from March.

const DAY: i64 = 86_400;
/// Days from 1 March of the year 0 to 1 January 1970.
const EPOCH: i64 = 719_468;

/// Unix seconds of `2026-11-22T10:00:00.5+01:00`; fractions are cut off. `None` if it is no time
/// or lies before 1970.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let (date, time) = text.split_once(['T', 't'])?;
    let mut date = date.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let in_calendar = (0..=9999).contains(&year) && (1..=12).contains(&month);
    if !in_calendar || !(1..=31).contains(&day) {
        return None;
    }
    let zone_at = time.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = time.split_at_checked(zone_at)?;
    let clock = clock.split('.').next()?;
    let of_day = clock_seconds(clock)?;
    let whole = days(year, month, day) * DAY + of_day - offset(zone)?;
    u64::try_from(whole).ok()
}

fn clock_seconds(clock: &str) -> Option<i64> {
    let mut pieces = clock.splitn(3, ':').map(str::parse::<i64>);
    let hours = pieces
        .next()?
        .ok()
        .filter(|hours| (0..24).contains(hours))?;
    let mut sixtieth = || match pieces.next() {
        Some(piece) => piece.ok().filter(|piece| (0..=60).contains(piece)),
        None => Some(0),
    };
    Some(hours * 3600 + sixtieth()? * 60 + sixtieth()?)
}

fn offset(zone: &str) -> Option<i64> {
    match zone.split_at_checked(1)? {
        ("+", clock) => clock_seconds(clock),
        ("-", clock) => clock_seconds(clock).map(|seconds| -seconds),
        (_, "") => Some(0),
        _ => None,
    }
}

fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let from_march = (month + 9) % 12;
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - EPOCH
}

/// The time of these Unix seconds, in UTC.
pub(super) fn spelt(seconds: u64) -> String {
    // Beyond the year 9999 there is no spelling.
    let seconds = i64::try_from(seconds).unwrap_or(0).min(253_402_300_799);
    let (day, of_day) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    let (year, month, day) = civil(day + EPOCH);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

fn civil(days: i64) -> (i64, i64, i64) {
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_any_zone() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(
            seconds("2026-11-22T10:00:00.999000001Z"),
            Some(1_795_341_600)
        );
        assert_eq!(seconds("2026-11-22T11:00:00+01:00"), Some(1_795_341_600));
        for wrong in [
            "",
            "2026",
            "2026-13-01T00:00:00Z",
            "2026-11-22T99:00:00Z",
            "éT+",
            "1-1-1T",
        ] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_time_comes_back_from_its_spelling() {
        for at in [0, 951_782_400, 951_868_799, 1_795_341_600, 4_107_542_399] {
            assert_eq!(seconds(&spelt(at)), Some(at), "{}", spelt(at));
        }
        assert_eq!(spelt(1_795_341_600), "2026-11-22T10:00:00Z");
        assert_eq!(spelt(951_782_400), "2000-02-29T00:00:00Z");
    }
}
