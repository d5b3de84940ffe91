//! Makes the inputs that the targets begin with, in `corpus/`, and dictionaries of the words of the schema,
//! in `dictionaries/`. What is there already stays.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use diadoc_api::http::Method as Verb;
use diadoc_api::{Call, Config, Form, METHODS, Request as _};
use diadoc_core::rules::Format;
use diadoc_core::{DocumentClass, DocumentStatus};
use diadoc_fuzz::{LANGUAGE, TARGETS, chosen, descriptor, small_set};
use diadoc_proto::registry;
use diadoc_schema::{Example, Schema, example};
use diadoc_testkit::manifest;
// What the code is instrumented with calls it.
use libfuzzer_sys as _;

/// The longest input that is made: as much as `run` lets a fuzzer try.
const LONGEST: usize = 8192;

/// Random examples of each message, beside the smallest.
const RANDOM: u64 = 2;

struct Seeds {
    corpus: PathBuf,
    made: usize,
}

impl Seeds {
    fn add(&mut self, target: &str, name: &str, input: &[u8]) {
        assert!(TARGETS.contains(&target), "{target}");
        if input.len() <= LONGEST {
            let name = name.replace(['/', ' '], "_");
            let file = self.corpus.join(target).join(format!("seed-{name}"));
            fs::write(&file, input).expect("a file");
            self.made += 1;
        }
    }

    fn json(&mut self, place: usize, name: &str, body: &[u8]) {
        let input = chosen(place, body);
        for target in ["json_read", "json_protobuf", "verdict_json"] {
            self.add(target, name, &input);
        }
        self.add("open", &format!("{name}.json"), body);
    }

    fn protobuf(&mut self, place: usize, name: &str, body: &[u8]) {
        let input = chosen(place, body);
        for target in ["protobuf_read", "verdict_protobuf"] {
            self.add(target, name, &input);
        }
        self.add("open", &format!("{name}.bin"), body);
    }
}

fn main() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = fuzz.join("corpus");
    for target in TARGETS {
        fs::create_dir_all(corpus.join(target)).expect("a folder");
    }
    let mut seeds = Seeds { corpus, made: 0 };
    messages(&mut seeds);
    fixtures(&mut seeds, &fuzz.join("../fixtures"));
    schemas(&mut seeds, &fuzz.join("../proto"));
    http(&mut seeds);
    wrapped(&mut seeds);
    texts(&mut seeds);
    files(&mut seeds);
    println!("{} seeds", seeds.made);
    dictionaries(&fuzz.join("dictionaries"));
}

/// Examples of each message, in both forms.
fn messages(seeds: &mut Seeds) {
    for (place, message_type) in registry::messages().iter().enumerate() {
        let message = descriptor(message_type);
        let random = (0..RANDOM).map(Example::Random);
        for (index, kind) in [Example::Minimal].into_iter().chain(random).enumerate() {
            let body = example(&message, kind).to_string();
            let name = format!("{}-{index}", message_type.full_name());
            seeds.json(place, &name, body.as_bytes());
            let read = message_type
                .from_json(body.as_bytes())
                .expect("an example is valid");
            seeds.protobuf(place, &name, &read.encode_to_vec());
        }
    }
}

/// The bodies that the vendor documents, as far as they are short.
fn fixtures(seeds: &mut Seeds, folder: &Path) {
    let manifest = manifest::load(folder, Schema::diadoc()).expect("the fixtures have a manifest");
    for fixture in manifest.fixtures {
        let messages = registry::messages().iter();
        let place = messages
            .clone()
            .position(|one| one.full_name() == fixture.message);
        let place = place.expect("the manifest names a message");
        let body = fs::read(&fixture.file).expect("a body");
        let name = fixture
            .file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        seeds.json(place, &name, &body);
        if let Ok(read) = registry::messages()[place].from_json(&body) {
            seeds.protobuf(place, &name, &read.encode_to_vec());
        }
    }
}

