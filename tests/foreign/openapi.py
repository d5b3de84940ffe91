"""The OpenAPI document: linted, made into TypeScript that compiles, and held against the fake server."""

import contextlib
import re
import subprocess
import threading
import urllib.request

from checks import call

# openapi-typescript takes an older TypeScript than the others.
PACKAGES = ["@redocly/cli@2.77.0", "openapi-typescript@7.13.0", "typescript@5.9.3"]
FORMS = {"all": ["--all"], "current": [], "plain": ["--all", "--plain"]}
# What is held against the document of each answer of the fake.
CHECKS = [
    "response_schema_conformance",
    "content_type_conformance",
    "status_code_conformance",
    "not_a_server_error",
]


def openapi(run, tools):
    documents = {}
    for form, arguments in FORMS.items():
        documents[form] = run.work / f"openapi-{form}.json"
        command = [run.program, "export", "openapi", *arguments, "-o", documents[form]]
        run.check(f"diadoc export openapi, {form}", command)
    node = run.work / "openapi"
    node.mkdir(exist_ok=True)
    (node / "package.json").write_text('{"name": "openapi", "private": true}\n')
    npm = ["npm", "install", "--save-exact", "--no-audit", "--no-fund", *PACKAGES]
    if run.check("npm install of what reads OpenAPI", npm, cwd=node):
        for form, document in documents.items():
            lint(run, node, form, document)
            typescript(run, node, form, document)
    conformance(run, tools, documents)


def lint(run, node, form, document):
    command = [node / "node_modules/.bin/redocly", "lint", document, "--extends", "recommended"]
    run.check(f"redocly lint, {form}", command, cwd=node)


def typescript(run, node, form, document):
    source = node / f"{form}.ts"
    programs = node / "node_modules/.bin"
    generate = [programs / "openapi-typescript", document, "-o", source]
    if run.check(f"openapi-typescript, {form}", generate):
        command = [programs / "tsc", "--strict", "--noEmit", "--target", "es2022", source]
        run.check(f"tsc of openapi-typescript, {form}", command, cwd=node)


@contextlib.contextmanager
def serving(run, *arguments):
    """The fake on a port of its own."""
    command = [str(run.program), "serve", "--port", "0", *arguments]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        line = server.stdout.readline().strip()
        # It goes on to tell of each request, and waits where nobody reads.
        threading.Thread(target=server.stdout.read, daemon=True).start()
        with urllib.request.urlopen(f"{line}/_/"):
            yield line
    finally:
        server.terminate()
        server.wait(30)


def conformance(run, tools, documents):
    """No answer of the fake is outside the document, stateless and with a world."""
    # Of one method the rules are too much for the generator of bodies: it is tried without.
    tries = {
        "stateless": (["--stateless"], "all", ["--exclude-path", "/V3/PostMessage"]),
        "stateful": ([], "all", ["--exclude-path", "/V3/PostMessage"]),
        "PostMessage": (["--stateless"], "plain", ["--include-path", "/V3/PostMessage"]),
    }
    for name, (arguments, form, chosen) in tries.items():
        with serving(run, *arguments) as address:
            command = [
                tools.python_bin / "schemathesis",
                *["run", documents[form], "--url", address, *chosen],
                *["-H", "Authorization: Bearer any", "-H", "Accept: application/json"],
                *["--checks", ",".join(CHECKS), "--phases", "fuzzing", "--mode", "positive"],
                *["--max-examples", "3", "--seed", "1", "--no-color"],
                *["--suppress-health-check", "all", "--generation-database", "none"],
            ]
            # It leaves files behind.
            done = call(command, cwd=run.work)
        passed = re.search(r"(\d+) passed", done.stdout)
        run.result(
            f"schemathesis, {name}",
            done.returncode == 0 and passed,
            passed and f"{passed[1]} operations",
            "\n".join(done.stdout.splitlines()[-30:]),
        )
