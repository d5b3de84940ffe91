//! What comments say of values is said in options too, where an option can say it.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_core::rules::{FieldRule, Format};
use diadoc_schema::{MessageRule, field_rules, message_rules};
use prost_reflect::{DescriptorPool, FieldDescriptor, Kind, MessageDescriptor};
use regex::Regex;

use crate::comments::element;
use crate::schema;

/// How a comment states a limit, with its number and, where there is one, its unit.
const LIMITS: [&str; 4] = [
    r"(?i-u)\b(?:at most|at least|no more than|not more than|more than|no longer than|up to|exactly) (?<number>\d+|one|two|three|four|five|ten|eleven)\b(?: (?<unit>MB|MiB|KB|KiB)\b)?",
    r"\bfrom (?<number>\d+) to (?<most>\d+)\b",
    r"\b(?<number>\d+) (?<unit>MB|MiB|KB|KiB|bytes|characters|elements|digits|letters|symbols)\b",
    r"(?i-u)\b(?:must differ|only one of|only one field|not (?:allowed )?together with|must be left out)\b",
];

// Why an option of a field or message cannot say it, or does not.
const ADVICE: &str = "from this size on the shelf is better";
const ANSWER: &str = "a limit of the answer";
const DAY: &str = "a limit of a day, of which one request is a part";
const DOCUMENT: &str = "a limit of what a document has in the end, after all its changes";
const FORMAT: &str = "a limit of one format of documents, where the message serves several";
const NO_LIMIT: &str = "what is counted is not the value";
const OPEN: &str = "what a page says of the answer need not be the limit of what may be asked for";
const REQUEST: &str = "a limit of all contents of a request together";
const SOURCE: &str = "the vendor's SDK sends larger parts than this source allows";

/// Limits without a rule: the element below `Diadoc.Api`, a part of its sentence, and why.
#[rustfmt::skip]
const WITHOUT_RULE: &[(&str, &str, &str)] = &[
    ("Methods.GetCounteragentsV2Request.pageSize", "up to 100 counteragents", OPEN),
    ("Methods.ShelfUploadPartInitRequest.body", "says 512 KB", SOURCE),
    ("Methods.ShelfUploadPartRequest.body", "says 512 KB", SOURCE),
    ("Methods.ShelfUploadV2Request.body", "says 512 KB", SOURCE),
    ("Methods.UpdateMyUserRequest.body", "At least one of the two", "the body is no message here"),
    ("Proto.CustomDataItem", "at most 30 tags", "its rule stands at the lists of tags"),
    ("Proto.Docflow.GetDocflowRequest.InjectEntityContent", "1048576 bytes", ANSWER),
    ("Proto.Docflow.SearchDocflowsRequest.QueryString", "at least one part", NO_LIMIT),
    ("Proto.Events.CustomDataPatch", "at most 30 tags", DOCUMENT),
    ("Proto.Events.CustomDataPatch", "at most 10 times", DOCUMENT),
    ("Proto.Events.DocumentSignature", "500 a day", DAY),
    ("Proto.Events.DocumentSignature", "three invalid signatures a day", DAY),
    ("Proto.Events.DraftToSend.ToBoxId", "must differ", "the sender stands in the draft"),
    ("Proto.Events.MessageToPost", "not exceed 70 MB together", REQUEST),
    ("Proto.Events.RecipientTitleAttachment.TitleIndex", "more than two titles", NO_LIMIT),
    ("Proto.Events.SignedContent", "below 500 KB", ADVICE),
    ("Proto.Events.UnsignedContent", "below 500 KB", ADVICE),
    ("Proto.Invoicing.AdditionalInfo.Id", "in the formats of", FORMAT),
    ("Proto.Invoicing.AdditionalInfo.Value", "in the formats of", FORMAT),
    ("Proto.Invoicing.CustomsDeclaration.DeclarationNumber", "in the format of", FORMAT),
    ("Proto.Invoicing.Organizations.ExtendedOrganizationInfo.Email", "in the format of", FORMAT),
    ("Proto.Invoicing.Organizations.ExtendedOrganizationInfo.IndividualEntityRegistrationCertificate", "in the format of", FORMAT),
    ("Proto.Invoicing.Organizations.ExtendedOrganizationInfo.Phone", "in the format of", FORMAT),
    ("Proto.Invoicing.PaymentDocumentInfo.DocumentNumber", "in the format of", FORMAT),
    ("Proto.Invoicing.Signers.ExtendedSignerDetails.JobTitle", "the format of order 155", FORMAT),
    ("Proto.Invoicing.Signers.ExtendedSignerDetails.SignerInfo", "the format of order 155", FORMAT),
];

