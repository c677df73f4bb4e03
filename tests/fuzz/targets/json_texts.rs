//! `wire::rewrite_json_texts`: any document; it is taken only if it is JSON, and stays that.
#![no_main]

use std::convert::Infallible;

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use wire::{JsonLimits, rewrite_json_texts, text_spans};

fuzz_target!(|bytes: &[u8]| {
    let limits = JsonLimits::default();
    if wire::is_json_object(bytes) {
        assert!(nenya_fuzz::is_json(bytes));
    }
    let body = Bytes::copy_from_slice(bytes);
    let mut before = Vec::new();
    let rewritten = rewrite_json_texts::<Infallible>(&body, &limits, &mut |text| {
        before.push(text.to_owned());
        Ok((text.len() % 2 == 1).then(|| format!("{text}\"\u{0}")))
    });
    let Ok(Ok(rewritten)) = rewritten else {
        return;
    };
    assert!(nenya_fuzz::is_json(bytes));
    assert_eq!(
        text_spans(bytes, &limits).map(|spans| spans.len()).ok(),
        Some(before.len())
    );
    let Some(rewritten) = rewritten else {
        return;
    };
    assert!(nenya_fuzz::is_json(&rewritten));
    let mut after = Vec::new();
    let read = rewrite_json_texts::<Infallible>(&rewritten, &limits, &mut |text| {
        after.push(text.to_owned());
        Ok(None)
    });
    assert!(matches!(read, Ok(Ok(None))));
    let expected = before.into_iter().map(|text| match text.len() % 2 {
        1 => format!("{text}\"\u{0}"),
        _ => text,
    });
    assert_eq!(after, expected.collect::<Vec<_>>());
});
