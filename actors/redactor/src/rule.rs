//! What a rule is.
//!
//! Owns the shape of the table's rows. The rows stand in `rules/`, what is done with them in
//! `engine.rs`; neither knows the other.

/// What kind of thing a rule finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Something that opens a door.
    Credential,
    /// Something about a person.
    Pii,
    /// Whatever the operator's own pattern is for.
    Configured,
}

impl Class {
    /// The name in headers and metrics.
    pub fn label(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Pii => "pii",
            Self::Configured => "configured",
        }
    }
}

/// What is replaced, once the pattern matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All that the pattern matched.
    Whole,
    /// The group named `secret`; what stands around it is context.
    Secret,
    /// The pattern matched the first line of a key in PEM armour: the whole block goes.
    Armour,
    /// The pattern matched `@` and a domain: the mailbox before it goes, too.
    Mailbox,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Name in metrics, logs and documentation; never changes.
    pub id: &'static str,
    /// What it finds, for people.
    pub what: &'static str,
    /// Kind of the finding.
    pub class: Class,
    /// What every match contains, in lower case; for documentation and for gates.
    pub keywords: &'static [&'static str],
    /// Pattern without look-around, so that the set scans it in one pass, and without `\b`: the
    /// automaton has no word boundary beyond ASCII, and text that is not ASCII would be scanned
    /// by a slow engine.
    ///
    /// What it may match before it is sure of a finding must be bounded, or consist of characters
    /// among which no other match can begin. Then a scan stays linear however often it starts
    /// anew after a finding.
    pub pattern: &'static str,
    /// Fewest bytes that are a finding.
    ///
    /// Counted here and not in the pattern: a count in a pattern is a state of the automaton for
    /// each of its steps, and hostile text makes it keep all combinations of them.
    pub least: usize,
    /// What of the match is replaced.
    pub reach: Reach,
    /// A second look at what would be replaced; `false` means no finding.
    pub check: Option<fn(&[u8]) -> bool>,
    /// A text with a finding, and the part of it that must go.
    pub example: (&'static str, &'static str),
    /// A text that looks like it and must stay.
    pub near_miss: &'static str,
    /// Where the format is described.
    pub source: &'static str,
}
