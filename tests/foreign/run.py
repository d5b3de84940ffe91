"""Runs other protobuf compilers and runtimes over the schema and the documented bodies.

    python3 tests/foreign/run.py [FIXTURES] [--diadoc PROGRAM] [--work FOLDER] [--only STEP …]
                                 [--of FORM …] [--form NAME=FOLDER …] [--write]

FIXTURES is the folder of the bodies with `manifest.json`, that of the project otherwise. The schema
is given to each compiler in the forms that `diadoc export proto` writes, or that `--form` names
where they are written already. PROGRAM is `target/debug/diadoc` otherwise, which `cargo build`
makes.

Packages from PyPI and npm, protoc among them, are installed at the versions in checks.py, in a
temporary folder or in FOLDER, which is kept. A second protoc, the compilers of Java, Go, C++, PHP,
Ruby and C#, and the runtimes of these languages are those of Debian 12; what they were to do is
skipped where they are missing.

A line is printed for each check: `ok`, `known` for a failure that checks.py explains, `FAIL`,
`skip`. What the runtimes make of the cases and bodies is held against `expected.json`; --write
renews that file. Ends with 1 when a check failed.
"""

import argparse
import pathlib
import sys
import tempfile

import compilers
import openapi
import options
import runtimes
from checks import FORMS, Run, Tools, install

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
EXPECTED = HERE / "expected.json"

# What is done with the compilers, in this order. Each has what it needs made by itself.
STEPS = {
    "protoc": compilers.protoc_languages,
    "python": compilers.python,
    "typescript": compilers.typescript,
    "protobufjs": compilers.protobufjs,
    "buf": compilers.buf,
    "java": compilers.java,
    "go": compilers.go,
    "cpp": compilers.cpp,
    "scripts": compilers.scripts,
    "objc": compilers.objc,
    "protovalidate": options.protovalidate,
    "google": options.google_http,
    "openapi": openapi.openapi,
}


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("fixtures", type=pathlib.Path, nargs="?", default=ROOT / "fixtures")
    parser.add_argument("--diadoc", type=pathlib.Path, default=ROOT / "target/debug/diadoc")
    parser.add_argument("--work", type=pathlib.Path, help="folder to use and to keep")
    parser.add_argument(
        "--form",
        action="append",
        default=[],
        metavar="NAME=FOLDER",
        help="a form that is written already",
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=[*STEPS, "runtimes"],
        help="this step, and others for which it is given too",
    )
    parser.add_argument(
        "--of",
        action="append",
        choices=list(FORMS),
        help="take this form, and others for which it is given too",
    )
    parser.add_argument("--write", action="store_true", help="renew what is expected of runtimes")
    return parser.parse_args()


def forms(run, given):
    """The folders of the forms of the schema; those that are not given are written."""
    written = {}
    for form, arguments in FORMS.items():
        if form in given:
            written[form] = pathlib.Path(given[form]).resolve()
        else:
            written[form] = run.folder("forms", form)
            command = [run.program, "export", "proto", *arguments, "-o", written[form]]
            run.check(f"diadoc export proto, {form}", command)
    return written


def everything(run, args):
    tools = Tools(run.work)
    if not install(run, tools, HERE / "probes"):
        return
    run.program = args.diadoc.resolve()
    run.forms = forms(run, dict(f.split("=", 1) for f in args.form))
    run.of = args.of or list(run.forms)
    compilers.descriptors(run, tools)
    for name, step in STEPS.items():
        if not args.only or name in args.only:
            step(run, tools)
    if not args.only or "runtimes" in args.only:
        runtimes.runtimes(run, tools, args.fixtures, EXPECTED, args.write)


def main():
    args = arguments()
    with tempfile.TemporaryDirectory() as temporary:
        work = (args.work or pathlib.Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        run = Run(work)
        everything(run, args)
    print(", ".join(f"{n} {mark}" for mark, n in sorted(run.counts.items())))
    return 1 if run.counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
