//! Time as a value that is passed in.
//!
//! Owns: the reading of both clocks of the machine, and their replacement in tests.
//! Never does: waiting; timers are the runtime's.
//! Called by: whoever compares times.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Where the hand of a manual clock starts: 1 January 2026, 00:00 UTC.
const MANUAL_START: Duration = Duration::from_secs(1_767_225_600);

/// Tells the time: that of the machine, or that of a test.
#[derive(Clone, Debug, Default)]
pub struct Clock(Source);

#[derive(Clone, Debug, Default)]
enum Source {
    #[default]
    System,
    Manual(Arc<Manual>),
}

#[derive(Debug)]
struct Manual {
    origin: Instant,
    elapsed_nanos: AtomicU64,
    unix_nanos: AtomicU64,
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until its hand is moved.
    pub fn manual() -> (Self, ClockHand) {
        let manual = Arc::new(Manual {
            origin: Instant::now(),
            elapsed_nanos: AtomicU64::new(0),
            unix_nanos: AtomicU64::new(nanos(MANUAL_START)),
        });
        (Self(Source::Manual(Arc::clone(&manual))), ClockHand(manual))
    }

    /// A time that only ever grows, for measuring how long something took.
    pub fn now(&self) -> Instant {
        match &self.0 {
            Source::System => Instant::now(),
            Source::Manual(manual) => {
                manual.origin + Duration::from_nanos(manual.elapsed_nanos.load(Relaxed))
            }
        }
    }

    /// The time of day, which an administrator can set back.
    ///
    /// # Units
    /// Since 1 January 1970 UTC; zero if the machine believes to be before that.
    pub fn unix(&self) -> Duration {
        match &self.0 {
            Source::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
            Source::Manual(manual) => Duration::from_nanos(manual.unix_nanos.load(Relaxed)),
        }
    }
}

/// Moves a manual clock.
#[derive(Clone)]
pub struct ClockHand(Arc<Manual>);

impl ClockHand {
    /// Lets time pass on both clocks.
    pub fn advance(&self, by: Duration) {
        self.0.elapsed_nanos.fetch_add(nanos(by), Relaxed);
        self.0.unix_nanos.fetch_add(nanos(by), Relaxed);
    }

    /// Sets the time of day, forwards or back, as an administrator would; no time passes.
    pub fn set_unix(&self, unix: Duration) {
        self.0.unix_nanos.store(nanos(unix), Relaxed);
    }
}

impl fmt::Debug for ClockHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClockHand")
            .field(&self.0.elapsed_nanos)
            .finish()
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manual_clock_stands_still_until_it_is_moved() {
        let (clock, hand) = Clock::manual();
        let (now, unix) = (clock.now(), clock.unix());
        assert_eq!((clock.now(), clock.unix()), (now, unix));
        hand.advance(Duration::from_millis(1500));
        assert_eq!(clock.now() - now, Duration::from_millis(1500));
        assert_eq!(clock.clone().unix() - unix, Duration::from_millis(1500));
    }

    #[test]
    fn time_of_day_can_be_set_back_without_time_passing() {
        let (clock, hand) = Clock::manual();
        let now = clock.now();
        hand.set_unix(Duration::from_secs(1));
        assert_eq!(clock.unix(), Duration::from_secs(1));
        assert_eq!(clock.now(), now);
    }

    #[test]
    fn system_clock_is_after_the_year_2020() {
        assert!(Clock::system().unix() > Duration::from_secs(1_577_836_800));
    }
}
