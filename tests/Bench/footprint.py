"""Size, memory, system calls and threads: of the executable, and of a run whose children do nothing."""

import os
import re

from measure import Program, Row, peak
from scene import BINARY
from share import configuration, stand_in


def run(scene):
    yield Row("footprint: size of the executable", "MB", [os.path.getsize(BINARY) / 1e6])
    gateway, _ = scene.pushgateway()
    file = configuration(scene, "footprint", gateway, stand_in(scene))
    for name, arguments in (
            ("--version", ["--version"]), ("validate", ["validate", "-c", file]), ("a run", ["-c", file])):
        program = Program([BINARY, *arguments], scene.environment)
        program.run()
        yield Row(f"footprint: peak memory of {name}", "MB", [peak(scene, program) for _ in range(5)])
        calls = [traced(scene, program) for _ in range(3)]
        yield Row(f"footprint: system calls of {name}", "", [len(lines) for lines in calls])
        threads = [1 + sum("CLONE_THREAD" in line for line in lines) for lines in calls]
        yield Row(f"footprint: threads of {name}", "", threads)


def traced(scene, program):
    """The system calls of the executable itself, without those of its children."""
    trace = scene.path("trace")
    scene.run(["strace", "-f", "-qq", "-o", trace, *program.arguments], program.environment, program.expected)
    with open(trace) as text:
        lines = [line.split(maxsplit=1) for line in text]
    own, makes_thread = {lines[0][0]}, {}
    for process, call in lines:
        if re.match(r"clone3?\(", call):
            makes_thread[process] = "CLONE_THREAD" in call
        if makes_thread.get(process) and (made := re.search(r"(?:clone3?\(|clone3? resumed).*= (\d+)", call)):
            own.add(made[1])
    return [call for process, call in lines if process in own and not re.match(r"<\.\.\. |---|\+\+\+", call)]
