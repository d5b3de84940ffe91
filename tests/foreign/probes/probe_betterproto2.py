"""Reads and writes cases with betterproto2: probe_betterproto2.py GENERATED CASES RESULTS."""

import base64
import importlib
import json
import pathlib
import sys


def kind_of(package, message):
    parts = message.split(".")
    module = importlib.import_module(".".join([package, *parts[:-1]]))
    return getattr(module, parts[-1].replace("_v", "V"))


def run(package, case):
    kind = kind_of(package, case["message"])
    if "json" in case:
        message = kind.from_json(case["json"], ignore_unknown_fields=case["lenient"])
    else:
        message = kind.parse(base64.b64decode(case["wire"]))
    return {"json": message.to_json(), "wire": base64.b64encode(bytes(message)).decode()}


def main():
    generated = pathlib.Path(sys.argv[1]).resolve()
    sys.path.insert(0, str(generated.parent))
    results = []
    for case in json.loads(pathlib.Path(sys.argv[2]).read_text()):
        try:
            results.append(run(generated.name, case))
        except Exception as error:
            results.append({"error": f"{type(error).__name__}: {error}"})
    pathlib.Path(sys.argv[3]).write_text(json.dumps(results))


main()
