//! Text without a format, in pieces of bytes.

use bytes::Bytes;
use nenya_redactor::ReplyRedactor;

use super::support::{KEY, all, everything, redactor, reply};

pub(crate) fn pieces<'p>(
    reply: &mut ReplyRedactor,
    pieces: impl IntoIterator<Item = &'p [u8]>,
) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in pieces {
        out.extend_from_slice(&all(reply.text(piece)));
    }
    out.extend_from_slice(&reply.finish().unwrap());
    out
}

#[test]
fn text_is_redacted_wherever_it_is_cut() {
    let redactor = redactor(&everything());
    let text = |secret: &str| {
        [
            b"gr\xc3\xb6\xc3\x9fer \xf0\x9f\x98\x80 ",
            secret.as_bytes(),
            b"\xff ",
            secret.as_bytes(),
            b" \xe6\x97",
        ]
        .concat()
    };
    let (text, expected) = (text(KEY), text("[REDACTED]"));
    for first in 0..=text.len() {
        let (head, tail) = text.split_at(first);
        assert_eq!(
            pieces(&mut reply(&redactor), [head, tail]),
            expected,
            "{first}"
        );
    }
    let single = text.chunks(1);
    assert_eq!(pieces(&mut reply(&redactor), single), expected);
}

#[test]
fn a_torn_character_is_not_held_for_ever() {
    let redactor = redactor(&everything());
    let mut reply = reply(&redactor);
    assert_eq!(all(reply.text(b"; \xc3")), Bytes::from_static(b"; "));
    assert_eq!(
        all(reply.text(b"; \xf0\x9f\x98")),
        Bytes::from_static(b"\xc3; ")
    );
    assert_eq!(reply.finish().unwrap(), Bytes::from_static(b"\xf0\x9f\x98"));
}

#[test]
fn findings_in_it_have_a_place() {
    let redactor = redactor(&everything());
    let mut reply = reply(&redactor);
    pieces(&mut reply, [&KEY.as_bytes()[..9], &KEY.as_bytes()[9..]]);
    assert_eq!(reply.findings().places()[0].place, "body");
}
