//! What stands where the key will be.
//!
//! Random per process, so that nobody outside can write it into a prompt; and even if somebody
//! could, `key_injection.rs` looks for it in the auth lines of a request's head only.

use std::sync::OnceLock;

use http::header::HeaderValue;

/// The process's placeholder, or `None` if the system gives no randomness: then no request that
/// needs a key is sent.
pub(crate) fn placeholder() -> Option<&'static str> {
    static PLACEHOLDER: OnceLock<Option<String>> = OnceLock::new();
    PLACEHOLDER.get_or_init(make).as_deref()
}

fn make() -> Option<String> {
    let mut random = [0_u8; 24];
    getrandom::fill(&mut random).ok()?;
    let hex: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(format!("nenya-placeholder-{hex}"))
}

/// The placeholder as a header value, after `prefix`.
pub(crate) fn header_value(prefix: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(format!("{prefix}{}", placeholder()?)).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_placeholders_differ_and_are_long() {
        let (one, other) = (make().unwrap(), make().unwrap());
        assert_ne!(one, other);
        assert!(one.len() >= 32);
    }

    #[test]
    fn it_stays_the_same_within_the_process() {
        assert_eq!(placeholder(), placeholder());
    }
}
