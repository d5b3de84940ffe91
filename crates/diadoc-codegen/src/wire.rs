//! Step 2 goes on: what prost's derives would give, a reader and a writer of protobuf per message.
//!
//! The derives are taken off the structs and enums, so that nobody compiles them who depends on the
//! types, and their place is taken by the same implementations, but for two things. They call the code
//! in `src/wire/`, one short call per field. And the wire does not know the fields that only JSON has.

mod enums;
mod methods;

use std::collections::BTreeMap;

use diadoc_schema::is_secret;
use proc_macro2::{Literal, TokenStream};
use prost::encoding::{WireType, encoded_len_varint};
use prost_reflect::MessageDescriptor;
use prost_types::FieldDescriptorProto;
use prost_types::field_descriptor_proto::{Label, Type};
use quote::{ToTokens as _, format_ident, quote};
use syn::ext::IdentExt as _;

use crate::Error;
use crate::ident::{self, Path};
use crate::schema::{Enum, Message, Schema};
use crate::steps::Step;

/// The steps that take prost's derives off its structs and enums.
pub fn steps(schema: &Schema) -> [Step; 3] {
    const WHY: &str = "the implementations are written here";
    let (messages, enums) = (schema.messages(), schema.enums());
    let fields = messages
        .iter()
        .map(|message| message.descriptor.field.len());
    [
        Step {
            name: "derive of messages",
            why: WHY,
            pattern: r", ::prost::Message\)".into(),
            replacement: ")",
            expected: messages.len(),
        },
        Step {
            name: "derive of enums",
            why: WHY,
            pattern: r", ::prost::Enumeration\)".into(),
            replacement: ")",
            expected: enums.len(),
        },
        Step {
            name: "attributes of fields",
            why: WHY,
            pattern: r"#\[prost\([^]]*\)\]".into(),
            replacement: "",
            expected: fields.sum(),
        },
    ]
}

/// The code of each package, by its protobuf name.
pub fn generate(
    schema: &Schema,
    log: &mut Vec<String>,
) -> Result<BTreeMap<String, TokenStream>, Error> {
    let mut packages: BTreeMap<String, TokenStream> = BTreeMap::new();
    let all = schema.enums();
    let enums = all.iter().map(|item| (item.full_name(), item)).collect();
    let (mut fields, mut kept_off) = (0, 0);
    for message in schema.messages() {
        let (of_json, on_wire): (Vec<_>, Vec<_>) = message
            .descriptor
            .field
            .iter()
            .partition(|field| only_in_json(field));
        (fields, kept_off) = (fields + on_wire.len(), kept_off + of_json.len());
        let of_package = packages.entry(message.package.to_owned());
        let of_package = of_package.or_insert_with(|| {
            quote!(
                use crate::wire;
            )
        });
        of_package.extend(implementations(schema, &enums, &message)?);
    }
    for item in &all {
        let of_package = packages.entry(item.package.to_owned()).or_default();
        of_package.extend(enums::enumeration(item));
    }
    log.push(format!(
        "wire: {fields} fields of messages, {kept_off} kept off it, that only JSON has"
    ));
    Ok(packages)
}

/// Whether only JSON has the field; the checks hold its number and its option together.
pub fn only_in_json(field: &FieldDescriptorProto) -> bool {
    u32::try_from(field.number()).is_ok_and(|n| n >= diadoc_core::dialect::FIRST_ONLY_IN_JSON)
}

/// The enums by their full names.
type Enums<'a> = BTreeMap<String, &'a Enum<'a>>;

/// A field as the implementations need it.
struct Field<'a> {
    descriptor: &'a FieldDescriptorProto,
    name: proc_macro2::Ident,
    /// The enum, where the field is of one.
    of_enum: Option<Path>,
    /// The first member of the enum, or the default that the field declares.
    default: TokenStream,
    is_secret: bool,
}

