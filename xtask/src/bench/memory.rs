//! Resident memory of fresh processes: idle, and with 1,000 open streams.

use std::io;
use std::time::Duration;

use super::gateways::{self, SILENT, Server, pause};
use super::load::{self, Job};
use super::measure::resident;
use super::report::{Subject, Table};
use super::stage::{self, Stage};

const STREAMS: usize = 1000;
/// What was needed for the start only is given back by then.
const SETTLE: Duration = Duration::from_secs(1);
const MIB: f64 = 1_048_576.0;

/// Adds one round's figures.
pub(super) fn round(stage: &Stage, round: usize, table: &mut Table) -> io::Result<()> {
    for subject in Stage::order(round) {
        let server = match subject {
            Subject::Direct | Subject::Copy => continue,
            Subject::Nginx => {
                gateways::nginx(&stage.folder, stage.upstream.address, stage.access_log)?.0
            }
            Subject::Nenya => {
                gateways::nenya(&stage.folder, stage.upstream.address, stage.access_log)?.0
            }
        };
        pause(SETTLE);
        let idle = resident(&server.pids)? as f64;
        let busy = with_streams(&server, subject)? as f64;
        table.note("memory, idle, MiB", subject, idle / MIB);
        table.note("memory, 1,000 open streams, MiB", subject, busy / MIB);
        table.note(
            "memory, per open stream, KiB",
            subject,
            (busy - idle) / 1024.0 / STREAMS as f64,
        );
    }
    let (by_default, _) = gateways::nenya_by_default(&stage.folder)?;
    pause(SETTLE);
    table.note(
        "memory, idle, built-in configuration, MiB",
        Subject::Nenya,
        resident(&by_default.pids)? as f64 / MIB,
    );
    Ok(())
}

fn with_streams(server: &Server, subject: Subject) -> io::Result<u64> {
    let job = Job {
        address: server.streams,
        request: stage::ask(server, subject, SILENT, true),
        connections: STREAMS,
        warm_up: Duration::from_millis(200),
        window: Duration::ZERO,
    };
    load::hold(&job, || resident(&server.pids))
}
