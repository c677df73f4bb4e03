//! The built dummy, started for one test, and the bytes of its answers.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(10);

/// A running dummy; ended with the test.
pub(crate) struct Dummy {
    process: Child,
    address: String,
}

impl Dummy {
    pub(crate) fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_dummy"))
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the dummy starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .strip_prefix("dummy listening on ")
            .expect("the promised line")
            .to_owned();
        Self { process, address }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends one request on a fresh connection and reads until the dummy closes it.
    pub(crate) fn all_bytes(&self, model: &str, stream: bool) -> String {
        let mut connection = self.connect();
        connection
            .write_all(&chat(model, stream, "connection: close\r\n"))
            .unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    }

    pub(crate) fn seen(&self) -> Value {
        self.page("/_seen")
    }

    /// The JSON at a path.
    pub(crate) fn page(&self, path: &str) -> Value {
        let answer = self.ask("GET", path, "", "");
        let text = std::str::from_utf8(answer.body()).unwrap();
        serde_json::from_str(text).unwrap()
    }

    /// Sends any request and reads until the dummy closes the connection.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let length = body.len();
        let mut connection = self.connect();
        write!(connection, "{method} {path} HTTP/1.1\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}").unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        Answer(answer)
    }

    pub(crate) fn until_seen(&self, what: &str, met: impl Fn(&Value) -> bool) {
        let end = Instant::now() + PATIENCE;
        loop {
            let seen = self.seen();
            if met(&seen) {
                return;
            }
            assert!(Instant::now() < end, "never saw {what}: {seen}");
        }
    }
}

impl Drop for Dummy {
    fn drop(&mut self) {
        let ended = self.process.kill().and_then(|()| self.process.wait());
        assert!(
            ended.is_ok() || std::thread::panicking(),
            "the dummy did not end"
        );
    }
}

/// A question to a model.
pub(crate) fn chat(model: &str, stream: bool, headers: &str) -> Vec<u8> {
    let body = format!(
        r#"{{"model":"{model}","messages":[{{"role":"user","content":"hi"}}],"stream":{stream}}}"#
    );
    format!("POST /v1/chat/completions HTTP/1.1\r\nhost: d\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}

/// What stands behind the head.
pub(crate) fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").expect("a whole head").1
}

/// The bytes of an answer that need be no text.
pub(crate) struct Answer(Vec<u8>);

impl Answer {
    fn split(&self) -> (&[u8], &[u8]) {
        let blank = self.0.windows(4).position(|window| window == b"\r\n\r\n");
        self.0.split_at(blank.expect("a whole head") + 4)
    }

    pub(crate) fn head(&self) -> String {
        String::from_utf8(self.split().0.to_vec()).expect("a head in ASCII")
    }

    /// The body as it is on the wire.
    pub(crate) fn body(&self) -> &[u8] {
        self.split().1
    }

    /// The chunks of a chunked body, and whether the last one came.
    pub(crate) fn chunks(&self) -> (Vec<&[u8]>, bool) {
        let (mut chunks, mut rest) = (Vec::new(), self.body());
        while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
            let size =
                usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
            if size == 0 {
                return (chunks, true);
            }
            chunks.push(&rest[end + 2..end + 2 + size]);
            rest = &rest[end + 4 + size..];
        }
        (chunks, false)
    }
}
