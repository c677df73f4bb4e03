//! Addresses of IP version 6 as they are written.

use super::Read;
use crate::scan::apart;
use crate::scan::classes::{ByteSet, DIGIT, WORD};
use crate::scan::view::View;
use std::net::Ipv6Addr;

/// The longest address: eight groups, the last two as an address of version 4.
const LONGEST: usize = 45;

const HEX: ByteSet = DIGIT
    .or(ByteSet::range(b'a', b'f'))
    .or(ByteSet::range(b'A', b'F'));
const INSIDE: ByteSet = HEX.with(b':').with(b'.');

/// Reads the address that begins at `at`, with a hexadecimal digit or `::`.
pub(super) fn read(at: usize, view: &View<'_>) -> Read {
    let joins = view
        .before(at)
        .is_some_and(|byte| byte == b':' || byte == b'.');
    if joins || !apart::begins_word(view, at) {
        return Read::No;
    }
    let rest = view.text.get(at..).unwrap_or_default();
    let length = rest
        .iter()
        .take_while(|byte| INSIDE.has(**byte))
        .take(LONGEST + 2)
        .count();
    if length > LONGEST + 1 {
        return Read::No;
    }
    if view.is_open_at(at + length) {
        return Read::Open(at);
    }
    if view.byte(at + length).is_some_and(|byte| WORD.has(byte)) {
        return Read::No;
    }
    let run = trimmed(rest.get(..length).unwrap_or_default());
    let run = without_port(run).unwrap_or(run);
    if is_address(run) {
        Read::Address(at..at + run.len())
    } else {
        Read::No
    }
}

/// Without the full stop or colon of the sentence around it.
fn trimmed(mut run: &[u8]) -> &[u8] {
    while let [rest @ .., b'.'] = run {
        run = rest;
    }
    match run {
        [.., b':', b':'] => run,
        [rest @ .., b':'] => rest,
        _ => run,
    }
}

/// The address before a port, as some tools write it without brackets: all eight groups, most of
/// them of four digits, and one more in decimal.
fn without_port(run: &[u8]) -> Option<&[u8]> {
    let is_colon = |byte: &u8| *byte == b':';
    let colons = run.iter().filter(|byte| is_colon(byte)).count();
    let last = run.iter().rposition(is_colon)?;
    let (address, port) = run.split_at_checked(last)?;
    let is_port = port.iter().skip(1).all(u8::is_ascii_digit) && (3..=6).contains(&port.len());
    let full = address.split(is_colon).filter(|group| group.len() == 4);
    (colons == 8 && is_port && full.count() >= 5).then_some(address)
}

fn is_address(run: &[u8]) -> bool {
    let colons = run.iter().filter(|byte| **byte == b':').count();
    let is_likely = colons >= 6 || run.windows(2).any(|pair| pair == b"::");
    let text = || std::str::from_utf8(run).unwrap_or_default();
    is_likely && text().parse::<Ipv6Addr>().is_ok()
}
