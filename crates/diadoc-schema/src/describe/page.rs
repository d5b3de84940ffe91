//! A description as a manual page.

use std::fmt;

use diadoc_core::Language;

use super::comment::{blocks, is_item};
use super::words::{ENGLISH, Words};
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
        f.write_str(&self.page(Language::English))
    }
}

impl Description {
    /// The manual page in that language. In Russian a field, a value or a parameter has its title in the place
    /// of its comment, which is English, as are rules.
    pub fn page(&self, language: Language) -> String {
        let mut page = Page {
            text: String::new(),
            language,
            words: Words::of(language),
        };
        let words = page.words;
        page.heading(words.name);
        let mut head = format!("{} - {}", self.name, self.kind.phrase(language));
        page.deprecated(&mut head, self.deprecated);
        page.text(STEP, &head);
        if let Some(title) = &self.title {
            page.text(STEP, title);
        }

        if !self.comment.is_empty() {
            page.heading(words.description);
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
                page.heading(words.fields);
                for (place, field) in self.fields.iter().enumerate() {
                    page.blank(place > 0);
                    page.field(field);
                }
                if self.fields.is_empty() {
                    page.text(STEP, words.none);
                }
            }
            ItemKind::Enum => {
                page.heading(words.values);
                for (place, value) in self.values.iter().enumerate() {
                    page.blank(place > 0);
                    page.value(value);
                }
            }
        }

        if !self.rules.is_empty() {
            page.heading(words.rules);
            self.rules.iter().for_each(|rule| page.text(STEP, rule));
        }

        page.heading(words.place);
        page.fact(words.package, &self.package);
        page.fact(words.file, &self.file);
        let rust = match (self.kind, self.rust.rsplit_once('.')) {
            (ItemKind::Field, Some((owner, field))) => words
                .rust_field
                .replacen("{}", owner, 1)
                .replacen("{}", field, 1),
            _ => self.rust.clone(),
        };
        page.fact(words.rust, &rust);

        if !self.used_by.is_empty() {
            page.heading(words.used_by);
            for name in &self.used_by {
                page.text(STEP, short_name(name));
            }
        }
        if !self.methods.is_empty() {
            page.heading(words.methods);
            for name in &self.methods {
                page.text(STEP, name);
            }
        }
        page.text
    }
}

impl Words {
    /// What the English says, in this language.
    fn phrase(&self, english: &'static str) -> &'static str {
        let all = [
            (ENGLISH.required, self.required),
            (ENGLISH.optional, self.optional),
            (ENGLISH.repeated, self.repeated),
            (ENGLISH.with_commas, self.with_commas),
            (ENGLISH.no_side_effects, self.no_side_effects),
            (ENGLISH.idempotent, self.idempotent),
            (ENGLISH.unstated, self.unstated),
        ];
        let found = all.into_iter().find(|(one, _)| *one == english);
        found.map_or(english, |(_, phrase)| phrase)
    }
}

struct Page {
    text: String,
    language: Language,
    words: &'static Words,
}

impl Page {
    fn heading(&mut self, heading: &str) {
        self.blank(!self.text.is_empty());
        self.line(0, heading);
    }

