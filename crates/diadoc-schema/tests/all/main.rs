//! The crate as its users see it: one program, a module for each room.

mod bounds;
mod cases;
mod compare;
mod contract;
#[cfg(feature = "compile")]
mod contract_bodies;
mod detect;
mod directions;
mod field_rules;
mod json;
mod json_schema;
mod languages;
mod message_rules;
mod methods;
mod mutations;
mod openapi;
mod properties;
#[cfg(feature = "compile")]
mod proto;
mod protobuf;
mod published;
mod secrets;
mod show;
#[cfg(feature = "compile")]
mod sources;
mod titles;

use std::path::{Path, PathBuf};

use diadoc_schema::{Direction, Finding, Report, Schema};
use prost::Message as _;
use prost_reflect::{DeserializeOptions, DynamicMessage, MessageDescriptor};
use prost_types::{FileDescriptorProto, FileDescriptorSet};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A message by its name, or the end of it.
fn message(name: &str) -> MessageDescriptor {
    Schema::diadoc().message(name).unwrap()
}

/// A schema of one file, so that cases do not hang on Diadoc's own. `adapt` may change what its text
/// cannot say.
fn schema(text: &str, adapt: impl FnOnce(&mut FileDescriptorProto)) -> Schema {
    let file = protox::file::File::from_source("t.proto", text).unwrap();
    let mut file = file.file_descriptor_proto().clone();
    adapt(&mut file);
    let set = FileDescriptorSet { file: vec![file] };
    Schema::from_descriptor_set(&set.encode_to_vec()).unwrap()
}

/// A body of the vendor's pages.
struct Fixture {
    file: String,
    message: MessageDescriptor,
    direction: Direction,
    /// Where readers refuse the body, which is wrong on the page.
    refused_at: Option<String>,
    body: Vec<u8>,
}

fn fixtures() -> Vec<Fixture> {
    let folder = repository().join("fixtures");
    let manifest = std::fs::read(folder.join("manifest.json")).unwrap();
    let manifest: Vec<serde_json::Value> = serde_json::from_slice(&manifest).unwrap();
    let text = |entry: &serde_json::Value, key: &str| entry[key].as_str().map(str::to_owned);
    manifest
        .iter()
        .map(|entry| {
            let file = text(entry, "file").unwrap();
            Fixture {
                message: message(&text(entry, "message").unwrap()),
                direction: serde_json::from_value(entry["direction"].clone()).unwrap(),
                refused_at: text(entry, "refused_at"),
                body: std::fs::read(folder.join(&file)).unwrap(),
                file,
            }
        })
        .collect()
}

/// Those that are not wrong on the page.
fn good_fixtures() -> Vec<Fixture> {
    let mut good = fixtures();
    good.retain(|fixture| fixture.refused_at.is_none());
    assert_eq!(good.len(), 12);
    good
}

/// A JSON body as a message, read by prost-reflect.
fn dynamic(message: &MessageDescriptor, body: &[u8]) -> Option<DynamicMessage> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let options = DeserializeOptions::new().deny_unknown_fields(false);
    DynamicMessage::deserialize_with_options(message.clone(), &mut json, &options).ok()
}

/// A line for each finding.
fn lines_of(report: &Report, line: impl FnMut(&Finding) -> String) -> Vec<String> {
    report.findings.iter().map(line).collect()
}

/// A fresh folder with these files.
#[cfg(feature = "compile")]
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// A small generator of Sebastiano Vigna's, so that a failure comes again.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below that bound; 0 for the bound 0.
    fn below(&mut self, bound: usize) -> usize {
        self.next().checked_rem(bound as u64).unwrap_or(0) as usize
    }
}
