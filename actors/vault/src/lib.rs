//! `SecretVault`: provider keys in locked pages, client tokens as keyed digests.
//!
//! | | |
//! |---|---|
//! | owns | the pages that hold provider keys and the digest key; the digests of client tokens; which of two loads is in service |
//! | never does | decide what a client may do; give a key away as a string; show a secret in an error, a log line or its state |
//! | messages | [`Authenticate`], [`LeaseKey`], [`ReloadSecrets`], [`RotateKey`], [`AdoptSealed`], [`Wipe`] |
//! | mailbox | bound of the child specification; beyond it asks say `Full`; requests do not use it |
//! | work in flight | one message at a time; a reload reads files on the vault's own thread |
//! | timeouts | the asker's deadline; a reload that takes longer still takes effect |
//! | survives a restart | the published vault, leases included; counters begin anew |
//! | observable state | [`VaultState`] |
//! | fails | closed: without a vault nobody is known and no key is lent |
//!
//! A request reads the published [`Sealed`] without asking anybody: [`Sealed::authenticate`] gives
//! the proof [`Known`], [`Sealed::lease`] a [`Lease`] that points into the sealed pages.
//!
//! # How a secret travels
//!
//! File, by `read(2)`, into locked pages; there it is parsed in place. A provider key is copied
//! once, without its escapes, into the sealed pages. A client token goes into a hash. Then the
//! file's pages are wiped. No secret is ever in a `String` or a `Vec`.
//!
//! # What it protects against
//!
//! Swap, core files, forked children, other processes of the same user, and in secret memory also
//! reading through `/proc` as root; over-reads, which hit a page without rights; a stolen digest
//! table. Not against code that runs in this process, nor against root attaching to it.
//!
//! Read next: `locked_pages.rs` (the memory), `merge.rs` (what several files mean), `digest.rs`
//! (how tokens are known), `sealed.rs` (what requests use).
#![deny(unsafe_code)]

mod access;
mod actor;
mod changes;
mod config;
mod digest;
mod error;
mod facts;
mod handlers;
mod harden;
mod identity;
mod json_text;
mod lease;
mod loaded_file;
mod locked_pages;
mod memory;
mod merge;
mod messages;
mod rfc3339;
mod sealed;
mod secrets_file;
mod sources;
mod state;
mod token;
mod warning;

pub use actor::{SecretVault, VaultHandle};
pub use config::{SourceSearch, VaultConfig};
pub use error::{Place, TextProblem, VaultError};
pub use facts::VaultFacts;
pub use harden::{Measure, harden_process};
pub use identity::{Identity, Known};
pub use lease::Lease;
pub use memory::{MemoryKind, MemoryReport, probe_memory};
pub use messages::{
    AdoptSealed, Authenticate, Changes, LeaseKey, ReloadOutcome, ReloadSecrets, RotateKey,
    Rotation, Wipe,
};
pub use sealed::Sealed;
pub use state::VaultState;
pub use token::{OneTimeToken, new_client_token, token_hash};
pub use warning::Warning;
