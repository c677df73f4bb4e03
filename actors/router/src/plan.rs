//! The plan of one request: which targets, in which order, with what in hand.
//!
//! Owns the three proofs until the request is sent. Making a plan needs an admission, a permit
//! and redacted text; none of them can be made outside the crate that checks for it, so a route
//! that forgets a guard does not compile:
//!
//! ```compile_fail
//! use nenya_router::{LatencyTable, Plan, PlanChat, RouteError, RoutingTable};
//! use wire::ChatRequest;
//!
//! fn unredacted<'a>(
//!     table: &RoutingTable,
//!     admission: &'a auth::Admission,
//!     permit: rbac::Permit,
//!     prompt: ChatRequest, // not `Redacted<ChatRequest>`
//!     clock: &'a runtime::Clock,
//! ) -> Result<Plan<'a>, RouteError> {
//!     let trace = Vec::new();
//!     let request_id = String::new();
//!     let ask = PlanChat { admission, permit, prompt, request_id, trace, api_headers: Vec::new(), strict: false, ties: Default::default(), clock };
//!     table.plan(ask, &LatencyTable::default())
//! }
//! ```
//!
//! ```compile_fail
//! use nenya_router::{LatencyTable, Plan, PlanChat, RouteError, RoutingTable};
//! use wire::ChatRequest;
//!
//! fn unadmitted<'a>(
//!     table: &RoutingTable,
//!     permit: rbac::Permit,
//!     prompt: redactor::Redacted<ChatRequest>,
//!     clock: &'a runtime::Clock,
//! ) -> Result<Plan<'a>, RouteError> {
//!     let trace = Vec::new();
//!     let request_id = String::new();
//!     let ask = PlanChat { permit, prompt, request_id, trace, api_headers: Vec::new(), strict: false, ties: Default::default(), clock };
//!     table.plan(ask, &LatencyTable::default())
//! }
//! ```
//!
//! ```compile_fail
//! use nenya_router::{LatencyTable, Plan, PlanChat, RouteError, RoutingTable};
//! use wire::ChatRequest;
//!
//! fn not_permitted<'a>(
//!     table: &RoutingTable,
//!     admission: &'a auth::Admission,
//!     permit: rbac::RoutePermit, // the model was not checked
//!     prompt: redactor::Redacted<ChatRequest>,
//!     clock: &'a runtime::Clock,
//! ) -> Result<Plan<'a>, RouteError> {
//!     let trace = Vec::new();
//!     let request_id = String::new();
//!     let ask = PlanChat { admission, permit, prompt, request_id, trace, api_headers: Vec::new(), strict: false, ties: Default::default(), clock };
//!     table.plan(ask, &LatencyTable::default())
//! }
//! ```
//!
//! With all three it does:
//!
//! ```
//! use nenya_router::{LatencyTable, Plan, PlanChat, RouteError, RoutingTable};
//! use wire::ChatRequest;
//!
//! fn guarded<'a>(
//!     table: &RoutingTable,
//!     admission: &'a auth::Admission,
//!     permit: rbac::Permit,
//!     prompt: redactor::Redacted<ChatRequest>,
//!     clock: &'a runtime::Clock,
//! ) -> Result<Plan<'a>, RouteError> {
//!     let trace = Vec::new();
//!     let request_id = String::new();
//!     let ask = PlanChat { admission, permit, prompt, request_id, trace, api_headers: Vec::new(), strict: false, ties: Default::default(), clock };
//!     table.plan(ask, &LatencyTable::default())
//! }
//! ```

use std::sync::Arc;

use auth::Admission;
use http::header::{HeaderName, HeaderValue};
use provider::Ties;
use rbac::Permit;
use redactor::Redacted;
use runtime::Clock;
use wire::ChatRequest;

use crate::error::RouteError;
use crate::explain::{Explanation, explanation};
use crate::latency::{LatencyTable, ReplyShape};
use crate::order::{Candidate, Ordered, Rule, largest_context, order};
use crate::route::{Route, Target};
use crate::table::RoutingTable;

/// What a plan is made from: the three proofs, and what goes along with the request.
#[derive(Debug)]
pub struct PlanChat<'a> {
    /// Proof that the request is within the limits of its key. Borrowed for as long as the plan
    /// lives, so that the request's place is not given back before it was sent.
    pub admission: &'a Admission,
    /// Proof that the key may use the model.
    pub permit: Permit,
    /// The client's request after redaction.
    pub prompt: Redacted<ChatRequest>,
    /// Passed on to the provider as `x-request-id`.
    pub request_id: String,
    /// `traceparent` and the like, passed on.
    pub trace: Vec<(HeaderName, HeaderValue)>,
    /// Headers of the client's API; the provider decides which of them pass.
    pub api_headers: Vec<(HeaderName, HeaderValue)>,
    /// Refuses what a provider's format cannot hold even where it could be left out.
    pub strict: bool,
    /// What ties it to requests before it; it may name the one provider that can go on.
    pub ties: Ties,
    /// What tells the time of circuits and attempts.
    pub clock: &'a Clock,
}

