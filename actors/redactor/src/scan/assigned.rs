//! The family of values that are assigned to a vendor's name.
