//! Bodies that are valid, to start from or to test with.

mod repair;

use std::borrow::Cow;

use diadoc_core::rules::{Demand, FieldRule, FieldValue, MessageRule, Texts};
use diadoc_core::{Language, base64};
use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value};

use crate::ContentKind;
use crate::contents::due;
use crate::enums::{first_name, members, unknown_member};
use crate::field_rules::{check, content_kind, field_rules, message_rules, must_be_set};

/// How much an example holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Example {
    /// The required fields only, and lists that must have elements.
    Minimal,
    /// Every field, lists with one element. A message inside another of its own type holds its
    /// required fields only, or is left out.
    Full,
    /// The required fields, some of the others, and other values for each seed. The same seed gives
    /// the same body in one version of this crate.
    Random(u64),
}

/// How deep messages lie in each other; required fields go as deep as they must.
const MAX_DEPTH: usize = 24;
/// Where a schema requires a message inside itself, no body is valid; this ends the search for one.
const MAX_REQUIRED_DEPTH: usize = 64;
/// After so many values only required fields follow.
const FULL_BUDGET: usize = 50_000;
const RANDOM_BUDGET: usize = 1_000;

/// A valid body of a message in Diadoc's JSON.
///
/// Sample values follow the rules of the fields, and their names where there is no rule: ids of
/// boxes look like ids of boxes, ticks like moments.
///
/// ```
/// use diadoc_schema::{Example, Schema, example};
/// use serde_json::json;
///
/// let message = Schema::diadoc().message("Diadoc.Api.Proto.DocumentId")?;
/// assert_eq!(
///     example(&message, Example::Minimal),
///     json!({
///         "MessageId": "bcd62464-5b5d-44ff-93b0-ec6981b7cefe",
///         "EntityId": "9b4a541e-68e3-4c6f-b5a0-6009f906d554",
///     }),
/// );
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn example(message: &MessageDescriptor, kind: Example) -> Value {
    let (random, budget) = match kind {
        Example::Random(seed) => (Some(SplitMix64(seed)), RANDOM_BUDGET),
        Example::Minimal | Example::Full => (None, FULL_BUDGET),
    };
    let mut maker = Maker {
        random,
        budget,
        open: Vec::new(),
        documents: None,
    };
    let mut body = maker.message(message, kind == Example::Minimal);
    maker.repair(message, &mut body);
    body
}

struct Maker {
    random: Option<SplitMix64>,
    budget: usize,
    /// The full names of the messages around the current one.
    open: Vec<String>,
    /// What the documents of the current message are, where they are no files of any kind.
    documents: Option<ContentKind>,
}

impl Maker {
    fn message(&mut self, message: &MessageDescriptor, minimal: bool) -> Value {
        let mut body = Map::new();
        if self.open.len() >= MAX_REQUIRED_DEPTH {
            return body.into();
        }
        self.open.push(message.full_name().to_owned());
        let fields: Vec<_> = message.fields().collect();
        for (field, chosen) in fields.iter().zip(self.choose(message, &fields, minimal)) {
            if chosen {
                let value = self.field(field, minimal);
                body.insert(field.json_name().to_owned(), value);
            }
        }
        self.open.pop();
        body.into()
    }

