//! Dummy: an upstream that answers, stalls, cuts, lies and floods on request.
//!
//! Owns a listening socket on the loopback interface and the counters of what it saw. It never
//! opens a connection of its own and never writes a file. Tests, the benchmark and people who try
//! the gateway start it as `dummy --listen 127.0.0.1:0`; the path of a request chooses the format
//! of the answer, the model name what it says. Read next: [`behaviour`] for the names, [`place`]
//! for the paths, [`script`] for the bytes, [`golden`] and [`planted`] for answers from files and
//! from tests, [`models`] for lists of models, [`realtime`] for sessions, [`record`] for what was asked, [`marked`] for what became of it.
//!
//! It speaks HTTP/1.1 by hand, because its purpose is to send what no HTTP library would send.
//! One thread serves everything: a second one would compete with the load generator for the
//! core that a benchmark pins both to.

#![forbid(unsafe_code)]

mod answered;
mod asked;
mod behaviour;
mod broken;
mod connection;
mod conversation;
mod counters;
mod formats;
mod frame;
mod golden;
mod marked;
mod models;
mod options;
mod place;
mod planted;
mod realtime;
mod record;
mod reply;
mod request;
mod respond;
mod script;
mod stage;

use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use tokio::net::TcpListener;

use crate::connection::Connection;
use crate::golden::Golden;
use crate::stage::Stage;

const USAGE: &str =
    "usage: dummy --listen 127.0.0.1:PORT [--golden FOLDER]   (port 0: any free one)";

/// What the command line says.
#[derive(Debug, PartialEq, Eq)]
struct Settings {
    listen: SocketAddr,
    golden: PathBuf,
}

fn main() -> ExitCode {
    let settings = match settings(std::env::args().skip(1)) {
        Ok(settings) => settings,
        Err(message) => return fail(&message),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("no runtime: {error}")),
    };
    let listen = settings.listen;
    let served = tokio::task::LocalSet::new().block_on(&runtime, serve(settings));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("cannot listen on {listen}: {error}")),
    }
}

fn fail(message: &str) -> ExitCode {
    let written = writeln!(std::io::stderr(), "dummy: {message}\n{USAGE}");
    ExitCode::from(if written.is_ok() { 2 } else { 3 })
}

/// Reads the flags.
fn settings(arguments: impl Iterator<Item = String>) -> Result<Settings, String> {
    let arguments: Vec<String> = arguments.collect();
    let (mut listen, mut golden) = (None, Golden::usual_folder());
    for pair in arguments.chunks(2) {
        match pair {
            [flag, value] if flag == "--listen" => listen = Some(listen_address(value)?),
            [flag, value] if flag == "--golden" => golden = PathBuf::from(value),
            [flag, _] => return Err(format!("unknown argument `{flag}`")),
            _ => return Err("a flag without its value".to_owned()),
        }
    }
    let listen = listen.ok_or("`--listen` is missing")?;
    Ok(Settings { listen, golden })
}

/// Other addresses than loopback are refused: the dummy echoes whatever it is sent, keys included.
fn listen_address(value: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = value
        .parse()
        .map_err(|_| format!("`{value}` is not an address and port"))?;
    match address.ip() {
        IpAddr::V4(ip) if ip.is_loopback() => Ok(address),
        IpAddr::V6(ip) if ip.is_loopback() => Ok(address),
        other => Err(format!("`{other}` is not a loopback address")),
    }
}

async fn serve(settings: Settings) -> std::io::Result<()> {
    let listener = TcpListener::bind(settings.listen).await?;
    writeln!(
        std::io::stdout(),
        "dummy listening on {}",
        listener.local_addr()?
    )?;
    let stage = Stage::shared(settings.golden);
    loop {
        // Out of descriptors, for example: the next accept may well succeed.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        tokio::task::spawn_local(Connection::new(stream, stage.clone()).serve());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listen(arguments: &[&str]) -> Result<SocketAddr, String> {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned());
        settings(arguments).map(|settings| settings.listen)
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
        assert!(listen(&["--golden", "x"]).unwrap_err().contains("--listen"));
        assert!(listen(&["--listen", "here"]).unwrap_err().contains("here"));
    }
}
