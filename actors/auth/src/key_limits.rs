//! What a key may use, as the operator wrote it.
//!
//! Owns: the limits per key and the default. It never counts anything; the counts are in
//! [`crate::shares`], and outlive this table when it is replaced at a reload.

use std::collections::HashMap;

use crate::error::ConfigError;

/// The limits of one key; `None` means without limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyLimits {
    /// Requests per minute, and as many at once after a quiet minute. Lowest: 1. Default: none.
    pub requests_per_minute: Option<u64>,
    /// Tokens per minute, and as many at once after a quiet minute. Lowest: 1. Default: none.
    /// A request whose estimate is larger than this can never pass and is told so.
    pub tokens_per_minute: Option<u64>,
    /// Requests that may be open at the same time, over all workers. Lowest: 1. Default: none.
    pub concurrent_requests: Option<u32>,
}

impl KeyLimits {
    /// Says whether nothing is limited, so that nothing need be counted.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Refuses a limit of 0.
    ///
    /// Some programs read 0 as "off" and others as "nothing"; whoever writes it means one of the
    /// two, and the other would be a surprise. A table that holds a 0 all the same lets nothing
    /// pass.
    ///
    /// # Errors
    /// [`ConfigError::ZeroLimit`] with the name of the field.
    pub fn check(&self) -> Result<(), ConfigError> {
        let fields = [
            ("requests_per_minute", self.requests_per_minute == Some(0)),
            ("tokens_per_minute", self.tokens_per_minute == Some(0)),
            ("concurrent_requests", self.concurrent_requests == Some(0)),
        ];
        match fields.into_iter().find(|(_, is_zero)| *is_zero) {
            Some((field, _)) => Err(ConfigError::ZeroLimit { field }),
            None => Ok(()),
        }
    }
}

/// The limits of all keys. Replaced whole at a reload, with [`crate::AdoptLimits`].
#[derive(Clone, Debug)]
pub struct LimitTable {
    default: KeyLimits,
    per_key: HashMap<String, KeyLimits>,
    limits_nobody: bool,
}

impl LimitTable {
    /// Makes a table: the limits by key id, and those of every key that is not listed.
    ///
    /// An entry stands alone and takes nothing from `default`, so a listed key without limits is
    /// without limits.
    pub fn new(default: KeyLimits, per_key: HashMap<String, KeyLimits>) -> Self {
        let limits_nobody = default.is_none() && per_key.values().all(KeyLimits::is_none);
        Self {
            default,
            per_key,
            limits_nobody,
        }
    }

    /// The limits of this key, or `None` if it has none.
    pub fn limits_of(&self, key_id: &str) -> Option<&KeyLimits> {
        let limits = self.per_key.get(key_id).unwrap_or(&self.default);
        (!limits.is_none()).then_some(limits)
    }

    /// Says whether no key at all is limited.
    pub fn limits_nobody(&self) -> bool {
        self.limits_nobody
    }

    /// How many keys are listed by name.
    pub fn listed(&self) -> usize {
        self.per_key.len()
    }
}

impl Default for LimitTable {
    /// The table that limits nobody.
    fn default() -> Self {
        Self::new(KeyLimits::default(), HashMap::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests(limit: u64) -> KeyLimits {
        KeyLimits {
            requests_per_minute: Some(limit),
            ..KeyLimits::default()
        }
    }

    #[test]
    fn listed_key_takes_nothing_from_the_default() {
        let own = KeyLimits {
            concurrent_requests: Some(2),
            ..KeyLimits::default()
        };
        let per_key = HashMap::from([
            ("a".to_owned(), own),
            ("b".to_owned(), KeyLimits::default()),
        ]);
        let table = LimitTable::new(requests(5), per_key);
        assert_eq!(table.limits_of("a"), Some(&own));
        assert_eq!(table.limits_of("b"), None);
        assert_eq!(table.limits_of("c"), Some(&requests(5)));
        assert!(!table.limits_nobody());
    }

    #[test]
    fn table_without_any_limit_says_so() {
        assert!(LimitTable::default().limits_nobody());
        let per_key = HashMap::from([("a".to_owned(), KeyLimits::default())]);
        assert!(LimitTable::new(KeyLimits::default(), per_key).limits_nobody());
    }

    #[test]
    fn limit_of_zero_is_refused_by_name() {
        let zero = KeyLimits {
            tokens_per_minute: Some(0),
            ..KeyLimits::default()
        };
        let error = zero.check().unwrap_err();
        assert!(error.to_string().contains("tokens_per_minute"));
        assert_eq!(requests(1).check(), Ok(()));
    }
}
