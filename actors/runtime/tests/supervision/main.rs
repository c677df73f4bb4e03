//! What the supervision promises, cause by cause.
#![forbid(unsafe_code)]

#[cfg(test)]
mod causes;
#[cfg(test)]
mod freeze;
#[cfg(test)]
mod mailbox;
#[cfg(test)]
mod order;
#[cfg(test)]
mod program;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod storm;
