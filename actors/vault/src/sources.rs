//! Finds the secrets files.
//!
//! Owns the order of the places. Never decides what a file means ([`crate::secrets_file`]), and
//! leaves the reading to [`crate::loaded_file`].
//!
//! The first place that yields a file wins; places are never mixed. A place that is not there, or
//! a directory without a `*.json`, counts as nothing. One that is there and cannot be read is an
//! error: passing over it could bring an old key back into service.

use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use crate::access::{Ground, Rules};
use crate::config::SourceSearch;
use crate::error::VaultError;
use crate::harden::effective_user;
use crate::loaded_file::{LoadedFile, access, open, read_to_pages, unreadable};
use crate::warning::Warning;

/// The files of the place that won, in the order in which they are merged.
#[derive(Debug)]
pub(crate) struct Source {
    /// Where they were found: a directory, or the one file.
    pub(crate) place: PathBuf,
    pub(crate) files: Vec<PathBuf>,
    rules: Rules,
    root: PathBuf,
}

/// Which names in a directory are taken.
type Wanted = fn(&[u8]) -> bool;

fn is_json(name: &[u8]) -> bool {
    name.ends_with(b".json")
}

/// How systemd names the files of `LoadCredential=secrets.d:/some/directory`.
fn is_flattened(name: &[u8]) -> bool {
    name.starts_with(b"secrets.d_") && is_json(name)
}

/// One place to look at.
struct Place {
    path: PathBuf,
    ground: Ground,
    wanted: Wanted,
    /// What links must stay in, if it is not the place itself.
    root: Option<PathBuf>,
}

fn places(search: &SourceSearch) -> Vec<Place> {
    let mut places = Vec::new();
    if let Some(root) = &search.credentials_directory {
        let mut add = |path: PathBuf, wanted| {
            let root = Some(root.clone());
            places.push(Place {
                path,
                ground: Ground::Credentials,
                wanted,
                root,
            });
        };
        add(root.join("secrets"), is_json as Wanted);
        add(root.join("secrets.d"), is_json);
        add(root.clone(), is_flattened);
        add(root.clone(), is_json);
    }
    let path = search
        .secrets_dir
        .as_ref()
        .unwrap_or(&search.run_secrets)
        .clone();
    let ground = ground_of(&path, search);
    places.push(Place {
        path,
        ground,
        wanted: is_json,
        root: None,
    });
    places
}

/// Whether a place below `/run/secrets` is on another file system than what it is mounted on.
fn ground_of(path: &Path, search: &SourceSearch) -> Ground {
    let mounts = search.run_secrets.parent().unwrap_or(&search.run_secrets);
    let device = |path: &Path| fs::metadata(path).map(|found| found.dev()).ok();
    let own_device = path
        .parent()
        .is_some_and(|parent| device(path) != device(parent));
    if path.starts_with(mounts) && own_device {
        Ground::Mount
    } else {
        Ground::Ordinary
    }
}

impl Source {
    /// Looks at the places in order and takes the first that yields a file.
    ///
    /// # Errors
    /// [`VaultError::NothingFound`], and what is wrong with a place that is there.
    pub(crate) fn find(search: &SourceSearch) -> Result<Self, VaultError> {
        let places = places(search);
        for place in &places {
            let rules = Rules {
                ground: place.ground,
                user: effective_user(),
                strict: search.strict_modes,
            };
            if let Some(source) = place.look(rules)? {
                return Ok(source);
            }
        }
        let mut tried: Vec<PathBuf> = places.into_iter().map(|place| place.path).collect();
        tried.dedup();
        Err(VaultError::NothingFound { tried })
    }

    /// Reads each file into pages of its own.
    ///
    /// # Errors
    /// The variants of [`VaultError`] that name a path, and [`VaultError::MemoryLock`].
    pub(crate) fn read(
        &self,
        memory_required: bool,
    ) -> Result<(Vec<LoadedFile>, Vec<Warning>), VaultError> {
        let mut loaded = Vec::new();
        let mut warnings = Vec::new();
        for path in &self.files {
            let (file, found) = open(path, &self.root)?;
            warnings.extend(self.rules.judge_file(access(path, &found))?);
            loaded.push(read_to_pages(path, file, found.len(), memory_required)?);
        }
        Ok((loaded, warnings))
    }
}

