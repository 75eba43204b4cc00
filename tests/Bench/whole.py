"""Whole runs of real borg on a local disk: against a script with the same borg commands and one curl, and against Debian's
borgmatic. Each has its own repository and caches; they read the same files."""

import random

from measure import Goal, Program, Row, alternate
from scene import BINARY, PASSPHRASE, Gateway

SIZES = [(2_000, 20_000_000, 10), (50_000, 1_000_000_000, 5)]

# As assimilator starts borg. What is pushed is what assimilator pushed of the same backup.
SCRIPT = """set -e
export BORG_PASSCOMMAND='cat {passphrase_file}'
borg create --json --log-json --show-version --lock-wait=600 --compression=lz4 -- \\
    '{repository}::script-{{utcnow:%Y-%m-%dT%H:%M:%S.%fZ}}' '{source}' > {output} 2>&1
borg prune --log-json --list --lock-wait=600 --keep-secondly=2 --glob-archives='script-*' -- '{repository}' >> {output} 2>&1
borg compact --log-json --lock-wait=600 -- '{repository}' >> {output} 2>&1
curl -fsS -T '{body}' {gateway}/metrics/job/script/instance/host/backup/script
"""

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
    a, b, c = alternate(programs, rounds, before, warm_ups=3)
    yield Row(f"{name}, against a script", "s", a, b, Goal(0.85))
    yield Row(f"{name}, against borgmatic", "s", a, c, Goal(0.55))


def fill(scene, source, number, size, chance):
    """Writes a file, one half of which can be compressed."""
    path = scene.directory / source / f"{number // 100}" / f"{number}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(chance.randbytes(size // 2) + b"%08d" % number * (size // 16))


def contestants(scene, gateway, source, name):
    """Assimilator, the script, borgmatic."""
    environments = [scene.environment | {"BORG_BASE_DIR": scene.path(f"borg-{name}-{who}")} for who in range(3)]
    repositories = [scene.repository(f"repository-{name}-{who}", environment) for who, environment in enumerate(environments)]

    def own(name, url):
        return scene.configuration(name, {
            "backup": {"name": name, "instance": "host", "interval": "24h",
                       "archive": f"{name}-{{utcnow:%Y-%m-%dT%H:%M:%S.%fZ}}"},
            "repository": {"location": repositories[0], "passphrase_file": scene.passphrase_file},
            "paths": {"1": source},
            "retention": {"secondly": "2"},
            "pushgateway": {"url": url},
        })

    with Gateway() as recorder:
        recorded = own(f"recorded-{name}", recorder.url)
        _, body = scene.pushed([BINARY, "-c", recorded], recorder, environments[0])
    facts = {
        "source": source, "gateway": gateway, "passphrase": PASSPHRASE, "passphrase_file": scene.passphrase_file,
        "output": scene.path("output"), "body": scene.write(f"body-{name}", body.decode()),
    }
    script = scene.script(f"script-{name}", SCRIPT.format(repository=repositories[1], **facts))
    borgmatic = scene.write(f"borgmatic-{name}.yaml", BORGMATIC.format(repository=repositories[2], **facts), 0o600)
    commands = [[BINARY, "-c", own(name, gateway)], [script], ["borgmatic", "--config", borgmatic]]
    return [Program(command, environment) for command, environment in zip(commands, environments)]
