//! Providers of models and of what surrounds them.

pub(super) mod around;
pub(super) mod hosts;
pub(super) mod makers;
pub(super) mod newer;
