// Reads and writes cases with protobuf-es: probe_es.mjs DESCRIPTORS CASES RESULTS.
import { readFileSync, writeFileSync } from "node:fs";
import { createFileRegistry, fromBinary, fromJsonString, toBinary, toJsonString } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

const [descriptors, cases, results] = process.argv.slice(2);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));

function run(c) {
  const schema = registry.getMessage(c.message);
  const message =
    c.json === undefined
      ? fromBinary(schema, Buffer.from(c.wire, "base64"))
      : fromJsonString(schema, c.json, { ignoreUnknownFields: c.lenient });
  const result = { json: toJsonString(schema, message) };
  return { ...result, wire: Buffer.from(toBinary(schema, message)).toString("base64") };
}

const attempt = (c) => {
  try {
    return run(c);
  } catch (error) {
    return { error: `${error.name}: ${error.message}` };
  }
};
writeFileSync(results, JSON.stringify(JSON.parse(readFileSync(cases)).map(attempt)));
