//! What a request goes on from: the stored response or conversation that it names.
//!
//! Owns the rule that such a request goes to the provider that keeps it and to no other, and that
//! nobody goes on from what another key has made. What is not remembered (after a restart, or made
//! elsewhere) ties a request to nothing. Called by the route of chats.

use std::sync::Arc;
use std::time::Instant;

use wire::ChatRequest;

use super::error::{ApiError, ErrorCode};
use super::whereabouts::{Kind, Whereabouts};

/// The provider that keeps what the request goes on from, if that is remembered.
///
/// # Errors
/// [`ErrorCode::ObjectNotFound`] for what another key has made, unless an administrator asks;
/// [`ErrorCode::KeptElsewhere`] if response and conversation are kept by two providers.
pub(super) fn keeper(
    whereabouts: &Whereabouts,
    chat: &ChatRequest,
    key_id: &str,
    is_admin: bool,
    now: Instant,
) -> Result<Option<Arc<str>>, ApiError> {
    let named = [
        (
            Kind::Response,
            chat.previous_response(),
            "previous_response_id",
        ),
        (Kind::Conversation, chat.conversation(), "conversation"),
    ];
    let mut keeper: Option<Arc<str>> = None;
    for (kind, id, field) in named {
        let Some(place) = id.and_then(|id| whereabouts.find(kind, id, now)) else {
            continue;
        };
        let owner = place.key_id.as_deref();
        if owner.is_some_and(|owner| owner != key_id) && !is_admin {
            return Err(ApiError::new(ErrorCode::ObjectNotFound).param(field));
        }
        if keeper
            .as_ref()
            .is_some_and(|other| *other != place.provider)
        {
            return Err(ApiError::new(ErrorCode::KeptElsewhere).param(field));
        }
        keeper = Some(place.provider);
    }
    Ok(keeper)
}

#[cfg(test)]
mod tests {
    use wire::{ApiFormat, JsonLimits};

    use super::*;

    fn asked(members: &str) -> ChatRequest {
        let body = format!(r#"{{"model":"m","input":"x",{members}}}"#);
        let format = ApiFormat::OpenAiResponses;
        ChatRequest::parse_as(format, body.into(), &JsonLimits::default()).expect("a request")
    }

    fn known() -> (Whereabouts, Instant) {
        let (known, now) = (Whereabouts::default(), Instant::now());
        known.note(Kind::Response, "resp_1", "a", Some("ann"), now);
        known.note(Kind::Conversation, "conv_1", "b", Some("ann"), now);
        (known, now)
    }

    fn kept(members: &str, key_id: &str, is_admin: bool) -> Result<Option<Arc<str>>, ErrorCode> {
        let (known, now) = known();
        let found = keeper(&known, &asked(members), key_id, is_admin, now);
        found.map_err(|error| error.code())
    }

    #[test]
    fn the_provider_that_keeps_it_goes_on() {
        let response = r#""previous_response_id":"resp_1""#;
        assert_eq!(kept(response, "ann", false), Ok(Some("a".into())));
        assert_eq!(
            kept(r#""conversation":"conv_1""#, "ann", false),
            Ok(Some("b".into()))
        );
        let object = r#""conversation":{"id":"conv_1"}"#;
        assert_eq!(kept(object, "ann", false), Ok(Some("b".into())));
    }

    #[test]
    fn what_nobody_remembers_ties_to_nothing() {
        let unknown = r#""previous_response_id":"resp_2","conversation":null"#;
        assert_eq!(kept(unknown, "ann", false), Ok(None));
        assert_eq!(kept(r#""store":true"#, "ann", false), Ok(None));
    }

    #[test]
    fn nobody_goes_on_from_what_another_key_has_made() {
        let response = r#""previous_response_id":"resp_1""#;
        assert_eq!(kept(response, "bob", false), Err(ErrorCode::ObjectNotFound));
        assert_eq!(kept(response, "root", true), Ok(Some("a".into())));
    }

    #[test]
    fn two_providers_cannot_both_go_on() {
        let both = r#""previous_response_id":"resp_1","conversation":"conv_1""#;
        assert_eq!(kept(both, "ann", false), Err(ErrorCode::KeptElsewhere));
    }
}
