//! `wire::websocket`: how frames are cut changes nothing of what is read from them, nothing is held
//! that has not come, and what is written is read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nenya_fuzz::pieces;
use wire::websocket::{
    Close, FrameError, FrameKind, Mask, Message, Reader, Sender, close_payload, frame,
};

fn read<'a>(
    chunks: impl Iterator<Item = &'a [u8]>,
    sender: Sender,
    limit: usize,
) -> (Vec<Message>, Option<FrameError>) {
    let (mut reader, mut messages, mut come) = (Reader::new(sender, limit), Vec::new(), 0);
    for chunk in chunks {
        reader.push(chunk);
        come += chunk.len();
        loop {
            match reader.next_message() {
                Ok(Some(message)) => {
                    if let Message::Text(text) = &message {
                        assert!(text.len() <= limit && std::str::from_utf8(text).is_ok());
                    }
                    messages.push(message);
                }
                Ok(None) => break,
                Err(error) => return (messages, Some(error)),
            }
        }
        assert!(reader.held() <= come);
        assert!(
            reader.held() <= limit + 14 + 125,
            "all but a head was taken"
        );
    }
    (messages, None)
}

fuzz_target!(
    |input: (&[u8], u16, &[u8], Vec<(String, Mask)>, (u16, &str))| {
        let (cuts, limit, stream, texts, (code, reason)) = input;
        for sender in [Sender::Client, Sender::Server] {
            let limit = usize::from(limit);
            let whole = read(std::iter::once(stream), sender, limit);
            assert_eq!(read(pieces(stream, cuts).into_iter(), sender, limit), whole);
            assert_eq!(read(stream.chunks(1), sender, limit), whole);
        }
        // Random bytes seldom are good frames: those of our own lead further in.
        let close = close_payload(&Close {
            code,
            reason: reason.to_owned(),
        });
        for masked in [true, false] {
            let sender = if masked {
                Sender::Client
            } else {
                Sender::Server
            };
            let mask = |mask: Mask| masked.then_some(mask);
            let mut written = Vec::new();
            for (text, with) in &texts {
                written.extend_from_slice(&frame(FrameKind::Text, text.as_bytes(), mask(*with)));
                written.extend_from_slice(&frame(FrameKind::Ping, &[7], mask(*with)));
            }
            written.extend_from_slice(&frame(FrameKind::Close, &close, mask([1, 2, 3, 4])));
            let (messages, error) = read(pieces(&written, cuts).into_iter(), sender, 1 << 20);
            assert_eq!(error, None);
            assert_eq!(messages.len(), 2 * texts.len() + 1);
            for (pair, (text, _)) in messages.chunks(2).zip(&texts) {
                assert!(matches!(&pair[0], Message::Text(read) if read == text.as_bytes()));
            }
            let Some(Message::Close(told)) = messages.last() else {
                panic!("no close")
            };
            assert_eq!(told.is_some(), !close.is_empty());
            assert!(
                told.as_ref()
                    .is_none_or(|told| told.code == code && reason.starts_with(&told.reason))
            );
        }
    }
);