impl Place {
    /// `None` if there is nothing here.
    fn look(&self, rules: Rules) -> Result<Option<Source>, VaultError> {
        if self
            .path
            .components()
            .any(|part| part == Component::ParentDir)
        {
            return Err(VaultError::ParentInPath {
                path: self.path.clone(),
            });
        }
        let found = match fs::metadata(&self.path) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return self.refuse_dangling_link().map(|()| None);
            }
            Err(error) => return Err(unreadable(&self.path)(error)),
        };
        let files = self.files(&found)?;
        if files.is_empty() {
            return Ok(None);
        }
        if found.is_dir() {
            rules.judge_directory(access(&self.path, &found))?;
        }
        let root = self.root.clone().unwrap_or_else(|| self.own_root(&found));
        let root = fs::canonicalize(&root).map_err(unreadable(&root))?;
        Ok(Some(Source {
            place: self.path.clone(),
            files,
            rules,
            root,
        }))
    }

    /// A link to nowhere is there, and so is not nothing.
    fn refuse_dangling_link(&self) -> Result<(), VaultError> {
        match fs::symlink_metadata(&self.path) {
            Ok(_) => Err(unreadable(&self.path)(ErrorKind::NotFound.into())),
            Err(_) => Ok(()),
        }
    }

    fn files(&self, found: &Metadata) -> Result<Vec<PathBuf>, VaultError> {
        if found.is_file() {
            return Ok(vec![self.path.clone()]);
        }
        if !found.is_dir() {
            return Err(VaultError::NotAFile {
                path: self.path.clone(),
            });
        }
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(unreadable(&self.path))? {
            let name = entry.map_err(unreadable(&self.path))?.file_name();
            if (self.wanted)(name.as_bytes()) && !is_directory(&self.path, &name) {
                names.push(name);
            }
        }
        names.sort_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
        Ok(names.iter().map(|name| self.path.join(name)).collect())
    }

    /// What links must stay in: the directory, or the directory that the one file is in.
    fn own_root(&self, found: &Metadata) -> PathBuf {
        match self.path.parent() {
            Some(parent) if !found.is_dir() && parent.as_os_str().is_empty() => PathBuf::from("."),
            Some(parent) if !found.is_dir() => parent.to_owned(),
            _ => self.path.clone(),
        }
    }
}

fn is_directory(directory: &Path, name: &OsStr) -> bool {
    fs::metadata(directory.join(name)).is_ok_and(|found| found.is_dir())
}

