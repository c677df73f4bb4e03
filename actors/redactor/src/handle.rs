//! The way to the redactor.
//!
//! Owns the choice of thread: small bodies are scanned where they are, large ones by the pool.
//! Never asks the actor: rules are read from the published set, and places in the pool are taken
//! from the queue directly, so a redactor that is being rebuilt refuses nobody.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use runtime::{ChildSpec, Clock, Handle, Published, Tree};
use wire::{ChatRequest, JsonLimits};

use crate::actor::Redactor;
use crate::engine::RuleSet;
use crate::error::RedactError;
use crate::findings::Findings;
use crate::messages::LookAfterTick;
use crate::pool::Pool;
use crate::prompt::{JsonBody, PlainBody, Prompt};
use crate::redacted::Redacted;
use crate::state::RedactorState;

/// Rules, pool and actor, as their callers see them.
#[derive(Debug, Clone)]
pub struct RedactorHandle {
    handle: Handle<Redactor>,
    rules: Published<RuleSet>,
    pool: Arc<Pool>,
}

impl RedactorHandle {
    /// Declares the actor in the tree, with `rules` in service from the start.
    ///
    /// `clock` must be the tree's.
    pub fn declare(tree: &mut Tree, spec: ChildSpec, clock: Clock, rules: RuleSet) -> Self {
        let (rules, pool) = (Published::new(rules), Arc::new(Pool::new(clock)));
        let (for_factory, queue) = (rules.clone(), Arc::clone(&pool));
        let handle = tree.declare(spec, move |_birth| {
            Ok(Redactor::new(Arc::clone(&queue), for_factory.clone()))
        });
        Self {
            handle,
            rules,
            pool,
        }
    }

    /// A handle without an actor behind it, for tests: small bodies are redacted, large ones find
    /// nobody who would.
    #[must_use]
    pub fn detached(rules: RuleSet) -> Self {
        let pool = Arc::new(Pool::new(Clock::system()));
        pool.close();
        Self {
            handle: Handle::detached("redactor"),
            rules: Published::new(rules),
            pool,
        }
    }

    /// The actor.
    pub fn handle(&self) -> &Handle<Redactor> {
        &self.handle
    }

    /// The rules in service.
    #[must_use]
    pub fn rules(&self) -> Arc<RuleSet> {
        self.rules.load_full()
    }

    /// Puts other rules in service, for all scans that begin from now on.
    pub fn publish(&self, rules: RuleSet) {
        self.rules.publish(rules);
        // For another size of the pool; if the mailbox does not take it, the actor's tick does.
        self.handle.tell(LookAfterTick).unwrap_or_default();
    }

    /// What an operator may see, without asking the actor.
    #[must_use]
    pub fn state(&self) -> RedactorState {
        state(&self.pool, &self.rules)
    }

    /// Redacts every text of a chat request.
    ///
    /// # Errors
    /// Why it could not be done; nothing may be sent then.
    ///
    /// # Cancellation
    /// Safe to drop: a job that waits in the pool is then skipped.
    ///
    /// # Security
    /// With `enabled: false` the request passes as it is; with `fail_open: true` also when the
    /// scan fails, and [`Findings::unscanned`] says so.
    pub async fn redact_chat(
        &self,
        request: ChatRequest,
    ) -> Result<Redacted<ChatRequest>, RedactError> {
        self.redact(request).await
    }

    /// Redacts every text of a JSON document of any kind.
    ///
    /// # Errors
    /// As [`Self::redact_chat`]; [`RedactError::Json`] if it is not a valid document, also with
    /// `fail_open`.
    pub async fn redact_json(
        &self,
        body: Bytes,
        limits: &JsonLimits,
    ) -> Result<Redacted<Bytes>, RedactError> {
        let redacted = self
            .redact(JsonBody {
                body,
                limits: *limits,
            })
            .await?;
        Ok(redacted.map(|document| document.body))
    }

    /// Redacts bytes that are not JSON: text, forms, uploads. Bytes that are not text stay.
    ///
    /// # Errors
    /// As [`Self::redact_chat`].
    pub async fn redact_text(&self, body: Bytes) -> Result<Redacted<Bytes>, RedactError> {
        let redacted = self.redact(PlainBody(body)).await?;
        Ok(redacted.map(|plain| plain.0))
    }

    #[cfg(test)]
    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    pub(crate) async fn redact<P: Prompt>(&self, prompt: P) -> Result<Redacted<P>, RedactError> {
        match self.begin(prompt) {
            Begun::Done(outcome) => outcome,
            Begun::Pooled { ticket, spare } => settle(ticket.answer().await, spare),
        }
    }

    /// All that needs no waiting; for small bodies that is all.
    fn begin<P: Prompt>(&self, prompt: P) -> Begun<P> {
        let rules = self.rules.load();
        let config = rules.config();
        if !config.enabled {
            return Begun::Done(Ok(Redacted::new(prompt, Findings::default())));
        }
        let spare = config.fail_open.then(|| prompt.clone());
        if prompt.size() <= config.inline_limit {
            return Begun::Done(settle(scan_here(prompt, &rules), spare));
        }
        match self.pool.submit(prompt, Arc::clone(&rules)) {
            Ok(ticket) => Begun::Pooled { ticket, spare },
            Err(error) => Begun::Done(settle(Err(error), spare)),
        }
    }
}

enum Begun<P> {
    Done(Result<Redacted<P>, RedactError>),
    Pooled {
        ticket: crate::Ticket<P>,
        spare: Option<P>,
    },
}

/// A panic in a scan must not take the thread's other requests with it.
fn scan_here<P: Prompt>(prompt: P, rules: &RuleSet) -> Result<Redacted<P>, RedactError> {
    catch_unwind(AssertUnwindSafe(|| prompt.redacted(rules))).unwrap_or(Err(RedactError::Panicked))
}

/// The outcome, or the text as it was where the operator chose that.
fn settle<P>(
    outcome: Result<Redacted<P>, RedactError>,
    spare: Option<P>,
) -> Result<Redacted<P>, RedactError> {
    match (outcome, spare) {
        // The document is at fault, not the scan.
        (Err(RedactError::Json(error)), _) => Err(RedactError::Json(error)),
        (Err(_), Some(prompt)) => Ok(Redacted::new(prompt, Findings::failed_open())),
        (outcome, _) => outcome,
    }
}

pub(crate) fn state(pool: &Pool, rules: &Published<RuleSet>) -> RedactorState {
    let rules = rules.load();
    let config = rules.config();
    RedactorState {
        enabled: config.enabled,
        rules: if config.patterns.is_some() {
            "configured"
        } else {
            config.preset.name()
        },
        patterns: rules.len(),
        workers: config.workers.max(1),
        workers_alive: pool.alive(),
        waiting: pool.waiting(),
        counts: pool.counters.read(),
    }
}
