//! The shell around breakers and probe: one per provider, supervised.

use std::{rc::Rc, sync::Arc, time::Duration};

use runtime::{Aside, Ctx, Fault, Handle, Handles, Message, Published, Role, TellError};

use crate::{
    breaker::{Breakers, Jitter},
    catalogue::Discovery,
    client::{KeySource, Upstream},
    config::{ProviderKind, ProviderSpec},
    gates::Gates,
    messages::{AdoptSpec, ProbeTick, Probed},
    outcome::{Failure, Outcome, Verdict},
    probe::Backoff,
    refresh::{self, Refresh},
    state::ProviderState,
};

/// How long a finished probe waits before it knocks again at a full mailbox.
const KNOCK_AGAIN: Duration = Duration::from_millis(100);

/// What a provider's actor is built from, again after every restart. Cheap to clone.
#[derive(Clone)]
pub struct ProviderParts {
    adopted: Published<AdoptSpec>,
    keys: Arc<dyn KeySource>,
    gates: Published<Gates>,
    discovery: Published<Discovery>,
}

impl ProviderParts {
    /// Gathers the parts; all gates are open at first.
    pub fn new(
        spec: Arc<ProviderSpec>,
        keys: Arc<dyn KeySource>,
        tls: Arc<rustls::ClientConfig>,
    ) -> Self {
        let adopted = Published::new(AdoptSpec { spec, tls });
        Self {
            adopted,
            keys,
            gates: Published::new(Gates::open()),
            discovery: Published::new(Discovery::default()),
        }
    }

    /// The configuration adopted last.
    pub fn spec(&self) -> Arc<ProviderSpec> {
        Arc::clone(&self.adopted.load().spec)
    }

    /// The snapshot that the actor publishes.
    pub fn gates(&self) -> Published<Gates> {
        self.gates.clone()
    }

    /// Whether the list of models could be asked for with what the vault has now.
    pub(crate) fn may_list(&self) -> bool {
        let spec = self.spec();
        let auth = spec.models.as_ref().map_or(spec.auth, |list| list.auth);
        let mut names = spec.key_names().into_iter();
        !auth.needs_key() || names.any(|name| self.keys.lease(&name).is_some())
    }

    /// The models that the provider says it has, as the actor publishes them.
    pub fn discovery(&self) -> Published<Discovery> {
        self.discovery.clone()
    }
}

impl std::fmt::Debug for ProviderParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderParts")
            .field("provider", &self.spec().name)
            .finish_non_exhaustive()
    }
}

/// Owns the breakers of one provider and probes it while it is away. See the crate's actor card.
pub struct ProviderActor {
    parts: ProviderParts,
    spec: Arc<ProviderSpec>,
    breakers: Breakers,
    backoff: Backoff,
    /// The probe's own client, made when it is needed first.
    upstream: Option<Rc<Upstream>>,
    draining: bool,
    reachable: Option<bool>,
    probing: bool,
    /// Counts back-offs; a tick of an earlier one is ignored.
    round: u64,
    waiting: bool,
    answered: u64,
    failed: u64,
    abandoned: u64,
    probes: u64,
    clock: runtime::Clock,
    pub(crate) refresh: Refresh,
}

impl ProviderActor {
    /// Builds the actor; circuits that an earlier one published are taken up again.
    pub fn new(parts: ProviderParts) -> Self {
        let (spec, gates) = (parts.spec(), parts.gates.load_full());
        Self {
            breakers: Breakers::from_gates(spec.breaker.clone(), &gates),
            draining: gates.draining,
            parts,
            spec,
            backoff: Backoff::default(),
            upstream: None,
            reachable: None,
            probing: false,
            round: 0,
            waiting: false,
            answered: 0,
            failed: 0,
            abandoned: 0,
            probes: 0,
            clock: runtime::Clock::system(),
            refresh: Refresh::default(),
        }
    }

    pub(crate) fn take_in(&mut self, outcome: &Outcome) -> bool {
        match outcome.verdict {
            Verdict::Answered => self.answered += 1,
            Verdict::Failed(_) => self.failed += 1,
            Verdict::Abandoned => self.abandoned += 1,
        }
        match outcome.verdict {
            Verdict::Failed(Failure::Unreachable) => self.reachable = Some(false),
            Verdict::Answered | Verdict::Failed(_) => self.reachable = Some(true),
            Verdict::Abandoned => {}
        }
        self.breakers.record(outcome, self.clock.now(), jitter())
    }

    pub(crate) fn publish(&self) {
        self.parts.gates.publish(self.breakers.gates(self.draining));
    }

    pub(crate) fn drain(&mut self, draining: bool) {
        self.draining = draining;
        self.publish();
    }

