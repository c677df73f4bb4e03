use proptest::prelude::*;

use super::*;

const TYPE: &str = "multipart/form-data; boundary=b0";
const FORM: &[u8] = b"--b0\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n\
--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".jsonl\"\r\nContent-Type: Application/JSONL; charset=UTF-8\r\n\r\n\
{\"a\":1}\r\n--b\r\n\r\n--b0\r\ncontent-disposition: form-data; name=empty\r\n\r\n\r\n--b0--\r\n";

/// The parts of a form (name, whether it is a file, data) and all bytes that went through.
type Read = (Vec<(String, bool, Vec<u8>)>, Vec<u8>);

fn read(form: &[u8], cuts: impl Iterator<Item = usize>) -> Result<Read, FormError> {
    let mut reader = FormReader::new(TYPE)?;
    let (mut parts, mut passed, mut pieces) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = Bytes::copy_from_slice(form);
    for cut in cuts.chain([usize::MAX]) {
        reader.push(rest.split_to(cut.min(rest.len())), &mut pieces)?;
        assert!(reader.held() <= LONGEST_HEAD);
    }
    reader.finish()?;
    for piece in pieces {
        match piece {
            Piece::Frame(bytes) => passed.extend_from_slice(&bytes),
            Piece::Part(head) => {
                passed.extend_from_slice(head.bytes());
                parts.push((head.name.clone(), head.is_file(), Vec::new()));
            }
            Piece::Data(bytes) => {
                passed.extend_from_slice(&bytes);
                parts.last_mut().unwrap().2.extend_from_slice(&bytes);
            }
            Piece::End => {}
        }
    }
    Ok((parts, passed))
}

fn whole(form: &[u8]) -> Result<Read, FormError> {
    read(form, std::iter::empty())
}

fn part(name: &str, is_file: bool, data: &[u8]) -> (String, bool, Vec<u8>) {
    (name.to_owned(), is_file, data.to_vec())
}

#[test]
fn fields_and_files_are_found_however_the_form_is_cut() {
    let expected = [
        part("model", false, b"whisper-1"),
        part("file", true, b"{\"a\":1}\r\n--b\r\n"),
        part("empty", false, b""),
    ];
    for step in 1..FORM.len() {
        let (parts, passed) = read(FORM, std::iter::repeat_n(step, FORM.len())).unwrap();
        assert_eq!(parts, expected, "step {step}");
        assert_eq!(passed, FORM, "step {step}");
    }
}

#[test]
fn a_file_has_its_name_and_type() {
    let mut pieces = Vec::new();
    let mut reader = FormReader::new(TYPE).unwrap();
    reader.push(Bytes::from_static(FORM), &mut pieces).unwrap();
    let head = pieces.iter().find_map(|piece| match piece {
        Piece::Part(head) if head.is_file() => Some(head.clone()),
        _ => None,
    });
    let head = head.unwrap();
    assert_eq!(head.filename.as_deref(), Some("a \\\"b\\\".jsonl"));
    assert_eq!(head.content_type.as_deref(), Some("application/jsonl"));
    assert!(!format!("{head:?}").contains("jsonl"));
}

#[test]
fn a_piece_without_a_torn_delimiter_is_not_copied() {
    let mut reader = FormReader::new(TYPE).unwrap();
    let mut pieces = Vec::new();
    let start = "--b0\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n";
    reader.push(Bytes::from(start), &mut pieces).unwrap();
    pieces.clear();
    let data = Bytes::from(vec![b'x'; 64 << 10]);
    let address = data.as_ptr();
    reader.push(data, &mut pieces).unwrap();
    assert!(matches!(&pieces[..], [Piece::Data(data)] if data.as_ptr() == address));
}

