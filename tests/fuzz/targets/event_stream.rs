//! `wire::sse::EventScanner`: how a stream is cut changes nothing of what is read from it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nenya_fuzz::pieces;
use wire::sse::{EventScanner, data_event};

type Read = (Vec<(Vec<u8>, Vec<u8>)>, bool, bool);

fn read<'a>(chunks: impl Iterator<Item = &'a [u8]>, limit: usize) -> Read {
    let mut scanner = EventScanner::with_limit(limit);
    let mut events = Vec::new();
    for chunk in chunks {
        let pushed = scanner.push(chunk, |event| {
            assert!(event.data.len() <= limit);
            let _ = event.is_done();
            events.push((event.name.to_vec(), event.data.to_vec()));
        });
        if pushed.is_err() {
            return (events, false, false);
        }
    }
    let at_boundary = scanner.at_boundary();
    (events, true, at_boundary)
}

fuzz_target!(|input: (&[u8], u8, &[u8])| {
    let (cuts, limit, stream) = input;
    for limit in [usize::from(limit), 1 << 20] {
        let whole = read(std::iter::once(stream), limit);
        assert_eq!(read(pieces(stream, cuts).into_iter(), limit), whole);
        assert_eq!(read(stream.chunks(1), limit), whole);
    }
    if !stream.contains(&b'\r') {
        let written = data_event(stream);
        let (events, taken, at_boundary) = read(pieces(&written, cuts).into_iter(), 1 << 20);
        assert!(taken && at_boundary);
        assert_eq!(events, [(Vec::new(), stream.to_vec())]);
    }
});
