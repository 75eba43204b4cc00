"""Whole runs of real borg on a local disk: against a script with the same borg commands and one curl, and against
Debian's borgmatic. Each has its own repository and caches; they read the same files."""

import json
import random
import subprocess

import backups
from measure import Goal, Program, Row, alternate
from scene import BINARY, PASSPHRASE, Gateway

SIZES = [(2_000, 20_000_000, 10), (50_000, 1_000_000_000, 5)]

BORGMATIC = """
location:
    source_directories: ['{source}']
    repositories: ['{repository}']
storage:
    encryption_passphrase: {passphrase}
    compression: lz4
    lock_wait: 600
    archive_name_format: 'borgmatic-{{now:%Y-%m-%dT%H:%M:%S.%f}}'
retention:
    prefix: 'borgmatic-'
    keep_secondly: 2
consistency:
    checks: [disabled]
"""


def run(scene):
    gateway, _ = scene.pushgateway()
    for files, size, rounds in SIZES:
        files, size = scene.scaled(files, 100), scene.scaled(size, 100_000)
        source = scene.path(f"source-{files}")
        chance = random.Random(files)
        for number in range(files):
            fill(scene, source, number, size // files, chance)
        programs = contestants(scene, gateway, source, f"{files}")
        yield from compared(f"whole: {files:,} files, unchanged", programs, scene.scaled(rounds, 2), lambda: None)

        def change():
            for number in chance.sample(range(files), files // 100):
                fill(scene, source, number, size // files, chance)

        yield from compared(f"whole: {files:,} files, 1% changed", programs, scene.scaled(rounds, 2), change)


def compared(name, programs, rounds, before):
    # The first run makes the first archive, the third one prunes.
    own, _, _ = programs
    a, b, c = alternate(programs, rounds, before, warm_ups=3)
    yield Row(f"{name}, against a script", "s", a, b, Goal(0.85))
    yield Row(f"{name}, against borgmatic", "s", a, c, Goal(0.55))
    # What no run can do without: the same steps of borg.
    yield Row(f"{name}, borg's part of a run, against a script", "s", [borg_seconds(own) for _ in range(3)], b)


def borg_seconds(own):
    """Runs assimilator once more. Returns how long its borg processes took."""
    done = subprocess.run([*own.arguments, "--json"], env=own.environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, check=True)
    return sum(step["duration_seconds"] for series in json.loads(done.stdout)["series"] for step in series["steps"])


def fill(scene, source, number, size, chance):
    """Writes a file, one half of which can be compressed."""
    path = scene.directory / source / f"{number // 100}" / f"{number}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(chance.randbytes(size // 2) + b"%08d" % number * (size // 16))


def contestants(scene, gateway, source, name):
    """Assimilator, the script, borgmatic."""
    environments = [scene.environment | {"BORG_BASE_DIR": scene.path(f"borg-{name}-{who}")} for who in range(3)]
    repositories = [scene.repository(f"repository-{name}-{who}", environments[who]) for who in range(3)]
    with Gateway() as recorder:
        recorded = backups.configuration(scene, f"recorded-{name}", repositories[0], source, 2, recorder.url)
        _, body = scene.pushed([BINARY, "-c", recorded], recorder, environments[0])
    own = backups.configuration(scene, f"own-{name}", repositories[0], source, 2, gateway)
    script = backups.script(
        scene, f"script-{name}", repositories[1], source, 2, gateway, scene.write(f"body-{name}", body.decode()))
    borgmatic = scene.write(f"borgmatic-{name}.yaml", BORGMATIC.format(
        source=source, repository=repositories[2], passphrase=PASSPHRASE), 0o600)
    commands = [[BINARY, "-c", own], [script], ["borgmatic", "--config", borgmatic]]
    return [Program(command, environment) for command, environment in zip(commands, environments)]
