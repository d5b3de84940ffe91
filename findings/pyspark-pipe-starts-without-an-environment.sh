#!/usr/bin/env bash
# PySpark 4.3.0 starts the program of `RDD.pipe` without any environment, and does not tell that it could not start.
#
# `pipe(command, env=None, checkCode=False)`: "env: environment variables to set". One would expect them to be set
# beside those of the worker, as `spark.executorEnv` does it and as `subprocess` does where nothing is given. But
# what is given is all of the environment, and where nothing is given it is empty: no PATH, so that a shell finds
# only what lies in its own default folders, no HOME and no locale. And as a code of the end is not asked for, a
# program that is not found is a pipe that gave no lines, and the job succeeds with nothing.
#
# Seen: `sh -c "echo ${DEMO:-unset}"` says `unset` though the worker has DEMO, and a program that PATH has is not
# found, without an error; with `env=dict(os.environ)` both are there. Seen with Java 17 and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pyspark==4.3.0
mkdir bin
printf '#!/bin/sh\nwc -l | tr -d " "\n' > bin/count-lines
chmod +x bin/count-lines
cat > finding.py <<'PY'
import os

from pyspark import SparkContext

spark = SparkContext("local[1]", "finding")
lines = spark.parallelize(["a", "b", "c"], 1)
for environment in (None, dict(os.environ)):
    given = "nothing" if environment is None else "os.environ"
    shell = lines.pipe("sh -c 'echo ${DEMO:-unset}'", env=environment).collect()
    program = lines.pipe("sh -c count-lines", env=environment).collect()
    print(f"env {given}: DEMO {shell}, count-lines {program}")
PY
seen=$(DEMO=set PATH="$folder/bin:$PATH" PYSPARK_PYTHON=$folder/env/bin/python SPARK_LOCAL_IP=127.0.0.1 \
    env/bin/python finding.py 2>/dev/null)
printf '%s\n' "$seen"
expected="env nothing: DEMO ['unset'], count-lines []
env os.environ: DEMO ['set'], count-lines ['3']"
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
