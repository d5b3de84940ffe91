#!/usr/bin/env bash
# betterproto2 0.10.0 drops `-` and `_` of URL-safe base64 when it reads bytes from JSON.
#
# ProtoJSON takes both alphabets of base64 for `bytes`, and Google's Python reads both. One would expect the
# same, or an error. betterproto2 decodes with Python's `b64decode`, which knows the standard alphabet alone
# and skips what is not in it: the two characters go, with them the bits that they stand for, and what
# follows moves up. There is an error only where the characters that are left make no whole groups of four:
# some of such values are refused, and others are read as other bytes.
#
# Seen: `-_-_AQID` gives the last three bytes of six, `--__` none; the same bytes in the standard alphabet are
# read whole. protobuf 7.36.2 reads all four whole.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
  'betterproto2==0.10.0' 'betterproto2-compiler==0.10.1' 'grpcio-tools==1.85.1' 'protobuf==7.36.2'
cat > demo.proto <<'PROTO'
syntax = "proto3";
package demo;
message Blob {
  bytes data = 1;
}
PROTO
mkdir better
PATH="$folder/venv/bin:$PATH" venv/bin/python -m grpc_tools.protoc -I. --python_out=. \
  --python_betterproto2_out=better demo.proto
cat > finding.py <<'PY'
import json

from google.protobuf import json_format

import demo_pb2
from better.demo import Blob

for data in ["+/+/AQID", "-_-_AQID", "++//", "--__"]:
    text = json.dumps({"data": data})
    of_google = json_format.Parse(text, demo_pb2.Blob()).data
    print(data, "betterproto2:", Blob.from_json(text).data.hex(" ") or "none", "protobuf:", of_google.hex(" "))
PY
seen=$(venv/bin/python finding.py)
printf '%s\n' "$seen"
expected='+/+/AQID betterproto2: fb ff bf 01 02 03 protobuf: fb ff bf 01 02 03
-_-_AQID betterproto2: 01 02 03 protobuf: fb ff bf 01 02 03
++// betterproto2: fb ef ff protobuf: fb ef ff
--__ betterproto2: none protobuf: fb ef ff'
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
