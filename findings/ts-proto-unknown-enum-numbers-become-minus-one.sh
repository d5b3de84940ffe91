#!/usr/bin/env bash
# ts-proto 2.18.0: an enum's number that the schema does not have yet becomes -1 on its way through JSON.
#
# Enums of proto3 are open: 77 from a newer side is a valid value, on the wire and as a number in JSON, and
# a program that does not know it hands it on. ts-proto does so on the wire, and one would expect as much of
# its `fromJSON` and `toJSON`, or an error. `fromJSON` makes it the member `UNRECOGNIZED` that is added to each
# enum, and `encode` writes that like any other: -1 goes out, in ten bytes. Where the schema has a member -1
# of its own, the other side reads that, a value that nobody has sent.
#
# Seen: 77 comes off the wire as 77 and goes back so; as JSON it is "UNRECOGNIZED" or, of an enum with a member
# -1, the name of that; 77 read from JSON goes out as -1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-package-lock \
  ts-proto@2.18.0 @bufbuild/protobuf@2.17.0 protoc@36.2.0 typescript@7.0.2
cat > demo.proto <<'PROTO'
syntax = "proto3";
package demo;
enum Color {
  RED = 0;
  GREEN = 1;
}
enum Level {
  NORMAL = 0;
  HIGH = 1;
  OFF = -1;
}
message Lamp {
  Color color = 1;
  Level level = 2;
}
PROTO
node_modules/.bin/protoc -I. --plugin=node_modules/.bin/protoc-gen-ts_proto --ts_proto_out=. demo.proto
node_modules/.bin/tsc --target ES2022 --module CommonJS --moduleResolution bundler --skipLibCheck \
  --outDir js demo.ts
cat > finding.cjs <<'JS'
const { Lamp } = require("./js/demo.js");
const wire = (lamp) => Buffer.from(Lamp.encode(lamp).finish()).toString("hex");
const off = Lamp.decode(Buffer.from("084d104d", "hex"));
console.log(`off the wire: ${JSON.stringify(off)} back: ${wire(off)}`);
console.log(`as JSON: ${JSON.stringify(Lamp.toJSON(off))}`);
for (const text of ['{"color":77}', '{"level":77}']) {
  const lamp = Lamp.fromJSON(JSON.parse(text));
  console.log(`from ${text}: ${JSON.stringify(lamp)} out: ${wire(lamp)}`);
}
JS
seen=$(node finding.cjs)
printf '%s\n' "$seen"
expected='off the wire: {"color":77,"level":77} back: 084d104d
as JSON: {"color":"UNRECOGNIZED","level":"OFF"}
from {"color":77}: {"color":-1,"level":0} out: 08ffffffffffffffffff01
from {"level":77}: {"color":0,"level":-1} out: 10ffffffffffffffffff01'
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
