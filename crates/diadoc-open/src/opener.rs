//! Taking off one wrapping after the other.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use diadoc_core::{Direction, Form, Limit, LimitError, Limits, dialect, printable};
use diadoc_schema::{check_json, is_protobuf};
use serde_json::value::RawValue;

use crate::path::Part;
use crate::{OpenError, Path, Step, Trouble, base, encoding, har, http, log, packed, yaml};

/// How many wrappings may stand in each other.
const MOST_STEPS: usize = 8;

/// How bodies are opened.
#[derive(Debug, Clone, Default)]
pub struct Opener {
    limits: Limits,
    at: Option<Path>,
}

/// What bytes were opened to.
#[derive(Debug)]
#[non_exhaustive]
pub struct Opened<'b> {
    /// The bodies, at least one, in their order.
    pub bodies: Vec<OpenedBody<'b>>,
    /// Where several were expected, those that are no bodies: pictures and pages in a HAR file.
    pub passed_over: Vec<OpenError>,
}

/// A body.
#[derive(Debug)]
#[non_exhaustive]
pub struct OpenedBody<'b> {
    /// The body itself.
    pub bytes: Cow<'b, [u8]>,
    /// What it is. JSON may be broken: what begins as JSON is taken for it.
    pub form: Form,
    /// What it was opened from, the outermost first; nothing where the bytes are the body.
    pub steps: Vec<Step>,
    /// The byte at which it begins, where it stands in the bytes as it is.
    pub offset: Option<usize>,
    /// The request or response that it came with, where HTTP or a HAR file says so.
    pub exchange: Option<Exchange>,
}

/// A request, or a response to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The method of HTTP, if it is known: `POST`.
    pub verb: Option<String>,
    /// The path with its query, or the address, if it is known. Secrets may be in it.
    pub target: Option<String>,
    /// The status of a response.
    pub status: Option<u16>,
    /// Which of the two it is.
    pub direction: Direction,
}

impl Opener {
    /// One with the usual limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with other limits, of which [`Limits::bytes`] bounds what is unpacked.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same for the part of JSON that a path names.
    #[must_use]
    pub fn at(mut self, path: Option<Path>) -> Self {
        self.at = path;
        self
    }

    /// Whether bytes are the body themselves, as far as their first and last characters tell: an object of
    /// JSON, and no HAR file. Nobody looks into it, so that a large body costs nothing.
    pub fn is_plain(&self, bytes: &[u8]) -> bool {
        let text = dialect::trim(bytes);
        self.at.is_none()
            && text.first() == Some(&b'{')
            && text.last() == Some(&b'}')
            && !dialect::trim(&text[1..]).starts_with(b"\"log\"")
    }

