//! `Retry-After` as a duration: seconds, a date, or milliseconds in `retry-after-ms`.
//!
//! # Source
//! RFC 9110 section 10.2.3. `retry-after-ms` is sent by OpenAI and Azure beside it.

use std::time::{Duration, SystemTime};

use http::header::{HeaderName, RETRY_AFTER};

/// Nobody is believed who asks for more.
const LONGEST: Duration = Duration::from_secs(3600);
const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");

/// Reads the wait from a header lookup; at most one hour, `None` if there is none that makes sense.
pub(crate) fn retry_after<'h>(
    header: impl Fn(&HeaderName) -> Option<&'h str>,
    now: SystemTime,
) -> Option<Duration> {
    let exact = header(&RETRY_AFTER_MS).and_then(|text| milliseconds(text.trim()));
    let wait = exact.or_else(|| header(&RETRY_AFTER).and_then(|text| parse(text.trim(), now)))?;
    Some(wait.min(LONGEST))
}

fn milliseconds(text: &str) -> Option<Duration> {
    let millis: f64 = text.parse().ok()?;
    Duration::try_from_secs_f64(millis / 1000.0).ok()
}

fn parse(text: &str, now: SystemTime) -> Option<Duration> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().map_or(LONGEST, Duration::from_secs));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> SystemTime {
        httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap()
    }

    fn wait(text: &str) -> Option<Duration> {
        retry_after(|name| (*name == RETRY_AFTER).then_some(text), now())
    }

    #[test]
    fn seconds_and_dates_are_understood() {
        assert_eq!(wait("17"), Some(Duration::from_secs(17)));
        assert_eq!(wait(" 0 "), Some(Duration::ZERO));
        assert_eq!(
            wait("Sun, 06 Nov 1994 08:50:07 GMT"),
            Some(Duration::from_secs(30))
        );
        assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
    }

    #[test]
    fn nobody_is_believed_beyond_an_hour() {
        assert_eq!(wait("86400"), Some(LONGEST));
        assert_eq!(wait("99999999999999999999999"), Some(LONGEST));
        assert_eq!(wait("Sun, 06 Nov 2044 08:50:07 GMT"), Some(LONGEST));
    }

    #[test]
    fn nonsense_is_no_wait() {
        for text in ["", "-1", "soon", "1.5", "1 2"] {
            assert_eq!(wait(text), None, "{text}");
        }
    }

    #[test]
    fn milliseconds_are_preferred() {
        let both = |name: &HeaderName| Some(if *name == RETRY_AFTER { "9" } else { "1500" });
        assert_eq!(retry_after(both, now()), Some(Duration::from_millis(1500)));
    }

    proptest! {
        #[test]
        fn no_value_panics_or_passes_the_bound(text: String) {
            prop_assert!(wait(&text).is_none_or(|wait| wait <= LONGEST));
            let ms = retry_after(|name| (*name == RETRY_AFTER_MS).then_some(text.as_str()), now());
            prop_assert!(ms.is_none_or(|wait| wait <= LONGEST));
        }
    }
}