    /// Which fields to set, so that the rules of the message hold.
    fn choose(
        &mut self,
        message: &MessageDescriptor,
        fields: &[FieldDescriptor],
        minimal: bool,
    ) -> Vec<bool> {
        let mut chosen: Vec<_> = fields
            .iter()
            .map(|field| must_be_set(field) || (!minimal && self.wants(field)))
            .collect();
        // The others are kept to once the body is there.
        let rules: Vec<_> = message_rules(message)
            .into_iter()
            .filter(MessageRule::is_plain)
            .filter_map(|rule| match rule.demand {
                Demand::Given(quantity) => Some((quantity, rule.fields)),
                Demand::Differ | Demand::Format(_) => None,
            })
            .collect();
        let set_of = |names: &Texts, chosen: &[bool]| {
            let is_set = |name: &&Cow<'static, str>| {
                let mut names = fields.iter();
                let place = names.position(|field| field.name() == name.as_ref());
                place.is_some_and(|place| chosen[place])
            };
            names.iter().filter(is_set).count()
        };
        // How many fields too few or too many are set.
        let violations = |chosen: &[bool]| {
            let misses = rules
                .iter()
                .map(|(quantity, names)| quantity.misses(set_of(names, chosen)));
            misses.sum::<usize>()
        };
        // Drop or set one field after the other, for as long as that mends something. Of fields that
        // exclude each other the first stays.
        let mut left = violations(&chosen);
        while left > 0 {
            let before = left;
            let (set, unset): (Vec<_>, Vec<_>) =
                (0..fields.len()).partition(|place| chosen[*place]);
            for place in set.into_iter().rev().chain(unset) {
                if must_be_set(&fields[place]) {
                    continue;
                }
                chosen[place] = !chosen[place];
                let now = violations(&chosen);
                if now < left {
                    left = now;
                } else {
                    chosen[place] = !chosen[place];
                }
            }
            if left == before {
                break;
            }
        }
        chosen
    }

    /// Whether to set a field that may be left out.
    fn wants(&mut self, field: &FieldDescriptor) -> bool {
        if self.budget == 0 {
            return false;
        }
        let inner = field.kind().as_message().cloned();
        if inner.as_ref().is_some_and(|inner| self.is_too_deep(inner)) {
            return false;
        }
        let depth = self.open.len() as u64;
        match &mut self.random {
            // The deeper, the fewer.
            Some(random) if inner.is_some() => random.below(1 + depth) == 0,
            Some(random) => random.below(2) == 0,
            None => true,
        }
    }

    fn is_too_deep(&self, message: &MessageDescriptor) -> bool {
        self.open.len() >= MAX_DEPTH || self.open.iter().any(|open| open == message.full_name())
    }

    fn field(&mut self, field: &FieldDescriptor, minimal: bool) -> Value {
        if !field.is_list() {
            return self.value(field, minimal);
        }
        let wanted = match &mut self.random {
            Some(random) => 1 + random.below(3) as usize,
            None => 1,
        };
        let fits = |items: &usize| check(field, FieldValue::Items(*items)).is_empty();
        let items = (wanted..64).chain(0..wanted).find(fits).unwrap_or(wanted);
        (0..items).map(|_| self.value(field, minimal)).collect()
    }

    fn value(&mut self, field: &FieldDescriptor, minimal: bool) -> Value {
        self.budget = self.budget.saturating_sub(1);
        match field.kind() {
            Kind::Message(inner) => {
                let minimal = minimal || self.budget == 0 || self.is_too_deep(&inner);
                let outside = std::mem::replace(&mut self.documents, content_kind(field));
                let value = self.message(&inner, minimal);
                self.documents = outside;
                value
            }
            Kind::Enum(item) => self.member(&item),
            Kind::Bool => match &mut self.random {
                Some(random) => (random.below(2) == 1).into(),
                None => (!minimal).into(),
            },
            Kind::String => self.text(field).into(),
            Kind::Bytes => base64::encode_to_string(&self.bytes(field)).into(),
            Kind::Float | Kind::Double => 1.5.into(),
            _ => self.integer(field).into(),
        }
    }

    /// What the schema says the bytes are, at least in its first bytes.
    fn bytes(&mut self, field: &FieldDescriptor) -> Vec<u8> {
        let kind = due(content_kind(field), self.documents);
        let mut bytes = match (kind, &self.random) {
            (None, Some(_)) => Vec::new(),
            (None, None) => b"Sample".to_vec(),
            (Some(kind), _) => kind.sample().to_vec(),
        };
        if let Some(random) = &mut self.random
            && !matches!(kind, Some(ContentKind::Text | ContentKind::Xml))
        {
            // A required content may not be empty.
            let count = random.below(24).max(1);
            bytes.extend((0..count).map(|_| random.next() as u8));
        }
        bytes
    }

    /// The name of a member that means something, where there is one.
    fn member(&mut self, item: &EnumDescriptor) -> Value {
        let unknown = unknown_member(item);
        let mut names: Vec<_> = members(item)
            .filter_map(|(_, number)| first_name(item, number))
            // An example that is called unknown tells nobody anything, whatever it means.
            .filter(|name| Some(*name) != unknown && !name.starts_with("Unknown"))
            .collect();
        let place = match &mut self.random {
            Some(random) if !names.is_empty() => random.index(names.len()),
            _ => 0,
        };
        if place < names.len() {
            names.swap_remove(place).into()
        } else {
            unknown.into()
        }
    }

    fn integer(&mut self, field: &FieldDescriptor) -> i64 {
        let wide = matches!(field.kind(), Kind::Sfixed64 | Kind::Int64 | Kind::Sint64);
        let moment = wide && (field.name().contains("Ticks") || field.kind() == Kind::Sfixed64);
        let mut samples = Vec::new();
        if let Some(random) = &mut self.random {
            // The moments of about twenty years.
            samples.push(match moment {
                true => 632_000_000_000_000_000 + random.below(6_300_000_000_000_000) as i64,
                false => random.below(1_000) as i64,
            });
        }
        samples.push(if moment { 638_884_242_433_705_569 } else { 1 });
        samples.extend([100, 643, 10, 0, -1, 2, 3, 4, 5, 8, 2025]);
        samples.extend(field_rules(field).iter().flat_map(FieldRule::integers));
        let fits = |sample: &i64| check(field, FieldValue::Integer(*sample)).is_empty();
        samples.into_iter().find(fits).unwrap_or(1)
    }

    fn text(&mut self, field: &FieldDescriptor) -> String {
        let mut samples = Vec::new();
        let fixed = fixed_samples(field.name());
        if let Some(random) = &mut self.random {
            match fixed.first() {
                Some(sample) => samples.push(random.like(sample)),
                None => {
                    let number = random.below(1_000_000);
                    samples.extend([format!("sample {number}"), format!("Sample{number}")]);
                }
            }
        }
        samples.extend(fixed.iter().map(|sample| (*sample).to_owned()));
        let name = field.name();
        samples.extend([format!("sample {name}"), format!("Sample{name}")]);
        let rules = field_rules(field);
        let ruled = rules.iter().flat_map(FieldRule::samples);
        samples.extend(ruled.map(str::to_owned));
        let fits = |sample: &String| {
            let mut violations = rules
                .iter()
                .filter_map(|rule| rule.check(FieldValue::Text(sample), Language::English));
            violations.next().is_none()
        };
        samples
            .into_iter()
            .chain(OTHERS.iter().map(|sample| (*sample).to_owned()))
            .chain((1..=64).map(|length| "1".repeat(length)))
            .find(fits)
            .unwrap_or_default()
    }
}

