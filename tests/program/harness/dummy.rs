//! The test upstream, started for one test.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};

use super::http::{Client, PATIENCE, Request};

/// A running dummy; ends with the value.
#[derive(Debug)]
pub(crate) struct Dummy {
    process: Child,
    address: SocketAddr,
}

impl Dummy {
    /// Starts one on a free port.
    pub(crate) fn start() -> Self {
        let mut process = Command::new(program())
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the dummy starts");
        let mut line = String::new();
        let output = process.stdout.take().expect("its output is piped");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("it says where it listens");
        let address = line
            .trim()
            .strip_prefix("dummy listening on ")
            .expect("in these words");
        Self {
            process,
            address: address.parse().expect("an address"),
        }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of its chat endpoint.
    pub(crate) fn chat_url(&self) -> String {
        format!("http://{}/v1/chat/completions", self.address)
    }

    /// Plants the answer to the model `planted-<name>`; see the dummy's `planted.rs`.
    pub(crate) fn plant(&self, name: &str, kind: &str, pieces: &[Value]) {
        let body = json!({"name": name, "type": kind, "pieces": pieces});
        self.plant_as(&body);
    }

    /// The same with everything that the dummy understands.
    pub(crate) fn plant_as(&self, described: &Value) {
        let request = Request::new("POST", "/_plant").body(described.to_string());
        let reply = Client::new(self.address).send(&request);
        assert_eq!(reply.expect("the dummy answers").status, 200, "{described}");
    }

    /// The last requests as they came, oldest first.
    pub(crate) fn asked(&self) -> Vec<Value> {
        let reply = Client::new(self.address).send(&Request::new("GET", "/_asked"));
        let asked = reply.expect("the dummy answers").json();
        asked.as_array().cloned().unwrap_or_default()
    }

    /// The body that it received last.
    pub(crate) fn last_body(&self) -> String {
        let seen = self.seen();
        seen["last_body"].as_str().unwrap_or_default().to_owned()
    }

    /// What it counted.
    pub(crate) fn seen(&self) -> Value {
        Client::new(self.address)
            .send(&Request::new("GET", "/_seen"))
            .expect("the dummy answers")
            .json()
    }

    /// One of its counters.
    pub(crate) fn count(&self, what: &str) -> u64 {
        self.seen()[what]
            .as_u64()
            .unwrap_or_else(|| panic!("no counter `{what}`"))
    }

    /// Waits until a counter has reached a value.
    pub(crate) fn until(&self, what: &str, value: u64) {
        let end = Instant::now() + PATIENCE;
        while self.count(what) != value {
            assert!(
                Instant::now() < end,
                "`{what}` never became {value}: {}",
                self.seen()
            );
            super::pause();
        }
    }
}

impl Drop for Dummy {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// The dummy is built into the same folder as the gateway; built here if only this test was asked for.
fn program() -> PathBuf {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_nenya")).with_file_name("dummy");
    if !program.exists() {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", "dummy"])
            .status();
        assert!(
            built.is_ok_and(|status| status.success()),
            "the dummy could not be built"
        );
    }
    program
}
