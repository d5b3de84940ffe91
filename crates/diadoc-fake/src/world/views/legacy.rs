//! Metadata of documents in the fields of the old types, which the vendor fills still.

mod invoice;

use diadoc_proto::documents::acceptance_certificate_document::{
    AcceptanceCertificateDocumentStatus, AcceptanceCertificateMetadata,
};
use diadoc_proto::documents::bilateral_document::{
    BasicDocumentMetadata, BilateralDocumentMetadata, BilateralDocumentStatus, ContractMetadata,
    PriceListMetadata, SupplementaryAgreementMetadata, TrustConnectionRequestMetadata,
};
use diadoc_proto::documents::invoice_document::InvoiceStatus;
use diadoc_proto::documents::nonformalized_document::{
    NonformalizedDocumentMetadata, NonformalizedDocumentStatus,
};
use diadoc_proto::documents::unilateral_document::{
    ProformaInvoiceMetadata, ServiceDetailsMetadata, UnilateralDocumentStatus,
};
use diadoc_proto::documents::universal_transfer_document::UniversalTransferDocumentStatus;
use diadoc_proto::documents::{
    Document, GeneralReceiptStatus, ReceiptStatus, RecipientResponseStatus, SenderSignatureStatus,
};

use crate::world::clock;
use crate::world::state::{Direction, DocumentState};
use crate::world::workflow::Response;

/// Three hours: these fields have the time of Moscow.
const MOSCOW: i64 = 3 * 3600 * diadoc_core::Ticks::PER_SECOND;

/// What the fields of all types are made of.
struct Old<'s, 'w> {
    state: &'s DocumentState<'w>,
    amendments: i32,
}

/// Fills the field of the document's type, where it is an old one.
pub(super) fn fill(document: &mut Document, state: &DocumentState<'_>, amendments: i32) {
    let old = Old { state, amendments };
    match state.details.type_named_id.as_str() {
        "Nonformalized" => document.nonformalized_document_metadata = Some(old.plain().into()),
        "PriceListAgreement" => document.price_list_agreement_metadata = Some(old.plain().into()),
        "CertificateRegistry" => document.certificate_registry_metadata = Some(old.plain().into()),
        "ReconciliationAct" => {
            document.reconciliation_act_metadata = Some(
                BilateralDocumentMetadata {
                    document_status: Some(old.bilateral()),
                    receipt_status: Some(old.receipt()),
                }
                .into(),
            );
        }
        "TrustConnectionRequest" => {
            document.trust_connection_request_metadata = Some(
                TrustConnectionRequestMetadata {
                    trust_connection_request_status: Some(old.bilateral()),
                }
                .into(),
            );
        }
        "Torg12" => document.torg12_metadata = Some(old.basic().into()),
        "XmlTorg12" => document.xml_torg12_metadata = Some(old.basic().into()),
        "Torg13" => document.torg13_metadata = Some(old.basic().into()),
        "XmlAcceptanceCertificate" => {
            document.xml_acceptance_certificate_metadata = Some(old.basic().into());
        }
        "AcceptanceCertificate" => {
            document.acceptance_certificate_metadata = Some(
                AcceptanceCertificateMetadata {
                    document_status: Some(
                        AcceptanceCertificateDocumentStatus::from_str_name(&old.signatures())
                            .unwrap_or_default()
                            .into(),
                    ),
                    total: old.text("TotalSum"),
                    vat: old.optional("TotalVat"),
                    grounds: Some(old.text("Grounds")),
                    receipt_status: Some(old.receipt()),
                }
                .into(),
            );
        }
        "Contract" => {
            document.contract_metadata = Some(
                ContractMetadata {
                    document_status: Some(old.bilateral()),
                    contract_price: Some(old.text("ContractPrice")),
                    contract_type: Some(old.text("ContractType")),
                    receipt_status: Some(old.receipt()),
                }
                .into(),
            );
        }
        "PriceList" => {
            document.price_list_metadata = Some(
                PriceListMetadata {
                    document_status: Some(old.bilateral()),
                    price_list_effective_date: old.optional("PriceListEffectiveDate"),
                    contract_document_date: old.optional("ContractDocumentDate"),
                    contract_document_number: old.optional("ContractDocumentNumber"),
                    receipt_status: Some(old.receipt()),
                }
                .into(),
            );
        }
        "SupplementaryAgreement" => {
            document.supplementary_agreement_metadata = Some(
                SupplementaryAgreementMetadata {
                    document_status: Some(old.bilateral()),
                    total: old.optional("TotalSum"),
                    contract_type: old.optional("ContractType"),
                    contract_number: old.text("ContractNumber"),
                    contract_date: old.text("ContractDate"),
                    receipt_status: Some(old.receipt()),
                }
                .into(),
            );
        }
        "ProformaInvoice" => {
            document.proforma_invoice_metadata = Some(
                ProformaInvoiceMetadata {
                    document_status: Some(old.unilateral()),
                    total: old.text("TotalSum"),
                    vat: old.optional("TotalVat"),
                    grounds: Some(old.text("Grounds")),
                    receipt_status: Some(old.receipt()),
                }
                .into(),
            );
        }
        "ServiceDetails" => {
            document.service_details_metadata = Some(
                ServiceDetailsMetadata {
                    document_status: old.unilateral(),
                    receipt_status: old.receipt(),
                }
                .into(),
            );
        }
        _ => old.fill_invoice(document),
    }
}