#[test]
fn each_limit_of_a_request_is_a_rule() {
    let schema = schema();
    let patterns = LIMITS.map(|pattern| Regex::new(pattern).unwrap());
    let mut unruled: BTreeSet<(String, String)> = BTreeSet::new();
    let mut limits = 0;
    for message in in_requests(&schema.pool) {
        let file = message.parent_file();
        let fields: Vec<_> = message.fields().collect();
        let own = fields.iter().flat_map(numbers_of).collect();
        let mut elements = vec![(
            element(&file, message.full_name(), message.path()),
            own,
            !message_rules(&message).is_empty(),
        )];
        for field in &fields {
            let is_named = |rule: &MessageRule| rule.terms().any(|term| term.field == field.name());
            elements.push((
                element(&file, field.full_name(), field.path()),
                numbers_of(field),
                message_rules(&message).iter().any(is_named),
            ));
        }
        for (element, ruled, of_message) in elements {
            let comment = element.comment.unwrap_or_default();
            for sentence in sentences(&comment) {
                for (number, is_choice) in stated(&patterns, &sentence) {
                    limits += 1;
                    let is_ruled = match number {
                        Some(number) => ruled.contains(&number) || is_choice && of_message,
                        None => of_message,
                    };
                    if !is_ruled {
                        let name = element.name.trim_start_matches("Diadoc.Api.");
                        unruled.insert((name.to_owned(), sentence.clone()));
                    }
                }
            }
        }
    }
    assert!(limits > 200, "{limits}");
    let is_exempt = |(name, sentence): &(String, String)| {
        let mut exemptions = WITHOUT_RULE.iter();
        exemptions.any(|(own, part, _)| own == name && sentence.contains(part))
    };
    let missing: Vec<_> = unruled.iter().filter(|one| !is_exempt(one)).collect();
    assert!(missing.is_empty(), "limits without a rule: {missing:#?}");
    let applies = |(name, part, _): &&(&str, &str, &str)| {
        let mut unruled = unruled.iter();
        unruled.any(|(own, sentence)| own == name && sentence.contains(part))
    };
    let idle: Vec<_> = WITHOUT_RULE.iter().filter(|one| !applies(one)).collect();
    assert!(idle.is_empty(), "exemptions without a limit: {idle:#?}");
}

/// The messages of requests, their bodies, and all that these hold.
fn in_requests(pool: &DescriptorPool) -> Vec<MessageDescriptor> {
    let services = pool.services();
    let methods = services.flat_map(|service| service.methods().collect::<Vec<_>>());
    let mut waiting: Vec<_> = methods.map(|method| method.input()).collect();
    let mut reached = BTreeMap::new();
    while let Some(message) = waiting.pop() {
        if reached
            .insert(message.full_name().to_owned(), message.clone())
            .is_none()
        {
            waiting.extend(message.fields().filter_map(|field| inner(&field)));
        }
    }
    reached.into_values().collect()
}

fn inner(field: &FieldDescriptor) -> Option<MessageDescriptor> {
    match field.kind() {
        Kind::Message(message) => Some(message),
        _ => None,
    }
}

/// The sentences of a comment, each on one line.
fn sentences(comment: &str) -> Vec<String> {
    let text = comment.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split_inclusive(". ")
        .map(|sentence| sentence.trim().to_owned())
        .collect()
}

