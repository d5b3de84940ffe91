//! Makes the types of prost's derive from the checked-in descriptors, and lists each with ours.
//!
//! The descriptors have no fields that only JSON has, which are not on the wire.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use prost::Message as _;
use prost_build::Config;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorSet};

const DESCRIPTORS: &str = "../../src/generated/descriptor_set.bin";
/// The package that is the root of our crate.
const ROOT: &str = "Diadoc.Api.Proto";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={DESCRIPTORS}");

    let set = FileDescriptorSet::decode(&*fs::read(DESCRIPTORS)?)?;
    // As the generator asks prost-build for its types.
    let mut config = Config::new();
    config
        .include_file("types.rs")
        .enable_type_names()
        .retain_enum_prefix()
        .bytes(["."]);
    let mut list = List::default();
    for file in &set.file {
        let package = file.package();
        let derived = package.split('.').map(|part| part.to_snake_case());
        let derived = derived.collect::<Vec<_>>().join("::");
        let below = package.strip_prefix(ROOT).ok_or("another root")?;
        let ours = below.split('.').filter(|part| !part.is_empty());
        let ours = ours.map(|part| format!("{}::", part.to_snake_case()));
        let place = Place {
            full_name: package.to_owned(),
            ours: format!("diadoc_proto::{}", ours.collect::<String>()),
            derived: format!("crate::derived::{derived}::"),
        };
        list.types(&place, &file.message_type, &file.enum_type, &mut config);
    }
    config.compile_fds(set)?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let List {
        code,
        messages,
        enums,
    } = list;
    let code = format!(
        "{code}\n/// All message types of the schema.\npub static MESSAGES: &[&Pair] = &[{messages}];\n\
         /// What each enum makes of a number: ours, and that of prost's derive.\n\
         pub static ENUMS: &[[MemberOf; 2]] = &[{enums}];\n"
    );
    fs::write(out.join("lists.rs"), code)?;
    Ok(())
}

/// Where types stand: below what name, and in what modules of either crate.
struct Place {
    full_name: String,
    ours: String,
    derived: String,
}

/// What the types implement, and the elements of two arrays, as code.
#[derive(Default)]
struct List {
    code: String,
    messages: String,
    enums: String,
}

impl List {
    fn types(
        &mut self,
        place: &Place,
        messages: &[DescriptorProto],
        enums: &[EnumDescriptorProto],
        config: &mut Config,
    ) {
        let Place {
            full_name,
            ours,
            derived,
        } = place;
        for item in enums {
            let name = item.name().to_upper_camel_case();
            let (ours, derived) = (format!("{ours}{name}"), format!("{derived}{name}"));
            let _ = writeln!(self.code, "members!({ours}, {derived});");
            let _ = write!(self.enums, "[member::<{ours}>, member::<{derived}>],");
        }
        for message in messages {
            let name = message.name();
            let of_message = format!("{full_name}.{name}");
            let mut getters = String::new();
            for field in &message.field {
                let of_message_type = field.r#type() == Type::Message;
                if of_message_type && field.label() == Label::Optional {
                    config.boxed(format!(".{of_message}.{}", field.name()));
                }
                // The methods that give one value.
                let of_enum = field.r#type() == Type::Enum && field.label() == Label::Required;
                if of_enum || field.label() == Label::Optional && !of_message_type {
                    let _ = write!(getters, " r#{}", field.name().to_snake_case());
                }
            }
            let path = name.to_upper_camel_case();
            let of_list = of_message.replace('.', "_").to_uppercase();
            let _ = writeln!(
                self.code,
                "pair!({of_list}, {of_message:?}, {ours}{path}, {derived}{path},{getters});"
            );
            let _ = write!(self.messages, "&{of_list},");
            let module = format!("{}::", name.to_snake_case());
            let inner = Place {
                full_name: of_message,
                ours: format!("{ours}{module}"),
                derived: format!("{derived}{module}"),
            };
            self.types(&inner, &message.nested_type, &message.enum_type, config);
        }
    }
}
