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

#[cfg(test)]
mod tests {
    use super::*;

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
