//! What a key may use, in the shape of each client's API.
//!
//! Owns the filter: nothing is listed that the key may not use, and what it may not use does not
//! exist. The shapes are in the files beside this one; what is known of a model comes from the
//! routing table.

mod anthropic;
mod gemini;
mod ollama;
mod openai;
mod query;

use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use router::ListedModel;
use serde_json::{Map, Value, json};
use wire::ApiFormat;

use crate::http::dispatch::Call;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::guard::Entered;
use query::Query;

pub(crate) use ollama::show_version;

/// The time of what has none: Anthropic's API allows it for unknown dates, and the others follow.
const UNKNOWN_TIME: &str = "1970-01-01T00:00:00Z";

/// The list of models, or one of them if the path names it.
///
/// # Errors
/// [`ErrorCode::ModelNotFound`], also for what the key may not use; [`ErrorCode::InvalidField`] for
/// a query that means nothing.
pub(crate) fn models(
    entered: &Entered,
    request: &HttpRequest,
    format: ApiFormat,
) -> Result<HttpResponse, ApiError> {
    let answer = match named(request.path())? {
        Some(name) => one(&known(entered, &name)?, format),
        None => {
            let query = Query::of(request.query_string())?;
            list(&visible(entered), format, &query)?
        }
    };
    Ok(HttpResponse::Ok().json(answer))
}

/// What Ollama's clients ask of one model, with its name in the body.
///
/// # Errors
/// As [`models`], and those of a body.
pub(crate) async fn show(
    call: &Call,
    entered: &Entered,
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let name = ollama::asked(call, entered, request, payload).await?;
    let exact = known(entered, &name);
    let model = match (exact, name.strip_suffix(":latest")) {
        // Ollama's own tag for names without one.
        (Err(_), Some(bare)) => known(entered, bare)?,
        (found, _) => found?,
    };
    Ok(HttpResponse::Ok().json(ollama::shown(&model)))
}

fn list(models: &[ListedModel], format: ApiFormat, query: &Query) -> Result<Value, ApiError> {
    match format {
        ApiFormat::Anthropic => anthropic::list(models, query),
        ApiFormat::Gemini => gemini::list(models, query),
        ApiFormat::Ollama => Ok(ollama::list(models)),
        _ => Ok(openai::list(models)),
    }
}

fn one(model: &ListedModel, format: ApiFormat) -> Value {
    match format {
        ApiFormat::Anthropic => anthropic::entry(model),
        ApiFormat::Gemini => gemini::entry(model),
        _ => openai::entry(model),
    }
}

fn visible(entered: &Entered) -> Vec<ListedModel> {
    let (world, permit) = (&entered.world, &entered.permit);
    let mut listed = world.routes.models();
    listed.retain(|model| world.policy.may_see(permit, &model.id));
    listed
}

fn known(entered: &Entered, name: &str) -> Result<ListedModel, ApiError> {
    let (world, permit) = (&entered.world, &entered.permit);
    let allowed = world.policy.may_see(permit, name) && world.allows(name);
    let described = world.routes.describe(name).filter(|_| allowed);
    described.ok_or_else(|| ApiError::new(ErrorCode::ModelNotFound))
}

/// The name in the path; it may hold slashes, escaped or not.
fn named(path: &str) -> Result<Option<String>, ApiError> {
    let Some((_, name)) = path.split_once("/models/") else {
        return Ok(None);
    };
    let name = percent_encoding::percent_decode_str(name).decode_utf8();
    let name = name.map_err(|_| ApiError::new(ErrorCode::InvalidPath))?;
    Ok(Some(name.into_owned()))
}

/// The fields that are this gateway's own, the same in the shapes of OpenAI and Anthropic.
fn add_facts(entry: &mut Map<String, Value>, model: &ListedModel) {
    let facts = &model.facts;
    let price = |price: Option<provider::Price>| price.map(|price| json!(price.dollars()));
    let fields = [
        ("context_window", facts.max_context.map(Value::from)),
        ("max_tokens", facts.max_output.map(Value::from)),
        ("supports_vision", facts.vision.map(Value::from)),
        ("supports_tool_calls", facts.tools.map(Value::from)),
        ("supports_reasoning", facts.reasoning.map(Value::from)),
        ("input_cost_per_1m", price(facts.input_price)),
        ("output_cost_per_1m", price(facts.output_price)),
        ("description", model.description.clone().map(Value::from)),
        ("routing_strategy", model.strategy.map(Value::from)),
    ];
    let known = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    entry.extend(known);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_the_path_may_hold_slashes() {
        let name = |path: &str| named(path).unwrap();
        assert_eq!(name("/v1/models"), None);
        assert_eq!(name("/v1/models/a/b").as_deref(), Some("a/b"));
        assert_eq!(name("/v1/models/a%2Fb").as_deref(), Some("a/b"));
        assert_eq!(
            name("/v1beta/models/org/models/x").as_deref(),
            Some("org/models/x")
        );
        assert!(named("/v1/models/%FF").is_err());
    }
}
