//! The operator's own patterns, and which end of a text may still become a match of one.
