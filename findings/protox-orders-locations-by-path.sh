#!/usr/bin/env bash
# protox 0.10.0 orders the locations of a file by their paths, protoc (of grpcio-tools 1.85.1) by where
# they stand in the text.
#
# The content of each location is the same, so one would expect the same bytes of a descriptor set with
# source info. They differ for almost every file: what stands first in the text, `syntax` of the path
# `[12]`, comes last, and messages come before the enums that stand above them. descriptor.proto promises
# no order, yet a comparison of files, or of their hashes, takes each file for changed.
#
# Seen: protoc's paths are `[] [12] [2] [5,0] … [4,0] [4,0,1]`, protox's
# `[] [2] [4,0] [4,0,1] [5,0] … [12]`; sorted, both lists are the same.
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
protox = { version = "=0.10.0", default-features = false }
TOML
cat > test.proto <<'PROTO'
syntax = "proto2";
package a;
enum E { Zero = 0; }
message M {}
PROTO
cat > src/main.rs <<'RUST'
fn main() {
    let mut compiler = protox::Compiler::new(["."]).unwrap();
    compiler.include_source_info(true).include_imports(true);
    compiler.open_file("test.proto").unwrap();
    std::fs::write("protox.binpb", compiler.encode_file_descriptor_set()).unwrap();
}
RUST
cargo run --quiet
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check grpcio-tools==1.85.1 protobuf==7.36.2
venv/bin/python -m grpc_tools.protoc -I. --include_imports --include_source_info -oprotoc.binpb \
    test.proto
cat > show.py <<'PY'
from google.protobuf import descriptor_pb2


def locations(name):
    with open(name, "rb") as file:
        files = descriptor_pb2.FileDescriptorSet.FromString(file.read()).file
    return [file for file in files if file.name == "test.proto"][0].source_code_info.location


def paths(name):
    return " ".join(
        "[" + ",".join(map(str, location.path)) + "]" for location in locations(name)
    )


def sorted_bytes(name):
    return sorted(location.SerializeToString() for location in locations(name))


print("protoc", paths("protoc.binpb"))
print("protox", paths("protox.binpb"))
print("the same set", sorted_bytes("protoc.binpb") == sorted_bytes("protox.binpb"))
PY
seen=$(venv/bin/python show.py)
expected='protoc [] [12] [2] [5,0] [5,0,1] [5,0,2,0] [5,0,2,0,1] [5,0,2,0,2] [4,0] [4,0,1]
protox [] [2] [4,0] [4,0,1] [5,0] [5,0,1] [5,0,2,0] [5,0,2,0,1] [5,0,2,0,2] [12]
the same set True'
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
