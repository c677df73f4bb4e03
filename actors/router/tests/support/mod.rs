//! A small world for routing tests: fake providers on 127.0.0.1, real clients, real proofs.

#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    missing_debug_implementations,
    clippy::unwrap_used,
    reason = "each test binary uses its own part of this module, and a helper may panic"
)]

mod fake;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use auth::{Admission, AuthHandle, KeyLimits, LimitTable, WorkerLimits};
use bytes::Bytes;
use nenya_router::{
    AgentSpec, Happened, LatencyTable, ModelSpec, OutcomeSink, Plan, PlanChat, RouteError, Routed,
    RoutingTable, Strategy, TargetSpec, Upstreams,
};
use provider::{
    AuthStyle, Gates, KeySource, ProviderHandle, ProviderKind, ProviderSpec, Upstream, Verdict,
    tls_config,
};
use rbac::{Permit, Policy, RoleName, RouteClass, Subject};
use redactor::{Redacted, RedactionConfig, RedactorHandle, RuleSet, Who};
use runtime::Clock;
use wire::{ChatRequest, JsonLimits};

pub use fake::{Fake, Reply};

/// Providers, this worker's clients of them, and what happened.
pub struct World {
    pub clock: Clock,
    pub handles: HashMap<String, ProviderHandle>,
    clients: HashMap<String, Rc<Upstream>>,
    pub happened: RefCell<Vec<Happened>>,
}

/// There are no keys in this world.
struct NoKeys;

impl KeySource for NoKeys {
    fn lease(&self, _: &str) -> Option<vault::Lease> {
        None
    }
}

impl World {
    pub fn new() -> Self {
        Self::at(Clock::system())
    }

    pub fn at(clock: Clock) -> Self {
        Self {
            clock,
            handles: HashMap::new(),
            clients: HashMap::new(),
            happened: RefCell::default(),
        }
    }

    /// Adds a provider behind `fake`, with all circuits closed.
    pub fn with(self, name: &str, fake: &Fake) -> Self {
        self.with_gates(name, fake, Gates::open())
    }

    pub fn with_gates(self, name: &str, fake: &Fake, gates: Gates) -> Self {
        let url = fake.chat_url().parse().unwrap();
        let mut spec = ProviderSpec::new(name, ProviderKind::Http, url);
        spec.auth = AuthStyle::None;
        spec.danger_allow_private_addresses = true;
        self.with_spec(spec, gates)
    }

    pub fn with_echo(self, name: &str) -> Self {
        self.with_spec(ProviderSpec::echo(name), Gates::open())
    }

    fn with_spec(mut self, spec: ProviderSpec, gates: Gates) -> Self {
        let name = spec.name.clone();
        let spec = Arc::new(spec);
        let tls = tls_config(&spec).unwrap();
        let client = Upstream::new(
            Arc::clone(&spec),
            Arc::new(NoKeys),
            tls,
            runtime::Aside::new(1),
        );
        self.clients.insert(name.clone(), Rc::new(client));
        let handle = ProviderHandle::detached(spec, gates);
        self.handles.insert(name, handle);
        self
    }

    /// A table in which the agent `coder` has these targets, each with the model `m`.
    pub fn table(&self, strategy: Strategy, providers: &[&str]) -> RoutingTable {
        let targets = providers.iter().map(|provider| target(provider, "m"));
        self.table_of(AgentSpec {
            name: "coder".to_owned(),
            strategy,
            targets: targets.collect(),
            ..AgentSpec::default()
        })
    }

    pub fn table_of(&self, agent: AgentSpec) -> RoutingTable {
        let none: &[ModelSpec] = &[];
        RoutingTable::build(&[agent], &self.handles, none).unwrap()
    }

    /// Plans and sends one request for `coder`.
    pub async fn chat(&self, table: &RoutingTable) -> Result<Routed, RouteError> {
        self.send(table, "coder", false).await
    }

