//! The documents of a message, whichever of its lists they stand in.
#![allow(
    deprecated,
    reason = "the lists of old are taken as the server takes them"
)]

use diadoc_proto::events::{
    DocumentAttachment, MessageToPost, SignedContent, TemplateDocumentAttachment, TemplateToPost,
    UnsignedContent,
};
use diadoc_proto::{CustomDataItem, DocumentId};

use crate::world::pieces::{Given, GivenSignature};

/// A document to be posted.
#[derive(Debug, Clone, Default)]
pub(super) struct NewDocument {
    /// Its place: `MessageToPost.DocumentAttachments[0]`.
    pub at: String,
    pub content: SignedContent,
    pub comment: Option<String>,
    pub needs_recipient_signature: bool,
    pub needs_receipt: bool,
    pub initial: Vec<DocumentId>,
    pub subordinate: Vec<DocumentId>,
    pub custom_document_id: Option<String>,
    pub custom_data: Vec<CustomDataItem>,
    pub type_named_id: String,
    pub function: Option<String>,
    pub version: Option<String>,
    pub metadata: Vec<(String, String)>,
    pub workflow_id: Option<i32>,
    pub is_encrypted: bool,
    pub editing_setting_id: Option<String>,
    /// It goes with an invitation to be counteragents.
    pub is_invitation: bool,
    /// The list is that of invoices of every kind: the content says of which.
    pub is_some_invoice: bool,
}

impl NewDocument {
    pub(super) fn content(&self) -> Given<'_> {
        Given {
            bytes: self.content.content.as_ref(),
            on_shelf: self.content.name_on_shelf.as_deref(),
        }
    }

    pub(super) fn signature(&self) -> GivenSignature<'_> {
        GivenSignature {
            given: Given {
                bytes: self.content.signature.as_ref(),
                on_shelf: self.content.signature_name_on_shelf.as_deref(),
            },
            is_test: self.content.sign_with_test_signature(),
            power_of_attorney: self.content.power_of_attorney.as_deref(),
        }
    }
}

/// What all attachments of old have, and the metadata that each has of its own.
macro_rules! attachments {
    ($found:ident, $message:ident.$list:ident, $name:literal, $kind:literal,
        |$one:ident| [$(($key:literal, $value:expr)),* $(,)?]
        $(, $field:ident: $more:expr)* $(,)?) => {
        for (index, $one) in $message.$list.iter().enumerate() {
            #[allow(clippy::needless_update, reason = "some attachments name every field")]
            $found.push(NewDocument {
                at: format!("MessageToPost.{}[{index}]", $name),
                content: $one.signed_content.clone(),
                comment: $one.comment.clone(),
                initial: $one.initial_document_ids.clone(),
                subordinate: $one.subordinate_document_ids.clone(),
                custom_document_id: $one.custom_document_id.clone(),
                custom_data: $one.custom_data.clone(),
                type_named_id: $kind.to_owned(),
                metadata: given([$(($key, text(&$value))),*]),
                $($field: $more,)*
                ..NewDocument::default()
            });
        }
    };
}

/// The documents of a message, in the order of the fields.
pub(super) fn of_message(message: &MessageToPost) -> Vec<NewDocument> {
    let mut found = Vec::new();
    free_forms(message, &mut found);
    titles(message, &mut found);
    encrypted(message, &mut found);
    for (index, one) in message.document_attachments.iter().enumerate() {
        found.push(of_any_type(
            one,
            format!("MessageToPost.DocumentAttachments[{index}]"),
        ));
    }
    found
}

