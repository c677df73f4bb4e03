//! What can be wrong with secrets or with the memory that holds them.
//!
//! Every error names the file and the field and how to put it right. None carries a value that
//! stood in a secrets file: whoever reads the log must not learn a key from it.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Where in which secrets file something is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as the search found it.
    pub file: PathBuf,
    /// The field's path in it, such as `api_keys.dev-user.token`; empty for the document itself.
    pub field: String,
}

impl Place {
    /// For errors that cannot happen once the files were checked.
    pub(crate) fn unknown() -> Self {
        Self {
            file: PathBuf::from("(a secrets file)"),
            field: String::new(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: ", self.file.display())?;
        if self.field.is_empty() {
            return write!(f, "the document");
        }
        write!(f, "field `{}`", self.field)
    }
}

/// What is wrong with a text that must be a token, a key or a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextProblem {
    /// There is nothing in it.
    Empty,
    /// Fewer bytes than it must have.
    TooShort {
        /// The fewest bytes allowed.
        least: usize,
    },
    /// More bytes than it may have.
    TooLong {
        /// The most bytes allowed.
        most: usize,
    },
    /// A blank, tab or line end, most often at the end of a pasted value.
    Whitespace,
    /// A control character, which could end a header line.
    Control,
    /// A character outside ASCII, which no HTTP header can carry.
    NotAscii,
    /// An escape that JSON does not have, or half of a surrogate pair.
    BadEscape,
    /// A name that looks like a key: most often name and key are swapped.
    LooksLikeKey,
    /// The name `primary`, which stands for the `client_token`.
    Reserved,
}

impl fmt::Display for TextProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "is empty"),
            Self::TooShort { least } => write!(f, "is shorter than {least} bytes"),
            Self::TooLong { most } => write!(f, "is longer than {most} bytes"),
            Self::Whitespace => write!(f, "contains a blank, a tab or a line end"),
            Self::Control => write!(f, "contains a control character"),
            Self::NotAscii => write!(f, "contains a character outside ASCII"),
            Self::BadEscape => write!(f, "contains an escape that is not valid JSON"),
            Self::LooksLikeKey => write!(f, "is named like a key; are name and key swapped?"),
            Self::Reserved => write!(f, "is named `primary`, which stands for `client_token`"),
        }
    }
}

