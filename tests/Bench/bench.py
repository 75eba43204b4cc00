#!/usr/bin/env python3
"""Measures dist/assimilator with real programs, and compares it with others: bench.py [PART…].

With BENCH_SCALE=0.02 everything is smaller and takes less long, to try a part; then no result is kept.
"""

import datetime
import importlib
import os
import signal
import subprocess
import sys
import time

import measure
import scene

PARTS = ["whole", "share", "log-lines", "commands", "distance", "footprint", "progress", "fleet"]
# It takes as long as all others.
BY_NAME_ALONE = ["fleet"]
# README's figures are taken from it; the names are those of the rows.
RESULTS = scene.ROOT / "tests/Bench/results.tsv"
# For goals that are missed: what was tried.
WHOLE = [
    "borg without any self-test, not only after the first of a run: 0.04 s of 1.4, within the noise (not kept)",
    "Python without the user's packages (PYTHONNOUSERSITE), or with the allocator of libc (PYTHONMALLOC): no time, or "
    "0.1 s more (not kept)",
    "Python without assertions (PYTHONOPTIMIZE): borg's self-test fails (not kept)",
    "not compacting when nothing was deleted (kept); here, every run deletes an archive",
]
TRIED = {
    **{f"whole: {files} files, {change}, against {other}": WHOLE for files in ("2,000", "50,000")
       for change in ("unchanged", "1% changed") for other in ("a script", "borgmatic")},
    "share: a run, against one curl": [
        "no spinning before a thread sleeps: 110 calls of sched_yield, not 330, but no time that could be told (kept)",
        "data that need not be unpacked at the start (IlcDehydrate=false): 1.1 ms of 18, but 1.3 MB more (not kept)",
        "not writing the state after checks where none was due: one durable write of five, 0.8 ms (kept)",
        "at most 4 MiB before garbage is collected: no time, but half of the memory of long runs (kept)",
    ],
    "log-lines: lines a second": [
        "parsing the bytes, not a string made of them, setters in place of initializers, and no text made of what is not "
        "shown: twice as many lines (kept)",
        "not zeroing the buffer that the kernel fills: 3 % (kept)",
        "what is left is System.Text.Json: its reader and its look-up of properties take two thirds of the samples",
    ],
    "commands: status of 100 backups": [
        "reading the states with two threads: no time, but 15 kB more (not kept)",
        "setters in place of initializers in what is read: no time, as what is required still goes through a "
        "constructor (not kept)",
        "from 1 to 32 MiB before garbage is collected: no time (not kept)",
    ],
}


def main(names):
    if unknown := [name for name in names if name not in PARTS]:
        raise SystemExit(f"bench: there is no part {unknown[0]}; there are: {', '.join(PARTS)}")
    scale = float(os.environ.get("BENCH_SCALE", "1"))
    rows = []
    for name in names or [name for name in PARTS if name not in BY_NAME_ALONE]:
        start = time.monotonic()
        with scene.Scene(scale) as stage:
            own = list(importlib.import_module(name.replace("-", "_")).run(stage))
        print(f"bench: {name} took {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
        rows += own
        if scale == 1:
            keep(own)
    print(measure.table(rows))
    for row in rows:
        if row.verdict == "missed":
            for tried in TRIED.get(row.name, []):
                print(f"{row.name}: tried: {tried}")
    print(f"{datetime.date.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}: A is assimilator"
          + ("" if scale == 1 else "; TRIED ON A SMALL SCALE, NOTHING IS KEPT"))


def keep(rows):
    """Replaces what the file of results has under the same names."""
    commit = subprocess.run(["git", "-C", scene.ROOT, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
                            capture_output=True, text=True).stdout.strip()
    lines = RESULTS.read_text().splitlines()[1:] if RESULTS.exists() else []
    known = dict((line.split("\t")[0], line) for line in lines)
    for row in rows:
        known[row.name] = "\t".join([*row.columns(), str(datetime.date.today()), commit])
    header = "name\tunit\tA\tspread A\tB\tspread B\tA/B\tgoal\tverdict\tdate\tcommit"
    RESULTS.write_text("\n".join([header, *known.values()]) + "\n")


if __name__ == "__main__":
    # So that servers end and files go then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    main(sys.argv[1:])
