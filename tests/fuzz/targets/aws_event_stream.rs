//! `wire::aws_event_stream`: how a stream is cut changes nothing of what is read from it, and what
//! is written is read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nenya_fuzz::pieces;
use wire::aws_event_stream::{FrameReader, write_frame};

type Frames = Vec<(String, bool, Vec<u8>)>;

fn read<'a>(chunks: impl Iterator<Item = &'a [u8]>, limit: usize) -> (Frames, Option<bool>) {
    let (mut reader, mut frames) = (FrameReader::with_limit(limit), Vec::new());
    for chunk in chunks {
        let pushed = reader.push(chunk, |frame| {
            assert!(frame.payload.len() <= limit);
            let payload = frame.payload.to_vec();
            frames.push((frame.event.to_owned(), frame.exception, payload));
        });
        if pushed.is_err() {
            return (frames, None);
        }
    }
    let at_boundary = reader.at_boundary();
    (frames, Some(at_boundary))
}

fuzz_target!(|input: (&[u8], u16, &[u8], Vec<(String, bool, Vec<u8>)>)| {
    let (cuts, limit, stream, frames) = input;
    for limit in [usize::from(limit), 1 << 20] {
        let whole = read(std::iter::once(stream), limit);
        assert_eq!(read(pieces(stream, cuts).into_iter(), limit), whole);
        assert_eq!(read(stream.chunks(1), limit), whole);
    }
    // Random bytes seldom have the right checksums: frames of our own lead further in.
    let mut written = Vec::new();
    for (event, exception, payload) in &frames {
        write_frame(event, payload, *exception, &mut written);
    }
    let (seen, at_boundary) = read(pieces(&written, cuts).into_iter(), 1 << 20);
    assert_eq!((seen, at_boundary), (frames, Some(true)));
});
