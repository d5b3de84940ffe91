//! What is secret.

use diadoc_schema::{Schema, field_rules, is_secret};
use prost_reflect::{FieldDescriptor, Kind};

use super::{IN_FIELD_RULES, SchemaFault, fields};
use crate::schema::{METHODS_PACKAGE, is_below_root};

/// Words in the name of a field that mostly say that it holds a secret.
const WORDS: [&str; 12] = [
    "auth",
    "code",
    "credential",
    "key",
    "login",
    "otp",
    "password",
    "pin",
    "private",
    "secret",
    "sid",
    "token",
];

/// Fields whose names say so and that hold no secret: the end of the full name, and what they hold.
/// A name that could be that of a secret elsewhere stands with its message.
const NOT_SECRET: &[(&str, &str)] = &[
    ("IndexKey", "a place in a list"),
    ("AfterIndexKey", "a place in a list"),
    ("afterIndexKey", "a place in a list"),
    ("LastIndexKey", "a place in a list"),
    ("NextPageIndexKey", "a place in a list"),
    ("AutoSignReceiptsRequest.batchKey", "a place in a list"),
    ("AddressCode", "part of an address"),
    ("ZipCode", "part of an address"),
    ("RegionCode", "part of an address"),
    ("CountryCode", "a country"),
    ("CurrencyCode", "a currency"),
    ("IfnsCode", "a tax office"),
    ("ForeignTaxpayerCode", "a tax number"),
    ("foreignTaxpayerCode", "a tax number"),
    ("OperationCode", "a kind of operation"),
    ("UnitCode", "a unit of measure"),
    ("Torg12Item.Code", "an item of goods"),
    ("ProductCode", "an item of goods"),
    ("ItemVendorCode", "an item of goods"),
    ("TovTorgItem.VendorCode", "an item of goods"),
    ("PrivateKeyValidFrom", "a moment"),
    ("PrivateKeyValidTo", "a moment"),
    ("CustomDataItem.Key", "the name of a datum"),
    ("CustomDataPatch.Key", "the name of a datum"),
    ("MetadataItem.Key", "the name of a datum"),
    ("TagChange.Key", "the name of a datum"),
    ("KeyValueStorageEntry.Key", "the name of a datum"),
    ("KeyValueStorageApiGetRequest.Keys", "names of data"),
    ("StatusDetail.Code", "what went wrong"),
    ("PowerOfAttorneyOperationError.Code", "what went wrong"),
    ("PowerOfAttorneyValidationError.Code", "what went wrong"),
    ("RoamingSendingError.Code", "what went wrong"),
    ("UniversalMessageEvent.StatusCode", "what went wrong"),
    (
        "PowerOfAttorneyMachineReadablePermission.Code",
        "a power from the state's list",
    ),
    ("PowerOfAttorneyRestrictions.Code", "a limit of a power"),
    (
        "PowerOfAttorneyRestrictions.ValueCode",
        "a limit of a power",
    ),
];

/// Each field whose name says that it holds a secret is marked as one, or is known not to be. What is
/// marked is a text or bytes, and has no rule: what is said of a value that goes against one quotes it.
pub(super) fn secrets(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    let of_api = |field: &FieldDescriptor| {
        let package = field.parent_message().package_name().to_owned();
        let is_entry = field.parent_message().is_map_entry();
        !is_entry && (is_below_root(&package) || package == METHODS_PACKAGE)
    };
    for field in fields(schema).filter(of_api) {
        let is_text = matches!(field.kind(), Kind::String | Kind::Bytes);
        if is_secret(&field) {
            let what = match is_text && field_rules(&field).is_empty() {
                true => continue,
                false => "`secret` is of strings and bytes without another rule",
            };
            faults.push(SchemaFault::of(&field, &IN_FIELD_RULES, what));
        } else if says_secret(&field) && !is_known(&field) {
            let what = "the name says that it is a secret: mark it with `(Rules.field).secret`, or say in \
                        `NOT_SECRET` what it is";
            faults.push(SchemaFault::of(&field, &[], what));
        }
    }
}

fn says_secret(field: &FieldDescriptor) -> bool {
    let holds_values = !matches!(field.kind(), Kind::Bool | Kind::Enum(_) | Kind::Message(_));
    let says = |word: &str| {
        WORDS.contains(&word)
            || word
                .strip_suffix('s')
                .is_some_and(|one| WORDS.contains(&one))
    };
    holds_values && words(field.name()).any(|word| says(&word))
}

fn is_known(field: &FieldDescriptor) -> bool {
    NOT_SECRET.iter().any(|(end, _)| is_of(field, end))
}

/// Whether the full name of a field ends so.
fn is_of(field: &FieldDescriptor, end: &str) -> bool {
    let before = field.full_name().strip_suffix(end);
    before.is_some_and(|before| before.ends_with('.'))
}

/// The words of a name, in lower case: `afterIndexKey` has `after`, `index` and `key`.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for letter in name.chars() {
        if letter == '_' || letter.is_uppercase() && was_lower {
            words.push(String::new());
        }
        was_lower = letter.is_lowercase();
        if let (Some(word), true) = (words.last_mut(), letter != '_') {
            word.extend(letter.to_lowercase());
        }
    }
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// What is listed is there, and would be refused if it were not.
    #[test]
    fn no_exception_is_idle() {
        let proto = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
        let schema = crate::Schema::load(&proto).unwrap();
        let schema = Schema::from_descriptor_set(&schema.pool.encode_to_vec()).unwrap();
        for (end, _) in NOT_SECRET {
            let mut named = fields(&schema).filter(|field| is_of(field, end));
            assert!(named.any(|field| says_secret(&field)), "{end}");
            let mut named = fields(&schema).filter(|field| is_of(field, end));
            assert!(!named.any(|field| is_secret(&field)), "{end}");
        }
        let secrets = fields(&schema).filter(is_secret).count();
        assert_eq!(secrets, 13);
    }

    #[test]
    fn words_of_names() {
        for (name, words) in [
            ("afterIndexKey", "after index key"),
            ("FnsId", "fns id"),
            ("confirmation_code", "confirmation code"),
            ("sid", "sid"),
            ("LegalEntitySubsidiary", "legal entity subsidiary"),
        ] {
            assert_eq!(super::words(name).collect::<Vec<_>>().join(" "), words);
        }
    }
}
