//! Service documents: how they are called, and the words that people wrote in them.

use bytes::Bytes;
use diadoc_proto::events::AttachmentType;

use crate::world::model::Piece;
use crate::world::xml::text_of;

/// The name for people; none of what is no service document.
pub(super) fn display_name(piece: &Piece) -> Option<&'static str> {
    let content_type = piece.entity.content_type_id.as_deref().unwrap_or_default();
    Some(match piece.entity.attachment_type() {
        AttachmentType::InvoiceConfirmation if content_type.starts_with("delivery") => {
            "Подтверждение даты отправки"
        }
        AttachmentType::InvoiceConfirmation => "Подтверждение даты получения",
        AttachmentType::Receipt | AttachmentType::InvoiceReceipt => "Извещение о получении",
        AttachmentType::InvoiceCorrectionRequest => "Уведомление об уточнении",
        AttachmentType::XmlSignatureRejection | AttachmentType::SignatureRequestRejection => {
            "Отказ в подписи"
        }
        AttachmentType::RevocationRequest => "Предложение об аннулировании",
        AttachmentType::UniversalMessage => "Универсальное сообщение",
        _ => return None,
    })
}

/// What people wrote in a service document: a text as it is, of an XML the text of the element that
/// formats have for it. None where there is nothing of the kind.
pub(super) fn plain_text(piece: &Piece, content: &Bytes) -> Option<String> {
    let text = match piece.entity.attachment_type() {
        AttachmentType::SignatureRequestRejection => {
            std::str::from_utf8(content).ok()?.trim().to_owned()
        }
        _ => xml_text(content)?,
    };
    (!text.is_empty()).then_some(text)
}

/// The text of the one element that these formats have for it: the vendor's, or the fake's own.
fn xml_text(content: &Bytes) -> Option<String> {
    const ELEMENTS: [&str; 4] = ["Текст", "ТекстУведУточ", "ТекстПредАннул", "ТекстОтказ"];
    let text = text_of(content).ok()?;
    let document = roxmltree::Document::parse(&text).ok()?;
    let mut nodes = document.descendants();
    let found = nodes.find(|node| ELEMENTS.contains(&node.tag_name().name()))?;
    Some(found.text()?.trim().to_owned())
}
