"""The same backup twice: as a configuration of assimilator, and as the script that people write."""

SCRIPT = """set -e
export BORG_PASSCOMMAND='cat {passphrase_file}'
borg create --json --log-json --show-version --lock-wait=600 --compression=lz4 -- \\
    '{location}::{name}-{{utcnow:%Y-%m-%dT%H:%M:%S.%fZ}}' '{source}' > {output} 2>&1
borg prune --log-json --list --lock-wait=600 --keep-secondly={keep} --glob-archives='{name}-*' -- '{location}' \\
    >> {output} 2>&1
borg compact --log-json --lock-wait=600 -- '{location}' >> {output} 2>&1
curl -fsS -T '{body}' {gateway}/metrics/job/script/instance/host/backup/{name}
"""


def configuration(scene, name, location, source, keep, gateway, **sections):
    """KEEP is the number of archives that stay. Returns the file."""
    return scene.configuration(name, {
        "backup": {"name": name, "instance": "host", "interval": "24h",
                   "archive": f"{name}-{{utcnow:%Y-%m-%dT%H:%M:%S.%fZ}}"},
        "repository": {"location": location, "passphrase_file": scene.passphrase_file},
        "paths": {"1": source},
        "retention": {"secondly": keep},
        "pushgateway": {"url": gateway},
    } | sections)


def script(scene, name, location, source, keep, gateway, body):
    """Runs borg as assimilator does, and pushes the file BODY with one curl. Returns its path."""
    return scene.script(f"{name}.sh", SCRIPT.format(
        name=name, location=location, source=source, keep=keep, gateway=gateway, body=body,
        output=scene.path(f"{name}.log"), passphrase_file=scene.passphrase_file))
