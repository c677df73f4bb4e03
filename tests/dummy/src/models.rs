//! The lists of models that providers have, each in its format and in pages. Pure.
//!
//! A test describes the list with `POST /_models`:
//!
//! ```json
//! {"names": ["a", "b"], "count": 300, "page": 100, "status": 500, "fails": 2, "body": "{"}
//! ```
//!
//! `count` makes names `model-0` and so on, `page` is the most that one answer holds, `fails` is
//! how many listings fail with `status` (all of them if only `status` is given), `body` is sent
//! instead of a list.

use serde_json::{Value, json};

use crate::formats::Format;
use crate::place::decoded;
use crate::reply::{self, JSON};

/// What a page holds at most unless a test says otherwise.
const PAGE: usize = 1000;

/// The models that there are, and how badly they are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Models {
    names: Vec<String>,
    page: usize,
    status: u16,
    /// Listings that still fail; nothing: all.
    fails: Option<u64>,
    body: Option<String>,
}

impl Default for Models {
    fn default() -> Self {
        Self {
            names: ["ok", "echo"].map(str::to_owned).to_vec(),
            page: PAGE,
            status: 200,
            fails: None,
            body: None,
        }
    }
}

/// The shape of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    OpenAi,
    Anthropic,
    Gemini,
    Vertex,
    Cohere,
    Bedrock,
    Ollama,
}

impl Shape {
    /// Reads a path; `None` if it lists no models. OpenAI, Anthropic, Cohere and Gemini's `v1` have
    /// one path for it: headers tell Anthropic's and Gemini's, the words of the query Cohere's.
    pub(crate) fn of(target: &str, head: &[u8]) -> Option<Self> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if path.ends_with("/api/tags") {
            return Some(Self::Ollama);
        }
        if path.ends_with("/foundation-models") {
            return Some(Self::Bedrock);
        }
        let before = path.strip_suffix("/models")?;
        let asks = |name: &str| query.split('&').any(|field| field.starts_with(name));
        Some(if before.contains("/publishers/") {
            Self::Vertex
        } else if before.ends_with("/v1beta") || has_header(head, b"\nx-goog-api-key:") {
            Self::Gemini
        } else if has_header(head, b"\nanthropic-version:") {
            Self::Anthropic
        } else if before.contains("/cohere") || asks("page_size=") || asks("endpoint=") {
            Self::Cohere
        } else {
            Self::OpenAi
        })
    }
}

fn has_header(head: &[u8], name: &[u8]) -> bool {
    head.windows(name.len())
        .any(|window| window.eq_ignore_ascii_case(name))
}

impl Models {
    /// Takes a description; `None` if it is none.
    pub(crate) fn described(body: &[u8]) -> Option<Self> {
        let described: Value = serde_json::from_slice(body).ok()?;
        let fields = described.as_object()?;
        let number = |name: &str| fields.get(name).and_then(Value::as_u64);
        let size = |name: &str| number(name).and_then(|number| usize::try_from(number).ok());
        let named = fields.get("names").and_then(Value::as_array);
        let named = named.into_iter().flatten().filter_map(Value::as_str);
        let mut names: Vec<String> = named.map(str::to_owned).collect();
        names.extend((0..size("count").unwrap_or(0)).map(|at| format!("model-{at}")));
        Some(Self {
            names,
            page: size("page").unwrap_or(PAGE).max(1),
            status: number("status").map_or(Some(200), |status| u16::try_from(status).ok())?,
            fails: number("fails"),
            body: fields
                .get("body")
                .and_then(Value::as_str)
                .map(str::to_owned),
        })
    }

    /// The answer to one listing.
    pub(crate) fn answer(&mut self, shape: Shape, target: &str) -> Vec<u8> {
        if self.fails_now() {
            let error = Format::OpenAiChat.dialect().failure(self.status);
            return reply::whole(self.status, JSON, error.to_string().as_bytes(), "");
        }
        if let Some(body) = &self.body {
            return reply::whole(200, JSON, body.as_bytes(), "");
        }
        let list = self.list(shape, target).to_string();
        reply::whole(200, JSON, list.as_bytes(), "")
    }