#[rustfmt::skip]
fn free_forms(message: &MessageToPost, found: &mut Vec<NewDocument>) {
    attachments!(found, message.nonformalized_documents, "NonformalizedDocuments", "Nonformalized",
        |one| [("FileName", one.file_name), ("DocumentNumber", one.document_number),
            ("DocumentDate", one.document_date)],
        needs_recipient_signature: one.need_recipient_signature(), needs_receipt: one.need_receipt());
    attachments!(found, message.torg12_documents, "Torg12Documents", "Torg12",
        |one| [("FileName", one.file_name), ("DocumentNumber", one.document_number),
            ("DocumentDate", one.document_date), ("TotalSum", one.total), ("TotalVat", one.vat),
            ("Grounds", one.grounds)],
        needs_receipt: one.need_receipt());
    attachments!(found, message.acceptance_certificates, "AcceptanceCertificates",
        "AcceptanceCertificate",
        |one| [("FileName", one.file_name), ("DocumentNumber", one.document_number),
            ("DocumentDate", one.document_date), ("TotalSum", one.total), ("TotalVat", one.vat),
            ("Grounds", one.grounds)],
        needs_recipient_signature: one.need_recipient_signature(), needs_receipt: one.need_receipt());
    attachments!(found, message.proforma_invoices, "ProformaInvoices", "ProformaInvoice",
        |one| [("FileName", one.file_name), ("DocumentNumber", one.document_number),
            ("DocumentDate", one.document_date), ("TotalSum", one.total), ("TotalVat", one.vat),
            ("Grounds", one.grounds)],
        needs_receipt: one.need_receipt());
    attachments!(found, message.price_lists, "PriceLists", "PriceList",
        |one| [("FileName", one.file_name), ("DocumentNumber", one.document_number),
            ("DocumentDate", one.document_date),
            ("PriceListEffectiveDate", one.price_list_effective_date),
            ("ContractDocumentDate", one.contract_document_date),
            ("ContractDocumentNumber", one.contract_document_number)],
        needs_receipt: one.need_receipt());
    attachments!(found, message.price_list_agreements, "PriceListAgreements", "PriceListAgreement",
        |one| [("FileName", one.file_name), ("DocumentNumber", one.document_number),
            ("DocumentDate", one.document_date)],
        needs_recipient_signature: one.need_recipient_signature(), needs_receipt: one.need_receipt());
    attachments!(found, message.certificate_registries, "CertificateRegistries",
        "CertificateRegistry",
        |one| [("FileName", one.file_name), ("DocumentNumber", one.document_number),
            ("DocumentDate", one.document_date)],
        needs_recipient_signature: one.need_recipient_signature(), needs_receipt: one.need_receipt());
    attachments!(found, message.reconciliation_acts, "ReconciliationActs", "ReconciliationAct",
        |one| [("FileName", one.file_name), ("DocumentNumber", one.document_number),
            ("DocumentDate", one.document_date)],
        needs_receipt: one.need_receipt());
    attachments!(found, message.contracts, "Contracts", "Contract",
        |one| [("FileName", one.file_name), ("DocumentNumber", one.document_number),
            ("DocumentDate", one.document_date), ("ContractPrice", one.contract_price),
            ("ContractType", one.contract_type)],
        needs_receipt: one.need_receipt());
    attachments!(found, message.torg13_documents, "Torg13Documents", "Torg13",
        |one| [("FileName", one.file_name), ("DocumentNumber", one.document_number),
            ("DocumentDate", one.document_date), ("TotalSum", one.total), ("Grounds", one.grounds)],
        needs_receipt: one.need_receipt());
    attachments!(found, message.service_details_documents, "ServiceDetailsDocuments",
        "ServiceDetails",
        |one| [("FileName", one.file_name), ("DocumentNumber", one.document_number),
            ("DocumentDate", one.document_date)],
        needs_receipt: one.need_receipt());
    attachments!(found, message.supplementary_agreements, "SupplementaryAgreements",
        "SupplementaryAgreement",
        |one| [("FileName", one.file_name), ("DocumentNumber", one.document_number),
            ("DocumentDate", one.document_date), ("TotalSum", one.total),
            ("ContractNumber", one.contract_number), ("ContractDate", one.contract_date),
            ("ContractType", one.contract_type)],
        needs_receipt: one.need_receipt());
}

#[rustfmt::skip]
fn titles(message: &MessageToPost, found: &mut Vec<NewDocument>) {
    attachments!(found, message.invoices, "Invoices", "Invoice", |one| [],
        needs_receipt: one.need_receipt(), is_some_invoice: true);
    attachments!(found, message.xml_torg12_seller_titles, "XmlTorg12SellerTitles", "XmlTorg12",
        |one| [], needs_receipt: one.need_receipt());
    attachments!(found, message.xml_acceptance_certificate_seller_titles,
        "XmlAcceptanceCertificateSellerTitles", "XmlAcceptanceCertificate",
        |one| [], needs_receipt: one.need_receipt());
    attachments!(found, message.universal_transfer_document_seller_titles,
        "UniversalTransferDocumentSellerTitles", "UniversalTransferDocument",
        |one| [], needs_receipt: one.need_receipt());
}

