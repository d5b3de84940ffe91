"""The steps that have compilers make code of the schema, and compile or load it."""

import collections
import json
import os
import pathlib
import re
import shutil

from checks import call

LANGUAGES = ("python", "pyi", "cpp", "csharp", "java", "kotlin", "objc", "php", "ruby")

# What Debian's packages put where.
JAVA_JARS = [f"/usr/share/java/{n}.jar" for n in ("protobuf", "protobuf-util", "gson", "guava")]
GO_PATH = "/usr/share/gocode"
# The module that the exported schema names.
GO_PACKAGE = "example.com/diadoc"
RUBY_RUNTIME = "/usr/lib/ruby/vendor_ruby/google/protobuf"


def files_of(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*.proto"))


def count(folder):
    return f"{sum(1 for p in folder.rglob('*') if p.is_file())} files"


def generate(run, name, protoc, form, out, *options, env=None):
    folder = run.forms[form]
    command = [protoc, "-I", folder, *options, *files_of(folder)]
    return run.check(f"{name}, {form}", command, env=env, more=lambda: count(out))


def descriptors(run, tools):
    """Descriptor sets of all forms, which most probes read."""
    for form, folder in run.forms.items():
        path = run.work / f"{form}.bin"
        command = [tools.protoc, "-I", folder, "--include_imports", "-o", path, *files_of(folder)]
        run.check(f"protoc reads, {form}", command, more=f"{len(files_of(folder))} files")


def protoc_code(run, tools, form, language, system=False):
    """The folder of the code that protoc makes, the one from npm or the system's."""
    name = "system protoc" if system else "protoc"
    out = run.work / name.replace(" ", "-") / form / language
    if run.first(out):
        run.folder(out)
        protoc = "protoc" if system else tools.protoc
        generate(run, f"{name} {language}", protoc, form, out, f"--{language}_out={out}")
    return out


def protoc_languages(run, tools):
    """The languages of protoc itself."""
    for system in (False, True):
        if system and not tools.system_has(run, "system protoc"):
            continue
        for form in run.of:
            for language in LANGUAGES:
                protoc_code(run, tools, form, language, system)


def betterproto2_code(run, tools, form):
    out = run.work / "betterproto2" / form.replace("-", "_")
    if run.first(out):
        run.folder(out)
        plugin = f"--plugin={tools.python_bin}/protoc-gen-python_betterproto2"
        path = {"PATH": f"{tools.python_bin}:{os.environ['PATH']}"}
        option = f"--python_betterproto2_out={out}"
        generate(run, "betterproto2", tools.protoc, form, out, plugin, option, env=path)
    return out


def python(run, tools):
    """The code of protoc and of two plugins for Python, imported."""
    for form in run.of:
        code = protoc_code(run, tools, form, "python")
        for kind in ("upb", "python"):
            env = {"PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": kind}
            command = [tools.python, "-c", PYTHON_IMPORT, code]
            run.check(f"python ({kind}) imports, {form}", command, env=env)
        out = run.folder("mypy", form)
        plugin = f"--plugin={tools.python_bin}/protoc-gen-mypy"
        generate(run, "mypy-protobuf", tools.protoc, form, out, plugin, f"--mypy_out={out}")
        out = betterproto2_code(run, tools, form)
        run.check(f"betterproto2 imports, {form}", [tools.python, "-c", BETTERPROTO2_IMPORT, out])


PYTHON_IMPORT = """
import importlib, pathlib, sys
sys.path.insert(0, sys.argv[1])
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*_pb2.py")):
    importlib.import_module(".".join(path.relative_to(sys.argv[1]).with_suffix("").parts))
"""

# The output is one package: its modules import from their parents up to the folder itself.
BETTERPROTO2_IMPORT = """
import importlib, pathlib, sys
out = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(out.parent))
for path in out.rglob("__init__.py"):
    importlib.import_module(".".join(path.parent.relative_to(out.parent).parts))
"""

TS_PLUGINS = {
    "protobuf-es": ("protoc-gen-es", "--es_opt=target=ts", "--es_out"),
    "ts-proto": ("protoc-gen-ts_proto", "--ts_proto_opt=outputIndex=false", "--ts_proto_out"),
    "ts-proto-bigint": ("protoc-gen-ts_proto", "--ts_proto_opt=forceLong=bigint", "--ts_proto_out"),
    "protobuf-ts": ("protoc-gen-ts", "--ts_opt=optimize_speed", "--ts_out"),
}


def typescript_code(run, tools, name, form):
    """The folder of what a plugin makes, and of what tsc makes of that."""
    out = run.work / "node" / name / form
    if run.first(out):
        run.folder(out)
        program, option, out_option = TS_PLUGINS[name]
        plugin = f"--plugin={program}={tools.bin}/{program}"
        options = (plugin, option, f"{out_option}={out}")
        if generate(run, name, tools.protoc, form, out, *options):
            tsc(run, tools, f"tsc of {name}, {form}", out)
    return out


def typescript(run, tools):
    """The plugins for TypeScript."""
    for name in TS_PLUGINS:
        for form in run.of:
            typescript_code(run, tools, name, form)


def tsc(run, tools, name, out):
    config = {
        "compilerOptions": {
            "strict": True,
            "target": "ES2022",
            "module": "CommonJS",
            "moduleResolution": "bundler",
            "skipLibCheck": True,
            "types": ["node"],
            "rootDir": str(out),
            "outDir": str(out),
        },
        "include": [f"{out}/**/*.ts"],
        # Otherwise what lies in outDir is left out.
        "exclude": [],
    }
    path = tools.node / "tsconfig.json"
    path.write_text(json.dumps(config))
    run.check(name, [tools.bin / "tsc", "-p", path], cwd=tools.node)


def protobufjs_code(run, tools, form, kind):
    """The file that pbjs makes: `json` to reflect on, or `js`, a module."""
    out = tools.node / f"protobufjs-{form}.{kind}"
    if run.first(out):
        target = {"json": ["-t", "json"], "js": ["-t", "static-module", "-w", "commonjs"]}[kind]
        folder = run.forms[form]
        files = [folder / f for f in files_of(folder)]
        command = [tools.bin / "pbjs", "-p", folder, *target, "-o", out, *files]
        run.check(f"pbjs {kind}, {form}", command)
    return out


def protobufjs(run, tools):
    for form in run.of:
        protobufjs_code(run, tools, form, "json")
        module = protobufjs_code(run, tools, form, "js")
        types = module.with_suffix(".d.ts")
        run.check(f"pbts, {form}", [tools.bin / "pbts", "-o", types, module])
        command = ["node", "-e", f"require({str(module)!r})"]
        run.check(f"pbjs js loads, {form}", command, cwd=tools.node)


def buf(run, tools):
    program = tools.bin / "buf"
    for form in run.of:
        copy = run.folder("buf", form)
        shutil.copytree(run.forms[form], copy, dirs_exist_ok=True)
        run.check(f"buf build, {form}", [program, "build"], cwd=copy)
        run.check(f"buf lint, {form}", [program, "lint"], cwd=copy)
        diff = call([program, "format", "-d"], cwd=copy).stdout
        changed = len(re.findall(r"^diff ", diff, re.MULTILINE))
        run.result(f"buf format changes nothing, {form}", not diff, error=f"{changed} files")


def java(run, tools):
    if not tools.system_has(run, "javac", "javac", JAVA_JARS[0]):
        return
    for form in run.of:
        sources = protoc_code(run, tools, form, "java", system=True)
        names = run.work / f"java-{form}.txt"
        names.write_text("\n".join(map(str, sources.rglob("*.java"))))
        out = run.folder("classes", form)
        options = ["-nowarn", "-proc:none", "-cp", JAVA_JARS[0], "-d", out]
        run.check(f"javac, {form}", ["javac", *options, f"@{names}"])


def go_env(path):
    return {"GO111MODULE": "off", "GOFLAGS": "", "GOPATH": f"{path}:{GO_PATH}"}


def go(run, tools):
    source = pathlib.Path(GO_PATH, "src/google.golang.org/protobuf/cmd/protoc-gen-go")
    if not tools.system_has(run, "go", "go", source):
        return
    command = ["go", "build", "-o", tools.go_plugin, "."]
    run.check("go builds protoc-gen-go", command, cwd=source, env=go_env(run.work))
    for form in run.of:
        out = run.folder("go", form, "src")
        plugin = f"--plugin={tools.go_plugin}"
        if generate(run, "protoc-gen-go", tools.protoc, form, out, plugin, f"--go_out={out}"):
            command = ["go", "build", f"{GO_PACKAGE}/..."]
            run.check(f"go build, {form}", command, cwd=out, env=go_env(out.parent))


def cpp(run, tools):
    """All headers in one file."""
    if not tools.system_has(run, "g++", "g++", "/usr/include/google/protobuf/message.h"):
        return
    for form in run.of:
        folder = protoc_code(run, tools, form, "cpp", system=True)
        headers = [h.relative_to(folder) for h in sorted(folder.rglob("*.pb.h"))]
        main = run.work / f"headers-{form}.cc"
        main.write_text("".join(f'#include "{h}"\n' for h in headers))
        command = ["g++", "-std=c++17", "-fsyntax-only", "-I", folder, main]
        run.check(f"g++ of all headers, {form}", command)


def scripts(run, tools):
    """Syntax of PHP and C#, and whether Ruby loads what was made."""
    for system in (False, True):
        if not tools.system_has(run, "php, ruby, mcs"):
            return
        for form in run.of:
            of = f"code of {'system ' if system else ''}protoc, {form}"
            if run.need("php", "php"):
                files = list(protoc_code(run, tools, form, "php", system).rglob("*.php"))
                bad = [p for p in files if call(["php", "-l", p]).returncode]
                if files:
                    run.result(f"php -l, {of}", not bad, f"{len(files)} files", str(bad[:1]))
            if run.need("ruby", "ruby", RUBY_RUNTIME):
                folder = protoc_code(run, tools, form, "ruby", system)
                run.check(f"ruby loads {of}", ["ruby", "-e", RUBY_LOAD], cwd=folder)
            if run.need("mcs", "mcs"):
                files = protoc_code(run, tools, form, "csharp", system).rglob("*.cs")
                run.check(f"mcs parses {of}", ["mcs", "--parse", *files])


RUBY_LOAD = """
$LOAD_PATH.unshift(Dir.pwd)
Dir.glob("**/*_pb.rb").sort.each { |file| require file.delete_suffix(".rb") }
"""


def objc(run, tools):
    """Objective-C has one space of names: no class or enum twice."""
    for form in run.of:
        names = collections.Counter()
        for header in protoc_code(run, tools, form, "objc").rglob("*.h"):
            found = re.findall(r"@interface (\w+)|typedef GPB_ENUM\((\w+)\)", header.read_text())
            names.update(a or b for a, b in found)
        twice = sorted(n for n, times in names.items() if times > 1 and "_FieldNumber" not in n)
        error = f"{len(twice)} twice, such as {' '.join(twice[:3])}"
        run.result(f"objc names differ, {form}", not twice, error=error)
