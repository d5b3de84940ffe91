//! Writes a file of a schema.

use std::collections::HashMap;

use prost_reflect::{
    Cardinality, DynamicMessage, EnumDescriptor, EnumValueDescriptor, ExtensionDescriptor,
    FieldDescriptor, FileDescriptor, Kind, MessageDescriptor, MethodDescriptor, OneofDescriptor,
    ServiceDescriptor, Syntax, Value,
};
use prost_types::field_descriptor_proto::Type;
use prost_types::source_code_info::Location;
use prost_types::{FieldDescriptorProto, SourceCodeInfo};

use super::literal::{INDENT, Literal, quoted};
use super::scope::Scope;
use super::{Kept, ProtoForm, google_http, languages, protovalidate};
use crate::describe::comment;
use crate::names::{default_json_name, type_name};
use crate::{is_only_in_json, is_secret};

/// Longest line that is not broken.
const WIDTH: usize = 100;

/// An option with its value: `deprecated = true`, `(Rules.field).max_len = 10`.
struct Written {
    name: String,
    value: Literal,
    /// Where comments of it stand, below the options: numbers of fields.
    path: Vec<i32>,
}

impl Written {
    /// One that the form adds.
    fn added((name, value): (String, Literal)) -> Self {
        Self {
            name,
            value,
            path: Vec::new(),
        }
    }
}

type Options = Vec<Written>;

/// Paths of parts of descriptors, as numbers of fields.
mod path {
    /// Of `FileDescriptorProto`.
    pub(super) const PACKAGE: i32 = 2;
    pub(super) const IMPORT: i32 = 3;
    pub(super) const FILE_OPTIONS: i32 = 8;
    pub(super) const SYNTAX: i32 = 12;
    pub(super) const EXTENSIONS: i32 = 7;
    /// Of `DescriptorProto`.
    pub(super) const EXTENSION_RANGES: i32 = 5;
    pub(super) const EXTENSIONS_INSIDE: i32 = 6;
    pub(super) const RESERVED: i32 = 9;
    pub(super) const RESERVED_NAMES: i32 = 10;
    /// Of `EnumDescriptorProto`.
    pub(super) const ENUM_RESERVED: i32 = 4;
    pub(super) const ENUM_RESERVED_NAMES: i32 = 5;
    /// The options of `DescriptorProto` and so on.
    pub(super) const MESSAGE_OPTIONS: i32 = 7;
    pub(super) const ONEOF_OPTIONS: i32 = 2;
    pub(super) const ENUM_OPTIONS: i32 = 3;
    pub(super) const SERVICE_OPTIONS: i32 = 3;
    pub(super) const METHOD_OPTIONS: i32 = 4;
}

pub(super) struct Printer<'a> {
    file: &'a FileDescriptor,
    kept: &'a Kept,
    scope: &'a Scope,
    form: ProtoForm,
    /// Several have the same path where statements make one list, such as `reserved`.
    places: HashMap<&'a [i32], Vec<&'a Location>>,
    text: String,
    depth: usize,
}

/// A statement of a file or message, in the order of the source.
enum Statement {
    Message(MessageDescriptor),
    Enum(EnumDescriptor),
    Service(ServiceDescriptor),
    Field(FieldDescriptor),
    Oneof(OneofDescriptor),
    /// With the place of the block, which has no path of its own.
    Extend(Vec<ExtensionDescriptor>, Option<Location>),
}

impl Statement {
    fn path(&self) -> Vec<i32> {
        match self {
            Self::Message(item) => item.path().to_vec(),
            Self::Enum(item) => item.path().to_vec(),
            Self::Service(item) => item.path().to_vec(),
            Self::Field(item) => item.path().to_vec(),
            Self::Oneof(item) => item.path().to_vec(),
            Self::Extend(items, _) => items
                .first()
                .map_or(Vec::new(), |item| item.path().to_vec()),
        }
    }
}

