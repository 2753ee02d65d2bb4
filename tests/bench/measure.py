# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures probers against a responder:

    measure.py BUILD [--quick | --only WORDS]

The responder has one core, the prober under test has the other. Rounds of the
probers alternate. The results are medians: of values over all rounds, and of
ratios within each round.

CPU is the time that the kernel counted for all processes of a prober
(schedstat). It includes user time, system time and the kernel's loopback work.
The rate is the kernel's count of connections (Tcp ActiveOpens) or of echo
requests (Icmp OutEchos). For HTTP the responder's count of answers is measured
too.
"""
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import instructions
import timing
from probers import (BUILD, PINGERS, PORT, PROBERS, Responder, all_may_ping,
                     checks_begun, cpu_us, family, fping, ldirectord, lvsmon,
                     lvsmon_hasty, private, resident, running)

QUICK = "--quick" in sys.argv
ONLY = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else None
WINDOW = 2 if QUICK else 5  # seconds that are measured
ROUNDS = 2 if QUICK else 6
PATIENCE = 5 if QUICK else 30  # seconds until a prober has its rate
SETTLED = 1 if QUICK else 2  # seconds in a row at that rate

# name, mode, services, interval in ms
POINTS = [
    ("HTTP, 1,000/s", "http", 1000, 1000),
    ("HTTP, 9,000/s", "http", 9000, 1000),
    ("HTTP, 50,000 at 10 s", "http", 50000, 10000),
    ("connect, 1,000/s", "connect", 1000, 1000),
    ("connect, 9,000/s", "connect", 9000, 1000),
    ("connect, 50,000 at 10 s", "connect", 50000, 10000),
    ("HTTP, 20/s", "http", 20, 1000),
    ("ping, 5,000/s", "ping", 5000, 1000),
]
if QUICK:
    POINTS = POINTS[:2]
if ONLY:
    POINTS = [point for point in POINTS if ONLY in point[0]]

# ldirectord checks one real after another, so it gets no more services.
FEW = 20


def wait_for_rate(process, mode, wanted, interval):
    """Waits until the prober has the wanted rate after its first round, but
    no longer than PATIENCE."""
    begin = time.monotonic()
    good = 0
    time.sleep(1 + interval / 1000)
    while time.monotonic() - begin < PATIENCE and process.poll() is None \
            and good < SETTLED:
        before, start = checks_begun(mode), time.monotonic()
        time.sleep(1)
        rate = (checks_begun(mode) - before) / (time.monotonic() - start)
        good = good + 1 if 0.9 * wanted < rate < 1.1 * wanted else 0


def system_calls(pids):
    """System calls per check. Every prober calls connect(2) once per check
    of a stream. None without such a check, or if perf(1) cannot count them."""
    events = ["syscalls:sys_enter_connect", "raw_syscalls:sys_enter"]
    perf = subprocess.run(
        ["perf", "stat", "-x,"] + [f"-e{event}" for event in events]
        + ["-p", ",".join(map(str, pids)), "sleep", "1" if QUICK else "3"],
        capture_output=True, text=True)
    fields = [line.split(",") for line in perf.stderr.splitlines()]
    counts = {field[2]: int(field[0]) for field in fields
              if len(field) > 2 and field[0].isdigit()}
    checks, calls = (counts.get(event) for event in events)
    return calls / checks if checks and calls else None


def measure(prober, point, responder, work, with_counts):
    """One round, or None if there was nothing to measure."""
    _, mode, services, interval = point
    wanted = services * 1000 / interval
    with running(prober, mode, services, interval, work) as process:
        wait_for_rate(process, mode, wanted, interval)
        if process.poll() is not None:
            return None
        pids = family(process.pid)
        opens, answers = checks_begun(mode), responder.answered()
        cpu, start = cpu_us(pids), time.monotonic()
        time.sleep(WINDOW)
        cpu, seconds = cpu_us(pids) - cpu, time.monotonic() - start
        checks = checks_begun(mode) - opens
        answers = responder.answered() - answers
        if not checks:
            return None
        result = {
            "cpu_us_per_check": cpu / checks,
            "rate": checks / seconds,
            "answered": answers / seconds,
            "bytes_per_service": resident(pids) / services,
        }
        if with_counts:
            result["syscalls_per_check"] = system_calls(pids)
        return result


def summary(name, rounds):
    """Medians of a prober's rounds, and of the ratios of lvsmon's CPU to the
    prober's in each round. Ratios within a round do not depend on the
    machine's speed, which drifts."""
    own = [results[name] for results in rounds if name in results]
    if not own:
        return None
    found = {key: statistics.median(values) for key in own[0]
             if (values := [result[key] for result in own
                            if result.get(key) is not None])}
    found["cpu_us_of_rounds"] = [round(result["cpu_us_per_check"], 1)
                                 for result in own]
    ratios = [results["lvsmon"]["cpu_us_per_check"]
              / results[name]["cpu_us_per_check"]
              for results in rounds if {name, "lvsmon"} <= results.keys()]
    if ratios and name != "lvsmon":
        found["lvsmon_against"] = statistics.median(ratios)
    return found


