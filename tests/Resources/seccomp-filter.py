"""Writes the filter that systemd would load for some SystemCallFilter= values: OUTPUT VALUE…"""
import errno
import subprocess
import sys

import seccomp


def members(group):
    listing = subprocess.run(["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True)
    calls = set()
    for line in map(str.strip, listing.stdout.splitlines()[1:]):
        if line.startswith("@"):
            calls |= members(line)
        elif line and not line.startswith("#"):
            calls.add(line)
    return calls


allowed = set()
for value in sys.argv[2:]:
    for word in value.lstrip("~").split():
        calls = members(word) if word.startswith("@") else {word}
        allowed = allowed - calls if value.startswith("~") else allowed | calls

program = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
# What no program can do without is always allowed.
for call in sorted(allowed | members("@default")):
    try:
        program.add_rule(seccomp.ALLOW, call)
    except RuntimeError:
        # Not known on this machine, so nobody can call it either.
        pass
with open(sys.argv[1], "wb") as output:
    program.export_bpf(output)
