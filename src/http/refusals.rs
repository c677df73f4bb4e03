//! What each condition of the crates below looks like to the caller.
//!
//! No match here has a catch-all arm: a new condition does not compile until somebody chose its
//! answer. Upstream bodies go to the caller only where the request itself was refused (400, 404,
//! 413, 422), since then the message is about what the caller wrote; what a provider says of our
//! account stays in the house. What is in such a message is judged where the request's reply would
//! be ([`super::dispatch::Call::check_refusal`]).

use std::time::Duration;

use actix_web::http::header::{HeaderName, HeaderValue};
use auth::{LimitError, RateHeaders};
use provider::{ProviderError, ReplyLimit};
use redactor::RedactError;
use router::{RouteError, Setback, SetbackCause};
use wire::WireError;

use super::error::{ApiError, ErrorCode};

/// The answer to a body that the gateway cannot read.
#[must_use]
pub fn wire_error(error: &WireError) -> ApiError {
    let code = match error {
        WireError::NotUtf8 { .. } | WireError::Syntax { .. } => ErrorCode::InvalidJson,
        WireError::TooDeep { .. } | WireError::TooManyValues { .. } | WireError::NotAnObject => {
            ErrorCode::InvalidJson
        }
        WireError::DuplicateKey { .. } | WireError::LookalikeKey { .. } => ErrorCode::DuplicateKey,
        WireError::MissingField { .. } => ErrorCode::MissingField,
        WireError::WrongType { .. }
        | WireError::EventTooLong { .. }
        | WireError::BrokenFrame(_) => ErrorCode::InvalidField,
    };
    let answer = ApiError::new(code).detail(format!("({error})"));
    match error {
        WireError::DuplicateKey { path } => answer.param(path.to_string()),
        WireError::LookalikeKey { field }
        | WireError::MissingField { field }
        | WireError::WrongType { field, .. } => answer.param(*field),
        WireError::NotUtf8 { .. }
        | WireError::Syntax { .. }
        | WireError::TooDeep { .. }
        | WireError::TooManyValues { .. }
        | WireError::NotAnObject
        | WireError::EventTooLong { .. }
        | WireError::BrokenFrame(_) => answer,
    }
}

/// The answer when a key's limit is reached.
#[must_use]
pub fn limit_error(error: &LimitError) -> ApiError {
    let code = match error {
        LimitError::Requests { .. } => ErrorCode::RequestLimit,
        LimitError::Tokens { .. } => ErrorCode::TokenLimit,
        LimitError::TokensNeverFit { .. } | LimitError::Zero { .. } => {
            ErrorCode::TokenLimitTooSmall
        }
        LimitError::Concurrency { .. } => ErrorCode::ConcurrencyLimit,
        LimitError::Unavailable => ErrorCode::GuardUnavailable,
    };
    let answer = ApiError::new(code)
        .detail(format!("({error})"))
        .retry_after(error.retry_after());
    let lines = error.headers().into_iter().flat_map(RateHeaders::lines);
    lines.fold(answer, |answer, (name, value)| {
        answer.header(HeaderName::from_static(name), HeaderValue::from(value))
    })
}

/// The label of a limit in metrics.
#[must_use]
pub const fn limit_label(error: &LimitError) -> &'static str {
    match error {
        LimitError::Requests { .. } => "requests",
        LimitError::Tokens { .. } | LimitError::TokensNeverFit { .. } => "tokens",
        LimitError::Zero { .. } => "zero",
        LimitError::Concurrency { .. } => "concurrency",
        LimitError::Unavailable => "unavailable",
    }
}

/// `X-RateLimit-*` as headers.
pub fn rate_headers(rate: &RateHeaders) -> impl Iterator<Item = (HeaderName, HeaderValue)> + '_ {
    rate.lines()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from(value)))
}

/// The answer when a request could not be checked for secrets.
#[must_use]
pub fn redact_error(error: &RedactError) -> ApiError {
    let soon = Some(Duration::from_secs(1));
    match error {
        RedactError::Busy { .. } | RedactError::Late { .. } => {
            ApiError::new(ErrorCode::RedactorBusy).retry_after(soon)
        }
        RedactError::Closed => ApiError::new(ErrorCode::GuardUnavailable)
            .retry_after(soon)
            .operator(error.to_string()),
        RedactError::Json(inner) => wire_error(inner),
        RedactError::Blocked { rule, place, .. } => ApiError::new(ErrorCode::RequestBlocked)
            .detail(format!("The rule is `{rule}`."))
            .param(place.clone()),
        RedactError::Panicked
        | RedactError::GaveUp
        | RedactError::Pattern { .. }
        | RedactError::PatternsTooLarge
        | RedactError::SelfTest { .. }
        | RedactError::UnknownRule { .. }
        | RedactError::RuleNotInService { .. }
        | RedactError::NoThread
        | RedactError::TooLong => {
            ApiError::new(ErrorCode::RedactionFailed).operator(error.to_string())
        }
    }
}

