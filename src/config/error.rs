//! What can be wrong with a configuration, and how it is said.
//!
//! Owns [`ConfigError`] and the list of [`Problem`]s. All problems of a file are reported at
//! once, each with file, line, column and the path of the key, so that an operator corrects a
//! file in one round. Values are never repeated: a key that was pasted into the wrong field must
//! not travel into a log. Called by every other file of this module.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// A position in a configuration file, or the environment variable that gave a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as it was named, or `environment variable PORT`.
    pub file: Arc<str>,
    /// Line from 1; 0 where there are no lines.
    pub line: usize,
    /// Column in characters, from 1; 0 where there are no lines.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.file),
            line => write!(f, "{}:{line}:{}", self.file, self.column),
        }
    }
}

/// One step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A member of an object.
    Key(String),
    /// An element of a list, from 0.
    Index(usize),
}

/// The way to a value, written `agents.code.models[0].provider`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPath(pub Vec<Step>);

impl KeyPath {
    /// Builds a path of plain keys from its dotted form, as this module's own tables write it.
    #[must_use]
    pub fn of(dotted: &str) -> Self {
        Self(
            dotted
                .split('.')
                .map(|key| Step::Key(key.to_owned()))
                .collect(),
        )
    }

    /// The path of the member `name` below this one.
    #[must_use]
    pub fn key(&self, name: &str) -> Self {
        self.with(Step::Key(name.to_owned()))
    }

    /// The path of the element `index` below this one.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    /// This path, taken as one that begins at `above`.
    #[must_use]
    pub fn below(self, above: &Self) -> Self {
        Self(above.0.iter().cloned().chain(self.0).collect())
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The path one step up, or `None` at the top.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, rest) = self.0.split_last()?;
        Some(Self(rest.to_vec()))
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("(top level)");
        }
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(name) => {
                    if position > 0 {
                        f.write_str(".")?;
                    }
                    let plain = name
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'*'));
                    if plain && !name.is_empty() {
                        f.write_str(name)?
                    } else {
                        write!(f, "{name:?}")?
                    }
                }
            }
        }
        Ok(())
    }
}

/// What is wrong with one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// No such key here.
    UnknownKey {
        /// The nearest key that exists here.
        nearest: Option<String>,
        /// The section that has a key of exactly this name.
        belongs: Option<String>,
    },
    /// The same key twice in one object.
    DuplicateKey {
        /// Where it stands first.
        first: Place,
    },
    /// A key without which the object means nothing.
    MissingKey {
        /// The missing key.
        key: String,
    },
    /// A value of another JSON type.
    WrongType {
        /// The type found.
        found: &'static str,
        /// What may stand there.
        expected: String,
    },
    /// A number, time, size or length outside its limits.
    OutOfRange {
        /// What is counted, such as `value` or `number of entries`.
        measure: &'static str,
        /// The lowest that is allowed.
        least: Option<String>,
        /// The highest that is allowed.
        most: Option<String>,
    },
    /// A word that is not one of the fixed ones.
    NotOneOf {
        /// The fixed ones.
        allowed: Vec<String>,
        /// The one that looks most like it.
        nearest: Option<String>,
    },
    /// Text that does not have the form of what it stands for.
    Malformed {
        /// The form it must have.
        expected: &'static str,
    },
    /// A regular expression that does not compile.
    BadPattern {
        /// What the regular expression compiler said, on one line.
        reason: String,
    },
    /// A key of the file format whose feature this version does not have.
    NotInThisVersion {
        /// The feature.
        feature: &'static str,
        /// What to write instead.
        remedy: String,
    },
    /// A secret in a file that is not for secrets.
    Credential {
        /// Where it belongs.
        remedy: &'static str,
    },
    /// Two settings that cannot both be meant.
    Contradiction {
        /// The other setting.
        other: KeyPath,
        /// Why they cannot both hold, and which to remove.
        reason: &'static str,
    },
    /// A setting that would give something away.
    Unsafe {
        /// What would happen.
        danger: String,
        /// What makes it right.
        remedy: &'static str,
    },
    /// A provider that is neither configured nor built in.
    UnknownProvider {
        /// The nearest known provider.
        nearest: Option<String>,
    },
    /// A provider without an address, neither built in nor written.
    NoAddress {
        /// What would give it one.
        needs: String,
    },
    /// A model without a provider that is known to have it.
    UnknownModel {
        /// The nearest known model.
        nearest: Option<String>,
    },
    /// A `provider/model` whose provider is nearly one that there is.
    MisspeltProvider {
        /// The part before the slash.
        found: String,
        /// The provider that it looks like.
        nearest: String,
    },
    /// An agent, or an entry of its list, that leads to no model at all.
    NoModels {
        /// What would give it one.
        remedy: &'static str,
    },
    /// Refused by the type itself; the checks above should have said it better.
    Rejected,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey { nearest, belongs } => {
                f.write_str("unknown key")?;
                if let Some(section) = belongs {
                    return write!(f, "; it belongs in `{section}`");
                }
                say_nearest(f, nearest.as_deref())
            }
            Self::DuplicateKey { first } => {
                write!(f, "key given twice; it stands first at {first}")
            }
            Self::MissingKey { key } => write!(f, "the key `{key}` is missing"),
            Self::WrongType { found, expected } => write!(f, "found {found}, expected {expected}"),
            Self::OutOfRange {
                measure,
                least,
                most,
            } => {
                write!(
                    f,
                    "{measure} {}",
                    range_text(least.as_deref(), most.as_deref())
                )
            }
            Self::NotOneOf { allowed, nearest } => {
                write!(f, "found a text that is none of {}", quoted_list(allowed))?;
                say_nearest(f, nearest.as_deref())
            }
            Self::Malformed { expected } => write!(f, "expected {expected}"),
            Self::BadPattern { reason } => write!(f, "not a valid regular expression: {reason}"),
            Self::NotInThisVersion { feature, remedy } => {
                write!(f, "this version does not have {feature}; {remedy}")
            }
            Self::Credential { remedy } => {
                write!(f, "secrets do not belong in the configuration; {remedy}")
            }
            Self::Contradiction { other, reason } => write!(f, "contradicts `{other}`: {reason}"),
            Self::Unsafe { danger, remedy } => write!(f, "{danger}; {remedy}"),
            Self::UnknownProvider { nearest } => {
                f.write_str("no provider of this name is configured or built in")?;
                say_nearest(f, nearest.as_deref())
            }
            Self::NoAddress { needs } => {
                write!(
                    f,
                    "this provider has no address of its own; set its {needs}"
                )
            }
            Self::UnknownModel { nearest } => {
                f.write_str("no provider is known to have this model; write `provider` and `model`, or list it in `providers.<name>.models`")?;
                say_nearest(f, nearest.as_deref())
            }
            Self::MisspeltProvider { found, nearest } => {
                write!(
                    f,
                    "there is no provider `{found}`; did you mean `{nearest}`?"
                )
            }
            Self::NoModels { remedy } => write!(f, "leads to no model; {remedy}"),
            Self::Rejected => f.write_str("this value cannot be used here"),
        }
    }
}

