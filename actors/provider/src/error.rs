//! What can go wrong between this process and a provider.
//!
//! A variant is a condition. No variant carries a key, a prompt or an upstream body other than
//! the parsed `error` object, and none knows an HTTP status of ours: the edge maps them.

use std::{fmt, time::Duration};

use wire::{ErrorBody, Unconvertible};

use crate::{config::ProviderSpec, ssrf::AddressClass};

/// Which bound of a reply was passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyLimit {
    /// `max_reply_bytes` of a whole reply.
    Whole,
    /// `max_stream_bytes` of a streamed one.
    Stream,
}

/// Why there is no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectFailure {
    /// The name has no address, or the resolver did not answer.
    Resolve,
    /// Resolving, connecting and the TLS handshake together took longer than `connect_timeout`.
    Timeout,
    /// The peer refused, reset or could not be reached.
    Socket(std::io::ErrorKind),
    /// The TLS handshake failed: certificate, version or protocol.
    Tls,
}

/// Why a provider gave no usable answer.
#[derive(Debug, Clone, PartialEq)]
pub enum ProviderError {
    /// The provider needs a key and the vault has none that can be sent.
    NotConfigured,
    /// The URL's name or all of its addresses are ones that must not be called.
    AddressRefused {
        /// What kind of address it was.
        class: AddressClass,
    },
    /// The path of a forwarded request cannot be sent as it is.
    BadPath,
    /// The API that the provider speaks has no such operation.
    NotOffered,
    /// The request says something that this provider's API cannot.
    Unconvertible(Unconvertible),
    /// Requests to this provider are signed together with their body, and this one's comes in
    /// pieces.
    Unsignable,
    /// No connection could be made.
    Connect {
        /// Which step failed.
        failure: ConnectFailure,
    },
    /// Neither head nor first chunk arrived in `first_byte_timeout`.
    FirstByteTimeout,
    /// Bytes had arrived, then none for this long.
    Stalled {
        /// The idle bound that was passed.
        idle: Duration,
    },
    /// A whole reply took longer than `total_timeout`.
    TotalTimeout,
    /// The provider answered with an error status.
    Status {
        /// The upstream status, or the one named in an error object inside a 200.
        status: u16,
        /// What the provider asked us to wait, at most one hour.
        retry_after: Option<Duration>,
        /// The provider's `error` object, if it sent one.
        body: Option<ErrorBody>,
    },
    /// A successful status with a content type other than the one that was asked for.
    NotJson {
        /// The content type, at most 100 bytes of it.
        content_type: String,
    },
    /// A JSON content type, and a body that is not one whole JSON object.
    BadJson,
    /// The body ended before its end.
    Truncated,
    /// The provider redirected; redirects are never followed.
    Redirect {
        /// The 3xx status.
        status: u16,
    },
    /// The reply passed a bound of ours.
    TooLarge {
        /// The bound in bytes.
        limit: u64,
        /// Which bound.
        which: ReplyLimit,
    },
    /// The stream ended without a single event.
    EmptyStream,
    /// What came is not HTTP, not SSE, or encoded in a way that was not asked for.
    Protocol,
    /// The request's own body broke off: its client failed, or something in it may not pass.
    BodyBroken,
}

impl ProviderError {
    /// Tells whether the next target of a fallback chain may be tried.
    ///
    /// A fault of the provider or of its operator moves on; a fault of the request does not,
    /// since the next provider would refuse it too. Rejected keys (401, 402, 403) are the operator's
    /// problem, not the client's.
    pub fn moves_on(&self, spec: &ProviderSpec) -> bool {
        match self {
            Self::Status { status, body, .. } => {
                spec.retryable.contains(status)
                    || matches!(status, 401..=403)
                    || body.as_ref().is_some_and(|body| {
                        matches!(status, 400 | 404 | 413 | 422) && blames_the_target(body)
                    })
            }
            Self::TooLarge { .. } | Self::BadPath | Self::BodyBroken => false,
            // Another provider may speak a format that can.
            Self::NotConfigured
            | Self::NotOffered
            | Self::Unconvertible(_)
            | Self::Unsignable
            | Self::AddressRefused { .. }
            | Self::Connect { .. }
            | Self::FirstByteTimeout
            | Self::Stalled { .. }
            | Self::TotalTimeout
            | Self::NotJson { .. }
            | Self::BadJson
            | Self::Truncated
            | Self::Redirect { .. }
            | Self::EmptyStream
            | Self::Protocol => true,
        }
    }

    /// Tells whether the failure says something about the provider, and not about one request.
    pub fn counts_for_breaker(&self) -> bool {
        match self {
            Self::Status { status, .. } => {
                *status >= 500 || matches!(status, 401..=403 | 408 | 429)
            }
            Self::NotConfigured
            | Self::NotOffered
            | Self::TooLarge { .. }
            | Self::BadPath
            | Self::BodyBroken
            | Self::Unconvertible(_)
            | Self::Unsignable => false,
            Self::AddressRefused { .. }
            | Self::Connect { .. }
            | Self::FirstByteTimeout
            | Self::Stalled { .. }
            | Self::TotalTimeout
            | Self::NotJson { .. }
            | Self::BadJson
            | Self::Truncated
            | Self::Redirect { .. }
            | Self::EmptyStream
            | Self::Protocol => true,
        }
    }

