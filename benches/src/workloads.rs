//! Bodies to measure with, made from the documented ones with varied values, so that branches and
//! caches are not flattered.

use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diadoc_bench_peers::run::Workload;
use diadoc_proto::docflow::GetDocflowsByPacketIdResponseV4;
use diadoc_proto::json::{self, JsonMessage};
use serde_json::Value;

/// Reads `body` as an `M`, which gives the other forms. Required fields that the body lacks,
/// because the schema got them later, are added to it: most peers refuse a body without them.
///
/// # Errors
///
/// The body is not an `M`.
pub fn workload<M: JsonMessage>(name: &'static str, body: Vec<u8>) -> io::Result<Workload> {
    let message: M = json::from_slice(&body).map_err(io::Error::other)?;
    let written = json::to_vec(&message).map_err(io::Error::other)?;
    let mut tree: Value = serde_json::from_slice(&body)?;
    add_missing(&mut tree, &serde_json::from_slice(&written)?);
    Ok(Workload {
        name,
        message: M::full_name(),
        json: tree.to_string().into_bytes(),
        protobuf: message.encode_to_vec().into(),
        written,
    })
}

/// A page of so many documents (`Diadoc.Api.Proto.Documents.DocumentList`), from the two of the
/// GetDocuments page.
///
/// # Errors
///
/// The fixture cannot be read.
pub fn page(documents: usize) -> io::Result<Vec<u8>> {
    list("GetDocuments_V3_response.json", documents)
}

/// So many lines (NDJSON), each a page of one document.
///
/// # Errors
///
/// The fixture cannot be read, or the writer fails.
pub fn lines(documents: usize, mut to: impl io::Write) -> io::Result<()> {
    let mut body = fixture("GetDocuments_V3_response.json")?;
    let originals = body["Documents"].take();
    body["TotalCount"] = 1.into();
    for document in varied(&originals)?.take(documents) {
        body["Documents"] = vec![document].into();
        serde_json::to_writer(&mut to, &body)?;
        to.write_all(b"\n")?;
    }
    to.flush()
}

/// So many documents with their docflows
/// (`Diadoc.Api.Proto.Docflow.GetDocflowsByPacketIdResponseV4`), from the two of the
/// GetDocflowsByPacketId page.
///
/// # Errors
///
/// The fixture cannot be read.
pub fn docflows(documents: usize) -> io::Result<Vec<u8>> {
    list("GetDocflowsByPacketId_V4_response.json", documents)
}

/// So many lines (NDJSON), each a page of [`docflows`] with that many documents and all that the schema
/// requires, so that nothing is to be said of it; but each for which `is_odd` has a key that the schema does
/// not know.
///
/// # Errors
///
/// The fixture cannot be read, or the writer fails.
pub fn docflow_lines(
    lines: usize,
    documents: usize,
    is_odd: impl Fn(usize) -> bool,
    mut to: impl io::Write,
) -> io::Result<()> {
    let mut body = fixture("GetDocflowsByPacketId_V4_response.json")?;
    let message: GetDocflowsByPacketIdResponseV4 =
        json::from_slice(body.to_string().as_bytes()).map_err(io::Error::other)?;
    let written = json::to_vec(&message).map_err(io::Error::other)?;
    add_missing(&mut body, &serde_json::from_slice(&written)?);
    let originals = body["Documents"].take();
    let mut all = varied(&originals)?;
    for line in 0..lines {
        let mut page: Vec<Value> = all.by_ref().take(documents).collect();
        if is_odd(line)
            && let Some(Value::Object(document)) = page.last_mut()
        {
            document.insert("Surprise".to_owned(), line.into());
        }
        body["Documents"] = page.into();
        serde_json::to_writer(&mut to, &body)?;
        to.write_all(b"\n")?;
    }
    to.flush()
}

