//! What happens after a failed attempt: the next target, or the end.
//!
//! Owns the rule. Pure; the provider's crate says what an error is, this file what follows.
//! Never applies once a client was sent a byte: the sending hands the answer over with its first
//! chunk and does not come back here, so there is no second answer to one request.

use provider::{ProviderError, ProviderSpec};

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Another target may be tried, at once: a pause would help neither of two providers.
    Target,
    /// The request itself was refused; the error goes to the client.
    End,
}

/// Judges a failed attempt.
///
/// A server error moves on whether or not it is among the configured statuses: that list says
/// which answers are worth another try beyond those, and a gateway whose every status had to be
/// listed would not survive the next proxy's 52x.
pub(crate) fn after(error: &ProviderError, spec: &ProviderSpec) -> Next {
    if error.moves_on(spec) || is_fault_of_server(error) {
        Next::Target
    } else {
        Next::End
    }
}

/// 5xx, and 408, by which a server says that it waited in vain for its own side.
fn is_fault_of_server(error: &ProviderError) -> bool {
    matches!(error, ProviderError::Status { status, .. } if *status >= 500 || *status == 408)
}

/// Whether one more target may be called after `attempts` were.
///
/// `max_retries` counts the calls after the first one. Targets whose circuit is open were not
/// called and do not count.
pub(crate) fn may_call_another(attempts: u32, max_retries: Option<u32>) -> bool {
    max_retries.is_none_or(|retries| attempts <= retries)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use provider::{ConnectFailure, ProviderSpec, ReplyLimit};
    use wire::ErrorBody;

    use super::*;

    fn status(status: u16) -> ProviderError {
        ProviderError::Status {
            status,
            retry_after: None,
            body: None,
        }
    }

    fn judged(error: &ProviderError) -> Next {
        after(error, &ProviderSpec::echo("p"))
    }

    #[test]
    fn refusals_of_the_request_itself_end_at_once() {
        for code in [400, 404, 405, 409, 413, 415, 422] {
            assert_eq!(judged(&status(code)), Next::End, "{code}");
        }
    }

    #[test]
    fn what_the_provider_or_its_operator_must_mend_moves_on() {
        for code in [401, 402, 403, 408, 429, 500, 501, 502, 503, 504, 520, 529] {
            assert_eq!(judged(&status(code)), Next::Target, "{code}");
        }
    }

    #[test]
    fn a_configured_status_moves_on() {
        let mut spec = ProviderSpec::echo("p");
        spec.retryable = vec![409];
        assert_eq!(after(&status(409), &spec), Next::Target);
        assert_eq!(after(&status(500), &spec), Next::Target);
    }

    #[test]
    fn a_refusal_that_blames_the_model_moves_on() {
        let body = ErrorBody {
            message: "the model does not exist".to_owned(),
            type_: "invalid_request_error".to_owned(),
            code: Some("model_not_found".to_owned()),
            param: None,
        };
        let error = ProviderError::Status {
            status: 404,
            retry_after: None,
            body: Some(body),
        };
        assert_eq!(judged(&error), Next::Target);
    }

    #[test]
    fn broken_transport_moves_on() {
        let failures = [
            ProviderError::NotConfigured,
            ProviderError::Connect {
                failure: ConnectFailure::Resolve,
            },
            ProviderError::FirstByteTimeout,
            ProviderError::TotalTimeout,
            ProviderError::Stalled {
                idle: Duration::from_secs(1),
            },
            ProviderError::BadJson,
            ProviderError::Truncated,
            ProviderError::Redirect { status: 302 },
            ProviderError::EmptyStream,
            ProviderError::Protocol,
            ProviderError::NotJson {
                content_type: "text/html".to_owned(),
            },
        ];
        for failure in failures {
            assert_eq!(judged(&failure), Next::Target, "{failure}");
        }
    }

    #[test]
    fn a_reply_that_is_too_large_ends_since_it_was_made_and_paid_for() {
        let error = ProviderError::TooLarge {
            limit: 1,
            which: ReplyLimit::Whole,
        };
        assert_eq!(judged(&error), Next::End);
    }

    #[test]
    fn retries_are_counted_after_the_first_call() {
        assert!(may_call_another(0, Some(0)));
        assert!(!may_call_another(1, Some(0)));
        assert!(may_call_another(2, Some(2)));
        assert!(!may_call_another(3, Some(2)));
        assert!(may_call_another(1000, None));
    }
}
