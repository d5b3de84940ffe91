//! The types themselves.

use diadoc_proto::DocumentType as Legacy;
use diadoc_proto::events::AttachmentType as Entity;

use super::{DocumentType, Function, Item, ItemKind, Version};

const fn item(key: &'static str, kind: ItemKind, is_required: bool) -> Item {
    Item {
        key,
        kind,
        is_required,
    }
}

const FILE: Item = item("FileName", ItemKind::Text, true);
const NUMBER: Item = item("DocumentNumber", ItemKind::Text, true);
const NUMBER_IF_ANY: Item = item("DocumentNumber", ItemKind::Text, false);
const DATE: Item = item("DocumentDate", ItemKind::Date, true);
const DATE_IF_ANY: Item = item("DocumentDate", ItemKind::Date, false);
const SUM: Item = item("TotalSum", ItemKind::Decimal, true);
const SUM_IF_ANY: Item = item("TotalSum", ItemKind::Decimal, false);
const VAT: Item = item("TotalVat", ItemKind::Decimal, false);
const GROUNDS: Item = item("Grounds", ItemKind::Text, false);
const CURRENCY: Item = item("CurrencyCode", ItemKind::Text, false);
const CONTRACT_TYPE: Item = item("ContractType", ItemKind::Text, false);

const PLAIN: &[Item] = &[FILE, NUMBER_IF_ANY, DATE_IF_ANY];
const DATED: &[Item] = &[FILE, NUMBER_IF_ANY, DATE];
const PRIMARY: &[Item] = &[FILE, NUMBER, DATE, CURRENCY, SUM, VAT, GROUNDS];
const ACT: &[Item] = &[FILE, NUMBER_IF_ANY, DATE, CURRENCY, SUM, VAT, GROUNDS];
const TORG_13: &[Item] = &[FILE, NUMBER, DATE, CURRENCY, SUM, GROUNDS];
const CONTRACT: &[Item] = &[
    FILE,
    NUMBER,
    DATE,
    CURRENCY,
    item("ContractPrice", ItemKind::Decimal, false),
    CONTRACT_TYPE,
];
const SUPPLEMENT: &[Item] = &[
    FILE,
    NUMBER,
    DATE,
    CURRENCY,
    SUM_IF_ANY,
    item("ContractNumber", ItemKind::Text, true),
    item("ContractDate", ItemKind::Date, true),
    CONTRACT_TYPE,
];
const PRICE_LIST: &[Item] = &[
    FILE,
    NUMBER,
    DATE,
    item("PriceListEffectiveDate", ItemKind::Date, true),
    item("ContractDocumentDate", ItemKind::Date, true),
    item("ContractDocumentNumber", ItemKind::Text, true),
];

/// No data of the signer.
const UNSIGNED: [i32; 2] = [-1, -1];

/// The only version of a free form.
const fn free(
    workflows: &'static [i32],
    metadata: &'static [Item],
    content_type: &'static str,
) -> Version {
    Version {
        name: "v1",
        is_formal: false,
        is_actual: true,
        workflows,
        metadata,
        content_types: [content_type, ""],
        signers: UNSIGNED,
    }
}

/// A version in XML, whose metadata stand in the file.
const fn xml(
    name: &'static str,
    workflows: &'static [i32],
    content_type: &'static str,
    signers: [i32; 2],
) -> Version {
    Version {
        name,
        is_formal: true,
        is_actual: true,
        workflows,
        metadata: &[],
        content_types: [content_type, ""],
        signers,
    }
}

/// One whose second title is of that content.
const fn answered(content_type: &'static str, version: Version) -> Version {
    let [first, _] = version.content_types;
    Version {
        content_types: [first, content_type],
        ..version
    }
}

/// One that is no longer in force.
const fn old(version: Version) -> Version {
    Version {
        is_actual: false,
        ..version
    }
}

const fn default_of(versions: &'static [Version]) -> Function {
    Function {
        name: "default",
        versions,
    }
}

