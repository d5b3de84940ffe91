//! A schema as descriptors, with its comments.

use std::sync::OnceLock;

use prost_reflect::prost::Message as _;
use prost_reflect::{DescriptorPool, EnumDescriptor, MessageDescriptor};
use prost_types::FileDescriptorSet;

use crate::{Direction, Method, Near, guards};

/// The schema of diadoc-proto as an encoded `google.protobuf.FileDescriptorSet`, with its comments,
/// with the rules of its fields as options, and with the HTTP methods as services.
///
/// It is what `protoc --include_imports --include_source_info` makes of the schema's files: each file
/// stands after those that it imports, so that pools which take one file at a time take them in this
/// order. `google/protobuf/descriptor.proto`, which the options extend, is among them.
#[cfg(feature = "bundled")]
pub const DESCRIPTOR_SET: &[u8] = include_bytes!("generated/descriptor_set.bin");

/// The package below which Diadoc's messages lie.
pub(crate) const ROOT_PACKAGE: &str = "Diadoc.Api.Proto";

/// A schema: Diadoc's own, or one to compare it with.
#[derive(Debug, Clone)]
pub struct Schema {
    pool: DescriptorPool,
    messages: OnceLock<Vec<MessageDescriptor>>,
    enums: OnceLock<Vec<EnumDescriptor>>,
    pub(crate) methods: OnceLock<Vec<Method>>,
}

/// Why there is no schema, or not the part of it that was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// Bytes that are no descriptor set.
    #[error("this is no FileDescriptorSet: {0}")]
    Descriptors(#[from] prost_reflect::DescriptorError),
    /// A descriptor set with something in it that no compiler writes.
    #[error("this is no FileDescriptorSet of a compiler: {0}")]
    Set(String),
    /// A file in another syntax than proto2 and proto3, which are those that can be read.
    #[error("{file:?}: the syntax {syntax:?} is neither proto2 nor proto3")]
    Syntax {
        /// The file's name in the set.
        file: String,
        /// What it says: `editions`.
        syntax: String,
    },
    /// `.proto` files that do not compile.
    #[error("{0}")]
    Proto(String),
    /// A file or folder that cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: std::path::PathBuf,
        /// What the file system said.
        source: std::io::Error,
    },
    /// A document that is no OpenAPI.
    #[error("this is no OpenAPI document: {0}")]
    OpenApi(String),
    /// Bytes that are no table of what the live server takes.
    #[error("this is no table of deviations: {0}")]
    Deviations(String),
    /// A message that the schema does not have.
    #[error("no message is called `{name}`{}", did_you_mean(quoted(near)))]
    NoMessage {
        /// The name that was asked for.
        name: String,
        /// Full names that may have been meant, the likeliest first.
        near: Vec<String>,
    },
    /// An HTTP method that the schema does not have.
    #[error("no method is called `{name}`{}", did_you_mean(quoted(near)))]
    NoMethod {
        /// The name that was asked for.
        name: String,
        /// Names that may have been meant, the likeliest first.
        near: Vec<String>,
    },
    /// A method that has no message in its body, or in its answer.
    #[error("the {} of `{method}` is no message", body_of(*direction))]
    NoBody {
        /// The method's name.
        method: String,
        /// Which of both.
        direction: Direction,
    },
    /// A name that nothing in the schema has.
    #[error(
        "nothing in the schema is called `{name}`{}",
        did_you_mean(quoted_with_kind(near))
    )]
    NoName {
        /// The name that was asked for.
        name: String,
        /// Names that may have been meant, the likeliest first.
        near: Vec<Near>,
    },
    /// A name that several things have.
    #[error("`{name}` may be {}: say which", list(quoted(candidates)))]
    Ambiguous {
        /// The name that was asked for.
        name: String,
        /// The full names of those that it may mean, in the order of the schema.
        candidates: Vec<String>,
    },
}

