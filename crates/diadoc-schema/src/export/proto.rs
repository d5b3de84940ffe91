//! The schema as `.proto` files: as it stands, or for compilers and tools of other languages.

mod google_http;
mod languages;
mod literal;
mod printer;
mod protovalidate;
mod scope;

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{FileDescriptor, Kind, MessageDescriptor};

use crate::Schema;

pub use protovalidate::PROTOVALIDATE_DIFFERENCES;

/// How [`proto_files`] writes a schema. The default is the schema as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProtoForm {
    /// Without the options that the schema declares itself and without the import of
    /// `descriptor.proto`, over which some compilers stumble; with the options of files that
    /// generators of other languages ask for. What is a secret stands in the comment then.
    pub plain: bool,
    /// With `optional` in the place of `required`, which PHP and editions do not know. The comment of
    /// such a field ends with the word.
    pub without_required: bool,
    /// In the syntax proto3: besides without defaults and groups, and with a value 0 at the head of
    /// each enum. Fields keep the label `optional`, so that what is absent stays absent.
    pub proto3: bool,
    /// With the rules of fields and messages as options of protovalidate, `buf.validate`.
    pub protovalidate: bool,
    /// With verb, path and body of each method as `google.api.http`.
    pub google_http: bool,
}

impl ProtoForm {
    fn keeps_required(self) -> bool {
        !self.without_required && !self.proto3
    }
}

/// A `.proto` file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProtoFile {
    /// The name by which others import it: `diadoc/organization.proto`.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// The files of a schema in a form, in the order of their names, without those of `google/protobuf`,
/// which every compiler has.
///
/// Files that declare options are left out of a plain form, but for the messages and enums in them
/// that other files use.
///
/// ```
/// use diadoc_schema::{ProtoForm, Schema, proto_files};
///
/// let plain = ProtoForm { plain: true, ..ProtoForm::default() };
/// let files = proto_files(Schema::diadoc(), plain);
/// assert!(files.iter().all(|file| !file.text.contains("descriptor.proto")));
/// ```
pub fn proto_files(schema: &Schema, form: ProtoForm) -> Vec<ProtoFile> {
    let kept = Kept::of(schema, form);
    let scope = scope::Scope::of(schema.pool());
    let files = kept.files.iter().map(|(name, file)| ProtoFile {
        name: name.clone(),
        text: printer::Printer::new(file, &kept, &scope, form).file(),
    });
    files.collect()
}

/// The configuration of buf for a folder of [`proto_files`]: what it needs from its registry, and
/// which of its rules the vendor's schema does not keep.
pub fn buf_yaml(form: ProtoForm) -> String {
    let mut text = "\
# buf build, buf lint and buf generate take this folder as a module.
version: v2
"
    .to_owned();
    let mut modules = Vec::new();
    if form.protovalidate {
        modules.push("buf.build/bufbuild/protovalidate");
    }
    if form.google_http {
        modules.push("buf.build/googleapis/googleapis");
    }
    if !modules.is_empty() {
        text += "deps:\n";
        for module in modules {
            text += &format!("  - {module}\n");
        }
    }
    text += "\
lint:
  use:
    - STANDARD
    - COMMENTS
  except:
";
    for (rule, reason) in BUF_EXCEPTIONS {
        text += &format!("    # {reason}\n    - {rule}\n");
    }
    text += "\
breaking:
  use:
    # Names travel in JSON, numbers in protobuf.
    - WIRE_JSON
";
    text
}

/// The rules of `buf lint` that the schema does not keep, and why. Names and packages are the vendor's,
/// and names travel in JSON.
const BUF_EXCEPTIONS: &[(&str, &str)] = &[
    (
        "DIRECTORY_SAME_PACKAGE",
        "Folders are named as the vendor names its files, not as packages.",
    ),
    ("PACKAGE_DIRECTORY_MATCH", "The same."),
    ("PACKAGE_SAME_DIRECTORY", "The same."),
    (
        "PACKAGE_NO_IMPORT_CYCLE",
        "Packages of the vendor import one another.",
    ),
    ("PACKAGE_LOWER_SNAKE_CASE", "Diadoc.Api.Proto and so on."),
    (
        "PACKAGE_VERSION_SUFFIX",
        "Versions stand in the names of messages and methods.",
    ),
    (
        "PACKAGE_SAME_GO_PACKAGE",
        "Each file is a package of Go, for packages of Go may not import one another in a circle.",
    ),
    ("MESSAGE_PASCAL_CASE", "Content_v2, Content_v3."),
    (
        "FIELD_LOWER_SNAKE_CASE",
        "The key in JSON is the name: MessageId.",
    ),
    (
        "FIELD_NOT_REQUIRED",
        "The vendor's fields are; the form without required has none.",
    ),
    (
        "ENUM_VALUE_UPPER_SNAKE_CASE",
        "JSON has the name of the value.",
    ),
    ("ENUM_VALUE_PREFIX", "The same."),
    ("ENUM_ZERO_VALUE_SUFFIX", "The same."),
    (
        "ENUM_FIRST_VALUE_ZERO",
        "Some enums start with another number, or have no 0.",
    ),
    ("ENUM_NO_ALLOW_ALIAS", "Some values have two names."),
    (
        "SERVICE_SUFFIX",
        "Services are groups of HTTP methods, and named as such.",
    ),
    (
        "RPC_REQUEST_RESPONSE_UNIQUE",
        "Several methods answer with the same message.",
    ),
    ("RPC_RESPONSE_STANDARD_NAME", "The same."),
];

