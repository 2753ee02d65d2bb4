# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures probers against a responder: measure.py BUILD [--quick]

The responder has one core and the prober under test the other; rounds
alternate, medians count. CPU is what the kernel says all processes of a prober
ran (schedstat: user, system, and the kernel's loopback work); the rate is what
the kernel says was connected (Tcp ActiveOpens), and for HTTP what the responder
says it answered.
"""
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import timing
from probers import (PROBERS, Responder, active_opens, cpu_us, family, lvsmon,
                     resident, running)

QUICK = "--quick" in sys.argv
WINDOW = 2 if QUICK else 6  # seconds that are counted
ROUNDS = 2 if QUICK else 3
PATIENCE = 8 if QUICK else 45  # seconds until a prober has its rate
SETTLED = 1 if QUICK else 2  # seconds in a row that it has it

# name, mode, services, interval in ms
POINTS = [
    ("HTTP, 1,000/s", "http", 1000, 1000),
    ("HTTP, 9,000/s", "http", 9000, 1000),
    ("HTTP, 50,000 at 10 s", "http", 50000, 10000),
    ("connect, 1,000/s", "connect", 1000, 1000),
    ("connect, 9,000/s", "connect", 9000, 1000),
    ("connect, 50,000 at 10 s", "connect", 50000, 10000),
]
if QUICK:
    POINTS = POINTS[:2]


def wait_for_rate(process, wanted, interval):
    """Until it has the rate, the first round's rush apart; False where that
    does not come."""
    begin = time.monotonic()
    good = 0
    time.sleep(1.5 + interval / 1000)
    while time.monotonic() - begin < PATIENCE and process.poll() is None:
        before, start = active_opens(), time.monotonic()
        time.sleep(1)
        rate = (active_opens() - before) / (time.monotonic() - start)
        good = good + 1 if 0.9 * wanted < rate < 1.1 * wanted else 0
        if good == SETTLED:
            return True
    return False


def syscalls(pids):
    """System calls per check, in a window of their own; None where perf(1)
    cannot count them."""
    before = active_opens()
    perf = subprocess.run(
        ["perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter",
         "-p", ",".join(map(str, pids)), "sleep", "2"],
        capture_output=True, text=True)
    checks = active_opens() - before
    count = perf.stderr.split(",")[0]
    return int(count) / checks if count.isdigit() and checks else None


def measure(prober, point, responder, work, with_syscalls):
    _, mode, services, interval = point
    wanted = services * 1000 / interval
    with running(prober, mode, services, interval, work) as process:
        if not wait_for_rate(process, wanted, interval):
            return None
        pids = family(process.pid)
        opens, answers = active_opens(), responder.answered()
        cpu, start = cpu_us(pids), time.monotonic()
        time.sleep(WINDOW)
        cpu, seconds = cpu_us(pids) - cpu, time.monotonic() - start
        checks = active_opens() - opens
        answers = responder.answered() - answers
        result = {
            "cpu_us_per_check": cpu / checks,
            "rate": checks / seconds,
            "answered": answers / seconds,
            "bytes_per_service": resident(pids) / services,
        }
        if with_syscalls:
            result["syscalls_per_check"] = syscalls(pids)
        return result


def median_of(results):
    return {key: statistics.median(values) for key in results[0]
            if (values := [result[key] for result in results
                           if result.get(key) is not None])}


def measure_point(point, responder, work):
    results = {prober.__name__: [] for prober in PROBERS}
    for number in range(ROUNDS):
        for prober in PROBERS:
            got = results[prober.__name__]
            if number and not got:
                continue  # it did not come to its rate the first time
            result = measure(prober, point, responder, work, number == 0)
            if result:
                got.append(result)
            print(f"  {point[0]}, round {number + 1}, {prober.__name__}:",
                  f"{result['cpu_us_per_check']:.1f} us"
                  if result else "not at its rate", file=sys.stderr)
    return {name: median_of(got) if got else None
            for name, got in results.items()}


ROWS = [
    ("CPU per check, us", "cpu_us_per_check", "{:.1f}"),
    ("system calls per check", "syscalls_per_check", "{:.1f}"),
    ("achieved rate, /s", "rate", "{:,.0f}"),
    ("resident bytes per service", "bytes_per_service", "{:,.0f}"),
]


def cell(result, key, form):
    return form.format(result[key]) if result and key in result else "-"


def print_table(points):
    names = [prober.__name__ for prober in PROBERS]
    print(f"\n{'':51}" + "".join(f"{name:>12}" for name in names))
    for point, results in points.items():
        for what, key, form in ROWS:
            print(f"{point:24}{what:27}" + "".join(
                f"{cell(results[name], key, form):>12}" for name in names))
        base = results["lvsmon"]
        ratios = ["" if name == "lvsmon" else
                  f"{base['cpu_us_per_check'] / other['cpu_us_per_check']:.2f}"
                  if base and (other := results[name]) else "-"
                  for name in names]
        print(f"{point:24}{'lvsmon: CPU against':27}"
              + "".join(f"{ratio:>12}" for ratio in ratios))
    print()


def lvsmon_memory(responder, work):
    """What one more service costs, from 1,000 to 100,000 of them."""
    sizes = {}
    for services in (1000, 100000):
        begin = time.monotonic()
        with running(lvsmon, "connect", services, 10000, work) as process:
            while b"ready:" not in (work / "log").read_bytes():
                if process.poll() is not None or \
                        time.monotonic() - begin > PATIENCE:
                    return None
                time.sleep(0.05)
            ready = time.monotonic() - begin
            time.sleep(12)
            pids = family(process.pid)
            sizes[services] = (resident(pids[:1]), resident(pids[1:]), ready)
    per = [(sizes[100000][i] - sizes[1000][i]) / 99000 for i in (0, 1)]
    print(f"lvsmon, from 1,000 to 100,000 services: a service more takes "
          f"{per[1]:.0f} bytes in the engine, {per[0]:.0f} in the keeper; "
          f"100,000 are ready, first round and table, after "
          f"{sizes[100000][2]:.1f} s")
    return {"engine": per[1], "keeper": per[0],
            "ready_100000_s": sizes[100000][2]}


def main():
    points = {}
    extra = times = None
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        work.chmod(0o755)
        responder = Responder(work)
        for point in POINTS:
            points[point[0]] = measure_point(point, responder, work)
        print_table(points)
        if not QUICK:
            extra = lvsmon_memory(responder, work)
            times = timing.measure_all(responder, work)
        responder.end()
    model = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
    results = pathlib.Path(__file__).parent / "results"
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


main()