/// A part of our own schema, and its files that stand alone.
fn schemas(seeds: &mut Seeds, proto: &Path) {
    seeds.add("schema", "set", &[&[0][..], &small_set()].concat());
    for file in files_below(proto) {
        let text = fs::read_to_string(&file).expect("a file");
        let imports = text.lines().filter(|line| line.starts_with("import "));
        let is_known = |line: &str| LANGUAGE.iter().any(|known| line.contains(known));
        let name = file.strip_prefix(proto).unwrap_or(&file).to_string_lossy();
        let is_language = LANGUAGE.iter().any(|known| *known == name);
        if !is_language && imports.clone().all(is_known) {
            seeds.add("schema", &name, &[b"\x01", text.as_bytes()].concat());
        }
    }
    let document = r##"{"openapi":"3.0.1","components":{"schemas":{
        "DocumentId":{"type":"object","properties":{"MessageId":{"type":"string"},"EntityId":{"type":"integer","format":"int64"}}},
        "Severity":{"type":"string","enum":["UnknownSeverity","Info"]},
        "Both":{"allOf":[{"$ref":"#/components/schemas/DocumentId"},{"type":"object","properties":{
            "Ids":{"type":"array","items":{"$ref":"#/components/schemas/DocumentId"}}}}]}}},
        "paths":{"/ShelfUpload":{"post":{"parameters":[{"in":"query","name":"nameOnShelf","required":true,
        "schema":{"type":"string"}}],"responses":{"200":{"content":{"application/json":{
        "schema":{"$ref":"#/components/schemas/DocumentId"}}}}}}}}}"##;
    seeds.add(
        "schema",
        "openapi",
        &[b"\x02", document.as_bytes()].concat(),
    );
    let sources = "class Api { // methods\n  void Get(string boxId) { Call(\"/ShelfUpload?boxId=\" + boxId); }\n  \
        Box GetBox() { var q = new Query(\"/V3/GetBox\"); q.AddParameter(\"boxId\", id); return Call(q, $\"/GetBox?boxId={id}\"); } }";
    seeds.add("schema", "sources", &[b"\x03", sources.as_bytes()].concat());
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files.extend(files_below(&path)),
            false => files.extend(
                path.extension()
                    .is_some_and(|end| end == "proto")
                    .then_some(path),
            ),
        }
    }
    files
}

/// A body in each wrapping that is text.
fn wrapped(seeds: &mut Seeds) {
    let body = r#"{"BoxId": "a@diadoc.ru", "Title": "Имя"}"#;
    let string = serde_json::to_string(body).expect("JSON");
    let entry = format!(
        r#"{{"request":{{"method":"POST","url":"/GetBox","postData":{{"text":{string}}}}},
            "response":{{"status":200,"content":{{"text":"CgFh","encoding":"base64"}}}}}}"#
    );
    let utf_16: Vec<u8> = body.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xabVr\xca\xaf\xf0LQ\xb2R0\xac\x05\x00\xda\x93\x18\x20\x0c\x00\x00\x00";
    for (name, bytes) in [
        ("base64", b"eyJCb3hJZCI6ICJhIn0=".to_vec()),
        ("hex", b"7b 22 42 6f 78 49 64 22 3a 20 31 7d".to_vec()),
        ("string", string.clone().into_bytes()),
        (
            "har",
            format!(r#"{{"log":{{"entries":[{entry}]}}}}"#).into_bytes(),
        ),
        (
            "http",
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/json; charset=utf-8\r\n\r\n{body}")
                .into_bytes(),
        ),
        (
            "chunks",
            b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\r\n{}\r\n0\r\n\r\n".to_vec(),
        ),
        (
            "verbose",
            format!("> POST /GetBox HTTP/1.1\n>\n< HTTP/1.1 200 OK\n<\n{body}").into_bytes(),
        ),
        (
            "log",
            format!("12:00 INFO {body} in 5 ms\n[x] {body}\n").into_bytes(),
        ),
        ("yaml", b"BoxId: a\nList:\n- 1\n- b: |\n    c\n".to_vec()),
        ("utf-16", utf_16),
        ("gzip", gzip.to_vec()),
    ] {
        seeds.add("open", name, &bytes);
    }
}

