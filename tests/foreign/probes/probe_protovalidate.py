"""Holds the bodies of bounds.ndjson against the rules of a schema.

    probe_protovalidate.py DESCRIPTORS BODIES

Prints a line of JSON for each body: what it has been given, and the ids of the rules violated.
"""

import base64
import json
import sys

import protovalidate
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def main():
    with open(sys.argv[1], "rb") as file:
        files = descriptor_pb2.FileDescriptorSet.FromString(file.read())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    with open(sys.argv[2]) as cases:
        for line in cases:
            case = json.loads(line)
            descriptor = pool.FindMessageTypeByName(case["message"])
            message_class = message_factory.GetMessageClass(descriptor)
            message = message_class.FromString(base64.b64decode(case.pop("protobuf")))
            violations = protovalidate.collect_violations(message)
            case["violated"] = [violation.proto.rule_id for violation in violations]
            print(json.dumps(case))


if __name__ == "__main__":
    main()
