//! `redactor::ReplyRedactor`, text in pieces of bytes: what comes out is the redaction of the
//! whole text, wherever it is cut, and whatever characters of it only look like ASCII.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use nenya_fuzz::redaction::{in_pieces, odd, redactor, whole};
use redactor::rules;

fn examples() -> &'static [&'static str] {
    static ALL: OnceLock<Vec<&'static str>> = OnceLock::new();
    ALL.get_or_init(|| {
        let all = rules().flat_map(|rule| {
            let texts: Vec<&str> = rule.examples().map(|(text, _)| text).collect();
            texts
        });
        all.collect()
    })
}

type Input<'i> = (bool, Option<u16>, &'i str, &'i str, Vec<u8>, Vec<u8>);

fuzz_target!(|input: Input<'_>| {
    let (patterns, number, before, after, cuts, how) = input;
    let redactor = redactor(patterns);
    let example = number.and_then(|number| {
        let all = examples();
        all.get(usize::from(number) % all.len()).copied()
    });
    let text = odd(&[before, example.unwrap_or_default(), after].concat(), &how);
    let whole = whole(redactor, &text).expect("these rules never give up");
    let pieces = in_pieces(redactor, &text, &cuts).expect("these rules never give up");
    assert_eq!(whole, pieces, "{text:?} at {cuts:?}");
});
