//! A provider of few lines: answers every chat request in the one way it was told.

use std::cell::Cell;
use std::rc::Rc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// The one way in which a fake provider answers.
#[derive(Clone, Copy, Debug)]
pub enum Reply {
    /// A whole reply.
    Chat,
    /// An error status with an error object whose code is given.
    Error(u16, &'static str),
    /// 429 with `Retry-After` in seconds.
    Limited(u32),
    /// A stream of one event and `[DONE]`.
    Stream,
    /// A stream that is cut off after its first event.
    CutStream,
    /// Nothing at all, ever.
    Silence,
}

/// A listener on 127.0.0.1, served on the test's own thread.
pub struct Fake {
    port: u16,
    seen: Rc<Seen>,
}

#[derive(Default)]
struct Seen {
    calls: Cell<u32>,
    called: Notify,
    left: Notify,
}

impl Fake {
    pub async fn that(reply: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Rc::new(Seen::default());
        let for_task = Rc::clone(&seen);
        actix_rt::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                actix_rt::spawn(serve(socket, reply, Rc::clone(&for_task)));
            }
        });
        Self { port, seen }
    }

    /// A port on which nobody listens any more.
    pub async fn gone() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Rc::default();
        Self { port, seen }
    }

    pub fn chat_url(&self) -> String {
        format!("http://127.0.0.1:{}/v1/chat/completions", self.port)
    }

    /// How many requests arrived.
    pub fn calls(&self) -> u32 {
        self.seen.calls.get()
    }

    /// Waits for the next request.
    pub async fn called(&self) {
        self.seen.called.notified().await;
    }

    /// Waits until a caller closed its connection.
    pub async fn left(&self) {
        self.seen.left.notified().await;
    }
}

async fn serve(mut socket: TcpStream, reply: Reply, seen: Rc<Seen>) {
    while read_request(&mut socket).await.is_some() {
        seen.calls.set(seen.calls.get() + 1);
        seen.called.notify_one();
        let (text, goes_on) = written(reply);
        if socket.write_all(text.as_bytes()).await.is_err() || !goes_on {
            break;
        }
    }
    seen.left.notify_one();
}

/// One request with its body; `None` once the caller has gone.
async fn read_request(socket: &mut TcpStream) -> Option<()> {
    let mut bytes = Vec::new();
    loop {
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            return Some(());
        }
    }
}

const CHAT: &str = r#"{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}"#;

const EVENT: &str = "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}\n\n";

/// The bytes of a reply, and whether the connection goes on after them.
fn written(reply: Reply) -> (String, bool) {
    match reply {
        Reply::Chat => (whole(200, "", CHAT), true),
        Reply::Error(status, code) => {
            let body = format!(r#"{{"error":{{"message":"no","type":"x","code":"{code}"}}}}"#);
            (whole(status, "", &body), true)
        }
        Reply::Limited(seconds) => {
            let header = format!("retry-after: {seconds}\r\n");
            (
                whole(429, &header, r#"{"error":{"message":"slow down"}}"#),
                true,
            )
        }
        Reply::Stream => {
            let events = format!("{EVENT}data: [DONE]\n\n");
            (format!("{}0\r\n\r\n", streamed(&events)), true)
        }
        Reply::CutStream => (streamed(EVENT), false),
        Reply::Silence => (String::new(), true),
    }
}

fn whole(status: u16, header: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{header}content-length: {length}\r\n\r\n{body}"
    )
}

/// The head of a chunked stream and one chunk.
fn streamed(events: &str) -> String {
    let length = events.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{events}\r\n"
    )
}
