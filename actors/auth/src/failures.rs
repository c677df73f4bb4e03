//! Counting failed logins per address.
//!
//! Owns: who failed how often, and who is blocked until when. No clock, no actor, no snapshot: the
//! caller passes the time in and publishes what comes out. Only failures cost; a success neither
//! counts nor wipes anything out, or a guesser with one good key could guess for ever.
//!
//! The table is bounded, and an attacker with a large network can fill it. Then the address that
//! has been quiet longest goes, and a blocked one only if all are blocked, so a flood from many
//! addresses makes us forget counts before it makes us forget blocks.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use crate::blocks::Block;
use crate::client_address::AddressKey;
use crate::config::FailureConfig;

/// Failures by address, bounded.
#[derive(Debug)]
pub(crate) struct FailureTable {
    config: FailureConfig,
    entries: HashMap<AddressKey, Entry>,
    /// Addresses that are not blocked, the one that has been quiet longest first.
    watched: BTreeMap<u64, AddressKey>,
    /// Blocked addresses, the one whose block ends first first.
    blocked: BTreeMap<(Instant, u64), AddressKey>,
    turn: u64,
}

/// What came of one failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// How long the address is shut out from now, if it is.
    pub(crate) blocked_for: Option<Duration>,
    /// The block that this very failure brought about.
    pub(crate) new_block: Option<Block>,
    /// A blocked address that had to be forgotten to make room.
    pub(crate) forgotten: Option<AddressKey>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    failures: u32,
    since: Instant,
    strikes: u32,
    until: Option<Instant>,
    turn: u64,
}

impl FailureTable {
    pub(crate) fn new(config: FailureConfig) -> Self {
        Self {
            config,
            entries: HashMap::new(),
            watched: BTreeMap::new(),
            blocked: BTreeMap::new(),
            turn: 0,
        }
    }

    /// Takes over blocks that were published before this table was made.
    pub(crate) fn restore(&mut self, blocks: impl IntoIterator<Item = (AddressKey, Block)>) {
        for (key, block) in blocks {
            let (until, strikes) = (Some(block.until), block.strikes);
            let entry = Entry {
                failures: 0,
                since: block.until,
                strikes,
                until,
                turn: 0,
            };
            self.put(key, entry);
        }
    }

    /// Counts a failure and says whether the address is shut out now.
    ///
    /// Failures during a block neither count nor make it longer: they were under way when it was
    /// pronounced, since later ones are refused before anybody looks at their key.
    pub(crate) fn record(&mut self, key: AddressKey, now: Instant) -> Recorded {
        let mut entry = self.take(&key).unwrap_or_else(|| Entry::first(now));
        if let Some(left) = entry.block_left(now) {
            self.put(key, entry);
            return Recorded {
                blocked_for: Some(left),
                ..Recorded::default()
            };
        }
        entry.forget_old(now, &self.config);
        entry.failures += 1;
        let new_block =
            (entry.failures >= self.config.max_failures).then(|| entry.block(now, &self.config));
        let forgotten = self.make_room(now);
        self.put(key, entry);
        let blocked_for = new_block.map(|block| block.until.saturating_duration_since(now));
        Recorded {
            blocked_for,
            new_block,
            forgotten,
        }
    }

    /// Forgets all about an address; says whether it was blocked.
    pub(crate) fn forgive(&mut self, key: AddressKey, now: Instant) -> bool {
        self.take(&key)
            .is_some_and(|entry| entry.block_left(now).is_some())
    }

    /// Changes the rules for failures from now on; blocks already pronounced stay as they are.
    pub(crate) fn adopt(&mut self, config: FailureConfig) {
        self.config = config;
    }

    /// How many addresses are remembered.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Forgets addresses until one more fits; says which blocked one had to go, if any.
    ///
    /// After the bound was lowered several may have to go; blocked ones among them are left to
    /// the published snapshot, which holds them until they end.
    fn make_room(&mut self, now: Instant) -> Option<AddressKey> {
        let mut forgotten = None;
        while self.entries.len() >= self.config.tracked.max(1) {
            let Some(key) = self.least_worth(now) else {
                break;
            };
            let was_blocked = self.take(&key).is_some_and(|e| e.block_left(now).is_some());
            forgotten = was_blocked.then_some(key).or(forgotten);
        }
        forgotten
    }

    /// A block that is over says little; it must not take the room of those who fail now.
    fn least_worth(&self, now: Instant) -> Option<AddressKey> {
        let ends_first = self.blocked.first_key_value();
        let over = ends_first
            .filter(|((until, _), _)| *until <= now)
            .map(|(_, key)| key);
        let quiet = || self.watched.values().next();
        over.or_else(quiet)
            .or(ends_first.map(|(_, key)| key))
            .copied()
    }

