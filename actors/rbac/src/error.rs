//! Why a policy cannot be made, and why a request is denied.

use std::fmt;

use crate::role_name::RoleName;

/// Why a policy cannot be made from what the configuration says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RbacError {
    /// There is no such role.
    UnknownRole {
        /// What stands there.
        role: String,
    },
    /// A key has no role at all, so nobody can say what it is for.
    NoRole {
        /// The key's id.
        subject: String,
    },
    /// Two keys have the same id.
    DuplicateSubject {
        /// The id.
        subject: String,
    },
    /// An entry of `allowed_endpoints` cannot be understood.
    BadEndpoint {
        /// The key's id.
        subject: String,
        /// The entry.
        endpoint: String,
        /// What is wrong with it.
        problem: EndpointProblem,
    },
}

/// What is wrong with an entry of `allowed_endpoints`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointProblem {
    /// It is not a method, one space and a path.
    NotMethodAndPath,
    /// The method is not in capital letters.
    BadMethod,
    /// The path does not begin with `/`.
    RelativePath,
    /// A brace that is not a whole segment `{}` or `{name}`.
    BadPlaceholder,
    /// A `*` that is not the whole last segment.
    BadWildcard,
    /// A query, a fragment, a space or a control character: no request path has one.
    NotAPath,
    /// A `.` or `..` segment: no request path that is let through has one.
    DotSegment,
}

impl fmt::Display for EndpointProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotMethodAndPath => "must be a method, one space and a path",
            Self::BadMethod => "method must be in capital letters",
            Self::RelativePath => "path must begin with `/`",
            Self::BadPlaceholder => "`{}` must stand for a whole segment",
            Self::BadWildcard => "`*` must be the whole last segment",
            Self::NotAPath => "path must not have a query, a fragment or blanks",
            Self::DotSegment => "path must not have `.` or `..` segments",
        })
    }
}

impl fmt::Display for RbacError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownRole { role } => {
                let [first, second, third] = RoleName::ALL;
                write!(
                    f,
                    "unknown role `{role}`, must be one of `{first}`, `{second}`, `{third}`"
                )
            }
            Self::NoRole { subject } => write!(f, "key `{subject}` has no role"),
            Self::DuplicateSubject { subject } => write!(f, "key `{subject}` exists twice"),
            Self::BadEndpoint {
                subject,
                endpoint,
                problem,
            } => {
                write!(f, "key `{subject}`: endpoint `{endpoint}`: {problem}")
            }
        }
    }
}

impl std::error::Error for RbacError {}

/// A request that may not go on.
///
/// Carries the key's name for metrics and logs, and nothing that the client sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// Why.
    pub reason: DenialReason,
    /// The id of the key.
    pub subject_id: String,
    /// The name of the key; empty if the policy does not know it.
    pub subject_name: String,
}

/// Why a request may not go on. Listed in the order in which they are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DenialReason {
    /// The key is switched off, or the policy does not know it (any more).
    Disabled,
    /// The key's time is over.
    Expired,
    /// The route is not among the key's `allowed_endpoints`.
    Endpoint,
    /// The key's role does not allow the route.
    Role,
    /// The agent or model is not among the key's `allowed_agents`.
    Agent,
}

impl DenialReason {
    /// All reasons, so that a metric can have a series for each from the start.
    pub const ALL: [Self; 5] = [
        Self::Disabled,
        Self::Expired,
        Self::Endpoint,
        Self::Role,
        Self::Agent,
    ];

    /// The value of the metric's `reason` label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Expired => "expired",
            Self::Endpoint => "endpoint",
            Self::Role => "role",
            Self::Agent => "agent",
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.reason {
            DenialReason::Disabled => "key is disabled",
            DenialReason::Expired => "key has expired",
            DenialReason::Endpoint => "endpoint is not among those allowed",
            DenialReason::Role => "role does not allow this",
            DenialReason::Agent => "agent or model is not among those allowed",
        };
        write!(f, "{what} (key `{}`)", self.subject_id)
    }
}

impl std::error::Error for Denial {}
