//! Reload: read everything anew, refuse it whole or put it in service whole.
//!
//! The new configuration is thought through before anything is touched ([`Blueprint`]). Then
//! each actor adopts its part, and last the world is swapped, which is what requests read. What
//! cannot change in a running process (addresses, threads, TLS on or off) is refused by name, and
//! not ignored. A refusal leaves the old configuration in service and says so, to systemd, to the
//! log and in the verdict file.

pub mod verdict;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use auth::{AdoptFailureRules, AdoptLimits};
use notifier::{Reloaded, Reloading};
use provider::{AdoptSpec, KeySource, ProviderActor, ProviderHandle, ProviderSpec};
use router::ReloadRoutes;
use slog::{error, info, warn};
use vault::{AdoptSealed, Sealed};

use crate::blueprint::{Blueprint, BlueprintError};
use crate::config::{Config, Resolved};
use crate::gateway::{ASK, Gateway};
use crate::settings::Settings;
use crate::world::{UpstreamTls, World};
use crate::{assemble, tree};
use verdict::Verdict;

/// Reloads, and tells everybody how it ended.
pub async fn reload(gateway: &Gateway) {
    let attempt = gateway.next_attempt();
    let (log, notifier) = (&gateway.shared.log, &gateway.staff.notifier);
    notifier.ask(Reloading, ASK).await.ok();
    // A whole set of rules is on its way here, which no future around this one should carry.
    let outcome = Box::pin(try_reload(gateway)).await;
    let generation = gateway.shared.world.load().generation;
    let label = if outcome.is_ok() {
        "accepted"
    } else {
        "refused"
    };
    gateway
        .shared
        .metrics
        .reloads
        .with_label_values(&[label])
        .inc();
    let status = match &outcome {
        Ok(()) => {
            info!(log, "reloaded"; "generation" => generation);
            gateway.status()
        }
        Err(why) => {
            error!(log, "reload refused, the old configuration stays in service"; "cause" => why);
            format!("{}; the last reload was refused: {why}", gateway.status())
        }
    };
    write_verdict(
        gateway,
        &Verdict {
            attempt,
            generation,
            refusal: outcome.err(),
        },
    );
    notifier.ask(Reloaded { status }, ASK).await.ok();
}

/// systemd sets the directory; without it nobody waits for the file.
fn runtime_directory() -> Option<PathBuf> {
    std::env::var_os("RUNTIME_DIRECTORY").map(PathBuf::from)
}

/// Takes away the verdict of an earlier process, whose count of attempts was another.
pub fn forget_old_verdict() {
    if let Some(directory) = runtime_directory() {
        std::fs::remove_file(directory.join(verdict::FILE)).ok();
    }
}

fn write_verdict(gateway: &Gateway, verdict: &Verdict) {
    let Some(directory) = runtime_directory() else {
        return;
    };
    if let Err(error) = verdict.write(&directory) {
        warn!(gateway.shared.log, "the reload's verdict could not be written"; "cause" => %error);
    }
}

async fn try_reload(gateway: &Gateway) -> Result<(), String> {
    let mut settings = Settings::load(&gateway.place).map_err(|error| error.to_string())?;
    if settings.embedded && !gateway.embedded {
        return Err("the configuration files are gone; put them back, or restart to run with the built-in default".to_owned());
    }
    same_doors(&gateway.config.load(), &settings.config)?;
    // A token that was made at start must outlive a reload that finds no secrets either.
    let made_anew = settings.take_token().is_some();
    let Settings {
        config,
        resolved,
        sealed,
        mut blueprint,
        warnings,
        ..
    } = settings;
    let sealed = if made_anew {
        let kept = Arc::clone(&gateway.shared.world.load().sealed);
        blueprint =
            Blueprint::draw(&config, &resolved, &kept).map_err(|error| error.to_string())?;
        kept
    } else {
        Arc::new(sealed)
    };
    for warning in warnings {
        warn!(gateway.shared.log, "{}", warning);
    }
    adopt(gateway, config, &resolved, sealed, blueprint).await
}

/// Refuses what only a restart can change.
fn same_doors(old: &Config, new: &Config) -> Result<(), String> {
    let (a, b) = (&old.server, &new.server);
    let fixed = [
        ("server.listen_addr", a.listen_addr == b.listen_addr),
        ("server.admin_listen", a.admin_listen == b.admin_listen),
        ("server.workers", a.workers == b.workers),
        (
            "server.max_connections",
            a.max_connections == b.max_connections,
        ),
        (
            "server.header_timeout",
            a.header_timeout == b.header_timeout,
        ),
        ("server.idle_timeout", a.idle_timeout == b.idle_timeout),
        (
            "server.shutdown_timeout",
            a.shutdown_timeout == b.shutdown_timeout,
        ),
        ("server.log_level", a.log_level == b.log_level),
        ("server.log_format", a.log_format == b.log_format),
        ("server.tls", a.tls.is_some() == b.tls.is_some()),
    ];
    match fixed.into_iter().find(|(_, same)| !same) {
        None => Ok(()),
        Some((key, _)) => Err(format!(
            "`{key}` changed, which needs a restart (`systemctl restart nenya`)"
        )),
    }
}

