//! `GET /healthz`: whether the gateway can take requests. Makes no traffic and needs no key.
//!
//! `engine` is kept for the users of the gateway that this one replaces; there it spoke of the
//! engine that rewrites prompts, which this version does not have, so it is always true.

use actix_web::HttpResponse;
use serde_json::json;

use crate::http::worker::Worker;

pub(crate) fn show_health(worker: &Worker) -> HttpResponse {
    let stopping = worker.shared.closing.is_draining();
    let down: Vec<String> = worker
        .shared
        .overseer
        .children()
        .into_iter()
        .filter(|c| !c.up)
        .map(|c| c.name)
        .collect();
    let (mut answer, status) = match (stopping, down.is_empty()) {
        (true, _) => (HttpResponse::ServiceUnavailable(), "stopping"),
        (false, false) => (HttpResponse::ServiceUnavailable(), "degraded"),
        (false, true) => (HttpResponse::Ok(), "ok"),
    };
    answer.json(json!({ "status": status, "engine": { "status": true }, "down": down }))
}
