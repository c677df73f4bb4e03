//! What the program costs when it does nothing. Printed and not judged: this is the build for
//! tests. The system tests judge the release build.

use std::fs;

use crate::harness::{Dummy, Gateway};

/// Resident memory of a process.
pub(crate) fn resident_kib(pid: u32) -> u64 {
    status_kib(pid, "VmRSS:")
}

/// What of it the process itself has made. The rest is its program file, of which the kernel keeps
/// as much in memory as there is room for: that grows and shrinks by itself.
pub(crate) fn own_kib(pid: u32) -> u64 {
    status_kib(pid, "RssAnon:") + status_kib(pid, "RssShmem:")
}

fn status_kib(pid: u32, what: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("a running process");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(what))
        .expect("its size");
    line.trim()
        .trim_end_matches(" kB")
        .parse()
        .expect("a number")
}

#[test]
fn readiness_and_idle_memory_are_printed() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    println!(
        "ready after {:?}, idle at {} KiB",
        gateway.ready_after(),
        resident_kib(gateway.pid())
    );
    assert!(resident_kib(gateway.pid()) > 0);
}
