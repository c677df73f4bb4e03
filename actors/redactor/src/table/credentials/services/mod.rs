//! Services that people and sites use.

pub(super) mod content;
pub(super) mod people;
pub(super) mod work;
