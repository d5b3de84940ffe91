// Reads and writes cases with protobufjs: probe_protobufjs.mjs BUNDLE CASES RESULTS, where BUNDLE is
// the JSON of `pbjs -t json`, or the code of `pbjs -t static-module`.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import protobuf from "protobufjs";

const [bundle, cases, results] = process.argv.slice(2);
const lookup = bundle.endsWith(".json") ? reflected() : generated();
const proto3Json = { longs: String, enums: String, bytes: String, json: true };

function reflected() {
  const root = protobuf.Root.fromJSON(JSON.parse(readFileSync(bundle)));
  return (name) => root.lookupType(name);
}

function generated() {
  const root = createRequire(import.meta.url)(bundle);
  return (name) => name.split(".").reduce((scope, part) => scope[part], root);
}

function run(c) {
  const type = lookup(c.message);
  const message =
    c.json === undefined ? type.decode(Buffer.from(c.wire, "base64")) : type.fromObject(JSON.parse(c.json));
  const json = JSON.stringify(type.toObject(message, proto3Json));
  return { json, wire: Buffer.from(type.encode(message).finish()).toString("base64") };
}

const attempt = (c) => {
  try {
    return run(c);
  } catch (error) {
    return { error: `${error.name}: ${error.message}` };
  }
};
writeFileSync(results, JSON.stringify(JSON.parse(readFileSync(cases)).map(attempt)));
