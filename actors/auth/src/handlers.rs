//! The limiter's handlers. All plain: they change state on the actor's thread and do no I/O.

use std::sync::atomic::Ordering;

use runtime::{Ctx, Fault, Handles};

use crate::actor::AuthLimiter;
use crate::messages::{
    AdoptFailureRules, AdoptLimits, FailureVerdict, LeaseShare, RecordFailure, Unblock,
};
use crate::shares::Share;

impl Handles<RecordFailure> for AuthLimiter {
    fn handle(
        &mut self,
        message: RecordFailure,
        _ctx: &mut Ctx<'_, Self>,
    ) -> Result<FailureVerdict, Fault> {
        let (key, now) = (message.address.key(), self.shared.clock.now());
        let recorded = self.failures.record(key, now);
        if let Some(forgotten) = recorded.forgotten {
            self.shared.board.lift(&forgotten, now);
        }
        if let Some(block) = recorded.new_block {
            self.shared.blocks_total.fetch_add(1, Ordering::Relaxed);
            self.shared.board.set(key, block, now);
        }
        Ok(FailureVerdict {
            blocked_for: recorded.blocked_for,
        })
    }
}

impl Handles<Unblock> for AuthLimiter {
    fn handle(&mut self, message: Unblock, _ctx: &mut Ctx<'_, Self>) -> Result<bool, Fault> {
        let (key, now) = (message.address.key(), self.shared.clock.now());
        let was_blocked = self.failures.forgive(key, now);
        if was_blocked {
            self.shared.board.lift(&key, now);
        }
        Ok(was_blocked)
    }
}

impl Handles<LeaseShare> for AuthLimiter {
    fn handle(
        &mut self,
        message: LeaseShare,
        _ctx: &mut Ctx<'_, Self>,
    ) -> Result<Option<Share>, Fault> {
        let table = self.shared.limits.load();
        let limits = table.limits_of(&message.key_id).copied();
        Ok(limits.map(|limits| self.shared.ledger.lease(message.key_id, &limits)))
    }
}

impl Handles<AdoptLimits> for AuthLimiter {
    /// Publishes first: a worker whose share is taken back by the second step must find the table
    /// that says why. The second step reads what is published, so a limiter that was given up as
    /// frozen, and can publish no more, cannot bring an old table back either.
    fn handle(&mut self, message: AdoptLimits, _ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        let AdoptLimits(table) = message;
        self.shared.limits.publish_arc(table);
        self.shared.ledger.adopt(&self.shared.limits.load());
        Ok(())
    }
}

impl Handles<AdoptFailureRules> for AuthLimiter {
    fn handle(
        &mut self,
        message: AdoptFailureRules,
        _ctx: &mut Ctx<'_, Self>,
    ) -> Result<(), Fault> {
        let AdoptFailureRules(rules) = message;
        self.shared.failure_rules.publish(rules);
        self.failures.adopt(rules);
        Ok(())
    }
}
