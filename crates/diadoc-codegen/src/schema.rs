//! The schema as compiled descriptors, and what the other steps need to know of it.

use std::collections::BTreeMap;
use std::path::Path;

use prost_reflect::DescriptorPool;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    FileDescriptorSet,
};
use protox::prost_reflect::prost::Message as _;

use diadoc_core::digest;

use crate::Error;

/// The package that becomes the root of the crate; all others lie below it.
pub const ROOT_PACKAGE: &str = "Diadoc.Api.Proto";

/// The packages that are no messages of Diadoc: the options that state the rules of fields, those
/// that say how methods travel over HTTP, how JSON differs and what elements are called in Russian, and
/// the methods.
pub const OTHER_PACKAGES: [&str; 5] = [
    "Diadoc.Rules",
    "Diadoc.Http",
    "Diadoc.Json",
    "Diadoc.Title",
    METHODS_PACKAGE,
];

/// The package of the services, and of the messages that hold their parameters.
pub const METHODS_PACKAGE: &str = "Diadoc.Api.Methods";

/// All files of `proto/`, compiled with their comments.
#[derive(Debug)]
pub struct Schema {
    /// The files of Diadoc's messages, without rules, without the files that define these, and
    /// without the methods.
    pub files: FileDescriptorSet,
    /// Everything as it was compiled, with the rules and the methods.
    pub pool: DescriptorPool,
    pub digest: String,
}

/// A message or an enum with its package.
#[derive(Debug, Clone)]
pub struct Item<'a, Descriptor> {
    pub package: &'a str,
    /// The name below the package: `Outer.Inner`.
    pub name: String,
    pub descriptor: &'a Descriptor,
}

pub type Message<'a> = Item<'a, DescriptorProto>;
pub type Enum<'a> = Item<'a, EnumDescriptorProto>;

impl<Descriptor> Item<'_, Descriptor> {
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.package, self.name)
    }
}

/// The kinds of field that the JSON mapping tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Bool,
    String,
    Bytes,
    Int32,
    Int64,
    Enum,
    Message,
}

impl Schema {
    /// Compiles every `.proto` file below `proto`.
    pub fn load(proto: &Path) -> Result<Self, Error> {
        let names = digest::proto_files(proto).map_err(|e| Error::io(proto, e))?;
        let mut compiler = protox::Compiler::new([proto])?;
        compiler.include_source_info(true).include_imports(false);
        compiler.open_files(&names)?;
        let mut files = FileDescriptorSet::decode(&*compiler.encode_file_descriptor_set())?;
        files.file.sort_by(|a, b| a.name.cmp(&b.name));
        drop_others(&mut files)?;
        Ok(Self {
            files,
            pool: compiler.descriptor_pool(),
            digest: digest::digest(proto).map_err(|e| Error::io(proto, e))?,
        })
    }

    /// All messages, in the order of the files and of their text; nested ones after their parent.
    pub fn messages(&self) -> Vec<Message<'_>> {
        self.types().0
    }

    /// All enums, in the order of the files and of their text, those of messages first.
    pub fn enums(&self) -> Vec<Enum<'_>> {
        self.types().1
    }

    /// The name of the member that a name from the future is read as, where the enum states one.
    pub fn unknown_member(&self, item: &Enum<'_>) -> Option<String> {
        let compiled = self.pool.get_enum_by_name(&item.full_name())?;
        diadoc_schema::unknown_member(&compiled).map(str::to_owned)
    }

    /// How many fields of all messages satisfy `test`.
    pub fn count_fields(&self, test: impl Fn(Label, Kind) -> bool) -> usize {
        self.messages()
            .iter()
            .flat_map(|message| &message.descriptor.field)
            .filter(|field| kind(field).is_some_and(|kind| test(field.label(), kind)))
            .count()
    }

    /// The files of each package, by package name.
    pub fn packages(&self) -> BTreeMap<&str, Vec<&FileDescriptorProto>> {
        let mut packages: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for file in &self.files.file {
            packages.entry(file.package()).or_default().push(file);
        }
        packages
    }

    fn types(&self) -> (Vec<Message<'_>>, Vec<Enum<'_>>) {
        fn collect<'a>(
            package: &'a str,
            prefix: &str,
            messages: &'a [DescriptorProto],
            enums: &'a [EnumDescriptorProto],
            found: &mut (Vec<Message<'a>>, Vec<Enum<'a>>),
        ) {
            for descriptor in messages {
                let name = format!("{prefix}{}", descriptor.name());
                let prefix = format!("{name}.");
                found.0.push(Item {
                    package,
                    name,
                    descriptor,
                });
                let (messages, enums) = (&descriptor.nested_type, &descriptor.enum_type);
                collect(package, &prefix, messages, enums, found);
            }
            found.1.extend(enums.iter().map(|descriptor| Item {
                package,
                name: format!("{prefix}{}", descriptor.name()),
                descriptor,
            }));
        }
        let mut found = (Vec::new(), Vec::new());
        for file in &self.files.file {
            let (messages, enums) = (&file.message_type, &file.enum_type);
            collect(file.package(), "", messages, enums, &mut found);
        }
        found
    }
}

