//! Clients that leave: which request in which format, how far they let it come, and how they go.
//!
//! A departure is made from its number alone, so that a run can be had again. Its number stands in
//! the request as a mark, by which the dummy tells what became of it (`/_marked`). Shared by the
//! tests of the program and by `cargo xtask bench departures`; talks to 127.0.0.1 only.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};
use socket2::SockRef;

/// Each format, the path where the dummy speaks it, and how a key is sent there.
const FORMATS: [(&str, &str, &str); 7] = [
    ("openai-chat", "/v1/chat/completions", "bearer"),
    ("openai-responses", "/v1/responses", "bearer"),
    ("anthropic", "/v1/messages", "anthropic"),
    (
        "gemini",
        "/v1beta/models/{model}:generateContent",
        "bearer+x-goog",
    ),
    ("cohere", "/v2/chat", "bearer"),
    ("bedrock-converse", "/model/{model}/converse", "bearer"),
    ("ollama", "/api/chat", "none"),
];

/// What an agent of each upstream format asks the dummy for.
const BEHAVIOURS: [(&str, &str); 4] = [
    ("wait", "stall"),
    ("stream", "delay-3-chunks-400"),
    ("trickle", "ok+chunks=8+delay=3"),
    ("large", "flood-4"),
];
const PHASES: usize = Phase::ALL.len();
/// So many departures in a row have every phase with every client and every upstream format.
pub(crate) const EVERY: u64 = (PHASES * FORMATS.len() * FORMATS.len()) as u64;

/// The longest that a client stays.
const LONGEST_STAY: u64 = 80_000;
const UPLOAD: usize = 64 << 20;

/// How far a request comes before its client leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Sending,
    FirstByte,
    Stream,
    SlowUpstream,
    SlowReader,
    Upload,
    Fallback,
}

impl Phase {
    pub(crate) const ALL: [Self; 7] = [
        Self::Sending,
        Self::FirstByte,
        Self::Stream,
        Self::SlowUpstream,
        Self::SlowReader,
        Self::Upload,
        Self::Fallback,
    ];

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Sending => "sending the body of a chat",
            Self::FirstByte => "waiting for the first byte",
            Self::Stream => "in the middle of a stream",
            Self::SlowUpstream => "in the middle of a whole answer",
            Self::SlowReader => "reading a large answer slowly",
            Self::Upload => "sending a file",
            Self::Fallback => "at the second target",
        }
    }
}

/// One client that will leave.
#[derive(Debug, Clone)]
pub(crate) struct Departure {
    number: u64,
    pub(crate) phase: Phase,
    client: usize,
    upstream: usize,
    stream: bool,
    /// Resets the connection instead of closing it.
    resets: bool,
    stay: Duration,
}

/// A client that has left.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) departure: Departure,
    /// Just before it closed, in microseconds since 1970.
    at_us: u64,
}

/// What an upstream saw of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// No request: the client left too early.
    Nothing,
    /// All requests were answered before the client left.
    Answered,
    /// The close, so many microseconds after the client's own.
    Close(i64),
    /// A request that is still open.
    StillOpen,
}

impl Departure {
    /// The departure of this number.
    pub(crate) fn new(number: u64) -> Self {
        let chance = mixed(number);
        let phase = *picked(&Phase::ALL, number);
        let stream = match phase {
            Phase::Stream => true,
            Phase::SlowUpstream => false,
            _ => chance & 1 == 0,
        };
        // Two upstreams have to be asked before.
        let longer = match phase {
            Phase::Fallback => LONGEST_STAY / 2,
            _ => 0,
        };
        let formats = number / PHASES as u64;
        Self {
            number,
            phase,
            client: place(formats),
            upstream: place(formats / FORMATS.len() as u64),
            stream,
            resets: chance & 2 == 0,
            stay: Duration::from_micros((chance >> 8) % LONGEST_STAY + longer),
        }
    }

