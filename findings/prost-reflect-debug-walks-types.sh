#!/usr/bin/env bash
# prost-reflect 0.16.5: `{:?}` of a message with nothing in it grows with its types, not with what it holds.
#
# A DynamicMessage derives Debug, so one expects the name of its type and the fields that are set. It
# prints its whole descriptor, each field of that with its default value; the default of a field that holds
# a message is an empty DynamicMessage, which prints its descriptor in turn, with all that lies below. So each
# level of types multiplies the text. An assertion over two messages, a property that fails, or a log
# line can print megabytes, or seem to hang. Its text format (`Display`, with the feature `text-format`) holds
# what is set alone.
#
# Seen: of a chain of types in which each has two fields of the next, an empty message of the first prints
# twice as much, and a little more, for each further type; the text format prints nothing.
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
prost-reflect = { version = "=0.16.5", features = ["text-format"] }
protox = "=0.10.0"
TOML
{
    echo 'syntax = "proto2";'
    for level in 1 2 3 4 5; do
        next=$((level + 1))
        echo "message M$level { optional M$next a = 1; optional M$next b = 2; }"
    done
    echo 'message M6 { optional int32 a = 1; }'
} > test.proto
cat > src/main.rs <<'RUST'
use prost_reflect::{DescriptorPool, DynamicMessage};

fn main() {
    let set = protox::compile(["test.proto"], ["."]).unwrap();
    let pool = DescriptorPool::from_file_descriptor_set(set).unwrap();
    let mut shorter = None;
    for level in (1..=5).rev() {
        let message = pool.get_message_by_name(&format!("M{level}")).unwrap();
        let message = DynamicMessage::new(message);
        let debug = format!("{message:?}").len();
        if let Some(shorter) = shorter {
            println!("{} types more: {} times", 5 - level, debug / shorter);
        }
        shorter = Some(debug);
        assert_eq!(message.to_string(), "");
    }
    println!("more than 20000 bytes: {}", shorter > Some(20_000));
}
RUST
seen=$(cargo run --quiet)
printf '%s\n' "$seen"
expected='1 types more: 2 times
2 types more: 2 times
3 types more: 2 times
4 types more: 2 times
more than 20000 bytes: true'
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
