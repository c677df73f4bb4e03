//! One entry of `allowed_endpoints`: `METHOD /path`.
//!
//! Owns: the pattern language. Exact bytes, with two exceptions: `{}` (or `{name}`) is any one
//! segment, and `*` as the last segment is everything that follows. It is called by
//! [`crate::Policy`] with the path as the client sent it, without the query.
//!
//! A pattern with an exception matches paths that its author has not seen, so those paths must be
//! plain: what goes upstream may be normalised there, and `/v1/models/../files` or
//! `/v1/models/%2e%2e/files` must not pass as something below `/v1/models`.

use crate::error::EndpointProblem;

/// A parsed entry of `allowed_endpoints`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    method: String,
    segments: Vec<Segment>,
    /// Whether the last segment is `*`.
    open_end: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Exactly(String),
    Any,
}

impl Endpoint {
    pub(crate) fn parse(text: &str) -> Result<Self, EndpointProblem> {
        let (method, path) = text
            .split_once(' ')
            .ok_or(EndpointProblem::NotMethodAndPath)?;
        if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(EndpointProblem::BadMethod);
        }
        let path = path
            .strip_prefix('/')
            .ok_or(EndpointProblem::RelativePath)?;
        let (path, open_end) = match path.strip_suffix('*') {
            Some("") => (None, true),
            Some(before) => (
                Some(
                    before
                        .strip_suffix('/')
                        .ok_or(EndpointProblem::BadWildcard)?,
                ),
                true,
            ),
            None => (Some(path), false),
        };
        let segments = path.into_iter().flat_map(|path| path.split('/'));
        let segments = segments.map(Segment::parse).collect::<Result<_, _>>()?;
        Ok(Self {
            method: method.to_owned(),
            segments,
            open_end,
        })
    }

    /// Says whether a request with this method and path is meant.
    pub(crate) fn matches(&self, method: &str, path: &str) -> bool {
        if method != self.method {
            return false;
        }
        let Some(path) = path.strip_prefix('/') else {
            return false;
        };
        let mut given = path.split('/');
        for wanted in &self.segments {
            if !given.next().is_some_and(|segment| wanted.matches(segment)) {
                return false;
            }
        }
        if self.open_end {
            rest_is_plain(given)
        } else {
            given.next().is_none()
        }
    }
}

impl Segment {
    fn parse(text: &str) -> Result<Self, EndpointProblem> {
        if text.contains(['{', '}']) {
            let name = text
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'));
            let named = name.is_some_and(|name| !name.contains(['{', '}', '*']));
            return named
                .then_some(Self::Any)
                .ok_or(EndpointProblem::BadPlaceholder);
        }
        if text.contains('*') {
            return Err(EndpointProblem::BadWildcard);
        }
        if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '?' || c == '#') {
            return Err(EndpointProblem::NotAPath);
        }
        if is_dots(text.as_bytes()) {
            return Err(EndpointProblem::DotSegment);
        }
        Ok(Self::Exactly(text.to_owned()))
    }

    fn matches(&self, given: &str) -> bool {
        match self {
            Self::Exactly(wanted) => wanted == given,
            Self::Any => is_plain(given),
        }
    }
}

/// What `*` stands for: at least one segment, all of them plain; the last may be empty.
fn rest_is_plain<'p>(rest: impl Iterator<Item = &'p str>) -> bool {
    let mut rest = rest.peekable();
    let mut is_first = true;
    while let Some(segment) = rest.next() {
        let trailing_slash = segment.is_empty() && rest.peek().is_none() && !is_first;
        if !trailing_slash && !is_plain(segment) {
            return false;
        }
        is_first = false;
    }
    !is_first
}

/// A segment that means the same to everybody who reads it.
///
/// Not empty, no dots that climb, nothing that another program might take for a slash, a dot, a
/// query or an end once it has decoded it; escapes must be well-formed.
fn is_plain(segment: &str) -> bool {
    let Some(decoded) = decoded(segment) else {
        return false;
    };
    let forbidden = |byte: u8| {
        matches!(
            byte,
            b'/' | b'\\' | b'?' | b'#' | b'%' | b';' | 0..=0x20 | 0x7f
        )
    };
    !decoded.is_empty() && !is_dots(decoded.as_bytes()) && !decoded.bytes().any(forbidden)
}

fn is_dots(segment: &[u8]) -> bool {
    matches!(segment, b"." | b"..")
}

