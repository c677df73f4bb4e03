//! The family of IP and hardware addresses.