async fn adopt(
    gateway: &Gateway,
    config: Config,
    _resolved: &Resolved,
    sealed: Arc<Sealed>,
    blueprint: Blueprint,
) -> Result<(), String> {
    let configured = blueprint.configured();
    let old = gateway.shared.world.load_full();
    let providers = adopt_providers(gateway, &old, blueprint.specs, &blueprint.tls).await?;
    let written = Arc::new(blueprint.written);
    let routes = written
        .routes(&providers, &blueprint.filters, &sealed)
        .map_err(|error| BlueprintError::Routes(error).to_string())?;
    let routes = Arc::new(routes);
    let policy = Arc::new(blueprint.policy);
    let staff = &gateway.staff;
    let asked = |whom: &'static str| {
        move |error: runtime::AskError| format!("`{whom}` could not be asked: {error}")
    };
    staff
        .vault
        .handle()
        .ask(AdoptSealed(Arc::clone(&sealed)), ASK)
        .await
        .map_err(asked("vault"))?;
    staff
        .rbac
        .reload(Arc::clone(&policy))
        .await
        .map_err(asked("rbac"))?;
    staff
        .auth
        .handle()
        .ask(AdoptLimits(Arc::new(blueprint.limits)), ASK)
        .await
        .map_err(asked("auth"))?;
    staff
        .auth
        .handle()
        .ask(AdoptFailureRules(assemble::failures(&config)), ASK)
        .await
        .map_err(asked("auth"))?;
    staff
        .router
        .actor()
        .ask(ReloadRoutes(Arc::clone(&routes)), ASK)
        .await
        .map_err(asked("router"))?;
    staff.redactor.publish(blueprint.rules);
    gateway
        .shared
        .seals
        .set_limits(assemble::seal_limits(&config));
    if let (Some(current), Some(fresh)) = (&gateway.certificate, &blueprint.certificate) {
        current.adopt(fresh);
    }
    gateway.config.publish(config);
    gateway.shared.world.publish(World {
        generation: old.generation + 1,
        sealed,
        policy,
        routes,
        written,
        providers,
        configured,
        filters: blueprint.filters,
        tls: blueprint.tls,
        proxies: blueprint.proxies,
        body: blueprint.body,
        json: blueprint.json,
        realtime: blueprint.realtime,
        strictness: blueprint.strictness,
    });
    retire_providers(gateway, &old).await;
    for provider in gateway.shared.world.load().providers.values() {
        // A full mailbox means only that the list is as old as it was.
        provider.discover_now().ok();
    }
    Ok(())
}

/// Keeps the actors of providers that stay, with their breakers, and starts those that are new.
async fn adopt_providers(
    gateway: &Gateway,
    old: &World,
    specs: Vec<ProviderSpec>,
    tls: &UpstreamTls,
) -> Result<HashMap<String, ProviderHandle>, String> {
    let mut providers = HashMap::new();
    for spec in specs {
        let name = spec.name.clone();
        let provider = match old.providers.get(&name) {
            // The content of an authorities file is not part of the comparison.
            Some(known) if spec.ca_file.is_none() && **known.spec() == spec => known.clone(),
            Some(known) => {
                let adopt = AdoptSpec {
                    tls: tls.of(&name),
                    spec: Arc::new(spec),
                };
                known
                    .adopt(adopt)
                    .map_err(|error| format!("provider `{name}` could not be told: {error}"))?
            }
            None => start_provider(gateway, spec, tls).await?,
        };
        providers.insert(name, provider);
    }
    Ok(providers)
}

async fn start_provider(
    gateway: &Gateway,
    spec: ProviderSpec,
    tls: &UpstreamTls,
) -> Result<ProviderHandle, String> {
    let child = tree::provider_child(&spec.name);
    let keys: Arc<dyn KeySource> = Arc::new(gateway.staff.vault.clone());
    let parts = tree::provider_parts(spec, &keys, tls);
    let for_children = parts.clone();
    let added = gateway
        .shared
        .overseer
        .add(child, move |_| Ok(ProviderActor::new(for_children.clone())))
        .await;
    let handle = added.map_err(|error| error.to_string())?;
    Ok(ProviderHandle::new(&parts, handle))
}

async fn retire_providers(gateway: &Gateway, old: &World) {
    let now = gateway.shared.world.load_full();
    for name in old
        .providers
        .keys()
        .filter(|name| !now.providers.contains_key(*name))
    {
        gateway
            .shared
            .overseer
            .remove(&tree::provider_name(name))
            .await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, from_text};

    fn config(text: &str) -> Config {
        from_text("test", text, &Environment::default())
            .expect("valid")
            .config
    }

    #[test]
    fn what_needs_a_restart_is_named() {
        let old = config("{}");
        let new = config(r#"{"server":{"listen_addr":"127.0.0.1:9999"}}"#);
        let refusal = same_doors(&old, &new).expect_err("refused");
        assert!(
            refusal.contains("server.listen_addr") && refusal.contains("restart"),
            "{refusal}"
        );
        assert!(same_doors(&old, &old).is_ok());
    }
}
