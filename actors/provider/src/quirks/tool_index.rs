//! Streams whose tool calls come without an index.
//!
//! OpenAI's clients put the pieces of a call together by `index`, and fail without it. Gemini's
//! compatible API leaves it out and sends each call whole, so each call is the next one.

use bytes::Bytes;

use super::json;

/// Counts the calls of one stream, for each choice.
#[derive(Debug, Default)]
pub struct ToolIndexes(Vec<usize>);

impl ToolIndexes {
    /// The data of an event with an index on each call; the same bytes if nothing was missing.
    pub fn complete(&mut self, data: &Bytes) -> Bytes {
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
}
