//! Step 2 goes on: messages with a field that only JSON has get their protobuf from here.
//!
//! prost's derive puts every field on the wire. So the derive is taken off such a message, and its
//! place is taken by the same implementations, in which the wire does not know those fields.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use prost_types::FieldDescriptorProto;
use prost_types::field_descriptor_proto::{Label, Type};
use quote::{ToTokens as _, format_ident, quote};
use syn::ext::IdentExt as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Item, ItemStruct, Token, parse_quote};

use crate::ident::{self, Path};
use crate::schema::{Message, Schema};
use crate::{Error, modules};

/// Replaces the derives in the code of each package.
pub fn keep_off(
    schema: &Schema,
    packages: &mut BTreeMap<String, String>,
    log: &mut Vec<String>,
) -> Result<(), Error> {
    let messages = schema.messages().into_iter();
    let messages = messages.filter(|message| message.descriptor.field.iter().any(only_in_json));
    let mut count = 0;
    for message in messages {
        let code = packages.entry(message.package.to_owned()).or_default();
        let file = modules::tokens(message.package, code)?;
        let mut file: syn::File = syn::parse2(file).map_err(|source| Error::Syntax {
            module: message.package.to_owned(),
            source,
        })?;
        let missing = || Error::Schema(format!("{}: there is no struct", message.full_name()));
        let items = module_of(&mut file.items, &message.name).ok_or_else(missing)?;
        items.extend(implementations(schema, &message)?);
        *code = file.into_token_stream().to_string();
        count += message
            .descriptor
            .field
            .iter()
            .filter(|f| only_in_json(f))
            .count();
    }
    log.push(format!(
        "wire: {count} fields kept off it, that only JSON has"
    ));
    Ok(())
}

/// Whether only JSON has the field; the checks hold its number and its option together.
pub fn only_in_json(field: &FieldDescriptorProto) -> bool {
    u32::try_from(field.number()).is_ok_and(|n| n >= diadoc_core::dialect::FIRST_ONLY_IN_JSON)
}

/// The items beside the struct of that name, `Outer.Inner`, which loses its derive.
fn module_of<'a>(items: &'a mut Vec<Item>, name: &str) -> Option<&'a mut Vec<Item>> {
    if let Some((outer, inner)) = name.split_once('.') {
        let outer = ident::snake(outer);
        let module = items.iter_mut().find_map(|item| match item {
            Item::Mod(module) if module.ident == outer => module.content.as_mut(),
            _ => None,
        })?;
        return module_of(&mut module.1, inner);
    }
    let name = ident::camel(name);
    let found = items.iter_mut().find_map(|item| match item {
        Item::Struct(found) if found.ident == name => Some(found),
        _ => None,
    })?;
    take_off(found);
    Some(items)
}