    /// Opens bytes.
    ///
    /// # Errors
    ///
    /// No body is found, or what there is to unpack is damaged or too large.
    pub fn open<'b>(&self, bytes: &'b [u8]) -> Result<Opened<'b>, OpenError> {
        let mut opened = Opened {
            bodies: Vec::new(),
            passed_over: Vec::new(),
        };
        let part = Wrapped {
            bytes: Cow::Borrowed(bytes),
            offset: Some(0),
            steps: Vec::new(),
            exchange: None,
            at: self.at.as_ref(),
        };
        self.unwrap(part, &mut opened)?;
        Ok(opened)
    }

    /// Takes off all wrappings of a part.
    fn unwrap<'b>(
        &self,
        mut part: Wrapped<'_, 'b>,
        opened: &mut Opened<'b>,
    ) -> Result<(), OpenError> {
        while part.steps.len() <= MOST_STEPS {
            match self.next(&part) {
                Err(trouble) => {
                    return Err(OpenError {
                        steps: part.steps,
                        trouble,
                    });
                }
                Ok(Next::Body(form)) => {
                    opened.bodies.push(OpenedBody {
                        bytes: part.bytes,
                        form,
                        steps: part.steps,
                        offset: part.offset,
                        exchange: part.exchange,
                    });
                    return Ok(());
                }
                Ok(Next::Inside(inside)) if self.is_too_long(&inside) => {
                    let limit = LimitError::new(Limit::Bytes, self.limits.most_bytes());
                    return Err(OpenError {
                        steps: part.steps,
                        trouble: Trouble::Limit(limit),
                    });
                }
                Ok(Next::Inside(inside)) => part = part.enter(inside),
                Ok(Next::Several(all)) => {
                    let trouble = Trouble::Unknown {
                        looks_like: Some("a HAR file without bodies"),
                    };
                    let nothing = OpenError {
                        steps: part.steps.clone(),
                        trouble,
                    };
                    for inside in all {
                        if let Err(error) = self.unwrap(part.enter(inside), opened) {
                            opened.passed_over.push(error);
                        }
                    }
                    return match (opened.bodies.is_empty(), opened.passed_over.first()) {
                        (true, first) => Err(first.cloned().unwrap_or(nothing)),
                        (false, _) => Ok(()),
                    };
                }
            }
        }
        Err(OpenError {
            steps: part.steps,
            trouble: Trouble::Nested(MOST_STEPS),
        })
    }

    /// Whether what was made is longer than a body may be: what it is made of may be shorter.
    fn is_too_long(&self, inside: &Inside) -> bool {
        match &inside.bytes {
            Content::Made(bytes) => bytes.len() > self.limits.most_bytes(),
            Content::At(_) => false,
        }
    }

    /// What stands in a part.
    fn next(&self, part: &Wrapped<'_, '_>) -> Result<Next, Trouble> {
        let bytes = &*part.bytes;
        if dialect::trim(bytes).is_empty() {
            return Err(Trouble::Empty);
        }
        if let Some(unpacked) = packed::unpack(bytes, &self.limits) {
            return unpacked.map(|(step, bytes)| Next::Inside(Inside::made(step, bytes)));
        }
        if let Some(dump) = http::read(bytes) {
            let declared = dump.charset.as_deref();
            let declared = declared.and_then(|label| encoding::declared(label, &dump.body));
            let mut inside = match (declared, dump.body) {
                (Some((step, text)), _) => {
                    let mut inside = Inside::made(Step::HttpHead, text.into_bytes());
                    inside.steps.push(step);
                    inside
                }
                (None, Cow::Borrowed(_)) => Inside::at(Step::HttpHead, dump.start..bytes.len()),
                (None, Cow::Owned(body)) => Inside::made(Step::HttpHead, body),
            };
            inside.exchange = Some(dump.exchange);
            return Ok(Next::Inside(inside));
        }
        // Any bytes are text in windows-1251.
        let is_text = str::from_utf8(bytes).is_ok();
        if !is_text && (looks_like(bytes).is_some() || is_binary(bytes)) {
            return self.not_text(part);
        }
        if let Some((step, text)) = encoding::decode(bytes) {
            return Ok(Next::Inside(Inside::made(step, text.into_bytes())));
        }
        let Ok(text) = str::from_utf8(bytes) else {
            return self.not_text(part);
        };
        let why = match check_json(bytes) {
            Ok(()) => return self.in_json(text, part),
            Err(why) => why,
        };
        if let Some(path) = part.at {
            // The lines of a log may each have it.
            return match in_lines(text) {
                Some(next) => Ok(next),
                None => Err(Trouble::NotJson {
                    path: path.clone(),
                    why: why.to_string(),
                }),
            };
        }
        if is_binary(bytes) {
            return Ok(Next::Body(Form::Protobuf));
        }
        if let Some((step, bytes)) = base::decode(text)
            && is_something(&bytes)
        {
            return Ok(Next::Inside(Inside::made(step, bytes)));
        }
        if let Some(json) = yaml::to_json(text) {
            return Ok(Next::Inside(Inside::made(Step::Yaml, json.into_bytes())));
        }
        if let Some(next) = in_lines(text) {
            return Ok(next);
        }
        match begins_like_json(text) {
            // It is broken; whoever reads it says where.
            true => Ok(Next::Body(Form::Json)),
            false => self.not_text(part),
        }
    }

    /// What stands in JSON: itself, unless it is wrapped in more JSON.
    fn in_json(&self, text: &str, part: &Wrapped<'_, '_>) -> Result<Next, Trouble> {
        let trimmed = text.trim_start_matches('\u{feff}');
        let entries = || {
            har::read(text).map(|entries| Next::Several(entries.into_iter().map(of_har).collect()))
        };
        let string = || {
            let inner = serde_json::from_str::<String>(trimmed).ok()?;
            let inside = Inside::made(Step::JsonString, inner.into_bytes());
            Some(Next::Inside(inside))
        };
        if let Some(path) = part.at {
            let value = match value_at(trimmed, path) {
                Ok(value) => value,
                // The bodies of a HAR file may each have it, or the text of a string.
                Err(trouble) => return entries().or_else(string).ok_or(trouble),
            };
            let step = Step::At(path.clone());
            let mut inside = match serde_json::from_str::<String>(value) {
                Ok(inner) => Inside::made(step, inner.into_bytes()),
                Err(_) => {
                    let start = value.as_ptr() as usize - text.as_ptr() as usize;
                    Inside::at(step, start..start + value.len())
                }
            };
            inside.ends_path = true;
            return Ok(Next::Inside(inside));
        }
        Ok(entries().or_else(string).unwrap_or(Next::Body(Form::Json)))
    }

    /// Bytes that are no text, or text of which nothing is known.
    fn not_text(&self, part: &Wrapped<'_, '_>) -> Result<Next, Trouble> {
        match is_protobuf(&part.bytes) && part.at.is_none() {
            true => Ok(Next::Body(Form::Protobuf)),
            false => Err(Trouble::Unknown {
                looks_like: looks_like(&part.bytes),
            }),
        }
    }
}

