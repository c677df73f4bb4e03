//! An upstream that keeps files: takes bodies of any size and forgets all but their sums, and gives
//! back files of any size. In this process, one thread for each connection.
//!
//! The path chooses the answer; `refusing_after` and `stalling` change it for all uploads.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::{Value, json};

use super::http::PATIENCE;
use super::planted::AWS;

/// The first bytes of a body that are kept.
const KEPT: usize = 1 << 20;

/// One request as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// The head, names in lower case.
    pub(crate) head: String,
    /// The beginning of the body, without chunk framing.
    pub(crate) body: Vec<u8>,
    /// The length of all of it.
    pub(crate) length: u64,
    /// A sum over all of it.
    pub(crate) sum: u64,
    /// Whether the body came to its end.
    pub(crate) whole: bool,
}

impl Seen {
    /// The request line's target.
    pub(crate) fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The first value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            (known == name).then_some(value)
        })
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// How uploads are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Well,
    /// 413 after so many bytes of the body, which is then not read any more.
    RefusingAfter(u64),
    /// Reads nothing and says nothing.
    Stalling,
}

/// See the module's text.
#[derive(Debug)]
pub(crate) struct Store {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Store {
    /// A store that answers well; its name stands in the ids that it makes.
    pub(crate) fn start(name: &'static str) -> Self {
        Self::in_mood(name, Mood::Well)
    }

    /// A store that refuses each body after so many bytes.
    pub(crate) fn refusing_after(name: &'static str, bytes: u64) -> Self {
        Self::in_mood(name, Mood::RefusingAfter(bytes))
    }

    /// A store that takes heads and nothing else.
    pub(crate) fn stalling(name: &'static str) -> Self {
        Self::in_mood(name, Mood::Stalling)
    }

    fn in_mood(name: &'static str, mood: Mood) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("its address");
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let log = Arc::clone(&seen);
        // Ends with the process: a test that is over opens no more connections.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = Arc::clone(&log);
                std::thread::spawn(move || Served::new(stream, name, mood, log).serve());
            }
        });
        Self { address, seen }
    }

    /// A provider section that leads here.
    pub(crate) fn provider(&self) -> Value {
        json!({
            "url": format!("http://{}/v1/chat/completions", self.address),
            "auth_style": "bearer",
            "danger_allow_private_addresses": true,
        })
    }

    /// All requests so far, those that broke off included.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no test panics in it").clone()
    }

    /// The last request.
    pub(crate) fn last(&self) -> Seen {
        self.seen().pop().expect("a request came")
    }

    /// Waits until so many requests came and ended, well or not.
    pub(crate) fn until_seen(&self, count: usize) -> Seen {
        let end = Instant::now() + PATIENCE;
        while self.seen().len() < count {
            assert!(Instant::now() < end, "never saw {count}: {:?}", self.seen());
            super::pause();
        }
        self.last()
    }
}

/// One connection.
struct Served {
    reader: BufReader<TcpStream>,
    name: &'static str,
    mood: Mood,
    log: Arc<Mutex<Vec<Seen>>>,
}

impl Served {
    fn new(stream: TcpStream, name: &'static str, mood: Mood, log: Arc<Mutex<Vec<Seen>>>) -> Self {
        Self {
            reader: BufReader::with_capacity(64 << 10, stream),
            name,
            mood,
            log,
        }
    }

    fn serve(mut self) {
        while let Some(mut seen) = self.head() {
            if self.mood == Mood::Stalling {
                // Until the other side leaves.
                let mut byte = [0; 4096];
                while self
                    .reader
                    .get_mut()
                    .read(&mut byte)
                    .is_ok_and(|count| count > 0)
                {
                    seen.length += 1;
                    if seen.length > 4 {
                        break;
                    }
                }
                while self
                    .reader
                    .get_mut()
                    .peek(&mut byte)
                    .is_ok_and(|count| count > 0)
                {
                    super::pause();
                }
                return self.note(seen);
            }
            let early = self.body(&mut seen);
            self.note(seen.clone());
            if early {
                let body =
                    r#"{"error":{"message":"too large for me","type":"invalid_request_error"}}"#;
                self.answer("413 Content Too Large", "application/json", body.as_bytes());
                // Reads no more, as a server that means it.
                let mut byte = [0; 1];
                while self
                    .reader
                    .get_mut()
                    .peek(&mut byte)
                    .is_ok_and(|count| count > 0)
                {
                    super::pause();
                }
                return;
            }
            if !seen.whole || self.respond(&seen).is_none() {
                return;
            }
        }
    }

    fn note(&self, seen: Seen) {
        self.log.lock().expect("no test panics in it").push(seen);
    }

    fn head(&mut self) -> Option<Seen> {
        let mut seen = Seen::default();
        loop {
            let mut line = String::new();
            if self.reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if line.trim_end().is_empty() {
                return Some(seen);
            }
            let line = line.trim_end();
            match line.split_once(": ").filter(|_| !seen.head.is_empty()) {
                Some((name, value)) => {
                    seen.head
                        .push_str(&format!("{}: {value}\n", name.to_ascii_lowercase()));
                }
                None => seen.head.push_str(&format!("{line}\n")),
            }
        }
    }

