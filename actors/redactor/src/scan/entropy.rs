//! The family of strings that look random.
