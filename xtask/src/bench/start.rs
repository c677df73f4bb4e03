//! From the start of the process until it is of use, and how large the program is.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::gateways;
use super::program;
use super::report::{Subject, Table};
use super::stage::Stage;

/// Starts in each round.
const STARTS: usize = 4;

/// Adds one round's figures.
pub(super) fn round(stage: &Stage, round: usize, table: &mut Table) -> io::Result<()> {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    for _ in 0..STARTS {
        for subject in Stage::order(round) {
            match subject {
                Subject::Direct | Subject::Copy => {}
                Subject::Nginx => {
                    let (_, answered) =
                        gateways::nginx(&stage.folder, stage.upstream.address, stage.access_log)?;
                    table.note("start to first answer, ms", subject, milliseconds(answered));
                }
                Subject::Nenya => {
                    let (_, started) =
                        gateways::nenya(&stage.folder, stage.upstream.address, stage.access_log)?;
                    table.note(
                        "start to first answer, ms",
                        subject,
                        milliseconds(started.answered),
                    );
                    table.note("start to READY=1, ms", subject, milliseconds(started.ready));
                    let (_, ready) = gateways::nenya_by_default(&stage.folder)?;
                    table.note(
                        "start to READY=1, built-in configuration, ms",
                        subject,
                        milliseconds(ready),
                    );
                }
            }
        }
    }
    Ok(())
}

/// Adds the sizes of the programs.
pub(super) fn sizes(table: &mut Table) -> io::Result<()> {
    let size = |path: &Path| fs::metadata(path).map(|file| file.len() as f64 / 1_048_576.0);
    table.note("program, MiB", Subject::Nenya, size(&program("nenya"))?);
    table.note(
        "program, MiB",
        Subject::Nginx,
        size(Path::new("/usr/sbin/nginx"))?,
    );
    Ok(())
}
