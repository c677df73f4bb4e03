//! How often a child may break before it is not worth another try.
//!
//! Owns: the times of recent rebuilds.
//! Never does: read a clock; times are passed in.
//! Called by: `keeper/`.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// Counts rebuilds in a sliding period.
#[derive(Debug)]
pub(crate) struct Intensity {
    allowed: usize,
    period: Duration,
    recent: VecDeque<Instant>,
}

impl Intensity {
    pub(crate) fn new(allowed: u32, period: Duration) -> Self {
        let allowed = usize::try_from(allowed).unwrap_or(usize::MAX);
        Self {
            allowed,
            period,
            recent: VecDeque::new(),
        }
    }

    /// Counts one more and says whether it is still borne.
    pub(crate) fn bears(&mut self, now: Instant) -> bool {
        self.recent
            .retain(|then| now.saturating_duration_since(*then) < self.period);
        let borne = self.recent.len() < self.allowed;
        if borne {
            self.recent.push_back(now);
        }
        borne
    }

    /// Forgets the past, when an operator asks for another try.
    pub(crate) fn forgive(&mut self) {
        self.recent.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn one_more_than_allowed_is_past_the_intensity() {
        let now = Instant::now();
        let mut intensity = Intensity::new(2, SECOND);
        assert_eq!([0; 3].map(|_| intensity.bears(now)), [true, true, false]);
    }

    #[test]
    fn what_is_older_than_the_period_does_not_count() {
        let start = Instant::now();
        let mut intensity = Intensity::new(1, SECOND);
        assert!(intensity.bears(start));
        assert!(!intensity.bears(start + SECOND / 2));
        assert!(intensity.bears(start + SECOND));
    }

    #[test]
    fn none_allowed_bears_none() {
        assert!(!Intensity::new(0, SECOND).bears(Instant::now()));
    }

    #[test]
    fn forgiven_rebuilds_do_not_count() {
        let now = Instant::now();
        let mut intensity = Intensity::new(1, SECOND);
        assert!(intensity.bears(now));
        intensity.forgive();
        assert!(intensity.bears(now));
    }
}
