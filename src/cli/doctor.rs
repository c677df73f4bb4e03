//! `nenya doctor`: looks at everything that a gateway needs of its machine, and says of each
//! thing that it is well, or what to do.
//!
//! Changes nothing and sends nothing to a provider but the opening of a connection. Exit 1 if
//! anything is wrong.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use vault::MemoryKind;

use super::{Place, say};
use crate::config::{ProviderKind, Upstream};
use crate::settings::{Settings, lacks_key};

/// What a well-filled secrets file needs, in bytes.
const ENOUGH: usize = 256 * 1024;

/// Longest wait for a provider's address.
const PATIENCE: Duration = Duration::from_secs(5);

enum Finding {
    Well(String),
    Odd(String),
    Wrong(String),
}

pub(super) fn run(place: &Place) -> ExitCode {
    let mut findings = vec![memory(), dumps(), unit()];
    match Settings::load(place) {
        Err(error) => findings.push(Finding::Wrong(format!(
            "configuration and secrets: {error}"
        ))),
        Ok(settings) => findings.extend(of_settings(&settings)),
    }
    let mut wrong = 0;
    for finding in findings {
        say(&match finding {
            Finding::Well(text) => format!("ok     {text}"),
            Finding::Odd(text) => format!("note   {text}"),
            Finding::Wrong(text) => {
                wrong += 1;
                format!("WRONG  {text}")
            }
        });
    }
    if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn memory() -> Finding {
    let report = vault::probe_memory(ENOUGH);
    let text = format!("memory for secrets: {report}");
    match report.kind {
        MemoryKind::SecretMemory => Finding::Well(text),
        MemoryKind::LockedPages => Finding::Odd(format!(
            "{text}; this kernel or sandbox has no memfd_secret (Linux 6.5, or secretmem.enable=1)"
        )),
        MemoryKind::Plain => Finding::Wrong(text),
    }
}

fn dumps() -> Finding {
    let failed: Vec<String> = vault::harden_process()
        .iter()
        .filter(|measure| !measure.is_ok())
        .map(ToString::to_string)
        .collect();
    if failed.is_empty() {
        Finding::Well("dumps: the process can be made non-dumpable and writes no core".to_owned())
    } else {
        Finding::Wrong(format!("dumps: {}", failed.join("; ")))
    }
}

fn unit() -> Finding {
    let places = [
        "/etc/systemd/system/nenya.service",
        "/usr/lib/systemd/system/nenya.service",
        "/lib/systemd/system/nenya.service",
    ];
    let Some(path) = places.iter().find(|path| Path::new(path).exists()) else {
        return Finding::Odd("unit: nenya.service is not installed (systemd/README.md)".to_owned());
    };
    let text = fs::read_to_string(path).unwrap_or_default();
    let wanted = [
        "WatchdogSec=",
        "LimitMEMLOCK=",
        "LimitCORE=0",
        "LoadCredential",
    ];
    let missing: Vec<&str> = wanted
        .into_iter()
        .filter(|line| !text.contains(line))
        .collect();
    if missing.is_empty() {
        Finding::Well(format!("unit: {path}"))
    } else {
        Finding::Wrong(format!(
            "unit: {path} lacks {}; install the one in systemd/",
            missing.join(", ")
        ))
    }
}

fn of_settings(settings: &Settings) -> Vec<Finding> {
    let mut findings = vec![
        Finding::Well(format!("configuration: {}", settings.origin)),
        credentials(settings),
    ];
    findings.extend(
        settings
            .warnings
            .iter()
            .map(|warning| Finding::Odd(warning.clone())),
    );
    findings.push(port(
        "server.listen_addr",
        settings.config.server.listen_addr.socket_addr(),
    ));
    if let Some(admin) = settings.config.server.admin_listen {
        findings.push(port("server.admin_listen", admin.socket_addr()));
    }
    let served = settings
        .blueprint
        .specs
        .iter()
        .filter_map(|spec| settings.resolved.upstreams.get(&spec.name));
    let (keyless, callable): (Vec<_>, Vec<_>) = served
        .partition(|upstream| lacks_key(&settings.resolved, &settings.sealed, &upstream.name));
    let without_key = |upstream: &&Upstream| no_key(&upstream.name, callable.is_empty());
    findings.extend(keyless.iter().map(without_key));
    findings.extend(callable.into_iter().map(provider));
    findings
}

fn credentials(settings: &Settings) -> Finding {
    let facts = settings.sealed.facts();
    match &facts.source {
        Some(source) => Finding::Well(format!(
            "credentials: {source}, {} client key(s), {} provider key(s)",
            facts.identities,
            facts.providers.len()
        )),
        None => Finding::Odd("credentials: none found; a token is made at each start (`nenya keygen` makes one that lasts)".to_owned()),
    }
}

fn port(key: &str, address: SocketAddr) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => Finding::Well(format!("{key}: {address} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Finding::Odd(format!(
            "{key}: {address} is in use, by a running gateway or by another program (`ss -ltnp`)"
        )),
        Err(error) => Finding::Wrong(format!(
            "{key}: {address}: {error}; choose an address of this machine and a port above 1023"
        )),
    }
}

/// A start only warns of it; but a gateway without any provider answers nothing.
fn no_key(name: &str, nobody_has_one: bool) -> Finding {
    let text = format!(
        "provider {name}: no key, so its models are left out; add `provider_keys.{name}` to the secrets file"
    );
    if nobody_has_one {
        Finding::Wrong(text)
    } else {
        Finding::Odd(text)
    }
}

fn provider(upstream: &Upstream) -> Finding {
    let name = &upstream.name;
    let ProviderKind::Http(apis) = &upstream.kind else {
        return Finding::Well(format!("provider {name}: built in"));
    };
    let url = &apis.usual.url;
    match connect(&url.host().to_string(), url.port()) {
        Ok(address) => Finding::Well(format!("provider {name}: {address} accepts connections")),
        Err(error) => Finding::Wrong(format!(
            "provider {name}: {}: {error}; check DNS, firewall and `providers.{name}.url`",
            url.host()
        )),
    }
}

fn connect(host: &str, port: u16) -> std::io::Result<SocketAddr> {
    let host = host.trim_matches(['[', ']']);
    let address = (host, port)
        .to_socket_addrs()?
        .next()
        .ok_or_else(|| std::io::Error::other("the name has no address"))?;
    TcpStream::connect_timeout(&address, PATIENCE).map(|_| address)
}
