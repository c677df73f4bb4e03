//! The processor time of the programs that this one has run and waited for.

use std::fs;
use std::io;
use std::time::Duration;

/// The kernel's tick in `/proc/self/stat`: `USER_HZ` is 100 wherever Rust runs on Linux (proc(5)).
const TICK: Duration = Duration::from_millis(10);

/// User and system time of all children that ended, and of theirs.
pub(super) fn of_children() -> io::Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    read(&stat).ok_or_else(|| io::Error::other("/proc/self/stat cannot be read"))
}

/// Fields 16 and 17, counted from 1; the second is a name in brackets that may hold blanks.
fn read(stat: &str) -> Option<Duration> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace().skip(13);
    let mut ticks = || fields.next()?.parse::<u32>().ok();
    Some(TICK * ticks()? + TICK * ticks()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_counted_after_the_name() {
        let stat = "1 (a ) b) S 3 4 5 6 7 8 9 10 11 12 14 15 16 17 18 19";
        assert_eq!(read(stat), Some(TICK * 33));
        assert!(of_children().is_ok());
    }
}
