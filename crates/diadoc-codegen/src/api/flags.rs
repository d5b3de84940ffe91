//! Masks that travel as integers.

use diadoc_schema::Schema;
use heck::ToShoutySnakeCase as _;

use super::docs::Docs;
use crate::{Error, modules};

const RULES_PACKAGE: &str = "Diadoc.Rules";

/// `flags.rs`: a type per enum of bits beside the rules.
pub(super) fn generate(docs: &mut Docs<'_>, described: &Schema) -> Result<Vec<u8>, Error> {
    let mut code = String::new();
    let enums = described.pool().all_enums();
    for item in enums.filter(|item| item.package_name() == RULES_PACKAGE) {
        if !item.name().ends_with("Flags") {
            continue;
        }
        let file = item.parent_file();
        let mut bits = String::new();
        for (place, value) in item.values().enumerate() {
            // Field 2 of an enum holds its values.
            let place = i32::try_from(place).unwrap_or(i32::MAX);
            bits += &docs.comment(&file, &[item.path(), &[2, place]].concat());
            let name = value.name().to_shouty_snake_case();
            bits += &format!("const {name} = {};\n", value.number());
        }
        let comment = docs.comment(&file, item.path());
        let name = item.name();
        code += &format!(
            "bitflags::bitflags! {{\n{comment}\
             ///\n/// `from_bits_retain` takes the number of a field, and `bits` gives it back; bits \
             that no flag has stay.\n\
             #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]\n\
             pub struct {name}: i32 {{\n{bits}}}\n}}\n\
             impl From<i32> for {name} {{\n\
             fn from(bits: i32) -> Self {{ Self::from_bits_retain(bits) }}\n}}\n\
             impl From<{name}> for i32 {{\n\
             fn from(flags: {name}) -> Self {{ flags.bits() }}\n}}\n"
        );
    }
    modules::format(RULES_PACKAGE, &code, "a type per mask")
}
