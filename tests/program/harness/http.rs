//! A client that sends bytes as it is told and reports exactly what came back.
//!
//! By hand, since an HTTP library would refuse to send half of what the tests need to send. Also
//! included by the system tests, which run in another process: hence nothing of the harness here.

use std::fmt;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;
use socket2::{Domain, Socket, Type};

/// Long enough for a slow machine; nothing waits for it when all is well.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// What a request came to if it was not answered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Failure {
    /// Nobody listens: the one thing that a restart may never cause.
    Refused,
    /// The connection ended before any byte of an answer.
    Unanswered,
    /// The answer broke off.
    BrokenOff,
    /// No answer in time.
    TimedOut,
    /// What came is not HTTP.
    Malformed(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str("connection refused"),
            Self::Unanswered => f.write_str("no answer"),
            Self::BrokenOff => f.write_str("the answer broke off"),
            Self::TimedOut => f.write_str("timed out"),
            Self::Malformed(what) => write!(f, "not HTTP: {what}"),
        }
    }
}

/// One whole answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// The status code.
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// Without chunk framing.
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The first value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; `Null` if it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// `error.code` of the body.
    pub(crate) fn error_code(&self) -> String {
        self.json()
            .pointer("/error/code")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }

    /// The text of a whole completion.
    pub(crate) fn content(&self) -> String {
        let json = self.json();
        json.pointer("/choices/0/message/content")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }
}

/// One request, as text and bytes.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    /// A request without a body.
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self {
            head: format!("{method} {path} HTTP/1.1\r\nhost: gateway.test\r\n"),
            body: Vec::new(),
        }
    }

    /// A chat request with a body of the caller's.
    pub(crate) fn chat(body: impl Into<Vec<u8>>) -> Self {
        Self::new("POST", "/v1/chat/completions")
            .header("content-type", "application/json")
            .body(body)
    }

    /// A chat request for a model, whole or streamed.
    pub(crate) fn to_model(model: &str, stream: bool) -> Self {
        let body = serde_json::json!({
            "model": model,
            "messages": [{"role": "user", "content": "hello there"}],
            "stream": stream,
        });
        Self::chat(body.to_string())
    }

    /// Adds a header line.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// Adds the client's key.
    pub(crate) fn key(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Sets the body and its length.
    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        let length = self.body.len();
        self.header("content-length", &length.to_string())
    }

    /// What goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.clone().into_bytes();
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Where to send requests, and from which address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client {
    server: SocketAddr,
    local: Option<IpAddr>,
}

impl Client {
    /// A client that comes from wherever the kernel chooses.
    pub(crate) fn new(server: SocketAddr) -> Self {
        Self {
            server,
            local: None,
        }
    }

    /// The same client from another address.
    pub(crate) fn coming_from(self, local: IpAddr) -> Self {
        Self {
            local: Some(local),
            ..self
        }
    }

    /// Opens a connection.
    pub(crate) fn connect(&self) -> Result<Connection, Failure> {
        let socket = Socket::new(Domain::for_address(self.server), Type::STREAM, None)
            .map_err(|e| failure(&e))?;
        if let Some(local) = self.local {
            socket
                .bind(&SocketAddr::new(local, 0).into())
                .map_err(|e| failure(&e))?;
        }
        socket
            .connect_timeout(&self.server.into(), PATIENCE)
            .map_err(|e| failure(&e))?;
        let stream = TcpStream::from(socket);
        let ready = stream
            .set_nodelay(true)
            .and_then(|()| stream.set_read_timeout(Some(PATIENCE)));
        ready.map_err(|e| failure(&e))?;
        Ok(Connection {
            reader: BufReader::new(stream),
            chunked: Body::Whole,
        })
    }

    /// One request on a connection of its own.
    pub(crate) fn send(&self, request: &Request) -> Result<Reply, Failure> {
        let mut connection = self.connect()?;
        connection.write(&request.bytes())?;
        connection.reply()
    }

    /// Sends bytes as they are and returns the first answer.
    pub(crate) fn send_raw(&self, bytes: &[u8]) -> Result<Reply, Failure> {
        let mut connection = self.connect()?;
        // The server may answer and close before it has read all: then the answer counts.
        let written = connection.write(bytes);
        connection
            .reply()
            .or_else(|failure| written.and(Err(failure)))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    Whole,
    Chunked,
    Ended,
}

/// An open connection.
#[derive(Debug)]
pub(crate) struct Connection {
    reader: BufReader<TcpStream>,
    chunked: Body,
}

impl Connection {
    /// Sends bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.reader
            .get_mut()
            .write_all(bytes)
            .map_err(|e| failure(&e))
    }

