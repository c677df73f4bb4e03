//! The family of values that are assigned to a name that says they are secret.