/// An answer and a request of each method.
fn http(seeds: &mut Seeds) {
    for (place, method) in METHODS.iter().enumerate() {
        let answers: [&[u8]; 4] = [
            b"200\nContent-Type: application/json; charset=utf-8\n\n{\"TaskId\":\"1\"}",
            b"204\nRetry-After: 5\nDate: Sun, 06 Nov 1994 08:49:37 GMT\n\n",
            b"200\nContent-Disposition: attachment; filename=\"a.xml\"; filename*=UTF-8''%D0%B0.xml\n\n\x0a\x01a",
            b"400\nX-Diadoc-ErrorCode: Auth.InvalidToken\nX-Kontur-Trace-Id: 7\n\nno",
        ];
        let answer = chosen(place, answers[place % answers.len()]);
        seeds.add(
            "http",
            &format!("answer-{}", method.name),
            &[&[0][..], &answer].concat(),
        );

        let mut call = Call::new(method);
        for parameter in method.parameters {
            let value = match parameter.name {
                name if name.ends_with("oxId") => Format::BoxId.sample(),
                "filterCategory" => "Any.Inbound",
                _ => "1",
            };
            call = call.parameter(parameter.name, value);
        }
        let request = call.to_http(&Config::new().unchecked(), Form::Json);
        let request = request.expect("these values can be sent");
        let verb: &Verb = request.method();
        let headers = "Content-Type: application/json";
        let target = request
            .uri()
            .path_and_query()
            .map_or("/", |target| target.as_str());
        let text = format!("\x01{verb} {target}\n{headers}\n\n{{}}");
        seeds.add("http", &format!("request-{}", method.name), text.as_bytes());
    }
    for (name, text) in [
        (
            "tokens",
            "\x02200\nContent-Type: application/json\n\n{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expires_in\":3600,\"token_type\":\"Bearer\"}",
        ),
        (
            "device",
            "\x02200\n\n{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"https://example.com\",\"expires_in\":300,\"interval\":5}",
        ),
        (
            "refusal",
            "\x02400\nRetry-After: 1\n\n{\"error\":\"authorization_pending\",\"error_description\":\"wait\"}",
        ),
        ("back", "\x02/back?state=BwcHBwcHBwcHBwcHBwcHBw&code=c"),
        ("query", "\x03boxId=1f20&name=a%20b&name=+&&x"),
    ] {
        seeds.add("http", name, text.as_bytes());
    }
}

fn texts(seeds: &mut Seeds) {
    let mut texts: Vec<String> = Format::ALL
        .iter()
        .map(|format| format.sample().to_owned())
        .collect();
    for class in DocumentClass::ALL {
        texts.extend(
            DocumentStatus::ALL
                .iter()
                .map(|status| format!("Any.{class}{status}")),
        );
    }
    let more = [
        "2025-07-18T08:30:43.3705569Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z",
        "29.02.2024",
        "-9223372036854775808",
        "TG9yZW0gaXBzdW0=",
        "A-_=",
        "GetBox=429*3",
        "*=slow:500ms",
        "protobuf",
        "request",
    ];
    texts.extend(more.map(str::to_owned));
    for (index, text) in texts.iter().enumerate() {
        seeds.add("text", &index.to_string(), text.as_bytes());
    }
}

/// Manifests, worlds and scripts.
fn files(seeds: &mut Seeds) {
    for (name, text) in [
        (
            "manifest",
            "\0[{\"file\":\"a.json\",\"method\":\"GetDocuments (V3)\",\"refused_at\":\"Documents[0].Content\",\"fault\":\"f\"},\n\
            {\"file\":\"*.ndjson\",\"message\":\"Events.Message\",\"direction\":\"response\"}]",
        ),
        (
            "manifest-object",
            "\0{\"$schema\":\"s.json\",\"bodies\":[{\"file\":\"c.bin\",\"form\":\"protobuf\",\"message\":\"DocumentId\",\"page\":\"p\"}]}",
        ),
        (
            "world",
            "\x01{\n// Hers.\n\"users\":[{\"login\":\"ivanova@example.ru\",\"last_name\":\"Иванова\",\"token\":\"hers\"}],\n\
            \"organizations\":[{\"box\":\"1f208d03-2a60-4f64-91b1-b7aad54cfaf3\",\"inn\":\"7705000010\",\"name\":\"Ромашка\"},\n\
            {\"box\":\"7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946\",\"inn\":\"7810000019\",\"name\":\"Василёк\"}],\n\
            \"relations\":[{\"from\":\"7705000010\",\"to\":\"7810000019\"}]}",
        ),
        (
            "script",
            "\x02[{\"box\":\"7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946\",\"when\":{\"event\":\"document\",\"type\":\"UniversalTransferDocument\",\
            \"number\":\"17*\"},\"then\":\"sign\",\"title\":\"answer.xml\",\"after\":\"2s\",\"times\":1}]",
        ),
    ] {
        seeds.add("manifest", name, text.as_bytes());
    }
}