    /// Short name for logs and metric labels; the set is fixed.
    pub fn label(&self) -> &'static str {
        match self {
            Self::NotConfigured => "not_configured",
            Self::AddressRefused { .. } => "address_refused",
            Self::BadPath => "bad_path",
            Self::NotOffered => "not_offered",
            Self::Unconvertible(_) => "unconvertible",
            Self::Unsignable => "unsignable",
            Self::Connect { .. } => "connect",
            Self::FirstByteTimeout => "first_byte_timeout",
            Self::Stalled { .. } => "stalled",
            Self::TotalTimeout => "total_timeout",
            Self::Status { .. } => "status",
            Self::NotJson { .. } => "not_json",
            Self::BadJson => "bad_json",
            Self::Truncated => "truncated",
            Self::Redirect { .. } => "redirect",
            Self::TooLarge { .. } => "too_large",
            Self::EmptyStream => "empty_stream",
            Self::Protocol => "protocol",
            Self::BodyBroken => "body_broken",
        }
    }

    /// Tells whether the provider saw nothing of the request, so that it may be sent elsewhere
    /// whatever it asks for.
    pub fn nothing_was_sent(&self) -> bool {
        matches!(
            self,
            Self::NotConfigured
                | Self::AddressRefused { .. }
                | Self::BadPath
                | Self::NotOffered
                | Self::Connect { .. }
        )
    }

    /// What the provider asked us to wait, if it did.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// Words in a 4xx that mean "not this target", while another may well serve the same request.
const TARGET_WORDS: [&str; 12] = [
    "unknown_model",
    "model_not_found",
    "unavailable_model",
    "model_overloaded",
    "overloaded",
    "rate_limit_exceeded",
    "resource_exhausted",
    "quota exceeded",
    "insufficient_quota",
    "tokens_limit_reached",
    "context_length_exceeded",
    "context length",
];

fn blames_the_target(body: &ErrorBody) -> bool {
    let code = body.code.as_deref().unwrap_or_default();
    [body.message.as_str(), body.type_.as_str(), code]
        .iter()
        .any(|text| {
            let text = text.to_ascii_lowercase();
            TARGET_WORDS.iter().any(|word| text.contains(word))
        })
}

impl fmt::Display for ConnectFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resolve => f.write_str("its name could not be resolved"),
            Self::Timeout => f.write_str("no connection in time"),
            Self::Socket(kind) => write!(f, "{kind}"),
            Self::Tls => f.write_str("the TLS handshake failed"),
        }
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConfigured => f.write_str("no usable key for this provider"),
            Self::AddressRefused { class } => write!(f, "address refused: {class}"),
            Self::BadPath => f.write_str("path cannot be forwarded"),
            Self::NotOffered => f.write_str("its API has no such operation"),
            Self::Unconvertible(why) => why.fmt(f),
            Self::Unsignable => f.write_str("a body in pieces cannot be signed"),
            Self::Connect { failure } => write!(f, "cannot connect: {failure}"),
            Self::FirstByteTimeout => f.write_str("no first byte in time"),
            Self::Stalled { idle } => write!(f, "silent for {idle:?}"),
            Self::TotalTimeout => f.write_str("reply not complete in time"),
            Self::Status { status, .. } => write!(f, "answered with status {status}"),
            Self::NotJson { content_type } => write!(f, "unexpected content type `{content_type}`"),
            Self::BadJson => f.write_str("body is not one JSON object"),
            Self::Truncated => f.write_str("reply was cut off"),
            Self::Redirect { status } => write!(f, "redirect with status {status} refused"),
            Self::TooLarge { limit, .. } => write!(f, "reply is larger than {limit} bytes"),
            Self::EmptyStream => f.write_str("stream ended without an event"),
            Self::Protocol => f.write_str("answer is not well-formed"),
            Self::BodyBroken => f.write_str("the request's body broke off"),
        }
    }
}

impl std::error::Error for ProviderError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, code: Option<&str>) -> ProviderError {
        let body = code.map(|code| ErrorBody {
            code: Some(code.to_owned()),
            ..ErrorBody::default()
        });
        ProviderError::Status {
            status,
            retry_after: None,
            body,
        }
    }

    #[test]
    fn retryable_and_operators_statuses_move_on_and_the_clients_do_not() {
        let spec = ProviderSpec::echo("p");
        for code in [429, 500, 502, 503, 504, 529, 401, 402, 403] {
            assert!(status(code, None).moves_on(&spec), "{code}");
        }
        for code in [400, 404, 409, 413, 422, 501] {
            assert!(!status(code, None).moves_on(&spec), "{code}");
        }
    }

    #[test]
    fn configured_statuses_replace_the_default_ones() {
        let mut spec = ProviderSpec::echo("p");
        spec.retryable = vec![409];
        assert!(status(409, None).moves_on(&spec));
        assert!(!status(500, None).moves_on(&spec));
    }

    #[test]
    fn refusal_that_blames_the_target_moves_on() {
        let spec = ProviderSpec::echo("p");
        for code in [
            "model_not_found",
            "context_length_exceeded",
            "RESOURCE_EXHAUSTED",
        ] {
            assert!(status(400, Some(code)).moves_on(&spec), "{code}");
        }
        assert!(!status(400, Some("invalid_request_error")).moves_on(&spec));
    }

    #[test]
    fn wrong_request_does_not_count_against_the_provider() {
        for code in [400, 404, 413, 422] {
            assert!(!status(code, None).counts_for_breaker(), "{code}");
        }
        for code in [401, 403, 408, 429, 500, 501, 529] {
            assert!(status(code, None).counts_for_breaker(), "{code}");
        }
    }

    #[test]
    fn message_never_repeats_what_the_provider_said() {
        let body = ErrorBody {
            message: "marked words of the provider".to_owned(),
            ..ErrorBody::default()
        };
        let error = ProviderError::Status {
            status: 400,
            retry_after: None,
            body: Some(body),
        };
        assert_eq!(error.to_string(), "answered with status 400");
    }
}
