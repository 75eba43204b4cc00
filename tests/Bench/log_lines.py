"""Ten million lines of borg's log through a run: how fast, and in how much memory."""

import json

from measure import Goal, Program, Row, peak
from scene import BINARY
from share import configuration, stand_in

LINES = 10_000_000
BLOCK = 100_000


def run(scene):
    block = scene.write("block", "".join(f"{json.dumps(line(number))}\n" for number in range(BLOCK)))
    programs = []
    for name, lines in ("tenth", LINES // 10), ("whole", LINES):
        blocks = scene.scaled(lines / BLOCK)
        borg = stand_in(scene, f"i=0; while [ $i -lt {blocks} ]; do cat {block} >&2; i=$((i + 1)); done", name=name)
        # What is said of files would be written again, line by line, at level info.
        file = configuration(scene, name, "", borg, pushgateway={}, logging={"level": "warning"})
        programs.append((Program([BINARY, "-c", file], scene.environment), blocks * BLOCK))
    (tenth, _), (whole, lines) = programs
    tenth.run()
    rates = [lines / whole.run()[0] / 1e6 for _ in range(3)]
    yield Row("log-lines: lines a second", "million", rates, goal=Goal(0.87, of="A", is_least=True))
    peaks = [[peak(scene, program) for _ in range(2)] for program in (whole, tenth)]
    yield Row("log-lines: peak memory", "MB", peaks[0], goal=Goal(24, of="A"))
    yield Row("log-lines: peak memory, against a tenth of the lines", "MB", *peaks, Goal(1.05))


def line(number):
    """What borg says of a file, of its progress, and now and then in words."""
    path = f"srv/share/project-{number % 977}/documents/report {number}.txt"
    if number % 50 == 0:
        return {"type": "log_message", "time": 1769826600.25, "levelname": "INFO", "name": "borg.archiver",
                "message": f"looking at {path}"}
    if number % 5 == 0:
        return {"original_size": number * 4096, "compressed_size": number * 2048, "deduplicated_size": number * 1024,
                "nfiles": number, "path": path, "time": 1769826600.25, "type": "archive_progress", "finished": False}
    return {"type": "file_status", "status": "U", "path": path}
