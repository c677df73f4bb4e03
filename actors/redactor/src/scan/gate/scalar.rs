//! The search for triggers without vectors, for other processors, and to compare with.

use super::Search;

/// Looks at each byte from `from` on.
pub(super) fn search(text: &[u8], from: usize, search: &mut Search<'_, '_>) {
    for at in from..text.len() {
        search.literal(at, (at - from).is_multiple_of(2));
        search.special(at);
    }
}
