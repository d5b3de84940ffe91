#!/usr/bin/env bash
# prost-build 0.14.4 escapes brackets in comments inside backticks too, where the escape shows.
#
# prost-build turns `[` and `]` of a comment into `\[` and `\]`, so that rustdoc takes no text for a
# link. Inside a code span rustdoc makes no links and Markdown knows no escapes, so one would expect
# the span to be left alone. It is not: a regular expression in backticks reaches the reader with
# backslashes that change its meaning.
#
# Seen: the comment "Matches `^[a-z]$`." becomes "/// Matches `^\[a-z\]$`.".
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
prost-build = "=0.14.4"
protox = "=0.10.0"
TOML
cat > test.proto <<'PROTO'
syntax = "proto2";
package p;
message M {
  // Matches `^[a-z]$`.
  optional string s = 1;
}
PROTO
cat > src/main.rs <<'RUST'
fn main() {
    let set = protox::Compiler::new(["."])
        .unwrap()
        .include_source_info(true)
        .open_file("test.proto")
        .unwrap()
        .file_descriptor_set();
    let requests = set
        .file
        .into_iter()
        .map(|file| (prost_build::Module::from_protobuf_package_name("p"), file))
        .collect();
    let code = prost_build::Config::new().generate(requests).unwrap();
    for code in code.values() {
        for line in code.lines().filter(|line| line.contains("Matches")) {
            println!("{}", line.trim());
        }
    }
}
RUST
seen=$(cargo run --quiet)
printf '%s\n' "$seen"
[ "$seen" = '/// Matches `^\[a-z\]$`.' ] || { echo 'the behaviour has changed' >&2; exit 1; }
