//! What the router and the edge hold of a provider.

use std::{fmt, sync::Arc, time::Duration};

use runtime::{
    Birth, ChildSpec, Clock, Handle, HandleCounters, Overseer, Published, StartError, TellError,
    Tree,
};

use crate::{
    actor::{ProviderActor, ProviderParts},
    catalogue::Discovery,
    config::ProviderSpec,
    gates::{Gates, Pass, Shut},
    messages::{AdoptSpec, Discover, Drain, ProbeNow, Report},
    outcome::Outcome,
};

/// Knows one provider: its configuration, its gates, and its actor across restarts.
#[derive(Clone)]
pub struct ProviderHandle {
    spec: Arc<ProviderSpec>,
    handle: Handle<ProviderActor>,
    gates: Published<Gates>,
    discovery: Published<Discovery>,
}

impl ProviderHandle {
    /// Joins the parts of a provider whose actor is declared elsewhere.
    pub fn new(parts: &ProviderParts, handle: Handle<ProviderActor>) -> Self {
        Self {
            spec: parts.spec(),
            handle,
            gates: parts.gates(),
            discovery: parts.discovery(),
        }
    }

    /// Declares the provider's actor as a child of the tree and gives its handle.
    pub fn declare(tree: &mut Tree, child: ChildSpec, parts: ProviderParts) -> Self {
        let for_children = parts.clone();
        let handle = tree.declare(child, move |_| Ok(ProviderActor::new(for_children.clone())));
        Self::new(&parts, handle)
    }

    /// Adds the provider's actor to a tree that runs, as a reload does, and gives its handle.
    ///
    /// # Errors
    /// [`StartError`] as of any child.
    pub async fn add(
        overseer: &Overseer,
        child: ChildSpec,
        parts: ProviderParts,
    ) -> Result<Self, StartError> {
        let for_children = parts.clone();
        let factory = move |_: &Birth| Ok(ProviderActor::new(for_children.clone()));
        let handle = overseer.add(child, factory).await?;
        Ok(Self::new(&parts, handle))
    }

    /// A handle without an actor behind it: reports are refused, gates are as given.
    /// For tests of callers.
    pub fn detached(spec: Arc<ProviderSpec>, gates: Gates) -> Self {
        let handle = Handle::detached(format!("provider-{}", spec.name));
        Self {
            spec,
            handle,
            gates: Published::new(gates),
            discovery: Published::new(Discovery::default()),
        }
    }

    /// The same with a list of models. For tests of callers.
    #[must_use]
    pub fn knowing(self, discovery: Discovery) -> Self {
        Self {
            discovery: Published::new(discovery),
            ..self
        }
    }

    /// The provider's configuration.
    pub fn spec(&self) -> &Arc<ProviderSpec> {
        &self.spec
    }

    /// The provider's name.
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    /// Asks the snapshot whether this model may be called now; never waits, never asks the actor.
    ///
    /// # Errors
    /// [`Shut`] with the wait: the circuit is open, or another call is its trial.
    pub fn enter(&self, model: &str, clock: &Clock) -> Result<Pass, Shut> {
        self.gates.load().enter(model, clock)
    }

    /// Says how long the model is shut, without taking the trial of a half-open breaker.
    pub fn shut_for(&self, model: &str, clock: &Clock) -> Option<Duration> {
        self.gates.load().shut_for(model, clock.now())
    }

    /// Tells the actor how calls ended; never waits.
    ///
    /// # Errors
    /// [`TellError`] if the mailbox is full or the actor is gone; the runtime counts it. Nothing
    /// is lost but the breaker's memory of these calls.
    pub fn report(&self, outcomes: Vec<Outcome>) -> Result<(), TellError> {
        self.handle.tell(Report(outcomes))
    }

    /// Probes the provider as soon as the actor gets to it.
    ///
    /// # Errors
    /// As [`ProviderHandle::report`].
    pub fn probe_now(&self) -> Result<(), TellError> {
        self.handle.tell(ProbeNow)
    }

    /// The models that the provider says it has, as far as its list was read.
    pub fn discovery(&self) -> Arc<Discovery> {
        self.discovery.load_full()
    }

    /// Reads the list of models as soon as the actor gets to it, if it is to be read at all.
    ///
    /// # Errors
    /// As [`ProviderHandle::report`].
    pub fn discover_now(&self) -> Result<(), TellError> {
        self.handle.tell(Discover)
    }

    /// Shuts (or opens again) every gate of this provider.
    ///
    /// # Errors
    /// As [`ProviderHandle::report`].
    pub fn drain(&self, draining: bool) -> Result<(), TellError> {
        self.handle.tell(Drain(draining))
    }

    /// Gives the actor a new configuration after a reload, and a handle that knows it. Breakers
    /// are kept: a reload does not make a broken provider well.
    ///
    /// # Errors
    /// As [`ProviderHandle::report`].
    pub fn adopt(&self, adopt: AdoptSpec) -> Result<Self, TellError> {
        let spec = Arc::clone(&adopt.spec);
        self.handle.tell(adopt)?;
        Ok(Self {
            spec,
            ..self.clone()
        })
    }

    /// The actor's handle, for asks and for the supervisor.
    pub fn actor(&self) -> &Handle<ProviderActor> {
        &self.handle
    }

    /// Counters of the actor's mailbox.
    pub fn counters(&self) -> HandleCounters {
        self.handle.counters()
    }
}

impl fmt::Debug for ProviderHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderHandle")
            .field("name", &self.spec.name)
            .finish_non_exhaustive()
    }
}
