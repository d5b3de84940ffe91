//! The stories of the guide, told over sockets: each with bodies in JSON and with bodies in protobuf.

mod answers;
mod feeds;
mod parties;
mod revocations;
mod ways;

use diadoc_api::documents::GetDocumentV3;
use diadoc_api::messages::{GetMessageV6, PostMessagePatchV4, PostMessageV3};
use diadoc_api::{Form, Request};
use diadoc_fake::Fake;
use diadoc_fake::world::World;
use diadoc_proto::documents::Document;
use diadoc_proto::events::{
    AttachmentType, DocumentAttachment, DocumentSignature, EntityType, Message, MessagePatch,
    MessagePatchToPostV2, MessageToPost, ReceiptAttachment, RecipientTitleAttachment,
    RevocationRequestAttachment, SignedContent, XmlSignatureRejectionAttachment,
};
use diadoc_proto::{BoxId, DocumentId};

use super::{FIRST, Refused, SECOND, address, both, document, message, of, try_send};

const FORMS: [Form; 2] = [Form::Json, Form::Protobuf];

/// A title of a universal transfer document that asks for an answer.
const UTD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
<Файл ИдФайл=\"ON_NSCHFDOPPR_2BM-2_2BM-1_20260925_1\"><Документ Функция=\"СЧФДОП\">\
<СвСчФакт НомерДок=\"17\" ДатаДок=\"25.09.2026\"/></Документ></Файл>";

/// Where a story happens, and in what form it sends what changes something.
struct Stage {
    fake: Fake,
    form: Form,
}

impl Stage {
    /// Two organizations that have sent nothing yet.
    async fn new(form: Form) -> Self {
        Self::of(World::without_letters(), form).await
    }

    async fn of(world: World, form: Form) -> Self {
        let fake = of(world).await;
        Self { fake, form }
    }

    async fn send<R: Request>(&self, request: R) -> R::Response {
        super::send_in(&self.fake, request, self.form).await
    }

    async fn refused<R: Request>(&self, request: R) -> Refused {
        let name = request.method().name;
        match try_send(&self.fake, &request, self.form, "token").await {
            Ok(_) => panic!("{name} is not refused"),
            Err(refused) => refused,
        }
    }

    /// Posts documents from the first organization to the second.
    async fn post(&self, documents: Vec<DocumentAttachment>) -> Posted {
        self.post_message(message(documents)).await
    }

    async fn post_message(&self, body: MessageToPost) -> Posted {
        Posted::of(self.send(PostMessageV3::new(body)).await)
    }

    async fn patch(&self, body: MessagePatchToPostV2) -> MessagePatch {
        let call = PostMessagePatchV4::new(body).disable_duplicates_detection(true);
        self.send(call).await
    }

    async fn not_patched(&self, body: MessagePatchToPostV2) -> Refused {
        let call = PostMessagePatchV4::new(body).disable_duplicates_detection(true);
        self.refused(call).await
    }

    async fn sign(&self, side: &str, posted: &Posted, entity: &str) -> MessagePatch {
        let mut body = posted.by(side);
        body.signatures.push(signature(entity));
        self.patch(body).await
    }

    async fn message(&self, side: &str, posted: &Posted) -> Message {
        both(&self.fake, GetMessageV6::new(side, &posted.message_id)).await
    }

    async fn is_hidden(&self, side: &str, posted: &Posted) -> bool {
        let call = GetMessageV6::new(side, &posted.message_id);
        let came = try_send(&self.fake, &call, self.form, "token").await;
        came.is_err_and(|refused| refused.status == 404)
    }

    /// The first document of a message.
    async fn document(&self, side: &str, posted: &Posted) -> Document {
        self.nth(side, posted, 0).await
    }

    async fn nth(&self, side: &str, posted: &Posted, index: usize) -> Document {
        let call = GetDocumentV3::new(side, &posted.message_id, &posted.documents[index]);
        both(&self.fake, call).await
    }

