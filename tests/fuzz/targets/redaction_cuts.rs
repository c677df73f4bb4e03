//! `redactor::ReplyRedactor`, text in pieces of bytes: what comes out is the redaction of the
//! whole text, wherever it is cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nenya_fuzz::redaction::{in_pieces, redactor, whole};

fuzz_target!(|input: (bool, &str, Vec<u8>)| {
    let (patterns, text, cuts) = input;
    let redactor = redactor(patterns);
    let whole = whole(redactor, text).expect("these rules never give up");
    let pieces = in_pieces(redactor, text, &cuts).expect("these rules never give up");
    assert_eq!(whole, pieces, "{text:?} at {cuts:?}");
});