    fn fails_now(&mut self) -> bool {
        match &mut self.fails {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                self.status != 200
            }
            None => self.status != 200,
        }
    }

    fn list(&self, shape: Shape, target: &str) -> Value {
        let query = target.split_once('?').map_or("", |(_, query)| query);
        let from = self.first(shape, query);
        let size = self.size(shape, query);
        let end = (from + size).min(self.names.len());
        let page = self.names.get(from..end).unwrap_or_default();
        let more = end < self.names.len();
        let models: Vec<Value> = page.iter().map(|name| entry(shape, name)).collect();
        let token = if more {
            json!(format!("from-{end}"))
        } else {
            Value::Null
        };
        let ends = (page.first(), page.last());
        match shape {
            Shape::OpenAi => json!({"object": "list", "data": models, "has_more": more}),
            Shape::Anthropic => {
                json!({"data": models, "has_more": more, "first_id": ends.0, "last_id": ends.1})
            }
            Shape::Gemini => with("models", models, "nextPageToken", token),
            Shape::Vertex => with("publisherModels", models, "nextPageToken", token),
            Shape::Cohere => with("models", models, "next_page_token", token),
            Shape::Bedrock => json!({"modelSummaries": models}),
            Shape::Ollama => json!({"models": models}),
        }
    }

    /// Where the page begins that a query asks for.
    fn first(&self, shape: Shape, query: &str) -> usize {
        let after = |name: &str| {
            let last = field(query, name)?;
            Some(self.names.iter().position(|name| *name == last)? + 1)
        };
        let token = |name: &str| field(query, name)?.strip_prefix("from-")?.parse().ok();
        let first = match shape {
            Shape::OpenAi => after("after"),
            Shape::Anthropic => after("after_id"),
            Shape::Gemini | Shape::Vertex => token("pageToken"),
            Shape::Cohere => token("page_token"),
            Shape::Bedrock | Shape::Ollama => None,
        };
        first.unwrap_or(0)
    }

    /// How much the page holds: what was asked for, or what the format gives unasked.
    fn size(&self, shape: Shape, query: &str) -> usize {
        let (name, unasked) = match shape {
            Shape::OpenAi => ("limit", usize::MAX),
            Shape::Anthropic => ("limit", 20),
            Shape::Gemini | Shape::Vertex => ("pageSize", 50),
            Shape::Cohere => ("page_size", 20),
            Shape::Bedrock | Shape::Ollama => return self.names.len(),
        };
        let asked = field(query, name).and_then(|size| size.parse().ok());
        asked.unwrap_or(unasked).min(self.page)
    }
}

fn field(query: &str, name: &str) -> Option<String> {
    let fields = query.split('&').filter_map(|field| field.split_once('='));
    let mut values = fields.filter(|(known, _)| *known == name);
    values.next().map(|(_, value)| decoded(value))
}

/// A list and its next page, which the last page does not have.
fn with(name: &str, models: Vec<Value>, next: &str, token: Value) -> Value {
    let mut list = serde_json::Map::new();
    list.insert(name.to_owned(), models.into());
    if !token.is_null() {
        list.insert(next.to_owned(), token);
    }
    list.into()
}

fn entry(shape: Shape, name: &str) -> Value {
    match shape {
        Shape::OpenAi => {
            json!({"id": name, "object": "model", "created": 1_700_000_000, "owned_by": "dummy"})
        }
        Shape::Anthropic => {
            json!({"type": "model", "id": name, "display_name": name, "created_at": "2026-01-01T00:00:00Z"})
        }
        Shape::Gemini => json!({
            "name": format!("models/{name}"), "displayName": name, "version": "1",
            "inputTokenLimit": 1_048_576, "outputTokenLimit": 65_536,
            "supportedGenerationMethods": ["generateContent", "countTokens"],
        }),
        Shape::Vertex => json!({"name": format!("publishers/google/models/{name}")}),
        Shape::Cohere => {
            json!({"name": name, "endpoints": ["chat"], "finetuned": false, "context_length": 256_000})
        }
        Shape::Bedrock => json!({
            "modelId": name, "modelName": name, "providerName": "Dummy",
            "modelArn": format!("arn:aws:bedrock:us-east-1::foundation-model/{name}"),
            "inputModalities": ["TEXT"], "outputModalities": ["TEXT"],
            "responseStreamingSupported": true, "modelLifecycle": {"status": "ACTIVE"},
        }),
        Shape::Ollama => json!({
            "name": name, "model": name, "modified_at": "2026-01-01T00:00:00Z", "size": 1,
            "digest": "0".repeat(64), "details": details(),
        }),
    }
}

