//! Formats that no single vendor owns, as far as a pattern with a beginning can tell them.

pub(super) mod bare_keys;
pub(super) mod commands;
pub(super) mod hashes;
pub(super) mod keys;
pub(super) mod older_hashes;
pub(super) mod tokens;
