//! Lets whole events of a stream through and holds back the torn last one.
//!
//! A provider's connection may break in the middle of an event. If the first half had been
//! passed on, no final event could be well-formed after it. So what follows the last blank line
//! waits until its own blank line comes. Chunks that end with a blank line, nearly all of them,
//! pass without a copy.

use bytes::{Bytes, BytesMut};
use memchr::memrchr_iter;

/// Length of the longest blank line with the line end before it: CR LF CR LF.
const LONGEST_END: usize = 4;

/// Holds at most one incomplete event.
#[derive(Debug, Default)]
pub struct EventGate {
    torn: BytesMut,
}

impl EventGate {
    /// Takes the next chunk and gives what is complete; empty if nothing is.
    pub fn push(&mut self, chunk: Bytes) -> Bytes {
        if self.torn.is_empty() {
            let end = end_of_last_event(&chunk);
            if end == chunk.len() {
                return chunk;
            }
            self.torn
                .extend_from_slice(chunk.get(end..).unwrap_or_default());
            return chunk.slice(..end);
        }
        // What came before holds no end: only its last bytes may begin one. So an event of many
        // chunks is read once.
        let seen = self.torn.len().saturating_sub(LONGEST_END - 1);
        self.torn.extend_from_slice(&chunk);
        let fresh = self.torn.get(seen..).unwrap_or_default();
        match end_of_last_event(fresh) {
            0 => Bytes::new(),
            end => self.torn.split_to(seen + end).freeze(),
        }
    }

    /// Bytes held back now.
    #[must_use]
    pub fn held(&self) -> usize {
        self.torn.len()
    }

    /// What is held back, completed with a blank line; for a stream that ended well.
    pub fn finish(&mut self) -> Option<Bytes> {
        if self.torn.is_empty() {
            return None;
        }
        self.torn.extend_from_slice(b"\n\n");
        Some(self.torn.split().freeze())
    }
}

/// The offset after the last blank line, 0 if there is none.
///
/// # Source
/// WHATWG HTML, section 9.2.5: lines end with LF, CR LF or CR.
fn end_of_last_event(text: &[u8]) -> usize {
    let at = |index: usize| text.get(index).copied();
    let by_line_feed = memrchr_iter(b'\n', text).find_map(|feed| {
        let before = feed.checked_sub(1).and_then(at);
        let blank = match before {
            Some(b'\n') => true,
            Some(b'\r') => matches!(feed.checked_sub(2).and_then(at), Some(b'\n' | b'\r')),
            _ => false,
        };
        blank.then_some(feed + 1)
    });
    let by_return = || {
        memrchr_iter(b'\r', text)
            .find(|&cr| cr.checked_sub(1).and_then(at) == Some(b'\r'))
            .map(|cr| cr + 1)
    };
    by_line_feed.or_else(by_return).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pass(chunks: &[&[u8]]) -> (Vec<u8>, EventGate) {
        let mut gate = EventGate::default();
        let mut out = Vec::new();
        for chunk in chunks {
            out.extend_from_slice(&gate.push(Bytes::copy_from_slice(chunk)));
        }
        (out, gate)
    }

    #[test]
    fn whole_events_pass_untouched() {
        let (out, gate) = pass(&[b"data: 1\n\n", b"data: 2\n\ndata: 3\n\n"]);
        assert_eq!(out, b"data: 1\n\ndata: 2\n\ndata: 3\n\n");
        assert_eq!(gate.held(), 0);
    }

    #[test]
    fn a_torn_event_waits_for_its_end() {
        let (out, gate) = pass(&[b"data: 1\n\ndata: {\"a\""]);
        assert_eq!(out, b"data: 1\n\n");
        assert_eq!(gate.held(), 10);
    }

    #[test]
    fn other_line_ends_are_known() {
        assert_eq!(pass(&[b"data: 1\r\n\r\nda"]).0, b"data: 1\r\n\r\n");
        assert_eq!(pass(&[b"data: 1\r\rda"]).0, b"data: 1\r\r");
    }

    #[test]
    fn the_last_event_may_lack_its_blank_line() {
        let (_, mut gate) = pass(&[b"data: [DONE]\n"]);
        assert_eq!(gate.finish().as_deref(), Some(&b"data: [DONE]\n\n\n"[..]));
    }

    proptest! {
        #[test]
        fn no_cut_changes_the_bytes_or_lets_a_torn_event_out(cuts in proptest::collection::vec(1usize..9, 1..40)) {
            let text = b"data: {\"a\":1}\n\n: ping\n\ndata: b\r\n\r\ndata: tail".as_slice();
            let (mut rest, mut gate, mut out) = (text, EventGate::default(), Vec::new());
            for cut in cuts {
                let (now, later) = rest.split_at(cut.min(rest.len()));
                rest = later;
                out.extend_from_slice(&gate.push(Bytes::copy_from_slice(now)));
                prop_assert!(out.is_empty() || out.ends_with(b"\n\n") || out.ends_with(b"\r\n\r\n"));
            }
            out.extend_from_slice(&gate.torn);
            prop_assert_eq!(&out[..], &text[..text.len() - rest.len()]);
        }
    }
}
