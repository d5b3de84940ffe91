#!/usr/bin/env bash
# ts-proto 2.18.0 does not write an `optional` field of proto2 that is set to zero, and writes it in proto3.
#
# `optional` means the same in both: the field knows whether it is set, and a zero that is set is written.
# ts-proto gives the field the same type in both, `number | undefined`, and one would expect it to keep
# the two apart in both, or in neither, as its README has it of default values. In proto2 alone it does
# not: what is not there is read as a zero, and a zero is not written, in JSON or on the wire. A page from
# offset 0, an empty filter or a flag that is turned off reach the other side as not set.
#
# Seen: `080012001800`, a message with 0, "" and false, is read whole by both; written again it is empty in
# proto2, and the same six bytes in proto3. An empty message is read as those zeros in proto2 alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-package-lock \
  ts-proto@2.18.0 @bufbuild/protobuf@2.17.0 protoc@36.2.0 typescript@7.0.2
for syntax in proto2 proto3; do
  cat > "$syntax.proto" <<PROTO
syntax = "$syntax";
package demo.$syntax;
message Page {
  optional int32 offset = 1;
  optional string filter = 2;
  optional bool exact = 3;
}
PROTO
done
node_modules/.bin/protoc -I. --plugin=node_modules/.bin/protoc-gen-ts_proto --ts_proto_out=. \
  proto2.proto proto3.proto
node_modules/.bin/tsc --target ES2022 --module CommonJS --moduleResolution bundler --skipLibCheck \
  --outDir js proto2.ts proto3.ts
cat > finding.cjs <<'JS'
for (const syntax of ["proto2", "proto3"]) {
  const { Page } = require(`./js/${syntax}.js`);
  const page = Page.decode(Buffer.from("080012001800", "hex"));
  const wire = Buffer.from(Page.encode(page).finish()).toString("hex");
  console.log(`${syntax} read: ${JSON.stringify(page)}`);
  console.log(`${syntax} written: ${JSON.stringify(Page.toJSON(page))} wire: "${wire}"`);
  console.log(`${syntax} read of nothing: ${JSON.stringify(Page.decode(new Uint8Array()))}`);
}
JS
seen=$(node finding.cjs)
printf '%s\n' "$seen"
expected='proto2 read: {"offset":0,"filter":"","exact":false}
proto2 written: {} wire: ""
proto2 read of nothing: {"offset":0,"filter":"","exact":false}
proto3 read: {"offset":0,"filter":"","exact":false}
proto3 written: {"offset":0,"filter":"","exact":false} wire: "080012001800"
proto3 read of nothing: {}'
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
