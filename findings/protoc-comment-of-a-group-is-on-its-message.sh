#!/usr/bin/env bash
# protoc (grpcio-tools 1.85.1) puts the comment above a group on the group's message, and none on the field.
#
# A group declares a field and a message in one statement. The source info has a location for each, and one
# would look for the comment above the statement where that of any other field is: at the path of the field.
# It is only at the path of the nested message. What makes documentation of fields alone has nothing to say
# of groups. A map, which makes a message of its own too, has its comment at the field.
#
# Seen: the comment of the group stands at [4, 0, 3, 0], that of the map at [4, 0, 2, 1].
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'grpcio-tools==1.85.1' 'protobuf==7.36.2'
cat > demo.proto <<'PROTO'
syntax = "proto2";
message Outer {
  // About the group.
  optional group Inner = 1 {
    optional int32 number = 1;
  }
  // About the map.
  map<string, int32> counts = 2;
}
PROTO
venv/bin/python -m grpc_tools.protoc -I. --include_source_info -odemo.binpb demo.proto
cat > finding.py <<'PY'
from google.protobuf import descriptor_pb2

with open("demo.binpb", "rb") as file:
    files = descriptor_pb2.FileDescriptorSet.FromString(file.read())
for place in files.file[0].source_code_info.location:
    if place.leading_comments:
        print(list(place.path), place.leading_comments.strip())
PY
venv/bin/python finding.py > seen
cat seen
diff seen - <<'SEEN'
[4, 0, 3, 0] About the group.
[4, 0, 2, 1] About the map.
SEEN
