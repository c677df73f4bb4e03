//! The pass over a text that has come so far: triggers, looks, and findings in order.
