//! The values behind stand-ins.
//!
//! Owns: the key that tags are made with, one store for all workers with a bound and an age, and
//! what one request has put away for its own reply. Values are wiped when the last of both lets
//! go of them. Never gives a value to another owner than the one it came from.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit as _, Mac as _};
use runtime::Clock;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::spelling::Tag;

/// Locks, so that workers seldom wait for each other.
const SHARDS: usize = 16;

/// What an entry costs beside its value, in bytes.
const OVERHEAD: usize = 160;

/// How much is kept, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceholderLimits {
    /// Memory for all values together, in bytes. Default 8 MiB.
    pub bytes: usize,
    /// How long a value is kept after it was last used. Default 1 h.
    pub age: Duration,
}

impl Default for PlaceholderLimits {
    fn default() -> Self {
        Self {
            bytes: 8 << 20,
            age: Duration::from_secs(3600),
        }
    }
}

/// Whose values they are: a client key, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Owner(Arc<str>);

impl Owner {
    pub(crate) fn of_key(id: &str) -> Self {
        Self(Arc::from(id))
    }
}

/// A value behind a stand-in; wiped when nobody holds it any more.
#[derive(Clone)]
pub(crate) struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    fn of(value: &str) -> Self {
        Self(Arc::new(Zeroizing::new(value.to_owned())))
    }

    /// The value.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What one request has put away; its reply can have it back whatever the store forgets.
#[derive(Debug, Clone, Default)]
pub(crate) struct StandIns(HashMap<Tag, Secret>);

impl StandIns {
    pub(crate) fn add(&mut self, tag: Tag, secret: Secret) {
        self.0.entry(tag).or_insert(secret);
    }

    /// Adds those of another request of the same session, up to so many in all.
    pub(crate) fn absorb(&mut self, others: &Self, most: usize) {
        for (tag, secret) in &others.0 {
            if self.0.len() < most {
                self.add(*tag, secret.clone());
            }
        }
    }

    pub(crate) fn value(&self, tag: Tag) -> Option<&Secret> {
        self.0.get(&tag)
    }
}

/// The store that all workers share.
pub(crate) struct PlaceholderStore {
    /// Random for each process: tags of two lives have nothing in common. `None` if the system
    /// gave no randomness; then nothing gets a stand-in.
    key: Option<Zeroizing<[u8; 32]>>,
    shards: [Mutex<Shard>; SHARDS],
    clock: Clock,
}

#[derive(Default)]
struct Shard {
    entries: HashMap<u64, Entry>,
    /// Tags in the order of use, as it was when they came; see `Shard::evict`.
    order: VecDeque<(u64, Instant)>,
    bytes: usize,
}

struct Entry {
    owner: Owner,
    secret: Secret,
    used: Instant,
}

impl PlaceholderStore {
    pub(crate) fn new(clock: Clock) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        let filled = getrandom::fill(key.as_mut_slice()).is_ok();
        Self {
            key: filled.then_some(key),
            shards: std::array::from_fn(|_| Mutex::default()),
            clock,
        }
    }

    /// Puts a value away; `None` if no tag can be made, or the tag stands for something else.
    pub(crate) fn put(
        &self,
        owner: &Owner,
        value: &str,
        limits: PlaceholderLimits,
    ) -> Option<(Tag, Secret)> {
        let tag = self.tag(owner, value)?;
        let now = self.clock.now();
        let mut shard = self.shard(tag);
        shard.evict(limits, now);
        if let Some(entry) = shard.entries.get_mut(&tag.number()) {
            entry.used = now;
            let same = entry.owner == *owner && entry.secret.expose() == value;
            return same.then(|| (tag, entry.secret.clone()));
        }
        let secret = Secret::of(value);
        shard.add(tag, owner, &secret, now);
        shard.evict(limits, now);
        Some((tag, secret))
    }

    /// The value behind a tag, if it is this owner's and still there.
    pub(crate) fn value(
        &self,
        owner: &Owner,
        tag: Tag,
        limits: PlaceholderLimits,
    ) -> Option<Secret> {
        let now = self.clock.now();
        let mut shard = self.shard(tag);
        let entry = shard.entries.get_mut(&tag.number())?;
        let fresh = now.saturating_duration_since(entry.used) <= limits.age;
        if entry.owner != *owner || !fresh {
            return None;
        }
        entry.used = now;
        Some(entry.secret.clone())
    }

    /// Lets go of everything that is too old.
    pub(crate) fn sweep(&self, limits: PlaceholderLimits) {
        let now = self.clock.now();
        for shard in &self.shards {
            lock(shard).evict(limits, now);
        }
    }

    /// Values kept, and their bytes.
    pub(crate) fn size(&self) -> (usize, usize) {
        let sizes = self.shards.iter().map(|shard| {
            let shard = lock(shard);
            (shard.entries.len(), shard.bytes)
        });
        sizes.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1))
    }

    fn tag(&self, owner: &Owner, value: &str) -> Option<Tag> {
        let key = self.key.as_ref()?;
        let mut digest = Hmac::<Sha256>::new_from_slice(key.as_slice()).ok()?;
        digest.update(&owner.0.len().to_le_bytes());
        digest.update(owner.0.as_bytes());
        digest.update(value.as_bytes());
        let bytes = digest.finalize().into_bytes();
        let head: [u8; 8] = bytes.get(..8)?.try_into().ok()?;
        Some(Tag::of(u64::from_be_bytes(head)))
    }

    fn shard(&self, tag: Tag) -> MutexGuard<'_, Shard> {
        let mut hasher = DefaultHasher::new();
        tag.hash(&mut hasher);
        let index = hasher.finish() as usize % SHARDS;
        let [first, ..] = &self.shards;
        lock(self.shards.get(index).unwrap_or(first))
    }
}

