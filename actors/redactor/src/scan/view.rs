//! What a family sees of a text.

use super::classes::{ClassId, Classes, Runs};

/// A text, or as much of it as has come.
#[derive(Debug)]
pub(crate) struct View<'t> {
    /// The bytes so far; whole characters of UTF-8.
    pub(crate) text: &'t [u8],
    /// Whether nothing follows. If not, every answer that depends on what stands at or after the
    /// end of `text` must be `Looks::open`.
    pub(crate) complete: bool,
    /// The byte sets of the rule set.
    pub(crate) classes: &'t Classes,
    /// Ends of long runs.
    pub(crate) runs: &'t mut Runs,
}

impl View<'_> {
    /// The byte at `at`, if it has come.
    #[inline]
    pub(crate) fn byte(&self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    /// The byte before `at`; `None` at the beginning of the text.
    #[inline]
    pub(crate) fn before(&self, at: usize) -> Option<u8> {
        self.text.get(at.checked_sub(1)?).copied()
    }

    /// The end of the longest stretch of bytes of `class` that begins at `at`.
    ///
    /// If that is the end of an incomplete text, the run may go on.
    #[inline]
    pub(crate) fn run_end(&mut self, class: ClassId, at: usize) -> usize {
        self.runs.end(class, self.classes.set(class), self.text, at)
    }

    /// Whether `at` is past what has come, and more may come.
    #[inline]
    pub(crate) fn is_open_at(&self, at: usize) -> bool {
        at >= self.text.len() && !self.complete
    }
}
