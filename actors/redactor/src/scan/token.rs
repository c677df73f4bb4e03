//! The family of tokens with a prefix of their own.
//!
//! Owns: rows of `How::Token`. The literals that a row's pattern begins with are its triggers;
//! the pattern's program says the rest.

use super::accept::Accept;
use super::classes::{ALNUM, Classes, WORD};
use super::edge::is_held;
use super::family::{Family, KEPT_CONTEXT, Looks, RuleNumber, Trigger, TriggerText};
use super::shape::{Outcome, Program};
use super::view::View;
use super::walk;
use crate::table::row::{Edge, How, Rule};

/// Fewest bytes of a trigger.
const SHORTEST: usize = 2;

#[derive(Debug)]
struct Tokens(Vec<Token>);

/// All that a look reads lies side by side, as texts full of secrets need many.
#[derive(Debug)]
#[repr(align(64))]
struct Token {
    accept: Accept,
    left: Edge,
    program: Program,
}

/// The family, if there is a row for it.
///
/// A row whose pattern is none of the subset, or begins with no literal, is left out here; the
/// tests of the table and the self-test at the start refuse it.
pub(crate) fn build(
    rows: &[(RuleNumber, &'static Rule)],
    classes: &mut Classes,
) -> Option<Box<dyn Family>> {
    let mut tokens = Vec::new();
    for (number, rule) in rows {
        let How::Token { left } = rule.how else {
            continue;
        };
        let Ok(program) = Program::compile(rule.pattern, classes) else {
            continue;
        };
        let literals = program.literals();
        if literals.iter().all(|literal| literal.len() >= SHORTEST) {
            let accept = Accept::new(*number, rule);
            tokens.push(Token {
                accept,
                left,
                program,
            });
        }
    }
    let tokens = Tokens(tokens);
    (!tokens.0.is_empty()).then(|| Box::new(tokens) as Box<dyn Family>)
}

const _: () = assert!(size_of::<Token>() == 64);

impl Token {
    fn triggers(&self, payload: u16) -> impl Iterator<Item = Trigger> + '_ {
        self.program.literals().iter().map(move |literal| {
            let text = literal.as_str().into();
            Trigger {
                what: if self.program.is_any_case() {
                    TriggerText::AnyCase(text)
                } else {
                    TriggerText::Exact(text)
                },
                payload,
                is_replaced: !self.program.keeps(literal.len()),
            }
        })
    }
}

impl Token {
    /// The first byte that may be replaced of a token at `at`: within a word its literal has been
    /// let go.
    #[inline]
    fn first_replaced(&self, at: usize, view: &View<'_>) -> usize {
        match view.before(at) {
            Some(before) if ALNUM.has(before) => self.first_within(at, view),
            _ => at,
        }
    }

    /// The same behind a letter or a digit.
    #[cold]
    fn first_within(&self, at: usize, view: &View<'_>) -> usize {
        if is_held(view.text, at) {
            return at;
        }
        let rest = view.text.get(at..).unwrap_or_default();
        let stands = |literal: &&String| {
            let own = rest.get(..literal.len());
            own.is_some_and(|own| own.eq_ignore_ascii_case(literal.as_bytes()))
        };
        let literals = self.program.literals().iter().filter(stands);
        at + literals.map(String::len).max().unwrap_or_default()
    }
}

impl Family for Tokens {
    fn triggers(&self) -> Vec<Trigger> {
        let tokens = (0_u16..).zip(&self.0);
        tokens
            .flat_map(|(payload, token)| token.triggers(payload))
            .collect()
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        let Some(token) = self.0.get(usize::from(payload)) else {
            return;
        };
        if token.left == Edge::Word && !is_left_edge(view, at) {
            return;
        }
        match token.program.run_at_literal(at, view) {
            Outcome::No => {}
            Outcome::Open { holds } => {
                let first = token.first_replaced(at, view);
                looks.open(at.saturating_sub(KEPT_CONTEXT), holds.max(first));
            }
            Outcome::Match { secret, .. } => {
                if token
                    .accept
                    .passes(walk::between(view, secret.start, secret.end))
                {
                    let first = token.first_replaced(at, view);
                    looks.found(token.accept.number, secret.start.max(first)..secret.end);
                }
            }
        }
    }
}

/// Whether a word can begin at `at`: no ASCII letter, digit or `_` stands before it, or one that
/// ends an escape: `\n`, `%3D`, `\u003d`.
#[inline]
pub(crate) fn is_left_edge(view: &View<'_>, at: usize) -> bool {
    view.before(at).is_none_or(|before| !WORD.has(before)) || follows_escape(view, at)
}

/// Whether the word before `at` ends an escape.
#[cold]
fn follows_escape(view: &View<'_>, at: usize) -> bool {
    let is_hex = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_hexdigit);
    match walk::preceding(view, at, 6) {
        [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'] => true,
        [b'\\', b'u', digits @ ..] if is_hex(digits) => true,
        [.., b'%', high, low] => is_hex(&[*high, *low]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::probe::{self, Probe};
    use super::*;
    use crate::table::row::{Action, Check, Class};

    const ROW: Rule = Rule {
        id: "probe",
        what: "a token",
        class: Class::Credential,
        source: "made up",
        how: How::Token { left: Edge::Word },
        pattern: "prb[xy]_[0-9a-f]{16,20}",
        entropy: 0.0,
        check: None,
        action: Action::Redact,
        examples: &[],
        near_misses: &[],
    };

    static PLAIN: &[Rule] = &[ROW];
    static STRICT: &[Rule] = &[Rule {
        entropy: 3.0,
        check: Some(Check(|found| !found.ends_with(b"0"))),
        ..ROW
    }];
    static IN_CONTEXT: &[Rule] = &[Rule {
        pattern: r"(?i)probe:(?<secret>[0-9]{4,})!",
        ..ROW
    }];

    fn probe(rows: &'static [Rule]) -> Probe {
        Probe::new(build, rows)
    }

    #[test]
    fn token_is_found_at_an_edge() {
        let probe = probe(PLAIN);
        for text in [
            "prbx_0123456789abcdef",
            "a prby_0123456789abcdef!",
            "\\nprbx_0123456789abcdef",
            "k%3Dprbx_0123456789abcdef",
            "k\\u003dprbx_0123456789abcdef",
        ] {
            assert_eq!(probe.found(text).len(), 1, "{text}");
        }
        for text in [
            "zprbx_0123456789abcdef",
            "prbx_0123456789abcde",
            "prbx_0123456789abcdef01234",
        ] {
            assert_eq!(probe.found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn entropy_and_check_are_asked() {
        let probe = probe(STRICT);
        assert_eq!(probe.found("prbx_0123456789abcdef").len(), 1);
        assert_eq!(probe.found("prbx_0000000000000000").len(), 0);
        assert_eq!(probe.found("prbx_0123456789abcde0").len(), 0);
    }

    #[test]
    fn context_is_not_replaced() {
        let probe = probe(IN_CONTEXT);
        assert_eq!(probe.found("PROBE:12345!"), ["12345"]);
        assert!(probe.triggers().iter().all(|trigger| !trigger.is_replaced));
    }

    #[test]
    fn triggers_are_spelled_out() {
        let mut texts: Vec<_> = probe::texts(&probe(PLAIN).triggers());
        texts.sort();
        assert_eq!(texts, ["prbx_", "prby_"]);
    }

    #[test]
    fn answers_on_prefixes_never_contradict() {
        for rows in [PLAIN, STRICT, IN_CONTEXT] {
            for text in [
                "a prbx_0123456789abcdef and prby_0123456789abcdef0123456789",
                "x PrObE:123456! probe:12345",
            ] {
                probe(rows).check_prefixes(text);
            }
        }
    }
}
