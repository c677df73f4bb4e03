use super::*;
use proptest::prelude::*;

fn reader(sender: Sender) -> Reader {
    Reader::new(sender, 1 << 10)
}

fn read(sender: Sender, bytes: &[u8]) -> Result<Vec<Message>, FrameError> {
    let (mut reader, mut all) = (reader(sender), Vec::new());
    reader.push(bytes);
    while let Some(message) = reader.next_message()? {
        all.push(message);
    }
    Ok(all)
}

fn text(text: &str) -> Message {
    Message::Text(Bytes::copy_from_slice(text.as_bytes()))
}

#[test]
fn the_examples_of_the_standard_are_read() {
    let hello = [0x81, 5, 0x48, 0x65, 0x6c, 0x6c, 0x6f];
    assert_eq!(read(Sender::Server, &hello), Ok(vec![text("Hello")]));
    let masked = [
        0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,
    ];
    assert_eq!(read(Sender::Client, &masked), Ok(vec![text("Hello")]));
    let parts = [0x01, 3, 0x48, 0x65, 0x6c, 0x80, 2, 0x6c, 0x6f];
    assert_eq!(read(Sender::Server, &parts), Ok(vec![text("Hello")]));
    let ping = [0x89, 5, 0x48, 0x65, 0x6c, 0x6c, 0x6f];
    let said = Message::Ping(Bytes::from_static(b"Hello"));
    assert_eq!(read(Sender::Server, &ping), Ok(vec![said]));
}

#[test]
fn a_ping_may_come_between_the_parts_of_a_message() {
    let bytes = [0x01, 1, b'a', 0x89, 1, b'p', 0x00, 1, b'b', 0x80, 0];
    let ping = Message::Ping(Bytes::from_static(b"p"));
    assert_eq!(read(Sender::Server, &bytes), Ok(vec![ping, text("ab")]));
}

#[test]
fn what_the_standard_forbids_is_refused() {
    for (sender, bytes, error) in [
        (Sender::Client, &[0x81, 1, b'a'][..], FrameError::Mask),
        (
            Sender::Server,
            &[0x81, 0x81, 0, 0, 0, 0, b'a'],
            FrameError::Mask,
        ),
        (Sender::Server, &[0xc1, 0], FrameError::Reserved),
        (Sender::Server, &[0x83, 0], FrameError::Opcode),
        (Sender::Server, &[0x8b, 0], FrameError::Opcode),
        (Sender::Server, &[0x09, 0], FrameError::Control),
        (Sender::Server, &[0x89, 126, 0, 126], FrameError::Control),
        (Sender::Server, &[0x80, 0], FrameError::Continuation),
        (
            Sender::Server,
            &[0x01, 0, 0x81, 0],
            FrameError::Continuation,
        ),
        (
            Sender::Server,
            &[0x81, 127, 255, 0, 0, 0, 0, 0, 0, 0],
            FrameError::Length,
        ),
        (Sender::Server, &[0x81, 1, 0xff], FrameError::NotUtf8),
        (Sender::Server, &[0x88, 1, 3], FrameError::CloseCode),
        (Sender::Server, &[0x88, 2, 3, 0xed], FrameError::CloseCode),
        (
            Sender::Server,
            &[0x88, 3, 3, 0xe8, 0xff],
            FrameError::NotUtf8,
        ),
    ] {
        assert_eq!(read(sender, bytes), Err(error), "{bytes:?}");
    }
}

#[test]
fn a_message_beyond_the_bound_is_refused_before_its_bytes_come() {
    assert_eq!(
        read(Sender::Server, &[0x81, 126, 4, 1]),
        Err(FrameError::TooLarge)
    );
    let mut parts = vec![0x01, 126, 4, 0];
    parts.resize(4 + 1024, b'a');
    parts.extend([0x80, 1]);
    assert_eq!(read(Sender::Server, &parts), Err(FrameError::TooLarge));
}

#[test]
fn a_close_says_why_or_nothing() {
    let close = Close {
        code: 4001,
        reason: "é".repeat(100),
    };
    let payload = close_payload(&close);
    assert_eq!(payload.len(), 2 + 122, "no character is torn");
    let bytes = frame(FrameKind::Close, &payload, None);
    let read = read(Sender::Server, &bytes).unwrap();
    let [Message::Close(Some(told))] = read.as_slice() else {
        panic!("{read:?}")
    };
    assert_eq!((told.code, told.reason.as_str()), (4001, &*"é".repeat(61)));
    let silent = Close {
        code: 1006,
        reason: String::new(),
    };
    assert!(close_payload(&silent).is_empty());
}

proptest! {
    /// Lengths of all three spellings, masks, and any cut into pieces.
    #[test]
    fn what_is_written_is_read_however_it_is_cut(
        lengths in proptest::collection::vec(prop_oneof![0_usize..130, 65_500_usize..65_600], 1..5),
        mask in any::<Option<Mask>>(),
        cuts in proptest::collection::vec(1_usize..9000, 1..40),
    ) {
        let sender = if mask.is_some() { Sender::Client } else { Sender::Server };
        let texts: Vec<String> = lengths.iter().map(|length| "äb".repeat(length / 3)).collect();
        let mut bytes = Vec::new();
        for text in &texts {
            bytes.extend_from_slice(&frame(FrameKind::Text, text.as_bytes(), mask));
            bytes.extend_from_slice(&frame(FrameKind::Pong, b"x", mask));
        }
        let (mut reader, mut rest, mut read) = (Reader::new(sender, 1 << 20), bytes.as_slice(), Vec::new());
        for cut in cuts.into_iter().cycle() {
            if rest.is_empty() { break; }
            let (now, later) = rest.split_at(cut.min(rest.len()));
            reader.push(now);
            rest = later;
            while let Some(message) = reader.next_message().unwrap() { read.push(message); }
        }
        let expected: Vec<Message> = texts.iter().flat_map(|said| [text(said), Message::Pong]).collect();
        prop_assert_eq!(read, expected);
        prop_assert_eq!(reader.held(), 1, "the last pong's byte");
    }

    #[test]
    fn no_bytes_make_it_hold_more_than_they_are(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut reader = reader(Sender::Client);
        reader.push(&bytes);
        while let Ok(Some(_)) = reader.next_message() {}
        prop_assert!(reader.held() <= bytes.len());
    }
}
