//! What one key may do, ready to be asked.

use crate::endpoint::Endpoint;
use crate::error::{DenialReason, RbacError};
use crate::permit::RouteClass;
use crate::role_name::RoleName;

/// A key and its rights, as the operator wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The key's id, alone in its policy.
    pub id: String,
    /// The key's name, for metrics and logs.
    pub name: String,
    /// At least one role. `admin` outweighs all others, and `read-only` outweighs `user`.
    pub roles: Vec<RoleName>,
    /// Agents and models that may be used, by exact name; empty means all.
    pub allowed_agents: Vec<String>,
    /// Routes that may be used, as `METHOD /path`; empty means those of the role. `{}` stands for
    /// one segment, and `*` as the last segment for all that follow.
    pub allowed_endpoints: Vec<String>,
    /// A key that is switched off may do nothing.
    pub enabled: bool,
    /// When the key stops being valid, in seconds since 1970; `None` means never.
    pub expires_at: Option<u64>,
}

/// The same, parsed.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) id: String,
    pub(crate) name: String,
    role: RoleName,
    agents: Vec<String>,
    endpoints: Vec<Endpoint>,
    enabled: bool,
    expires_at: Option<u64>,
}

impl Rules {
    pub(crate) fn parse(subject: Subject) -> Result<Self, RbacError> {
        let endpoints = subject.allowed_endpoints.iter().map(|text| {
            Endpoint::parse(text).map_err(|problem| RbacError::BadEndpoint {
                subject: subject.id.clone(),
                endpoint: text.clone(),
                problem,
            })
        });
        let endpoints = endpoints.collect::<Result<_, _>>()?;
        let role = weightiest(&subject.roles).ok_or_else(|| RbacError::NoRole {
            subject: subject.id.clone(),
        })?;
        Ok(Self {
            id: subject.id,
            name: subject.name,
            role,
            agents: subject.allowed_agents,
            endpoints,
            enabled: subject.enabled,
            expires_at: subject.expires_at,
        })
    }

    /// Why this key may not use this route, if so. The order of the checks is part of the promise:
    /// switched off, expired, endpoint, role.
    pub(crate) fn refusal(
        &self,
        method: &str,
        path: &str,
        class: RouteClass,
        now_unix: u64,
    ) -> Option<DenialReason> {
        if !self.enabled {
            return Some(DenialReason::Disabled);
        }
        if self.expires_at.is_some_and(|end| now_unix >= end) {
            return Some(DenialReason::Expired);
        }
        if self.role == RoleName::Admin {
            return None;
        }
        if !self.lists(method, path) {
            return Some(DenialReason::Endpoint);
        }
        (!self.role_allows(method, class)).then_some(DenialReason::Role)
    }

    /// Says whether the key may use this agent or model: byte for byte as it is listed.
    pub(crate) fn may_use(&self, agent_or_model: &str) -> bool {
        self.covers_all_models() || self.agents.iter().any(|listed| listed == agent_or_model)
    }

    pub(crate) fn covers_all_models(&self) -> bool {
        self.role == RoleName::Admin || self.agents.is_empty()
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.role == RoleName::Admin
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.enabled
    }

    fn lists(&self, method: &str, path: &str) -> bool {
        self.endpoints.is_empty()
            || self
                .endpoints
                .iter()
                .any(|endpoint| endpoint.matches(method, path))
    }

    /// A list of endpoints speaks for the role, except on the operator's routes: a `*` that was
    /// meant for models must not open them.
    fn role_allows(&self, method: &str, class: RouteClass) -> bool {
        match class {
            RouteClass::Admin => false,
            RouteClass::Public | RouteClass::Model | RouteClass::Proxy
                if !self.endpoints.is_empty() || self.role == RoleName::User =>
            {
                true
            }
            RouteClass::Public => matches!(method, "GET" | "HEAD"),
            RouteClass::Model | RouteClass::Proxy => false,
        }
    }
}

fn weightiest(roles: &[RoleName]) -> Option<RoleName> {
    [RoleName::Admin, RoleName::ReadOnly, RoleName::User]
        .into_iter()
        .find(|role| roles.contains(role))
}
