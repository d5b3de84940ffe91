//! A description as a manual page.

use std::fmt;

use super::comment::{blocks, is_item};
use super::{
    Description, FieldDescription, ItemKind, MethodDescription, ParameterDescription,
    ValueDescription, rules_sentence,
};
use crate::names::short_name;

/// No line is longer, unless a single word is.
const WIDTH: usize = 100;
const STEP: usize = 4;

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut page = Page(String::new());
        page.heading("NAME");
        let deprecated = if self.deprecated { ", deprecated" } else { "" };
        page.text(STEP, &format!("{} - {}{deprecated}", self.name, self.kind));

        if !self.comment.is_empty() {
            page.heading("DESCRIPTION");
            page.comment(STEP, &self.comment);
        }
        match self.kind {
            ItemKind::Method => {
                if let Some(method) = &self.method {
                    page.method(method);
                }
            }
            ItemKind::Field => self.fields.iter().for_each(|field| page.field_facts(field)),
            ItemKind::Value => self.values.iter().for_each(|value| page.value_facts(value)),
            ItemKind::Message => {
                page.heading("FIELDS");
                for (place, field) in self.fields.iter().enumerate() {
                    page.blank(place > 0);
                    page.field(field);
                }
                if self.fields.is_empty() {
                    page.text(STEP, "(none)");
                }
            }
            ItemKind::Enum => {
                page.heading("VALUES");
                for (place, value) in self.values.iter().enumerate() {
                    page.blank(place > 0);
                    page.value(value);
                }
            }
        }

        if !self.rules.is_empty() {
            page.heading("RULES");
            self.rules.iter().for_each(|rule| page.text(STEP, rule));
        }

        page.heading("WHERE");
        page.fact("package", &self.package);
        page.fact("file", &self.file);
        let rust = match (self.kind, self.rust.rsplit_once('.')) {
            (ItemKind::Field, Some((owner, field))) => format!("{owner}, field {field}"),
            _ => self.rust.clone(),
        };
        page.fact("Rust", &rust);

        if !self.used_by.is_empty() {
            page.heading("USED BY");
            for name in &self.used_by {
                page.text(STEP, short_name(name));
            }
        }
        if !self.methods.is_empty() {
            page.heading("METHODS");
            for name in &self.methods {
                page.text(STEP, name);
            }
        }
        f.write_str(&page.0)
    }
}

struct Page(String);

impl Page {
    fn heading(&mut self, heading: &str) {
        self.blank(!self.0.is_empty());
        self.line(0, heading);
    }

    fn blank(&mut self, wanted: bool) {
        if wanted {
            self.0.push('\n');
        }
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.0.push_str(&" ".repeat(indent));
        self.0.push_str(text);
        self.0.push('\n');
    }

    /// A text, wrapped; the items of a list hang.
    fn text(&mut self, indent: usize, text: &str) {
        self.wrapped(indent, if is_item(text) { 2 } else { 0 }, text);
    }

    /// A text, wrapped; lines after the first are indented by that much more.
    fn wrapped(&mut self, indent: usize, hang: usize, text: &str) {
        let (mut line, mut width, mut at) = (String::new(), 0, indent);
        for word in text.split_whitespace() {
            let letters = word.chars().count();
            if width > 0 && at + width + 1 + letters > WIDTH {
                self.line(at, &line);
                (line, width, at) = (String::new(), 0, indent + hang);
            }
            if width > 0 {
                line.push(' ');
                width += 1;
            }
            line.push_str(word);
            width += letters;
        }
        if width > 0 {
            self.line(at, &line);
        }
    }

    fn comment(&mut self, indent: usize, comment: &str) {
        for (place, block) in blocks(comment).iter().enumerate() {
            self.blank(place > 0 && !is_item(block));
            self.text(indent, block);
        }
    }

    /// A name and what it is, in two columns.
    fn fact(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        self.line(STEP, &format!("{name:<9} {value}"));
    }