const GUID: &str = "bcd62464-5b5d-44ff-93b0-ec6981b7cefe";
const BOX_ID: &str = "09ae254c5cd0408284de7ccb46d86f82@diadoc.ru";
const DATES: &[&str] = &["18.07.2025", "2025-07-18", "2025-07-18T00:00:00.0000000Z"];

/// For fields whose rules want another form than their name promises.
const OTHERS: &[&str] = &[
    GUID,
    BOX_ID,
    "09ae254c-5cd0-4082-84de-7ccb46d86f82",
    "2025-07-18",
    "08:30:43",
    "08.30.43",
    "EE67A684C341A0B1F48C0135ECED866A67EFA1E1",
    "643",
    "RU",
    "100.00",
    "user@example.com",
    "https://example.com/",
    "sample",
    "",
];

/// Values by the end of a field's name; the first that fits is taken.
#[rustfmt::skip]
const BY_NAME: &[(&[&str], &[&str])] = &[
    (&["BoxId", "BoxIds"], &[BOX_ID]),
    (&["TypeNamedId", "DocumentTypeNamedIds"], &["UniversalTransferDocument"]),
    (&["FilterCategory", "filterCategory"], &["Any.Inbound"]),
    (&["StatusNamedId"], &["IsNotAttached"]),
    (&["ContentTypeId"], &["utd970_05_03_01"]),
    (&["FnsParticipantId"], &["2BM-9500000005-950001001-202501010000000000000"]),
    (&["RegistrationNumber"], &["4a6c86ae-0f51-4353-afd0-132c02e72d07"]),
    (&["CustomDocumentId", "CustomId", "CustomDocumentIds"], &["order-1042"]),
    (&["EntityId", "EntityIds"], &["9b4a541e-68e3-4c6f-b5a0-6009f906d554"]),
    (&["DepartmentId", "DepartmentIds"], &["00000000-0000-0000-0000-000000000000"]),
    (&["Id", "Ids", "Guid", "IdList"], &[GUID]),
    (&["IndexKey"], &["0210E18CEC96D6BAF1EE08"]),
    (&["Inn", "INN"], &["9500000005", "500100732259"]),
    (&["Kpp", "KPP"], &["950001001"]),
    (&["Ogrn", "OGRN"], &["1029500000001"]),
    (&["Snils", "SNILS"], &["11223344595"]),
    (&["Thumbprint", "Thumbprints"], &["EE67A684C341A0B1F48C0135ECED866A67EFA1E1"]),
    (&["SerialNumber"], &["012CBE7E007DB262844037E3A94CC30170"]),
    (&["Timestamp", "DateTime"], &["2025-07-18T08:30:43.3705569Z", "18.07.2025"]),
    (&["Date", "Dates", "DateFrom", "DateTo"], DATES),
    (&["Time"], &["08.30.43", "08:30:43"]),
    (&["FileName", "Filename"], &["document.xml"]),
    (&["Email", "Emails"], &["user@example.com"]),
    (&["Phone", "Phones"], &["+73430000000"]),
    (&["Url", "Uri", "Link"], &["https://example.com/"]),
    (&["FirstName"], &["Иван"]),
    (&["MiddleName", "Patronymic"], &["Иванович"]),
    (&["LastName", "Surname"], &["Иванов"]),
    (&["OrgName", "FullName", "ShortName"], &["ООО «Образец»"]),
    (&["ZipCode", "PostalCode"], &["620014"]),
    (&["Region", "RegionCode"], &["66"]),
    (&["Currency", "CurrencyCode", "Country", "CountryCode"], &["643", "RU"]),
    (&["Total", "Vat", "Price", "Sum", "Amount", "Subtotal", "TotalSum", "Quantity"], &["100.00"]),
    (&["Function"], &["СЧФДОП"]),
    (&["Version"], &["utd970_05_03_01"]),
    (&["Login"], &["user@example.com"]),
];

fn fixed_samples(name: &str) -> &'static [&'static str] {
    BY_NAME
        .iter()
        .find(|(ends, _)| ends.iter().any(|end| name.ends_with(end)))
        .map_or(&[], |(_, samples)| samples)
}

/// Sebastiano Vigna's generator: small, and good enough for samples.
pub(crate) struct SplitMix64(pub(crate) u64);

impl SplitMix64 {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below that bound; 0 for the bound 0.
    fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }

    /// A place in a list of that length; 0 in an empty one.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// Another GUID or id of a box for a sample that is one; else the sample.
    fn like(&mut self, sample: &str) -> String {
        let id = format!("{:016x}{:016x}", self.next(), self.next());
        if sample.ends_with("@diadoc.ru") {
            return format!("{id}@diadoc.ru");
        }
        if sample.len() != GUID.len() || sample.matches('-').count() != 4 {
            return sample.to_owned();
        }
        let parts = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]];
        parts.join("-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_splitmix64() {
        // The first numbers of the reference implementation for the seed 1234567.
        let mut random = SplitMix64(1_234_567);
        let first = [random.next(), random.next(), random.next()];
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ];
        assert_eq!(first, expected);
    }
}
