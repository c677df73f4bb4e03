//! What the gateway reads of the top level, format by format.
//!
//! Owns: which members those are, and that none of them has a lookalike: some parsers ignore letter
//! case, so gateway and provider could read different values.

use super::listener::Field;
use crate::error::WireError;
use crate::format::ApiFormat;

/// The top level of a request in one format.
#[derive(Debug)]
pub(super) struct Shape {
    /// Members that somebody in the gateway acts on.
    known: &'static [(&'static str, Field)],
    /// The member with the conversation.
    pub(super) turns: &'static str,
    /// The same, if a request without it means nothing.
    pub(super) needs: Option<&'static str>,
    /// Whether the conversation may be one string.
    pub(super) turns_may_be_text: bool,
    /// Whether the body names the model; else the path does.
    pub(super) model_in_body: bool,
    pub(super) streams_by_default: bool,
}

const CHAT: Shape = Shape {
    known: &[
        ("model", Field::Model),
        ("messages", Field::Messages),
        ("stream", Field::Stream),
        ("stream_options", Field::StreamOptions),
        ("max_tokens", Field::MaxTokens),
        ("max_completion_tokens", Field::MaxCompletionTokens),
        ("tools", Field::Other),
        ("tool_choice", Field::Other),
        ("functions", Field::Other),
        ("metadata", Field::Other),
        ("user", Field::Other),
        ("n", Field::Other),
    ],
    turns: "messages",
    needs: Some("messages"),
    turns_may_be_text: false,
    model_in_body: true,
    streams_by_default: false,
};

const RESPONSES: Shape = Shape {
    known: &[
        ("model", Field::Model),
        ("input", Field::Messages),
        ("instructions", Field::Other),
        ("stream", Field::Stream),
        ("max_output_tokens", Field::MaxTokens),
        ("tools", Field::Other),
        ("tool_choice", Field::Other),
        ("previous_response_id", Field::Previous),
        ("conversation", Field::Conversation),
        ("metadata", Field::Other),
        ("user", Field::Other),
    ],
    turns: "input",
    // A stored prompt or an earlier response may be all there is.
    needs: None,
    turns_may_be_text: true,
    ..CHAT
};

const MESSAGES: Shape = Shape {
    known: &[
        ("model", Field::Model),
        ("messages", Field::Messages),
        ("system", Field::Other),
        ("stream", Field::Stream),
        ("max_tokens", Field::MaxTokens),
        ("tools", Field::Other),
        ("tool_choice", Field::Other),
        ("metadata", Field::Other),
    ],
    ..CHAT
};

const GEMINI: Shape = Shape {
    known: &[
        ("contents", Field::Messages),
        ("tools", Field::Other),
        ("systemInstruction", Field::Other),
        ("generationConfig", Field::Other),
    ],
    turns: "contents",
    needs: None,
    model_in_body: false,
    ..CHAT
};

const CONVERSE: Shape = Shape {
    known: &[
        ("messages", Field::Messages),
        ("system", Field::Other),
        ("toolConfig", Field::Other),
        ("inferenceConfig", Field::Other),
    ],
    needs: None,
    model_in_body: false,
    ..CHAT
};

const OLLAMA: Shape = Shape {
    known: &[
        ("model", Field::Model),
        ("messages", Field::Messages),
        ("stream", Field::Stream),
        ("tools", Field::Other),
        ("options", Field::Other),
    ],
    // Without messages it loads the model.
    needs: None,
    streams_by_default: true,
    ..CHAT
};

impl Shape {
    /// The shape of a format.
    pub(super) fn of(format: ApiFormat) -> &'static Self {
        match format {
            ApiFormat::OpenAiChat => &CHAT,
            ApiFormat::OpenAiResponses => &RESPONSES,
            ApiFormat::Anthropic | ApiFormat::Cohere => &MESSAGES,
            ApiFormat::Gemini => &GEMINI,
            ApiFormat::Bedrock => &CONVERSE,
            ApiFormat::Ollama => &OLLAMA,
        }
    }

    /// Which field a top-level key is.
    ///
    /// # Errors
    /// [`WireError::LookalikeKey`].
    pub(super) fn field(&self, key: &[u8]) -> Result<Field, WireError> {
        for (name, field) in self.known {
            if name.len() == key.len() && name.as_bytes().eq_ignore_ascii_case(key) {
                return if name.as_bytes() == key {
                    Ok(*field)
                } else {
                    Err(WireError::LookalikeKey { field: name })
                };
            }
        }
        Ok(Field::Other)
    }
}
