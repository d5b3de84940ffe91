"""Runs the scripts of docs/archives.md in Spark and DuckDB; README.md beside this says how."""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGES = ["pyspark==4.3.0", "duckdb==2.0.1", "pandas==3.1.1", "pyarrow==26.0.1"]
# How many parts the archive has.
PARTS = 8
# What becomes of a body; the other counts of a summary are of something else.
FATES = {"passes", "skipped", "findings", "dropped", "changed", "foreign", "refused", "unknown"}

# Runs with the module: an archive of bodies of which some are wrong, as Parquet and as lines.
MAKE = """
import json, pathlib, sys
import diadoc, pyarrow, pyarrow.parquet

folder, count, parts = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
samples = [diadoc.write(diadoc.example("DocumentList", seed=seed), "DocumentList").decode() for seed in range(50)]
samples += [
    '{"TotalCount": "x"}',
    '{"TotalCount": 1, "Nope": 1}',
    '{"TotalCount": 1, "Documents": [{"CreationTimestampTicks": 1.5}]}',
    "{",
]
bodies = [samples[number * 7 % len(samples)] for number in range(count)]
for part in range(parts):
    own = bodies[part::parts]
    (folder / f"part-{part}.ndjson").write_text("".join(body + "\\n" for body in own))
    ids = [f"{part}-{number}" for number in range(len(own))]
    table = pyarrow.table({"id": ids, "body": own})
    pyarrow.parquet.write_table(table, folder / f"part-{part}.parquet")
"""


def scripts():
    """The programs in docs/archives.md, by the headings above them."""
    text = (ROOT / "docs/archives.md").read_text()
    sections = re.split(r"^## (.*)$", text, flags=re.M)[1:]
    found = {}
    for heading, section in zip(sections[::2], sections[1::2]):
        for code in re.findall(r"^```python\n(.*?)^```$", section, flags=re.M | re.S):
            found[heading] = code
    return found


def counts(summary):
    """What became of how many bodies, whichever way it is told."""
    return {fate: count for fate, count in summary.items() if fate in FATES and count}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=pathlib.Path)
    parser.add_argument("--diadoc", type=pathlib.Path, default=ROOT / "target/debug/diadoc")
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--bodies", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = (asked.work or pathlib.Path(temporary)).resolve()
        sys.exit(run(work, asked))


def run(work, asked):
    python = work / "python/bin/python"
    if not python.exists():
        venv.create(work / "python", with_pip=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, *PACKAGES], check=True)
    subprocess.run([*install, "--force-reinstall", "--no-deps", asked.wheel], check=True)
    archive = work / "archive"
    archive.mkdir(exist_ok=True)
    made = [python, "-c", MAKE, archive, str(asked.bodies), str(PARTS)]
    subprocess.run(made, check=True)
    (work / "bin").mkdir(exist_ok=True)
    program = work / "bin/diadoc"
    program.unlink(missing_ok=True)
    program.symlink_to(asked.diadoc.resolve())
    environment = os.environ | {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYSPARK_PYTHON": str(python),
        "PYSPARK_DRIVER_PYTHON": str(python),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "LC_ALL": "C.UTF-8",
    }

    whole = [program, "check", "--message", "DocumentList", "--format", "json"]
    parts = sorted(archive.glob("*.ndjson"))
    reports = []
    for part in parts:
        report = work / f"{part.stem}.report"
        with report.open("wb") as to:
            subprocess.run([*whole, part], stdout=to, check=False)
        reports.append(report)
    merged = subprocess.run([program, "merge", "--summary", *reports], stdout=subprocess.PIPE, check=False)
    started = time.monotonic()
    together = subprocess.run([*whole, *parts], stdout=subprocess.PIPE, check=False)
    print(f"diadoc check, the whole archive: {time.monotonic() - started:.1f} s")
    summary = json.loads(together.stdout)["summary"]
    expected = counts(summary)
    print(f"{summary['bodies']} bodies: {expected}")
    failed = report_line("diadoc merge", json.loads(merged.stdout) == summary, [], "")

    scripts_of = scripts()
    of_spark = [
        ("Spark, a batch at a time", "*.parquet"),
        ("Spark, through the program", "*.ndjson"),
    ]
    runs = [
        (heading, files, ["--master", f"local-cluster[{workers},1,1024]"], f", {workers} workers")
        for heading, files in of_spark
        for workers in (1, 2)
    ]
    runs += [("DuckDB", files, None, f", {files}") for files in ("*.parquet", "*.ndjson")]
    for heading, files, cluster, how in runs:
        script = work / "script.py"
        script.write_text(scripts_of[heading])
        command = [python, script, str(archive / files)]
        if cluster:
            submit = [python.parent / "spark-submit", "--conf", "spark.ui.enabled=false"]
            command = [*submit, *cluster, *command[1:]]
        times, found, said = [], None, ""
        for _ in range(asked.runs):
            started = time.monotonic()
            done = subprocess.run(command, env=environment, cwd=work, capture_output=True, text=True, check=False)
            times.append(time.monotonic() - started)
            lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
            found = counts(json.loads(lines[-1])) if lines else None
            said = done.stderr[-2000:]
        failed |= report_line(heading + how, found == expected, times, f"{found}\n{said}")
    return int(failed)


def report_line(what, is_right, times, said):
    """Prints what came of a run; whether it is wrong."""
    took = f": {min(times):.1f} to {max(times):.1f} s" if times else ""
    print(f"{'ok  ' if is_right else 'FAIL'} {what}{took}")
    if not is_right:
        print(said)
    return not is_right


if __name__ == "__main__":
    main()
