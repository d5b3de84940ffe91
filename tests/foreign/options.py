"""The forms of the schema that have options of other people: what knows these options is asked."""

import collections
import json
import pathlib

from checks import call
from compilers import files_of

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROBES = pathlib.Path(__file__).resolve().parent / "probes"

# What a pattern cannot tell: the days of a month, check digits, types and statuses by their names. What
# has bits that are not declared, and no sign, is not found by bounds. Of rules that are only guessed the
# schema for protovalidate has none. An empty text is there.
NOT_SAID = {
    "field.empty",
    "field.flags",
    "field.format",
    "message.differ",
    "message.forbidden",
    "message.required",
}


def included(run, tools):
    """A descriptor set of what declares the options, from the packages that bring them."""
    path = run.work / "included.bin"
    if run.first(path):
        run.check("files of options", [tools.python, "-c", INCLUDED, path])
    return path


INCLUDED = """
import sys
from google.api import annotations_pb2, http_pb2
from google.protobuf import descriptor_pb2, duration_pb2, field_mask_pb2, timestamp_pb2
from protovalidate._gen.buf.validate import validate_pb
files = descriptor_pb2.FileDescriptorSet()
for module in (descriptor_pb2, duration_pb2, field_mask_pb2, timestamp_pb2, http_pb2, annotations_pb2):
    module.DESCRIPTOR.CopyToProto(files.file.add())
files.file.add().ParseFromString(validate_pb.desc().proto.to_binary())
open(sys.argv[1], "wb").write(files.SerializeToString())
"""


def compiled(run, tools, program, name, *arguments):
    """The descriptor set of a form with options, as protoc makes it."""
    folder, path = run.folder("forms", name), run.work / f"{name}.bin"
    run.check(f"diadoc export proto, {name}", [program, "export", "proto", *arguments, "-o", folder])
    includes = ["-I", folder, f"--descriptor_set_in={included(run, tools)}"]
    command = [tools.protoc, *includes, "--include_imports", "-o", path, *files_of(folder)]
    return path if run.check(f"protoc reads, {name}", command) else None


def protovalidate(run, tools):
    """Bodies at the bounds of every rule: what keeps to it passes, what breaks it is refused."""
    bounds = run.work / "bounds.ndjson"
    done = call(["cargo", "run", "-q", "-p", "diadoc-testkit", "--example", "bounds"], cwd=ROOT)
    bounds.write_text(done.stdout)
    run.result("bodies at bounds", done.returncode == 0, f"{done.stdout.count(chr(10))}", done.stderr)
    forms = {"rules": [], "rules-proto3": ["--proto3"]}
    for name, arguments in forms.items():
        path = compiled(run, tools, run.program, name, "--rules", "protovalidate", *arguments)
        if not path:
            continue
        probe = call([tools.python, PROBES / "probe_protovalidate.py", path, bounds])
        if probe.returncode:
            run.result(f"protovalidate, {name}", False, error=probe.stderr)
            continue
        counts = collections.Counter()
        wrong = []
        for line in probe.stdout.splitlines():
            case = json.loads(line)
            rule, refused = case["rule"], bool(case["violated"])
            counts[rule, refused] += 1
            if refused == (rule is None) and rule not in NOT_SAID:
                wrong.append(case)
        refused = sum(n for (rule, refused), n in counts.items() if rule and refused)
        passed = counts[None, False]
        # Most of what is known not to be said is said all the same.
        missed = sum(n for (rule, refused), n in counts.items() if rule and not refused)
        run.result(
            f"protovalidate, {name}",
            not wrong and refused > 3 * missed,
            f"{passed} pass, {refused} are refused, {missed} that it cannot tell pass",
            str(wrong[:3] or counts),
        )


def google_http(run, tools):
    """Verb, path and body of every method, as the option says them."""
    path = compiled(run, tools, run.program, "google", "--http", "google")
    if path:
        listed = call([run.program, "list", "--methods"])
        command = [tools.python, PROBES / "probe_google_http.py", path]
        probe = call(command, text=listed.stdout)
        run.result("google.api.http", probe.returncode == 0, probe.stdout.strip(), probe.stderr)
