#!/usr/bin/env bash
# protobuf-es 2.17.0 reads a 64-bit integer that JSON has as a number into a `bigint` of other digits.
#
# ProtoJSON lets a 64-bit integer be a string or a number, and the FAQ of protobuf-es says that its `bigint`
# "avoids silent precision loss". `fromJsonString` has the text and the type of the field, so one would expect
# the number that the text has, or an error. But it starts with `JSON.parse`, which has rounded the number to
# a double before anybody looks at the field. What comes out is an exact type with a wrong value, which
# passes each later check, and goes on as a string of digits that nobody wrote.
#
# Seen: `638772135536156181` becomes `638772135536156160n` as a number, and stays as it is as a string. Seen
# with Node 20.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-package-lock \
  @bufbuild/protobuf@2.17.0 @bufbuild/protoc-gen-es@2.17.0 protoc@36.2.0
cat > demo.proto <<'PROTO'
syntax = "proto3";
package demo;
message Stamp {
  int64 ticks = 1;
}
PROTO
node_modules/.bin/protoc -I. --plugin=node_modules/.bin/protoc-gen-es --es_opt=target=js --es_out=. demo.proto
mv demo_pb.js demo_pb.mjs
cat > finding.mjs <<'JS'
import { fromJsonString, toJsonString } from "@bufbuild/protobuf";
import { StampSchema } from "./demo_pb.mjs";

for (const text of ['{"ticks":638772135536156181}', '{"ticks":"638772135536156181"}']) {
  const stamp = fromJsonString(StampSchema, text);
  console.log(`${text} read: ${stamp.ticks}n written: ${toJsonString(StampSchema, stamp)}`);
}
JS
seen=$(node finding.mjs)
printf '%s\n' "$seen"
expected='{"ticks":638772135536156181} read: 638772135536156160n written: {"ticks":"638772135536156160"}
{"ticks":"638772135536156181"} read: 638772135536156181n written: {"ticks":"638772135536156181"}'
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
