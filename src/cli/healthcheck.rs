//! `nenya healthcheck`: asks the running gateway whether it is well, as a container's health
//! check does. Exit 0 if it is.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use super::{Place, complain, say};
use crate::config::{self, Config, Environment, Flags};

const PATIENCE: Duration = Duration::from_secs(3);

pub(super) fn run(place: &Place) -> ExitCode {
    let config = match load(place) {
        Ok(config) => config,
        Err(error) => return complain(&error.to_string()),
    };
    let address = reachable(address(&config));
    let over_tls = config.server.admin_listen.is_none() && config.server.tls.is_some();
    match ask(address, over_tls) {
        Ok(answer) => say(&format!("{address}: {answer}")),
        Err(error) => complain(&format!("{address}: {error}")),
    }
}

fn load(place: &Place) -> Result<Config, config::ConfigError> {
    let flags = Flags {
        config_file: place.config.clone(),
        config_dir: place.config_dir.clone(),
    };
    let environment = Environment::of_process();
    match config::load(&flags, &environment)? {
        Some(loaded) => Ok(loaded.config),
        None => Ok(config::embedded(&environment)?.config),
    }
}

/// The admin listener where there is one, since it never speaks TLS.
fn address(config: &Config) -> SocketAddr {
    config
        .server
        .admin_listen
        .unwrap_or(config.server.listen_addr)
        .socket_addr()
}

/// A listener on all addresses is asked on loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Over TLS it can only be said that somebody accepts connections: the certificate is for a
/// public name and not for loopback. `server.admin_listen` gives the whole answer.
fn ask(address: SocketAddr, over_tls: bool) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    if over_tls {
        return Ok("accepts connections (set `server.admin_listen` for a whole answer)".to_owned());
    }
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(
        format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes(),
    )?;
    let mut answer = String::new();
    stream.take(16 * 1024).read_to_string(&mut answer)?;
    verdict(&answer)
}

fn verdict(answer: &str) -> io::Result<String> {
    let body = answer
        .split_once("\r\n\r\n")
        .map(|(_, body)| body.trim())
        .unwrap_or_default();
    let status = answer.split_whitespace().nth(1).unwrap_or("no HTTP status");
    if status == "200" {
        Ok(body.to_owned())
    } else {
        Err(io::Error::other(format!("{status} {body}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_200_is_well() {
        assert!(verdict("HTTP/1.1 200 OK\r\n\r\n{\"status\":\"ok\"}").is_ok());
        assert!(verdict("HTTP/1.1 503 Service Unavailable\r\n\r\n{}").is_err());
        assert!(verdict("garbage").is_err());
    }

    #[test]
    fn a_listener_on_all_addresses_is_asked_on_loopback() {
        let all: SocketAddr = "[::]:8080".parse().expect("address");
        assert_eq!(reachable(all).to_string(), "[::1]:8080");
    }
}
