//! What becomes of the values of each field in a recording.

use std::collections::HashMap;
use std::sync::OnceLock;

use diadoc_core::rules::{FieldRule, Format};
use diadoc_schema::{Schema, field_rules, is_secret};
use prost_reflect::{FieldDescriptor, Kind};

/// What becomes of a value. Whatever the field, only what has the form of a code, a date or an amount is
/// ever kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Treatment {
    /// A name in a system, such as the id of a type; kept.
    Code,
    /// `dd.MM.yyyy`; kept.
    Date,
    /// A sum, a price, a quantity; kept.
    Amount,
    /// Ids and names: each word is replaced the same way everywhere.
    Words,
    /// The same, but for the end of the file's name.
    FileName,
    /// A number of a person's insurance.
    Snils,
    /// What the schema marks as a secret: nothing of it is left, not even a hash.
    Secret,
    /// Any text.
    Text,
    /// Bytes.
    Content,
}

use Treatment::{Amount, Code, Content, Date, FileName, Secret, Snils, Text, Words};

/// The fields whose values are not simply texts: by message and name, or by name. What stands in
/// neither list is replaced as text.
#[rustfmt::skip]
const BY_NAME: &[(Treatment, &[&str])] = &[
    (Code, &[
        "ContentTypeId", "CountryCode", "Currency", "DocflowNamedId", "DocumentDirections",
        "DocumentFunction", "DocumentTypeNamedIds", "Features", "Function", "MessageTypes", "Okopf",
        "Severity", "StatusNamedId", "TypeNamedId", "TypeNamedIds", "UnitCode", "Version",
        "DocumentFunctionV2.Name", "DocumentMetadataItemV2.Id", "DocumentParticipantV2.Role",
        "DocumentTypeDescriptionV2.Name", "DocumentTypeDescriptionV3.Name", "EmployeeAction.Name",
        "MetadataItem.Key", "OperatorFeature.Name", "PowerOfAttorneyOperationError.Code",
        "PowerOfAttorneyValidationError.Code", "RoamingSendingError.Code", "Status.NamedId",
        "StatusDetail.Code",
    ]),
    (Amount, &[
        "CurrencyRate", "Excise", "Gross", "GrossQuantity", "GrossQuantityTotal", "Net",
        "NetQuantityTotal", "ParcelsQuantity", "ParcelsQuantityTotal", "Price", "Quantity",
        "QuantityTotal", "Subtotal", "SubtotalWithVatExcluded", "Total", "TotalDec", "TotalGross",
        "TotalInc", "TotalNet", "TotalQuantity", "TotalVat", "TotalWithVatExcluded", "Vat", "VatDec",
        "VatInc",
    ]),
    (FileName, &["MetadataItem.Value", "Files"]),
    (Snils, &["Snils"]),
];

/// What fields are by the ends of their names. Nothing of this is kept but dates.
#[rustfmt::skip]
const BY_END: &[(Treatment, &[&str])] = &[
    (Date, &["Date"]),
    (FileName, &["FileName", "FileNames", "Filename"]),
    (Words, &[
        "Author", "BoxIds", "Code", "Cursor", "Email", "FIO", "Fax", "FnsId", "Guid", "Id", "IdList",
        "Ids", "Inn", "InnFl", "InnList", "InnUl", "Key", "Keys", "Kpp", "Login", "Name", "NameOnShelf",
        "Number", "Numbers", "Ogrn", "Patronymic", "Phone", "Position", "Surname", "Thumbprint", "Title",
    ]),
];

/// What becomes of the values of a field of strings or bytes; of another field, of a string that stands
/// there against the schema.
pub(super) fn of(field: &FieldDescriptor) -> Treatment {
    match field.kind() {
        _ if is_secret(field) => Secret,
        Kind::String => table().get(field.full_name()).copied().unwrap_or(Text),
        Kind::Bytes => Content,
        Kind::Enum(_) => Code,
        _ => Text,
    }
}

/// The treatments of the fields that are not simply texts, by full name.
fn table() -> &'static HashMap<String, Treatment> {
    static TABLE: OnceLock<HashMap<String, Treatment>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let messages = Schema::diadoc().pool().all_messages();
        let fields = messages.flat_map(|message| message.fields().collect::<Vec<_>>());
        let strings = fields.filter(|field| field.kind() == Kind::String);
        strings
            .map(|field| (field.full_name().to_owned(), look_up(&field)))
            .collect()
    })
}

fn look_up(field: &FieldDescriptor) -> Treatment {
    let name = field.name();
    let in_message = format!("{}.{name}", field.parent_message().name());
    let find = |is: &dyn Fn(&str) -> bool| {
        let mut rows = BY_NAME.iter();
        rows.find(|(_, names)| names.iter().any(|one| is(one)))
            .map(|row| row.0)
    };
    find(&|one| one == in_message)
        .or_else(|| find(&|one| one == name))
        .or_else(|| by_format(field))
        .or_else(|| {
            let mut rows = BY_END.iter();
            rows.find(|(_, ends)| ends.iter().any(|end| name.ends_with(end)))
                .map(|row| row.0)
        })
        .unwrap_or(Text)
}

fn by_format(field: &FieldDescriptor) -> Option<Treatment> {
    field_rules(field).iter().find_map(|rule| match rule {
        FieldRule::Format(Format::Date) => Some(Date),
        FieldRule::Format(
            Format::FilterCategory | Format::DocumentCategory | Format::DocumentStatus,
        ) => Some(Code),
        FieldRule::Format(_) => Some(Words),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
