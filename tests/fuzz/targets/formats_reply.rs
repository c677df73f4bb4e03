//! `wire::convert_reply` and `wire::read_failure`: whatever a provider answers in any API, the
//! client of every other API gets JSON or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nenya_fuzz::formats::{any_format, asked};
use wire::ApiFormat;

fuzz_target!(|input: (u8, u16, &[u8])| {
    let (from, status, body) = input;
    let from = any_format(from);
    let _ = wire::usage_of_reply(body, from);
    let failure = wire::read_failure(body, from, status);
    for to in ApiFormat::ALL {
        if let Some(failure) = &failure {
            let (_, written) = wire::write_failure(failure, to);
            assert!(wire::is_json_object(&written), "{from} -> {to}");
            let _ = wire::write_stream_failure(failure, to, &asked(), &wire::Shown { opening: body, latest: body });
        }
        if let Ok((written, _)) = wire::convert_reply(body, from, to, &asked()) {
            assert!(wire::is_json_object(&written.body), "{from} -> {to}");
        }
    }
});
