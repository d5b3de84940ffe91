//! Everything that is measured: for each workload and operation, who takes part.

mod buffa;
mod limits;
mod ours;
mod pbjson;
mod plain_prost;
mod reflect;
mod rust_protobuf;
mod serde_derive;
mod validate;

use std::fmt::Display;
use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};

use diadoc_proto::docflow::GetDocflowsByPacketIdResponseV4;
use diadoc_proto::documents::DocumentList;
use diadoc_proto::events::Message;

use crate::peers;
use crate::workloads::{self, Workload};

/// What is done with a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    ReadJson,
    WriteJson,
    ReadProtobuf,
    WriteProtobuf,
    Validate,
}

impl Operation {
    pub const ALL: [Self; 5] = [
        Self::ReadJson,
        Self::WriteJson,
        Self::ReadProtobuf,
        Self::WriteProtobuf,
        Self::Validate,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::ReadJson => "JSON reading",
            Self::WriteJson => "JSON writing",
            Self::ReadProtobuf => "protobuf reading",
            Self::WriteProtobuf => "protobuf writing",
            Self::Validate => "JSON validating",
        }
    }

    /// The contender that the others are compared with.
    pub fn reference(self) -> &'static str {
        match self {
            Self::ReadJson | Self::WriteJson => serde_derive::NAME,
            Self::ReadProtobuf | Self::WriteProtobuf => plain_prost::NAME,
            Self::Validate => validate::REFERENCE,
        }
    }
}

/// One contender's way to do one operation with one workload.
pub struct Run<'a> {
    pub contender: &'static str,
    pub operation: Operation,
    check: Box<dyn Fn() -> Result<(), String> + 'a>,
    time: Box<dyn Fn(u32) -> Duration + 'a>,
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.operation.title(), self.contender)
    }
}

impl<'a> Run<'a> {
    /// `run` does the work; `check` says whether what it made is right.
    fn new<T, E: Display>(
        contender: &'static str,
        operation: Operation,
        run: impl Fn() -> Result<T, E> + 'a,
        check: impl Fn(T) -> Result<(), String> + 'a,
    ) -> Self {
        let run = Rc::new(run);
        let checked = Rc::clone(&run);
        Self {
            contender,
            operation,
            check: Box::new(move || checked().map_err(|e| e.to_string()).and_then(&check)),
            time: Box::new(move |times| {
                let start = Instant::now();
                for _ in 0..times {
                    // What was made is dropped here too: whoever reads pays for that as well.
                    let _ = black_box(run());
                }
                start.elapsed()
            }),
        }
    }

    /// Does the work once and compares the result with ours.
    ///
    /// # Errors
    ///
    /// The work failed, or made something else.
    pub fn check(&self) -> Result<(), String> {
        (self.check)()
    }

    /// Does the work so many times; how long all of them took.
    pub fn time(&self, times: u32) -> Duration {
        (self.time)(times)
    }
}

/// The three workloads.
///
/// # Errors
///
/// A fixture cannot be read.
pub fn workloads() -> std::io::Result<[Workload; 3]> {
    Ok([
        Workload::new::<DocumentList>("page", workloads::page(100)?)?,
        Workload::new::<GetDocflowsByPacketIdResponseV4>("docflows", workloads::docflows(100)?)?,
        Workload::new::<Message>("content", workloads::content(1 << 20)?)?,
    ])
}

/// All runs over a workload of [`workloads`], in the order of the tables.
pub fn runs(workload: &Workload) -> Vec<Run<'_>> {
    use peers::buffa::Diadoc::Api::Proto as buffa;
    use peers::derived::diadoc::api::proto as derived;
    use peers::pbjson::diadoc::api::proto as pbjson;
    use peers::rust_protobuf;

    match workload.name {
        "page" => all::<
            DocumentList,
            derived::documents::DocumentList,
            pbjson::documents::DocumentList,
            buffa::Documents::DocumentList,
            rust_protobuf::diadoc_documents_document_list::DocumentList,
        >(workload),
        "docflows" => all::<
            GetDocflowsByPacketIdResponseV4,
            derived::docflow::GetDocflowsByPacketIdResponseV4,
            pbjson::docflow::GetDocflowsByPacketIdResponseV4,
            buffa::Docflow::GetDocflowsByPacketIdResponseV4,
            rust_protobuf::diadoc_docflow_docflow_api::GetDocflowsByPacketIdResponseV4,
        >(workload),
        _ => all::<
            Message,
            derived::events::Message,
            pbjson::events::Message,
            buffa::Events::Message,
            rust_protobuf::diadoc_events_message::Message,
        >(workload),
    }
}

/// All contenders, each with its own type for the message.
fn all<'a, Ours, Derived, Pbjson, Buffa, RustProtobuf>(workload: &'a Workload) -> Vec<Run<'a>>
where
    Ours: ours::Message,
    Derived: serde_derive::Message,
    Pbjson: serde_derive::Message,
    Buffa: buffa::Message,
    RustProtobuf: rust_protobuf::Message,
{
    let mut runs = ours::runs::<Ours>(workload);
    runs.extend(serde_derive::runs::<Derived>(workload));
    runs.extend(pbjson::runs::<Pbjson>(workload));
    runs.extend(plain_prost::runs::<Derived>(workload));
    runs.extend(reflect::runs(workload));
    runs.extend(buffa::runs::<Buffa>(workload));
    runs.extend(rust_protobuf::runs::<RustProtobuf>(workload));
    runs.extend(limits::runs::<Ours>(workload));
    runs.extend(validate::runs::<Ours>(workload));
    runs
}

/// Whether a message that a contender read is the one of the workload; `protobuf` is how the
/// contender writes it.
fn same_message(workload: &Workload, protobuf: &[u8]) -> Result<(), String> {
    if protobuf == workload.protobuf {
        Ok(())
    } else {
        Err("the message differs from ours".into())
    }
}

/// Whether JSON that a contender wrote in Diadoc's dialect says what ours says.
fn same_json(workload: &Workload, written: &[u8]) -> Result<(), String> {
    let parse = |text| serde_json::from_slice::<serde_json::Value>(text).map_err(|e| e.to_string());
    if parse(written)? == parse(&workload.written)? {
        Ok(())
    } else {
        Err("the JSON differs from ours".into())
    }
}