impl<'a> Printer<'a> {
    pub(super) fn new(
        file: &'a FileDescriptor,
        kept: &'a Kept,
        scope: &'a Scope,
        form: ProtoForm,
    ) -> Self {
        let mut places = HashMap::<_, Vec<_>>::new();
        let info: Option<&SourceCodeInfo> = comment::source_info(file);
        for place in info.iter().flat_map(|info| &info.location) {
            places.entry(place.path.as_slice()).or_default().push(place);
        }
        Self {
            file,
            kept,
            scope,
            form,
            places,
            text: String::new(),
            depth: 0,
        }
    }

    /// The text of the file.
    pub(super) fn file(mut self) -> String {
        // What is left of a file of options is not what its head tells of.
        if !self.kept.used.contains_key(self.file.name()) {
            self.comments(&[path::SYNTAX]);
        }
        let syntax = match self.file.syntax() {
            Syntax::Proto2 if !self.form.proto3 => "proto2",
            _ => "proto3",
        };
        self.line(&format!("syntax = \"{syntax}\";"));
        if !self.file.package_name().is_empty() {
            self.blank();
            self.comments(&[path::PACKAGE]);
            self.line(&format!("package {};", self.file.package_name()));
        }
        self.imports();
        let mut options = self.options(self.file.options());
        if self.form.plain {
            let languages = languages::options(self.file.name(), self.file.package_name());
            options.retain(|option| languages.iter().all(|(name, _)| *name != option.name));
            options.extend(languages.into_iter().map(Written::added));
        }
        if !options.is_empty() {
            self.blank();
            self.option_statements(&[path::FILE_OPTIONS], options);
        }
        let keeps = |full_name: &str| self.kept.keeps(self.file, full_name);
        let messages = self.file.messages().filter(|item| keeps(item.full_name()));
        let enums = self.file.enums().filter(|item| keeps(item.full_name()));
        let mut statements: Vec<_> = messages.map(Statement::Message).collect();
        statements.extend(enums.map(Statement::Enum));
        statements.extend(self.file.services().map(Statement::Service));
        if !self.kept.used.contains_key(self.file.name()) {
            statements.extend(self.extends(self.file.extensions(), &[path::EXTENSIONS]));
        }
        self.statements(statements);
        self.text
    }

    fn imports(&mut self) {
        let proto = self.file.file_descriptor_proto();
        let mut imports: Vec<(String, Vec<i32>)> = Vec::new();
        for (index, import) in self.file.dependencies().enumerate() {
            let index = i32::try_from(index).unwrap_or(i32::MAX);
            if !self.kept.imports(self.file, &import, self.form) {
                continue;
            }
            let label = if proto.public_dependency.contains(&index) {
                "public "
            } else if proto.weak_dependency.contains(&index) {
                "weak "
            } else {
                ""
            };
            let statement = format!("import {label}{};", quoted(import.name().as_bytes()));
            imports.push((statement, vec![path::IMPORT, index]));
        }
        let has_rules = self.form.protovalidate && protovalidate::is_used(self.file, self.form);
        if has_rules {
            imports.push((format!("import {:?};", protovalidate::FILE), Vec::new()));
        }
        if self.form.google_http && google_http::is_used(self.file) {
            imports.push((format!("import {:?};", google_http::FILE), Vec::new()));
        }
        imports.sort();
        if !imports.is_empty() {
            self.blank();
        }
        for (statement, path) in imports {
            if !path.is_empty() {
                self.comments(&path);
            }
            self.line(&statement);
        }
    }

    // Statements

    fn statements(&mut self, mut statements: Vec<Statement>) {
        statements.sort_by_cached_key(|statement| {
            let path = statement.path();
            let places = self.places.get(path.as_slice());
            let place = places.and_then(|places| places.first());
            (place.map(|place| place.span.clone()), path)
        });
        for statement in statements {
            match statement {
                Statement::Message(item) => self.message(&item),
                Statement::Enum(item) => self.enumeration(&item),
                Statement::Service(item) => self.service(&item),
                Statement::Field(item) => self.field(&item),
                Statement::Oneof(item) => self.oneof(&item),
                Statement::Extend(items, place) => self.extend(&items, place.as_ref()),
            }
        }
    }