fn say_nearest(f: &mut fmt::Formatter<'_>, nearest: Option<&str>) -> fmt::Result {
    match nearest {
        Some(name) => write!(f, "; did you mean `{name}`?"),
        None => Ok(()),
    }
}

pub(super) fn range_text(least: Option<&str>, most: Option<&str>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("must be from {least} to {most}"),
        (Some(least), None) => format!("must be at least {least}"),
        (None, Some(most)) => format!("must be at most {most}"),
        (None, None) => "is out of range".to_owned(),
    }
}

fn quoted_list(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands, as far as that is known.
    pub place: Option<Place>,
    /// Which key it concerns.
    pub path: KeyPath,
    /// What is wrong with it.
    pub what: What,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        write!(f, "{}: {}", self.path, self.what)
    }
}

/// Why there is no configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigError {
    /// A file or directory that was asked for does not exist.
    Missing {
        /// What was asked for.
        path: PathBuf,
        /// The flag or environment variable that asked for it.
        asked_by: Option<&'static str>,
    },
    /// A directory that was asked for has neither `config.json` nor `config.d/*.json`.
    NoFiles {
        /// The directory.
        directory: PathBuf,
    },
    /// A file or directory exists and cannot be read.
    Unreadable {
        /// The file or directory.
        path: PathBuf,
        /// The kind of input/output error.
        kind: std::io::ErrorKind,
    },
    /// A file is larger than any sensible configuration.
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The bound in bytes.
        limit: u64,
    },
    /// A file is not UTF-8 text.
    NotUtf8 {
        /// Where the first bad byte stands.
        place: Place,
    },
    /// A file is not JSON with comments.
    Syntax {
        /// Where the text stops making sense.
        place: Place,
        /// What is wrong there.
        reason: String,
    },
    /// An environment variable has a value that it cannot have.
    Environment {
        /// Its name.
        variable: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// Everything could be read, but does not mean a configuration. Never empty.
    Invalid(Vec<Problem>),
}

impl ConfigError {
    /// The same, with the flag or environment variable that asked for what is missing.
    #[must_use]
    pub(super) fn asked_by(self, name: &'static str) -> Self {
        match self {
            Self::Missing { path, .. } => Self::Missing {
                path,
                asked_by: Some(name),
            },
            other => other,
        }
    }

    /// The single problems, where the text itself could be read.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Invalid(problems) => problems,
            _ => &[],
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path, asked_by } => {
                write!(f, "{}: no such file or directory", path.display())?;
                asked_by.map_or(Ok(()), |name| write!(f, ", and `{name}` names it"))
            }
            Self::NoFiles { directory } => write!(
                f,
                "{}: has neither `config.json` nor a `config.d` directory with `*.json` files",
                directory.display()
            ),
            Self::Unreadable { path, kind } => {
                write!(f, "{}: cannot be read: {kind}", path.display())
            }
            Self::TooLarge { path, limit } => {
                write!(f, "{}: larger than {limit} bytes", path.display())
            }
            Self::NotUtf8 { place } => write!(f, "{place}: not UTF-8 text"),
            Self::Syntax { place, reason } => write!(f, "{place}: {reason}"),
            Self::Environment { variable, expected } => {
                write!(f, "environment variable `{variable}`: expected {expected}")
            }
            Self::Invalid(problems) => {
                for (position, problem) in problems.iter().enumerate() {
                    let line_end = if position == 0 { "" } else { "\n" };
                    write!(f, "{line_end}{problem}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ConfigError {}