    /// A field in the list of its message.
    fn field(&mut self, field: &FieldDescription) {
        let mut head = format!(
            "{}{}, {} {}",
            field.name,
            match field.number {
                Some(number) => format!(" = {number}"),
                None => ", only in JSON".to_owned(),
            },
            field.label,
            short_name(&field.type_name)
        );
        if field.json_name != field.name {
            head += &format!(", in JSON {}", field.json_name);
        }
        if let Some(default) = &field.default {
            head += &format!(", default {}", shown(default));
        }
        if field.deprecated {
            head += ", deprecated";
        }
        self.wrapped(STEP, STEP / 2, &head);
        self.text(2 * STEP, &field.summary);
        if let Some(rules) = rules_sentence(&field.rules) {
            self.text(2 * STEP, &rules);
        }
    }

    fn value(&mut self, value: &ValueDescription) {
        let mut head = format!("{} = {}", value.name, value.number);
        if let Some(first) = &value.alias_of {
            head += &format!(", another name of {first}, which JSON writes");
        }
        if value.deprecated {
            head += ", deprecated";
        }
        self.wrapped(STEP, STEP / 2, &head);
        self.text(2 * STEP, &value.summary);
    }

    /// The page of a field itself.
    fn field_facts(&mut self, field: &FieldDescription) {
        self.heading("FIELD");
        self.fact(
            "type",
            &format!("{} {}", field.label, short_name(&field.type_name)),
        );
        let number = field.number.map(|number| number.to_string());
        self.fact(
            "number",
            &number.unwrap_or("none, only JSON has the field".to_owned()),
        );
        self.fact("JSON", &field.json_name);
        if let Some(default) = &field.default {
            self.fact("default", &shown(default));
        }
    }

    fn method(&mut self, method: &MethodDescription) {
        self.heading("REQUEST");
        self.line(STEP, &format!("{} {}", method.verb, method.path));
        let (bodies, parameters): (Vec<_>, Vec<_>) = method
            .parameters
            .iter()
            .partition(|parameter| parameter.place == "body");
        for (heading, parameters) in [("PARAMETERS", parameters), ("BODY", bodies)] {
            if !parameters.is_empty() {
                self.heading(heading);
            }
            for (place, parameter) in parameters.into_iter().enumerate() {
                self.blank(place > 0);
                self.parameter(parameter);
            }
        }

        self.heading("ANSWER");
        self.text(STEP, short_name(&method.response));
        if let Some(status) = method.absent {
            self.text(
                STEP,
                &format!("Status {status}: there is nothing to answer with."),
            );
        }
        for pending in &method.pending {
            self.text(STEP, &format!("Not ready yet: {pending}."));
        }
        if let Some(poll_with) = &method.poll_with {
            let text = format!("Starts a task; ask for its outcome with {poll_with}.");
            self.text(STEP, &text);
        }
        if let Some(paging) = &method.paging {
            self.text(STEP, &format!("Pages: {paging}."));
        }

        self.heading("USE");
        self.text(STEP, &format!("The request {}.", method.repeat));
        if method.anonymous {
            self.text(STEP, "It needs no token of a user.");
        }
        if let Some(news) = &method.news {
            self.text(STEP, &format!("Do not begin with it: {news}."));
        }
    }

    fn parameter(&mut self, parameter: &ParameterDescription) {
        let mut head = format!(
            "{}, {} {}",
            parameter.name,
            parameter.label,
            short_name(&parameter.type_name)
        );
        if parameter.place.starts_with("header ") {
            head += &format!(", {}", parameter.place);
        }
        if let Some(default) = &parameter.default {
            head += &format!(", default {}", shown(default));
        }
        self.wrapped(STEP, STEP / 2, &head);
        self.comment(2 * STEP, &parameter.comment);
        if let Some(rules) = rules_sentence(&parameter.rules) {
            self.text(2 * STEP, &rules);
        }
    }

    fn value_facts(&mut self, value: &ValueDescription) {
        self.heading("VALUE");
        self.fact("number", &value.number.to_string());
        self.fact("JSON", value.alias_of.as_ref().unwrap_or(&value.name));
    }
}

fn shown(default: &str) -> String {
    if default.is_empty() {
        "\"\" (empty)".to_owned()
    } else {
        default.to_owned()
    }
}
