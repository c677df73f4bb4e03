//! The list in Anthropic's shape, with the cursors of its API.
//!
//! # Source
//! Claude API reference, "List Models" and "Get a Model": `limit` is 20 unless said otherwise and
//! at most 1000, `created_at` may be the epoch where the date is unknown; read 2026-11-22.

use router::ListedModel;
use serde_json::{Value, json};

use super::UNKNOWN_TIME;
use super::query::{Part, Query, part, wrong};
use crate::http::error::ApiError;

/// How many models a list has unless the client says.
const USUAL: usize = 20;

pub(super) fn list(models: &[ListedModel], query: &Query) -> Result<Value, ApiError> {
    let size = query.size("limit", USUAL)?;
    let at = |name: &'static str| {
        let Some(id) = query.text(name) else {
            return Ok(None);
        };
        let found = models.iter().position(|model| model.id == id);
        found
            .map(Some)
            .ok_or_else(|| wrong(name).detail("No model of this id is listed for this key."))
    };
    let (page, more) = match (at("after_id")?, at("before_id")?) {
        (Some(after), _) => forward(models, after + 1, size),
        (None, Some(before)) => {
            let first = before.saturating_sub(size);
            (part(models, first, before - first), first > 0)
        }
        (None, None) => forward(models, 0, size),
    };
    let data: Vec<Value> = page.items.iter().map(entry).collect();
    let id = |model: Option<&ListedModel>| model.map(|model| model.id.clone());
    Ok(json!({
        "data": data, "has_more": more,
        "first_id": id(page.items.first()), "last_id": id(page.items.last()),
    }))
}

fn forward(models: &[ListedModel], from: usize, size: usize) -> (Part<'_, ListedModel>, bool) {
    let page = part(models, from, size);
    let more = page.next.is_some();
    (page, more)
}

pub(super) fn entry(model: &ListedModel) -> Value {
    let mut entry = json!({
        "type": "model", "id": model.id, "display_name": model.id, "created_at": UNKNOWN_TIME,
    });
    if let Some(fields) = entry.as_object_mut() {
        if let Some(tokens) = model.facts.max_context {
            fields.insert("max_input_tokens".to_owned(), tokens.into());
        }
        super::add_facts(fields, model);
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Value {
        let models: Vec<ListedModel> = ["a", "b", "c", "d", "e"]
            .map(|id| ListedModel {
                id: id.to_owned(),
                ..ListedModel::default()
            })
            .to_vec();
        let list = list(&models, &Query::of(query).unwrap());
        list.unwrap_or(Value::Null)
    }

    fn ids(list: &Value) -> String {
        let data = list["data"].as_array().unwrap().iter();
        data.map(|model| model["id"].as_str().unwrap()).collect()
    }

    #[test]
    fn cursors_go_both_ways() {
        for (query, page, more) in [
            ("", "abcde", false),
            ("limit=2", "ab", true),
            ("limit=2&after_id=b", "cd", true),
            ("limit=2&after_id=d", "e", false),
            ("after_id=e", "", false),
            ("limit=2&before_id=e", "cd", true),
            ("limit=2&before_id=b", "a", false),
            ("before_id=a", "", false),
        ] {
            let list = asked(query);
            assert_eq!(
                (ids(&list).as_str(), list["has_more"].as_bool()),
                (page, Some(more)),
                "{query}"
            );
        }
        let ends = asked("limit=2&after_id=b");
        assert_eq!(
            (&ends["first_id"], &ends["last_id"]),
            (&json!("c"), &json!("d"))
        );
        assert_eq!(asked("after_id=e")["first_id"], Value::Null);
    }

    #[test]
    fn a_cursor_that_is_not_listed_is_refused() {
        assert_eq!(asked("after_id=zzz"), Value::Null);
        assert_eq!(asked("limit=0"), Value::Null);
    }
}
