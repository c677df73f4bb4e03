//! How events stand in a body: event streams, JSON lines, one JSON array, binary frames. Pure.

use serde_json::Value;

use super::{Dialect, Event, Format};
use crate::frame;

const EVENTS: &str = "text/event-stream; charset=utf-8";
const LINES: &str = "application/x-ndjson";
const FRAMES: &str = "application/vnd.amazon.eventstream";
const JSON: &str = "application/json";

/// Frames the events of one stream, and numbers them where the format does.
#[derive(Debug)]
pub(crate) struct Wire {
    format: Format,
    /// Gemini without `alt=sse`: the stream is one JSON array.
    array: bool,
    sequence: u64,
}

impl Wire {
    pub(crate) fn new(format: Format, array: bool) -> Self {
        Self {
            format,
            array: array && format == Format::Gemini,
            sequence: 0,
        }
    }

    pub(crate) fn content_type(&self) -> &'static str {
        match self.format {
            Format::Ollama => LINES,
            Format::Bedrock => FRAMES,
            Format::Gemini if self.array => JSON,
            _ => EVENTS,
        }
    }

    /// The format's words.
    pub(crate) fn dialect(&self) -> &'static dyn Dialect {
        self.format.dialect()
    }

    /// The bytes of one event.
    pub(crate) fn event(&mut self, event: &Event) -> Vec<u8> {
        let bytes = encode(self.format, self.array, event, self.sequence);
        self.sequence += 1;
        bytes
    }

    pub(crate) fn events(&mut self, events: &[Event]) -> Vec<Vec<u8>> {
        events.iter().map(|event| self.event(event)).collect()
    }

    /// The same event many times.
    pub(crate) fn repeated(&mut self, event: Event, times: usize) -> Repeated {
        let from = self.sequence;
        self.sequence += u64::try_from(times).unwrap_or(u64::MAX);
        let (format, array) = (self.format, self.array);
        if array || format == Format::OpenAiResponses {
            return Repeated::Numbered {
                format,
                array,
                event,
                from,
            };
        }
        Repeated::Same(encode(format, array, &event, from))
    }

    /// What stands behind the last event.
    pub(crate) fn after(&self) -> Option<Vec<u8>> {
        match self.format {
            Format::OpenAiChat | Format::Cohere => Some(b"data: [DONE]\n\n".to_vec()),
            Format::Gemini if self.array => Some(b"]".to_vec()),
            _ => None,
        }
    }
}

/// An event that is sent many times.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Repeated {
    Same(Vec<u8>),
    /// Each differs: a `sequence_number` of its own, or a bracket before the first.
    Numbered {
        format: Format,
        array: bool,
        event: Event,
        from: u64,
    },
}

impl Repeated {
    /// The bytes of the repetition with this number, from 0.
    pub(crate) fn bytes(&self, number: usize) -> Vec<u8> {
        match self {
            Self::Same(bytes) => bytes.clone(),
            Self::Numbered {
                format,
                array,
                event,
                from,
            } => {
                let number = from + u64::try_from(number).unwrap_or_default();
                encode(*format, *array, event, number)
            }
        }
    }
}

fn encode(format: Format, array: bool, event: &Event, sequence: u64) -> Vec<u8> {
    let Event { name, data } = event;
    match format {
        Format::Bedrock => frame::of_event(name, data.to_string().as_bytes()),
        Format::Ollama => line(data),
        Format::Gemini if array && sequence == 0 => format!("[{data}").into_bytes(),
        Format::Gemini if array => format!("\n,\r\n{data}").into_bytes(),
        Format::OpenAiResponses => sse(name, &numbered(data, sequence)),
        _ => sse(name, &data.to_string()),
    }
}

/// Ollama escapes the line ends of Unicode, as all programs in Go do; its SDK relies on it.
fn line(data: &Value) -> Vec<u8> {
    let escaped = data.to_string().replace('\u{2028}', "\\u2028");
    let mut line = escaped.replace('\u{2029}', "\\u2029");
    line.push('\n');
    line.into_bytes()
}

fn sse(name: &str, data: &str) -> Vec<u8> {
    if name.is_empty() {
        return format!("data: {data}\n\n").into_bytes();
    }
    format!("event: {name}\ndata: {data}\n\n").into_bytes()
}

fn numbered(data: &Value, sequence: u64) -> String {
    let mut data = data.clone();
    if let Some(fields) = data.as_object_mut() {
        fields.insert("sequence_number".to_owned(), sequence.into());
    }
    data.to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bytes(format: Format, name: &'static str) -> String {
        let event = Event {
            name,
            data: json!({"a": 1}),
        };
        String::from_utf8_lossy(&Wire::new(format, true).event(&event)).into_owned()
    }

    #[test]
    fn events_are_framed_as_their_format_does() {
        assert_eq!(bytes(Format::OpenAiChat, ""), "data: {\"a\":1}\n\n");
        assert_eq!(
            bytes(Format::Anthropic, "ping"),
            "event: ping\ndata: {\"a\":1}\n\n"
        );
        assert_eq!(bytes(Format::Ollama, ""), "{\"a\":1}\n");
        assert!(bytes(Format::Bedrock, "messageStart").contains(":event-type"));
    }

    #[test]
    fn repetitions_go_on_counting() {
        let event = Event {
            name: "x",
            data: json!({}),
        };
        let mut wire = Wire::new(Format::OpenAiResponses, false);
        wire.event(&event);
        let repeated = wire.repeated(event.clone(), 2);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        assert!(text(repeated.bytes(1)).contains(r#""sequence_number":2"#));
        assert!(text(wire.event(&event)).contains(r#""sequence_number":3"#));
    }
}
