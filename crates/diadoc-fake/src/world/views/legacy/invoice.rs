//! Invoices, universal transfer documents, and their revisions and corrections.

use diadoc_proto::documents::Document;
use diadoc_proto::documents::invoice_document::{
    InvoiceCorrectionMetadata, InvoiceCorrectionRevisionMetadata, InvoiceMetadata,
    InvoiceRevisionMetadata,
};
use diadoc_proto::documents::universal_transfer_document::{
    UniversalCorrectionDocumentMetadata, UniversalCorrectionDocumentRevisionMetadata,
    UniversalTransferDocumentMetadata, UniversalTransferDocumentRevisionMetadata,
};

use super::Old;

impl Old<'_, '_> {
    /// Invoices and universal documents.
    pub(super) fn fill_invoice(&self, document: &mut Document) {
        match self.state.details.type_named_id.as_str() {
            "Invoice" => document.invoice_metadata = Some(self.invoice().into()),
            "InvoiceRevision" => {
                document.invoice_revision_metadata = Some(self.invoice_revision().into());
            }
            "InvoiceCorrection" => {
                document.invoice_correction_metadata = Some(self.invoice_correction().into());
            }
            "InvoiceCorrectionRevision" => {
                let metadata = self.invoice_correction_revision();
                document.invoice_correction_revision_metadata = Some(metadata.into());
            }
            "UniversalTransferDocument" => {
                document.universal_transfer_document_metadata = Some(self.universal().into());
            }
            "UniversalTransferDocumentRevision" => {
                let metadata = self.universal_revision();
                document.universal_transfer_document_revision_metadata = Some(metadata.into());
            }
            "UniversalCorrectionDocument" => {
                let metadata = self.universal_correction();
                document.universal_correction_document_metadata = Some(metadata.into());
            }
            "UniversalCorrectionDocumentRevision" => {
                let metadata = self.universal_correction_revision();
                document.universal_correction_document_revision_metadata = Some(metadata.into());
            }
            _ => {}
        }
    }

    fn invoice(&self) -> InvoiceMetadata {
        InvoiceMetadata {
            invoice_status: Some(self.invoice_status()),
            total: self.sum("TotalSum"),
            vat: self.sum("TotalVat"),
            currency: self.currency(),
            confirmation_date_time_ticks: self.confirmed(),
            invoice_amendment_flags: self.amendments,
        }
    }

    fn invoice_revision(&self) -> InvoiceRevisionMetadata {
        InvoiceRevisionMetadata {
            invoice_revision_status: Some(self.invoice_status()),
            original_invoice_number: self.text("OriginalInvoiceNumber"),
            original_invoice_date: self.text("OriginalInvoiceDate"),
            total: self.sum("TotalSum"),
            vat: self.sum("TotalVat"),
            currency: self.currency(),
            confirmation_date_time_ticks: self.confirmed(),
            invoice_amendment_flags: self.amendments,
        }
    }

    fn invoice_correction(&self) -> InvoiceCorrectionMetadata {
        InvoiceCorrectionMetadata {
            invoice_correction_status: Some(self.invoice_status()),
            original_invoice_number: self.text("OriginalInvoiceNumber"),
            original_invoice_date: self.text("OriginalInvoiceDate"),
            original_invoice_revision_number: self.optional("OriginalInvoiceRevisionNumber"),
            original_invoice_revision_date: self.optional("OriginalInvoiceRevisionDate"),
            total_inc: self.sum("TotalInc"),
            total_dec: self.sum("TotalDec"),
            vat_inc: self.sum("VatInc"),
            vat_dec: self.sum("VatDec"),
            currency: self.currency(),
            confirmation_date_time_ticks: self.confirmed(),
            invoice_amendment_flags: self.amendments,
        }
    }

