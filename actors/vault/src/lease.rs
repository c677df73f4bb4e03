//! The loan of a provider key: the one way in which a key leaves the vault.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::locked_pages::SealedPages;

/// A provider key on loan: it points into the sealed pages and keeps them from being wiped.
///
/// # Security
/// Not `Clone`; `Debug` shows nothing. Hold it as short as one request, and copy no byte of it:
/// write it to the connection straight from [`Lease::expose`].
pub struct Lease {
    pages: Arc<SealedPages>,
    span: Range<usize>,
}

impl Lease {
    pub(crate) fn new(pages: Arc<SealedPages>, span: Range<usize>) -> Self {
        Self { pages, span }
    }

    /// The key itself.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.pages
            .bytes()
            .get(self.span.clone())
            .unwrap_or_default()
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
