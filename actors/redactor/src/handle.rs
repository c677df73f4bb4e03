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
use crate::error::RedactError;
use crate::messages::LookAfterTick;
use crate::pool::{Pool, Ticket};
use crate::prompt::{JsonBody, PlainBody, Prompt, Work};
use crate::query::{FieldsBody, QueryBody};
use crate::redacted::Redacted;
use crate::rule_set::RuleSet;
use crate::session::{Party, RedactedReply, ReplyRedactor, Who, WholeReply};
use crate::state::RedactorState;
use crate::treat::placeholder::PlaceholderStore;

/// Rules, pool and actor, as their callers see them.
#[derive(Debug, Clone)]
pub struct RedactorHandle {
    handle: Handle<Redactor>,
    rules: Published<RuleSet>,
    pool: Arc<Pool>,
    store: Arc<PlaceholderStore>,
}

impl RedactorHandle {
    /// Declares the actor in the tree, with `rules` in service from the start.
    ///
    /// `clock` must be the tree's.
    pub fn declare(tree: &mut Tree, spec: ChildSpec, clock: Clock, rules: RuleSet) -> Self {
        let store = Arc::new(PlaceholderStore::new(clock.clone()));
        let (rules, pool) = (Published::new(rules), Arc::new(Pool::new(clock)));
        let (for_factory, queue, values) = (rules.clone(), Arc::clone(&pool), Arc::clone(&store));
        let handle = tree.declare(spec, move |_birth| {
            let (queue, values) = (Arc::clone(&queue), Arc::clone(&values));
            Ok(Redactor::new(queue, for_factory.clone(), values))
        });
        Self {
            handle,
            rules,
            pool,
            store,
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
            store: Arc::new(PlaceholderStore::new(Clock::system())),
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
    /// Why it could not be done, or [`RedactError::Blocked`]; nothing may be sent then.
    ///
    /// # Cancellation
    /// Safe to drop: a job that waits in the pool is then skipped.
    ///
    /// # Security
    /// With `enabled: false` the request passes as it is; with `fail_open: true` also when the
    /// scan fails, and [`crate::Findings::unscanned`] says so. What is blocked never passes.
    pub async fn redact_chat(
        &self,
        request: ChatRequest,
        who: Who<'_>,
    ) -> Result<Redacted<ChatRequest>, RedactError> {
        self.work(self.prompt(request, who)).await
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
        who: Who<'_>,
    ) -> Result<Redacted<Bytes>, RedactError> {
        let limits = *limits;
        let redacted = self
            .work(self.prompt(JsonBody { body, limits }, who))
            .await?;
        Ok(redacted.map(|document| document.body))
    }

    /// Redacts bytes that are not JSON: text, forms, uploads. Bytes that are not text stay.
    ///
    /// # Errors
    /// As [`Self::redact_chat`].
    pub async fn redact_text(
        &self,
        body: Bytes,
        who: Who<'_>,
    ) -> Result<Redacted<Bytes>, RedactError> {
        self.redact_value(String::new(), body, who).await
    }

    /// Redacts bytes that are the value of a field with this name, which may say what they are.
    ///
    /// # Errors
    /// As [`Self::redact_chat`].
    pub(crate) async fn redact_value(
        &self,
        name: String,
        bytes: Bytes,
        who: Who<'_>,
    ) -> Result<Redacted<Bytes>, RedactError> {
        let redacted = self
            .work(self.prompt(PlainBody { bytes, name }, who))
            .await?;
        Ok(redacted.map(|plain| plain.bytes))
    }

    /// Redacts the names and values of a query, which is given without its `?`.
    ///
    /// # Errors
    /// As [`Self::redact_chat`].
    pub async fn redact_query(
        &self,
        query: String,
        who: Who<'_>,
    ) -> Result<Redacted<String>, RedactError> {
        let redacted = self.work(self.prompt(QueryBody(query), who)).await?;
        Ok(redacted.map(|query| query.0))
    }

    /// Redacts the names and values of a form of the type `application/x-www-form-urlencoded`.
    /// What stays keeps its spelling. A value that is JSON is redacted as that.
    ///
    /// # Errors
    /// As [`Self::redact_chat`].
    pub async fn redact_fields(
        &self,
        body: Bytes,
        limits: &JsonLimits,
        who: Who<'_>,
    ) -> Result<Redacted<Bytes>, RedactError> {
        let limits = *limits;
        let fields = FieldsBody { body, limits };
        let redacted = self.work(self.prompt(fields, who)).await?;
        Ok(redacted.map(|fields| fields.body))
    }

    /// Takes out of a whole JSON reply what may not pass.
    ///
    /// # Errors
    /// Why it may not be passed on.
    ///
    /// # Cancellation
    /// As [`Self::redact_chat`].
    pub async fn redact_reply(
        &self,
        redactor: ReplyRedactor,
        body: Bytes,
    ) -> Result<RedactedReply, RedactError> {
        self.work(WholeReply { redactor, body }).await
    }

    pub(crate) fn prompt<P>(&self, body: P, who: Who<'_>) -> Prompt<P> {
        let party = Party::of(who, &self.store);
        Prompt { body, party }
    }

    pub(crate) fn store(&self) -> &Arc<PlaceholderStore> {
        &self.store
    }

    #[cfg(test)]
    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    pub(crate) async fn work<W: Work>(&self, work: W) -> Result<W::Done, RedactError> {
        match self.begin(work) {
            Begun::Done(outcome) => outcome,
            Begun::Pooled { ticket, spare } => settle(ticket.answer().await, spare),
        }
    }

    /// All that needs no waiting; for small bodies that is all.
    fn begin<W: Work>(&self, work: W) -> Begun<W::Done> {
        let rules = self.rules.load();
        let config = rules.config();
        if !config.enabled {
            return Begun::Done(Ok(work.passed(&rules)));
        }
        let spare = config.fail_open.then(|| work.unscanned(&rules));
        if work.size() <= config.inline_limit {
            return Begun::Done(settle(do_here(work, &rules), spare));
        }
        match self.pool.submit(work, Arc::clone(&rules)) {
            Ok(ticket) => Begun::Pooled { ticket, spare },
            Err(error) => Begun::Done(settle(Err(error), spare)),
        }
    }
}

enum Begun<D> {
    Done(Result<D, RedactError>),
    Pooled { ticket: Ticket<D>, spare: Option<D> },
}

/// A panic in a scan must not take the thread's other requests with it.
fn do_here<W: Work>(work: W, rules: &Arc<RuleSet>) -> Result<W::Done, RedactError> {
    catch_unwind(AssertUnwindSafe(|| work.done(rules))).unwrap_or(Err(RedactError::Panicked))
}

/// The outcome, or the text as it was where the operator chose that.
fn settle<D>(outcome: Result<D, RedactError>, spare: Option<D>) -> Result<D, RedactError> {
    match (outcome, spare) {
        // The document is at fault, or what is in it; not the scan.
        (Err(error @ (RedactError::Json(_) | RedactError::Blocked { .. })), _) => Err(error),
        (Err(_), Some(unscanned)) => Ok(unscanned),
        (outcome, _) => outcome,
    }
}

pub(crate) fn state(pool: &Pool, rules: &Published<RuleSet>) -> RedactorState {
    let rules = rules.load();
    let config = rules.config();
    RedactorState {
        enabled: config.enabled,
        rules: match config.patterns {
            Some(_) => "configured".to_owned(),
            None => preset_names(config),
        },
        patterns: rules.len(),
        patterns_of_replies: rules.len_of_replies(),
        workers: config.workers.max(1),
        workers_alive: pool.alive(),
        waiting: pool.waiting(),
        counts: pool.counters.read(),
    }
}

fn preset_names(config: &crate::RedactionConfig) -> String {
    let names: Vec<&str> = config.presets.iter().map(|preset| preset.name()).collect();
    names.join("+")
}
