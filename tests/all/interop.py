"""The Python side of interop.rs.

Reads a FileDescriptorSet from the file named on the command line, then lines of JSON with a
message's name, its protobuf bytes in hex and, where it has one, its JSON; answers each with a line
that holds what Google's implementation makes of them.
"""

import json
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory


def main():
    pool = descriptor_pool.DescriptorPool()
    with open(sys.argv[1], "rb") as file:
        for file in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
            pool.Add(file)

    for line in sys.stdin.buffer:
        body = json.loads(line)
        answer = {"message": body["message"], "error": None}
        try:
            descriptor = pool.FindMessageTypeByName(body["message"])
            kind = message_factory.GetMessageClass(descriptor)
            message = kind.FromString(bytes.fromhex(body["protobuf"]))
            answer["protobuf"] = message.SerializeToString(deterministic=True).hex()
            if "json" in body:
                answer["json"] = json_format.MessageToJson(message, indent=None)
                read = json_format.Parse(body["json"], kind())
                answer["protobuf_from_json"] = read.SerializeToString(deterministic=True).hex()
        except Exception as error:  # The Rust side shows it with the message's name.
            answer["error"] = f"{type(error).__name__}: {error}"
        sys.stdout.write(json.dumps(answer) + "\n")


main()
