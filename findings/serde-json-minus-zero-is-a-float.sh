#!/usr/bin/env bash
# serde_json 1.0.154 reads the integer `-0` as a float: an `i64` refuses it, and a `Value` writes `-0.0`.
#
# In JSON's grammar `-0` is an integer as `0` and `-7` are, and Rust's own `"-0".parse::<i64>()` is 0. One
# would expect 0, or the text as it stood. Instead the kind of number depends on its value: a field of
# integers refuses the body, and what only passes through a `Value` comes out with a fraction that the next
# reader of integers refuses.
#
# Seen: as below.
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
serde_json = "=1.0.154"
TOML
cat > src/main.rs <<'RUST'
use serde_json::{from_str, from_value, Value};

fn main() {
    let value: Value = from_str("-0").unwrap();
    println!("written back: {value}");
    println!("as_i64: {:?}", value.as_i64());
    println!("equal to 0: {}", value == 0);
    println!("straight into i64: {:?}", from_str::<i64>("-0").map_err(|e| e.to_string()));
    println!("through a Value: {:?}", from_value::<i64>(value).map_err(|e| e.to_string()));
}
RUST
seen=$(cargo run --quiet)
printf '%s\n' "$seen"
expected='written back: -0.0
as_i64: None
equal to 0: false
straight into i64: Err("invalid type: floating point `-0.0`, expected i64 at line 1 column 2")
through a Value: Err("invalid type: floating point `-0.0`, expected i64")'
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
