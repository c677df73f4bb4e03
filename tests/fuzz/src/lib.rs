//! What the fuzz targets share: a peer that is read and written in pieces, and readers to compare
//! with. Each target owns one reader of outside bytes and says what must hold of it.
#![forbid(unsafe_code)]

pub mod formats;
mod peer;
pub mod redaction;

pub use peer::{Peer, Plan, drain, send};

use serde::de::IgnoredAny;

/// The bytes, cut as a [`Plan`] says; a piece may be empty.
pub fn pieces<'a>(mut bytes: &'a [u8], cuts: &[u8]) -> Vec<&'a [u8]> {
    let (mut plan, mut pieces) = (Plan::new(cuts), Vec::new());
    while !bytes.is_empty() {
        let (piece, rest) = bytes.split_at(plan.next().min(bytes.len()));
        pieces.push(piece);
        bytes = rest;
    }
    pieces
}

/// Whether serde_json takes the bytes for one whole document.
pub fn is_json(body: &[u8]) -> bool {
    // It skips strings without a look at their encoding, so that is asked first.
    let Ok(text) = std::str::from_utf8(body) else {
        return false;
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    serde::Deserialize::deserialize(&mut reader)
        .and_then(|IgnoredAny| reader.end())
        .is_ok()
}