    /// The client's format.
    pub(crate) fn client(&self) -> &'static str {
        picked(&FORMATS, self.client as u64).0
    }

    /// Whether client and upstream speak the same format.
    pub(crate) fn crosses(&self) -> bool {
        self.client != self.upstream && self.phase != Phase::Upload
    }

    /// Sends the request, stays as long as it stays, and leaves.
    ///
    /// # Errors
    /// The gateway closed first or answered with an error.
    pub(crate) fn leave(self, gateway: SocketAddr, token: &str) -> io::Result<Left> {
        let mut socket = TcpStream::connect(gateway)?;
        socket.set_nodelay(true)?;
        let end = Instant::now() + self.stay;
        match self.phase {
            Phase::Upload => self.upload(&mut socket, token, end)?,
            Phase::Sending => {
                let bytes = self.chat(token);
                let most = (self.stay.as_micros() as usize) % (bytes.len() - 1);
                socket.write_all(bytes.get(..most).unwrap_or_default())?;
                read_until(&mut socket, end)?;
            }
            Phase::SlowReader => {
                SockRef::from(&socket).set_recv_buffer_size(32 << 10)?;
                socket.write_all(&self.chat(token))?;
                read_slowly_until(&mut socket, end)?;
            }
            _ => {
                socket.write_all(&self.chat(token))?;
                read_until(&mut socket, end)?;
            }
        }
        if self.resets {
            SockRef::from(&socket).set_linger(Some(Duration::ZERO))?;
        }
        let at_us = now_us();
        drop(socket);
        Ok(Left {
            departure: self,
            at_us,
        })
    }

    fn upload(&self, socket: &mut TcpStream, token: &str, end: Instant) -> io::Result<()> {
        let head = format!(
            "POST /v1/files HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\nx-nenya-provider: openai-chat\r\n\
             content-type: multipart/form-data; boundary=b0\r\ncontent-length: {UPLOAD}\r\n\r\n\
             --b0\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\n{}\r\n\
             --b0\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n",
            self.mark()
        );
        socket.write_all(head.as_bytes())?;
        let piece: Vec<u8> = (0..=255).cycle().take(16 << 10).collect();
        while Instant::now() < end {
            socket.write_all(&piece)?;
            std::thread::park_timeout(Duration::from_millis(1));
        }
        Ok(())
    }

    fn mark(&self) -> String {
        format!("departure-{}.", self.number)
    }

    fn model(&self) -> String {
        let (label, ..) = picked(&FORMATS, self.upstream as u64);
        let kind = match (self.phase, self.stream) {
            (Phase::Stream, _) => "stream",
            (Phase::SlowUpstream, _) => "trickle",
            (Phase::SlowReader, _) => "large",
            (Phase::Fallback, true) => "second-stream",
            (Phase::Fallback, false) => "second-wait",
            _ => "wait",
        };
        format!("{kind}-{label}")
    }

    fn chat(&self, token: &str) -> Vec<u8> {
        let (path, body) = self.asked();
        let body = body.to_string();
        format!(
            "POST {path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\nanthropic-version: 2023-06-01\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into()
    }

    /// Path and body in the client's format.
    fn asked(&self) -> (String, Value) {
        let (model, stream, text) = (self.model(), self.stream, self.mark());
        let messages = json!([{"role": "user", "content": text}]);
        let parts = json!([{"role": "user", "parts": [{"text": text}]}]);
        let blocks = json!([{"role": "user", "content": [{"text": text}]}]);
        let method = |whole: &'static str, streamed| if stream { streamed } else { whole };
        match self.client() {
            "openai-responses" => (
                "/v1/responses".to_owned(),
                json!({"model": model, "stream": stream, "input": text, "max_output_tokens": 256}),
            ),
            "anthropic" => (
                "/v1/messages".to_owned(),
                json!({"model": model, "stream": stream, "messages": messages, "max_tokens": 256}),
            ),
            "gemini" => {
                let method = method("generateContent", "streamGenerateContent?alt=sse");
                (
                    format!("/v1beta/models/{model}:{method}"),
                    json!({"contents": parts, "generationConfig": {"maxOutputTokens": 256}}),
                )
            }
            "cohere" => (
                "/v2/chat".to_owned(),
                json!({"model": model, "stream": stream, "messages": messages, "max_tokens": 256}),
            ),
            "bedrock-converse" => {
                let method = method("converse", "converse-stream");
                (
                    format!("/model/{model}/{method}"),
                    json!({"messages": blocks, "inferenceConfig": {"maxTokens": 256}}),
                )
            }
            "ollama" => (
                "/api/chat".to_owned(),
                json!({"model": model, "stream": stream, "messages": messages, "options": {"num_predict": 256}}),
            ),
            _ => (
                "/v1/chat/completions".to_owned(),
                json!({"model": model, "stream": stream, "messages": messages, "max_completion_tokens": 256}),
            ),
        }
    }
}

impl Left {
    /// Reads what the dummy tells at `/_marked`.
    pub(crate) fn seen(&self, told: &Value) -> Seen {
        let Some(fate) = told.get(self.departure.number.to_string()) else {
            return Seen::Nothing;
        };
        let number = |name: &str| fate.get(name).and_then(Value::as_u64).unwrap_or_default();
        let (began, ended, left) = (number("began"), number("ended"), number("left"));
        match (began - ended - left, left) {
            (0, 0) => Seen::Answered,
            (0, _) => Seen::Close(number("left_at_us") as i64 - self.at_us as i64),
            _ => Seen::StillOpen,
        }
    }
}