    fn message(&mut self, message: &MessageDescriptor) {
        self.head(message.path(), &[]);
        self.open(&format!("message {}", message.name()));
        self.message_body(message);
        self.close();
    }

    fn message_body(&mut self, message: &MessageDescriptor) {
        let mut options = self.options(message.options());
        // Those of map entries and of the form itself are not written.
        options.retain(|option| option.name != "map_entry");
        if self.form.protovalidate {
            options.extend(protovalidate::of_message(message).map(Written::added));
        }
        self.option_statements(&below(message.path(), path::MESSAGE_OPTIONS), options);
        let proto = message.descriptor_proto();
        let mut statements: Vec<_> = message
            .fields()
            .filter(|field| real_oneof(field).is_none())
            .map(Statement::Field)
            .collect();
        let oneofs = message.oneofs().filter(|oneof| !oneof.is_synthetic());
        statements.extend(oneofs.map(Statement::Oneof));
        // Groups stand with their fields.
        let groups: Vec<_> = message
            .fields()
            .filter(FieldDescriptor::is_group)
            .filter_map(|field| Some(field.kind().as_message()?.full_name().to_owned()))
            .collect();
        let children = message.child_messages();
        let children = children.filter(|child| {
            !child.is_map_entry() && !groups.iter().any(|g| g == child.full_name())
        });
        statements.extend(children.map(Statement::Message));
        statements.extend(message.child_enums().map(Statement::Enum));
        statements.extend(self.extends(
            message.child_extensions(),
            &below(message.path(), path::EXTENSIONS_INSIDE),
        ));
        self.statements(statements);
        let at = |number| below(message.path(), number);
        let reserved = message
            .reserved_ranges()
            .map(|range| range_text(range.start, range.end - 1));
        self.list_statement(
            "reserved",
            &reserved.collect::<Vec<_>>(),
            &at(path::RESERVED),
        );
        let names = proto
            .reserved_name
            .iter()
            .map(|name| quoted(name.as_bytes()));
        self.list_statement(
            "reserved",
            &names.collect::<Vec<_>>(),
            &at(path::RESERVED_NAMES),
        );
        let free = message
            .extension_ranges()
            .map(|range| range_text(range.start, range.end - 1));
        self.list_statement(
            "extensions",
            &free.collect::<Vec<_>>(),
            &at(path::EXTENSION_RANGES),
        );
    }

    /// Numbers or names of all statements of a kind, with their comments.
    fn list_statement(&mut self, keyword: &str, items: &[String], path: &[i32]) {
        if !items.is_empty() {
            self.blank();
            self.comments(path);
            self.line(&format!("{keyword} {};", items.join(", ")));
        }
    }

    fn oneof(&mut self, oneof: &OneofDescriptor) {
        self.head(oneof.path(), &[]);
        self.open(&format!("oneof {}", oneof.name()));
        let options = self.options(oneof.options());
        self.option_statements(&below(oneof.path(), path::ONEOF_OPTIONS), options);
        self.statements(oneof.fields().map(Statement::Field).collect());
        self.close();
    }

    fn enumeration(&mut self, item: &EnumDescriptor) {
        self.head(item.path(), &[]);
        self.open(&format!("enum {}", item.name()));
        let options = self.options(item.options());
        self.option_statements(&below(item.path(), path::ENUM_OPTIONS), options);
        let mut values: Vec<_> = item.values().collect();
        // As they stand in the source, for the first of several names is the one that JSON has.
        values.sort_by_key(|value| value.path().to_vec());
        if self.form.proto3 {
            match values.iter().position(|value| value.number() == 0) {
                Some(zero) => values[..=zero].rotate_right(1),
                None => {
                    self.blank();
                    self.line("// No value; proto3 asks for one that is 0.");
                    self.line(&format!("{}_NotSet = 0;", item.name()));
                }
            }
        }
        for value in values {
            self.value(&value);
        }
        let ranges = item.reserved_ranges();
        let ranges = ranges.map(|range| range_text(*range.start(), *range.end()));
        let at = |number| below(item.path(), number);
        self.list_statement(
            "reserved",
            &ranges.collect::<Vec<_>>(),
            &at(path::ENUM_RESERVED),
        );
        let names = item.reserved_names().map(|name| quoted(name.as_bytes()));
        let names: Vec<_> = names.collect();
        self.list_statement("reserved", &names, &at(path::ENUM_RESERVED_NAMES));
        self.close();
    }