#[cfg(test)]
mod tests {
    use std::fs::{File, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    use tempfile::TempDir;

    use super::*;
    use crate::loaded_file::LARGEST_FILE;

    fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        set_mode(path, 0o600);
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn credentials(root: &Path) -> SourceSearch {
        SourceSearch {
            credentials_directory: Some(root.to_owned()),
            run_secrets: root.join("nothing"),
            ..SourceSearch::default()
        }
    }

    fn secrets_dir(path: &Path) -> SourceSearch {
        SourceSearch {
            secrets_dir: Some(path.to_owned()),
            run_secrets: path.join("nothing"),
            ..SourceSearch::default()
        }
    }

    fn found(search: &SourceSearch) -> Vec<PathBuf> {
        Source::find(search).unwrap().files
    }

    /// What the files hold, in order.
    fn contents(search: &SourceSearch) -> Result<Vec<String>, VaultError> {
        let (files, _) = Source::find(search)?.read(true)?;
        let text = |file: &LoadedFile| String::from_utf8(file.bytes().to_owned()).unwrap();
        Ok(files.iter().map(text).collect())
    }

    #[test]
    fn the_first_place_that_yields_a_file_wins() {
        let dir = TempDir::new().unwrap();
        let root = dir.path();
        let search = SourceSearch {
            credentials_directory: Some(root.join("creds")),
            secrets_dir: Some(root.join("dir")),
            run_secrets: root.join("run"),
            strict_modes: false,
        };
        let tried = [
            "creds/secrets",
            "creds/secrets.d/01.json",
            "creds/secrets.d_01.json",
            "creds/plain.json",
            "dir/01.json",
        ];
        for name in tried.iter().rev() {
            write(&root.join(name), "{}");
            assert_eq!(found(&search)[0], root.join(name));
        }
    }

    #[test]
    fn mounted_secrets_are_taken_only_if_no_directory_is_named() {
        let dir = TempDir::new().unwrap();
        let run_secrets = dir.path().join("run");
        write(&run_secrets.join("01.json"), "{}");
        let mut search = SourceSearch {
            run_secrets,
            ..SourceSearch::default()
        };
        assert_eq!(found(&search), [search.run_secrets.join("01.json")]);
        search.secrets_dir = Some(dir.path().join("empty"));
        assert!(matches!(
            Source::find(&search),
            Err(VaultError::NothingFound { .. })
        ));
    }

    #[test]
    fn nothing_found_names_each_place_once() {
        let dir = TempDir::new().unwrap();
        let message = Source::find(&credentials(dir.path()))
            .unwrap_err()
            .to_string();
        let root = dir.path().display();
        for place in ["/secrets`", "/secrets.d`", "`", "/nothing`"] {
            assert_eq!(
                message.matches(&format!("`{root}{place}")).count(),
                1,
                "{message}"
            );
        }
    }

    #[test]
    fn files_come_in_byte_order_and_only_json() {
        let dir = TempDir::new().unwrap();
        for name in [
            "b.json",
            "a.json",
            "B.json",
            "10.json",
            "9.json",
            "a.txt",
            "c.json.bak",
        ] {
            write(&dir.path().join(name), name);
        }
        fs::create_dir(dir.path().join("d.json")).unwrap();
        let names = contents(&secrets_dir(dir.path())).unwrap();
        assert_eq!(names, ["10.json", "9.json", "B.json", "a.json", "b.json"]);
    }

    #[test]
    fn a_mount_of_its_own_is_told_from_a_directory() {
        let below = |run_secrets: &str| SourceSearch {
            run_secrets: PathBuf::from(run_secrets),
            ..SourceSearch::default()
        };
        let dir = TempDir::new().unwrap();
        assert_eq!(
            ground_of(dir.path(), &below(dir.path().to_str().unwrap())),
            Ground::Ordinary
        );
        if Path::new("/proc/self").exists() {
            assert_eq!(
                ground_of(Path::new("/proc"), &below("/proc")),
                Ground::Mount
            );
            assert_eq!(
                ground_of(Path::new("/proc"), &below("/run/secrets/x")),
                Ground::Ordinary
            );
        }
    }

    #[test]
    fn one_file_may_be_named_instead_of_a_directory() {
        let dir = TempDir::new().unwrap();
        let file = dir.path().join("my-secrets");
        write(&file, "mine");
        assert_eq!(contents(&secrets_dir(&file)).unwrap(), ["mine"]);
    }

    #[test]
    fn a_path_with_two_dots_is_refused_though_it_exists() {
        let dir = TempDir::new().unwrap();
        write(&dir.path().join("a/01.json"), "{}");
        let path = dir.path().join("a/../a");
        let refused = Source::find(&secrets_dir(&path));
        assert!(matches!(refused, Err(VaultError::ParentInPath { .. })));
    }

    #[test]
    fn links_inside_the_directory_are_followed_as_kubernetes_lays_them() {
        let dir = TempDir::new().unwrap();
        let root = dir.path().join("volume");
        write(&root.join("..2026_11_22/01.json"), "from the volume");
        symlink("..2026_11_22", root.join("..data")).unwrap();
        symlink("..data/01.json", root.join("01.json")).unwrap();
        assert_eq!(contents(&secrets_dir(&root)).unwrap(), ["from the volume"]);
        let linked = dir.path().join("linked");
        symlink(&root, &linked).unwrap();
        assert_eq!(
            contents(&secrets_dir(&linked)).unwrap(),
            ["from the volume"]
        );
    }

    #[test]
    fn a_link_that_leaves_the_directory_is_refused() {
        let dir = TempDir::new().unwrap();
        write(&dir.path().join("elsewhere/01.json"), "{}");
        let root = dir.path().join("here");
        fs::create_dir(&root).unwrap();
        symlink("../elsewhere/01.json", root.join("01.json")).unwrap();
        let refused = contents(&secrets_dir(&root)).unwrap_err();
        assert!(
            matches!(refused, VaultError::LinkLeavesSource { .. }),
            "{refused}"
        );
        symlink("../elsewhere/01.json", root.join("secrets")).unwrap();
        let refused = contents(&credentials(&root)).unwrap_err();
        assert!(
            matches!(refused, VaultError::LinkLeavesSource { .. }),
            "{refused}"
        );
    }

    #[test]
    fn a_link_to_nowhere_is_an_error_and_not_nothing() {
        let dir = TempDir::new().unwrap();
        write(&dir.path().join("plain.json"), "{}");
        symlink("gone", dir.path().join("secrets")).unwrap();
        let refused = Source::find(&credentials(dir.path()));
        assert!(matches!(refused, Err(VaultError::Unreadable { .. })));
        let listed = TempDir::new().unwrap();
        symlink("gone", listed.path().join("01.json")).unwrap();
        assert!(matches!(
            contents(&secrets_dir(listed.path())),
            Err(VaultError::Unreadable { .. })
        ));
    }

    #[test]
    fn a_readable_file_is_refused_with_the_command_that_helps() {
        let dir = TempDir::new().unwrap();
        let file = dir.path().join("secrets");
        write(&file, "{}");
        set_mode(&file, 0o644);
        let refused = contents(&credentials(dir.path())).unwrap_err();
        let expected = VaultError::Exposed {
            path: file.clone(),
            mode: 0o644,
            wanted: 0o600,
        };
        assert_eq!(refused, expected);
        set_mode(&file, 0o640);
        let (_, warnings) = Source::find(&credentials(dir.path()))
            .unwrap()
            .read(true)
            .unwrap();
        assert_eq!(
            warnings,
            [Warning::GroupReadable {
                path: file,
                mode: 0o640
            }]
        );
    }

    #[test]
    fn a_directory_that_everybody_may_write_to_is_refused() {
        let dir = TempDir::new().unwrap();
        let root = dir.path().join("open");
        write(&root.join("01.json"), "{}");
        set_mode(&root, 0o777);
        let refused = Source::find(&secrets_dir(&root));
        assert!(matches!(
            refused,
            Err(VaultError::Exposed { mode: 0o777, .. })
        ));
    }

    #[test]
    fn what_is_no_file_is_refused_at_once() {
        let dir = TempDir::new().unwrap();
        let socket = dir.path().join("01.json");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        set_mode(&socket, 0o600);
        let one = Source::find(&secrets_dir(&socket));
        assert!(matches!(one, Err(VaultError::NotAFile { .. })));
        assert!(contents(&secrets_dir(dir.path())).is_err());
    }

    #[test]
    fn an_oversized_file_is_refused_before_it_is_read() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("secrets");
        write(&path, "");
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_len(LARGEST_FILE + 1)
            .unwrap();
        let refused = contents(&credentials(dir.path())).unwrap_err();
        assert_eq!(
            refused,
            VaultError::TooLarge {
                path,
                limit: LARGEST_FILE
            }
        );
    }

    #[test]
    fn an_empty_file_is_read_as_nothing() {
        let dir = TempDir::new().unwrap();
        write(&dir.path().join("secrets"), "");
        assert_eq!(contents(&credentials(dir.path())).unwrap(), [""]);
    }
}
