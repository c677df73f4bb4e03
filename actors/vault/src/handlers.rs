//! How the actor answers. All handlers are plain: the state is in memory, and a reload reads a
//! few small files on the vault's own thread, where nothing waits but other reloads.

use std::sync::Arc;

use runtime::{Ctx, Fault, Handles};

use crate::actor::SecretVault;
use crate::changes::same_key;
use crate::error::VaultError;
use crate::identity::Known;
use crate::lease::Lease;
use crate::messages::{
    AdoptSealed, Authenticate, LeaseKey, ReloadOutcome, ReloadSecrets, RotateKey, Rotation, Wipe,
};
use crate::sealed::Sealed;

impl Handles<Authenticate> for SecretVault {
    fn handle(
        &mut self,
        message: Authenticate,
        _ctx: &mut Ctx<'_, Self>,
    ) -> Result<Option<Known>, Fault> {
        Ok(self
            .sealed
            .load()
            .authenticate(message.presented.as_bytes()))
    }
}

impl Handles<LeaseKey> for SecretVault {
    fn handle(
        &mut self,
        message: LeaseKey,
        _ctx: &mut Ctx<'_, Self>,
    ) -> Result<Option<Lease>, Fault> {
        Ok(self.sealed.load().lease(&message.provider))
    }
}

impl Handles<ReloadSecrets> for SecretVault {
    fn handle(
        &mut self,
        ReloadSecrets: ReloadSecrets,
        ctx: &mut Ctx<'_, Self>,
    ) -> Result<Result<ReloadOutcome, VaultError>, Fault> {
        Ok(self.reload(ctx.clock(), |_| Ok(())))
    }
}

impl Handles<RotateKey> for SecretVault {
    fn handle(
        &mut self,
        RotateKey { provider }: RotateKey,
        ctx: &mut Ctx<'_, Self>,
    ) -> Result<Result<Rotation, VaultError>, Fault> {
        let old = self.sealed.load_full();
        let mut changed = false;
        let reloaded = self.reload(ctx.clock(), |new| {
            changed = !same_key(&old, new, &provider);
            if new.has_key(&provider) {
                Ok(())
            } else {
                Err(VaultError::NoSuchKey { provider })
            }
        });
        Ok(reloaded.map(|outcome| Rotation { changed, outcome }))
    }
}

impl Handles<AdoptSealed> for SecretVault {
    fn handle(
        &mut self,
        AdoptSealed(sealed): AdoptSealed,
        _ctx: &mut Ctx<'_, Self>,
    ) -> Result<(), Fault> {
        self.adopt(sealed);
        Ok(())
    }
}

impl Handles<Wipe> for SecretVault {
    fn handle(&mut self, Wipe: Wipe, _ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        self.sealed.publish_arc(Arc::new(Sealed::empty()));
        Ok(())
    }
}
