//! The id of a request: taken from the caller if it is well-formed, else made.
//!
//! An id stands on every answer, on every log line and in requests to providers, so a foreign one
//! must not be able to carry line ends, quotes, a megabyte of text or a secret into them.

use std::fmt::Write as _;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The longest id that is taken from a caller, in bytes.
const LONGEST: usize = 128;

static BOOT: LazyLock<u32> =
    LazyLock::new(|| getrandom::u32().unwrap_or_else(|_| std::process::id()));
static NEXT: AtomicU32 = AtomicU32::new(0);

/// The caller's id if it is well-formed and nothing in it has to be hidden, else a new one.
#[must_use]
pub fn take_or_make(offered: Option<&[u8]>, hides: impl FnOnce(&str) -> bool) -> String {
    offered
        .and_then(well_formed)
        .filter(|id| !hides(id))
        .map_or_else(make, str::to_owned)
}

fn well_formed(offered: &[u8]) -> Option<&str> {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let fits = !offered.is_empty() && offered.len() <= LONGEST;
    (fits && offered.iter().all(plain))
        .then(|| str::from_utf8(offered).ok())
        .flatten()
}

/// Milliseconds since 1970, a number of this process and a counter: sorts by time, needs no lock.
fn make() -> String {
    let millis = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| d.as_millis() as u64);
    let count = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut id = String::with_capacity(32);
    let written = write!(id, "req-{millis:011x}-{:08x}-{count:06x}", *BOOT);
    debug_assert!(written.is_ok(), "writing to a string does not fail");
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_well_formed_id_is_taken() {
        assert_eq!(take_or_make(Some(b"abc-1.2_3"), |_| false), "abc-1.2_3");
    }

    #[test]
    fn ids_that_could_break_a_log_line_are_replaced() {
        let long = [b'a'; LONGEST + 1];
        for offered in [&b""[..], b"a b", b"a\nb", b"\"", "\u{e9}".as_bytes(), &long] {
            assert!(take_or_make(Some(offered), |_| false).starts_with("req-"));
        }
    }

    #[test]
    fn an_id_that_is_a_secret_is_replaced() {
        let made = take_or_make(Some(b"a-secret"), |id| id == "a-secret");
        assert!(made.starts_with("req-"), "{made}");
    }

    #[test]
    fn made_ids_differ() {
        assert_ne!(take_or_make(None, |_| false), take_or_make(None, |_| false));
    }
}
