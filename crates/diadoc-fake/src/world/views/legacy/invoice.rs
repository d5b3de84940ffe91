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

/// Metadata: what is named, and groups of fields that several kinds have.
macro_rules! metadata {
    ($self:ident, $type:ident { $($field:tt)* }) => { $type { $($field)* } };
    ($self:ident, $type:ident { $($field:tt)* } original $($group:ident)*) => {
        metadata!($self, $type {
            $($field)*
            original_invoice_number: $self.text("OriginalInvoiceNumber"),
            original_invoice_date: $self.text("OriginalInvoiceDate"),
        } $($group)*)
    };
    ($self:ident, $type:ident { $($field:tt)* } revision $($group:ident)*) => {
        metadata!($self, $type {
            $($field)*
            original_invoice_revision_number: $self.optional("OriginalInvoiceRevisionNumber"),
            original_invoice_revision_date: $self.optional("OriginalInvoiceRevisionDate"),
        } $($group)*)
    };
    ($self:ident, $type:ident { $($field:tt)* } correction $($group:ident)*) => {
        metadata!($self, $type {
            $($field)*
            original_invoice_correction_number: $self.text("OriginalInvoiceCorrectionNumber"),
            original_invoice_correction_date: $self.text("OriginalInvoiceCorrectionDate"),
        } $($group)*)
    };
    ($self:ident, $type:ident { $($field:tt)* } sums $($group:ident)*) => {
        metadata!($self, $type {
            $($field)*
            total: $self.sum("TotalSum"),
            vat: $self.sum("TotalVat"),
        } $($group)*)
    };
    ($self:ident, $type:ident { $($field:tt)* } changes $($group:ident)*) => {
        metadata!($self, $type {
            $($field)*
            total_inc: $self.sum("TotalInc"),
            total_dec: $self.sum("TotalDec"),
            vat_inc: $self.sum("VatInc"),
            vat_dec: $self.sum("VatDec"),
        } $($group)*)
    };
    ($self:ident, $type:ident { $($field:tt)* } grounds $($group:ident)*) => {
        metadata!($self, $type {
            $($field)*
            grounds: Some($self.text("Grounds")),
            document_function: $self.state.details.function.clone(),
        } $($group)*)
    };
    ($self:ident, $type:ident { $($field:tt)* } common $($group:ident)*) => {
        metadata!($self, $type {
            $($field)*
            currency: $self.currency(),
            confirmation_date_time_ticks: $self.confirmed().into(),
            invoice_amendment_flags: $self.amendments.into(),
        } $($group)*)
    };
}

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
        metadata!(self, InvoiceMetadata {
            invoice_status: Some(self.invoice_status()),
        } sums common)
    }

    fn invoice_revision(&self) -> InvoiceRevisionMetadata {
        metadata!(self, InvoiceRevisionMetadata {
            invoice_revision_status: Some(self.invoice_status()),
        } original sums common)
    }

    fn invoice_correction(&self) -> InvoiceCorrectionMetadata {
        metadata!(self, InvoiceCorrectionMetadata {
            invoice_correction_status: Some(self.invoice_status()),
        } original revision changes common)
    }

    fn invoice_correction_revision(&self) -> InvoiceCorrectionRevisionMetadata {
        metadata!(self, InvoiceCorrectionRevisionMetadata {
            invoice_correction_revision_status: Some(self.invoice_status()),
        } original revision correction changes common)
    }

    fn universal(&self) -> UniversalTransferDocumentMetadata {
        metadata!(self, UniversalTransferDocumentMetadata {
            document_status: Some(self.universal_status()),
            total: self.sum("TotalSum"),
            vat: self.optional("TotalVat"),
        } grounds common)
    }

    fn universal_revision(&self) -> UniversalTransferDocumentRevisionMetadata {
        metadata!(self, UniversalTransferDocumentRevisionMetadata {
            document_status: self.universal_status(),
            total: self.sum("TotalSum"),
            vat: self.optional("TotalVat"),
        } original grounds common)
    }

    fn universal_correction(&self) -> UniversalCorrectionDocumentMetadata {
        metadata!(self, UniversalCorrectionDocumentMetadata {
            document_status: self.universal_status(),
        } original revision changes grounds common)
    }

    fn universal_correction_revision(&self) -> UniversalCorrectionDocumentRevisionMetadata {
        metadata!(self, UniversalCorrectionDocumentRevisionMetadata {
            document_status: self.universal_status(),
        } original revision correction changes grounds common)
    }
}
