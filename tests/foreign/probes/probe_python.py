"""Reads and writes cases with protobuf for Python: probe_python.py DESCRIPTORS CASES RESULTS."""

import base64
import json
import pathlib
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory


def load(path):
    files = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(path).read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return pool


def run(pool, case):
    kind = message_factory.GetMessageClass(pool.FindMessageTypeByName(case["message"]))
    if "json" in case:
        message = json_format.Parse(case["json"], kind(), ignore_unknown_fields=case["lenient"])
    else:
        message = kind.FromString(base64.b64decode(case["wire"]))
    return {
        "json": json_format.MessageToJson(message, ensure_ascii=False),
        "wire": base64.b64encode(message.SerializeToString()).decode(),
    }


def main():
    pool = load(sys.argv[1])
    results = []
    for case in json.loads(pathlib.Path(sys.argv[2]).read_text()):
        try:
            results.append(run(pool, case))
        except Exception as error:
            results.append({"error": f"{type(error).__name__}: {error}"})
    pathlib.Path(sys.argv[3]).write_text(json.dumps(results))


main()
