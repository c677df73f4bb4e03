//! Keyed digests of client tokens, and the table they are looked up in.
//!
//! A token is known only as `HMAC-SHA256(key, SHA-256(token))`. The key is random per sealed
//! vault and stands in its pages; without it a stolen table tells nothing, not even about a weak
//! token. The plain hash inside makes a `token_hash` in a secrets file as good as the token.
//!
//! # Security
//! The work of a lookup is the same for one key or ten thousand, known or not: digest the token,
//! take one bucket, compare it with as many neighbours as the fullest bucket may have, without
//! stopping at a match. Which bucket that is depends on a keyed digest, so a caller who measures
//! times cannot steer it.
//!
//! # Source
//! HMAC: RFC 2104. Written over the hash function because the usual implementation keeps the
//! prepared key in ordinary memory; a test compares the two.

use sha2::{Digest, Sha256};
use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::error::VaultError;

/// Bytes that the padded keys take in the sealed pages: two blocks of the hash function.
pub(crate) const KEY_BYTES: usize = 2 * BLOCK;
const BLOCK: usize = 64;
const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5C;

/// How many digests one bucket may hold, and how many comparisons each lookup makes.
const BUCKET: usize = 8;

/// The owner of no digest.
const NOBODY: u32 = u32::MAX;

/// A keyed digest, as words, since these are compared.
pub(crate) type TokenDigest = [u64; 4];

/// The plain hash of a token, wiped on drop.
pub(crate) type PlainHash = Zeroizing<[u8; 32]>;

/// Hashes a token that comes in pieces.
pub(crate) fn plain_hash<E>(
    feed: impl FnOnce(&mut dyn FnMut(&[u8])) -> Result<(), E>,
) -> Result<PlainHash, E> {
    let mut state = Sha256::new();
    feed(&mut |piece| state.update(piece))?;
    Ok(finish(state))
}

fn finish(state: Sha256) -> PlainHash {
    let mut hash = Zeroizing::new([0_u8; 32]);
    state.finalize_into((&mut *hash).into());
    hash
}

/// Makes a random key and leaves its two padded blocks in `room`.
///
/// # Errors
/// [`VaultError::NoRandomness`].
pub(crate) fn new_key(room: &mut [u8]) -> Result<(), VaultError> {
    let (inner, outer) = room
        .split_at_mut_checked(BLOCK)
        .ok_or(VaultError::NoRandomness)?;
    getrandom::fill(inner).map_err(|_| VaultError::NoRandomness)?;
    for (inner, outer) in inner.iter_mut().zip(outer) {
        *outer = *inner ^ OUTER_PAD;
        *inner ^= INNER_PAD;
    }
    Ok(())
}

/// Digests a plain hash under the key whose padded blocks `key` begins with.
///
/// Hash states are wiped when dropped, a feature of the hash crate that this one turns on.
pub(crate) fn keyed_digest(key: &[u8], message: &[u8; 32]) -> TokenDigest {
    let (inner_block, rest) = key.split_at(BLOCK.min(key.len()));
    let (outer_block, _) = rest.split_at(BLOCK.min(rest.len()));
    let inner = finish(
        Sha256::new()
            .chain_update(inner_block)
            .chain_update(message),
    );
    let outer = finish(Sha256::new().chain_update(outer_block).chain_update(*inner));
    words(&outer)
}

fn words(bytes: &[u8; 32]) -> TokenDigest {
    let mut words = [0; 4];
    for (word, eight) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*eight);
    }
    words
}

/// Two owners of the same digest, the earlier one first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Twins {
    pub(crate) first: usize,
    pub(crate) second: usize,
}

/// Which digest belongs to whom.
///
/// The entries stand sorted by bucket, and a bucket is where its entries begin; so the table is
/// as large as its digests and hardly more, whatever their number.
#[derive(Default)]
pub(crate) struct DigestTable {
    entries: Vec<Entry>,
    begins: Vec<u32>,
    bucket_bits: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    digest: TokenDigest,
    owner: u32,
}

impl Entry {
    /// Stands behind the last bucket, so that it too has neighbours to be compared with.
    const PADDING: Self = Self {
        digest: [0; 4],
        owner: NOBODY,
    };
}

impl DigestTable {
    /// Takes the digests in the order of their owners, from 0.
    ///
    /// # Errors
    /// Two owners that have the same digest.
    pub(crate) fn new(digests: &[TokenDigest]) -> Result<Self, Twins> {
        let numbered = digests.iter().zip(0..);
        let mut entries: Vec<Entry> = numbered
            .map(|(digest, owner)| Entry {
                digest: *digest,
                owner,
            })
            .collect();
        entries.sort_unstable();
        if let Some(twins) = twins(&entries) {
            return Err(twins);
        }
        let mut bucket_bits = digests.len().next_power_of_two().trailing_zeros();
        // Random digests overfill a bucket about once in three thousand tables of 10,000.
        while !fits(&entries, bucket_bits) && bucket_bits < 24 {
            bucket_bits += 1;
        }
        let begins = begins(&entries, bucket_bits);
        entries.resize(entries.len() + BUCKET, Entry::PADDING);
        Ok(Self {
            entries,
            begins,
            bucket_bits,
        })
    }

    /// The number of the owner of `digest`.
    ///
    /// The owner stands beside the digest and is selected like it, so that a hit touches no
    /// memory that a miss leaves alone.
    pub(crate) fn owner(&self, digest: &TokenDigest) -> Option<usize> {
        let begin = *self.begins.get(bucket(digest, self.bucket_bits))? as usize;
        let mut found = NOBODY;
        for entry in self.entries.get(begin..begin + BUCKET)? {
            found.conditional_assign(&entry.owner, difference(&entry.digest, digest).ct_eq(&0));
        }
        (found != NOBODY).then_some(found as usize)
    }
}

