//! The policy: all keys and their rights, immutable.
//!
//! Owns: the decision, and the making of proofs. No actor, no clock and no lock: the edge reads a
//! published policy and passes the time in. A policy is replaced whole at a reload.
//!
//! A request asks twice. [`Policy::enter`] needs only its head and comes before the body is read;
//! [`Policy::use_model`] comes after the body is parsed and names what that parse found. That
//! the name is the one that is served later is not left to trust: the router takes it from the
//! [`Permit`].

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use crate::error::{Denial, DenialReason, RbacError};
use crate::permit::{Permit, RouteClass, RoutePermit};
use crate::rules::{Rules, Subject};

/// Who may do what.
#[derive(Debug, Default)]
pub struct Policy {
    rules: HashMap<String, Arc<Rules>>,
}

impl Policy {
    /// Makes a policy; a key that is not in it may do nothing.
    ///
    /// # Errors
    /// See [`RbacError`]: a key without a role, an id that exists twice, an endpoint that cannot
    /// be understood.
    pub fn new(subjects: Vec<Subject>) -> Result<Self, RbacError> {
        let mut rules = HashMap::with_capacity(subjects.len());
        for subject in subjects {
            let subject = Rules::parse(subject)?;
            match rules.entry(subject.id.clone()) {
                Entry::Occupied(_) => {
                    return Err(RbacError::DuplicateSubject {
                        subject: subject.id,
                    });
                }
                Entry::Vacant(vacant) => vacant.insert(Arc::new(subject)),
            };
        }
        Ok(Self { rules })
    }

    /// May this key use this route?
    ///
    /// # Units
    /// `path` is what the client sent, undecoded and without the query; `now_unix` is in seconds
    /// since 1970. A key has expired from the second that `expires_at` names.
    ///
    /// # Errors
    /// A [`Denial`] with the first reason that applies: disabled, expired, endpoint, role. A key
    /// that the policy does not know counts as disabled: it was taken out at a reload after the
    /// request had shown it.
    pub fn enter(
        &self,
        subject_id: &str,
        method: &str,
        path: &str,
        class: RouteClass,
        now_unix: u64,
    ) -> Result<RoutePermit, Denial> {
        let rules = self
            .rules
            .get(subject_id)
            .ok_or_else(|| unknown(subject_id))?;
        match rules.refusal(method, path, class, now_unix) {
            Some(reason) => Err(denied(rules, reason)),
            None => Ok(RoutePermit::new(Arc::clone(rules), class)),
        }
    }

    /// May this key use this agent or model, on the route that it has entered?
    ///
    /// `agent_or_model` is the exact name that will be served. Judged by this policy, even if the
    /// route was entered under an older one.
    ///
    /// # Errors
    /// A [`Denial`]: agent if the name is not among those allowed, role if the route is one on
    /// which no model may be used, disabled if the key is gone since it entered.
    pub fn use_model(&self, route: RoutePermit, agent_or_model: &str) -> Result<Permit, Denial> {
        let current = self.rules.get(route.subject_id());
        let Some(rules) = current.filter(|rules| rules.is_enabled()) else {
            return Err(denied(route.rules(), DenialReason::Disabled));
        };
        if !matches!(route.class(), RouteClass::Model | RouteClass::Proxy) {
            return Err(denied(rules, DenialReason::Role));
        }
        if !rules.may_use(agent_or_model) {
            return Err(denied(rules, DenialReason::Agent));
        }
        let current = RoutePermit::new(Arc::clone(rules), route.class());
        Ok(Permit::new(current, agent_or_model))
    }

    /// May this key go on with a request that names no agent or model, on a route that passes
    /// requests to a provider?
    ///
    /// # Errors
    /// A [`Denial`] by agent if the key is limited to certain agents: what such a request reaches
    /// cannot be told. Disabled if the key is gone since it entered.
    pub fn use_no_model(&self, route: RoutePermit) -> Result<RoutePermit, Denial> {
        let current = self.rules.get(route.subject_id());
        let Some(rules) = current.filter(|rules| rules.is_enabled()) else {
            return Err(denied(route.rules(), DenialReason::Disabled));
        };
        if !rules.covers_all_models() {
            return Err(denied(rules, DenialReason::Agent));
        }
        Ok(RoutePermit::new(Arc::clone(rules), route.class()))
    }

    /// Says whether a listing may show this agent or model to the key.
    pub fn may_see(&self, route: &RoutePermit, agent_or_model: &str) -> bool {
        let current = self.rules.get(route.subject_id());
        current.is_some_and(|rules| rules.is_enabled() && rules.may_use(agent_or_model))
    }

    /// How many keys the policy knows.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Says whether the policy knows no key at all, and so denies everything.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub(crate) fn enabled(&self) -> usize {
        self.rules
            .values()
            .filter(|rules| rules.is_enabled())
            .count()
    }
}

fn denied(rules: &Rules, reason: DenialReason) -> Denial {
    Denial {
        reason,
        subject_id: rules.id.clone(),
        subject_name: rules.name.clone(),
    }
}

fn unknown(subject_id: &str) -> Denial {
    Denial {
        reason: DenialReason::Disabled,
        subject_id: subject_id.to_owned(),
        subject_name: String::new(),
    }
}
