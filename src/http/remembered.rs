//! What a client was shown of a stream, where the end of a broken one depends on it.
//!
//! Owns the first and the last events of a stream of Responses, whose last one counts on and tells
//! the response again. Clients of other formats need nothing remembered. Called by `relay`.

use bytes::Bytes;
use memchr::memmem;
use wire::{ApiFormat, Shown};

/// See the module's text. One per stream.
#[derive(Debug, Default)]
pub struct Remembered {
    wanted: bool,
    opening: Bytes,
    latest: Bytes,
}

impl Remembered {
    /// For a client of this format.
    #[must_use]
    pub fn for_client(format: ApiFormat) -> Self {
        Self {
            wanted: format == ApiFormat::OpenAiResponses,
            ..Self::default()
        }
    }

    /// Takes note of whole events that go out now.
    pub fn keep(&mut self, events: &Bytes) {
        if !self.wanted || memmem::find(events, b"\"sequence_number\"").is_none() {
            return;
        }
        if self.opening.is_empty() {
            // A copy, since a slice would keep all of the connection's piece of memory.
            self.opening = Bytes::copy_from_slice(events);
        }
        self.latest = events.clone();
    }

    /// What the end of the stream is written from.
    #[must_use]
    pub fn shown(&self) -> Shown<'_> {
        Shown {
            opening: &self.opening,
            latest: &self.latest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_events_of_responses_are_kept_and_no_comment() {
        let first = Bytes::from_static(b"data: {\"sequence_number\":0}\n\n");
        let last = Bytes::from_static(b"data: {\"sequence_number\":1}\n\n");
        let comment = Bytes::from_static(b": keep-alive\n\n");
        let mut kept = Remembered::for_client(ApiFormat::OpenAiResponses);
        let mut nothing = Remembered::for_client(ApiFormat::Anthropic);
        for events in [&first, &last, &comment] {
            kept.keep(events);
            nothing.keep(events);
        }
        assert_eq!(
            (kept.shown().opening, kept.shown().latest),
            (&*first, &*last)
        );
        assert!(nothing.shown().latest.is_empty());
    }
}
