//! What can be said to the policy's owner.

use std::sync::Arc;

use runtime::Message;

use crate::error::Denial;
use crate::permit::{Permit, RouteClass};
use crate::policy::Policy;

/// Asks for a permit in one step, judged by the actor's clock.
///
/// For callers off the data plane, which have no snapshot at hand. The edge reads
/// [`crate::RbacHandle::policy`] and asks nobody.
#[derive(Clone, Debug)]
pub struct Authorize {
    /// The key's id.
    pub subject_id: String,
    /// The request's method.
    pub method: String,
    /// The request's path, without the query.
    pub path: String,
    /// What the route does.
    pub class: RouteClass,
    /// The agent or model that will be served.
    pub agent_or_model: String,
}

impl Message for Authorize {
    type Reply = Result<Permit, Denial>;
}

/// Puts a new policy into force; answers how many keys it knows.
#[derive(Clone, Debug)]
pub struct ReloadPolicy(pub Arc<Policy>);

impl Message for ReloadPolicy {
    type Reply = usize;
}