fn dictionaries(folder: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    let schema = Schema::diadoc();
    let fields = schema.messages().flat_map(|message| {
        let fields = message
            .fields()
            .map(|field| format!("\"{}\":", field.json_name()));
        fields.collect::<Vec<_>>()
    });
    let names = schema.enums().flat_map(|item| {
        let names = item.values().map(|value| format!("\"{}\"", value.name()));
        names.collect::<Vec<_>>()
    });
    let values = [
        "null",
        "true",
        "false",
        "\"True\"",
        "-0",
        "1e400",
        "1.50",
        "007",
        "\"-0\"",
        "[]",
        "{}",
        "[{}]",
        "9223372036854775807",
        "9223372036854775808",
        "\"AA==\"",
        "\"A-_\"",
        "\\u00e9",
        "\u{feff}",
    ];
    let json: BTreeSet<_> = fields
        .chain(names)
        .chain(values.map(str::to_owned))
        .collect();
    write(folder, "json", json.iter().map(String::as_str));

    let parameters = METHODS.iter().flat_map(|method| method.parameters.iter());
    let http: BTreeSet<_> = parameters
        .map(|parameter| parameter.name)
        .chain(METHODS.iter().map(|method| method.path))
        .chain([
            "Retry-After: ",
            "Date: ",
            "Content-Type: ",
            "Content-Disposition: ",
            "filename*=UTF-8''",
            "filename=",
            "X-Diadoc-FileName: ",
            "application/json",
            "application/x-protobuf",
            "GET ",
            "POST ",
            "error",
            "error_description",
            "slow_down",
            "expires_in",
            "interval",
        ])
        .collect();
    write(folder, "http", http.into_iter());

    let schema = [
        "message ",
        "enum ",
        "service ",
        "rpc ",
        "returns ",
        "required ",
        "optional ",
        "repeated ",
        "reserved ",
        "extend ",
        "oneof ",
        "map<string, int32> ",
        "import ",
        "option ",
        "syntax = \"proto3\";",
        "package ",
        "[deprecated = true]",
        "[(Rules.field).max_len = 1]",
        "(Json.names).unknown",
        "(Http.method)",
        "to max",
        "$ref",
        "#/components/schemas/",
        "properties",
        "allOf",
        "enum",
        "items",
        "type",
    ];
    write(folder, "schema", schema.into_iter());
    let manifest = [
        "file",
        "method",
        "message",
        "direction",
        "form",
        "refused_at",
        "bodies",
        "users",
        "organizations",
        "relations",
        "box",
        "inn",
        "kpp",
        "token",
        "login",
        "departments",
        "counteragents",
        "when",
        "then",
        "after",
        "times",
        "sign",
        "refuse",
        "documents",
        "**/*",
        "//",
        "/*",
        "*/",
    ];
    write(folder, "manifest", manifest.into_iter());
    write(
        folder,
        "text",
        DocumentStatus::ALL.iter().map(DocumentStatus::as_str),
    );
}

/// A dictionary as libFuzzer reads it: a quoted word a line.
fn write<'a>(folder: &Path, name: &str, words: impl Iterator<Item = &'a str>) {
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        byte => format!("\\x{byte:02x}"),
    };
    let lines =
        words.map(|word| format!("\"{}\"\n", word.bytes().map(escaped).collect::<String>()));
    let file = folder.join(format!("{name}.dict"));
    fs::write(file, lines.collect::<String>()).expect("a file");
}
