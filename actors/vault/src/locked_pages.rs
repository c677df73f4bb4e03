//! Memory for secrets: locked, guarded, kept out of dumps and forks, wiped before it goes.
//!
//! Owns every mapping that a secret is ever copied to. Never decides what is stored there, and
//! never gives out a pointer, only slices that borrow it. [`crate::sealed`] keeps the long-lived
//! secrets in one such region; [`crate::sources`] reads files into short-lived ones.
//!
//! Two kinds of pages are tried in turn. Secret memory (`memfd_secret`, Linux 5.14) is taken out
//! of the kernel's own map, so that not even root reads it through `/proc/<pid>/mem`. Where it
//! cannot be had (older kernels, seccomp profiles of containers), anonymous pages are locked with
//! `mlock`. Plain pages, which may be swapped, are used only where the caller allows them.
//!
//! The guards are inside the mapping, so that one call maps everything and one call removes it.
//! A mapping put over a reservation would save two pages of the lock limit, but when that fails
//! it may leave a hole in which another thread's mapping lands.
//!
//! This file has unsafe code: the system calls that map, lock and protect, and the slices over
//! what they return. `docs/unsafe.md` lists each site.
#![allow(
    unsafe_code,
    reason = "memory is mapped, locked and protected by system calls"
)]

use std::ffi::{c_int, c_void};
use std::fmt;
use std::io;
use std::os::fd::RawFd;
use std::ptr::{self, NonNull};
use std::slice;

use zeroize::Zeroize;

use crate::error::VaultError;
use crate::harden::lock_limits;
use crate::memory::MemoryKind;

/// A region of memory for secrets that can be written until it is sealed.
///
/// # Security
/// Wiped, then unmapped on drop, sealed or not. Reading or writing beyond either end hits a page
/// without rights and ends the process.
pub(crate) struct LockedPages {
    region: Region,
    len: usize,
    kind: MemoryKind,
    sealed: bool,
}

/// A region whose pages can only be read.
pub(crate) struct SealedPages(LockedPages);

/// Why the system gave no locked memory.
struct Refused {
    call: &'static str,
    errno: i32,
}

impl Refused {
    fn by(call: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self {
            call,
            errno: error.raw_os_error().unwrap_or(libc::ENOMEM),
        }
    }

    fn wanting(self, needed: usize) -> VaultError {
        let limits = lock_limits();
        VaultError::MemoryLock {
            call: self.call,
            errno: self.errno,
            needed,
            soft: limits.soft,
            hard: limits.hard,
        }
    }
}

impl LockedPages {
    /// Maps at least `len` bytes of the best kind that can be had.
    ///
    /// The second value says why the memory is not locked, if it is not.
    ///
    /// # Errors
    /// [`VaultError::MemoryLock`] if no locked memory can be had and `required` is set, or if
    /// there is no memory at all.
    pub(crate) fn new(
        len: usize,
        required: bool,
    ) -> Result<(Self, Option<VaultError>), VaultError> {
        match Self::locked(len) {
            Ok(pages) => Ok((pages, None)),
            Err(refused) if required => Err(refused),
            Err(refused) => Ok((Self::plain(len)?, Some(refused))),
        }
    }

    /// Maps locked pages, secret ones if the kernel has them.
    ///
    /// # Errors
    /// [`VaultError::MemoryLock`] for anonymous pages, which are the last resort.
    pub(crate) fn locked(len: usize) -> Result<Self, VaultError> {
        Self::secret(len)
            .or_else(|_| Self::anonymous_locked(len))
            .map_err(|refused| refused.wanting(rounded(len)))
    }

