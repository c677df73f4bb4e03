//! Rules between keys: what is well-formed alone and wrong together, or gives something away.
//!
//! Owns the refusals (listening to the world in clear, provider keys over plain HTTP, trusting
//! everybody's headers, contradictory settings) and the warnings about settings that are allowed
//! and weaken security; the program says those at start. Called on the typed sections.

use provider::credentials::sigv4::region_of_host;
use provider::format_of_path;
use serde_json::Value;

use super::error::{KeyPath, What};
use super::providers::{AuthStyle, ProviderEntry};
use super::scalar::Listen;
use super::shape::nearest;
use super::speaking::{Api, Apis, apis};
use super::stock::{ECHO, stock};
use super::url::{ChatUrl, Reach};
use super::{Action, Config, Direction, Files, Server};

type Report<'r> = dyn FnMut(KeyPath, What) + 'r;

/// Checks the rules between keys. `written` is the tree that `config` was made from.
pub(super) fn validate(config: &Config, written: &Value, report: &mut Report<'_>) {
    addresses(&config.server, report);
    trusted(&config.server, report);
    texts(config, report);
    contradictions(config, written, report);
    for name in config.agents.keys() {
        agent_name(name, report);
    }
    for id in config.limits.keys.keys() {
        plain_name(&KeyPath::of("limits.keys").key(id), id, report);
    }
    for (name, entry) in &config.providers {
        let path = KeyPath::of("providers").key(name);
        plain_name(&path, name, report);
        provider(&path, name, entry, report);
    }
}

fn addresses(server: &Server, report: &mut Report<'_>) {
    listening(
        KeyPath::of("server.listen_addr"),
        server.listen_addr,
        server,
        report,
    );
    let Some(admin) = server.admin_listen else {
        return;
    };
    let path = KeyPath::of("server.admin_listen");
    let same =
        admin.socket_addr() == server.listen_addr.socket_addr() && admin.socket_addr().port() != 0;
    if same {
        let reason = "both name the same address; give the admin side a port of its own, or remove `admin_listen`";
        report(
            path.clone(),
            What::Contradiction {
                other: KeyPath::of("server.listen_addr"),
                reason,
            },
        );
    }
    listening(path, admin, server, report);
}

fn listening(path: KeyPath, listen: Listen, server: &Server, report: &mut Report<'_>) {
    if listen.is_loopback() || server.tls.is_some() || server.behind_proxy {
        return;
    }
    report(
        path,
        What::Unsafe {
            danger: format!(
                "`{listen}` can be reached from other machines, and tokens and prompts would cross the network in clear"
            ),
            remedy: "set `server.tls`, or `server.behind_proxy`: true if a proxy in front does TLS, or listen on 127.0.0.1",
        },
    );
}

fn trusted(server: &Server, report: &mut Report<'_>) {
    for (index, network) in server.trusted_proxies.iter().enumerate() {
        if network.net().prefix_len() == 0 {
            report(KeyPath::of("server.trusted_proxies").index(index), What::Unsafe {
                danger: "this network is everybody, so that each client could choose the address it is counted by".to_owned(),
                remedy: "name the networks of your proxies",
            });
        }
    }
}

fn texts(config: &Config, report: &mut Report<'_>) {
    let visible =
        |text: &str| text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && text.trim() == text;
    if !visible(&config.server.user_agent) {
        let expected = "visible ASCII characters without spaces at the ends";
        report(
            KeyPath::of("server.user_agent"),
            What::Malformed { expected },
        );
    }
    if config.bouncer.redaction_label.chars().any(char::is_control) {
        let expected = "a text without control characters";
        report(
            KeyPath::of("bouncer.redaction_label"),
            What::Malformed { expected },
        );
    }
}

