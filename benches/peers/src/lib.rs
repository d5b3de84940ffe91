//! The peers that diadoc-bench measures against, each with its own types for the messages of the
//! workloads.
#![allow(
    unreachable_pub,
    reason = "the peers' generated code names what stands here"
)]

mod buffa;
mod derived_fields;
mod generated;
mod pbjson;
mod plain_prost;
pub mod run;
mod rust_protobuf;
mod serde_derive;

use run::{Run, Workload};

/// All peers' runs over a workload, which has the name `page`, `docflows` or `content` and the
/// message that goes with it.
pub fn runs(workload: &Workload) -> Vec<Run<'_>> {
    use generated::buffa::Diadoc::Api::Proto as buffa;
    use generated::derived::diadoc::api::proto as derived;
    use generated::pbjson::diadoc::api::proto as pbjson;
    use generated::rust_protobuf;

    match workload.name {
        "page" => all::<
            derived::documents::DocumentList,
            pbjson::documents::DocumentList,
            buffa::Documents::DocumentList,
            rust_protobuf::diadoc_documents_document_list::DocumentList,
        >(workload),
        "docflows" => all::<
            derived::docflow::GetDocflowsByPacketIdResponseV4,
            pbjson::docflow::GetDocflowsByPacketIdResponseV4,
            buffa::Docflow::GetDocflowsByPacketIdResponseV4,
            rust_protobuf::diadoc_docflow_docflow_api::GetDocflowsByPacketIdResponseV4,
        >(workload),
        "content" => all::<
            derived::events::Message,
            pbjson::events::Message,
            buffa::Events::Message,
            rust_protobuf::diadoc_events_message::Message,
        >(workload),
        _ => Vec::new(),
    }
}

/// All peers, each with its own type for the message.
fn all<'a, Derived, Pbjson, Buffa, RustProtobuf>(workload: &'a Workload) -> Vec<Run<'a>>
where
    Derived: serde_derive::Message,
    Pbjson: serde_derive::Message,
    Buffa: buffa::Message,
    RustProtobuf: rust_protobuf::Message,
{
    let mut runs = serde_derive::runs::<Derived>(workload);
    runs.extend(pbjson::runs::<Pbjson>(workload));
    runs.extend(plain_prost::runs::<Derived>(workload));
    runs.extend(buffa::runs::<Buffa>(workload));
    runs.extend(rust_protobuf::runs::<RustProtobuf>(workload));
    runs
}
