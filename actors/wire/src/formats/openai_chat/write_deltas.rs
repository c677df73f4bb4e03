//! The deltas of a stream's events, as bytes.
//!
//! Owns their spelling. Which event they stand in is the stream writer's.

use std::borrow::Cow;

use super::failure;
use super::node::member;
use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::out::Out;
use crate::canonical::parts::Citation;
use crate::canonical::text::Text;

/// The element of `reasoning_details` that brings a seal of another format.
pub(super) struct SealedDetail<'d> {
    pub(super) index: u64,
    pub(super) redacted: bool,
    pub(super) id: Option<&'d Text<'static>>,
}

impl SealedDetail<'_> {
    pub(super) fn write(&self, out: &mut Out, value: &Text<'_>) {
        let (kind, member) = match self.redacted {
            true => ("reasoning.encrypted", "data"),
            false => ("reasoning.text", "signature"),
        };
        out.open().key("type").plain(kind).key(member).text(value);
        out.maybe_text("id", self.id);
        out.key("index").number(self.index).close();
    }
}

pub(super) fn is_annotation(citation: &Citation<'_>) -> bool {
    let kind = citation
        .origin
        .and_then(|origin| member(origin, "url_citation"));
    kind.is_some()
}

pub(super) fn push_number(out: &mut Vec<u8>, number: u64) {
    match u8::try_from(number) {
        Ok(digit) if digit < 10 => out.push(b'0' + digit),
        _ => out.extend_from_slice(number.to_string().as_bytes()),
    }
}

pub(super) fn push_text(out: &mut Vec<u8>, key: &[u8], text: &Text<'_>) {
    out.extend_from_slice(key);
    out.push(b'"');
    text.write_inside(out);
    out.push(b'"');
}

pub(super) fn thought(out: &mut Vec<u8>, index: u64, parted: bool, text: &Text<'_>) {
    let key: &[u8] = match parted {
        true => b"\"reasoning_content\":\"\\n\\n",
        false => b"\"reasoning_content\":\"",
    };
    out.extend_from_slice(key);
    text.write_inside(out);
    let details = b"\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":";
    push_text(out, details, text);
    out.extend_from_slice(b",\"index\":");
    push_number(out, index);
    out.extend_from_slice(b"}]");
}

pub(super) fn call_head(
    out: &mut Out,
    index: u64,
    id: Option<&Text<'_>>,
    name: &Text<'_>,
    custom: bool,
) {
    let (kind, input) = match custom {
        true => ("custom", "input"),
        false => ("function", "arguments"),
    };
    out.key("tool_calls").open_list().open();
    out.key("index").number(index);
    out.maybe_text("id", id);
    out.key("type").plain(kind).key(kind).open();
    out.key("name").text(name).key(input).plain("");
    out.close().close().close_list();
}

pub(super) fn call_piece(out: &mut Vec<u8>, index: u64, custom: bool, text: &Text<'_>) {
    out.extend_from_slice(b"\"tool_calls\":[{\"index\":");
    push_number(out, index);
    let key: &[u8] = match custom {
        true => b",\"custom\":{\"input\":",
        false => b",\"function\":{\"arguments\":",
    };
    push_text(out, key, text);
    out.extend_from_slice(b"}}]");
}

pub(super) fn image(out: &mut Out, url: &Text<'_>) {
    out.key("images").open_list().open();
    out.key("type").plain("image_url");
    out.key("image_url").open().key("url").text(url);
    out.close().close().close_list();
}

pub(super) fn characters(text: &Text<'_>) -> u64 {
    let count = match text {
        Text::Spelt(Cow::Borrowed(spelt)) if !spelt.contains('\\') => spelt.chars().count(),
        other => other.decoded().chars().count(),
    };
    count as u64
}

pub(super) fn broken(out: &mut Vec<u8>) {
    let mut failure = Failure::new(FailureKind::Failed, "The provider broke its answer off.");
    failure.code = Some(Cow::Borrowed("upstream_malformed"));
    error_event(&failure, out);
}

pub(super) fn error_event(failure: &Failure<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"data: ");
    let mut event = Out::onto(std::mem::take(out));
    failure::body(&mut event, failure);
    event.line(b"\n\n");
    *out = event.into_bytes();
}
