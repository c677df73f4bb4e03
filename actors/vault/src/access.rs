//! Who else can get at a secrets file: modes and owners.
//!
//! Pure rules over what `fstat` said. Called by [`crate::sources`] for each directory it lists
//! and each file it has opened.

use std::path::Path;

use crate::error::VaultError;
use crate::warning::Warning;

/// What kind of place a file was found in; decides what is usual there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    /// A directory that somebody manages by hand.
    Ordinary,
    /// `$CREDENTIALS_DIRECTORY`. systemd gives its files to root and lets the service in by an
    /// access list, which shows as group-readable.
    Credentials,
    /// A mount of its own below `/run/secrets`, as containers get them. Kubernetes' default mode
    /// is 0644 and cannot be changed from inside; only this container sees the mount. The
    /// narrowest it can do for a user other than root is root's with 0440, by `fsGroup`.
    Mount,
}

/// Mode and owner of one file or directory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Access<'p> {
    pub(crate) path: &'p Path,
    pub(crate) mode: u32,
    pub(crate) owner: u32,
}

/// What the rules are applied with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub(crate) ground: Ground,
    pub(crate) user: u32,
    pub(crate) strict: bool,
}

const OTHERS: u32 = 0o007;
const OTHERS_WRITE: u32 = 0o002;
const GROUP_READ: u32 = 0o040;
const GROUP_WRITE: u32 = 0o020;

impl Rules {
    /// Judges a file.
    ///
    /// # Errors
    /// [`VaultError::Exposed`] or [`VaultError::ForeignOwner`].
    pub(crate) fn judge_file(self, file: Access<'_>) -> Result<Vec<Warning>, VaultError> {
        let owner = self.judge_owner(file)?;
        let mode = self.judge_mode(file)?;
        Ok(owner.into_iter().chain(mode).collect())
    }

    /// Judges a directory whose files are all taken: nobody else may add one.
    ///
    /// A group that may write to it can add no file that passes [`Rules::judge_file`].
    ///
    /// # Errors
    /// [`VaultError::Exposed`] or [`VaultError::ForeignOwner`].
    pub(crate) fn judge_directory(self, directory: Access<'_>) -> Result<(), VaultError> {
        if self.ground == Ground::Mount {
            return Ok(());
        }
        self.judge_owner(directory)?;
        if directory.mode & OTHERS_WRITE == 0 {
            Ok(())
        } else {
            Err(exposed(directory, 0o700))
        }
    }

    fn judge_owner(self, found: Access<'_>) -> Result<Option<Warning>, VaultError> {
        let Access { path, owner, .. } = found;
        if owner == 0 || owner == self.user {
            return Ok(None);
        }
        if self.ground == Ground::Mount && !self.strict {
            return Ok(Some(Warning::ForeignMount {
                path: path.to_owned(),
                owner,
            }));
        }
        Err(VaultError::ForeignOwner {
            path: path.to_owned(),
            owner,
        })
    }

    fn judge_mode(self, file: Access<'_>) -> Result<Option<Warning>, VaultError> {
        let Access { path, mode, owner } = file;
        let let_in_by_group = self.ground != Ground::Ordinary && owner == 0 && mode == 0o440;
        if let_in_by_group || mode & (OTHERS | GROUP_READ | GROUP_WRITE) == 0 {
            return Ok(None);
        }
        let path = path.to_owned();
        let only_in_here = self.ground == Ground::Mount && mode & OTHERS_WRITE == 0;
        match mode & (OTHERS | GROUP_WRITE) {
            0 if !self.strict => Ok(Some(Warning::GroupReadable { path, mode })),
            _ if only_in_here && !self.strict => Ok(Some(Warning::ReadableMount { path, mode })),
            _ => Err(exposed(
                file,
                if self.ground == Ground::Mount {
                    0o440
                } else {
                    0o600
                },
            )),
        }
    }
}

fn exposed(found: Access<'_>, wanted: u32) -> VaultError {
    VaultError::Exposed {
        path: found.path.to_owned(),
        mode: found.mode,
        wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: u32 = 65_532;

    #[derive(Debug, PartialEq, Eq)]
    enum Verdict {
        Fine,
        Warned,
        Refused,
    }
    use Verdict::{Fine, Refused, Warned};

    fn file(ground: Ground, mode: u32, owner: u32, strict: bool) -> Verdict {
        let rules = Rules {
            ground,
            user: US,
            strict,
        };
        match rules.judge_file(Access {
            path: Path::new("/s.json"),
            mode,
            owner,
        }) {
            Ok(warnings) if warnings.is_empty() => Fine,
            Ok(_) => Warned,
            Err(_) => Refused,
        }
    }

    #[test]
    fn each_mode_and_owner_has_its_verdict_in_each_place() {
        use Ground::{Credentials, Mount, Ordinary};
        let table = [
            (Ordinary, 0o600, US, Fine, Fine),
            (Ordinary, 0o400, 0, Fine, Fine),
            (Ordinary, 0o640, 0, Warned, Refused),
            (Ordinary, 0o440, 0, Warned, Refused),
            (Ordinary, 0o644, US, Refused, Refused),
            (Ordinary, 0o604, US, Refused, Refused),
            (Ordinary, 0o601, US, Refused, Refused),
            (Ordinary, 0o660, US, Refused, Refused),
            (Ordinary, 0o602, US, Refused, Refused),
            (Ordinary, 0o600, 1000, Refused, Refused),
            (Credentials, 0o440, 0, Fine, Fine),
            (Credentials, 0o400, US, Fine, Fine),
            (Credentials, 0o440, US, Warned, Refused),
            (Credentials, 0o444, 0, Refused, Refused),
            (Mount, 0o644, 0, Warned, Refused),
            (Mount, 0o444, 0, Warned, Refused),
            (Mount, 0o440, 0, Fine, Fine),
            (Mount, 0o440, 1000, Warned, Refused),
            (Mount, 0o640, 0, Warned, Refused),
            (Mount, 0o400, 0, Fine, Fine),
            (Mount, 0o664, 1000, Warned, Refused),
            (Mount, 0o600, 1000, Warned, Refused),
            (Mount, 0o666, 0, Refused, Refused),
        ];
        for (ground, mode, owner, lenient, strict) in table {
            assert_eq!(
                file(ground, mode, owner, false),
                lenient,
                "{ground:?} {mode:o} {owner}"
            );
            assert_eq!(
                file(ground, mode, owner, true),
                strict,
                "{ground:?} {mode:o} {owner}"
            );
        }
    }

    #[test]
    fn a_directory_that_everybody_may_write_to_is_refused_unless_it_is_a_mount() {
        let judge = |ground, mode, owner| {
            let rules = Rules {
                ground,
                user: US,
                strict: false,
            };
            rules
                .judge_directory(Access {
                    path: Path::new("/d"),
                    mode,
                    owner,
                })
                .is_ok()
        };
        assert!(judge(Ground::Ordinary, 0o750, 0));
        assert!(!judge(Ground::Ordinary, 0o1777, 0));
        assert!(!judge(Ground::Ordinary, 0o700, 1000));
        assert!(judge(Ground::Mount, 0o1777, 0));
    }

    #[test]
    fn the_refusal_gives_the_command_that_helps() {
        let rules = Rules {
            ground: Ground::Ordinary,
            user: US,
            strict: false,
        };
        let access = Access {
            path: Path::new("/etc/s.json"),
            mode: 0o644,
            owner: 0,
        };
        let refused = rules.judge_file(access).unwrap_err().to_string();
        assert!(refused.contains("mode 0644") && refused.contains("`chmod 0600 /etc/s.json`"));
    }
}
