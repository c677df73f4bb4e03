//! Signatures and sealed thinking of clients whose API has no field for them, from one turn to the
//! next.
//!
//! Owns: whose they are (a client key and the model or agent that it asked for; nobody else finds
//! them), and the bounds in bytes and in age. What goes is wiped. Lost at a restart, and not shared
//! between processes: such turns then go back without signatures, as they would without this.
//! Never reads what it keeps: `wire` says what is kept and under which block.
//!
//! Locks are held for a look-up or an insertion, in sixteenths of the store, and never across an
//! await. Written when an answer is passed on, read when a request is put into another format.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use wire::{BlockDigest, SealMemory};
use zeroize::Zeroizing;

const SHARDS: usize = 16;
/// What an entry costs beside its bytes: digests, times, and the tables' own room.
const OVERHEAD: usize = 160;
/// How often what is too old is looked for.
pub const SWEEP_PERIOD: Duration = Duration::from_secs(60);

/// How much is kept, and for how long after it was last used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealLimits {
    /// Most bytes, all together; what was unused for longest goes first.
    pub bytes: u64,
    /// Zero keeps nothing.
    pub age: Duration,
}

/// See the module's text.
pub struct SealStore {
    shards: [Mutex<Shard>; SHARDS],
    count: AtomicUsize,
    most_bytes: AtomicUsize,
    age_millis: AtomicU64,
}

#[derive(Default)]
struct Shard {
    entries: HashMap<BlockDigest, Entry>,
    /// Each entry once, by when it was put here; it may have been used since.
    order: VecDeque<(Instant, BlockDigest)>,
    bytes: usize,
}

struct Entry {
    sealed: Zeroizing<Box<[u8]>>,
    used: Instant,
}

impl Entry {
    fn cost(&self) -> usize {
        self.sealed.len() + OVERHEAD
    }
}

impl SealStore {
    /// An empty store.
    #[must_use]
    pub fn new(limits: SealLimits) -> Self {
        let store = Self {
            shards: Default::default(),
            count: AtomicUsize::new(0),
            most_bytes: AtomicUsize::new(0),
            age_millis: AtomicU64::new(0),
        };
        store.set_limits(limits);
        store
    }

    /// Takes other limits; what they leave no room for goes with the next sweep.
    pub fn set_limits(&self, limits: SealLimits) {
        let bytes = usize::try_from(limits.bytes).unwrap_or(usize::MAX);
        let age = u64::try_from(limits.age.as_millis()).unwrap_or(u64::MAX);
        self.most_bytes.store(bytes, Ordering::Relaxed);
        self.age_millis.store(age, Ordering::Relaxed);
    }

    /// What one client has in it, for the model or agent that it asks for; `None` if nothing is
    /// kept at all.
    #[must_use]
    pub fn of_client(self: &Arc<Self>, key_id: &str, model: &str) -> Option<Arc<dyn SealMemory>> {
        let keeps = self.age() > Duration::ZERO;
        keeps.then(|| {
            let of_client = OfClient {
                store: Arc::clone(self),
                key_id: key_id.into(),
                model: model.into(),
            };
            Arc::new(of_client) as Arc<dyn SealMemory>
        })
    }

    /// Forgets what is too old or too much.
    pub fn sweep(&self, now: Instant) {
        for shard in &self.shards {
            let mut shard = lock(shard);
            self.forget_old(&mut shard, now);
            self.make_room(&mut shard, now, 0);
        }
    }

