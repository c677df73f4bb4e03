//! The way from files to a checked configuration.
//!
//! Owns the order of the steps, the built-in configuration, and the effect of `PORT` and `HOST`.
//! Finding files is `find.rs`. Called at start, by `validate`, and at reload.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::document::{Document, parse, place_of};
use super::error::{ConfigError, KeyPath, Place, Problem, Step, What};
use super::find::{Asked, Environment, Flags, asked_for, files_of, read};
use super::merge::lay_over;
use super::resolve::{Resolved, resolve};
use super::scalar::parse_port;
use super::settle::settle;
use super::{Config, check, schema, unsupported, validate};

const DEFAULT_DIRECTORY: &str = "/etc/nenya";

/// Where a configuration came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// One file.
    File(PathBuf),
    /// A directory.
    Directory {
        /// The directory.
        path: PathBuf,
        /// Its files that were read, in the order in which they were laid over each other.
        files: Vec<PathBuf>,
    },
    /// None was found: the one in the program.
    Embedded,
    /// A text that was handed in.
    Text,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Directory { path, files } => {
                write!(f, "{}: ", path.display())?;
                for (position, file) in files.iter().enumerate() {
                    let name = file.strip_prefix(path).unwrap_or(file);
                    write!(
                        f,
                        "{}{}",
                        if position == 0 { "" } else { ", " },
                        name.display()
                    )?;
                }
                Ok(())
            }
            Self::Embedded => f.write_str("the built-in configuration"),
            Self::Text => f.write_str("a text"),
        }
    }
}

/// A configuration that has passed every check.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The sections, as written and with defaults.
    pub config: Config,
    /// Providers and agents, put together.
    pub resolved: Resolved,
    /// Where it came from.
    pub origin: Origin,
    /// What is allowed and should be known, one sentence each, without secrets.
    pub warnings: Vec<String>,
}

/// Finds and reads the configuration: `NENYA_CONFIG_FILE`, else `NENYA_CONFIG_DIR`, else the
/// flags (the file before the directory), else `/etc/nenya`.
///
/// `Ok(None)` only if nothing was asked for and `/etc/nenya` has no configuration.
///
/// # Errors
/// [`ConfigError`], with every problem of every file at once where they could be read.
pub fn load(flags: &Flags, environment: &Environment) -> Result<Option<Loaded>, ConfigError> {
    load_with_default(flags, environment, Path::new(DEFAULT_DIRECTORY))
}

/// [`load()`] with another directory in place of `/etc/nenya`.
pub(super) fn load_with_default(
    flags: &Flags,
    environment: &Environment,
    default: &Path,
) -> Result<Option<Loaded>, ConfigError> {
    let Some((asked, by)) = asked_for(flags, environment) else {
        return match load_directory(default.to_owned(), environment) {
            Err(ConfigError::NoFiles { .. } | ConfigError::Missing { .. }) => Ok(None),
            other => other.map(Some),
        };
    };
    let loaded = match asked {
        Asked::File(file) => load_file(file, environment),
        Asked::Directory(directory) => load_directory(directory, environment),
    };
    loaded.map(Some).map_err(|error| error.asked_by(by))
}

fn load_file(path: PathBuf, environment: &Environment) -> Result<Loaded, ConfigError> {
    assemble(&[named_text(&path)?], environment, Origin::File(path))
}

fn load_directory(path: PathBuf, environment: &Environment) -> Result<Loaded, ConfigError> {
    let found = files_of(&path)?;
    let texts: Vec<_> = found
        .files
        .iter()
        .map(|file| named_text(file))
        .collect::<Result<_, _>>()?;
    let mut loaded = assemble(
        &texts,
        environment,
        Origin::Directory {
            path,
            files: found.files,
        },
    )?;
    let passed_over = found
        .passed_over
        .map(|file| format!("{} is not read, because config.d has files", file.display()));
    loaded.warnings.extend(passed_over);
    Ok(loaded)
}

fn named_text(path: &Path) -> Result<(String, String), ConfigError> {
    Ok((path.display().to_string(), read(path)?))
}

/// The configuration for a start without any file: loopback and the `echo` provider.
///
/// # Errors
/// [`ConfigError`] if `PORT` or `HOST` ask for something that is refused.
pub fn embedded(environment: &Environment) -> Result<Loaded, ConfigError> {
    let text = include_str!("embedded.json").to_owned();
    assemble(
        &[("built-in configuration".to_owned(), text)],
        environment,
        Origin::Embedded,
    )
}

