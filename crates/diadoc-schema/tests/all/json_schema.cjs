// The JavaScript side of json_schema.rs.
//
// Compiles the JSON Schema in the file named on the command line with ajv as it comes, then once more
// with all that its strict mode can refuse. Answers each line of JSON on standard input with `true`
// where the schema takes it, else with `false`.

const fs = require("node:fs");
const readline = require("node:readline");
const Ajv = require("ajv/dist/2020").default;

// What ajv only logs is a complaint too.
for (const level of ["log", "warn", "error"]) {
  console[level] = (...words) => {
    throw new Error(words.join(" "));
  };
}

const schema = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const validate = new Ajv().compile(schema);
new Ajv({ strict: true }).compile(schema);

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (line) => process.stdout.write(`${validate(JSON.parse(line))}\n`));
