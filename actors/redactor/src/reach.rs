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

/// Length of what looks like the lines of a body: long base64 runs, and one short one after them.
fn body_len(text: &[u8]) -> usize {
    let mut len = 0;
    let mut at = 0;
    loop {
        at += gap_len(text.get(at..).unwrap_or_default());
        let run = run_len(text.get(at..).unwrap_or_default());
        let long = run >= SHORTEST_BODY_LINE;
        if run == 0 || !long && len == 0 {
            return len;
        }
        at += run;
        len = at;
        if !long {
            return len;
        }
    }
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
