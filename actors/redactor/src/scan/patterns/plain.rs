//! Which patterns are plain: without look-around, back-references and the like.

use fancy_regex::Assertion;
use fancy_regex::{CompileError, Error as RegexError, Expr, Regex, RegexOptionsBuilder};
use regex_automata::util::syntax::{self, Config};
use regex_syntax::Error as SyntaxError;
use regex_syntax::hir::{Hir, HirKind, LookSet, Repetition};

use super::{Letters, PATTERN_SIZE, engine};
use crate::error::PatternProblem;

/// One pattern that is not plain, compiled and tried on the empty text.
pub(super) fn compile(
    pattern: &str,
    options: &RegexOptionsBuilder,
) -> Result<Regex, PatternProblem> {
    let regex = options
        .build(pattern.to_owned())
        .map_err(|error| problem(pattern, &error))?;
    match regex.is_match("") {
        Ok(false) => Ok(regex),
        Ok(true) => Err(told("it matches the empty text")),
        Err(error) => Err(problem(pattern, &error)),
    }
}

pub(super) fn told(what: &str) -> PatternProblem {
    PatternProblem {
        at: None,
        what: what.to_owned(),
    }
}

/// What a set would miss matches of: where it looks for candidates it takes `\Z` for `\z`, wants
/// the places that a group looks at again where the group is referred to, and does not know what
/// changes the course of a match or where it begins.
fn unsupported(expression: &Expr) -> Option<&'static str> {
    let has = |test: &dyn Fn(&Expr) -> bool| test(expression) || expression.has_descendant(test);
    let is_group_with_a_place = |part: &Expr| {
        matches!(part, Expr::Group(_))
            && part.has_descendant(|part| matches!(part, Expr::Assertion(_)))
    };
    if has(&is_end_before_newlines) {
        Some(r"`\Z` is not supported: write `\z` or `(?=\n*\z)`")
    } else if has(&is_reference) && has(&is_group_with_a_place) {
        Some(r"a back-reference and a group with `^`, `$` or `\b` in it do not go together")
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

/// What the engine says, without the drawing of the pattern, which the operator has.
fn words(error: &RegexError) -> String {
    let RegexError::CompileError(compile) = error else {
        return error.to_string();
    };
    let CompileError::InnerError(inner) = compile.as_ref() else {
        return error.to_string();
    };
    if let Some(limit) = inner.size_limit() {
        return too_large(limit).what;
    }
    let cause = inner.syntax_error();
    cause.map_or_else(|| error.to_string(), last_words)
}

fn last_words(error: &SyntaxError) -> String {
    let all = error.to_string();
    let last = all.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").to_owned()
}

/// The pattern as an expression that an automaton can be made of; `None` if it is not plain.
pub(super) fn expression(pattern: &str, letters: Letters) -> Result<Option<Hir>, PatternProblem> {
    let tree = Expr::parse_tree(pattern).map_err(|error| problem(pattern, &error))?;
    if let Some(what) = unsupported(&tree.expr) {
        return Err(told(what));
    }
    if !is_plain(&tree.expr) || tree.expr.has_descendant(|part| !is_plain(part)) {
        return Ok(None);
    }
    let mut text = String::with_capacity(pattern.len() * 2);
    tree.expr.to_str(&mut text, 0);
    let config = Config::new().unicode(letters == Letters::Unicode);
    let parsed = syntax::parse_with(&text, &config).map_err(|error| PatternProblem {
        at: place(pattern),
        what: last_words(&error),
    })?;
    if !engine::fits(&parsed) {
        return Err(too_large(PATTERN_SIZE));
    }
    Ok(Some(parsed))
}

fn too_large(limit: usize) -> PatternProblem {
    told(&format!("it would need more than {limit} bytes"))
}

/// An expression that matches wherever `pattern` does, and does not look at words.
pub(super) fn without_word_looks(pattern: &Hir) -> Hir {
    let all = |parts: &[Hir]| parts.iter().map(without_word_looks).collect();
    match pattern.kind() {
        HirKind::Look(look) if LookSet::singleton(*look).contains_word_unicode() => Hir::empty(),
        HirKind::Capture(capture) => without_word_looks(&capture.sub),
        HirKind::Repetition(repetition) => Hir::repetition(Repetition {
            sub: Box::new(without_word_looks(&repetition.sub)),
            ..repetition.clone()
        }),
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(choices) => Hir::alternation(all(choices)),
        _ => pattern.clone(),
    }
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
