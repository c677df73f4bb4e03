//! How often a provider that does not answer is asked whether it is back: pure back-off.

use std::time::Duration;

use crate::breaker::Jitter;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);

/// Waits between probes: 1 s, doubling to 60 s, each stretched or shrunk by up to a tenth.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    probes: u32,
}

impl Backoff {
    pub(crate) fn next_wait(&mut self, jitter: Jitter) -> Duration {
        let factor = 1_u32 << self.probes.min(10);
        self.probes = self.probes.saturating_add(1);
        jitter.spread(FIRST.saturating_mul(factor).min(LONGEST))
    }

    /// The provider is well again.
    pub(crate) fn reset(&mut self) {
        self.probes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute_and_begin_again_after_a_reset() {
        let mut backoff = Backoff::default();
        let mut wait = || backoff.next_wait(Jitter::new(0.5)).as_secs();
        let waits: Vec<_> = (0..9).map(|_| wait()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        backoff.reset();
        assert_eq!(backoff.next_wait(Jitter::new(0.5)), FIRST);
    }

    #[test]
    fn chance_moves_a_wait_by_a_tenth_at_most() {
        let wait = |value| Backoff::default().next_wait(Jitter::new(value));
        assert_eq!(wait(0.0), Duration::from_millis(900));
        assert_eq!(wait(1.0), Duration::from_millis(1100));
    }
}
