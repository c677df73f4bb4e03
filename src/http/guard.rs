//! The steps that every request passes before its route runs: address, key, rights.
//!
//! Owns the order of the checks and nothing else; each check is its own crate's, and answers
//! with a proof that the later steps need. This is the only file that asks for a
//! [`rbac::RoutePermit`], so a review of who gets in reads this page.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL};
use auth::ClientAddress;
use rbac::{Denial, DenialReason, RouteClass, RoutePermit};

use super::error::{ApiError, ErrorCode};
use super::exchange::Exchange;
use super::worker::Worker;
use crate::world::World;

/// The id of the holder of `client_token`.
const PRIMARY: &str = "primary";

/// A request that came past the guards.
#[derive(Debug)]
pub struct Entered {
    /// The configuration that the request is served under, from its first byte to its last.
    pub world: Arc<World>,
    /// Proof that the key may use the route.
    pub permit: RoutePermit,
    /// The key's id, for its limits.
    pub key_id: String,
}

/// Refuses addresses that failed to log in too often, before anything else of theirs is read.
///
/// # Errors
/// [`ErrorCode::AddressBlocked`] with the exact wait.
pub fn not_blocked(worker: &Worker, address: &ClientAddress) -> Result<(), ApiError> {
    match worker.shared.auth.blocked(address) {
        None => Ok(()),
        Some(wait) => {
            worker.shared.metrics.auth_blocked.inc();
            Err(ApiError::new(ErrorCode::AddressBlocked).retry_after(Some(wait)))
        }
    }
}

/// The client's address, as far as trusted proxies vouch for it.
#[must_use]
pub fn client_address(request: &HttpRequest, world: &World) -> Option<ClientAddress> {
    let peer = request.peer_addr()?.ip();
    if !world.proxies.trusts(peer) {
        return Some(ClientAddress::direct(peer));
    }
    // A value that is no text must stay there as an entry that is no address: dropped, it would
    // give way to what the client wrote itself.
    let values = |name: &str| -> Vec<String> {
        let all = request.headers().get_all(name);
        all.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect()
    };
    let (forwarded, listed) = (values("forwarded"), values("x-forwarded-for"));
    let forwarded: Vec<&str> = forwarded.iter().map(String::as_str).collect();
    let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
    Some(world.proxies.client_of(peer, &forwarded, &listed))
}

/// Who is it, and may they use this route?
///
/// # Errors
/// 401 for missing and unknown keys (told to the limiter), 403 with the reason for the others.
pub async fn enter(
    worker: &Worker,
    exchange: &Exchange,
    request: &HttpRequest,
    world: Arc<World>,
    address: &ClientAddress,
    class: RouteClass,
) -> Result<Entered, ApiError> {
    let metrics = &worker.shared.metrics;
    let Some(presented) = presented_key(request) else {
        metrics
            .auth_failure
            .with_label_values(&["missing_key"])
            .inc();
        return Err(ApiError::new(ErrorCode::MissingApiKey));
    };
    let Some(known) = world.sealed.authenticate(presented) else {
        metrics
            .auth_failure
            .with_label_values(&["unknown_key"])
            .inc();
        return Err(refuse_unknown(worker, address).await);
    };
    let identity = known.identity();
    exchange.key_name.borrow_mut().push_str(&identity.name);
    let kind = if identity.id == PRIMARY {
        "client_token"
    } else {
        "api_key"
    };
    metrics.auth_success.with_label_values(&[kind]).inc();
    let permit = world
        .policy
        .enter(
            &identity.id,
            request.method().as_str(),
            request.path(),
            class,
            worker.shared.clock.unix().as_secs(),
        )
        .map_err(|denial| denied(worker, &denial))?;
    let key_id = identity.id.clone();
    Ok(Entered {
        world,
        permit,
        key_id,
    })
}

/// Asks the limiter, so that the very login that crosses the line already hears of the block.
async fn refuse_unknown(worker: &Worker, address: &ClientAddress) -> ApiError {
    match worker.shared.auth.record_failure(address).await {
        None => ApiError::new(ErrorCode::InvalidApiKey),
        Some(wait) => ApiError::new(ErrorCode::AddressBlocked).retry_after(Some(wait)),
    }
}

