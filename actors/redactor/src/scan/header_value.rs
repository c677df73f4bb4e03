//! The family of credentials in headers.
