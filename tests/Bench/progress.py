"""What the line that shows progress costs in CPU, borg's share of it included: the same run in a terminal, with it and, with
-q, without."""

import random
import shlex

import backups
from measure import Goal, Program, Row, alternate
from scene import BINARY
from whole import fill

FILES, SIZE = 20_000, 400_000_000


def run(scene):
    files, size = scene.scaled(FILES, 100), scene.scaled(SIZE, 100_000)
    source, chance = scene.path("source"), random.Random(1)
    environment = scene.environment | {"TERM": "xterm"}
    programs = []
    for name, option in ("with", "run"), ("without", "run -q"):
        file = backups.configuration(scene, name, scene.repository(name), source, 2, "", pushgateway={})
        command = f"stty cols 120; exec {shlex.quote(BINARY)} {option} -c {shlex.quote(file)}"
        programs.append(Program(["script", "-qec", command, "/dev/null"], environment))

    def change(part):
        for number in range(0, files, part):
            fill(scene, source, number, size // files, chance)

    change(1)
    a, b = alternate(programs, scene.scaled(10, 2), warm_ups=2, cpu=True)
    yield Row(f"progress: {files:,} files, unchanged, with the line, against without", "s of CPU", a, b, Goal(1.02))
    a, b = alternate(programs, scene.scaled(4, 2), before=lambda: change(2), warm_ups=1, cpu=True)
    yield Row(f"progress: {files:,} files, half of them new, with the line, against without", "s of CPU", a, b, Goal(1.02))