/// An ordered list of targets and all that is needed to send the request to them.
#[must_use = "a plan does nothing until it is sent"]
#[derive(Debug)]
pub struct Plan<'a> {
    pub(crate) ask: PlanChat<'a>,
    pub(crate) shape: ReplyShape,
    pub(crate) route: Arc<Route>,
    pub(crate) ordered: Ordered,
    rule: Rule,
    candidates: Vec<Candidate>,
}

impl RoutingTable {
    /// Plans a chat completion: resolves its model and puts the targets in order.
    ///
    /// Takes a turn of the agent's round. Pure but for that, and never waits.
    ///
    /// # Errors
    /// [`RouteError::ModelNotFound`], [`RouteError::NoProvider`], and
    /// [`RouteError::ContextTooLarge`] if the prompt's estimate fits into no target.
    /// [`RouteError::PermitForAnother`] if permit and prompt name different models;
    /// [`RouteError::KeptElsewhere`] if the one provider that can go on is none of the targets.
    pub fn plan<'a>(
        &self,
        ask: PlanChat<'a>,
        latency: &LatencyTable,
    ) -> Result<Plan<'a>, RouteError> {
        let prompt = ask.prompt.get();
        check_permit(&ask.permit, prompt)?;
        let route = self.resolve(prompt.model())?;
        let shape = ReplyShape::of(prompt);
        let rule = route.next_rule(prompt.estimated_tokens());
        let candidates = route.candidates(shape, latency, ask.clock);
        let mut ordered = order(&candidates, &rule);
        if ordered.choices.is_empty() {
            return Err(RouteError::ContextTooLarge {
                estimated: rule.needed,
                largest: largest_context(&candidates, &ordered.too_small).unwrap_or_default(),
            });
        }
        keep_to(ask.ties.kept_by.as_ref(), &route, &mut ordered)?;
        Ok(Plan {
            ask,
            shape,
            route,
            ordered,
            rule,
            candidates,
        })
    }
}

impl Plan<'_> {
    /// The name that the client asked for.
    pub fn model(&self) -> &str {
        self.ask.prompt.get().model()
    }

    /// The permit that the plan was made with.
    pub fn permit(&self) -> &Permit {
        &self.ask.permit
    }

    /// What was taken out of the prompt, and what is left of it.
    pub fn prompt(&self) -> &Redacted<ChatRequest> {
        &self.ask.prompt
    }

    /// Says which target stands where, and why. For logs and operators; allocates.
    pub fn explain(&self) -> Explanation {
        let targets = self.route.targets();
        explanation(
            self.model(),
            &self.rule,
            targets,
            &self.candidates,
            &self.ordered,
        )
    }

    /// The targets in order.
    pub(crate) fn targets(&self) -> impl Iterator<Item = &Target> {
        let choices = self.ordered.choices.iter();
        choices.filter_map(|choice| self.route.targets().get(choice.index))
    }
}

impl ReplyShape {
    /// The shape that a request asks for.
    pub fn of(prompt: &ChatRequest) -> Self {
        if prompt.stream() {
            Self::Streamed
        } else {
            Self::Whole
        }
    }
}

/// Leaves only the targets at the provider that keeps what the request goes on from. Others do not
/// know its id, so there is nobody to fall back to.
fn keep_to(
    keeper: Option<&Arc<str>>,
    route: &Route,
    ordered: &mut Ordered,
) -> Result<(), RouteError> {
    let Some(keeper) = keeper else {
        return Ok(());
    };
    let is_there = |target: &Target| target.provider_name == *keeper;
    let targets = route.targets();
    ordered
        .choices
        .retain(|choice| targets.get(choice.index).is_some_and(is_there));
    if ordered.choices.is_empty() {
        return Err(RouteError::KeptElsewhere {
            provider: Arc::clone(keeper),
        });
    }
    Ok(())
}

/// # Security
/// A permit is good for one name. Were the prompt's own name routed with the permit of another,
/// a caller that mixed up two requests would lift the policy.
fn check_permit(permit: &Permit, prompt: &ChatRequest) -> Result<(), RouteError> {
    if permit.model() == prompt.model() {
        return Ok(());
    }
    Err(RouteError::PermitForAnother {
        permitted: permit.model().to_owned(),
        asked: prompt.model().to_owned(),
    })
}
