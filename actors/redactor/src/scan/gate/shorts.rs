//! Where literals of up to four bytes may stand, for a search that looks up 64 bytes at once.
//!
//! Owns: which of them share a *group*, and the tables: which groups have a literal with such a
//! byte at each of its places. A byte is known by its six lower bits, which tell letters, their
//! cases and signs from each other, but not digits from some small letters.
//!
//! Short literals come in families (`ghp_`, `gho_`; what a number begins with in base64), so few
//! groups let next to nothing pass by chance. Guesses are too many and never too few.

use super::literals::Literal;
use super::sieve::{Bits, in_each_case, often};

/// Literals of more bytes are not for these tables.
pub(super) const LONGEST_SHORT: usize = 4;
/// Entries of a table.
pub(super) const ENTRIES: usize = 64;

/// Groups of one lookup, a bit each.
const GROUPS: usize = 8;
/// Words of the tables of the second look.
const WORDS: usize = 1 << 8;

const THREE: u64 = 0x00FF_FFFF;
const FOUR: u64 = 0xFFFF_FFFF;
/// The bit that tells small letters from capitals, in four bytes.
const FOLD: u64 = 0x2020_2020;

/// For each place of a literal and each byte there, the groups that go with it.
pub(super) type Lookup<const PLACES: usize> = [[u8; ENTRIES]; PLACES];

/// The tables.
#[derive(Debug)]
pub(super) struct Shorts {
    /// Those of two and three bytes.
    pub(super) three: Lookup<3>,
    pub(super) four: [Lookup<4>; 2],
    threes: Bits<WORDS>,
    fours: Bits<WORDS>,
}

/// Which bytes may stand at each of four places, by their six lower bits.
type Group = [u64; LONGEST_SHORT];

impl Shorts {
    pub(super) fn new(literals: &[Literal]) -> Box<Self> {
        let shares = Shares::new();
        let of = |lengths: &[usize]| {
            let own = literals
                .iter()
                .filter(|literal| lengths.contains(&literal.text.len()));
            own.map(group_of).collect::<Vec<_>>()
        };
        let mut four = shares.grouped(of(&[4]), 2 * GROUPS);
        let second = four.split_off(GROUPS);
        let mut shorts = Box::new(Self {
            three: lookup(&shares.grouped(of(&[2, 3]), GROUPS)),
            four: [lookup(&four), lookup(&second)],
            threes: Bits::new(),
            fours: Bits::new(),
        });
        literals.iter().for_each(|literal| shorts.add(literal));
        shorts
    }

    fn add(&mut self, literal: &Literal) {
        match *literal.text {
            [a, b] => (0..=u8::MAX).for_each(|c| self.add_three([a, b, c], literal)),
            [a, b, c] => self.add_three([a, b, c], literal),
            [a, b, c, d] => {
                let four = u32::from_le_bytes([a, b, c, d]);
                self.fours.set(u64::from(four) | FOLD);
            }
            _ => {}
        }
    }

    fn add_three(&mut self, three: [u8; 3], literal: &Literal) {
        in_each_case(three, literal.any_case).for_each(|three| self.threes.set(three));
    }

    /// The second look: whether one is likely to be known by the first bytes of eight.
    #[inline(always)]
    pub(super) fn are_likely(&self, eight: [u8; 8]) -> bool {
        let bytes = u64::from_le_bytes(eight);
        self.threes.has(bytes & THREE) | self.fours.has(bytes & FOUR | FOLD)
    }
}

fn group_of(literal: &Literal) -> Group {
    std::array::from_fn(|place| {
        let bytes = literal.bytes_at(place);
        let bits = bytes.fold(0, |bits, byte| bits | 1 << (byte & 63));
        match literal.text.get(place) {
            Some(_) => bits,
            None => u64::MAX,
        }
    })
}

fn lookup<const PLACES: usize>(groups: &[Group]) -> Lookup<PLACES> {
    let entry = |place: usize, byte: usize| {
        let has = |group: &Group| group.get(place).is_some_and(|bits| bits >> byte & 1 == 1);
        let groups = groups.iter().enumerate();
        groups.fold(0, |bits, (number, group)| {
            bits | u8::from(has(group)) << number
        })
    };
    std::array::from_fn(|place| std::array::from_fn(|byte| entry(place, byte)))
}

/// How often bytes come, for eight of the 64 kinds at a time.
struct Shares(Vec<[f32; 256]>);

impl Shares {
    fn new() -> Self {
        let kinds: [f32; ENTRIES] = std::array::from_fn(|kind| {
            let bytes = (0..128_u8).filter(|byte| usize::from(byte & 63) == kind);
            bytes.map(often).sum::<f32>() / 10_000.0
        });
        let (eights, _) = kinds.as_chunks::<8>();
        let sums = |eight: &[f32; 8]| {
            std::array::from_fn(|bits| {
                let of = eight.iter().enumerate();
                of.filter(|(bit, _)| bits >> bit & 1 == 1)
                    .map(|(_, share)| share)
                    .sum()
            })
        };
        Self(eights.iter().map(sums).collect())
    }

    /// How likely four bytes are to pass by chance.
    fn odds(&self, group: &Group) -> f32 {
        group.iter().map(|bits| self.share(*bits)).product()
    }

    fn share(&self, bits: u64) -> f32 {
        if bits == u64::MAX {
            return 1.0;
        }
        let sums = self.0.iter().zip(bits.to_le_bytes());
        sums.map(|(sums, byte)| sums.get(usize::from(byte)).copied().unwrap_or(0.0))
            .sum()
    }

    /// So many groups: each literal goes where it lets least more pass, the most common first.
    fn grouped(&self, mut literals: Vec<Group>, count: usize) -> Vec<Group> {
        literals.sort_by(|a, b| self.odds(b).total_cmp(&self.odds(a)));
        let mut groups = vec![(Group::default(), 0.0); count];
        for literal in literals {
            let joined = groups.iter().enumerate().map(|(number, (group, odds))| {
                let group = joined(group, &literal);
                let after = self.odds(&group);
                (number, group, after, after - odds)
            });
            let best = joined.min_by(|a, b| a.3.total_cmp(&b.3));
            if let Some((number, group, odds, _)) = best
                && let Some(place) = groups.get_mut(number)
            {
                *place = (group, odds);
            }
        }
        groups.into_iter().map(|(group, _)| group).collect()
    }
}

fn joined(a: &Group, b: &Group) -> Group {
    let mut both = *a;
    both.iter_mut().zip(b).for_each(|(to, bits)| *to |= bits);
    both
}