#[test]
fn forms_that_two_readers_could_read_in_two_ways_are_refused() {
    let one = |head: &str| format!("--b0\r\n{head}\r\n\r\nx\r\n--b0--\r\n");
    let named = "content-disposition: form-data; name=\"a\"";
    for (form, error) in [
        ("preamble\r\n--b0--".to_owned(), FormError::Delimiter),
        (
            format!("--b0 \r\n{named}\r\n\r\nx\r\n--b0--"),
            FormError::Delimiter,
        ),
        (
            format!("--b0\r\n{named}\r\n\r\nx\r\n--b0x--"),
            FormError::Delimiter,
        ),
        (format!("{}epilogue", one(named)), FormError::Delimiter),
        (format!("{}\r\n", one(named)), FormError::Delimiter),
        (format!("--b0\r\n{named}\r\n\r\nx"), FormError::Incomplete),
        (
            format!("--b0\r\n{named}\r\n\r\nx\r\n--b0-"),
            FormError::Incomplete,
        ),
        (one("x: y"), FormError::Head),
        (one("content-disposition: form-data"), FormError::Head),
        (
            one("content-disposition: attachment; name=\"a\""),
            FormError::Head,
        ),
        (
            one("content-disposition: form-data; name=\"a\"; name=\"b\""),
            FormError::Head,
        ),
        (
            one("content-disposition: form-data; name=\"a\\b\""),
            FormError::Head,
        ),
        (
            one("content-disposition: form-data; name=\"mod%65l\""),
            FormError::Head,
        ),
        (
            one("content-disposition: form-data; name=\"_charset_\""),
            FormError::Head,
        ),
        (
            one("content-disposition: form-data; name=\"a\"x"),
            FormError::Head,
        ),
        (
            one("content-disposition: form-data; name=\"a"),
            FormError::Head,
        ),
        (one(&format!("{named}\r\n{named}")), FormError::Head),
        (one(&format!("{named}\r\n folded")), FormError::Head),
        (
            one(&format!("{named}\r\nContent-Transfer-Encoding: base64")),
            FormError::Encoded,
        ),
        (
            one(&format!(
                "{named}\r\ncontent-type: text/plain; charset=utf-16"
            )),
            FormError::Encoded,
        ),
        (
            one(&format!("{named}\r\nx: {}", "y".repeat(LONGEST_HEAD))),
            FormError::HeadTooLong,
        ),
        (
            format!("{}--b0--", one(named).replace("--b0--\r\n", "").repeat(257)),
            FormError::TooManyParts,
        ),
    ] {
        assert_eq!(whole(form.as_bytes()), Err(error), "{:.120}", form);
    }
}

#[test]
fn a_form_without_parts_and_one_without_a_last_line_end_are_read() {
    assert_eq!(whole(b"--b0--").unwrap().0, []);
    let form = b"--b0\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b0--";
    assert_eq!(whole(form).unwrap().0, [part("a", false, b"1")]);
}

#[test]
fn a_second_line_end_behind_the_last_delimiter_is_refused_however_it_is_cut() {
    for form in [
        b"--b0--\r\n\r\n".as_slice(),
        b"--b0--\r\n\r",
        b"--b0--\r\nx",
    ] {
        for step in 1..=form.len() {
            let read = read(form, std::iter::repeat_n(step, form.len()));
            assert_eq!(read, Err(FormError::Delimiter), "{step}");
        }
    }
}

#[test]
fn only_usable_boundaries_are_taken() {
    for good in [
        "multipart/form-data; boundary=x",
        "Multipart/Form-Data; charset=utf-8; Boundary=\"x y\"",
        "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
    ] {
        assert!(FormReader::new(good).is_ok(), "{good}");
    }
    for bad in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=a; boundary=b",
        "multipart/form-data; boundary=\"a ",
        "multipart/form-data; boundary=\"a \"",
        "multipart/form-data; boundary=\"a{\"",
        "multipart/mixed; boundary=a",
        "application/json",
        &format!("multipart/form-data; boundary={}", "a".repeat(71)),
    ] {
        assert_eq!(
            FormReader::new(bad).err(),
            Some(FormError::Boundary),
            "{bad}"
        );
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic_and_alike_however_they_are_cut(
        mut form in "(--b0\r\n)?([a-c:;=\" \r\n-]|--b0|\r\n|content-disposition: form-data; name=\"a\"){0,40}",
        cuts in prop::collection::vec(0_usize..9, 0..60),
    ) {
        if form.len() % 2 == 0 {
            form.push_str("\r\n--b0--");
        }
        let (a, b) = (whole(form.as_bytes()), read(form.as_bytes(), cuts.into_iter()));
        match (a, b) {
            (Ok(a), Ok(b)) => {
                prop_assert_eq!(&a.1, form.as_bytes());
                prop_assert_eq!(a, b);
            }
            (a, b) => prop_assert_eq!(a.is_err(), b.is_err()),
        }
    }

    #[test]
    fn data_with_torn_delimiters_stays_whole(
        data in "(\r|\n|-|b|0|x|\r\n--b|\r\n-){0,30}",
        step in 1_usize..20,
    ) {
        let form = format!("--b0\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n{data}\r\n--b0--\r\n");
        prop_assume!(!format!("\r\n{data}\r\n").contains("\r\n--b0"));
        let (parts, passed) = read(form.as_bytes(), std::iter::repeat_n(step, form.len())).unwrap();
        prop_assert_eq!(passed, form.as_bytes());
        prop_assert_eq!(parts, [part("a", false, data.as_bytes())]);
    }
}
