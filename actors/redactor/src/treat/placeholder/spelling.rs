//! How a stand-in is spelt, and read again in whatever spelling a model gave it.

use std::fmt;

use crate::scan::edge::STAND_IN;

/// What every stand-in begins with.
pub(super) const HEAD: &str = STAND_IN;

/// Characters of a tag.
pub(super) const TAG_LENGTH: usize = 12;

/// Crockford's base 32: no letter that looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The part of a stand-in that tells the model what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind(&'static str);

impl Kind {
    /// The longest of them.
    pub(super) const LONGEST: usize = 10;

    /// The kind for findings of a rule.
    pub(crate) fn of_rule(id: &str, class: crate::table::row::Class) -> Self {
        use crate::table::row::Class;
        Self(match (class, id) {
            (_, id) if id.contains("email") => "EMAIL",
            (_, id) if id.contains("phone") => "PHONE",
            (_, id) if id.contains("card") => "CARD",
            (_, id) if id.contains("iban") => "IBAN",
            (_, id) if id.contains("ipv4") || id.contains("ipv6") => "IP",
            (_, id) if id.contains("mac-address") => "MAC",
            (_, id) if id.contains("private-key") => "PRIVATEKEY",
            (Class::Credential, _) => "SECRET",
            (Class::Pii, _) => "ID",
            (Class::Kill | Class::Configured, _) => "VALUE",
        })
    }
}

/// 60 bits that name a value.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Tag(u64);

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tag")
    }
}

impl Tag {
    const BITS: u32 = 5 * TAG_LENGTH as u32;

    /// The tag of these bits; the highest four are dropped.
    pub(crate) fn of(bits: u64) -> Self {
        Self(bits & ((1 << Self::BITS) - 1))
    }

    pub(super) fn read(letters: &[u8]) -> Option<Self> {
        if letters.len() != TAG_LENGTH {
            return None;
        }
        let mut bits = 0;
        for letter in letters {
            let upper = letter.to_ascii_uppercase();
            let value = ALPHABET.iter().position(|known| *known == upper)?;
            bits = bits << 5 | value as u64;
        }
        Some(Self(bits))
    }

    pub(super) fn number(self) -> u64 {
        self.0
    }

    fn letters(self) -> String {
        let letter = |place: u32| {
            let index = (self.0 >> (5 * place)) & 31;
            char::from(ALPHABET.get(index as usize).copied().unwrap_or(b'0'))
        };
        (0..TAG_LENGTH as u32).rev().map(letter).collect()
    }
}

/// The stand-in, as it is sent.
pub(crate) fn spelt(kind: Kind, tag: Tag) -> String {
    format!("{HEAD}_{}_{}", kind.0, tag.letters())
}

/// What reading a stand-in came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// None stands here.
    No,
    /// One, up to this offset.
    Yes(Tag, usize),
    /// Too little text to say.
    More,
}

/// Reads a stand-in at the beginning of `text`, in any letter case and with the `_` written as any
/// of [`SEPARATORS`]. `complete` says that nothing follows `text`.
pub(super) fn read(text: &[u8], complete: bool) -> Read {
    let short = if complete { Read::No } else { Read::More };
    let step = |at: usize| separator(text.get(at..).unwrap_or_default());
    let head = text.get(..HEAD.len().min(text.len())).unwrap_or_default();
    if !HEAD
        .as_bytes()
        .get(..head.len())
        .is_some_and(|known| head.eq_ignore_ascii_case(known))
    {
        return Read::No;
    }
    if head.len() < HEAD.len() {
        return short;
    }
    let kind_at = match step(HEAD.len()) {
        Step::By(length) => HEAD.len() + length,
        Step::Never => return Read::No,
        Step::Short => return short,
    };
    let rest = text.get(kind_at..).unwrap_or_default();
    let kind_length = rest
        .iter()
        .take(Kind::LONGEST + 1)
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    if kind_at + kind_length == text.len() && kind_length <= Kind::LONGEST {
        return short;
    }
    if !(2..=Kind::LONGEST).contains(&kind_length) {
        return Read::No;
    }
    let tag_at = match step(kind_at + kind_length) {
        Step::By(length) => kind_at + kind_length + length,
        Step::Never => return Read::No,
        Step::Short => return short,
    };
    let tag = text.get(tag_at..).unwrap_or_default();
    let length = tag
        .iter()
        .take(TAG_LENGTH)
        .take_while(|byte| ALPHABET.contains(&byte.to_ascii_uppercase()))
        .count();
    match tag.get(..length).and_then(Tag::read) {
        Some(read) => Read::Yes(read, tag_at + length),
        None if length == tag.len() => short,
        None => Read::No,
    }
}

enum Step {
    By(usize),
    Never,
    Short,
}

/// What a `_` may have become. None is the beginning of another one.
const SEPARATORS: &[&[u8]] = &[
    b"_", b"-", b" ", b"\\_", b"\\-", b"\\\\_", b"%5f", b"&#95;", b"\\u005f",
];

fn separator(text: &[u8]) -> Step {
    let begins = |whole: &[u8], start: &[u8]| {
        let head = whole.get(..start.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(start))
    };
    let mut known = SEPARATORS.iter();
    if let Some(whole) = known.clone().find(|known| begins(text, known)) {
        return Step::By(whole.len());
    }
    match known.any(|known| begins(known, text)) {
        true => Step::Short,
        false => Step::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: Tag = Tag(0x0123_4567_89AB_CDEF & ((1 << 60) - 1));

    #[test]
    fn a_stand_in_is_read_as_it_was_spelt() {
        let text = spelt(Kind("EMAIL"), TAG);
        assert_eq!(read(text.as_bytes(), true), Read::Yes(TAG, text.len()));
        assert_eq!(
            read(format!("{text}'s").as_bytes(), true),
            Read::Yes(TAG, text.len())
        );
    }

    #[test]
    fn models_may_change_case_and_escape_it() {
        let text = spelt(Kind("SECRET"), TAG);
        for changed in [
            text.to_lowercase(),
            text.replace('_', "\\_"),
            text.replace('_', "-"),
            text.replace('_', " ").to_lowercase(),
            text.replace('_', "%5F"),
            text.replace('_', "\\\\_"),
            text.replace('_', "&#95;"),
            text.replace('_', "\\u005F"),
        ] {
            assert_eq!(
                read(changed.as_bytes(), true),
                Read::Yes(TAG, changed.len()),
                "{changed}"
            );
        }
    }

    #[test]
    fn every_beginning_of_one_may_still_become_one() {
        for text in [
            spelt(Kind("EMAIL"), TAG),
            spelt(Kind("IP"), TAG).replace('_', "\\_"),
            spelt(Kind("IP"), TAG).replace('_', "\\\\_"),
            spelt(Kind("IP"), TAG).replace('_', "\\u005f"),
            spelt(Kind("IP"), TAG).replace('_', "&#95;"),
        ] {
            for end in 0..text.len() {
                assert_eq!(read(&text.as_bytes()[..end], false), Read::More, "{end}");
                assert_eq!(read(&text.as_bytes()[..end], true), Read::No, "{end}");
            }
        }
    }

    #[test]
    fn the_rings_name_alone_is_none() {
        for text in [
            "Nenya is a ring of power",
            "NENYA_EMAIL_short!",
            "NENYAX_EMAIL_0123456789AB",
            "NENYA_E_0123456789AB",
            "NENYA_TOOLONGKIND_0123456789AB",
        ] {
            assert_eq!(read(text.as_bytes(), false), Read::No, "{text}");
        }
    }
}
