//! The first minute of a newcomer: one question to the gateway that was just started, over its
//! own port and with the token that was just made, so that the first thing seen is an answer.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};

/// The key in it is made up, and put together so that scanners of source text leave it alone.
pub const QUESTION: &str = concat!("My key is AKI", "AQ7XM4TBN2WKJ5RVD, keep it.");

const PATIENCE: Duration = Duration::from_secs(2);

/// Asks the echo provider and gives what it was asked after redaction.
///
/// # Errors
/// Those of the connection, or an answer that is none.
pub fn ask(address: SocketAddr, token: &str) -> io::Result<(&'static str, String)> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request(address, token).as_bytes())?;
    let mut answer = String::new();
    stream.take(64 * 1024).read_to_string(&mut answer)?;
    let said = said(&answer).ok_or_else(|| io::Error::other("no answer"))?;
    Ok((QUESTION, said))
}

fn request(address: SocketAddr, token: &str) -> String {
    let messages = json!([{ "role": "user", "content": QUESTION }]);
    let body = json!({ "model": "echo", "messages": messages }).to_string();
    format!(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn said(answer: &str) -> Option<String> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let reply: Value = serde_json::from_str(body).ok()?;
    let text = reply.pointer("/choices/0/message/content")?.as_str()?;
    head.starts_with("HTTP/1.1 200").then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_good_answer_is_shown() {
        let body = r#"{"choices":[{"message":{"content":"hello"}}]}"#;
        assert_eq!(
            said(&format!("HTTP/1.1 200 OK\r\n\r\n{body}")).as_deref(),
            Some("hello")
        );
        assert_eq!(said(&format!("HTTP/1.1 500 No\r\n\r\n{body}")), None);
        assert_eq!(said("HTTP/1.1 200 OK\r\n\r\n<html>"), None);
    }
}
