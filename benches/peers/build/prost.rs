//! Plain prost structs, once with serde_derive and once with pbjson: what a project has that
//! compiles the vendor's schema itself and changes nothing.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use prost::Message as _;
use prost_build::{Config, Module};
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorSet};

/// Where the bench has the structs with serde_derive, and the functions that read their fields.
const DERIVED: &str = "crate::generated::derived";
const FIELDS: &str = "crate::derived_fields";

/// Structs that derive serde's traits, with attributes that make them read and write Diadoc's JSON.
pub(crate) fn derived(files: &FileDescriptorSet, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut enums = BTreeMap::new();
    for file in &files.file {
        let scope = format!(".{}", file.package());
        let module = Module::from_protobuf_package_name(file.package());
        let module: Vec<&str> = module.parts().collect();
        let path = format!("{DERIVED}::{}", module.join("::"));
        enum_paths(&scope, &path, &file.enum_type, &mut enums);
        nested_enum_paths(&scope, &path, &file.message_type, &mut enums);
    }
    let mut config = Config::new();
    config
        .out_dir(out)
        .include_file("mod.rs")
        .type_attribute(".", "#[derive(serde::Serialize, serde::Deserialize)]")
        .message_attribute(".", "#[serde(default)]");
    for file in &files.file {
        for message in &file.message_type {
            message_attributes(
                &mut config,
                &enums,
                &format!(".{}", file.package()),
                message,
            );
        }
        for item in &file.enum_type {
            enum_attributes(&mut config, &format!(".{}", file.package()), item);
        }
    }
    config.compile_fds(files.clone())?;
    Ok(())
}

/// Adds the Rust paths of enums by their full names with a leading dot.
fn enum_paths(
    scope: &str,
    path: &str,
    items: &[EnumDescriptorProto],
    paths: &mut BTreeMap<String, String>,
) {
    for item in items {
        let rust = format!("{path}::{}", item.name().to_upper_camel_case());
        paths.insert(format!("{scope}.{}", item.name()), rust);
    }
}

/// As [`enum_paths`], for the enums nested in messages.
fn nested_enum_paths(
    scope: &str,
    path: &str,
    messages: &[DescriptorProto],
    paths: &mut BTreeMap<String, String>,
) {
    for message in messages {
        let scope = format!("{scope}.{}", message.name());
        let path = format!("{path}::{}", message.name().to_snake_case());
        enum_paths(&scope, &path, &message.enum_type, paths);
        nested_enum_paths(&scope, &path, &message.nested_type, paths);
    }
}

/// Attributes for the fields of a message; `enums` has the Rust paths of all enums.
fn message_attributes(
    config: &mut Config,
    enums: &BTreeMap<String, String>,
    scope: &str,
    message: &DescriptorProto,
) {
    let name = format!("{scope}.{}", message.name());
    for field in &message.field {
        let optional = match field.label() {
            Label::Required => "",
            Label::Optional => ", skip_serializing_if = \"Option::is_none\"",
            Label::Repeated => ", skip_serializing_if = \"Vec::is_empty\"",
        };
        let shape = match field.label() {
            Label::Required => "required",
            Label::Optional => "optional",
            Label::Repeated => "repeated",
        };
        let with = match field.r#type() {
            Type::Bytes => format!(", with = \"{FIELDS}::base64_{shape}\""),
            Type::Enum => {
                let member = &enums[field.type_name()];
                format!(
                    ", serialize_with = \"{FIELDS}::enum_{shape}::serialize::<{member}, _>\", \
                     deserialize_with = \"{FIELDS}::enum_{shape}::deserialize::<{member}, _>\""
                )
            }
            _ => String::new(),
        };
        config.field_attribute(
            format!("{name}.{}", field.name()),
            format!("#[serde(rename = {:?}{optional}{with})]", field.json_name()),
        );
    }
    for nested in &message.nested_type {
        message_attributes(config, enums, &name, nested);
    }
    for item in &message.enum_type {
        enum_attributes(config, &name, item);
    }
}

fn enum_attributes(config: &mut Config, scope: &str, item: &EnumDescriptorProto) {
    for value in &item.value {
        config.field_attribute(
            format!("{scope}.{}.{}", item.name(), value.name()),
            format!("#[serde(rename = {:?})]", value.name()),
        );
    }
}

/// Structs with the impls that pbjson-build writes, as it comes but for unknown keys, which the
/// server sends and which it would refuse.
pub(crate) fn pbjson(files: &FileDescriptorSet, out: &Path) -> Result<(), Box<dyn Error>> {
    Config::new()
        .out_dir(out)
        .include_file("mod.rs")
        .compile_fds(files.clone())?;
    let mut builder = pbjson_build::Builder::new();
    builder
        .register_descriptors(&files.encode_to_vec())?
        .ignore_unknown_fields();
    for (package, code) in builder.generate(&["."], |_| Ok(Vec::new()))? {
        let path = out.join(format!("{package}.rs"));
        let mut types = fs::read(&path)?;
        types.extend(code);
        fs::write(path, types)?;
    }
    Ok(())
}
