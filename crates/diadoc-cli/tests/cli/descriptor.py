"""Loads a FileDescriptorSet from standard input into a pool of Google's, file by file, in its order.

Prints which implementation it is, and how many files and messages the pool has then.
"""

import sys

from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.internal import api_implementation


def main():
    pool = descriptor_pool.DescriptorPool()
    files = descriptor_pb2.FileDescriptorSet.FromString(sys.stdin.buffer.read()).file
    for file in files:
        pool.AddSerializedFile(file.SerializeToString())
        # What stands in it is built when it is asked for.
        pool.FindFileByName(file.name)

    def count(prefix, messages):
        found = 0
        for message in messages:
            name = f"{prefix}.{message.name}"
            descriptor = pool.FindMessageTypeByName(name)
            assert len(descriptor.fields) == len(message.field), name
            found += 1 + count(name, message.nested_type)
        return found

    messages = sum(count(file.package, file.message_type) for file in files)
    print(f"{api_implementation.Type()} {len(files)} {messages}")


main()
