//! Step 2 goes on: what prost's derives would give, a reader and a writer of protobuf per message.
//!
//! The derives are taken off the structs and enums, so that nobody compiles them who depends on the
//! types, and their place is taken by the same implementations, but for two things. They call the code
//! in `src/wire/`, one short call per field. And the wire does not know the fields that only JSON has.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use prost::encoding::{WireType, encoded_len_varint};
use prost_types::FieldDescriptorProto;
use prost_types::field_descriptor_proto::{Label, Type};
use quote::{ToTokens as _, format_ident, quote};
use syn::ext::IdentExt as _;

use crate::Error;
use crate::ident::{self, Path};
use crate::schema::{Enum, Message, Schema, aliases};
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
        of_package.extend(implementations(&enums, &message)?);
    }
    for item in &all {
        let of_package = packages.entry(item.package.to_owned()).or_default();
        of_package.extend(enumeration(item));
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
}

impl<'a> Field<'a> {
    fn new(enums: &Enums<'_>, descriptor: &'a FieldDescriptorProto) -> Result<Self, Error> {
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

    /// What `Debug` shows: members of enums by name.
    fn shown(&self) -> TokenStream {
        let (name, shown) = (&self.name, self.name.unraw().to_string());
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

    /// The methods that prost gives to fields of its kind.
    fn methods(&self) -> Option<TokenStream> {
        let (name, default) = (&self.name, &self.default);
        let plain = name.unraw().to_string();
        let value =
            format!("Returns the value of `{plain}`, or the default value if `{plain}` is unset.");
        let method = |returned: TokenStream, value_of: TokenStream| {
            quote! {
                #[doc = #value]
                pub fn #name(&self) -> #returned {
                    #value_of
                }
            }
        };
        let kind = self.descriptor.r#type();
        if let Some(item) = &self.of_enum {
            return Some(self.methods_of_enum(item));
        }
        if self.label() != Label::Optional || self.is_message() {
            return None;
        }
        Some(match kind {
            Type::String => method(
                quote!(&str),
                quote!(self.#name.as_deref().unwrap_or(#default)),
            ),
            Type::Bytes => method(
                quote!(&[u8]),
                quote!(self.#name.as_deref().unwrap_or(#default)),
            ),
            Type::Bool => method(quote!(bool), quote!(self.#name.unwrap_or(#default))),
            Type::Int64 | Type::Sint64 | Type::Sfixed64 => {
                method(quote!(i64), quote!(self.#name.unwrap_or(#default)))
            }
            _ => method(quote!(i32), quote!(self.#name.unwrap_or(#default))),
        })
    }

    fn methods_of_enum(&self, item: &Path) -> TokenStream {
        let (name, default) = (&self.name, &self.default);
        let plain = name.unraw().to_string();
        let (set, push) = (format_ident!("set_{plain}"), format_ident!("push_{plain}"));
        let set_doc = format!("Sets `{plain}` to the provided enum value.");
        match self.label() {
            Label::Required => {
                let get_doc = format!(
                    "Returns the enum value of `{plain}`, or the default if the field is set to an \
                     invalid enum value."
                );
                quote! {
                    #[doc = #get_doc]
                    pub fn #name(&self) -> #item {
                        #item::try_from(self.#name).unwrap_or(#default)
                    }
                    #[doc = #set_doc]
                    pub fn #set(&mut self, value: #item) {
                        self.#name = value as i32;
                    }
                }
            }
            Label::Optional => {
                let get_doc = format!(
                    "Returns the enum value of `{plain}`, or the default if the field is unset or set \
                     to an invalid enum value."
                );
                quote! {
                    #[doc = #get_doc]
                    pub fn #name(&self) -> #item {
                        self.#name.and_then(|value| #item::try_from(value).ok()).unwrap_or(#default)
                    }
                    #[doc = #set_doc]
                    pub fn #set(&mut self, value: #item) {
                        self.#name = Some(value as i32);
                    }
                }
            }
            Label::Repeated => {
                let get_doc = format!(
                    "Returns an iterator which yields the valid enum values contained in `{plain}`."
                );
                let push_doc = format!("Appends the provided enum value to `{plain}`.");
                quote! {
                    #[doc = #get_doc]
                    pub fn #name(&self) -> ::core::iter::FilterMap<
                        ::core::iter::Cloned<::core::slice::Iter<'_, i32>>,
                        fn(i32) -> Option<#item>,
                    > {
                        self.#name.iter().cloned().filter_map(|value| #item::try_from(value).ok())
                    }
                    #[doc = #push_doc]
                    pub fn #push(&mut self, value: #item) {
                        self.#name.push(value as i32);
                    }
                }
            }
        }
    }
}

/// What the derive would have written, with the wire for the fields that it has.
fn implementations(enums: &Enums<'_>, message: &Message<'_>) -> Result<TokenStream, Error> {
    let declared = message.descriptor.field.iter();
    let fields = declared.map(|field| Field::new(enums, field));
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

/// What the derive would have written for an enum.
fn enumeration(item: &Enum<'_>) -> TokenStream {
    let path = Path::local(&item.name);
    let aliases: Vec<&str> = aliases(item.descriptor)
        .iter()
        .map(|(_, name)| *name)
        .collect();
    let values = item.descriptor.value.iter();
    let (numbers, members): (Vec<_>, Vec<_>) = values
        .filter(|value| !aliases.contains(&value.name()))
        .map(|value| {
            let member = ident::camel(value.name());
            (
                Literal::i32_unsuffixed(value.number()),
                quote!(Self::#member),
            )
        })
        .unzip();
    let (first, name) = (
        &members[..1],
        ident::camel(item.descriptor.name()).to_string(),
    );
    let is_valid_doc = format!("Returns `true` if `value` is a variant of `{name}`.");
    quote! {
        impl #path {
            #[doc = #is_valid_doc]
            pub const fn is_valid(value: i32) -> bool {
                matches!(value, #(#numbers)|*)
            }
        }
        impl Default for #path {
            fn default() -> Self {
                #(#first)*
            }
        }
        impl From<#path> for i32 {
            fn from(value: #path) -> i32 {
                value as i32
            }
        }
        impl TryFrom<i32> for #path {
            type Error = ::prost::UnknownEnumValue;
            fn try_from(value: i32) -> Result<Self, ::prost::UnknownEnumValue> {
                match value {
                    #(#numbers => Ok(#members),)*
                    _ => Err(::prost::UnknownEnumValue(value)),
                }
            }
        }
    }
}
