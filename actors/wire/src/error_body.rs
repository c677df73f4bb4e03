//! Error bodies: those of providers read, ours written.
//!
//! Owns the shape `{"error":{..}}`. Never decides what is said to whom: the edge does.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

/// What an error body says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ErrorBody {
    /// A sentence for people.
    pub message: String,
    /// The class, as in `invalid_request_error`; empty if the provider gave none.
    pub type_: String,
    /// A code for programs.
    pub code: Option<String>,
    /// The request's field that is at fault.
    pub param: Option<String>,
}

#[derive(Serialize)]
struct Rendered<'a> {
    error: Inner<'a>,
    error_kind: &'a str,
    request_id: &'a str,
}

#[derive(Serialize)]
struct Inner<'a> {
    message: &'a str,
    #[serde(rename = "type")]
    type_: &'a str,
    code: Option<&'a str>,
    param: Option<&'a str>,
}

impl ErrorBody {
    /// Reads a provider's error body: `{"error":{..}}`, `{"error":".."}`, the same in an array of
    /// one, or the fields at the top level.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(body).ok()?;
        let record = match &value {
            Value::Array(items) => items.first()?.as_object()?,
            other => other.as_object()?,
        };
        match record.get("error") {
            Some(Value::String(message)) => Some(Self {
                message: message.clone(),
                ..Self::default()
            }),
            Some(Value::Object(error)) => Some(Self::from_record(error)),
            _ => record
                .get("message")?
                .as_str()
                .map(|_| Self::from_record(record)),
        }
    }

    fn from_record(record: &Map<String, Value>) -> Self {
        let field = |key| record.get(key).and_then(scalar);
        Self {
            message: field("message").unwrap_or_default(),
            type_: field("type")
                .or_else(|| field("status"))
                .unwrap_or_default(),
            code: field("code"),
            param: field("param"),
        }
    }

    /// The body that a client gets: the shape of the OpenAI API, and beside it `error_kind` and
    /// the request's id.
    pub fn render(&self, error_kind: &str, request_id: &str) -> Bytes {
        let error = Inner {
            message: &self.message,
            type_: &self.type_,
            code: self.code.as_deref(),
            param: self.param.as_deref(),
        };
        let rendered = Rendered {
            error,
            error_kind,
            request_id,
        };
        Bytes::from(serde_json::to_vec(&rendered).unwrap_or_default())
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openai_errors_are_read_whole() {
        let error = ErrorBody::parse(
            br#"{"error":{"message":"no","type":"invalid_request_error","code":404,"param":null}}"#,
        );
        let wanted = ErrorBody {
            message: "no".into(),
            type_: "invalid_request_error".into(),
            code: Some("404".into()),
            param: None,
        };
        assert_eq!(error.unwrap(), wanted);
    }

    #[test]
    fn other_shapes_are_read_too() {
        for body in [
            r#"{"error":"no"}"#,
            r#"[{"error":{"message":"no"}}]"#,
            r#"{"message":"no"}"#,
        ] {
            assert_eq!(
                ErrorBody::parse(body.as_bytes()).unwrap().message,
                "no",
                "{body}"
            );
        }
    }

    #[test]
    fn what_is_no_error_body_is_none() {
        for body in [
            "",
            "<html>",
            "[]",
            "{}",
            "\"x\"",
            r#"{"error":null}"#,
            r#"{"message":{}}"#,
        ] {
            assert_eq!(ErrorBody::parse(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn rendered_bodies_have_both_voices() {
        let body = ErrorBody {
            message: "say \"no\"".into(),
            type_: "t".into(),
            ..ErrorBody::default()
        };
        let rendered = body.render("rate_limited", "req-1");
        let wanted = r#"{"error":{"message":"say \"no\"","type":"t","code":null,"param":null},"error_kind":"rate_limited","request_id":"req-1"}"#;
        assert_eq!(rendered, wanted);
        assert_eq!(ErrorBody::parse(&rendered), Some(body));
    }
}
