//! Reads the head of an HTTP/1.1 request and the bytes of its body. Pure: bytes in, facts out.

use std::ops::Range;

/// Where a request's body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyLength {
    Exact(usize),
    Chunked,
}

/// The head of one request; ranges point into the bytes it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) method: Range<usize>,
    pub(crate) target: Range<usize>,
    /// Length with the blank line: the body begins there.
    pub(crate) length: usize,
    pub(crate) body: BodyLength,
    pub(crate) keep_alive: bool,
    pub(crate) expects_continue: bool,
    pub(crate) authorization: Range<usize>,
    /// `x-dummy-model`: what stands there counts as the model, whatever the request says.
    pub(crate) model: Range<usize>,
}

/// What the bytes are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotHttp;

/// Gives the head as soon as it is whole.
pub(crate) fn parse_head(bytes: &[u8]) -> Result<Option<Head>, NotHttp> {
    let Some(blank) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let text = bytes.get(..blank).ok_or(NotHttp)?;
    let mut lines = Lines { text, at: 0 };
    let request_line = lines.next().ok_or(NotHttp)?;
    let (method, target) = split_request_line(text, request_line)?;
    let mut head = Head {
        method,
        target,
        length: blank + 4,
        body: BodyLength::Exact(0),
        keep_alive: true,
        expects_continue: false,
        authorization: 0..0,
        model: 0..0,
    };
    for line in lines {
        head.read_line(text, line)?;
    }
    Ok(Some(head))
}

impl Head {
    /// The method; empty if it is no text.
    pub(crate) fn method_in<'a>(&self, bytes: &'a [u8]) -> &'a str {
        text_in(bytes, &self.method)
    }

    /// Path and query; empty if they are no text.
    pub(crate) fn target_in<'a>(&self, bytes: &'a [u8]) -> &'a str {
        text_in(bytes, &self.target)
    }

    fn read_line(&mut self, text: &[u8], line: Range<usize>) -> Result<(), NotHttp> {
        let bytes = text.get(line.clone()).ok_or(NotHttp)?;
        let colon = bytes.iter().position(|&byte| byte == b':').ok_or(NotHttp)?;
        let (name, value) = bytes.split_at_checked(colon).ok_or(NotHttp)?;
        let value = value.get(1..).unwrap_or_default().trim_ascii_start();
        let value_starts = line.end - value.len();
        let value = value.trim_ascii_end();
        if name.eq_ignore_ascii_case(b"content-length") {
            let digits = std::str::from_utf8(value).map_err(|_| NotHttp)?;
            self.body = BodyLength::Exact(digits.parse().map_err(|_| NotHttp)?);
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.body = BodyLength::Chunked;
        } else if name.eq_ignore_ascii_case(b"connection") {
            self.keep_alive = !value.eq_ignore_ascii_case(b"close");
        } else if name.eq_ignore_ascii_case(b"expect") {
            self.expects_continue = true;
        } else if name.eq_ignore_ascii_case(b"authorization") {
            self.authorization = value_starts..value_starts + value.len();
        } else if name.eq_ignore_ascii_case(b"x-dummy-model") {
            self.model = value_starts..value_starts + value.len();
        }
        Ok(())
    }
}

/// The text at a place of a head; empty if it is none.
pub(crate) fn text_in<'a>(bytes: &'a [u8], place: &Range<usize>) -> &'a str {
    let bytes = bytes.get(place.clone()).unwrap_or_default();
    std::str::from_utf8(bytes).unwrap_or_default()
}

struct Lines<'a> {
    text: &'a [u8],
    at: usize,
}

impl Iterator for Lines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = rest
            .windows(2)
            .position(|window| window == b"\r\n")
            .unwrap_or(rest.len());
        let line = self.at..self.at + length;
        self.at = line.end + 2;
        Some(line)
    }
}

fn split_request_line(
    text: &[u8],
    line: Range<usize>,
) -> Result<(Range<usize>, Range<usize>), NotHttp> {
    let bytes = text.get(line).ok_or(NotHttp)?;
    let mut spaces = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b' ')
        .map(|(at, _)| at);
    let (first, second) = (spaces.next().ok_or(NotHttp)?, spaces.next().ok_or(NotHttp)?);
    bytes
        .get(second + 1..)
        .filter(|version| version.starts_with(b"HTTP/1."))
        .ok_or(NotHttp)?;
    Ok((0..first, first + 1..second))
}

/// Takes a chunked body apart as it arrives.
#[derive(Debug, Default)]
pub(crate) struct Dechunker {
    left_in_chunk: usize,
    ends_with_line: bool,
    in_trailer: bool,
}

