//! Looks on while events pass: usage, the final event, an error.
//!
//! Owns the cheap look that tells which events are worth reading. All others, which is nearly all
//! of a stream, cost a search for a word.

use memchr::memmem;

use super::stream::{Progress, owned};
use crate::canonical::reply::Counts;
use crate::canonical::step::Step;
use crate::format::ApiFormat;
use crate::formats::{StreamReader, codec};
use crate::sse::Event;
use crate::usage::Usage;

/// See the module's text.
pub(super) struct Watch {
    format: ApiFormat,
    /// `None` for Chat Completions, whose usage is read without one.
    reader: Option<Box<dyn StreamReader>>,
    counts: Counts,
}

impl Watch {
    pub(super) fn new(format: ApiFormat) -> Self {
        let reader = (format != ApiFormat::OpenAiChat).then(|| codec(format).stream_reader(""));
        Self {
            format,
            reader,
            counts: Counts::default(),
        }
    }

    pub(super) fn see(&mut self, event: &Event<'_>, progress: &mut Progress) {
        progress.events += 1;
        let Some(reader) = &mut self.reader else {
            return see_chat(event, progress);
        };
        if !is_worth_reading(self.format, event) {
            return;
        }
        let (counts, format) = (&mut self.counts, self.format);
        let read = reader.event(event, &mut |step| {
            if let (Step::Start(start), ApiFormat::OpenAiResponses) = (&step, format) {
                let id = start.id.as_ref().map(|id| id.decoded().into_owned());
                progress.stored_id = id.or(progress.stored_id.take());
            }
            learn(&step, counts, progress);
            Ok(())
        });
        // What cannot be read passes all the same; it only cannot be counted.
        drop(read);
    }

    pub(super) fn end(&mut self, progress: &mut Progress) {
        let Some(reader) = self.reader.as_mut().filter(|_| !progress.done) else {
            return;
        };
        let counts = &mut self.counts;
        let read = reader.end(&mut |step| {
            if !matches!(step, Step::Fail(_)) {
                learn(&step, counts, progress);
            }
            Ok(())
        });
        drop(read);
    }
}

fn learn(step: &Step<'_>, counts: &mut Counts, progress: &mut Progress) {
    match step {
        Step::Usage(later) => counts.update(later),
        Step::Start(start) => match &start.usage {
            Some(first) => counts.update(first),
            None => return,
        },
        Step::End => {
            progress.done = true;
            return;
        }
        Step::Fail(failure) => {
            progress.failure = Some(owned(failure));
            progress.failure_shown = true;
            return;
        }
        _ => return,
    }
    progress.usage = Some(Usage::of_counts(counts));
}

fn see_chat(event: &Event<'_>, progress: &mut Progress) {
    if event.is_done() {
        progress.done = true;
        return;
    }
    if has_usage_object(event.data)
        && let Some(found) = Usage::from_event(event.data)
    {
        progress.usage = Some(found);
    }
    let says = |word: &str| memmem::find(event.data, word.as_bytes()).is_some();
    if says("\"error\"") && !says("\"choices\"") {
        see_chat_error(event, progress);
    }
}

/// An event that says nothing but an error.
#[cold]
fn see_chat_error(event: &Event<'_>, progress: &mut Progress) {
    let mut reader = codec(ApiFormat::OpenAiChat).stream_reader("");
    let read = reader.event(event, &mut |step| {
        if let Step::Fail(failure) = &step {
            progress.failure = Some(owned(failure));
            progress.failure_shown = true;
        }
        Ok(())
    });
    // What cannot be read passes all the same.
    drop(read);
}

/// Some providers write `"usage":null` into every event; those need no parser.
fn has_usage_object(data: &[u8]) -> bool {
    memmem::find_iter(data, b"\"usage\"").any(|at| {
        let rest = data
            .get(at + b"\"usage\"".len()..)
            .unwrap_or_default()
            .trim_ascii_start();
        rest.strip_prefix(b":")
            .is_some_and(|value| value.trim_ascii_start().starts_with(b"{"))
    })
}

fn is_worth_reading(format: ApiFormat, event: &Event<'_>) -> bool {
    let says = |word: &str| memmem::find(event.data, word.as_bytes()).is_some();
    match format {
        ApiFormat::OpenAiChat => false,
        ApiFormat::Anthropic => says("\"message_") || says("\"error\""),
        ApiFormat::OpenAiResponses => [
            "\"response.created\"",
            "\"response.completed\"",
            "\"response.incomplete\"",
            "\"response.failed\"",
            "\"error\"",
        ]
        .into_iter()
        .any(says),
        ApiFormat::Gemini => says("usageMetadata") || says("finishReason") || says("\"error\""),
        ApiFormat::Cohere => says("message-end") || event.is_done(),
        ApiFormat::Bedrock => {
            let name = event.name;
            name == b"metadata" || name == b"messageStop" || name.ends_with(b"xception")
        }
        ApiFormat::Ollama => says("\"done_reason\"") || says("eval_count") || says("\"error\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_provider_is_known_to_be_shown() {
        let seen = |data: &[u8]| {
            let (mut watch, mut progress) =
                (Watch::new(ApiFormat::OpenAiChat), Progress::default());
            let event = Event { name: b"", data };
            watch.see(&event, &mut progress);
            progress.failure_shown && progress.failure.is_some()
        };
        assert!(seen(
            br#"{"error":{"message":"overloaded","type":"server_error"}}"#
        ));
        assert!(!seen(
            br#"{"choices":[{"delta":{"content":"an \"error\""}}]}"#
        ));
        assert!(!seen(br#"{"id":"x","error":null}"#));
    }

    #[test]
    fn null_usage_needs_no_parser() {
        let text = br#"{"choices":[{"delta":{"content":"\"usage\":{"}}],"usage":null}"#;
        assert!(!has_usage_object(text));
        assert!(has_usage_object(
            br#"{"choices":[],"usage" : {"prompt_tokens":3}}"#
        ));
    }
}