    fn value(&mut self, value: &EnumValueDescriptor) {
        self.head(value.path(), &[]);
        let options = self.options(value.options());
        self.with_options(&format!("{} = {}", value.name(), value.number()), options);
    }

    fn service(&mut self, service: &ServiceDescriptor) {
        self.head(service.path(), &[]);
        self.open(&format!("service {}", service.name()));
        let options = self.options(service.options());
        self.option_statements(&below(service.path(), path::SERVICE_OPTIONS), options);
        for method in service.methods() {
            self.method(&method);
        }
        self.close();
    }

    fn method(&mut self, method: &MethodDescriptor) {
        self.head(method.path(), &[]);
        let stream = |is_stream| if is_stream { "stream " } else { "" };
        let from = method.parent_service().full_name();
        let head = format!(
            "rpc {}({}{}) returns ({}{})",
            method.name(),
            stream(method.is_client_streaming()),
            self.scope.shortest(from, method.input().full_name()),
            stream(method.is_server_streaming()),
            self.scope.shortest(from, method.output().full_name()),
        );
        let mut options = self.options(method.options());
        if self.form.google_http {
            options.extend(google_http::of_method(method).map(Written::added));
        }
        if options.is_empty() {
            self.line(&format!("{head};"));
            return;
        }
        self.open(&head);
        self.option_statements(&below(method.path(), path::METHOD_OPTIONS), options);
        self.close();
    }

    /// Extensions by the blocks in which they stand, whose place has the path of them all.
    fn extends(
        &self,
        extensions: impl Iterator<Item = ExtensionDescriptor>,
        path: &[i32],
    ) -> Vec<Statement> {
        let blocks = self.places.get(path).map_or(&[][..], Vec::as_slice);
        let block_of = |extension: &ExtensionDescriptor| {
            let places = self.places.get(extension.path());
            let inside = &places?.first()?.span;
            blocks
                .iter()
                .copied()
                .find(|block| is_around(&block.span, inside))
        };
        let mut statements = Vec::<(Vec<ExtensionDescriptor>, Option<&Location>)>::new();
        for extension in extensions {
            let block = block_of(&extension);
            let extended = extension.containing_message();
            match statements.last_mut() {
                Some((others, other))
                    if *other == block && others[0].containing_message() == extended =>
                {
                    others.push(extension);
                }
                _ => statements.push((vec![extension], block)),
            }
        }
        let statements = statements.into_iter();
        statements
            .map(|(items, block)| Statement::Extend(items, block.cloned()))
            .collect()
    }

    fn extend(&mut self, extensions: &[ExtensionDescriptor], block: Option<&Location>) {
        let Some(first) = extensions.first() else {
            return;
        };
        self.blank();
        block.into_iter().for_each(|block| self.comments_of(block));
        let from = self.file.package_name().to_owned();
        let extended = first.containing_message();
        self.open(&format!(
            "extend {}",
            self.scope.shortest(&from, extended.full_name())
        ));
        for extension in extensions {
            self.head(extension.path(), &[]);
            let proto = extension.field_descriptor_proto();
            let options = self.options(extension.options());
            self.field_statement(
                proto,
                extension.cardinality(),
                &extension.kind(),
                &from,
                options,
            );
        }
        self.close();
    }

    // Fields

