//! Fills the slots of a template: `<<slot>>`, `<<slot:style>>`, each also as `<<slot*3>>`.
//!
//! Kinds of credentials are dealt from a deck, so that each comes up as often as the others.

use super::Half;
use super::encode::base64;
use super::kinds::{self, Kind};
use super::made;
use super::negatives;
use super::person;
use super::piece::{Class, Piece};
use super::random::Random;
use super::styles;
use super::words::{self, Words};

/// Fills templates of one half.
pub(super) struct Filler {
    pub(super) random: Random,
    words: &'static Words,
    bare: Deck<Kind>,
    any: Deck<Kind>,
    /// Without links: what a header may carry.
    tokens: Deck<Kind>,
    ids: Deck<&'static person::Id>,
}

/// Kinds in random order; shuffled again when all have come up.
struct Deck<T> {
    kinds: Vec<T>,
    next: usize,
}

impl<T: Copy> Deck<T> {
    fn new(kinds: impl Iterator<Item = T>) -> Self {
        Self {
            kinds: kinds.collect(),
            next: 0,
        }
    }

    fn deal(&mut self, random: &mut Random) -> Option<T> {
        let at = self.next % self.kinds.len().max(1);
        if at == 0 {
            random.shuffle(&mut self.kinds);
        }
        self.next += 1;
        self.kinds.get(at).copied()
    }
}

impl Filler {
    pub(super) fn new(half: Half, seed: u64) -> Self {
        let held_out = half == Half::HeldOut;
        let kinds = || {
            kinds::all()
                .into_iter()
                .filter(move |kind| held_out || !kind.held_out)
        };
        Self {
            random: Random::for_part(seed, half.name()),
            words: if held_out {
                &words::HELD_OUT
            } else {
                &words::TUNE
            },
            bare: Deck::new(kinds().filter(|kind| kind.bare)),
            any: Deck::new(kinds()),
            tokens: Deck::new(kinds().filter(|kind| !kind.link)),
            ids: Deck::new(person::IDS.iter().filter(|id| held_out || !id.held_out)),
        }
    }

    /// Fills every slot of a template.
    pub(super) fn fill(&mut self, template: &str) -> Piece {
        let mut piece = Piece::default();
        let mut rest = template;
        while let Some((before, slot, after)) = next_slot(rest) {
            piece.push_str(before);
            let indent = indentation(&piece.text);
            let (slot, times) = slot.rsplit_once('*').map_or((slot, 1), |(slot, times)| {
                (slot, times.parse().unwrap_or(1))
            });
            for time in 0..times {
                if time > 0 {
                    piece.push_str("\n");
                    piece.push_str(&indent);
                }
                let filled = self.slot(slot);
                piece.push(filled.indented(&indent));
            }
            rest = after;
        }
        piece.push_str(rest);
        piece
    }

    fn slot(&mut self, slot: &str) -> Piece {
        let (name, style) = slot.split_once(':').unwrap_or((slot, ""));
        let random = &mut self.random;
        match name {
            "line" => self.line(style),
            "cred" => self.credential(),
            "neg" => negatives::line(style, random),
            "code" => negatives::code(style, random),
            "pass" => credential("generic-password", made::password(random, self.words)),
            "token" => credential("generic-token", made::token(random)),
            "basic" => self.basic(),
            "key" => private_key(random),
            "key-escaped" => private_key(random).escaped(),
            "pub" => {
                let (kind, text) = made::public_key(random);
                Piece::negative(kind, text)
            }
            "docs" => negatives::of_documentation(random),
            "user" => Piece::plain(random.pick(self.words.users)),
            "host" => Piece::plain(random.pick(self.words.hosts)),
            "project" => Piece::plain(random.pick(self.words.projects)),
            "first" => Piece::plain(capital(random.pick(self.words.first_names))),
            "last" => Piece::plain(capital(random.pick(self.words.last_names))),
            _ => self
                .personal(name)
                .or_else(|| negatives::value(name, &mut self.random))
                .unwrap_or_default(),
        }
    }

    fn personal(&mut self, name: &str) -> Option<Piece> {
        let random = &mut self.random;
        let value = match name {
            "mail" => person::mail(random, self.words),
            "phone" => person::phone(random),
            "card" => person::card(random),
            "iban" => person::iban(random),
            "ssn" => person::social_security(random),
            "ip" => person::address(random),
            "mac" => person::hardware_address(random),
            "local" => {
                return Some(Piece::labelled(
                    Class::Either,
                    "local-address",
                    person::local_address(random),
                ));
            }
            "any" => return Some(Piece::labelled(Class::Either, "local-address", "0.0.0.0")),
            "id" => return self.national_id(),
            _ => return None,
        };
        Some(Piece::labelled(Class::Pii, name, value))
    }

