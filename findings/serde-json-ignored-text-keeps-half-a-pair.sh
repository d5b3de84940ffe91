#!/usr/bin/env bash
# serde_json 1.0.154 takes half of a surrogate pair (`\ud83d` alone) in text that is skipped, and
# refuses it in text that is read.
#
# One would use `IgnoredAny` to ask whether a text is JSON without building anything, and expect the
# answer that `Value` gives. But a string that nobody reads is skipped by its four hex digits, without
# a look at what they stand for: the same body is JSON for one type and an error for another, and a
# struct takes it in a key that it does not know.
#
# Seen: `IgnoredAny` and the unknown key take it; `Value` and the known key refuse it, with «unexpected
# end of hex escape» at the closing quote.
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
serde = { version = "=1.0.228", features = ["derive"] }
serde_json = "=1.0.154"
TOML
cat > src/main.rs <<'RUST'
use serde::de::{DeserializeOwned, IgnoredAny};

#[derive(serde::Deserialize)]
struct Known {
    #[serde(default, rename = "known")]
    _known: String,
}

fn say<T: DeserializeOwned>(what: &str, body: &str) {
    match serde_json::from_str::<T>(body) {
        Ok(_) => println!("{what}: taken"),
        Err(error) => println!("{what}: {error}"),
    }
}

fn main() {
    say::<IgnoredAny>("IgnoredAny", r#""\ud83d""#);
    say::<serde_json::Value>("Value", r#""\ud83d""#);
    say::<Known>("unknown key", r#"{"other": "\ud83d"}"#);
    say::<Known>("known key", r#"{"known": "\ud83d"}"#);
}
RUST
seen=$(cargo run --quiet)
printf '%s\n' "$seen"
expected='IgnoredAny: taken
Value: unexpected end of hex escape at line 1 column 8
unknown key: taken
known key: unexpected end of hex escape at line 1 column 18'
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
