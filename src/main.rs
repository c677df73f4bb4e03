//! `nenya`: see `nenya --help`.

use std::process::ExitCode;

/// Gives the memory of finished streams back to the system, which the C library's does not.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    nenya::cli::run(std::env::args_os())
}
