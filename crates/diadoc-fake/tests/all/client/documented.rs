//! The methods of the vendor's pages end to end, with the bodies that the pages show.

use diadoc_api::docflows::{GetDocflowsByPacketIdV4, GetDocflowsV4, SearchDocflowsV4};
use diadoc_api::documents::{GetDocumentsV3, GetEntityContentV4, GetSignatureInfo};
use diadoc_api::forwarding::GetForwardedDocumentsV2;
use diadoc_api::messages::GetMessageV6;
use diadoc_api::print_forms::GenerateDocumentZip;
use diadoc_api::{Request, Wire};
use diadoc_fake::Answer;
use diadoc_proto::json::{self, JsonMessage};
use diadoc_schema::{ComputedKeys, Schema, render_like_server};
use prost::Name;

use super::{BOTH, BOX, GUID, client_of, started};

fn page(name: &str) -> String {
    let path = format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// A documented request.
fn request<M: JsonMessage>(name: &str) -> M {
    json::from_str(&page(name)).unwrap()
}

/// A documented response, as it comes in that form: JSON of the server shows defaults.
fn response<M: JsonMessage + Name>(name: &str, wire: Wire) -> M {
    let text = page(name);
    match wire {
        Wire::Json => {
            let message = Schema::diadoc().message(&M::full_name()).unwrap();
            let body = serde_json::from_str(&text).unwrap();
            let body = render_like_server(&message, &body, ComputedKeys::With);
            json::from_str(&body.to_string()).unwrap()
        }
        _ => json::from_str(&text).unwrap(),
    }
}

/// Calls a method and compares the answer with the page's.
async fn answers_with<R>(request: R, name: &str, wire: Wire)
where
    R: Request<Response: JsonMessage + Name + PartialEq + std::fmt::Debug>,
{
    let fake = started().await;
    let answer = client_of(&fake, wire).wait(request).await.unwrap();
    assert_eq!(answer, response(name, wire), "{name}");
}

#[tokio::test]
async fn as_the_pages_show_them() {
    for wire in BOTH {
        let zip = GenerateDocumentZip::new(BOX, GUID, GUID, true);
        answers_with(zip, "GenerateDocumentZip_response.json", wire).await;
        let forwarded = request("GetForwardedDocuments_V2_request.json");
        let forwarded = GetForwardedDocumentsV2::new(BOX, forwarded);
        answers_with(forwarded, "GetForwardedDocuments_V2_response.json", wire).await;
        let docflows = GetDocflowsV4::new(BOX, request("GetDocflows_V4_request.json"));
        answers_with(docflows, "GetDocflows_V4_response.json", wire).await;
        let message = GetMessageV6::new(BOX, GUID);
        answers_with(message, "GetMessage_V6_response.json", wire).await;
        let documents = GetDocumentsV3::new(BOX, "Any.Inbound");
        answers_with(documents, "GetDocuments_V3_response.json", wire).await;
        let search = SearchDocflowsV4::new(BOX, request("SearchDocflows_V4_request.json"));
        answers_with(search, "SearchDocflows_V4_response.json", wire).await;
        let packet = request("GetDocflowsByPacketId_V4_request.json");
        let packet = GetDocflowsByPacketIdV4::new(BOX, packet);
        answers_with(packet, "GetDocflowsByPacketId_V4_response.json", wire).await;
    }
}

/// The page cuts the certificates of GetSignatureInfo, and shows no content of GetEntityContent.
#[tokio::test]
async fn what_the_pages_do_not_show_whole() {
    for wire in BOTH {
        let fake = started().await;
        let client = client_of(&fake, wire);
        let info = client
            .send(GetSignatureInfo::new(BOX, GUID, GUID))
            .await
            .unwrap();
        assert_eq!(info.thumbprint, "EE67A684C341A0B1F48C0135ECED866A67EFA1E1");
        let content = Answer::bytes("content").file_name("акт.xml");
        fake.answer("GetEntityContentV4", content).unwrap();
        let content = client
            .send(GetEntityContentV4::new(BOX, GUID, GUID))
            .await
            .unwrap();
        assert_eq!(&content.content[..], b"content");
        assert_eq!(content.file_name.as_deref(), Some("акт.xml"));
    }
}
