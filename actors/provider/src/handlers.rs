//! What happens on each message. All handlers are plain: they change state and publish; only the
//! probe and the reading of the list of models do I/O, each in a task of its own.

use runtime::{Ctx, Fault, Handles};

use crate::{
    actor::ProviderActor,
    messages::{
        AdoptSpec, Discover, DiscoveryTick, Drain, Listed, ProbeNow, ProbeTick, Probed, Report,
    },
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
        self.discover(ctx);
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

impl Handles<Discover> for ProviderActor {
    fn handle(&mut self, _: Discover, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        self.discover(ctx);
        Ok(())
    }
}

impl Handles<DiscoveryTick> for ProviderActor {
    fn handle(&mut self, tick: DiscoveryTick, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        self.discovery_tick(tick, ctx);
        Ok(())
    }
}

impl Handles<Listed> for ProviderActor {
    fn handle(&mut self, listed: Listed, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        self.listed(listed, ctx);
        Ok(())
    }
}