impl<'a> Field<'a> {
    fn new(
        enums: &Enums<'_>,
        message: Option<&MessageDescriptor>,
        descriptor: &'a FieldDescriptorProto,
    ) -> Result<Self, Error> {
        let of_enum = enums.get(descriptor.type_name().trim_start_matches('.'));
        let declared = descriptor.default_value.as_deref();
        let no_rule = || Error::Schema(format!("{}: no default", descriptor.name()));
        let default = match (descriptor.r#type(), of_enum, declared) {
            (Type::Enum, Some(item), declared) => {
                let first = item.descriptor.value.first().map(|value| value.name());
                let member = declared.or(first).ok_or_else(no_rule)?;
                Path::in_crate(item.package, &item.name)
                    .join(ident::camel(member))
                    .to_token_stream()
            }
            (Type::String, _, declared) => declared.unwrap_or_default().to_token_stream(),
            (Type::Bytes, _, None) => quote!(&[]),
            (Type::Bool, _, declared) => (declared == Some("true")).to_token_stream(),
            (Type::Message, ..) => TokenStream::new(),
            (_, _, declared) => {
                let number = declared.unwrap_or("0").parse().map_err(|_| no_rule())?;
                Literal::i64_unsuffixed(number).to_token_stream()
            }
        };
        Ok(Self {
            descriptor,
            name: ident::snake(descriptor.name()),
            of_enum: of_enum.map(|item| Path::in_crate(item.package, &item.name)),
            default,
            is_secret: message
                .and_then(|message| message.get_field_by_name(descriptor.name()))
                .is_some_and(|field| is_secret(&field)),
        })
    }

    fn label(&self) -> Label {
        self.descriptor.label()
    }

    fn is_message(&self) -> bool {
        self.descriptor.r#type() == Type::Message
    }