/// The answer, or the last event, when a reply may not be passed on.
#[must_use]
pub fn reply_error(error: &RedactError) -> ApiError {
    match error {
        RedactError::Blocked { rule, .. } => ApiError::new(ErrorCode::ReplyBlocked)
            .detail(format!("The rule is `{rule}`."))
            .operator(error.to_string()),
        RedactError::Busy { .. } | RedactError::Late { .. } | RedactError::Closed => {
            redact_error(error)
        }
        RedactError::Json(_)
        | RedactError::Panicked
        | RedactError::GaveUp
        | RedactError::TooLong
        | RedactError::Pattern { .. }
        | RedactError::PatternsTooLarge
        | RedactError::SelfTest { .. }
        | RedactError::UnknownRule { .. }
        | RedactError::RuleNotInService { .. }
        | RedactError::NoThread => {
            ApiError::new(ErrorCode::ReplyUnchecked).operator(error.to_string())
        }
    }
}

/// The answer when no provider could serve the request.
#[must_use]
pub fn route_error(error: &RouteError) -> ApiError {
    // The router's own words name models, which may be the client's text; the log gets ours.
    match error {
        RouteError::ModelNotFound { .. } => ApiError::new(ErrorCode::ModelNotFound).param("model"),
        RouteError::NoProvider { .. } => ApiError::new(ErrorCode::ProviderNotConfigured)
            .operator("no provider that could serve the model has a key"),
        RouteError::PermitForAnother { .. } => ApiError::new(ErrorCode::Internal)
            .operator("the permit is for another model than the prompt"),
        RouteError::KeptElsewhere { .. } => {
            ApiError::new(ErrorCode::KeptElsewhere).param("previous_response_id")
        }
        RouteError::AllShut { retry_after } => ApiError::new(ErrorCode::ProvidersUnavailable)
            .retry_after(Some(*retry_after))
            .operator(error.to_string()),
        RouteError::ContextTooLarge { largest, .. } => ApiError::new(ErrorCode::ContextTooLarge)
            .param("messages")
            .detail(format!("The largest holds {largest} tokens.")),
        RouteError::Exhausted {
            last,
            retry_after,
            trail,
            ..
        } => {
            let answer = provider_error(last).operator(setbacks(trail));
            if retry_after.is_some() {
                answer.retry_after(*retry_after)
            } else {
                answer
            }
        }
        RouteError::Upstream { error, .. } => provider_error(error),
    }
}

/// Who failed and how, in order, without the models.
fn setbacks(trail: &[Setback]) -> String {
    let said = trail.iter().map(|setback| match &setback.cause {
        SetbackCause::Shut { .. } => format!("{}: circuit open", setback.provider),
        SetbackCause::Failed { error, took } => {
            format!(
                "{}: {error} after {} ms",
                setback.provider,
                took.as_millis()
            )
        }
    });
    said.collect::<Vec<_>>().join("; ")
}