    #[cfg(not(all(
        target_os = "linux",
        any(target_arch = "x86_64", target_arch = "aarch64")
    )))]
    fn secret(_len: usize) -> Result<Self, Refused> {
        Err(Refused {
            call: "memfd_secret",
            errno: libc::ENOSYS,
        })
    }

    #[cfg(all(
        target_os = "linux",
        any(target_arch = "x86_64", target_arch = "aarch64")
    ))]
    fn secret(len: usize) -> Result<Self, Refused> {
        use std::os::fd::AsRawFd;

        let file = secret_file().map_err(Refused::by("memfd_secret"))?;
        let whole = rounded(len).saturating_add(2 * page_size());
        file.set_len(whole as u64)
            .map_err(Refused::by("ftruncate"))?;
        let region = Region::map(rounded(len), libc::MAP_SHARED, file.as_raw_fd())
            .map_err(Refused::by("mmap"))?;
        region.keep_private().map_err(Refused::by("madvise"))?;
        Ok(Self::over(region, len, MemoryKind::SecretMemory))
    }

    fn anonymous_locked(len: usize) -> Result<Self, Refused> {
        let region = Region::anonymous(len).map_err(Refused::by("mmap"))?;
        region.lock().map_err(Refused::by("mlock"))?;
        region.keep_private().map_err(Refused::by("madvise"))?;
        Ok(Self::over(region, len, MemoryKind::LockedPages))
    }

    /// What can be had of protection is taken, though the caller was told that there is none.
    fn plain(len: usize) -> Result<Self, VaultError> {
        let region = Region::anonymous(len).map_err(Refused::by("mmap"));
        let region = region.map_err(|refused| refused.wanting(rounded(len)))?;
        drop(region.keep_private());
        Ok(Self::over(region, len, MemoryKind::Plain))
    }

    /// Only called once nothing can fail any more: to drop this touches every page of it.
    fn over(region: Region, len: usize, kind: MemoryKind) -> Self {
        Self {
            region,
            len,
            kind,
            sealed: false,
        }
    }

    /// What the pages are made of.
    pub(crate) fn kind(&self) -> MemoryKind {
        self.kind
    }

    /// Bytes that are locked for this region, guards not counted.
    pub(crate) fn mapped_bytes(&self) -> usize {
        self.region.usable
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: the region maps at least `len` bytes that are readable in every state, zeroed
        // by the kernel when mapped, and live as long as `self`; writes need `&mut self`.
        unsafe { slice::from_raw_parts(self.region.usable_start().as_ptr(), self.len) }
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        debug_assert!(
            !self.sealed,
            "sealed pages are only reached through `SealedPages`"
        );
        // SAFETY: as in `bytes`; the region is writable, since only `seal` takes that away and
        // consumes the value; `&mut self` makes this the only reference.
        unsafe { slice::from_raw_parts_mut(self.region.usable_start().as_ptr(), self.len) }
    }

    /// Takes the right to write away from the whole process.
    ///
    /// # Errors
    /// [`VaultError::MemoryLock`] if the system refuses; the pages are wiped.
    pub(crate) fn seal(mut self) -> Result<SealedPages, VaultError> {
        let sealed = self
            .region
            .allow(libc::PROT_READ)
            .map_err(Refused::by("mprotect"));
        sealed.map_err(|refused| refused.wanting(self.region.usable))?;
        self.sealed = true;
        Ok(SealedPages(self))
    }

    fn wipe(&mut self) {
        if self.sealed
            && self
                .region
                .allow(libc::PROT_READ | libc::PROT_WRITE)
                .is_err()
        {
            // Unmapping follows, and the kernel clears pages before it gives them out again.
            return;
        }
        self.sealed = false;
        self.len = self.region.usable;
        self.bytes_mut().zeroize();
    }
}

impl Drop for LockedPages {
    fn drop(&mut self) {
        self.wipe();
        #[cfg(test)]
        tests::WIPED.with(|wiped| wiped.set(Some(self.bytes().iter().all(|byte| *byte == 0))));
    }
}

impl SealedPages {
    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.bytes()
    }
}

impl fmt::Debug for LockedPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}(***)", self.kind)
    }
}

impl fmt::Debug for SealedPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One mapping: a guard page, the usable pages, a guard page. Unmapped on drop.
struct Region {
    start: NonNull<u8>,
    usable: usize,
}

// SAFETY: the mapping belongs to this value alone and to no thread.
unsafe impl Send for Region {}

// SAFETY: through `&Region` the bytes are only read; what changes rights or contents is called by
// its one owner, before it is shared or when it is dropped.
unsafe impl Sync for Region {}

