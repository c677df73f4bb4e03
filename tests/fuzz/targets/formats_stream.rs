//! `wire::ReplyTranslator`: any bytes of a provider, cut anywhere, panic nowhere; what comes out
//! does not depend on the cuts, and nothing follows the end.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use nenya_fuzz::formats::{any_format, asked, framed};
use nenya_fuzz::pieces;
use wire::{ApiFormat, ReplyTranslator};

/// Everything that came out before an error, and whether there was one.
fn told<'a>(
    from: ApiFormat,
    to: ApiFormat,
    pieces: impl Iterator<Item = &'a [u8]>,
) -> (Vec<u8>, bool, bool) {
    let (mut translator, mut out) = (ReplyTranslator::new(from, to, &asked()), Vec::new());
    for piece in pieces {
        match translator.push(Bytes::copy_from_slice(piece)) {
            Ok(bytes) => out.extend_from_slice(&bytes),
            Err(_) => return (out, true, false),
        }
    }
    match translator.end() {
        Ok(bytes) => out.extend_from_slice(&bytes),
        Err(_) => return (out, true, false),
    }
    let progress = translator.progress();
    (out, progress.failure.is_some(), progress.done)
}

fuzz_target!(|input: (u8, u8, &[u8], &[u8])| {
    let (from, to, cuts, text) = input;
    let (from, to) = (any_format(from), any_format(to));
    // Random bytes are seldom events or frames: the same bytes as events lead further in.
    for stream in [text.to_vec(), framed(from, text)] {
        let whole = told(from, to, std::iter::once(&*stream));
        let cut = told(from, to, pieces(&stream, cuts).into_iter());
        let (_, failed, done) = whole;
        assert!(!(failed && done), "{from} -> {to}");
        assert_eq!((cut.1, cut.2), (failed, done), "{from} -> {to}");
        if failed {
            // What came before the failure has gone out or not, by the cuts.
            continue;
        }
        assert_eq!(cut.0, whole.0, "{from} -> {to}");
    }
});