    /// The status of the first document, as people read it.
    async fn status(&self, side: &str, posted: &Posted) -> String {
        let status = self.document(side, posted).await.docflow_status;
        status.primary_status.status_text.unwrap_or_default()
    }

    /// How many files of that type a side sees in a message.
    async fn count(&self, side: &str, posted: &Posted, kind: AttachmentType) -> usize {
        let entities = self.message(side, posted).await.entities;
        let is_meant = |one: &&diadoc_proto::events::Entity| {
            one.entity_type() == EntityType::Attachment && one.attachment_type() == kind
        };
        entities.iter().filter(is_meant).count()
    }
}

/// A message with its documents.
#[derive(Debug)]
struct Posted {
    message_id: String,
    documents: Vec<String>,
}

impl Posted {
    fn of(message: Message) -> Self {
        let documents = message.entities.iter();
        Self {
            message_id: message.message_id.clone(),
            documents: documents
                .filter(|one| one.document_info.is_some())
                .map(|one| one.entity_id.clone())
                .collect(),
        }
    }

    /// An empty patch of it by that box.
    fn by(&self, side: &str) -> MessagePatchToPostV2 {
        MessagePatchToPostV2 {
            box_id: address(side),
            message_id: self.message_id.clone(),
            ..MessagePatchToPostV2::default()
        }
    }

    fn id(&self, index: usize) -> DocumentId {
        DocumentId {
            message_id: self.message_id.clone(),
            entity_id: self.documents[index].clone(),
        }
    }

    fn first(&self) -> &str {
        &self.documents[0]
    }

    fn receipt(&self, side: &str, parent: &str) -> MessagePatchToPostV2 {
        let mut body = self.by(side);
        body.receipts.push(ReceiptAttachment {
            parent_entity_id: parent.to_owned(),
            signed_content: content("<Файл ИдФайл=\"DP_IZVPOL_1\"/>"),
            labels: Vec::new(),
        });
        body
    }

    fn title(&self, side: &str, needs_receipt: bool) -> MessagePatchToPostV2 {
        let mut body = self.by(side);
        body.recipient_titles.push(RecipientTitleAttachment {
            parent_entity_id: self.first().to_owned(),
            signed_content: content("<Файл ИдФайл=\"ON_NSCHFDOPPOK_1\"/>"),
            need_receipt: needs_receipt,
            ..RecipientTitleAttachment::default()
        });
        body
    }

    fn refusal(&self, side: &str, parent: &str) -> MessagePatchToPostV2 {
        let mut body = self.by(side);
        let refusal = XmlSignatureRejectionAttachment {
            parent_entity_id: parent.to_owned(),
            signed_content: content("<Файл ИдФайл=\"DP_UVUTOCH_2\"/>"),
            labels: Vec::new(),
        };
        body.xml_signature_rejections.push(refusal);
        body
    }

    fn revocation(&self, side: &str) -> MessagePatchToPostV2 {
        let mut body = self.by(side);
        body.revocation_requests.push(RevocationRequestAttachment {
            parent_entity_id: self.first().to_owned(),
            signed_content: content("<Файл ИдФайл=\"DP_PRANNUL_1\"/>"),
            labels: Vec::new(),
        });
        body
    }
}

fn signature(parent: &str) -> DocumentSignature {
    DocumentSignature {
        parent_entity_id: parent.to_owned(),
        sign_with_test_signature: Some(true),
        ..DocumentSignature::default()
    }
}

fn content(text: &'static str) -> SignedContent {
    SignedContent {
        content: Some(text.into()),
        sign_with_test_signature: Some(true),
        ..SignedContent::default()
    }
}

fn utd() -> DocumentAttachment {
    let mut title = document("UniversalTransferDocument", &[]);
    title.signed_content.content = Some(UTD.into());
    title
}

/// The same document, not signed.
fn unsigned(mut document: DocumentAttachment) -> DocumentAttachment {
    document.signed_content.sign_with_test_signature = None;
    document
}

fn box_of(guid: &str) -> BoxId {
    guid.parse().expect("a box")
}
