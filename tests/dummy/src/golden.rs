//! Answers from the golden files: the model `golden-<case>` is answered with what stands in
//! `actors/wire/tests/golden/<format>/<case>.*`, in the status and headers of their index.
//!
//! `golden-<case>.interleaved` gives the second stream of a case that has one. Files are read
//! when they are asked for; what is not there is answered with 501, so that nobody takes it for
//! an answer.

use std::cell::OnceCell;
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::answered::Answered;
use crate::formats::{Format, Wire};
use crate::frame;

/// A folder of golden files with its index, which is read once.
#[derive(Debug)]
pub(crate) struct Golden {
    folder: PathBuf,
    index: OnceCell<Value>,
}

/// A line of a file of frames.
#[derive(Debug, Deserialize)]
struct FrameLine<'a> {
    #[serde(rename = ":message-type")]
    message: &'a str,
    #[serde(rename = ":event-type")]
    event: Option<&'a str>,
    #[serde(rename = ":exception-type")]
    exception: Option<&'a str>,
    #[serde(rename = ":content-type")]
    content: &'a str,
    #[serde(borrow)]
    payload: &'a RawValue,
}

impl Golden {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            index: OnceCell::new(),
        }
    }

    /// The folder in the sources from which the program was built.
    pub(crate) fn usual_folder() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../actors/wire/tests/golden")
    }

    /// The answer of a case.
    pub(crate) fn answer(&self, format: Format, case: &str, stream: bool, array: bool) -> Answered {
        let found = self.found(format, case, stream, array);
        found.unwrap_or_else(|| {
            let said = format!("no golden file: {}/{case}, stream {stream}", format.label());
            Answered::whole(501, said.into_bytes())
        })
    }

    fn found(&self, format: Format, case: &str, stream: bool, array: bool) -> Option<Answered> {
        let (case, variant) = case.split_once('.').unwrap_or((case, ""));
        let known = self.case(format, case)?;
        let file = |kind: &str| known.pointer(&format!("/files/{kind}"))?.as_str();
        let name = match (stream, variant) {
            (true, "interleaved") => Some(file("stream_interleaved")?),
            (true, _) if array => Some(file("stream_array")?),
            (true, _) => file("stream"),
            (false, _) => None,
        };
        match name {
            Some(name) => self.streamed(format, known, name, array),
            // An error is whole even if a stream was asked for.
            None => self.whole(format, known, file("response")?),
        }
    }

    fn whole(&self, format: Format, known: &Value, name: &str) -> Option<Answered> {
        let status = u16::try_from(known.get("status")?.as_u64()?).ok()?;
        let (kind, extra) = headers(known);
        let answered = Answered::whole(status, self.read(format, name)?);
        Some(Answered {
            kind: kind.unwrap_or(answered.kind),
            extra,
            ..answered
        })
    }

    fn streamed(&self, format: Format, known: &Value, name: &str, array: bool) -> Option<Answered> {
        let bytes = self.read(format, name)?;
        let pieces = match format {
            Format::Bedrock => frames(&bytes)?,
            Format::Ollama => bytes
                .split_inclusive(|&byte| byte == b'\n')
                .map(<[u8]>::to_vec)
                .collect(),
            _ => events(&bytes),
        };
        Some(Answered {
            kind: Wire::new(format, array).content_type().to_owned(),
            extra: headers(known).1,
            pieces,
            stream: true,
            ..Answered::whole(200, Vec::new())
        })
    }

    fn case(&self, format: Format, case: &str) -> Option<&Value> {
        let index = self.index.get_or_init(|| {
            let bytes = fs::read(self.folder.join("index.json")).unwrap_or_default();
            serde_json::from_slice(&bytes).unwrap_or_default()
        });
        let word = |entry: &Value, name: &str, word: &str| {
            entry.get(name).and_then(Value::as_str) == Some(word)
        };
        let cases = index.get("cases")?.as_array()?;
        cases
            .iter()
            .find(|entry| word(entry, "format", format.label()) && word(entry, "case", case))
    }

    fn read(&self, format: Format, name: &str) -> Option<Vec<u8>> {
        fs::read(self.folder.join(format.label()).join(name)).ok()
    }
}

