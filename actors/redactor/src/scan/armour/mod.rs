//! The family of private keys in armour: PEM, OpenSSH, PGP, SSH2, PuTTY.
//!
//! Owns: the rows `private-key`, `pgp-private-key` and `putty-private-key`: which first lines are
//! those of a private key. Where the block ends say `body.rs` and `lines.rs`. Public keys and certificates stay,
//! and so does a first line with no body after it.

mod body;
mod lines;

use self::body::{Body, Ending};
use super::accept::Accept;
use super::classes::{ALNUM, ByteSet, Classes, DIGIT};
use super::edge::is_held;
use super::family::{Family, Looks, RuleNumber, Trigger, TriggerText};
use super::view::View;
use super::walk::{Miss, Step, after_any, between, peek, skip};
use crate::table::row::{How, Rule, Special};

const PEM: &str = "-----begin";
const SSH2: &str = "---- begin ";
const PUTTY: &str = "PuTTY-User-Key-File-";

/// What a payload stands for.
const STARTS: &[&str] = &[PEM, SSH2, PUTTY];

/// What stands between the words of a label: blanks, also as URLs spell them.
const BLANKS: ByteSet = ByteSet::of(b" \t+%");

/// Bytes of a label.
const LABEL: ByteSet = ALNUM.or(BLANKS);

/// Longest label.
const LONGEST_LABEL: usize = 64;

/// Longest name of an algorithm after PuTTY's first line.
const ALGORITHM: usize = 64;

#[derive(Debug)]
struct Armour {
    key: Option<Accept>,
    pgp: Option<Accept>,
    putty: Option<Accept>,
    body: Body,
}

/// The family, if there is a row for it.
pub(crate) fn build(
    rows: &[(RuleNumber, &'static Rule)],
    classes: &mut Classes,
) -> Option<Box<dyn Family>> {
    let is_own = |rule: &Rule| matches!(rule.how, How::Special(Special::Armour));
    let own: Vec<_> = rows
        .iter()
        .filter(|(_, rule)| is_own(rule))
        .copied()
        .collect();
    let family = Armour {
        key: Accept::find(&own, "private-key"),
        pgp: Accept::find(&own, "pgp-private-key"),
        putty: Accept::find(&own, "putty-private-key"),
        body: Body::new(classes),
    };
    (!own.is_empty()).then(|| Box::new(family) as Box<dyn Family>)
}

impl Family for Armour {
    fn triggers(&self) -> Vec<Trigger> {
        let numbered = (0_u16..).zip(STARTS);
        let trigger = |(payload, text): (u16, &&str)| Trigger {
            what: match *text {
                PUTTY => TriggerText::Exact(PUTTY.into()),
                text => TriggerText::AnyCase(text.into()),
            },
            payload,
            is_replaced: true,
        };
        numbered.map(trigger).collect()
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        if !is_held(view.text, at) {
            return;
        }
        match self.block(at, payload, view) {
            Err(Miss::No) => {}
            Err(Miss::Open) => looks.open(at, at),
            Ok((accept, end)) => {
                if accept.passes(between(view, at, end)) {
                    looks.found(accept.number, at..end);
                }
            }
        }
    }
}

impl Armour {
    fn block(&self, at: usize, payload: u16, view: &mut View<'_>) -> Step<(Accept, usize)> {
        let start = STARTS
            .get(usize::from(payload))
            .map_or(0, |text| text.len());
        let (accept, body, ending) = match STARTS.get(usize::from(payload)) {
            Some(&(PEM | SSH2)) => {
                let (body, is_pgp) = first_line(view, at + start)?;
                (if is_pgp { self.pgp } else { self.key }, body, Ending::Line)
            }
            _ => (self.putty, putty_line(view, at + start)?, Ending::Header),
        };
        let accept = accept.ok_or(Miss::No)?;
        Ok((accept, self.body.end(view, body, ending)?))
    }
}

/// After the first line of a private key, and whether it is one of PGP. Some write four dashes for
/// five, and small letters.
fn first_line(view: &View<'_>, at: usize) -> Step<(usize, bool)> {
    let end = skip(view, at, &LABEL, LONGEST_LABEL)?;
    let after = skip(view, end, const { &ByteSet::of(b"-") }, 5)?;
    let label = between(view, at, end).to_ascii_uppercase();
    let words = label.split(|byte| BLANKS.has(*byte));
    // `%20` is a blank.
    let words = words.map(|word| word.strip_prefix(b"20").unwrap_or(word));
    let mut words = words.filter(|word| !word.is_empty()).rev();
    let last = (words.next(), words.next(), words.next());
    match last {
        _ if after < end + 4 => Err(Miss::No),
        (Some(b"BLOCK"), Some(b"KEY"), Some(b"PRIVATE")) => Ok((after, true)),
        (Some(b"KEY"), Some(b"PRIVATE"), _) => Ok((after, false)),
        _ => Err(Miss::No),
    }
}

fn putty_line(view: &View<'_>, at: usize) -> Step<usize> {
    let version = skip(view, at, &DIGIT, 2)?;
    let name = after_any(view, version, &[b": "])?.ok_or(Miss::No)?;
    let end = skip(
        view,
        name,
        &const { ByteSet::of(b" \t\r\n\\\"'") }.not(),
        ALGORITHM,
    )?;
    match peek(view, end)? {
        Some(b'\r' | b'\n' | b'\\' | b' ') if end > name => Ok(end),
        _ => Err(Miss::No),
    }
}

#[cfg(test)]
mod lines_tests;
#[cfg(test)]
mod tests;
