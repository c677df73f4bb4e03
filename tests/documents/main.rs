//! What is written about the program, held against the program: documents, manifests and the
//! rules of the source tree that no compiler checks.
//!
//! Reads files of this repository and runs `nenya --help` and `nenya validate`. Starts no
//! gateway.

#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking, and so do its helpers"
)]

mod commands;
mod compose;
mod container_image;
mod dependencies;
mod error_codes;
mod kubernetes;
mod links;
mod machine;
mod macos;
mod redaction_rules;
mod source_rules;
mod tree;
mod unsafe_sites;
