"""Times of programs, side by side, and the rows that become the table and the file of results."""

import dataclasses
import os
import statistics
import subprocess
import time


@dataclasses.dataclass
class Goal:
    limit: float
    of: str = "ratio"  # or "A"
    is_least: bool = False

    def __str__(self):
        return f"{'A ' if self.of == 'A' else ''}{'>=' if self.is_least else '<='} {self.limit:g}"


@dataclasses.dataclass
class Row:
    """One result. A is assimilator, B what it is compared with."""

    name: str
    unit: str
    a: list
    b: list = dataclasses.field(default_factory=list)
    goal: Goal = None

    @property
    def ratio(self):
        return statistics.median(self.a) / statistics.median(self.b) if self.b else None

    @property
    def verdict(self):
        if self.goal is None:
            return ""
        value = self.ratio if self.goal.of == "ratio" else statistics.median(self.a)
        return "met" if (value >= self.goal.limit if self.goal.is_least else value <= self.goal.limit) else "missed"

    def columns(self):
        return [self.name, self.unit, median(self.a), spread(self.a), median(self.b), spread(self.b),
                "" if self.ratio is None else f"{self.ratio:.2f}", str(self.goal or ""), self.verdict]


HEADER = ["name", "unit", "A", "+-", "B", "+-", "A/B", "goal", ""]


def median(values):
    if not values:
        return ""
    value = statistics.median(values)
    return f"{value:.0f}" if value >= 1000 else f"{value:.3g}"


def spread(values):
    """Half of what the middle half of the values covers, in percent of the median."""
    if len(values) < 3:
        return ""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return f"{(high - low) / 2 / middle * 100:.0f}%" if middle else ""


def table(rows):
    lines = [HEADER, *(row.columns() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    return "\n".join("  ".join(
        text.ljust(width) if place in (0, 1, 8) else text.rjust(width)
        for place, (text, width) in enumerate(zip(line, widths))).rstrip() for line in lines)


@dataclasses.dataclass
class Program:
    arguments: list
    environment: dict
    expected: tuple = (0,)

    def run(self):
        """Runs it once, from start to exit. Returns its seconds, and those of CPU, its children's included."""
        null = os.open(os.devnull, os.O_RDWR)
        try:
            start = time.perf_counter()
            process = os.posix_spawnp(self.arguments[0], self.arguments, self.environment, file_actions=[
                (os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)])
            _, status, usage = os.wait4(process, 0)
            taken = time.perf_counter() - start
        finally:
            os.close(null)
        if os.waitstatus_to_exitcode(status) not in self.expected:
            subprocess.run(self.arguments, env=self.environment)
            raise SystemExit(f"bench: {' '.join(self.arguments)} ended with status {status}")
        return taken, usage.ru_utime + usage.ru_stime


def alternate(programs, rounds, before=lambda: None, warm_ups=1, cpu=False):
    """Runs all programs in turn, A B A B, so that a busy minute hits each of them. BEFORE runs ahead of each round.
    Returns the seconds of each program, or those of CPU."""
    times = [[] for _ in programs]
    for number in range(-warm_ups, rounds):
        before()
        for program, taken in zip(programs, times):
            seconds, used = program.run()
            if number >= 0:
                taken.append(used if cpu else seconds)
    return times


def milliseconds(seconds):
    return [value * 1000 for value in seconds]


def peak(scene, program):
    """Peak memory of one run in MB. Not by wait4, which counts the memory of this interpreter before the exec, too."""
    report = scene.path("time")
    scene.run(["time", "-q", "-o", report, "-f", "%M", *program.arguments], program.environment, program.expected)
    with open(report) as text:
        return int(text.read()) * 1024 / 1e6