    /// With the word for it in front: nobody writes eleven digits without saying what they are.
    fn national_id(&mut self) -> Option<Piece> {
        let id = self.ids.deal(&mut self.random)?;
        let word = self.random.pick(id.words);
        let mut piece = Piece::plain(format!("{word}{}", self.random.pick(&[": ", " ", ": "])));
        piece.push(Piece::labelled(
            Class::Pii,
            id.kind,
            (id.make)(&mut self.random),
        ));
        Some(piece)
    }

    /// A credential that tells itself, without a name.
    fn credential(&mut self) -> Piece {
        let Some(kind) = self.bare.deal(&mut self.random) else {
            return Piece::default();
        };
        let made = kind.make(&mut self.random);
        let mut piece = Piece::plain(made.text);
        piece.label(
            made.secret.start,
            made.secret.end,
            Class::Credential,
            kind.id,
        );
        piece
    }

    /// A line that gives a credential its name.
    fn line(&mut self, style: &str) -> Piece {
        let is_header = style.starts_with("header");
        let random = &mut self.random;
        let (name, value) = match random.below(20) {
            _ if is_header => self.of_a_vendor(true),
            0..=3 => (
                random.pick(self.words.password_names),
                credential("generic-password", made::password(random, self.words)),
            ),
            4..=6 => (
                random.pick(self.words.token_names),
                credential("generic-token", made::token(random)),
            ),
            _ => self.of_a_vendor(false),
        };
        let (before, after) = styles::line(style, name, &mut self.random);
        let mut line = Piece::plain(before);
        line.push(value);
        line.push_str(&after);
        line
    }

    fn of_a_vendor(&mut self, token: bool) -> (&'static str, Piece) {
        let deck = if token {
            &mut self.tokens
        } else {
            &mut self.any
        };
        let Some(kind) = deck.deal(&mut self.random) else {
            return ("", Piece::default());
        };
        let made = kind.make(&mut self.random);
        let mut value = Piece::plain(made.text);
        value.label(
            made.secret.start,
            made.secret.end,
            Class::Credential,
            kind.id,
        );
        (kind.name(&mut self.random), value)
    }

    fn basic(&mut self) -> Piece {
        let user = self.random.pick(self.words.users);
        let pair = format!("{user}:{}", made::password(&mut self.random, self.words));
        credential("basic-auth-header", base64(pair.as_bytes()))
    }
}

fn credential(kind: &str, text: String) -> Piece {
    Piece::labelled(Class::Credential, kind, text)
}

fn private_key(random: &mut Random) -> Piece {
    let (kind, text) = made::private_key(random);
    credential(kind, text)
}

/// The text up to the first slot, the slot, the text after it.
fn next_slot(text: &str) -> Option<(&str, &str, &str)> {
    let (_, rest) = text.split_once("<<")?;
    // Of three the last two open the slot: the first is the bracket of a mail address.
    let rest = rest.trim_start_matches('<');
    let before = text.get(..text.len() - rest.len() - 2)?;
    let (slot, after) = rest.split_once(">>")?;
    Some((before, slot, after))
}

/// What the last line begins with, if it is blank so far.
fn indentation(text: &str) -> String {
    let line = text.rsplit('\n').next().unwrap_or_default();
    let blank = line.chars().all(char::is_whitespace);
    if blank {
        line.to_owned()
    } else {
        String::new()
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The slots of a template, with their styles and without their counts.
#[cfg(test)]
pub(super) fn slots(template: &str) -> Vec<&str> {
    let mut slots = Vec::new();
    let mut rest = template;
    while let Some((_, slot, after)) = next_slot(rest) {
        slots.push(slot.split('*').next().unwrap_or(slot));
        rest = after;
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_that_is_repeated_keeps_its_indentation() {
        let filled = Filler::new(Half::Tune, 1).fill("a:\n  <<uuid*2>>\n<<user>>");
        let lines: Vec<&str> = filled.text.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(
            lines[1].starts_with("  ") && lines[2].starts_with("  "),
            "{filled:?}"
        );
        assert_eq!(filled.negatives, ["uuid", "uuid"]);
    }

    #[test]
    fn every_kind_of_a_half_comes_up_before_one_comes_again() {
        let mut filler = Filler::new(Half::HeldOut, 1);
        let count = filler.bare.kinds.len();
        let mut seen: Vec<String> = (0..count)
            .flat_map(|_| filler.credential().labels)
            .map(|label| label.kind)
            .collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }
}