/// The refusal for a denial, counted by its reason.
#[must_use]
pub fn denied(worker: &Worker, denial: &Denial) -> ApiError {
    worker
        .shared
        .metrics
        .auth_denials
        .with_label_values(&[denial.reason.label()])
        .inc();
    ApiError::new(match denial.reason {
        DenialReason::Agent => ErrorCode::AgentNotAllowed,
        DenialReason::Endpoint => ErrorCode::EndpointNotAllowed,
        DenialReason::Disabled => ErrorCode::KeyDisabled,
        DenialReason::Expired => ErrorCode::KeyExpired,
        DenialReason::Role => ErrorCode::RoleNotAllowed,
    })
}

/// What a browser puts before its key: it can set no header of a WebSocket but this one.
///
/// # Source
/// OpenAI, "Realtime API with WebSocket", read 2026-11-22.
const KEY_PROTOCOL: &[u8] = b"openai-insecure-api-key.";

/// The key among the subprotocols that a client offers, where that is a way to send one.
fn key_in_subprotocol(request: &HttpRequest) -> Option<&[u8]> {
    let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL);
    let mut offered = offered.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    let key = offered.find_map(|protocol| protocol.trim_ascii().strip_prefix(KEY_PROTOCOL));
    key.filter(|_| request.path() == REALTIME)
}

/// The one route to which a key may come as a subprotocol.
const REALTIME: &str = "/v1/realtime";

/// The key as the OpenAI, Anthropic and Azure clients send it.
///
/// The scheme's name is case-insensitive.
///
/// # Source
/// RFC 9110 section 11.1.
pub fn presented_key(request: &HttpRequest) -> Option<&[u8]> {
    let headers = request.headers();
    let bearer = headers.get(AUTHORIZATION).and_then(|value| {
        let (scheme, key) = value.as_bytes().split_at_checked(7)?;
        scheme
            .eq_ignore_ascii_case(b"bearer ")
            .then(|| key.trim_ascii())
    });
    let plain = |name: &str| headers.get(name).map(|value| value.as_bytes().trim_ascii());
    bearer
        .or_else(|| plain("x-api-key"))
        .or_else(|| plain("api-key"))
        .or_else(|| plain("x-goog-api-key"))
        .or_else(|| key_in_subprotocol(request))
        .filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn key_in(name: &'static str, value: &'static str) -> Option<Vec<u8>> {
        let request = TestRequest::default()
            .insert_header((name, value))
            .to_http_request();
        presented_key(&request).map(<[u8]>::to_vec)
    }

    #[test]
    fn all_four_headers_are_read() {
        assert_eq!(
            key_in("authorization", "Bearer abc").as_deref(),
            Some(&b"abc"[..])
        );
        assert_eq!(key_in("x-api-key", "abc").as_deref(), Some(&b"abc"[..]));
        assert_eq!(key_in("api-key", " abc ").as_deref(), Some(&b"abc"[..]));
        assert_eq!(
            key_in("x-goog-api-key", "abc").as_deref(),
            Some(&b"abc"[..])
        );
    }

    #[test]
    fn a_browser_sends_its_key_as_a_subprotocol_and_only_to_sessions() {
        let offered = "realtime, openai-insecure-api-key.nk-1, openai-beta.realtime-v1";
        let key_at = |path: &str| {
            let request = TestRequest::with_uri(path);
            let request = request.insert_header(("sec-websocket-protocol", offered));
            presented_key(&request.to_http_request()).map(<[u8]>::to_vec)
        };
        assert_eq!(
            key_at("/v1/realtime?model=m").as_deref(),
            Some(&b"nk-1"[..])
        );
        assert_eq!(key_at("/v1/chat/completions"), None);
    }

    #[test]
    fn the_scheme_is_case_insensitive_and_must_be_bearer() {
        assert_eq!(
            key_in("authorization", "bEaReR  abc").as_deref(),
            Some(&b"abc"[..])
        );
        assert_eq!(key_in("authorization", "Basic abc"), None);
        assert_eq!(key_in("authorization", "Bearer "), None);
        assert_eq!(key_in("authorization", "abc"), None);
    }
}