/// A part that may have a body in it.
struct Wrapped<'p, 'b> {
    bytes: Cow<'b, [u8]>,
    offset: Option<usize>,
    steps: Vec<Step>,
    exchange: Option<Exchange>,
    /// The path that is still to be followed.
    at: Option<&'p Path>,
}

impl<'p, 'b> Wrapped<'p, 'b> {
    /// What stands inside it. Of what is around it no more is copied than that.
    fn enter(&self, inside: Inside) -> Wrapped<'p, 'b> {
        let (bytes, offset) = match inside.bytes {
            Content::Made(bytes) => (Cow::Owned(bytes), None),
            Content::At(place) => {
                let offset = self.offset.map(|offset| offset + place.start);
                let bytes = match &self.bytes {
                    Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[place]),
                    Cow::Owned(bytes) => Cow::Owned(bytes[place].to_vec()),
                };
                (bytes, offset)
            }
        };
        Wrapped {
            bytes,
            offset,
            steps: self.steps.iter().cloned().chain(inside.steps).collect(),
            exchange: inside.exchange.or_else(|| self.exchange.clone()),
            at: self.at.filter(|_| !inside.ends_path),
        }
    }
}

/// What stands in a part.
enum Next {
    /// The part is the body.
    Body(Form),
    Inside(Inside),
    Several(Vec<Inside>),
}

struct Inside {
    bytes: Content,
    steps: Vec<Step>,
    exchange: Option<Exchange>,
    ends_path: bool,
}

enum Content {
    At(Range<usize>),
    Made(Vec<u8>),
}

impl Inside {
    fn made(step: Step, bytes: Vec<u8>) -> Self {
        Self {
            bytes: Content::Made(bytes),
            steps: vec![step],
            exchange: None,
            ends_path: false,
        }
    }

    fn at(step: Step, place: Range<usize>) -> Self {
        Self {
            bytes: Content::At(place),
            steps: vec![step],
            exchange: None,
            ends_path: false,
        }
    }
}

/// A body of a HAR file.
fn of_har(entry: har::Entry) -> Inside {
    let direction = entry.exchange.direction;
    let step = Step::Har {
        entry: entry.number,
        direction,
    };
    Inside {
        exchange: Some(entry.exchange),
        ..Inside::made(step, entry.body)
    }
}

/// The JSON in the lines of a text that is none itself.
fn in_lines(text: &str) -> Option<Next> {
    let found = log::json_in(text);
    // JSON that is broken has JSON in it, too.
    if begins_like_json(text) && !log::is_all_of(&found, text) {
        return None;
    }
    let inside = found.into_iter();
    let inside: Vec<_> = inside
        .map(|one| Inside::at(Step::LastOfLine { line: one.line }, one.place))
        .collect();
    (!inside.is_empty()).then_some(Next::Several(inside))
}

