//! The search for triggers without vectors, for other processors, and to compare with.

use super::Search;
use super::special::SPECIALS;

/// Looks at each byte from `from` on.
pub(super) fn search(text: &[u8], from: usize, search: &mut Search<'_, '_>) {
    for (at, byte) in text.iter().enumerate().skip(from) {
        search.literal(at);
        for special in SPECIALS {
            if special.begins_with(*byte) {
                search.special(special, at);
            }
        }
    }
}
