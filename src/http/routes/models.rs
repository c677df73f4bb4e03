//! `GET /v1/models`: the agents and models that the key may use, in OpenAI's shape.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use crate::http::guard::Entered;

pub(crate) fn list_models(entered: &Entered) -> HttpResponse {
    let (world, permit) = (&entered.world, &entered.permit);
    let listed = world.routes.models().into_iter();
    let data: Vec<Value> = listed
        .filter(|model| world.policy.may_see(permit, &model.id))
        .map(|model| entry(&model))
        .collect();
    HttpResponse::Ok().json(json!({ "object": "list", "data": data }))
}

fn entry(model: &router::ListedModel) -> Value {
    let mut entry =
        json!({ "id": model.id, "object": "model", "created": 0, "owned_by": model.owned_by });
    if let Some(map) = entry.as_object_mut() {
        let optional = [
            ("context_window", model.context_window.map(Value::from)),
            ("description", model.description.clone().map(Value::from)),
            (
                "routing_strategy",
                model
                    .strategy
                    .map(|strategy| Value::from(strategy.to_string())),
            ),
        ];
        map.extend(
            optional
                .into_iter()
                .filter_map(|(key, value)| Some((key.to_owned(), value?))),
        );
    }
    entry
}