/// Whether the package is the one of the crate's root or one below it.
pub fn is_below_root(package: &str) -> bool {
    match package.strip_prefix(ROOT_PACKAGE) {
        Some(below) => below.is_empty() || below.starts_with('.'),
        None => false,
    }
}

/// Takes out the files of other packages, and what is left of the rules: prost's types drop
/// options that they do not know, and keep the empty shells.
fn drop_others(files: &mut FileDescriptorSet) -> Result<(), Error> {
    let (others, own): (Vec<_>, Vec<_>) = std::mem::take(&mut files.file)
        .into_iter()
        .partition(|file| OTHER_PACKAGES.contains(&file.package()));
    files.file = own;
    for file in &mut files.file {
        let before = file.dependency.len();
        file.dependency
            .retain(|name| others.iter().all(|other| other.name() != name));
        let has_indices = !(file.public_dependency.is_empty() && file.weak_dependency.is_empty());
        if file.dependency.len() != before && has_indices {
            return Err(Error::Schema(format!(
                "{}: public or weak imports in a file with rules",
                file.name()
            )));
        }
        file.message_type.iter_mut().for_each(drop_empty_options);
        file.enum_type
            .iter_mut()
            .for_each(drop_empty_options_of_enum);
    }
    Ok(())
}

fn drop_empty_options(message: &mut DescriptorProto) {
    if message.options.as_ref() == Some(&Default::default()) {
        message.options = None;
    }
    for field in &mut message.field {
        if field.options.as_ref() == Some(&Default::default()) {
            field.options = None;
        }
    }
    message.nested_type.iter_mut().for_each(drop_empty_options);
    let enums = message.enum_type.iter_mut();
    enums.for_each(drop_empty_options_of_enum);
}

fn drop_empty_options_of_enum(item: &mut EnumDescriptorProto) {
    if item.options.as_ref() == Some(&Default::default()) {
        item.options = None;
    }
}

/// The kind of a field, or none where the JSON mapping has no rule for its type.
pub fn kind(field: &FieldDescriptorProto) -> Option<Kind> {
    Some(match field.r#type() {
        Type::Bool => Kind::Bool,
        Type::String => Kind::String,
        Type::Bytes => Kind::Bytes,
        Type::Int32 | Type::Sint32 | Type::Sfixed32 => Kind::Int32,
        Type::Int64 | Type::Sint64 | Type::Sfixed64 => Kind::Int64,
        Type::Enum => Kind::Enum,
        Type::Message => Kind::Message,
        _ => return None,
    })
}

/// Pairs of the first name of an enum member and another name of the same number.
pub fn aliases(item: &EnumDescriptorProto) -> Vec<(&str, &str)> {
    let mut first = BTreeMap::new();
    let mut aliases = Vec::new();
    for value in &item.value {
        match first.get(&value.number()) {
            Some(name) => aliases.push((*name, value.name())),
            None => {
                first.insert(value.number(), value.name());
            }
        }
    }
    aliases
}