fn contradictions(config: &Config, written: &Value, report: &mut Report<'_>) {
    let mut contradiction = |key: &str, other: &str, reason: &'static str| {
        let is_written = |key: &str| pointed_at(written, key).is_some();
        let defaulted = !is_written(key) && is_written(other);
        let (key, other) = if defaulted {
            (other, key)
        } else {
            (key, other)
        };
        let other = KeyPath::of(other);
        report(KeyPath::of(key), What::Contradiction { other, reason });
    };
    if config.auth.block > config.auth.block_max {
        let reason = "the first block (30s by default) would be longer than the longest (1h by default); make `block_max` at least as long as `block`";
        contradiction("auth.block", "auth.block_max", reason);
    }
    let (ping, silence) = (
        config.server.realtime_ping_interval.get(),
        config.server.realtime_silence_timeout.get(),
    );
    if ping * 2 > silence {
        let (ping, silence) = (
            "server.realtime_ping_interval",
            "server.realtime_silence_timeout",
        );
        let reason = "a client that answers every ping could count as silent; make the interval (20s by default) at most half of the timeout (1m by default)";
        contradiction(ping, silence, reason);
    }
    if config.bouncer.redact_preset.is_some() && config.bouncer.redact_patterns.is_some() {
        let reason = "patterns take the place of the built-in rules; remove one of the two";
        contradiction("bouncer.redact_preset", "bouncer.redact_patterns", reason);
    }
    let older = config
        .governance
        .max_transformed_sse_bytes
        .is_some_and(|bytes| bytes > 0);
    let newer = "server.max_stream_bytes";
    if older && pointed_at(written, newer).is_some() {
        let reason = "both are names of the same limit; remove the older one";
        contradiction("governance.max_transformed_sse_bytes", newer, reason);
    }
    actions(config, report);
}

/// The value of a key of this module's own tables, if the files have it.
fn pointed_at<'v>(written: &'v Value, dotted: &str) -> Option<&'v Value> {
    written.pointer(&format!("/{}", dotted.replace('.', "/")))
}

fn actions(config: &Config, report: &mut Report<'_>) {
    for (index, entry) in config.bouncer.actions.iter().enumerate() {
        let path = KeyPath::of("bouncer.actions").index(index);
        if entry.rule.is_some() && entry.class.is_some() {
            let reason = "a rule has one class; remove one of the two";
            let other = path.key("rule");
            report(path.key("class"), What::Contradiction { other, reason });
        }
        if entry.direction == Some(Direction::Reply) && entry.action == Action::Placeholder {
            let reason = "a reply is the last to see a value, nobody would put it back; use `redact` or `mask`";
            let other = path.key("direction");
            report(path.key("action"), What::Contradiction { other, reason });
        }
        let agent = entry.agent.as_deref();
        if let Some(agent) = agent.filter(|agent| !config.agents.contains_key(*agent)) {
            report(path.key("agent"), unknown_agent(agent, config));
        }
    }
}

fn unknown_agent(agent: &str, config: &Config) -> What {
    let allowed: Vec<String> = config.agents.keys().cloned().collect();
    if allowed.is_empty() {
        return What::Contradiction {
            other: KeyPath::of("agents"),
            reason: "no agent is configured there; configure it, or remove this key to mean all",
        };
    }
    let nearest = nearest(agent, allowed.iter().map(String::as_str));
    What::NotOneOf { allowed, nearest }
}

fn agent_name(name: &str, report: &mut Report<'_>) {
    let fits = (1..=128).contains(&name.chars().count())
        && !name.chars().any(char::is_control)
        && name.trim() == name;
    if !fits {
        let expected = "an agent name of 1 to 128 characters, without control characters and without spaces at the ends";
        report(
            KeyPath::of("agents").key(name),
            What::Malformed { expected },
        );
    }
}

/// Provider names stand in paths (`/proxy/{provider}/…`) and before the slash of model names.
fn plain_name(path: &KeyPath, name: &str, report: &mut Report<'_>) {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if !((1..=128).contains(&name.len()) && name.bytes().all(allowed)) {
        let expected = "a name of 1 to 128 letters, digits, `_`, `-` or `.`";
        report(path.clone(), What::Malformed { expected });
    }
}