fn details() -> Value {
    json!({
        "parent_model": "", "format": "gguf", "family": "dummy", "families": ["dummy"],
        "parameter_size": "1B", "quantization_level": "Q4_K_M",
    })
}

/// What Ollama shows of one model.
pub(crate) fn shown() -> Value {
    json!({
        "modelfile": "FROM dummy", "parameters": "", "template": "{{ .Prompt }}",
        "details": details(),
        "model_info": {"general.architecture": "dummy", "dummy.context_length": 32_768},
        "capabilities": ["completion", "tools", "thinking"],
        "modified_at": "2026-01-01T00:00:00Z",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(models: &mut Models, target: &str, head: &[u8]) -> Value {
        let shape = Shape::of(target, head).unwrap();
        let answer = String::from_utf8(models.answer(shape, target)).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    #[test]
    fn every_list_of_the_providers_has_its_shape() {
        let version = &b"GET /v1/models HTTP/1.1\r\nAnthropic-Version: 1\r\n"[..];
        let google = &b"GET /v1/models HTTP/1.1\r\nx-goog-api-key: k\r\n"[..];
        for (target, head, shape) in [
            ("/v1/models", &b""[..], Shape::OpenAi),
            ("/v1/models", google, Shape::Gemini),
            ("/openai/v1/models", b"", Shape::OpenAi),
            ("/v1/models", version, Shape::Anthropic),
            ("/v1beta/models?pageSize=1", b"", Shape::Gemini),
            ("/v1beta1/publishers/google/models", b"", Shape::Vertex),
            ("/v1/models?page_size=9", b"", Shape::Cohere),
            ("/cohere/v1/models", b"", Shape::Cohere),
            ("/foundation-models", b"", Shape::Bedrock),
            ("/api/tags", b"", Shape::Ollama),
        ] {
            assert_eq!(Shape::of(target, head), Some(shape), "{target}");
        }
        assert_eq!(Shape::of("/v1/chat", b""), None);
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let mut models = Models::described(br#"{"count":5,"page":2}"#).unwrap();
        for (path, head, list, name, next, parameter) in [
            (
                "/v1/models",
                &b"\nanthropic-version:"[..],
                "data",
                "id",
                "last_id",
                "after_id",
            ),
            (
                "/v1beta/models",
                b"",
                "models",
                "name",
                "nextPageToken",
                "pageToken",
            ),
            (
                "/cohere/v1/models",
                b"",
                "models",
                "name",
                "next_page_token",
                "page_token",
            ),
        ] {
            let (mut names, mut target) = (Vec::new(), path.to_owned());
            for _ in 0..3 {
                let page = ask(&mut models, &target, head);
                names.extend(
                    page[list]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|model| model[name].clone()),
                );
                target = format!(
                    "{path}?{parameter}={}",
                    page[next].as_str().unwrap_or_default()
                );
            }
            assert_eq!(names.len(), 5, "{path}");
            assert!(names[4].as_str().unwrap().ends_with("model-4"), "{names:?}");
        }
    }

    #[test]
    fn listings_fail_as_often_as_asked() {
        let mut models = Models::described(br#"{"names":["a"],"status":503,"fails":1}"#).unwrap();
        assert!(ask(&mut models, "/v1/models", b"").get("error").is_some());
        assert_eq!(ask(&mut models, "/v1/models", b"")["data"][0]["id"], "a");
        let mut always = Models::described(br#"{"status":500}"#).unwrap();
        for _ in 0..3 {
            assert!(ask(&mut always, "/v1/models", b"").get("error").is_some());
        }
    }

    #[test]
    fn what_is_no_description_is_refused() {
        assert_eq!(Models::described(b"[]"), None);
        assert_eq!(Models::described(b"{"), None);
    }
}