fn take_off(item: &mut ItemStruct) {
    let is = |attribute: &Attribute, name| attribute.path().is_ident(name);
    for attribute in item.attrs.iter_mut().filter(|one| is(one, "derive")) {
        let derives =
            attribute.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated);
        let derives = derives.into_iter().flatten();
        let kept = derives.filter(|path| {
            path.segments
                .last()
                .is_none_or(|last| last.ident != "Message")
        });
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
    for field in &mut item.fields {
        field.attrs.retain(|attribute| !is(attribute, "prost"));
    }
}

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
    fn new(schema: &Schema, descriptor: &'a FieldDescriptorProto) -> Result<Self, Error> {
        let type_name = descriptor.type_name().trim_start_matches('.');
        let of_enum = (descriptor.r#type() == Type::Enum)
            .then(|| {
                schema
                    .enums()
                    .into_iter()
                    .find(|item| item.full_name() == type_name)
            })
            .flatten();
        let declared = descriptor.default_value.as_deref();
        let no_rule = || Error::Schema(format!("{}: no default", descriptor.name()));
        let default = match (descriptor.r#type(), &of_enum, declared) {
            (Type::Enum, Some(item), declared) => {
                let first = item.descriptor.value.first().map(|value| value.name());
                let member = declared.or(first).ok_or_else(no_rule)?;
                let (path, member) = (
                    Path::in_crate(item.package, &item.name),
                    ident::camel(member),
                );
                quote!(#path::#member)
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

    /// The module of prost that has its encoding.
    fn encoding(&self) -> TokenStream {
        let module = match self.descriptor.r#type() {
            Type::Bool => "bool",
            Type::String => "string",
            Type::Bytes => "bytes",
            Type::Message => "message",
            Type::Int64 => "int64",
            Type::Sint32 => "sint32",
            Type::Sint64 => "sint64",
            Type::Sfixed32 => "sfixed32",
            Type::Sfixed64 => "sfixed64",
            // Enums too. The checks let no other kind pass.
            _ => "int32",
        };
        let module = format_ident!("{module}");
        quote!(::prost::encoding::#module)
    }

    fn tag(&self) -> Literal {
        Literal::i32_unsuffixed(self.descriptor.number())
    }

    fn encode(&self) -> TokenStream {
        let (name, encoding, tag) = (&self.name, self.encoding(), self.tag());
        match self.label() {
            Label::Required => quote!(#encoding::encode(#tag, &self.#name, buf);),
            Label::Optional => quote! {
                if let Some(value) = &self.#name {
                    #encoding::encode(#tag, value, buf);
                }
            },
            Label::Repeated if self.is_message() => quote! {
                for value in &self.#name {
                    #encoding::encode(#tag, value, buf);
                }
            },
            Label::Repeated => quote!(#encoding::encode_repeated(#tag, &self.#name, buf);),
        }
    }

    fn encoded_len(&self) -> TokenStream {
        let (name, encoding, tag) = (&self.name, self.encoding(), self.tag());
        match self.label() {
            Label::Required => quote!(#encoding::encoded_len(#tag, &self.#name)),
            Label::Optional => quote! {
                self.#name.as_ref().map_or(0, |value| #encoding::encoded_len(#tag, value))
            },
            Label::Repeated => quote!(#encoding::encoded_len_repeated(#tag, &self.#name)),
        }
    }

    fn merge(&self) -> TokenStream {
        let (name, encoding, tag) = (&self.name, self.encoding(), self.tag());
        let merged = match self.label() {
            Label::Required => quote!(merge(wire_type, &mut self.#name, buf, ctx)),
            Label::Optional => quote! {
                merge(wire_type, self.#name.get_or_insert_with(Default::default), buf, ctx)
            },
            Label::Repeated => quote!(merge_repeated(wire_type, &mut self.#name, buf, ctx)),
        };
        let field = name.to_string();
        quote! {
            #tag => #encoding::#merged.map_err(|mut error| {
                error.push(NAME, #field);
                error
            }),
        }
    }

    /// What the field holds in a message without anything.
    fn initial(&self) -> TokenStream {
        let (name, default) = (&self.name, &self.default);
        let value = match (self.label(), self.descriptor.r#type()) {
            (Label::Required, Type::Enum) => quote!(#default as i32),
            (Label::Required, Type::String) => quote!(#default.into()),
            (Label::Required, Type::Bytes | Type::Message) => quote!(Default::default()),
            (Label::Required, _) => default.clone(),
            (Label::Optional | Label::Repeated, _) => quote!(Default::default()),
        };
        quote!(#name: #value,)
    }

    /// What `Debug` shows: members of enums by name.
    fn shown(&self) -> TokenStream {
        let (name, shown) = (&self.name, self.name.unraw().to_string());
        let value = match (&self.of_enum, self.label()) {
            (None, _) => quote!(&self.#name),
            (Some(item), Label::Required) => quote!(&crate::wire::Member::<#item>::new(self.#name)),
            (Some(item), Label::Optional) => {
                quote!(&self.#name.map(crate::wire::Member::<#item>::new))
            }
            (Some(item), Label::Repeated) => quote! {
                &self.#name.iter().copied().map(crate::wire::Member::<#item>::new).collect::<Vec<_>>()
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
                    pub fn #name(&self) -> impl Iterator<Item = #item> + '_ {
                        self.#name.iter().filter_map(|value| #item::try_from(*value).ok())
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
fn implementations(schema: &Schema, message: &Message<'_>) -> Result<Vec<Item>, Error> {
    let declared = message.descriptor.field.iter();
    let fields = declared.map(|field| Field::new(schema, field));
    let fields = fields.collect::<Result<Vec<_>, _>>()?;
    let mut on_wire: Vec<_> = fields
        .iter()
        .filter(|field| !only_in_json(field.descriptor))
        .collect();
    // In the order of the numbers, as serializers write.
    on_wire.sort_by_key(|field| field.descriptor.number());
    let encode = on_wire.iter().map(|field| field.encode());
    let encoded_len = on_wire.iter().map(|field| field.encoded_len());
    let merge = on_wire.iter().map(|field| field.merge());
    let initial = fields.iter().map(Field::initial);
    let shown = fields.iter().map(Field::shown);
    let methods = fields.iter().filter_map(Field::methods);
    let path = ident::camel(message.descriptor.name());
    let name = path.to_string();
    let file: syn::File = parse_quote! {
        #[allow(deprecated)]
        impl ::prost::Message for #path {
            fn encode_raw(&self, buf: &mut impl ::prost::bytes::BufMut) {
                #(#encode)*
            }
            fn merge_field(
                &mut self,
                tag: u32,
                wire_type: ::prost::encoding::wire_type::WireType,
                buf: &mut impl ::prost::bytes::Buf,
                ctx: ::prost::encoding::DecodeContext,
            ) -> Result<(), ::prost::DecodeError> {
                const NAME: &str = #name;
                match tag {
                    #(#merge)*
                    _ => ::prost::encoding::skip_field(wire_type, tag, buf, ctx),
                }
            }
            fn encoded_len(&self) -> usize {
                0 #(+ #encoded_len)*
            }
            fn clear(&mut self) {
                *self = Self::default();
            }
        }
        #[allow(deprecated)]
        impl Default for #path {
            fn default() -> Self {
                Self { #(#initial)* }
            }
        }
        #[allow(deprecated)]
        impl ::core::fmt::Debug for #path {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#name) #(#shown)* .finish()
            }
        }
        #[allow(deprecated)]
        impl #path {
            #(#methods)*
        }
    };
    Ok(file.items)
}
