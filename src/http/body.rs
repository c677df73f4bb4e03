//! Reads a request body, counting every byte as it arrives.
//!
//! The limit holds for chunked bodies as for those with a length, and is enforced at the byte
//! that crosses it (promises N11, L4). A body that pauses for too long is answered with 408; one
//! that nobody reads is the reaper's business, see `connections.rs`.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::Payload;
use bytes::{Bytes, BytesMut};
use futures_util::{FutureExt as _, StreamExt as _};
use redactor::FilePolicy;

use super::connections::Connection;
use super::error::{ApiError, ErrorCode};

/// What is reserved at once for a body that promises to be larger.
const FIRST_RESERVE: usize = 64 * 1024;

/// How much body is taken, and how long it may pause.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// The longest body, in bytes.
    pub bytes: usize,
    /// The longest time between two pieces.
    pub pause: Duration,
    /// The longest form with files, and the longest file that is fetched, in bytes.
    pub upload: u64,
    /// What is done about files.
    pub files: FilePolicy,
}

/// The whole body, or the refusal.
///
/// A body that arrives in one piece is not copied, and one that is already there needs no timer.
///
/// # Errors
/// [`ErrorCode::BodyTooLarge`], [`ErrorCode::BodyIncomplete`], [`ErrorCode::BodyTimeout`].
pub async fn read(
    request: &HttpRequest,
    mut payload: Payload,
    limits: &BodyLimits,
    connection: Option<&Arc<Connection>>,
) -> Result<Bytes, ApiError> {
    let promised = promised_length(request);
    if promised.is_some_and(|length| length > limits.bytes as u64) {
        return Err(too_large(limits.bytes));
    }
    let mut whole = BytesMut::new();
    while let Some(piece) = next_piece(&mut payload, limits.pause).await? {
        if whole.len() + piece.len() > limits.bytes {
            return Err(too_large(limits.bytes));
        }
        if whole.is_empty() && promised == Some(piece.len() as u64) {
            return Ok(piece);
        }
        if let Some(connection) = connection {
            connection.body_progress();
        }
        if whole.is_empty() {
            let expected = promised.map_or(piece.len(), |length| length as usize);
            whole.reserve(expected.min(FIRST_RESERVE));
        }
        whole.extend_from_slice(&piece);
    }
    complete(whole.freeze(), promised)
}

async fn next_piece(payload: &mut Payload, pause: Duration) -> Result<Option<Bytes>, ApiError> {
    let piece = match payload.next().now_or_never() {
        Some(piece) => piece,
        None => tokio::time::timeout(pause, payload.next())
            .await
            .map_err(|_| ApiError::new(ErrorCode::BodyTimeout))?,
    };
    piece.transpose().map_err(incomplete)
}

fn complete(body: Bytes, promised: Option<u64>) -> Result<Bytes, ApiError> {
    match promised {
        Some(length) if length != body.len() as u64 => {
            Err(ApiError::new(ErrorCode::BodyIncomplete))
        }
        _ => Ok(body),
    }
}

/// The length of the body, where the client said it.
pub fn promised_length(request: &HttpRequest) -> Option<u64> {
    request
        .headers()
        .get(CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}

fn too_large(limit: usize) -> ApiError {
    ApiError::new(ErrorCode::BodyTooLarge).detail(format!(
        "The limit is {limit} bytes (`server.max_body_bytes`)."
    ))
}

/// The refusal of a body that ended early. A connection that ended with it has nobody behind it
/// who reads the refusal.
pub fn incomplete(error: PayloadError) -> ApiError {
    let refusal =
        ApiError::new(ErrorCode::BodyIncomplete).operator(format!("reading the body: {error}"));
    match error {
        PayloadError::Incomplete(_) | PayloadError::Io(_) => refusal.client_left(),
        _ => refusal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{FromRequest as _, test::TestRequest};

    async fn read_of(body: &'static [u8], limit: usize) -> Result<Bytes, ApiError> {
        let (request, mut payload) = TestRequest::default().set_payload(body).to_http_parts();
        let payload = Payload::from_request(&request, &mut payload)
            .await
            .expect("payload");
        let limits = BodyLimits {
            bytes: limit,
            pause: Duration::from_secs(1),
            upload: 0,
            files: FilePolicy::Redact,
        };
        read(&request, payload, &limits, None).await
    }

    #[actix_web::test]
    async fn a_body_at_the_limit_is_taken() {
        assert_eq!(read_of(b"12345", 5).await.expect("body"), "12345");
    }

    #[actix_web::test]
    async fn a_body_past_the_limit_is_refused_with_the_limit() {
        let error = read_of(b"123456", 5).await.expect_err("too large");
        assert_eq!(error.code(), ErrorCode::BodyTooLarge);
        assert!(String::from_utf8_lossy(&error.body("r")).contains("5 bytes"));
    }

    #[test]
    fn a_body_that_ends_with_its_connection_is_a_departure_and_a_broken_one_is_not() {
        assert!(incomplete(PayloadError::Incomplete(None)).is_departure());
        assert!(!incomplete(PayloadError::EncodingCorrupted).is_departure());
    }

    #[test]
    fn a_body_shorter_than_promised_is_refused() {
        let error = complete(Bytes::from_static(b"123"), Some(9)).expect_err("incomplete");
        assert_eq!(error.code(), ErrorCode::BodyIncomplete);
    }
}