/// What of a schema a form has.
struct Kept {
    files: BTreeMap<String, FileDescriptor>,
    /// Of files that declare options: the messages and enums that stay, by their full names.
    used: BTreeMap<String, BTreeSet<String>>,
}

impl Kept {
    fn of(schema: &Schema, form: ProtoForm) -> Self {
        let files = schema.pool().files();
        let files = files.filter(|file| !file.name().starts_with("google/protobuf/"));
        let mut kept = Self {
            files: files.map(|file| (file.name().to_owned(), file)).collect(),
            used: BTreeMap::new(),
        };
        if !form.plain {
            return kept;
        }
        let (declaring, others): (Vec<_>, Vec<_>) =
            kept.files.values().cloned().partition(declares_options);
        let used: BTreeSet<_> = others.iter().flat_map(used_by).collect();
        for file in declaring {
            let top = file.messages().map(|item| item.full_name().to_owned());
            let top = top.chain(file.enums().map(|item| item.full_name().to_owned()));
            // What is used by what is used stands in the same file, or is none of the options.
            let used: BTreeSet<_> = top.filter(|name| used.contains(name)).collect();
            if used.is_empty() {
                kept.files.remove(file.name());
            } else {
                kept.used.insert(file.name().to_owned(), used);
            }
        }
        kept
    }

    /// Whether a message or enum at the top of a file stays.
    fn keeps(&self, file: &FileDescriptor, full_name: &str) -> bool {
        let used = self.used.get(file.name());
        used.is_none_or(|used| used.contains(full_name))
    }

    /// Whether a file goes on importing another.
    fn imports(&self, file: &FileDescriptor, import: &FileDescriptor, form: ProtoForm) -> bool {
        if !form.plain {
            return true;
        }
        if import.name() == DESCRIPTOR {
            return false;
        }
        match self.used.get(import.name()) {
            Some(used) => used_by(file).iter().any(|name| used.contains(name)),
            None => self.files.contains_key(import.name()) || import.name().starts_with("google/"),
        }
    }
}

const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

/// Whether a file declares options of files, messages, fields and so on.
fn declares_options(file: &FileDescriptor) -> bool {
    let mut extensions = file.extensions();
    extensions.any(|extension| {
        let extended = extension.containing_message();
        extended.parent_file().name() == DESCRIPTOR
    })
}

/// The full names of the messages and enums that the fields and methods of a file name, with those
/// around them.
fn used_by(file: &FileDescriptor) -> BTreeSet<String> {
    fn of_message(message: &MessageDescriptor, used: &mut BTreeSet<String>) {
        message
            .fields()
            .for_each(|field| of_kind(&field.kind(), used));
        message
            .child_messages()
            .for_each(|child| of_message(&child, used));
    }
    fn of_kind(kind: &Kind, used: &mut BTreeSet<String>) {
        match kind {
            Kind::Message(message) => insert(message, used),
            Kind::Enum(item) => {
                used.insert(item.full_name().to_owned());
                if let Some(around) = item.parent_message() {
                    insert(&around, used);
                }
            }
            _ => {}
        }
    }
    fn insert(message: &MessageDescriptor, used: &mut BTreeSet<String>) {
        used.insert(message.full_name().to_owned());
        if let Some(around) = message.parent_message() {
            insert(&around, used);
        }
    }
    let mut used = BTreeSet::new();
    file.messages()
        .for_each(|message| of_message(&message, &mut used));
    let methods = file
        .services()
        .flat_map(|service| service.methods().collect::<Vec<_>>());
    methods.for_each(|method| {
        insert(&method.input(), &mut used);
        insert(&method.output(), &mut used);
    });
    used
}
