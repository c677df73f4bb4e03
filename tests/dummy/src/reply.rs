//! The bytes of HTTP answers: heads, bodies with their length, chunks. Pure.

pub(crate) const JSON: &str = "application/json";
pub(crate) const EVENTS: &str = "text/event-stream; charset=utf-8";

/// How the client learns where a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    Length(usize),
    Chunked,
    Close,
}

/// A response head with its blank line; `extra` is whole lines.
pub(crate) fn head(status: u16, content_type: &str, framing: Framing, extra: &str) -> Vec<u8> {
    let framing = match framing {
        Framing::Length(length) => format!("content-length: {length}\r\n"),
        Framing::Chunked => "transfer-encoding: chunked\r\n".to_owned(),
        Framing::Close => "connection: close\r\n".to_owned(),
    };
    format!(
        "HTTP/1.1 {status} {}\r\ncontent-type: {content_type}\r\n{framing}{extra}\r\n",
        reason(status)
    )
    .into_bytes()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        413 => "Content Too Large",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "As Asked",
    }
}

/// A whole answer: head and body with its length.
pub(crate) fn whole(status: u16, content_type: &str, body: &[u8], extra: &str) -> Vec<u8> {
    let mut bytes = head(status, content_type, Framing::Length(body.len()), extra);
    bytes.extend_from_slice(body);
    bytes
}

/// One chunk of a chunked body.
pub(crate) fn chunk(data: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{:x}\r\n", data.len()).into_bytes();
    bytes.extend_from_slice(data);
    bytes.extend_from_slice(b"\r\n");
    bytes
}

/// The end of a chunked body.
pub(crate) const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_answer_states_its_length() {
        assert_eq!(
            whole(404, "text/plain", b"abc", "x: y\r\n"),
            b"HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: 3\r\nx: y\r\n\r\nabc"
        );
    }

    #[test]
    fn chunks_state_their_length() {
        assert_eq!(chunk(b"data: {}\n\n"), b"a\r\ndata: {}\n\n\r\n");
    }
}
