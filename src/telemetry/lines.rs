//! Writes log lines to stderr in batches.
//!
//! One system call per line is most of what a line costs. Lines are gathered until there are
//! enough of them or somebody flushes: the program does so ten times a second, and at its end.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Lines beyond this many bytes are written without waiting for a flush.
const ENOUGH: usize = 16 * 1024;

/// Gathers lines; clones share what is gathered.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    gathered: Arc<Mutex<Vec<u8>>>,
}

impl Lines {
    /// Writes what is gathered. A stderr that takes nothing loses it: there is nobody to tell.
    pub fn flush_now(&self) {
        let lines = std::mem::take(&mut *self.lock());
        if !lines.is_empty() {
            io::stderr().write_all(&lines).ok();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<u8>> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Lines {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let mut gathered = self.lock();
        gathered.extend_from_slice(text);
        let full = gathered.len() >= ENOUGH && gathered.ends_with(b"\n");
        drop(gathered);
        if full {
            self.flush_now();
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flush_now();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_wait_until_there_are_enough_of_them() {
        let mut lines = Lines::default();
        lines.write_all(b"one\n").expect("gathered");
        assert_eq!(lines.lock().len(), 4);
        lines.write_all(&[b' '; ENOUGH]).expect("gathered");
        assert!(lines.lock().len() > ENOUGH, "half a line is never written");
        lines.write_all(b"\n").expect("written");
        assert_eq!(lines.lock().len(), 0);
    }
}