    fn field(&mut self, field: &FieldDescriptor) {
        let mut notes = Vec::new();
        if self.form.plain && is_only_in_json(field) {
            notes.push("In JSON alone: the number never travels.".to_owned());
        }
        // The option `debug_redact` would say it, but compilers of 2022 do not know it.
        if self.form.plain && is_secret(field) {
            notes.push("A secret, to be shown nowhere.".to_owned());
        }
        let is_required = field.cardinality() == Cardinality::Required;
        if is_required && !self.form.keeps_required() {
            notes.push("Required.".to_owned());
        }
        let kind = field.kind();
        if self.form.proto3 && is_no_zero(field) {
            let default = field.field_descriptor_proto().default_value();
            notes.push(format!("Absent it stands for `{default}`."));
        }
        let path = match kind.as_message() {
            // Compilers may know the comment as one of the message.
            Some(group) if field.is_group() && !self.has_comment(field.path()) => group.path(),
            _ => field.path(),
        };
        self.head(path, &notes);
        let proto = field.field_descriptor_proto();
        let mut options = self.options(field.options());
        if self.form.protovalidate {
            let is_demanded = is_required && !self.form.keeps_required();
            options.extend(protovalidate::of_field(field, is_demanded).map(Written::added));
        }
        if self.form.proto3 && field.is_list() && !field.is_packed() && may_be_packed(&field.kind())
        {
            options.retain(|option| option.name != "packed");
            options.push(Written::added(("packed".to_owned(), Literal::plain(false))));
        }
        let from = field.parent_message().full_name().to_owned();
        if field.is_map() {
            let Kind::Message(entry) = kind else {
                return;
            };
            let (key, value) = (entry.map_entry_key_field(), entry.map_entry_value_field());
            let head = format!(
                "map<{}, {}> {} = {}",
                self.type_name(&key.kind(), &from),
                self.type_name(&value.kind(), &from),
                field.name(),
                field.number(),
            );
            self.with_options(&head, options);
            return;
        }
        self.field_statement(proto, field.cardinality(), &kind, &from, options);
    }

    fn field_statement(
        &mut self,
        proto: &FieldDescriptorProto,
        cardinality: Cardinality,
        kind: &Kind,
        from: &str,
        options: Options,
    ) {
        let label = match cardinality {
            Cardinality::Repeated => "repeated ",
            Cardinality::Required if self.form.keeps_required() => "required ",
            Cardinality::Required => "optional ",
            Cardinality::Optional => self.optional(proto),
        };
        let mut pseudo = Options::new();
        if proto.default_value.is_some() && !self.form.proto3 {
            pseudo.push(Written::added(("default".to_owned(), default(proto, kind))));
        }
        if proto
            .json_name
            .as_deref()
            .is_some_and(|name| name != default_json_name(proto.name()))
        {
            let name = Literal::text(proto.json_name());
            pseudo.push(Written::added(("json_name".to_owned(), name)));
        }
        pseudo.extend(options);
        if proto.r#type() == Type::Group
            && !self.form.proto3
            && let Kind::Message(group) = kind
        {
            let head = format!("{label}group {} = {}", group.name(), proto.number());
            self.open(&bracketed(&head, &pseudo, WIDTH));
            self.message_body(group);
            self.close();
            return;
        }
        let type_name = self.type_name(kind, from);
        let head = format!("{label}{type_name} {} = {}", proto.name(), proto.number());
        self.with_options(&head, pseudo);
    }

