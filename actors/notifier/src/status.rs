//! The status line: what it may contain.
//!
//! Owns the two rules of `STATUS=`: one line, and short enough that the datagram is read.

/// The longest status, in bytes, that is sent; a longer one ends in an ellipsis.
///
/// systemd drops a whole datagram above 4,096 bytes with everything else in it (`PIPE_BUF`,
/// `src/core/manager.c`), so a long error text must not cost the `READY=1` beside it.
pub(crate) const LONGEST_STATUS: usize = 512;

const ELLIPSIS: &str = "…";

/// Makes any text a single line of at most [`LONGEST_STATUS`] bytes.
///
/// # Security
/// A newline would begin a second assignment (`MAINPID=`, `WATCHDOG=1`) in the same datagram, so
/// every control character becomes a space.
pub(crate) fn one_line(text: &str) -> String {
    let flat: String = text
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if flat.len() <= LONGEST_STATUS {
        return flat;
    }
    shortened(&flat)
}

fn shortened(flat: &str) -> String {
    let room = LONGEST_STATUS - ELLIPSIS.len();
    let mut kept: String = flat
        .char_indices()
        .take_while(|(at, c)| at + c.len_utf8() <= room)
        .map(|(_, c)| c)
        .collect();
    kept.push_str(ELLIPSIS);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newline_cannot_begin_a_second_assignment() {
        assert_eq!(
            one_line("ok\nWATCHDOG=1\r\nMAINPID=1\n"),
            "ok WATCHDOG=1  MAINPID=1"
        );
    }

    #[test]
    fn nul_and_other_control_characters_become_spaces() {
        assert_eq!(one_line("a\0b\tc\u{85}d"), "a b c d");
    }

    #[test]
    fn long_status_is_cut_at_a_character_and_says_so() {
        let long = "ä".repeat(LONGEST_STATUS);
        let cut = one_line(&long);
        assert!(cut.len() <= LONGEST_STATUS);
        assert!(cut.ends_with(ELLIPSIS));
        assert!(cut.starts_with("ää"));
    }

    #[test]
    fn short_status_is_left_as_it_is() {
        let text = "serving on 127.0.0.1:8080, 3 providers";
        assert_eq!(one_line(text), text);
    }

    #[test]
    fn status_of_exactly_the_limit_is_not_cut() {
        let text = "x".repeat(LONGEST_STATUS);
        assert_eq!(one_line(&text), text);
    }
}
