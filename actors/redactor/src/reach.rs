//! How far a finding reaches beyond what its pattern matched.
//!
//! Owns two shapes that no bounded pattern can describe: the body of a key in PEM armour, and the
//! mailbox before a domain. Both are looked at from the match outwards, each byte at most a few
//! times, so that a scan stays linear.

use std::ops::Range;

use memchr::memmem;

/// Longest block in PEM armour that is taken up to its end line.
///
/// An RSA key of 16,384 bit has 12.5 KiB in PEM; a PGP key block may be larger.
const LONGEST_BLOCK: usize = 64 * 1024;

/// Shortest run that counts as a line of a body without an end line.
const SHORTEST_BODY_LINE: usize = 24;

/// Longest local part of a mail address.
///
/// # Source
/// RFC 5321 section 4.5.3.1.1.
const LONGEST_LOCAL_PART: usize = 64;

const END: &[u8] = b"-----END";
const BEGIN: &[u8] = b"-----BEGIN";

/// The end of the armoured block whose first line ends at `body`.
///
/// Up to and with the end line; for a block that was cut off, as far as it looks like one.
pub(crate) fn armour_end(text: &[u8], body: usize) -> usize {
    let rest = text.get(body..).unwrap_or_default();
    let near = rest.get(..LONGEST_BLOCK).unwrap_or(rest);
    // The next armour bounds the search, so that blocks without an end cost no more than others.
    let next = memmem::find(near, BEGIN).unwrap_or(near.len());
    let own = near.get(..next).unwrap_or(near);
    match memmem::find(own, END) {
        Some(at) => body + at + end_line(rest.get(at..).unwrap_or_default()),
        None => body + body_len(own),
    }
}

/// Length of `-----END .. -----`.
fn end_line(line: &[u8]) -> usize {
    let label = line.get(END.len()..).unwrap_or_default();
    let label = label.get(..64).unwrap_or(label);
    memmem::find(label, b"-----").map_or(END.len(), |at| END.len() + at + 5)
}

/// Length of what looks like the lines of a body: long base64 runs, and a short line after them.
fn body_len(text: &[u8]) -> usize {
    let mut len = 0;
    loop {
        let start = len + gap_len(text.get(len..).unwrap_or_default());
        let end = start + run_len(text.get(start..).unwrap_or_default());
        let after = text.get(end..).unwrap_or_default();
        if end - start >= SHORTEST_BODY_LINE && ends_word(after) {
            len = end;
            continue;
        }
        let last_line = len > 0 && end > start && ends_line(after);
        return if last_line { end } else { len };
    }
}

/// Whether a run of base64 is a word of its own, and not the beginning of another kind of text: a
/// name with `_`, a token with `.` or `-` in it, a scheme.
fn ends_word(after: &[u8]) -> bool {
    match after {
        [b'_' | b':' | b'@' | b'%' | b'~', ..] => false,
        [b'.' | b'-', next, ..] => !next.is_ascii_alphanumeric(),
        _ => true,
    }
}

/// Whether a line ends here, or the quotes around a block do.
fn ends_line(after: &[u8]) -> bool {
    let blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
    let next = after.iter().find(|byte| !blank(byte));
    next.is_none_or(|byte| b"\r\n\\\"'`".contains(byte))
}

/// White space, and line breaks as escaped text spells them.
fn gap_len(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match (byte, text.get(at + 1)) {
            (b'\\', Some(b'n' | b'r')) => at += 2,
            (b' ' | b'\t' | b'\r' | b'\n' | b'\\', _) => at += 1,
            _ => break,
        }
    }
    at
}

fn run_len(text: &[u8]) -> usize {
    let body = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    text.iter().take_while(body).count()
}

/// The whole address whose `@` and domain were matched; `None` if nothing stands before the `@`.
///
/// What stands before `from` belongs to an earlier finding.
pub(crate) fn mailbox(text: &[u8], from: usize, found: Range<usize>) -> Option<Range<usize>> {
    let before = text.get(from..found.start)?;
    let local = |byte: &&u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(byte);
    let len = before
        .iter()
        .rev()
        .take(LONGEST_LOCAL_PART)
        .take_while(local)
        .count();
    let name = before.get(before.len() - len..)?;
    // Quotes and brackets in front belong to the text around it.
    let leading = name
        .iter()
        .take_while(|byte| !byte.is_ascii_alphanumeric() && **byte != b'_')
        .count();
    (leading < len).then_some(found.start - len + leading..found.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW";

    #[test]
    fn block_ends_with_its_end_line() {
        let text = format!("\n{LINE}\n-----END RSA PRIVATE KEY-----\nmore");
        assert_eq!(text.split_at(armour_end(text.as_bytes(), 0)).1, "\nmore");
    }

    #[test]
    fn block_without_end_goes_as_far_as_it_looks_like_one() {
        let text = format!("\n{LINE}\n{LINE}\nQyNTUx=\nThen some prose follows.");
        assert_eq!(
            text.split_at(armour_end(text.as_bytes(), 0)).1,
            "\nThen some prose follows."
        );
        let prose = " is the first line of a key file, as everybody knows";
        assert_eq!(armour_end(prose.as_bytes(), 0), 0);
    }

    #[test]
    fn block_without_end_takes_no_part_of_another_line() {
        for after in [
            "AWS_SECRET_ACCESS_KEY=x",
            "password: x",
            "Then more",
            "averylongnamewithoutanybreak_in=x",
            "averylongnamewithoutanybreak.in",
            "0123456789abcdef0123456789abcdef:x",
        ] {
            let text = format!("\n{LINE}\n{after}");
            assert_eq!(armour_end(text.as_bytes(), 0), LINE.len() + 1, "{after}");
        }
    }

    #[test]
    fn block_without_end_ends_with_the_quotes_around_it() {
        for (body, after) in [
            ("abc=", "\"}"),
            ("abc=", "\\\"}"),
            ("abc=", " \nmore"),
            (LINE, "...\nmore"),
            (LINE, "\", more"),
        ] {
            let text = format!("\n{LINE}\n{body}{after}");
            assert_eq!(
                armour_end(text.as_bytes(), 0),
                text.len() - after.len(),
                "{text}"
            );
        }
    }

    #[test]
    fn block_does_not_reach_into_the_next_one() {
        let text = "\nshort\n-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----";
        assert_eq!(armour_end(text.as_bytes(), 0), 0);
    }

    #[test]
    fn escaped_line_breaks_are_gaps() {
        let text = format!("\\n{LINE}\\n{LINE}\\n.");
        assert_eq!(armour_end(text.as_bytes(), 0), text.len() - 3);
    }

    #[test]
    fn mailbox_reaches_to_its_first_letter() {
        let text = b"'jane@x.example";
        assert_eq!(mailbox(text, 0, 5..15), Some(1..15));
        assert_eq!(mailbox(text, 3, 5..15), Some(3..15));
        assert_eq!(mailbox(b" @x.example", 0, 1..11), None);
    }
}