    pub async fn send(
        &self,
        table: &RoutingTable,
        model: &str,
        stream: bool,
    ) -> Result<Routed, RouteError> {
        let admission = admission().await;
        let ask = ask(&admission, &self.clock, model, stream).await;
        let plan = table.plan(ask, &LatencyTable::default())?;
        plan.send(self, self).await
    }

    /// What the breakers would hear, as `provider verdict`.
    pub fn outcomes(&self) -> Vec<(String, Verdict)> {
        let happened = self.happened.borrow();
        let outcome = |happened: &Happened| match happened {
            Happened::Ended { provider, outcome } => {
                Some((provider.name().to_owned(), outcome.verdict))
            }
            Happened::Measured(_) => None,
        };
        happened.iter().filter_map(outcome).collect()
    }

    /// Which providers were measured.
    pub fn measured(&self) -> Vec<String> {
        let happened = self.happened.borrow();
        let name = |happened: &Happened| match happened {
            Happened::Measured(sample) => Some(sample.provider.to_string()),
            Happened::Ended { .. } => None,
        };
        happened.iter().filter_map(name).collect()
    }
}

impl Upstreams for World {
    fn upstream(&self, provider: &str) -> Option<Rc<Upstream>> {
        self.clients.get(provider).cloned()
    }
}

impl OutcomeSink for World {
    fn record(&self, happened: Happened) {
        self.happened.borrow_mut().push(happened);
    }
}

pub fn target(provider: &str, model: &str) -> TargetSpec {
    TargetSpec {
        provider: provider.to_owned(),
        model: model.to_owned(),
        ..TargetSpec::default()
    }
}

pub async fn ask<'a>(
    admission: &'a Admission,
    clock: &'a Clock,
    model: &str,
    stream: bool,
) -> PlanChat<'a> {
    PlanChat {
        admission,
        permit: permit(model),
        prompt: redacted(model, stream).await,
        request_id: "request-1".to_owned(),
        trace: Vec::new(),
        api_headers: Vec::new(),
        strict: false,
        ties: provider::Ties::default(),
        clock,
    }
}

/// Plans a request for `coder` and says in which order the targets stand.
pub fn order(plan: &Plan<'_>) -> Vec<String> {
    let explained = plan.explain();
    let placed = explained
        .targets
        .iter()
        .filter(|target| target.place.is_some());
    placed.map(|target| target.provider.clone()).collect()
}

pub async fn admission() -> Admission {
    let table = LimitTable::new(KeyLimits::default(), HashMap::new());
    let handle = AuthHandle::detached(Clock::system(), Arc::new(table));
    WorkerLimits::new(handle).admit("key", 1).await.unwrap()
}

pub fn permit(model: &str) -> Permit {
    let subject = Subject {
        id: "key".to_owned(),
        name: "key".to_owned(),
        roles: vec![RoleName::User],
        allowed_agents: Vec::new(),
        allowed_endpoints: Vec::new(),
        enabled: true,
        expires_at: None,
    };
    let policy = Policy::new(vec![subject]).unwrap();
    let path = "/v1/chat/completions";
    let route = policy
        .enter("key", "POST", path, RouteClass::Model, 0)
        .unwrap();
    policy.use_model(route, model).unwrap()
}

const SOMEBODY: Who<'static> = Who {
    key_id: "somebody",
    agent: None,
};

pub async fn redacted(model: &str, stream: bool) -> Redacted<ChatRequest> {
    let body = format!(
        r#"{{"model":"{model}","stream":{stream},"messages":[{{"role":"user","content":"hello there, gateway"}}]}}"#
    );
    let limits = JsonLimits::default();
    let request = ChatRequest::parse(Bytes::from(body), &limits).unwrap();
    let rules = RuleSet::compile(&RedactionConfig::default()).unwrap();
    RedactorHandle::detached(rules)
        .redact_chat(request, SOMEBODY)
        .await
        .unwrap()
}
