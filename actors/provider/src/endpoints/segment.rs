//! Names as path segments, and paths that stay where they belong.

use std::fmt::Write;

use super::NotOffered;

/// Writes a name so that it is exactly one segment of a path.
///
/// `None` for a name that no escape keeps in its place: the empty one, and those made of dots.
///
/// # Source
/// RFC 3986 section 2.3 (unreserved characters) and 5.2.4 (dot segments). `@` is left as it is,
/// since Vertex AI writes versions with it; `:` is escaped, since Google's paths put the verb
/// after it and Amazon's SDKs escape it.
pub fn escape_segment(name: &str) -> Option<String> {
    if name.bytes().all(|byte| byte == b'.') {
        return None;
    }
    let mut escaped = String::with_capacity(name.len() + 8);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            write!(escaped, "%{byte:02X}").ok()?;
        }
    }
    Some(escaped)
}

/// Refuses paths that would be another path after the provider has cleaned them up.
pub(super) fn check_path(path: &str) -> Result<(), NotOffered> {
    let (path, _) = path.split_once('?').unwrap_or((path, ""));
    let sane = path.starts_with('/') && !path.contains("//") && !path.contains(['#', '\\']);
    if sane && !path.split('/').any(leaves_its_place) {
        Ok(())
    } else {
        Err(NotOffered::Path)
    }
}

/// Decodes once more than the rules say, since some servers do.
fn leaves_its_place(segment: &str) -> bool {
    let once = decoded(segment.as_bytes());
    let twice = decoded(&once);
    [once, twice].iter().any(|bytes| {
        bytes
            .split(|byte| matches!(byte, b'/' | b'\\'))
            .any(|part| matches!(part, b"." | b".."))
    })
}

fn decoded(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        let pair = after.split_at_checked(2).filter(|_| *byte == b'%');
        let value = pair
            .and_then(|(digits, _)| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match (value, pair) {
            (Some(value), Some((_, after))) => {
                out.push(value);
                rest = after;
            }
            _ => {
                out.push(*byte);
                rest = after;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_one_segment_whatever_it_holds() {
        for (name, escaped) in [
            ("gpt-5.5", "gpt-5.5"),
            ("claude-opus-4@20250514", "claude-opus-4@20250514"),
            ("a/b", "a%2Fb"),
            ("../../v1/files", "..%2F..%2Fv1%2Ffiles"),
            ("m?x=1#y", "m%3Fx%3D1%23y"),
            ("%2e%2e", "%252e%252e"),
            ("ünï", "%C3%BCn%C3%AF"),
            ("a b\r\nx: y", "a%20b%0D%0Ax%3A%20y"),
            ("v1:0", "v1%3A0"),
        ] {
            assert_eq!(escape_segment(name).as_deref(), Some(escaped));
        }
        for name in ["", ".", "..", "..."] {
            assert_eq!(escape_segment(name), None);
        }
    }

    #[test]
    fn paths_that_climb_are_refused_in_every_spelling() {
        for path in [
            "files",
            "/files/../keys",
            "/files/..",
            "/./files",
            "/files/%2e%2e/keys",
            "/files/.%2E/keys",
            "/files/..%2fkeys",
            "/files/..%5Ckeys",
            "/files/%252e%252e/keys",
            "//evil.example/x",
            "/files//x",
            "/a\\b",
            "/a#b",
        ] {
            assert_eq!(check_path(path), Err(NotOffered::Path), "{path}");
        }
        for path in [
            "/files",
            "/files/f..1/content?a=../b",
            "/files/...",
            "/a%",
            "/a%zz",
        ] {
            assert_eq!(check_path(path), Ok(()), "{path}");
        }
    }
}
