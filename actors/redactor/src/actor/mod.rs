//! The actor that looks after the pool's threads.
//!
//! Owns the threads. Never scans a text itself: its own thread is for messages only.

use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use runtime::{Ctx, Fault, Handle, Handles, Published, Role};

use crate::messages::{LookAfterTick, RedactPrompt};
use crate::pool::{Pool, Ticket};
use crate::prompt::Prompt;
use crate::redacted::Redacted;
use crate::rule_set::RuleSet;
use crate::session::{Party, Who};
use crate::state::{RedactorState, count};
use crate::treat::placeholder::PlaceholderStore;
use crate::{RedactError, handle};

/// How often the threads are counted even if none said that it ends.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The role `Redactor`: see the card in the crate's header.
#[derive(Debug)]
pub struct Redactor {
    pool: Arc<Pool>,
    rules: Published<RuleSet>,
    store: Arc<PlaceholderStore>,
    shift: u64,
    threads: Vec<JoinHandle<()>>,
    wanted: usize,
}

impl Redactor {
    pub(crate) fn new(
        pool: Arc<Pool>,
        rules: Published<RuleSet>,
        store: Arc<PlaceholderStore>,
    ) -> Self {
        Self {
            pool,
            rules,
            store,
            shift: 0,
            threads: Vec::new(),
            wanted: 0,
        }
    }

    /// Brings the pool to the configured size, with threads of a new shift if that changed.
    fn look_after(&mut self, this: &Handle<Self>) -> Result<(), io::Error> {
        let wanted = self.rules.load().config().workers.max(1);
        if wanted != self.wanted {
            self.shift = self.pool.new_shift();
            self.threads.clear();
            self.wanted = wanted;
            return self.fill(this);
        }
        let before = self.threads.len();
        self.threads.retain(|thread| !thread.is_finished());
        for _ in self.threads.len()..before {
            count(&self.pool.counters.replaced);
        }
        self.fill(this)
    }

    fn fill(&mut self, this: &Handle<Self>) -> Result<(), io::Error> {
        while self.threads.len() < self.wanted {
            let (pool, shift, farewell) =
                (Arc::clone(&self.pool), self.shift, Farewell(this.clone()));
            let work = move || {
                let _farewell = farewell;
                pool.work(shift);
            };
            let name = format!("redactor-{}", self.threads.len());
            self.threads
                .push(thread::Builder::new().name(name).spawn(work)?);
        }
        Ok(())
    }
}

impl Role for Redactor {
    type State = RedactorState;

    fn started(&mut self, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        ctx.tell_every(LOOK_EVERY, LookAfterTick);
        let this = ctx.this().clone();
        self.look_after(&this)
            .map_err(|_| Fault::new(RedactError::NoThread.to_string()))
    }

    fn observe(&self) -> RedactorState {
        handle::state(&self.pool, &self.rules)
    }

    fn stopping(&mut self) {
        self.pool.close();
    }
}

impl Drop for Redactor {
    /// Also after a panic: threads without an actor would have nobody who replaces them.
    fn drop(&mut self) {
        self.pool.end_shift(self.shift);
    }
}

impl Handles<RedactPrompt> for Redactor {
    // Plain result: taking a place in the queue never waits.
    fn handle(
        &mut self,
        message: RedactPrompt,
        _ctx: &mut Ctx<'_, Self>,
    ) -> Result<Result<Ticket<Redacted<wire::ChatRequest>>, RedactError>, Fault> {
        let who = Who {
            key_id: &message.key_id,
            agent: message.agent.as_deref(),
        };
        let prompt = Prompt {
            body: message.prompt,
            party: Party::of(who, &self.store),
        };
        Ok(self.pool.submit(prompt, self.rules.load_full()))
    }
}

impl Handles<LookAfterTick> for Redactor {
    // Plain result: starting a thread takes microseconds. One that cannot be started is tried
    // again with the next tick.
    fn handle(&mut self, _: LookAfterTick, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        let this = ctx.this().clone();
        drop(self.look_after(&this));
        self.store.sweep(self.rules.load().config().placeholders);
        Ok(())
    }
}

/// Tells the actor when a thread ends, so that a lost one is replaced at once and not only with
/// the next tick. If the mailbox does not take it, the tick does.
struct Farewell(Handle<Redactor>);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.tell(LookAfterTick).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests;
