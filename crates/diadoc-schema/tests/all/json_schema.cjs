// The JavaScript side of json_schema.rs.
//
// Compiles the JSON Schema in the file named on the command line with ajv, where all that its strict mode
// only logs by default, or leaves out, is an error. Answers each line of JSON on standard input with
// `true` where the schema takes it, else with `false`.

const fs = require("node:fs");
const readline = require("node:readline");
const Ajv = require("ajv/dist/2020").default;

for (const level of ["log", "warn", "error"]) {
  console[level] = (...words) => {
    throw new Error(words.join(" "));
  };
}

const schema = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const validate = new Ajv({ strict: true }).compile(schema);

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (line) => process.stdout.write(`${validate(JSON.parse(line))}\n`));
