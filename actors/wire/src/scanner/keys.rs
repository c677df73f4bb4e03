//! The keys of the objects that are open, to notice one that stands twice.
//!
//! Most objects have a handful of keys, where comparing with each is fastest. A wide object is
//! hashed, with a random key, so that nobody can choose keys that make it slow.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::escape::decode_key;

/// Keys of one object that are compared one by one; beyond, they are hashed.
///
/// No request object of the known APIs has more, and 32 comparisons of a word stay below the cost
/// of a hash with a random key.
const NARROW: usize = 32;

pub(super) struct KeyStack<'a> {
    seen: Vec<Seen<'a>>,
    wide: Vec<Wide<'a>>,
}

/// A key as it is spelt. One with escapes is decoded again for each comparison, which happens
/// only if the heads are equal, and spares the others an owner.
#[derive(Clone, Copy)]
struct Seen<'a> {
    head: u64,
    spelling: Spelling<'a>,
}

#[derive(Clone, Copy)]
struct Spelling<'a> {
    raw: &'a [u8],
    escaped: bool,
}

impl<'a> Spelling<'a> {
    #[inline(always)]
    fn head(self) -> u64 {
        match self.escaped {
            true => head_of_escaped(self.raw),
            false => head_of(self.raw),
        }
    }

    fn key(self) -> Cow<'a, [u8]> {
        if self.escaped {
            Cow::Owned(decode_key(self.raw))
        } else {
            Cow::Borrowed(self.raw)
        }
    }

    #[inline(never)]
    fn is(self, other: Self) -> bool {
        if self.escaped || other.escaped {
            return self.key() == other.key();
        }
        self.raw == other.raw
    }
}

struct Wide<'a> {
    from: usize,
    keys: HashSet<Cow<'a, [u8]>>,
}

impl<'a> KeyStack<'a> {
    pub(super) fn with_room(keys: usize) -> Self {
        Self {
            seen: Vec::with_capacity(keys),
            wide: Vec::new(),
        }
    }

    /// Where the keys of an object that opens now will begin.
    pub(super) fn open(&self) -> usize {
        self.seen.len()
    }

    /// Forgets the keys of the object that began at `from`, the innermost one.
    #[inline]
    pub(super) fn close(&mut self, from: usize) {
        self.seen.truncate(from);
        if !self.wide.is_empty() {
            self.wide.pop_if(|wide| wide.from == from);
        }
    }

    /// Notes a key of the innermost object, as it is spelt; `false` if it was there.
    #[inline(always)]
    pub(super) fn insert(&mut self, from: usize, raw: &'a [u8], escaped: bool) -> bool {
        let spelling = Spelling { raw, escaped };
        if !self.wide.is_empty()
            && let Some(is_new) = insert_wide(&mut self.wide, from, spelling)
        {
            return is_new;
        }
        let head = spelling.head();
        let siblings = self.seen.get(from..).unwrap_or_default();
        let mut alike = siblings.iter().filter(|seen| seen.head == head);
        if alike.any(|seen| seen.spelling.is(spelling)) {
            return false;
        }
        if siblings.len() >= NARROW {
            return widen(&mut self.wide, siblings, from, spelling);
        }
        self.seen.push(Seen { head, spelling });
        true
    }
}

/// `None` if this object is not wide.
#[inline(never)]
fn insert_wide<'a>(wide: &mut [Wide<'a>], from: usize, spelling: Spelling<'a>) -> Option<bool> {
    let wide = wide.last_mut().filter(|wide| wide.from == from)?;
    Some(wide.keys.insert(spelling.key()))
}

#[cold]
fn widen<'a>(
    wide: &mut Vec<Wide<'a>>,
    siblings: &[Seen<'a>],
    from: usize,
    spelling: Spelling<'a>,
) -> bool {
    let known = siblings.iter().map(|seen| seen.spelling.key());
    let mut keys: HashSet<_> = known.collect();
    let fresh = keys.insert(spelling.key());
    wide.push(Wide { from, keys });
    fresh
}

#[cold]
fn head_of_escaped(raw: &[u8]) -> u64 {
    head_of(&decode_key(raw))
}

/// Some bytes of a key and its length, to tell most keys apart in one comparison.
#[inline(always)]
fn head_of(key: &[u8]) -> u64 {
    let half = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
    let bytes = match (
        key.first_chunk::<8>(),
        key.first_chunk::<4>(),
        key.last_chunk::<4>(),
    ) {
        (Some(word), _, _) => u64::from_le_bytes(*word),
        (None, Some(first), Some(last)) => half(first) | half(last) << 32,
        _ => key
            .iter()
            .fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    bytes ^ (key.len() as u64).rotate_right(8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_do_not_see_each_others_keys() {
        let mut keys = KeyStack::with_room(8);
        let outer = keys.open();
        assert!(keys.insert(outer, b"a", false));
        let inner = keys.open();
        assert!(keys.insert(inner, b"a", false));
        keys.close(inner);
        assert!(keys.insert(outer, b"b", false));
        assert!(!keys.insert(outer, b"a", false));
    }

    #[test]
    fn wide_objects_notice_duplicates_too() {
        let names: Vec<_> = (0..500).map(|number| format!("k{number}")).collect();
        let mut keys = KeyStack::with_room(8);
        let outer = keys.open();
        for name in &names {
            assert!(keys.insert(outer, name.as_bytes(), false));
            let inner = keys.open();
            assert!(keys.insert(inner, b"k0", false));
            keys.close(inner);
        }
        assert!(!keys.insert(outer, b"k0", false));
        assert!(!keys.insert(outer, b"k499", false));
    }
}
