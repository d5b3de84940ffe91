//! The program `diadoc`; what it does stands in the library beside it.

#![forbid(unsafe_code)]

use std::env;
use std::process::ExitCode;

/// Messages are many small strings: the system's allocator takes a fifth of the time of a check.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(diadoc_cli::main(env::args_os()))
}
