//! `GET /statsz`: what each actor says of itself. For people; holds no secret and no content.

use std::time::Duration;

use actix_web::HttpResponse;
use serde_json::json;

use crate::http::error::ApiError;
use crate::http::worker::Worker;

/// An actor that does not answer within this time is left out and named as down.
const PATIENCE: Duration = Duration::from_millis(500);

pub(crate) async fn show_stats(worker: &Worker) -> Result<HttpResponse, ApiError> {
    let shared = &worker.shared;
    let states = shared.overseer.observe(PATIENCE).await;
    let children: Vec<_> = shared.overseer.children();
    let world = shared.world.load_full();
    Ok(HttpResponse::Ok().json(json!({
        "uptime_seconds": shared.uptime().as_secs(),
        "generation": world.generation,
        "secrets": world.sealed.facts(),
        "children": children,
        "actors": states,
        "connections": { "open": shared.connections.counts().0, "closed_as_too_slow": shared.connections.counts().1 },
        "asks": runtime::asks_made(),
    })))
}
