"""The time that a run takes beside borg: children that do nothing, state and push, against one curl."""

import os
import time

from measure import Goal, Program, Row, alternate, milliseconds
from scene import BINARY, Gateway

# What borg 1.2.4 prints, in one line.
JSON = (
    '{"archive": {"name": "stand-in", "id": "%s", "duration": 0.5, "stats": {"original_size": 1001, '
    '"compressed_size": 1002, "deduplicated_size": 1003, "nfiles": 1004}}, "cache": {"path": "/c", "stats": '
    '{"total_size": 2001, "total_csize": 2002, "unique_size": 2003, "unique_csize": 2004, "total_chunks": 2005, '
    '"total_unique_chunks": 2006}}, "encryption": {"mode": "none"}, "repository": {"id": "00", "location": "/r"}}'
    % ("0123456789abcdef" * 4))

# What it logs when prune keeps this archive alone.
LIST = (
    '{"type": "log_message", "levelname": "INFO", "name": "borg.output.list", "message": "Keeping archive (rule: '
    'daily #1):        stand-in                             Mon, 2026-08-31 01:02:03 [%s]"}' % ("0123456789abcdef" * 4))


def stand_in(scene, create=":", name="quick"):
    """A borg that does nothing but print what borg would, after the shell commands CREATE."""
    return scene.script(f"borg-{name}", f"""case "$1" in
--version) echo borg 1.2.4 ;;
create) {create}; echo '{JSON}' ;;
prune) echo '{LIST}' >&2 ;;
esac
""")


def configuration(scene, name, gateway, borg, **sections):
    """One path, a repository, a passphrase, daily archives, the stand-in."""
    scene.write("source/file", "content\n")
    return scene.configuration(name, {
        "backup": {"name": name, "instance": "host", "interval": "24h"},
        "repository": {"location": scene.path("no-repository"), "passphrase_file": scene.passphrase_file},
        "paths": {"1": scene.path("source")},
        "retention": {"daily": "7"},
        "borg": {"path": borg},
        "pushgateway": {"url": gateway},
    } | sections)


def run(scene):
    gateway, _ = scene.pushgateway()
    borg = stand_in(scene)
    with Gateway() as recorder:
        path, body = scene.pushed([BINARY, "-c", configuration(scene, "recorded", recorder.url, borg)], recorder)
    file = scene.write("body", body.decode())
    own = Program([BINARY, "-c", configuration(scene, "share", gateway, borg)], scene.environment)
    curl = Program(["curl", "-fsS", "-T", file, gateway + path], scene.environment)
    # borg itself is in neither of them, but its two starts are in ours.
    children = Program(["sh", "-c", f"{borg} create; {borg} prune"], scene.environment)
    start = Program([BINARY, "--version"], scene.environment)
    a, b, c, d = alternate([own, curl, children, start], scene.scaled(200, 5), warm_ups=3)
    yield Row("share: a run, against one curl", "ms", milliseconds(a), milliseconds(b), Goal(1.2))
    # What no run can do without.
    writes = [sum(write_durably(scene) for _ in range(4)) for _ in c]
    floor = [sum(parts) for parts in zip(c, d, writes)]
    yield Row("share: start, two children, four durable writes, against one curl", "ms", milliseconds(floor),
              milliseconds(b))


def write_durably(scene):
    """Writes a state as a run does. Returns the seconds."""
    begun = time.perf_counter()
    with open(scene.path("state/durable.tmp"), "w") as file:
        file.write("x" * 9000)
        file.flush()
        os.fsync(file.fileno())
    os.rename(scene.path("state/durable.tmp"), scene.path("state/durable"))
    directory = os.open(scene.path("state"), os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)
    return time.perf_counter() - begun
