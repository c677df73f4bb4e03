//! Endpoints of the providers' APIs that are not chats: completions, embeddings, images, audio,
//! moderations, rerank, agents, files, batches, uploads, stored responses and realtime sessions.
//!
//! Owns the fork between calls with JSON and calls with forms; each has a file that reads in the
//! order of its steps. Every call needs what a chat needs: a permit for its model or for none, an
//! admission, and the redactor's proof for its body.
//!
//! Read next: `table.rs` (what is known of each), `choose.rs` (whom), `json.rs`, `form.rs`,
//! `send.rs` (what may be repeated), `reply.rs`; sessions are in `realtime/`.

mod choose;
mod form;
mod incoming;
mod json;
mod realtime;
mod reply;
mod send;
mod table;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};

pub use table::Endpoint;

use super::proxy::is_plain;
use crate::http::dispatch::Call;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::guard::Entered;

/// Passes a call of an endpoint on to a provider.
///
/// # Cancellation
/// Dropping the future or the answer closes the provider's connection.
pub(crate) async fn call_endpoint(
    call: &Call,
    entered: Entered,
    request: &HttpRequest,
    payload: Payload,
    endpoint: Endpoint,
) -> Result<HttpResponse, ApiError> {
    if !is_plain(request.path()) {
        return Err(ApiError::new(ErrorCode::InvalidPath));
    }
    if endpoint == Endpoint::Realtime {
        return realtime::open_session(call, entered, request, payload).await;
    }
    if !is_form(request) {
        return json::call_with_json(call, entered, request, payload, endpoint).await;
    }
    if !endpoint.takes_forms() {
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType)
            .detail("Send JSON as `application/json`."));
    }
    form::call_with_form(call, entered, request, payload, endpoint).await
}

fn is_form(request: &HttpRequest) -> bool {
    let kind = request.headers().get(CONTENT_TYPE);
    let kind = kind
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("multipart/form-data")
}
