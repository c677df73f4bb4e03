//! Where something may stand, for a stretch of text at a time.
//!
//! A jump that depends on the text costs as much as reading 30 bytes, since no processor foresees
//! it. So guesses are first written down without one, then tried once more without one, and few
//! are left to be compared byte by byte.

use super::sieve::BLOCK;

/// Bytes of text whose guesses are kept: their places fit in a byte.
pub(super) const PAGE: usize = 256;

/// Guesses that are written at once, whether there are so many or not.
const AT_ONCE: usize = 8;

/// Guesses in a stretch of text, by their distance from its beginning.
#[derive(Debug)]
pub(super) struct Guesses {
    places: [u8; PAGE + AT_ONCE],
    count: usize,
    /// What is left of them, and places that are a byte behind one.
    likely: [u8; PAGE + AT_ONCE],
}

impl Default for Guesses {
    fn default() -> Self {
        Self {
            places: [0; PAGE + AT_ONCE],
            count: 0,
            likely: [0; PAGE + AT_ONCE],
        }
    }
}

impl Guesses {
    /// Notes a place for each bit; `at` is that of the first one.
    #[inline]
    pub(super) fn add(&mut self, mut mask: u64, at: usize) {
        let start = self.count;
        self.count += mask.count_ones() as usize;
        if let Some(places) = self.places.get_mut(start..start + AT_ONCE) {
            for place in places {
                *place = lowest(&mut mask, at);
            }
        }
        if mask != 0 {
            self.add_more(mask, at, start + AT_ONCE);
        }
    }

    #[cold]
    fn add_more(&mut self, mut mask: u64, at: usize, start: usize) {
        let places = self.places.iter_mut().skip(start);
        for place in places.take(mask.count_ones() as usize) {
            *place = lowest(&mut mask, at);
        }
    }

    /// Forgets all, and says those that are likely: of each place, which is an even one, whether
    /// something is, and whether something is a byte behind it. `text` is the stretch and all that
    /// follows; eight bytes of it are asked for each place, zeros after the end.
    #[inline(always)]
    pub(super) fn settle(
        &mut self,
        text: &[u8],
        are_likely: impl Fn([u8; 8]) -> [bool; 2],
    ) -> &[u8] {
        let count = std::mem::take(&mut self.count);
        let mut likely = 0;
        for place in self.places.get(..count).unwrap_or_default() {
            let [here, behind] = are_likely(eight(text, *place));
            for (place, is_likely) in [(*place, here), (*place | 1, behind)] {
                if let Some(to) = self.likely.get_mut(likely) {
                    *to = place;
                }
                likely += usize::from(is_likely);
            }
        }
        self.likely.get(..likely).unwrap_or_default()
    }
}

/// Guesses in a stretch of text where many are written at once, by their distance from its
/// beginning.
#[derive(Debug)]
pub(super) struct Places {
    places: [u8; PAGE + BLOCK],
    count: usize,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            places: [0; PAGE + BLOCK],
            count: 0,
        }
    }
}

impl Places {
    /// Where the next ones go.
    #[inline(always)]
    pub(super) fn free(&mut self) -> Option<&mut [u8; BLOCK]> {
        let free = self.places.get_mut(self.count..)?;
        free.first_chunk_mut()
    }

    /// So many were written.
    #[inline(always)]
    pub(super) fn took(&mut self, count: usize) {
        self.count += count;
    }

    /// Forgets all, and says those that are likely, as [`Guesses::settle`] does.
    #[inline(always)]
    pub(super) fn settle(&mut self, text: &[u8], is_likely: impl Fn([u8; 8]) -> bool) -> &[u8] {
        let count = std::mem::take(&mut self.count);
        let mut likely = 0;
        for at in 0..count {
            let place = self.places.get(at).copied().unwrap_or(0);
            if let Some(to) = self.places.get_mut(likely) {
                *to = place;
            }
            likely += usize::from(is_likely(eight(text, place)));
        }
        self.places.get(..likely).unwrap_or_default()
    }
}

#[inline(always)]
fn eight(text: &[u8], place: u8) -> [u8; 8] {
    let at = usize::from(place);
    let bytes = text.get(at..at + 8).and_then(<[u8]>::first_chunk);
    bytes.copied().unwrap_or_else(|| last_bytes(text, at))
}

#[cold]
fn last_bytes(text: &[u8], at: usize) -> [u8; 8] {
    let mut bytes = [0; 8];
    let taken = bytes.iter_mut().zip(text.get(at..).unwrap_or_default());
    taken.for_each(|(to, from)| *to = *from);
    bytes
}

/// Takes the lowest bit away, and says its place; anything if there is none.
#[inline]
fn lowest(mask: &mut u64, at: usize) -> u8 {
    let place = at + mask.trailing_zeros() as usize;
    *mask &= mask.wrapping_sub(1);
    (place & (PAGE - 1)) as u8
}

const _: () = assert!(PAGE.is_multiple_of(BLOCK) && PAGE == 1 << u8::BITS);
