//! Cloud platforms and their services.

pub(super) mod amazon;
pub(super) mod azure;
pub(super) mod delivery;
pub(super) mod google;
pub(super) mod newer;
pub(super) mod others;
pub(super) mod platforms;
