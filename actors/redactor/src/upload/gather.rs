//! Puts small pieces together on their way out, so that a line is not a packet.
//!
//! Owns what is ready to go. Large pieces are not copied.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};

/// Pieces up to here are copied together.
const SMALL: usize = 4 << 10;
/// What is gathered goes when it is this long.
const ENOUGH: usize = 16 << 10;

#[derive(Debug, Default)]
pub(super) struct Gather {
    small: BytesMut,
    ready: VecDeque<Bytes>,
}

impl Gather {
    pub(super) fn push(&mut self, bytes: Bytes) {
        if bytes.len() > SMALL {
            self.settle();
            self.ready.push_back(bytes);
            return;
        }
        self.small.extend_from_slice(&bytes);
        if self.small.len() >= ENOUGH {
            self.settle();
        }
    }

    /// What may go now; what is small waits for `all`.
    pub(super) fn next(&mut self, all: bool) -> Option<Bytes> {
        if all && self.ready.is_empty() {
            self.settle();
        }
        self.ready.pop_front()
    }

    fn settle(&mut self) {
        if !self.small.is_empty() {
            self.ready.push_back(self.small.split().freeze());
        }
    }
}
