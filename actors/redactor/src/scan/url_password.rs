//! The family of passwords in addresses.