def measure_point(point, responder, work):
    probers = PINGERS if point[1] == "ping" else PROBERS
    rounds = []
    for number in range(ROUNDS):
        rounds.append({})
        # The order alternates, so that no prober always follows the same one.
        for prober in probers[::-1 if number % 2 else 1]:
            if prober == ldirectord and point[2] > FEW:
                continue
            if prober == lvsmon_hasty and point[1] != "http":
                continue  # a connect check never lingers
            if prober.__name__ not in rounds[0] and number:
                continue  # it had no result in the first round
            result = measure(prober, point, responder, work, number == 0)
            if result:
                rounds[number][prober.__name__] = result
            print(f"  {point[0]}, round {number + 1}, {prober.__name__}:",
                  f"{result['cpu_us_per_check']:.1f} us"
                  f" at {result['rate']:,.0f}/s"
                  if result else "nothing", file=sys.stderr)
    return {prober.__name__: summary(prober.__name__, rounds)
            for prober in probers}


ROWS = [
    ("CPU per check, us", "cpu_us_per_check", "{:.1f}"),
    ("system calls per check", "syscalls_per_check", "{:.1f}"),
    ("achieved rate, /s", "rate", "{:,.0f}"),
    ("resident bytes per service", "bytes_per_service", "{:,.0f}"),
    ("lvsmon: CPU against", "lvsmon_against", "{:.2f}"),
]


def cell(result, key, form):
    return form.format(result[key]) if result and key in result else "-"


def print_table(points):
    names = [prober.__name__ for prober in PROBERS + [fping]]
    print(f"\n{'':52}" + "".join(f"{name:>14}" for name in names))
    for point, results in points.items():
        for what, key, form in ROWS:
            print(f"{point:24}{what:28}" + "".join(
                f"{cell(results.get(name), key, form):>14}" for name in names))
    print()


def said(work, process, words):
    """Returns whether lvsmon logs these words within PATIENCE."""
    begin = time.monotonic()
    while words not in (work / "log").read_bytes():
        if process.poll() is not None or \
                time.monotonic() - begin > PATIENCE:
            return False
        time.sleep(0.005)
    return True


def lvsmon_memory(work):
    """Memory of one more service, between 1,000 and 100,000 services."""
    sizes = {}
    for services in (100, 1000, 100000):
        begin = time.monotonic()
        with running(lvsmon, "connect", services, 10000, work) as process:
            if not said(work, process, b"ready:"):
                return None
            ready = time.monotonic() - begin
            time.sleep(12)
            pids = family(process.pid)
            sizes[services] = (resident(pids[:1]), resident(pids[1:]), ready,
                               private(pids))
    per = [(sizes[100000][i] - sizes[1000][i]) / 99000 for i in (0, 1)]
    print(f"lvsmon, from 1,000 to 100,000 services: a service more takes "
          f"{per[1]:.0f} bytes in the engine, {per[0]:.0f} in the keeper; "
          f"100,000 are ready, first round and table, after "
          f"{sizes[100000][2]:.1f} s")
    print(f"lvsmon with 100 services: {sizes[100][3] / 1024:,.0f} KiB are its "
          "own, keeper and engine together")
    return {"engine": per[1], "keeper": per[0],
            "private_100": sizes[100][3],
            "ready_100000_s": sizes[100000][2]}


def config_times(work):
    """Seconds of -t for 10,000 reals, and of a reload with one changed line.
    The reload ends when the new engine is in charge."""
    services = 10000
    command, _ = lvsmon("http", services, 10000, work)
    begin = time.monotonic()
    subprocess.run([word for word in command if word != "-n"] + ["-t"],
                   check=True, stdout=subprocess.DEVNULL)
    test = time.monotonic() - begin
    with running(lvsmon, "http", services, 10000, work) as process:
        if not said(work, process, b"ready:"):
            return None
        path = work / "lvsmon.conf"
        path.write_text(path.read_text().replace(
            f"[1-250]:{PORT}", f"[1-250]:{PORT} weight 5", 1))
        begin = time.monotonic()
        process.send_signal(signal.SIGHUP)
        if not said(work, process, b"reloaded:"):
            return None
        reload = time.monotonic() - begin
    print(f"lvsmon, 10,000 reals: -t takes {test:.3f} s, a reload with one "
          f"line changed {reload:.3f} s")
    return {"test_10000_s": test, "reload_10000_s": reload}


def netlink():
    """A large table in a guest with a real IPVS."""
    here = pathlib.Path(__file__).parent
    guest = subprocess.run(
        [here.parent / "system/uml/boot", "-t", "300", "-s", BUILD,
         here / "netlink.guest", BUILD], capture_output=True, text=True)
    lines = [line for line in guest.stdout.splitlines()
             if re.match("lvsmon,|ipvsadm ", line)]
    print("\n".join(f"in user-mode Linux: {line}" for line in lines)
          or "in user-mode Linux: it did not come to its end")
    return lines


def main():
    points = {}
    extra = times = None
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        work.chmod(0o755)
        responder = Responder(work)
        for point in POINTS:
            with all_may_ping():
                points[point[0]] = measure_point(point, responder, work)
        if not QUICK and not ONLY:
            extra = lvsmon_memory(work)
            times = timing.measure_all(responder, work)
            times["config"] = config_times(work)
            times["user_instructions"] = instructions.measure_all()
            times["netlink"] = netlink()
        responder.end()
    model = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
    results = BUILD / "results"
    results.mkdir(exist_ok=True)
    out = results / time.strftime("%Y-%m-%d-%H%M%S.json")
    out.write_text(json.dumps({
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{os.cpu_count()} x {model[1] if model else '?'}",
        "kernel": os.uname().release,
        "window_s": WINDOW, "rounds": ROUNDS,
        "points": points, "memory": extra, "timing": times,
    }, indent=1))
    print(f"written to {out}")
    print_table(points)


main()
