use super::*;
use proptest::prelude::*;

type Owned = (Vec<u8>, Vec<u8>);

fn events_of<'c>(chunks: impl IntoIterator<Item = &'c [u8]>) -> (Vec<Owned>, bool) {
    let mut scanner = EventScanner::new();
    let mut events = Vec::new();
    for chunk in chunks {
        scanner
            .push(chunk, |event| {
                events.push((event.name.to_vec(), event.data.to_vec()))
            })
            .unwrap();
    }
    (events, scanner.at_boundary())
}

fn data_of(stream: &[u8]) -> Vec<String> {
    let (events, _) = events_of([stream]);
    events
        .into_iter()
        .map(|(_, data)| String::from_utf8(data).unwrap())
        .collect()
}

#[test]
fn all_line_endings_are_known() {
    assert_eq!(
        data_of(b"data: a\n\ndata: b\r\n\r\ndata: c\r\rdata: d\n\r\n"),
        ["a", "b", "c", "d"]
    );
}

#[test]
fn space_after_the_colon_is_optional_and_only_one_is_taken() {
    assert_eq!(data_of(b"data:a\n\ndata:  b\n\ndata\n\n"), ["a", " b", ""]);
}

#[test]
fn lines_of_data_are_joined() {
    assert_eq!(data_of(b"data: a\ndata: b\ndata:\n\n"), ["a\nb\n"]);
}

#[test]
fn comments_and_unknown_fields_make_no_event() {
    assert_eq!(
        data_of(b": hello\n\nid: 3\nretry: 5\n\nevent: ping\n\ndatum: x\n\n"),
        [""; 0]
    );
}

#[test]
fn names_belong_to_their_event_only() {
    let (events, _) = events_of([b"event: a\ndata: 1\n\ndata: 2\n\n".as_slice()]);
    assert_eq!(
        events,
        [(b"a".to_vec(), b"1".to_vec()), (vec![], b"2".to_vec())]
    );
}

#[test]
fn byte_order_mark_is_dropped_once() {
    assert_eq!(
        data_of(b"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n"),
        ["a"]
    );
}

#[test]
fn event_within_one_chunk_is_not_copied() {
    let chunk = b": c\n\ndata: {\"x\":1}\n\n";
    let mut scanner = EventScanner::new();
    let mut inside = false;
    scanner
        .push(chunk, |event| {
            inside = chunk.as_ptr_range().contains(&event.data.as_ptr())
        })
        .unwrap();
    assert!(inside);
    assert_eq!(scanner.data.capacity(), 0);
}

#[test]
fn boundary_is_known() {
    for (stream, boundary) in [
        ("", true),
        ("data: a\n\n", true),
        ("data: a\r\n\r", true),
        (": comment\n", true),
        ("data: a\n", false),
        ("data: a", false),
        ("event: a\n", false),
        ("d", false),
    ] {
        assert_eq!(events_of([stream.as_bytes()]).1, boundary, "{stream:?}");
    }
}

#[test]
fn long_lines_and_long_events_are_refused() {
    let refused = Err(WireError::EventTooLong { limit: 10 });
    let push = |scanner: &mut EventScanner, bytes: &[u8]| scanner.push(bytes, |_| ());
    assert_eq!(
        push(&mut EventScanner::with_limit(10), b"data: 01234\n\n"),
        refused
    );
    assert_eq!(
        push(&mut EventScanner::with_limit(10), b"data: 01234"),
        refused
    );
    let mut scanner = EventScanner::with_limit(10);
    assert_eq!(push(&mut scanner, b"data:01234\n"), Ok(()));
    assert_eq!(push(&mut scanner, b"data:56789\n"), refused);
}

#[test]
fn written_events_read_back() {
    assert_eq!(data_of(&data_event("{\n}")), ["{\n}"]);
    assert_eq!(&data_event("x")[..], b"data: x\n\n");
    let (events, _) = events_of([DONE]);
    assert!(
        Event {
            name: &events[0].0,
            data: &events[0].1
        }
        .is_done()
    );
    assert_eq!(events_of([KEEP_ALIVE]), (vec![], true));
}

fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("data: "),
        Just("data:"),
        Just("data"),
        Just("event: x"),
        Just(": c"),
        Just("\n"),
        Just("\r"),
        Just("\r\n"),
        Just("\n\n"),
        Just("\r\n\r\n"),
        Just("a"),
        Just("é"),
        Just(" "),
        Just(":"),
        Just("\u{feff}"),
        Just("id: 1"),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #[test]
    fn every_cut_gives_the_same_events(stream in stream(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..8)) {
        let whole = events_of([stream.as_slice()]);
        prop_assert_eq!(&events_of(stream.chunks(1)), &whole);
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.sort_unstable();
        cuts.push(stream.len());
        let mut from = 0;
        let mut pieces = Vec::new();
        for cut in cuts {
            pieces.push(&stream[from..cut]);
            from = cut;
        }
        prop_assert_eq!(&events_of(pieces), &whole);
    }
}