fn provider(path: &KeyPath, name: &str, entry: &ProviderEntry, report: &mut Report<'_>) {
    if name == ECHO {
        if entry.url.is_some() || entry.auth_style.is_some() {
            let reason = "the provider `echo` is built in and has no address; use another name";
            report(
                path.clone(),
                What::Contradiction {
                    other: path.key("url"),
                    reason,
                },
            );
        }
        return;
    }
    match apis(name, entry) {
        Ok(apis) => together(path, entry, &apis, report),
        Err((key, what)) => report(key.unwrap_or_default().below(path), what),
    }
    written_addresses(entry, &mut |key, url| {
        reachable(key.below(path), url, entry, report)
    });
    if entry.format.is_some() && entry.api_format.is_some() {
        let reason = "both are names of the same setting; remove the older one";
        let other = path.key("format");
        report(
            path.key("api_format"),
            What::Contradiction { other, reason },
        );
    }
    accounts(path, entry, report);
    for (header, value) in entry.headers.iter().flatten() {
        if !provider::is_fixed_header(header, value) {
            let expected = "a header of visible ASCII characters that neither authenticates nor frames; keys belong in the secrets file";
            report(
                path.key("headers").key(header),
                What::Malformed { expected },
            );
        }
    }
    listed_models(path, entry, report);
}

fn accounts(path: &KeyPath, entry: &ProviderEntry, report: &mut Report<'_>) {
    let mut seen: Vec<&str> = Vec::new();
    for (index, account) in entry.accounts.iter().flatten().enumerate() {
        let here = path.key("accounts").index(index);
        match account.id.as_deref() {
            None => report(
                here,
                What::MissingKey {
                    key: "id".to_owned(),
                },
            ),
            Some(id) if seen.contains(&id) => {
                let reason = "two accounts have this id; give each its own";
                let other = path.key("accounts");
                report(here.key("id"), What::Contradiction { other, reason });
            }
            Some(id) => {
                plain_name(&here.key("id"), id, report);
                seen.push(id);
            }
        }
    }
}

/// What the addresses of a provider need together.
fn together(path: &KeyPath, entry: &ProviderEntry, apis: &Apis, report: &mut Report<'_>) {
    let here = |url: &ChatUrl| url.reach() == Reach::Loopback;
    let mixed = apis.addresses().any(here) && !apis.addresses().all(here);
    if mixed && entry.danger_allow_private_addresses != Some(true) {
        let danger = "some of its addresses are on this machine and some are not, and then those on this machine are refused unless they are asked for";
        let remedy = "set `danger_allow_private_addresses`: true, or make it two providers";
        let danger = danger.to_owned();
        report(path.clone(), What::Unsafe { danger, remedy });
    }
    let unplaced = |api: &Api| {
        let host = api.url.host().to_string();
        api.auth_style == AuthStyle::SigV4 && region_of_host(&host).is_none()
    };
    if apis.region.is_none() && apis.all().any(unplaced) {
        let key = "region".to_owned();
        report(path.clone(), What::MissingKey { key });
    }
}

/// Visits each address that the entry itself has, with its key.
fn written_addresses(entry: &ProviderEntry, visit: &mut dyn FnMut(KeyPath, &ChatUrl)) {
    let single = [("url", &entry.url), ("models_url", &entry.models_url)];
    for (key, url) in single {
        if let Some(url) = url {
            visit(KeyPath::of(key), url);
        }
    }
    for (key, url) in entry.format_urls.iter().flatten() {
        visit(KeyPath::of("format_urls").key(key), url);
    }
}

pub(super) fn reachable(
    path: KeyPath,
    url: &ChatUrl,
    entry: &ProviderEntry,
    report: &mut Report<'_>,
) {
    let private_allowed = entry.danger_allow_private_addresses == Some(true);
    let plain = "prompts and the provider key would cross the network in clear";
    let refusal = match (url.reach(), url.encrypted()) {
        (Reach::Loopback, _) | (Reach::Public | Reach::Unknown, true) => None,
        (Reach::Public, false) => Some((plain, "use https")),
        (Reach::Unknown, false) if private_allowed => None,
        (Reach::Unknown, false) => Some((
            plain,
            "use https, or set `danger_allow_private_addresses`: true if this name is on your own network",
        )),
        (Reach::Private, _) if private_allowed => None,
        (Reach::Private, _) => Some((
            "this address is on a private network, and such connections are refused unless they are asked for",
            "set `danger_allow_private_addresses`: true for this provider",
        )),
    };
    if let Some((danger, remedy)) = refusal {
        report(
            path,
            What::Unsafe {
                danger: danger.to_owned(),
                remedy,
            },
        );
    }
}

