//! Whom a request is sent to: by its model, by the object that it names, or by preference.
//!
//! Owns the order of these three, and the policy's word on each. Never random: where nothing says
//! whom to ask, the request is refused with what could say it.

use std::sync::Arc;
use std::time::Instant;

use actix_web::HttpRequest;
use provider::ProviderHandle;
use rbac::{Permit, RoutePermit};
use router::{DirectTarget, RouteError};

use super::table::Endpoint;
use crate::http::dispatch::Call;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::guard::denied;
use crate::http::refusals::route_error;
use crate::http::whereabouts::Kind;
use crate::world::World;

/// The header by which a client names a provider where no model does.
const PROVIDER_HEADER: &str = "x-nenya-provider";

/// One provider that may be asked.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) provider: ProviderHandle,
    /// The model's name there; `None` if the request names none.
    pub(super) model: Option<Arc<str>>,
    pub(super) configured: bool,
}

/// All that may be asked, in order, and the agent that was named.
///
/// Made here alone, and only of a permit that the policy gave: who has one may send.
#[derive(Debug)]
pub(super) struct Chosen {
    targets: Vec<Target>,
    agent: String,
}

impl Chosen {
    pub(super) fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// For labels and the redactor; `None` if a model was asked by its own name.
    pub(super) fn agent(&self) -> Option<&str> {
        Some(self.agent.as_str()).filter(|agent| !agent.is_empty())
    }
}

/// Chooses for one request.
pub(super) struct Chooser<'a> {
    pub(super) call: &'a Call,
    pub(super) world: &'a World,
    pub(super) endpoint: Endpoint,
    pub(super) request: &'a HttpRequest,
    pub(super) key_id: &'a str,
}

impl Chooser<'_> {
    /// By the model or agent of the body; for a model that nobody lists, by preference.
    pub(super) fn by_model(&self, permit: RoutePermit, model: &str) -> Result<Chosen, ApiError> {
        let permit = self.world.policy.use_model(permit, model);
        let permit = permit.map_err(|denial| denied(&self.call.worker, &denial))?;
        let unknown = || ApiError::new(ErrorCode::ModelNotFound).param("model");
        if !self.world.allows(model) {
            return Err(unknown());
        }
        let shared = &self.call.worker.shared;
        let latency = shared.router.latency();
        let found = self.world.routes.direct(&permit, &latency, &shared.clock);
        let targets = match found {
            Ok(targets) => targets,
            Err(RouteError::ModelNotFound { .. }) => {
                vec![self.preferred_for(&permit).ok_or_else(unknown)?]
            }
            Err(error) => return Err(route_error(&error)),
        };
        Ok(Chosen {
            targets: targets.into_iter().map(Target::of_model).collect(),
            agent: self.world.agent_label(model),
        })
    }

    fn preferred_for(&self, permit: &Permit) -> Option<DirectTarget> {
        let allows = |provider: &str| self.world.allows_model(provider, permit.model());
        let preferred = self.endpoint.preferred();
        self.world.routes.preferred_for(permit, preferred, allows)
    }

    /// By preference, or as the client's header says.
    pub(super) fn without_model(&self, permit: RoutePermit) -> Result<Chosen, ApiError> {
        let permit = self.world.policy.use_no_model(permit);
        let permit = permit.map_err(|denial| denied(&self.call.worker, &denial))?;
        let provider = match self.named()? {
            Some(provider) => provider,
            None => {
                let preferred = self.endpoint.preferred();
                let found = self.world.routes.preferred(&permit, preferred);
                found.ok_or_else(|| self.nobody())?
            }
        };
        self.only(provider)
    }

    /// Where the object was made; by preference if nobody remembers.
    pub(super) fn of_object(
        &self,
        permit: RoutePermit,
        kind: Kind,
        id: &str,
    ) -> Result<Chosen, ApiError> {
        let whereabouts = &self.call.worker.shared.whereabouts;
        let Some(place) = whereabouts.find(kind, id, Instant::now()) else {
            return self.without_model(permit);
        };
        let own = place.key_id.as_deref() == Some(self.key_id);
        if place.key_id.is_some() && !own && !permit.is_admin() {
            return Err(ApiError::new(ErrorCode::ObjectNotFound));
        }
        // Whoever made it may use it, whatever else the key may not.
        if !own {
            let permit = self.world.policy.use_no_model(permit);
            let _permit = permit.map_err(|denial| denied(&self.call.worker, &denial))?;
        }
        let provider = self.world.routes.callable(&place.provider);
        self.only(provider.ok_or_else(|| ApiError::new(ErrorCode::ProviderNotConfigured))?)
    }

    fn only(&self, provider: ProviderHandle) -> Result<Chosen, ApiError> {
        let starts_models = self.endpoint.uses_model() || self.endpoint == Endpoint::Batches;
        if starts_models
            && self.request.method() == actix_web::http::Method::POST
            && self.world.restricts_models(provider.name())
        {
            return Err(ApiError::new(ErrorCode::ModelNotFound)
                .param("model")
                .detail("This provider has `allowed_models`, and the request names none."));
        }
        let target = Target {
            provider,
            model: None,
            configured: false,
        };
        Ok(Chosen {
            targets: vec![target],
            agent: String::new(),
        })
    }

    fn named(&self) -> Result<Option<ProviderHandle>, ApiError> {
        let Some(value) = self.request.headers().get(PROVIDER_HEADER) else {
            return Ok(None);
        };
        let name = value.to_str().unwrap_or_default();
        let found = self.world.routes.callable(name);
        found
            .map(Some)
            .ok_or_else(|| ApiError::new(ErrorCode::ProviderNotFound))
    }

    fn nobody(&self) -> ApiError {
        let remedy = if self.endpoint.uses_model() {
            "Name a model as `provider/model`, or a provider in the header `x-nenya-provider`."
        } else {
            "Name a provider in the header `x-nenya-provider`."
        };
        ApiError::new(ErrorCode::ProviderNotConfigured)
            .detail(remedy)
            .operator("no provider that is preferred for this endpoint has a key")
    }
}

impl Target {
    fn of_model(target: DirectTarget) -> Self {
        Self {
            provider: target.provider,
            model: Some(target.model),
            configured: target.configured,
        }
    }
}
