"""The Python side of json_schema.rs.

Reads a JSON Schema from the file named on the command line, then lines of JSON; answers each with
`true` where the schema takes it, else with `false`.
"""

import json
import sys

from jsonschema import Draft202012Validator


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for line in sys.stdin.buffer:
        print("true" if validator.is_valid(json.loads(line)) else "false")


main()
