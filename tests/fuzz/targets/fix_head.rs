//! `provider::fix_head`: an upstream may answer anything, in any pieces, at any time.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use nenya_fuzz::{Peer, drain, send};
use provider::fix_head::FixHead;

#[derive(Debug, Arbitrary)]
struct Exchange<'a> {
    is_head: bool,
    upload: &'a [u8],
    offers: &'a [u8],
    takes: &'a [u8],
    arrives: &'a [u8],
    buffers: &'a [u8],
    answer: &'a [u8],
}

fn request(exchange: &Exchange<'_>) -> Vec<u8> {
    let method = if exchange.is_head { "HEAD" } else { "POST" };
    let head = format!(
        "{method} / HTTP/1.1\r\ncontent-length: {}\r\n\r\n",
        exchange.upload.len()
    );
    [head.as_bytes(), exchange.upload].concat()
}

/// Sends all of it to a peer that takes all of it, then reads.
fn answered(
    exchange: &Exchange<'_>,
    arrives: &[u8],
    buffers: &[u8],
) -> (Vec<u8>, Option<std::io::ErrorKind>) {
    // The first word of a request comes whole, as awc writes it.
    let mut fixed = FixHead::new(Peer::new(exchange.answer, arrives, &[]));
    send(&mut fixed, &request(exchange), &[]).expect("the peer takes everything");
    drain(&mut fixed, buffers)
}

fuzz_target!(|exchange: Exchange<'_>| {
    let (seen, end) = answered(&exchange, &[], &[]);
    assert!(seen.len() <= exchange.answer.len() + 64);
    assert_eq!(
        answered(&exchange, exchange.arrives, exchange.buffers),
        (seen, end)
    );

    // A peer that takes slowly may be found to have refused; then nothing more is sent.
    let peer = Peer::new(exchange.answer, exchange.arrives, exchange.takes);
    let mut fixed = FixHead::new(peer);
    if send(&mut fixed, &request(&exchange), exchange.offers).is_ok() {
        let (seen, _) = drain(&mut fixed, exchange.buffers);
        assert!(seen.len() <= exchange.answer.len() + 64);
    }
});
