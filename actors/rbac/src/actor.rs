//! The owner of the policy: publishes it, and answers those who cannot read it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use runtime::{AskError, ChildSpec, Ctx, Fault, Handle, Handles, Published, Role, Tree};
use serde::Serialize;

use crate::error::Denial;
use crate::messages::{Authorize, ReloadPolicy};
use crate::permit::Permit;
use crate::policy::Policy;

/// How long a reload waits for the new policy to be in force; see [`RbacHandle::reload`].
const RELOAD_DEADLINE: Duration = Duration::from_secs(2);

/// Owns the policy. See the crate's header.
pub struct RbacPolicy {
    published: Published<Policy>,
    reloads: u64,
}

/// The policy's state as [`runtime::Observe`] shows it: counts, and no name of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RbacState {
    /// Keys that the policy knows.
    pub subjects: usize,
    /// Keys that are not switched off.
    pub enabled: usize,
    /// Policies put into force since this actor was built.
    pub reloads: u64,
}

impl Role for RbacPolicy {
    type State = RbacState;

    fn observe(&self) -> RbacState {
        let policy = self.published.load();
        RbacState {
            subjects: policy.len(),
            enabled: policy.enabled(),
            reloads: self.reloads,
        }
    }
}

impl Handles<Authorize> for RbacPolicy {
    /// Plain: a few comparisons.
    fn handle(
        &mut self,
        message: Authorize,
        ctx: &mut Ctx<'_, Self>,
    ) -> Result<Result<Permit, Denial>, Fault> {
        let Authorize {
            subject_id,
            method,
            path,
            class,
            agent_or_model,
        } = message;
        let now_unix = ctx.clock().unix().as_secs();
        let policy = self.published.load();
        let entered = policy.enter(&subject_id, &method, &path, class, now_unix);
        Ok(entered.and_then(|route| policy.use_model(route, &agent_or_model)))
    }
}

impl Handles<ReloadPolicy> for RbacPolicy {
    /// Plain: the policy was parsed and checked before it was sent.
    fn handle(&mut self, message: ReloadPolicy, _ctx: &mut Ctx<'_, Self>) -> Result<usize, Fault> {
        let ReloadPolicy(policy) = message;
        let subjects = policy.len();
        self.published.publish_arc(policy);
        self.reloads += 1;
        Ok(subjects)
    }
}

impl fmt::Debug for RbacPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RbacPolicy")
            .field("state", &self.observe())
            .finish()
    }
}

/// Reads the policy in force and speaks to its owner. Cheap to clone, usable from every thread.
#[derive(Clone, Debug)]
pub struct RbacHandle {
    handle: Handle<RbacPolicy>,
    policy: Published<Policy>,
}

impl RbacHandle {
    /// Declares the policy's owner as the next child of the tree and gives the handle to it.
    ///
    /// What is published outlives the owner, so one that is rebuilt goes on with the last policy.
    pub fn declare(tree: &mut Tree, spec: ChildSpec, policy: Arc<Policy>) -> Self {
        let published = Published::new_arc(policy);
        let for_factory = published.clone();
        let handle = tree.declare(spec, move |_birth| {
            Ok(RbacPolicy {
                published: for_factory.clone(),
                reloads: 0,
            })
        });
        Self {
            handle,
            policy: published,
        }
    }

    /// A handle whose owner never runs, for tests.
    pub fn detached(policy: Arc<Policy>) -> Self {
        Self {
            handle: Handle::detached("rbac-policy"),
            policy: Published::new_arc(policy),
        }
    }

    /// The policy in force.
    pub fn policy(&self) -> &Published<Policy> {
        &self.policy
    }

    /// The actor, for messages that have no method here.
    pub fn handle(&self) -> &Handle<RbacPolicy> {
        &self.handle
    }

    /// Puts a new policy into force and says how many keys it knows.
    ///
    /// # Errors
    /// [`AskError`] if the owner does not answer; unless it says [`AskError::Late`] the old policy
    /// is still in force.
    pub async fn reload(&self, policy: Arc<Policy>) -> Result<usize, AskError> {
        self.handle.ask(ReloadPolicy(policy), RELOAD_DEADLINE).await
    }
}
