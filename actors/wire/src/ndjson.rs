//! Streams of one JSON document a line, as Ollama has them.
//!
//! Owns lines and their endings. Never looks into the documents: that is
//! [`event_texts`](crate::event_texts), as for the data of an event.

/// A line of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The document; empty for an empty line.
    pub data: &'a [u8],
    /// The line feed after it, with the carriage return before that; empty at the end of a buffer
    /// that was cut.
    pub ending: &'a [u8],
}

impl Line<'_> {
    /// Writes the line with another document.
    pub fn write_with(&self, data: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(data);
        out.extend_from_slice(self.ending);
    }
}

/// The lines of a buffer, in order and without gaps.
pub fn lines(whole: &[u8]) -> impl Iterator<Item = Line<'_>> {
    whole.split_inclusive(|byte| *byte == b'\n').map(|line| {
        let data = line.strip_suffix(b"\n").unwrap_or(line);
        let data = data.strip_suffix(b"\r").unwrap_or(data);
        Line {
            data,
            ending: line.get(data.len()..).unwrap_or_default(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_endings() {
        let whole = b"{\"a\":1}\n\r\n{\"b\":2}\r\n{";
        let all: Vec<_> = lines(whole).map(|line| line.data).collect();
        assert_eq!(all, [b"{\"a\":1}".as_slice(), b"", b"{\"b\":2}", b"{"]);
        let mut out = Vec::new();
        for line in lines(whole) {
            line.write_with(line.data, &mut out);
        }
        assert_eq!(out, whole);
    }
}
