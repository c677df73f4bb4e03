//! `GET /metrics`: everything that is counted, in Prometheus' text format.

use actix_web::HttpResponse;

use crate::http::error::{ApiError, ErrorCode};
use crate::http::worker::Worker;
use crate::telemetry::metrics::CONTENT_TYPE;

pub(crate) fn show_metrics(worker: &Worker) -> Result<HttpResponse, ApiError> {
    let shared = &worker.shared;
    shared.refresh_gauges();
    let text = shared
        .metrics
        .render()
        .map_err(|error| ApiError::new(ErrorCode::Internal).operator(error.to_string()))?;
    Ok(HttpResponse::Ok().content_type(CONTENT_TYPE).body(text))
}
