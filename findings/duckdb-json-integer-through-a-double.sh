#!/usr/bin/env bash
# DuckDB 2.0.1 reads a JSON number with a fraction of zero into a BIGINT of other digits.
#
# `'638884246403244957.0'::BIGINT` and `638884246403244957.0::BIGINT` give the number that stands there: the text
# and the decimal are converted exactly, and what does not fit is an error. One would expect the same of the same
# characters as JSON. But a JSON number with a point is a double first, whatever type it is asked for: the cast
# and `from_json` with the type BIGINT both round it, to an integer that nobody wrote, without an error.
#
# Seen: 638884246403244957.0 is 638884246403244957 as text and as a literal, and 638884246403244928 as JSON;
# without the point it is exact as JSON too. Seen with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.1
seen=$(env/bin/python - <<'PY'
import duckdb

number = "638884246403244957"
for what, expression in {
    "text": f"'{number}.0'::BIGINT",
    "literal": f"{number}.0::BIGINT",
    "JSON, cast": f"('{number}.0'::JSON)::BIGINT",
    "JSON, from_json": f"from_json('{number}.0', '\"BIGINT\"')",
    "JSON without a point": f"('{number}'::JSON)::BIGINT",
}.items():
    print(f"{what}: {duckdb.sql(f'SELECT {expression}').fetchall()[0][0]}")
PY
)
printf '%s\n' "$seen"
expected='text: 638884246403244957
literal: 638884246403244957
JSON, cast: 638884246403244928
JSON, from_json: 638884246403244928
JSON without a point: 638884246403244957'
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
