"""What runtimes make of the cases and of the documented bodies."""

import base64
import collections
import json
import pathlib

import behaviours
import compilers
from checks import call, first_line

PROBES = pathlib.Path(__file__).resolve().parent / "probes"
PHP_RUNTIME = "/usr/share/php/Google/Protobuf"
# Of the forms of the schema those whose behaviour is held.
FORMS = ("plain", "without-required")


class Runtime:
    """A program that reads cases and writes what it made of them."""

    def __init__(self, name, command, after=(), env=None, lines=False):
        self.name, self.command, self.after = name, command, after
        self.env, self.lines = env, lines

    def answers(self, cases, path):
        source, target = path.with_suffix(".cases"), path.with_suffix(".answers")
        source.write_text(as_lines(cases) if self.lines else json.dumps(cases))
        done = call([*self.command, source, target, *self.after], env=self.env)
        if done.returncode:
            raise RuntimeError(first_line(done.stderr))
        text = target.read_text()
        return [from_line(line) for line in text.splitlines()] if self.lines else json.loads(text)


def as_lines(cases):
    lines = []
    for case in cases:
        body = case["json"].encode() if "json" in case else base64.b64decode(case["wire"])
        form = "json" if "json" in case else "wire"
        lines.append("\t".join([case["message"], str(int(case["lenient"])), form, body.hex()]))
    return "\n".join(lines) + "\n"


def from_line(line):
    first, second = line.split("\t", 1)
    if first == "error":
        return {"error": second}
    wire = base64.b64encode(bytes.fromhex(second)).decode()
    return {"json": bytes.fromhex(first).decode(), "wire": wire}


def installed(run, tools, form):
    """The runtimes of the packages that are installed, for a form of the schema."""
    descriptors = run.work / f"{form}.bin"
    for name, kind in (("python-upb", "upb"), ("python-pure", "python")):
        env = {"PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": kind}
        yield Runtime(name, [tools.python, PROBES / "probe_python.py", descriptors], env=env)
    code = compilers.betterproto2_code(run, tools, form)
    yield Runtime("betterproto2", [tools.python, PROBES / "probe_betterproto2.py", code])
    yield Runtime("protobuf-es", ["node", tools.node / "probe_es.mjs", descriptors])
    for name, kind in (("protobufjs", "json"), ("protobufjs-static", "js")):
        code = compilers.protobufjs_code(run, tools, form, kind)
        yield Runtime(name, ["node", tools.node / "probe_protobufjs.mjs", code])
    for name in ("ts-proto", "ts-proto-bigint", "protobuf-ts"):
        code = compilers.typescript_code(run, tools, name, form)
        command = ["node", tools.node / "probe_generated.mjs", code]
        yield Runtime(name, command, [name.removesuffix("-bigint")])


def of_the_system(run, tools, form):
    """The runtimes of the system."""
    descriptors = run.work / f"{form}.bin"
    if not tools.system_has(run, "runtimes of Java, Go, C++, Ruby and PHP"):
        return
    if run.need("runtime of Java", "javac", *compilers.JAVA_JARS):
        classes = run.folder("probe-java", form)
        path = ":".join([str(classes), *compilers.JAVA_JARS])
        command = ["javac", "-cp", path, "-d", classes, PROBES / "Probe.java"]
        if run.check(f"builds the probe of Java, {form}", command):
            yield Runtime("java", ["java", "-cp", path, "Probe", descriptors])
    if run.need("runtime of Go", "go", compilers.GO_PATH + "/src/google.golang.org/protobuf"):
        program = run.work / "probe-go"
        command = ["go", "build", "-o", program, PROBES / "probe.go"]
        env = compilers.go_env(run.work)
        if run.check(f"builds the probe of Go, {form}", command, env=env):
            yield Runtime("go", [program, descriptors])
    if run.need("runtime of C++", "g++", "/usr/include/google/protobuf/util/json_util.h"):
        program = run.work / "probe-cpp"
        options = ["-std=c++17", "-o", program, PROBES / "probe.cc", "-lprotobuf", "-pthread"]
        if run.check(f"builds the probe of C++, {form}", ["g++", *options]):
            yield Runtime("cpp", [program, descriptors], lines=True)
    if run.need("runtime of Ruby", "ruby", compilers.RUBY_RUNTIME):
        code = compilers.protoc_code(run, tools, form, "ruby")
        yield Runtime("ruby", ["ruby", PROBES / "probe.rb", code])
    if run.need("runtime of PHP", "php", PHP_RUNTIME):
        # Whatever the form, PHP has the one that it can be made from.
        code = compilers.protoc_code(run, tools, "proto3", "php", system=True)
        yield Runtime("php", ["php", PROBES / "probe.php", code])


def message_files(run, tools):
    """In which file each message stands."""
    return json.loads(call([tools.python, "-c", MESSAGE_FILES, run.work / "plain.bin"]).stdout)


