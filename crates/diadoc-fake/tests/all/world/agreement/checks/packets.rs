//! Packets, held against the documents that say they are in them.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_api::docflows::GetDocflowsByPacketIdV5;
use diadoc_fake::Fake;
use diadoc_proto::docflow::GetDocflowsByPacketIdRequest;

use super::{Shown, ask};

/// A packet has the documents that say they are in it.
pub(super) async fn packets(fake: &Fake, side: &str, shown: &BTreeMap<String, Shown>, story: &str) {
    let mut packets: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (entity, one) in shown {
        if let Some(packet) = &one.document.packet_id {
            packets.entry(packet).or_default().insert(entity);
        }
    }
    for (packet, members) in packets {
        let mut found = BTreeSet::new();
        let mut after = None;
        loop {
            let body = GetDocflowsByPacketIdRequest {
                packet_id: packet.to_owned(),
                count: Some(2),
                after_index_key: after,
                ..GetDocflowsByPacketIdRequest::default()
            };
            let page = ask(fake, &GetDocflowsByPacketIdV5::new(side, body)).await;
            for fetched in &page.documents {
                let id = &fetched.document.document_id.entity_id;
                assert_eq!(fetched.document, shown[id].v5, "{story}");
                assert!(found.insert(id.clone()), "{id} comes twice\n{story}");
            }
            after = page.next_page_index_key;
            if after.is_none() {
                break;
            }
        }
        let found: BTreeSet<_> = found.iter().map(String::as_str).collect();
        assert_eq!(found, members, "{side}: {packet}\n{story}");
    }
}
