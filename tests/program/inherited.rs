//! Sockets that come from a service manager, handed over as systemd does it.

use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::harness::{Client, Dummy, Request, Setup, USER};

/// A shell that puts its input where the protocol wants the first socket, and becomes the program.
const LAUNCH: &str = "exec 3<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" \"$@\"";

/// The gateway with `socket` as the only one that it is given, under a unit's name for it.
fn command(setup: &Setup, socket: TcpListener, name: &str) -> Command {
    let program = setup.command(&["-config", "config.json"]);
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", LAUNCH])
        .arg(program.get_program())
        .args(program.get_args())
        .env_clear()
        .envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env("LISTEN_FDNAMES", name)
        .current_dir(setup.folder())
        .stdin(Stdio::from(OwnedFd::from(socket)));
    shell
}

fn everywhere() -> (TcpListener, SocketAddr) {
    let socket = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    (socket, SocketAddr::from(([127, 0, 0, 1], port)))
}

/// The program ends at once and says all of `words`.
fn refused(setup: &Setup, socket: TcpListener, name: &str, words: &[&str]) {
    setup.write();
    let output = command(setup, socket, name).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    for word in words {
        assert!(said.contains(word), "no `{word}` in: {said}");
    }
}

#[test]
fn a_socket_on_loopback_serves() {
    let dummy = Dummy::start();
    let setup = Setup::new(&dummy);
    let address = setup.address();
    let socket = TcpListener::bind(address).unwrap();
    let command = command(&setup, socket, "nenya.socket");
    let gateway = setup.start_as(command);
    let reply = gateway.ask("dummy/ok", false);
    assert_eq!(reply.status, 200, "{}", reply.text());
}

#[test]
fn the_inherited_socket_takes_the_place_of_the_configured_address() {
    let dummy = Dummy::start();
    let setup = Setup::new(&dummy);
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let given = Client::new(socket.local_addr().unwrap());
    let command = command(&setup, socket, "nenya.socket");
    let gateway = setup.start_as(command);
    let models = Request::new("GET", "/v1/models").key(USER);
    assert_eq!(given.send(&models).unwrap().status, 200);
    assert!(gateway.client().send(&models).is_err());
}

#[test]
fn a_socket_that_other_machines_reach_is_refused_with_the_remedy() {
    let dummy = Dummy::start();
    let setup = Setup::new(&dummy);
    let (socket, address) = everywhere();
    let remedy = format!("ListenStream=127.0.0.1:{}", address.port());
    let words = ["server.tls", "server.behind_proxy", &remedy];
    refused(&setup, socket, "nenya.socket", &words);
}

#[test]
fn an_admin_socket_that_other_machines_reach_is_refused_even_behind_a_proxy() {
    let dummy = Dummy::start();
    let setup = Setup::new(&dummy).config("/server/behind_proxy", json!(true));
    let (socket, _) = everywhere();
    refused(
        &setup,
        socket,
        "nenya-admin.socket",
        &["ListenStream=127.0.0.1:"],
    );
}

#[test]
fn behind_a_proxy_a_socket_that_other_machines_reach_serves() {
    let dummy = Dummy::start();
    let setup = Setup::new(&dummy).config("/server/behind_proxy", json!(true));
    let (socket, address) = everywhere();
    let command = command(&setup, socket, "nenya.socket");
    let _gateway = setup.start_as(command);
    let models = Request::new("GET", "/v1/models").key(USER);
    assert_eq!(Client::new(address).send(&models).unwrap().status, 200);
}
