//! Bodies to measure with, made from the documented ones with varied values, so that branches and
//! caches are not flattered.

use std::io;
use std::path::Path;

use serde_json::Value;

/// A page of so many documents, from the two of the GetDocuments page.
pub fn page(documents: usize) -> io::Result<Vec<u8>> {
    let fixture =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/GetDocuments_V3_response.json");
    let mut page: Value = serde_json::from_slice(&std::fs::read(fixture)?)?;
    let originals = match page["Documents"].take() {
        Value::Array(originals) => originals,
        _ => return Err(io::Error::other("the fixture has no list `Documents`")),
    };
    let varied = originals.iter().cycle().take(documents).cloned();
    page["Documents"] = varied
        .enumerate()
        .map(|(i, mut document)| {
            vary(&mut document, i as u64);
            document
        })
        .collect();
    page["TotalCount"] = documents.into();
    Ok(page.to_string().into_bytes())
}

/// Changes every number and the digits of every string by the number of the document.
fn vary(value: &mut Value, seed: u64) {
    match value {
        Value::Number(number) => {
            // Ticks stay ticks of the same century, small numbers keep their meaning.
            if let Some(large) = number.as_i64().filter(|n| *n > 1 << 40) {
                *value = (large + (seed as i64) * 7_919_000_003).into();
            }
        }
        Value::String(text) => {
            let turned = text.chars().enumerate().map(|(i, c)| match c.to_digit(10) {
                Some(digit) if text.len() > 20 => {
                    let turned = (u64::from(digit) + seed * (i as u64 + 1)) % 10;
                    char::from_digit(turned as u32, 10).unwrap_or(c)
                }
                _ => c,
            });
            *text = turned.collect();
        }
        Value::Array(list) => list.iter_mut().for_each(|item| vary(item, seed)),
        Value::Object(members) => members.values_mut().for_each(|item| vary(item, seed)),
        Value::Null | Value::Bool(_) => {}
    }
}