/// Why the vault cannot be opened, reloaded or rotated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VaultError {
    /// Secrets in environment variables, which are not supported any more.
    SecretInEnvironment {
        /// The names of the variables.
        variables: Vec<String>,
    },
    /// A configured path has a `..` in it.
    ParentInPath {
        /// The path as given.
        path: PathBuf,
    },
    /// A link leads out of the directory it was found in.
    LinkLeavesSource {
        /// The link.
        link: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// No source yielded a file.
    NothingFound {
        /// The places looked at, in order.
        tried: Vec<PathBuf>,
    },
    /// The operating system refused to give the file or directory.
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// The system's reason.
        reason: io::ErrorKind,
    },
    /// Neither a file nor a directory.
    NotAFile {
        /// What was found.
        path: PathBuf,
    },
    /// More bytes than a secrets file may have.
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most bytes allowed.
        limit: u64,
    },
    /// The file grew between being measured and being read.
    ChangedWhileRead {
        /// The file.
        path: PathBuf,
    },
    /// Others may read or write the file, or write to the directory.
    Exposed {
        /// The file or directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// The bits to set instead.
        wanted: u32,
    },
    /// It belongs to somebody who is neither root nor us.
    ForeignOwner {
        /// The file or directory.
        path: PathBuf,
        /// The owner's user id.
        owner: u32,
    },
    /// The file is not UTF-8.
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Offset of the first byte that is wrong.
        at: usize,
    },
    /// The file is not strict JSON.
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Another JSON type than expected.
    WrongType {
        /// Where.
        place: Place,
        /// What must stand there.
        expected: &'static str,
    },
    /// A field that nobody knows.
    UnknownField {
        /// Where.
        place: Place,
        /// The nearest known field.
        nearest: &'static str,
    },
    /// The same field twice in one object.
    DuplicateField {
        /// Where.
        place: Place,
    },
    /// A field that must be there.
    MissingField {
        /// Where.
        place: Place,
    },
    /// A field that would have no effect.
    UselessField {
        /// Where.
        place: Place,
        /// What does what its author wanted.
        instead: &'static str,
    },
    /// A token, key or name that cannot be used.
    BadText {
        /// Where.
        place: Place,
        /// What is wrong with it.
        problem: TextProblem,
    },
    /// A role other than the three.
    UnknownRole {
        /// Where.
        place: Place,
    },
    /// Not a time as RFC 3339 writes it.
    NotATime {
        /// Where.
        place: Place,
    },
    /// Not `sha256:` with 64 hexadecimal digits.
    NotAHash {
        /// Where.
        place: Place,
    },
    /// Both `token` and `token_hash` for one key.
    TokenAndHash {
        /// Where.
        place: Place,
    },
    /// Two keys with the same token.
    SameToken {
        /// The first key's id.
        first: String,
        /// The second key's id.
        second: String,
    },
    /// No file has a `client_token`.
    MissingClientToken {
        /// The files that were read.
        files: Vec<PathBuf>,
    },
    /// The system gives no locked memory.
    MemoryLock {
        /// The call that was refused.
        call: &'static str,
        /// The system's error number.
        errno: i32,
        /// How many bytes were wanted.
        needed: usize,
        /// Soft limit of locked memory in bytes; `None` is unlimited.
        soft: Option<u64>,
        /// Hard limit of locked memory in bytes; `None` is unlimited.
        hard: Option<u64>,
    },
    /// The kernel gave no random bytes.
    NoRandomness,
    /// The sources have no key for this provider.
    NoSuchKey {
        /// The provider's name.
        provider: String,
    },
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SecretInEnvironment { variables } => write!(
                f,
                "secrets in environment variables are not supported any more ({}): put \
                 {{\"client_token\": ..., \"provider_keys\": {{...}}}} into a file under \
                 `$NENYA_SECRETS_DIR` or `/run/secrets/nenya` and unset them",
                variables.join(", ")
            ),
            Self::ParentInPath { path } => {
                write!(
                    f,
                    "`{}` contains `..`: give the direct path",
                    path.display()
                )
            }
            Self::LinkLeavesSource { link, target } => write!(
                f,
                "`{}` is a link to `{}`, outside its own directory: point the source there instead",
                link.display(),
                target.display()
            ),
            Self::NothingFound { tried } => write_tried(f, tried),
            Self::Unreadable { path, reason } => {
                write!(f, "cannot read `{}`: {reason}", path.display())
            }
            Self::NotAFile { path } => {
                write!(f, "`{}` is neither a file nor a directory", path.display())
            }
            Self::TooLarge { path, limit } => {
                write!(f, "`{}` is larger than {limit} bytes", path.display())
            }
            Self::ChangedWhileRead { path } => {
                write!(
                    f,
                    "`{}` changed while it was read: try again",
                    path.display()
                )
            }
            Self::Exposed { path, mode, wanted } => write!(
                f,
                "`{0}` has mode {mode:04o}, so others can get at it: `chmod {wanted:04o} {0}` (for \
                 a Kubernetes volume: `defaultMode: {wanted:04o}` and `fsGroup`)",
                path.display()
            ),
            Self::ForeignOwner { path, owner } => write!(
                f,
                "`{0}` belongs to user {owner}, who is neither root nor the user of this process: \
                 `chown root {0}`",
                path.display()
            ),
            Self::NotUtf8 { path, at } => {
                write!(f, "`{}` is not UTF-8 at byte {at}", path.display())
            }
            Self::Syntax { path, line, column } => write!(
                f,
                "`{}` is not strict JSON at line {line} column {column} (comments and trailing \
                 commas are not allowed)",
                path.display()
            ),
            Self::WrongType { place, expected } => write!(f, "{place} must be {expected}"),
            Self::UnknownField { place, nearest } => {
                write!(
                    f,
                    "{place} is not known; the nearest known field is `{nearest}`"
                )
            }
            Self::DuplicateField { place } => write!(f, "{place} stands there twice"),
            Self::MissingField { place } => write!(f, "{place} is missing"),
            Self::UselessField { place, instead } => {
                write!(f, "{place} has no effect: use {instead}")
            }
            Self::BadText { place, problem } => write!(f, "{place} {problem}"),
            Self::UnknownRole { place } => {
                write!(
                    f,
                    "{place} is none of the roles `admin`, `user`, `read-only`"
                )
            }
            Self::NotATime { place } => write!(
                f,
                "{place} is not a time of RFC 3339, such as `2027-01-31T12:00:00Z`"
            ),
            Self::NotAHash { place } => {
                write!(
                    f,
                    "{place} is not `sha256:` followed by 64 hexadecimal digits"
                )
            }
            Self::TokenAndHash { place } => {
                write!(f, "{place} has both `token` and `token_hash`: keep one")
            }
            Self::SameToken { first, second } => {
                write!(f, "the keys `{first}` and `{second}` have the same token")
            }
            Self::MissingClientToken { files } => write_no_client_token(f, files),
            Self::MemoryLock {
                call,
                errno,
                needed,
                soft,
                hard,
            } => write!(
                f,
                "ErrMLockFailure: cannot lock {needed} bytes of memory ({call}: {}); the limit is \
                 {} (hard {}): set `LimitMEMLOCK=infinity` in the unit or raise `ulimit -l`",
                io::Error::from_raw_os_error(*errno),
                ShownLimit(*soft),
                ShownLimit(*hard)
            ),
            Self::NoRandomness => write!(f, "the kernel gave no random bytes"),
            Self::NoSuchKey { provider } => {
                write!(f, "the secrets have no key for provider `{provider}`")
            }
        }
    }
}

impl Error for VaultError {}

/// Writes the smallest file that is enough, where only its owner may read it.
const MAKES_SECRETS: &str =
    r#"(umask 077; printf '{"client_token": "nk-%s"}' "$(openssl rand -hex 24)" > secrets.json)"#;

fn write_tried(f: &mut fmt::Formatter<'_>, tried: &[PathBuf]) -> fmt::Result {
    let places: Vec<String> = tried
        .iter()
        .map(|path| format!("`{}`", path.display()))
        .collect();
    write!(
        f,
        "no secrets found; looked at {}: make a file with `{MAKES_SECRETS}` and name it with \
         `NENYA_SECRETS_DIR=$PWD/secrets.json`, under systemd in `LoadCredential=secrets:` of the \
         unit; keys of providers go into its `provider_keys`",
        places.join(", ")
    )
}

fn write_no_client_token(f: &mut fmt::Formatter<'_>, files: &[PathBuf]) -> fmt::Result {
    let names: Vec<String> = files
        .iter()
        .map(|path| format!("`{}`", path.display()))
        .collect();
    write!(
        f,
        "field `client_token` is missing in {}: write a long random text there, such as `nk-` and what `openssl rand -hex 24` prints",
        names.join(", ")
    )
}

/// A limit in bytes as people read it.
pub(crate) struct ShownLimit(pub(crate) Option<u64>);

impl fmt::Display for ShownLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(bytes) => write!(f, "{bytes} bytes"),
            None => write!(f, "unlimited"),
        }
    }
}
