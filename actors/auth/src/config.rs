//! How failed logins are answered.

use std::time::Duration;

use crate::error::ConfigError;

/// How many failures an address may have, and how long it is shut out after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailureConfig {
    /// Failures within `window` after which the address is blocked. Default: 10. From 1 to 10,000.
    ///
    /// Ten let a person try out their configuration and give a guesser nothing.
    pub max_failures: u32,
    /// Time from the first failure after which the count starts anew. Default: 60 s. From 1 s to
    /// 1 day.
    pub window: Duration,
    /// First block; each further one is twice as long. Default: 30 s. From 1 s to `block_max`.
    pub block: Duration,
    /// Longest block, and the quiet time after a block that makes the next one a first one again.
    /// Default: 1 h. From `block` to 30 days.
    pub block_max: Duration,
    /// Addresses that are remembered at most. Default: 65,536, some 12 MiB when full. From 1 to
    /// 1,048,576. Beyond it the address that has been quiet longest is forgotten, blocked ones
    /// last.
    pub tracked: usize,
}

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl Default for FailureConfig {
    fn default() -> Self {
        Self {
            max_failures: 10,
            window: Duration::from_secs(60),
            block: Duration::from_secs(30),
            block_max: Duration::from_secs(60 * 60),
            tracked: 65_536,
        }
    }
}

impl FailureConfig {
    /// Refuses values that make no sense.
    ///
    /// # Errors
    /// [`ConfigError::OutOfRange`] with field and range, [`ConfigError::BlockMaxBelowBlock`].
    pub fn check(&self) -> Result<(), ConfigError> {
        let ranges = [
            (
                "max_failures",
                (1..=10_000).contains(&self.max_failures),
                "1",
                "10000",
            ),
            (
                "window",
                (SECOND..=DAY).contains(&self.window),
                "1s",
                "1day",
            ),
            (
                "block",
                (SECOND..=MONTH).contains(&self.block),
                "1s",
                "30days",
            ),
            (
                "block_max",
                (SECOND..=MONTH).contains(&self.block_max),
                "1s",
                "30days",
            ),
            (
                "tracked",
                (1..=1_048_576).contains(&self.tracked),
                "1",
                "1048576",
            ),
        ];
        let outside = ranges.into_iter().find(|(_, inside, _, _)| !inside);
        if let Some((field, _, lowest, highest)) = outside {
            return Err(ConfigError::OutOfRange {
                field,
                lowest,
                highest,
            });
        }
        if self.block_max < self.block {
            return Err(ConfigError::BlockMaxBelowBlock);
        }
        Ok(())
    }

    /// How long the block after this many blocks lasts; `strikes` counts from 1.
    pub(crate) fn block_after(&self, strikes: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(strikes.saturating_sub(1));
        self.block
            .saturating_mul(doubled)
            .min(self.block_max)
            .min(MONTH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_accepted() {
        assert_eq!(FailureConfig::default().check(), Ok(()));
    }

    #[test]
    fn senseless_values_are_refused_by_name() {
        let good = FailureConfig::default();
        for (bad, named) in [
            (
                FailureConfig {
                    max_failures: 0,
                    ..good
                },
                "max_failures",
            ),
            (
                FailureConfig {
                    window: Duration::ZERO,
                    ..good
                },
                "window",
            ),
            (
                FailureConfig {
                    block: Duration::from_millis(1),
                    ..good
                },
                "block",
            ),
            (
                FailureConfig {
                    block_max: 2 * MONTH,
                    ..good
                },
                "block_max",
            ),
            (
                FailureConfig {
                    block_max: SECOND,
                    ..good
                },
                "block_max",
            ),
            (FailureConfig { tracked: 0, ..good }, "tracked"),
        ] {
            assert!(
                bad.check().unwrap_err().to_string().contains(named),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn blocks_double_up_to_the_longest() {
        let config = FailureConfig::default();
        let lengths: Vec<_> = [1, 2, 3, 7, 8, u32::MAX]
            .map(|n| config.block_after(n).as_secs())
            .into();
        assert_eq!(lengths, [30, 60, 120, 1920, 3600, 3600]);
    }
}
