//! Which API a client speaks, and what its path says of the request.
//!
//! Owns the paths of APIs that name the model in them. Never reads a body.

use std::borrow::Cow;

use actix_web::HttpRequest;
use wire::ApiFormat;

use super::error::{ApiError, ErrorCode};

/// A client's API, as far as the path says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientApi {
    /// The format of request, reply and errors.
    pub format: ApiFormat,
    /// Model and whether a stream is wanted, where the path says so.
    pub addressed: Option<(String, bool)>,
    /// Gemini's stream as one JSON array: what a client without `alt=sse` gets.
    pub array: bool,
    /// Only the tokens of the request are to be counted.
    pub counts_only: bool,
}

impl ClientApi {
    /// Reads the path of a request whose route is known.
    ///
    /// # Errors
    /// [`ErrorCode::RouteNotFound`] for a method that the API does not have,
    /// [`ErrorCode::InvalidPath`] for a model that is no text.
    pub fn of(format: ApiFormat, request: &HttpRequest) -> Result<Self, ApiError> {
        let path = request.path();
        match format {
            ApiFormat::Gemini => gemini(path, request.query_string()),
            ApiFormat::Bedrock => converse(path),
            _ => Ok(Self {
                format,
                addressed: None,
                array: false,
                counts_only: path.ends_with("count_tokens") || path.ends_with("input_tokens"),
            }),
        }
    }
}

/// The format in which a client of this path reads errors, also where no route is found.
#[must_use]
pub fn spoken_at(path: &str) -> ApiFormat {
    let begins = |start: &str| path.starts_with(start);
    if begins("/v1/messages") {
        ApiFormat::Anthropic
    } else if begins("/v1beta/") {
        ApiFormat::Gemini
    } else if begins("/v2/") {
        ApiFormat::Cohere
    } else if begins("/model/") {
        ApiFormat::Bedrock
    } else if begins("/api/") {
        ApiFormat::Ollama
    } else {
        ApiFormat::OpenAiChat
    }
}

/// `/v1beta/models/{model}:{method}`
fn gemini(path: &str, query: &str) -> Result<ClientApi, ApiError> {
    let not_found = || ApiError::new(ErrorCode::RouteNotFound);
    let (_, named) = path.split_once("/models/").ok_or_else(not_found)?;
    let (model, method) = named.rsplit_once(':').ok_or_else(not_found)?;
    let (stream, counts_only) = match method {
        "generateContent" => (false, false),
        "streamGenerateContent" => (true, false),
        "countTokens" => (false, true),
        _ => return Err(not_found()),
    };
    let events = query.split('&').any(|pair| pair == "alt=sse");
    Ok(ClientApi {
        format: ApiFormat::Gemini,
        addressed: Some((decoded(model)?, stream)),
        array: stream && !events,
        counts_only,
    })
}

/// `/model/{model}/converse`, `/model/{model}/converse-stream`
fn converse(path: &str) -> Result<ClientApi, ApiError> {
    let mut segments = path.split('/').skip(2);
    let (model, method) = (segments.next().unwrap_or_default(), segments.next());
    Ok(ClientApi {
        format: ApiFormat::Bedrock,
        addressed: Some((decoded(model)?, method == Some("converse-stream"))),
        array: false,
        counts_only: method == Some("count-tokens"),
    })
}

/// A model's name in a path may hold what a path may not, percent-encoded.
fn decoded(segment: &str) -> Result<String, ApiError> {
    let text = percent_encoding::percent_decode_str(segment).decode_utf8();
    text.map(Cow::into_owned)
        .map_err(|_| ApiError::new(ErrorCode::InvalidPath))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn api(format: ApiFormat, uri: &str) -> Result<ClientApi, ApiError> {
        ClientApi::of(format, &TestRequest::with_uri(uri).to_http_request())
    }

    #[test]
    fn gemini_names_model_and_method_in_the_path() {
        let asked = api(
            ApiFormat::Gemini,
            "/v1beta/models/openai/gpt-5:streamGenerateContent?alt=sse",
        );
        let asked = asked.unwrap();
        assert_eq!(asked.addressed, Some(("openai/gpt-5".to_owned(), true)));
        assert!(!asked.array);
        let array = api(ApiFormat::Gemini, "/v1beta/models/m:streamGenerateContent").unwrap();
        assert!(array.array);
        let counted = api(ApiFormat::Gemini, "/v1beta/models/m:countTokens").unwrap();
        assert!(counted.counts_only);
        assert!(api(ApiFormat::Gemini, "/v1beta/models/m:embedContent").is_err());
        assert!(api(ApiFormat::Gemini, "/v1beta/models/m").is_err());
    }

    #[test]
    fn every_path_of_an_api_has_its_errors() {
        assert_eq!(spoken_at("/v1/messages/x"), ApiFormat::Anthropic);
        assert_eq!(spoken_at("/v1beta/files"), ApiFormat::Gemini);
        assert_eq!(spoken_at("/v1/chat/completions"), ApiFormat::OpenAiChat);
    }

    #[test]
    fn bedrock_escapes_the_model_in_the_path() {
        let asked = api(
            ApiFormat::Bedrock,
            "/model/us.anthropic.claude%3A0/converse-stream",
        )
        .unwrap();
        assert_eq!(
            asked.addressed,
            Some(("us.anthropic.claude:0".to_owned(), true))
        );
        assert!(api(ApiFormat::Bedrock, "/model/%FF/converse").is_err());
    }
}
