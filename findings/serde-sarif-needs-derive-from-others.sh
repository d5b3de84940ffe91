#!/usr/bin/env bash
# serde-sarif 0.8.0 does not compile as the only dependency of a package.
#
# Its types derive serde's traits, but its own dependency on serde does not turn on serde's feature
# `derive`. It builds only where some other crate of the same build does. One would expect a released
# crate to build by itself; a program that serializes through serde-sarif's types alone, and derives
# nothing of its own, gets hundreds of errors.
#
# Seen: alone, "cannot find derive macro `Serialize`"; with serde and its feature `derive` as a second
# dependency it builds, with no other change.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
manifest() {
    cat > Cargo.toml <<TOML
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
serde-sarif = { version = "=0.8.0", default-features = false }
$1
TOML
}
echo 'fn main() { println!("{}", serde_sarif::sarif::Version::V2_1_0.to_string()); }' > src/main.rs

manifest ''
if cargo build --quiet 2> alone.txt; then
    echo 'it builds alone: the behaviour has changed' >&2
    exit 1
fi
grep -q 'cannot find derive macro `Serialize`' alone.txt || { cat alone.txt >&2; exit 1; }
echo 'alone: cannot find derive macro `Serialize`'

manifest 'serde = { version = "1", features = ["derive"] }'
seen=$(cargo run --quiet)
echo "with serde's derive: $seen"
