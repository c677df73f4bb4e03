//! `GET /version`: which build this is.

use actix_web::HttpResponse;
use serde_json::json;

pub(crate) fn show_version() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "name": "nenya", "version": env!("CARGO_PKG_VERSION") }))
}
