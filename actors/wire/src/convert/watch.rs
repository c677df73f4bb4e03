//! Looks on while events pass: usage, text, the final event, an error.
//!
//! Owns the cheap look that tells which events are worth reading. All others, which is nearly all
//! of a stream, cost a search for a word or two. Owns also where a stream ends: what follows its
//! final event is nothing of it, and is not passed.

use memchr::memmem;

use super::stream::{Progress, owned};
use super::text_meter::TextMeter;
use crate::canonical::reply::Counts;
use crate::canonical::step::Step;
use crate::format::ApiFormat;
use crate::formats::{StreamReader, codec};
use crate::sse::{Event, Onward};
use crate::usage::Usage;

/// See the module's text.
pub(super) struct Watch {
    format: ApiFormat,
    /// `None` for Chat Completions, whose usage is read without one.
    reader: Option<Box<dyn StreamReader>>,
    counts: Counts,
    meter: TextMeter,
    telling: Vec<memmem::Finder<'static>>,
    /// Only for Chat Completions.
    words: Option<Words>,
    over: bool,
}

/// What is searched for in every event of a Chat Completions stream.
struct Words {
    usage: memmem::Finder<'static>,
    error: memmem::Finder<'static>,
    choices: memmem::Finder<'static>,
}

impl Watch {
    pub(super) fn new(format: ApiFormat) -> Self {
        let reader = (format != ApiFormat::OpenAiChat).then(|| codec(format).stream_reader(""));
        let words = reader.is_none().then(Words::new);
        Self {
            format,
            reader,
            counts: Counts::default(),
            meter: TextMeter::new(format),
            telling: telling(format),
            words,
            over: false,
        }
    }

