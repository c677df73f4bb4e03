//! The names of the API formats.
//!
//! Owns the list and its spelling. Every table that has a row or a column per format is in the
//! order of [`ApiFormat::ALL`].

use std::fmt;
use std::str::FromStr;

/// A chat API that clients or providers speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApiFormat {
    /// OpenAI `POST /v1/chat/completions`.
    OpenAiChat,
    /// OpenAI `POST /v1/responses`.
    OpenAiResponses,
    /// Anthropic `POST /v1/messages`.
    Anthropic,
    /// Gemini `POST /v1beta/models/{model}:generateContent` and `:streamGenerateContent`.
    Gemini,
    /// Cohere `POST /v2/chat`.
    Cohere,
    /// Amazon Bedrock `POST /model/{model}/converse` and `/converse-stream`.
    Bedrock,
    /// Ollama `POST /api/chat`.
    Ollama,
}

impl ApiFormat {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::OpenAiChat,
        Self::OpenAiResponses,
        Self::Anthropic,
        Self::Gemini,
        Self::Cohere,
        Self::Bedrock,
        Self::Ollama,
    ];

    /// The name in configuration, documents and metrics.
    pub fn label(self) -> &'static str {
        match self {
            Self::OpenAiChat => "openai-chat",
            Self::OpenAiResponses => "openai-responses",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Cohere => "cohere",
            Self::Bedrock => "bedrock-converse",
            Self::Ollama => "ollama",
        }
    }
}

impl fmt::Display for ApiFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// A name that is no format; names the ones that are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownFormat;

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be one of ")?;
        for (number, format) in ApiFormat::ALL.iter().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            write!(f, "{comma}`{format}`")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownFormat {}

impl FromStr for ApiFormat {
    type Err = UnknownFormat;

    /// Takes labels and the short names that configurations of other gateways use.
    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let short = match name {
            "openai" => Some(Self::OpenAiChat),
            "responses" => Some(Self::OpenAiResponses),
            "messages" => Some(Self::Anthropic),
            "bedrock" | "converse" => Some(Self::Bedrock),
            _ => None,
        };
        let labelled = || Self::ALL.into_iter().find(|format| format.label() == name);
        short.or_else(labelled).ok_or(UnknownFormat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_reads_as_its_format() {
        for format in ApiFormat::ALL {
            assert_eq!(format.label().parse(), Ok(format));
        }
        assert_eq!("openai".parse(), Ok(ApiFormat::OpenAiChat));
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_right_ones() {
        let error = "gpt".parse::<ApiFormat>().unwrap_err().to_string();
        assert!(error.contains("`openai-chat`") && error.contains("`ollama`"));
    }
}
