#!/usr/bin/env bash
# Python's jsonschema 4.26.0 lets a line break pass at the end of a string where `pattern` ends in `$`.
#
# One would expect the verdict of every other validator: JSON Schema's patterns are those of ECMA-262,
# where `$` is the end of the string. Here they go to Python's `re` as they are, to which `$` also stands
# before a line break at the end, so that an id read from a file with its line break passes as valid.
# `\Z` is no way out, ECMA-262 does not have it; `$(?!\n)` says the same to both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'jsonschema==4.26.0'
cat > finding.py <<'PY'
from jsonschema import Draft202012Validator

for pattern in [r"^[0-9a-f]{4}$", r"^[0-9a-f]{4}$(?!\n)"]:
    validator = Draft202012Validator({"type": "string", "pattern": pattern})
    for text in ["12ab", "12ab\n", "12ab\n\n"]:
        print(pattern, repr(text), validator.is_valid(text))
PY
seen=$(venv/bin/python finding.py)
printf '%s\n' "$seen"
expected="^[0-9a-f]{4}\$ '12ab' True
^[0-9a-f]{4}\$ '12ab\\n' True
^[0-9a-f]{4}\$ '12ab\\n\\n' False
^[0-9a-f]{4}\$(?!\\n) '12ab' True
^[0-9a-f]{4}\$(?!\\n) '12ab\\n' False
^[0-9a-f]{4}\$(?!\\n) '12ab\\n\\n' False"
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
