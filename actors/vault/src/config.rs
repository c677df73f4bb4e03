//! Where to look for secrets, and how strict to be about memory.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::error::VaultError;

/// Where mounted secrets are when no variable says otherwise.
const RUN_SECRETS: &str = "/run/secrets/nenya";

/// What the vault must be told.
#[derive(Debug, Clone)]
pub struct VaultConfig {
    /// Where the secrets are looked for.
    pub search: SourceSearch,
    /// Refuse to run without locked memory (`server.secure_memory_required`). Default: true.
    /// With false, ordinary memory is used where nothing better can be had, and a warning given.
    pub memory_required: bool,
}

/// The places to look for secrets, best first. The first that yields a file wins.
#[derive(Debug, Clone)]
pub struct SourceSearch {
    /// `$CREDENTIALS_DIRECTORY`: `secrets`, then `secrets.d/*.json` and `secrets.d_*.json`, then
    /// `*.json`.
    pub credentials_directory: Option<PathBuf>,
    /// `$NENYA_SECRETS_DIR`: a directory with `*.json`, or one file. Replaces `run_secrets`.
    pub secrets_dir: Option<PathBuf>,
    /// Where containers mount secrets. Default: `/run/secrets/nenya`.
    pub run_secrets: PathBuf,
    /// Makes an error of each mode or owner that is otherwise only warned of. Default: false.
    pub strict_modes: bool,
}

impl Default for SourceSearch {
    fn default() -> Self {
        Self {
            credentials_directory: None,
            secrets_dir: None,
            run_secrets: PathBuf::from(RUN_SECRETS),
            strict_modes: false,
        }
    }
}

impl SourceSearch {
    /// Takes the places from the environment of this process.
    ///
    /// # Errors
    /// [`VaultError::SecretInEnvironment`] if a variable holds a secret itself, as was once usual.
    pub fn from_env() -> Result<Self, VaultError> {
        Self::from_variables(env::vars_os())
    }

    /// As [`SourceSearch::from_env`], over any variables.
    ///
    /// # Errors
    /// See [`SourceSearch::from_env`].
    pub fn from_variables(
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, VaultError> {
        let mut search = Self::default();
        let mut refused = Vec::new();
        for (name, value) in variables {
            match name.to_str() {
                Some("CREDENTIALS_DIRECTORY") => search.credentials_directory = path_in(value),
                Some("NENYA_SECRETS_DIR") => search.secrets_dir = path_in(value),
                Some(name) if holds_a_secret(name) => refused.push(name.to_owned()),
                _ => {}
            }
        }
        if refused.is_empty() {
            return Ok(search);
        }
        refused.sort();
        Err(VaultError::SecretInEnvironment { variables: refused })
    }
}

/// An empty variable counts as one that is not set.
fn path_in(value: OsString) -> Option<PathBuf> {
    (!value.is_empty()).then(|| PathBuf::from(value))
}

fn holds_a_secret(variable: &str) -> bool {
    variable == "NENYA_CLIENT_TOKEN" || variable.starts_with("NENYA_PROVIDER_KEY_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&str, &str)]) -> Result<SourceSearch, VaultError> {
        SourceSearch::from_variables(
            pairs
                .iter()
                .map(|(name, value)| (name.into(), value.into())),
        )
    }

    #[test]
    fn places_come_from_the_environment() {
        let search = from(&[
            ("CREDENTIALS_DIRECTORY", "/run/credentials/nenya.service"),
            ("NENYA_SECRETS_DIR", ""),
            ("HOME", "/var/lib/nenya"),
        ])
        .unwrap();
        let expected = PathBuf::from("/run/credentials/nenya.service");
        assert_eq!(search.credentials_directory, Some(expected));
        assert_eq!(search.secrets_dir, None);
        assert_eq!(search.run_secrets, PathBuf::from("/run/secrets/nenya"));
    }

    #[test]
    fn secrets_in_variables_are_refused_by_name_with_the_way_to_migrate() {
        let refused = from(&[
            ("NENYA_PROVIDER_KEY_DEEPSEEK", "sk-mark"),
            ("NENYA_CLIENT_TOKEN", "nk-mark"),
        ])
        .unwrap_err()
        .to_string();
        assert!(
            refused.contains("NENYA_CLIENT_TOKEN, NENYA_PROVIDER_KEY_DEEPSEEK"),
            "{refused}"
        );
        assert!(refused.contains("provider_keys"), "{refused}");
        assert!(!refused.contains("mark"), "{refused}");
    }
}