impl Dechunker {
    /// Moves what `input` holds of the body to `body`.
    ///
    /// Returns how many bytes of `input` were used and whether the body is whole.
    pub(crate) fn push(
        &mut self,
        input: &[u8],
        body: &mut Vec<u8>,
    ) -> Result<(usize, bool), NotHttp> {
        let mut used = 0;
        loop {
            let rest = input.get(used..).unwrap_or_default();
            if self.left_in_chunk > 0 {
                let data = rest
                    .get(..self.left_in_chunk.min(rest.len()))
                    .unwrap_or_default();
                body.extend_from_slice(data);
                used += data.len();
                self.left_in_chunk -= data.len();
                if self.left_in_chunk > 0 {
                    return Ok((used, false));
                }
                continue;
            }
            let Some(end) = rest.windows(2).position(|window| window == b"\r\n") else {
                return Ok((used, false));
            };
            let line = rest.get(..end).unwrap_or_default();
            used += end + 2;
            if self.read_line(line)? {
                return Ok((used, true));
            }
        }
    }

    /// A size line, the line end behind a chunk, or a trailer. True at the end of the body.
    fn read_line(&mut self, line: &[u8]) -> Result<bool, NotHttp> {
        if self.in_trailer {
            return Ok(line.is_empty());
        }
        if self.ends_with_line {
            self.ends_with_line = false;
            return if line.is_empty() {
                Ok(false)
            } else {
                Err(NotHttp)
            };
        }
        let digits = line.split(|&byte| byte == b';').next().unwrap_or_default();
        let digits = std::str::from_utf8(digits.trim_ascii()).map_err(|_| NotHttp)?;
        self.left_in_chunk = usize::from_str_radix(digits, 16).map_err(|_| NotHttp)?;
        self.in_trailer = self.left_in_chunk == 0;
        self.ends_with_line = !self.in_trailer;
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Head {
        parse_head(text.as_bytes()).unwrap().unwrap()
    }

    #[test]
    fn a_head_gives_what_the_answer_depends_on() {
        let text = "POST /v1/x?y=1 HTTP/1.1\r\nHost: a\r\nAuthorization:  Bearer k \r\nContent-Length: 12\r\nconnection: close\r\nExpect: 100-continue\r\n\r\n";
        let head = head(text);
        assert_eq!(text.get(head.method.clone()), Some("POST"));
        assert_eq!(text.get(head.target.clone()), Some("/v1/x?y=1"));
        assert_eq!(
            text.get(head.authorization.clone()).map(str::trim),
            Some("Bearer k")
        );
        assert_eq!(
            (head.body, head.keep_alive, head.expects_continue),
            (BodyLength::Exact(12), false, true)
        );
        assert_eq!(head.length, text.len());
    }

    #[test]
    fn a_head_that_has_only_begun_is_waited_for() {
        assert_eq!(parse_head(b"GET / HTTP/1.1\r\nHost: a\r\n"), Ok(None));
    }

    #[test]
    fn what_is_not_http_is_refused() {
        for text in [
            "\r\n\r\n",
            "GET /\r\n\r\n",
            "GET / HTTP/2\r\n\r\n",
            "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        ] {
            assert_eq!(parse_head(text.as_bytes()), Err(NotHttp), "{text:?}");
        }
    }

    #[test]
    fn a_chunked_body_is_put_together_however_it_arrives() {
        let input = b"4;x=1\r\nabcd\r\n3\r\n\r\ne\r\n0\r\ntrailer: 1\r\n\r\nNEXT";
        for step in 1..input.len() {
            let (mut dechunker, mut body, mut pending, mut whole) =
                (Dechunker::default(), Vec::new(), Vec::new(), false);
            for part in input.chunks(step) {
                pending.extend_from_slice(part);
                if !whole {
                    let (used, ended) = dechunker.push(&pending, &mut body).unwrap();
                    pending.drain(..used);
                    whole = ended;
                }
            }
            assert!(whole, "step {step}");
            assert_eq!(body, b"abcd\r\ne", "step {step}");
            assert_eq!(pending, b"NEXT", "step {step}");
        }
    }

    #[test]
    fn a_chunk_size_that_is_no_number_is_refused() {
        assert_eq!(
            Dechunker::default().push(b"xyz\r\n", &mut Vec::new()),
            Err(NotHttp)
        );
        assert_eq!(
            Dechunker::default().push(b"1\r\nabc\r\n", &mut Vec::new()),
            Err(NotHttp)
        );
    }
}
