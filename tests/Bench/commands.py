"""The commands that people and monitoring wait for."""

import pathlib

from measure import Goal, Program, Row, alternate, milliseconds
from scene import BINARY
from share import configuration, stand_in


def run(scene):
    yield from version(scene)
    yield from validate(scene)
    yield from status(scene)


def version(scene):
    own = Program([BINARY, "--version"], scene.environment)
    curl = Program(["curl", "--version"], scene.environment)
    a, b = alternate([own, curl], scene.scaled(200, 5), warm_ups=3)
    yield Row("commands: --version, against curl --version", "ms", milliseconds(a), milliseconds(b))


def validate(scene):
    borg = stand_in(scene)
    for lines in (5, 5000):
        name = f"lines-{lines}"
        if lines == 5:
            file = scene.write("five.ini", f"[repository]\nlocation = {scene.path('no-repository')}\n"
                               f"passphrase_file = {scene.passphrase_file}\n[paths]\n1 = {scene.path('source')}\n")
        else:
            file = configuration(scene, name, "http://127.0.0.1:9", borg, excludes={
                str(number): f"/srv/*/cache-{number}" for number in range(lines)})
        own = Program([BINARY, "validate", "-c", file], scene.environment)
        (a,) = alternate([own], scene.scaled(100, 5), warm_ups=3)
        yield Row(f"commands: validate, {lines} lines", "ms", milliseconds(a))


def status(scene):
    """One hundred backups, each with a full history."""
    borg = stand_in(scene)
    files = [configuration(scene, "host-000", "http://127.0.0.1:9", borg, pushgateway={})]
    for _ in range(30):
        scene.run([BINARY, "-c", files[0]], expected=(0, 1))
    state = pathlib.Path(scene.path("state/host-000.json")).read_text()
    for number in range(1, 100):
        name = f"host-{number:03}"
        files.append(configuration(scene, name, "http://127.0.0.1:9", borg))
        scene.write(f"state/{name}.json", state.replace("host-000", name), 0o600)
    own = Program([BINARY, "status", *(word for file in files for word in ("-c", file))], scene.environment, (0, 1, 2))
    (a,) = alternate([own], scene.scaled(50, 5), warm_ups=3)
    yield Row("commands: status of 100 backups", "ms", milliseconds(a), goal=Goal(50, of="A"))
    yield Row("commands: status of 100 backups, CPU", "ms",
              milliseconds(own.run()[1] for _ in range(scene.scaled(20, 3))))
