//! The family of numbers with check digits.
