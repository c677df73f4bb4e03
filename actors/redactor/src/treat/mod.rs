//! What is done about what a scan found.
//!
//! Owns: the choice of an action by rule, class, agent and direction; masks; placeholders and the
//! way back. Never scans (that is `scan`), never knows a format (that is `wire`).

pub(crate) mod actions;
pub(crate) mod nesting;
pub(crate) mod placeholder;
pub(crate) mod treatment;
