//! Binary frames of Amazon's event streams. Pure.
//!
//! A frame: its length and that of its headers, the CRC of both, headers, payload, the CRC of all
//! before; numbers big-endian. After the documentation of `botocore` 1.44.5, `eventstream.py`.

/// The header type of texts.
const TEXT: u8 = 7;
/// Two lengths with their CRC before, one CRC behind.
const AROUND: usize = 16;

/// The frame of one event; names that end in `Exception` become exceptions.
pub(crate) fn of_event(name: &str, payload: &[u8]) -> Vec<u8> {
    let (kind, type_header) = match name.ends_with("Exception") {
        true => ("exception", ":exception-type"),
        false => ("event", ":event-type"),
    };
    let headers = [
        (type_header, name),
        (":content-type", "application/json"),
        (":message-type", kind),
    ];
    of(&headers, payload)
}

/// The frame with these headers, all of them texts.
pub(crate) fn of(headers: &[(&str, &str)], payload: &[u8]) -> Vec<u8> {
    let headers: Vec<u8> = headers.iter().flat_map(header).collect();
    let total = AROUND + headers.len() + payload.len();
    let mut frame = Vec::with_capacity(total);
    frame.extend(length(total));
    frame.extend(length(headers.len()));
    frame.extend(crc32(&frame).to_be_bytes());
    frame.extend(headers);
    frame.extend_from_slice(payload);
    frame.extend(crc32(&frame).to_be_bytes());
    frame
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

fn header((name, value): &(&str, &str)) -> Vec<u8> {
    let name_length = u8::try_from(name.len()).unwrap_or(u8::MAX);
    let value_length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    let mut bytes = vec![name_length];
    bytes.extend_from_slice(name.as_bytes());
    bytes.push(TEXT);
    bytes.extend(value_length.to_be_bytes());
    bytes.extend_from_slice(value.as_bytes());
    bytes
}

/// The CRC of zip files and Ethernet, bit by bit: streams here are short.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            let carry = crc & 1;
            crc = (crc >> 1) ^ (0xEDB8_8320 * carry);
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_crc_is_right() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn a_frame_states_its_lengths() {
        let frame = of_event("x", b"{}");
        assert_eq!(
            frame.len(),
            u32::from_be_bytes(frame[..4].try_into().unwrap()) as usize
        );
        assert!(frame.ends_with(&crc32(&frame[..frame.len() - 4]).to_be_bytes()));
    }
}
