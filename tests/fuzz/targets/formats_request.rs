//! `wire::convert_request`: a client's body in any API, said in every other: JSON or a reason, and
//! the same history gives the same bytes.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use nenya_fuzz::formats::{any_format, target};
use wire::{ApiFormat, ChatRequest, JsonLimits};

fuzz_target!(|input: (u8, bool, &[u8])| {
    let (from, strict, body) = input;
    let from = any_format(from);
    let body = Bytes::copy_from_slice(body);
    let Ok(request) = ChatRequest::parse_as(from, body, &JsonLimits::default()) else {
        return;
    };
    let by_path = matches!(from, ApiFormat::Gemini | ApiFormat::Bedrock);
    let request = match by_path {
        true => request.addressed("model", false).expect("a good name"),
        false => request,
    };
    for to in ApiFormat::ALL {
        let written = wire::convert_request(&request, to, &target(), strict);
        let again = wire::convert_request(&request, to, &target(), strict);
        match (written, again) {
            (Ok(written), Ok(again)) => {
                assert!(wire::is_json_object(&written.body), "{from} -> {to}");
                assert_eq!(written.body, again.body, "{from} -> {to}");
                assert!(!strict || written.notes.is_empty(), "{from} -> {to}");
            }
            (Err(why), Err(again)) => assert_eq!(why, again),
            _ => panic!("{from} -> {to}: once it can be said and once not"),
        }
    }
});
