#!/usr/bin/env bash
# prost 0.14.4: `clear()` of a message does not bring back what `Default` gives to required strings.
#
# `Message::clear` is documented to reset all fields to their default, and a proto2 field that is required
# and declares one, `required string kind = 1 [default = "basic"]`, has it in `Default::default()`. After
# `clear()`, a number and a flag have their declared defaults again, but the string is empty. So a message
# that is cleared to be used again is not equal to a new one, and is written with other bytes.
#
# Seen: the new message and the cleared one, which differ in the string alone.
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
use prost::Message as _;

#[derive(Clone, PartialEq, prost::Message)]
struct Settings {
    #[prost(string, required, tag = "1", default = "basic")]
    kind: String,
    #[prost(int32, required, tag = "2", default = "7")]
    count: i32,
    #[prost(bool, required, tag = "3", default = "true")]
    enabled: bool,
}

fn main() {
    let new = Settings::default();
    let mut cleared = Settings::default();
    cleared.clear();
    println!("new:     {new:?}");
    println!("cleared: {cleared:?}");
    println!("equal: {}", new == cleared);
}
RUST
seen=$(cargo run --quiet)
printf '%s\n' "$seen"
expected='new:     Settings { kind: "basic", count: 7, enabled: true }
cleared: Settings { kind: "", count: 7, enabled: true }
equal: false'
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
