//! Which patterns are plain: without look-around, back-references and the like.

use fancy_regex::Assertion;
use fancy_regex::{CompileError, Error as RegexError, Expr, Regex, RegexOptionsBuilder};
use regex_automata::util::syntax::{self, Config};
use regex_syntax::Error as SyntaxError;
use regex_syntax::hir::Hir;

use super::Letters;
use crate::error::PatternProblem;

/// One pattern, compiled and tried on the empty text.
pub(super) fn compile(
    pattern: &str,
    options: &RegexOptionsBuilder,
) -> Result<Regex, PatternProblem> {
    let regex = options
        .build(pattern.to_owned())
        .map_err(|error| problem(pattern, &error))?;
    match regex.is_match("") {
        Ok(false) => Ok(regex),
        Ok(true) => Err(PatternProblem {
            at: None,
            what: "it matches the empty text".to_owned(),
        }),
        Err(error) => Err(problem(pattern, &error)),
    }
}

fn problem(pattern: &str, error: &RegexError) -> PatternProblem {
    let at = match error {
        RegexError::ParseError(at, _) => Some(*at),
        RegexError::CompileError(error) => match error.as_ref() {
            CompileError::InnerError(_) => place(pattern),
            _ => None,
        },
        _ => None,
    };
    PatternProblem {
        at,
        what: words(error),
    }
}

/// Where the inner engine stumbles over the pattern as it is written: it has been given another
/// form of it, so its own place would be wrong.
fn place(pattern: &str) -> Option<usize> {
    match syntax::parse(pattern).err()? {
        SyntaxError::Parse(error) => Some(error.span().start.offset),
        SyntaxError::Translate(error) => Some(error.span().start.offset),
        _ => None,
    }
}

/// All that the engine says, with what it was caused by.
fn words(error: &RegexError) -> String {
    let mut words = error.to_string();
    if let RegexError::CompileError(error) = error
        && let CompileError::InnerError(inner) = error.as_ref()
        && let Some(cause) = inner.syntax_error()
    {
        let cause = cause.to_string();
        // Its last line says what; those before draw the pattern, which the operator has.
        let what = cause.lines().last().unwrap_or_default();
        words = format!("{words}: {}", what.trim_start_matches("error: "));
    }
    words
}

/// The pattern as an expression that an automaton can be made of; `None` if it is not plain.
pub(super) fn expression(pattern: &str, letters: Letters) -> Option<Hir> {
    let tree = Expr::parse_tree(pattern).ok()?;
    if !is_plain(&tree.expr) || tree.expr.has_descendant(|part| !is_plain(part)) {
        return None;
    }
    let mut text = String::with_capacity(pattern.len() * 2);
    tree.expr.to_str(&mut text, 0);
    let config = Config::new().unicode(letters == Letters::Unicode);
    syntax::parse_with(&text, &config).ok()
}

/// Whether this part, without its own parts, is decided by the characters of the match and those
/// next to it.
fn is_plain(part: &Expr) -> bool {
    match part {
        Expr::Assertion(assertion) => {
            !matches!(assertion, Assertion::EndTextIgnoreTrailingNewlines { .. })
        }
        Expr::Empty
        | Expr::Any { .. }
        | Expr::Literal { .. }
        | Expr::Concat(_)
        | Expr::Alt(_)
        | Expr::Group(_)
        | Expr::Repeat { .. }
        | Expr::Delegate { .. } => true,
        _ => false,
    }
}