/// The names of all formats.
pub(crate) fn formats() -> impl Iterator<Item = &'static str> {
    FORMATS.into_iter().map(|(label, ..)| label)
}

/// Has clients leave, so many at a time.
pub(crate) fn leave_all(
    numbers: std::ops::Range<u64>,
    at_once: usize,
    gateway: SocketAddr,
    token: &str,
) -> (Vec<Left>, Vec<String>) {
    let next = AtomicU64::new(numbers.start);
    let (left, failed) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= numbers.end {
                        return;
                    }
                    let departure = Departure::new(number);
                    let described = format!("{departure:?}");
                    match departure.leave(gateway, token) {
                        Ok(one) => push(&left, one),
                        Err(error) => push(&failed, format!("{described}: {error}")),
                    }
                }
            });
        }
    });
    (
        left.into_inner().unwrap_or_default(),
        failed.into_inner().unwrap_or_default(),
    )
}

fn push<T>(list: &Mutex<Vec<T>>, one: T) {
    if let Ok(mut list) = list.lock() {
        list.push(one);
    }
}

/// A provider for each format, in front of the dummy.
pub(crate) fn providers(dummy: SocketAddr) -> Value {
    let providers = FORMATS.map(|(label, path, auth)| {
        let provider = json!({
            "url": format!("http://{dummy}{path}"),
            "api_format": label,
            "auth_style": auth,
            "danger_allow_private_addresses": true,
            // First targets fail on purpose.
            "breaker": {"failures": 1000},
        });
        (label.to_owned(), provider)
    });
    providers.into_iter().collect::<Map<String, Value>>().into()
}

/// The keys that those are called with.
pub(crate) fn provider_keys() -> Value {
    let keys = FORMATS.map(|(label, ..)| (label.to_owned(), json!("sk-dummy-0123456789abcdef")));
    keys.into_iter().collect::<Map<String, Value>>().into()
}

/// The agents that the departures ask for.
pub(crate) fn agents() -> Value {
    let mut agents = Map::new();
    for (at, (label, ..)) in FORMATS.into_iter().enumerate() {
        let (other, ..) = picked(&FORMATS, at as u64 + 3);
        let fails = json!({"provider": other, "model": "status-500"});
        for (kind, model) in BEHAVIOURS {
            let target = json!({"provider": label, "model": model});
            let second = json!({"strategy": "fallback", "models": [fails, target]});
            agents.insert(format!("second-{kind}-{label}"), second);
            let first = json!({"strategy": "fallback", "models": [target]});
            agents.insert(format!("{kind}-{label}"), first);
        }
    }
    agents.into()
}

fn picked<T>(list: &[T; 7], number: u64) -> &T {
    let [first, ..] = list;
    list.get(place(number)).unwrap_or(first)
}

fn place(number: u64) -> usize {
    usize::try_from(number % 7).unwrap_or(0)
}

/// A number that looks like chance.
///
/// # Source
/// SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

fn now_us() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| now.as_micros() as u64)
}

/// Reads what comes until `end`.
fn read_until(socket: &mut TcpStream, end: Instant) -> io::Result<()> {
    let (mut piece, mut first) = (vec![0; 16 << 10], true);
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() || !read(socket, &mut piece, left, &mut first)? {
            return Ok(());
        }
    }
}

fn read_slowly_until(socket: &mut TcpStream, end: Instant) -> io::Result<()> {
    let (mut piece, mut first) = (vec![0; 4 << 10], true);
    while Instant::now() < end {
        let left = end.saturating_duration_since(Instant::now());
        if !read(socket, &mut piece, left.max(MOMENT), &mut first)? {
            return Ok(());
        }
        std::thread::park_timeout(MOMENT);
    }
    Ok(())
}

/// A read that waits no longer than zero would wait for ever.
const MOMENT: Duration = Duration::from_millis(1);

/// One read; false if nothing came in time.
fn read(
    socket: &mut TcpStream,
    piece: &mut [u8],
    wait: Duration,
    first: &mut bool,
) -> io::Result<bool> {
    socket.set_read_timeout(Some(wait.max(MOMENT)))?;
    let count = match socket.read(piece) {
        Ok(count) => count,
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            return Ok(false);
        }
        Err(error) => return Err(error),
    };
    let came = piece.get(..count).unwrap_or_default();
    if count == 0 || (std::mem::take(first) && !came.starts_with(b"HTTP/1.1 200")) {
        let said = String::from_utf8_lossy(came);
        return Err(io::Error::other(format!("the gateway said `{said}`")));
    }
    Ok(true)
}