/// The answer when the provider that was asked failed.
#[must_use]
pub fn provider_error(error: &ProviderError) -> ApiError {
    let answer = match error {
        ProviderError::NotConfigured => ApiError::new(ErrorCode::ProviderNotConfigured),
        ProviderError::AddressRefused { .. } => ApiError::new(ErrorCode::ProviderRefused),
        ProviderError::BadPath => ApiError::new(ErrorCode::InvalidPath),
        ProviderError::NotOffered => {
            ApiError::new(ErrorCode::UnsupportedByProvider).detail("It has no such endpoint.")
        }
        ProviderError::Unconvertible(why) => ApiError::new(ErrorCode::UnsupportedByProvider)
            .detail(format!("({why})"))
            .param(why.path.clone()),
        ProviderError::Unsignable => ApiError::new(ErrorCode::UnsupportedByProvider).detail(
            "Requests to this provider are signed with their whole body (`auth_style` is `sigv4`), so it takes no forms.",
        ),
        ProviderError::Connect { .. } => ApiError::new(ErrorCode::ProviderUnreachable),
        ProviderError::FirstByteTimeout | ProviderError::TotalTimeout => {
            ApiError::new(ErrorCode::ProviderTimeout)
        }
        ProviderError::Stalled { .. } => ApiError::new(ErrorCode::ProviderTimeout),
        ProviderError::Status {
            status,
            retry_after,
            body,
        } => status_error(*status, *retry_after, body.as_ref()),
        ProviderError::NotJson { .. } | ProviderError::BadJson | ProviderError::Protocol => {
            ApiError::new(ErrorCode::ProviderBadReply)
        }
        ProviderError::Truncated | ProviderError::EmptyStream => {
            ApiError::new(ErrorCode::ProviderBadReply)
        }
        ProviderError::Redirect { .. } => ApiError::new(ErrorCode::ProviderBadReply),
        ProviderError::TooLarge { .. } => ApiError::new(ErrorCode::StreamTooLarge),
        ProviderError::BodyBroken => ApiError::new(ErrorCode::BodyIncomplete),
    };
    if answer.cause().is_some() {
        answer
    } else {
        answer.operator(error.to_string())
    }
}

fn status_error(
    status: u16,
    retry_after: Option<Duration>,
    body: Option<&wire::ErrorBody>,
) -> ApiError {
    match status {
        401..=403 => ApiError::new(ErrorCode::ProviderRefused),
        429 => ApiError::new(ErrorCode::ProviderRateLimited)
            .retry_after(retry_after.or(Some(Duration::from_secs(1)))),
        400..=499 => {
            let answer = ApiError::new(ErrorCode::ProviderRejected).status(status);
            match body {
                Some(body) => answer
                    .detail(body.message.clone())
                    .operator(format!("upstream status {status}")),
                None => {
                    answer.operator(format!("upstream status {status} without an error object"))
                }
            }
        }
        503 | 529 => ApiError::new(ErrorCode::ProviderError)
            .status(503)
            .retry_after(retry_after),
        _ => ApiError::new(ErrorCode::ProviderError),
    }
}

/// The event that ends a stream which broke.
#[must_use]
pub fn stream_error(error: &ProviderError) -> ApiError {
    let code = match error {
        ProviderError::Stalled { .. }
        | ProviderError::FirstByteTimeout
        | ProviderError::TotalTimeout => ErrorCode::StreamStalled,
        ProviderError::TooLarge {
            which: ReplyLimit::Stream | ReplyLimit::Whole,
            ..
        } => ErrorCode::StreamTooLarge,
        ProviderError::Status { .. } => ErrorCode::ProviderError,
        ProviderError::NotConfigured
        | ProviderError::AddressRefused { .. }
        | ProviderError::BadPath
        | ProviderError::NotOffered
        | ProviderError::Unsignable
        | ProviderError::Unconvertible(_)
        | ProviderError::Connect { .. }
        | ProviderError::NotJson { .. }
        | ProviderError::BadJson
        | ProviderError::Truncated
        | ProviderError::Redirect { .. }
        | ProviderError::EmptyStream
        | ProviderError::Protocol
        | ProviderError::BodyBroken => ErrorCode::StreamInterrupted,
    };
    ApiError::new(code).operator(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> ApiError {
        let body = wire::ErrorBody::parse(
            br#"{"error":{"message":"quota of org-123 is used up","type":"x"}}"#,
        );
        provider_error(&ProviderError::Status {
            status,
            retry_after: None,
            body,
        })
    }

    #[test]
    fn what_a_provider_says_of_our_account_stays_in_the_house() {
        for code in [401, 402, 403, 429, 500, 503] {
            let text = String::from_utf8(status(code).body("r")).expect("text");
            assert!(!text.contains("org-123"), "{code}: {text}");
        }
    }

    #[test]
    fn what_a_provider_says_of_the_request_reaches_its_author() {
        let answer = status(400);
        assert!(
            String::from_utf8(answer.body("r"))
                .expect("text")
                .contains("org-123")
        );
        assert_eq!(
            answer
                .response(wire::ApiFormat::OpenAiChat, "r")
                .status()
                .as_u16(),
            400
        );
    }

    #[test]
    fn our_rejected_key_is_not_the_callers_401() {
        assert_eq!(
            status(401)
                .response(wire::ApiFormat::OpenAiChat, "r")
                .status()
                .as_u16(),
            502
        );
    }
}