fn listed_models(path: &KeyPath, entry: &ProviderEntry, report: &mut Report<'_>) {
    let allowed =
        super::resolve::ModelFilter::new(entry.allowed_models.as_deref().unwrap_or_default());
    for (index, model) in entry.models.iter().flatten().enumerate() {
        let here = path.key("models").index(index);
        if model.chars().any(char::is_control) {
            report(
                here.clone(),
                What::Malformed {
                    expected: "a model name without control characters",
                },
            );
        }
        if !allowed.allows(model) {
            let reason =
                "none of its patterns is found in this model; allow it there or remove it here";
            report(
                here,
                What::Contradiction {
                    other: path.key("allowed_models"),
                    reason,
                },
            );
        }
    }
}

/// Settings that are allowed and weaken something, one sentence each, for the start-up log.
pub(super) fn warnings(config: &Config) -> Vec<String> {
    let mut lines = Vec::new();
    let server = &config.server;
    if server.behind_proxy && server.trusted_proxies.is_empty() {
        lines.push("server.behind_proxy is set without server.trusted_proxies: all clients are counted as one address, so that one client's wrong tokens block everybody".to_owned());
    }
    if !server.secure_memory_required {
        lines.push("server.secure_memory_required is false: secrets may be kept in memory that can be swapped out".to_owned());
    }
    if !config.bouncer.enabled {
        lines.push("bouncer.enabled is false: prompts leave as they are".to_owned());
    }
    if config.bouncer.enabled && config.bouncer.files == Files::Pass {
        lines.push("bouncer.files is `pass`: files leave as they are".to_owned());
    }
    if config.bouncer.fail_open {
        lines.push(
            "bouncer.fail_open is true: prompts leave in clear when the redactor fails".to_owned(),
        );
    }
    if config.bouncer.redact_output_window.is_some() {
        lines.push("bouncer.redact_output_window has no effect: streams are redacted exactly, however long a secret is".to_owned());
    }
    config
        .providers
        .iter()
        .for_each(|(name, entry)| provider_warnings(name, entry, &mut lines));
    lines
}

fn provider_warnings(name: &str, entry: &ProviderEntry, lines: &mut Vec<String>) {
    if entry.danger_allow_private_addresses == Some(true) {
        lines.push(format!("providers.{name}.danger_allow_private_addresses is true: this provider may be on a private network"));
    }
    let retired = stock(entry.under(name)).and_then(|stock| stock.retired);
    if let Some(day) = retired.filter(|_| entry.url.is_none()) {
        lines.push(format!(
            "providers.{name}: this provider ended its service on {day}"
        ));
    }
    written_addresses(entry, &mut |key, url| {
        if !url.encrypted() && url.reach() != Reach::Loopback {
            lines.push(format!("providers.{name}.{key} is not encrypted: prompts and the provider key cross your network in clear"));
        }
    });
    let Some(url) = &entry.url else { return };
    if format_of_path(url.path()).is_none() && entry.format.is_none() && entry.api_format.is_none()
    {
        lines.push(format!("providers.{name}.url is unlike the chat address of any known API: it must be the whole address; it is taken for OpenAI's chat unless `format` says otherwise"));
    }
    let first =
        stock(entry.under(name)).and_then(|stock| stock.first()?.url.parse::<ChatUrl>().ok());
    if first.is_some_and(|known| known.host() != url.host()) {
        lines.push(format!("providers.{name}.url leads to another host than the built-in provider: its key in the secrets file is sent there"));
    }
}
