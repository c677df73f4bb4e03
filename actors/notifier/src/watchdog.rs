//! How often the watchdog wants to be fed.
//!
//! Owns the reading of `WATCHDOG_USEC`; never feeds anything.

use std::time::Duration;

/// How often a health round should end in a [`Feed`](crate::Feed): half of what the service
/// manager waits, so that one late round is no restart.
///
/// `None` without a watchdog, or with one that is meant for another process.
///
/// # Source
/// `sd_watchdog_enabled(3)`: half the interval; `WATCHDOG_USEC` and `WATCHDOG_PID`.
pub fn watchdog_period() -> Option<Duration> {
    sd_notify::watchdog_enabled().and_then(half)
}

fn half(interval: Duration) -> Option<Duration> {
    let half = interval / 2;
    (!half.is_zero()).then_some(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_watchdog_is_fed_twice_per_interval() {
        assert_eq!(half(Duration::from_secs(30)), Some(Duration::from_secs(15)));
    }

    #[test]
    fn an_interval_of_zero_means_no_watchdog() {
        assert_eq!(half(Duration::ZERO), None);
    }
}