    /// The row alone does not show age: what was used since stands behind what came later.
    fn forget_old(&self, shard: &mut Shard, now: Instant) {
        let age = self.age();
        let Shard {
            entries,
            order,
            bytes,
        } = shard;
        let before = entries.len();
        entries.retain(|_, entry| {
            let young = now.saturating_duration_since(entry.used) < age;
            *bytes -= if young { 0 } else { entry.cost() };
            young
        });
        order.retain(|(_, name)| entries.contains_key(name));
        let forgotten = before - entries.len();
        self.count.fetch_sub(forgotten, Ordering::Relaxed);
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn keep(&self, name: BlockDigest, sealed: &[u8], now: Instant) {
        let mut shard = lock(self.shard(&name));
        let entry = Entry {
            sealed: Zeroizing::new(sealed.into()),
            used: now,
        };
        let cost = entry.cost();
        if cost > self.room() || self.age() == Duration::ZERO {
            return;
        }
        self.make_room(&mut shard, now, cost);
        shard.bytes += cost;
        match shard.entries.insert(name, entry) {
            Some(before) => shard.bytes -= before.cost(),
            None => {
                shard.order.push_back((now, name));
                self.count.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn find(&self, name: &BlockDigest, now: Instant) -> Option<Vec<u8>> {
        let mut shard = lock(self.shard(name));
        let entry = shard.entries.get_mut(name)?;
        if now.saturating_duration_since(entry.used) >= self.age() {
            return None;
        }
        entry.used = now;
        Some(entry.sealed.to_vec())
    }

    /// Forgets entries until all are young enough and `more` bytes fit. An entry that was used
    /// since it was put in the row gets one more turn.
    fn make_room(&self, shard: &mut Shard, now: Instant, more: usize) {
        let (age, room) = (self.age(), self.room());
        while let Some((since, name)) = shard.order.front().copied() {
            let old = now.saturating_duration_since(since) >= age;
            if !old && shard.bytes + more <= room {
                return;
            }
            shard.order.pop_front();
            let Some(entry) = shard.entries.get(&name) else {
                continue;
            };
            let young = now.saturating_duration_since(entry.used) < age;
            if entry.used > since && young {
                shard.order.push_back((entry.used, name));
                continue;
            }
            shard.bytes -= entry.cost();
            shard.entries.remove(&name);
            self.count.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn shard(&self, name: &BlockDigest) -> &Mutex<Shard> {
        let [first, ..] = name.as_bytes();
        let [zeroth, ..] = &self.shards;
        self.shards
            .get(usize::from(*first) % SHARDS)
            .unwrap_or(zeroth)
    }

    fn age(&self) -> Duration {
        Duration::from_millis(self.age_millis.load(Ordering::Relaxed))
    }

    /// Most bytes of one shard.
    fn room(&self) -> usize {
        self.most_bytes.load(Ordering::Relaxed) / SHARDS
    }
}

/// Nothing in a shard can be left half done by a panic.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for SealStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealStore")
            .field("entries", &self.len())
            .finish_non_exhaustive()
    }
}

/// One client's view.
#[derive(Debug)]
struct OfClient {
    store: Arc<SealStore>,
    key_id: Box<str>,
    model: Box<str>,
}

impl OfClient {
    fn name(&self, block: &BlockDigest) -> BlockDigest {
        block.owned_by(&[&self.key_id, &self.model])
    }
}

impl SealMemory for OfClient {
    fn is_empty(&self) -> bool {
        self.store.is_empty()
    }

    fn keep(&self, block: BlockDigest, sealed: &[u8]) {
        self.store.keep(self.name(&block), sealed, Instant::now());
    }

    fn find(&self, block: &BlockDigest) -> Option<Vec<u8>> {
        self.store.find(&self.name(block), Instant::now())
    }
}

/// Forgets what is too old, from time to time, until the program ends.
pub async fn sweep_seals(store: Arc<SealStore>) {
    let mut timer = tokio::time::interval(SWEEP_PERIOD);
    loop {
        timer.tick().await;
        store.sweep(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 3600);

    fn store(bytes: u64) -> Arc<SealStore> {
        Arc::new(SealStore::new(SealLimits { bytes, age: DAY }))
    }

    fn block(number: u64) -> BlockDigest {
        BlockDigest::of("test", &[&number.to_string()])
    }

    #[test]
    fn only_the_same_key_and_agent_find_it() {
        let store = store(1 << 20);
        let of = |key, model| store.of_client(key, model).expect("something is kept");
        of("ann", "coder").keep(block(1), b"sealed");
        assert_eq!(
            of("ann", "coder").find(&block(1)).as_deref(),
            Some(&b"sealed"[..])
        );
        assert_eq!(of("bob", "coder").find(&block(1)), None);
        assert_eq!(of("ann", "writer").find(&block(1)), None);
        assert_eq!(of("anncoder", "").find(&block(1)), None);
    }

    #[test]
    fn memory_is_bounded_and_what_is_used_stays() {
        let (store, now) = (store(64 << 10), Instant::now());
        let used = block(0);
        store.keep(used, &[1; 100], now);
        for number in 1..5_000 {
            let then = now + Duration::from_millis(number);
            assert!(store.find(&used, then).is_some(), "{number}");
            store.keep(block(number), &[1; 100], then);
        }
        assert!(store.len() <= (64 << 10) / (100 + OVERHEAD));
        assert!(store.find(&block(1), now).is_none());
        let held: usize = store.shards.iter().map(|shard| lock(shard).bytes).sum();
        assert!(held <= 64 << 10);
        assert_eq!(held, store.len() * (100 + OVERHEAD));
        store.keep(block(9), &[1; 64 << 10], now);
        assert!(
            store.find(&block(9), now).is_none(),
            "larger than its place"
        );
    }

    #[test]
    fn age_counts_from_the_last_use() {
        let (store, now) = (store(1 << 20), Instant::now());
        store.keep(block(1), b"a", now);
        assert!(store.find(&block(1), now + DAY / 2).is_some());
        store.sweep(now + DAY);
        assert!(store.find(&block(1), now + DAY).is_some());
        store.sweep(now + DAY * 3);
        assert!(store.is_empty());
    }

    #[test]
    fn other_limits_hold_from_the_next_sweep_on() {
        let (store, now) = (store(1 << 20), Instant::now());
        store.keep(block(1), b"a", now);
        let age = Duration::ZERO;
        store.set_limits(SealLimits { bytes: 1, age });
        store.sweep(now);
        assert!(store.is_empty());
        assert!(store.of_client("ann", "coder").is_none());
    }

    #[test]
    fn the_same_block_is_kept_once() {
        let (store, now) = (store(1 << 20), Instant::now());
        store.keep(block(1), b"one", now);
        store.keep(block(1), b"another", now);
        assert_eq!(store.len(), 1);
        assert_eq!(store.find(&block(1), now).as_deref(), Some(&b"another"[..]));
    }

    #[test]
    fn nothing_stays_longer_than_its_age_behind_what_came_later() {
        let (store, start) = (store(1 << 20), Instant::now());
        store.keep(block(1), b"first", start);
        assert!(store.find(&block(1), start + DAY / 2).is_some());
        // At the end of its first day it goes behind the other, since it was used.
        store.keep(block(2), b"second", start + DAY);
        store.keep(block(1 << 20), b"another", start + DAY);
        store.sweep(start + DAY + DAY / 2);
        assert!(store.find(&block(1), start + DAY / 2).is_none());
        assert_eq!(store.len(), 2);
    }
}
