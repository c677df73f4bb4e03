//! Streams whose tool calls come without an index.
//!
//! OpenAI's clients put the pieces of a call together by `index`, and fail without it. Gemini's
//! compatible API leaves it out and sends each call whole, so each call is the next one. Lines are
//! put together first, so it does not matter how the stream is cut.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_http::error::PayloadError;
use bytes::Bytes;
use futures_util::Stream;

use super::json;
use crate::relay::Chunks;

/// Longest line that is waited for. A longer one is no event, and passes as it is.
const LONGEST_LINE: usize = 4 << 20;

/// A stream of events whose calls all have an index.
pub(crate) struct WithIndexes {
    chunks: Chunks,
    indexes: ToolIndexes,
    /// The beginning of a line.
    held: Vec<u8>,
}

impl WithIndexes {
    pub(crate) fn new(chunks: Chunks) -> Self {
        Self {
            chunks,
            indexes: ToolIndexes::default(),
            held: Vec::new(),
        }
    }

    /// The whole lines so far, those with calls completed.
    fn lines(&mut self, chunk: &[u8]) -> Bytes {
        self.held.extend_from_slice(chunk);
        let end = match memchr::memrchr(b'\n', &self.held) {
            Some(at) => at + 1,
            None if self.held.len() > LONGEST_LINE => self.held.len(),
            None => return Bytes::new(),
        };
        let rest = self.held.split_off(end);
        let whole = std::mem::replace(&mut self.held, rest);
        if memchr::memmem::find(&whole, b"\"tool_calls\"").is_none() {
            return whole.into();
        }
        let mut out = Vec::with_capacity(whole.len() + 64);
        for line in whole.split_inclusive(|byte| *byte == b'\n') {
            out.extend_from_slice(&self.line(line));
        }
        out.into()
    }

    fn line(&mut self, line: &[u8]) -> Bytes {
        let Some(data) = line.strip_prefix(b"data:") else {
            return Bytes::copy_from_slice(line);
        };
        let data = self.indexes.complete(&Bytes::copy_from_slice(data));
        [b"data:", data.as_ref()].concat().into()
    }
}

impl Stream for WithIndexes {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            let whole = match ready!(this.chunks.as_mut().poll_next(cx)) {
                Some(Ok(chunk)) => this.lines(&chunk),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None if this.held.is_empty() => return Poll::Ready(None),
                None => std::mem::take(&mut this.held).into(),
            };
            if !whole.is_empty() {
                return Poll::Ready(Some(Ok(whole)));
            }
        }
    }
}

/// Counts the calls of one stream, for each choice.
#[derive(Debug, Default)]
struct ToolIndexes(Vec<usize>);

impl ToolIndexes {
    /// The data of an event with an index on each call; the same bytes if nothing was missing.
    fn complete(&mut self, data: &Bytes) -> Bytes {
        // Most events have no call, and are not looked at any further.
        if memchr::memmem::find(data, b"\"tool_calls\"").is_none() {
            return data.clone();
        }
        let mut edits = json::Edits::default();
        let choices = json::member(data, json::start(data), "choices");
        let choices = choices.map(|found| json::elements(data, found.value.start));
        for (place, choice) in choices.unwrap_or_default().iter().enumerate() {
            let calls = json::member(data, choice.start, "delta")
                .and_then(|delta| json::member(data, delta.value.start, "tool_calls"))
                .map(|calls| json::elements(data, calls.value.start));
            for call in calls.unwrap_or_default() {
                let next = self.next(place);
                if json::member(data, call.start, "index").is_none() {
                    edits.insert(data, call.start, &format!(r#""index":{next}"#));
                }
            }
        }
        edits.apply(data)
    }

    fn next(&mut self, choice: usize) -> usize {
        if self.0.len() <= choice {
            self.0.resize(choice + 1, 0);
        }
        self.0.get_mut(choice).map_or(0, |count| {
            *count += 1;
            *count - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_without_an_index_is_the_next_one() {
        let mut indexes = ToolIndexes::default();
        let event = |calls: &str| {
            Bytes::from(format!(
                r#"{{"choices":[{{"index":0,"delta":{{"tool_calls":[{calls}]}}}}]}}"#
            ))
        };
        let one = indexes.complete(&event(r#"{"id":"a"},{"id":"b"}"#));
        assert_eq!(one, event(r#"{"index":0,"id":"a"},{"index":1,"id":"b"}"#));
        let two = indexes.complete(&event(r#"{"id":"c"}"#));
        assert_eq!(two, event(r#"{"index":2,"id":"c"}"#));
    }

    #[test]
    fn what_has_an_index_or_no_call_stays_as_it_is() {
        let mut indexes = ToolIndexes::default();
        for text in [
            r#"{"choices":[{"delta":{"tool_calls":[{"index":7}]}}]}"#,
            r#"{"choices":[{"delta":{"content":"\"tool_calls\""}}]}"#,
            r#"{"choices":[]}"#,
            "[DONE]",
            r#"{"choices":[{"delta":{"tool_calls":"#,
        ] {
            let data = Bytes::from_static(text.as_bytes());
            assert_eq!(indexes.complete(&data), data, "{text}");
        }
    }

    #[test]
    fn a_stream_is_completed_however_it_is_cut() {
        let events = b"data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"a\"}]}}]}\r\n\r\ndata: [DONE]\n\ndata: tail";
        let whole = b"data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\"}]}}]}\r\n\r\ndata: [DONE]\n\ndata: tail";
        for step in [1, 7, events.len()] {
            let pieces = events
                .chunks(step)
                .map(|piece| Ok(Bytes::copy_from_slice(piece)));
            let pieces: Vec<Result<Bytes, PayloadError>> = pieces.collect();
            let completed = WithIndexes::new(Box::pin(futures_util::stream::iter(pieces)));
            let read = futures_util::StreamExt::collect::<Vec<_>>(completed);
            let seen = futures_util::FutureExt::now_or_never(read).expect("nothing is waited for");
            let seen: Vec<u8> = seen.into_iter().flat_map(|piece| piece.unwrap()).collect();
            assert_eq!(seen, whole);
        }
    }
}
