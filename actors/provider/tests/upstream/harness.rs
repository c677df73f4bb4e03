//! A peer that does what a script says, and a client in front of it.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use futures_util::StreamExt;
use nenya_provider::{
    Answer, CompleteChat, ProviderError, ProviderKind, ProviderSpec, ReplyStream, Upstream,
    tls_config,
};
use redactor::Redacted;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use wire::ChatRequest;

use crate::proofs::{self, Keys};

pub(crate) const NAME: &str = "p";
pub(crate) const KEY: &str = "sk-key-of-the-provider-0123456789";
pub(crate) const REPLY: &str = r#"{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"hi"}}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}"#;
pub(crate) const EVENT: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\n\n";
pub(crate) const DONE: &str = "data: [DONE]\n\n";
/// What no test should ever take.
pub(crate) const LONG: Duration = Duration::from_secs(20);
/// What a test waits for a silence that must be noticed.
pub(crate) const SHORT: Duration = Duration::from_millis(120);

/// Runs one test on a worker's kind of thread, and not for ever.
pub(crate) fn run(test: impl Future<Output = ()>) {
    actix_rt::System::new().block_on(async {
        tokio::time::timeout(LONG, test)
            .await
            .expect("the test hangs");
    });
}

#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// One connection as the script sees it.
pub(crate) struct Conn {
    pub(crate) socket: TcpStream,
    pending: Vec<u8>,
    log: Rc<RefCell<Vec<Request>>>,
    closed: Rc<Cell<usize>>,
}

impl Conn {
    /// The head of the next request; `None` once the client closed.
    pub(crate) async fn head(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self
                .pending
                .windows(4)
                .position(|bytes| bytes == b"\r\n\r\n")
            {
                let head: Vec<u8> = self.pending.drain(..end + 4).collect();
                return Some(String::from_utf8(head).unwrap());
            }
            if self.socket.read_buf(&mut self.pending).await.unwrap_or(0) == 0 {
                return None;
            }
        }
    }

    pub(crate) async fn request(&mut self) -> Option<Request> {
        let head = self.head().await?;
        let mut request = Request {
            head,
            body: Vec::new(),
        };
        let length = request
            .header("content-length")
            .map_or(0, |text| text.parse().unwrap());
        while self.pending.len() < length {
            if self.socket.read_buf(&mut self.pending).await.unwrap_or(0) == 0 {
                return None;
            }
        }
        request.body = self.pending.drain(..length).collect();
        self.log.borrow_mut().push(request.clone());
        Some(request)
    }

    pub(crate) async fn send(&mut self, text: impl AsRef<[u8]>) {
        // The client may be gone, which is what some tests want.
        self.socket.write_all(text.as_ref()).await.ok();
    }

    /// Reads until these bytes have come, and forgets all of it.
    pub(crate) async fn until_sent(&mut self, end: &[u8]) {
        while !self.pending.ends_with(end) {
            if self.socket.read_buf(&mut self.pending).await.unwrap_or(0) == 0 {
                return;
            }
        }
        self.pending.clear();
    }

    /// Waits for the client to close.
    pub(crate) async fn until_closed(&mut self) {
        while self.socket.read_buf(&mut self.pending).await.unwrap_or(0) > 0 {}
        self.closed.set(self.closed.get() + 1);
    }

    /// The client closed, as seen by a script of its own.
    pub(crate) fn closed_now(&self) {
        self.closed.set(self.closed.get() + 1);
    }

    /// Answers every request with the same bytes, for as long as the client stays.
    pub(crate) async fn answer_all(&mut self, text: &str) {
        while self.request().await.is_some() {
            self.send(text).await;
        }
    }
}

pub(crate) struct Peer {
    pub(crate) port: u16,
    pub(crate) accepted: Rc<Cell<usize>>,
    /// Connections that the client closed, as far as their scripts looked.
    pub(crate) closed: Rc<Cell<usize>>,
    /// Connections whose script is done, and which are closed for that.
    pub(crate) ended: Rc<Cell<usize>>,
    log: Rc<RefCell<Vec<Request>>>,
}

