//! The system tests from outside: boots the machine, runs the cases in it, keeps what it wrote.

use std::fs;

use crate::run::{self, Tally, command, say};

/// Boot and all cases; a case that hangs has a limit of its own well below.
const TIME_LIMIT: &str = "900";

pub(crate) fn run() -> Tally {
    let [root, target] = [run::root(), run::target()].map(|path| path.display().to_string());
    let kept = format!("{target}/system");
    if let Err(error) = fs::create_dir_all(&kept) {
        say(&format!("{kept}: {error}"));
        return Tally::BAD;
    }
    let (journal, console) = (
        format!("{kept}/journal.json"),
        format!("{kept}/console.txt"),
    );
    let copies = [
        format!("{target}/release/nenya:/usr/bin/nenya"),
        format!("{target}/debug/nenya:/usr/bin/nenya-faults"),
        format!("{target}/debug/dummy:/usr/local/bin/dummy"),
        // By its name: the file that this process was started from may have been built anew since.
        format!("{target}/debug/xtask:/usr/local/bin/xtask"),
        format!("{root}/systemd/nenya.sysusers:/usr/lib/sysusers.d/nenya.conf"),
        format!("{root}/systemd/nenya.tmpfiles:/usr/lib/tmpfiles.d/nenya.conf"),
    ];
    let mut machine = command(
        &format!("{root}/tests/system/machine.sh"),
        &[
            "--timeout",
            TIME_LIMIT,
            "--journal",
            &journal,
            "--console",
            &console,
        ],
    );
    for copy in &copies {
        machine.args(["--copy", copy]);
    }
    machine.args([
        &format!("{root}/systemd"),
        "--",
        "/usr/local/bin/xtask",
        "inside",
    ]);
    if let Ok(filter) = std::env::var("NENYA_SYSTEM_CASES") {
        machine.arg(filter);
    }
    let tally = run::counting(&mut machine, run::plain);
    say(&format!("    journal and console are in {kept}"));
    tally
}