    fn blank(&mut self, wanted: bool) {
        if wanted {
            self.text.push('\n');
        }
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.text.push_str(&" ".repeat(indent));
        self.text.push_str(text);
        self.text.push('\n');
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

    fn deprecated(&self, head: &mut String, is_deprecated: bool) {
        if is_deprecated {
            *head += ", ";
            *head += self.words.deprecated;
        }
    }

    fn default(&self, default: &str) -> String {
        match default {
            "" => self.words.empty.to_owned(),
            default => default.to_owned(),
        }
    }

    /// What an element is, in this language; English comments stand where no title does.
    fn about<'t>(&self, title: Option<&'t String>, comment: &'t str) -> &'t str {
        match (self.language, title) {
            (Language::Russian, Some(title)) => title,
            _ => comment,
        }
    }

    fn rules(&mut self, rules: &[String]) {
        if let Some(sentence) = rules_sentence(rules, self.words) {
            self.text(2 * STEP, &sentence);
        }
    }

    /// A field in the list of its message.
    fn field(&mut self, field: &FieldDescription) {
        let words = self.words;
        let mut head = format!(
            "{}{}, {} {}",
            field.name,
            match field.number {
                Some(number) => format!(" = {number}"),
                None => format!(", {}", words.only_json),
            },
            words.phrase(field.label),
            short_name(&field.type_name)
        );
        if field.json_name != field.name {
            head += ", ";
            head += &words.key.replace("{}", &field.json_name);
        }
        self.head(head, field.default.as_deref(), field.deprecated);
        self.text(2 * STEP, self.about(field.title.as_ref(), &field.summary));
        self.rules(&field.rules);
    }

    fn value(&mut self, value: &ValueDescription) {
        let mut head = format!("{} = {}", value.name, value.number);
        if let Some(first) = &value.alias_of {
            head += ", ";
            head += &self.words.alias.replace("{}", first);
        }
        self.head(head, None, value.deprecated);
        self.text(2 * STEP, self.about(value.title.as_ref(), &value.summary));
    }

    /// What an element is called, its default, and whether it is deprecated.
    fn head(&mut self, mut head: String, default: Option<&str>, is_deprecated: bool) {
        if let Some(default) = default {
            head += ", ";
            head += &self.words.default.replace("{}", &self.default(default));
        }
        self.deprecated(&mut head, is_deprecated);
        self.wrapped(STEP, STEP / 2, &head);
    }

    /// The page of a field itself.
    fn field_facts(&mut self, field: &FieldDescription) {
        let words = self.words;
        self.heading(words.field);
        let label = words.phrase(field.label);
        self.fact(
            words.kind,
            &format!("{label} {}", short_name(&field.type_name)),
        );
        let number = field.number.map(|number| number.to_string());
        self.fact(words.number, number.as_deref().unwrap_or(words.no_number));
        self.fact(words.in_json, &field.json_name);
        if let Some(default) = &field.default {
            let default = self.default(default);
            self.fact(words.default.trim_end_matches(" {}"), &default);
        }
    }

    fn method(&mut self, method: &MethodDescription) {
        let words = self.words;
        self.heading(words.request);
        self.line(STEP, &format!("{} {}", method.verb, method.path));
        let (bodies, parameters): (Vec<_>, Vec<_>) = method
            .parameters
            .iter()
            .partition(|parameter| parameter.place == "body");
        for (heading, parameters) in [(words.parameters, parameters), (words.body, bodies)] {
            if !parameters.is_empty() {
                self.heading(heading);
            }
            for (place, parameter) in parameters.into_iter().enumerate() {
                self.blank(place > 0);
                self.parameter(parameter);
            }
        }

        self.heading(words.answer);
        let response = match method.response.as_str() {
            "bytes" => words.bytes,
            "text" => words.text,
            "nothing" => words.nothing,
            message => short_name(message),
        };
        self.text(STEP, response);
        let mut say = |sentence: &str, value: &str| {
            self.text(STEP, &sentence.replace("{}", value));
        };
        if let Some(status) = method.absent {
            say(words.absent, &status.to_string());
        }
        for pending in &method.pending {
            say(words.pending, pending);
        }
        if let Some(poll_with) = &method.poll_with {
            say(words.task, poll_with);
        }
        if let Some(paging) = &method.paging {
            say(words.pages, paging);
        }

        self.heading(words.usage);
        let repeat = words.phrase(method.repeat);
        self.text(STEP, &words.repeat.replace("{}", repeat));
        if method.anonymous {
            self.text(STEP, words.anonymous);
        }
        if let Some(news) = &method.news {
            self.text(STEP, &words.given_up.replace("{}", news));
        }
    }

    fn parameter(&mut self, parameter: &ParameterDescription) {
        let words = self.words;
        let mut head = format!(
            "{}, {} {}",
            parameter.name,
            words.phrase(parameter.label),
            short_name(&parameter.type_name)
        );
        if let Some(header) = parameter.place.strip_prefix("header ") {
            head += ", ";
            head += &words.in_header.replace("{}", header);
        }
        self.head(head, parameter.default.as_deref(), false);
        let about = self
            .about(parameter.title.as_ref(), &parameter.comment)
            .to_owned();
        self.comment(2 * STEP, &about);
        self.rules(&parameter.rules);
    }

    fn value_facts(&mut self, value: &ValueDescription) {
        self.heading(self.words.value);
        self.fact(self.words.number, &value.number.to_string());
        self.fact(
            self.words.in_json,
            value.alias_of.as_ref().unwrap_or(&value.name),
        );
    }
}