    fn invoice_correction_revision(&self) -> InvoiceCorrectionRevisionMetadata {
        InvoiceCorrectionRevisionMetadata {
            invoice_correction_revision_status: Some(self.invoice_status()),
            original_invoice_number: self.text("OriginalInvoiceNumber"),
            original_invoice_date: self.text("OriginalInvoiceDate"),
            original_invoice_revision_number: self.optional("OriginalInvoiceRevisionNumber"),
            original_invoice_revision_date: self.optional("OriginalInvoiceRevisionDate"),
            original_invoice_correction_number: self.text("OriginalInvoiceCorrectionNumber"),
            original_invoice_correction_date: self.text("OriginalInvoiceCorrectionDate"),
            total_inc: self.sum("TotalInc"),
            total_dec: self.sum("TotalDec"),
            vat_inc: self.sum("VatInc"),
            vat_dec: self.sum("VatDec"),
            currency: self.currency(),
            confirmation_date_time_ticks: self.confirmed(),
            invoice_amendment_flags: self.amendments,
        }
    }

    fn universal(&self) -> UniversalTransferDocumentMetadata {
        UniversalTransferDocumentMetadata {
            document_status: Some(self.universal_status()),
            total: self.sum("TotalSum"),
            vat: self.optional("TotalVat"),
            grounds: Some(self.text("Grounds")),
            document_function: self.state.details.function.clone(),
            currency: self.currency(),
            confirmation_date_time_ticks: Some(self.confirmed()),
            invoice_amendment_flags: Some(self.amendments),
        }
    }

    fn universal_revision(&self) -> UniversalTransferDocumentRevisionMetadata {
        UniversalTransferDocumentRevisionMetadata {
            document_status: self.universal_status(),
            total: self.sum("TotalSum"),
            vat: self.optional("TotalVat"),
            grounds: Some(self.text("Grounds")),
            document_function: self.state.details.function.clone(),
            currency: self.currency(),
            confirmation_date_time_ticks: Some(self.confirmed()),
            invoice_amendment_flags: self.amendments,
            original_invoice_number: self.text("OriginalInvoiceNumber"),
            original_invoice_date: self.text("OriginalInvoiceDate"),
        }
    }

    fn universal_correction(&self) -> UniversalCorrectionDocumentMetadata {
        UniversalCorrectionDocumentMetadata {
            document_status: self.universal_status(),
            total_inc: self.sum("TotalInc"),
            total_dec: self.sum("TotalDec"),
            vat_inc: self.sum("VatInc"),
            vat_dec: self.sum("VatDec"),
            grounds: Some(self.text("Grounds")),
            document_function: self.state.details.function.clone(),
            currency: self.currency(),
            confirmation_date_time_ticks: self.confirmed(),
            invoice_amendment_flags: self.amendments,
            original_invoice_number: self.text("OriginalInvoiceNumber"),
            original_invoice_date: self.text("OriginalInvoiceDate"),
            original_invoice_revision_number: self.optional("OriginalInvoiceRevisionNumber"),
            original_invoice_revision_date: self.optional("OriginalInvoiceRevisionDate"),
        }
    }

    fn universal_correction_revision(&self) -> UniversalCorrectionDocumentRevisionMetadata {
        UniversalCorrectionDocumentRevisionMetadata {
            document_status: self.universal_status(),
            total_inc: self.sum("TotalInc"),
            total_dec: self.sum("TotalDec"),
            vat_inc: self.sum("VatInc"),
            vat_dec: self.sum("VatDec"),
            grounds: Some(self.text("Grounds")),
            document_function: self.state.details.function.clone(),
            currency: self.currency(),
            confirmation_date_time_ticks: self.confirmed(),
            invoice_amendment_flags: self.amendments,
            original_invoice_number: self.text("OriginalInvoiceNumber"),
            original_invoice_date: self.text("OriginalInvoiceDate"),
            original_invoice_revision_number: self.optional("OriginalInvoiceRevisionNumber"),
            original_invoice_revision_date: self.optional("OriginalInvoiceRevisionDate"),
            original_invoice_correction_number: self.text("OriginalInvoiceCorrectionNumber"),
            original_invoice_correction_date: self.text("OriginalInvoiceCorrectionDate"),
        }
    }
}