    /// The socket, for tests that half-close or reset it.
    pub(crate) fn socket(&self) -> &TcpStream {
        self.reader.get_ref()
    }

    /// Reads one whole answer.
    pub(crate) fn reply(&mut self) -> Result<Reply, Failure> {
        let mut reply = self.head()?;
        let has_body = !(reply.status < 200 || reply.status == 204 || reply.status == 304);
        let length = reply
            .header("content-length")
            .and_then(|length| length.parse::<usize>().ok());
        reply.body = match (self.chunked, length) {
            (Body::Chunked, _) => self.all_chunks()?,
            (_, Some(length)) if has_body => self.exactly(length)?,
            (_, None) if has_body => self.until_closed()?,
            _ => Vec::new(),
        };
        Ok(reply)
    }

    /// Reads a head and leaves the body on the connection.
    pub(crate) fn head(&mut self) -> Result<Reply, Failure> {
        let status_line = self.line()?.ok_or(Failure::Unanswered)?;
        let status = status_line
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| Failure::Malformed(status_line.clone()))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?.ok_or(Failure::BrokenOff)?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line
                .split_once(':')
                .ok_or_else(|| Failure::Malformed(line.clone()))?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let reply = Reply {
            status,
            headers,
            body: Vec::new(),
        };
        let chunked = reply
            .header("transfer-encoding")
            .is_some_and(|coding| coding.contains("chunked"));
        self.chunked = if chunked { Body::Chunked } else { Body::Whole };
        Ok(reply)
    }

    /// The data of the next event of a stream; `None` at the end of the body.
    pub(crate) fn event(&mut self) -> Result<Option<String>, Failure> {
        let mut event = String::new();
        loop {
            let Some(chunk) = self.chunk()? else {
                return if event.is_empty() {
                    Ok(None)
                } else {
                    Err(Failure::BrokenOff)
                };
            };
            event.push_str(&String::from_utf8_lossy(&chunk));
            if event.ends_with("\n\n") {
                return Ok(Some(event));
            }
        }
    }

    /// The next chunk of a chunked body; `None` at its end.
    pub(crate) fn chunk(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        if self.chunked == Body::Ended {
            return Ok(None);
        }
        let size = self.line()?.ok_or(Failure::BrokenOff)?;
        let size = usize::from_str_radix(&size, 16).map_err(|_| Failure::Malformed(size))?;
        let data = self.exactly(size)?;
        self.line()?.ok_or(Failure::BrokenOff)?;
        if size == 0 {
            self.chunked = Body::Ended;
            return Ok(None);
        }
        Ok(Some(data))
    }

    fn all_chunks(&mut self) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk()? {
            body.extend(chunk);
        }
        Ok(body)
    }

    /// So many bytes as they come.
    pub(crate) fn exactly(&mut self, length: usize) -> Result<Vec<u8>, Failure> {
        let mut body = vec![0; length];
        self.reader
            .read_exact(&mut body)
            .map_err(|error| broken(&error))?;
        Ok(body)
    }

    fn until_closed(&mut self) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        self.reader
            .read_to_end(&mut body)
            .map_err(|error| broken(&error))?;
        Ok(body)
    }

    /// One line without its end; `None` if the connection is at its end.
    fn line(&mut self) -> Result<Option<String>, Failure> {
        let mut line = Vec::new();
        self.reader
            .read_until(b'\n', &mut line)
            .map_err(|error| failure(&error))?;
        match line.strip_suffix(b"\n") {
            Some(line) => Ok(Some(
                String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned(),
            )),
            None if line.is_empty() => Ok(None),
            None => Err(Failure::BrokenOff),
        }
    }
}

fn failure(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Failure::Refused,
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Failure::TimedOut,
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::ConnectionAborted => Failure::Unanswered,
        other => Failure::Malformed(other.to_string()),
    }
}

fn broken(error: &io::Error) -> Failure {
    match failure(error) {
        Failure::TimedOut => Failure::TimedOut,
        _ => Failure::BrokenOff,
    }
}
