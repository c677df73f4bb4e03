//! Reads what the kernel counts: processor time and memory of processes, and of everything else.

use std::fs;
use std::io;
use std::time::Duration;

use super::wrong;

/// The kernel's clock tick in `/proc/stat`.
///
/// # Source
/// `USER_HZ` is 100 on every architecture that Linux gives to user space today (proc(5)).
const TICK: Duration = Duration::from_millis(10);

/// The processor time of some processes, all of their threads together.
///
/// From `schedstat`, in nanoseconds; `utime` and `stime` of `stat` are the same time in ticks of
/// 10 ms, and stand in where a kernel has no `schedstat`.
pub(super) fn cpu_of(pids: &[u32]) -> io::Result<Duration> {
    pids.iter().copied().map(cpu_of_one).sum()
}

/// Resident memory of some processes, in bytes. What they share counts for each.
pub(super) fn resident(pids: &[u32]) -> io::Result<u64> {
    pids.iter().copied().map(resident_of_one).sum()
}

fn cpu_of_one(pid: u32) -> io::Result<Duration> {
    let mut total = Duration::ZERO;
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        let path = thread?.path();
        let from_schedstat = || -> Option<Duration> {
            let text = fs::read_to_string(path.join("schedstat")).ok()?;
            text.split(' ')
                .next()?
                .parse()
                .ok()
                .map(Duration::from_nanos)
        };
        let from_stat = || -> Option<Duration> {
            let text = fs::read_to_string(path.join("stat")).ok()?;
            let (user, system) = (stat_field(&text, 14)?, stat_field(&text, 15)?);
            Some(TICK * u32::try_from(user + system).ok()?)
        };
        // A thread that ended meanwhile has nothing left to read.
        total += from_schedstat().or_else(from_stat).unwrap_or_default();
    }
    Ok(total)
}

fn resident_of_one(pid: u32) -> io::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes: Option<u64> =
        line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    kibibytes
        .map(|number| number << 10)
        .ok_or_else(|| wrong("no VmRSS"))
}

/// The process and its children.
pub(super) fn family(pid: u32) -> io::Result<Vec<u32>> {
    let mut found = vec![pid];
    for entry in fs::read_dir("/proc")? {
        let Some(other) = entry?
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok())
        else {
            continue;
        };
        let stat = fs::read_to_string(format!("/proc/{other}/stat")).unwrap_or_default();
        if stat_field(&stat, 4) == Some(u64::from(pid)) {
            found.push(other);
        }
    }
    Ok(found)
}

/// A numeric field of `/proc/PID/stat`, counted from 1 as in proc(5).
fn stat_field(stat: &str, number: usize) -> Option<u64> {
    // The name in field 2 may have spaces and brackets in it.
    let (_, behind_name) = stat.rsplit_once(") ")?;
    behind_name
        .split(' ')
        .nth(number.checked_sub(3)?)?
        .parse()
        .ok()
}

/// The time that programs kept cores busy, and the time that the hypervisor took away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Machine {
    pub(super) busy: Duration,
    pub(super) stolen: Duration,
}

/// How many cores there are.
pub(super) fn cores() -> io::Result<usize> {
    let text = fs::read_to_string("/proc/stat")?;
    Ok(text
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with("cpu"))
        .count())
}

impl Machine {
    pub(super) fn now() -> io::Result<Self> {
        let text = fs::read_to_string("/proc/stat")?;
        Self::parse(&text).ok_or_else(|| wrong("cannot read /proc/stat"))
    }

    fn parse(text: &str) -> Option<Self> {
        let line = text.lines().next()?.strip_prefix("cpu ")?;
        let ticks: Vec<u32> = line
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()
            .ok()?;
        let [
            user,
            nice,
            system,
            _idle,
            _waiting,
            _irq,
            _softirq,
            stolen,
            ..,
        ] = ticks.as_slice()
        else {
            return None;
        };
        Some(Self {
            busy: TICK * (user + nice + system),
            stolen: TICK * *stolen,
        })
    }
}

/// The value below which `share` of an ascending list lies.
pub(super) fn percentile(ascending: &[u32], share: f64) -> f64 {
    let rank = (ascending.len() as f64 * share).ceil() as usize;
    ascending
        .get(rank.saturating_sub(1))
        .copied()
        .map_or(f64::NAN, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_counted_behind_the_name() {
        let stat = "12 (a) b) S 7 12 12 0 -1 0 1 2 3 4 50 60 0 0";
        assert_eq!(stat_field(stat, 4), Some(7));
        assert_eq!(
            (stat_field(stat, 14), stat_field(stat, 15)),
            (Some(50), Some(60))
        );
        assert_eq!(stat_field("nonsense", 4), None);
    }

    #[test]
    fn only_the_time_of_programs_counts_as_busy() {
        let machine = Machine::parse("cpu  1 2 3 1000 1000 4 5 7 0 0\ncpu0 ...").unwrap();
        assert_eq!(machine.busy, Duration::from_millis(60));
        assert_eq!(machine.stolen, Duration::from_millis(70));
    }

    #[test]
    fn percentiles_are_values_that_were_seen() {
        let hundred: Vec<u32> = (1..=100).collect();
        assert_eq!(
            [0.5, 0.99, 0.999, 1.0].map(|share| percentile(&hundred, share)),
            [50.0, 99.0, 100.0, 100.0]
        );
        assert!(percentile(&[], 0.5).is_nan());
    }

    #[test]
    fn this_process_has_used_time_and_memory() {
        assert!(cpu_of(&[std::process::id()]).unwrap() > Duration::ZERO);
        assert!(resident(&[std::process::id()]).unwrap() > 1 << 16);
    }
}
