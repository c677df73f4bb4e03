//! How long providers took lately: windows of samples and their medians.
//!
//! Owns [`LatencyWindows`] (what the actor keeps) and [`LatencyTable`] (what it publishes).
//! Never reads a clock: the time of each sample and of each look is passed in.
//! Only answers count. An error that came fast is no good latency, and one that came slow is the
//! breaker's business.
//!
//! Whole replies and streams have windows of their own: a whole reply's first byte comes after
//! the last token was made, so mixing them would compare the clients' habits and not the
//! providers.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What kind of answer a sample is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReplyShape {
    /// One JSON document.
    Whole,
    /// A stream of events.
    Streamed,
}

/// One measured answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatencySample {
    /// Who answered.
    pub provider: Arc<str>,
    /// With which model, by the provider's name for it.
    pub model: Arc<str>,
    /// Whole or streamed.
    pub shape: ReplyShape,
    /// From the start of the attempt to the first byte that a client could be sent.
    pub first_byte: Duration,
    /// When the first byte came.
    pub at: Instant,
}

/// The bounds of the windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowRules {
    /// Samples kept per provider, model and shape; the oldest goes first. At least 1.
    /// Default: 63, odd so that the median is a sample.
    pub samples: usize,
    /// Provider, model and shape triples kept; the one that was silent longest goes first. At
    /// least 1. Default: 1,024, some 1.5 MiB if all are full.
    pub keys: usize,
    /// A sample older than this no longer counts. Default: 10 minutes.
    pub max_age: Duration,
    /// How often the Router looks for samples that are too old. Default: 30 s, a twentieth of
    /// their age; the look costs some microseconds.
    pub look_every: Duration,
}

impl Default for WindowRules {
    fn default() -> Self {
        Self {
            samples: 63,
            keys: 1024,
            max_age: Duration::from_secs(600),
            look_every: Duration::from_secs(30),
        }
    }
}

/// The medians at one moment, published as a snapshot.
#[derive(Clone, Debug, Default)]
pub struct LatencyTable {
    /// By provider, then by model. The inner maps are shared, so a new table copies only those
    /// of the providers that changed.
    medians: HashMap<Arc<str>, Arc<Medians>>,
}

type Medians = HashMap<Arc<str>, ByShape>;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct ByShape {
    whole: Option<Duration>,
    streamed: Option<Duration>,
}

impl ByShape {
    fn of(self, shape: ReplyShape) -> Option<Duration> {
        match shape {
            ReplyShape::Whole => self.whole,
            ReplyShape::Streamed => self.streamed,
        }
    }

    fn set(&mut self, shape: ReplyShape, median: Option<Duration>) {
        match shape {
            ReplyShape::Whole => self.whole = median,
            ReplyShape::Streamed => self.streamed = median,
        }
    }
}

impl LatencyTable {
    /// The median time to the first byte, if there are recent samples.
    pub fn median(&self, provider: &str, model: &str, shape: ReplyShape) -> Option<Duration> {
        self.medians.get(provider)?.get(model)?.of(shape)
    }

    /// How many provider, model and shape triples have a median.
    pub fn len(&self) -> usize {
        let shapes = |known: &ByShape| known.whole.iter().chain(&known.streamed).count();
        let models = self.medians.values().flat_map(|models| models.values());
        models.map(shapes).sum()
    }

    /// Whether nothing was measured lately.
    pub fn is_empty(&self) -> bool {
        self.medians.is_empty()
    }

