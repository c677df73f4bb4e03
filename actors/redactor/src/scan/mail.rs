//! The family of mail addresses.
//!
//! Owns: the mailbox before an `@` and the domain after it, with a top-level domain. Letters
//! beyond ASCII count in both; in mailboxes only those of two bytes (Latin, Greek, Cyrillic,
//! Hebrew, Arabic), since scripts without spaces would make the prose before it part of it.
//!
//! Never does: quoted mailboxes, addresses of numbers in brackets, comments, hosts without a
//! domain. `git@` and `hg@` name a service and stay.

use std::ops::Range;

use super::classes::{ALNUM, Classes, LETTER};
use super::family::{Family, Looks, RuleNumber, Trigger, TriggerText};
use super::view::View;
use crate::table::row::{How, Rule, Special};

/// The longest mailbox, in bytes: RFC 5321 section 4.5.3.1.1.
const LONGEST_MAILBOX: usize = 64;
/// The longest domain: RFC 5321 section 4.5.3.1.2.
const LONGEST_DOMAIN: usize = 255;
/// The longest part of a domain: RFC 1035 section 2.3.4.
const LONGEST_LABEL: usize = 63;

/// Mailboxes that are no person's: the user of remote repositories.
const SERVICES: &[&[u8]] = &[b"git", b"hg"];

/// Endings of names of files and units, none of which is a top-level domain.
const FILES: &[&[u8]] = &[
    b"png", b"jpg", b"jpeg", b"gif", b"webp", b"svg", b"bmp", b"ico", b"tiff", b"pdf", b"txt",
    b"json", b"js", b"jsx", b"ts", b"tsx", b"mjs", b"cjs", b"css", b"scss", b"html", b"htm",
    b"xml", b"yaml", b"yml", b"toml", b"lock", b"exe", b"dll", b"log", b"conf", b"cfg", b"ini",
    b"tar", b"gz", b"tgz", b"whl", b"jar", b"java", b"cpp", b"hpp", b"go", b"rb", b"php", b"vue",
    b"service", b"timer", b"socket", b"target", b"mount", b"slice", b"scope",
];

/// See the module.
#[derive(Debug)]
struct Mail {
    rule: RuleNumber,
}