    fn take(&mut self, key: &AddressKey) -> Option<Entry> {
        let entry = self.entries.remove(key)?;
        match entry.until {
            Some(until) => self.blocked.remove(&(until, entry.turn)),
            None => self.watched.remove(&entry.turn),
        };
        Some(entry)
    }

    fn put(&mut self, key: AddressKey, mut entry: Entry) {
        self.turn += 1;
        entry.turn = self.turn;
        match entry.until {
            Some(until) => self.blocked.insert((until, entry.turn), key),
            None => self.watched.insert(entry.turn, key),
        };
        self.entries.insert(key, entry);
    }
}

impl Entry {
    fn first(now: Instant) -> Self {
        Self {
            failures: 0,
            since: now,
            strikes: 0,
            until: None,
            turn: 0,
        }
    }

    fn block_left(&self, now: Instant) -> Option<Duration> {
        let left = self.until?.saturating_duration_since(now);
        (!left.is_zero()).then_some(left)
    }

    /// Starts a new window where the old one, or a block, is over.
    fn forget_old(&mut self, now: Instant, config: &FailureConfig) {
        let quiet_since = self.until.take().unwrap_or(self.since);
        if now.saturating_duration_since(quiet_since) >= config.block_max {
            self.strikes = 0;
        }
        if now.saturating_duration_since(self.since) >= config.window || self.failures == 0 {
            self.failures = 0;
            self.since = now;
        }
    }

