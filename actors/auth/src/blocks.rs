//! The blocked addresses, as everybody may read them.
//!
//! Owns: the published snapshot. The limiter alone writes it; each request reads it, through
//! [`crate::AuthHandle::blocked`], before anything else is looked at.
//!
//! The snapshot is cut into slices by address. A snapshot is immutable, so each new block copies
//! the slice that it goes into; with one slice, somebody who gets tens of thousands of addresses
//! blocked would make each further block a copy of them all. Which slice an address goes into is
//! keyed with a random value, so nobody can aim at one slice.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use runtime::Published;

use crate::client_address::AddressKey;

/// Slices of the snapshot. At the default bound of 65,536 addresses, all of them blocked, one
/// slice holds some 1,000 and is copied in some 20 µs.
const SLICES: usize = 64;

/// One address is shut out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) until: Instant,
    /// How many blocks in a row this is; the limiter needs it again after a rebuild.
    pub(crate) strikes: u32,
}

type Slice = HashMap<AddressKey, Block>;

/// All blocks, readable without a lock.
#[derive(Debug)]
pub(crate) struct BlockBoard {
    slices: Vec<Published<Slice>>,
    selector: RandomState,
}

impl BlockBoard {
    pub(crate) fn new() -> Self {
        let slices = (0..SLICES).map(|_| Published::new(Slice::new())).collect();
        Self {
            slices,
            selector: RandomState::new(),
        }
    }

    /// How long the address is still shut out.
    pub(crate) fn left(&self, key: &AddressKey, now: Instant) -> Option<Duration> {
        let left = self
            .slice(key)?
            .load()
            .get(key)?
            .until
            .saturating_duration_since(now);
        (!left.is_zero()).then_some(left)
    }

    pub(crate) fn set(&self, key: AddressKey, block: Block, now: Instant) {
        self.change(&key, now, |slice| {
            slice.insert(key, block);
        });
    }

    pub(crate) fn lift(&self, key: &AddressKey, now: Instant) {
        self.change(key, now, |slice| {
            slice.remove(key);
        });
    }

    /// How many addresses are shut out now.
    pub(crate) fn count(&self, now: Instant) -> usize {
        let in_force = |slice: &Published<Slice>| {
            slice
                .load()
                .values()
                .filter(|block| block.until > now)
                .count()
        };
        self.slices.iter().map(in_force).sum()
    }

    /// The blocks in force, for a limiter that starts again.
    pub(crate) fn in_force(&self, now: Instant) -> Vec<(AddressKey, Block)> {
        let mut blocks = Vec::new();
        for slice in &self.slices {
            let slice = slice.load();
            let held = slice.iter().filter(|(_, block)| block.until > now);
            blocks.extend(held.map(|(key, block)| (*key, *block)));
        }
        blocks
    }

    /// Publishes a changed copy of one slice, without the blocks that are over.
    fn change(&self, key: &AddressKey, now: Instant, edit: impl FnOnce(&mut Slice)) {
        let Some(slice) = self.slice(key) else { return };
        let mut next: Slice = slice
            .load()
            .iter()
            .filter(|(_, block)| block.until > now)
            .map(|(key, block)| (*key, *block))
            .collect();
        edit(&mut next);
        slice.publish(next);
    }

    fn slice(&self, key: &AddressKey) -> Option<&Published<Slice>> {
        let slices = u64::try_from(self.slices.len()).ok()?;
        let at = self.selector.hash_one(key).checked_rem(slices)?;
        self.slices.get(usize::try_from(at).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn block(until: Instant) -> Block {
        Block { until, strikes: 1 }
    }

    #[test]
    fn block_is_seen_until_it_ends() {
        let (board, now) = (BlockBoard::new(), Instant::now());
        let key = AddressKey::V4(7);
        board.set(key, block(now + 30 * SECOND), now);
        assert_eq!(board.left(&key, now + 10 * SECOND), Some(20 * SECOND));
        assert_eq!(board.left(&key, now + 30 * SECOND), None);
        assert_eq!(board.left(&AddressKey::V6(7), now), None);
    }

    #[test]
    fn lifted_block_is_gone() {
        let (board, now) = (BlockBoard::new(), Instant::now());
        board.set(AddressKey::V4(7), block(now + SECOND), now);
        board.lift(&AddressKey::V4(7), now);
        assert_eq!(board.left(&AddressKey::V4(7), now), None);
    }

    #[test]
    fn ended_blocks_are_dropped_at_the_next_change_of_their_slice() {
        let (board, now) = (BlockBoard::new(), Instant::now());
        for n in 0..2_000 {
            board.set(AddressKey::V4(n), block(now + SECOND), now);
        }
        assert_eq!(board.count(now), 2_000);
        assert_eq!(board.count(now + SECOND), 0);
        for n in 0..2_000 {
            board.lift(&AddressKey::V6(n), now + SECOND);
        }
        assert!(board.slices.iter().all(|slice| slice.load().is_empty()));
    }

    #[test]
    fn blocks_in_force_can_be_read_back() {
        let (board, now) = (BlockBoard::new(), Instant::now());
        board.set(AddressKey::V4(1), block(now + SECOND), now);
        board.set(AddressKey::V4(2), block(now + 3 * SECOND), now);
        let later = now + 2 * SECOND;
        assert_eq!(
            board.in_force(later),
            [(AddressKey::V4(2), block(now + 3 * SECOND))]
        );
    }
}