    fn set(&mut self, key: &Key, median: Option<Duration>) {
        let inner = self.medians.entry(Arc::clone(&key.provider)).or_default();
        let medians = Arc::make_mut(inner);
        let known = medians.entry(Arc::clone(&key.model)).or_default();
        known.set(key.shape, median);
        if *known == ByShape::default() {
            medians.remove(&key.model);
        }
        if medians.is_empty() {
            self.medians.remove(&key.provider);
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    provider: Arc<str>,
    model: Arc<str>,
    shape: ReplyShape,
}

/// The samples behind the medians.
#[derive(Debug, Default)]
pub struct LatencyWindows {
    rules: WindowRules,
    windows: HashMap<Key, Window>,
    table: LatencyTable,
    evicted: u64,
}

impl LatencyWindows {
    /// Empty windows within `rules`.
    pub fn new(rules: WindowRules) -> Self {
        Self {
            rules: WindowRules {
                samples: rules.samples.max(1),
                keys: rules.keys.max(1),
                ..rules
            },
            ..Self::default()
        }
    }

    /// Takes samples in and brings the table up to date.
    pub fn record(&mut self, samples: impl IntoIterator<Item = LatencySample>, now: Instant) {
        for sample in samples {
            self.take_in(sample, now);
        }
    }

    /// Drops what is too old at `now`, whole keys included. Says whether the table changed.
    pub fn age(&mut self, now: Instant) -> bool {
        let oldest = now.checked_sub(self.rules.max_age);
        let mut changed = false;
        let table = &mut self.table;
        self.windows.retain(|key, window| {
            if window.drop_before(oldest) {
                changed = true;
                table.set(key, window.median());
            }
            !window.is_empty()
        });
        changed
    }

    /// The medians as of the last [`record`](Self::record) or [`age`](Self::age).
    pub fn table(&self) -> &LatencyTable {
        &self.table
    }

    /// How many keys are held.
    pub fn keys(&self) -> usize {
        self.windows.len()
    }

    /// How many keys were dropped to make room.
    pub fn evicted(&self) -> u64 {
        self.evicted
    }

    fn take_in(&mut self, sample: LatencySample, now: Instant) {
        let oldest = now.checked_sub(self.rules.max_age);
        if oldest.is_some_and(|oldest| sample.at < oldest) {
            return;
        }
        let key = Key {
            provider: sample.provider,
            model: sample.model,
            shape: sample.shape,
        };
        if !self.windows.contains_key(&key) {
            self.make_room();
        }
        let window = self.windows.entry(key.clone()).or_default();
        window.push(sample.at, sample.first_byte, self.rules.samples);
        window.drop_before(oldest);
        self.table.set(&key, window.median());
    }

    fn make_room(&mut self) {
        while self.windows.len() >= self.rules.keys {
            let silent = self.windows.iter().min_by_key(|(_, window)| window.newest);
            let Some(key) = silent.map(|(key, _)| key.clone()) else {
                return;
            };
            self.windows.remove(&key);
            self.table.set(&key, None);
            self.evicted = self.evicted.saturating_add(1);
        }
    }
}

/// The last samples of one key, in the order in which they arrived.
#[derive(Debug, Default)]
struct Window {
    samples: VecDeque<(Instant, Duration)>,
    newest: Option<Instant>,
}

impl Window {
    fn push(&mut self, at: Instant, first_byte: Duration, bound: usize) {
        while self.samples.len() >= bound {
            self.samples.pop_front();
        }
        self.samples.push_back((at, first_byte));
        self.newest = self.newest.max(Some(at));
    }

    /// Workers report in batches, so arrival is only nearly in order of time: all are looked at.
    fn drop_before(&mut self, oldest: Option<Instant>) -> bool {
        let Some(oldest) = oldest else {
            return false;
        };
        let before = self.samples.len();
        self.samples.retain(|(at, _)| *at >= oldest);
        before != self.samples.len()
    }

    fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// The middle sample; of two middle ones the slower.
    fn median(&self) -> Option<Duration> {
        if self.samples.is_empty() {
            return None;
        }
        let mut times: Vec<Duration> = self.samples.iter().map(|(_, time)| *time).collect();
        let middle = times.len() / 2;
        let (_, median, _) = times.select_nth_unstable(middle);
        Some(*median)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STREAM: ReplyShape = ReplyShape::Streamed;

    fn sample(provider: &str, model: &str, ms: u64, at: Instant) -> LatencySample {
        LatencySample {
            provider: provider.into(),
            model: model.into(),
            shape: STREAM,
            first_byte: Duration::from_millis(ms),
            at,
        }
    }

    fn small(samples: usize, keys: usize) -> LatencyWindows {
        LatencyWindows::new(WindowRules {
            samples,
            keys,
            max_age: Duration::from_secs(60),
            ..WindowRules::default()
        })
    }

    fn median_ms(windows: &LatencyWindows, provider: &str, model: &str) -> Option<u128> {
        let median = windows.table().median(provider, model, STREAM)?;
        Some(median.as_millis())
    }

    #[test]
    fn fast_samples_after_slow_ones_bring_the_median_down() {
        let now = Instant::now();
        let mut windows = small(100, 4);
        windows.record((0..100).map(|_| sample("a", "m", 1000, now)), now);
        windows.record((0..100).map(|_| sample("a", "m", 10, now)), now);
        assert_eq!(median_ms(&windows, "a", "m"), Some(10));
    }

    #[test]
    fn streams_and_whole_replies_do_not_mix() {
        let now = Instant::now();
        let mut windows = small(10, 4);
        let whole = LatencySample {
            shape: ReplyShape::Whole,
            ..sample("a", "m", 9000, now)
        };
        windows.record([sample("a", "m", 100, now), whole], now);
        assert_eq!(median_ms(&windows, "a", "m"), Some(100));
        let whole = windows.table().median("a", "m", ReplyShape::Whole).unwrap();
        assert_eq!(whole, Duration::from_secs(9));
    }

    #[test]
    fn old_samples_stop_counting() {
        let now = Instant::now();
        let mut windows = small(10, 4);
        windows.record([sample("a", "m", 500, now)], now);
        let later = now + Duration::from_secs(61);
        assert!(windows.age(later));
        assert_eq!(median_ms(&windows, "a", "m"), None);
        assert_eq!(windows.keys(), 0);
        assert!(windows.table().is_empty());
        assert!(!windows.age(later));
    }

    #[test]
    fn sample_that_arrives_too_old_is_not_taken() {
        let start = Instant::now();
        let now = start + Duration::from_secs(61);
        let mut windows = small(10, 4);
        windows.record([sample("a", "m", 500, start)], now);
        assert_eq!(windows.keys(), 0);
    }

    #[test]
    fn the_key_that_was_silent_longest_makes_room() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut windows = small(10, 2);
        windows.record([sample("a", "m", 1, at(0))], at(0));
        windows.record([sample("b", "m", 2, at(1))], at(1));
        windows.record([sample("a", "m", 1, at(2))], at(2));
        windows.record([sample("c", "m", 3, at(3))], at(3));
        assert_eq!(windows.keys(), 2);
        assert_eq!(windows.evicted(), 1);
        assert_eq!(median_ms(&windows, "b", "m"), None);
        assert_eq!(median_ms(&windows, "a", "m"), Some(1));
        assert_eq!(median_ms(&windows, "c", "m"), Some(3));
    }

    #[test]
    fn a_published_table_does_not_change_afterwards() {
        let now = Instant::now();
        let mut windows = small(10, 4);
        windows.record([sample("a", "m", 5, now)], now);
        let published = windows.table().clone();
        windows.record((0..9).map(|_| sample("a", "m", 50, now)), now);
        let before = published.median("a", "m", STREAM);
        assert_eq!(before, Some(Duration::from_millis(5)));
        assert_eq!(median_ms(&windows, "a", "m"), Some(50));
    }

    #[test]
    fn bounds_of_zero_are_read_as_one() {
        let now = Instant::now();
        let mut windows = small(0, 0);
        windows.record([sample("a", "m", 5, now), sample("b", "m", 6, now)], now);
        assert_eq!(windows.keys(), 1);
        assert_eq!(median_ms(&windows, "b", "m"), Some(6));
    }

    proptest! {
        #[test]
        fn median_is_that_of_the_last_samples(
            times in prop::collection::vec(0_u64..10_000, 1..200),
            bound in 1_usize..40,
        ) {
            let now = Instant::now();
            let mut windows = small(bound, 4);
            windows.record(times.iter().map(|ms| sample("a", "m", *ms, now)), now);
            let mut last: Vec<u64> = times.iter().rev().take(bound).copied().collect();
            last.sort_unstable();
            let expected = u128::from(last[last.len() / 2]);
            prop_assert_eq!(median_ms(&windows, "a", "m"), Some(expected));
        }

        #[test]
        fn keys_and_samples_stay_within_their_bounds(
            events in prop::collection::vec((0_u8..30, 0_u64..100, 0_u64..300), 1..300),
        ) {
            let start = Instant::now();
            let mut windows = small(5, 7);
            for (key, ms, second) in events {
                let at = start + Duration::from_secs(second);
                windows.record([sample("p", &key.to_string(), ms, at)], at);
                prop_assert!(windows.keys() <= 7);
                prop_assert!(windows.windows.values().all(|w| w.samples.len() <= 5));
                prop_assert_eq!(windows.table().len(), windows.keys());
            }
        }
    }
}
