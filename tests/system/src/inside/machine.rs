//! What is set up once for all cases: the user, the upstream, commands that are run.

use std::process::{Child, Command, Output, Stdio};

use super::http::{Client, Request};

/// Where the upstream listens.
pub(crate) const UPSTREAM: &str = "127.0.0.1:7000";

/// The machine that the cases run in; its upstream ends with the value.
#[derive(Debug)]
pub(crate) struct Machine {
    upstream: Child,
}

impl Machine {
    /// Makes the user as the package would, and starts the upstream.
    pub(crate) fn prepare() -> Self {
        assert!(
            std::path::Path::new("/run/systemd/system").exists(),
            "only inside the machine of machine.sh"
        );
        succeeds("systemd-sysusers", &["/usr/lib/sysusers.d/nenya.conf"]);
        succeeds("systemd-tmpfiles", &["--create", "nenya.conf"]);
        let upstream = Command::new("/usr/local/bin/dummy")
            .args(["--listen", UPSTREAM])
            .stdout(Stdio::null())
            .spawn();
        let machine = Self {
            upstream: upstream.expect("the dummy starts"),
        };
        super::until("the dummy answers", || machine.seen());
        machine
    }

    /// What the upstream counted.
    pub(crate) fn seen(&self) -> Option<serde_json::Value> {
        let client = Client::new(UPSTREAM.parse().expect("an address"));
        client
            .send(&Request::new("GET", "/_seen"))
            .ok()
            .map(|reply| reply.json())
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.upstream.kill().ok();
        self.upstream.wait().ok();
    }
}

/// Runs a command to its end.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Output {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"))
}

/// Everything that a command said.
pub(crate) fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Runs a command that must succeed; returns its standard output without the last line end.
pub(crate) fn succeeds(program: &str, arguments: &[&str]) -> String {
    let output = run(program, arguments);
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}",
        said(&output)
    );
    String::from_utf8_lossy(&output.stdout)
        .trim_end()
        .to_owned()
}
