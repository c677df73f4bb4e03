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
    let tree = Expr::parse_tree(pattern).map_err(|error| problem(pattern, &error))?;
    if let Some(what) = unsupported(&tree.expr) {
        return Err(told(what));
    }
    match regex.is_match("") {
        Ok(false) => Ok(regex),
        Ok(true) => Err(told("it matches the empty text")),
        Err(error) => Err(problem(pattern, &error)),
    }
}

fn told(what: &str) -> PatternProblem {
    PatternProblem {
        at: None,
        what: what.to_owned(),
    }
}

/// What a set would miss matches of: where it looks for candidates it takes `\Z` for `\z`, wants
/// the word boundaries of a group again where the group is referred to, and does not know what
/// changes the course of a match or where it begins.
fn unsupported(expression: &Expr) -> Option<&'static str> {
    let has = |test: &dyn Fn(&Expr) -> bool| test(expression) || expression.has_descendant(test);
    let is_group_of_words =
        |part: &Expr| matches!(part, Expr::Group(_)) && part.has_descendant(is_word_boundary);
    if has(&is_end_before_newlines) {
        Some(r"`\Z` is not supported: write `\z` or `(?=\n*\z)`")
    } else if has(&is_reference) && has(&is_group_of_words) {
        Some("a back-reference and a group with a word boundary do not go together")
    } else if has(&|part| !is_supported(part)) {
        Some(
            "only look-around, back-references and atomic groups are supported beyond plain expressions",
        )
    } else {
        None
    }
}

fn is_end_before_newlines(part: &Expr) -> bool {
    matches!(
        part,
        Expr::Assertion(Assertion::EndTextIgnoreTrailingNewlines { .. })
    )
}

fn is_reference(part: &Expr) -> bool {
    matches!(part, Expr::Backref { .. })
}

fn is_supported(part: &Expr) -> bool {
    is_plain(part)
        || is_reference(part)
        || matches!(
            part,
            Expr::LookAround(..) | Expr::AtomicGroup(_) | Expr::GeneralNewline { .. }
        )
}

fn is_word_boundary(part: &Expr) -> bool {
    matches!(
        part,
        Expr::Assertion(
            Assertion::WordBoundary
                | Assertion::NotWordBoundary
                | Assertion::LeftWordBoundary
                | Assertion::RightWordBoundary
                | Assertion::LeftWordHalfBoundary
                | Assertion::RightWordHalfBoundary
        )
    )
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
    let RegexError::CompileError(compile) = error else {
        return error.to_string();
    };
    let CompileError::InnerError(inner) = compile.as_ref() else {
        return error.to_string();
    };
    if let Some(limit) = inner.size_limit() {
        return format!("it would need more than {limit} bytes");
    }
    let cause = inner.syntax_error().map(ToString::to_string);
    // The last line says what; those before draw the pattern, which the operator has.
    let what = cause.as_deref().and_then(|cause| cause.lines().last());
    match what {
        Some(what) => what.trim_start_matches("error: ").to_owned(),
        None => error.to_string(),
    }
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
        Expr::Assertion(_) => !is_end_before_newlines(part),
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
