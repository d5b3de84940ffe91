"""What all steps share: the folder of a run, its checks, and the tools that it installs."""

import collections
import os
import shutil
import subprocess
import sys

PYTHON_PACKAGES = [
    "protobuf==7.36.2",
    "mypy-protobuf==5.1.0",
    "betterproto2==0.10.0",
    "betterproto2_compiler==0.10.1",
    # The code of betterproto2 imports it, for the services.
    "grpcio==1.85.3",
    "protovalidate==2.1.0",
    "googleapis-common-protos==1.76.0",
    "schemathesis==4.32.5",
]
# protobuf-ts brings a program of the name `protoc` too, so protoc has a folder of its own.
PROTOC_PACKAGE = "protoc@36.2.0"
NODE_PACKAGES = [
    "@bufbuild/buf@1.75.0",
    "@bufbuild/protobuf@2.17.0",
    "@bufbuild/protoc-gen-es@2.17.0",
    "@protobuf-ts/plugin@2.11.1",
    "@protobuf-ts/runtime@2.11.1",
    "protobufjs@8.8.1",
    "protobufjs-cli@2.7.1",
    "ts-proto@2.18.0",
    "typescript@7.0.2",
    "@types/node@20.19.43",
]
# Of the system's compilers and runtimes those of Debian 12 are known.
SYSTEM_PROTOC = "libprotoc 3.21.12"

BUF_FORMAT = "buf breaks no line for its length"
RUBY_DEFAULT = "a default of an enum may not be negative"

# The forms of the schema, and what `diadoc export proto` is given for each.
FORMS = {
    "proto": [],
    "plain": ["--plain"],
    "without-required": ["--without-required"],
    "proto3": ["--proto3"],
}

# Checks that fail, and why.
KNOWN = {
    "protoc php, proto": "PHP has no required fields and no closed enums",
    "protoc php, plain": "PHP has no required fields and no closed enums",
    "protoc php, without-required": "PHP has no closed enums",
    "system protoc php, proto": "PHP of this version takes proto3 alone",
    "system protoc php, plain": "PHP of this version takes proto3 alone",
    "system protoc php, without-required": "PHP of this version takes proto3 alone",
    "protoc-gen-go, proto": "there is no go_package",
    "objc names differ, proto": "Objective-C has no packages, and the schema no prefixes",
    "ruby loads code of system protoc, proto": RUBY_DEFAULT,
    "ruby loads code of system protoc, plain": RUBY_DEFAULT,
    "ruby loads code of system protoc, without-required": RUBY_DEFAULT,
    "buf format changes nothing, proto": "buf breaks lines and writes options in another way",
    "buf format changes nothing, plain": BUF_FORMAT,
    "buf format changes nothing, without-required": BUF_FORMAT,
    "buf format changes nothing, proto3": BUF_FORMAT,
}


class Run:
    """The folder in which all happens, the forms of the schema, and what came of the checks."""

    def __init__(self, work):
        self.work = work
        self.counts = collections.Counter()
        # The program, all forms, and those of which code is to be made.
        self.program, self.forms, self.of = None, {}, ()
        self.made = set()

    def say(self, mark, name, more=""):
        self.counts[mark] += 1
        print(f"{mark:5} {name}" + (f": {more}" if more else ""), flush=True)

    def check(self, name, command, cwd=None, env=None, more=""):
        """Runs a command, and tells whether it ended well."""
        done = call(command, cwd, env)
        if callable(more):
            more = more()
        self.result(name, done.returncode == 0, more, first_line(done.stderr + done.stdout))
        return done.returncode == 0

    def result(self, name, good, more="", error=""):
        if good and name in KNOWN:
            self.say("FAIL", name, "passes, though it is known to fail: " + KNOWN[name])
        elif good:
            self.say("ok", name, more)
        elif name in KNOWN:
            self.say("known", name, f"{KNOWN[name]} ({error})")
        else:
            self.say("FAIL", name, error)

    def need(self, name, *tools):
        """Whether the tools and files are there that a check needs."""
        missing = [t for t in tools if not (shutil.which(t) or os.path.exists(t))]
        if missing:
            self.say("skip", name, "there is no " + ", ".join(map(str, missing)))
        return not missing

    def folder(self, *parts):
        """A new and empty folder."""
        path = self.work.joinpath(*parts)
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def first(self, *what):
        """Whether this is to be made now, and has not been in this run."""
        new = what not in self.made
        self.made.add(what)
        return new


class Tools:
    """Paths of what is installed, and whether the system's tools are those that are known."""

    def __init__(self, work):
        self.node = work / "node"
        self.bin = self.node / "node_modules" / ".bin"
        self.python_bin = work / "venv" / "bin"
        self.python = self.python_bin / "python"
        self.protoc = self.node / "protoc" / "node_modules" / ".bin" / "protoc"
        self.go_plugin = work / "protoc-gen-go"
        self.system = False

    def system_has(self, run, name, *tools):
        """Whether the system has the tools that a check needs, at the versions that are known."""
        if not self.system:
            run.say("skip", name, f"the system has no {SYSTEM_PROTOC} of Debian 12")
            return False
        return run.need(name, *tools)


def call(command, cwd=None, env=None, text=None):
    """Runs a command; `text` is what it reads."""
    env = {**os.environ, **(env or {})}
    words = [str(c) for c in command]
    return subprocess.run(
        words, cwd=cwd, env=env, input=text, capture_output=True, text=True, check=False
    )


def first_line(text):
    """What a program says of its failure: the first line, or the last one of a traceback."""
    lines = [line for line in text.splitlines() if line.strip()] or ["no message"]
    return lines[-1 if lines[0].startswith("Traceback") else 0][:240]


def install(run, tools, probes):
    """Makes the virtual environment and the npm folder, where a kept folder has them not."""
    versions = "\n".join([*PYTHON_PACKAGES, PROTOC_PACKAGE, *NODE_PACKAGES])
    done = run.work / "installed"
    if not done.exists() or done.read_text() != versions:
        tools.node.mkdir(exist_ok=True)
        (tools.node / "package.json").write_text('{"name": "foreign", "private": true}\n')
        npm = ["npm", "install", "--save-exact", "--no-audit", "--no-fund"]
        protoc = [*npm, "--prefix", tools.node / "protoc", PROTOC_PACKAGE]
        pip = [tools.python, "-m", "pip", "install", "-q", *PYTHON_PACKAGES]
        if (
            run.check("venv", [sys.executable, "-m", "venv", tools.python_bin.parent])
            and run.check("pip install", pip)
            and run.check("npm install", [*npm, *NODE_PACKAGES], cwd=tools.node)
            and run.check("npm install protoc", protoc, cwd=tools.node)
        ):
            done.write_text(versions)
        else:
            return False
    for probe in probes.glob("*.mjs"):
        shutil.copy(probe, tools.node)
    run.say("ok", "version of protoc", call([tools.protoc, "--version"]).stdout.strip())
    if run.need("version of system protoc", "protoc"):
        version = call(["protoc", "--version"]).stdout.strip()
        tools.system = version == SYSTEM_PROTOC
        run.say("ok" if tools.system else "skip", "version of system protoc", version)
    return True
