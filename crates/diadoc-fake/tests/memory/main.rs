//! What a fake takes of the heap under requests that are made to take much, and over long runs: what
//! grows with traffic is bounded, and nothing is as large as a number in a request says.
//!
//! This is a program of its own with one test, because the heap is that of the whole program.

mod hostile;
mod level;
mod numbers;
mod wire;

use std::alloc::System;

use diadoc_fake::Fake;
use peakmem_alloc::{PeakMemAlloc, PeakMemAllocTrait as _};

#[global_allocator]
static HEAP: PeakMemAlloc<System> = PeakMemAlloc::new(System);

const MIB: usize = 1 << 20;

#[tokio::test]
async fn what_a_fake_takes_is_bounded() {
    numbers::are_no_sizes().await;
    hostile::clients_get_a_status_or_are_cut_off().await;
    hostile::connections_beyond_the_limit_wait().await;
    level::stays_the_memory_over_a_long_run().await;
}

/// Begins to count.
fn begin() {
    HEAP.reset_peak_memory();
}

/// The most that the heap held since [`begin`] beyond what it held then.
fn most() -> usize {
    HEAP.get_peak_memory()
}

async fn started(builder: diadoc_fake::Builder) -> Fake {
    builder.start().await.expect("a port")
}