/// The segment with its `%xx` replaced; `None` if one of them is broken or they spell no text.
///
/// What is not UTF-8 is refused because some decoders read more into it than is there: `%c0%ae` is
/// a dot to those that accept overlong forms.
fn decoded(segment: &str) -> Option<String> {
    let mut plain = Vec::with_capacity(segment.len());
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let (high, low) = (hex(bytes.next()?)?, hex(bytes.next()?)?);
            plain.push(high << 4 | low);
        } else {
            plain.push(byte);
        }
    }
    String::from_utf8(plain).ok()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(pattern: &str, method: &str, path: &str) -> bool {
        Endpoint::parse(pattern).unwrap().matches(method, path)
    }

    #[test]
    fn plain_entry_matches_its_own_bytes_only() {
        let pattern = "POST /v1/chat/completions";
        assert!(matches(pattern, "POST", "/v1/chat/completions"));
        for (method, path) in [
            ("GET", "/v1/chat/completions"),
            ("post", "/v1/chat/completions"),
            ("POST", "/v1/chat/completions/"),
            ("POST", "/V1/chat/completions"),
            ("POST", "//v1/chat/completions"),
            ("POST", "/v1//chat/completions"),
            ("POST", "/v1/chat/%63ompletions"),
            ("POST", "/v1/chat/completions?x"),
            ("POST", "v1/chat/completions"),
            ("POST", "/v1/./chat/completions"),
            ("POST", "/v1/chat"),
            ("POST", ""),
        ] {
            assert!(!matches(pattern, method, path), "{method} {path}");
        }
    }

    #[test]
    fn root_matches_the_root() {
        assert!(matches("GET /", "GET", "/"));
        assert!(!matches("GET /", "GET", "/a"));
    }

    #[test]
    fn braces_match_one_plain_segment() {
        let pattern = "GET /v1/files/{}/content";
        assert!(matches(pattern, "GET", "/v1/files/abc-1.txt/content"));
        assert!(matches(
            "GET /v1/files/{id}",
            "GET",
            "/v1/files/caf%C3%A9.txt"
        ));
        for path in [
            "/v1/files/content",
            "/v1/files//content",
            "/v1/files/a/b/content",
            "/v1/files/../content",
            "/v1/files/./content",
            "/v1/files/%2e%2e/content",
            "/v1/files/.%2E/content",
            "/v1/files/%c0%ae%c0%ae/content",
            "/v1/files/%ae/content",
            "/v1/files/a%2fb/content",
            "/v1/files/a%5cb/content",
            "/v1/files/a\\b/content",
            "/v1/files/a%00/content",
            "/v1/files/a%/content",
            "/v1/files/a%zz/content",
            "/v1/files/a%252e/content",
            "/v1/files/a;b/content",
            "/v1/files/a%3Fb/content",
            "/v1/files/a b/content",
        ] {
            assert!(!matches(pattern, "GET", path), "{path}");
        }
    }

    #[test]
    fn star_matches_the_rest_but_not_nothing_and_not_its_own_prefix() {
        let pattern = "GET /v1/files/*";
        for path in [
            "/v1/files/a",
            "/v1/files/a/b",
            "/v1/files/a/",
            "/v1/files/a.txt",
        ] {
            assert!(matches(pattern, "GET", path), "{path}");
        }
        for path in [
            "/v1/files",
            "/v1/files/",
            "/v1/filesystem",
            "/v1/files//",
            "/v1/files//a",
            "/v1/files/a//b",
            "/v1/files/../models",
            "/v1/files/a/../../models",
            "/v1/files/%2e%2e/models",
            "/v1/files/..%2fmodels",
        ] {
            assert!(!matches(pattern, "GET", path), "{path}");
        }
        assert!(matches("GET /*", "GET", "/anything/at/all"));
    }

    #[test]
    fn entries_that_would_not_do_what_they_seem_to_are_refused() {
        for (text, problem) in [
            ("/v1/models", EndpointProblem::NotMethodAndPath),
            ("GET", EndpointProblem::NotMethodAndPath),
            ("get /v1/models", EndpointProblem::BadMethod),
            ("* /v1/models", EndpointProblem::BadMethod),
            (" /v1/models", EndpointProblem::BadMethod),
            ("GET v1/models", EndpointProblem::RelativePath),
            ("GET  /v1/models", EndpointProblem::RelativePath),
            ("GET /v1/files*", EndpointProblem::BadWildcard),
            ("GET /v1/*/content", EndpointProblem::BadWildcard),
            ("GET /v1/**", EndpointProblem::BadWildcard),
            ("GET /v1/file-{}", EndpointProblem::BadPlaceholder),
            ("GET /v1/{", EndpointProblem::BadPlaceholder),
            ("GET /v1/{a}{b}", EndpointProblem::BadPlaceholder),
            ("GET /v1/models?x=1", EndpointProblem::NotAPath),
            ("GET /v1/models ", EndpointProblem::NotAPath),
            ("GET /v1/../models", EndpointProblem::DotSegment),
        ] {
            assert_eq!(Endpoint::parse(text), Err(problem), "{text}");
        }
    }

    proptest! {
        /// However a path below an open end is written, it has no segment that climbs out.
        #[test]
        fn what_a_star_lets_through_never_climbs(rest in "[a-c./%25eE2fF\\\\]{1,16}") {
            if matches("GET /v1/*", "GET", &format!("/v1/{rest}")) {
                let twice = decoded(&rest).unwrap();
                for segment in rest.split('/').chain(twice.split(['/', '\\'])) {
                    prop_assert!(!is_dots(segment.as_bytes()), "{rest}");
                }
                prop_assert!(!twice.contains('%'));
            }
        }

        #[test]
        fn any_path_is_read_without_a_panic(path in "\\PC{0,40}", pattern in "[A-Z]{1,4} /[a-z{}*/]{0,12}") {
            if let Ok(endpoint) = Endpoint::parse(&pattern) {
                let _matched = endpoint.matches("GET", &path);
            }
        }
    }
}
