// Reads and writes cases with the code of ts-proto or protobuf-ts:
// probe_generated.mjs FOLDER CASES RESULTS KIND, where KIND is `ts-proto` or `protobuf-ts`.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, cases, results, kind] = process.argv.slice(2);

function read(type, c) {
  if (kind === "protobuf-ts") {
    return c.json === undefined
      ? type.fromBinary(Buffer.from(c.wire, "base64"))
      : type.fromJsonString(c.json, { ignoreUnknownFields: c.lenient });
  }
  return c.json === undefined ? type.decode(Buffer.from(c.wire, "base64")) : type.fromJSON(JSON.parse(c.json));
}

function write(type, message) {
  if (kind === "protobuf-ts") {
    return [type.toJsonString(message), type.toBinary(message)];
  }
  return [JSON.stringify(type.toJSON(message)), type.encode(message).finish()];
}

async function run(c) {
  const path = join(resolve(folder), c.file.replace(/\.proto$/, ".js"));
  const name = c.message.split(".").at(-1);
  const module = await import(pathToFileURL(path));
  const type = module[name] ?? module[name.replace("_v", "V")];
  const [json, wire] = write(type, read(type, c));
  return { json, wire: Buffer.from(wire).toString("base64") };
}

const answers = [];
for (const c of JSON.parse(readFileSync(cases))) {
  try {
    answers.push(await run(c));
  } catch (error) {
    answers.push({ error: `${error.name}: ${error.message}` });
  }
}
writeFileSync(results, JSON.stringify(answers));
