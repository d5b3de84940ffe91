#!/usr/bin/env bash
# prost 0.14.4 shows a field that bears a keyword's name with `r#` in `Debug`.
#
# prost-build gives the protobuf field `type` the Rust name `r#type`, and one would expect `Debug` to show
# it as std's derive does, and as the schema has it: `type`. prost's derive writes `Debug` by itself, from
# the identifier as it stands in the source. So a log, or a snapshot made with `{:?}`, has a name that
# neither Rust's own derive nor the schema would give, and it changes when one derive takes the place of
# the other.
#
# Seen: `OfProst { r#type: "a", name: "b" }` beside `OfStd { type: "a", name: "b" }`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
prost = "=0.14.4"
TOML
cat > src/main.rs <<'RUST'
#[derive(Clone, PartialEq, prost::Message)]
struct OfProst {
    #[prost(string, tag = "1")]
    r#type: String,
    #[prost(string, tag = "2")]
    name: String,
}

#[derive(Debug)]
#[allow(dead_code)]
struct OfStd {
    r#type: String,
    name: String,
}

fn main() {
    let (r#type, name) = ("a".to_string(), "b".to_string());
    println!("{:?}", OfProst { r#type: r#type.clone(), name: name.clone() });
    println!("{:?}", OfStd { r#type, name });
}
RUST
seen=$(cargo run --quiet)
printf '%s\n' "$seen"
expected='OfProst { r#type: "a", name: "b" }
OfStd { type: "a", name: "b" }'
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