/// The numbers that a sentence limits something to, in bytes where it has such a unit, and whether
/// it may be about how many fields are given; none where it states a limit without a number.
fn stated(patterns: &[Regex], sentence: &str) -> Vec<(Option<i64>, bool)> {
    let words = [
        "zero", "one", "two", "three", "four", "five", "", "", "", "", "ten", "eleven",
    ];
    let mut found = Vec::new();
    for captures in patterns
        .iter()
        .flat_map(|pattern| pattern.captures_iter(sentence))
    {
        let unit = captures.name("unit").map_or("", |unit| unit.as_str());
        let size = match unit {
            "MB" | "MiB" => 1024 * 1024,
            "KB" | "KiB" => 1024,
            _ => 1,
        };
        let numbers = ["number", "most"]
            .into_iter()
            .filter_map(|name| captures.name(name));
        let before = found.len();
        for number in numbers {
            let text = number.as_str().to_lowercase();
            let word = || words.iter().position(|word| *word == text);
            let number = text.parse().ok().or_else(|| i64::try_from(word()?).ok());
            found.push((number.map(|number| number * size), number == Some(1)));
        }
        if found.len() == before {
            found.push((None, true));
        }
    }
    found
}

/// The numbers in the rules of a field, and in those of the fields of its message.
fn numbers_of(field: &FieldDescriptor) -> BTreeSet<i64> {
    let digits = Regex::new(r"\d+").unwrap();
    let mut rules = field_rules(field);
    rules.extend(inner(field).iter().flat_map(|inner| {
        let fields = inner.fields();
        fields
            .flat_map(|field| field_rules(&field))
            .collect::<Vec<_>>()
    }));
    let mut numbers = BTreeSet::new();
    for rule in rules {
        match rule {
            FieldRule::Items { min, max } | FieldRule::Length { min, max } => {
                numbers.extend(min.into_iter().chain(max).map(i64::from));
            }
            FieldRule::Range { min, max } => numbers.extend(min.into_iter().chain(max)),
            FieldRule::Bytes { max } => numbers.extend(i64::try_from(max)),
            // The repetitions of a pattern are the lengths of what it matches.
            FieldRule::Pattern(pattern) => {
                let found = digits.find_iter(&pattern);
                numbers.extend(found.filter_map(|digits| digits.as_str().parse::<i64>().ok()));
            }
            FieldRule::Format(Format::Inn) => numbers.extend([10, 12]),
            FieldRule::Format(Format::Kpp) => numbers.extend([9]),
            FieldRule::Format(_) | FieldRule::Flags(_) | FieldRule::Values(_) => {}
        }
    }
    numbers
}

#[test]
fn each_taxpayer_number_and_date_has_its_format() {
    let pool = schema().pool;
    let fields = pool
        .all_messages()
        .filter(|message| message.package_name() != "google.protobuf")
        .flat_map(|message| message.fields().collect::<Vec<_>>());
    let mut without = BTreeSet::new();
    let mut with = 0;
    for field in fields.filter(|field| field.kind() == Kind::String) {
        let element = element(
            &field.parent_message().parent_file(),
            field.full_name(),
            field.path(),
        );
        let comment = element.comment.unwrap_or_default();
        let name = field.name().to_lowercase();
        let ends_in = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
        let format = match () {
            () if ends_in(&["inn", "innlist", "innul", "innfl"]) => Format::Inn,
            () if ends_in(&["kpp"]) => Format::Kpp,
            () if comment.contains("dd.MM.yyyy") => Format::Date,
            () => continue,
        };
        with += 1;
        if !field_rules(&field).contains(&FieldRule::Format(format)) {
            let name = element.name.trim_start_matches("Diadoc.Api.");
            without.insert(format!("{name}: {format:?}"));
        }
    }
    assert!(with > 100, "{with}");
    assert!(without.is_empty(), "without their format: {without:#?}");
}
