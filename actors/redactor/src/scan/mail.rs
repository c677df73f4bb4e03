//! The family of mail addresses.