impl Old<'_, '_> {
    fn plain(&self) -> NonformalizedDocumentMetadata {
        NonformalizedDocumentMetadata {
            document_status: Some(
                NonformalizedDocumentStatus::from_str_name(&self.signatures())
                    .unwrap_or_default()
                    .into(),
            ),
            receipt_status: Some(self.receipt()),
        }
    }

    fn basic(&self) -> BasicDocumentMetadata {
        BasicDocumentMetadata {
            document_status: Some(self.bilateral()),
            total: self.text("TotalSum"),
            vat: self.optional("TotalVat"),
            grounds: Some(self.text("Grounds")),
            receipt_status: Some(self.receipt()),
            ..BasicDocumentMetadata::default()
        }
    }

    fn bilateral(&self) -> i32 {
        BilateralDocumentStatus::from_str_name(&self.signatures())
            .unwrap_or_default()
            .into()
    }

    fn unilateral(&self) -> i32 {
        let name = match self.unsent() {
            Some(unsent) => format!("{}{unsent}", self.direction()),
            None => self.direction().to_owned(),
        };
        UnilateralDocumentStatus::from_str_name(&name)
            .unwrap_or_default()
            .into()
    }

    /// The names of these statuses begin with the direction.
    fn direction(&self) -> &'static str {
        match self.state.direction() {
            Direction::Inbound => "Inbound",
            Direction::Outbound => "Outbound",
            Direction::Internal => "Internal",
        }
    }

    /// Why it is not sent.
    fn unsent(&self) -> Option<&'static str> {
        match self.state.sender_signature_status() {
            SenderSignatureStatus::WaitingForSenderSignature => Some("WaitingForSenderSignature"),
            SenderSignatureStatus::SenderSignatureCheckedAndInvalid => {
                Some("InvalidSenderSignature")
            }
            _ => None,
        }
    }

    /// Of a document that two sides may sign.
    fn signatures(&self) -> String {
        let status = self
            .unsent()
            .unwrap_or_else(|| match self.state.response_status() {
                RecipientResponseStatus::WithRecipientSignature => "WithRecipientSignature",
                RecipientResponseStatus::WithRecipientPartiallySignature => {
                    "WithRecipientPartiallySignature"
                }
                RecipientResponseStatus::RecipientSignatureRequestRejected => {
                    "RecipientSignatureRequestRejected"
                }
                RecipientResponseStatus::InvalidRecipientSignature => "InvalidRecipientSignature",
                _ if self.state.workflow.expects_response() => "WaitingForRecipientSignature",
                _ => "NoRecipientSignatureRequest",
            });
        format!("{}{status}", self.direction())
    }

    fn invoice_status(&self) -> i32 {
        InvoiceStatus::from_str_name(&self.without_answer())
            .unwrap_or_default()
            .into()
    }

    /// Of an invoice and of a universal document that the recipient does not sign.
    fn without_answer(&self) -> String {
        let status = match (self.unsent(), self.state.receipt_status()) {
            (Some(unsent), _) => unsent,
            (None, GeneralReceiptStatus::WaitingForReceipt) => "WaitingForInvoiceReceipt",
            (None, _) if self.state.is_finished() => "Finished",
            (None, _) => "NotFinished",
        };
        format!("{}{status}", self.direction())
    }

    fn universal_status(&self) -> i32 {
        let is_answered = self.state.workflow.response != Response::None;
        let waits_for_receipt =
            self.state.receipt_status() == GeneralReceiptStatus::WaitingForReceipt;
        let name = match is_answered {
            false => self.without_answer(),
            true => match self.signatures().as_str() {
                "OutboundWaitingForRecipientSignature" if waits_for_receipt => {
                    "OutboundWaitingForInvoiceReceiptAndRecipientSignature".to_owned()
                }
                name => name.to_owned(),
            },
        };
        UniversalTransferDocumentStatus::from_str_name(&name)
            .unwrap_or_default()
            .into()
    }

    fn receipt(&self) -> i32 {
        let status = match self.state.receipt_status() {
            GeneralReceiptStatus::HaveToCreateReceipt => {
                ReceiptStatus::ReceiptStatusHaveToCreateReceipt
            }
            GeneralReceiptStatus::WaitingForReceipt => {
                ReceiptStatus::ReceiptStatusWaitingForReceipt
            }
            GeneralReceiptStatus::Finished => ReceiptStatus::ReceiptStatusFinished,
            _ => ReceiptStatus::ReceiptStatusNone,
        };
        status.into()
    }

    /// When the operator confirmed the document: for what the server says, the moment when it was made.
    fn confirmed(&self) -> i64 {
        match self.state.confirmation(self.state.key().entity) {
            Some(_) => clock::moved(self.state.created().get(), MOSCOW).get(),
            None => 0,
        }
    }

    fn currency(&self) -> i32 {
        let code = self.state.details.metadata("CurrencyCode");
        code.and_then(|code| code.parse().ok()).unwrap_or_default()
    }

    fn text(&self, key: &str) -> String {
        self.optional(key).unwrap_or_default()
    }

    fn optional(&self, key: &str) -> Option<String> {
        self.state.details.metadata(key).map(str::to_owned)
    }

    /// A sum; the server writes `0` where there is none.
    fn sum(&self, key: &str) -> String {
        self.optional(key).unwrap_or_else(|| "0".to_owned())
    }
}
