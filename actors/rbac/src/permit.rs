//! The proofs that a key may do what it is about to do.
//!
//! Owns: [`RoutePermit`] and [`Permit`]. Both are made in `policy.rs` alone and cannot be made or
//! copied outside this crate. The router's message has a [`Permit`] in it, so a route that forgets
//! to ask the policy does not compile.

use std::sync::Arc;

use crate::rules::Rules;

/// What a route does, as far as rights go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RouteClass {
    /// Any role; tells about the gateway and changes nothing.
    Public,
    /// Names an agent or model and uses it.
    Model,
    /// Passes a request on to a provider as it is, with the gateway's key.
    Proxy,
    /// Shows or changes what is the operator's business.
    Admin,
}

impl RouteClass {
    /// All classes.
    pub const ALL: [Self; 4] = [Self::Public, Self::Model, Self::Proxy, Self::Admin];
}

/// Proof that a key may use a route.
///
/// It is not yet leave to use a model: [`crate::Policy::use_model`] turns it into a [`Permit`].
///
/// ```
/// use nenya_rbac::{Denial, Permit, Policy, RouteClass};
///
/// fn chat(policy: &Policy, now_unix: u64) -> Result<Permit, Denial> {
///     let path = "/v1/chat/completions";
///     let route = policy.enter("ci", "POST", path, RouteClass::Model, now_unix)?;
///     policy.use_model(route, "coder")
/// }
/// # assert!(chat(&Policy::default(), 0).is_err());
/// ```
///
/// Another crate can neither make nor copy one:
///
/// ```compile_fail,E0451
/// fn forge(own: nenya_rbac::RoutePermit) -> nenya_rbac::RoutePermit {
///     nenya_rbac::RoutePermit { class: nenya_rbac::RouteClass::Admin, ..own }
/// }
/// ```
///
/// ```compile_fail,E0599
/// fn twice(route: nenya_rbac::RoutePermit) -> (nenya_rbac::RoutePermit, nenya_rbac::RoutePermit) {
///     (route.clone(), route)
/// }
/// ```
#[must_use = "a route that was entered must be served under this permit"]
#[derive(Debug)]
pub struct RoutePermit {
    rules: Arc<Rules>,
    class: RouteClass,
}

impl RoutePermit {
    pub(crate) fn new(rules: Arc<Rules>, class: RouteClass) -> Self {
        Self { rules, class }
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// What the route does.
    pub fn class(&self) -> RouteClass {
        self.class
    }

    /// The id of the key.
    pub fn subject_id(&self) -> &str {
        &self.rules.id
    }

    /// The name of the key.
    pub fn subject_name(&self) -> &str {
        &self.rules.name
    }

    /// Says whether the key has the role `admin`, which may see what belongs to other keys.
    pub fn is_admin(&self) -> bool {
        self.rules.is_admin()
    }

    /// Says whether the key may use every agent and model, so that a request that names none may
    /// go on as well. If not, [`crate::Policy::use_model`] has to succeed first.
    pub fn covers_all_models(&self) -> bool {
        self.rules.covers_all_models()
    }
}

/// Proof that a key may use a route, and on it this agent or model.
///
/// Another crate can neither make nor copy one:
///
/// ```compile_fail,E0451
/// fn forge(own: nenya_rbac::Permit) -> nenya_rbac::Permit {
///     nenya_rbac::Permit { model: String::from("best"), ..own }
/// }
/// ```
///
/// ```compile_fail,E0624
/// fn forge(route: nenya_rbac::RoutePermit) -> nenya_rbac::Permit {
///     nenya_rbac::Permit::new(route, "best")
/// }
/// ```
///
/// ```compile_fail,E0599
/// fn twice(permit: nenya_rbac::Permit) -> (nenya_rbac::Permit, nenya_rbac::Permit) {
///     (permit.clone(), permit)
/// }
/// ```
#[must_use = "a model may be used only under this permit"]
#[derive(Debug)]
pub struct Permit {
    rules: Arc<Rules>,
    model: String,
}

impl Permit {
    pub(crate) fn new(route: RoutePermit, model: &str) -> Self {
        Self {
            rules: route.rules,
            model: model.to_owned(),
        }
    }

    /// The id of the key.
    pub fn subject_id(&self) -> &str {
        &self.rules.id
    }

    /// The name of the key.
    pub fn subject_name(&self) -> &str {
        &self.rules.name
    }

    /// The agent or model that may be used, as the request named it.
    pub fn model(&self) -> &str {
        &self.model
    }
}