impl Peer {
    /// Listens, and runs the script for each connection.
    pub(crate) fn new<F: Future<Output = ()> + 'static>(
        script: impl Fn(Conn) -> F + 'static,
    ) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let peer = Self {
            port,
            accepted: Rc::default(),
            closed: Rc::default(),
            ended: Rc::default(),
            log: Rc::default(),
        };
        let (accepted, closed, log) =
            (peer.accepted.clone(), peer.closed.clone(), peer.log.clone());
        let ended = peer.ended.clone();
        let listener = TcpListener::from_std(listener).unwrap();
        actix_rt::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                accepted.set(accepted.get() + 1);
                let (log, closed, ended) = (log.clone(), closed.clone(), ended.clone());
                let pending = Vec::new();
                let script = script(Conn {
                    socket,
                    pending,
                    log,
                    closed,
                });
                actix_rt::spawn(async move {
                    script.await;
                    ended.set(ended.get() + 1);
                });
            }
        });
        peer
    }

    /// Answers the first request of each connection with these bytes and closes.
    pub(crate) fn answers_once(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::new(move |mut conn| {
            let text = text.clone();
            async move {
                conn.request().await;
                conn.send(text).await;
            }
        })
    }

    /// Answers every request with these bytes and keeps the connection.
    pub(crate) fn answers(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::new(move |mut conn| {
            let text = text.clone();
            async move { conn.answer_all(&text).await }
        })
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.log.borrow().clone()
    }

    pub(crate) fn spec(&self) -> ProviderSpec {
        let url = format!("http://127.0.0.1:{}/v1/chat/completions", self.port);
        let mut spec = ProviderSpec::new(NAME, ProviderKind::Http, url.parse().unwrap());
        spec.danger_allow_private_addresses = true;
        spec
    }

    pub(crate) fn upstream(&self) -> Upstream {
        self.upstream_with(|_| ())
    }

    pub(crate) fn upstream_with(&self, change: impl FnOnce(&mut ProviderSpec)) -> Upstream {
        let mut spec = self.spec();
        change(&mut spec);
        upstream_of(spec)
    }
}

pub(crate) fn upstream_of(spec: ProviderSpec) -> Upstream {
    upstream_with_keys(spec, Keys::with(NAME, KEY))
}

pub(crate) fn upstream_with_keys(spec: ProviderSpec, keys: Keys) -> Upstream {
    let tls = tls_config(&spec).unwrap();
    Upstream::new(Arc::new(spec), Arc::new(keys), tls, runtime::Aside::new(1))
}

/// Waits until something has happened on this thread, looking every millisecond.
pub(crate) async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

pub(crate) fn with_length(status: &str, content_type: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

pub(crate) fn json(body: &str) -> String {
    with_length("200 OK", "application/json", body)
}

pub(crate) const STREAM_HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n";
pub(crate) const LAST_CHUNK: &str = "0\r\n\r\n";

pub(crate) fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

pub(crate) fn stream(text: &str) -> String {
    format!("{STREAM_HEAD}{}{LAST_CHUNK}", chunk(text))
}

pub(crate) async fn ask(upstream: &Upstream) -> Result<Answer, ProviderError> {
    ask_with(
        upstream,
        r#"{"model":"m","messages":[{"role":"user","content":"hello"}]}"#,
    )
    .await
}

pub(crate) async fn ask_streamed(upstream: &Upstream) -> Result<ReplyStream, ProviderError> {
    let body = r#"{"model":"m","stream":true,"messages":[{"role":"user","content":"hello"}]}"#;
    match ask_with(upstream, body).await? {
        Answer::Stream { stream, .. } => Ok(stream),
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn ask_with(upstream: &Upstream, body: &str) -> Result<Answer, ProviderError> {
    send(upstream, &proofs::redacted_chat(body).await).await
}

pub(crate) async fn send(
    upstream: &Upstream,
    prompt: &Redacted<ChatRequest>,
) -> Result<Answer, ProviderError> {
    let call = CompleteChat {
        prompt,
        model: "upstream-model",
        request_id: "req-1",
        trace: &[],
        api_headers: &[],
        max_output: None,
        effort: None,
        strict: false,
        ties: &nenya_provider::Ties::default(),
    };
    upstream.complete_chat(call).await
}

pub(crate) fn whole_body(answer: Answer) -> Bytes {
    match answer {
        Answer::Whole { body, .. } => body,
        other => panic!("{other:?}"),
    }
}

/// All bytes of a stream, and how it ended.
pub(crate) async fn drain(
    stream: &mut (impl futures_util::Stream<Item = Result<Bytes, ProviderError>> + Unpin),
) -> (String, Result<(), ProviderError>) {
    let mut seen = Vec::new();
    while let Some(item) = stream.next().await {
        match item {
            Ok(chunk) => seen.extend_from_slice(&chunk),
            Err(error) => return (String::from_utf8(seen).unwrap(), Err(error)),
        }
    }
    (String::from_utf8(seen).unwrap(), Ok(()))
}