    /// The label of a field that is neither required nor a list.
    fn optional(&self, proto: &FieldDescriptorProto) -> &'static str {
        let is_in_oneof = proto.oneof_index.is_some() && !proto.proto3_optional();
        let is_proto3 = self.file.syntax() != Syntax::Proto2;
        if is_in_oneof || (is_proto3 && !proto.proto3_optional()) {
            return "";
        }
        "optional "
    }

    fn type_name(&self, kind: &Kind, from: &str) -> String {
        match kind {
            Kind::Message(message) => self.scope.shortest(from, message.full_name()),
            Kind::Enum(item) => self.scope.shortest(from, item.full_name()),
            scalar => type_name(scalar),
        }
    }

    // Options

    /// The options that a part of the schema has, in this form.
    fn options(&self, options: DynamicMessage) -> Options {
        let mut written = Options::new();
        let mut write = |name: String, path: &[u32], value: &Value, kind: &Kind| {
            let path = path.iter().filter_map(|number| i32::try_from(*number).ok());
            let path: Vec<_> = path.collect();
            match value.as_list() {
                // Each element is a statement of its own.
                Some(values) => written.extend((0..).zip(values).map(|(index, value)| Written {
                    name: name.clone(),
                    value: Literal::of_value(value, kind),
                    path: below(&path, index),
                })),
                None => written.push(Written {
                    name,
                    value: Literal::of_value(value, kind),
                    path,
                }),
            }
        };
        for (field, value) in options.fields() {
            write(
                field.name().to_owned(),
                &[field.number()],
                value,
                &field.kind(),
            );
        }
        if !self.form.plain {
            for (extension, value) in options.extensions() {
                let from = self.file.package_name();
                let name = self.scope.shortest(from, extension.full_name());
                let name = format!("({name})");
                match value.as_message().filter(|_| !extension.is_list()) {
                    Some(message) if message.fields().next().is_some() => {
                        for (field, value) in message.fields() {
                            let path = [extension.number(), field.number()];
                            write(
                                format!("{name}.{}", field.name()),
                                &path,
                                value,
                                &field.kind(),
                            );
                        }
                    }
                    _ => write(name, &[extension.number()], value, &extension.kind()),
                }
            }
        }
        written
    }

    fn option_statements(&mut self, path: &[i32], options: Options) {
        for option in options {
            if !option.path.is_empty() {
                let path = [path, &option.path].concat();
                if self.has_comment(&path) {
                    self.blank();
                    self.comments(&path);
                }
            }
            let head = format!("option {} = ", option.name);
            let room = self.room(head.chars().count() + 1);
            self.line(&format!("{head}{};", option.value.lines(room)));
        }
    }

    /// A statement with options in brackets.
    fn with_options(&mut self, head: &str, options: Options) {
        let room = self.room(1);
        self.line(&format!("{};", bracketed(head, &options, room)));
    }

    /// How much of a line is left beside its indent and so many characters.
    fn room(&self, taken: usize) -> usize {
        WIDTH.saturating_sub(self.depth * INDENT.len() + taken)
    }

    // Lines

    /// What stands above a statement: a blank line where there is a comment or a block before, the
    /// comments, and notes of the form.
    fn head(&mut self, path: &[i32], notes: &[String]) {
        let has_comment = self.has_comment(path);
        if has_comment || !notes.is_empty() || self.text.ends_with("}\n") {
            self.blank();
        }
        self.comments(path);
        if has_comment && !notes.is_empty() {
            self.line("//");
        }
        for note in notes {
            self.line(&format!("// {note}"));
        }
    }

    fn has_comment(&self, path: &[i32]) -> bool {
        let places = self.places.get(path);
        places.into_iter().flatten().any(|place| has_comment(place))
    }

    fn comments(&mut self, path: &[i32]) {
        let places = self.places.get(path).cloned().unwrap_or_default();
        places.into_iter().for_each(|place| self.comments_of(place));
    }

    fn comments_of(&mut self, place: &Location) {
        for detached in &place.leading_detached_comments {
            self.comment(detached);
            self.line("");
        }
        for comment in [place.leading_comments(), place.trailing_comments()] {
            if !comment.is_empty() {
                self.comment(comment);
            }
        }
    }

    fn comment(&mut self, text: &str) {
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            self.line(format!("//{line}").trim_end());
        }
    }

    fn open(&mut self, head: &str) {
        self.line(&format!("{head} {{"));
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth -= 1;
        let empty = self.text.trim_end_matches(' ');
        if empty.ends_with("{\n") {
            self.text.truncate(empty.len() - 1);
            self.text.push_str("}\n");
        } else {
            self.line("}");
        }
    }

    /// A blank line, but at the head of the file and of what braces hold.
    fn blank(&mut self) {
        let is_first = self.text.is_empty() || self.text.ends_with("{\n");
        if !is_first && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn line(&mut self, text: &str) {
        for line in text.split('\n') {
            if !line.is_empty() {
                for _ in 0..self.depth {
                    self.text.push_str(INDENT);
                }
                self.text.push_str(line);
            }
            self.text.push('\n');
        }
    }
}

