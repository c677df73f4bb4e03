//! Streamed replies: what a chunk costs and when the first byte comes.
//!
//! Two paces, since they measure different things. At the pace of a model each chunk is read and
//! written by itself, which is what a gateway does all day. In a burst a gateway that falls behind
//! finds several chunks at each read and gets cheaper by being slow; so the chunks per read of the
//! client are printed beside it.
//!
//! What passing costs beyond copying is told by nenya itself: its `/proxy` copies the same stream
//! and neither reads events nor counts tokens.

use std::io;

use super::gateways::{BURST, Model, PACED, SHORT};
use super::measure::percentile;
use super::report::{Subject, Table};
use super::stage::Stage;

struct Pace {
    name: &'static str,
    model: Model,
    connections: usize,
}

const PACES: [Pace; 3] = [
    Pace {
        name: "64 streams, a chunk each 1-2 ms",
        model: PACED,
        connections: 64,
    },
    Pace {
        name: "16 streams, burst",
        model: BURST,
        connections: 16,
    },
    Pace {
        name: "1 stream of 20 chunks",
        model: SHORT,
        connections: 1,
    },
];

/// Adds one round's figures.
pub(super) fn round(stage: &Stage, round: usize, table: &mut Table) -> io::Result<()> {
    for Pace {
        name,
        model,
        connections,
    } in PACES
    {
        for subject in with_copy(Stage::order(round)) {
            let measured = stage.measure(subject, model, true, connections)?;
            let window = &measured.window;
            let mut note =
                |what: &str, figure| table.note(&format!("{name}: {what}"), subject, figure);
            if subject != Subject::Direct {
                note("CPU per chunk, us", measured.cpu_us_per(window.events));
                note("core busy, %", measured.busy());
            }
            note("chunks/s", measured.per_second(window.events));
            note(
                "chunks per read",
                window.events as f64 / window.reads as f64,
            );
            note(
                "first byte p50, us",
                percentile(&window.first_bytes, 0.5) / 1e3,
            );
            note(
                "first byte p99, us",
                percentile(&window.first_bytes, 0.99) / 1e3,
            );
        }
    }
    Ok(())
}

/// The plain copy is measured right beside the gateway that it is compared with.
fn with_copy(order: [Subject; 3]) -> Vec<Subject> {
    let twice = |subject| match subject {
        Subject::Nenya => vec![Subject::Nenya, Subject::Copy],
        other => vec![other],
    };
    order.into_iter().flat_map(twice).collect()
}
