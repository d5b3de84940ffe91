#!/usr/bin/env bash
# prost-reflect 0.16.5 gives the values of an enum by number, not as the file declares them.
#
# The documentation of `EnumDescriptor::values()` names no order. One would expect that of the file:
# the descriptor that it is made from has it, protobuf's own libraries keep it, and of two names with
# one number the first declared is the one that JSON writes. It is the order of the numbers.
#
# Seen: declared `Zeta = 2, Alpha = 0, Mid = 1, AlphaToo = 0`, listed `AlphaToo Alpha Mid Zeta`: of two
# names with one number the one declared last comes first. The order of the file is that of
# `enum_descriptor_proto().value`.
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
enum E {
  option allow_alias = true;
  Zeta = 2;
  Alpha = 0;
  Mid = 1;
  AlphaToo = 0;
}
PROTO
cat > src/main.rs <<'RUST'
use prost_reflect::DescriptorPool;

fn main() {
    let set = protox::compile(["test.proto"], ["."]).unwrap();
    let pool = DescriptorPool::from_file_descriptor_set(set).unwrap();
    let item = pool.get_enum_by_name("E").unwrap();
    let listed: Vec<_> = item.values().map(|value| value.name().to_owned()).collect();
    let proto = item.enum_descriptor_proto();
    let declared: Vec<_> = proto.value.iter().map(|value| value.name()).collect();
    println!("listed {}", listed.join(" "));
    println!("declared {}", declared.join(" "));
}
RUST
seen=$(cargo run --quiet)
expected='listed AlphaToo Alpha Mid Zeta
declared Zeta Alpha Mid AlphaToo'
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