/// Checks a configuration that is already in memory; `name` stands in messages.
///
/// # Errors
/// As for [`load()`].
pub fn from_text(name: &str, text: &str, environment: &Environment) -> Result<Loaded, ConfigError> {
    assemble(
        &[(name.to_owned(), text.to_owned())],
        environment,
        Origin::Text,
    )
}

fn assemble(
    texts: &[(String, String)],
    environment: &Environment,
    origin: Origin,
) -> Result<Loaded, ConfigError> {
    let schema = schema::made_from_types();
    let mut problems = Vec::new();
    let mut whole = Document::empty();
    for (name, text) in texts {
        let document = parse(name, text, &mut problems)?;
        check::check(&schema, &document.value, &mut |path, what| {
            problems.push(Problem {
                place: place_of(&document.places, &path),
                path,
                what,
            });
        });
        lay_over(&mut whole, document);
    }
    if !problems.is_empty() {
        return Err(invalid(problems));
    }
    settle(&schema, &mut whole.value);
    listen_where_told(&mut whole, environment)?;
    finish(&whole, origin)
}

/// From the merged tree to the typed configuration.
fn finish(whole: &Document, origin: Origin) -> Result<Loaded, ConfigError> {
    let mut problems = Vec::new();
    let mut report = |path: KeyPath, what: What| {
        let place = place_of(&whole.places, &path);
        problems.push(Problem { place, path, what });
    };
    unsupported::refuse(&whole.value, &mut report);
    let config: Config = match serde_path_to_error::deserialize(&whole.value) {
        Ok(config) => config,
        Err(error) => {
            report(path_of(error.path()), What::Rejected);
            return Err(invalid(problems));
        }
    };
    validate::validate(&config, &whole.value, &mut report);
    let resolved = resolve(&config, &mut report);
    if !problems.is_empty() {
        return Err(invalid(problems));
    }
    let warnings = validate::warnings(&config);
    Ok(Loaded {
        config,
        resolved,
        origin,
        warnings,
    })
}

/// All problems in the order in which they stand in the files.
fn invalid(mut problems: Vec<Problem>) -> ConfigError {
    let position = |problem: &Problem| {
        problem
            .place
            .as_ref()
            .map(|place| (place.file.clone(), place.line, place.column))
    };
    problems.sort_by_cached_key(position);
    ConfigError::Invalid(problems)
}

fn path_of(path: &serde_path_to_error::Path) -> KeyPath {
    use serde_path_to_error::Segment;
    let steps = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(Step::Index(*index)),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { variant } => Some(Step::Key(variant.clone())),
        Segment::Unknown => None,
    });
    KeyPath(steps.collect())
}

/// `PORT`, with or without `HOST`, takes the place of `server.listen_addr`; `HOST` alone does
/// nothing, since many shells set it.
fn listen_where_told(whole: &mut Document, environment: &Environment) -> Result<(), ConfigError> {
    let Some(port) = environment.get("PORT") else {
        return Ok(());
    };
    let bad = ConfigError::Environment {
        variable: "PORT",
        expected: "a port number",
    };
    let port = port.to_str().and_then(parse_port).ok_or(bad)?;
    let address = match environment.get("HOST") {
        None => format!(":{port}"),
        Some(host) => {
            let bad = ConfigError::Environment {
                variable: "HOST",
                expected: "an IP address or localhost",
            };
            let host = host.to_str().ok_or_else(|| bad.clone())?;
            let address = if host.contains(':') && !host.starts_with('[') {
                format!("[{host}]:{port}")
            } else {
                format!("{host}:{port}")
            };
            address.parse::<super::Listen>().map_err(|_| bad)?;
            address
        }
    };
    let Some(sections) = whole.value.as_object_mut() else {
        return Ok(());
    };
    let server = sections
        .entry("server")
        .or_insert_with(|| Value::Object(serde_json::Map::new()));
    if let Some(server) = server.as_object_mut() {
        server.insert("listen_addr".to_owned(), Value::String(address));
    }
    let place = Place {
        file: Arc::from("environment variable PORT"),
        line: 0,
        column: 0,
    };
    whole
        .places
        .insert(KeyPath::of("server.listen_addr"), place);
    Ok(())
}
