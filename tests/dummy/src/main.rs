//! Dummy: an upstream that answers, stalls, cuts, lies and floods on request.
//!
//! Owns a listening socket on the loopback interface and the counters of what it saw. It never
//! opens a connection of its own and never writes a file. Tests, the benchmark and people who try
//! the gateway start it as `dummy --listen 127.0.0.1:0`; the model name of a request chooses how
//! the request is answered. Read next: [`behaviour`] for the names, [`script`] for the bytes,
//! [`planted`] for answers that a test describes itself.
//!
//! It speaks HTTP/1.1 by hand, because its purpose is to send what no HTTP library would send.
//! One thread serves everything: a second one would compete with the load generator for the
//! core that a benchmark pins both to.

#![forbid(unsafe_code)]

mod asked;
mod behaviour;
mod connection;
mod counters;
mod planted;
mod reply;
mod request;
mod script;

use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;

use tokio::net::TcpListener;

use crate::connection::Connection;
use crate::counters::Counters;
use crate::planted::SharedPlanted;

const USAGE: &str = "usage: dummy --listen 127.0.0.1:PORT   (port 0: any free one)";

fn main() -> ExitCode {
    let listen = match listen_address(std::env::args().skip(1)) {
        Ok(listen) => listen,
        Err(message) => return fail(&message),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("no runtime: {error}")),
    };
    let served = tokio::task::LocalSet::new().block_on(&runtime, serve(listen));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("cannot listen on {listen}: {error}")),
    }
}

fn fail(message: &str) -> ExitCode {
    let written = writeln!(std::io::stderr(), "dummy: {message}\n{USAGE}");
    ExitCode::from(if written.is_ok() { 2 } else { 3 })
}

/// Reads the only flag there is. Other addresses than loopback are refused: the dummy echoes
/// whatever it is sent, keys included.
fn listen_address(arguments: impl Iterator<Item = String>) -> Result<SocketAddr, String> {
    let arguments: Vec<String> = arguments.collect();
    let [flag, value] = arguments.as_slice() else {
        return Err("expected exactly one flag".to_owned());
    };
    if flag != "--listen" {
        return Err(format!("unknown argument `{flag}`"));
    }
    let address: SocketAddr = value
        .parse()
        .map_err(|_| format!("`{value}` is not an address and port"))?;
    match address.ip() {
        IpAddr::V4(ip) if ip.is_loopback() => Ok(address),
        IpAddr::V6(ip) if ip.is_loopback() => Ok(address),
        other => Err(format!("`{other}` is not a loopback address")),
    }
}

async fn serve(listen: SocketAddr) -> std::io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    writeln!(
        std::io::stdout(),
        "dummy listening on {}",
        listener.local_addr()?
    )?;
    let (counters, planted) = (Counters::shared(), SharedPlanted::default());
    loop {
        // Out of descriptors, for example: the next accept may well succeed.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        let connection = Connection::new(stream, counters.clone(), planted.clone());
        tokio::task::spawn_local(connection.serve());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listen(arguments: &[&str]) -> Result<SocketAddr, String> {
        listen_address(arguments.iter().map(|argument| (*argument).to_owned()))
    }

    #[test]
    fn a_loopback_address_is_taken() {
        assert_eq!(
            listen(&["--listen", "127.0.0.1:0"]),
            Ok("127.0.0.1:0".parse().unwrap())
        );
        assert_eq!(
            listen(&["--listen", "[::1]:81"]),
            Ok("[::1]:81".parse().unwrap())
        );
    }

    #[test]
    fn an_address_that_others_can_reach_is_refused() {
        assert!(
            listen(&["--listen", "0.0.0.0:80"])
                .unwrap_err()
                .contains("loopback")
        );
    }

    #[test]
    fn unknown_and_missing_arguments_are_refused() {
        assert!(listen(&[]).is_err());
        assert!(listen(&["--listen"]).is_err());
        assert!(listen(&["--port", "1"]).unwrap_err().contains("--port"));
        assert!(listen(&["--listen", "here"]).unwrap_err().contains("here"));
    }
}
