//! The list in Gemini's shape.
//!
//! # Source
//! Gemini API reference, "models.list" and "Model": `pageSize` is 50 unless said otherwise and at
//! most 1000; read 2026-11-22.

use router::ListedModel;
use serde_json::{Map, Value, json};

use super::query::{Query, part, wrong};
use crate::http::error::ApiError;

/// How many models a page has unless the client says.
const USUAL: usize = 50;

pub(super) fn list(models: &[ListedModel], query: &Query) -> Result<Value, ApiError> {
    let size = query.size("pageSize", USUAL)?;
    let from = match query.text("pageToken") {
        None => 0,
        Some(token) => token.parse().map_err(|_| wrong("pageToken"))?,
    };
    let page = part(models, from, size);
    let entries: Vec<Value> = page.items.iter().map(entry).collect();
    let mut list = Map::new();
    list.insert("models".to_owned(), entries.into());
    if let Some(next) = page.next {
        list.insert("nextPageToken".to_owned(), next.to_string().into());
    }
    Ok(list.into())
}

pub(super) fn entry(model: &ListedModel) -> Value {
    let mut entry = json!({
        "name": format!("models/{}", model.id), "version": "", "displayName": model.id,
        "supportedGenerationMethods": ["generateContent", "streamGenerateContent", "countTokens"],
    });
    let facts = &model.facts;
    let fields = [
        ("description", model.description.clone().map(Value::from)),
        ("inputTokenLimit", facts.max_context.map(Value::from)),
        ("outputTokenLimit", facts.max_output.map(Value::from)),
        ("thinking", facts.reasoning.map(Value::from)),
    ];
    if let Some(entry) = entry.as_object_mut() {
        let known = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        entry.extend(known);
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other() {
        let models: Vec<ListedModel> = ["a", "b", "c"]
            .map(|id| ListedModel {
                id: id.to_owned(),
                ..ListedModel::default()
            })
            .to_vec();
        let page = |query: &str| list(&models, &Query::of(query).unwrap());
        let first = page("pageSize=2").unwrap();
        assert_eq!(first["models"][1]["name"], "models/b");
        assert_eq!(first["nextPageToken"], "2");
        let last = page("pageSize=2&pageToken=2").unwrap();
        assert_eq!(last["models"][0]["name"], "models/c");
        assert_eq!(last.get("nextPageToken"), None);
        assert!(page("pageToken=x").is_err());
    }
}
