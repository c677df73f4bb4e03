//! One page of a list, in any API's shape. Pure.
//!
//! # Source
//! OpenAI API reference, "List models"; Claude API, "List Models" (`limit`, `after_id`,
//! `has_more`, `last_id`); Gemini API, "models.list" (`pageSize`, `pageToken`); Cohere API,
//! "List Models" (`page_size`, `page_token`); Ollama, docs/api.md, "List Local Models"; Amazon
//! Bedrock, `ListFoundationModels`; all read 2026-11-22.

use serde_json::Value;
use wire::ApiFormat;

use super::{Catalogue, entry};
use crate::endpoints::escape_segment;

/// Models that are asked for at once, where an API has a choice.
const PAGE: usize = 1000;

/// A page, read.
pub(super) struct Page {
    /// The query that asks for the next one.
    pub(super) next: Option<String>,
}

/// What the first page is asked with.
pub(super) fn first_query(format: ApiFormat) -> Option<String> {
    match format {
        ApiFormat::Anthropic => Some(format!("limit={PAGE}")),
        ApiFormat::Gemini => Some(format!("pageSize={PAGE}")),
        ApiFormat::Cohere => Some(format!("page_size={PAGE}")),
        _ => None,
    }
}

/// Reads a page into the catalogue; `None` if it is no list of models.
pub(super) fn read(format: ApiFormat, body: &[u8], into: &mut Catalogue) -> Option<Page> {
    let page: Value = serde_json::from_slice(body).ok()?;
    let models = list_of(&page)?;
    let mut last = None;
    for model in models {
        let name = entry::name(format, model);
        last.clone_from(&name);
        into.take(name, entry::facts(format, model));
    }
    Some(Page {
        next: next_query(format, &page, last.as_deref()),
    })
}

/// The list is bare, or in the member that each API has for it.
fn list_of(page: &Value) -> Option<&Vec<Value>> {
    ["data", "models", "publisherModels", "modelSummaries"]
        .iter()
        .find_map(|name| page.get(name)?.as_array())
        .or_else(|| page.as_array())
}

fn next_query(format: ApiFormat, page: &Value, last: Option<&str>) -> Option<String> {
    let text = |name: &str| page.get(name).and_then(Value::as_str);
    let more = page.get("has_more").and_then(Value::as_bool) == Some(true);
    let (name, value) = match format {
        ApiFormat::Anthropic => ("after_id", text("last_id").or(last).filter(|_| more)?),
        ApiFormat::Gemini => ("pageToken", text("nextPageToken")?),
        ApiFormat::Cohere => ("page_token", text("next_page_token")?),
        ApiFormat::OpenAiChat | ApiFormat::OpenAiResponses => ("after", last.filter(|_| more)?),
        ApiFormat::Bedrock | ApiFormat::Ollama => return None,
    };
    let value = escape_segment(value)?;
    let first = first_query(format).map_or_else(String::new, |query| format!("{query}&"));
    Some(format!("{first}{name}={value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(format: ApiFormat, body: &str) -> Option<(Catalogue, Option<String>)> {
        let mut catalogue = Catalogue::default();
        let page = read(format, body.as_bytes(), &mut catalogue)?;
        Some((catalogue, page.next))
    }

    #[test]
    fn each_api_says_in_its_own_way_that_there_is_more() {
        for (format, body, next) in [
            (
                ApiFormat::OpenAiChat,
                r#"{"data":[{"id":"a/b"}],"has_more":true}"#,
                Some("after=a%2Fb"),
            ),
            (ApiFormat::OpenAiChat, r#"{"data":[{"id":"a"}]}"#, None),
            (
                ApiFormat::Anthropic,
                r#"{"data":[{"id":"a"}],"has_more":true,"last_id":"a"}"#,
                Some("limit=1000&after_id=a"),
            ),
            (
                ApiFormat::Anthropic,
                r#"{"data":[{"id":"a"}],"has_more":false,"last_id":"a"}"#,
                None,
            ),
            (
                ApiFormat::Gemini,
                r#"{"models":[{"name":"models/a"}],"nextPageToken":"t=&"}"#,
                Some("pageSize=1000&pageToken=t%3D%26"),
            ),
            (
                ApiFormat::Cohere,
                r#"{"models":[{"name":"a"}],"next_page_token":"t"}"#,
                Some("page_size=1000&page_token=t"),
            ),
            (
                ApiFormat::Cohere,
                r#"{"models":[{"name":"a"}],"next_page_token":""}"#,
                None,
            ),
            (ApiFormat::Ollama, r#"{"models":[{"name":"a"}]}"#, None),
        ] {
            let (catalogue, asked) = page(format, body).unwrap();
            assert_eq!(asked.as_deref(), next, "{body}");
            assert_eq!(catalogue.models.len(), 1, "{body}");
        }
    }

    #[test]
    fn bare_lists_are_lists_and_other_documents_are_none() {
        let (catalogue, _) = page(ApiFormat::OpenAiChat, r#"["a",{"id":"b"},7]"#).unwrap();
        assert_eq!((catalogue.models.len(), catalogue.dropped), (2, 1));
        for body in ["", "{", "{}", r#"{"data":{}}"#, r#"{"error":{}}"#, "7"] {
            assert!(page(ApiFormat::OpenAiChat, body).is_none(), "{body}");
        }
    }
}
