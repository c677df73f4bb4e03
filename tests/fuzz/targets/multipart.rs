//! `wire::multipart`: whatever is taken passes byte for byte, and reads alike however it is cut.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use wire::multipart::{FormError, FormReader, LONGEST_HEAD, Piece};

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
                Piece::Part(head) => data.extend_from_slice(head.name.as_bytes()),
                Piece::End => data.push(0),
            }
        }
    }
    reader.finish()?;
    Ok((passed, data))
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