/// A panic while the lock was held leaves at worst a value too many or too few.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shard {
    fn add(&mut self, tag: Tag, owner: &Owner, secret: &Secret, now: Instant) {
        self.bytes += secret.expose().len() + OVERHEAD;
        self.order.push_back((tag.number(), now));
        let (owner, secret) = (owner.clone(), secret.clone());
        let entry = Entry {
            owner,
            secret,
            used: now,
        };
        self.entries.insert(tag.number(), entry);
    }

    /// Drops what is too old, and what is too much, beginning with what was unused for longest.
    ///
    /// An entry that was used since it was queued goes to the back once; so each use costs a
    /// constant, and the order is right up to the time between two passes.
    fn evict(&mut self, limits: PlaceholderLimits, now: Instant) {
        while let Some((tag, queued)) = self.order.front().copied() {
            let too_much = self.bytes > limits.bytes / SHARDS;
            let used = self.entries.get(&tag).map_or(queued, |entry| entry.used);
            let too_old = now.saturating_duration_since(queued) > limits.age;
            if !too_much && !too_old {
                return;
            }
            self.order.pop_front();
            if used > queued {
                self.order.push_back((tag, used));
            } else if let Some(gone) = self.entries.remove(&tag) {
                self.bytes -= gone.secret.expose().len() + OVERHEAD;
            }
        }
    }
}

impl fmt::Debug for PlaceholderStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (values, bytes) = self.size();
        f.debug_struct("PlaceholderStore")
            .field("values", &values)
            .field("bytes", &bytes)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: PlaceholderLimits = PlaceholderLimits {
        bytes: 1 << 20,
        age: Duration::from_secs(60),
    };

    #[test]
    fn the_same_value_of_the_same_key_has_the_same_tag() {
        let store = PlaceholderStore::new(Clock::system());
        let (ann, bob) = (Owner::of_key("ann"), Owner::of_key("bob"));
        let tag = |owner: &Owner, value: &str| store.put(owner, value, LIMITS).unwrap().0;
        assert_eq!(tag(&ann, "value"), tag(&ann, "value"));
        assert_ne!(tag(&ann, "value"), tag(&ann, "other"));
        assert_ne!(tag(&ann, "value"), tag(&bob, "value"));
    }

    #[test]
    fn nobody_gets_the_value_of_another_key() {
        let store = PlaceholderStore::new(Clock::system());
        let (tag, _) = store.put(&Owner::of_key("ann"), "value", LIMITS).unwrap();
        assert!(store.value(&Owner::of_key("bob"), tag, LIMITS).is_none());
        assert_eq!(
            store
                .value(&Owner::of_key("ann"), tag, LIMITS)
                .unwrap()
                .expose(),
            "value"
        );
    }

    #[test]
    fn values_are_kept_from_their_last_use_on() {
        let (clock, hand) = Clock::manual();
        let store = PlaceholderStore::new(clock);
        let ann = Owner::of_key("ann");
        let (tag, _) = store.put(&ann, "value", LIMITS).unwrap();
        hand.advance(Duration::from_secs(50));
        assert!(store.value(&ann, tag, LIMITS).is_some());
        hand.advance(Duration::from_secs(50));
        store.sweep(LIMITS);
        assert!(store.value(&ann, tag, LIMITS).is_some());
        hand.advance(Duration::from_secs(61));
        assert!(store.value(&ann, tag, LIMITS).is_none());
        store.sweep(LIMITS);
        assert_eq!(store.size(), (0, 0));
    }

    #[test]
    fn memory_is_bounded() {
        let store = PlaceholderStore::new(Clock::system());
        let ann = Owner::of_key("ann");
        for number in 0..5000 {
            store.put(&ann, &format!("{number}{}", "x".repeat(500)), LIMITS);
        }
        let (values, bytes) = store.size();
        assert!(bytes <= LIMITS.bytes && values > 500, "{values} {bytes}");
    }

    #[test]
    fn a_value_larger_than_the_store_is_for_its_request_only() {
        let store = PlaceholderStore::new(Clock::system());
        let ann = Owner::of_key("ann");
        let large = "x".repeat(LIMITS.bytes);
        let (tag, secret) = store.put(&ann, &large, LIMITS).unwrap();
        assert!(store.value(&ann, tag, LIMITS).is_none());
        let mut own = StandIns::default();
        own.add(tag, secret);
        assert_eq!(own.value(tag).unwrap().expose(), large);
    }
}