fn twins(sorted: &[Entry]) -> Option<Twins> {
    let mut neighbours = sorted.iter().zip(sorted.iter().skip(1));
    let (first, second) = neighbours.find(|(a, b)| a.digest == b.digest)?;
    Some(Twins {
        first: first.owner as usize,
        second: second.owner as usize,
    })
}

fn difference(a: &TokenDigest, b: &TokenDigest) -> u64 {
    a.iter().zip(b).fold(0, |seen, (a, b)| seen | (a ^ b))
}

/// The first bits of the digest, so that sorting by digest sorts by bucket.
fn bucket(digest: &TokenDigest, bits: u32) -> usize {
    let [first, ..] = digest;
    first
        .checked_shr(64 - bits)
        .map_or(0, |bucket| usize::try_from(bucket).unwrap_or(usize::MAX))
}

fn fits(sorted: &[Entry], bits: u32) -> bool {
    let mut apart = sorted.iter().zip(sorted.iter().skip(BUCKET));
    !apart.any(|(first, last)| bucket(&first.digest, bits) == bucket(&last.digest, bits))
}

/// Where each bucket's entries begin.
fn begins(sorted: &[Entry], bits: u32) -> Vec<u32> {
    let mut begins = vec![0_u32; 1_usize << bits];
    let mut sorted = sorted.iter().peekable();
    let mut passed = 0;
    for (number, begin) in begins.iter_mut().enumerate() {
        *begin = passed;
        while sorted
            .next_if(|entry| bucket(&entry.digest, bits) == number)
            .is_some()
        {
            passed += 1;
        }
    }
    begins
}

#[cfg(test)]
mod tests {
    use hmac::{KeyInit, Mac};
    use proptest::prelude::*;

    use super::*;

    fn hash_of(token: &[u8]) -> PlainHash {
        let fed = plain_hash(|take| {
            take(token);
            Ok::<(), ()>(())
        });
        fed.unwrap()
    }

    fn table_of(digests: &[TokenDigest]) -> DigestTable {
        DigestTable::new(digests).unwrap_or_else(|twins| panic!("{twins:?}"))
    }

    fn numbered(count: u32) -> Vec<TokenDigest> {
        let key = [7; KEY_BYTES];
        (0..count)
            .map(|n| keyed_digest(&key, &hash_of(&n.to_le_bytes())))
            .collect()
    }

    #[test]
    fn the_digest_is_hmac_sha256_of_the_plain_hash() {
        let mut room = [0; KEY_BYTES];
        new_key(&mut room).unwrap();
        let key: Vec<u8> = room[..BLOCK].iter().map(|byte| byte ^ INNER_PAD).collect();
        let message = hash_of(b"nk-token");
        let mut reference = hmac::Hmac::<Sha256>::new_from_slice(&key).unwrap();
        reference.update(&*message);
        let expected: [u8; 32] = reference.finalize().into_bytes().into();
        assert_eq!(keyed_digest(&room, &message), words(&expected));
    }

    #[test]
    fn keys_differ_and_their_halves_belong_together() {
        let (mut first, mut second) = ([0; KEY_BYTES], [0; KEY_BYTES]);
        new_key(&mut first).unwrap();
        new_key(&mut second).unwrap();
        assert_ne!(first, second);
        let (inner, outer) = first.split_at(BLOCK);
        let together = |(a, b): (&u8, &u8)| a ^ INNER_PAD == b ^ OUTER_PAD;
        assert!(inner.iter().zip(outer).all(together));
    }

    #[test]
    fn each_of_ten_thousand_is_found_and_nobody_else() {
        for count in [0, 1, 2, 7, 8, 9, 1_000, 10_000] {
            let digests = numbered(count + 100);
            let (known, unknown) = digests.split_at(count as usize);
            let table = table_of(known);
            for (owner, digest) in known.iter().enumerate() {
                assert_eq!(table.owner(digest), Some(owner));
            }
            assert!(unknown.iter().all(|digest| table.owner(digest).is_none()));
        }
    }

    #[test]
    fn the_padding_of_the_table_is_no_key() {
        let table = table_of(&numbered(3));
        assert_eq!(table.owner(&[0; 4]), None);
        assert_eq!(table_of(&[]).owner(&[0; 4]), None);
    }

    #[test]
    fn crowded_buckets_are_split_until_they_fit() {
        let crowd: Vec<TokenDigest> = (0..9).map(|n| [n << 55, n, 0, 0]).collect();
        let table = table_of(&crowd);
        for (owner, digest) in crowd.iter().enumerate() {
            assert_eq!(table.owner(digest), Some(owner));
        }
    }

    #[test]
    fn the_same_digest_twice_is_noticed() {
        let mut digests = numbered(50);
        digests.push(digests[20]);
        let twins = DigestTable::new(&digests).err();
        assert_eq!(
            twins,
            Some(Twins {
                first: 20,
                second: 50
            })
        );
        let many = vec![[1; 4]; 1_000];
        assert!(DigestTable::new(&many).is_err());
    }

    proptest! {
        #[test]
        fn pieces_hash_like_the_whole(bytes in any::<Vec<u8>>(), cut in any::<prop::sample::Index>()) {
            let (front, back) = bytes.split_at(cut.index(bytes.len() + 1));
            let in_pieces = plain_hash(|take| {
                take(front);
                take(back);
                Ok::<(), ()>(())
            });
            prop_assert_eq!(in_pieces, Ok(hash_of(&bytes)));
        }
    }
}