    /// Reads the body; true if it is refused in the middle.
    fn body(&mut self, seen: &mut Seen) -> bool {
        let length = seen
            .header("content-length")
            .map(|text| text.parse::<u64>());
        if let Some(Ok(length)) = length {
            let (whole, early) = self.exactly(length, seen);
            seen.whole = whole;
            return early;
        }
        if seen.header("transfer-encoding").is_none() {
            seen.whole = true;
            return false;
        }
        loop {
            let mut line = String::new();
            if self.reader.read_line(&mut line).unwrap_or(0) == 0 {
                return false;
            }
            let size = u64::from_str_radix(line.trim_end(), 16).expect("a chunk's size");
            let (whole, early) = self.exactly(size, seen);
            let mut end = [0; 2];
            if early || !whole || self.reader.read_exact(&mut end).is_err() {
                return early;
            }
            if size == 0 {
                seen.whole = true;
                return false;
            }
        }
    }

    fn exactly(&mut self, length: u64, seen: &mut Seen) -> (bool, bool) {
        let mut left = length;
        while left > 0 {
            let Ok(here) = self.reader.fill_buf() else {
                return (false, false);
            };
            let taken = here.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            if taken == 0 {
                return (false, false);
            }
            for byte in &here[..taken] {
                seen.sum = seen.sum.wrapping_mul(31).wrapping_add(u64::from(*byte));
            }
            let room = KEPT.saturating_sub(seen.body.len()).min(taken);
            seen.body.extend_from_slice(&here[..room]);
            seen.length += taken as u64;
            left -= taken as u64;
            self.reader.consume(taken);
            if matches!(self.mood, Mood::RefusingAfter(most) if seen.length > most) {
                return (false, true);
            }
        }
        (true, false)
    }

    fn answer(&mut self, status: &str, kind: &str, body: &[u8]) -> Option<()> {
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nset-cookie: a=b\r\nopenai-organization: org-1\r\n\r\n",
            body.len()
        );
        let socket = self.reader.get_mut();
        socket.write_all(head.as_bytes()).ok()?;
        socket.write_all(body).ok()
    }

    fn respond(&mut self, seen: &Seen) -> Option<()> {
        let name = self.name;
        let (path, query) = seen.target().split_once('?').unwrap_or((seen.target(), ""));
        let method = seen.head.split(' ').next().unwrap_or_default();
        let segments: Vec<&str> = path.split('/').skip(2).collect();
        let json = match (method, segments.as_slice()) {
            ("POST", ["files"]) => {
                json!({"id": format!("file-{name}"), "object": "file", "bytes": seen.length})
            }
            ("GET", ["files"]) => json!({"object": "list", "data": [], "at": name}),
            ("GET", ["files", id, "content"]) if id.starts_with("as-") => return self.say(id),
            ("GET", ["files", _, "content"]) => return self.give(query),
            ("DELETE", [_, id]) => json!({"id": id, "deleted": true, "at": name}),
            ("POST", ["batches"]) => {
                json!({"id": format!("batch-{name}"), "object": "batch", "output_file_id": format!("file-out-{name}"), "error_file_id": null})
            }
            ("POST", ["uploads"]) => json!({"id": format!("upload-{name}"), "object": "upload"}),
            ("POST", ["uploads", id, "complete"]) => {
                json!({"id": id, "file": {"id": format!("file-joined-{name}")}})
            }
            ("GET", [_, id, ..]) => json!({"id": id, "at": name}),
            ("POST", ["audio", "speech"]) => {
                return self.answer("200 OK", "audio/mpeg", b"ID3\x04 a sound");
            }
            ("POST", ["completions"]) if seen.text().contains("\"stream\":true") => {
                let events = "data: {\"choices\":[{\"text\":\"hi\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2,\"total_tokens\":9}}\n\ndata: [DONE]\n\n";
                return self.answer("200 OK", "text/event-stream", events.as_bytes());
            }
            _ => json!({"at": name, "data": [], "usage": {"prompt_tokens": 5, "total_tokens": 5}}),
        };
        if seen.text().contains("fail-500") {
            return self.answer("500 Oh", "application/json", b"{}");
        }
        self.answer("200 OK", "application/json", json.to_string().as_bytes())
    }

    /// A file with its own id and a secret in it: text, or what the id says.
    fn say(&mut self, id: &str) -> Option<()> {
        let text = format!("{id}: {AWS}\n");
        let bytes = match id {
            "as-wide" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "as-sound" => [b"ID3\x04", text.as_bytes()].concat(),
            _ => text.into_bytes(),
        };
        self.answer("200 OK", "application/octet-stream", &bytes)
    }

    /// A file of so many bytes; every fourth kibibyte begins with its number.
    fn give(&mut self, query: &str) -> Option<()> {
        let length: u64 = query
            .strip_prefix("bytes=")
            .and_then(|text| text.parse().ok())
            .unwrap_or(9);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-disposition: attachment; filename=\"a\"\r\ncontent-length: {length}\r\n\r\n"
        );
        let socket = self.reader.get_mut();
        socket.write_all(head.as_bytes()).ok()?;
        let piece = [b'x'; 64 << 10];
        let mut left = length;
        while left > 0 {
            let size = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            socket.write_all(&piece[..size]).ok()?;
            left -= size as u64;
        }
        Some(())
    }
}
