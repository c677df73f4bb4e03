//! What happens on each message. All handlers are plain: they change state and publish; only the
//! probe does I/O, in a task of its own.

use runtime::{Ctx, Fault, Handles};

use crate::{
    actor::ProviderActor,
    messages::{AdoptSpec, Drain, ProbeNow, ProbeTick, Probed, Report},
};

impl Handles<Report> for ProviderActor {
    fn handle(&mut self, report: Report, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        let mut changed = false;
        for outcome in &report.0 {
            changed |= self.take_in(outcome);
        }
        if changed {
            self.publish();
        }
        self.consider_probe(ctx);
        Ok(())
    }
}

impl Handles<ProbeNow> for ProviderActor {
    fn handle(&mut self, _: ProbeNow, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        self.probe(ctx);
        Ok(())
    }
}

impl Handles<Drain> for ProviderActor {
    fn handle(&mut self, drain: Drain, _: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        self.drain(drain.0);
        Ok(())
    }
}

impl Handles<AdoptSpec> for ProviderActor {
    fn handle(&mut self, adopted: AdoptSpec, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        self.adopt(adopted);
        self.consider_probe(ctx);
        Ok(())
    }
}

impl Handles<ProbeTick> for ProviderActor {
    fn handle(&mut self, tick: ProbeTick, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        self.tick(tick, ctx);
        Ok(())
    }
}

impl Handles<Probed> for ProviderActor {
    fn handle(&mut self, probed: Probed, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        self.probed(probed, ctx);
        Ok(())
    }
}