    fn block(&mut self, now: Instant, config: &FailureConfig) -> Block {
        self.strikes = self.strikes.saturating_add(1);
        let until = now + config.block_after(self.strikes);
        self.until = Some(until);
        self.failures = 0;
        Block {
            until,
            strikes: self.strikes,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn config() -> FailureConfig {
        FailureConfig {
            max_failures: 3,
            tracked: 4,
            ..FailureConfig::default()
        }
    }

    fn key(n: u32) -> AddressKey {
        AddressKey::V4(n)
    }

    fn fail(table: &mut FailureTable, n: u32, times: u32, now: Instant) -> Option<u64> {
        let mut blocked_for = None;
        for _ in 0..times {
            blocked_for = table.record(key(n), now).blocked_for;
        }
        blocked_for.map(|wait| wait.as_secs())
    }

    #[test]
    fn address_is_blocked_at_the_last_failure_allowed() {
        let (mut table, now) = (FailureTable::new(config()), Instant::now());
        assert_eq!(fail(&mut table, 1, 2, now), None);
        let recorded = table.record(key(1), now);
        assert_eq!(recorded.blocked_for, Some(30 * SECOND));
        assert_eq!(
            recorded.new_block,
            Some(Block {
                until: now + 30 * SECOND,
                strikes: 1
            })
        );
    }

    #[test]
    fn other_addresses_are_not_touched() {
        let (mut table, now) = (FailureTable::new(config()), Instant::now());
        assert_eq!(fail(&mut table, 1, 3, now), Some(30));
        assert_eq!(fail(&mut table, 2, 2, now), None);
    }

    #[test]
    fn failures_of_an_older_window_do_not_count() {
        let (mut table, now) = (FailureTable::new(config()), Instant::now());
        assert_eq!(fail(&mut table, 1, 2, now), None);
        assert_eq!(fail(&mut table, 1, 2, now + 60 * SECOND), None);
        assert_eq!(fail(&mut table, 1, 1, now + 119 * SECOND), Some(30));
    }

    #[test]
    fn failures_during_a_block_do_not_make_it_longer() {
        let (mut table, now) = (FailureTable::new(config()), Instant::now());
        assert_eq!(fail(&mut table, 1, 3, now), Some(30));
        let during = table.record(key(1), now + 10 * SECOND);
        assert_eq!(during.blocked_for, Some(20 * SECOND));
        assert_eq!(during.new_block, None);
    }

    #[test]
    fn each_block_is_twice_as_long_up_to_the_longest() {
        let (mut table, mut now) = (FailureTable::new(config()), Instant::now());
        for expected in [30, 60, 120, 240, 480, 960, 1920, 3600, 3600] {
            assert_eq!(fail(&mut table, 1, 3, now), Some(expected));
            now += Duration::from_secs(expected);
        }
    }

    #[test]
    fn quiet_hour_after_a_block_makes_the_next_a_first_one() {
        let (mut table, now) = (FailureTable::new(config()), Instant::now());
        assert_eq!(fail(&mut table, 1, 3, now), Some(30));
        let almost = now + 3629 * SECOND;
        assert_eq!(fail(&mut table, 1, 3, almost), Some(60));
        let later = almost + 3660 * SECOND;
        assert_eq!(fail(&mut table, 1, 3, later), Some(30));
    }

    #[test]
    fn clock_that_steps_back_frees_nobody() {
        let (mut table, now) = (FailureTable::new(config()), Instant::now() + 100 * SECOND);
        assert_eq!(fail(&mut table, 1, 2, now), None);
        assert_eq!(fail(&mut table, 1, 1, now - 90 * SECOND), Some(30));
        assert_eq!(fail(&mut table, 1, 1, now - 95 * SECOND), Some(35));
    }

    #[test]
    fn quietest_address_is_forgotten_first_and_blocked_ones_last() {
        let (mut table, now) = (FailureTable::new(config()), Instant::now());
        assert_eq!(fail(&mut table, 1, 3, now), Some(30));
        for n in 2..=4 {
            assert_eq!(fail(&mut table, n, 2, now), None);
        }
        assert_eq!(fail(&mut table, 5, 1, now), None);
        assert_eq!(table.len(), 4);
        assert_eq!(fail(&mut table, 1, 1, now), Some(30));
        assert_eq!(fail(&mut table, 3, 1, now), Some(30));
        assert_eq!(fail(&mut table, 2, 1, now), None);
    }

    #[test]
    fn blocks_that_are_over_make_room_first() {
        let (mut table, now) = (FailureTable::new(config()), Instant::now());
        for n in 1..=3 {
            assert_eq!(fail(&mut table, n, 3, now), Some(30));
        }
        let later = now + 30 * SECOND;
        assert_eq!(fail(&mut table, 8, 2, later), None);
        assert_eq!(fail(&mut table, 9, 2, later), None);
        assert_eq!(fail(&mut table, 8, 1, later), Some(30));
        assert_eq!(fail(&mut table, 9, 1, later), Some(30));
    }

    #[test]
    fn block_that_ends_first_goes_if_all_are_blocked() {
        let (mut table, now) = (FailureTable::new(config()), Instant::now());
        for n in 1..=4 {
            assert_eq!(
                fail(&mut table, n, 3, now + u32::from(n == 1) * SECOND),
                Some(30)
            );
        }
        assert_eq!(table.record(key(5), now + SECOND).forgotten, Some(key(2)));
    }

    #[test]
    fn forgiven_address_starts_anew() {
        let (mut table, now) = (FailureTable::new(config()), Instant::now());
        assert_eq!(fail(&mut table, 1, 3, now), Some(30));
        assert!(table.forgive(key(1), now));
        assert!(!table.forgive(key(1), now));
        assert_eq!(fail(&mut table, 1, 2, now), None);
        assert_eq!(fail(&mut table, 1, 1, now), Some(30));
    }

    #[test]
    fn restored_blocks_hold_and_the_next_is_longer() {
        let (mut table, now) = (FailureTable::new(config()), Instant::now());
        table.restore([(
            key(1),
            Block {
                until: now + 5 * SECOND,
                strikes: 2,
            },
        )]);
        assert_eq!(fail(&mut table, 1, 1, now), Some(5));
        assert_eq!(fail(&mut table, 1, 3, now + 5 * SECOND), Some(120));
    }

    #[test]
    fn lowered_bound_is_kept_from_the_next_failure_on() {
        let (mut table, now) = (FailureTable::new(config()), Instant::now());
        for n in 1..=4 {
            assert_eq!(fail(&mut table, n, 1, now), None);
        }
        table.adopt(FailureConfig {
            tracked: 2,
            ..config()
        });
        assert_eq!(fail(&mut table, 9, 1, now), None);
        assert_eq!(table.len(), 2);
    }

    proptest! {
        /// The bound holds, the two orders and the entries agree, and a block is never shortened
        /// by anything but lack of room.
        #[test]
        fn table_stays_bounded_and_whole(
            failures in prop::collection::vec((0_u32..12, 0_u64..40), 1..400),
        ) {
            let mut table = FailureTable::new(config());
            let mut now = Instant::now();
            let mut until: HashMap<AddressKey, Instant> = HashMap::new();
            for (n, pause) in failures {
                now += Duration::from_secs(pause);
                let recorded = table.record(key(n), now);
                if let Some(gone) = recorded.forgotten {
                    until.remove(&gone);
                }
                if let Some(block) = recorded.new_block {
                    prop_assert!(until.insert(key(n), block.until).is_none_or(|old| old <= now));
                } else if let Some(end) = until.get(&key(n)).filter(|end| **end > now) {
                    prop_assert_eq!(recorded.blocked_for, Some(*end - now));
                }
                prop_assert!(table.len() <= 4);
                prop_assert_eq!(table.watched.len() + table.blocked.len(), table.len());
            }
        }
    }
}
