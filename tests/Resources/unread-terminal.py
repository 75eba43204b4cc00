"""Runs a program on a terminal that nobody reads before a file is there, and shows what is read from then on. Says by a
second file that there is nothing more to read."""

import os
import pty
import select
import subprocess
import sys
import time

begin, idle, *command = sys.argv[1:]
master, slave = pty.openpty()
run = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave)
os.close(slave)


def read(timeout):
    if not select.select([master], [], [], timeout)[0]:
        return False
    try:
        sys.stdout.buffer.write(os.read(master, 65536))
        return True
    except OSError:
        return False


deadline = time.monotonic() + 60
while run.poll() is None:
    if time.monotonic() > deadline:
        run.kill()
        sys.exit("still runs")
    if not os.path.exists(begin):
        time.sleep(0.05)
    elif not read(0.5):
        open(idle, "w").close()
while os.path.exists(begin) and read(0):
    pass
sys.exit(run.returncode)
