//! Everything that is measured: for each workload and operation, who takes part.

mod limits;
mod ours;
mod reflect;
mod validate;

pub use diadoc_bench_peers::run::{Operation, Run, Workload, same_json, same_message};
use diadoc_proto::docflow::GetDocflowsByPacketIdResponseV4;
use diadoc_proto::documents::DocumentList;
use diadoc_proto::events::Message;

use crate::workloads::{self, workload};

/// The three workloads.
///
/// # Errors
///
/// A fixture cannot be read.
pub fn workloads() -> std::io::Result<[Workload; 3]> {
    Ok([
        workload::<DocumentList>("page", workloads::page(100)?)?,
        workload::<GetDocflowsByPacketIdResponseV4>("docflows", workloads::docflows(100)?)?,
        workload::<Message>("content", workloads::content(1 << 20)?)?,
    ])
}

/// All runs over a workload of [`workloads()`], in the order of the tables.
pub fn runs(workload: &Workload) -> Vec<Run<'_>> {
    match workload.name {
        "page" => all::<DocumentList>(workload),
        "docflows" => all::<GetDocflowsByPacketIdResponseV4>(workload),
        _ => all::<Message>(workload),
    }
}

/// All contenders, with our type for the message.
fn all<M: ours::Message>(workload: &Workload) -> Vec<Run<'_>> {
    let mut runs = ours::runs::<M>(workload);
    runs.extend(diadoc_bench_peers::runs(workload));
    runs.extend(reflect::runs(workload));
    runs.extend(limits::runs::<M>(workload));
    runs.extend(validate::runs::<M>(workload));
    runs
}
