//! `RbacPolicy`: which key may use which route, agent and model.
//!
//! The policy is immutable and published; the edge reads it without asking anybody. Its two
//! answers are proofs, [`RoutePermit`] and [`Permit`], and later steps take only those.
//!
//! | role | public routes | routes that use a model | passing on to a provider | the operator's routes |
//! |---|---|---|---|---|
//! | `admin` | all | all | all | all |
//! | `user` | all | all | all | none |
//! | `read-only` | `GET`, `HEAD` | none | none | none |
//!
//! `allowed_endpoints`, where there are any, replace the second to fourth column. `allowed_agents`,
//! where there are any, narrow the third and the fourth to those names, and listings too. `admin`
//! is bound by neither, but a disabled or expired key may do nothing whatever its role.
//!
//! | actor card | |
//! |---|---|
//! | owns | the policy in force |
//! | never does | reads a token or a body; knows a provider; keeps anything about a request |
//! | messages | [`Authorize`], [`ReloadPolicy`] |
//! | mailbox bound | set by the tree (1024 by default); beyond it a reload fails and the old policy stays |
//! | work in flight | none: both handlers are plain |
//! | timeouts | 2 s for a reload; no timers |
//! | survives a restart | the policy; not the count of reloads |
//! | fails | closed: an unknown key may do nothing |
//! | observable state | [`RbacState`]: counts, no name |
//! | metrics | [`DenialReason::label`] is the `reason` of `nenya_auth_denials_total`; the program exports it |
//!
//! Read next: [`Policy`], then `rules.rs` for the decision and `endpoint.rs` for the patterns.

#![forbid(unsafe_code)]

mod actor;
mod endpoint;
mod error;
mod messages;
mod permit;
mod policy;
mod role_name;
mod rules;

pub use actor::{RbacHandle, RbacPolicy, RbacState};
pub use error::{Denial, DenialReason, EndpointProblem, RbacError};
pub use messages::{Authorize, ReloadPolicy};
pub use permit::{Permit, RouteClass, RoutePermit};
pub use policy::Policy;
pub use role_name::RoleName;
pub use rules::Subject;
