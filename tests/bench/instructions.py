# SPDX-License-Identifier: GPL-2.0-or-later
"""Instructions in user space per check. They do not depend on the machine."""
import pathlib
import tempfile
import time

from probers import (BUILD, checks_begun, floor, haproxy, keepalived, lvsmon,
                     running)

SERVICES, INTERVAL_MS = 200, 1000  # few: callgrind is slow
SHORT, LONG = 4, 12  # seconds; the difference of both runs counts


def counted(prober):
    """Wraps a prober in callgrind(1), as an ordinary user. callgrind writes its
    files into the directory. A confined engine would have left it."""
    def command(mode, services, interval, work):
        words, environment = prober(mode, services, interval, work)
        if prober == lvsmon:
            environment["LD_PRELOAD"] = str(BUILD / "bench/bench_no_filter.so")
        return ["setpriv", "--reuid", "nobody", "--regid", "nogroup",
                "--clear-groups", "valgrind", "-q", "--tool=callgrind"
                ] + words, environment
    return command


def run(prober, seconds):
    """Returns instructions and checks of one run."""
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        work.chmod(0o777)
        opens = checks_begun("http")
        with running(counted(prober), "http", SERVICES, INTERVAL_MS, work):
            time.sleep(seconds)
        totals = [int(line.split()[1])
                  for path in work.glob("callgrind.out.*")
                  for line in path.read_text().splitlines()
                  if line.startswith("totals:")]
        return sum(totals), checks_begun("http") - opens


def measure_all():
    found = {}
    for prober in (floor, lvsmon, haproxy, keepalived):
        short, long = run(prober, SHORT), run(prober, LONG)
        more = long[1] - short[1]
        found[prober.__name__] = (long[0] - short[0]) / more if more else None
    print(f"user instructions per HTTP check at {SERVICES}/s (callgrind): "
          + ", ".join(f"{name} {count:,.0f}" if count else f"{name} -"
                      for name, count in found.items()))
    return found
