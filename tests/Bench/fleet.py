"""Ten thousand backups that report to one Pushgateway, and the alert rules over them in a real Prometheus."""

import gzip
import http.client
import json
import pathlib
import time
import urllib.request

from measure import Goal, Row, milliseconds
from scene import BINARY, Gateway, answers, end, free_port

GROUPS = 10_000
# How many of a hundred backups are of each kind.
SHARES = {"one": 80, "two": 15, "failed": 4, "skipped": 1}


def run(scene):
    bodies = real_bodies(scene)
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    groups = scene.scaled(GROUPS, 100)
    pushes = [(f"/metrics/job/assimilator/instance/host-{number:05}/backup/{kinds[number % 100]}",
               bodies[kinds[number % 100]]) for number in range(groups)]
    store = f"--persistence.file={scene.path('store')}"

    # As Debian runs it: each push is checked against all others, which takes longer the more there are.
    url, gateway = scene.pushgateway(store)
    checked, taken = push(url, pushes, seconds=scene.scaled(240))
    for reached in milestones(len(checked)):
        yield Row(f"fleet: a push at {reached:,} groups", "ms", milliseconds(checked[reached - 20:reached]))
    end(gateway)
    url, gateway = scene.pushgateway(store, "--push.disable-consistency-check")
    _, more = push(url, pushes[len(checked):])
    yield Row("fleet: groups that four minutes are enough for", "", [len(checked)])
    yield Row(f"fleet: pushing {groups:,} groups, after those without the consistency check", "min",
              [(taken + more) / 60], goal=Goal(15, of="A"))
    again, _ = push(url, pushes[:100])
    yield Row(f"fleet: a push at {groups:,} groups without the consistency check", "ms", milliseconds(again))
    end(gateway)
    url, gateway = scene.pushgateway(store)
    again, _ = push(url, pushes[:10])
    yield Row(f"fleet: a push at {groups:,} groups", "ms", milliseconds(again))

    yield from scrape(url)
    yield from rules(scene, url, groups)
    yield Row("fleet: peak memory of the gateway", "MB", [peak(gateway)])


def milestones(reached):
    return [number for number in (100, 300, 1_000, 2_000, 3_000, 5_000, 10_000) if number <= reached]


def real_bodies(scene):
    """What the executable pushes: of one repository, of two, of a run that fails and of one that is skipped."""
    scene.write("source/file", "content\n")
    bodies = {}
    with Gateway() as gateway:
        for kind in SHARES:
            names = [".near", ".far"] if kind == "two" else [""]
            file = scene.configuration(kind, {
                "backup": {"name": kind, "instance": "host", "interval": "24h"},
                **{f"repository{name}": {"location": scene.repository(f"{kind}{name}"),
                                         "passphrase_file": scene.passphrase_file} for name in names},
                "paths": {"1": scene.path("source")},
                "preexec": {"1": scene.script(f"preexec-{kind}", f"[ ! -e {scene.path('skip')} ] || exit 75\n")},
                "retention": {"daily": "7"},
                "hooks": {"postexec_after": "run"},
                "check": {"every": "30d", "restore_every": "7d"},
                "pushgateway": {"url": gateway.url},
            })
            scene.pushed([BINARY, "-c", file], gateway)
            time.sleep(1)  # the names of archives have seconds
            if kind == "failed":
                scene.run(["mv", scene.path("failed"), scene.path("moved")])
            elif kind == "skipped":
                scene.write("skip", "")
            _, bodies[kind] = scene.pushed([BINARY, "-c", file], gateway, expected=(0, 2, 75))
    return bodies


def push(url, pushes, seconds=float("inf")):
    """One after the other. Returns the seconds of each, and of all; stops early when the time is up."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=300)
    latencies = []
    start = time.perf_counter()
    for path, body in pushes:
        before = time.perf_counter()
        connection.request("PUT", path, body, {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 202):
            raise SystemExit(f"bench: the gateway answered {answer.status}: {text[:500]}")
        latencies.append(time.perf_counter() - before)
        if time.perf_counter() - start > seconds:
            break
    connection.close()
    return latencies, time.perf_counter() - start


def scrape(url):
    times = []
    for _ in range(3):
        request = urllib.request.Request(f"{url}/metrics", headers={"Accept-Encoding": "gzip"})
        start = time.perf_counter()
        with urllib.request.urlopen(request, timeout=300) as answer:
            body = answer.read()
        times.append(time.perf_counter() - start)
    yield Row("fleet: duration of a scrape", "s", times)
    yield Row("fleet: size of a scrape", "MB", [len(gzip.decompress(body)) / 1e6])
    yield Row("fleet: size of a scrape, compressed", "MB", [len(body) / 1e6])


def rules(scene, gateway, groups):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    scene.write("alerts.yaml", scene.run([BINARY, "print", "alerts"]))
    scene.run(["promtool", "check", "rules", scene.path("alerts.yaml")])
    file = scene.write("prometheus.yaml", f"""
global: {{scrape_interval: 30s, scrape_timeout: 30s, evaluation_interval: 30s}}
rule_files: [alerts.yaml]
scrape_configs:
- job_name: pushgateway
  honor_labels: true
  static_configs: [{{targets: ['{gateway.removeprefix("http://")}'], labels: {{gateway: push}}}}]
""")
    prometheus = scene.start(
        ["prometheus", f"--config.file={file}", f"--storage.tsdb.path={scene.path('data')}", "--log.level=warn",
         f"--web.listen-address=127.0.0.1:{port}"], lambda: answers(f"{url}/-/ready"))
    deadline = time.monotonic() + 300
    while not query(url, f"count(assimilator_return_code) >= {groups}") or len(evaluations(url)) < 3:
        if time.monotonic() > deadline:
            raise SystemExit("bench: Prometheus has not evaluated the rules in five minutes")
        time.sleep(5)
    time.sleep(65)
    durations = evaluations(url)
    yield Row("fleet: duration of a scrape by Prometheus", "s", query(url, "scrape_duration_seconds"))
    yield Row("fleet: samples of a scrape", "", query(url, "scrape_samples_scraped"))
    yield Row("fleet: evaluation of all alert rules", "s", [sum(durations.values())])
    yield Row("fleet: alerts that fire", "", query(url, 'count(ALERTS{alertstate="firing"})') or [0])
    yield Row("fleet: peak memory of Prometheus", "MB", [peak(prometheus)])


def evaluations(url):
    """The seconds that each group of rules took."""
    groups = get(url, "/api/v1/rules")["data"]["groups"]
    for rule in (rule for group in groups for rule in group["rules"]):
        if rule["health"] == "err":
            raise SystemExit(f"bench: the rule {rule['name']} failed: {rule['lastError']}")
    return {group["name"]: group["evaluationTime"] for group in groups
            if not group["lastEvaluation"].startswith("0001")}


def query(url, expression):
    answer = get(url, f"/api/v1/query?query={urllib.request.quote(expression)}")
    return [float(sample["value"][1]) for sample in answer["data"]["result"]]


def get(url, path):
    with urllib.request.urlopen(url + path, timeout=60) as answer:
        return json.load(answer)


def peak(process):
    """In MB."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
