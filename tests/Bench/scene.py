"""What all parts need: a directory that vanishes at the end, servers on loopback, configurations, a look at a push."""

import contextlib
import http.server
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = str(ROOT / "dist/assimilator")
PASSPHRASE = "correct horse"


class Scene(contextlib.ExitStack):
    """To be used in a with statement: it ends the servers by their ids, last one first, and removes the directory."""

    def __init__(self, scale):
        super().__init__()
        self.scale = scale
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="assimilator-bench-"))
        self.callback(shutil.rmtree, self.directory, ignore_errors=True)
        self.passphrase_file = self.write("passphrase", PASSPHRASE + "\n", 0o600)
        # Nothing of whoever runs this: neither a passphrase nor borg's caches.
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.directory), "LC_ALL": "C.UTF-8",
            "BORG_BASE_DIR": str(self.directory / "borg"),
        }

    def scaled(self, number, least=1):
        """A number of files, lines, rounds; fewer if somebody only tries the benchmark."""
        return max(least, round(number * self.scale))

    def path(self, name):
        return str(self.directory / name)

    def write(self, name, text, mode=0o644):
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return str(path)

    def script(self, name, text):
        return self.write(name, "#!/bin/sh\n" + text, 0o755)

    def configuration(self, name, sections):
        """Writes NAME.ini. A section without keys is left out."""
        sections = {"state": {"directory": self.path("state")}} | sections
        return self.write(f"{name}.ini", "\n".join(
            f"[{section}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
            for section, keys in sections.items() if keys))

    def run(self, arguments, environment=None, expected=(0,)):
        """Runs a program whose time is not measured. Returns its standard output."""
        done = subprocess.run(
            arguments, env=self.environment | (environment or {}), stdin=subprocess.DEVNULL, cwd="/",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode not in expected:
            raise SystemExit(f"bench: {' '.join(arguments)} exited with {done.returncode}:\n{done.stderr}{done.stdout}")
        return done.stdout

    def repository(self, name, environment=None):
        """A new encrypted one. Returns its path."""
        self.run(["borg", "init", "-e", "repokey-blake2", self.path(name)],
                 (environment or {}) | {"BORG_PASSPHRASE": PASSPHRASE})
        return self.path(name)

    def start(self, arguments, is_ready):
        """Starts a server. Returns its process once it answers."""
        log = self.path(f"{os.path.basename(arguments[0])}-{len(os.listdir(self.directory))}.log")
        with open(log, "w") as output:
            process = subprocess.Popen(
                arguments, env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/")
        self.callback(end, process)
        deadline = time.monotonic() + 120
        while not is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"bench: {arguments[0]} did not start:\n{pathlib.Path(log).read_text()[-2000:]}")
            time.sleep(0.05)
        return process

    def pushgateway(self, *options):
        """Returns its URL and its process."""
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        return url, self.start(["prometheus-pushgateway", f"--web.listen-address=127.0.0.1:{port}",
                                *(options or ["--persistence.file="])], lambda: answers(f"{url}/-/ready"))

    def pushed(self, arguments, gateway, environment=None, expected=(0,)):
        """Runs a program that pushes to GATEWAY. Returns the path and the body of its last push."""
        self.run(arguments, environment, expected)
        if not gateway.pushes:
            raise SystemExit(f"bench: {' '.join(arguments)} pushed nothing")
        return gateway.pushes[-1]


class Gateway(http.server.ThreadingHTTPServer):
    """Keeps what is pushed to it. To be used in a with statement."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.pushes = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def server_close(self):
        self.shutdown()
        super().server_close()


class _Receiver(http.server.BaseHTTPRequestHandler):
    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.pushes.append((self.path, body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_PUT

    def log_message(self, *_):
        pass


def end(process):
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=30):
            return True
    except (urllib.error.URLError, OSError):
        return False


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
        return True
    except OSError:
        return False