/// The signers of a universal transfer document of order 970, and of the orders before it.
const UTD_970: [i32; 2] = [12, 13];
const UTD_820: [i32; 2] = [0, 8];
const UCD: [i32; 2] = [2, 11];

/// With an invoice in it, and nothing else: nobody signs it but the sender.
const INVOICE_FLOW: &[i32] = &[17, 10];
/// An invoice and a primary document at once.
const BOTH_FLOW: &[i32] = &[18];
/// A primary document.
const PRIMARY_FLOW: &[i32] = &[19, 11];
/// Titles of the waybill and of the certificate of work.
const TITLE_FLOW: &[i32] = &[3, 9];

macro_rules! utd {
    ($flow:expr) => {
        utd!($flow, "", "")
    };
    ($flow:expr, $first:expr, $second:expr) => {
        &[
            answered($second, xml("utd970_05_03_01", $flow, $first, UTD_970)),
            old(xml("utd970_05_02_01", $flow, "", UTD_970)),
            old(xml("utd820_05_01_02_hyphen", $flow, "", UTD_820)),
            old(xml("utd820_05_01_01_hyphen", $flow, "", UTD_820)),
            old(xml("utd820_05_01_01", $flow, "", UTD_820)),
            old(xml("utd_05_02_01", $flow, "", UTD_820)),
            old(xml("utd_05_01_05", $flow, "", UTD_820)),
            old(xml("utd_05_01_04", $flow, "", UTD_820)),
            old(xml("utd_05_01_02", $flow, "", UTD_820)),
            old(xml("utd_05_01_01", $flow, "", UTD_820)),
        ]
    };
}

macro_rules! ucd {
    ($flow:expr) => {
        &[
            xml("ucd736_05_01_02", $flow, "", UCD),
            old(xml("ucd736_05_01_01", $flow, "", UCD)),
            old(xml("ucd_05_02_01", $flow, "", UCD)),
            old(xml("ucd_05_01_03", $flow, "", UCD)),
            old(xml("ucd_05_01_02", $flow, "", UCD)),
            old(xml("ucd_05_01_01", $flow, "", UCD)),
        ]
    };
}

const INVOICE: &[Function] = &[default_of(utd!(INVOICE_FLOW))];
const INVOICE_CORRECTION: &[Function] = &[default_of(ucd!(INVOICE_FLOW))];
const TRANSFER: &[Function] = &[
    Function {
        name: "СЧФДОП",
        versions: utd!(
            BOTH_FLOW,
            "utd970_schfdop_orig_t1_05_03_01",
            "utd970_schfdop_t2_05_03_01"
        ),
    },
    Function {
        name: "СЧФ",
        versions: utd!(INVOICE_FLOW),
    },
    Function {
        name: "ДОП",
        versions: utd!(PRIMARY_FLOW),
    },
];
const TRANSFER_REVISION: &[Function] = &[
    Function {
        name: "СЧФДОП",
        versions: utd!(BOTH_FLOW),
    },
    Function {
        name: "СЧФ",
        versions: utd!(INVOICE_FLOW),
    },
    Function {
        name: "ДОП",
        versions: utd!(PRIMARY_FLOW),
    },
];
const CORRECTION: &[Function] = &[
    Function {
        name: "КСЧФДИС",
        versions: ucd!(BOTH_FLOW),
    },
    Function {
        name: "КСЧФ",
        versions: ucd!(INVOICE_FLOW),
    },
    Function {
        name: "ДИС",
        versions: ucd!(PRIMARY_FLOW),
    },
];
const WAYBILL: &[Function] = &[
    default_of(&[
        xml("tovtorg_05_02_01", TITLE_FLOW, "", [4, 5]),
        old(xml("tovtorg_05_01_04", TITLE_FLOW, "", [4, 5])),
        old(xml("tovtorg_05_01_03", TITLE_FLOW, "", [4, 5])),
        old(xml("tovtorg_05_01_02", TITLE_FLOW, "", [4, 5])),
        old(xml("torg12_05_01_02", TITLE_FLOW, "", UNSIGNED)),
        old(xml("torg12_05_01_01", TITLE_FLOW, "", UNSIGNED)),
        xml("utd970_05_03_01", TITLE_FLOW, "", UTD_970),
    ]),
    Function {
        name: "ДОП",
        versions: utd!(PRIMARY_FLOW),
    },
];
const CERTIFICATE: &[Function] = &[
    default_of(&[
        xml("rezru_05_02_01", TITLE_FLOW, "", [6, 7]),
        old(xml("rezru_05_01_02", TITLE_FLOW, "", [6, 7])),
        old(xml("rezru_05_01_01", TITLE_FLOW, "", [6, 7])),
        old(xml("act_05_01_02", TITLE_FLOW, "", UNSIGNED)),
        old(xml("act_05_01_01", TITLE_FLOW, "", UNSIGNED)),
        xml("utd970_05_03_01", TITLE_FLOW, "", UTD_970),
    ]),
    Function {
        name: "ДОП",
        versions: utd!(PRIMARY_FLOW),
    },
];

