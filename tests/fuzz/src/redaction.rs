//! A redactor with all kinds of rules, and texts through it, whole and in pieces.

use std::pin::pin;
use std::sync::OnceLock;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use redactor::{
    Action, ActionRow, Blocked, Class, EntropyLimits, Passed, Preset, RedactError, RedactionConfig,
    RedactorHandle, ReplyRedactor, RuleSet, Who,
};
use wire::{ChatRequest, JsonLimits};

const SOMEBODY: Who<'static> = Who {
    key_id: "somebody",
    agent: None,
};

/// One with all built-in rules, or one with patterns of an operator.
pub fn redactor(patterns: bool) -> &'static RedactorHandle {
    static REDACTORS: [OnceLock<RedactorHandle>; 2] = [OnceLock::new(), OnceLock::new()];
    REDACTORS[usize::from(patterns)].get_or_init(|| {
        let own = [
            r"(?i)project[ -]?[a-z]{4,12}\b",
            r"ticket-\d{3,}(?:/[a-z]+)*",
        ];
        let config = RedactionConfig {
            presets: vec![Preset::Credentials, Preset::Pii],
            patterns: patterns.then(|| own.map(str::to_owned).into()),
            entropy: Some(EntropyLimits {
                threshold: 4.5,
                min_token: 20,
            }),
            blocked: Blocked::BuiltIn,
            // So that texts can be compared to their ends.
            actions: vec![ActionRow {
                rule: None,
                class: Some(Class::Kill),
                agent: None,
                direction: None,
                action: Action::Redact,
            }],
            replies: true,
            inline_limit: usize::MAX,
            ..RedactionConfig::default()
        };
        RedactorHandle::detached(RuleSet::compile(&config).expect("the rules compile"))
    })
}

/// What a future comes to that waits for nobody.
pub fn now<F: Future>(future: F) -> F::Output {
    let mut waiter = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut waiter) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("no body is too large for this thread"),
    }
}

/// What the reply to a request without secrets goes through.
pub fn reply(redactor: &RedactorHandle) -> ReplyRedactor {
    let body = Bytes::from_static(br#"{"model":"m","messages":[]}"#);
    let request = ChatRequest::parse(body, &JsonLimits::default()).expect("a request");
    let redacted = now(redactor.redact_chat(request, SOMEBODY)).expect("it passes");
    redacted.reply().expect("replies are looked at")
}

/// The same to a reader: each number says how the next letter is written.
pub fn odd(text: &str, how: &[u8]) -> String {
    let mut odd = String::with_capacity(text.len());
    let how = how.iter().copied().chain(std::iter::repeat(0));
    for (letter, how) in text.chars().zip(how) {
        let wide = char::from_u32(u32::from(letter) + 0xfee0);
        match (letter, how % 8) {
            (' ', 1) => odd.push('\u{a0}'),
            ('-', 1) => odd.push('\u{2011}'),
            ('!'..='~', 1) => odd.extend(wide),
            (_, 2) => odd.extend([letter, '\u{200b}']),
            (_, 3) => odd.extend([letter, '\u{ad}', '\u{feff}']),
            (_, 4) => odd.extend([letter, '\u{301}', '\u{e0041}']),
            ('a' | 'A', 5) => odd.push('\u{430}'),
            ('p' | 'P', 5) => odd.push('\u{420}'),
            ('A'..='Z', 6) => odd.extend(char::from_u32(u32::from(letter) - 0x41 + 0x1d400)),
            (_, 7) => odd.extend([letter, '\u{61c}', '\u{441}']),
            _ => odd.push(letter),
        }
    }
    odd
}

/// The pieces of a text: each number says how long the next one is.
pub fn parts<'t>(text: &'t str, cuts: &[u8]) -> Vec<&'t str> {
    let mut rest = text;
    let mut parts = Vec::new();
    for cut in cuts {
        let (part, more) = rest.split_at(rest.floor_char_boundary(usize::from(*cut)));
        parts.push(part);
        rest = more;
    }
    parts.push(rest);
    parts
}

/// A text as all of a reply, redacted.
pub fn whole(redactor: &RedactorHandle, text: &str) -> Result<String, RedactError> {
    let body = serde_json::json!({"choices": [{"message": {"content": text}}]}).to_string();
    let done = now(redactor.redact_reply(reply(redactor), Bytes::from(body)))?;
    let body: serde_json::Value = serde_json::from_slice(&done.into_body()).expect("it stays JSON");
    let text = body["choices"][0]["message"]["content"].as_str();
    Ok(text.expect("it stays text").to_owned())
}

/// The same text, byte for byte in pieces that may tear characters.
pub fn in_pieces(
    redactor: &RedactorHandle,
    text: &str,
    cuts: &[u8],
) -> Result<String, RedactError> {
    let mut reply = reply(redactor);
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    for cut in cuts.iter().map(|cut| usize::from(*cut)).chain([usize::MAX]) {
        let (part, more) = rest.split_at(cut.min(rest.len()));
        match reply.text(part) {
            Passed::All(bytes) => out.extend_from_slice(&bytes),
            Passed::UpTo(_, error) => return Err(error),
        }
        rest = more;
    }
    out.extend_from_slice(&reply.finish()?);
    Ok(String::from_utf8(out).expect("text stays text"))
}