/// `head [a = 1, b = 2]`, on several lines where it does not fit into one.
fn bracketed(head: &str, options: &Options, room: usize) -> String {
    if options.is_empty() {
        return head.to_owned();
    }
    let options: Vec<_> = options
        .iter()
        .map(|option| (format!("{} = ", option.name), &option.value))
        .collect();
    let on_one: Vec<_> = options
        .iter()
        .map(|(name, value)| format!("{name}{}", value.line()))
        .collect();
    let line = format!("{head} [{}]", on_one.join(", "));
    if line.chars().count() <= room {
        return line;
    }
    let lines = options.iter().map(|(name, value)| {
        let room = room.saturating_sub(INDENT.len() + name.chars().count());
        let value = value.lines(room).replace('\n', &format!("\n{INDENT}"));
        format!("{INDENT}{name}{value}")
    });
    format!("{head} [\n{}\n]", lines.collect::<Vec<_>>().join(",\n"))
}

fn has_comment(place: &Location) -> bool {
    !place.leading_detached_comments.is_empty()
        || !place.leading_comments().is_empty()
        || !place.trailing_comments().is_empty()
}

/// Whether a span, of source info, has another in it: lines and columns, without the last line where it is
/// the first.
fn is_around(outer: &[i32], inner: &[i32]) -> bool {
    let ends = |span: &[i32]| match *span {
        [line, start, end] => Some(((line, start), (line, end))),
        [first, start, last, end] => Some(((first, start), (last, end))),
        _ => None,
    };
    let (Some(outer), Some(inner)) = (ends(outer), ends(inner)) else {
        return false;
    };
    outer.0 <= inner.0 && inner.1 <= outer.1
}

/// A path one step longer.
fn below(path: &[i32], step: i32) -> Vec<i32> {
    [path, &[step]].concat()
}

/// The oneof that a field stands in; none of its own, which is how `optional` is said in proto3.
fn real_oneof(field: &FieldDescriptor) -> Option<OneofDescriptor> {
    field
        .containing_oneof()
        .filter(|oneof| !oneof.is_synthetic())
}

/// Whether a field has a default that is not what proto3 takes for absent.
fn is_no_zero(field: &FieldDescriptor) -> bool {
    let stated = field.field_descriptor_proto().default_value.is_some();
    stated
        && match (field.kind(), field.default_value()) {
            (Kind::Enum(_), Value::EnumNumber(number)) => number != 0,
            (_, Value::Bool(value)) => value,
            (_, Value::I32(value)) => value != 0,
            (_, Value::I64(value)) => value != 0,
            (_, Value::U32(value)) => value != 0,
            (_, Value::U64(value)) => value != 0,
            (_, Value::String(text)) => !text.is_empty(),
            (_, Value::Bytes(bytes)) => !bytes.is_empty(),
            _ => true,
        }
}

fn may_be_packed(kind: &Kind) -> bool {
    !matches!(kind, Kind::String | Kind::Bytes | Kind::Message(_))
}

fn range_text<N: PartialEq + std::fmt::Display + Into<i64> + Copy>(start: N, last: N) -> String {
    /// The greatest number of a field; for an enum that of its type.
    const LAST: [i64; 2] = [536_870_911, i32::MAX as i64];
    if start == last {
        start.to_string()
    } else if LAST.contains(&last.into()) {
        format!("{start} to max")
    } else {
        format!("{start} to {last}")
    }
}

/// The default as a literal: a text in quotes, everything else as the descriptor has it.
fn default(proto: &FieldDescriptorProto, kind: &Kind) -> Literal {
    match kind {
        Kind::String => Literal::text(proto.default_value()),
        // It is escaped already.
        Kind::Bytes => Literal::Plain(format!("\"{}\"", proto.default_value())),
        _ => Literal::plain(proto.default_value()),
    }
}