impl Schema {
    /// The schema of the Diadoc API.
    ///
    /// Its descriptors are without comments, which are most of [`DESCRIPTOR_SET`] and of the time that
    /// it takes to read; [`describe`](crate::describe) and the exports know them.
    #[allow(clippy::expect_used, reason = "the descriptors come with this crate")]
    #[cfg(feature = "bundled")]
    pub fn diadoc() -> &'static Self {
        static SCHEMA: std::sync::LazyLock<Schema> = std::sync::LazyLock::new(|| {
            let set = crate::describe::comment::left_out(DESCRIPTOR_SET);
            let pool = set.map(|set| DescriptorPool::decode(&*set));
            Schema::new(
                pool.and_then(Result::ok)
                    .expect("the generated set is valid"),
            )
        });
        &SCHEMA
    }

    /// A schema from an encoded FileDescriptorSet.
    ///
    /// # Errors
    ///
    /// The bytes are no FileDescriptorSet, its files do not fit together, or an option is not as the
    /// set declares it.
    pub fn from_descriptor_set(bytes: &[u8]) -> Result<Self, SchemaError> {
        // The reflection reads no editions, and does not refuse them.
        let syntaxes = FileDescriptorSet::decode(bytes)
            .map(|set| set.file)
            .unwrap_or_default();
        let other = syntaxes
            .iter()
            .find(|file| !matches!(file.syntax(), "" | "proto2" | "proto3"));
        if let Some(file) = other {
            return Err(SchemaError::Syntax {
                file: file.name().to_owned(),
                syntax: file.syntax().to_owned(),
            });
        }
        let mut faults = syntaxes.iter().filter_map(|file| {
            let fault = guards::fault_of_file(file)?;
            Some(format!("{}: {fault}", file.name()))
        });
        if let Some(fault) = faults.next() {
            return Err(SchemaError::Set(fault));
        }
        Ok(Self::new(DescriptorPool::decode(bytes)?))
    }

    /// A schema from all `.proto` files below a folder, hidden folders and links to folders aside.
    ///
    /// Imports are looked up from the folder itself or from a folder `proto` in it, so that the
    /// checkout of a vendor's SDK can be named as it is. A file that names no syntax is proto2.
    ///
    /// # Errors
    ///
    /// [`SchemaError::Io`] for a folder that cannot be read; [`SchemaError::Proto`], with file and
    /// line, for files that do not compile, and where there are none.
    #[cfg(feature = "compile")]
    pub fn from_proto_folder(folder: &std::path::Path) -> Result<Self, SchemaError> {
        let set = crate::proto_folder::compile(folder)?;
        Self::from_descriptor_set(&set)
            .map_err(|error| SchemaError::Proto(format!("{}: {error}", folder.display())))
    }

    fn new(pool: DescriptorPool) -> Self {
        Self {
            pool,
            messages: OnceLock::new(),
            enums: OnceLock::new(),
            methods: OnceLock::new(),
        }
    }

    /// The schema of a pool.
    pub(crate) fn of_pool(pool: &DescriptorPool) -> Self {
        Self::new(pool.clone())
    }

    /// The descriptors.
    pub fn pool(&self) -> &DescriptorPool {
        &self.pool
    }

    /// All messages below Diadoc's package: file by file, in the order of the files' names, and as they
    /// stand in their file.
    pub fn messages(&self) -> impl Iterator<Item = MessageDescriptor> + '_ {
        let messages = self.messages.get_or_init(|| {
            let mut messages: Vec<_> = self
                .pool
                .all_messages()
                .filter(|message| is_diadoc(message.full_name()))
                .collect();
            // Descriptors stand after what they need, which is no order to read them in.
            messages.sort_by_cached_key(|message| message.parent_file().name().to_owned());
            messages
        });
        messages.iter().cloned()
    }

    /// All enums below Diadoc's package, in the same order.
    pub fn enums(&self) -> impl Iterator<Item = EnumDescriptor> + '_ {
        let enums = self.enums.get_or_init(|| {
            let mut enums: Vec<_> = self
                .pool
                .all_enums()
                .filter(|item| is_diadoc(item.full_name()))
                .collect();
            enums.sort_by_cached_key(|item| item.parent_file().name().to_owned());
            enums
        });
        enums.iter().cloned()
    }
}