impl Region {
    /// Maps `usable` bytes with a guard page on either side.
    fn map(usable: usize, flags: c_int, file: RawFd) -> io::Result<Self> {
        let whole = usable.saturating_add(2 * page_size());
        // SAFETY: the kernel chooses the place, so that no mapping of ours is touched; it checks
        // the length and the file.
        let start = unsafe { libc::mmap(ptr::null_mut(), whole, libc::PROT_NONE, flags, file, 0) };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let start = NonNull::new(start.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        let region = Self { start, usable };
        region.allow(libc::PROT_READ | libc::PROT_WRITE)?;
        Ok(region)
    }

    fn anonymous(len: usize) -> io::Result<Self> {
        Self::map(rounded(len), libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1)
    }

    fn whole(&self) -> usize {
        self.usable.saturating_add(2 * page_size())
    }

    fn usable_start(&self) -> NonNull<u8> {
        // SAFETY: the mapping begins with one guard page, so that the address after it is in it.
        unsafe { self.start.add(page_size()) }
    }

    fn usable_pages(&self) -> *mut c_void {
        self.usable_start().as_ptr().cast()
    }

    fn allow(&self, rights: c_int) -> io::Result<()> {
        // SAFETY: the range is page-aligned and inside our own mapping. Rights to write are taken
        // away only in `seal` and given back only in `wipe`, where no reference is alive.
        answered(unsafe { libc::mprotect(self.usable_pages(), self.usable, rights) })
    }

    fn lock(&self) -> io::Result<()> {
        // SAFETY: the range is inside our own mapping; locking changes no byte of it.
        answered(unsafe { libc::mlock(self.usable_pages(), self.usable) })
    }

    /// Keeps the pages out of core files and out of forked children.
    #[cfg(target_os = "linux")]
    fn keep_private(&self) -> io::Result<()> {
        self.advise(libc::MADV_DONTDUMP)?;
        self.advise(libc::MADV_DONTFORK)
    }

    /// Only Linux has such advice; elsewhere [`crate::harden_process`] forbids core files.
    #[cfg(not(target_os = "linux"))]
    #[allow(clippy::unused_self, reason = "has a use on Linux")]
    fn keep_private(&self) -> io::Result<()> {
        Ok(())
    }

    #[cfg(target_os = "linux")]
    fn advise(&self, advice: c_int) -> io::Result<()> {
        // SAFETY: the range is our own mapping, and neither advice used here changes its contents.
        answered(unsafe { libc::madvise(self.start.as_ptr().cast(), self.whole(), advice) })
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: the range is exactly what `map` mapped, and nothing borrows it any more. A
        // refusal, which the kernel knows only for bad ranges, would leave it mapped but wiped.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.whole()) };
    }
}

/// A file of secret memory without a name, closed on exec.
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
fn secret_file() -> io::Result<std::fs::File> {
    use std::os::fd::FromRawFd;

    // `O_CLOEXEC`, not the `FD_CLOEXEC` of the manual page, which the kernel answers with EINVAL.
    // SAFETY: the call takes one integer and touches no memory of ours.
    let made = unsafe { libc::syscall(libc::SYS_memfd_secret, libc::O_CLOEXEC) };
    if made < 0 {
        return Err(io::Error::last_os_error());
    }
    let file = RawFd::try_from(made).map_err(|_| io::ErrorKind::InvalidData)?;
    // SAFETY: the kernel has just made this descriptor, and nobody else has it.
    Ok(unsafe { std::fs::File::from_raw_fd(file) })
}

fn answered(result: c_int) -> io::Result<()> {
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// `len` in whole pages, at least one. A length that no address space has stays too long to map.
fn rounded(len: usize) -> usize {
    len.max(1)
        .checked_next_multiple_of(page_size())
        .unwrap_or(usize::MAX - 4 * page_size())
}

fn page_size() -> usize {
    // SAFETY: the call only reads a constant of the system.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;
    #[cfg(target_os = "linux")]
    use std::fs;

    use super::*;

    thread_local! {
        /// What the last drop on this thread found after it had wiped.
        pub(crate) static WIPED: Cell<Option<bool>> = const { Cell::new(None) };
    }

    fn filled(mut pages: LockedPages) -> LockedPages {
        pages.bytes_mut().fill(0xA5);
        pages
    }

    fn each_kind() -> Vec<LockedPages> {
        let secret = LockedPages::secret(100).ok();
        let locked = LockedPages::anonymous_locked(100).ok();
        let kinds: Vec<_> = secret.into_iter().chain(locked).collect();
        assert!(!kinds.is_empty(), "this machine locks no memory at all");
        kinds.into_iter().map(filled).collect()
    }

    #[test]
    fn what_is_written_can_be_read_after_sealing() {
        for pages in each_kind() {
            let sealed = pages.seal().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(sealed.bytes(), [0xA5; 100]);
        }
    }

    #[test]
    fn pages_are_wiped_before_they_are_unmapped_sealed_or_not() {
        for (index, pages) in each_kind().into_iter().chain(each_kind()).enumerate() {
            WIPED.set(None);
            if index % 2 == 0 {
                drop(pages.seal());
            } else {
                drop(pages);
            }
            assert_eq!(WIPED.get(), Some(true));
        }
    }

    #[test]
    fn a_region_grows_with_what_is_asked_and_has_no_gap() {
        let (mut pages, refused) = LockedPages::new(5 * page_size() + 1, true).unwrap();
        assert_eq!(refused, None);
        assert_eq!(pages.mapped_bytes(), 6 * page_size());
        pages.bytes_mut().fill(7);
        assert!(pages.bytes().iter().all(|byte| *byte == 7));
    }

    #[test]
    fn nothing_secret_is_shown() {
        for pages in each_kind() {
            assert!(format!("{pages:?}").ends_with("(***)"));
        }
    }

    /// Range and flags of the mapping that `address` is in, from `/proc/self/smaps`.
    ///
    /// Guards of neighbouring regions may have become one mapping.
    #[cfg(target_os = "linux")]
    fn mapping_at(address: usize) -> (String, Vec<String>) {
        let smaps = fs::read_to_string("/proc/self/smaps").unwrap();
        let holds = |line: &&str| {
            let range = line
                .split_once(' ')
                .and_then(|(range, _)| range.split_once('-'));
            let number = |text| usize::from_str_radix(text, 16).ok();
            let range = range.and_then(|(start, end)| Some(number(start)?..number(end)?));
            range.is_some_and(|range| range.contains(&address))
        };
        let mut lines = smaps.lines().skip_while(|line| !holds(line));
        let head = lines
            .next()
            .unwrap_or_else(|| panic!("nothing is mapped at {address:x}"));
        let flags = lines
            .find_map(|line| line.strip_prefix("VmFlags:"))
            .unwrap();
        let flags = flags.split_whitespace().map(str::to_owned).collect();
        (head.to_owned(), flags)
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn sealed_pages_are_locked_undumped_unforked_and_read_only() {
        for pages in each_kind() {
            let kind = pages.kind();
            let sealed = pages.seal().unwrap_or_else(|error| panic!("{error}"));
            let start = sealed.bytes().as_ptr().addr();
            let (head, flags) = mapping_at(start);
            for wanted in ["lo", "dd", "dc", "rd"] {
                assert!(
                    flags.iter().any(|flag| flag == wanted),
                    "{wanted}: {head} {flags:?}"
                );
            }
            assert!(!flags.iter().any(|flag| flag == "wr"), "{head} {flags:?}");
            let secret = head.contains("secretmem");
            assert_eq!(secret, kind == MemoryKind::SecretMemory, "{head}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn pages_without_rights_stand_on_both_sides() {
        for pages in each_kind() {
            let start = pages.bytes().as_ptr().addr();
            let ends = start + pages.mapped_bytes();
            for guard in [start - page_size(), ends] {
                let (head, flags) = mapping_at(guard);
                assert!(head.contains(" ---"), "{head}");
                assert!(
                    !flags.iter().any(|flag| flag == "rd" || flag == "wr"),
                    "{flags:?}"
                );
            }
        }
    }

    /// The child may only make system calls, since other threads of this process may hold locks.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_forked_child_does_not_see_the_bytes() {
        for pages in each_kind() {
            let mut resident = 0_u8;
            let start = pages.region.usable_pages();
            // SAFETY: the child makes two system calls and ends, without touching the heap.
            let child = unsafe { libc::fork() };
            assert!(child >= 0);
            if child == 0 {
                // SAFETY: the call looks the range up and writes one byte to our own variable.
                let found = unsafe { libc::mincore(start, page_size(), &raw mut resident) };
                // SAFETY: ends this child at once, without running anything of the parent's.
                unsafe { libc::_exit(if found == 0 { 1 } else { 0 }) };
            }
            let mut status = 0;
            // SAFETY: waits for the child just made; the status is ours.
            let waited = unsafe { libc::waitpid(child, &raw mut status, 0) };
            assert_eq!(waited, child);
            assert!(libc::WIFEXITED(status), "{status}");
            assert_eq!(
                libc::WEXITSTATUS(status),
                0,
                "the pages are mapped in the child"
            );
            // SAFETY: as in the child; shows that the call finds the pages where they are mapped.
            let found = unsafe { libc::mincore(start, page_size(), &raw mut resident) };
            assert_eq!(found, 0);
        }
    }

    /// `/proc/self/mem` reads ordinary pages whatever their rights are, but not secret ones.
    #[cfg(target_os = "linux")]
    #[test]
    fn secret_memory_cannot_be_read_through_proc() {
        use std::os::unix::fs::FileExt;

        let Ok(pages) = LockedPages::secret(100).map(filled) else {
            return;
        };
        let Ok(memory) = fs::File::open("/proc/self/mem") else {
            return;
        };
        let at = pages.bytes().as_ptr().addr() as u64;
        let mut copy = [0_u8; 100];
        assert!(memory.read_exact_at(&mut copy, at).is_err());
    }
}
