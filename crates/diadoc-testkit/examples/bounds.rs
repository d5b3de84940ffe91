//! Bodies at the bounds of the rules of every message, a line of JSON each: the message, the body in
//! protobuf as base64, and the rule that it breaks with its path, where it breaks one. Other validators are
//! held against them.
//!
//! ```sh
//! cargo run -p diadoc-testkit --example bounds > bounds.ndjson
//! ```

use std::error::Error;
use std::io::{self, BufWriter, Write as _};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use diadoc_proto::registry;
use diadoc_schema::Schema;
use diadoc_testkit::bounds::Bounds;
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(io::stdout().lock());
    for message in Schema::diadoc().messages() {
        let name = message.full_name();
        let message_type = registry::find(name).ok_or("a message without a type")?;
        for case in Bounds::of_itself(&message).values() {
            let body = message_type.from_json(case.content.as_bytes())?;
            let fault = case.fault.as_ref();
            let line = json!({
                "message": name,
                "protobuf": BASE64_STANDARD.encode(body.encode_to_vec()),
                "rule": fault.map(|fault| fault.rule.id()),
                "path": fault.map(|fault| &fault.path),
            });
            writeln!(out, "{line}")?;
        }
    }
    out.flush()?;
    Ok(())
}
