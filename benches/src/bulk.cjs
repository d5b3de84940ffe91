// Holds each line of a file against a JSON Schema with ajv, and prints how many it refuses.
//
// The schema and the file are named on the command line. The whole text is in memory at once and lines are
// cut out of it, which costs ajv least.

const fs = require("node:fs");
const Ajv = require("ajv/dist/2020").default;

const [schema, lines] = process.argv.slice(2);
const validate = new Ajv({ strict: true }).compile(JSON.parse(fs.readFileSync(schema, "utf8")));
const text = fs.readFileSync(lines, "utf8");
let refused = 0;
for (let at = 0; at < text.length; ) {
  let end = text.indexOf("\n", at);
  if (end < 0) end = text.length;
  if (end > at && !validate(JSON.parse(text.slice(at, end)))) refused += 1;
  at = end + 1;
}
console.log(refused);