/// The content type of the index, and its other headers as lines.
fn headers(known: &Value) -> (Option<String>, String) {
    let (mut kind, mut extra) = (None, String::new());
    let headers = known.get("response_headers").and_then(Value::as_object);
    for (name, value) in headers.into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        match name.as_str() {
            "content-type" => kind = Some(value.to_owned()),
            name => extra.extend([name, ": ", value, "\r\n"]),
        }
    }
    (kind, extra)
}

/// The payload's bytes as they stand, in a frame with the line's headers.
fn frames(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let lines = bytes.split(|&byte| byte == b'\n');
    let lines = lines.filter(|line| !line.is_empty()).map(|line| {
        let line: FrameLine<'_> = serde_json::from_slice(line).ok()?;
        let kind = match (line.event, line.exception) {
            (Some(name), _) => (":event-type", name),
            (None, name) => (":exception-type", name?),
        };
        let headers = [
            kind,
            (":content-type", line.content),
            (":message-type", line.message),
        ];
        Some(frame::of(&headers, line.payload.get().as_bytes()))
    });
    lines.collect()
}

/// The events of an event stream, each with its blank line.
fn events(bytes: &[u8]) -> Vec<Vec<u8>> {
    let (mut events, mut from) = (Vec::new(), 0);
    let ends = bytes.windows(2).enumerate();
    let ends = ends.filter(|(_, window)| *window == b"\n\n");
    for end in ends.map(|(at, _)| at + 2).chain([bytes.len()]) {
        if let Some(event) = bytes.get(from..end).filter(|event| !event.is_empty()) {
            events.push(event.to_vec());
            from = end;
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden() -> Golden {
        Golden::new(Golden::usual_folder())
    }

    fn file(name: &str) -> Vec<u8> {
        fs::read(Golden::usual_folder().join(name)).unwrap()
    }

    #[test]
    fn every_case_of_the_index_has_an_answer() {
        let golden = golden();
        let index: Value = serde_json::from_slice(&file("index.json")).unwrap();
        for entry in index["cases"].as_array().unwrap() {
            let (label, case) = (&entry["format"], entry["case"].as_str().unwrap());
            let format = Format::ALL
                .into_iter()
                .find(|format| label == format.label());
            for (stream, kind) in [(false, "response"), (true, "stream")] {
                if entry["files"].get(kind).is_some() {
                    let answered = golden.answer(format.unwrap(), case, stream, false);
                    let status = if stream {
                        200
                    } else {
                        entry["status"].as_u64().unwrap()
                    };
                    assert_eq!(u64::from(answered.status), status, "{label} {case} {kind}");
                }
            }
        }
    }

    #[test]
    fn a_stream_is_its_file_byte_for_byte() {
        let golden = golden();
        for (format, name) in [
            (Format::OpenAiChat, "openai-chat/spelling.stream.sse"),
            (Format::Ollama, "ollama/spelling.stream.ndjson"),
            (Format::Gemini, "gemini/spelling.stream.sse"),
        ] {
            let answered = golden.answer(format, "spelling", true, false);
            assert_eq!(answered.pieces.concat(), file(name), "{name}");
        }
    }

    #[test]
    fn frames_are_those_of_the_binary_files() {
        for case in [
            "plain",
            "tools-parallel",
            "reasoning-redacted",
            "midstream-error",
        ] {
            let answered = golden().answer(Format::Bedrock, case, true, false);
            let name = format!("bedrock-converse/{case}.stream.bin");
            assert_eq!(answered.pieces.concat(), file(&name), "{case}");
        }
    }

    #[test]
    fn variants_are_found_and_errors_come_with_their_headers() {
        let golden = golden();
        let interleaved =
            golden.answer(Format::Anthropic, "tools-parallel.interleaved", true, false);
        assert_eq!(
            interleaved.pieces.concat(),
            file("anthropic/tools-parallel.interleaved.stream.sse")
        );
        let array = golden.answer(Format::Gemini, "plain", true, true);
        assert_eq!(
            (array.status, array.kind.as_str()),
            (200, "application/json")
        );
        let limited = golden.answer(Format::Anthropic, "error-429", true, false);
        assert_eq!((limited.status, limited.stream), (429, false));
        assert!(
            limited.extra.contains("retry-after: 12\r\n"),
            "{}",
            limited.extra
        );
        assert_eq!(
            golden.answer(Format::Ollama, "n2", false, false).status,
            501
        );
    }
}