    /// How the wire has its values: prost's name for that, and the wire type.
    fn encoding(&self) -> (&'static str, WireType) {
        match self.descriptor.r#type() {
            Type::Bool => ("bool", WireType::Varint),
            Type::String => ("string", WireType::LengthDelimited),
            Type::Bytes => ("bytes", WireType::LengthDelimited),
            Type::Message => ("message", WireType::LengthDelimited),
            Type::Int64 => ("int64", WireType::Varint),
            Type::Sint32 => ("sint32", WireType::Varint),
            Type::Sint64 => ("sint64", WireType::Varint),
            Type::Sfixed32 => ("sfixed32", WireType::ThirtyTwoBit),
            Type::Sfixed64 => ("sfixed64", WireType::SixtyFourBit),
            // Enums too. The checks let no other kind pass.
            _ => ("int32", WireType::Varint),
        }
    }

    /// The method for it that the reader has, and what counts and writes.
    fn method(&self) -> proc_macro2::Ident {
        let (encoding, _) = self.encoding();
        match (self.label(), encoding) {
            (Label::Required, _) => format_ident!("{encoding}"),
            (Label::Optional, _) => format_ident!("optional_{encoding}"),
            (Label::Repeated, "bytes") => format_ident!("bytes_list"),
            (Label::Repeated, _) => format_ident!("{encoding}s"),
        }
    }

    fn number(&self) -> Literal {
        Literal::i32_unsuffixed(self.descriptor.number())
    }

    /// The field's key, as a varint.
    fn key(&self) -> u32 {
        let (_, wire_type) = self.encoding();
        self.descriptor.number().cast_unsigned() << 3 | wire_type as u32
    }

    fn read(&self) -> TokenStream {
        let (name, method, number) = (&self.name, self.method(), self.number());
        quote!(#number => reader.#method(&mut self.#name),)
    }

    /// The field as it is given to what counts and writes: numbers are copied.
    fn value(&self) -> TokenStream {
        let (name, kind) = (&self.name, self.descriptor.r#type());
        match (self.label(), kind) {
            (Label::Repeated, _) | (_, Type::String | Type::Bytes | Type::Message) => {
                quote!(&self.#name)
            }
            _ => quote!(self.#name),
        }
    }

    fn length(&self) -> TokenStream {
        let (value, method) = (self.value(), self.method());
        let key = Literal::usize_unsuffixed(encoded_len_varint(self.key().into()));
        quote!(lengths.#method(#key, #value))
    }

    fn write(&self) -> TokenStream {
        let (value, method) = (self.value(), self.method());
        let key = Literal::u32_unsuffixed(self.key());
        quote!(writer.#method(#key, #value);)
    }

    /// What the field holds in a message without anything.
    fn initial(&self) -> TokenStream {
        let (name, default) = (&self.name, &self.default);
        let value = match (self.label(), self.descriptor.r#type()) {
            (Label::Required, Type::Enum) => quote!(#default as i32),
            (Label::Required, Type::String) => quote!(#default.into()),
            (Label::Required, Type::Bytes | Type::Message) => quote!(Default::default()),
            (Label::Required, _) => default.clone(),
            (Label::Optional, _) => quote!(None),
            (Label::Repeated, _) => quote!(Vec::new()),
        };
        quote!(#name: #value,)
    }

    /// What `Debug` shows: members of enums by name, and no secret.
    fn shown(&self) -> TokenStream {
        let (name, shown) = (&self.name, self.name.unraw().to_string());
        if self.is_secret {
            let hidden = match self.label() {
                Label::Required => quote!(&wire::Hidden),
                Label::Optional => quote!(&self.#name.as_ref().map(|_| wire::Hidden)),
                Label::Repeated => quote! {
                    &self.#name.iter().map(|_| wire::Hidden).collect::<Vec<_>>()
                },
            };
            return quote!(.field(#shown, #hidden));
        }
        let value = match (&self.of_enum, self.label()) {
            (None, _) => quote!(&self.#name),
            (Some(item), Label::Required) => quote!(&wire::Member::<#item>::new(self.#name)),
            (Some(item), Label::Optional) => {
                quote!(&self.#name.map(wire::Member::<#item>::new))
            }
            (Some(item), Label::Repeated) => quote! {
                &self.#name.iter().copied().map(wire::Member::<#item>::new).collect::<Vec<_>>()
            },
        };
        quote!(.field(#shown, #value))
    }
}

/// What the derive would have written, with the wire for the fields that it has.
fn implementations(
    schema: &Schema,
    enums: &Enums<'_>,
    message: &Message<'_>,
) -> Result<TokenStream, Error> {
    let compiled = schema.pool.get_message_by_name(&message.full_name());
    let declared = message.descriptor.field.iter();
    let fields = declared.map(|field| Field::new(enums, compiled.as_ref(), field));
    let fields = fields.collect::<Result<Vec<_>, _>>()?;
    let mut on_wire: Vec<_> = fields
        .iter()
        .filter(|field| !only_in_json(field.descriptor))
        .collect();
    // In the order of the numbers, as serializers write.
    on_wire.sort_by_key(|field| field.descriptor.number());
    let names = on_wire.iter().map(|field| {
        let (number, name) = (field.number(), field.name.to_string());
        quote!((#number, #name))
    });
    let reads = on_wire.iter().map(|field| field.read());
    let writes = on_wire.iter().map(|field| field.write());
    // A message without fields uses neither.
    let (lengths, writer, length) = match on_wire.is_empty() {
        true => ("_", "_", quote!(0)),
        false => {
            let lengths = on_wire.iter().map(|field| field.length());
            ("lengths", "writer", quote!(#(#lengths)+*))
        }
    };
    let [lengths, writer] = [lengths, writer].map(|name| format_ident!("{name}"));
    let initial = fields.iter().map(Field::initial);
    let shown = fields.iter().map(Field::shown);
    let path = Path::local(&message.name);
    let methods: Vec<_> = fields.iter().filter_map(Field::methods).collect();
    let methods = (!methods.is_empty()).then(|| quote!(impl #path { #(#methods)* }));
    let name = ident::camel(message.descriptor.name()).to_string();
    Ok(quote! {
        impl wire::Fields for #path {
            #[inline]
            fn names(&self) -> &'static wire::Names {
                &wire::Names { message: #name, fields: &[#(#names),*] }
            }
            #[inline]
            fn read_field(&mut self, number: u32, reader: &mut wire::Reader<'_>) -> wire::Result {
                match number {
                    #(#reads)*
                    _ => reader.unknown(number),
                }
            }
            #[inline]
            fn length(&self, #lengths: &mut wire::Lengths) -> usize {
                #length
            }
            #[inline]
            fn write_fields(&self, #writer: &mut wire::Writer<'_>) {
                #(#writes)*
            }
        }
        wire::message!(#path);
        impl Default for #path {
            #[inline]
            fn default() -> Self {
                Self { #(#initial)* }
            }
        }
        impl ::core::fmt::Debug for #path {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#name) #(#shown)* .finish()
            }
        }
        #methods
    })
}
