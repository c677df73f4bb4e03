//! Source hosting, continuous integration, registries of packages and containers.

pub(super) mod forges;
pub(super) mod github;
pub(super) mod gitlab;
pub(super) mod pipelines;
pub(super) mod quality;
pub(super) mod registries;
pub(super) mod watch;
