//! The rules in service: compiled, with what is done about their findings, for both directions.
//!
//! Owns: what the configuration comes to. Immutable and shared; a reload publishes another one.

use std::ops::Range;

use crate::config::RedactionConfig;
use crate::error::RedactError;
use crate::findings::{Findings, RuleFacts, RuleId};
use crate::scan::compiled::{Compiled, Parts};
use crate::scan::family::RuleNumber;
use crate::scan::scanner::{Sink, Stop, scan_whole};
use crate::session::{Party, Who};
use crate::table::row::{Action, Class};
use crate::treat::actions::{ActionTable, Actions, Choice, Direction, check};
use crate::treat::placeholder::{PlaceholderStore, RESTORE, StandIns};
use crate::treat::treatment::{Treated, Treatment};

/// Something that was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule found it.
    pub rule: RuleId,
    /// Its class.
    pub class: Class,
    /// What is done about it.
    pub action: Action,
    /// Where it stands, in bytes of the text.
    pub range: Range<usize>,
}

/// A stretch of text and the rules that found it, the one that reaches furthest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) range: Range<usize>,
    pub(crate) rules: Vec<RuleNumber>,
}

impl Group {
    pub(crate) fn moved(mut self, by: usize) -> Self {
        self.range = self.range.start + by..self.range.end + by;
        self
    }
}
