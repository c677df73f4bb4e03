//! Numbers of JSON.

/// Length of the number at the start of `bytes`, and whether it is whole; else a digit is missing
/// there.
pub(super) fn number(bytes: &[u8]) -> (usize, bool) {
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let whole = match bytes.get(sign) {
        Some(b'0') => 1,
        _ => digits(bytes, sign),
    };
    let mut at = sign + whole;
    if whole == 0 {
        return (at, false);
    }
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(bytes, at + 1);
        at += 1 + fraction;
        if fraction == 0 {
            return (at, false);
        }
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(bytes, at + 1 + sign);
        return (at + 1 + sign + exponent, exponent > 0);
    }
    (at, true)
}

fn digits(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}
