//! Which parts of a stream's items are open, which are over.
//!
//! Owns the numbers of blocks. Never keeps a text. Bounded: a server that opens more than any
//! reply needs is refused.

use super::event::Stream;
use crate::canonical::error::FormatError;
use crate::canonical::step::Block;

type Result<T> = std::result::Result<T, FormatError>;

/// Most parts that may be open, and most items that may be over before an earlier one is.
const MOST_OPEN: usize = 1024;

/// A block that is open.
#[derive(Debug)]
pub(super) struct Open {
    item: u64,
    /// Index of the content part; `None` for an item that is one block.
    part: Option<u64>,
    pub(super) block: Block,
    /// Whether any text of it was told.
    pub(super) told: bool,
    /// Whether the log probabilities that were told had the bytes of their tokens.
    pub(super) spelt: bool,
    /// Of a thought: which of its texts came last.
    pub(super) last: Option<(Stream, u64)>,
    /// How many citations were told.
    pub(super) citations: usize,
}

/// See the module's text.
#[derive(Debug, Default)]
pub(super) struct OpenItems {
    /// Number of the next block.
    next: u32,
    open: Vec<Open>,
    /// Parts that are over, of items that are not.
    closed: Vec<(u64, u64)>,
    /// Items that are over: all below this index, and those in the list.
    done: u64,
    done_early: Vec<u64>,
}

impl OpenItems {
    /// A number for a block.
    pub(super) fn number(&mut self) -> Block {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        Block { choice: 0, number }
    }

    /// The open block of a part or item.
    pub(super) fn find(&mut self, item: u64, part: Option<u64>) -> Option<&mut Open> {
        let wanted = |open: &&mut Open| open.item == item && open.part == part;
        self.open.iter_mut().rev().find(wanted)
    }

    /// Opens a block, unless it is open or over already.
    ///
    /// # Errors
    /// That too many are open.
    pub(super) fn open(&mut self, item: u64, part: Option<u64>) -> Result<Option<Block>> {
        let over = part.is_some_and(|part| self.closed.contains(&(item, part)));
        if over || self.is_done(item) || self.find(item, part).is_some() {
            return Ok(None);
        }
        if self.open.len() >= MOST_OPEN {
            return Err(FormatError::too_much_held());
        }
        let block = self.number();
        self.open.push(Open {
            item,
            part,
            block,
            told: false,
            spelt: false,
            last: None,
            citations: 0,
        });
        Ok(Some(block))
    }

    /// Closes the block of a content part, if it is open.
    ///
    /// # Errors
    /// That the item has too many parts.
    pub(super) fn close(&mut self, item: u64, part: u64) -> Result<Option<Open>> {
        let wanted = |open: &Open| open.item == item && open.part == Some(part);
        let Some(at) = self.open.iter().position(wanted) else {
            return Ok(None);
        };
        if self.closed.len() >= MOST_OPEN {
            return Err(FormatError::too_much_held());
        }
        self.closed.push((item, part));
        Ok(Some(self.open.remove(at)))
    }

    /// Closes whatever is open of an item; one block a call.
    pub(super) fn close_any(&mut self, item: u64) -> Option<Block> {
        let at = self.open.iter().position(|open| open.item == item)?;
        Some(self.open.remove(at).block)
    }

    /// Whether an item is over.
    pub(super) fn is_done(&self, item: u64) -> bool {
        item < self.done || self.done_early.contains(&item)
    }

    /// An item is over.
    ///
    /// # Errors
    /// That too many were over before an earlier one.
    pub(super) fn set_done(&mut self, item: u64) -> Result<()> {
        self.closed.retain(|(of, _)| *of != item);
        if item != self.done {
            if self.done_early.len() >= MOST_OPEN {
                return Err(FormatError::too_much_held());
            }
            self.done_early.push(item);
            return Ok(());
        }
        self.done = self.done.saturating_add(1);
        while let Some(at) = self.done_early.iter().position(|early| *early == self.done) {
            self.done_early.swap_remove(at);
            self.done = self.done.saturating_add(1);
        }
        Ok(())
    }
}
