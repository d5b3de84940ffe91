#!/usr/bin/env bash
# prost-reflect 0.16.5 writes unknown fields between the known ones, by number.
#
# It keeps the fields that a descriptor does not have, as its documentation says. One would expect them
# where Google's implementations put them: behind the known fields, in the order in which they were
# read. They are sorted in among the known ones, and among each other. Both are valid, but bytes that
# have been signed or hashed over are other bytes after a pass through it, and so are those of two
# programs that agree on the schema.
#
# Seen: of the fields 9, 1 and 4 of a message that knows 1 and 5 alone, then 5, prost-reflect writes
# 1 4 5 9; Google's Python protobuf 7.36.2 writes 1 5 9 4.
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
prost-reflect = "=0.16.5"
protox = "=0.10.0"
TOML
cat > test.proto <<'PROTO'
syntax = "proto2";
message M {
  optional int32 a = 1;
  optional int32 b = 5;
}
PROTO
cat > src/main.rs <<'RUST'
use prost_reflect::prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage};

fn main() {
    let set = protox::compile(["test.proto"], ["."]).unwrap();
    std::fs::write("set.bin", set.encode_to_vec()).unwrap();
    let pool = DescriptorPool::from_file_descriptor_set(set).unwrap();
    let message = pool.get_message_by_name("M").unwrap();
    // A key is the number times eight, for varints; each value is 1.
    let bytes = [9, 1, 4, 5].map(|number| [number << 3, 1]).concat();
    let written = DynamicMessage::decode(message, &bytes[..]).unwrap().encode_to_vec();
    let numbers: Vec<_> = written.chunks(2).map(|field| (field[0] >> 3).to_string()).collect();
    println!("prost-reflect {}", numbers.join(" "));
}
RUST
cat > python.py <<'PYTHON'
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

pool = descriptor_pool.DescriptorPool()
with open("set.bin", "rb") as file:
    for proto in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
        pool.Add(proto)
kind = message_factory.GetMessageClass(pool.FindMessageTypeByName("M"))
written = kind.FromString(bytes([72, 1, 8, 1, 32, 1, 40, 1])).SerializeToString(deterministic=True)
print("google", *(key >> 3 for key in written[::2]))
PYTHON
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'protobuf==7.36.2'
seen=$(cargo run --quiet; venv/bin/python python.py)
expected='prost-reflect 1 4 5 9
google 1 5 9 4'
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