/// Whether bytes are protobuf, and hardly a text: keys and lengths are control characters, mostly.
fn is_binary(bytes: &[u8]) -> bool {
    let is_control = |byte: &u8| byte.is_ascii_control() && !b"\t\r\n".contains(byte);
    bytes.iter().any(is_control) && is_protobuf(bytes)
}

/// Whether a text is JSON or was meant to be; a log may begin with a time in brackets.
fn begins_like_json(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_ascii_start();
    match text.as_bytes().first() {
        Some(b'{' | b'"') => true,
        Some(b'[') => text[1..]
            .trim_ascii_start()
            .starts_with(['{', '[', '"', ']']),
        _ => false,
    }
}

/// Whether decoded bytes are something, and not a word that happens to have the letters of base64.
fn is_something(bytes: &[u8]) -> bool {
    packed::unpack(bytes, &Limits::new().bytes(1 << 10)).is_some()
        || check_json(bytes).is_ok()
        || is_protobuf(bytes)
        || http::read(bytes).is_some()
        || encoding::decode(bytes).is_some()
        || is_letters_of_something(bytes)
}

/// Whether bytes are letters once more. Each time there are fewer.
fn is_letters_of_something(bytes: &[u8]) -> bool {
    let text = str::from_utf8(bytes).ok();
    text.and_then(base::decode)
        .is_some_and(|(_, inner)| is_something(&inner))
}

/// The value at a path, as it is written.
fn value_at<'j>(json: &'j str, path: &Path) -> Result<&'j str, Trouble> {
    let mut value = Some(json);
    let mut around = json;
    for part in path.parts() {
        let Some(json) = value else { break };
        around = json;
        value = match part {
            Part::Key(key) => serde_json::from_str::<Members<'_>>(json)
                .ok()
                .and_then(|members| members.get(key).map(|value| value.get())),
            Part::Index(index) => serde_json::from_str::<Vec<&RawValue>>(json)
                .ok()
                .and_then(|items| items.get(*index).map(|item| item.get())),
        };
    }
    value.ok_or_else(|| Trouble::NoSuchPart {
        path: path.clone(),
        keys: keys(around),
    })
}

/// The members of an object, each as it is written.
type Members<'j> = BTreeMap<String, &'j RawValue>;

/// How many keys are told.
const MOST_KEYS: usize = 10;

/// The keys of an object, as they are told to who named another.
fn keys(json: &str) -> Option<String> {
    let members: Members<'_> = serde_json::from_str(json).ok()?;
    let mut keys: Vec<_> = members
        .keys()
        .take(MOST_KEYS)
        .map(|key| format!("`{}`", printable(key)))
        .collect();
    if members.len() > MOST_KEYS {
        keys.push("…".to_owned());
    }
    (!keys.is_empty()).then(|| keys.join(", "))
}

/// What bytes look like that are no body.
fn looks_like(bytes: &[u8]) -> Option<&'static str> {
    let text = dialect::trim(bytes);
    let starts =
        |start: &[u8]| text.len() >= start.len() && text[..start.len()].eq_ignore_ascii_case(start);
    Some(match () {
        () if starts(b"<!doctype html") || starts(b"<html") => "HTML, a page",
        () if starts(b"<?xml") || starts(b"<") => {
            "XML, which may be a document: it goes in the content of a body, in base64"
        }
        () if starts(b"%PDF") => "PDF: it goes in the content of a body, in base64",
        () if starts(b"PK\x03\x04") => "a ZIP archive: unpack it",
        () if starts(b"-----BEGIN") => "PEM, a certificate, signature or key",
        () if bytes.starts_with(&[0x30, 0x82]) || bytes.starts_with(&[0x30, 0x80]) => {
            "DER, a signature or certificate"
        }
        () if bytes.starts_with(&[0x89, b'P', b'N', b'G']) => "a picture",
        () if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) => "a picture",
        () if is_form(text) => "a form (application/x-www-form-urlencoded)",
        () => return None,
    })
}

/// Whether a text is pairs of names and values.
fn is_form(text: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"%+-_.~=&*[]".contains(byte);
    text.contains(&b'=') && text.iter().all(is_letter)
}
