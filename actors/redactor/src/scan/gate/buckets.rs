//! Which literals share a bucket of the vector search, and at which of its bytes each is sought.
//!
//! A bucket lets through every text whose bytes have, place by place, a low half of one of its
//! literals and a high half of one. So literals that look alike belong together, and the bytes
//! of a literal that are rare in texts are the ones to look for. Both are chosen by what the
//! bucket would let through of texts in which bytes come as often as in [`COMMON`].

use super::literals::Literal;

/// Tables of eight buckets each.
pub(super) const TABLES: usize = 4;
/// Bytes of a literal that the search compares.
pub(super) const PLACES: usize = 4;

const BUCKETS: usize = TABLES * 8;

/// For each place the buckets that a low half and a high half of a byte belong to, twice, for
/// both halves of a vector.
pub(super) type Table = [[[u8; 32]; 2]; PLACES];

/// The buckets, and for each literal how many of its bytes stand before those that are sought.
#[derive(Debug)]
pub(super) struct Buckets {
    pub(super) tables: Box<[Table; TABLES]>,
    pub(super) backs: Vec<u8>,
}

/// How often a byte comes in 10,000 of prose, code, JSON and logs, by its halves; counted over
/// this repository's documents and sources, and over made-up JSON and logs.
const COMMON: [[u16; 16]; 8] = [
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 220, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [
        2027, 2, 191, 16, 1, 3, 2, 29, 40, 40, 11, 2, 131, 74, 119, 58,
    ],
    [
        135, 90, 119, 41, 40, 42, 41, 23, 24, 32, 151, 11, 6, 71, 10, 1,
    ],
    [1, 27, 4, 9, 8, 16, 18, 3, 5, 23, 1, 2, 8, 6, 25, 22],
    [10, 1, 12, 13, 37, 5, 3, 4, 1, 1, 19, 12, 2, 12, 1, 95],
    [
        82, 432, 73, 196, 228, 706, 124, 87, 206, 381, 6, 42, 210, 145, 347, 357,
    ],
    [
        162, 21, 378, 433, 590, 161, 65, 71, 31, 79, 5, 10, 93, 10, 1, 1,
    ],
];

/// Halves of bytes that a bucket knows at one place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Halves {
    low: u16,
    high: u16,
}

impl Halves {
    const ANY: Self = Self {
        low: u16::MAX,
        high: u16::MAX,
    };

    fn or(self, other: Self) -> Self {
        Self {
            low: self.low | other.low,
            high: self.high | other.high,
        }
    }
}

type Places = [Halves; PLACES];

#[derive(Debug, Clone, Default)]
struct Bucket {
    places: Places,
    odds: [f32; PLACES],
    cost: f32,
}

impl Buckets {
    pub(super) fn new(literals: &[Literal]) -> Self {
        let odds = Odds::new();
        let mut buckets = vec![Bucket::default(); BUCKETS];
        let mut backs = vec![0; literals.len()];
        // Those with the fewest choices choose first.
        let mut order: Vec<usize> = (0..literals.len()).collect();
        order.sort_by_key(|number| literals.get(*number).map(|literal| literal.text.len()));
        for number in order {
            let (Some(literal), Some(back)) = (literals.get(number), backs.get_mut(number)) else {
                continue;
            };
            let best = windows(literal)
                .flat_map(|(back, window)| {
                    let costs = buckets.iter().enumerate();
                    let odds = &odds;
                    costs.map(move |(at, bucket)| (bucket.more(&window, odds), at, back, window))
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((_, at, chosen, window)) = best
                && let Some(bucket) = buckets.get_mut(at)
            {
                bucket.add(&window, &odds);
                *back = chosen;
            }
        }
        Self {
            tables: tables_of(&buckets),
            backs,
        }
    }
}

/// The windows of a literal that may be sought.
fn windows(literal: &Literal) -> impl Iterator<Item = (u8, Places)> {
    let last = literal.text.len().saturating_sub(PLACES);
    (0..=last).filter_map(|back| Some((u8::try_from(back).ok()?, places(literal, back))))
}

fn places(literal: &Literal, back: usize) -> Places {
    let mut places = [Halves::ANY; PLACES];
    for (place, halves) in places.iter_mut().enumerate() {
        let bytes = literal.bytes_at(back + place);
        let known = bytes.map(|byte| Halves {
            low: 1 << (byte & 15),
            high: 1 << (byte >> 4),
        });
        *halves = known.reduce(Halves::or).unwrap_or(Halves::ANY);
    }
    places
}

impl Bucket {
    /// What this window would make it let through in addition.
    fn more(&self, window: &Places, odds: &Odds) -> f32 {
        let places = self.places.iter().zip(window).zip(&self.odds);
        let cost: f32 = places
            .map(|((own, other), known)| match own.or(*other) {
                both if both == *own => *known,
                both => odds.of(both),
            })
            .product();
        cost - self.cost
    }

    fn add(&mut self, window: &Places, odds: &Odds) {
        let places = self.places.iter_mut().zip(&mut self.odds).zip(window);
        for ((own, known), other) in places {
            *own = own.or(*other);
            *known = odds.of(*own);
        }
        self.cost = self.odds.iter().product();
    }
}

/// How often a byte has such halves: sums of [`COMMON`] over the low halves of a row, for eight
/// of them at a time.
struct Odds(Vec<[[f32; 256]; 2]>);

impl Odds {
    fn new() -> Self {
        let sums = |row: &[u16]| {
            let mut sums = [0.0; 256];
            for (mask, sum) in sums.iter_mut().enumerate() {
                let chosen = row
                    .iter()
                    .enumerate()
                    .filter(|(bit, _)| mask >> bit & 1 == 1);
                *sum = chosen.map(|(_, count)| f32::from(*count) / 10_000.0).sum();
            }
            sums
        };
        let rows = COMMON.iter().map(|row| {
            let (first, second) = row.split_at(8);
            [sums(first), sums(second)]
        });
        Self(rows.collect())
    }

    fn of(&self, halves: Halves) -> f32 {
        let [low, high] = halves.low.to_le_bytes();
        let rows = self.0.iter().enumerate();
        let rows = rows.filter(|(row, _)| halves.high >> row & 1 == 1);
        let sum = |sums: &[f32; 256], mask: u8| sums.get(usize::from(mask)).copied().unwrap_or(0.0);
        // Bytes that never came here may come elsewhere.
        let floor = 1e-5 * (halves.low.count_ones() * halves.high.count_ones()) as f32;
        rows.map(|(_, [first, second])| sum(first, low) + sum(second, high))
            .sum::<f32>()
            + floor
    }
}

fn tables_of(buckets: &[Bucket]) -> Box<[Table; TABLES]> {
    let mut tables = Box::new([[[[0; 32]; 2]; PLACES]; TABLES]);
    for (table, buckets) in tables.iter_mut().zip(buckets.chunks(8)) {
        for (bit, bucket) in buckets.iter().enumerate() {
            for ([low, high], halves) in table.iter_mut().zip(&bucket.places) {
                set_bit(low, bit, halves.low);
                set_bit(high, bit, halves.high);
            }
        }
    }
    tables
}

fn set_bit(table: &mut [u8; 32], bit: usize, halves: u16) {
    for (half, buckets) in table.iter_mut().enumerate() {
        if halves >> (half & 15) & 1 == 1 {
            *buckets |= 1 << bit;
        }
    }
}
