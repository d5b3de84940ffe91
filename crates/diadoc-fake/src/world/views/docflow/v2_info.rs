//! The properties of a document in version 2: data by its type.

use diadoc_proto::DocumentType;
use diadoc_proto::docflow::{
    BasicDocumentInfo, ContractDocumentInfo, DocumentDateAndNumber, DocumentInfo,
    InvoiceCorrectionDocumentInfo, InvoiceDocumentInfo, PriceListDocumentInfo,
    SupplementaryAgreementDocumentInfo, UniversalCorrectionDocumentInfo,
    UniversalTransferDocumentInfo,
};
use diadoc_proto::invoicing::FunctionType;

use super::Docflows;
use crate::world::views::document::direction;

impl Docflows<'_> {
    pub(super) fn info_v2(&self) -> DocumentInfo {
        let state = self.state;
        let details = state.details;
        let letter = state.letter;
        let kind = details.type_named_id.as_str();
        let document_type =
            DocumentType::from_str_name(kind).unwrap_or(DocumentType::UnknownDocumentType);
        let counteragent = state.counteragent();
        let own = self.date_and_number("DocumentDate", "DocumentNumber");
        let mut info = DocumentInfo {
            document_type: Some(document_type.into()),
            document_direction: Some(direction(state).into()),
            is_test: Some(letter.is_test),
            custom_document_id: details.custom_document_id.clone(),
            from_department_id: Some(letter.sender.department.to_string()),
            to_department_id: letter.recipient.map(|to| to.department.to_string()),
            counteragent_box_id: counteragent.map(|party| party.box_id.address().to_string()),
            document_date_and_number: own.clone(),
            version: details.version.clone(),
            ..DocumentInfo::default()
        };
        match kind {
            "XmlTorg12"
            | "XmlAcceptanceCertificate"
            | "Torg12"
            | "AcceptanceCertificate"
            | "ProformaInvoice"
            | "Torg13" => {
                info.basic_document_info = Some(Box::new(self.basic()));
            }
            "Invoice" | "InvoiceRevision" => info.invoice_info = Some(Box::new(self.invoice())),
            "InvoiceCorrection" | "InvoiceCorrectionRevision" => {
                info.invoice_correction_info = Some(Box::new(self.invoice_correction()));
            }
            "PriceList" => {
                info.price_list_info = Some(Box::new(PriceListDocumentInfo {
                    price_list_effective_date: self.given("PriceListEffectiveDate"),
                    contract_document_date_and_number: self
                        .date_and_number("ContractDocumentDate", "ContractDocumentNumber"),
                }));
            }
            "Contract" => {
                info.contract_info = Some(Box::new(ContractDocumentInfo {
                    contract_price: self.given("ContractPrice"),
                    contract_type: self.given("ContractType"),
                }));
            }
            "SupplementaryAgreement" => {
                let contract = self.date_and_number("ContractDate", "ContractNumber");
                info.supplementary_agreement_info =
                    Some(Box::new(SupplementaryAgreementDocumentInfo {
                        contract_type: self.given("ContractType"),
                        contract_document_date_and_number: contract
                            .map(|one| *one)
                            .unwrap_or_default(),
                        document_date_and_number: own.map(|one| *one).unwrap_or_default(),
                        total: self.given("TotalSum"),
                    }));
            }
            "UniversalTransferDocument" | "UniversalTransferDocumentRevision" => {
                info.universal_transfer_document_info = Some(Box::new(self.transfer()));
            }
            "UniversalCorrectionDocument" | "UniversalCorrectionDocumentRevision" => {
                info.universal_correction_document_info = Some(Box::new(self.correction()));
            }
            _ => {}
        }
        info
    }

    fn basic(&self) -> BasicDocumentInfo {
        let vat = self.given("TotalVat");
        BasicDocumentInfo {
            total: self.given("TotalSum"),
            no_vat: Some(vat.is_none()),
            vat,
            grounds: self.given("Grounds"),
            revision_date_and_number: None,
        }
    }

    fn invoice(&self) -> InvoiceDocumentInfo {
        InvoiceDocumentInfo {
            total: self.given("TotalSum"),
            vat: self.given("TotalVat"),
            currency_code: self.currency(),
            original_invoice_date_and_number: self.original(),
        }
    }

    fn invoice_correction(&self) -> InvoiceCorrectionDocumentInfo {
        InvoiceCorrectionDocumentInfo {
            total_inc: self.given("TotalInc"),
            total_dec: self.given("TotalDec"),
            vat_inc: self.given("VatInc"),
            vat_dec: self.given("VatDec"),
            currency_code: self.currency(),
            original_invoice_date_and_number: self.original(),
            original_invoice_revision_date_and_number: None,
            original_invoice_correction_date_and_number: None,
        }
    }

    fn transfer(&self) -> UniversalTransferDocumentInfo {
        UniversalTransferDocumentInfo {
            total: self.given("TotalSum"),
            vat: self.given("TotalVat"),
            currency_code: self.currency(),
            grounds: self.given("Grounds"),
            function: self.function().into(),
            original_document_date_and_number: self.original(),
        }
    }

    fn correction(&self) -> UniversalCorrectionDocumentInfo {
        UniversalCorrectionDocumentInfo {
            total_inc: self.given("TotalInc"),
            total_dec: self.given("TotalDec"),
            vat_inc: self.given("VatInc"),
            vat_dec: self.given("VatDec"),
            currency_code: self.currency(),
            grounds: self.given("Grounds"),
            function: self.function().into(),
            original_document_date_and_number: self.original(),
            original_document_revision_date_and_number: None,
            original_document_correction_date_and_number: None,
        }
    }

    /// What the function of a transfer document is, by its name: СЧФ, ДОП, both, or their corrections.
    fn function(&self) -> FunctionType {
        let name = self.state.details.function.to_uppercase();
        let is_basic = name.contains("ДОП") || name.contains("ДИС");
        match (name.contains("СЧФ"), is_basic) {
            (true, true) => FunctionType::InvoiceAndBasic,
            (true, false) => FunctionType::Invoice,
            (false, _) => FunctionType::Basic,
        }
    }

    fn currency(&self) -> Option<i32> {
        self.given("CurrencyCode")?.parse().ok()
    }

    fn original(&self) -> Option<Box<DocumentDateAndNumber>> {
        self.date_and_number("OriginalInvoiceDate", "OriginalInvoiceNumber")
    }

    fn date_and_number(&self, date: &str, number: &str) -> Option<Box<DocumentDateAndNumber>> {
        let both = DocumentDateAndNumber {
            document_date: self.given(date),
            document_number: self.given(number),
        };
        (both != DocumentDateAndNumber::default()).then(|| Box::new(both))
    }

    /// An item of the metadata.
    fn given(&self, key: &str) -> Option<String> {
        let mut items = self.state.details.metadata.iter();
        let (_, value) = items.find(|(one, _)| one == key)?;
        Some(value.clone())
    }
}
