//! Step 2: prost-build writes a struct per message and an enum per enum.

use std::collections::BTreeMap;

use prost_build::{Config, Module};
use prost_types::FileDescriptorSet;
use prost_types::field_descriptor_proto::Label;

use crate::Error;
use crate::schema::{Kind, Schema, kind};

/// What marks a message or enum that the vendor calls obsolete.
const OBSOLETE: &str = "#[deprecated(note = \"the vendor calls it obsolete\")]";

/// The code of each package, by its protobuf name; `linked` is the schema with linked comments.
pub fn generate(
    schema: &Schema,
    linked: FileDescriptorSet,
) -> Result<BTreeMap<String, String>, Error> {
    let mut config = Config::new();
    config
        .enable_type_names()
        // Variants keep their full names, so that they can be found in the vendor's pages.
        .retain_enum_prefix()
        // Decoding from `Bytes` then shares the buffer instead of copying document content.
        .bytes(["."])
        // The vendor adds members; that is no break for who matches on them.
        .enum_attribute(".", "#[non_exhaustive]");
    for path in boxed_fields(schema) {
        config.boxed(path);
    }
    // prost-build marks fields and values alone.
    for message in schema.messages() {
        if message
            .descriptor
            .options
            .as_ref()
            .is_some_and(|o| o.deprecated())
        {
            config.message_attribute(format!(".{}", message.full_name()), OBSOLETE);
        }
    }
    for item in schema.enums() {
        if item
            .descriptor
            .options
            .as_ref()
            .is_some_and(|o| o.deprecated())
        {
            config.enum_attribute(format!(".{}", item.full_name()), OBSOLETE);
        }
    }
    let requests = linked
        .file
        .into_iter()
        .map(|file| (Module::from_protobuf_package_name(file.package()), file))
        .collect();
    let mut generated = config
        .generate(requests)
        .map_err(|source| Error::Generator {
            generator: "prost-build",
            source,
        })?;
    Ok(schema
        .packages()
        .into_keys()
        .map(|package| {
            let module = Module::from_protobuf_package_name(package);
            let code = generated.remove(&module).unwrap_or_default();
            (package.to_owned(), code)
        })
        .collect())
}

/// Every optional message field is boxed, whatever its size. The rule looks at the label alone, so
/// that a field added to one message never changes the type of a field elsewhere.
fn boxed_fields(schema: &Schema) -> Vec<String> {
    let mut paths = Vec::new();
    for message in schema.messages() {
        for field in &message.descriptor.field {
            if kind(field) == Some(Kind::Message) && field.label() == Label::Optional {
                paths.push(format!(".{}.{}", message.full_name(), field.name()));
            }
        }
    }
    paths
}
