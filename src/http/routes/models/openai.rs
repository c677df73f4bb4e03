//! The list in OpenAI's shape.
//!
//! # Source
//! OpenAI API reference, "The model object", for `id`, `object`, `created` and `owned_by`; the
//! other names are those that users of the gateway that this one replaces read.

use router::ListedModel;
use serde_json::{Value, json};

pub(super) fn list(models: &[ListedModel]) -> Value {
    let data: Vec<Value> = models.iter().map(entry).collect();
    json!({ "object": "list", "data": data })
}

pub(super) fn entry(model: &ListedModel) -> Value {
    let mut entry =
        json!({ "id": model.id, "object": "model", "created": 0, "owned_by": model.owned_by });
    if let Some(fields) = entry.as_object_mut() {
        super::add_facts(fields, model);
    }
    entry
}

#[cfg(test)]
mod tests {
    use provider::{ModelFacts, Price};

    use super::*;

    #[test]
    fn an_entry_has_the_known_facts_and_no_others() {
        let model = ListedModel {
            id: "m".to_owned(),
            owned_by: "p".to_owned(),
            facts: ModelFacts {
                max_context: Some(9),
                vision: Some(false),
                input_price: Price::per_million(0.075),
                ..ModelFacts::default()
            },
            ..ListedModel::default()
        };
        assert_eq!(
            entry(&model),
            json!({
                "id": "m", "object": "model", "created": 0, "owned_by": "p",
                "context_window": 9, "supports_vision": false, "input_cost_per_1m": 0.075
            })
        );
    }
}