const fn formal(
    name: &'static str,
    title: &'static str,
    functions: &'static [Function],
    legacy: Legacy,
    entities: [Entity; 2],
) -> DocumentType {
    let [attachment, recipient_title] = entities;
    DocumentType {
        name,
        title,
        functions,
        legacy,
        attachment,
        recipient_title,
        requires_registration: true,
        is_internal: matches!(legacy, Legacy::XmlTorg12 | Legacy::XmlAcceptanceCertificate),
    }
}

const fn plain(
    name: &'static str,
    title: &'static str,
    functions: &'static [Function],
    legacy: Legacy,
    attachment: Entity,
) -> DocumentType {
    DocumentType {
        name,
        title,
        functions,
        legacy,
        attachment,
        recipient_title: Entity::Title,
        requires_registration: false,
        is_internal: true,
    }
}

#[rustfmt::skip]
pub(super) const TYPES: [DocumentType; 25] = [
    plain("Nonformalized", "Неформализованный документ",
        &[default_of(&[free(&[1, 6], PLAIN, "nonformalized_01")])],
        Legacy::Nonformalized, Entity::Nonformalized),
    formal("Invoice", "Счет-фактура", INVOICE,
        Legacy::Invoice, [Entity::Invoice, Entity::Title]),
    formal("InvoiceRevision", "Исправление счета-фактуры", INVOICE,
        Legacy::InvoiceRevision, [Entity::InvoiceRevision, Entity::Title]),
    formal("InvoiceCorrection", "Корректировочный счет-фактура", INVOICE_CORRECTION,
        Legacy::InvoiceCorrection, [Entity::InvoiceCorrection, Entity::Title]),
    formal("InvoiceCorrectionRevision", "Исправление корректировочного счета-фактуры",
        INVOICE_CORRECTION,
        Legacy::InvoiceCorrectionRevision, [Entity::InvoiceCorrectionRevision, Entity::Title]),
    formal("UniversalTransferDocument", "УПД", TRANSFER,
        Legacy::UniversalTransferDocument,
        [Entity::UniversalTransferDocument, Entity::UniversalTransferDocumentBuyerTitle]),
    formal("UniversalTransferDocumentRevision", "Исправление УПД", TRANSFER_REVISION,
        Legacy::UniversalTransferDocumentRevision,
        [Entity::UniversalTransferDocumentRevision, Entity::UniversalTransferDocumentBuyerTitle]),
    formal("UniversalCorrectionDocument", "УКД", CORRECTION,
        Legacy::UniversalCorrectionDocument,
        [Entity::UniversalCorrectionDocument, Entity::UniversalCorrectionDocumentBuyerTitle]),
    formal("UniversalCorrectionDocumentRevision", "Исправление УКД", CORRECTION,
        Legacy::UniversalCorrectionDocumentRevision,
        [Entity::UniversalCorrectionDocumentRevision,
            Entity::UniversalCorrectionDocumentBuyerTitle]),
    formal("XmlTorg12", "Накладная", WAYBILL,
        Legacy::XmlTorg12, [Entity::XmlTorg12, Entity::XmlTorg12BuyerTitle]),
    formal("XmlAcceptanceCertificate", "Акт", CERTIFICATE,
        Legacy::XmlAcceptanceCertificate,
        [Entity::XmlAcceptanceCertificate, Entity::XmlAcceptanceCertificateBuyerTitle]),
    plain("Torg12", "Накладная ТОРГ-12", &[default_of(&[free(&[2], PRIMARY, "")])],
        Legacy::Torg12, Entity::Torg12),
    plain("AcceptanceCertificate", "Акт",
        &[default_of(&[free(&[1], ACT, "")])],
        Legacy::AcceptanceCertificate, Entity::AcceptanceCertificate),
    plain("ProformaInvoice", "Счет", &[default_of(&[free(&[6], PRIMARY, "")])],
        Legacy::ProformaInvoice, Entity::ProformaInvoice),
    plain("PriceList", "Ценовой лист", &[default_of(&[free(&[2], PRICE_LIST, "")])],
        Legacy::PriceList, Entity::PriceList),
    plain("PriceListAgreement", "Протокол согласования цены",
        &[default_of(&[free(&[1], PLAIN, "")])],
        Legacy::PriceListAgreement, Entity::PriceListAgreement),
    plain("CertificateRegistry", "Реестр сертификатов",
        &[default_of(&[free(&[1], PLAIN, "")])],
        Legacy::CertificateRegistry, Entity::CertificateRegistry),
    plain("ReconciliationAct", "Акт сверки",
        &[default_of(&[
            free(&[2], DATED, ""),
            xml("reconciliationact405_05_01_01", &[3], "", UNSIGNED),
        ])],
        Legacy::ReconciliationAct, Entity::ReconciliationAct),
    plain("Contract", "Договор", &[default_of(&[free(&[2], CONTRACT, "contract_01")])],
        Legacy::Contract, Entity::Contract),
    plain("Torg13", "Накладная ТОРГ-13", &[default_of(&[free(&[2], TORG_13, "")])],
        Legacy::Torg13, Entity::Torg13),
    plain("ServiceDetails", "Детализация",
        &[default_of(&[free(&[6], PLAIN, "")])],
        Legacy::ServiceDetails, Entity::ServiceDetails),
    plain("SupplementaryAgreement", "Дополнительное соглашение",
        &[default_of(&[free(&[2], SUPPLEMENT, "")])],
        Legacy::SupplementaryAgreement, Entity::SupplementaryAgreement),
    plain("TrustConnectionRequest", "Приглашение к ЭДО",
        &[default_of(&[free(&[7], &[FILE], "")])],
        Legacy::TrustConnectionRequest, Entity::TrustConnectionRequest),
    formal("Torg2", "Акт ТОРГ-2",
        &[
            Function {
                name: "NoAdditionalInfo",
                versions: &[xml("torg2_05_01_01", &[1], "torg2_no_additional_info_05_01_01", [10, 9])],
            },
            Function {
                name: "AdditionalInfo",
                versions: &[xml("torg2_05_01_01", &[3], "", [10, 9])],
            },
        ],
        Legacy::UnknownDocumentType, [Entity::Title, Entity::Title]),
    formal("PerformedWorkAcceptanceCertificate", "Акт КС-2",
        &[default_of(&[
            xml("performedworkacceptancecertificate691_01_00_01", TITLE_FLOW, "", UNSIGNED),
            old(xml("utd820_05_01_02_hyphen", TITLE_FLOW, "", UTD_820)),
            old(xml("utd820_05_01_01_hyphen", TITLE_FLOW, "", UTD_820)),
            old(xml("utd_05_02_01", TITLE_FLOW, "", UTD_820)),
        ])],
        Legacy::UnknownDocumentType, [Entity::Title, Entity::Title]),
];
