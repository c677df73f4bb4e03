//! A status, headers and a body, and how they are cut, slowed, broken off and lied about. Pure.

use crate::formats::{self, Answer, Block, Format, Wire};
use crate::options::Options;
use crate::reply::{self, Framing, JSON, LAST_CHUNK};
use crate::script::{Script, Step};

/// An answer before it is put on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) kind: String,
    /// Whole header lines.
    pub(crate) extra: String,
    /// A stream's events; one piece if it is no stream.
    pub(crate) pieces: Vec<Vec<u8>>,
    pub(crate) stream: bool,
}

impl Answered {
    /// A whole body of JSON.
    pub(crate) fn whole(status: u16, body: Vec<u8>) -> Self {
        Self {
            status,
            kind: JSON.to_owned(),
            extra: String::new(),
            pieces: vec![body],
            stream: false,
        }
    }

    /// An answer in a format, whole or streamed.
    pub(crate) fn of(answer: &Answer, format: Format, stream: bool, array: bool) -> Self {
        let dialect = format.dialect();
        if !stream {
            return Self::whole(200, dialect.whole(answer).to_string().into_bytes());
        }
        let mut wire = Wire::new(format, array);
        let mut pieces = wire.events(&formats::events(dialect, answer));
        pieces.extend(wire.after());
        Self {
            kind: wire.content_type().to_owned(),
            pieces,
            stream,
            ..Self::whole(200, Vec::new())
        }
    }

    /// An error in a format's words.
    pub(crate) fn failure(format: Format, status: u16) -> Self {
        let dialect = format.dialect();
        let body = dialect.failure(status).to_string().into_bytes();
        Self {
            extra: dialect.failure_headers(status),
            ..Self::whole(status, body)
        }
    }

    /// The steps that send it.
    pub(crate) fn script(self, options: &Options) -> Script {
        let length: usize = self.pieces.iter().map(Vec::len).sum();
        let framing = match self.stream {
            true => Framing::Chunked,
            false => Framing::Length(length + options.lie),
        };
        let head = reply::head(self.status, &self.kind, framing, &self.extra);
        let limit = options.cut.or(options.stall);
        let broken = limit.is_some() || (options.lie > 0 && !self.stream);
        let stream = self.stream;
        let mut body: Vec<Vec<u8>> = limited(self.resized(options), limit)
            .into_iter()
            .map(|piece| match stream {
                true => reply::chunk(&piece),
                false => piece,
            })
            .collect();
        if stream && !broken {
            body.push(LAST_CHUNK.to_vec());
        }
        Script {
            steps: steps(head, body, options),
            close: broken,
        }
    }

    fn resized(self, options: &Options) -> Vec<Vec<u8>> {
        match options.chunks {
            Some(size) => {
                let all = self.pieces.concat();
                all.chunks(size).map(<[u8]>::to_vec).collect()
            }
            None => self.pieces,
        }
    }
}

/// Cuts every block of an answer into parts of so many characters.
pub(crate) fn in_parts(answer: Answer, size: Option<usize>) -> Answer {
    let Some(size) = size else {
        return answer;
    };
    let cut = |block: Block| {
        let characters: Vec<char> = block.text().chars().collect();
        let parts = characters.chunks(size).map(|part| part.iter().collect());
        Block {
            parts: parts.collect(),
            ..block
        }
    };
    Answer {
        blocks: answer.blocks.into_iter().map(cut).collect(),
        ..answer
    }
}

fn limited(pieces: Vec<Vec<u8>>, limit: Option<usize>) -> Vec<Vec<u8>> {
    let Some(mut left) = limit else {
        return pieces;
    };
    let mut kept = Vec::new();
    for mut piece in pieces {
        piece.truncate(left);
        left -= piece.len();
        if !piece.is_empty() {
            kept.push(piece);
        }
    }
    kept
}

/// One write for all, unless pieces are to be seen one by one.
fn steps(head: Vec<u8>, body: Vec<Vec<u8>>, options: &Options) -> Vec<Step> {
    let apart = options.chunks.is_some() || !options.delay.is_zero();
    let mut steps = Vec::new();
    if apart {
        steps.push(Step::Send(head.into()));
        for piece in body {
            if !options.delay.is_zero() {
                steps.push(Step::Pause(options.delay));
            }
            steps.push(Step::Send(piece.into()));
        }
    } else {
        let mut bytes = head;
        body.iter().for_each(|piece| bytes.extend_from_slice(piece));
        steps.push(Step::Send(bytes.into()));
    }
    if options.stall.is_some() && options.cut.is_none() {
        steps.push(Step::Forever);
    }
    steps
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn script(model: &str, stream: bool) -> Script {
        let (_, options) = Options::split(model);
        let answered = Answered {
            pieces: vec![b"abcde".to_vec(), b"fgh".to_vec()],
            stream,
            ..Answered::whole(200, Vec::new())
        };
        answered.script(&options.unwrap())
    }

    fn sent(script: &Script) -> String {
        let bytes = script.steps.iter().filter_map(|step| match step {
            Step::Send(bytes) => Some(String::from_utf8(bytes.to_vec()).unwrap()),
            _ => None,
        });
        bytes.collect()
    }

    #[test]
    fn without_options_everything_is_one_write() {
        let script = script("x", true);
        assert_eq!(script.steps.len(), 1);
        assert!(sent(&script).ends_with("\r\n\r\n5\r\nabcde\r\n3\r\nfgh\r\n0\r\n\r\n"));
    }

    #[test]
    fn pieces_can_be_of_another_size_and_come_slowly() {
        let script = script("x+chunks=3+delay=7", true);
        assert!(sent(&script).contains("3\r\nabc\r\n3\r\ndef\r\n2\r\ngh\r\n0\r\n"));
        let pause = Step::Pause(Duration::from_millis(7));
        assert!(script.steps.contains(&pause));
    }

    #[test]
    fn a_body_can_end_early_or_never() {
        let cut = script("x+cut=6", false);
        assert!(cut.close && sent(&cut).contains("content-length: 8\r\n"));
        assert!(sent(&cut).ends_with("\r\n\r\nabcdef"));
        let stalled = script("x+stall=6", true);
        assert!(sent(&stalled).ends_with("1\r\nf\r\n"));
        assert_eq!(stalled.steps.last(), Some(&Step::Forever));
    }

    #[test]
    fn a_length_can_lie() {
        let script = script("x+lie=2", false);
        assert!(script.close && sent(&script).contains("content-length: 10\r\n"));
    }
}
