//! What Ollama's clients ask before they chat: which models there are, what one can do, and which
//! version answers.
//!
//! # Source
//! Ollama, docs/api.md, "List Local Models", "Show Model Information", "Version", and
//! `api/types.go`, at fb30760.

use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use router::ListedModel;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::UNKNOWN_TIME;
use crate::http::body;
use crate::http::dispatch::Call;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::guard::Entered;

/// The version of Ollama whose API is spoken here. Clients compare it with the one that they need,
/// so the gateway's own would mean nothing to them.
const SPOKEN: &str = "0.12.0";

/// The architecture under which the limits are told.
const ARCHITECTURE: &str = "nenya";

/// `GET /api/version`: open, like the gateway's own version.
pub(crate) fn show_version() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "version": SPOKEN }))
}

pub(super) fn list(models: &[ListedModel]) -> Value {
    let models: Vec<Value> = models.iter().map(entry).collect();
    json!({ "models": models })
}

fn entry(model: &ListedModel) -> Value {
    json!({
        "name": model.id, "model": model.id, "modified_at": UNKNOWN_TIME, "size": 0,
        // Clients cut it to its first digits.
        "digest": "0".repeat(64),
        "details": details(model),
    })
}

fn details(model: &ListedModel) -> Value {
    json!({
        "parent_model": "", "format": "", "family": model.owned_by,
        "families": [model.owned_by], "parameter_size": "", "quantization_level": "",
    })
}

/// Tools stand there unless the model is known to have none: clients hide models without them, and
/// nothing that is not known may be lost.
pub(super) fn shown(model: &ListedModel) -> Value {
    let facts = &model.facts;
    let able = [
        ("completion", true),
        ("tools", facts.tools != Some(false)),
        ("vision", facts.vision == Some(true)),
        ("thinking", facts.reasoning == Some(true)),
    ];
    let able = able.into_iter().filter(|(_, able)| *able);
    let able: Vec<&str> = able.map(|(word, _)| word).collect();
    let mut info = Map::new();
    info.insert("general.architecture".to_owned(), ARCHITECTURE.into());
    if let Some(tokens) = facts.max_context {
        info.insert(format!("{ARCHITECTURE}.context_length"), tokens.into());
    }
    json!({
        "modelfile": "", "parameters": "", "template": "", "details": details(model),
        "model_info": info, "capabilities": able, "modified_at": UNKNOWN_TIME,
    })
}

/// The body of `POST /api/show`; `name` is the older word.
#[derive(Debug, Deserialize)]
struct Asked {
    model: Option<String>,
    name: Option<String>,
}

pub(super) async fn asked(
    call: &Call,
    entered: &Entered,
    request: &HttpRequest,
    payload: Payload,
) -> Result<String, ApiError> {
    let limits = &entered.world.body;
    let body = body::read(request, payload, limits, call.connection.as_ref()).await?;
    call.body_done();
    let asked: Asked =
        serde_json::from_slice(&body).map_err(|_| ApiError::new(ErrorCode::InvalidJson))?;
    let name = asked.model.or(asked.name).filter(|name| !name.is_empty());
    name.ok_or_else(|| ApiError::new(ErrorCode::MissingField).param("model"))
}

#[cfg(test)]
mod tests {
    use provider::ModelFacts;

    use super::*;

    fn able(facts: ModelFacts) -> Value {
        let model = ListedModel {
            facts,
            ..ListedModel::default()
        };
        shown(&model)["capabilities"].clone()
    }

    #[test]
    fn tools_are_offered_unless_there_are_none() {
        assert_eq!(able(ModelFacts::default()), json!(["completion", "tools"]));
        let facts = ModelFacts {
            tools: Some(false),
            vision: Some(true),
            reasoning: Some(true),
            ..ModelFacts::default()
        };
        assert_eq!(able(facts), json!(["completion", "vision", "thinking"]));
    }

    #[test]
    fn the_context_stands_under_the_architecture() {
        let model = ListedModel {
            facts: ModelFacts {
                max_context: Some(9),
                ..ModelFacts::default()
            },
            ..ListedModel::default()
        };
        let info = &shown(&model)["model_info"];
        assert_eq!(info["nenya.context_length"], 9);
        assert_eq!(info["general.architecture"], "nenya");
    }
}
