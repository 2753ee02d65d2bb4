# SPDX-License-Identifier: GPL-2.0-or-later
"""Timing: how late probes begin, and how soon a death is noticed."""
import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time

from probers import (PROBER_CPU, Responder, haproxy, keepalived, lvsmon,
                     running)

REALS = 500
FALL, INTERVAL_MS = 3, 1000
BUSY = 0.8  # the share of the prober's core that another process takes

# Runs for 8 of every 10 ms on the prober's core, and ends with its parent.
BURNER = f"""
import ctypes, signal, time
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
while True:
    begin = time.monotonic()
    while time.monotonic() - begin < 0.01 * {BUSY}:
        pass
    time.sleep(0.01 * (1 - {BUSY}))
"""


def spread(values, unit):
    """Median, 99th percentile and maximum of sorted values."""
    return {f"median_{unit}": values[len(values) // 2],
            f"p99_{unit}": values[len(values) * 99 // 100],
            f"max_{unit}": values[-1]}


@contextlib.contextmanager
def busy_core(busy):
    burner = subprocess.Popen(
        ["taskset", "-c", PROBER_CPU, sys.executable, "-c", BURNER]) \
        if busy else None
    try:
        yield
    finally:
        if burner:
            burner.kill()
            burner.wait()


def lateness(busy, work):
    """How late 1,000 checks a second begin after their tick, in us."""
    with running(lvsmon, "http", 1000, 1000, work) as process:
        time.sleep(3)
        with busy_core(busy):
            time.sleep(10)
            process.send_signal(signal.SIGUSR1)
            time.sleep(1)
        said = re.search(rb"late by: median (\d+) us, 99 of 100 at most "
                         rb"(\d+) us, the worst (\d+) us",
                         (work / "log").read_bytes())
    return dict(zip(("median_us", "p99_us", "max_us"), map(int, said.groups())))


def sleeper(busy):
    """The same for a thread that only sleeps: the machine's own lateness."""
    with busy_core(busy):
        said = subprocess.run(
            ["cyclictest", "-q", "-a", PROBER_CPU, "-i", "10000", "-D", "10",
             "-h", "100000", "--policy", "other", "--default-system"],
            capture_output=True, text=True, check=True).stdout
    late = [int(us) for us, count in re.findall(r"^(\d+) (\d+)$", said, re.M)
            for _ in range(int(count))]
    return spread(late, "us")


# All probers have the same settings: fall 3, lvsmon's default, every second.
def haproxy_falls(mode, services, interval, work):
    command, environment = haproxy(mode, services, interval, work)
    path = work / "haproxy.cfg"
    path.write_text(path.read_text()
                    .replace("global\n", "global\n log stdout format raw "
                             "local0 info\n", 1)
                    .replace("defaults\n", "defaults\n log global\n"
                             f" default-server fall {FALL}\n", 1))
    return command, environment


def keepalived_falls(mode, services, interval, work):
    command, environment = keepalived(mode, services, interval, work)
    path = work / "keepalived.conf"
    path.write_text(path.read_text().replace(
        "connect_timeout 3\n", f"connect_timeout 3\nretry {FALL - 1}\n"
        "delay_before_retry 1\n"))
    return command, environment


# The line of each prober about a real that is out. lvsmon logs it with the
# change of the table; keepalived's line is the change itself.
DOWN = {
    "lvsmon": (lvsmon, re.compile(rb"real (\S+) of \S+: down: ")),
    "haproxy": (haproxy_falls, re.compile(rb"Server (\S+) is DOWN")),
    "keepalived": (keepalived_falls,
                   re.compile(rb"IPVS: gone: (\d+)")),
}


def listen(pipe, pattern, seen):
    for line in pipe:
        found = pattern.search(line)
        if found:
            seen.setdefault(found[1], time.monotonic())


def detection(name, responder, work):
    """Seconds from the death of all reals at once to the line about each real.
    Every check is at another point of its interval."""
    prober, pattern = DOWN[name]
    seen = {}
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as pipe, \
            running(prober, "connect", REALS, INTERVAL_MS, work,
                    out=write_end):
        os.close(write_end)
        ear = threading.Thread(target=listen, args=(pipe, pattern, seen))
        ear.start()
        time.sleep(8)
        seen.clear()
        death = time.monotonic()
        responder.end()
        time.sleep(FALL * INTERVAL_MS / 1000 + 5)
        after = sorted(moment - death for moment in seen.values())
    ear.join()
    responder.begin()
    if len(after) < REALS * 0.99:
        return None
    return spread(after, "s")


def measure_all(responder: Responder, work):
    late = {}
    for busy, name in ((False, "idle"), (True, "busy")):
        late[name] = lateness(busy, work)
        late[f"sleeper_{name}"] = sleeper(busy)
        for what, figures in (
                ("lvsmon, 1,000 HTTP checks/s", late[name]),
                ("cyclictest, which only sleeps", late[f"sleeper_{name}"])):
            print(f"{what}, core {name}: late by {{median_us}} us (median), "
                  "{p99_us} us (99 of 100), {max_us} us (worst)"
                  .format(**figures))
    found = {}
    for name in DOWN:
        found[name] = detection(name, responder, work)
        print(f"{name}, {REALS} reals die at once, every {INTERVAL_MS} ms, "
              f"fall {FALL}: " +
              ("seen after {median_s:.3f} s (median), {p99_s:.3f} s (99 of "
               "100), {max_s:.3f} s (last)".format(**found[name])
               if found[name] else "not seen as expected"))
    return {"late": late, "detection": found}
