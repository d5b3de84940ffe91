//! `counted`: runs every contender once and prints its allocations, for the table of the main
//! program. With numbers of documents as arguments, prints the peak of the heap while a page of so
//! many is read and held.

use std::alloc::System;
use std::error::Error;
use std::hint::black_box;

use diadoc_bench::contenders::{runs, workloads};
use diadoc_bench::workloads::page;
use diadoc_proto::documents::DocumentList;
use diadoc_proto::json;
use peakmem_alloc::{PeakMemAlloc, PeakMemAllocTrait as _};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static PEAK: PeakMemAlloc<&StatsAlloc<System>> = PeakMemAlloc::new(&INSTRUMENTED_SYSTEM);

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Vec<String> = std::env::args().skip(1).collect();
    if numbers.is_empty() {
        return count();
    }
    for number in numbers {
        let body = page(number.parse()?)?;
        PEAK.reset_peak_memory();
        let list: DocumentList = json::from_slice(&body)?;
        black_box(&list);
        println!("{}", PEAK.get_peak_memory());
    }
    Ok(())
}

fn count() -> Result<(), Box<dyn Error>> {
    for workload in &workloads()? {
        for run in runs(workload) {
            // Tables that are made once, on first use, are not the run's own.
            run.time(1);
            let region = Region::new(&INSTRUMENTED_SYSTEM);
            run.time(1);
            let change = region.change();
            println!(
                "{}\t{}\t{}\t{}",
                run.operation.title(),
                workload.name,
                run.contender,
                change.allocations + change.reallocations
            );
        }
    }
    Ok(())
}