fn did_you_mean(near: Vec<String>) -> String {
    match near.is_empty() {
        true => String::new(),
        false => format!("; did you mean {}?", list(near)),
    }
}

fn body_of(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "body",
        Direction::Response => "answer",
    }
}

fn quoted(names: &[String]) -> Vec<String> {
    names.iter().map(|name| format!("`{name}`")).collect()
}

fn quoted_with_kind(names: &[Near]) -> Vec<String> {
    names
        .iter()
        .map(|near| format!("`{}` ({})", near.name, near.kind))
        .collect()
}

/// `a`, `b` or `c`; the rest of a long list as a number.
fn list(mut names: Vec<String>) -> String {
    const SHOWN: usize = 12;
    if names.len() > SHOWN {
        let more = names.split_off(SHOWN).len();
        names.push(format!("{more} more"));
    }
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

pub(crate) fn is_diadoc(full_name: &str) -> bool {
    full_name
        .strip_prefix(ROOT_PACKAGE)
        .is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A set that declares an option of fields and gives it to one, as bytes.
    fn set_with_option(option: &[u8]) -> Vec<u8> {
        fn part(number: u8, content: &[u8]) -> Vec<u8> {
            let mut part = vec![number << 3 | 2, u8::try_from(content.len()).unwrap()];
            part.extend_from_slice(content);
            part
        }
        let options = [
            part(1, b"FieldOptions"),
            vec![0x2a, 0x06, 0x08, 1, 0x10, 0x80, 0x80, 0x04],
        ];
        let descriptor = [
            part(1, b"google/protobuf/descriptor.proto"),
            part(2, b"google.protobuf"),
            part(4, &options.concat()),
        ];
        let extension = [
            part(1, b"text"),
            part(2, b".google.protobuf.FieldOptions"),
            // Number 1000, optional, string.
            vec![0x18, 0xe8, 0x07, 0x20, 1, 0x28, 9],
        ];
        let field = [
            part(1, b"Field"),
            vec![0x18, 1, 0x20, 1, 0x28, 9],
            part(8, option),
        ];
        let message = [part(1, b"Message"), part(2, &field.concat())];
        let file = [
            part(1, b"t.proto"),
            part(3, b"google/protobuf/descriptor.proto"),
            part(4, &message.concat()),
            part(7, &extension.concat()),
        ];
        [part(1, &descriptor.concat()), part(1, &file.concat())].concat()
    }

    // Asked for the options of a field, prost-reflect panics where they do not decode. So a set with
    // such options must not become a schema.
    #[test]
    fn options_decode_as_the_set_declares_them() {
        // Field 1000 as a string, then as a varint and as a string that is not UTF-8.
        let schema = Schema::from_descriptor_set(&set_with_option(b"\xc2\x3e\x01a")).unwrap();
        let field = schema.message("Message").unwrap().get_field(1).unwrap();
        let text = schema.pool().get_extension_by_name("text").unwrap();
        assert!(field.options().has_extension(&text));
        for wrong in [b"\xc0\x3e\x01".as_slice(), b"\xc2\x3e\x01\xff"] {
            let error = Schema::from_descriptor_set(&set_with_option(wrong)).unwrap_err();
            assert!(matches!(error, SchemaError::Descriptors(_)), "{error}");
        }
    }

    /// Editions, and what nobody has named yet, are refused in words.
    #[test]
    fn another_syntax_is_refused() {
        let file = prost_types::FileDescriptorProto {
            name: Some("a.proto".to_owned()),
            syntax: Some("editions".to_owned()),
            message_type: vec![prost_types::DescriptorProto {
                name: Some("A".to_owned()),
                ..Default::default()
            }],
            ..Default::default()
        };
        let set = FileDescriptorSet { file: vec![file] }.encode_to_vec();
        let error = Schema::from_descriptor_set(&set).unwrap_err();
        let text = "\"a.proto\": the syntax \"editions\" is neither proto2 nor proto3";
        assert_eq!(error.to_string(), text);
    }
}