/// The family of the row that is a mail address.
pub(crate) fn build(
    rows: &[(RuleNumber, &'static Rule)],
    _classes: &mut Classes,
) -> Option<Box<dyn Family>> {
    let is_own = |row: &Rule| matches!(row.how, How::Special(Special::Mail));
    let (rule, _) = *rows.iter().find(|(_, row)| is_own(row))?;
    Some(Box::new(Mail { rule }))
}

impl Family for Mail {
    fn triggers(&self) -> Vec<Trigger> {
        vec![Trigger {
            what: TriggerText::At,
            payload: 0,
            is_replaced: true,
        }]
    }

    fn look(&self, at: usize, _payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        let Some(start) = mailbox_start(view, at) else {
            return;
        };
        if is_password_of_url(view, start) || is_service(view, start..at) {
            return;
        }
        let run = domain_run(view, at + 1);
        if run.len() > LONGEST_DOMAIN {
            return;
        }
        if view.is_open_at(run.end) {
            return looks.open(start, start);
        }
        if let Some(end) = domain_end(view, run) {
            looks.found(self.rule, start..end);
        }
    }

    /// The mailbox at the end of a text, with the user before it if this is a URL's password.
    fn tail(&self, view: &mut View<'_>) -> Option<usize> {
        let end = view.text.len();
        let start = mailbox_start(view, end).or_else(|| dotted_start(view, end));
        user_of_url(view, start.unwrap_or(end)).or(start)
    }
}

/// Whether a byte may stand in a mailbox. Of the signs that RFC 5322 allows, those that code and
/// markup put around addresses (`=`, `/`, `*`, `{`, `` ` ``, ...) are left out.
#[inline]
fn is_mailbox(byte: u8) -> bool {
    ALNUM.has(byte) || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-' | b'\'') || is_beyond(byte)
}

/// Whether a byte is of a character of two bytes from U+00C0 on, or follows in any.
#[inline]
fn is_beyond(byte: u8) -> bool {
    matches!(byte, 0x80..=0xbf | 0xc3..=0xdf)
}

/// Where the mailbox that ends before `end` begins; nothing if it is empty or ends as none does.
/// Of a longer run than any mailbox it is the end, so that no address goes out for its length.
fn mailbox_start(view: &View<'_>, end: usize) -> Option<usize> {
    let last = view.before(end)?;
    if !is_mailbox(last) || matches!(last, b'.' | b'\'' | b'%') {
        return None;
    }
    run_start(view, end)
}

/// The same for a mailbox that has just come to a dot or a quote and may go on.
fn dotted_start(view: &View<'_>, end: usize) -> Option<usize> {
    let last = view.before(end)?;
    if matches!(last, b'.' | b'\'' | b'%') {
        run_start(view, end)
    } else {
        None
    }
}

fn run_start(view: &View<'_>, end: usize) -> Option<usize> {
    let mut start = end;
    while let Some(byte) = view.before(start).filter(|byte| is_mailbox(*byte)) {
        if byte == b'.' && view.byte(start) == Some(b'.') && start < end {
            start += 1;
            break;
        }
        if end - start == LONGEST_MAILBOX {
            break;
        }
        start -= 1;
    }
    let start = after_escape(view, start);
    let run = view.text.get(start..end)?;
    let begins = |byte: &u8| ALNUM.has(*byte) || matches!(*byte, b'_' | b'+' | 0xc3..=0xdf);
    let offset = run.iter().position(begins)?;
    Some(start + offset)
}

/// The letter of an escape such as `\n` is no part of the mailbox after it.
fn after_escape(view: &View<'_>, start: usize) -> usize {
    let is_letter = view
        .byte(start)
        .is_some_and(|byte| b"nrtbfv".contains(&byte));
    start + usize::from(is_letter && view.before(start) == Some(b'\\'))
}

/// The beginning of the user's name, if what begins at `start` is a password in
/// `//user:password@host`: that is a find of its own, and the host stays.
fn user_of_url(view: &View<'_>, start: usize) -> Option<usize> {
    if view.before(start) != Some(b':') {
        return None;
    }
    let colon = start - 1;
    let mut user = colon;
    while view.before(user).is_some_and(is_mailbox) {
        if colon - user == LONGEST_MAILBOX {
            return None;
        }
        user -= 1;
    }
    let slashes = user.checked_sub(2)?;
    (view.text.get(slashes..user) == Some(b"//")).then_some(user)
}

fn is_password_of_url(view: &View<'_>, start: usize) -> bool {
    user_of_url(view, start).is_some()
}

fn is_service(view: &View<'_>, mailbox: Range<usize>) -> bool {
    let mailbox = view.text.get(mailbox).unwrap_or_default();
    SERVICES.contains(&mailbox)
}

/// The bytes from `start` on that could be a domain, at most one more than any has.
fn domain_run(view: &View<'_>, start: usize) -> Range<usize> {
    let mut end = start;
    let mut label = start;
    while let Some(byte) = view.byte(end) {
        if end - start > LONGEST_DOMAIN {
            break;
        }
        match byte {
            b'.' => label = end + 1,
            b'-' => {}
            _ if ALNUM.has(byte) => {}
            _ if byte >= 0x80 && is_letter_of_label(view, label, end) => {}
            _ => break,
        }
        end += 1;
    }
    start..end
}

/// Whether the character beyond ASCII at `at` belongs to the label that begins at `label`.
///
/// A label that begins in ASCII has letters of two bytes only: what follows `example.com` in a
/// script without spaces is prose. Punctuation of any script ends a domain.
fn is_letter_of_label(view: &View<'_>, label: usize, at: usize) -> bool {
    let byte = view.byte(at).unwrap_or_default();
    let begins_beyond = view.byte(label).is_some_and(|first| first >= 0xe0);
    match byte {
        0x80..=0xbf => true,
        0xc3..=0xdf => true,
        0xe3 => begins_beyond && view.byte(at + 1) != Some(0x80),
        0xe0 | 0xe1 | 0xe4..=0xee | 0xf0 => begins_beyond,
        _ => false,
    }
}

/// Where the domain in `run` ends, if it is one and has a top-level domain.
fn domain_end(view: &View<'_>, run: Range<usize>) -> Option<usize> {
    let text = view.text.get(run.clone())?;
    let tail = text
        .iter()
        .rev()
        .take_while(|byte| matches!(byte, b'.' | b'-'));
    let text = text.get(..text.len() - tail.count())?;
    let is_label = |label: &[u8]| {
        let ends = [label.first(), label.last()];
        (1..=LONGEST_LABEL).contains(&label.len()) && !ends.contains(&Some(&b'-'))
    };
    let mut labels = text.split(|byte| *byte == b'.');
    let is_domain = labels.clone().all(is_label) && labels.clone().count() > 1;
    let top = labels.next_back()?;
    (is_domain && is_top(top) && !is_version(text)).then_some(run.start + text.len())
}

fn is_top(label: &[u8]) -> bool {
    let is_ascii_top = label.len() >= 2 && label.iter().all(|byte| LETTER.has(*byte));
    let is_other = label.starts_with(b"xn--") || !label.is_ascii();
    let is_file = || FILES.iter().any(|file| label.eq_ignore_ascii_case(file));
    // `this@Activity.someName` is code.
    let is_camel = |pair: &[u8]| matches!(pair, [b'a'..=b'z', b'A'..=b'Z']);
    (is_ascii_top && !is_file() && !label.windows(2).any(is_camel)) || is_other
}

/// Whether it is a version of a package, as in `pkg@1.2.3-beta.rc` or `action@v4.1.x`.
fn is_version(domain: &[u8]) -> bool {
    let number = domain.strip_prefix(b"v").unwrap_or(domain);
    let mut labels = number.split(|byte| *byte == b'.');
    let is_number = |label: &[u8]| label.iter().all(u8::is_ascii_digit);
    let begins_number = |label: &[u8]| label.first().is_some_and(u8::is_ascii_digit);
    labels.next().is_some_and(is_number) && labels.next().is_some_and(begins_number)
}