MESSAGE_FILES = """
import json, sys
from google.protobuf.descriptor_pb2 import FileDescriptorSet
files = FileDescriptorSet.FromString(open(sys.argv[1], "rb").read()).file
print(json.dumps({f.package + "." + m.name: f.name for f in files for m in f.message_type}))
"""


def differences(vendor, ours):
    """How a body that a runtime wrote differs from the vendor's."""
    if isinstance(vendor, dict) and isinstance(ours, dict):
        for _ in ours.keys() - vendor.keys():
            yield "key that the body has not"
        for key, value in vendor.items():
            if key not in ours:
                yield left_out(value)
            else:
                yield from differences(value, ours[key])
    elif isinstance(vendor, list) and isinstance(ours, list) and len(vendor) == len(ours):
        for one, other in zip(vendor, ours):
            yield from differences(one, other)
    elif type(vendor) is int and isinstance(ours, str) and ours.lstrip("-").isdigit():
        yield "number as a string" if int(ours) == vendor else "number as a string, digits lost"
    elif type(vendor) is int and type(ours) is int and vendor != ours:
        yield "number, digits lost"
    elif vendor != ours or type(vendor) is not type(ours):
        yield "value changed"


def left_out(value):
    if value == []:
        return "empty list left out"
    return "zero or empty left out" if value in (0, "", False) else "value left out"


def compare_bodies(texts, answers):
    """How many bodies are refused, equal, equal but for 64-bit numbers; and what differs."""
    told, kinds = collections.Counter(), collections.Counter()
    for text, answer in zip(texts, answers):
        if "error" in answer:
            told["refused"] += 1
            continue
        found = list(differences(json.loads(text), json.loads(answer["json"])))
        told["equal"] += not found
        told["equal but for 64-bit numbers as strings"] += set(found) <= {"number as a string"}
        kinds.update(found)
    return {**told, "bodies": len(texts), "differences": dict(sorted(kinds.items()))}


def compare_wire(wires, answers):
    told = collections.Counter(messages=len(wires))
    for wire, answer in zip(wires, answers):
        if "error" in answer:
            told["refused"] += 1
        else:
            told["same bytes" if answer["wire"] == wire else "other bytes"] += 1
    return dict(told)


def behave(run, tools, fixtures, form):
    """What each runtime makes of the cases, the bodies, and protobuf that Python wrote of them."""
    files = message_files(run, tools)
    entries = json.loads((fixtures / "manifest.json").read_text())
    texts = [(fixtures / e["file"]).read_text(encoding="utf-8-sig") for e in entries]
    bodies = [(e["message"], text) for e, text in zip(entries, texts)]
    cases = [behaviours.case(m, b, x, files) for _, m, b, x in behaviours.CASES]
    strict = [behaviours.case(m, text, False, files) for m, text in bodies]
    lenient = [behaviours.case(m, text, True, files) for m, text in bodies]
    found = [*installed(run, tools, form), *of_the_system(run, tools, form)]
    read = found[0].answers(lenient, run.work / f"bodies-{form}")
    wires = [(c["message"], a["wire"]) for c, a in zip(lenient, read) if "error" not in a]
    wire = [behaviours.case(m, base64.b64decode(w), False, files) for m, w in wires]
    told = {}
    for runtime in found:
        path = run.work / f"{runtime.name}-{form}"
        try:
            answers = iter(runtime.answers([*cases, *strict, *lenient, *wire], path))
        except (RuntimeError, OSError) as error:
            run.say("FAIL", f"runtime {runtime.name}, {form}", str(error))
            continue
        told[runtime.name] = {
            "cases": {name: behaviours.told(next(answers)) for name, *_ in behaviours.CASES},
            "bodies, strict": compare_bodies(texts, [next(answers) for _ in strict]),
            "bodies, unknown keys let by": compare_bodies(texts, [next(answers) for _ in lenient]),
            "protobuf that Python wrote": compare_wire([w for _, w in wires], list(answers)),
        }
    return told


def hold(run, told, expected, form):
    """Holds what the runtimes did against what is expected of them."""
    for name, parts in told.items():
        for part, value in parts.items():
            was = expected.get(form, {}).get(name, {}).get(part, {})
            check = f"{name}, {form}: {part}"
            if part == "cases":
                changed = [case for case in value if was.get(case) != value[case]]
                run.result(check, not changed, f"{len(value)} as expected", f"other: {changed}")
            else:
                told_of = json.dumps(value)
                run.result(check, was == value, told_of, f"{told_of}, expected {json.dumps(was)}")


def runtimes(run, tools, fixtures, path, renew):
    told = {form: behave(run, tools, fixtures, form) for form in FORMS if form in run.of}
    expected = json.loads(path.read_text())
    if renew:
        expected.update(told)
        path.write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
    for form, part in told.items():
        hold(run, part, expected, form)
