#!/usr/bin/env bash
# ajv 8.20.0 throws «Maximum call stack size exceeded» where a `pattern` repeats a group over a text of
# some million characters, on a text that matches.
#
# One would expect true or false of any string: `^(?:[A-Za-z0-9+/]{4})*$`, the pattern of base64 that
# every page has, cannot go astray, and a regular expression is not thought of as recursive. But V8
# keeps a note of each group that it may have to go back to, and gives up when 64 MB are full; ajv hands
# the RangeError on instead of a verdict. A body with a document of 12 MB cannot be validated so.
# Repeating a class, `^[A-Za-z0-9+/]*$`, needs no notes and takes any length.
#
# Seen with Node 20.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-package-lock ajv@8.20.0
cat > finding.cjs <<'JS'
const Ajv = require("ajv/dist/2020").default;
const verdict = (pattern, text) => {
  const validate = new Ajv().compile({ type: "string", pattern });
  try {
    return validate(text);
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
};
const short = "AAAA".repeat(25_000);
const long = "AAAA".repeat(4_000_000);
for (const pattern of ["^(?:[A-Za-z0-9+/]{4})*$", "^[A-Za-z0-9+/]*$"]) {
  console.log(`${pattern} short: ${verdict(pattern, short)}`);
  console.log(`${pattern} long: ${verdict(pattern, long)}`);
}
JS
seen=$(node finding.cjs)
printf '%s\n' "$seen"
expected='^(?:[A-Za-z0-9+/]{4})*$ short: true
^(?:[A-Za-z0-9+/]{4})*$ long: RangeError: Maximum call stack size exceeded
^[A-Za-z0-9+/]*$ short: true
^[A-Za-z0-9+/]*$ long: true'
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
