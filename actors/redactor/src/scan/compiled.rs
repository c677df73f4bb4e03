//! A rule set, compiled: families, gate and what belongs to each rule.
