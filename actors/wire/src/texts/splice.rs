//! Replacing texts: every byte outside of what changed stays as it was.
//!
//! Owns the spelling of a changed string. What it has in common with the old one at its beginning
//! and its end keeps the old spelling, so that half of a surrogate pair, which has no other
//! spelling, survives beside a change.

use std::ops::Range;

use bytes::Bytes;

use super::TextSpan;
use crate::escape;

/// What a visitor may do: nothing, give a replacement, or stop everything.
pub(crate) type Visitor<'v, E> = dyn FnMut(&str) -> Result<Option<String>, E> + 'v;

/// A text that is to be replaced.
#[derive(Debug)]
pub(crate) struct Edit {
    /// Which of the spans.
    pub(crate) number: usize,
    /// Its place in the old body.
    pub(crate) at: Range<usize>,
    /// The new spelling, escaped.
    pub(crate) spelling: Vec<u8>,
    /// Decoded lengths before and after.
    pub(crate) lengths: (usize, usize),
}

impl Edit {
    fn new(body: &[u8], number: usize, span: &TextSpan, new: &str) -> Option<Self> {
        let raw = span.raw(body);
        let old = escape::decode_text(raw, span.escaped);
        (old != new).then(|| Self {
            number,
            at: span.start..span.end,
            spelling: respell(raw, &old, new),
            lengths: (old.len(), new.len()),
        })
    }
}

/// Asks the visitor about each text.
pub(crate) fn collect_edits<E>(
    body: &[u8],
    spans: &[TextSpan],
    visit: &mut Visitor<'_, E>,
) -> Result<Vec<Edit>, E> {
    let mut edits = Vec::new();
    for (number, span) in spans.iter().enumerate() {
        let text = escape::decode_text(span.raw(body), span.escaped);
        if let Some(replacement) = visit(&text)? {
            edits.extend(Edit::new(body, number, span, &replacement));
        }
    }
    Ok(edits)
}

/// The edits for replacements by number of the text, in any order; of two for one text the later
/// one counts, and a number that no text has is passed over.
pub(crate) fn chosen_edits<S: AsRef<str>>(
    body: &[u8],
    spans: &[TextSpan],
    replacements: &[(usize, S)],
) -> Vec<Edit> {
    let mut order: Vec<_> = replacements.iter().collect();
    order.sort_by_key(|(number, _)| *number);
    let mut edits: Vec<Edit> = Vec::with_capacity(order.len());
    for (number, new) in order {
        edits.pop_if(|last| last.number == *number);
        let span = spans.get(*number);
        edits.extend(span.and_then(|span| Edit::new(body, *number, span, new.as_ref())));
    }
    edits
}

/// The body with the edits in place; every byte outside of them is as it was.
pub(crate) fn splice(body: &[u8], edits: &[Edit]) -> Bytes {
    let grown: usize = edits.iter().map(|edit| edit.spelling.len()).sum();
    let mut out = Vec::with_capacity(body.len() + grown);
    let mut copied = 0;
    for edit in edits {
        out.extend_from_slice(body.get(copied..edit.at.start).unwrap_or_default());
        out.extend_from_slice(&edit.spelling);
        copied = edit.at.end;
    }
    out.extend_from_slice(body.get(copied..).unwrap_or_default());
    Bytes::from(out)
}

/// The spelling of `new` in place of `raw`, which says `old`.
fn respell(raw: &str, old: &str, new: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(new.len() + 8);
    if raw.len() == old.len() {
        escape::escape_json(new, &mut out);
        return out;
    }
    let (head, tail) = common_ends(old, new);
    let kept = |range: Range<usize>| {
        let from = escape::raw_offset(raw, range.start);
        raw.get(from..escape::raw_offset(raw, range.end))
            .unwrap_or_default()
            .as_bytes()
    };
    out.extend_from_slice(kept(0..head));
    escape::escape_json(
        new.get(head..new.len() - tail).unwrap_or_default(),
        &mut out,
    );
    out.extend_from_slice(kept(old.len() - tail..old.len()));
    out
}

/// How many bytes two texts have in common at the beginning and at the end, in whole characters
/// and without counting a byte twice.
fn common_ends(old: &str, new: &str) -> (usize, usize) {
    let same = |(old, new): &(u8, u8)| old == new;
    let mut head = old.bytes().zip(new.bytes()).take_while(same).count();
    while !(old.is_char_boundary(head) && new.is_char_boundary(head)) {
        head -= 1;
    }
    let (rest_old, rest_new) = (old.bytes().skip(head), new.bytes().skip(head));
    let mut tail = rest_old.rev().zip(rest_new.rev()).take_while(same).count();
    while !old.is_char_boundary(old.len() - tail) {
        tail -= 1;
    }
    (head, tail)
}
