//! The family of tokens with a prefix of their own.
