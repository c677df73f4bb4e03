//! An error of a provider or of the gateway, in words of no format.

use std::borrow::Cow;

/// What went wrong, as every API can say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// The request is wrong.
    Invalid,
    /// The key is wrong or missing.
    Key,
    /// The account has no money or no quota left.
    Money,
    /// The key may not do this.
    Forbidden,
    /// No such model, file or route.
    NotFound,
    /// The request is too large.
    TooLarge,
    /// Too many requests.
    Rate,
    /// The provider has too much to do.
    Overloaded,
    /// The provider failed.
    Failed,
    /// It took too long.
    TooLate,
}

impl FailureKind {
    /// The kind that an HTTP status says, where nothing else is known.
    pub fn of_status(status: u16) -> Self {
        match status {
            401 => Self::Key,
            402 => Self::Money,
            403 => Self::Forbidden,
            404 | 405 | 410 => Self::NotFound,
            413 => Self::TooLarge,
            429 => Self::Rate,
            408 | 504 => Self::TooLate,
            503 | 529 => Self::Overloaded,
            400..500 => Self::Invalid,
            _ => Self::Failed,
        }
    }

    /// The HTTP status, where nothing else is known.
    pub fn status(self) -> u16 {
        match self {
            Self::Invalid => 400,
            Self::Key => 401,
            Self::Money => 402,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::TooLarge => 413,
            Self::Rate => 429,
            Self::Overloaded => 503,
            Self::Failed => 500,
            Self::TooLate => 504,
        }
    }
}

/// An error, as read from one format or to be written in another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure<'a> {
    /// What went wrong.
    pub kind: FailureKind,
    /// HTTP status, if there was one.
    pub status: Option<u16>,
    /// A sentence for people.
    pub message: Cow<'a, str>,
    /// A word for programs, as in `model_not_found`.
    pub code: Option<Cow<'a, str>>,
    /// The field of the request that is at fault.
    pub param: Option<Cow<'a, str>>,
    /// Seconds to wait.
    pub retry_after: Option<u64>,
    /// Id of the request.
    pub request_id: Option<Cow<'a, str>>,
}

impl<'a> Failure<'a> {
    /// A failure with a sentence.
    pub fn new(kind: FailureKind, message: impl Into<Cow<'a, str>>) -> Self {
        Self {
            kind,
            status: None,
            message: message.into(),
            code: None,
            param: None,
            retry_after: None,
            request_id: None,
        }
    }
}
