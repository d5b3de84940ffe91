"""Holds google.api.http of every method against a list of them.

    probe_google_http.py DESCRIPTORS < LIST

LIST has lines that start with name, verb and path. Ends with 1 and says which method is not as listed.
"""

import sys

from google.api import annotations_pb2
from google.protobuf import descriptor_pb2


def bindings(rule):
    yield rule
    yield from rule.additional_bindings


def main():
    # Parsed with the known extensions at hand.
    with open(sys.argv[1], "rb") as file:
        files = descriptor_pb2.FileDescriptorSet.FromString(file.read())
    messages = {f"{f.package}.{m.name}": m for f in files.file for m in f.message_type}
    written = set()
    for method in (m for f in files.file for s in f.service for m in s.method):
        rule = method.options.Extensions[annotations_pb2.http]
        fields = {f.name for f in messages[method.input_type.lstrip(".")].field}
        for binding in bindings(rule):
            verb = binding.WhichOneof("pattern")
            written.add((method.name, verb.upper(), getattr(binding, verb)))
            if binding.body and binding.body not in fields:
                sys.exit(f"{method.name}: no field {binding.body!r} for the body")
    listed = {tuple(line.split()[:3]) for line in sys.stdin if line.strip()}
    if written != listed:
        sys.exit(f"not as listed: {sorted(written ^ listed)[:4]}")
    print(f"{len(written)} methods as listed")


if __name__ == "__main__":
    main()
