//! Why a document cannot be read in its format, or not be said in another.
//!
//! Owns the place and the rule, never the content: it ends in replies and logs.

use std::borrow::Cow;
use std::fmt;

use serde_json::value::RawValue;

use crate::format::ApiFormat;

/// Why a conversion stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatError {
    cause: FormatCause,
    /// The field as the format's documents name it; empty if only the place is known.
    field: Cow<'static, str>,
    /// Address of the value's first byte, from which the path in the document is found.
    at: Option<usize>,
}

/// The rule that was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormatCause {
    /// The document is not JSON.
    NotJson,
    /// A value has another type than its format says.
    Expected(&'static str),
    /// A field that the format needs is not there.
    Missing,
    /// A field stands there in two spellings.
    Twin,
    /// The other format has no place for this, and leaving it out would change the answer.
    CannotHold(ApiFormat),
    /// The other format has no place for this; leaving it out would not change what the answer
    /// means, but the operator is strict.
    MustBeSaid(ApiFormat),
    /// The provider does not take this of its format, and the operator is strict.
    NotTaken,
    /// A count of tokens takes no notice of this though it may count, and the operator is strict.
    NotCounted,
    /// Too much would have to be held back to keep the order that the other format wants.
    TooMuchHeld,
    /// The reply ends with a reason that means: the provider failed, or what the model made cannot
    /// be read.
    NoAnswer,
}

/// Why something is refused that could be left out.
const STRICT: &str = "`formats.strict` refuses to leave it out";

impl FormatCause {
    /// What is said of a field behind its name; empty for rules that say it otherwise.
    pub(crate) fn of_a_field(self) -> String {
        match self {
            Self::CannotHold(format) => format!("cannot be said in the format {format}"),
            Self::MustBeSaid(format) => {
                format!("cannot be said in the format {format}; {STRICT}")
            }
            Self::NotTaken => format!("is not taken by this provider; {STRICT}"),
            Self::NotCounted => format!("is no part of a count of tokens; {STRICT}"),
            Self::NotJson
            | Self::Expected(_)
            | Self::Missing
            | Self::Twin
            | Self::TooMuchHeld
            | Self::NoAnswer => String::new(),
        }
    }
}

impl FormatError {
    pub(crate) fn not_json() -> Self {
        Self {
            cause: FormatCause::NotJson,
            field: Cow::Borrowed(""),
            at: None,
        }
    }

    pub(crate) fn expected(what: &'static str, raw: &RawValue) -> Self {
        let cause = FormatCause::Expected(what);
        Self {
            cause,
            field: Cow::Borrowed(""),
            at: Some(address(raw)),
        }
    }

    pub(crate) fn missing(field: &'static str) -> Self {
        Self {
            cause: FormatCause::Missing,
            field: Cow::Borrowed(field),
            at: None,
        }
    }

    /// A missing field of this object.
    pub(crate) fn missing_in(field: &'static str, object: &RawValue) -> Self {
        Self {
            at: Some(address(object)),
            ..Self::missing(field)
        }
    }

    /// A value whose field stands there under this name too.
    pub(crate) fn twin(other: String, raw: &RawValue) -> Self {
        Self {
            cause: FormatCause::Twin,
            field: Cow::Owned(other),
            at: Some(address(raw)),
        }
    }

    pub(crate) fn cannot_hold(
        format: ApiFormat,
        field: impl Into<Cow<'static, str>>,
        at: Option<&RawValue>,
    ) -> Self {
        let cause = FormatCause::CannotHold(format);
        Self {
            cause,
            field: field.into(),
            at: at.map(address),
        }
    }

    /// The same of what could be left out, if the operator were not strict.
    pub(crate) fn must_be_said(
        format: ApiFormat,
        field: impl Into<Cow<'static, str>>,
        at: Option<&RawValue>,
    ) -> Self {
        Self {
            cause: FormatCause::MustBeSaid(format),
            ..Self::cannot_hold(format, field, at)
        }
    }

    pub(crate) fn too_much_held() -> Self {
        Self {
            cause: FormatCause::TooMuchHeld,
            field: Cow::Borrowed(""),
            at: None,
        }
    }

    pub(crate) fn no_answer() -> Self {
        Self {
            cause: FormatCause::NoAnswer,
            field: Cow::Borrowed(""),
            at: None,
        }
    }

    /// The rule.
    pub fn cause(&self) -> FormatCause {
        self.cause
    }

    /// The field's name in the documents of the format; may be empty.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The field with its place in `body`, as in `messages[2].content[0].image_url`, if the value
    /// stands in there; else the field's name.
    pub(crate) fn path_in(&self, body: &[u8]) -> String {
        let start = body.as_ptr().addr();
        let offset = self.at.and_then(|at| at.checked_sub(start));
        let place = offset.filter(|offset| *offset < body.len());
        let place = place
            .map(|offset| crate::walk::place_of(body, offset))
            .unwrap_or_default();
        match (self.cause, place.is_empty()) {
            (FormatCause::Missing, false) => format!("{place}.{}", self.field),
            (_, false) => place,
            (_, true) => self.field.clone().into_owned(),
        }
    }
}

fn address(raw: &RawValue) -> usize {
    raw.get().as_ptr().addr()
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cause {
            FormatCause::NotJson => f.write_str("not json"),
            FormatCause::Expected(what) => write!(f, "must be {what}"),
            FormatCause::Missing => write!(f, "field `{}` is missing", self.field),
            FormatCause::Twin => write!(f, "stands beside its other spelling `{}`", self.field),
            FormatCause::CannotHold(_)
            | FormatCause::MustBeSaid(_)
            | FormatCause::NotTaken
            | FormatCause::NotCounted => write!(f, "`{}` {}", self.field, self.cause.of_a_field()),
            FormatCause::TooMuchHeld => f.write_str("too much of the reply had to be held back"),
            FormatCause::NoAnswer => f.write_str("the reply says that it is none"),
        }
    }
}

impl std::error::Error for FormatError {}
