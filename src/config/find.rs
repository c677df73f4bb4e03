//! Where configuration files are looked for, and how they are read.
//!
//! Owns the precedence of flags and environment variables, the two modes (one file, or a
//! directory) and the bound on size. The environment is handed in, so that a test never depends
//! on the one it runs in. Never interprets what it reads.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::error::{ConfigError, Place};

/// The largest configuration file; a larger one is a mistake.
const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;

/// What the command line says about configuration files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `-config FILE`.
    pub config_file: Option<PathBuf>,
    /// `-config-dir DIR`.
    pub config_dir: Option<PathBuf>,
}

/// Environment variables, as they are handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<String, OsString>);

impl Environment {
    /// The variables of this process that matter to the configuration.
    #[must_use]
    pub fn of_process() -> Self {
        let names = ["NENYA_CONFIG_FILE", "NENYA_CONFIG_DIR", "PORT", "HOST"];
        names
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), std::env::var_os(name)?)))
            .collect()
    }

    /// A variable's value; an empty one counts as not set.
    pub(super) fn get(&self, name: &str) -> Option<&OsString> {
        self.0.get(name).filter(|value| !value.is_empty())
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        self.get(name).map(PathBuf::from)
    }
}

impl<K: Into<String>, V: Into<OsString>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
        Self(
            variables
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

/// What the environment or the command line asks for.
pub(super) enum Asked {
    /// One file.
    File(PathBuf),
    /// A directory.
    Directory(PathBuf),
}

/// What is asked for, and the flag or environment variable that asks.
///
/// The environment goes before the flags, and there and there the file before the directory.
pub(super) fn asked_for(flags: &Flags, environment: &Environment) -> Option<(Asked, &'static str)> {
    let file = |path: Option<PathBuf>, name| Some((Asked::File(path?), name));
    let directory = |path: Option<PathBuf>, name| Some((Asked::Directory(path?), name));
    let told = |name| environment.path(name);
    let (file_name, directory_name) = ("NENYA_CONFIG_FILE", "NENYA_CONFIG_DIR");
    file(told(file_name), file_name)
        .or_else(|| directory(told(directory_name), directory_name))
        .or_else(|| file(flags.config_file.clone(), "-config"))
        .or_else(|| directory(flags.config_dir.clone(), "-config-dir"))
}

/// The files of a directory.
pub(super) struct Found {
    /// Those to read, in order.
    pub(super) files: Vec<PathBuf>,
    /// A `config.json` that is not read, because `config.d` has files.
    pub(super) passed_over: Option<PathBuf>,
}

/// The files of a directory: those of `config.d` if it has any, else `config.json`.
pub(super) fn files_of(directory: &Path) -> Result<Found, ConfigError> {
    let single = directory.join("config.json");
    let parts = parts_of(&directory.join("config.d"))?;
    let has_single = match fs::metadata(&single) {
        Ok(_) => true,
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) => {
            return Err(ConfigError::Unreadable {
                path: single,
                kind: error.kind(),
            });
        }
    };
    match (parts.is_empty(), has_single) {
        (true, false) if !directory.exists() => Err(ConfigError::Missing {
            path: directory.to_owned(),
            asked_by: None,
        }),
        (true, false) => Err(ConfigError::NoFiles {
            directory: directory.to_owned(),
        }),
        (true, true) => Ok(Found {
            files: vec![single],
            passed_over: None,
        }),
        (false, has_single) => Ok(Found {
            files: parts,
            passed_over: has_single.then_some(single),
        }),
    }
}

/// The `*.json` files of a directory by name, without hidden ones and `secrets.json`.
fn parts_of(directory: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let unreadable = |error: std::io::Error| ConfigError::Unreadable {
        path: directory.to_owned(),
        kind: error.kind(),
    };
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let name = entry.map_err(unreadable)?.file_name();
        let text = name.to_string_lossy();
        if text.ends_with(".json") && !text.starts_with('.') && text != "secrets.json" {
            files.push(directory.join(&name));
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a file that must be UTF-8 and within the bound.
pub(super) fn read(path: &Path) -> Result<String, ConfigError> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => ConfigError::Missing {
            path: path.to_owned(),
            asked_by: None,
        },
        kind => ConfigError::Unreadable {
            path: path.to_owned(),
            kind,
        },
    };
    let mut bytes = Vec::new();
    let mut file = fs::File::open(path)
        .map_err(failed)?
        .take(MAX_FILE_BYTES + 1);
    file.read_to_end(&mut bytes).map_err(failed)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_FILE_BYTES {
        return Err(ConfigError::TooLarge {
            path: path.to_owned(),
            limit: MAX_FILE_BYTES,
        });
    }
    String::from_utf8(bytes).map_err(|error| not_utf8(path, &error))
}

fn not_utf8(path: &Path, error: &std::string::FromUtf8Error) -> ConfigError {
    let valid = error
        .as_bytes()
        .get(..error.utf8_error().valid_up_to())
        .unwrap_or_default();
    let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
    let last = valid
        .rsplit(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let column = String::from_utf8_lossy(last).chars().count() + 1;
    ConfigError::NotUtf8 {
        place: Place {
            file: path.display().to_string().into(),
            line,
            column,
        },
    }
}
