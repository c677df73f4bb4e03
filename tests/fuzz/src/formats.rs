//! What the targets of the API formats share.

use wire::aws_event_stream::write_frame;
use wire::{ApiFormat, Asked, Target, ThinkingForm};

/// One of the formats.
pub fn any_format(number: u8) -> ApiFormat {
    let all = ApiFormat::ALL;
    all[usize::from(number) % all.len()]
}

/// A model that takes everything.
pub fn target() -> Target<'static> {
    Target {
        model: "model",
        provider: "upstream",
        max_output: Some(4096),
        takes_sampling: true,
        thinking: ThinkingForm::Effort,
        wants_usage: false,
        effort: None,
        seals: None,
    }
}

/// A client that asked for everything.
pub fn asked() -> Asked {
    Asked {
        model: "model".to_owned(),
        provider: "upstream".to_owned(),
        include_usage: true,
        now: 1,
        request_id: "req-1".to_owned(),
        seals: None,
    }
}

/// Lines of text as events of a stream on the wire. A line may name its event before a tab.
pub fn framed(format: ApiFormat, text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let mut out = Vec::new();
    for line in text.lines() {
        let (name, data) = line.split_once('\t').unwrap_or(("", line));
        match format {
            ApiFormat::Bedrock => write_frame(name, data.as_bytes(), false, &mut out),
            ApiFormat::Ollama => out.extend_from_slice(format!("{data}\n").as_bytes()),
            _ => out.extend_from_slice(format!("event: {name}\ndata: {data}\n\n").as_bytes()),
        }
    }
    out
}