/// What the sender tells of an encrypted document of old.
macro_rules! encrypted {
    ($found:ident, $message:ident.$list:ident, $name:literal, $kind:literal) => {
        attachments!($found, $message.$list, $name, $kind, |one| [
            ("FileId", one.metadata.file_id),
            ("DocumentNumber", one.metadata.document_date_and_number.document_number),
            ("DocumentDate", one.metadata.document_date_and_number.document_date),
            ("SellerFnsParticipantId", one.metadata.sender_fns_participant_id),
            ("BuyerFnsParticipantId", one.metadata.buyer_fns_participant_id),
        ], is_encrypted: true)
    };
}

#[rustfmt::skip]
fn encrypted(message: &MessageToPost, found: &mut Vec<NewDocument>) {
    encrypted!(found, message.encrypted_invoices, "EncryptedInvoices", "Invoice");
    encrypted!(found, message.encrypted_xml_torg12_seller_titles,
        "EncryptedXmlTorg12SellerTitles", "XmlTorg12");
    encrypted!(found, message.encrypted_xml_acceptance_certificate_seller_titles,
        "EncryptedXmlAcceptanceCertificateSellerTitles", "XmlAcceptanceCertificate");
}

fn of_any_type(one: &DocumentAttachment, at: String) -> NewDocument {
    let metadata = one.metadata.iter();
    NewDocument {
        at,
        content: one.signed_content.clone(),
        comment: one.comment.clone(),
        needs_recipient_signature: one.need_recipient_signature(),
        needs_receipt: one.need_receipt(),
        initial: one.initial_document_ids.clone(),
        subordinate: one.subordinate_document_ids.clone(),
        custom_document_id: one.custom_document_id.clone(),
        custom_data: one.custom_data.clone(),
        type_named_id: one.type_named_id.clone(),
        function: one.function.clone(),
        version: one.version.clone(),
        metadata: metadata
            .map(|item| (item.key.clone(), item.value.clone()))
            .collect(),
        workflow_id: one.workflow_id,
        is_encrypted: one.is_encrypted(),
        editing_setting_id: one.editing_setting_id.clone(),
        is_some_invoice: false,
        is_invitation: false,
    }
}

/// The documents of a template.
pub(super) fn of_template(template: &TemplateToPost) -> Vec<NewDocument> {
    let attachments = template.document_attachments.iter().enumerate();
    attachments
        .map(|(index, one)| of_template_document(one, index))
        .collect()
}

fn of_template_document(one: &TemplateDocumentAttachment, index: usize) -> NewDocument {
    let metadata = one.metadata.iter();
    NewDocument {
        at: format!("TemplateToPost.DocumentAttachments[{index}]"),
        content: unsigned(&one.unsigned_content),
        comment: one.comment.clone(),
        needs_recipient_signature: one.need_recipient_signature(),
        custom_document_id: one.custom_document_id.clone(),
        custom_data: one.custom_data.clone(),
        type_named_id: one.type_named_id.clone(),
        function: one.function.clone(),
        version: one.version.clone(),
        metadata: metadata
            .map(|item| (item.key.clone(), item.value.clone()))
            .collect(),
        workflow_id: one.workflow_id,
        editing_setting_id: one.editing_setting_id.clone(),
        ..NewDocument::default()
    }
}

fn unsigned(content: &UnsignedContent) -> SignedContent {
    SignedContent {
        content: content.content.clone(),
        name_on_shelf: content.name_on_shelf.clone(),
        ..SignedContent::default()
    }
}

/// A text that may be absent.
trait Text {
    fn text(&self) -> Option<String>;
}

impl Text for String {
    fn text(&self) -> Option<String> {
        Some(self.clone())
    }
}

impl Text for Option<String> {
    fn text(&self) -> Option<String> {
        self.clone()
    }
}

fn text(value: &impl Text) -> Option<String> {
    value.text().filter(|text| !text.is_empty())
}

/// The items that have a value.
fn given<const N: usize>(items: [(&str, Option<String>); N]) -> Vec<(String, String)> {
    let items = items.into_iter();
    items
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
}
