//! `wire::multipart`: whatever is taken passes byte for byte, and reads alike however it is cut.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use wire::multipart::{FormError, FormReader, HeadPart, LONGEST_HEAD, PartHead, Piece};

fn read(form: &[u8], step: usize) -> Result<(Vec<u8>, Vec<u8>), FormError> {
    let mut reader = FormReader::new("multipart/form-data; boundary=b0")?;
    let (mut passed, mut data) = (Vec::new(), Vec::new());
    for cut in form.chunks(step.max(1)) {
        let mut pieces = Vec::new();
        reader.push(Bytes::copy_from_slice(cut), &mut pieces)?;
        assert!(reader.held() <= LONGEST_HEAD);
        for piece in pieces {
            match piece {
                Piece::Frame(bytes) => passed.extend_from_slice(&bytes),
                Piece::Data(bytes) => {
                    passed.extend_from_slice(&bytes);
                    data.extend_from_slice(&bytes);
                }
                Piece::Part(head) => {
                    passed.extend_from_slice(head.bytes());
                    data.extend_from_slice(head.name.as_bytes());
                    check_texts(&head);
                }
                Piece::End => data.push(0),
            }
        }
    }
    reader.finish()?;
    Ok((passed, data))
}

/// Other texts in a head are read as they were meant, and leave the field what it was.
fn check_texts(head: &PartHead) {
    assert_eq!(head.with_texts(&[]), head.bytes());
    let new = "[\"a\"] \\ \u{e9}%;";
    let texts = head.texts().iter().enumerate();
    let changed: Vec<(usize, String)> = texts
        .filter(|(_, text)| text.part != HeadPart::FieldName)
        .map(|(number, _)| (number, new.to_owned()))
        .collect();
    let form = [
        b"--b0\r\n".as_slice(),
        &head.with_texts(&changed),
        b"\r\n--b0--",
    ];
    let mut reader = FormReader::new("multipart/form-data; boundary=b0").unwrap();
    let mut pieces = Vec::new();
    reader.push(Bytes::from(form.concat()), &mut pieces).unwrap();
    let again = pieces.iter().find_map(|piece| match piece {
        Piece::Part(head) => Some(head),
        _ => None,
    });
    let again = again.unwrap();
    assert_eq!((&again.name, again.is_file()), (&head.name, head.is_file()));
    for text in again.texts() {
        assert_ne!(text.part, HeadPart::Line);
        let is_name = text.part == HeadPart::FieldName;
        assert_eq!(again.text(text), if is_name { &head.name } else { new });
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((step, form)) = bytes.split_first() else {
        return;
    };
    match (read(form, usize::MAX), read(form, usize::from(*step))) {
        (Ok(whole), Ok(cut)) => {
            assert_eq!(whole.0, form);
            assert_eq!(whole, cut);
        }
        (whole, cut) => assert_eq!(whole.is_err(), cut.is_err()),
    }
});
