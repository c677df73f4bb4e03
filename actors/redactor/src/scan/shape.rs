//! Patterns of rules as small deterministic programs.