/// A message (`Diadoc.Api.Proto.Events.Message`) whose first entity has so many bytes of content,
/// from that of the GetMessage page.
///
/// # Errors
///
/// The fixture cannot be read.
pub fn content(bytes: usize) -> io::Result<Vec<u8>> {
    let mut message = fixture("GetMessage_V6_response.json")?;
    let mut random = Random(bytes as u64);
    let content: Vec<u8> = (0..bytes).map(|_| random.next() as u8).collect();
    message["Entities"][0]["Content"] = serde_json::json!({
        "Size": bytes,
        "Data": STANDARD.encode(content),
    });
    Ok(message.to_string().into_bytes())
}

/// Adds the keys of `other` that `tree` lacks, at any depth.
fn add_missing(tree: &mut Value, other: &Value) {
    match (tree, other) {
        (Value::Object(tree), Value::Object(other)) => {
            for (key, value) in other {
                match tree.get_mut(key) {
                    Some(own) => add_missing(own, value),
                    None => {
                        tree.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(tree), Value::Array(other)) => {
            for (own, value) in tree.iter_mut().zip(other) {
                add_missing(own, value);
            }
        }
        _ => {}
    }
}

fn fixture(name: &str) -> io::Result<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    Ok(serde_json::from_slice(&std::fs::read(path.join(name))?)?)
}

/// The fixture with its list `Documents` repeated to the given length, each element varied.
fn list(name: &str, documents: usize) -> io::Result<Vec<u8>> {
    let mut body = fixture(name)?;
    let originals = body["Documents"].take();
    if let Some(count) = body.get_mut("TotalCount") {
        *count = documents.into();
    }
    // The elements go out one by one: as a tree, 100,000 of them would fill gigabytes.
    let frame = body.to_string();
    let (before, after) = frame
        .split_once("\"Documents\":null")
        .ok_or_else(|| io::Error::other("the fixture has no key `Documents`"))?;
    let mut text = format!("{before}\"Documents\":[").into_bytes();
    for (i, document) in varied(&originals)?.take(documents).enumerate() {
        if i > 0 {
            text.push(b',');
        }
        serde_json::to_writer(&mut text, &document)?;
    }
    text.push(b']');
    text.extend_from_slice(after.as_bytes());
    Ok(text)
}

/// The elements of a list over and over again, each time with other values.
fn varied(originals: &Value) -> io::Result<impl Iterator<Item = Value>> {
    let originals = originals.as_array().filter(|list| !list.is_empty());
    let originals = originals.ok_or_else(|| io::Error::other("the fixture has no documents"))?;
    let mut random = Random(1);
    Ok(originals.iter().cycle().map(move |original| {
        let mut document = original.clone();
        vary(&mut document, &mut random);
        document
    }))
}

/// Changes large numbers, flags, and the digits, Cyrillic letters and identifiers of long texts.
/// Names of enum members stay, and so does the length of every text.
fn vary(value: &mut Value, random: &mut Random) {
    match value {
        Value::Bool(flag) => *flag ^= random.next().is_multiple_of(4),
        Value::Number(number) => {
            // Ticks stay ticks of the same century, small numbers keep their meaning.
            if let Some(large) = number.as_i64().filter(|n| *n > 1 << 40) {
                *value = (large + (random.next() >> 14) as i64).into();
            }
        }
        Value::String(text) => {
            let long = text.len() > 20;
            let varied = text.chars().map(|c| match c {
                '0'..='9' if long => (b'0' + random.below(10)).into(),
                'а'..='я' => {
                    char::from_u32('а' as u32 + u32::from(random.below(32))).unwrap_or(c)
                }
                _ => c,
            });
            *text = varied.collect();
        }
        Value::Array(list) => list.iter_mut().for_each(|item| vary(item, random)),
        Value::Object(members) => members.values_mut().for_each(|item| vary(item, random)),
        Value::Null => {}
    }
}

/// SplitMix64: the same numbers in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u8) -> u8 {
        (self.next() % u64::from(limit)) as u8
    }
}
