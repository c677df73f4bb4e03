//! Chat, mail, telephony, social networks.

pub(super) mod chat;
pub(super) mod community;
pub(super) mod mail;
pub(super) mod push;
pub(super) mod social;
