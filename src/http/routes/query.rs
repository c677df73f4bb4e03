//! The query of a request that is passed on: without keys, and without what may not leave.
//!
//! Owns both steps, in this order: what some APIs take a key by would be the client's, which is
//! ours to know and nobody else's.

use actix_web::HttpRequest;
use redactor::{Redacted, ReplyRedactor, Who};

use crate::http::dispatch::Call;
use crate::http::error::ApiError;

/// Query parameters that hold keys: Google's `key`, and names that others have for it.
const KEY_PARAMETERS: [&str; 5] = ["key", "api_key", "api-key", "apikey", "access_token"];

/// What may be sent of a request's query; `None` if there is nothing.
///
/// # Errors
/// As for a body: it could not be checked, or a rule blocks.
pub(super) async fn redact_query(
    call: &Call,
    request: &HttpRequest,
    who: Who<'_>,
) -> Result<Option<Redacted<String>>, ApiError> {
    match without_keys(request.query_string()) {
        Some(query) => redact_rest(call, query, who).await.map(Some),
        None => Ok(None),
    }
}

/// The same for a query that has no keys any more.
///
/// # Errors
/// As [`redact_query`].
pub(super) async fn redact_rest(
    call: &Call,
    query: String,
    who: Who<'_>,
) -> Result<Redacted<String>, ApiError> {
    let clean = call.worker.shared.redactor.redact_query(query, who).await;
    let clean = clean.map_err(|error| call.note_redact_error(&error))?;
    call.note_findings(clean.findings());
    Ok(clean)
}

/// The reader of the reply, knowing what was taken out of the query too.
pub(super) fn learning(
    mut reply: Option<ReplyRedactor>,
    query: Option<&Redacted<String>>,
) -> Option<ReplyRedactor> {
    if let Some((reply, query)) = reply.as_mut().zip(query) {
        reply.learn(query);
    }
    reply
}

/// A query without what some APIs take a key by.
pub(super) fn without_keys(query: &str) -> Option<String> {
    let is_key = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
        KEY_PARAMETERS
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_key(pair)).collect();
    let kept = kept.join("&");
    (!kept.is_empty()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_the_query_stays_here() {
        assert_eq!(
            without_keys("limit=2&key=nk-1&after=x").as_deref(),
            Some("limit=2&after=x")
        );
        assert_eq!(without_keys("%6bey=nk-1"), None);
        assert_eq!(without_keys(""), None);
        assert_eq!(without_keys("monkey=1").as_deref(), Some("monkey=1"));
    }
}
