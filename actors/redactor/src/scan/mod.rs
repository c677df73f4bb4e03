//! The scan of a text, whole or in chunks, for everything that the rules of a set describe.
//!
//! Owns: which bytes of a text are found by which rule. Pure: no actix, no format, no clock, and
//! no knowledge of what is done about a finding.
//!
//! How it works (ADR 0008): the [`gate`] reads the text once and stops only where a match could
//! begin or is certain to be near, at a *trigger*. There the *family* that asked for the trigger
//! takes an exact, linear look and says one of three things: nothing, found, or "I cannot say
//! before more text comes". A whole text is a stream of one chunk, so both agree by construction.
//!
//! Read next: `family.rs` (the contract), `scanner.rs` (the pass), `stream.rs` (chunks).

pub(crate) mod accept;
pub(crate) mod apart;
pub(crate) mod armour;
pub(crate) mod assigned;
pub(crate) mod assignment;
pub(crate) mod classes;
pub(crate) mod code_value;
pub(crate) mod compiled;
pub(crate) mod edge;
pub(crate) mod entropy;
pub(crate) mod family;
pub(crate) mod found;
pub(crate) mod gate;
pub(crate) mod header_value;
pub(crate) mod iban;
pub(crate) mod lanes;
pub(crate) mod mail;
pub(crate) mod named_after;
pub(crate) mod network;
pub(crate) mod number;
pub(crate) mod operators;
pub(crate) mod patterns;
pub(crate) mod phone;
pub(crate) mod placeholder;
pub(crate) mod plausible;
pub(crate) mod rest_of_line;
pub(crate) mod said;
pub(crate) mod scanner;
pub(crate) mod scrambled;
pub(crate) mod secret_assignment;
pub(crate) mod secret_names;
pub(crate) mod secret_words;
pub(crate) mod shannon;
pub(crate) mod shape;
pub(crate) mod sink;
pub(crate) mod stream;
pub(crate) mod sweeps;
pub(crate) mod token;
pub(crate) mod url_password;
pub(crate) mod value;
pub(crate) mod value_end;
pub(crate) mod view;
pub(crate) mod walk;
pub(crate) mod words;
pub(crate) mod wordy;

#[cfg(test)]
mod pii_tests;
#[cfg(test)]
pub(crate) mod probe;
#[cfg(test)]
pub(crate) mod test_families;
#[cfg(test)]
mod tests;
