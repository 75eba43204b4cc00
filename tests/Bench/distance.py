"""A repository behind a slow line: 40 ms each way, over ssh to an sshd on loopback, against the script."""

import getpass
import os
import pathlib
import sys

import backups
from measure import Goal, Program, Row, alternate
from scene import BINARY, ROOT, accepts, free_port

MILLISECONDS = 40


def run(scene):
    for number in range(20):
        scene.write(f"source/{number}", f"x {number}\n")
    gateway, _ = scene.pushgateway()
    far = sshd(scene)
    for name, keep, goal in (("deletes nothing", 100, Goal(0.65)), ("deletes an archive", 2, Goal(0.85))):
        programs = contestants(scene, gateway, far, keep)
        # The first run makes the first archive, the third one prunes.
        a, b = alternate(programs, scene.scaled(6, 2), warm_ups=3)
        yield Row(f"distance: a run over ssh that {name}, against a script", "s", a, b, goal)


def contestants(scene, gateway, far, keep):
    programs = []
    for who in ("own", "script"):
        name = f"{who}-{keep}"
        environment = scene.environment | {
            "BORG_BASE_DIR": scene.path(f"borg-{name}"), "BORG_RELOCATED_REPO_ACCESS_IS_OK": "yes",
            "PATH": f"{scene.path('bin')}:{scene.environment['PATH']}",
        }
        repository = scene.repository(name, environment)
        location, source = far + repository, scene.path("source")
        if who == "own":
            command = [BINARY, "-c", backups.configuration(
                scene, name, location, source, keep, gateway,
                borg={"environment": "BORG_RELOCATED_REPO_ACCESS_IS_OK=yes"})]
        else:
            command = [backups.script(scene, name, location, source, keep, gateway, f"{source}/0")]
        programs.append(Program(command, environment))
    return programs


def sshd(scene):
    """Starts an sshd and the relay in front of it. Returns the URL of the relay, without a path."""
    port, delayed = free_port(), free_port()
    for key in ("identity", "host-key"):
        scene.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", scene.path(key)])
    if os.geteuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)
    configuration = scene.write("sshd_config", f"""Port {port}
ListenAddress 127.0.0.1
HostKey {scene.path('host-key')}
AuthorizedKeysFile {scene.path('identity')}.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
""")
    scene.start(["/usr/sbin/sshd", "-D", "-e", "-f", configuration], lambda: accepts(port))
    scene.start([sys.executable, str(ROOT / "tests/Bench/relay.py"), str(delayed), str(port), str(MILLISECONDS)],
                lambda: accepts(delayed))
    host_key = pathlib.Path(scene.path("host-key.pub")).read_text()
    scene.write("known_hosts", f"[127.0.0.1]:{delayed} {host_key}")
    # ssh finds its own configuration by the home in the password file, not by HOME.
    ssh = scene.write("ssh_config", f"UserKnownHostsFile {scene.path('known_hosts')}\nStrictHostKeyChecking yes\n"
                      f"IdentityFile {scene.path('identity')}\nIdentitiesOnly yes\n")
    scene.script("bin/ssh", f"exec /usr/bin/ssh -F {ssh} \"$@\"\n")
    return f"ssh://{getpass.getuser()}@127.0.0.1:{delayed}"