    /// Whether the final event was seen.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    pub(super) fn see(&mut self, event: &Event<'_>, progress: &mut Progress) -> Onward {
        let onward = self.look(event, progress);
        self.over = onward != Onward::Goes;
        onward
    }

    fn look(&mut self, event: &Event<'_>, progress: &mut Progress) -> Onward {
        if event.is_done() {
            return self.end_mark(progress);
        }
        // Only Cohere's stream has something behind the event that says that it is done.
        if progress.done {
            return Onward::EndedBefore;
        }
        progress.events += 1;
        if self.reader.is_some() && self.is_worth_reading(event) {
            self.read(event, progress);
        } else {
            progress.text_bytes += self.meter.of(event.data) as u64;
        }
        if let Some(words) = &self.words {
            words.see_chat(event, progress);
        }
        if progress.failure.is_some() && is_sentence(self.format, event) {
            // It is no event of the format: the client is told in one that is.
            progress.failure_shown = false;
            return Onward::EndedBefore;
        }
        let failed = progress.failure.is_some() && !self.has_more_to_say(event);
        match progress.done && self.format != ApiFormat::Cohere || failed {
            true => Onward::EndsAfter,
            false => Onward::Goes,
        }
    }

    /// Events have names in four formats, which say it without a search.
    fn is_worth_reading(&self, event: &Event<'_>) -> bool {
        let name = event.name;
        let named = !name.is_empty();
        let says = || {
            self.telling
                .iter()
                .any(|word| word.find(event.data).is_some())
        };
        match self.format {
            ApiFormat::OpenAiChat => false,
            ApiFormat::Anthropic if named => name.starts_with(b"message_") || name == b"error",
            ApiFormat::OpenAiResponses if named => ends_or_begins(name),
            ApiFormat::Cohere if named => name == b"message-end",
            ApiFormat::Cohere => says() || is_sentence(self.format, event),
            ApiFormat::Bedrock => !name.starts_with(b"content") && name != b"messageStart",
            _ => says(),
        }
    }

    /// `[DONE]` ends two formats; some servers send it in others, whose clients take it for data.
    fn end_mark(&mut self, progress: &mut Progress) -> Onward {
        match self.format {
            ApiFormat::OpenAiChat => {
                progress.events += 1;
                progress.done = true;
                Onward::EndsAfter
            }
            ApiFormat::Cohere => Onward::EndsAfter,
            _ => {
                self.end(progress);
                Onward::EndedBefore
            }
        }
    }

    /// An error of Responses is followed by the response as it then is.
    fn has_more_to_say(&self, event: &Event<'_>) -> bool {
        self.format == ApiFormat::OpenAiResponses
            && memmem::find(event.data, b"\"response.failed\"").is_none()
    }

    fn read(&mut self, event: &Event<'_>, progress: &mut Progress) {
        let Some(reader) = &mut self.reader else {
            return;
        };
        let (counts, format) = (&mut self.counts, self.format);
        let read = reader.event(event, &mut |step| {
            if let (Step::Start(start), ApiFormat::OpenAiResponses) = (&step, format) {
                let id = start.id.as_ref().map(|id| id.decoded().into_owned());
                progress.stored_id = id.or(progress.stored_id.take());
            }
            // Cohere's reader waits for the close of the connection.
            progress.done |= matches!((&step, format), (Step::Stop { .. }, ApiFormat::Cohere));
            if let Step::Delta { text, .. } = &step {
                progress.text_bytes += text.spelt_len() as u64;
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

impl Words {
    fn new() -> Self {
        Self {
            usage: memmem::Finder::new("\"usage\""),
            error: memmem::Finder::new("\"error\""),
            choices: memmem::Finder::new("\"choices\""),
        }
    }

    fn see_chat(&self, event: &Event<'_>, progress: &mut Progress) {
        if self.has_usage_object(event.data)
            && let Some(found) = Usage::from_event(event.data)
        {
            progress.usage = Some(found);
        }
        let says = |word: &memmem::Finder<'_>| word.find(event.data).is_some();
        if says(&self.error) && !says(&self.choices) {
            see_chat_error(event, progress);
        }
    }

    /// Some providers write `"usage":null` into every event; those need no parser.
    fn has_usage_object(&self, data: &[u8]) -> bool {
        self.usage.find_iter(data).any(|at| {
            let rest = data.get(at + "\"usage\"".len()..).unwrap_or_default();
            let value = rest.trim_ascii_start().strip_prefix(b":");
            value.is_some_and(|value| value.trim_ascii_start().starts_with(b"{"))
        })
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

/// Whether it is none of the format's events: an error may be a sentence and nothing else.
fn is_sentence(format: ApiFormat, event: &Event<'_>) -> bool {
    let says = |word: &str| memmem::find(event.data, word.as_bytes()).is_some();
    match format {
        ApiFormat::Cohere => event.name.is_empty() && !says("\"type\"") && says("\"message\""),
        ApiFormat::Bedrock => {
            let known = event.name.starts_with(b"content") || event.name.starts_with(b"message");
            let exception = event.name.ends_with(b"xception");
            !known && !exception && event.name != b"metadata"
        }
        _ => false,
    }
}

/// Words of events that are worth reading, where no name says it.
fn telling(format: ApiFormat) -> Vec<memmem::Finder<'static>> {
    let words: &[&str] = match format {
        ApiFormat::OpenAiChat | ApiFormat::Bedrock => &[],
        ApiFormat::Anthropic => &["\"message_", "\"error\""],
        ApiFormat::OpenAiResponses => &[
            "\"response.created\"",
            "\"response.completed\"",
            "\"response.incomplete\"",
            "\"response.failed\"",
            "\"error\"",
        ],
        ApiFormat::Gemini => &["usageMetadata", "finishReason", "\"error\""],
        ApiFormat::Cohere => &["message-end"],
        ApiFormat::Ollama => &["\"done_reason\"", "eval_count", "\"error\""],
    };
    words
        .iter()
        .map(|word| memmem::Finder::new(*word))
        .collect()
}

/// Whether a response begins or ends with an event of this name.
fn ends_or_begins(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 5] = [
        b"response.created",
        b"response.completed",
        b"response.incomplete",
        b"response.failed",
        b"error",
    ];
    NAMES.contains(&name)
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
        let has = |data: &[u8]| {
            let watch = Watch::new(ApiFormat::OpenAiChat);
            watch.words.unwrap().has_usage_object(data)
        };
        let text = br#"{"choices":[{"delta":{"content":"\"usage\":{"}}],"usage":null}"#;
        assert!(!has(text));
        assert!(has(br#"{"choices":[],"usage" : {"prompt_tokens":3}}"#));
    }
}
