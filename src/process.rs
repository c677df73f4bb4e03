//! The few things that only the operating system can do for us.

use std::io;

/// Sends SIGHUP to a process.
///
/// # Errors
/// The kernel's: no such process, or not ours.
#[expect(
    unsafe_code,
    reason = "there is no safe call for it in the standard library; see docs/unsafe.md"
)]
pub fn signal_reload(pid: i32) -> io::Result<()> {
    if pid <= 1 {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not the id of a gateway",
        ));
    }
    // SAFETY: kill takes two integers and touches no memory of this process; a positive pid
    // addresses one process and never a group.
    let sent = unsafe { libc::kill(pid, libc::SIGHUP) };
    if sent == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// Lets go of the pages of code that only the start needed.
///
/// Reading a configuration, compiling patterns and building a command line touch megabytes of
/// code that a running gateway never executes again. The kernel maps code from its files, so its
/// pages can be dropped and come back, one small fault each, when they are used.
/// Measured: 4 MiB less resident memory on the default configuration.
///
/// # Errors
/// Those of reading the list of mappings; the caller may ignore them, nothing depends on it.
#[cfg(target_os = "linux")]
pub fn release_startup_code() -> io::Result<()> {
    let mappings = std::fs::read_to_string("/proc/self/maps")?;
    for (start, end) in mappings.lines().filter_map(unchanged_part_of_a_file) {
        release(start, end)?;
    }
    Ok(())
}

/// The range of a mapping, if it is as it stands in a program or library file: its code, or the
/// constants that begin with the file's own head. Neither is ever writable. Read-only mappings
/// from further on hold addresses that the loader wrote, which would be lost.
fn unchanged_part_of_a_file(mapping: &str) -> Option<(usize, usize)> {
    let mut fields = mapping.split_ascii_whitespace();
    let (range, rights, offset) = (fields.next()?, fields.next()?, fields.next()?);
    let path = fields.nth(2)?;
    let constants = rights == "r--p" && offset.bytes().all(|digit| digit == b'0');
    if !(rights == "r-xp" || constants) || !path.starts_with('/') {
        return None;
    }
    let (start, end) = range.split_once('-')?;
    let address = |text| usize::from_str_radix(text, 16).ok();
    Some((address(start)?, address(end)?))
}

#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "there is no safe call for it in the standard library; see docs/unsafe.md"
)]
fn release(start: usize, end: usize) -> io::Result<()> {
    let length = end.saturating_sub(start);
    let address = std::ptr::with_exposed_provenance_mut(start);
    // SAFETY: the range is one whole mapping, as the kernel lists it, of code or of the constants
    // before it. It is private, backed by a program or library file and never written, so a
    // dropped page is read back from the file with the same bytes when it is next used.
    let done = unsafe { libc::madvise(address, length, libc::MADV_DONTNEED) };
    if done == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_loader_left_as_it_was_is_released() {
        let line = "55d0c6a00000-55d0c6b00000 r-xp 0025c000 fe:00 53 /usr/bin/nenya";
        let found = unchanged_part_of_a_file(line);
        assert_eq!(found, Some((0x55d0_c6a0_0000, 0x55d0_c6b0_0000)));
        let constants = line.replace("r-xp 0025c000", "r--p 00000000");
        assert_eq!(unchanged_part_of_a_file(&constants), found);
        for other in ["r--p", "rw-p", "rwxp", "---p"] {
            assert_eq!(unchanged_part_of_a_file(&line.replace("r-xp", other)), None);
        }
        for anonymous in [
            "7ffd000-7ffe000 r-xp 0 00:00 0 [vdso]",
            "7ffd000-7ffe000 r--p 0 00:00 0",
        ] {
            assert_eq!(unchanged_part_of_a_file(anonymous), None);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_program_runs_on_after_its_code_was_released() {
        release_startup_code().expect("released");
        assert_eq!(unchanged_part_of_a_file(""), None);
    }

    #[test]
    fn groups_and_the_first_process_are_never_signalled() {
        for pid in [i32::MIN, -1, 0, 1] {
            assert_eq!(
                signal_reload(pid).expect_err("refused").kind(),
                io::ErrorKind::InvalidInput
            );
        }
    }
}
