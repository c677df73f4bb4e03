//! Whole replies: what a request costs and how long it takes, at 1, 16 and 256 connections.

use std::io;

use super::gateways::WHOLE;
use super::measure::percentile;
use super::report::{Subject, Table};
use super::stage::Stage;

const CONNECTIONS: [usize; 3] = [1, 16, 256];

/// Adds one round's figures.
pub(super) fn round(stage: &Stage, round: usize, table: &mut Table) -> io::Result<()> {
    for connections in CONNECTIONS {
        for subject in Stage::order(round) {
            let measured = stage.measure(subject, WHOLE, false, connections)?;
            let mut note = |what: &str, figure| {
                table.note(&format!("{connections} conn: {what}"), subject, figure)
            };
            if subject != Subject::Direct {
                note(
                    "CPU per request, us",
                    measured.cpu_us_per(measured.window.replies),
                );
                note("core busy, %", measured.busy());
            }
            note("requests/s", measured.per_second(measured.window.replies));
            for (name, share) in [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)] {
                note(
                    &format!("{name}, us"),
                    percentile(&measured.window.latencies, share) / 1e3,
                );
            }
        }
    }
    Ok(())
}