    pub(crate) fn adopt(&mut self, adopted: AdoptSpec) {
        refresh::forget_if_moved(&self.spec, &adopted.spec, &self.parts.discovery);
        self.spec = Arc::clone(&adopted.spec);
        self.breakers.adopt(self.spec.breaker.clone());
        self.upstream = None;
        self.parts.adopted.publish(adopted);
    }

    /// Sets the next probe if one would help and none is set, and forgets the back-off once all is
    /// well. While a circuit is half-open the back-off is kept, or a provider that answers probes
    /// and fails calls would be tried every second.
    pub(crate) fn consider_probe(&mut self, ctx: &mut Ctx<'_, Self>) {
        if self.wants_probe() {
            if !self.probing && !self.waiting {
                self.waiting = true;
                self.round += 1;
                let wait = self.backoff.next_wait(jitter());
                ctx.tell_after(wait, ProbeTick { round: self.round });
            }
        } else if self.breakers.open_and_half_open(self.clock.now()) == (0, 0) {
            self.backoff.reset();
        }
    }

    fn wants_probe(&self) -> bool {
        let away = self.reachable == Some(false) || self.breakers.wants_probe(self.clock.now());
        away && self.spec.kind != ProviderKind::Echo
    }

    pub(crate) fn tick(&mut self, tick: ProbeTick, ctx: &mut Ctx<'_, Self>) {
        if tick.round != self.round {
            return;
        }
        self.waiting = false;
        if self.wants_probe() {
            self.probe(ctx);
        }
    }

    pub(crate) fn probe(&mut self, ctx: &mut Ctx<'_, Self>) {
        if self.probing {
            return;
        }
        self.probing = true;
        self.probes += 1;
        let (upstream, this) = (self.upstream(), ctx.this().clone());
        ctx.spawn(async move {
            let alive = upstream.probe().await;
            tell_until_taken(&this, Probed { alive }).await;
        });
    }

    pub(crate) fn spec(&self) -> &Arc<ProviderSpec> {
        &self.spec
    }

    pub(crate) fn parts(&self) -> &ProviderParts {
        &self.parts
    }

    pub(crate) fn upstream(&mut self) -> Rc<Upstream> {
        let make = || {
            let adopted = self.parts.adopted.load_full();
            let (spec, tls) = (Arc::clone(&adopted.spec), Arc::clone(&adopted.tls));
            Rc::new(Upstream::new(
                spec,
                Arc::clone(&self.parts.keys),
                tls,
                Aside::new(1),
            ))
        };
        Rc::clone(self.upstream.get_or_insert_with(make))
    }

    pub(crate) fn probed(&mut self, probed: Probed, ctx: &mut Ctx<'_, Self>) {
        self.probing = false;
        self.reachable = Some(probed.alive);
        if probed.alive && self.breakers.answered_probe(self.clock.now()) {
            self.publish();
        }
        self.consider_probe(ctx);
    }
}

/// The mailbox may be full of reports; the result of a probe or a reading must not get lost, or
/// there would never be another. A closed mailbox is that of an actor that is gone.
pub(crate) async fn tell_until_taken<M>(this: &Handle<ProviderActor>, result: M)
where
    M: Message<Reply = ()> + Clone,
    ProviderActor: Handles<M>,
{
    while let Err(TellError::Full) = this.tell(result.clone()) {
        tokio::time::sleep(KNOCK_AGAIN).await;
    }
}

pub(crate) fn jitter() -> Jitter {
    let mut byte = [128];
    // Without randomness every wait is exact, which is no harm to anybody.
    getrandom::fill(&mut byte).ok();
    Jitter::from_byte(byte[0])
}

impl Role for ProviderActor {
    type State = ProviderState;

    fn started(&mut self, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        self.clock = ctx.clock().clone();
        self.consider_probe(ctx);
        self.discover(ctx);
        Ok(())
    }

    fn observe(&self) -> ProviderState {
        let (open, half_open) = self.breakers.open_and_half_open(self.clock.now());
        ProviderState {
            provider: self.spec.name.clone(),
            host: format!("{}:{}", self.spec.url.host(), self.spec.url.port()),
            draining: self.draining,
            reachable: self.reachable,
            circuits_open: open,
            circuits_half_open: half_open,
            models_tracked: self.breakers.tracked(),
            answered: self.answered,
            failed: self.failed,
            abandoned: self.abandoned,
            probes: self.probes,
            probing: self.probing,
            models_found: self.parts.discovery.load().catalogue.models.len(),
            listing_failure: self.parts.discovery.load().failure,
        }
    }
}

impl std::fmt::Debug for ProviderActor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderActor")
            .field("state", &self.observe())
            .finish_non_exhaustive()
    }
}
